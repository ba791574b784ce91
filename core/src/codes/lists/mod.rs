//! Systems that are a form and a list: the form says what can be a code, a loaded list which codes there are.
//!
//! Without a list a good form is `unknown` (`not_covered`), never `valid`: except for identifiers, of which no list
//! is published and the form is all that can be judged.

mod list;
mod source;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub(crate) use self::list::{CodeList, fiscal_year};
pub use self::source::{ListRow, ListSource};
use super::context::{CodeContext, Facets};
use super::identifiers::{Form, SHAPES, Shape};
use super::search;
use super::system::CodeSystem;
use super::text::CodeText;
use super::verdict::{CodeEntry, CodeHit, Judgement, Reason, Status};
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// One system, with the lists of it that are loaded.
#[derive(Debug)]
pub(crate) struct Listed {
    shape: &'static Shape,
    /// Ordered by first day; a list without one is the oldest.
    lists: Vec<CodeList>,
}

/// All systems of this kind, without lists.
pub(crate) fn all() -> Vec<Listed> {
    SHAPES.iter().map(|shape| Listed { shape, lists: Vec::new() }).collect()
}

impl Listed {
    /// Adds the list of a pack.
    ///
    /// # Errors
    /// `pack_malformed`; `unknown_system` where no list of the system is published.
    pub(crate) fn load(&mut self, pack: Pack) -> Result<()> {
        if !self.shape.listed {
            return Err(Error::new(&codes::UNKNOWN_SYSTEM).note("no list of this system is published"));
        }
        let list = CodeList::open(pack)?;
        let at = self.lists.partition_point(|known| known.from <= list.from);
        self.lists.insert(at, list);
        Ok(())
    }

    /// The list for a day, and whether its release covers the day: without a day the newest, and for a day that
    /// none covers the nearest.
    fn choose(&self, on: Option<Date>) -> (usize, bool) {
        let newest = self.lists.len().saturating_sub(1);
        let Some(day) = on else { return (newest, true) };
        let covers =
            |list: &CodeList| list.from.is_none_or(|from| from <= day) && list.to.is_none_or(|to| day <= to);
        if let Some(at) = self.lists.iter().rposition(covers) {
            return (at, true);
        }
        let distance = |list: &CodeList| {
            let edge = if list.from.is_some_and(|from| day < from) { list.from } else { list.to };
            edge.map_or(u64::MAX, |edge| edge.duration_since(day).as_secs().unsigned_abs())
        };
        let nearest = self.lists.iter().enumerate().min_by_key(|(_, list)| distance(list));
        (nearest.map_or(newest, |(at, _)| at), false)
    }

    /// What a list says of a code on a day: the row, and what keeps it from being used.
    fn examine(list: &CodeList, code: &str, on: Option<Date>) -> (Option<usize>, Option<Reason>) {
        let rows = list.rows(code);
        let Some(last) = rows.clone().next_back() else { return (None, Some(Reason::NotFound)) };
        let Some(day) = on else {
            let ended = list.days(last).to.zip(list.from).is_some_and(|(to, from)| to < from);
            return (Some(last), (ended || list.is_retired(last)).then_some(Reason::Retired));
        };
        if let Some(row) = rows.clone().find(|row| list.holds(*row, day)) {
            return (Some(row), list.is_retired(row).then_some(Reason::Retired));
        }
        let ended = rows.clone().rev().find(|row| list.days(*row).before(day));
        match ended {
            Some(row) => (Some(row), Some(Reason::Retired)),
            None => (rows.clone().next(), Some(Reason::NotYetEffective)),
        }
    }

    fn look_up(&self, code: CodeText, context: &CodeContext) -> Judgement {
        if self.lists.is_empty() {
            let mut judgement = Judgement::new(Status::Unknown, Some(Reason::NotCovered), code);
            judgement.nearest = None;
            return judgement;
        }
        let (at, covered) = self.choose(context.on);
        let Some(list) = self.lists.get(at) else {
            return Judgement::new(Status::Unknown, Some(Reason::NotCovered), code);
        };
        let (row, reason) = Self::examine(list, code.as_str(), context.on);
        // A row that carries its own dates speaks for the days before its release too; what a list has not it can
        // only say of the days of its release.
        let dated = row.is_some_and(|row| list.days(row).from.is_some());
        let early = context.on.zip(list.from).is_some_and(|(day, from)| day < from);
        let (status, reason, nearest) = match reason {
            None if covered || (early && dated) => (Status::Valid, None, None),
            Some(reason) if covered || (early && dated) => (Status::Invalid, Some(reason), None),
            nearest => (Status::Unknown, Some(Reason::NotCovered), nearest),
        };
        let mut judgement = Judgement::new(status, reason, code);
        judgement.nearest = nearest;
        judgement.term = at as u8;
        judgement.row = row.map_or(Judgement::NO_ROW, |row| row as u32);
        judgement.billable = row.map(|row| !list.attributes(row).any(|(name, _)| name == "not_billable"));
        judgement
    }

