//! Methods: what a policy can do with a label, and how it says so.
//!
//! An action is a name (`"year"`), a name with its settings (`{"shift_dates": {"window": 365}}`), or a list of them
//! that are done one after the other.

use serde_json::{Map, Value};

use super::Treatment;
use super::file::{Place, malformed};
use crate::deid::dates::Written;
use crate::error::Result;
use crate::formats::label::Label;
use crate::text::Precision;

/// A method with its settings.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::deid) enum Method {
    /// Letters and digits become one character, apart from the first and the last few.
    Mask { first: usize, last: usize, with: char },
    /// A date is made shorter.
    Shorten { to: Precision },
    /// An age falls into a band of this many years; from `top` on there is one band.
    AgeBand { years: u16, top: u16 },
    /// A number falls into a band of this width.
    NumberBand { width: f64 },
    /// A postal code keeps its first characters, whatever its country.
    PostalPrefix { characters: usize },
    /// A code becomes the one above it.
    Parent { levels: usize },
    /// A date moves with its patient's.
    ShiftDates(Shift),
    /// A keyed code stands there.
    Pseudonym,
    /// A value of the same form stands there that belongs to nobody.
    Surrogate { drawn: bool },
    /// The value stands there encrypted.
    Encrypt,
    /// This text stands there.
    Substitute { text: String },
    /// A number moves by a keyed amount within `span`; of itself where `proportional`.
    Perturb { span: f64, proportional: bool, decimals: Option<u32> },
}

/// How dates move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deid) struct Shift {
    /// The farthest that they move, in days.
    pub(in crate::deid) window: i32,
    /// By whole weeks only, so that a Monday stays one.
    pub(in crate::deid) weekdays: bool,
    /// Only back, only forward, or either way.
    pub(in crate::deid) direction: Direction,
}

/// The way that dates move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deid) enum Direction {
    /// Either way.
    Both,
    /// Into the past.
    Past,
    /// Into the future.
    Future,
}

impl Shift {
    /// How it is written where a pseudonym is bound to it: two policies of one domain that shift alike agree.
    pub(in crate::deid) fn name(&self) -> String {
        format!("{}/{}/{:?}", self.window, self.weekdays, self.direction)
    }
}

impl Method {
    /// The name under which a conformity table knows it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Mask { first: 0, last: 0, .. } => "mask",
            Self::Mask { .. } => "mask_part",
            Self::Shorten { to: Precision::Year } => "year",
            Self::Shorten { to: Precision::Month } => "month",
            Self::Shorten { .. } => "day",
            Self::AgeBand { top, .. } if *top <= 90 => "age_band",
            Self::AgeBand { .. } => "age_band_over_90",
            Self::NumberBand { .. } => "number_band",
            Self::PostalPrefix { .. } => "postal_prefix",
            Self::Parent { .. } => "parent",
            Self::ShiftDates(_) => "shift_dates",
            Self::Pseudonym => "pseudonym",
            Self::Surrogate { drawn: true } => "surrogate_drawn",
            Self::Surrogate { drawn: false } => "surrogate",
            Self::Encrypt => "encrypt",
            Self::Substitute { .. } => "substitute",
            Self::Perturb { .. } => "perturb",
        }
    }

    /// Whether it needs the caller's key.
    pub(in crate::deid) fn needs_key(&self) -> bool {
        matches!(
            self,
            Self::ShiftDates(_)
                | Self::Pseudonym
                | Self::Surrogate { drawn: false }
                | Self::Encrypt
                | Self::Perturb { .. }
        )
    }

    /// The labels that it makes sense for; none are all.
    fn takes(&self) -> Option<&'static [Label]> {
        match self {
            Self::Shorten { .. } => Some(&[Label::Date, Label::BirthDate, Label::DeathDate]),
            Self::ShiftDates(_) => Some(DATES),
            Self::AgeBand { .. } => Some(&[Label::Age]),
            Self::NumberBand { .. } | Self::Perturb { .. } => Some(&[Label::Value, Label::Age]),
            Self::PostalPrefix { .. } => Some(&[Label::PostalCode]),
            Self::Parent { .. } => Some(&[Label::Code]),
            Self::Mask { .. }
            | Self::Pseudonym
            | Self::Surrogate { .. }
            | Self::Encrypt
            | Self::Substitute { .. } => None,
        }
    }
}

