//! ICD-10-PCS: judging a procedure's code on a date of service, by the tables of the release.
//!
//! A code is seven characters, each a value of an axis; the first three name a table, and the tables are exactly the
//! codes (guidelines A2-A5). Where a code is not of the release, [`Icd10Pcs`] says which axis fails and which values
//! the tables permit there.

mod labels;
mod list;
mod shape;
mod source;

use self::labels::{TABLE, axis};
use self::list::PcsList;
use self::shape::{Key, LENGTH, Reading};
pub use self::source::{AxisValue, PcsCode, PcsSource};
use super::context::{CodeContext, Facets};
use super::search;
use super::system::CodeSystem;
use super::terms::{ReleaseDates, Terms};
use super::text::CodeText;
use super::verdict::{CodeEntry, CodeHit, CodeName, Judgement, Reason, Status};
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// The most suggestions.
const LIMIT: usize = 16;

/// All loaded lists of ICD-10-PCS, and their releases by date.
#[derive(Debug, Default)]
pub(crate) struct Icd10Pcs {
    lists: Vec<PcsList>,
    terms: Terms,
}

/// A release and the list that holds it.
#[derive(Clone, Copy)]
struct Edition<'a> {
    list: &'a PcsList,
    release: u8,
}

impl Icd10Pcs {
    /// Adds the releases of a pack; one that the user brings is read whole at once.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(crate) fn load(&mut self, pack: Pack) -> Result<()> {
        let embedded = pack.is_embedded();
        let list = PcsList::open(pack)?;
        if !embedded {
            list.verify()?;
        }
        self.terms.add(self.lists.len() as u8, list.releases());
        self.lists.push(list);
        Ok(())
    }

    fn edition(&self, term: u8) -> Option<Edition<'_>> {
        let term = self.terms.get(term)?;
        Some(Edition { list: self.lists.get(usize::from(term.list))?, release: term.release })
    }

    /// The title of a whole code: of the list of a release, or else of another list that words it.
    fn title_of(&self, term: u8, key: Key) -> Option<String> {
        let own = self.edition(term).map(|edition| edition.list);
        let lists = own.into_iter().chain(self.lists.iter().rev());
        let mut titles = lists.filter_map(|list| list.title(list.row(key)?));
        titles.next()
    }

    /// What the last character of the beginning of a code means, by the list of a release or else by another.
    fn label(&self, term: u8, beginning: Key) -> Option<&str> {
        let own = self.edition(term).map(|edition| edition.list);
        own.into_iter().chain(self.lists.iter().rev()).find_map(|list| list.label(beginning))
    }

    /// The beginning of a code with what its last character means; a whole code with its title.
    fn named(&self, term: u8, key: Key) -> CodeName {
        let title = if key.len() == LENGTH {
            self.title_of(term, key)
        } else {
            self.label(term, key).map(str::to_owned)
        };
        CodeName { code: key.text().as_str().to_owned(), title: title.unwrap_or_default() }
    }

    /// The values that may stand behind the beginning of a code, in words.
    fn permitted(&self, term: u8, edition: Edition<'_>, beginning: Key) -> String {
        let place = beginning.len();
        let values = edition.list.permitted(beginning, edition.release);
        let named: Vec<String> = values
            .iter()
            .map(|value| match self.label(term, beginning.with(place, *value)) {
                Some(label) => format!("{} {label}", char::from(*value)),
                None => char::from(*value).to_string(),
            })
            .collect();
        named.join("; ")
    }

    /// Which axis of a code fails, and what is permitted there.
    fn failing(&self, term: u8, edition: Edition<'_>, key: Key, release: &str) -> String {
        let good = edition.list.permitted_part(key, edition.release);
        let place = good.len();
        let behind = match place {
            0 => format!("{release} has"),
            1..TABLE => format!("{release} has behind {}", good.text().as_str()),
            _ => format!("table {} has behind {}", key.head(TABLE).text().as_str(), good.text().as_str()),
        };
        let (axis, permitted) = (axis(key.at(0), place), self.permitted(term, edition, good));
        format!("character {} ({axis}) is none of those that {behind}: {permitted}", place + 1)
    }

    fn dates(&self, term: u8) -> Option<&ReleaseDates> {
        let edition = self.edition(term)?;
        edition.list.releases().get(usize::from(edition.release))
    }
}

