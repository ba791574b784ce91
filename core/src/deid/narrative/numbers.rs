//! Numbers that identify by the words before them or by their form: record numbers, serial numbers, postal codes.

use super::cue::Cue;
use super::found::Found;
use super::lead::{ANY_LEAD, Lead, lead};
use super::lexicon::Flag;
use super::telephone::grouped;
use super::token::{Block, Gap, Kind, Shape};
use crate::formats::label::Label;

/// What begins at a token of digits, or of letters and digits.
pub(super) fn at_number(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = *block.token(at)?;
    // `25 mg`: one or two digits before a word are none of these.
    let apart = !token.gap.has(Gap::HYPHEN | Gap::OTHER | Gap::HASH | Gap::PLUS)
        && block.token(at + 1).is_none_or(|next| {
            next.kind == Kind::Word
                && next
                    .gap
                    .only(Gap::SPACE | Gap::PERIOD | Gap::COMMA | Gap::NEWLINE | Gap::WIDE | Gap::CLOSE)
                && next.gap != Gap(0)
        });
    if token.kind == Kind::Number && token.len() <= 2 && apart {
        return None;
    }
    let lead = match lead(block, at) {
        Lead::Code if lot_of_device(block, at) => Lead::Label(Label::Device, "device_lot"),
        lead => lead,
    };
    if matches!(lead, Lead::Code) && token.len() < 9 || catalogue(block, at) {
        return None;
    }
    if let Some(found) = fours(block, at) {
        return Some(found);
    }
    if token.kind == Kind::Number
        && let Some(found) = grouped(block, at, lead)
    {
        return Some(found);
    }
    postal_code(block, at).or_else(|| run(block, at, lead))
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
            (before.info.city() > 0 && before.info.english() < 8 || before.place > 0) && before.is_capital();
        let cue = before.is(Cue::Zip)
            || (block.near(at, -2).is_some_and(|token| token.is(Cue::Zip)) && before.is(Cue::Filler))
            || block.is_word(at - 1, "code") && block.near(at, -2).is_some_and(|token| token.is(Cue::Zip));
        // `9014 Fallen Oak Ct, Bowie 20720`: a word behind a street.
        let city = city
            || before.is_capital()
                && before.gap.has(Gap::COMMA)
                && block.near(at, -2).is_some_and(|street| {
                    street.taken && (street.is(Cue::StreetShort) || street.is(Cue::Street))
                });
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
        let spaced = matches!(
            lead,
            Lead::Label(Label::Licence | Label::HealthPlan | Label::Account, _)
                | Lead::Maybe(Label::HealthPlan | Label::Account, _)
        ) || matches!(lead, Lead::Label(Label::Identifier, _)) && first.kind == Kind::Mixed;
        // `plate 7QRS 114`.
        let plate = matches!(lead, Lead::Label(Label::Vehicle, _)) && groups.len() == 1 && text.len() <= 4;
        let spaced = (spaced || plate)
            && block.gap_is(last + 1, " ")
            && next.kind == Kind::Number
            && ((2..=6).contains(&next.len()) || next.len() == 1 && groups.len() > 1)
            && !block.token(last + 2).is_some_and(|after| {
                after.is(Cue::Measure) || after.is(Cue::Age) || block.gap_is(last + 2, "/")
            });
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
    // `98.2-88-18-128`: vital signs.
    let measures = glued == "." && letters == 0 && groups.len() > 1;
    if money || percent || measures {
        return None;
    }
    let lead =
        if from != at && matches!(lead, Lead::Nothing) { super::lead::lead(block, from) } else { lead };
    // `DL TX 38810274`: the state that gave it.
    let (lead, start) = match block.near(from, -1) {
        Some(state)
            if state.info.is(Flag::StateAbbreviation) && state.shape == Shape::Upper && state.len() == 2 =>
        {
            match super::lead::lead(block, from - 1) {
                Lead::Label(label @ (Label::Licence | Label::Vehicle), why) => {
                    (Lead::Label(label, why), start)
                }
                _ => (lead, start),
            }
        }
        _ => (lead, start),
    };
    if let Lead::Label(label, why) | Lead::Maybe(label, why) = lead {
        let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
        let enough = match label {
            Label::MedicalRecord | Label::ProviderIdentifier => digits >= 3 && length >= 4,
            Label::Vehicle => digits >= 2 && length >= 5,
            Label::Phone | Label::Fax => digits >= 7,
            Label::Licence | Label::Device | Label::HealthPlan => digits >= 3 && length >= 5,
            _ => digits >= 4 && length >= 4,
        };
        // A word that means other things leads to long numbers and to codes only.
        let sure =
            matches!(lead, Lead::Label(..)) || digits >= 5 || letters > 0 && digits >= 3 && length >= 6;
        let code = letters > 0 && !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let enough = enough || code && digits >= 2 && length >= 6 && label == Label::HealthPlan;
        let enough =
            enough || code && digits >= 3 && length >= 6 && !matches!(label, Label::Phone | Label::Fax);
        if enough && sure && !year && !(measured && digits < 6) {
            return Some((Found::new(start, end, label, 0.93, why), last));
        }
    }
    if matches!(lead, Lead::Code) {
        return None;
    }
    let all_digits = letters == 0;
    if let Some(found) = of_thing(block, (from, at), (start, end), (digits, letters)) {
        return Some((found, last));
    }
    if all_digits && groups.len() == 1 {
        // Long numbers that count nothing.
        let decimal = glued == "."
            || block.gap_is(last + 1, ".") && block.token(last + 1).is_some_and(|t| t.kind == Kind::Number);
        let comma = block.gap_is(last + 1, ",")
            && block.token(last + 1).is_some_and(|t| t.kind == Kind::Number && t.len() == 3);
        let numbered = glued.ends_with('#') && digits >= 4 || glued.ends_with("# ") && digits >= 6;
        // A column of a table.
        let cell = digits == 6 && first.gap.has(Gap::WIDE) && block.gap_after(last).has(Gap::WIDE);
        let long = (digits >= 7 || numbered || cell) && !measured && !decimal && !comma && glued != ",";
        return long.then(|| (Found::new(start, end, Label::Identifier, 0.8, "long_number"), last));
    }
    if !all_digits && vehicle_number(text) {
        return Some((Found::new(start, end, Label::Vehicle, 0.8, "vehicle_number_form"), last));
    }
    // `2023T09:30`: a year that was left of a date, and a time.
    let timed =
        text.get(4..).is_some_and(|rest| rest.starts_with('T')) && matches!(text.get(..2), Some("19" | "20"));
    if timed && digits == 6 {
        return None;
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
        return Some((Found::new(start, end, Label::Phone, 0.8, "extension"), last));
    }
    if text.starts_with(['G', 'g']) && text.contains(['P', 'p']) && length <= 8 {
        return None;
    }
    if lower && digits < 7 {
        return None;
    }
    // `#70-44-19`.
    if all_digits
        && glued.trim_end().ends_with('#')
        && digits >= 5
        && groups.iter().all(|length| *length >= 2)
    {
        return Some((Found::new(start, end, Label::Identifier, 0.8, "number_sign"), last));
    }
    let ranges = all_digits && groups.len() == 2 && groups.iter().all(|length| *length <= 4);
    let check = all_digits && groups.len() == 2 && groups.last() == Some(&1);
    let enough = if all_digits {
        digits >= 7
    } else {
        let prefixed = from != at && (2..=4).contains(&letters) && digits >= 4 && length >= 7;
        digits >= 5 && length >= 7 || digits >= 4 && groups.len() >= 2 && length >= 8 || prefixed
    };
    (enough && !ranges && !check && !measured)
        .then(|| (Found::new(start, end, Label::Identifier, 0.75, "long_code"), last))
}

