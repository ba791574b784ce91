//! Rules by path: for FHIR, what a path leads to is treated as its rule says, the first rule that reaches a value first,
//! and what no rule reaches stays. This is how configurations of Microsoft's Tools for Health Data Anonymization work,
//! and they are read as they are ([`config`]); the project's own policies go by label and remove what they do not name.

mod apply;
pub(super) mod config;
mod evaluate;
mod expression;
mod model;
mod substitute;
#[cfg(test)]
mod tests;
mod tokens;
mod values;

use std::collections::HashSet;

use self::evaluate::{Item, Mismatch};
use self::expression::Expr;
use self::model::Model;
use crate::error::{Error, codes};
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;

pub(super) use apply::run;

/// The rules of a configuration.
#[derive(Debug)]
pub(super) struct PathRules {
    rules: Vec<Rule>,
    /// An expression that asks for what a value cannot give empties the record, instead of being an error.
    skips_errors: bool,
    /// Dates move by the id of the record; else by what the caller names.
    by_resource: bool,
    /// By how many days dates move.
    fixed_days: Option<i32>,
    keys: Keys,
    partial_ages: bool,
    partial_dates: bool,
    partial_zips: bool,
    /// Beginnings of ZIP codes where few people live, besides those of the censuses.
    restricted: Vec<String>,
}

/// Keys that stand in the file. One of the caller's takes the place of all of them.
struct Keys {
    shift: Option<String>,
    hash: Option<String>,
    cipher: Option<String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// One rule.
#[derive(Debug)]
struct Rule {
    /// As it was written.
    path: String,
    /// The type of the entries that it is for.
    only: Option<String>,
    /// What it leads to; none is the whole entry.
    select: Option<Expr>,
    method: Method,
}

/// What is done.
#[derive(Debug)]
enum Method {
    Keep,
    Redact,
    ShiftDate,
    Hash,
    Encrypt,
    Substitute(serde_json::Value),
    Perturb { span: f64, proportional: bool, decimals: u32 },
    Generalise { cases: Vec<(Expr, Expr)>, keep_others: bool },
}

impl Method {
    fn name(&self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Redact => "redact",
            Self::ShiftDate => "dateShift",
            Self::Hash => "cryptoHash",
            Self::Encrypt => "encrypt",
            Self::Substitute(_) => "substitute",
            Self::Perturb { .. } => "perturb",
            Self::Generalise { .. } => "generalize",
        }
    }

    /// Whether what it was done to cannot be read in the output.
    fn hides(&self) -> bool {
        matches!(self, Self::Redact | Self::Hash | Self::Encrypt | Self::Substitute(_))
    }
}

impl PathRules {
    /// What the rules are called where they are told, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.rules.iter().map(|rule| format!("{}: {}", rule.path, rule.method.name()))
    }

    /// Whether a method needs a key and the file has none.
    pub(super) fn needs_key(&self) -> bool {
        self.rules.iter().any(|rule| match rule.method {
            Method::ShiftDate => self.fixed_days.is_none() && self.keys.shift.is_none(),
            Method::Hash => self.keys.hash.is_none(),
            Method::Encrypt => self.keys.cipher.is_none(),
            Method::Perturb { .. } => self.keys.hash.is_none() && self.keys.shift.is_none(),
            _ => false,
        })
    }

    /// Whether it is a rule for every entry of that type.
    fn is_for(rule: &Rule, ty: &str) -> bool {
        rule.only.as_deref().is_none_or(|only| only == ty || matches!(only, "Resource" | "DomainResource"))
    }

    /// Which rule reaches which node, and the values that rules lead to themselves.
    ///
    /// # Errors
    /// An expression that asks for what a value cannot give.
    fn assign(&self, model: &Model<'_>) -> std::result::Result<Assigned, Mismatch> {
        let mut assigned = Assigned { rule_of: vec![None; model.tree.len()], roots: Vec::new() };
        for entry in model.entries() {
            let Some(ty) = model.type_of(*entry) else { continue };
            let index = model.index(*entry);
            for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| Self::is_for(rule, &ty)) {
                let this = Item::Node(*entry);
                let reached = match &rule.select {
                    None => vec![this],
                    Some(select) => evaluate::evaluate(model, Some(&index), select, &this)?,
                };
                for item in reached {
                    if let Item::Node(id) = item
                        && assigned.reach(model, id, at)
                    {
                        assigned.roots.push((id, at));
                    }
                }
            }
        }
        Ok(assigned)
    }

    /// The nodes whose values should not be found in the output; nothing is known of a record whose rules err.
    pub(super) fn hidden(&self, record: &Record) -> HashSet<NodeId> {
        let model = Model::new(record);
        let Ok(assigned) = self.assign(&model) else { return HashSet::new() };
        let hides = |rule: &Option<usize>| {
            rule.and_then(|at| self.rules.get(at)).is_some_and(|rule| rule.method.hides())
        };
        let nodes = assigned.rule_of.iter().enumerate().filter(|(_, rule)| hides(rule));
        nodes.map(|(at, _)| NodeId(at as u32)).collect()
    }
}

/// Which rule reaches which node.
struct Assigned {
    rule_of: Vec<Option<usize>>,
    roots: Vec<(NodeId, usize)>,
}

impl Assigned {
    fn rule(&self, id: NodeId) -> Option<usize> {
        self.rule_of.get(id.index()).copied().flatten()
    }

    /// Marks a value and everything in it that no rule has reached before. Whether the value itself was free.
    fn reach(&mut self, model: &Model<'_>, id: NodeId, rule: usize) -> bool {
        if self.rule(id).is_some() {
            return false;
        }
        self.mark(id, rule);
        // What is said about a primitive value apart from it goes the same way.
        let mut parts = vec![id];
        if model.tree.node(id).kind() != Kind::Object
            && let Some(partner) = model.partner(id).filter(|partner| self.rule(*partner).is_none())
        {
            self.mark(partner, rule);
            parts.push(partner);
        }
        for part in parts {
            let end = model.tree.next(part);
            let mut at = NodeId(part.0.saturating_add(1));
            while at < end {
                let list = model.tree.node(at).kind() == Kind::List;
                if model.is_entry(at) || self.rule(at).is_some() {
                    at = model.tree.next(at);
                    continue;
                }
                // A list is no value: its items are.
                if !list && !model.is_type_name(at) {
                    self.mark(at, rule);
                }
                at = NodeId(at.0 + 1);
            }
        }
        true
    }

    fn mark(&mut self, id: NodeId, rule: usize) {
        if let Some(slot) = self.rule_of.get_mut(id.index()) {
            *slot = Some(rule);
        }
    }
}

/// A record that is no FHIR has no paths that such rules speak of.
fn no_fhir() -> Error {
    Error::new(&codes::INVALID_ARGUMENT).in_path("policy").note("rules by path are for FHIR alone")
}

fn evaluation_failed() -> Error {
    Error::new(&codes::POLICY_MALFORMED)
        .in_path("rules")
        .note("an expression asks for what a value of this record cannot give")
}
