//! Values that take the place of others: the value of the rule, with what earlier rules have made of the parts that they
//! reached.

use std::borrow::Cow;

use serde_json::Value;

use super::apply::{Fate, Plan};
use crate::formats::tree::{Kind, NodeId};

/// Joins the value of a rule with the parts that stay.
pub(super) struct Merge<'m, 'p, 'r> {
    pub(super) plan: &'m Plan<'p, 'r>,
}

impl Merge<'_, '_, '_> {
    /// What stands in the place of a value that a rule substitutes; nothing where nothing is left.
    pub(super) fn substitute(&self, id: NodeId) -> Option<Vec<u8>> {
        let (rule, value) = self.plan.substitutes.get(&id)?;
        self.joined(id, value, *rule)
    }

    /// Whether an earlier rule than `rule` has reached the node.
    fn is_settled(&self, id: NodeId, rule: usize) -> bool {
        self.plan.assigned.rule(id).is_some_and(|own| own != rule)
    }

    fn holds_settled(&self, id: NodeId, rule: usize) -> bool {
        let tree = self.plan.model.tree;
        std::iter::once(id).chain(tree.descendants(id)).any(|at| self.is_settled(at, rule))
    }

    fn joined(&self, id: NodeId, with: &Value, rule: usize) -> Option<Vec<u8>> {
        let tree = self.plan.model.tree;
        if tree.node(id).kind() != Kind::Object {
            // A leaf takes a leaf: what has parts would not be of its type.
            return match with {
                Value::Null | Value::Array(_) | Value::Object(_) => None,
                leaf => Some(leaf.to_string().into_bytes()),
            };
        }
        let empty = serde_json::Map::new();
        let parts = match with {
            Value::Object(parts) => parts,
            Value::Null => &empty,
            _ => return None,
        };
        let mut members: Vec<(Cow<'_, str>, Vec<u8>)> = Vec::new();
        for child in tree.children(id) {
            let Some(name) = self.plan.model.record.name(child) else { continue };
            if let Some(made) = self.member(child, parts.get(&*name), rule) {
                members.push((name, made));
            }
        }
        for (name, value) in parts {
            if !members.iter().any(|(known, _)| *known == **name) {
                members.push((Cow::Borrowed(name), value.to_string().into_bytes()));
            }
        }
        if members.is_empty() { None } else { Some(object(&members)) }
    }

    /// A member that stands already, with the value that takes its place, where there is one.
    fn member(&self, child: NodeId, with: Option<&Value>, rule: usize) -> Option<Vec<u8>> {
        let tree = self.plan.model.tree;
        if tree.node(child).kind() != Kind::List {
            return self.part(child, with, rule);
        }
        let targets: &[Value] = match with {
            Some(Value::Array(items)) => items,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let mut out = Vec::new();
        let mut next = targets.iter();
        for item in tree.children(child) {
            let target = next.next();
            out.extend(self.part(item, target, rule));
        }
        out.extend(next.map(|value| value.to_string().into_bytes()));
        if out.is_empty() { None } else { Some(list(&out)) }
    }

    fn part(&self, id: NodeId, with: Option<&Value>, rule: usize) -> Option<Vec<u8>> {
        if self.is_settled(id, rule) {
            return self.rendered(id);
        }
        match with {
            Some(value) => self.joined(id, value, rule),
            None if self.holds_settled(id, rule) => self.joined(id, &Value::Null, rule),
            None => None,
        }
    }

    /// A value as the rules leave it.
    fn rendered(&self, id: NodeId) -> Option<Vec<u8>> {
        if self.plan.substitutes.contains_key(&id) {
            return self.substitute(id);
        }
        let model = self.plan.model;
        match model.tree.node(id).kind() {
            Kind::Object => {
                let members: Vec<_> = model
                    .tree
                    .children(id)
                    .filter_map(|child| Some((model.record.name(child)?, self.rendered(child)?)))
                    .collect();
                if members.is_empty() { None } else { Some(object(&members)) }
            }
            Kind::List => {
                let items: Vec<_> =
                    model.tree.children(id).filter_map(|child| self.rendered(child)).collect();
                if items.is_empty() { None } else { Some(list(&items)) }
            }
            Kind::Null => None,
            kind => match self.plan.fate(id) {
                Fate::Go => None,
                Fate::Stay => Some(model.record.raw(id).to_vec()),
                Fate::Become(_, text) if kind == Kind::Text => {
                    Some(Value::String(text.clone()).to_string().into_bytes())
                }
                Fate::Become(_, text) => {
                    let number: Option<Value> = serde_json::from_str(text).ok();
                    number
                        .filter(|value| value.is_number() || value.is_boolean())
                        .map(|_| text.clone().into_bytes())
                }
            },
        }
    }
}

fn object(members: &[(Cow<'_, str>, Vec<u8>)]) -> Vec<u8> {
    let written = members.iter().map(|(name, value)| {
        [Value::String(name.clone().into_owned()).to_string().as_bytes(), b":", value].concat()
    });
    [b"{".as_slice(), &written.collect::<Vec<_>>().join(&b","[..]), b"}"].concat()
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [b"[".as_slice(), &items.join(&b","[..]), b"]"].concat()
}
