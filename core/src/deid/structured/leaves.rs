//! What becomes of a leaf, by its treatment: dates, ages, postal codes, ids, and what a policy's methods make of it.

use std::borrow::Cow;

use super::{Named, Pass, Verdict};
use crate::deid::age::{self, Seniority};
use crate::deid::manifest::Action;
use crate::deid::places::{Places, Zip};
use crate::deid::policy::{Method, RuleId};
use crate::deid::survey::death_beside;
use crate::deid::{pseudonym, reference};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, Node, NodeId};
use crate::text::PartialDate;

impl<'r> Pass<'r> {
    /// Whether a state or country may stay: it stands in the list of all, or it has the form of a code and is none of
    /// the record's own words.
    pub(super) fn is_place(
        &self,
        id: NodeId,
        listed: impl Fn(&Places, &str) -> bool,
        formed: impl Fn(&Places, &str) -> bool,
    ) -> bool {
        self.text(id).is_some_and(|text| {
            listed(self.places, &text) || (formed(self.places, &text) && !self.survey.words.occur_in(&text))
        })
    }

    /// The text of a leaf of that label beside `id`.
    pub(super) fn beside(&self, id: NodeId, label: Label) -> Option<Cow<'r, str>> {
        let parent = self.tree.parent(id)?;
        let found = self.tree.children(parent).find(|child| self.tree.node(*child).label() == label)?;
        self.text(found)
    }

    /// A date becomes its year, unless the year tells an age over the limit.
    pub(super) fn year(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        match self.dated(id) {
            Some((text, date)) if !self.survey.tells_age(date.year()) => only_year(text, date, rule),
            _ => Verdict::Remove(rule),
        }
    }

    /// The text of a leaf and what it is as a date.
    pub(super) fn dated(&mut self, id: NodeId) -> Option<(Cow<'r, str>, PartialDate)> {
        let (raw, text) = (self.record.raw(id), self.text(id)?);
        let date = self
            .dates
            .recall(raw, b"")
            .unwrap_or_else(|| self.dates.note(raw, b"", self.record.as_date(&text)));
        Some((text, date?))
    }

    pub(super) fn birth_year(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let Some((text, birth)) = self.dated(id) else { return Verdict::Remove(rule) };
        let death = death_beside(self.record, id);
        match age::seniority(Some(birth), death, self.survey.as_of, self.policy.age_limit()) {
            Seniority::Within => only_year(text, birth, rule),
            Seniority::Contradiction => {
                if self.contradictions.last() != Some(&id) {
                    self.contradictions.push(id);
                }
                Verdict::Remove(rule)
            }
            Seniority::Over | Seniority::Unknown => Verdict::Remove(rule),
        }
    }

    pub(super) fn zip(&self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let Some(text) = self.text(id) else { return Verdict::Remove(rule) };
        let (state, country) = (self.beside(id, Label::State), self.beside(id, Label::Country));
        let censuses = self.policy.zip_censuses();
        match self.places.zip(&text, state.as_deref(), country.as_deref(), censuses) {
            Zip::Three => first(text, 3, Action::Zip3, rule),
            Zip::Zero if text == "000" => Verdict::Keep,
            Zip::Zero => Verdict::Replace(Action::Zip3, rule, Cow::Borrowed("000")),
            Zip::Remove => Verdict::Remove(rule),
        }
    }

    pub(super) fn token(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let record = self.record;
        // A type's name alone points at nobody; as an id it is an id.
        let pointer = self.tree.node(id).label() == Label::Reference;
        let (raw, role) = (record.raw(id), role(pointer));
        // Where there are several patients, the table must hear whose it is each time.
        let several = self.methods.is_of_several();
        let known = if several { None } else { self.names.recall(raw, role) };
        let named = known.or_else(|| {
            let text = record.text(id)?;
            if several {
                self.table.belongs_to(self.methods.patient(id));
            }
            let is_type = |name: &str| pointer && record.is_entry_type(name);
            let named = Named::of(&text, reference::replace(&text, &mut *self.table, is_type));
            Some(self.names.note(raw, role, named))
        });
        named.unwrap_or(Named::Nothing).verdict(Action::Token, rule)
    }

    /// A number or name under a keyed pseudonym; a record repeats its numbers.
    pub(super) fn renamed(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let (raw, role) = (self.record.raw(id), b"number");
        let named = self.names.recall(raw, role).or_else(|| {
            let (text, keyed) = (self.record.text(id)?, self.methods.keyed()?);
            let named = Named::of(&text, Some(pseudonym::of(keyed, text.trim())));
            Some(self.names.note(raw, role, named))
        });
        named.unwrap_or(Named::Nothing).verdict(Action::Pseudonym, rule)
    }

    /// An id or a reference with keyed pseudonyms.
    pub(super) fn pseudonym(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let record = self.record;
        let pointer = self.tree.node(id).label() == Label::Reference;
        let (raw, role) = (record.raw(id), role(pointer));
        let named = self.names.recall(raw, role).or_else(|| {
            let (text, mut keyed) = (record.text(id)?, self.methods.keyed()?);
            let is_type = |name: &str| pointer && record.is_entry_type(name);
            let named = Named::of(&text, reference::replace(&text, &mut keyed, is_type));
            Some(self.names.note(raw, role, named))
        });
        named.unwrap_or(Named::Nothing).verdict(Action::Pseudonym, rule)
    }

    /// A date stays, or moves, or is made shorter, unless it tells an age over the limit.
    pub(super) fn date(&mut self, id: NodeId, methods: &[Method], rule: RuleId) -> Verdict<'r> {
        let (Some(text), label) = (self.text(id), self.tree.node(id).label()) else {
            return Verdict::Remove(rule);
        };
        let Some(date) = self.methods.written(&text) else { return Verdict::Remove(rule) };
        let limited = self.policy.age_limit() < u16::MAX;
        if limited && label == Label::BirthDate {
            let verdict = self.birth_year(id, rule);
            if matches!(verdict, Verdict::Remove(_)) {
                return verdict;
            }
        } else if limited && self.survey.tells_age(date.year()) {
            return Verdict::Remove(rule);
        }
        if methods.is_empty() { Verdict::Keep } else { self.applied(id, &text, methods, rule) }
    }

    /// Methods with settings.
    pub(super) fn apply(&mut self, id: NodeId, node: Node, index: u8, rule: RuleId) -> Verdict<'r> {
        let policy = self.policy;
        let methods = policy.methods(index);
        if matches!(node.label(), Label::ResourceId | Label::Reference) {
            return self.pseudonym(id, rule);
        }
        let judged = matches!(
            node.label(),
            Label::Date
                | Label::Instant
                | Label::BirthDate
                | Label::DeathDate
                | Label::Code
                | Label::Value
                | Label::Age
        );
        if node.kind() == Kind::Text && !judged && matches!(methods, [Method::Pseudonym]) {
            return self.renamed(id, rule);
        }
        let Some(text) = self.text(id) else { return Verdict::Remove(rule) };
        match node.label() {
            Label::Date | Label::Instant | Label::BirthDate | Label::DeathDate
                if !methods.iter().any(|method| matches!(method, Method::Substitute { .. })) =>
            {
                self.date(id, methods, rule)
            }
            Label::Code if !self.codings.keeps_code(id) => Verdict::Remove(rule),
            Label::Value | Label::Age => match self.value(id, node, rule) {
                Verdict::Keep if node.kind() == Kind::Flag => Verdict::Keep,
                // A band pools what is over the limit, so it need not go.
                Verdict::Remove(_)
                    if !methods.iter().any(|method| matches!(method, Method::AgeBand { .. })) =>
                {
                    Verdict::Remove(rule)
                }
                _ if self.is_other_unit(id, methods) => Verdict::Remove(rule),
                _ => self.applied(id, &text, methods, rule),
            },
            _ => self.applied(id, &text, methods, rule),
        }
    }

    pub(super) fn applied(
        &mut self,
        id: NodeId,
        text: &str,
        methods: &[Method],
        rule: RuleId,
    ) -> Verdict<'r> {
        match self.methods.apply(id, text, methods, &mut self.table) {
            Some((_, new)) if new == text => Verdict::Keep,
            Some((action, new)) => Verdict::Replace(action, rule, Cow::Owned(new)),
            None => Verdict::Remove(rule),
        }
    }

    /// Whether an age in other than years would fall into a band of years.
    pub(super) fn is_other_unit(&self, id: NodeId, methods: &[Method]) -> bool {
        methods.iter().any(|method| matches!(method, Method::AgeBand { .. }))
            && self.years_beside(id, 1.0).is_some_and(|years| years < 1.0)
    }

    /// A number stays unless it is one of the record's own or an age over the limit; a text stays where it is a
    /// series of numbers.
    pub(super) fn value(&self, id: NodeId, node: Node, rule: RuleId) -> Verdict<'r> {
        let age = Verdict::Remove(self.policy.age_rule());
        match (node.kind(), self.text(id)) {
            (Kind::Flag, _) => Verdict::Keep,
            (Kind::Number, Some(text)) => {
                let limit = f64::from(self.policy.age_limit());
                let number: f64 = text.parse().unwrap_or(f64::INFINITY);
                if text.len() >= 6 && self.survey.words.has_number(&text) {
                    Verdict::Remove(self.policy.own_words_rule())
                } else if number > limit
                    // No unit makes more years of a number than it is.
                    && (self.years_beside(id, number).is_some_and(|years| years > limit)
                        || self.is_beside_age_code(id))
                {
                    age
                } else {
                    Verdict::Keep
                }
            }
            (_, Some(text)) if is_series(&text) && !self.survey.words.occur_in(&text) => Verdict::Keep,
            _ => Verdict::Remove(rule),
        }
    }

    /// An age stays where it is a number of years, or of a unit of time that says how many, up to the limit.
    pub(super) fn is_age_within(&self, id: NodeId, node: Node) -> bool {
        let number = self.text(id).and_then(|text| text.parse::<f64>().ok());
        let (Kind::Number, Some(number)) = (node.kind(), number) else { return false };
        let years = self.years_beside(id, number);
        // Without a unit that is known it is taken for years, and must hold as such.
        years.unwrap_or(number).max(0.0) <= f64::from(self.policy.age_limit()) && number >= 0.0
    }

    /// The number, which is none below zero, in years, where a unit of time stands beside it; the longest where two units
    /// differ. What stands beside the numbers of a list is looked at once.
    pub(super) fn years_beside(&self, id: NodeId, number: f64) -> Option<f64> {
        let parent = self.tree.parent(id)?;
        let unit = match self.unit.get() {
            Some((known, unit)) if known == parent => unit,
            _ => self.unit_in(parent),
        };
        self.unit.set(Some((parent, unit)));
        unit.map(|per_year| number / per_year)
    }

    /// How many of the longest unit of time in a container make a year.
    pub(super) fn unit_in(&self, parent: NodeId) -> Option<f64> {
        // The unit stands beside the number, or is a code in a container beside it.
        let beside = |child: NodeId| {
            let inside = self.tree.node(child).kind() == Kind::Object;
            let parts = inside.then(|| self.tree.children(child)).into_iter().flatten();
            std::iter::once(child).chain(parts)
        };
        self.tree
            .children(parent)
            .flat_map(beside)
            .filter(|child| matches!(self.tree.node(*child).label(), Label::Unit | Label::Code))
            .filter_map(|child| age::per_year(&self.text(child)?))
            .reduce(f64::min)
    }

    /// Whether an object around the number says by its code that the number is an age.
    pub(super) fn is_beside_age_code(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let coded = |object: NodeId| {
            let policy = self.policy;
            let is_one = |code: &str| policy.has_age_code(code);
            let is_age = |system: &str, code: &str| policy.is_age_code(system, code);
            // The code stands in a container beside the number, or in a list of codings in that.
            tree.children(object).filter(|child| tree.node(*child).kind() == Kind::Object).any(|concept| {
                let lists = tree.children(concept).filter(|list| tree.node(*list).kind() == Kind::List);
                std::iter::once(concept)
                    .chain(lists.flat_map(|list| tree.children(list)))
                    .any(|coding| self.codings.is(coding, is_one, is_age))
            })
        };
        let Some(parent) = tree.parent(id) else { return false };
        if let Some((known, told)) = self.aged.get()
            && known == parent
        {
            return told;
        }
        let told = coded(parent) || tree.parent(parent).is_some_and(coded);
        self.aged.set(Some((parent, told)));
        told
    }
}