/// Labels of dates.
const DATES: &[Label] = &[Label::Date, Label::Instant, Label::BirthDate, Label::DeathDate];

/// Every action that is a name alone.
const NAMES: &[(&str, Treatment)] = &[
    ("remove", Treatment::Remove),
    ("keep", Treatment::KeepAll),
    ("keep_name", Treatment::Keep),
    ("keep_state", Treatment::KeepState),
    ("keep_country", Treatment::KeepCountry),
    ("keep_time", Treatment::KeepTime),
    ("keep_code", Treatment::KeepCode),
    ("keep_system", Treatment::KeepSystem),
    ("keep_code_text", Treatment::KeepCodeText),
    ("keep_value", Treatment::KeepValue),
    ("keep_unit", Treatment::KeepUnit),
    ("keep_zip", Treatment::KeepZip),
    ("keep_date", Treatment::KeepDate),
    ("year", Treatment::Year),
    ("birth_year", Treatment::BirthYear),
    ("age", Treatment::Age),
    ("zip3", Treatment::Zip3),
    ("token", Treatment::Token),
    ("clean_text", Treatment::CleanText),
];

/// Every action that is a method.
const METHODS: &[&str] =
    &["mask", "generalise", "shift_dates", "pseudonym", "surrogate", "encrypt", "substitute", "perturb"];

/// What an action is called in a policy.
pub(super) fn name_of(treatment: Treatment) -> &'static str {
    NAMES.iter().find(|(_, known)| *known == treatment).map_or("method", |(name, _)| *name)
}

/// What was read of an action.
pub(super) enum Action {
    /// A treatment without settings.
    Plain(Treatment),
    /// Methods, in order.
    Methods(Vec<Method>),
}

/// Reads the action of a label.
pub(super) fn read(value: &Value, label: Option<Label>, place: &Place<'_>) -> Result<Action> {
    let steps: Vec<(&Value, Place<'_>)> = match value {
        Value::Array(steps) if steps.is_empty() => {
            return Err(malformed(place, "an empty list does nothing"));
        }
        Value::Array(steps) => {
            steps.iter().enumerate().map(|(at, step)| (step, place.child_at(at))).collect()
        }
        single => vec![(single, place.clone())],
    };
    let mut methods = Vec::new();
    for (step, place) in &steps {
        match read_step(step, place)? {
            Action::Plain(treatment) if steps.len() == 1 => {
                suits(treatment, label, place)?;
                return Ok(Action::Plain(treatment));
            }
            // In a list, what makes a date shorter or keeps it can stand by its short name.
            Action::Plain(Treatment::Year) => methods.push(Method::Shorten { to: Precision::Year }),
            Action::Plain(treatment) => {
                let name = name_of(treatment);
                return Err(malformed(place, format!("{name} stands alone, not in a list")));
            }
            Action::Methods(read) => methods.extend(read),
        }
    }
    if let Some(label) = label {
        for method in &methods {
            if let Some(takes) = method.takes().filter(|takes| !takes.contains(&label)) {
                let names: Vec<&str> = takes.iter().map(|label| label.as_str()).collect();
                let note = format!("{} is for {} only", method.kind(), names.join(", "));
                return Err(malformed(place, note));
            }
        }
        let date = |method: &Method| match method {
            Method::Shorten { .. } | Method::ShiftDates(_) => true,
            Method::Substitute { text } => Written::parse(text).is_some(),
            _ => false,
        };
        if DATES.contains(&label) && !methods.iter().all(date) {
            return Err(malformed(
                place,
                "a date takes shift_dates, generalise, or a date as its substitute",
            ));
        }
        let ids = matches!(label, Label::ResourceId | Label::Reference);
        if ids && !matches!(methods.as_slice(), [Method::Pseudonym]) {
            return Err(malformed(place, "ids and references take token, pseudonym, keep or remove, alone"));
        }
        if matches!(label, Label::Structure | Label::Technical) {
            return Err(malformed(place, "this label takes keep or remove"));
        }
    }
    Ok(Action::Methods(methods))
}

