//! Rewriting: every finding is treated as the policy says of its label, and the old offsets lead to the new ones.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::find::Engine;
use super::found::Found;
use super::known::{Index, Known};
use super::moved;
use super::plain::Plain;
use super::span::Counter;
use super::word::mark;
use crate::deid::keyed::{Keyed, Use};
use crate::deid::places::{Places, Zip};
use crate::deid::policy::{Method, Policy, Shift, Treatment};
use crate::deid::{methods, pseudonym, surrogate, words};
use crate::error::Result;
use crate::formats::label::{Label, Whose};
use crate::record::Record;
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
    /// What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym`, `shift_dates`, `substitute`, or
    /// `remove` for what is no text: a picture, who wrote the file.
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

/// Takes the identifiers out of a text, as a policy says of their labels. A text in RTF or HTML is read as it is seen,
/// and keeps its markup.
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

/// What a policy's methods need to know of whoever a text is about.
pub(in crate::deid) trait Subject {
    /// The key within the policy's domain.
    fn keyed(&self) -> Option<&Keyed>;
    /// By how many days dates move.
    fn days(&mut self, shift: Shift) -> Option<i32>;
    /// The surrogate of a value; `family`: whether it stands where a family name does, of names.
    fn surrogate(&mut self, label: Label, value: &str, family: Option<bool>, drawn: bool) -> Option<String>;
    /// Whether an event of a year tells an age over the limit.
    fn tells_age(&self, year: i16) -> bool;
    /// Whether there is a day on which ages count.
    fn knows_ages(&self) -> bool {
        true
    }
}

/// A policy and its options made ready once for many texts.
pub(crate) struct Rewriter<'p> {
    policy: &'p Policy,
    pub(in crate::deid) engine: Engine,
    pub(in crate::deid) index: Index,
    keyed: Option<Keyed>,
    as_of: Option<Date>,
    patient: String,
}

