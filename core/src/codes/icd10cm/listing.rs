//! A release of ICD-10-CM from a flat listing: every code in order with its flag and title, completed codes too, as
//! the order file has them.
//!
//! The tabular list gives 7th characters once and the listing repeats them; here they are found again. The codes
//! directly below a heading that are its own, filled with X to six, and one character more, under its title and what
//! follows a comma, are the heading's 7th characters.

use super::shape::{Key, LONGEST};
use super::source::{Release, Row, RowState, TabularSource, refuse};
use crate::error::Result;

/// A line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCode {
    /// The code without its dot.
    pub code: String,
    /// Whether it may be reported.
    pub billable: bool,
    /// Its title in full.
    pub title: String,
}

/// What a 7th character adds to the title of its row.
fn meaning<'t>(row: &ListedCode, completed: &'t ListedCode) -> Option<(char, &'t str)> {
    let (key, whole) = (Key::of(&row.code)?, Key::of(&completed.code)?);
    if row.billable || !completed.billable || whole.len() != LONGEST || key.len() == LONGEST {
        return None;
    }
    let stem = key.padded(LONGEST - 1);
    let added = completed.title.strip_prefix(row.title.as_str())?.strip_prefix(", ")?;
    (whole.head(LONGEST - 1) == stem && !added.is_empty()).then(|| (char::from(whole.last()), added))
}

impl TabularSource {
    /// The source of one release. It has no chapters, sections or notes.
    ///
    /// # Errors
    /// `pack_malformed` where a line is no code, or there are more sets of 7th characters than there is room for.
    pub fn of_listing(release: Release, listing: &[ListedCode]) -> Result<Self> {
        let mut source = Self::empty(release);
        let mut rest = listing;
        while let Some((first, after)) = rest.split_first() {
            let run = after.iter().take_while(|line| line.code.starts_with(&first.code)).count();
            let below = after.get(..run).unwrap_or_default();
            let set: Option<Vec<(char, String)>> = below
                .iter()
                .map(|line| meaning(first, line).map(|(character, added)| (character, added.to_owned())))
                .collect();
            let set = set.filter(|set| !set.is_empty());
            let state = match &set {
                Some(set) => RowState::NeedsSeventh(source.set_number(set)?),
                None if first.billable => RowState::Billable,
                None => RowState::Header,
            };
            if Key::of(&first.code).is_none() {
                return Err(refuse("a line of the listing is no code".into()));
            }
            let (code, title) = (first.code.clone(), first.title.clone());
            source.rows.push(Row { code, title, states: vec![state], other_titles: Vec::new() });
            rest = if set.is_some() { after.get(run..).unwrap_or_default() } else { after };
        }
        Ok(source)
    }

    /// A release without rows yet.
    #[must_use]
    pub fn empty(release: Release) -> Self {
        Self {
            releases: vec![release],
            rows: Vec::new(),
            sevenths: Vec::new(),
            blocks: Vec::new(),
            note_releases: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The number of a set of 7th characters, which is added where it is not known yet.
    ///
    /// # Errors
    /// `pack_malformed` where there are too many.
    pub fn set_number(&mut self, set: &[(char, String)]) -> Result<u8> {
        let known = self.sevenths.iter().position(|known| known == set).unwrap_or_else(|| {
            self.sevenths.push(set.to_vec());
            self.sevenths.len() - 1
        });
        let number = u8::try_from(known).ok().filter(|number| *number < u8::MAX - 3);
        number.ok_or_else(|| refuse("more sets of 7th characters than there is room for".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, billable: bool, title: &str) -> ListedCode {
        ListedCode { code: code.into(), billable, title: title.into() }
    }

    #[test]
    fn sets_of_7th_characters_are_found_again() {
        let release = Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() };
        let source = TabularSource::of_listing(
            release.clone(),
            &[
                line("W00", false, "Fall"),
                line("W000", false, "Fall on ice"),
                line("W000XXA", true, "Fall on ice, initial encounter"),
                line("W000XXD", true, "Fall on ice, subsequent encounter"),
                line("W03", false, "Other fall"),
                line("W03XXXA", true, "Other fall, initial encounter"),
                line("QA0", false, "Odd"),
                line("QA00101", true, "Odd, first"),
                line("I10", true, "Hypertension"),
            ],
        )
        .unwrap();
        let rows: Vec<(&str, RowState)> =
            source.rows.iter().map(|row| (row.code.as_str(), row.states[0])).collect();
        use RowState::{Billable, Header, NeedsSeventh};
        let expected = [
            ("W00", Header),
            ("W000", NeedsSeventh(0)),
            ("W03", NeedsSeventh(1)),
            ("QA0", Header),
            ("QA00101", Billable),
            ("I10", Billable),
        ];
        assert_eq!(rows, expected);
        assert_eq!(source.sevenths[0][1], ('D', "subsequent encounter".to_owned()));
        assert_eq!(source.sevenths[1], [('A', "initial encounter".to_owned())]);
        assert!(TabularSource::of_listing(release, &[line("x", true, "y")]).is_err());
    }
}
