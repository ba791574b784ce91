//! What is known before a text is read: the chart's own names, addresses and numbers.

use std::collections::{HashMap, HashSet};

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::found::Found;
use super::lexicon::{fold, hash};
use super::token::{Block, Gap, Kind};
use crate::deid::words;
use crate::error::{Error, Result, codes};
use crate::formats::label::Label;
use crate::formats::tree::Kind as NodeKind;
use crate::record::Record;

/// Facts of the people of a text. What is known is found wherever it stands, in any case and punctuation.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// Names of people, whole or in parts.
    pub names: Vec<String>,
    /// Names of employers, clinics and other bodies.
    pub organisations: Vec<String>,
    /// Streets, cities, places.
    pub places: Vec<String>,
    /// Numbers and codes, at least six letters and digits with a digit among them.
    pub numbers: Vec<String>,
    /// Words and phrases of a site that are no identifiers, such as the name of a form: what a finding consists of
    /// stays where it is one of them, unless it is known.
    pub allow: Vec<String>,
    /// Identifiers of a site's own form.
    pub patterns: Vec<SitePattern>,
    /// How likely it must be that a word is part of a name for it to be found, from 0 to 1 (0.3 unless set). Less
    /// finds more and takes more by mistake.
    pub threshold: Option<f32>,
    /// Whether `find_identifiers` also tells of every word and number that stays why it does, under the label `none`.
    pub explain: bool,
}

/// Identifiers of a site's own form, such as `BR-\\d{5}` for the number of a bracelet.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePattern {
    /// What it is: the name of a label, such as `medical_record_number`.
    pub label: String,
    /// A regular expression without look-around and back-references; it is matched in time linear in the text.
    pub pattern: String,
}

impl std::fmt::Debug for SitePattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SitePattern").field("label", &self.label).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("names", &self.names.len())
            .field("organisations", &self.organisations.len())
            .field("places", &self.places.len())
            .field("numbers", &self.numbers.len())
            .finish()
    }
}

impl Known {
    /// The names, addresses and numbers that a record states of anybody.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut known = Self::default();
        for (id, node) in record.tree().iter() {
            if matches!(node.kind(), NodeKind::Object | NodeKind::List) {
                continue;
            }
            let into = match node.label() {
                Label::Name => &mut known.names,
                Label::OrganisationName => &mut known.organisations,
                Label::PlaceName | Label::Street | Label::City | Label::District | Label::AddressText => {
                    &mut known.places
                }
                label if is_number(label) => &mut known.numbers,
                _ => continue,
            };
            if let Some(text) = record.text(id) {
                into.push(text.into_owned());
            }
        }
        known
    }
}

/// Whether what stands under a label is a number or code.
const fn is_number(label: Label) -> bool {
    matches!(
        label,
        Label::Identifier
            | Label::SocialSecurity
            | Label::MedicalRecord
            | Label::HealthPlan
            | Label::Account
            | Label::Licence
            | Label::Vehicle
            | Label::Device
            | Label::ProviderIdentifier
            | Label::Phone
            | Label::Fax
            | Label::Telecom
    )
}

/// The facts, ready to be looked for.
#[derive(Default)]
pub(in crate::deid) struct Index {
    /// Ordinary words are found in any case as well.
    every_word: bool,
    words: HashSet<u32>,
    phrases: HashMap<u32, Vec<(Vec<u32>, Label)>>,
    numbers: HashMap<String, Label>,
    allow: HashSet<Vec<Vec<u8>>>,
    patterns: Vec<(Regex, Label)>,
    threshold: Option<f32>,
    explain: bool,
}