/// What is done with a finding, and what stands in its place.
type Replacement = (&'static str, String);

/// Bytes of a source that change.
pub(in crate::deid) struct Piece {
    pub(in crate::deid) start: usize,
    pub(in crate::deid) end: usize,
    pub(in crate::deid) with: String,
    action: &'static str,
    label: Label,
    score: f64,
    why: &'static str,
}

/// A text alone: its patient is the one that the caller names.
struct Alone<'a, 'p>(&'a Rewriter<'p>);

impl Subject for Alone<'_, '_> {
    fn keyed(&self) -> Option<&Keyed> {
        self.0.keyed.as_ref()
    }

    fn days(&mut self, shift: Shift) -> Option<i32> {
        let patient = Some(self.0.patient.as_str()).filter(|patient| !patient.is_empty())?;
        Some(methods::offset(self.keyed()?, patient, shift))
    }

    fn surrogate(&mut self, label: Label, value: &str, family: Option<bool>, drawn: bool) -> Option<String> {
        let keyed = self.keyed().filter(|_| !drawn)?;
        let parts = [label.as_str(), self.0.patient.as_str(), &value.to_lowercase()];
        surrogate::of(
            label,
            value,
            surrogate::Hints { female: None, family },
            keyed.bytes(Use::Surrogate, &parts),
        )
    }

    fn knows_ages(&self) -> bool {
        self.0.as_of.is_some()
    }

    fn tells_age(&self, year: i16) -> bool {
        let limit = i32::from(self.0.policy.age_limit());
        self.0.as_of.is_some_and(|day| i32::from(day.year()) - i32::from(year) > limit)
    }
}

impl<'p> Rewriter<'p> {
    /// # Errors
    /// Those of [`deidentify_text`].
    pub(crate) fn new(policy: &'p Policy, options: &TextOptions<'_>) -> Result<Self> {
        policy.accepts_key(options.key)?;
        Ok(Self {
            policy,
            engine: Engine::embedded()?,
            index: options.known.map(Index::new).transpose()?.unwrap_or_default(),
            keyed: options.key.map(|key| methods::keyed(policy, key, false)).transpose()?,
            as_of: options.as_of,
            patient: options.patient.unwrap_or_default().to_owned(),
        })
    }

    /// For the texts of a record, whose own words are found wherever they stand. The record answers for its people.
    pub(in crate::deid) fn of_record(
        policy: &'p Policy,
        record: &Record,
        as_of: Option<Date>,
    ) -> Result<Self> {
        Ok(Self {
            policy,
            engine: Engine::embedded()?,
            index: Index::of_record(record)?,
            keyed: None,
            as_of,
            patient: String::new(),
        })
    }

    /// The text without its identifiers.
    pub(crate) fn rewrite(&self, text: &str) -> DeidentifiedText {
        let plain = Plain::of(text);
        let found = self.engine.find_with(plain.text(), &self.index);
        let pieces = self.pieces(&plain, &found, &mut Alone(self));
        let mut out = String::with_capacity(text.len());
        let mut spans = Vec::with_capacity(pieces.len());
        let mut old = Counter::new(text);
        // Characters and code units of the output so far, counted piece by piece.
        let (mut characters, mut units, mut from, mut last) = (0, 0, 0, (0, 0));
        for piece in pieces {
            let (start, utf16_start) = old.at(piece.start);
            out.push_str(text.get(from..piece.start).unwrap_or_default());
            // What is kept has as many characters in the output as in the source.
            characters += start - last.0;
            units += utf16_start - last.1;
            let (new_characters, new_units) = Counter::new(&piece.with).at(piece.with.len());
            let byte_start = out.len();
            out.push_str(&piece.with);
            let (end, utf16_end) = old.at(piece.end);
            last = (end, utf16_end);
            spans.push(TextChange {
                label: piece.label.as_str(),
                action: piece.action,
                rule: self.policy.rule(self.policy.clause_of(piece.label, Whose::Patient).rule).to_owned(),
                score: piece.score,
                why: piece.why,
                source: TextRange {
                    start,
                    end,
                    byte_start: piece.start,
                    byte_end: piece.end,
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
            characters += new_characters;
            units += new_units;
            from = piece.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        DeidentifiedText { text: out, spans, policy: self.policy.info().name.clone() }
    }

    /// What changes in a source, in order, for the findings of its plain text.
    pub(in crate::deid) fn pieces(
        &self,
        plain: &Plain<'_>,
        found: &[Found],
        subject: &mut dyn Subject,
    ) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(found.len());
        let mut dropped = plain.dropped().iter().peekable();
        let mut seen: HashMap<(Label, &str), Replacement> = HashMap::new();
        let text = plain.text();
        // A day without its year is of the year that was told last.
        let mut year = self.as_of.map(Date::year);
        for (at, hit) in found.iter().enumerate() {
            let Some((start, end)) = plain.source_of(hit.start, hit.end) else { continue };
            while let Some((range, label)) = dropped.next_if(|(range, _)| range.start < start) {
                pieces.push(Piece::dropped(range, *label));
            }
            let start = pieces.last().map_or(start, |last| start.max(last.end));
            if start >= end {
                continue;
            }
            let value = text.get(hit.start..hit.end).unwrap_or_default();
            let date = matches!(hit.label, Label::Date | Label::BirthDate | Label::DeathDate);
            let treatment = self.policy.clause_of(hit.label, Whose::Patient).treatment;
            // Codes and surrogates cost more than to remember them.
            let costly = matches!(treatment, Treatment::Apply(_));
            if date && costly {
                year = moved::year_of(value).or(year);
            }
            let before = at.checked_sub(1).and_then(|at| found.get(at));
            let known = seen.get(&(hit.label, value)).filter(|_| hit.label != Label::PostalCode && !date);
            let (action, mut with) = match known {
                Some(done) => done.clone(),
                None => {
                    let done = self.replace(hit, value, treatment, before, text, year, subject);
                    if costly {
                        seen.insert((hit.label, value), done.clone());
                    }
                    done
                }
            };
            if let std::borrow::Cow::Owned(encoded) = plain.encoded(&with) {
                with = encoded;
            }
            // Markup inside a finding stays, so that what is left is well-formed.
            plain.markup(start, end, &mut with);
            pieces.push(Piece {
                start,
                end,
                with,
                action,
                label: hit.label,
                score: hit.rounded_score(),
                why: hit.why,
            });
        }
        for (range, label) in dropped {
            if pieces.last().is_none_or(|last| last.end <= range.start) {
                pieces.push(Piece::dropped(range, *label));
            }
        }
        pieces
    }

    /// What is done with a finding. What cannot be reduced is masked.
    #[allow(clippy::too_many_arguments)]
    fn replace(
        &self,
        hit: &Found,
        value: &str,
        treatment: Treatment,
        before: Option<&Found>,
        text: &str,
        year: Option<i16>,
        subject: &mut dyn Subject,
    ) -> Replacement {
        let limit = i32::from(self.policy.age_limit());
        let old = subject.knows_ages()
            && matches!(hit.label, Label::Date | Label::BirthDate | Label::DeathDate)
            && moved::year_of(value)
                .or_else(|| whole_year(value)?.parse().ok())
                .is_some_and(|year| subject.tells_age(year));
        let reduced = match treatment {
            _ if old => None,
            // An age is found only where it is over the limit, and may be told as that (164.514(b)(2)(i)(C)).
            Treatment::Age => Some(("age", format!("{}+", limit + 1))),
            Treatment::Year => whole_year(value).map(|year| ("year", year.to_owned())),
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
            Treatment::Apply(methods) => {
                self.apply(hit.label, value, self.policy.methods(methods), year, subject)
            }
            _ => None,
        };
        reduced.unwrap_or_else(|| ("mask", mark(hit.label)))
    }

    fn birth_year(&self, value: &str, limit: i32) -> Option<Replacement> {
        let year = whole_year(value)?;
        let born: i32 = year.parse().ok()?;
        let within = (0..=limit).contains(&(i32::from(self.as_of?.year()) - born));
        within.then(|| ("year", year.to_owned()))
    }

    /// The methods of a policy on a value of a text; what cannot take them all is masked.
    fn apply(
        &self,
        label: Label,
        value: &str,
        methods: &[Method],
        year: Option<i16>,
        subject: &mut dyn Subject,
    ) -> Option<Replacement> {
        let mut done = ("mask", value.trim().to_owned());
        for method in methods {
            done = match method {
                Method::Shorten { to: Precision::Year } => ("year", whole_year(&done.1)?.to_owned()),
                Method::ShiftDates(shift) => {
                    let days = subject.days(*shift)?;
                    ("shift_dates", moved::moved(&done.1, days, year.unwrap_or(COMMON_YEAR))?)
                }
                Method::Pseudonym => ("pseudonym", pseudonym::of(subject.keyed()?, &done.1)),
                Method::Substitute { text } => ("substitute", text.clone()),
                Method::Surrogate { drawn } if label == Label::Name => {
                    ("surrogate", surrogate_name(&done.1, *drawn, subject)?)
                }
                Method::Surrogate { drawn } => {
                    let new = subject.surrogate(label, &done.1, None, *drawn)?;
                    ("surrogate", cased_like(&done.1, new))
                }
                _ => return None,
            };
        }
        (!methods.is_empty()).then_some(done)
    }
}

/// A year without a leap day: that of a day and month which are told without one.
const COMMON_YEAR: i16 = 2023;

impl Piece {
    fn dropped(range: &Range<usize>, label: Label) -> Self {
        let (start, end) = (range.start, range.end);
        Self { start, end, with: String::new(), action: "remove", label, score: 1.0, why: "markup" }
    }
}

/// A name word by word, so that each part is what it is elsewhere: `Okafor, Chidi`, `Chidi Okafor`, `C. Okafor`.
fn surrogate_name(value: &str, drawn: bool, subject: &mut dyn Subject) -> Option<String> {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
    let counts = |word: &str| {
        word.chars().count() > 1
            && !words::is_shared(&word.to_lowercase())
            && word.contains(char::is_alphabetic)
    };
    let last_first = value.contains(',');
    let total = value.split(|c: char| !joins(c)).filter(|word| counts(word)).count();
    let (mut out, mut rest, mut seen) = (String::with_capacity(value.len() + 8), value, 0);
    while !rest.is_empty() {
        let start = rest.find(joins).unwrap_or(rest.len());
        let (between, tail) = rest.split_at_checked(start)?;
        out.push_str(between);
        let end = tail.find(|c: char| !joins(c)).unwrap_or(tail.len());
        let (word, tail) = tail.split_at_checked(end)?;
        rest = tail;
        if counts(word) {
            seen += 1;
            let family = (total > 1).then_some(if last_first { seen == 1 } else { seen == total });
            out.push_str(&cased_like(word, subject.surrogate(Label::Name, word, family, drawn)?));
        } else if word.chars().count() == 1 {
            // An initial: that of what would stand there.
            let new = subject.surrogate(Label::Name, word, Some(false), drawn)?;
            out.extend(cased_like(word, new).chars().next());
        } else {
            out.push_str(word);
        }
    }
    Some(out)
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
fn whole_year(value: &str) -> Option<&str> {
    let mut found = value.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4);
    let year = found.next().filter(|year| year.starts_with("19") || year.starts_with("20"))?;
    // Two different years make no single one.
    if found.any(|other| other != year) { None } else { Some(year) }
}
