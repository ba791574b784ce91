//! ICD-10-CM: judging a code on a date of service, and explaining the judgement.
//!
//! The rules are those of the Official Guidelines for Coding and Reporting: only codes of the last level of
//! subdivision may be reported (I.A.3, I.B.2), a placeholder X must stand where the list has one (I.A.4), and a code
//! with an applicable 7th character is invalid without it, filled with X up to the sixth (I.A.5).

mod examine;
mod find;
mod hierarchy;
mod list;
mod listing;
mod merge;
mod notes;
mod shape;
mod source;
mod standing;
mod suggest;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::examine::Edition;
use self::list::{Place, TabularList};
pub use self::listing::ListedCode;
pub(crate) use self::shape::Key;
use self::shape::Reading;
pub(super) use self::source::release_section;
pub use self::source::{Block, NoteOwner, Release, Row, RowState, SourceNote, TabularSource};
pub(crate) use self::standing::Standing;
use super::context::{CodeContext, Facets};
use super::system::CodeSystem;
use super::terms::{ReleaseDates, Terms};
use super::verdict::{CodeEntry, CodeHit, CodeInfo, CodeName, Judgement, Reason, Status};
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// All loaded lists of ICD-10-CM, and their releases by date.
#[derive(Debug, Default)]
pub(crate) struct Icd10Cm {
    lists: Vec<TabularList>,
    terms: Terms,
    /// The codes that came in the place of others, by the conversion table that is loaded.
    successors: BTreeMap<String, Vec<String>>,
}

impl Icd10Cm {
    /// Adds the releases of a pack.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(crate) fn load(&mut self, pack: Pack) -> Result<()> {
        let list = TabularList::open(pack)?;
        let number = self.lists.len() as u8;
        self.terms.add(number, list.releases());
        self.lists.push(list);
        Ok(())
    }
}

impl Icd10Cm {
    /// The release for a day, and whether it covers it.
    #[inline]
    pub(crate) fn term(&self, on: Option<Date>) -> (u8, bool) {
        self.terms.choose(on)
    }

    /// What came in the place of codes.
    pub(crate) fn succeed(&mut self, successors: BTreeMap<String, Vec<String>>) {
        self.successors = successors;
    }

    /// The codes that came in the place of one that was judged, and may be reported.
    fn successors(&self, edition: Edition<'_>, judgement: &Judgement) -> Vec<String> {
        let codes = self.successors.get(judgement.code.as_str()).into_iter().flatten();
        let usable = |code: &&String| match shape::read(code) {
            Reading::Code(key) => edition.examine(key).reason.is_none(),
            _ => false,
        };
        codes.filter(usable).cloned().collect()
    }

    /// The titles of a code and of everything below it, 7th characters apart.
    pub(crate) fn titles_within(&self, code: &str, context: &CodeContext) -> Vec<String> {
        self.listed(code, context)
            .map(|(edition, place)| edition.titles_within(place.row))
            .unwrap_or_default()
    }

    /// How rare a word (its stem) is among the titles of the newest list.
    pub(crate) fn rarity_of_stem(&self, stem: &str) -> f32 {
        self.lists.last().map_or(1.0, |list| list.finder().rarity(stem))
    }

    /// The last day that a release covers.
    pub(crate) fn newest_day(&self) -> Option<Date> {
        self.terms.newest_day()
    }

    fn edition(&self, term: u8) -> Option<Edition<'_>> {
        let term = self.terms.get(term)?;
        Some(Edition { list: self.lists.get(usize::from(term.list))?, release: term.release })
    }

    fn dates(&self, term: u8) -> Option<&ReleaseDates> {
        let edition = self.edition(term)?;
        edition.list.releases().get(usize::from(edition.release))
    }

    /// The edition and the place of a judgement, where it has one.
    fn place(&self, judgement: &Judgement) -> Option<(Edition<'_>, Place)> {
        let known = judgement.row != Judgement::NO_ROW;
        let place = Place { row: judgement.row, seventh: judgement.seventh };
        self.edition(judgement.term).filter(|_| known).map(|edition| (edition, place))
    }
}

impl Icd10Cm {
    /// Judges a text in a release, which covers the day or not.
    #[inline]
    pub(crate) fn judge_in(&self, text: &str, (term, covered): (u8, bool)) -> Judgement {
        let (key, misplaced) = match shape::read(text) {
            Reading::Code(key) => (key, false),
            Reading::MisplacedDot(key) => (key, true),
            Reading::Malformed => {
                let mut judgement =
                    Judgement::new(Status::Invalid, Some(Reason::Malformed), suggest::attempt(text));
                judgement.term = term;
                return judgement;
            }
        };
        let Some(edition) = self.edition(term) else {
            return Judgement::new(Status::Unknown, Some(Reason::NotCovered), key.dotted());
        };
        let found = edition.examine(key);
        let billable = match found.reason {
            None => Some(true),
            Some(Reason::NotBillable | Reason::MissingSeventh) => Some(false),
            Some(_) => None,
        };
        let (status, reason, nearest) = match found.reason {
            None if misplaced => (Status::Invalid, Some(Reason::Malformed), None),
            nearest if !covered => (Status::Unknown, Some(Reason::NotCovered), nearest),
            None => (Status::Valid, None, None),
            reason => (Status::Invalid, reason, None),
        };
        let place = found.place.unwrap_or(Place { row: Judgement::NO_ROW, seventh: 0 });
        Judgement {
            status,
            reason,
            nearest,
            billable: if misplaced { None } else { billable },
            code: key.dotted(),
            seventh: place.seventh,
            term,
            system: 0,
            row: place.row,
        }
    }
}