/// Whether a lot number is that of a device: what stands around it tells of something that is implanted or built. Lots
/// of drugs and vaccines identify nobody.
fn lot_of_device(block: &Block<'_>, at: usize) -> bool {
    const THINGS: &[&str] = &[
        "ref",
        "udi",
        "model",
        "implant",
        "implants",
        "mesh",
        "graft",
        "component",
        "tray",
        "poly",
        "liner",
        "stem",
        "cup",
        "insert",
        "screw",
        "plate",
        "anchor",
        "stent",
        "port",
        "powerport",
        "lens",
        "iol",
        "lead",
        "valve",
        "catheter",
        "shunt",
        "picc",
        "powerpicc",
        "patch",
        "coil",
        "occluder",
        "device",
        "cage",
        "rod",
        "nail",
        "expander",
    ];
    let lot =
        (1..=2).any(|by| block.near(at, -by).is_some_and(|near| block.str(near).eq_ignore_ascii_case("lot")));
    let digits =
        block.token(at).map_or(0, |token| block.str(token).bytes().filter(u8::is_ascii_digit).count());
    lot && digits >= 4
        && (1..=24).map_while(|by| block.near(at, -by)).any(|near| {
            let text = block.str(near);
            near.is(Cue::IdDevice) && !near.is(Cue::Doubtful)
                || near.is(Cue::DeviceKind)
                || THINGS.iter().any(|word| text.eq_ignore_ascii_case(word))
        })
}

