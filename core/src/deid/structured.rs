//! One pass over the labelled tree: every leaf is judged by its label, and what may not stay is edited.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::MutexGuard;

use super::age::{self, Seniority};
use super::coding::Codings;
use super::manifest::{Action, Entry};
use super::methods::Methods;
use super::places::{Places, Zip};
use super::policy::{Clause, Method, Policy, RuleId, Treatment};
use super::pseudonym;
use super::reference;
use super::survey::{Survey, death_beside};
use super::texts::{self, Texts};
use super::vault::Table;
use crate::error::{Error, Result, codes};
use crate::formats::dialect::Beside;
use crate::formats::edit::{Edits, Emptied, Patches};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, Node, NodeId, Tree};
use crate::record::Record;
use crate::record::memo::Memo;
use crate::text::PartialDate;

/// What is done with a leaf or a container that its label speaks for.
enum Verdict<'r> {
    Keep,
    Remove(RuleId),
    Replace(Action, RuleId, Cow<'r, str>),
    /// A container whose parts speak for themselves.
    Descend,
}

/// What an id or a reference becomes.
#[derive(Clone)]
enum Named {
    /// What it is.
    Same,
    /// Another.
    Other(Box<str>),
    /// Nothing: it points with nothing.
    Nothing,
}

impl Named {
    fn of(text: &str, new: Option<String>) -> Self {
        match new {
            Some(new) if new == text => Self::Same,
            Some(new) => Self::Other(new.into_boxed_str()),
            None => Self::Nothing,
        }
    }

    fn verdict<'r>(self, action: Action, rule: RuleId) -> Verdict<'r> {
        match self {
            Self::Same => Verdict::Keep,
            Self::Other(new) => Verdict::Replace(action, rule, Cow::Owned(new.into_string())),
            Self::Nothing => Verdict::Remove(rule),
        }
    }
}

/// A container that the pass is inside of.
struct Open {
    id: NodeId,
    /// The node after its last.
    end: NodeId,
    /// How many edits there were before it.
    mark: usize,
    /// Whether separators join its children.
    joins: bool,
    /// Children that stay, apart from technical names.
    kept: usize,
    /// Technical names that stay.
    technical: usize,
    removed: usize,
}

/// The pass and what it has gathered.
pub(super) struct Pass<'r> {
    record: &'r Record,
    tree: &'r Tree,
    /// Whether the format says things of a value beside it.
    partners: bool,
    policy: &'r Policy,
    methods: Methods<'r>,
    survey: &'r Survey<'r>,
    codings: Codings<'r>,
    places: &'static Places,
    /// What ids and references have become: a record repeats its references.
    names: Memo<'r, Named>,
    /// What texts are as dates.
    dates: Memo<'r, Option<PartialDate>>,
    /// What people wrote, where the policy keeps any of it.
    texts: Option<Texts<'r>>,
    table: MutexGuard<'r, Table>,
    /// The container of the last number of which it was asked: its unit of time, and whether its code is that of an age.
    unit: Cell<Option<(NodeId, Option<f64>)>>,
    aged: Cell<Option<(NodeId, bool)>>,
    edits: Edits<'r>,
    /// Whether the whole record would have to go.
    rootless: bool,
    open: Vec<Open>,
    entries: Vec<Entry>,
    contradictions: Vec<NodeId>,
}

/// What a pass leaves.
pub(super) struct Outcome {
    pub(super) patches: Patches,
    pub(super) entries: Vec<Entry>,
    /// Birth dates that contradict another date.
    pub(super) contradictions: Vec<NodeId>,
}

impl<'r> Pass<'r> {
    pub(super) fn new(
        record: &'r Record,
        methods: Methods<'r>,
        survey: &'r Survey<'r>,
        table: MutexGuard<'r, Table>,
    ) -> Self {
        Self {
            record,
            tree: record.tree(),
            partners: record.has_partners(),
            policy: methods.policy(),
            methods,
            survey,
            codings: Codings::new(record, &survey.words),
            places: Places::embedded(),
            names: Memo::of(record, 64),
            dates: Memo::of(record, 64),
            texts: None,
            table,
            unit: Cell::new(None),
            aged: Cell::new(None),
            edits: record.edits(),
            rootless: false,
            open: Vec::with_capacity(16),
            entries: Vec::with_capacity(record.tree().len() / 4),
            contradictions: Vec::new(),
        }
    }

