//! The diagnosis edits of the Medicare Code Editor, from its lists, on the day of the claim.
//!
//! A table `mce` has a row for each code with the names of the lists that hold it (attribute `lists`), and rows
//! `#age_newborn`, `#age_pediatric`, `#age_maternity`, `#age_adult` with the ages of each (attributes `min_age`, `max_age`);
//! a row that has days of its own holds on these. One table is part of the library; one that the user loads goes before it.
//! The sex edits were deactivated for discharges from 2024-10-01; before that day they hold where a list is loaded.

use jiff::civil::{Date, date};

use super::case::{Case, MCE, Said};
use crate::codes::context::{CodeContext, Sex};
use crate::codes::lists::CodeList;
use crate::codes::tables::Tables;
use crate::codes::verdict::Reason;
use crate::record::Severity;

const SEX_ENDED: Date = date(2024, 10, 1);
const AGES: [&str; 4] = ["age_newborn", "age_pediatric", "age_maternity", "age_adult"];
const SOURCE: &str = "CMS, Definitions of Medicare Code Edits";

pub(super) fn check(case: &mut Case<'_>) {
    if case.claim.diagnoses.is_empty() {
        return;
    }
    let tables = case.tables(MCE);
    let Some(table) = tables.first() else {
        case.not_examined("diagnoses", "list of the Medicare Code Editor");
        return;
    };
    let mut found = Vec::new();
    for judged in case.diagnoses.iter().filter(|judged| !judged.key.is_empty()) {
        let row = Row::of(table, &judged.key, Some(case.through));
        if let Some(list) = row.age_conflict(case.claim.age_years) {
            found.push((
                judged.path(),
                "age_conflict",
                format!("the patient's age is outside {}", named(list)),
            ));
        }
        if row.sex_conflict(case.claim.sex, case.through) {
            let message = "the code is one of the other sex's list".to_owned();
            found.push((judged.path(), "sex_conflict", message));
        }
        if !judged.is_principal() {
            continue;
        }
        if row.has("manifestation_not_pdx") {
            let message = "a manifestation of an underlying disease never stands first; the disease does";
            found.push((judged.path(), "manifestation_principal", message.to_owned()));
        }
        if case.is_inpatient() && row.has("unacceptable_pdx") {
            let message =
                "a circumstance that influences health, not a current illness: no principal diagnosis";
            found.push((judged.path(), "unacceptable_principal", message.to_owned()));
        }
        if case.is_inpatient() && row.has("unacceptable_pdx_unless_secondary") && case.diagnoses.len() == 1 {
            let message = "as principal diagnosis the code needs a secondary diagnosis";
            found.push((judged.path(), "requires_secondary_diagnosis", message.to_owned()));
        }
    }
    let release = table.release_on(case.through);
    for (path, code, message) in found {
        let (source, release) = (SOURCE.to_owned(), release.clone());
        case.find(path, None, Said { code, severity: Severity::Error, message, source, release });
    }
}

/// The lists of one code.
struct Row<'t> {
    table: &'t CodeList,
    day: Option<Date>,
    lists: &'t str,
}

impl<'t> Row<'t> {
    fn of(table: &'t CodeList, key: &str, day: Option<Date>) -> Self {
        let lists = attribute(table, (key, day), "lists").unwrap_or_default();
        Self { table, day, lists }
    }

    fn has(&self, list: &str) -> bool {
        self.lists.split(' ').any(|known| known == list)
    }

    /// The age list that holds the code and not the patient's age.
    fn age_conflict(&self, age: Option<u16>) -> Option<&'static str> {
        let age = age?;
        AGES.into_iter().filter(|list| self.has(list)).find(|list| {
            let row = format!("#{list}");
            let bound = |name| {
                attribute(self.table, (&row, self.day), name).and_then(|text| text.parse::<u16>().ok())
            };
            bound("min_age").is_some_and(|least| age < least)
                || bound("max_age").is_some_and(|most| age > most)
        })
    }

    fn sex_conflict(&self, sex: Option<Sex>, day: Date) -> bool {
        day < SEX_ENDED
            && match sex {
                Some(Sex::Male) => self.has("sex_female"),
                Some(Sex::Female) => self.has("sex_male"),
                _ => false,
            }
    }
}

fn attribute<'t>(table: &'t CodeList, (code, day): (&str, Option<Date>), name: &str) -> Option<&'t str> {
    let row = table.row_on(code, day)?;
    table.attributes(row).find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn named(list: &str) -> &'static str {
    match list {
        "age_newborn" => "the newborn list's ages",
        "age_pediatric" => "the pediatric list's ages",
        "age_maternity" => "the maternity list's ages",
        _ => "the adult list's ages",
    }
}

/// What the editor's lists say of one valid code in its context: the reason of a verdict. Without a day the newest
/// list is asked.
pub(crate) fn edit_of(tables: &Tables, key: &str, context: &CodeContext) -> Option<Reason> {
    let table = match context.on {
        Some(day) => tables.covering(MCE, day).next(),
        None => tables.newest(MCE),
    }?;
    let row = Row::of(table, key, context.on);
    if context.on.is_some_and(|day| row.sex_conflict(context.sex, day)) {
        Some(Reason::SexConflict)
    } else if row.age_conflict(context.age_years).is_some() {
        Some(Reason::AgeConflict)
    } else if context.principal && row.has("manifestation_not_pdx") {
        Some(Reason::ManifestationPrincipal)
    } else if context.principal && row.has("unacceptable_pdx") {
        Some(Reason::UnacceptablePrincipal)
    } else {
        None
    }
}

/// An edit's reason in words.
pub(crate) const fn edit_in_words(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::SexConflict => "the Medicare Code Editor has the code in the list of the other sex",
        Reason::AgeConflict => {
            "the patient's age is outside the Medicare Code Editor's list that has the code"
        }
        Reason::UnacceptablePrincipal => {
            "no principal diagnosis of an inpatient stay: the Medicare Code Editor's list has it"
        }
        Reason::ManifestationPrincipal => {
            "a manifestation never stands first; the underlying disease does (guidelines I.A.13)"
        }
        _ => return None,
    })
}
