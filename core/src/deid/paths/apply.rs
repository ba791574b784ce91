//! The pass of rules by path: every leaf gets the fate that its rule says, and the edits follow from the fates.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::Value;

use super::super::keyed::Keyed;
use super::super::manifest::{Action, Entry};
use super::super::methods;
use super::super::policy::{Policy, RuleId};
use super::super::structured::Outcome;
use super::super::{Options, age, cipher};
use super::evaluate::{self, Item, Mismatch};
use super::model::Model;
use super::substitute::Merge;
use super::{Assigned, Method, PathRules, evaluation_failed, no_fhir, values};
use crate::error::{Error, Result, codes};
use crate::formats::edit::Emptied;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;
use crate::text::PartialDate;

/// What becomes of a leaf.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    Stay,
    Go,
    Become(Action, String),
}

/// De-identifies a record by the rules of a policy.
///
/// # Errors
/// `invalid_argument` where the record is no FHIR; `policy_malformed` where an expression cannot be evaluated on it;
/// `key_needed`, `key_too_short`; `patient_unknown` where dates move by file and the caller names none.
pub(in crate::deid) fn run(
    record: &Record,
    policy: &Policy,
    rules: &PathRules,
    options: &Options<'_>,
) -> Result<Outcome> {
    policy.accepts_key(options.key)?;
    if record.data_type(NodeId::ROOT).is_none() {
        return Err(no_fhir());
    }
    let model = Model::new(record);
    let secrets = Secrets::new(&model, policy, rules, options)?;
    let made = rules.assign(&model).and_then(|assigned| {
        let mut pass = Pass { model: &model, rules, assigned: &assigned, secrets: &secrets, known_as: None };
        pass.known_as = pass.id_as_it_is_left()?;
        pass.fates().map(|fates| (assigned, fates))
    });
    match made {
        Ok((assigned, fates)) => Plan::new(&model, rules, assigned, fates).carry_out(policy),
        Err(Mismatch) if rules.skips_errors => emptied(&model, policy),
        Err(Mismatch) => Err(evaluation_failed()),
    }
}

/// Keys, days and the day that counts.
struct Secrets {
    hash: Vec<u8>,
    cipher: Option<Keyed>,
    shift: Vec<u8>,
    /// By how many days dates move, where that follows from no name.
    fixed: Option<i32>,
    /// The day on which ages count: the caller's, or the latest that the record tells.
    on: Option<Date>,
    /// Whose dates they are, where the caller says so.
    patient: Option<String>,
    /// The id of the record.
    id: Option<NodeId>,
}

impl Secrets {
    fn new(model: &Model<'_>, policy: &Policy, rules: &PathRules, options: &Options<'_>) -> Result<Self> {
        let record = model.record;
        let uses = |test: fn(&Method) -> bool| rules.rules.iter().any(|rule| test(&rule.method));
        let caller = options.key.map(|key| methods::keyed(policy, key, false)).transpose()?;
        let own = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
        let key =
            |text: &Option<String>| options.key.map(<[u8]>::to_vec).or_else(|| own(text)).unwrap_or_default();
        let cipher = match caller {
            Some(keyed) => Some(keyed),
            None if uses(|method| matches!(method, Method::Encrypt)) => {
                Some(methods::keyed(policy, &key(&rules.keys.cipher), false)?)
            }
            None => None,
        };
        let fixed = options.shift_days.or(rules.fixed_days);
        let moves = uses(|method| matches!(method, Method::ShiftDate));
        if moves && fixed.is_none() && !rules.by_resource && options.patient.is_none() {
            return Err(Error::new(&codes::PATIENT_UNKNOWN)
                .in_path("patient")
                .note("the dates move by file or folder: name it"));
        }
        let hash = if rules.keys.hash.is_some() { &rules.keys.hash } else { &rules.keys.shift };
        Ok(Self {
            hash: key(hash),
            cipher,
            shift: key(&rules.keys.shift),
            fixed,
            on: options.as_of.or_else(|| latest(record)),
            patient: options.patient.map(str::to_owned),
            id: model.members(NodeId::ROOT, "id").first().copied(),
        })
    }
}

/// The latest day that the record tells.
fn latest(record: &Record) -> Option<Date> {
    let dates = record.tree().iter().filter(|(_, node)| node.kind() == Kind::Text);
    let day = |id| record.text(id).and_then(|text| PartialDate::parse(&text)).map(PartialDate::latest);
    dates.filter_map(|(id, _)| day(id)).filter(|date| date.year() < 9999).max()
}

struct Pass<'p, 'r> {
    model: &'p Model<'r>,
    rules: &'p PathRules,
    assigned: &'p Assigned,
    secrets: &'p Secrets,
    /// The id of the record as its rule leaves it: what dates move by after that rule.
    known_as: Option<String>,
}