    /// Judges every node and puts the edits in order.
    pub(super) fn run(mut self) -> Result<Outcome> {
        let end = self.tree.next(NodeId::ROOT);
        let mut at = NodeId::ROOT;
        while at < end {
            if self.open.last().is_some_and(|open| open.end <= at) {
                self.close_before(at);
            }
            at = self.visit(at);
        }
        self.close_before(end);
        if self.rootless {
            return Err(Error::new(&codes::EDIT_TARGET));
        }
        let patches = self.edits.settled();
        Ok(Outcome { patches, entries: self.entries, contradictions: self.contradictions })
    }

    /// Judges one node; the next to look at comes back.
    fn visit(&mut self, id: NodeId) -> NodeId {
        let node = self.tree.node(id);
        let next = NodeId(node.next);
        if self.partners
            && let Some(partner) = self.record.partner_of(id)
            && self.goes_with(node, partner)
        {
            let rule = self.policy.default_clause().rule;
            match partner {
                Some(value) if self.record.is_required(value) => {
                    self.note(id, node, Action::Mask, rule);
                    self.record.mask(&mut self.edits, id);
                    self.count(|open| open.kept += 1);
                }
                _ => {
                    self.note(id, node, Action::Remove, rule);
                    self.remove(id, next);
                }
            }
            return next;
        }
        let clause = self.policy.clause_of(node.label(), node.whose());
        if clause.treatment == Treatment::Remove
            && !matches!(node.kind(), Kind::Object | Kind::List | Kind::Null)
        {
            self.withhold(id, node, clause.rule);
            return next;
        }
        match self.judge(id, node) {
            Verdict::Descend => {
                let (mark, joins) = (self.edits.mark(), self.record.joins(id));
                self.open.push(Open { id, end: next, mark, joins, kept: 0, technical: 0, removed: 0 });
                return NodeId(id.0 + 1);
            }
            Verdict::Keep => {
                let technical = node.label() == Label::Technical;
                self.count(|open| *if technical { &mut open.technical } else { &mut open.kept } += 1);
            }
            Verdict::Replace(action, rule, text) => {
                // A leaf that cannot hold the new value keeps nothing of the old one.
                if self.edits.replace_text(id, &text) {
                    self.note(id, node, action, rule);
                    self.count(|open| open.kept += 1);
                } else {
                    self.withhold(id, node, rule);
                }
            }
            Verdict::Remove(rule) => self.withhold(id, node, rule),
        }
        next
    }

    fn withhold(&mut self, id: NodeId, node: Node, rule: RuleId) {
        let masked = self.record.withhold(&mut self.edits, id);
        self.note(id, node, if masked { Action::Mask } else { Action::Remove }, rule);
        if masked {
            self.count(|open| open.kept += 1);
        } else {
            self.is_gone(NodeId(node.next));
        }
    }

    /// Whether extensions go because of the value that they belong to: with a value that goes, and with the values
    /// of a list always. Position by position they belong to those values, and no position may move.
    fn goes_with(&mut self, node: Node, value: Option<NodeId>) -> bool {
        node.kind() == Kind::List
            || value
                .is_some_and(|value| matches!(self.judge(value, self.tree.node(value)), Verdict::Remove(_)))
    }

    fn note(&mut self, id: NodeId, node: Node, action: Action, rule: RuleId) {
        self.entries.push(Entry { node: id, label: node.label(), action, rule });
    }

    fn remove(&mut self, id: NodeId, next: NodeId) {
        self.edits.remove(id);
        self.is_gone(next);
    }

    /// Counts the removal that was made last, of a child before `next`, and says which separator goes with it: the one
    /// before where a kept sibling stands before, else the one after.
    fn is_gone(&mut self, next: NodeId) {
        let Some(open) = self.open.last_mut() else {
            self.rootless = true;
            return;
        };
        open.removed += 1;
        if open.joins {
            self.edits.cut_last(if open.kept + open.technical > 0 {
                Beside::Before
            } else if next < open.end {
                Beside::After
            } else {
                Beside::Nothing
            });
        }
    }

    fn count(&mut self, count: impl FnOnce(&mut Open)) {
        if let Some(open) = self.open.last_mut() {
            count(open);
        }
    }

