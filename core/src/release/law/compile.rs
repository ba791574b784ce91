//! From the pack's file to rules that can be evaluated; what does not compile is refused, naming the rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::derive::letters;
use super::super::fact::Fact;
use super::super::sensitivity::Sensitivity;
use super::expr::Expr;
use super::file::{Confidence, Effect, ElementFile, ObligationFile, PackFile, RuleFile};
use super::{Element, Obligation, Rule};
use crate::error::{Error, Result, codes};
use crate::formats::field::EntryKind;
use crate::packs::PackInfo;

/// A compiled pack.
pub(super) struct Compiled {
    pub(super) info: PackInfo,
    pub(super) rules: Vec<Rule>,
    pub(super) elements: Vec<Element>,
}

/// How deep conditions may nest: deeper than any that a person could review.
const DEPTH: usize = 24;

fn bad(place: &str, note: &'static str) -> Error {
    Error::new(&codes::PACK_MALFORMED).in_path(place).note(note)
}

fn read<T: DeserializeOwned>(value: &Value, place: &str, note: &'static str) -> Result<T> {
    serde_json::from_value(value.clone()).map_err(|_| bad(place, note))
}

/// The fingerprint of a pack that is a text file: of its bytes as they are.
pub(in crate::release) fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn compile(json: &str, sensitivity: &Sensitivity) -> Result<Compiled> {
    let file: PackFile = serde_json::from_str(json).map_err(|error| {
        Error::new(&codes::PACK_MALFORMED).note(format!("line {}, column {}", error.line(), error.column()))
    })?;
    let mut compiler = Compiler {
        file: &file,
        sensitivity,
        applies: Expr::ALWAYS,
        checklists: BTreeMap::new(),
        obligations: BTreeMap::new(),
    };
    let mut elements = Vec::new();
    for (name, rows) in &file.checklists {
        let mut list = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let place = format!("checklists.{name}[{at}]");
            let row: ElementFile = read(
                row,
                &place,
                "an element has fact, must_be, cite, confidence, and may have effective_from, vacated_on",
            )?;
            let fact = Fact::from_name(&row.fact).ok_or_else(|| bad(&place, "no fact has this name"))?;
            list.push((fact, row.must_be, row.confidence));
            elements.push(Element {
                document: name.clone(),
                fact,
                must_be: row.must_be,
                citation: row.cite,
                confidence: row.confidence,
                effective_from: row.effective_from,
                vacated_on: row.vacated_on,
                pack: file.pack.name.clone(),
                presented: fact,
                applies: Expr::ALWAYS,
            });
        }
        let presented =
            list.iter().map(|(fact, ..)| *fact).find(|fact| fact.as_str().ends_with(".presented"));
        let presented = presented
            .ok_or_else(|| bad(&format!("checklists.{name}"), "it does not ask for its document"))?;
        elements.iter_mut().rev().take(list.len()).for_each(|element| element.presented = presented);
        compiler.checklists.insert(name, list);
    }
    for (name, row) in &file.obligations {
        let place = format!("obligations.{name}");
        let row: ObligationFile = read(row, &place, "an obligation has text, cite, confidence")?;
        compiler.obligations.insert(name, row);
    }
    if let Some(applies) = &file.pack.applies_when {
        let mut sure = Confidence::V;
        compiler.applies = compiler.condition(applies, "pack.applies_when", 0, &mut sure)?;
        elements.iter_mut().for_each(|element: &mut Element| element.applies = compiler.applies.clone());
    }
    let mut rules = Vec::with_capacity(file.rules.len());
    let mut ids = BTreeSet::new();
    for (at, row) in file.rules.iter().enumerate() {
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        let rule = compiler.rule(row, &format!("rules[{at}] {id}"))?;
        if !ids.insert(rule.id.clone()) {
            return Err(bad(&format!("rules[{at}] {id}"), "the rule stands twice"));
        }
        rules.push(rule);
    }
    let info = file.pack.info(super::SYSTEM, rules.len(), fingerprint(json.as_bytes()));
    Ok(Compiled { info, rules, elements })
}

struct Compiler<'f> {
    file: &'f PackFile,
    sensitivity: &'f Sensitivity,
    /// What must hold for any rule of the pack to apply.
    applies: Expr,
    checklists: BTreeMap<&'f str, Vec<(Fact, bool, Confidence)>>,
    obligations: BTreeMap<&'f str, ObligationFile>,
}