/// Whether a number is what a maker calls the article: `REF 42-5026-064-01 LOT ...`.
fn catalogue(block: &Block<'_>, at: usize) -> bool {
    let led =
        (1..=6).map_while(|by| block.near(at, -by)).find(|near| near.kind == Kind::Word && near.len() > 1);
    led.is_some_and(|near| block.str(near) == "REF" || block.str(near).eq_ignore_ascii_case("catalog"))
        && (1..=8).map_while(|by| block.near(at, by)).any(|near| {
            ["lot", "sn", "ser", "serial"].iter().any(|word| block.str(near).eq_ignore_ascii_case(word))
        })
}

/// `7019 2280 0001 4471 9082`: four groups of four digits and more that are no times of day.
fn fours(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let group = |at: usize| block.token(at).filter(|token| token.kind == Kind::Number && token.len() == 4);
    let first = group(at)?;
    let mut last = at;
    while group(last + 1).is_some() && matches!(block.gap_text(last + 1), " " | "-") && last < at + 6 {
        last += 1;
    }
    let late = (at..=last)
        .filter(|at| {
            group(*at).is_some_and(|token| block.str(token).parse().is_ok_and(|value: u32| value > 2400))
        })
        .count();
    if last < at + 3 || late < 2 {
        return None;
    }
    let label = match lead(block, at) {
        Lead::Label(label, _) => label,
        _ => Label::Identifier,
    };
    let end = block.token(last)?.end as usize;
    Some((Found::new(first.start as usize, end, label, 0.85, "long_number"), last))
}