    /// Leaves the containers that end before `at`. One of which nothing but technical names is left goes as well,
    /// unless the format requires it; where nothing at all is left the format says what stands there.
    fn close_before(&mut self, at: NodeId) {
        while let Some(open) = self.open.pop_if(|open| open.end <= at) {
            let bare = open.kept == 0 && open.removed > 0;
            match bare.then(|| self.record.emptied(open.id)) {
                Some(Emptied::Remove) if open.id != NodeId::ROOT => {
                    self.edits.back_to(open.mark);
                    self.remove(open.id, open.end);
                }
                Some(Emptied::Replace(statement)) if open.technical == 0 => {
                    self.edits.back_to(open.mark);
                    self.edits.replace_value(open.id, &statement);
                    self.count(|outer| outer.kept += 1);
                }
                _ => self.count(|outer| outer.kept += 1),
            }
        }
    }

    fn judge(&mut self, id: NodeId, node: Node) -> Verdict<'r> {
        let label = node.label();
        let Clause { treatment, rule } = self.policy.clause_of(label, node.whose());
        let (keep, remove) = (Verdict::Keep, Verdict::Remove(rule));
        match node.kind() {
            Kind::Object | Kind::List if label == Label::Structure || treatment != Treatment::Remove => {
                return Verdict::Descend;
            }
            Kind::Object | Kind::List => return remove,
            // Where it marks a position for what stands beside it, that went. Else it tells nothing.
            Kind::Null if self.record.null_is_position() => return remove,
            Kind::Null => return keep,
            Kind::Text | Kind::Number | Kind::Flag => {}
        }
        let stays = match treatment {
            Treatment::Remove => false,
            Treatment::Keep => self.codings.keeps_name(id) || self.names_type(id),
            Treatment::KeepState => self.is_place(id, Places::lists_state, Places::is_state),
            Treatment::KeepCountry => self.is_place(id, Places::lists_country, Places::is_country),
            Treatment::KeepTime => self.text(id).is_some_and(|text| self.record.is_time(&text)),
            Treatment::KeepCode => self.codings.keeps_code(id),
            Treatment::KeepSystem => self.codings.keeps_system(id),
            Treatment::KeepCodeText => {
                !self.policy.reduces_codes(node.whose()) && self.codings.keeps_text(id)
            }
            Treatment::KeepUnit => self.codings.keeps_unit(id),
            Treatment::KeepValue => return self.value(id, node, rule),
            Treatment::Age => self.is_age_within(id, node),
            Treatment::Year => return self.year(id, rule),
            Treatment::BirthYear => return self.birth_year(id, rule),
            Treatment::Zip3 => return self.zip(id, rule),
            Treatment::Token => return self.token(id, rule),
            Treatment::KeepAll => self.text(id).is_some_and(|text| !self.survey.words.occur_in(&text)),
            Treatment::KeepZip => {
                self.text(id).is_some_and(|text| is_postal_code(&text) && !self.survey.words.occur_in(&text))
            }
            Treatment::KeepDate => return self.date(id, &[], rule),
            Treatment::CleanText => return self.clean(id, rule),
            Treatment::Apply(index) => return self.apply(id, node, index, rule),
        };
        if stays { keep } else { remove }
    }

    /// Whether a name says no more than the type of what it stands in. Without it the format does not know what that
    /// is, and it stays where a person has the same name.
    fn names_type(&self, id: NodeId) -> bool {
        let holder = self.tree.parent(id);
        let known = holder.and_then(|holder| self.record.data_type(holder));
        known.is_some() && known.as_deref() == self.text(id).as_deref()
    }

    /// Lets the pass clean texts.
    pub(super) fn with_texts(mut self, texts: Option<Texts<'r>>) -> Self {
        self.texts = texts;
        self
    }

    /// A text stays without what identifies. Where one of the record's own words is left it goes whole: what the one
    /// search overlooks the other finds.
    fn clean(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let remove = Verdict::Remove(rule);
        let (Some(text), Some(texts)) = (self.text(id), &self.texts) else { return remove };
        match texts.clean(id, &text, &mut self.methods, self.survey, &mut self.table) {
            Some(clean) if texts::holds_own_words(&clean, self.survey) => remove,
            Some(clean) if clean == text => Verdict::Keep,
            Some(clean) => Verdict::Replace(Action::CleanText, rule, Cow::Owned(clean)),
            None => remove,
        }
    }

    fn text(&self, id: NodeId) -> Option<Cow<'r, str>> {
        self.record.text(id)
    }

    /// Whether a state or country may stay: it stands in the list of all, or it has the form of a code and is none of
    /// the record's own words.
    fn is_place(
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
    fn beside(&self, id: NodeId, label: Label) -> Option<Cow<'r, str>> {
        let parent = self.tree.parent(id)?;
        let found = self.tree.children(parent).find(|child| self.tree.node(*child).label() == label)?;
        self.text(found)
    }

    /// A date becomes its year, unless the year tells an age over the limit.
    fn year(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        match self.dated(id) {
            Some((text, date)) if !self.survey.tells_age(date.year()) => only_year(text, date, rule),
            _ => Verdict::Remove(rule),
        }
    }

    /// The text of a leaf and what it is as a date.
    fn dated(&mut self, id: NodeId) -> Option<(Cow<'r, str>, PartialDate)> {
        let (raw, text) = (self.record.raw(id), self.text(id)?);
        let date = self
            .dates
            .recall(raw, b"")
            .unwrap_or_else(|| self.dates.note(raw, b"", self.record.as_date(&text)));
        Some((text, date?))
    }

    fn birth_year(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
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

    fn zip(&self, id: NodeId, rule: RuleId) -> Verdict<'r> {
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

    fn token(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
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
    fn renamed(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
        let (raw, role) = (self.record.raw(id), b"number");
        let named = self.names.recall(raw, role).or_else(|| {
            let (text, keyed) = (self.record.text(id)?, self.methods.keyed()?);
            let named = Named::of(&text, Some(pseudonym::of(keyed, text.trim())));
            Some(self.names.note(raw, role, named))
        });
        named.unwrap_or(Named::Nothing).verdict(Action::Pseudonym, rule)
    }

    /// An id or a reference with keyed pseudonyms.
    fn pseudonym(&mut self, id: NodeId, rule: RuleId) -> Verdict<'r> {
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
    fn date(&mut self, id: NodeId, methods: &[Method], rule: RuleId) -> Verdict<'r> {
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
    fn apply(&mut self, id: NodeId, node: Node, index: u8, rule: RuleId) -> Verdict<'r> {
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

    fn applied(&mut self, id: NodeId, text: &str, methods: &[Method], rule: RuleId) -> Verdict<'r> {
        match self.methods.apply(id, text, methods, &mut self.table) {
            Some((_, new)) if new == text => Verdict::Keep,
            Some((action, new)) => Verdict::Replace(action, rule, Cow::Owned(new)),
            None => Verdict::Remove(rule),
        }
    }

    /// Whether an age in other than years would fall into a band of years.
    fn is_other_unit(&self, id: NodeId, methods: &[Method]) -> bool {
        methods.iter().any(|method| matches!(method, Method::AgeBand { .. }))
            && self.years_beside(id, 1.0).is_some_and(|years| years < 1.0)
    }

    /// A number stays unless it is one of the record's own or an age over the limit; a text stays where it is a
    /// series of numbers.
    fn value(&self, id: NodeId, node: Node, rule: RuleId) -> Verdict<'r> {
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
    fn is_age_within(&self, id: NodeId, node: Node) -> bool {
        let number = self.text(id).and_then(|text| text.parse::<f64>().ok());
        let (Kind::Number, Some(number)) = (node.kind(), number) else { return false };
        let years = self.years_beside(id, number);
        // Without a unit that is known it is taken for years, and must hold as such.
        years.unwrap_or(number).max(0.0) <= f64::from(self.policy.age_limit()) && number >= 0.0
    }

    /// The number, which is none below zero, in years, where a unit of time stands beside it; the longest where two units
    /// differ. What stands beside the numbers of a list is looked at once.
    fn years_beside(&self, id: NodeId, number: f64) -> Option<f64> {
        let parent = self.tree.parent(id)?;
        let unit = match self.unit.get() {
            Some((known, unit)) if known == parent => unit,
            _ => self.unit_in(parent),
        };
        self.unit.set(Some((parent, unit)));
        unit.map(|per_year| number / per_year)
    }

    /// How many of the longest unit of time in a container make a year.
    fn unit_in(&self, parent: NodeId) -> Option<f64> {
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
    fn is_beside_age_code(&self, id: NodeId) -> bool {
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
fn is_postal_code(text: &str) -> bool {
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