impl Compiler<'_> {
    fn rule(&self, row: &Value, place: &str) -> Result<Rule> {
        let row: RuleFile = read(
            row,
            place,
            "a rule has id, title, effect, when, cite, confidence, and may have effective_from, vacated_on, \
             even_if_required, occasion, obligations, accounting, due, note",
        )?;
        if row.id.is_empty() || row.cite.is_empty() {
            return Err(bad(place, "the id or the citation is empty"));
        }
        let mut confidence = row.confidence;
        let when = match (&row.when, row.effect) {
            (Some(when), _) => self.condition(when, &format!("{place}.when"), 0, &mut confidence)?,
            (None, Effect::Default) => Expr::ALWAYS,
            (None, _) => return Err(bad(place, "the condition is missing")),
        };
        silence_never_releases(row.effect, &when, place)?;
        let when = match &self.applies {
            Expr::All(none) if none.is_empty() => when,
            applies => Expr::All(std::iter::once(applies.clone()).chain(when.conjuncts().to_vec()).collect()),
        };
        let mut of_segment = 0;
        when.each_fact(true, &mut |fact, _| of_segment |= fact.segment_bit());
        let mut obligations = Vec::new();
        for name in &row.obligations {
            let known = self.obligations.get(name.as_str());
            let known = known.ok_or_else(|| bad(place, "no obligation has this name"))?;
            obligations.push(Obligation {
                code: name.clone(),
                text: known.text.clone(),
                citation: known.cite.clone(),
                confidence: known.confidence,
                rule: row.id.clone(),
            });
        }
        Ok(Rule {
            id: row.id,
            pack: self.file.pack.name.clone(),
            title: row.title,
            effect: row.effect,
            when,
            citation: row.cite,
            confidence,
            effective_from: row.effective_from.or(self.file.pack.effective_from),
            vacated_on: row.vacated_on,
            even_if_required: row.even_if_required,
            occasion: row.occasion,
            obligations,
            accounting: row.accounting,
            due: row.due,
            effective_to: self.file.pack.effective_to,
            applies: self.applies.clone(),
            of_segment,
        })
    }

    /// A condition: a name (of a fact, or of a definition), or an object with one of `all`, `any`, `not`,
    /// `checklist`, `requester_named`, `class`, `entry_kind`. A checklist that is less sure than the rule makes the
    /// rule as unsure.
    fn condition(
        &self,
        value: &Value,
        place: &str,
        depth: usize,
        confidence: &mut Confidence,
    ) -> Result<Expr> {
        if depth > DEPTH {
            return Err(bad(place, "the condition nests too deep, or a definition names itself"));
        }
        if let Some(name) = value.as_str() {
            if let Some(fact) = Fact::from_name(name) {
                return Ok(Expr::Fact(fact));
            }
            let definition = self.file.definitions.get(name);
            let definition =
                definition.ok_or_else(|| bad(place, "no fact and no definition has this name"))?;
            return self.condition(definition, place, depth + 1, confidence);
        }
        let shape = || {
            bad(
                place,
                "a condition is a name, or an object with one of all, any, not, checklist, requester_named, class, entry_kind",
            )
        };
        let object = value.as_object().filter(|object| object.len() == 1).ok_or_else(shape)?;
        let (key, inner) = object.iter().next().ok_or_else(shape)?;
        let mut parts = || -> Result<Vec<Expr>> {
            let list = inner.as_array().ok_or_else(shape)?;
            let each = |(at, part): (usize, &Value)| {
                self.condition(part, &format!("{place}.{key}[{at}]"), depth + 1, confidence)
            };
            list.iter().enumerate().map(each).collect()
        };
        match key.as_str() {
            "all" => Ok(Expr::All(parts()?)),
            "any" => Ok(Expr::Any(parts()?)),
            "not" => Ok(self.condition(inner, &format!("{place}.not"), depth + 1, confidence)?.negate()),
            "checklist" => {
                let list = inner.as_str().and_then(|name| self.checklists.get(name));
                let list = list.ok_or_else(|| bad(place, "no checklist has this name"))?;
                let element = |(fact, must_be, sure): &(Fact, bool, Confidence)| {
                    *confidence = (*confidence).max(*sure);
                    if *must_be { Expr::Fact(*fact) } else { Expr::Fact(*fact).negate() }
                };
                let elements: Vec<Expr> = list.iter().map(element).collect();
                let mut presented = list.iter().map(|(fact, ..)| *fact);
                let presented = presented
                    .find(|fact| fact.as_str().ends_with(".presented"))
                    .ok_or_else(|| bad(place, "the checklist does not ask for its document"))?;
                Ok(Expr::Checklist(presented, elements))
            }
            "requester_named" => {
                let name: String = inner.as_str().into_iter().flat_map(letters).collect();
                if name.is_empty() {
                    return Err(bad(place, "the name has no letter"));
                }
                Ok(Expr::Named(name))
            }
            "class" => {
                let class = inner.as_str().and_then(|code| self.sensitivity.class(code));
                class.map(Expr::Class).ok_or_else(|| bad(place, "no class has this code"))
            }
            "entry_kind" => {
                let kind = inner.as_str().and_then(EntryKind::from_name);
                kind.map(Expr::Kind).ok_or_else(|| bad(place, "no such kind of entry"))
            }
            _ => Err(shape()),
        }
    }
}

/// A ground that nobody has brought forward is taken as absent, so it may only ever help a release: stand in the
/// condition of a permission as it is, in that of an obstacle negated. Then silence cannot release.
fn silence_never_releases(effect: Effect, when: &Expr, place: &str) -> Result<()> {
    let releasing = match effect {
        Effect::Require | Effect::Permit => true,
        Effect::Prohibit | Effect::Defer | Effect::Limit => false,
        Effect::Oblige | Effect::Default => return Ok(()),
    };
    let mut wrong = false;
    when.each_fact(true, &mut |fact, helps| wrong |= fact.is_claim() && helps != releasing);
    if wrong {
        return Err(bad(place, "a claim stands where its absence would release"));
    }
    Ok(())
}