/// A code that goes with what stands before it: the plate of a car, the number of a device, of a subject of a study.
fn of_thing(
    block: &Block<'_>,
    (from, at): (usize, usize),
    (start, end): (usize, usize),
    (digits, letters): (usize, usize),
) -> Option<Found> {
    let text = block.text.get(start..end)?;
    let small = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let before = block.near(from, -1)?;
    let gap = block.token(from)?.gap;
    if gap.has(Gap::NEWLINE | Gap::SLASH) {
        return None;
    }
    // `subject S-0092`, `pt S-0092`.
    if from != at
        && letters == 1
        && (3..=6).contains(&digits)
        && before.is(Cue::Person)
        && gap.only(Gap::SPACE)
    {
        return Some(Found::new(start, end, Label::Identifier, 0.7, "number_of_subject"));
    }
    // `last four 2291`, `ending in 4471`.
    if letters == 0 && digits == 4 && !text.starts_with("19") && !text.starts_with("20") {
        let word = |by: isize, list: &[&str]| {
            block
                .near(from, by)
                .is_some_and(|near| list.iter().any(|word| block.str(near).eq_ignore_ascii_case(word)))
        };
        let tail = word(-1, &["four", "4"]) && word(-2, &["last", "final"])
            || word(-1, &["ending", "ends"])
            || word(-1, &["in", "with"]) && word(-2, &["ending", "ends"]);
        return tail.then(|| Found::new(start, end, Label::Identifier, 0.8, "last_digits"));
    }
    if small || letters == 0 || digits < 2 {
        return None;
    }
    if before.is(Cue::DeviceKind) && text.len() >= 6 {
        return Some(Found::new(start, end, Label::Device, 0.75, "device_word"));
    }
    let of_car = (1..=6).any(|by| block.near(from, -by).is_some_and(|near| near.is(Cue::VehicleKind)));
    (of_car && (5..=8).contains(&(digits + letters)))
        .then(|| Found::new(start, end, Label::Vehicle, 0.75, "vehicle_word"))
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
        let led = (1..=3).any(|by| block.near(at, -by).is_some_and(|token| token.is(Cue::IdVehicle)))
            || token.len() == 3
                && next.len() >= 3
                && (1..=5).any(|by| block.near(at, -by).is_some_and(|token| token.is(Cue::VehicleKind)));
        if close && number && led && !token.is(Cue::IdVehicle) {
            let last = at + 1;
            return Some((
                Found::new(token.start as usize, next.end as usize, Label::Vehicle, 0.85, "vehicle_cue"),
                last,
            ));
        }
    }
    // `P.S. 321`: a school.
    if block.is_word(at, "p")
        && block.is_word(at + 1, "s")
        && block.gap_is(at + 1, ".")
        && block.gap_is(at + 2, ". ")
        && let Some(school) = block.token(at + 2).filter(|next| next.kind == Kind::Number && next.len() <= 3)
    {
        let found = Found::new(
            token.start as usize,
            school.end as usize,
            Label::OrganisationName,
            0.85,
            "school_number",
        );
        return Some((found, at + 2));
    }
    // `A 098-441-227`, `A# 098441227`: the number of somebody who is no citizen.
    if block.is_word(at, "a") && token.shape == Shape::Initial {
        let group = |by: usize, length: usize| {
            block.token(at + by).is_some_and(|token| token.kind == Kind::Number && token.len() == length)
        };
        let apart = matches!(block.gap_text(at + 1), " " | "-" | "#" | "# " | "#: ");
        let groups = group(1, 3)
            && group(2, 3)
            && group(3, 3)
            && block.gap_is(at + 2, "-")
            && block.gap_is(at + 3, "-");
        if apart && (groups || group(1, 9)) {
            let last = if groups { at + 3 } else { at + 1 };
            let end = block.token(last)?.end as usize;
            return Some((
                Found::new(token.start as usize, end, Label::Identifier, 0.85, "alien_number"),
                last,
            ));
        }
    }
    // `P 118820` after `placard`.
    if token.shape == Shape::Initial
        && let Some(next) = block.token(at + 1).filter(|next| next.kind == Kind::Number)
        && matches!(block.gap_text(at + 1), " " | "-" | "# " | "#")
        && let Lead::Label(label @ (Label::Vehicle | Label::Licence | Label::Identifier), why)
        | Lead::Maybe(label @ (Label::Vehicle | Label::Licence | Label::Identifier), why) = lead(block, at)
        && next.len() >= 5
    {
        let found = Found::new(token.start as usize, next.end as usize, label, 0.85, why);
        return Some((found, at + 1));
    }
    // `ID XEH 904 118 827`: a prefix of letters, then digits in groups.
    let letter = token.shape == Shape::Initial && token.len() == 1;
    if (token.shape == Shape::Upper && (2..=4).contains(&token.len()) || letter)
        && !token.is_any(ANY_LEAD)
        && !token.is(Cue::Code)
        && let Lead::Label(label, why) = lead(block, at)
        && !matches!(label, Label::Phone | Label::Fax | Label::ProviderIdentifier)
        && (!letter || matches!(label, Label::Licence | Label::HealthPlan))
        && (1..=3).any(|by| block.near(at, -by).is_some_and(|near| near.is_any(ANY_LEAD)))
    {
        let part = |at: usize| {
            block.token(at).filter(|part| part.kind != Kind::Word && (2..=9).contains(&part.len()))
        };
        let (mut last, mut digits) = (at, 0);
        while let Some(next) = part(last + 1)
            && matches!(block.gap_text(last + 1), " " | "-")
            && last < at + 5
        {
            let measured = block.token(last + 2).is_some_and(|after| {
                (after.is(Cue::Measure) || after.is(Cue::Age)) && block.gap_is(last + 2, " ") && last > at
            });
            if measured {
                break;
            }
            digits += block.str(next).bytes().filter(u8::is_ascii_digit).count();
            last += 1;
        }
        if digits >= 5 {
            let end = block.token(last)?.end as usize;
            return Some((Found::new(token.start as usize, end, label, 0.85, why), last));
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
