//! The grammar in which notes of the tabular list name codes.
//!
//! `(E10-E14)`, `(A99.-)`, `(O24.4-, P70.2)`, `(T36-T50 with fifth or sixth character 5)`, `(I69. with final characters
//! -20)`, `(F10-F19 with .51-.52)`, or a code in the prose: `any condition classifiable to I70.21-`. What stands in
//! parentheses precedes what stands in the prose. A condition that cannot be read leaves the reference uncertain: it
//! may mean fewer codes than it names.

use super::super::icd10cm::Key;

/// Codes that a note names: one code with everything below it, or a range in tabular order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) first: Key,
    pub(crate) last: Option<Key>,
    /// Whether a hyphen or point stood behind the code.
    open: bool,
    pub(crate) condition: Condition,
}

/// What a code of the range must look like besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Any code.
    None,
    /// The character at a place, counted from 1, or the last one where the note leaves two places open (`fifth or
    /// sixth`: the place that says the intent is the last one before the 7th character).
    Character { places: (usize, usize), values: Vec<String> },
    /// What follows the category.
    AfterCategory(Vec<String>),
    /// The last characters, a 7th character not counted.
    Final(Vec<String>),
    /// A condition that is not understood.
    Unclear,
}

/// The references of a note, in the order of its text.
pub(crate) fn references(text: &str) -> Vec<Reference> {
    let mut out = Vec::new();
    for (inner, _) in text.split('(').skip(1).map(|rest| rest.split_once(')').unwrap_or((rest, ""))) {
        Reader { rest: inner, before: ' ' }.read(&mut out);
    }
    if out.is_empty() {
        Reader { rest: text, before: ' ' }.read(&mut out);
    }
    out
}

struct Reader<'t> {
    rest: &'t str,
    before: char,
}

impl<'t> Reader<'t> {
    fn read(mut self, out: &mut Vec<Reference>) {
        let mut run = out.len();
        while !self.rest.is_empty() {
            if !self.before.is_alphanumeric()
                && let Some((mut reference, after)) = reference(self.rest)
            {
                self.advance(after);
                if let Some((condition, after)) = condition(self.rest) {
                    reference.condition = condition;
                    self.advance(after);
                    // A condition holds for every code before it that has none of its own.
                    for earlier in out.iter_mut().skip(run) {
                        earlier.condition = reference.condition.clone();
                    }
                    out.push(reference);
                    run = out.len();
                } else {
                    out.push(reference);
                }
                continue;
            }
            let next = self.rest.char_indices().nth(1).map_or(self.rest.len(), |(at, _)| at);
            if self.rest.starts_with(';') {
                run = out.len();
            }
            self.advance(self.rest.get(next..).unwrap_or_default());
        }
    }

    fn advance(&mut self, after: &'t str) {
        let taken = self.rest.len() - after.len();
        self.before = self.rest.get(..taken).and_then(|text| text.chars().next_back()).unwrap_or(self.before);
        self.rest = after;
    }
}

/// A code at the beginning of a text: the code, whether it was left open, and the rest.
fn code(text: &str) -> Option<(Key, bool, &str)> {
    let bytes = text.as_bytes();
    let is = |at: usize, test: fn(&u8) -> bool| bytes.get(at).is_some_and(test);
    let upper = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !is(0, u8::is_ascii_uppercase)
        || !is(2, upper)
        || !(is(1, u8::is_ascii_digit) || text.starts_with("QA"))
    {
        return None;
    }
    let mut end = 3;
    let mut open = false;
    if bytes.get(3) == Some(&b'.') {
        let run = bytes.iter().skip(4).take_while(|byte| upper(byte)).count();
        end = 4 + run;
        open = run == 0;
    }
    if is(end, u8::is_ascii_alphanumeric) {
        return None;
    }
    let plain: String = text.get(..end)?.chars().filter(|c| *c != '.').collect();
    let key = Key::of(&plain)?;
    Some((key, open, text.get(end..)?))
}

/// A code or a range.
fn reference(text: &str) -> Option<(Reference, &str)> {
    let (first, mut open, rest) = code(text)?;
    let dash = rest.strip_prefix('-');
    let spaced = rest.trim_start();
    let range = dash
        .map(str::trim_start)
        .or_else(|| spaced.strip_prefix("- ").or_else(|| spaced.strip_prefix('-')).map(str::trim_start))
        .or_else(|| spaced.strip_prefix("to "));
    if let Some((last, _, rest)) = range.and_then(code) {
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        return Some((Reference { first, last: Some(last), open: false, condition: Condition::None }, rest));
    }
    let mut rest = rest;
    if let Some(after) = dash {
        (open, rest) = (true, after);
    }
    Some((Reference { first, last: None, open, condition: Condition::None }, rest))
}

