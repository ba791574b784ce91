//! What was meant by the ways of writing a unit that are in use and are not UCUM.

use super::expression::parse;
use super::table::Table;

/// Whole expressions and parts between operators, as they are written, and the unit.
const WRITTEN: &[(&str, &str)] = &[
    ("mcg", "ug"),
    ("µg", "ug"),
    ("μg", "ug"),
    ("mcL", "uL"),
    ("µL", "uL"),
    ("μL", "uL"),
    ("cc", "mL"),
    ("ml", "mL"),
    ("IU", "[IU]"),
    ("iU", "[iU]"),
    ("mIU", "m[IU]"),
    ("mmHg", "mm[Hg]"),
    ("mm Hg", "mm[Hg]"),
    ("cmH2O", "cm[H2O]"),
    ("cm H2O", "cm[H2O]"),
    ("degF", "[degF]"),
    ("°F", "[degF]"),
    ("F", "[degF]"),
    ("degC", "Cel"),
    ("°C", "Cel"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("in", "[in_i]"),
    ("inch", "[in_i]"),
    ("ft", "[ft_i]"),
    ("gal", "[gal_us]"),
    ("tsp", "[tsp_us]"),
    ("tbsp", "[tbs_us]"),
    ("ppm", "[ppm]"),
    ("ppb", "[ppb]"),
    ("ph", "[pH]"),
    ("pH", "[pH]"),
    ("sec", "s"),
    ("secs", "s"),
    ("mins", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "wk"),
    ("weeks", "wk"),
    ("month", "mo"),
    ("months", "mo"),
    ("year", "a"),
    ("years", "a"),
    ("yr", "a"),
    ("gm", "g"),
    ("gms", "g"),
    ("kgs", "kg"),
    ("Kg", "kg"),
    ("KG", "kg"),
    ("liter", "L"),
    ("litre", "L"),
    ("percent", "%"),
    ("bpm", "/min"),
    ("beats/min", "/min"),
    ("breaths/min", "/min"),
    ("mEq", "meq"),
    ("mEQ", "meq"),
    ("mOsm", "mosm"),
    ("Cal", "[Cal]"),
    ("dL", "dL"),
    ("x10^3", "10*3"),
    ("K", "10*3"),
];

/// The units that may have been meant, all of them valid.
pub(super) fn meant(text: &str, table: &Table) -> Vec<String> {
    let text = text.trim();
    let mut out: Vec<String> = Vec::new();
    let mut offer = |candidate: String| {
        if candidate != text && !out.contains(&candidate) && parse(&candidate, table).is_ok() {
            out.push(candidate);
        }
    };
    let written = |part: &str| WRITTEN.iter().find(|(known, _)| *known == part).map(|(_, unit)| *unit);
    if let Some(unit) = written(text) {
        offer(unit.to_owned());
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    offer(plain.clone());
    // Part by part: as it is written elsewhere, or with other capitals.
    let parts: Vec<&str> = plain.split_inclusive(['.', '/']).collect();
    let mended: String = parts.iter().map(|part| mend(part, table)).collect();
    offer(mended);
    out
}

fn mend(part: &str, table: &Table) -> String {
    let (unit, operator) = match part.strip_suffix(['.', '/']) {
        Some(unit) => part.split_at(unit.len()),
        None => (part, ""),
    };
    if unit.is_empty() || parse(unit, table).is_ok() {
        return part.to_owned();
    }
    let written = WRITTEN.iter().find(|(known, _)| *known == unit).map(|(_, meant)| (*meant).to_owned());
    // Two units that differ in capitals alone are no suggestion for each other.
    let mut alike = table.codes().filter(|code| code.eq_ignore_ascii_case(unit));
    let alike = alike.next().filter(|_| alike.next().is_none()).map(str::to_owned);
    written.or(alike).map_or_else(|| part.to_owned(), |meant| format!("{meant}{operator}"))
}
