//! Sensitivity: which classes of protected information a security label, a code or a wording belongs to.
//!
//! The classes are those of HL7 v3-ActCode; a class lies within others (ETH holds SUD holds OPIOIDUD), so whatever
//! is labelled with the narrower is labelled with the wider too. Classes, codes and words are packs with a source
//! for each row.

use std::collections::HashMap;

use once_cell::sync::OnceCell;
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::fact::Fact;
use super::law::fingerprint;
use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;

const EMBEDDED: &[&str] = &[
    include_str!("../../data/sensitivity/classes.json"),
    include_str!("../../data/sensitivity/substance-use.json"),
    include_str!("../../data/sensitivity/psychotherapy-notes.json"),
    include_str!("../../data/sensitivity/mental-health.json"),
    include_str!("../../data/sensitivity/hiv.json"),
    include_str!("../../data/sensitivity/genetic.json"),
    include_str!("../../data/sensitivity/reproductive.json"),
    include_str!("../../data/sensitivity/sexually-transmitted.json"),
    include_str!("../../data/sensitivity/violence.json"),
];

/// A set of classes, as bits in the order of the class table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::release) struct Classes(u64);

impl Classes {
    pub(in crate::release) const NONE: Self = Self(0);

    pub(in crate::release) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(in crate::release) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(in crate::release) const fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(in crate::release) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::release) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    pack: Head,
    #[serde(default)]
    classes: Vec<ClassRow>,
    #[serde(default)]
    class_systems: Vec<String>,
    #[serde(default)]
    confidentiality_systems: Vec<String>,
    #[serde(default)]
    facts: HashMap<String, Vec<String>>,
    #[serde(default)]
    systems: HashMap<String, Vec<String>>,
    #[serde(default)]
    systems_that_need_words: Vec<String>,
    codes: Vec<CodeRow>,
    words: Vec<WordRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    name: String,
    release: String,
    effective_from: Option<String>,
    effective_to: Option<String>,
    licence: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    code: String,
    within: Vec<String>,
    #[allow(dead_code)]
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRow {
    system: String,
    /// Codes that begin so, without the dot.
    prefix: Option<String>,
    /// This code and no other.
    code: Option<String>,
    class: String,
    #[allow(dead_code)]
    title: String,
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    confidence: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRow {
    phrase: String,
    class: String,
    #[allow(dead_code)]
    source: String,
}

/// What a code system is to the packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct System {
    /// Its number among the systems with code rows; 0 is none.
    rows: u8,
    /// Whether its codes say nothing without their words: no pack has its rows, or not all of them.
    needs_words: bool,
    /// Whether its codes are the classes themselves.
    is_classes: bool,
    /// Whether its codes are levels of confidentiality.
    is_confidentiality: bool,
}

/// What a coding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::release) struct Coding {
    /// The classes that it belongs to.
    pub(in crate::release) classes: Classes,
    /// The level of confidentiality that it states, for a confidentiality code.
    pub(in crate::release) confidentiality: Option<Confidentiality>,
    /// Whether the code says nothing to the packs, so that only its words can.
    pub(in crate::release) needs_words: bool,
    /// Whether it is a label of class or confidentiality rather than a clinical code.
    pub(in crate::release) is_label: bool,
}

/// HL7 v3-Confidentiality, in its order: the higher mark stands for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[non_exhaustive]
pub enum Confidentiality {
    /// Unrestricted.
    U,
    /// Low.
    L,
    /// Moderate.
    M,
    /// Normal.
    N,
    /// Restricted.
    R,
    /// Very restricted.
    V,
}

impl Confidentiality {
    /// The code of HL7 v3-Confidentiality.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::U => "U",
            Self::L => "L",
            Self::M => "M",
            Self::N => "N",
            Self::R => "R",
            Self::V => "V",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "U" => Self::U,
            "L" => Self::L,
            "M" => Self::M,
            "N" => Self::N,
            "R" => Self::R,
            "V" => Self::V,
            _ => return None,
        })
    }
}

/// Compiled sensitivity packs.
#[derive(Clone)]
pub(in crate::release) struct Sensitivity {
    packs: Vec<PackInfo>,
    /// Code, and the bits of the class with every class that it lies within.
    classes: Vec<(String, Classes)>,
    facts: Vec<(Fact, Classes)>,
    systems: HashMap<String, System>,
    /// Sorted by system and prefix; no prefix begins with another of its system.
    prefixes: Vec<(u8, String, Classes)>,
    exact: HashMap<(u8, String), Classes>,
    any_word: Regex,
    words: Vec<(Classes, Regex)>,
}