    fn list(&self, judgement: &Judgement) -> Option<&CodeList> {
        self.lists.get(usize::from(judgement.term))
    }

    fn row(judgement: &Judgement) -> Option<usize> {
        (judgement.row != Judgement::NO_ROW).then_some(judgement.row as usize)
    }

    /// What a list says, in words; a row's own dates where it has them.
    fn said(&self, reason: Option<Reason>, judgement: &Judgement) -> Option<String> {
        let list = self.list(judgement)?;
        let release = &list.info().release;
        let days = Self::row(judgement).map(|row| list.days(row));
        Some(match reason {
            None => "a code of the list".to_owned(),
            Some(Reason::NotFound) => format!("{release} has no such code"),
            Some(Reason::Retired) => match days.and_then(|days| days.to) {
                Some(to) => format!("the code ended on {to}"),
                None => "the code has ended".to_owned(),
            },
            Some(Reason::NotYetEffective) => match days.and_then(|days| days.from) {
                Some(from) => format!("the code holds from {from}"),
                None => "the code does not hold yet".to_owned(),
            },
            Some(other) => self.shape.explain(other),
        })
    }
}

impl CodeSystem for Listed {
    fn name(&self) -> &'static str {
        self.shape.name
    }

    fn judge(&self, text: &str, context: &CodeContext) -> Judgement {
        match self.shape.read(text, context) {
            Form::Good(code) if self.shape.listed => self.look_up(code, context),
            Form::Good(code) => Judgement::new(Status::Valid, None, code),
            Form::Flawed(Reason::Ambiguous, code) => {
                Judgement::new(Status::Unknown, Some(Reason::Ambiguous), code)
            }
            Form::Flawed(reason, code) => Judgement::new(Status::Invalid, Some(reason), code),
            Form::Meant(code) => Judgement::new(Status::Invalid, Some(Reason::Malformed), code),
            Form::Malformed => Judgement::new(Status::Invalid, Some(Reason::Malformed), CodeText::EMPTY),
        }
    }

    fn title(&self, judgement: &Judgement) -> Option<String> {
        Some(self.list(judgement)?.title(Self::row(judgement)?).to_owned())
    }

    fn release(&self, judgement: &Judgement) -> Option<&str> {
        let asked = matches!(
            judgement.reason,
            None | Some(Reason::NotFound | Reason::Retired | Reason::NotYetEffective | Reason::NotCovered)
        );
        self.list(judgement).filter(|_| asked).map(|list| list.info().release.as_str())
    }

    /// What was surely meant; for an ambiguous text, those of its readings that the list has, or else all of them.
    fn suggestions(&self, judgement: &Judgement) -> Vec<String> {
        let Some(reason) = judgement.reason else { return Vec::new() };
        let readings = self.shape.readings(reason, judgement.code.as_str());
        let known: Vec<String> = readings
            .iter()
            .filter(|code| self.lists.iter().any(|list| !list.rows(code).is_empty()))
            .cloned()
            .collect();
        if known.is_empty() { readings } else { known }
    }

    fn detail(&self, judgement: &Judgement) -> Option<String> {
        match judgement.reason? {
            Reason::NotCovered => {
                Some(match (self.list(judgement), self.said(judgement.nearest, judgement)) {
                    (Some(list), Some(said)) => format!(
                        "no loaded list covers the date of service; the nearest, {}, says: {said}",
                        list.info().release
                    ),
                    _ => "the form is right; no list of the system is loaded".to_owned(),
                })
            }
            reason @ (Reason::NotFound | Reason::Retired | Reason::NotYetEffective)
                if self.list(judgement).is_some() =>
            {
                self.said(Some(reason), judgement)
            }
            reason => Some(self.shape.explain(reason)),
        }
    }

    fn find(
        &self,
        query: &str,
        context: &CodeContext,
        _facets: &Facets,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        let (at, _) = self.choose(context.on);
        let list = self.lists.get(at).ok_or_else(|| Error::new(&codes::NO_TITLES))?;
        let release = &list.info().release;
        let hits = search::plain(list.index(), query, limit, |row| {
            context.on.is_none_or(|day| list.holds(row, day))
        });
        let hit = |found: search::PlainHit| CodeHit {
            code: list.code(found.row).to_owned(),
            title: list.title(found.row).to_owned(),
            score: found.score,
            why: found.why,
            billable: true,
            release: release.clone(),
        };
        Ok(hits.into_iter().filter(|found| found.row < list.count()).map(hit).collect())
    }

    fn entry(&self, text: &str, context: &CodeContext) -> Option<CodeEntry> {
        let judgement = self.judge(text, context);
        let (list, row) = (self.list(&judgement)?, Self::row(&judgement)?);
        Some(CodeEntry {
            system: self.name(),
            code: list.code(row).to_owned(),
            title: list.title(row).to_owned(),
            billable: judgement.billable.unwrap_or(true),
            release: list.info().release.clone(),
            parents: Vec::new(),
            children: Vec::new(),
        })
    }

    fn packs(&self) -> Vec<&PackInfo> {
        self.lists.iter().map(|list| list.info()).collect()
    }
}
