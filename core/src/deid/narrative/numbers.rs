//! Numbers that identify: telephones, social security numbers, record numbers, serial numbers, postal codes.

use super::cue::{Cue, Cues};
use super::found::Found;
use super::lexicon::Flag;
use super::token::{Block, Gap, Kind, Shape};
use crate::formats::label::Label;

/// The kinds of cue that lead to a number, and the label of the number.
const LEADS: &[(Cue, Label, &str)] = &[
    (Cue::IdSocialSecurity, Label::SocialSecurity, "social_security_cue"),
    (Cue::IdMedicalRecord, Label::MedicalRecord, "record_number_cue"),
    (Cue::IdProvider, Label::ProviderIdentifier, "provider_number_cue"),
    (Cue::IdLicence, Label::Licence, "licence_cue"),
    (Cue::IdVehicle, Label::Vehicle, "vehicle_cue"),
    (Cue::IdDevice, Label::Device, "device_cue"),
    (Cue::IdAccount, Label::Account, "account_cue"),
    (Cue::IdPlan, Label::HealthPlan, "plan_cue"),
    (Cue::Fax, Label::Fax, "fax_cue"),
    (Cue::Phone, Label::Phone, "phone_cue"),
    (Cue::IdOther, Label::Identifier, "number_cue"),
];

const ANY_LEAD: Cues = Cues::of(&[
    Cue::IdSocialSecurity,
    Cue::IdMedicalRecord,
    Cue::IdProvider,
    Cue::IdLicence,
    Cue::IdVehicle,
    Cue::IdDevice,
    Cue::IdAccount,
    Cue::IdPlan,
    Cue::Fax,
    Cue::Phone,
    Cue::IdOther,
]);

/// What the words before a number say that it is.
#[derive(Clone, Copy)]
pub(super) enum Lead {
    Nothing,
    /// A code that identifies nobody, or a room.
    Code,
    Label(Label, &'static str),
}

/// The cue before a number, at most five words away in the same line.
pub(super) fn lead(block: &Block<'_>, at: usize) -> Lead {
    let mut weak = Lead::Nothing;
    for by in 1..=5_isize {
        let Some(token) = block.near(at, -by) else { break };
        let gap = block.near(at, 1 - by).map_or(Gap(0), |next| next.gap);
        if gap.has(Gap::NEWLINE) && !(by == 1 && gap.has(Gap::COLON)) {
            break;
        }
        if gap.has(Gap::PERIOD) && by > 1 && gap.has(Gap::SPACE) && token.len() > 4 {
            break;
        }
        if token.is_any(ANY_LEAD) {
            // Titles and pronouns that are abbreviations of numbers as well need a sign of a number between.
            let text = block.str(token);
            let doubtful = [
                "mr",
                "home",
                "work",
                "line",
                "page",
                "group",
                "visit",
                "order",
                "case",
                "run",
                "tag",
                "cell",
                "plan",
                "unit",
                "office",
                "call",
                "sample",
                "study",
                "reach",
                "social",
                "fin",
                "ur",
                "chart",
                "mac",
                "contact",
                "reference",
                "incident",
                "encounter",
                "medicare",
                "insurance",
                "member",
                "transaction",
                "employee",
            ]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word));
            let marked = gap.has(Gap::COLON | Gap::HASH) || by > 1;
            for (cue, label, why) in LEADS {
                if token.is(*cue) {
                    if doubtful && !marked {
                        weak = Lead::Label(*label, why);
                        return weak;
                    }
                    if *cue == Cue::IdOther && by < 4 {
                        // `member id`, `account number`: the word before says which.
                        weak = Lead::Label(*label, why);
                        break;
                    }
                    return Lead::Label(*label, why);
                }
            }
            continue;
        }
        if token.is(Cue::Code) {
            return if matches!(weak, Lead::Nothing) || by < 3 { Lead::Code } else { weak };
        }
        if token.is(Cue::Filler)
            || (token.is_any(Cues::of(&[Cue::Person, Cue::Credential])) && by > 1)
            || token.len() == 1
        {
            continue;
        }
        break;
    }
    weak
}

/// Digits and their groups from a byte on, with the marks of telephone numbers between.
struct Groups {
    lengths: Vec<usize>,
    digits: usize,
    /// Bytes at which the groups begin and end.
    bounds: Vec<(usize, usize)>,
    marks: Vec<u8>,
}

