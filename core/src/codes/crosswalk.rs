//! What loaded tables lead to from a code: its predecessors and successors, its equivalents in another system, its groups.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::Codes;
use super::context::CodeContext;
use super::tables::Tables;

pub(crate) const CONVERSION: &str = "icd10cm-conversion";

/// Tables that lead from codes of a system, by the names of their packs.
pub(crate) const TABLES: [(&str, &str); 7] = [
    (CONVERSION, "icd10cm"),
    ("gem-icd10cm", "icd10cm"),
    ("gem-icd9cm", "icd9cm"),
    ("gem-icd10pcs", "icd10pcs"),
    ("gem-icd9cm-procedures", "icd9cm-procedures"),
    ("ccsr-dx", "icd10cm"),
    ("ccsr-pr", "icd10pcs"),
];

/// A code that a loaded table leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeRelation {
    /// `predecessor` (what was assigned before the code came), `successor` (what came in its place), `maps_to` (the
    /// equivalent in another system), `group` (a category that it belongs to).
    pub kind: String,
    /// The system of the other code, such as `icd9cm` or `ccsr-dx`.
    pub system: String,
    /// The other code; `None` where the table says that there is none.
    pub code: Option<String>,
    /// Its title, where the table or a loaded release has one.
    pub title: Option<String>,
    /// What the table remarks: `exact`, `approximate`, a combination, the day from which it holds.
    pub detail: Option<String>,
    /// The release of the table.
    pub release: String,
}

/// A relation as an attribute's value: system, code, remark, title.
#[cfg(feature = "load")]
pub(super) fn written(parts: [&str; 4]) -> String {
    parts.map(|part| part.replace('|', "/")).join("|")
}

/// A code with its dot, as its system prints it.
pub(super) fn dotted(system: &str, code: &str) -> String {
    let place = match system {
        "icd10cm" => 3,
        "icd9cm" if code.starts_with('E') => 4,
        "icd9cm" => 3,
        "icd9cm-procedures" => 2,
        _ => return code.to_owned(),
    };
    match code.split_at_checked(place) {
        Some((head, rest)) if !rest.is_empty() && !code.contains('.') => format!("{head}.{rest}"),
        _ => code.to_owned(),
    }
}

/// What the loaded tables lead to from a code on a day; without a day, by all of them.
pub(super) fn relations(codes: &Codes, system: &str, code: &str, on: Option<Date>) -> Vec<CodeRelation> {
    let mut out = Vec::new();
    for (table, of) in TABLES {
        if of != system {
            continue;
        }
        // The table that began last of those that hold; an equivalence has no end.
        let Some(list) = codes.tables().latest(table, on) else { continue };
        for row in list.rows(code) {
            for (kind, value) in list.attributes(row) {
                let mut parts =
                    value.splitn(4, '|').map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()));
                let (Some(Some(to)), Some(code), Some(detail)) = (parts.next(), parts.next(), parts.next())
                else {
                    continue;
                };
                let titled = parts.next().flatten();
                let looked_up = || {
                    let entry =
                        codes.entry(&to, code.as_deref()?, &CodeContext { on, ..CodeContext::default() });
                    entry.ok().flatten().map(|entry| entry.title).filter(|title| !title.is_empty())
                };
                let title = titled.or_else(looked_up);
                let release = list.info().release.clone();
                out.push(CodeRelation { kind: kind.to_owned(), system: to, code, title, detail, release });
            }
        }
    }
    out
}

/// The codes that came in the place of others, by the conversion table that is loaded.
pub(super) fn successors(tables: &Tables) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if let Some(list) = tables.latest(CONVERSION, None) {
        for row in 0..list.count() {
            let successors = list.attributes(row).filter(|(kind, _)| *kind == "successor");
            let codes = successors.filter_map(|(_, value)| value.split('|').nth(1));
            for code in codes {
                out.entry(list.code(row).to_owned()).or_default().push(code.to_owned());
            }
        }
    }
    out
}