impl Pass<'_, '_> {
    fn id_as_it_is_left(&self) -> std::result::Result<Option<String>, Mismatch> {
        let Some(id) = self.secrets.id else { return Ok(None) };
        let text = || self.model.record.text(id).map(|text| text.into_owned());
        let Some(at) = self.assigned.rule(id) else { return Ok(text()) };
        let Some(rule) = self.rules.rules.get(at) else { return Ok(text()) };
        Ok(match self.fate(id, at, &rule.method)? {
            Fate::Stay => text(),
            Fate::Become(_, text) => Some(text),
            Fate::Go => None,
        })
    }

    /// By how many days a date moves that a rule reaches: by the name that the caller gives, else by the id of the
    /// record as the rules before have left it.
    fn days(&self, leaf: NodeId, at: usize) -> i32 {
        let secrets = self.secrets;
        if let Some(days) = secrets.fixed {
            return days;
        }
        if let Some(patient) = &secrets.patient {
            return values::days(patient, &secrets.shift);
        }
        let inner = |entry: &NodeId| *entry != NodeId::ROOT && self.model.tree.is_within(leaf, *entry);
        let in_root = !self.model.entries().iter().any(inner);
        let before = secrets.id.and_then(|id| self.assigned.rule(id)).is_some_and(|own| own < at);
        let raw = || secrets.id.and_then(|id| self.model.record.text(id)).map(|text| text.into_owned());
        let name = if in_root && !before { raw() } else { self.known_as.clone() };
        values::days(&name.unwrap_or_default(), &secrets.shift)
    }

    /// The fate of every leaf, by its number.
    fn fates(&self) -> std::result::Result<Vec<Fate>, Mismatch> {
        let tree = self.model.tree;
        let mut fates = vec![Fate::Stay; tree.len()];
        for (id, node) in tree.iter() {
            if matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag)
                && let Some(at) = self.assigned.rule(id)
                && let Some(rule) = self.rules.rules.get(at)
                && let Some(slot) = fates.get_mut(id.index())
            {
                *slot = self.fate(id, at, &rule.method)?;
            }
        }
        Ok(fates)
    }

    fn fate(&self, id: NodeId, at: usize, method: &Method) -> std::result::Result<Fate, Mismatch> {
        let node = self.model.tree.node(id);
        let Some(text) = self.model.record.text(id) else { return Ok(Fate::Go) };
        let ty = self.model.type_of(id).unwrap_or_default();
        let holder = self.holder(id).and_then(|holder| self.model.type_of(holder)).unwrap_or_default();
        let name = self.model.name_of(id).unwrap_or_default();
        let become_or_go = |action: Action, text: Option<String>| match text {
            Some(text) => Fate::Become(action, text),
            None => Fate::Go,
        };
        let is_date = matches!(&*ty, "date" | "dateTime" | "instant");
        let (rules, secrets) = (self.rules, self.secrets);
        Ok(match method {
            Method::Keep => Fate::Stay,
            Method::Redact if is_date => {
                become_or_go(Action::Year, values::year(&text, rules.partial_dates, secrets.on))
            }
            Method::Redact if holder == "Age" && node.kind() == Kind::Number => {
                let number = text.parse::<f64>().ok().filter(|_| rules.partial_ages);
                let years = number.map(|number| self.years(id, number));
                if years.is_some_and(|years| (0.0..=89.0).contains(&years)) { Fate::Stay } else { Fate::Go }
            }
            Method::Redact if holder == "Address" && name == "postalCode" => {
                let zip = values::zip(&text, rules.partial_zips, &rules.restricted);
                become_or_go(Action::PostalPrefix, zip)
            }
            Method::Redact | Method::Substitute(_) => Fate::Go,
            Method::ShiftDate if is_date => {
                let moved = values::shifted(&text, self.days(id, at), rules.partial_dates, secrets.on);
                become_or_go(Action::ShiftDates, moved)
            }
            Method::ShiftDate => Fate::Stay,
            Method::Hash if node.kind() != Kind::Text => Fate::Go,
            Method::Hash => {
                let hash = |text: &str| values::hash(&secrets.hash, text);
                let is_type = |name: &str| self.model.record.is_entry_type(name);
                let pointer = holder == "Reference" && name == "reference";
                let made = if pointer { values::reference(&text, is_type, hash) } else { hash(&text) };
                become_or_go(Action::Hash, made)
            }
            Method::Encrypt if node.kind() != Kind::Text => Fate::Go,
            Method::Encrypt => {
                let made = secrets.cipher.as_ref().and_then(|keyed| cipher::encrypt(keyed, &text));
                become_or_go(Action::Encrypt, made)
            }
            Method::Perturb { span, proportional, decimals } if node.kind() == Kind::Number => {
                let whole = matches!(&*ty, "integer" | "positiveInt" | "unsignedInt" | "integer64");
                let decimals = if whole { 0 } else { *decimals };
                let whose = secrets.patient.as_deref().unwrap_or_default();
                let secret = values::hash(&secrets.hash, &format!("{whose}\u{0}{text}"));
                let secret = secret.and_then(|hex| u64::from_str_radix(hex.get(..16)?, 16).ok());
                let moved = secret.and_then(|secret| {
                    super::super::values::perturb(&text, span / 2.0, *proportional, Some(decimals), secret)
                });
                let least = match &*ty {
                    "positiveInt" => Some(1.0),
                    "unsignedInt" => Some(0.0),
                    _ => None,
                };
                let bounded = moved.map(|moved| match least {
                    Some(least) if moved.parse::<f64>().is_ok_and(|n| n < least) => format!("{least}"),
                    _ => moved,
                });
                become_or_go(Action::Perturb, bounded)
            }
            Method::Perturb { .. } => Fate::Stay,
            Method::Generalise { cases, keep_others } => {
                let this = Item::Node(id);
                for (case, value) in cases {
                    if evaluate::holds(self.model, case, &this)? {
                        let made = evaluate::text(self.model, value, &this)?;
                        return Ok(become_or_go(Action::Generalise, made));
                    }
                }
                if *keep_others { Fate::Stay } else { Fate::Go }
            }
        })
    }

    /// The object that a leaf is a member of.
    fn holder(&self, id: NodeId) -> Option<NodeId> {
        let tree = self.model.tree;
        let parent = tree.parent(id)?;
        if tree.node(parent).kind() == Kind::List { tree.parent(parent) } else { Some(parent) }
    }

    /// An age in years: in the unit that stands beside it.
    fn years(&self, id: NodeId, number: f64) -> f64 {
        let tree = self.model.tree;
        let beside = self.holder(id).into_iter().flat_map(|holder| tree.children(holder));
        let units = beside.filter(|at| matches!(tree.node(*at).label(), Label::Unit | Label::Code));
        let years = units.filter_map(|at| age::years(number, &self.model.record.text(at)?));
        years.reduce(f64::max).unwrap_or(number)
    }
}

