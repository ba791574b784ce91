//! Codes that took effect in the middle of a fiscal year: the release before their day has what the year's source has,
//! less those codes, and with the codes above them as the year before had them.
//!
//! `rules/icd10cm/updates.csv` lists them with their day, as the conversion table of the National Center for Health
//! Statistics gives it.

use std::collections::HashSet;

use chartkeeper::codes::icd10cm::{Row, RowState, TabularSource};

use crate::Result;

/// A row and the day on which it took effect.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Update {
    pub(super) code: String,
    pub(super) effective: String,
}

/// The updates of all years.
pub(super) fn updates() -> Result<Vec<Update>> {
    let text = include_bytes!("../../rules/icd10cm/updates.csv");
    Ok(csv::Reader::from_reader(&text[..]).deserialize().collect::<std::result::Result<_, _>>()?)
}

/// The year as it was before the codes of a day: `year` has them, `before` is the year before.
pub(super) fn without(
    year: &TabularSource,
    before: &TabularSource,
    codes: &[&Update],
) -> Result<TabularSource> {
    let new = |code: &str| codes.iter().any(|update| update.code == code);
    let above = |code: &str| codes.iter().any(|update| update.code.starts_with(code) && update.code != code);
    if let Some(lost) = codes.iter().find(|update| !year.rows.iter().any(|row| row.code == update.code)) {
        return Err(format!("updates.csv: the year of {} has no row {}", lost.effective, lost.code).into());
    }
    let mut out = rows_only(year);
    out.rows.clear();
    for row in year.rows.iter().filter(|row| !new(&row.code)) {
        if !above(&row.code) {
            out.rows.push(row.clone());
        } else if let Some(earlier) = before.rows.iter().find(|earlier| earlier.code == row.code) {
            let row = adopted(earlier, before, &mut out)?;
            out.rows.push(row);
        }
    }
    Ok(out)
}

/// The year with the codes of a day, which only the year `after` has, and the headings above them.
pub(super) fn with(year: &TabularSource, after: &TabularSource, codes: &[&Update]) -> Result<TabularSource> {
    let mut out = rows_only(year);
    let mut before: Option<&str> = None;
    let listed: HashSet<&str> = year.rows.iter().map(|row| row.code.as_str()).collect();
    for row in &after.rows {
        let known = listed.contains(row.code.as_str());
        if !known && codes.iter().any(|update| update.code.starts_with(&row.code)) {
            let found = before.and_then(|before| out.rows.iter().position(|row| row.code == before));
            let mut at = found.map_or(0, |found| found + 1);
            while out.rows.get(at).zip(before).is_some_and(|(next, before)| next.code.starts_with(before)) {
                at += 1;
            }
            let row = adopted(row, after, &mut out)?;
            out.rows.insert(at, row);
        } else if !known {
            continue;
        }
        before = Some(&row.code);
    }
    match codes.iter().find(|update| !out.rows.iter().any(|row| row.code == update.code)) {
        Some(lost) => Err(format!("updates.csv: no list has {}", lost.code).into()),
        None => Ok(out),
    }
}

/// A source without its blocks and notes, which are the whole year's.
fn rows_only(source: &TabularSource) -> TabularSource {
    TabularSource { blocks: Vec::new(), note_releases: Vec::new(), notes: Vec::new(), ..source.clone() }
}

/// A row of one source as a row of another.
fn adopted(row: &Row, from: &TabularSource, into: &mut TabularSource) -> Result<Row> {
    let mut row = row.clone();
    for state in &mut row.states {
        if let RowState::NeedsSeventh(set) = state {
            let set = from.sevenths.get(usize::from(*set)).ok_or("a row names a set that is not there")?;
            *state = RowState::NeedsSeventh(into.set_number(set)?);
        }
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use chartkeeper::codes::icd10cm::Release;

    use super::*;

    fn source(rows: &[(&str, RowState)]) -> TabularSource {
        let release = Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() };
        let mut source = TabularSource::empty(release);
        source.rows = rows
            .iter()
            .map(|(code, state)| Row {
                code: (*code).into(),
                title: (*code).into(),
                states: vec![*state],
                other_titles: Vec::new(),
            })
            .collect();
        source
    }

    fn rows(source: &TabularSource) -> Vec<(&str, RowState)> {
        source.rows.iter().map(|row| (row.code.as_str(), row.states[0])).collect()
    }

    #[test]
    fn a_year_is_taken_apart_at_a_day() {
        use RowState::{Billable, Header};
        let before = source(&[("M35", Header), ("M358", Billable), ("M359", Billable)]);
        let year = source(&[
            ("M35", Header),
            ("M358", Header),
            ("M3581", Billable),
            ("M359", Billable),
            ("U07", Header),
            ("U071", Billable),
        ]);
        let update = |code: &str| Update { code: code.into(), effective: "2002-01-01".into() };
        let (a, b) = (update("M3581"), update("U071"));
        let expected = [("M35", Header), ("M358", Billable), ("M359", Billable)];
        assert_eq!(rows(&without(&year, &before, &[&a, &b]).unwrap()), expected);
        let expected =
            [("M35", Header), ("M358", Billable), ("M359", Billable), ("U07", Header), ("U071", Billable)];
        assert_eq!(rows(&with(&before, &year, &[&b]).unwrap()), expected);
        assert!(without(&before, &before, &[&b]).is_err());
        assert!(with(&before, &before, &[&b]).is_err());
    }
}
