//! Methods with settings, done one after the other on the text of a leaf.

use std::borrow::Cow;
use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::cipher;
use super::dates::Written;
use super::keyed::{Keyed, Use, first_number};
use super::manifest::Action;
use super::people::People;
use super::policy::{Direction, Method, Policy, Shift, Treatment};
use super::pseudonym;
use super::reference;
use super::surrogate::{self, Hints};
use super::tokens::surrogate_key;
use super::values::{age_band, mask, number_band, parent, perturb};
use super::vault::Table;
use crate::error::{Error, Result, codes};
use crate::formats::field::Field;
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;
use crate::text::Precision;

/// What methods need besides the leaf: the key, the patients, and how far each one's dates move.
pub(super) struct Methods<'r> {
    record: &'r Record,
    policy: &'r Policy,
    keyed: Option<Keyed>,
    people: People,
    /// Days that the caller names.
    explicit: Option<i32>,
    offsets: HashMap<usize, i32>,
    /// The record's own patients, where the caller names another, are all known by pseudonyms: its dates have moved.
    moved: bool,
    /// By entry: whether an earlier run of this policy and key has been there.
    settled: HashMap<NodeId, bool>,
}

impl<'r> Methods<'r> {
    /// # Errors
    /// `key_not_allowed`, `key_needed`, `key_too_short`; `patient_unknown` where dates move with their patient's and
    /// the record does not say whose they are.
    pub(super) fn new(
        record: &'r Record,
        policy: &'r Policy,
        key: Option<&[u8]>,
        people: People,
        explicit: Option<i32>,
    ) -> Result<Self> {
        policy.accepts_key(key)?;
        let keyed = key.map(|key| keyed(policy, key, explicit.is_some())).transpose()?;
        if policy.shift().is_some() && explicit.is_none() && people.keys().is_empty() {
            return Err(Error::new(&codes::PATIENT_UNKNOWN).in_path("patient").note(
                "name the patient, or let the policy count by entry: \"patient\": {\"by\": \"entry\"}",
            ));
        }
        let (offsets, settled) = (HashMap::new(), HashMap::new());
        Ok(Self { record, policy, keyed, people, explicit, offsets, moved: false, settled })
    }

    /// Looks whether the record's own patients are known by pseudonyms of this key, where the caller names the patient.
    pub(super) fn look_for_moved(&mut self) {
        let Some(keyed) = self.keyed.as_ref().filter(|_| self.policy.shift().is_some()) else { return };
        let own = People::of(self.record, None, self.policy.patient());
        self.moved = !own.keys().is_empty() && own.keys().iter().all(|key| pseudonym::is_own_key(keyed, key));
    }

    /// Whether an earlier run of this policy and key has been at the entry of a node: every id and number of the entry
    /// that gets a pseudonym is one already. How a policy makes surrogates and moves numbers is a part of its domain, so
    /// another policy's pseudonyms do not count.
    fn is_settled(&mut self, id: NodeId) -> bool {
        let Some(entry) = self.record.chart().holding(id).map(|entry| entry.node()) else { return false };
        if let Some(known) = self.settled.get(&entry) {
            return *known;
        }
        let settled = self.has_only_pseudonyms(entry);
        self.settled.insert(entry, settled);
        settled
    }

    fn has_only_pseudonyms(&self, entry: NodeId) -> bool {
        let Some(mut keyed) = self.keyed.as_ref() else { return false };
        let (record, tree) = (self.record, self.record.tree());
        let mut found = false;
        for id in tree.descendants(entry) {
            let node = tree.node(id);
            let Treatment::Apply(index) = self.policy.clause_of(node.label(), node.whose()).treatment else {
                continue;
            };
            if !matches!(self.policy.methods(index), [Method::Pseudonym]) {
                continue;
            }
            // What stands in an entry inside of this one speaks for that one.
            if record.chart().holding(id).is_none_or(|holder| holder.node() != entry) {
                continue;
            }
            let Some(text) = record.text(id).filter(|text| !text.trim().is_empty()) else { continue };
            let pointer = node.label() == Label::Reference;
            let own = match node.label() {
                Label::ResourceId | Label::Reference => {
                    let is_type = |name: &str| pointer && record.is_entry_type(name);
                    reference::replace(&text, &mut keyed, is_type).is_some_and(|new| new == *text)
                }
                _ => pseudonym::is_own(keyed, text.trim()),
            };
            if !own {
                return false;
            }
            found = true;
        }
        found
    }

    /// The key within the policy's domain.
    pub(super) fn keyed(&self) -> Option<&Keyed> {
        self.keyed.as_ref()
    }

    /// Whether the record holds several patients.
    pub(super) fn is_of_several(&self) -> bool {
        self.people.are_several()
    }

    /// The one patient of the record.
    pub(super) fn only_patient(&self) -> Option<&str> {
        self.people.keys().first().filter(|_| !self.people.are_several()).map(String::as_str)
    }