impl Groups {
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut groups = Self { lengths: Vec::new(), digits: 0, bounds: Vec::new(), marks: Vec::new() };
        let mut at = start;
        while groups.digits < 18 && groups.lengths.len() < 7 {
            let length =
                bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
            if length == 0 || length > 18 {
                break;
            }
            // A letter right behind the digits makes them part of something else.
            if bytes
                .get(at + length)
                .is_some_and(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'x' | b'X' | b'e' | b'E'))
            {
                break;
            }
            groups.lengths.push(length);
            groups.digits += length;
            groups.bounds.push((at, at + length));
            at += length;
            let marks = bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| matches!(byte, b'-' | b'.' | b' ' | b'(' | b')' | b'/'))
                .count();
            if marks == 0 || marks > 3 {
                break;
            }
            groups.marks.push(bytes.get(at + marks - 1).copied().unwrap_or(b' '));
            at += marks;
        }
        groups
    }

    /// Where the first `count` groups end.
    fn end(&self, count: usize) -> usize {
        self.bounds.get(count.saturating_sub(1)).map_or(0, |(_, end)| *end)
    }

    fn begins(&self, lengths: &[usize]) -> bool {
        self.lengths.starts_with(lengths)
    }

    fn mark(&self, at: usize) -> u8 {
        self.marks.get(at).copied().unwrap_or(0)
    }
}

/// The last token that ends by a byte.
fn last_before(block: &Block<'_>, from: usize, end: usize) -> usize {
    let mut last = from;
    while block.token(last + 1).is_some_and(|token| (token.end as usize) <= end) {
        last += 1;
    }
    last
}

/// What begins at a token of digits, or of letters and digits.
pub(super) fn at_number(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = *block.token(at)?;
    let lead = lead(block, at);
    if matches!(lead, Lead::Code) && token.len() < 9 {
        return None;
    }
    if token.kind == Kind::Number
        && let Some(found) = grouped(block, at, lead)
    {
        return Some(found);
    }
    postal_code(block, at).or_else(|| run(block, at, lead))
}