/// Ids and references may become something else each.
const fn role(pointer: bool) -> &'static [u8] {
    if pointer { b"pointer" } else { b"id" }
}

/// The year in four digits, which is how every format writes a date of which no more is known.
fn only_year(text: Cow<'_, str>, date: PartialDate, rule: RuleId) -> Verdict<'_> {
    let year = match text {
        text if text.len() == 4 => return Verdict::Keep,
        // As it is written, where that is at the beginning.
        Cow::Borrowed(text) => text.get(..4).filter(|front| front.parse() == Ok(date.year())),
        Cow::Owned(_) => None,
    };
    let year = year.map_or_else(|| Cow::Owned(format!("{:04}", date.year())), Cow::Borrowed);
    Verdict::Replace(Action::Year, rule, year)
}

/// The first characters of a text, or nothing to change where that is all of it.
fn first(text: Cow<'_, str>, length: usize, action: Action, rule: RuleId) -> Verdict<'_> {
    if text.len() == length {
        return Verdict::Keep;
    }
    let new = match text {
        Cow::Borrowed(text) => text.get(..length).map(Cow::Borrowed),
        Cow::Owned(text) => text.get(..length).map(|text| Cow::Owned(text.to_owned())),
    };
    new.map_or(Verdict::Remove(rule), |new| Verdict::Replace(action, rule, new))
}

/// Letters, digits, spaces and dashes, one of them a digit, at most ten.
pub(super) fn is_postal_code(text: &str) -> bool {
    text.len() <= 10
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'))
}

/// Two numbers or more with spaces between: samples of a signal, where `E`, `U` and `L` stand for ones that could
/// not be taken (FHIR R4, SampledData).
fn is_series(text: &str) -> bool {
    let sample =
        |part: &str| matches!(part, "E" | "U" | "L") || part.parse::<f64>().is_ok_and(f64::is_finite);
    text.contains(' ') && text.split(' ').all(sample)
}