    /// The patient whose part of the record a node is.
    pub(super) fn patient(&self, id: NodeId) -> Option<&str> {
        self.people.keys().get(self.people.at(id)?).map(String::as_str)
    }

    /// Does the methods; what stands there then and what the last of them was, or none where the leaf must go.
    pub(super) fn apply(
        &mut self,
        id: NodeId,
        text: &str,
        methods: &[Method],
        table: &mut Table,
    ) -> Option<(Action, String)> {
        let mut text = Cow::Borrowed(text);
        let mut action = Action::Remove;
        let invents =
            |method: &Method| matches!(method, Method::Surrogate { drawn: false } | Method::Perturb { .. });
        if methods.iter().any(invents) && self.is_settled(id) {
            return Some((Action::Remove, text.into_owned()));
        }
        for method in methods {
            let (next, done) = self.step(id, &text, method, table)?;
            (text, action) = (Cow::Owned(done), next);
        }
        Some((action, text.into_owned()))
    }

    fn step(
        &mut self,
        id: NodeId,
        text: &str,
        method: &Method,
        table: &mut Table,
    ) -> Option<(Action, String)> {
        let node = self.record.tree().node(id);
        let number = node.kind() == Kind::Number;
        Some(match method {
            Method::Mask { first, last, with } if !number => {
                (Action::MaskText, mask(text, *first, *last, *with))
            }
            Method::Shorten { to } => {
                let action = if *to == Precision::Year { Action::Year } else { Action::Month };
                (action, self.written(text)?.shortened(*to))
            }
            Method::AgeBand { years, top } => (Action::AgeBand, age_band(text, *years, *top, number)?),
            Method::NumberBand { width } => (Action::NumberBand, number_band(text, *width, number)?),
            Method::PostalPrefix { characters } => {
                let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
                if !plain || text.len() > 10 {
                    return None;
                }
                (Action::PostalPrefix, text.chars().take(*characters).collect())
            }
            Method::Parent { levels } => (Action::Parent, parent(text, *levels)?),
            Method::ShiftDates(shift) => {
                let days = self.days(id, *shift)?;
                (Action::ShiftDates, self.written(text)?.shifted(days)?)
            }
            Method::Pseudonym if !number => {
                (Action::Pseudonym, pseudonym::of(self.keyed.as_ref()?, text.trim()))
            }
            Method::Surrogate { drawn } if !number => {
                let (label, hints) = (node.label(), self.hints(id));
                let secret = self.surrogate_secret(id, label, node.whose(), text, *drawn, table)?;
                (Action::Surrogate, surrogate::of(label, text.trim(), hints, secret)?)
            }
            Method::Encrypt if !number => (Action::Encrypt, cipher::encrypt(self.keyed.as_ref()?, text)?),
            Method::Substitute { text } if !number => (Action::Substitute, text.clone()),
            Method::Perturb { span, proportional, decimals } => {
                let secret =
                    self.keyed.as_ref()?.number(Use::Perturb, &[self.patient(id).unwrap_or_default(), text]);
                (Action::Perturb, perturb(text, *span, *proportional, *decimals, secret)?)
            }
            // A text cannot stand where the format has a number.
            Method::Mask { .. }
            | Method::Pseudonym
            | Method::Surrogate { .. }
            | Method::Encrypt
            | Method::Substitute { .. } => return None,
        })
    }