/// Social security numbers and telephones.
fn grouped(block: &Block<'_>, at: usize, lead: Lead) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let (bytes, start) = (block.text.as_bytes(), token.start as usize);
    let groups = Groups::read(bytes, start);
    let cued = match lead {
        Lead::Label(label @ (Label::Phone | Label::Fax | Label::SocialSecurity), _) => Some(label),
        _ => None,
    };
    let glued = block.gap_text(at);
    let decimal = glued == "." || glued == "$" || glued.ends_with('$');
    let found = |count: usize, label: Label, score: f32, why: &'static str| {
        let end = groups.end(count);
        // An opening parenthesis and a plus belong to the number.
        let mut from = start;
        for lead in ["(", "+", "+1 (", "+1(", "1 (", "1-("] {
            if glued.ends_with(lead) && lead.len() == 1 {
                from = start - lead.len();
            }
        }
        let last = last_before(block, at, end);
        let (end, last) = extension(block, last, end);
        Some((Found::new(from, end, label, score, why), last))
    };
    let dashed = groups.mark(0) == b'-' && groups.mark(1) == b'-';
    if groups.begins(&[3, 2, 4]) && (dashed || cued == Some(Label::SocialSecurity)) {
        return found(3, Label::SocialSecurity, 0.97, "social_security_form");
    }
    if cued == Some(Label::SocialSecurity) && matches!(groups.lengths.first(), Some(4 | 9)) {
        return found(1, Label::SocialSecurity, 0.95, "social_security_cue");
    }
    let phone = if cued == Some(Label::Fax) { Label::Fax } else { Label::Phone };
    if decimal {
        return None;
    }
    let plus = glued.ends_with('+') || glued.ends_with("+(");
    if plus && groups.digits >= 8 {
        let mut count = 0;
        let mut digits = 0;
        for length in &groups.lengths {
            if digits + length > 15 {
                break;
            }
            digits += length;
            count += 1;
        }
        return found(count, phone, 0.95, "telephone_form");
    }
    if groups.begins(&[1, 3, 3, 4]) && bytes.get(start) == Some(&b'1') {
        return found(4, phone, 0.97, "telephone_form");
    }
    if groups.begins(&[3, 3, 4]) {
        let spaced = groups.mark(0) == b' ' && groups.mark(1) == b' ' && !glued.ends_with('(');
        let closed = bytes.get(start + 3) == Some(&b')');
        let area = bytes.get(start).is_some_and(|byte| (b'2'..=b'9').contains(byte));
        if !spaced || closed || cued.is_some() || area {
            return found(3, phone, 0.96, "telephone_form");
        }
    }
    let toll_free = groups.begins(&[3, 7]) && (glued.ends_with('(') || cued.is_some());
    if toll_free {
        return found(2, phone, 0.9, "telephone_form");
    }
    if groups.begins(&[3, 4]) && matches!(groups.mark(0), b'-' | b'.') {
        let measured = block
            .token(at + 2)
            .is_some_and(|next| next.is(Cue::Measure) && block.gap_after(at + 1).has(Gap::SPACE));
        let area = bytes.get(start).is_some_and(|byte| (b'2'..=b'9').contains(byte));
        if cued.is_some() || (area && !measured && groups.mark(0) == b'-' && !block.gap_is(at, "-")) {
            return found(2, phone, if cued.is_some() { 0.96 } else { 0.75 }, "telephone_form");
        }
    }
    if cued.is_some_and(|label| label != Label::SocialSecurity) {
        for lengths in [
            &[10_usize][..],
            &[11],
            &[7],
            &[5, 6],
            &[4, 3, 4],
            &[3, 4, 4],
            &[2, 4, 4],
            &[4, 4],
            &[4, 6],
            &[2, 2, 2, 2, 2],
        ] {
            if groups.begins(lengths) {
                return found(lengths.len(), phone, 0.93, "phone_cue");
            }
        }
        if groups.lengths.first().is_some_and(|length| (3..=6).contains(length)) {
            let text = block.str(token);
            let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
            let measured = block.token(at + 1).is_some_and(|next| next.is(Cue::Measure));
            let extension = at.checked_sub(1).is_some_and(|before| {
                ["ext", "x", "extension", "pager", "pgr", "beeper", "cell", "phone", "ph", "tel", "fax"]
                    .iter()
                    .any(|word| block.is_word(before, word))
            }) || glued.contains('#');
            if extension && !year && !measured && !glued.contains('.') {
                return found(1, phone, 0.85, "phone_cue");
            }
        }
    }
    // Ten digits in one that begin as telephone numbers do.
    None
}

/// `x123`, `ext. 123` after a telephone number.
fn extension(block: &Block<'_>, last: usize, end: usize) -> (usize, usize) {
    let Some(next) = block.token(last + 1) else { return (end, last) };
    let text = block.str(next);
    let close = next.gap.only(Gap::SPACE | Gap::COMMA | Gap::OPEN);
    if !close {
        return (end, last);
    }
    let digits = text.get(1..).unwrap_or_default();
    if text.starts_with(['x', 'X'])
        && (1..=6).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
    {
        return (next.end as usize, last + 1);
    }
    let word = ["x", "ext", "extension"].iter().any(|word| text.eq_ignore_ascii_case(word));
    match block.token(last + 2) {
        Some(number) if word && number.kind == Kind::Number && number.len() <= 6 => {
            (number.end as usize, last + 2)
        }
        _ => (end, last),
    }
}

/// Five digits after a state, a city or the word itself; the Canadian form.
fn postal_code(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let text = block.str(token);
    if token.kind == Kind::Number && token.len() == 5 {
        let before = at.checked_sub(1).and_then(|at| block.token(at))?;
        let gap = token.gap;
        let state = before.info.is(Flag::StateAbbreviation)
            && (before.shape == Shape::Upper || before.len() == 2)
            || before.info.is(Flag::State)
            || before.place == 4;
        let city =
            (before.info.city() > 0 || before.place > 0) && before.is_capital() && before.info.english() < 8;
        let cue = before.is(Cue::Zip)
            || (block.near(at, -2).is_some_and(|token| token.is(Cue::Zip)) && before.is(Cue::Filler))
            || block.is_word(at - 1, "code") && block.near(at, -2).is_some_and(|token| token.is(Cue::Zip));
        let close = gap.only(Gap::SPACE | Gap::COMMA | Gap::PERIOD | Gap::COLON | Gap::WIDE | Gap::NEWLINE);
        if close && (state || city || cue) {
            let more = block.gap_is(at + 1, "-")
                && block.token(at + 1).is_some_and(|next| next.kind == Kind::Number && next.len() == 4);
            let last = if more { at + 1 } else { at };
            let end = block.token(last)?.end as usize;
            return Some((
                Found::new(token.start as usize, end, Label::PostalCode, 0.93, "postal_code"),
                last,
            ));
        }
    }
    if token.kind == Kind::Mixed && token.len() == 3 {
        let letters = |text: &str, form: &[bool]| {
            text.len() == form.len()
                && text.bytes().zip(form).all(|(byte, letter)| {
                    if *letter { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() }
                })
        };
        let next = block.token(at + 1)?;
        if letters(text, &[true, false, true])
            && letters(block.str(next), &[false, true, false])
            && block.gap_is(at + 1, " ")
        {
            return Some((
                Found::new(token.start as usize, next.end as usize, Label::PostalCode, 0.85, "postal_code"),
                at + 1,
            ));
        }
    }
    None
}