/// The fates, and which containers are left with anything.
pub(super) struct Plan<'p, 'r> {
    pub(super) model: &'p Model<'r>,
    pub(super) assigned: Assigned,
    pub(super) fates: Vec<Fate>,
    /// Values whose place another value takes.
    pub(super) substitutes: HashMap<NodeId, (usize, &'p Value)>,
    stays: Vec<bool>,
    /// Nodes that the standard does not know, which no rule can speak of.
    unknown: Vec<NodeId>,
}

impl<'p, 'r> Plan<'p, 'r> {
    fn new(model: &'p Model<'r>, rules: &'p PathRules, assigned: Assigned, mut fates: Vec<Fate>) -> Self {
        let tree = model.tree;
        let flaws = ["unknown_element", "unknown_resource_type", "wrong_json_type", "duplicate_key"];
        let irregular = model.record.irregularities().iter();
        let mut unknown: Vec<NodeId> =
            irregular.filter(|flaw| flaws.contains(&flaw.code)).map(|flaw| flaw.node).collect();
        unknown.sort_unstable();
        let mut substitutes = HashMap::new();
        for (id, at) in &assigned.roots {
            if let Some(Method::Substitute(value)) = rules.rules.get(*at).map(|rule| &rule.method) {
                substitutes.insert(*id, (*at, value));
            }
        }
        let mut stays = vec![false; tree.len()];
        for (id, node) in tree.iter() {
            let leaf = matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag);
            if let Some(slot) = stays.get_mut(id.index()) {
                *slot = leaf && fates.get(id.index()).is_some_and(|fate| *fate != Fate::Go);
            }
        }
        let unset = |stays: &mut Vec<bool>, id: NodeId| {
            let part = id.index()..tree.next(id).index();
            stays.get_mut(part).into_iter().flatten().for_each(|slot| *slot = false);
        };
        for id in &unknown {
            unset(&mut stays, *id);
            let part = id.index()..tree.next(*id).index();
            fates.get_mut(part).into_iter().flatten().for_each(|fate| *fate = Fate::Go);
        }
        let mut plan = Self { model, assigned, fates, substitutes, stays, unknown };
        let replaced: Vec<NodeId> = plan.substitutes.keys().copied().collect();
        for id in replaced {
            let stands =
                Merge { plan: &plan }.substitute(id).is_some() && plan.unknown.binary_search(&id).is_err();
            unset(&mut plan.stays, id);
            if let Some(slot) = plan.stays.get_mut(id.index()) {
                *slot = stands;
            }
        }
        // From the end to the beginning: a container is left with what its members are; an entry always stays.
        for at in (0..tree.len()).rev() {
            let id = NodeId(at as u32);
            let entry = model.is_entry(id) && plan.unknown.binary_search(&id).is_err();
            if let Some(slot) = plan.stays.get_mut(at) {
                *slot |= entry;
            }
            let stays = plan.stays.get(at).copied().unwrap_or_default();
            let parent = tree.parent(id).filter(|_| stays);
            if let Some(slot) = parent.and_then(|parent| plan.stays.get_mut(parent.index())) {
                *slot = true;
            }
        }
        plan
    }

