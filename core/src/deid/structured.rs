//! One pass over the labelled tree: every leaf is judged by its label, and what may not stay is edited.

mod leaves;

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::MutexGuard;

use self::leaves::is_postal_code;
use super::coding::Codings;
use super::manifest::{Action, Entry};
use super::methods::Methods;
use super::places::Places;
use super::policy::{Clause, Policy, RuleId, Treatment};
use super::survey::Survey;
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
}
