//! From the pack's file to rules that can be evaluated; what does not compile is refused, naming the rule.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::fact::Fact;
use super::expr::Expr;
use super::file::{Confidence, Effect, ElementFile, ObligationFile, PackFile, RuleFile};
use super::{Element, Obligation, Rule};
use crate::error::{Error, Result, codes};
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

pub(super) fn compile(json: &str) -> Result<Compiled> {
    let file: PackFile = serde_json::from_str(json).map_err(|error| {
        Error::new(&codes::PACK_MALFORMED).note(format!("line {}, column {}", error.line(), error.column()))
    })?;
    let mut compiler = Compiler { file: &file, checklists: BTreeMap::new(), obligations: BTreeMap::new() };
    let mut elements = Vec::new();
    for (name, rows) in &file.checklists {
        let mut list = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let place = format!("checklists.{name}[{at}]");
            let row: ElementFile = read(row, &place, "an element has fact, must_be, cite, confidence")?;
            let fact = Fact::from_name(&row.fact).ok_or_else(|| bad(&place, "no fact has this name"))?;
            list.push((fact, row.must_be, row.confidence));
            elements.push(Element {
                document: name.clone(),
                fact,
                must_be: row.must_be,
                citation: row.cite,
                confidence: row.confidence,
            });
        }
        compiler.checklists.insert(name, list);
    }
    for (name, row) in &file.obligations {
        let place = format!("obligations.{name}");
        let row: ObligationFile = read(row, &place, "an obligation has text, cite, confidence")?;
        compiler.obligations.insert(name, row);
    }
    let mut rules = Vec::with_capacity(file.rules.len());
    for (at, row) in file.rules.iter().enumerate() {
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        let rule = compiler.rule(row, &format!("rules[{at}] {id}"))?;
        if rules.iter().any(|known: &Rule| known.id == rule.id) {
            return Err(bad(&format!("rules[{at}] {id}"), "the rule stands twice"));
        }
        rules.push(rule);
    }
    let info = file.pack.info("law", rules.len(), fingerprint(json.as_bytes()));
    Ok(Compiled { info, rules, elements })
}

struct Compiler<'f> {
    file: &'f PackFile,
    checklists: BTreeMap<&'f str, Vec<(Fact, bool, Confidence)>>,
    obligations: BTreeMap<&'f str, ObligationFile>,
}

impl Compiler<'_> {
    fn rule(&self, row: &Value, place: &str) -> Result<Rule> {
        let row: RuleFile = read(
            row,
            place,
            "a rule has id, title, effect, when, cite, confidence, and may have effective_from, vacated_on, \
             even_if_required, occasion, obligations, accounting, due_days, note",
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
            due_days: row.due_days,
        })
    }

    /// A condition: a name (of a fact, or of a definition), or an object with one of `all`, `any`, `not`,
    /// `checklist`. A checklist that is less sure than the rule makes the rule as unsure.
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
        let shape = || bad(place, "a condition is a name, or an object with one of all, any, not, checklist");
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
                Ok(Expr::All(list.iter().map(element).collect()))
            }
            _ => Err(shape()),
        }
    }
}