/// A run of digits and letters with hyphens: with a cue a number of its kind, without one where it is long.
fn run(block: &Block<'_>, at: usize, lead: Lead) -> Option<(Found, usize)> {
    let first = block.token(at)?;
    let (mut last, mut digits, mut letters) = (at, 0, 0);
    let mut length = 0;
    let mut groups: Vec<usize> = Vec::new();
    while let Some(token) = block.token(last) {
        let text = block.str(token);
        digits += text.bytes().filter(u8::is_ascii_digit).count();
        letters += text.bytes().filter(u8::is_ascii_alphabetic).count();
        length += text.len();
        groups.push(text.len());
        let Some(next) = block.token(last + 1) else { break };
        let device =
            matches!(lead, Lead::Label(Label::Device, _)) && matches!(block.gap_text(last + 1), "(" | ")");
        let spaced = matches!(lead, Lead::Label(Label::Licence | Label::HealthPlan, _))
            && block.gap_is(last + 1, " ")
            && next.kind == Kind::Number
            && (2..=4).contains(&next.len());
        let joined = device
            || spaced
            || matches!(block.gap_text(last + 1), "-" | "\u{2010}" | "\u{2011}" | "_")
            || (block.gap_is(last + 1, ".") && matches!(lead, Lead::Label(..)) && next.kind == Kind::Number);
        let part = next.kind != Kind::Word
            || (next.shape == Shape::Upper && next.len() <= 5)
            || next.shape == Shape::Initial;
        if !joined || !part || groups.len() > 12 {
            break;
        }
        last += 1;
    }
    let glued = block.gap_text(at);
    // A prefix of capitals that a hyphen joins: `ABC-12345`.
    let mut from = at;
    while let Some(before) = from.checked_sub(1) {
        let joined = matches!(block.gap_text(from), "-" | "_");
        let Some(prefix) = block.token(before).filter(|prefix| joined && prefix.kind == Kind::Word) else {
            break;
        };
        let short = prefix.len() <= 6 && matches!(prefix.shape, Shape::Upper | Shape::Initial);
        if !short || prefix.is_any(ANY_LEAD) || prefix.is(Cue::Code) || prefix.taken {
            break;
        }
        from = before;
        letters += prefix.len();
        length += prefix.len();
    }
    let start = block.token(from)?.start as usize;
    let end = block.token(last)?.end as usize;
    let text = block.text.get(start..end)?;
    let measured = block.token(last + 1).is_some_and(|next| {
        next.is(Cue::Measure) && block.gap_after(last).only(Gap::SPACE | Gap::HYPHEN) && !next.is(Cue::Age)
    });
    let percent = block.gap_text(last + 1).starts_with('%') || block.gap_text(last + 1).starts_with(",0");
    let money = glued.ends_with('$') || glued.ends_with('\u{20AC}');
    if money || percent {
        return None;
    }
    let lead = if from != at && matches!(lead, Lead::Nothing) { self::lead(block, from) } else { lead };
    if let Lead::Label(label, why) = lead {
        let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
        let enough = match label {
            Label::MedicalRecord | Label::ProviderIdentifier => digits >= 3 && length >= 4,
            Label::Vehicle => digits >= 2 && length >= 5,
            Label::Phone | Label::Fax => digits >= 7,
            Label::Licence | Label::Device | Label::HealthPlan => digits >= 3 && length >= 5,
            _ => digits >= 4 && length >= 4,
        };
        if enough && !year && !(measured && digits < 6) {
            return Some((Found::new(start, end, label, 0.93, why), last));
        }
    }
    if matches!(lead, Lead::Code) {
        return None;
    }
    let all_digits = letters == 0;
    if all_digits && groups.len() == 1 {
        // Long numbers that count nothing.
        let decimal = glued == "."
            || block.gap_is(last + 1, ".") && block.token(last + 1).is_some_and(|t| t.kind == Kind::Number);
        let comma = block.gap_is(last + 1, ",")
            && block.token(last + 1).is_some_and(|t| t.kind == Kind::Number && t.len() == 3);
        let numbered = glued.ends_with('#') && digits >= 4;
        // A column of a table.
        let cell = digits == 6 && first.gap.has(Gap::WIDE) && block.gap_after(last).has(Gap::WIDE);
        let long = (digits >= 7 || numbered || cell) && !measured && !decimal && !comma && glued != ",";
        return long.then(|| (Found::new(start, end, Label::Identifier, 0.8, "long_number"), last));
    }
    if !all_digits && vehicle_number(text) {
        return Some((Found::new(start, end, Label::Vehicle, 0.8, "vehicle_number_form"), last));
    }
    let lower = first.kind == Kind::Mixed && text.bytes().any(|byte| byte.is_ascii_lowercase());
    let published = ["NCT", "COVID", "SARS", "ICD", "ISO", "HLA", "PMC", "DOI", "LOINC", "RS", "CPT", "NDC"]
        .iter()
        .any(|prefix| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)));
    if published {
        return None;
    }
    // `x5512`: an extension. `G2P1001`: pregnancies and births.
    if text.starts_with(['x', 'X']) && (5..=6).contains(&text.len()) && digits + 1 == text.len() {
        return Some((Found::new(start + 1, end, Label::Phone, 0.8, "extension"), last));
    }
    if text.starts_with(['G', 'g']) && text.contains(['P', 'p']) && length <= 8 {
        return None;
    }
    if lower && digits < 7 {
        return None;
    }
    // `#70-44-19`.
    if all_digits && glued.ends_with('#') && digits >= 5 && groups.iter().all(|length| *length >= 2) {
        return Some((Found::new(start, end, Label::Identifier, 0.8, "number_sign"), last));
    }
    let ranges = all_digits && groups.len() == 2 && groups.iter().all(|length| *length <= 4);
    let check = all_digits && groups.len() == 2 && groups.last() == Some(&1);
    let enough = if all_digits {
        digits >= 7
    } else {
        digits >= 5 && length >= 7 || digits >= 4 && groups.len() >= 2 && length >= 8
    };
    (enough && !ranges && !check && !measured)
        .then(|| (Found::new(start, end, Label::Identifier, 0.75, "long_code"), last))
}

