//! Rewriting: every finding is treated as the policy says of its label, and the old offsets lead to the new ones.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::find::Engine;
use super::found::Found;
use super::known::{Index, Known};
use super::span::Counter;
use crate::deid::keyed::{Keyed, Use};
use crate::deid::methods::keyed;
use crate::deid::places::{Places, Zip};
use crate::deid::policy::{Method, Policy, Treatment};
use crate::deid::{pseudonym, surrogate};
use crate::error::Result;
use crate::formats::label::{Label, Whose};
use crate::text::Precision;

/// A stretch of a text in three units: characters (Unicode scalar values), bytes of UTF-8, code units of UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextRange {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// First byte.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// First code unit.
    pub utf16_start: usize,
    /// The code unit after the last.
    pub utf16_end: usize,
}

/// What was done to one identifier of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextChange {
    /// What it is: the name of a label.
    pub label: &'static str,
    /// What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym` or `substitute`.
    pub action: &'static str,
    /// The paragraph that asks for it.
    pub rule: String,
    /// How sure the finding is, from 0 to 1 in hundredths.
    pub score: f64,
    /// The evidence that decided.
    pub why: &'static str,
    /// Where it stood.
    pub source: TextRange,
    /// Where what replaces it stands.
    pub output: TextRange,
}

/// A de-identified text, and what was done to it.
#[derive(Clone, PartialEq)]
pub struct DeidentifiedText {
    /// The text with the identifiers replaced; everything else as it was.
    pub text: String,
    /// The changes, in the order of the text. Between two of them old and new offsets differ by a constant.
    pub spans: Vec<TextChange>,
    /// Name of the policy.
    pub policy: String,
}

impl std::fmt::Debug for DeidentifiedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeidentifiedText")
            .field("text", &self.text.len())
            .field("spans", &self.spans.len())
            .field("policy", &self.policy)
            .finish()
    }
}

impl Serialize for DeidentifiedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("DeidentifiedText", 3)?;
        record.serialize_field("text", &self.text)?;
        record.serialize_field("spans", &self.spans)?;
        record.serialize_field("policy", &self.policy)?;
        record.end()
    }
}

/// What the de-identification of a text depends on besides the text and the policy.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions<'a> {
    /// A secret key of 32 bytes or more, for policies that make codes and surrogates with one. Safe Harbor accepts none.
    pub key: Option<&'a [u8]>,
    /// The day on which ages count. Without it no birth year is kept.
    pub as_of: Option<Date>,
    /// What is known before.
    pub known: Option<&'a Known>,
    /// The patient of the text, so that surrogates are the same in every text of the patient.
    pub patient: Option<&'a str>,
}

/// Takes the identifiers out of a text, as a policy says of their labels.
///
/// ```
/// use chartkeeper::deid::{Policy, narrative::{TextOptions, deidentify_text}};
/// let policy = Policy::named("hipaa-safe-harbor").unwrap();
/// let text = "Dr. Okafor saw the 93 yo on 3/14/2024.";
/// let clean = deidentify_text(text, &policy, &TextOptions::default()).unwrap();
/// assert_eq!(clean.text, "Dr. [NAME] saw the 90+ yo on 2024.");
/// ```
///
/// # Errors
/// `key_not_allowed`, `key_needed`, `key_too_short`; `invalid_argument` for facts that cannot be used;
/// `pack_malformed` where the program itself is damaged.
pub fn deidentify_text(text: &str, policy: &Policy, options: &TextOptions<'_>) -> Result<DeidentifiedText> {
    Ok(Rewriter::new(policy, options)?.rewrite(text))
}

/// A policy and its options made ready once for many texts.
pub(crate) struct Rewriter<'p> {
    policy: &'p Policy,
    engine: Engine,
    index: Index,
    keyed: Option<Keyed>,
    as_of: Option<Date>,
    patient: &'p str,
}