impl std::fmt::Debug for Sensitivity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sensitivity").field("classes", &self.classes.len()).finish_non_exhaustive()
    }
}

fn bad(place: String, note: &'static str) -> Error {
    Error::new(&codes::PACK_MALFORMED).in_path(place).note(note)
}

impl Sensitivity {
    pub(in crate::release) fn embedded() -> Result<&'static Self> {
        static SENSITIVITY: OnceCell<Sensitivity> = OnceCell::new();
        SENSITIVITY.get_or_try_init(|| Self::compile(EMBEDDED))
    }

    fn compile(packs: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        let mut infos = Vec::new();
        for json in packs {
            let file: PackFile = serde_json::from_str(json).map_err(|error| {
                let note = format!("line {}, column {}", error.line(), error.column());
                Error::new(&codes::PACK_MALFORMED).note(note)
            })?;
            infos.push(PackInfo {
                name: file.pack.name.clone(),
                system: "sensitivity".into(),
                release: file.pack.release.clone(),
                effective_from: file.pack.effective_from.clone(),
                effective_to: file.pack.effective_to.clone(),
                rows: (file.classes.len() + file.codes.len() + file.words.len()) as u64,
                licence: file.pack.licence.clone(),
                source: file.pack.source.clone(),
                sha256: fingerprint(json.as_bytes()),
            });
            files.push(file);
        }
        let classes = closures(files.iter().flat_map(|file| &file.classes))?;
        let class = |code: &str, place: &str| {
            let found = classes.iter().find(|(known, _)| known == code).map(|(_, bits)| *bits);
            found.ok_or_else(|| bad(place.to_owned(), "no class has this code"))
        };
        let (systems, numbers) = systems(&files);
        let mut out = Self {
            packs: infos,
            facts: Vec::new(),
            systems,
            prefixes: Vec::new(),
            exact: HashMap::new(),
            any_word: pattern(files.iter().flat_map(|file| &file.words).map(|row| row.phrase.as_str()))?,
            words: Vec::new(),
            classes: classes.clone(),
        };
        for file in &files {
            let place = &file.pack.name;
            for (name, codes) in &file.facts {
                let fact =
                    Fact::from_name(name).ok_or_else(|| bad(place.clone(), "no fact has this name"))?;
                for code in codes {
                    // A fact follows from a class and from what lies within it, not from what holds it.
                    out.facts
                        .push((fact, own_bit(&classes, code).ok_or_else(|| bad(place.clone(), "no class"))?));
                }
            }
            for row in &file.codes {
                let bits = class(&row.class, place)?;
                let number = numbers.get(row.system.as_str()).copied();
                let number = number.ok_or_else(|| bad(place.clone(), "no system has this name"))?;
                match (&row.prefix, &row.code) {
                    (Some(prefix), None) => out.prefixes.push((number, prefix.clone(), bits)),
                    (None, Some(code)) => {
                        out.exact.insert((number, code.clone()), bits);
                    }
                    _ => return Err(bad(place.clone(), "a code row has either prefix or code")),
                }
            }
        }
        out.prefixes.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        for pair in out.prefixes.windows(2) {
            if let [one, other] = pair
                && one.0 == other.0
                && other.1.starts_with(&one.1)
            {
                return Err(bad(one.1.clone(), "a prefix begins with another"));
            }
        }
        let rows: Vec<&WordRow> = files.iter().flat_map(|file| &file.words).collect();
        for (code, _) in &classes {
            let phrases: Vec<&str> =
                rows.iter().filter(|row| row.class == *code).map(|row| row.phrase.as_str()).collect();
            if !phrases.is_empty() {
                out.words.push((class(code, "words")?, pattern(phrases.into_iter())?));
            }
        }
        if let Some(row) = rows.iter().find(|row| !classes.iter().any(|(code, _)| *code == row.class)) {
            return Err(bad(row.phrase.clone(), "no class has this code"));
        }
        Ok(out)
    }

    pub(in crate::release) fn packs(&self) -> &[PackInfo] {
        &self.packs
    }

    /// The facts that classes bear on, each with its classes.
    pub(in crate::release) fn facts(&self) -> &[(Fact, Classes)] {
        &self.facts
    }

    /// The class of a code alone, without those that it lies within: what lies within it counts as it.
    pub(in crate::release) fn class(&self, code: &str) -> Option<Classes> {
        own_bit(&self.classes, code)
    }

    /// What a security label is: a class alone, or a level of confidentiality; none where it is neither.
    pub(in crate::release) fn label(
        &self,
        system: &str,
        code: &str,
    ) -> Option<(Classes, Option<Confidentiality>)> {
        let known = self.systems.get(system.trim_end_matches('/'))?;
        if known.is_confidentiality {
            return Some((Classes::NONE, Some(Confidentiality::from_code(code)?)));
        }
        if known.is_classes { Some((self.class(code)?, None)) } else { None }
    }

    /// The codes of a set, in the order of the class table.
    pub(in crate::release) fn names(&self, classes: Classes) -> Vec<&str> {
        let bit = |at: usize| Classes(1 << at);
        let all = self.classes.iter().enumerate();
        all.filter(|(at, _)| classes.meets(bit(*at))).map(|(_, (code, _))| code.as_str()).collect()
    }

    /// What a coding says. `system` is empty where the source names none: then a code that looks like one of the
    /// rows of any system is taken for it.
    pub(in crate::release) fn coding(&self, system: &str, code: &str) -> Coding {
        if system.is_empty() {
            // Words such as `active` are no codes of a table; every code that matters here has a digit.
            if !code.bytes().any(|byte| byte.is_ascii_digit()) {
                return Coding::default();
            }
            let classes = (1..=u8::MAX)
                .take_while(|number| self.prefixes.iter().any(|(known, ..)| known >= number))
                .fold(Classes::NONE, |so_far, number| so_far.with(self.by_prefix(number, code)));
            return Coding { classes, ..Coding::default() };
        }
        let Some(known) = self.systems.get(system.trim_end_matches('/')) else { return Coding::default() };
        if known.is_confidentiality {
            let level = Confidentiality::from_code(code);
            return Coding { confidentiality: level, is_label: true, ..Coding::default() };
        }
        if known.is_classes {
            let found = self.classes.iter().find(|(class, _)| class == code);
            let classes = found.map_or(Classes::NONE, |(_, bits)| *bits);
            return Coding { classes, is_label: true, ..Coding::default() };
        }
        let classes = match known.rows {
            0 => Classes::NONE,
            number => {
                let exact = if self.exact.is_empty() {
                    None
                } else {
                    self.exact.get(&(number, code.to_owned())).copied()
                };
                exact.unwrap_or_else(|| self.by_prefix(number, code))
            }
        };
        Coding { classes, needs_words: known.needs_words && classes.is_empty(), ..Coding::default() }
    }

    fn by_prefix(&self, system: u8, code: &str) -> Classes {
        let bare;
        let code = if code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            code
        } else {
            bare = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
            &bare.collect::<String>()
        };
        let after =
            self.prefixes.partition_point(|(known, prefix, _)| (*known, prefix.as_str()) <= (system, code));
        match after.checked_sub(1).and_then(|at| self.prefixes.get(at)) {
            Some((known, prefix, classes)) if *known == system && code.starts_with(prefix.as_str()) => {
                *classes
            }
            _ => Classes::NONE,
        }
    }

    /// The classes whose words stand in a text.
    pub(in crate::release) fn mentions(&self, text: &[u8]) -> Classes {
        if text.len() < 3 || !self.any_word.is_match(text) {
            return Classes::NONE;
        }
        self.words
            .iter()
            .filter(|(_, words)| words.is_match(text))
            .fold(Classes::NONE, |all, (one, _)| all.with(*one))
    }
}