/// Seventeen letters and digits without I, O and Q, of both kinds (ISO 3779).
fn vehicle_number(text: &str) -> bool {
    text.len() == 17
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"IOQ".contains(&byte)))
        && text.bytes().filter(u8::is_ascii_digit).count() >= 4
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// What begins at a word that leads to a number whose own form is a word: plates such as `ABC 1234`, and masked
/// numbers such as `xxx-xx-1234`.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.shape == Shape::Upper && (2..=4).contains(&token.len()) {
        let next = block.token(at + 1)?;
        let close = matches!(block.gap_text(at + 1), " " | "-");
        let number = next.kind != Kind::Word && (2..=5).contains(&next.len());
        let led = (1..=3).any(|by| block.near(at, -by).is_some_and(|token| token.is(Cue::IdVehicle)));
        if close && number && led && !token.is(Cue::IdVehicle) {
            let last = at + 1;
            return Some((
                Found::new(token.start as usize, next.end as usize, Label::Vehicle, 0.85, "vehicle_cue"),
                last,
            ));
        }
    }
    let masked = block.str(token).bytes().all(|byte| matches!(byte, b'x' | b'X')) && token.len() == 3;
    if masked && block.gap_is(at + 1, "-") && block.gap_is(at + 2, "-") {
        let last = block.token(at + 2)?;
        if last.kind == Kind::Number && last.len() == 4 {
            return Some((
                Found::new(
                    last.start as usize,
                    last.end as usize,
                    Label::SocialSecurity,
                    0.95,
                    "social_security_form",
                ),
                at + 2,
            ));
        }
    }
    None
}
