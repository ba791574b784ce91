//! A fiscal year of which only the reportable codes are known, by the tables of the Medicare Code Editor: the rows of
//! the year next to it that are headings of these codes, and the codes, each with the title that the other year gives it.
//! A code that the other year has not stands without a title.

use std::collections::BTreeSet;

use chartkeeper::codes::icd10cm::{Release, Row, RowState, TabularSource};

use crate::Result;

/// The codes that a source lets be reported.
pub(super) fn reportable(source: &TabularSource) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for row in &source.rows {
        match row.states.first() {
            Some(RowState::Billable) => drop(out.insert(row.code.clone())),
            Some(RowState::NeedsSeventh(set)) => out.extend(completions(source, row, *set)),
            _ => {}
        }
    }
    out
}

fn completions(source: &TabularSource, row: &Row, set: u8) -> impl Iterator<Item = String> {
    let set = source.sevenths.get(usize::from(set)).map_or(&[][..], Vec::as_slice);
    set.iter().map(move |(character, _)| format!("{:X<6}{character}", row.code))
}

/// The year of the codes.
pub(super) fn year(near: &TabularSource, codes: &BTreeSet<&str>, release: Release) -> Result<TabularSource> {
    let mut out = TabularSource::empty(release);
    let mut left = codes.clone();
    for row in &near.rows {
        let state = match row.states.first() {
            Some(RowState::NeedsSeventh(set)) => {
                let known = near.sevenths.get(usize::from(*set)).map_or(&[][..], Vec::as_slice);
                let mut set = known.to_vec();
                set.retain(|(character, _)| left.remove(format!("{:X<6}{character}", row.code).as_str()));
                if set.is_empty() { None } else { Some(RowState::NeedsSeventh(out.set_number(&set)?)) }
            }
            _ => None,
        };
        let heads =
            || codes.range(row.code.as_str()..).next().is_some_and(|next| next.starts_with(&row.code));
        let state = match state {
            Some(state) => state,
            None if left.remove(row.code.as_str()) => RowState::Billable,
            None if heads() => RowState::Header,
            None => continue,
        };
        out.rows.push(Row { states: vec![state], other_titles: Vec::new(), ..row.clone() });
    }
    for code in left {
        let category = code.get(..3).ok_or("a code without category")?;
        if !out.rows.iter().any(|row| row.code == category) {
            let state = if code == category { RowState::Billable } else { RowState::Header };
            insert(&mut out, category, state);
        }
        if code != category {
            insert(&mut out, code, RowState::Billable);
        }
    }
    Ok(out)
}

/// Puts a row without title behind the rows of its category, or of its letter, that stand before it.
fn insert(source: &mut TabularSource, code: &str, state: RowState) {
    let before = |row: &Row| {
        let near = if code.len() == 3 { 1 } else { 3 };
        row.code.get(..near) == code.get(..near) && row.code.as_str() < code
    };
    let at = source.rows.iter().rposition(before).map_or(source.rows.len(), |at| at + 1);
    let row =
        Row { code: code.to_owned(), title: String::new(), states: vec![state], other_titles: Vec::new() };
    source.rows.insert(at, row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_known_by_its_codes() {
        let release = || Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() };
        let mut near = TabularSource::empty(release());
        let set = near.set_number(&[('A', "initial encounter".into()), ('D', "subsequent".into())]).unwrap();
        let row = |code: &str, state| Row {
            code: code.into(),
            title: code.to_lowercase(),
            states: vec![state],
            other_titles: Vec::new(),
        };
        use RowState::{Billable, Header, NeedsSeventh};
        near.rows = vec![
            row("A00", Header),
            row("A000", Billable),
            row("A001", Billable),
            row("B99", Billable),
            row("W00", Header),
            row("W000", NeedsSeventh(set)),
        ];
        assert_eq!(reportable(&near).len(), 5);
        let codes = BTreeSet::from(["A0001", "A001", "A009", "A01", "W000XXA"]);
        let year = year(&near, &codes, release()).unwrap();
        let rows: Vec<(&str, &str, RowState)> =
            year.rows.iter().map(|row| (row.code.as_str(), row.title.as_str(), row.states[0])).collect();
        let expected = [
            ("A00", "a00", Header),
            ("A000", "a000", Header),
            ("A0001", "", Billable),
            ("A001", "a001", Billable),
            ("A009", "", Billable),
            ("A01", "", Billable),
            ("W00", "w00", Header),
            ("W000", "w000", NeedsSeventh(0)),
        ];
        assert_eq!(rows, expected);
        assert_eq!(year.sevenths[0].len(), 1);
        let reported = reportable(&year);
        assert_eq!(reported.iter().map(String::as_str).collect::<BTreeSet<_>>(), codes);
    }
}
