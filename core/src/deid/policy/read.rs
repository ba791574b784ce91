//! The rules of a policy's file: what it says of labels, ages, patients and ZIP codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::file::{Place, Reader, malformed};
use super::{Clause, Method, PatientKey, RuleId, Treatment, method};
use crate::error::Result;
use crate::formats::label::{Label, Whose};

/// The rules and methods of a policy while it is read.
pub(super) struct Rows {
    /// The rule of a clause that names none.
    pub(super) own: String,
    pub(super) rules: Vec<String>,
    pub(super) methods: Vec<Vec<Method>>,
}

impl Rows {
    pub(super) fn clauses(
        &mut self,
        labels: Option<&Map<String, Value>>,
        place: &Place<'_>,
        default: Clause,
    ) -> Result<Vec<Clause>> {
        let mut out = vec![default; Whose::ALL.len() * Label::ALL.len()];
        let rows = || labels.into_iter().flatten();
        // What is said of everybody's comes first, what is said of somebody's overrules it.
        let general = rows().filter(|(name, _)| !name.contains('@'));
        for (name, value) in general.chain(rows().filter(|(name, _)| name.contains('@'))) {
            let (label_name, whose_name) = match name.split_once('@') {
                Some((label, whose)) => (label, Some(whose)),
                None => (name.as_str(), None),
            };
            let label = Label::from_name(label_name).ok_or_else(|| {
                place.unknown("label", label_name, Label::ALL.iter().map(|label| label.as_str()))
            })?;
            let whose = whose_name.map(|name| {
                Whose::from_name(name).ok_or_else(|| {
                    place.unknown("owner", name, Whose::ALL.iter().map(|whose| whose.as_str()))
                })
            });
            let clause = self.clause(value, Some(label), &place.child(name))?;
            let only = whose.transpose()?;
            for whose in Whose::ALL.iter().filter(|whose| only.is_none_or(|only| only == **whose)) {
                if let Some(slot) = out.get_mut(*whose as usize * Label::ALL.len() + label as usize) {
                    *slot = clause;
                }
            }
        }
        Ok(out)
    }

    /// An action with its rule, or an action alone.
    pub(super) fn clause(
        &mut self,
        value: &Value,
        label: Option<Label>,
        place: &Place<'_>,
    ) -> Result<Clause> {
        let (action, rule, place) = match value {
            Value::Object(members) if members.contains_key("action") => {
                let reader = Reader::new(members, place.clone(), &["action", "rule"])?;
                (reader.get("action"), reader.text("rule")?, place.child("action"))
            }
            other => (Some(other), None, place.clone()),
        };
        let action = action.ok_or_else(|| malformed(&place, "an action is needed"))?;
        let treatment = match method::read(action, label, &place)? {
            // A name of the format is never kept unread.
            method::Action::Plain(Treatment::KeepAll) if label == Some(Label::Technical) => Treatment::Keep,
            method::Action::Plain(treatment) => treatment,
            method::Action::Methods(methods) => {
                let at = self.methods.iter().position(|known| *known == methods).unwrap_or_else(|| {
                    self.methods.push(methods);
                    self.methods.len() - 1
                });
                Treatment::Apply(u8::try_from(at).map_err(|_| malformed(&place, "more than 256 methods"))?)
            }
        };
        Ok(Clause { treatment, rule: self.rule(rule)? })
    }

    pub(super) fn own_rule(&mut self) -> Result<RuleId> {
        self.rule(None)
    }

    pub(super) fn rule(&mut self, text: Option<&str>) -> Result<RuleId> {
        let text = text.unwrap_or(&self.own);
        let at = match self.rules.iter().position(|known| known == text) {
            Some(at) => at,
            None => {
                self.rules.push(text.to_owned());
                self.rules.len() - 1
            }
        };
        u16::try_from(at).map(RuleId).map_err(|_| malformed(&Place::root(), "more than 65,536 rules"))
    }
}

pub(super) type Ages = (Option<u16>, BTreeMap<String, Vec<String>>, RuleId);

pub(super) fn ages(reader: &Reader<'_>, rows: &mut Rows) -> Result<Ages> {
    let Some(members) = reader.object("ages")? else { return Ok((None, BTreeMap::new(), rows.own_rule()?)) };
    let place = reader.place("ages");
    let ages = Reader::new(members, place.clone(), &["over", "rule", "codes"])?;
    let over = ages.get("over").and_then(Value::as_u64).and_then(|years| u16::try_from(years).ok());
    let over = over
        .filter(|years| (1..=150).contains(years))
        .ok_or_else(|| malformed(&place.child("over"), "a number of years from 1 to 150 is needed"))?;
    let mut codes = BTreeMap::new();
    if let Some(members) = ages.object("codes")? {
        let place = place.child("codes");
        for (system, list) in members {
            let list = list.as_array().and_then(|items| {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            });
            codes.insert(system.clone(), list.ok_or_else(|| malformed(&place, "lists of codes are needed"))?);
        }
    }
    Ok((Some(over), codes, rows.rule(ages.text("rule")?)?))
}

pub(super) fn patient(reader: &Reader<'_>) -> Result<PatientKey> {
    let Some(members) = reader.object("patient")? else { return Ok(PatientKey::default()) };
    let place = reader.place("patient");
    let patient = Reader::new(members, place.clone(), &["by", "systems"])?;
    let by_entry = match patient.text("by")?.unwrap_or("identifier") {
        "identifier" => false,
        "entry" => true,
        _ => return Err(malformed(&place.child("by"), "identifier or entry is needed")),
    };
    Ok(PatientKey { by_entry, systems: patient.texts("systems")? })
}

/// The censuses of the ZIP rule: all that there are, unless the policy names one.
pub(super) fn zip_censuses(reader: &Reader<'_>) -> Result<Vec<String>> {
    let known = super::super::places::Places::censuses();
    let Some(members) = reader.object("zip3")? else { return Ok(known) };
    let place = reader.place("zip3");
    let zip = Reader::new(members, place.clone(), &["census"])?;
    match zip.text("census")?.unwrap_or("union") {
        "union" => Ok(known),
        one if known.iter().any(|census| census == one) => Ok(vec![one.to_owned()]),
        _ => {
            Err(malformed(&place.child("census"), format!("union or one of {} is needed", known.join(", "))))
        }
    }
}