impl CodeSystem for Icd10Cm {
    fn name(&self) -> &'static str {
        "icd10cm"
    }

    #[inline]
    fn judge(&self, text: &str, context: &CodeContext) -> Judgement {
        self.judge_in(text, self.term(context.on))
    }

    /// The title of the code itself: a code that was mended or is not there has none.
    fn title(&self, judgement: &Judgement) -> Option<String> {
        let finding = judgement.nearest.or(judgement.reason);
        if matches!(finding, Some(Reason::Malformed | Reason::NotFound | Reason::PlaceholderRequired)) {
            return None;
        }
        let (edition, place) = self.place(judgement)?;
        edition.title(place)
    }

    fn release(&self, judgement: &Judgement) -> Option<&str> {
        self.dates(judgement.term).map(|dates| dates.name.as_str())
    }

    fn suggestions(&self, judgement: &Judgement) -> Vec<String> {
        let finding = judgement.nearest.or(judgement.reason);
        match (self.edition(judgement.term), finding) {
            (Some(edition), Some(finding)) => {
                let mut out = self.successors(edition, judgement);
                let more = suggest::suggestions(edition, finding, judgement).into_iter();
                out.extend(more.filter(|code| !out.contains(code)).collect::<Vec<_>>());
                out
            }
            _ => Vec::new(),
        }
    }

    fn detail(&self, judgement: &Judgement) -> Option<String> {
        let edition = self.edition(judgement.term)?;
        let dates = self.dates(judgement.term)?;
        let finding = match judgement.reason? {
            Reason::NotCovered => judgement.nearest,
            reason => Some(reason),
        };
        let said = match finding {
            None => Some("a code that may be reported".to_owned()),
            Some(finding) => suggest::detail(edition, finding, judgement),
        };
        if judgement.reason != Some(Reason::NotCovered) {
            return said;
        }
        Some(format!(
            "no loaded release covers the date of service; the nearest, {} ({} to {}), says: {}; load a pack of that \
             year",
            dates.name,
            dates.from,
            dates.to,
            said.unwrap_or_default()
        ))
    }

    fn find(
        &self,
        query: &str,
        context: &CodeContext,
        facets: &Facets,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        let (term, _) = self.term(context.on);
        let (Some(edition), Some(dates)) = (self.edition(term), self.dates(term)) else {
            return Err(Error::new(&codes::NO_TITLES));
        };
        Ok(find::find(edition, &dates.name, query, facets, limit))
    }

    fn entry(&self, text: &str, context: &CodeContext) -> Option<CodeEntry> {
        let (term, _) = self.term(context.on);
        let (Reading::Code(key), Some(edition)) = (shape::read(text), self.edition(term)) else {
            return None;
        };
        let found = edition.examine(key);
        if !matches!(found.reason, None | Some(Reason::NotBillable | Reason::MissingSeventh)) {
            return None;
        }
        // A code with placeholders but no 7th character leads to its row; the entry is of what was written.
        let place = found.place.filter(|place| edition.list.key(*place) == key)?;
        Some(CodeEntry {
            system: self.name(),
            code: key.dotted().as_str().to_owned(),
            title: edition.title(place).unwrap_or_default(),
            billable: found.reason.is_none(),
            release: self.dates(term)?.name.clone(),
            parents: edition.parents(place),
            children: edition.children(place),
        })
    }

    fn info(&self, text: &str, context: &CodeContext) -> Option<CodeInfo> {
        let CodeEntry { system, code, title, billable, release, parents, children } =
            self.entry(text, context)?;
        let (edition, place) = self.listed(text, context)?;
        let notes = self.standing(text, context)?.notes();
        let takes = if place.seventh == 0 { edition.list.sevenths(place.row, edition.release) } else { &[] };
        let seventh = |(byte, meaning): &(u8, String)| CodeName {
            code: char::from(*byte).to_string(),
            title: meaning.clone(),
        };
        let seventh_characters = takes.iter().map(seventh).collect();
        Some(CodeInfo {
            system,
            code,
            title,
            billable,
            release,
            parents,
            children,
            seventh_characters,
            notes,
            relations: Vec::new(),
        })
    }

    fn releases(&self) -> Vec<&str> {
        (0..self.terms.len()).filter_map(|term| Some(self.dates(term)?.name.as_str())).collect()
    }

    fn reportable(&self, release: &str) -> Option<Vec<CodeName>> {
        let term = (0..self.terms.len())
            .rev()
            .find(|term| self.dates(*term).is_some_and(|dates| dates.name == release))?;
        Some(self.edition(term)?.reportable())
    }

    fn packs(&self) -> Vec<&PackInfo> {
        self.lists.iter().map(|list| list.pack().info()).collect()
    }
}

#[cfg(test)]
mod tests;
