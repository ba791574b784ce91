//! The diagnosis lists of the Medicare Code Editor, every code with the days on which a list has it, and the ages of the
//! age lists by date.

use std::collections::BTreeMap;

use chartkeeper::codes::lists::{ListRow, ListSource};
use chartkeeper::packs::PackInfo;

use crate::Result;
use crate::editor::{Age, Editor, Entry, date};
use crate::sources::Sources;

/// The first day on which ICD-10-CM was reported.
const FIRST: u32 = 20_151_001;

/// The lists that rules rest on: what the editor's table calls each, and what the library does.
const LISTS: &[(&str, &str)] = &[
    ("adult", "age_adult"),
    ("female", "sex_female"),
    ("male", "sex_male"),
    ("manifestation", "manifestation_not_pdx"),
    ("maternity", "age_maternity"),
    ("newborn", "age_newborn"),
    ("pediatric", "age_pediatric"),
    ("reqsdx", "unacceptable_pdx_unless_secondary"),
    ("unacceptable", "unacceptable_pdx"),
];

/// Compiles the pack.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let editor = Editor::open(sources)?;
    let table = editor.table("mce_i10dx_master")?;
    let mut of_codes: BTreeMap<&str, Vec<(u32, u32, String)>> = BTreeMap::new();
    for entry in &table.entries {
        let lists = lists(entry);
        if !lists.is_empty() {
            of_codes.entry(&entry.code).or_default().push((entry.from, entry.to, lists));
        }
    }
    let mut rows = Vec::new();
    for (code, mut times) in of_codes {
        times.sort_unstable();
        for (from, to, lists) in joined(times)? {
            rows.push(row(code, (from, to, table.end), vec![("lists".to_owned(), lists)])?);
        }
    }
    for Age { list, least, most, from, to } in editor.ages()?.into_iter().filter(|age| age.to >= FIRST) {
        let ages = vec![("min_age".to_owned(), least.to_string()), ("max_age".to_owned(), most.to_string())];
        let code = format!("#age_{}", list.to_lowercase());
        rows.push(row(&code, (from.max(FIRST), to, table.end), ages)?);
    }
    let info = PackInfo {
        name: "mce".into(),
        system: "mce".into(),
        release: "FY2016-FY2027".into(),
        effective_from: Some(date(FIRST)?.to_string()),
        effective_to: Some(date(table.end)?.to_string()),
        rows: 0,
        licence: "US Government work (CMS), public domain".into(),
        source: format!("Definitions of Medicare Code Edits: {}", editor.described),
        sha256: String::new(),
    };
    Ok(ListSource { rows }.compile(info)?)
}

fn row(code: &str, (from, to, end): (u32, u32, u32), attributes: Vec<(String, String)>) -> Result<ListRow> {
    let to = if to < end { Some(date(to)?) } else { None };
    Ok(ListRow { code: code.to_owned(), title: String::new(), from: Some(date(from)?), to, attributes })
}

/// The names of an entry's lists. A code that stands first only beside another is on that list alone.
fn lists(entry: &Entry) -> String {
    let has = |name: &str| entry.lists.iter().any(|list| list == name);
    let named = LISTS.iter().filter(|(name, _)| has(name) && !(*name == "unacceptable" && has("reqsdx")));
    named.map(|(_, list)| *list).collect::<Vec<_>>().join(" ")
}

/// Times that follow one another with the same lists as one: a list that no rule rests on divided them.
fn joined(times: Vec<(u32, u32, String)>) -> Result<Vec<(u32, u32, String)>> {
    let mut out: Vec<(u32, u32, String)> = Vec::new();
    for (from, to, lists) in times {
        let follows = |known: &(u32, u32, String)| -> Result<bool> {
            Ok(known.2 == lists && date(known.1)?.tomorrow()? == date(from)?)
        };
        match out.last_mut() {
            Some(known) if follows(known)? => known.1 = to,
            _ => out.push((from, to, lists)),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_no_rule_rests_on_divide_nothing() {
        let entry = |lists: &[&str]| Entry {
            code: "Z5189".into(),
            from: 20_151_001,
            to: 20_270_331,
            lists: lists.iter().map(|list| (*list).to_owned()).collect(),
        };
        assert_eq!(lists(&entry(&["unspecified", "ecodepdx"])), "");
        assert_eq!(lists(&entry(&["reqsdx", "unacceptable"])), "unacceptable_pdx_unless_secondary");
        assert_eq!(lists(&entry(&["female", "maternity"])), "sex_female age_maternity");
        let time = |from, to, lists: &str| (from, to, lists.to_owned());
        let times = vec![
            time(20_151_001, 20_220_331, "a"),
            time(20_220_401, 20_240_930, "a"),
            time(20_241_001, 20_270_331, "b"),
        ];
        let expected = [time(20_151_001, 20_240_930, "a"), time(20_241_001, 20_270_331, "b")];
        assert_eq!(joined(times).unwrap(), expected);
    }
}