impl Index {
    /// # Errors
    /// `invalid_argument` for a pattern that is no regular expression or a large one, a label that there is not, and
    /// a threshold that is no probability.
    pub(super) fn new(known: &Known) -> Result<Self> {
        let refuse = |place: String, note: &'static str| {
            Error::new(&codes::INVALID_ARGUMENT).in_path(place).note(note)
        };
        let mut index = Self { threshold: known.threshold, explain: known.explain, ..Self::default() };
        if known.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
            return Err(refuse("known.threshold".into(), "a number from 0 to 1 is needed"));
        }
        for (at, own) in known.patterns.iter().enumerate() {
            let label = Label::from_name(&own.label).ok_or_else(|| {
                refuse(format!("known.patterns[{at}].label"), "there is no label of that name")
            })?;
            let regex = RegexBuilder::new(&own.pattern).size_limit(1 << 20).build().map_err(|_| {
                refuse(format!("known.patterns[{at}].pattern"), "not a regular expression, or too large")
            })?;
            index.patterns.push((regex, label));
        }
        for phrase in &known.allow {
            index.allow.insert(words(phrase));
        }
        for name in &known.names {
            for word in words(name).into_iter().filter(|word| word.len() > 1) {
                if !words::SHARED.iter().any(|shared| shared.as_bytes() == word) {
                    index.words.insert(hash(&word) as u32);
                }
            }
        }
        for (list, label) in [(&known.organisations, Label::OrganisationName), (&known.places, Label::Street)]
        {
            for phrase in list {
                let all = words(phrase);
                let letters: usize = all.iter().map(Vec::len).sum();
                let hashes: Vec<u32> = all.iter().map(|word| hash(word) as u32).collect();
                if let [first, rest @ ..] = hashes.as_slice()
                    && letters >= 3
                {
                    let label = if all.iter().any(|word| word.iter().any(u8::is_ascii_digit))
                        || label != Label::Street
                    {
                        label
                    } else {
                        Label::City
                    };
                    index.phrases.entry(*first).or_default().push((rest.to_vec(), label));
                }
            }
        }
        for number in &known.numbers {
            let folded = folded_number(number);
            if folded.len() >= 6 && folded.bytes().any(|byte| byte.is_ascii_digit()) {
                index.numbers.insert(folded, Label::Identifier);
            }
        }
        Ok(index)
    }

    /// The facts of a record: the words of its names are found in any case, however ordinary they are, and its numbers
    /// have their labels.
    pub(super) fn of_record(record: &Record) -> Result<Self> {
        let mut index = Self { every_word: true, ..Self::new(&Known::of(record))? };
        for (id, node) in record.tree().iter() {
            if is_number(node.label())
                && let Some(text) = record.text(id)
                && let Some(label) = index.numbers.get_mut(&folded_number(&text))
            {
                *label = node.label();
            }
        }
        Ok(index)
    }

    /// How likely a name must be.
    pub(super) fn threshold_or_default(&self) -> f32 {
        self.threshold.unwrap_or(super::find::THRESHOLD)
    }

    /// Whether what stays is to be told as well.
    pub(super) fn explains(&self) -> bool {
        self.explain
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.phrases.is_empty()
            && self.numbers.is_empty()
            && self.patterns.is_empty()
    }

    /// Takes the findings away that consist of what the site allows.
    pub(super) fn allow(&self, text: &str, found: &mut Vec<Found>) {
        if self.allow.is_empty() {
            return;
        }
        found.retain(|hit| {
            hit.why == "known"
                || hit.why == "site_pattern"
                || !text.get(hit.start..hit.end).is_some_and(|text| self.allow.contains(&words(text)))
        });
    }

    /// Everything of a block that is known.
    pub(super) fn find(&self, block: &Block<'_>, found: &mut Vec<Found>) {
        if self.is_empty() {
            return;
        }
        for (regex, label) in &self.patterns {
            let hits = regex.find_iter(block.text).filter(|hit| !hit.is_empty());
            found.extend(hits.map(|hit| Found::new(hit.start(), hit.end(), *label, 1.0, "site_pattern")));
        }
        for (at, token) in block.tokens.iter().enumerate() {
            let own = word_hash(block, at);
            if token.kind == Kind::Word && self.words.contains(&own) {
                // A word that most notes have is a name where it is written as one.
                let ordinary = !self.every_word && token.info.english() >= 8 && !token.is_capital();
                if !ordinary {
                    found.push(Found::new(
                        token.start as usize,
                        token.end as usize,
                        Label::Name,
                        1.0,
                        "known",
                    ));
                }
            }
            for (rest, label) in self.phrases.get(&own).into_iter().flatten() {
                let same = rest.iter().enumerate().all(|(by, hash)| word_hash(block, at + by + 1) == *hash);
                if same && let Some(end) = block.token(at + rest.len()) {
                    found.push(Found::new(token.start as usize, end.end as usize, *label, 1.0, "known"));
                }
            }
            self.number(block, at, found);
        }
    }

    /// A number that is known, however it is punctuated.
    fn number(&self, block: &Block<'_>, at: usize, found: &mut Vec<Found>) {
        if self.numbers.is_empty() {
            return;
        }
        let Some(first) = block.token(at) else { return };
        let mut folded = String::new();
        for by in 0..6 {
            let Some(token) = block.token(at + by) else { return };
            if by > 0
                && !token
                    .gap
                    .only(Gap::SPACE | Gap::HYPHEN | Gap::PERIOD | Gap::OPEN | Gap::CLOSE | Gap::SLASH)
            {
                return;
            }
            folded.extend(block.str(token).chars().flat_map(char::to_lowercase));
            if folded.len() > 40 {
                return;
            }
            if let Some(label) = self.numbers.get(&folded) {
                found.push(Found::new(first.start as usize, token.end as usize, *label, 1.0, "known"));
                return;
            }
        }
    }
}

/// The words of a text as the word table knows them.
fn words(text: &str) -> Vec<Vec<u8>> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}'))
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut out = Vec::new();
            fold(word, &mut out);
            out
        })
        .filter(|word| !word.is_empty())
        .collect()
}

fn word_hash(block: &Block<'_>, at: usize) -> u32 {
    match block.token(at) {
        Some(token) if token.kind == Kind::Word => token.hash,
        Some(token) => hash(block.str(token).as_bytes()) as u32,
        None => 0,
    }
}

fn folded_number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
