//! Methods with settings, done one after the other on the text of a leaf.

use std::borrow::Cow;
use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::cipher;
use super::dates::Written;
use super::keyed::{Keyed, Use, first_number};
use super::manifest::Action;
use super::people::People;
use super::policy::{Direction, Method, Policy, Shift};
use super::pseudonym;
use super::surrogate::{self, Hints};
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
        Ok(Self { record, policy, keyed, people, explicit, offsets: HashMap::new() })
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
                (action, Written::parse(text)?.shortened(*to))
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
                (Action::ShiftDates, Written::parse(text)?.shifted(days)?)
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

    /// By how many days the dates of the patient of a node move; none where it has no patient.
    pub(super) fn days(&mut self, id: NodeId, shift: Shift) -> Option<i32> {
        if let Some(days) = self.explicit {
            return Some(days);
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
        let patient = match whose {
            Whose::Patient | Whose::Relative => self.patient(id).unwrap_or_default(),
            Whose::Provider | Whose::Organisation => "",
        };
        let value = text.trim().to_lowercase();
        if drawn {
            let token = table.token(&format!("surrogate\u{0}{}\u{0}{patient}\u{0}{value}", label.as_str()));
            return Some(Sha256::digest(token.text().as_bytes()).into());
        }
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
    Keyed::new(key, &format!("{}\u{0}{shift}", policy.info().domain))
}

/// By how many days the dates of a patient move: within the window, never by none. A patient who is known by a
/// pseudonym of this key and domain has moved already.
pub(super) fn offset(keyed: &Keyed, patient: &str, shift: Shift) -> i32 {
    if pseudonym::is_own(keyed, patient) {
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

fn mask(text: &str, first: usize, last: usize, with: char) -> String {
    let all = text.chars().filter(|c| c.is_alphanumeric()).count();
    // What would show more than half shows nothing.
    let (first, last) = if 2 * (first + last) > all { (0, 0) } else { (first, last) };
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            seen += 1;
            if seen <= first || seen > all - last { c } else { with }
        })
        .collect()
}

/// A number leaf gets the lowest age of its band, a text the band. From `top` on there is one.
fn age_band(text: &str, years: u16, top: u16, number: bool) -> Option<String> {
    let age: f64 = text.trim().parse().ok().filter(|age: &f64| age.is_finite() && *age >= 0.0)?;
    let (years, top) = (f64::from(years), f64::from(top));
    if age >= top {
        return Some(if number { format!("{top}") } else { format!("{top}+") });
    }
    let low = (age / years).floor() * years;
    let high = (low + years).min(top) - 1.0;
    Some(if number { format!("{low}") } else { format!("{low}-{high}") })
}

/// A number leaf gets the lower end of its band, a text the band.
fn number_band(text: &str, width: f64, number: bool) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    let low = (value / width).floor() * width;
    let places = decimals_of(&format!("{width}"));
    let written = |value: f64| format!("{value:.places$}");
    Some(if number { written(low) } else { format!("{}-{}", written(low), written(low + width)) })
}

fn decimals_of(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count())
}

/// The number moved by at most `span`, or by at most that part of itself, with as many decimals as it had.
fn perturb(text: &str, span: f64, proportional: bool, decimals: Option<u32>, secret: u64) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    // From -1 to 1: the upper 53 bits are what a double holds.
    let unit = (secret >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
    let moved = value + unit * if proportional { value.abs() * span } else { span };
    let places = decimals.map_or_else(|| decimals_of(text), |n| n as usize);
    let written = format!("{moved:.places$}");
    Some(if written.trim_start_matches(['-', '0', '.']).is_empty() {
        written.trim_start_matches('-').to_owned()
    } else {
        written
    })
}

/// A code some levels up: by its dot and characters (ICD), never below three characters.
fn parent(code: &str, levels: usize) -> Option<String> {
    let mut code = code.trim().to_owned();
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
        return None;
    }
    for _ in 0..levels {
        if code.trim_end_matches('.').len() <= 3 {
            break;
        }
        code.pop();
        // A placeholder stands for nothing of its own (ICD-10-CM, section I.A.4).
        while code.len() > 3 && code.ends_with(['.', 'X']) {
            code.pop();
        }
    }
    Some(code)
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

    #[test]
    fn a_mask_shows_what_it_is_told_and_never_most_of_it() {
        assert_eq!(mask("123-45-6789", 0, 4, '*'), "***-**-6789");
        assert_eq!(mask("12-34", 1, 1, '#'), "1#-#4");
        assert_eq!(mask("123", 1, 1, '*'), "***");
        assert_eq!(mask("Ab c", 0, 0, 'x'), "xx x");
    }

    #[test]
    fn bands() {
        assert_eq!(age_band("44", 5, 90, true).unwrap(), "40");
        assert_eq!(age_band("44.5", 5, 90, false).unwrap(), "40-44");
        assert_eq!(age_band("97", 5, 90, true).unwrap(), "90");
        assert_eq!(age_band("97", 5, 90, false).unwrap(), "90+");
        assert_eq!(age_band("88", 10, 85, false).unwrap(), "85+");
        assert_eq!(age_band("-1", 5, 90, true), None);
        assert_eq!(number_band("17.3", 2.5, true).unwrap(), "15.0");
        assert_eq!(number_band("-1", 10.0, false).unwrap(), "-10-0");
    }

    #[test]
    fn a_number_moves_within_its_span() {
        for n in 0..200u64 {
            let secret = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let moved: f64 = perturb("120.5", 3.0, false, None, secret).unwrap().parse().unwrap();
            assert!((117.45..=123.55).contains(&moved));
            let part: f64 = perturb("-200", 0.1, true, None, secret).unwrap().parse().unwrap();
            assert!((-220.0..=-180.0).contains(&part));
        }
        assert_eq!(perturb("0", 0.1, true, Some(1), 7).unwrap(), "0.0");
        assert_eq!(perturb("x", 0.1, true, Some(1), 7), None);
    }

    #[test]
    fn codes_go_up() {
        for (code, levels, expected) in [
            ("E11.65", 1, "E11.6"),
            ("E11.65", 2, "E11"),
            ("E11.65", 5, "E11"),
            ("S52.5X1A", 1, "S52.5X1"),
            ("T36.0X1", 1, "T36.0"),
            ("250.00", 2, "250"),
        ] {
            assert_eq!(parent(code, levels).unwrap(), expected);
        }
        assert_eq!(parent("a b", 1), None);
    }
}