/// Refuses a treatment for a label that it cannot read.
fn suits(treatment: Treatment, label: Option<Label>, place: &Place<'_>) -> Result<()> {
    use Treatment as T;
    let Some(label) = label else { return Ok(()) };
    let takes: &[Label] = match treatment {
        T::Remove | T::KeepAll => return Ok(()),
        T::Keep => &[Label::Technical],
        T::KeepState => &[Label::State],
        T::KeepCountry => &[Label::Country],
        T::KeepTime => &[Label::Time],
        T::KeepCode => &[Label::Code],
        T::KeepSystem => &[Label::CodeSystem],
        T::KeepCodeText => &[Label::CodeText],
        T::KeepValue => &[Label::Value, Label::Age],
        T::KeepUnit => &[Label::Unit],
        T::KeepZip | T::Zip3 => &[Label::PostalCode],
        T::KeepDate => DATES,
        T::Year => &[Label::Date, Label::BirthDate, Label::DeathDate],
        T::BirthYear => &[Label::BirthDate],
        T::Age => &[Label::Age],
        T::CleanText => &[Label::FreeText, Label::Narrative],
        T::Token | T::Apply(_) => return Ok(()),
    };
    if takes.contains(&label) {
        return Ok(());
    }
    let names: Vec<&str> = takes.iter().map(|label| label.as_str()).collect();
    Err(malformed(place, format!("{} is for {} only", name_of(treatment), names.join(", "))))
}

fn read_step(step: &Value, place: &Place<'_>) -> Result<Action> {
    let empty = Map::new();
    let (name, settings) = match step {
        Value::String(name) => (name.as_str(), &empty),
        Value::Object(members) => match members.iter().next() {
            Some((name, Value::Object(settings))) if members.len() == 1 => (name.as_str(), settings),
            _ => return Err(malformed(place, "an action with settings is one name with an object")),
        },
        _ => return Err(malformed(place, "an action is a name, a name with settings, or a list of them")),
    };
    if let Some((_, treatment)) = NAMES.iter().find(|(known, _)| *known == name) {
        Settings::new(settings, place.child(name)).end(&[])?;
        return Ok(Action::Plain(*treatment));
    }
    if !METHODS.contains(&name) {
        let known = NAMES.iter().map(|(name, _)| *name).chain(METHODS.iter().copied());
        return Err(place.unknown("action", name, known));
    }
    let settings = Settings::new(settings, place.child(name));
    Ok(Action::Methods(vec![settings.method(name)?]))
}

/// The settings of a method.
struct Settings<'a> {
    members: &'a Map<String, Value>,
    place: Place<'a>,
}

impl<'a> Settings<'a> {
    fn new(members: &'a Map<String, Value>, place: Place<'a>) -> Self {
        Self { members, place }
    }