const PLACES: &[(&str, usize)] =
    &[("fifth", 5), ("5th", 5), ("sixth", 6), ("6th", 6), ("six", 6), ("seventh", 7), ("7th", 7)];

/// A condition behind a code: `with ...` up to what is no part of it.
fn condition(text: &str) -> Option<(Condition, &str)> {
    let start = text.trim_start_matches([' ', ',']);
    let mut rest = start.strip_prefix("with ")?;
    if rest.starts_with('.') {
        let (values, rest) = values(rest);
        return Some((Condition::AfterCategory(values), rest));
    }
    let place = |text: &mut &str| {
        let (name, number) = PLACES.iter().find(|(name, _)| text.starts_with(name))?;
        *text = text.get(name.len()..)?.trim_start_matches([' ', '-']);
        Some(*number)
    };
    let unclear = || Some((Condition::Unclear, rest.get(rest.len()..).unwrap_or_default()));
    let mut at = rest;
    if let Some(after) = at.strip_prefix("final ") {
        let Some(after) = after.strip_prefix("characters ").or_else(|| after.strip_prefix("character "))
        else {
            return unclear();
        };
        let (values, rest) = values(after);
        return if values.is_empty() { unclear() } else { Some((Condition::Final(values), rest)) };
    }
    let Some(low) = place(&mut at) else { return unclear() };
    let mut high = low;
    if let Some(after) = at.strip_prefix("or ").or_else(|| at.strip_prefix("to ")) {
        at = after;
        high = match place(&mut at) {
            Some(high) => high,
            None => return unclear(),
        };
    }
    let Some(after) = at.strip_prefix("characters ").or_else(|| at.strip_prefix("character ")) else {
        return unclear();
    };
    let (values, after) = values(after);
    if values.is_empty() {
        return unclear();
    }
    rest = after;
    Some((Condition::Character { places: (low, high), values }, rest))
}

/// Characters that are asked for: `5`, `1-4 or 6`, `.51-.52`, `-23`, `B or C`. A range of single digits is written out.
fn values(text: &str) -> (Vec<String>, &str) {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let at = rest.trim_start_matches([' ', ',', '.', '-']);
        let at = at.strip_prefix("or ").map_or(at, |after| after.trim_start_matches([' ', '.', '-']));
        let length = at.bytes().take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()).count();
        let (value, after) = at.split_at_checked(length).unwrap_or(("", at));
        if value.is_empty() || value.len() > 3 || after.starts_with(|c: char| c.is_alphabetic()) {
            return (out, rest);
        }
        let to = after.strip_prefix('-').map(|after| after.trim_start_matches('.'));
        let end = to.map_or(0, |to| to.bytes().take_while(u8::is_ascii_digit).count());
        match (value.parse::<u32>(), to.and_then(|to| to.get(..end)).and_then(|to| to.parse::<u32>().ok())) {
            (Ok(low), Some(high)) if low < high && high - low < 100 => {
                out.extend((low..=high).map(|number| format!("{number:0width$}", width = value.len())));
                rest = to.and_then(|to| to.get(end..)).unwrap_or_default();
            }
            _ => {
                out.push(value.to_owned());
                rest = after;
            }
        }
    }
}

impl Condition {
    /// Whether a code meets it: `stem` without, `seventh` the 7th character or 0. `None` where that cannot be said.
    pub(crate) fn met(&self, stem: Key, seventh: u8) -> Option<bool> {
        let text = stem.dotted();
        let plain: String = text.as_str().chars().filter(|c| *c != '.').collect();
        Some(match self {
            Self::None => true,
            Self::Unclear => return None,
            Self::Final(values) => values.iter().any(|value| plain.ends_with(value.as_str())),
            Self::AfterCategory(values) => {
                let after = plain.get(3..).unwrap_or_default();
                values.iter().any(|value| after.starts_with(value.as_str()))
            }
            Self::Character { places: (low, high), values } => {
                let at = if plain.len() >= *high { *high } else { *low };
                let seventh = (seventh != 0).then(|| char::from(seventh).to_string());
                values.iter().any(|value| match (at, &seventh) {
                    (7, Some(seventh)) => seventh == value,
                    _ if value.len() > 1 => {
                        plain.get(low - 1..).is_some_and(|rest| rest.starts_with(value.as_str()))
                    }
                    _ => plain.get(at - 1..at) == Some(value.as_str()),
                })
            }
        })
    }