impl Edition<'_> {
    /// What the release says of the beginning of a code, or of a whole one.
    #[inline]
    fn examine(self, key: Key) -> (u32, Option<Reason>) {
        if let Some(row) = self.list.row(key) {
            if self.list.has(row, self.release) {
                return (row, None);
            }
            let before = (0..self.release).any(|release| self.list.has(row, release));
            return (row, Some(if before { Reason::Retired } else { Reason::NotYetEffective }));
        }
        let begins = key.len() < LENGTH && self.list.beginning(key, self.release).next().is_some();
        (Judgement::NO_ROW, Some(if begins { Reason::NotBillable } else { Reason::NotFound }))
    }

    fn code(self, row: u32) -> String {
        self.list.key(row).map(|key| key.text().as_str().to_owned()).unwrap_or_default()
    }

    /// Codes near one that the release has not: the failing value exchanged for a permitted one and the rest kept, then
    /// those that begin as far as the tables permit.
    fn nearby(self, key: Key) -> Vec<u32> {
        let good = self.list.permitted_part(key, self.release);
        let place = good.len().min(key.len().saturating_sub(1));
        let head = if place == 0 { Key::from_bytes(&[]) } else { key.head(place) };
        let swapped = self.list.permitted(head, self.release).into_iter();
        let swapped = swapped.filter_map(|value| self.list.row(key.with(place, value)));
        let mut out: Vec<u32> = swapped.filter(|row| self.list.has(*row, self.release)).collect();
        if place > 0 {
            let more: Vec<u32> = self.list.beginning(head, self.release).take(LIMIT).collect();
            out.extend(more.into_iter().filter(|row| !out.contains(row)).collect::<Vec<_>>());
        }
        out.truncate(LIMIT);
        out
    }
}

fn key_of(judgement: &Judgement) -> Option<Key> {
    Key::of(judgement.code.as_str())
}