    /// Refuses settings that are not read.
    fn end(&self, known: &[&str]) -> Result<()> {
        match self.members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(self.place.unknown("setting", name, known.iter().copied())),
            None => Ok(()),
        }
    }

    fn whole(&self, name: &str, default: Option<i64>, from: i64, to: i64) -> Result<i64> {
        let place = self.place.child(name);
        let note = || malformed(&place, format!("a whole number from {from} to {to} is needed"));
        match self.members.get(name) {
            None => default.ok_or_else(note),
            Some(value) => value.as_i64().filter(|n| (from..=to).contains(n)).ok_or_else(note),
        }
    }

    fn positive(&self, name: &str) -> Result<f64> {
        let place = self.place.child(name);
        let number = self.members.get(name).and_then(Value::as_f64);
        number
            .filter(|n| *n > 0.0 && n.is_finite())
            .ok_or_else(|| malformed(&place, "a number above 0 is needed"))
    }

    fn flag(&self, name: &str) -> Result<bool> {
        match self.members.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(malformed(&self.place.child(name), "true or false is needed")),
        }
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(malformed(&self.place.child(name), "a text is needed")),
        }
    }

    fn method(&self, name: &str) -> Result<Method> {
        Ok(match name {
            "mask" => {
                self.end(&["first", "last", "with"])?;
                let with = self.text("with")?.unwrap_or("*");
                let mut all = with.chars();
                let (Some(with), None) = (all.next(), all.next()) else {
                    return Err(malformed(&self.place.child("with"), "one character is needed"));
                };
                let few = |name| self.whole(name, Some(0), 0, 16).map(|n| n as usize);
                Method::Mask { first: few("first")?, last: few("last")?, with }
            }
            "generalise" => self.generalise()?,
            "shift_dates" => self.shift()?,
            "surrogate" => {
                self.end(&["from"])?;
                match self.text("from")?.unwrap_or("key") {
                    "key" => Method::Surrogate { drawn: false },
                    "vault" => Method::Surrogate { drawn: true },
                    _ => return Err(malformed(&self.place.child("from"), "key or vault is needed")),
                }
            }
            "substitute" => {
                self.end(&["text"])?;
                let text = self.text("text")?.filter(|text| !text.trim().is_empty() && text.len() <= 256);
                let place = self.place.child("text");
                let text = text.ok_or_else(|| malformed(&place, "a text of 1 to 256 bytes is needed"))?;
                Method::Substitute { text: text.to_owned() }
            }
            "perturb" => {
                self.end(&["span", "proportional", "decimals"])?;
                let decimals = match self.members.get("decimals") {
                    None => None,
                    Some(_) => Some(self.whole("decimals", None, 0, 12)? as u32),
                };
                Method::Perturb {
                    span: self.positive("span")?,
                    proportional: self.flag("proportional")?,
                    decimals,
                }
            }
            "pseudonym" => {
                self.end(&[])?;
                Method::Pseudonym
            }
            _ => {
                self.end(&[])?;
                Method::Encrypt
            }
        })
    }

    fn generalise(&self) -> Result<Method> {
        let known = ["to", "age_band", "top", "band", "characters", "parent"];
        self.end(&known)?;
        let one = ["to", "age_band", "band", "characters", "parent"];
        let given = one.iter().filter(|name| self.members.contains_key(**name)).count();
        if given != 1 {
            return Err(malformed(&self.place, format!("exactly one of {} is needed", one.join(", "))));
        }
        let has = |name: &str| self.members.contains_key(name);
        if has("to") {
            let to = match self.text("to")? {
                Some("year") => Precision::Year,
                Some("month") => Precision::Month,
                Some("day") => Precision::Day,
                _ => return Err(malformed(&self.place.child("to"), "year, month or day is needed")),
            };
            return Ok(Method::Shorten { to });
        }
        if has("age_band") {
            let years = self.whole("age_band", None, 1, 50)? as u16;
            return Ok(Method::AgeBand { years, top: self.whole("top", Some(90), 1, 150)? as u16 });
        }
        if has("band") {
            return Ok(Method::NumberBand { width: self.positive("band")? });
        }
        if has("characters") {
            return Ok(Method::PostalPrefix { characters: self.whole("characters", None, 1, 4)? as usize });
        }
        Ok(Method::Parent { levels: self.whole("parent", None, 1, 5)? as usize })
    }

    fn shift(&self) -> Result<Method> {
        self.end(&["window", "weekdays", "direction"])?;
        let weekdays = self.flag("weekdays")?;
        let least = if weekdays { 7 } else { 1 };
        let window = self.whole("window", Some(365), least, 36_525)? as i32;
        let direction = match self.text("direction")?.unwrap_or("both") {
            "both" => Direction::Both,
            "past" => Direction::Past,
            "future" => Direction::Future,
            _ => {
                return Err(malformed(&self.place.child("direction"), "both, past or future is needed"));
            }
        };
        Ok(Method::ShiftDates(Shift { window, weekdays, direction }))
    }
}