    fn write(&self, out: &mut String) {
        let list = |values: &[String], before: &str| {
            values.iter().map(|value| format!("{before}{value}")).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::None => {}
            Self::Unclear => out.push_str(" under a condition"),
            Self::AfterCategory(values) => out.push_str(&format!(" with {}", list(values, "."))),
            Self::Final(values) => out.push_str(&format!(" with final characters {}", list(values, "-"))),
            Self::Character { places: (low, high), values } if low == high => {
                out.push_str(&format!(" with character {low}: {}", list(values, "")));
            }
            Self::Character { places: (low, high), values } => {
                out.push_str(&format!(" with character {low} or {high}: {}", list(values, "")));
            }
        }
    }
}

/// As the list writes it, in one form: `E10-E14`, `A99.-`, `O24.4-`, `T36-T50 with character 5 or 6: 5`.
impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = self.first.dotted().as_str().to_owned();
        if let Some(last) = self.last {
            out.push('-');
            out.push_str(last.dotted().as_str());
        }
        if self.open {
            out.push_str(if self.first.len() == 3 { ".-" } else { "-" });
        }
        self.condition.write(&mut out);
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        references(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn references_are_read() {
        for (text, expected) in [
            ("type 1 diabetes mellitus (E10.-)", &["E10.-"][..]),
            ("sepsis (A40.0-A41.9)", &["A40.0-A41.9"]),
            ("gestational diabetes (O24.4-), neonatal (P70.2)", &["O24.4-", "P70.2"]),
            ("drug dependence (F11.-F17.-)", &["F11-F17"]),
            ("(I69.21-I69.31-, I69.81- I69.91-)", &["I69.21-I69.31", "I69.81-I69.91"]),
            ("respiratory (J96. with 5th character 2)", &["J96.- with character 5: 2"]),
            ("aphasia (I69. with final characters -20)", &["I69.- with final characters -20"]),
            ("(T36-T50 with fifth or sixth character 5)", &["T36-T50 with character 5 or 6: 5"]),
            (
                "(T36-T65 with fifth or sixth character 1-4 or 6)",
                &["T36-T65 with character 5 or 6: 1, 2, 3, 4, 6"],
            ),
            ("(F10-F19 with .51-.52)", &["F10-F19 with .51, .52"]),
            ("(F10-F19 with .150, .250, .950)", &["F10-F19 with .150, .250, .950"]),
            ("(E08-E13 with .62-)", &["E08-E13 with .62"]),
            ("(S72.- with 7th character B or C)", &["S72.- with character 7: B, C"]),
            ("(T51-T65 with fifth or sixth character to indicate intent)", &["T51-T65 under a condition"]),
            ("(T81.4 to T81.6)", &["T81.4-T81.6"]),
            ("any condition classifiable to I70.211 and I70.221", &["I70.211", "I70.221"]),
            ("any type in A15 (J65)", &["J65"]),
            ("codes O98-O9A.-", &["O98-O9A"]),
            ("(QA0.01-QA0.02)", &["QA0.01-QA0.02"]),
            ("vitamin B1, ADH1, STAT5b (with C3 glomerulopathy)", &[]),
            ("", &[]),
            ("((((", &[]),
            ("(E10", &["E10"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn conditions_are_met_or_not() {
        let met = |text: &str, code: &str, seventh: u8| {
            references(text)[0].condition.met(Key::of(code).unwrap(), seventh)
        };
        let intent = "(T36-T50 with fifth or sixth character 1-4)";
        assert_eq!(met(intent, "T39011", b'A'), Some(true));
        assert_eq!(met(intent, "T39015", b'A'), Some(false));
        assert_eq!(met("(T36-T50 with final character 6)", "T360X6", b'A'), Some(true));
        assert_eq!(met("(E08-E13 with .52)", "E1152", 0), Some(true));
        assert_eq!(met("(E08-E13 with .52)", "E115", 0), Some(false));
        assert_eq!(met("(S82 with 7th character B)", "S82101", b'B'), Some(true));
        assert_eq!(met("(S82 with 7th character B)", "S82101", b'A'), Some(false));
        assert_eq!(met("(T51 with fifth or sixth character to indicate intent)", "T510X1", b'A'), None);
    }
}