impl CodeSystem for Icd10Pcs {
    fn name(&self) -> &'static str {
        "icd10pcs"
    }

    fn judge(&self, text: &str, context: &CodeContext) -> Judgement {
        let (term, covered) = self.terms.choose(context.on);
        let malformed = |code| {
            let mut judgement = Judgement::new(Status::Invalid, Some(Reason::Malformed), code);
            judgement.term = term;
            judgement
        };
        let key = match shape::read(text) {
            Reading::Code(key) => key,
            Reading::Meant(code) => return malformed(code),
            Reading::Malformed => return malformed(CodeText::EMPTY),
        };
        let Some(edition) = self.edition(term) else {
            return Judgement::new(Status::Unknown, Some(Reason::NotCovered), key.text());
        };
        let (row, found) = edition.examine(key);
        let (status, reason, nearest) = match found {
            nearest if !covered => (Status::Unknown, Some(Reason::NotCovered), nearest),
            None => (Status::Valid, None, None),
            reason => (Status::Invalid, reason, None),
        };
        let mut judgement = Judgement::new(status, reason, key.text());
        (judgement.nearest, judgement.term, judgement.row) = (nearest, term, row);
        judgement.billable = match found {
            None => Some(true),
            Some(Reason::NotBillable) => Some(false),
            Some(_) => None,
        };
        judgement
    }

    fn title(&self, judgement: &Judgement) -> Option<String> {
        self.edition(judgement.term)?
            .list
            .key(judgement.row)
            .and_then(|key| self.title_of(judgement.term, key))
    }

    fn release(&self, judgement: &Judgement) -> Option<&str> {
        self.dates(judgement.term).map(|dates| dates.name.as_str())
    }

    fn suggestions(&self, judgement: &Judgement) -> Vec<String> {
        let finding = judgement.nearest.or(judgement.reason);
        let (Some(edition), Some(key)) = (self.edition(judgement.term), key_of(judgement)) else {
            return Vec::new();
        };
        let rows = match finding {
            Some(Reason::Malformed) => edition
                .list
                .row(key)
                .filter(|row| edition.list.has(*row, edition.release))
                .into_iter()
                .collect(),
            Some(Reason::NotBillable) => edition.list.beginning(key, edition.release).take(LIMIT).collect(),
            Some(Reason::NotFound | Reason::Retired | Reason::NotYetEffective) => edition.nearby(key),
            _ => Vec::new(),
        };
        rows.into_iter().map(|row| edition.code(row)).collect()
    }

    fn detail(&self, judgement: &Judgement) -> Option<String> {
        let (edition, dates) = (self.edition(judgement.term)?, self.dates(judgement.term)?);
        let finding = match judgement.reason? {
            Reason::NotCovered => judgement.nearest,
            reason => Some(reason),
        };
        let said = self.said(edition, finding, judgement, &dates.name).unwrap_or_default();
        if judgement.reason != Some(Reason::NotCovered) {
            return Some(said);
        }
        Some(format!(
            "no loaded release covers the date of service; the nearest, {} ({} to {}), says: {said}; load a pack of \
             that year",
            dates.name, dates.from, dates.to
        ))
    }

    fn find(
        &self,
        query: &str,
        context: &CodeContext,
        _facets: &Facets,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        let (term, _) = self.terms.choose(context.on);
        let (Some(edition), Some(dates)) = (self.edition(term), self.dates(term)) else {
            return Err(Error::new(&codes::NO_TITLES));
        };
        let hit = |row: u32, score: f64, why: Vec<String>| CodeHit {
            code: edition.code(row),
            title: edition.list.key(row).and_then(|key| self.title_of(term, key)).unwrap_or_default(),
            score,
            why,
            billable: true,
            release: dates.name.clone(),
        };
        let has = |row: &u32| edition.list.has(*row, edition.release);
        let itself = match shape::read(query) {
            Reading::Code(key) => edition.list.row(key).filter(has),
            _ => None,
        };
        let keep = |row: usize| has(&(row as u32)) && itself != Some(row as u32);
        let found = search::plain(edition.list.index(), query, limit, keep).into_iter();
        let itself = itself.map(|row| hit(row, 1.0, vec!["code".to_owned()]));
        let found = found.map(|found| hit(found.row as u32, found.score, found.why));
        Ok(itself.into_iter().chain(found).take(limit).collect())
    }

    /// A code, or the beginning of one: what it stands below, character by character, and what the tables permit next.
    fn entry(&self, text: &str, context: &CodeContext) -> Option<CodeEntry> {
        let (term, _) = self.terms.choose(context.on);
        let (Reading::Code(key), Some(edition)) = (shape::read(text), self.edition(term)) else {
            return None;
        };
        let billable = match edition.examine(key).1 {
            None => true,
            Some(Reason::NotBillable) => false,
            Some(_) => return None,
        };
        let next = if billable { Vec::new() } else { edition.list.permitted(key, edition.release) };
        let own = self.named(term, key);
        Some(CodeEntry {
            system: self.name(),
            code: own.code,
            title: own.title,
            billable,
            release: self.dates(term)?.name.clone(),
            parents: (1..key.len()).map(|length| self.named(term, key.head(length))).collect(),
            children: next.into_iter().map(|value| self.named(term, key.with(key.len(), value))).collect(),
        })
    }

    fn releases(&self) -> Vec<&str> {
        (0..self.terms.len()).filter_map(|term| Some(self.dates(term)?.name.as_str())).collect()
    }

    fn reportable(&self, release: &str) -> Option<Vec<CodeName>> {
        let named = |term: &u8| self.dates(*term).is_some_and(|dates| dates.name == release);
        let term = (0..self.terms.len()).rev().find(named)?;
        let edition = self.edition(term)?;
        let rows = edition.list.beginning(Key::from_bytes(&[]), edition.release);
        let name = |row| CodeName {
            code: edition.code(row),
            title: edition.list.key(row).and_then(|key| self.title_of(term, key)).unwrap_or_default(),
        };
        Some(rows.map(name).collect())
    }

    fn packs(&self) -> Vec<&PackInfo> {
        self.lists.iter().map(|list| list.pack().info()).collect()
    }
}

impl Icd10Pcs {
    /// A finding in words.
    fn said(
        &self,
        edition: Edition<'_>,
        finding: Option<Reason>,
        judgement: &Judgement,
        release: &str,
    ) -> Option<String> {
        let releases = edition.list.releases().iter().zip(0u8..);
        let mut with = releases.filter(|(_, number)| edition.list.has(judgement.row, *number));
        let mut with_before = with.clone().filter(|(_, number)| *number < edition.release);
        Some(match finding {
            None => "a code that may be reported".to_owned(),
            Some(Reason::Malformed) => {
                "a code is seven letters and digits without a dot; the letters I and O are never used (guidelines A2)"
                    .to_owned()
            }
            Some(Reason::NotBillable) => {
                let key = key_of(judgement)?;
                let place = key.len();
                format!(
                    "a code has seven characters (guidelines A2); character {} ({}) is next: {}",
                    place + 1,
                    axis(key.at(0), place),
                    self.permitted(judgement.term, edition, key)
                )
            }
            Some(Reason::NotFound) => self.failing(judgement.term, edition, key_of(judgement)?, release),
            Some(Reason::Retired) => {
                let (last, _) = with_before.by_ref().last()?;
                format!("not in {release}; last in {}, until {}", last.name, last.to)
            }
            Some(Reason::NotYetEffective) => {
                let (first, _) = with.next()?;
                format!("not in {release}; first in {}, from {}", first.name, first.from)
            }
            Some(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests;