    /// A text as a date, in the forms of every format or in that of the record's own.
    pub(super) fn written<'t>(&self, text: &'t str) -> Option<Written<'t>> {
        Written::parse(text).or_else(|| Written::of_iso(text, &self.record.as_iso_date(text)?))
    }

    /// By how many days the dates of the patient of a node move; none where it has no patient.
    pub(super) fn days(&mut self, id: NodeId, shift: Shift) -> Option<i32> {
        if self.moved {
            return Some(0);
        }
        if let Some(days) = self.explicit {
            let own =
                |keyed: &Keyed| self.patient(id).is_some_and(|patient| pseudonym::is_own_key(keyed, patient));
            return Some(if self.keyed.as_ref().is_some_and(own) { 0 } else { days });
        }
        let patient = self.people.at(id)?;
        if let Some(days) = self.offsets.get(&patient) {
            return Some(*days);
        }
        let days = offset(self.keyed.as_ref()?, self.people.keys().get(patient)?, shift);
        self.offsets.insert(patient, days);
        Some(days)
    }

    /// What a surrogate follows from: of the people of a patient the patient counts as well, so that the same
    /// common name is not the same surrogate all over a hospital.
    fn surrogate_secret(
        &self,
        id: NodeId,
        label: Label,
        whose: Whose,
        text: &str,
        drawn: bool,
        table: &mut Table,
    ) -> Option<[u8; 32]> {
        if drawn {
            let patient = self.patient(id).unwrap_or_default();
            let token = table.token(&surrogate_key(label, whose, patient, text));
            return Some(Sha256::digest(token.text().as_bytes()).into());
        }
        let patient = match whose {
            Whose::Patient | Whose::Relative => self.patient(id).unwrap_or_default(),
            Whose::Provider | Whose::Organisation => "",
        };
        let value = text.trim().to_lowercase();
        Some(self.keyed.as_ref()?.bytes(Use::Surrogate, &[label.as_str(), patient, &value]))
    }

    /// The surrogate of a value that stands in the text of the leaf `id`: the one of `field`, a leaf that holds the same
    /// value, where there is one. `family`: whether it stands where a family name does.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn surrogate_in_text(
        &self,
        id: NodeId,
        field: Option<NodeId>,
        label: Label,
        value: &str,
        family: Option<bool>,
        drawn: bool,
        table: &mut Table,
    ) -> Option<String> {
        let tree = self.record.tree();
        let told = field.and_then(|at| Some((at, self.record.text(at)?)));
        let Some((at, text)) = told else {
            let secret = self.surrogate_secret(id, label, Whose::Patient, value, drawn, table)?;
            return surrogate::of(label, value, Hints { female: None, family }, secret);
        };
        let node = tree.node(at);
        let secret = self.surrogate_secret(at, node.label(), node.whose(), &text, drawn, table)?;
        surrogate::of(node.label(), value, self.hints(at), secret)
    }

    fn hints(&self, id: NodeId) -> Hints {
        let node = self.record.tree().node(id);
        if node.label() != Label::Name {
            return Hints::default();
        }
        let Some(entry) = self.record.chart().holding(id) else { return Hints::default() };
        let family = entry.fields().find(|(_, at)| *at == id).and_then(|(field, _)| match field {
            Field::NameFamily => Some(true),
            Field::NameGiven => Some(false),
            _ => None,
        });
        let own = node.whose() == Whose::Patient;
        let female =
            entry.text(Field::Sex).filter(|_| own).and_then(|sex| match sex.to_lowercase().as_str() {
                "female" | "f" => Some(true),
                "male" | "m" => Some(false),
                _ => None,
            });
        Hints { female, family }
    }

    /// The policy that the methods are of.
    pub(super) fn policy(&self) -> &'r Policy {
        self.policy
    }
}

/// The key within the domain of a policy. How its dates move is a part of the domain: a pseudonym then tells a second
/// run that the dates beside it have moved already, and by which rule.
///
/// # Errors
/// `key_too_short`.
pub(super) fn keyed(policy: &Policy, key: &[u8], explicit: bool) -> Result<Keyed> {
    let shift = match policy.shift() {
        Some(_) if explicit => "explicit".to_owned(),
        Some(shift) => shift.name(),
        None => String::new(),
    };
    Keyed::new(key, &format!("{}\u{0}{shift}{}", policy.info().domain, policy.inventions()))
}

/// By how many days the dates of a patient move: within the window, never by none. A patient who is known by a
/// pseudonym of this key and domain has moved already.
pub(super) fn offset(keyed: &Keyed, patient: &str, shift: Shift) -> i32 {
    if pseudonym::is_own_key(keyed, patient) {
        return 0;
    }
    let step = if shift.weekdays { 7 } else { 1 };
    let steps = u64::from((shift.window / step).unsigned_abs()).max(1);
    let number = first_number(&keyed.bytes(Use::Shift, &[&shift.name(), patient]));
    let days = |n: u64| i32::try_from(n).unwrap_or(1) * step;
    match shift.direction {
        Direction::Past => -days(number % steps + 1),
        Direction::Future => days(number % steps + 1),
        Direction::Both => {
            let n = number % (2 * steps);
            if n < steps { -days(n + 1) } else { days(n - steps + 1) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_stay_in_their_window_and_are_never_none() {
        let keyed = Keyed::new(&[1; 32], "d").unwrap();
        let mut seen = std::collections::HashSet::new();
        for (weekdays, direction) in [
            (false, Direction::Both),
            (true, Direction::Both),
            (false, Direction::Past),
            (true, Direction::Future),
        ] {
            let shift = Shift { window: 30, weekdays, direction };
            for n in 0..400 {
                let days = offset(&keyed, &n.to_string(), shift);
                assert!(days != 0 && days.abs() <= 30);
                assert!(!weekdays || days % 7 == 0);
                assert!(direction != Direction::Past || days < 0);
                assert!(direction != Direction::Future || days > 0);
                assert_eq!(days, offset(&keyed, &n.to_string(), shift));
                seen.insert((weekdays, direction as u8, days));
            }
        }
        assert_eq!(seen.len(), 60 + 8 + 30 + 4);
        let own = pseudonym::of(&keyed, "7");
        assert_eq!(offset(&keyed, &own, Shift { window: 9, weekdays: false, direction: Direction::Both }), 0);
    }
}
