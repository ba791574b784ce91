//! Service lines: HCPCS and CPT codes and modifiers, and the National Correct Coding Initiative's edits from the
//! user's own files.
//!
//! A table `ncci-ptp` has rows `COLUMN1 COLUMN2` with their days and the attribute `modifier` (0 not allowed, 1
//! allowed, 9 not applicable); a table `ncci-mue` has rows by code with `units` and `mai` (1 by line, 2 and 3 by day).
//! Where a table is for one setting, its attribute `setting` says which.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Setting;
use super::case::{Case, Said, day};
use crate::codes::context::CodeContext;
use crate::codes::lists::CodeList;
use crate::codes::tables::{NCCI_MUE, NCCI_PTP};
use crate::codes::verdict::Status;
use crate::record::Severity;

/// Modifiers that the NCCI policy manual (chapter 1, section E) lets pass a pair whose indicator is 1.
const PASSING: &[&str] = &[
    "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA", "T1", "T2",
    "T3", "T4", "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "RC", "LM", "RI", "24", "25", "57",
    "58", "78", "79", "27", "59", "91", "XE", "XS", "XP", "XU",
];
const NCCI: &str = "CMS, National Correct Coding Initiative";

/// A line with its code in the normal form.
struct Line {
    at: usize,
    code: String,
    date: Date,
    units: f64,
    passing: bool,
}

pub(super) fn check(case: &mut Case<'_>) {
    if case.claim.lines.is_empty() {
        return;
    }
    let lines = read(case);
    pairs(case, &lines);
    units(case, &lines);
}

fn read(case: &mut Case<'_>) -> Vec<Line> {
    let claim = case.claim;
    let mut out = Vec::new();
    for (at, line) in claim.lines.iter().enumerate() {
        let path = format!("lines[{at}].date");
        let date = line.date.as_deref().map_or(Ok(case.from), |text| day(text, || path.clone()));
        let Ok(date) = date else {
            let message = "the line's day is no calendar date in the form YYYY-MM-DD";
            case.find(path, None, said("line_invalid", Severity::Error, message, "UB-04, CMS-1500"));
            continue;
        };
        for (number, modifier) in line.modifiers.iter().enumerate() {
            let formed = modifier.len() == 2 && modifier.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !formed {
                let path = format!("lines[{at}].modifiers[{number}]");
                let message = "a modifier is two letters or digits";
                case.find(path, None, said("modifier_invalid", Severity::Error, message, "HCPCS, CPT"));
            }
        }
        let context = CodeContext { on: Some(date), ..CodeContext::default() };
        let Some(code) = judge(case, at, &line.code, &context) else { continue };
        let passing =
            line.modifiers.iter().any(|modifier| PASSING.contains(&modifier.to_ascii_uppercase().as_str()));
        out.push(Line { at, code, date, units: line.units.unwrap_or(1.0), passing });
    }
    out
}

/// The normal form of a line's code; a letter first is HCPCS Level II, a digit CPT.
fn judge(case: &mut Case<'_>, at: usize, code: &str, context: &CodeContext) -> Option<String> {
    let letter = code.trim().starts_with(|c: char| c.is_ascii_alphabetic());
    let verdict = case.codes.validate(if letter { "hcpcs" } else { "cpt" }, code, context).ok()?;
    if verdict.status() == Status::Invalid {
        let detail = verdict.detail().unwrap_or_default();
        let said = Said {
            code: "line_invalid",
            severity: Severity::Error,
            message: format!("{}: {detail}", verdict.reason().unwrap_or_default()),
            source: if letter { "CMS, HCPCS Level II" } else { "CPT" }.to_owned(),
            release: verdict.release().unwrap_or_default().to_owned(),
        };
        case.find(format!("lines[{at}].code"), None, said);
    }
    verdict.code().map(str::to_owned)
}

fn said(code: &'static str, severity: Severity, message: &str, source: &str) -> Said {
    Said { code, severity, message: message.to_owned(), source: source.to_owned(), release: String::new() }
}

fn is_for(table: &CodeList, row: usize, setting: Option<Setting>) -> bool {
    let wanted = match setting {
        Some(Setting::Professional) => "professional",
        Some(Setting::Outpatient | Setting::Inpatient) => "outpatient",
        None => return true,
    };
    table.attributes(row).find(|(name, _)| *name == "setting").is_none_or(|(_, value)| value == wanted)
}

/// Procedure-to-procedure edits: of two codes on one day the second column is not paid beside the first.
fn pairs(case: &mut Case<'_>, lines: &[Line]) {
    if lines.len() < 2 {
        return;
    }
    let tables = case.tables(NCCI_PTP);
    if tables.is_empty() {
        case.not_examined("lines", "table of NCCI procedure-to-procedure edits");
        return;
    }
    for first in lines {
        for second in lines.iter().filter(|second| second.at != first.at && second.date == first.date) {
            let key = format!("{} {}", first.code, second.code);
            let row = tables.iter().find_map(|table| {
                let holds = |row: &usize| table.holds(*row, first.date) && is_for(table, *row, case.setting);
                table.rows(&key).find(holds).map(|row| (*table, row))
            });
            let Some((table, row)) = row else { continue };
            let modifier =
                table.attributes(row).find(|(name, _)| *name == "modifier").map(|(_, value)| value);
            let (code, message) = match modifier {
                Some("9") => continue,
                Some("1") if second.passing || first.passing => continue,
                Some("1") => (
                    "ncci_modifier_needed",
                    "the code is part of the other one of the same day, unless a modifier says why it is not",
                ),
                _ => (
                    "ncci_pair",
                    "the code is part of the other one of the same day, and no modifier changes that",
                ),
            };
            let release = table.info().release.clone();
            let said = Said { release, ..said(code, Severity::Error, message, NCCI) };
            case.find(format!("lines[{}].code", second.at), Some(format!("lines[{}].code", first.at)), said);
        }
    }
}

/// Medically unlikely edits: the most units of a code, by line or by day.
fn units(case: &mut Case<'_>, lines: &[Line]) {
    let tables = case.tables(NCCI_MUE);
    if tables.is_empty() {
        case.not_examined("lines", "table of NCCI medically unlikely edits");
        return;
    }
    let mut days: BTreeMap<(&str, Date), f64> = BTreeMap::new();
    for line in lines {
        *days.entry((line.code.as_str(), line.date)).or_default() += line.units;
    }
    for line in lines {
        let row = tables.iter().find_map(|table| {
            let holds = |row: &usize| table.holds(*row, line.date) && is_for(table, *row, case.setting);
            table.rows(&line.code).find(holds).map(|row| (*table, row))
        });
        let Some((table, row)) = row else { continue };
        let of = |name| table.attributes(row).find(|(known, _)| *known == name).map(|(_, value)| value);
        let Some(most) = of("units").and_then(|text| text.parse::<f64>().ok()) else { continue };
        let by_line = of("mai") == Some("1");
        let day = days.get(&(line.code.as_str(), line.date)).copied().unwrap_or(line.units);
        let first = lines.iter().find(|other| other.code == line.code && other.date == line.date);
        let count = if by_line { line.units } else { day };
        if count > most && (by_line || first.is_some_and(|first| first.at == line.at)) {
            let message = format!(
                "more units than the {most} that are likely for one patient in a {}",
                if by_line { "line" } else { "day" }
            );
            let said = Said {
                release: table.info().release.clone(),
                ..said("mue_exceeded", Severity::Error, &message, NCCI)
            };
            case.find(format!("lines[{}].units", line.at), None, said);
        }
    }
}