/// The bits of each class with every class that it lies within.
fn closures<'f>(rows: impl Iterator<Item = &'f ClassRow>) -> Result<Vec<(String, Classes)>> {
    let rows: Vec<&ClassRow> = rows.collect();
    if rows.len() > 64 {
        return Err(bad("classes".into(), "more than 64 classes"));
    }
    let at = |code: &str| rows.iter().position(|row| row.code == code);
    let mut bits: Vec<u64> = (0..rows.len()).map(|at| 1 << at).collect();
    // As many rounds as there are classes reach every class that one can lie within.
    for _ in 0..rows.len() {
        for (row, own) in rows.iter().zip(0..) {
            for wider in &row.within {
                let wider = at(wider).ok_or_else(|| bad(row.code.clone(), "no class has this code"))?;
                let more = bits.get(wider).copied().unwrap_or_default();
                if let Some(slot) = bits.get_mut::<usize>(own) {
                    *slot |= more;
                }
            }
        }
    }
    Ok(rows.iter().map(|row| row.code.clone()).zip(bits.into_iter().map(Classes)).collect())
}

fn own_bit(classes: &[(String, Classes)], code: &str) -> Option<Classes> {
    classes.iter().position(|(known, _)| known == code).map(|at| Classes(1 << at))
}

fn systems(files: &[PackFile]) -> (HashMap<String, System>, HashMap<&str, u8>) {
    let mut systems: HashMap<String, System> = HashMap::new();
    let mut names: Vec<&str> =
        files.iter().flat_map(|file| file.systems.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    let numbers: HashMap<&str, u8> = names.into_iter().zip(1..).collect();
    for file in files {
        for (name, uris) in &file.systems {
            for uri in uris {
                systems.entry(uri.clone()).or_default().rows =
                    numbers.get(name.as_str()).copied().unwrap_or_default();
            }
        }
        for uri in &file.systems_that_need_words {
            systems.entry(uri.clone()).or_default().needs_words = true;
        }
        for uri in &file.class_systems {
            systems.entry(uri.clone()).or_default().is_classes = true;
        }
        for uri in &file.confidentiality_systems {
            systems.entry(uri.clone()).or_default().is_confidentiality = true;
        }
    }
    (systems, numbers)
}

/// The phrases as one pattern: whole words in any case, with anything between the words that is not a letter or
/// digit, markup and character references included.
fn pattern<'p>(phrases: impl Iterator<Item = &'p str>) -> Result<Regex> {
    let each = phrases.map(|phrase| {
        let words: Vec<String> = phrase.split_whitespace().map(regex::escape).collect();
        words.join(r"(?:<[^<>]*>|&#?[0-9a-zA-Z]+;|[^0-9A-Za-z<>&]){1,8}")
    });
    let all: Vec<String> = each.collect();
    RegexBuilder::new(&format!(r"(?-u:\b)(?:{})(?-u:\b)", all.join("|")))
        .case_insensitive(true)
        .unicode(false)
        .size_limit(1 << 24)
        .build()
        .map_err(|_| Error::new(&codes::PACK_MALFORMED).note("the words do not make a pattern"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(classes: Classes) -> Vec<&'static str> {
        Sensitivity::embedded().unwrap().names(classes)
    }

    #[test]
    fn a_class_brings_what_it_lies_within() {
        let packs = Sensitivity::embedded().unwrap();
        let label = packs.coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPIOIDUD");
        assert_eq!(names(label.classes), ["ETH", "BH", "SUD", "OPIOIDUD"]);
        let label = packs.coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "ETH");
        assert_eq!(names(label.classes), ["ETH"]);
    }

    #[test]
    fn codes_find_their_class() {
        let packs = Sensitivity::embedded().unwrap();
        let class = |system: &str, code: &str| packs.coding(system, code).classes;
        let icd = "http://hl7.org/fhir/sid/icd-10-cm";
        assert!(names(class(icd, "F11.20")).contains(&"OPIOIDUD"));
        assert!(names(class(icd, "f1020")).contains(&"ETHUD"));
        assert!(class(icd, "F17.210").is_empty(), "nicotine is not a substance use disorder of Part 2");
        assert!(class(icd, "F1").is_empty() && class(icd, "E11.9").is_empty() && class(icd, "").is_empty());
        assert!(names(class("http://www.nlm.nih.gov/research/umls/rxnorm", "1819")).contains(&"SUD"));
        assert!(class("http://www.nlm.nih.gov/research/umls/rxnorm", "18190").is_empty());
        assert!(
            names(class("", "F11.20")).contains(&"OPIOIDUD"),
            "a code without its system is looked for in all"
        );
        assert!(class("http://example.org/rooms", "F11").is_empty());
        assert!(packs.coding("http://snomed.info/sct", "5602001").needs_words);
        assert!(!packs.coding(icd, "E11.9").needs_words);
    }

    #[test]
    fn words_are_found_whole_in_any_case_and_through_markup() {
        let packs = Sensitivity::embedded().unwrap();
        for text in [
            "Started BUPRENORPHINE 8 mg",
            "opioid-use disorder",
            "<b>Opioid</b> <i>use</i>&#160;disorder",
            "alcohol\nuse\n  disorder",
            "see OUD plan",
        ] {
            assert!(names(packs.mentions(text.as_bytes())).contains(&"SUD"), "{text}");
        }
        for text in
            ["loud noise", "methylnaltrexone-free", "alcohol wipe", "Abuse-Deterrent Oxycodone", "", "ou"]
        {
            assert!(packs.mentions(text.as_bytes()).is_empty(), "{text}");
        }
        assert!(names(packs.mentions(b"Psychotherapy notes of May")).contains(&"PSYTHPN"));
    }
}