/// What is done with a finding, and what stands in its place.
type Replacement = (&'static str, String);

impl<'p> Rewriter<'p> {
    /// # Errors
    /// Those of [`deidentify_text`].
    pub(crate) fn new(policy: &'p Policy, options: &TextOptions<'p>) -> Result<Self> {
        policy.accepts_key(options.key)?;
        Ok(Self {
            policy,
            engine: Engine::embedded()?,
            index: options.known.map(Index::new).transpose()?.unwrap_or_default(),
            keyed: options.key.map(|key| keyed(policy, key, false)).transpose()?,
            as_of: options.as_of,
            patient: options.patient.unwrap_or_default(),
        })
    }

    /// The text without its identifiers.
    pub(crate) fn rewrite(&self, text: &str) -> DeidentifiedText {
        let found = self.engine.find_with(text, &self.index);
        let mut out = String::with_capacity(text.len());
        let mut spans = Vec::with_capacity(found.len());
        let mut old = Counter::new(text);
        let mut seen: HashMap<(Label, &str), Replacement> = HashMap::new();
        // Characters and code units of the output so far, counted piece by piece.
        let (mut characters, mut units, mut from) = (0, 0, 0);
        for (at, hit) in found.iter().enumerate() {
            let (start, utf16_start) = old.at(hit.start);
            let kept = text.get(from..hit.start).unwrap_or_default();
            let (kept_characters, kept_units) = Counter::new(kept).at(kept.len());
            out.push_str(kept);
            characters += kept_characters;
            units += kept_units;
            let value = text.get(hit.start..hit.end).unwrap_or_default();
            let before = at.checked_sub(1).and_then(|at| found.get(at));
            let (action, replacement) = match seen.get(&(hit.label, value)) {
                Some(done) if hit.label != Label::PostalCode => done.clone(),
                _ => self.replace(hit, value, before, text),
            };
            let (new_characters, new_units) = Counter::new(&replacement).at(replacement.len());
            let byte_start = out.len();
            out.push_str(&replacement);
            let (end, utf16_end) = old.at(hit.end);
            spans.push(TextChange {
                label: hit.label.as_str(),
                action,
                rule: self.policy.rule(self.policy.clause_of(hit.label, Whose::Patient).rule).to_owned(),
                score: hit.rounded_score(),
                why: hit.why,
                source: TextRange {
                    start,
                    end,
                    byte_start: hit.start,
                    byte_end: hit.end,
                    utf16_start,
                    utf16_end,
                },
                output: TextRange {
                    start: characters,
                    end: characters + new_characters,
                    byte_start,
                    byte_end: out.len(),
                    utf16_start: units,
                    utf16_end: units + new_units,
                },
            });
            seen.entry((hit.label, value)).or_insert((action, replacement));
            characters += new_characters;
            units += new_units;
            from = hit.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        DeidentifiedText { text: out, spans, policy: self.policy.info().name.clone() }
    }

    /// What is done with a finding. What cannot be reduced is masked.
    fn replace(&self, hit: &Found, value: &str, before: Option<&Found>, text: &str) -> Replacement {
        let limit = i32::from(self.policy.age_limit());
        let reduced = match self.policy.clause_of(hit.label, Whose::Patient).treatment {
            // An age is found only where it is over the limit, and may be told as that (164.514(b)(2)(i)(C)).
            Treatment::Age => Some(("age", format!("{}+", limit + 1))),
            Treatment::Year => year(value).map(|year| ("year", year.to_owned())),
            Treatment::BirthYear => self.birth_year(value, limit),
            Treatment::Zip3 => {
                let state = before
                    .filter(|other| other.label == Label::State && hit.start - other.end < 4)
                    .and_then(|state| text.get(state.start..state.end));
                match Places::embedded().zip(value, state, None, self.policy.zip_censuses()) {
                    Zip::Three => value.get(..3).map(|zip| ("zip3", zip.to_owned())),
                    Zip::Zero => Some(("zip3", "000".to_owned())),
                    Zip::Remove => None,
                }
            }
            Treatment::KeepState => Places::embedded().is_state(value).then(|| ("keep", value.to_owned())),
            Treatment::KeepCountry => {
                Places::embedded().is_country(value).then(|| ("keep", value.to_owned()))
            }
            Treatment::Keep | Treatment::KeepAll | Treatment::KeepDate | Treatment::KeepZip => {
                Some(("keep", value.to_owned()))
            }
            Treatment::Apply(methods) => self.apply(hit.label, value, self.policy.methods(methods)),
            _ => None,
        };
        reduced.unwrap_or_else(|| ("mask", format!("[{}]", hit.label.as_str().to_ascii_uppercase())))
    }

    fn birth_year(&self, value: &str, limit: i32) -> Option<Replacement> {
        let year = year(value)?;
        let born: i32 = year.parse().ok()?;
        let within = (0..=limit).contains(&(i32::from(self.as_of?.year()) - born));
        within.then(|| ("year", year.to_owned()))
    }

    /// The one method of a policy that a text can take; what it cannot is masked.
    fn apply(&self, label: Label, value: &str, methods: &[Method]) -> Option<Replacement> {
        let [method] = methods else { return None };
        match method {
            Method::Shorten { to: Precision::Year } => year(value).map(|year| ("year", year.to_owned())),
            Method::Pseudonym => Some(("pseudonym", pseudonym::of(self.keyed.as_ref()?, value.trim()))),
            Method::Substitute { text } => Some(("substitute", text.clone())),
            Method::Surrogate { drawn: false } => {
                let parts = [label.as_str(), self.patient, &value.trim().to_lowercase()];
                let secret = self.keyed.as_ref()?.bytes(Use::Surrogate, &parts);
                let new = surrogate::of(label, value.trim(), surrogate::Hints::default(), secret)?;
                Some(("surrogate", cased_like(value, new)))
            }
            _ => None,
        }
    }
}

/// A surrogate in capitals or small letters where the value was.
fn cased_like(value: &str, new: String) -> String {
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    if letters > 1 && value.chars().all(|c| !c.is_lowercase()) {
        new.to_uppercase()
    } else if letters > 0 && value.chars().all(|c| !c.is_uppercase()) {
        new.to_lowercase()
    } else {
        new
    }
}

/// The year of four digits in a date.
fn year(value: &str) -> Option<&str> {
    let mut found = value.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4);
    let year = found.next().filter(|year| year.starts_with("19") || year.starts_with("20"))?;
    // Two different years make no single one.
    if found.any(|other| other != year) { None } else { Some(year) }
}