    pub(super) fn stays(&self, id: NodeId) -> bool {
        self.stays.get(id.index()).copied().unwrap_or_default()
    }

    pub(super) fn fate(&self, id: NodeId) -> &Fate {
        self.fates.get(id.index()).unwrap_or(&Fate::Go)
    }

    /// Whether a list must hold its positions: the list beside it, of what is said about its values, stays or had been
    /// there.
    fn holds_positions(&self, list: NodeId) -> bool {
        let model = self.model;
        let Some(name) = model.record.name(list) else { return false };
        let Some(holder) = model.tree.parent(list) else { return false };
        let is_partner =
            |other: &str| other.strip_prefix('_') == Some(&*name) || name.strip_prefix('_') == Some(other);
        let mut beside = model.tree.children(holder).filter(|id| *id != list);
        beside.any(|id| model.record.name(id).is_some_and(|other| is_partner(&other)) && self.stays(id))
    }

    fn carry_out(self, policy: &Policy) -> Result<Outcome> {
        let (record, tree) = (self.model.record, self.model.tree);
        let mut edits = record.edits();
        let mut entries = Vec::new();
        let end = tree.next(NodeId::ROOT);
        let mut at = NodeId::ROOT;
        while at < end {
            let node = tree.node(at);
            let note = |entries: &mut Vec<Entry>, id: NodeId, action: Action| {
                let rule = self.assigned.rule(id).map_or(policy.default_clause().rule, RuleId::of);
                entries.push(Entry { node: id, label: tree.node(id).label(), action, rule });
            };
            let parent = tree.parent(at).filter(|parent| tree.node(*parent).kind() == Kind::List);
            if let Some((_, _)) = self.substitutes.get(&at).filter(|_| self.stays(at)) {
                note(&mut entries, at, Action::Substitute);
                let made = Merge { plan: &self }.substitute(at).unwrap_or_else(|| b"null".to_vec());
                edits.replace_value(at, &made);
                at = tree.next(at);
                continue;
            }
            // What was empty before is not touched.
            let bare =
                tree.next(at).0 == at.0 + 1 && !matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag);
            if !self.stays(at) && at != NodeId::ROOT && !bare {
                for id in std::iter::once(at).chain(tree.descendants(at)) {
                    if matches!(tree.node(id).kind(), Kind::Text | Kind::Number | Kind::Flag) {
                        note(&mut entries, id, Action::Remove);
                    }
                }
                match parent.filter(|list| self.holds_positions(*list)) {
                    Some(_) => edits.replace_value(at, b"null"),
                    None => edits.remove(at),
                }
                at = tree.next(at);
                continue;
            }
            if let Fate::Become(action, text) = self.fate(at)
                && record.text(at).as_deref() != Some(text)
            {
                if edits.replace_text(at, text) {
                    note(&mut entries, at, *action);
                } else {
                    note(&mut entries, at, Action::Remove);
                    match parent {
                        Some(_) => edits.replace_value(at, b"null"),
                        None => edits.remove(at),
                    }
                }
            }
            at = NodeId(at.0 + 1);
        }
        let patches = edits.finish(|_| Emptied::Remove)?;
        Ok(Outcome { patches, entries, contradictions: Vec::new() })
    }
}

/// A record of which nothing is left but what it is.
fn emptied(model: &Model<'_>, policy: &Policy) -> Result<Outcome> {
    let mut edits = model.record.edits();
    let mut entries = Vec::new();
    for id in model.tree.children(NodeId::ROOT).filter(|id| !model.is_type_name(*id)) {
        let (label, rule) = (model.tree.node(id).label(), policy.default_clause().rule);
        entries.push(Entry { node: id, label, action: Action::Remove, rule });
        edits.remove(id);
    }
    let patches = edits.finish(|_| Emptied::Remove)?;
    Ok(Outcome { patches, entries, contradictions: Vec::new() })
}
