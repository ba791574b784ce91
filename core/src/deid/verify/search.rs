//! What is looked for, and how: values that a policy hides, with the forms in which people write them, searched all at
//! once.

use std::collections::{BTreeMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::super::dates::{MONTHS, Written};
use super::super::policy::{Method, Policy, Treatment};
use super::super::systems::Systems;
use super::super::words::{fold_number, is_shared, words};
use super::is_vocabulary;
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};
use crate::formats::systems::of_oid;
use crate::formats::tree::{Kind, Node};
use crate::record::Record;

/// The shortest number that is looked for inside other texts: shorter ones are shared by chance.
pub(super) const SHORTEST_NUMBER: usize = 7;

/// The longest text that is looked for, in bytes; of a longer one, its beginning.
const LONGEST: usize = 160;
/// What is looked for, by how it is looked for.
#[derive(Default)]
pub(super) struct Wanted {
    /// Folded texts that are looked for inside others.
    phrases: BTreeMap<String, Label>,
    /// Letters and digits of numbers that are looked for inside others.
    numbers: BTreeMap<String, Label>,
    /// Texts that are too short for that: a text must be equal.
    short: BTreeMap<String, Label>,
    /// Ids of entries.
    ids: HashSet<String>,
    /// Postal codes.
    postal: HashSet<String>,
    /// Folded texts that the policy lets stand as they are, with what they are.
    shown: HashSet<(Label, String)>,
}

impl Wanted {
    pub(super) fn of(record: &Record, policy: &Policy) -> Self {
        let mut wanted = Self::default();
        let by_path = policy.paths().map(|rules| rules.hidden(record));
        for (id, node) in record.tree().iter() {
            if matches!(node.kind(), Kind::Object | Kind::List | Kind::Null | Kind::Flag) {
                continue;
            }
            let (label, whose) = (node.label(), node.whose());
            let hidden = match &by_path {
                Some(nodes) => nodes.contains(&id),
                None => hides(policy, label, whose),
            };
            let Some(text) = record.text(id) else { continue };
            // Rules by path say nothing of what they do not reach.
            if by_path.is_none() && !hidden && policy.shows(label, whose) {
                wanted.shown.insert((label, folded(&text)));
            }
            if hidden {
                wanted.add(label, &text, policy);
                // A date as its format writes it says the same day in other forms.
                if let Some(iso) = record.iso_date(id).filter(|iso| *iso != text && is_date(label)) {
                    wanted.add(label, &iso, policy);
                }
            }
        }
        wanted
    }

    fn add(&mut self, label: Label, text: &str, policy: &Policy) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match label {
            Label::Name => {
                // An address of mail or of a page in the place of a name is one value: its parts are everybody's words.
                let address = text.contains('@') || text.contains("://");
                for word in words(text)
                    .filter(|_| !address)
                    .filter(|word| word.chars().count() > 2 && !is_shared(word))
                {
                    // Nobody is called by a number: in the place of a name one is looked for as numbers are, so that
                    // a year is not found in every date of that year.
                    if word.contains(char::is_alphabetic) {
                        self.phrases.insert(word, label);
                    } else {
                        self.number(label, &word);
                    }
                }
                self.phrase(text, label);
            }
            Label::ReferenceText => self.phrase(text, label),
            label if is_date(label) => {
                self.date(label, text, policy);
            }
            Label::ResourceId => {
                self.ids.insert(text.to_owned());
            }
            Label::Reference => {
                let path = text.split("/_history/").next().unwrap_or_default();
                let id = path.rsplit(['/', ':', '#']).next().unwrap_or_default();
                if !id.is_empty() && !id.contains('?') {
                    self.ids.insert(id.to_owned());
                }
            }
            Label::PostalCode => {
                self.postal.insert(text.to_owned());
                self.number(label, text);
            }
            Label::Phone | Label::Fax | Label::Telecom | Label::SocialSecurity => {
                self.number(label, text);
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                // The same number without its country.
                if digits.len() > 10 && label != Label::SocialSecurity {
                    self.number(label, digits.get(digits.len() - 10..).unwrap_or_default());
                }
                // And with it (North America).
                if digits.len() == 10 && label != Label::SocialSecurity {
                    self.number(label, &format!("1{digits}"));
                }
                if text.contains('@') {
                    self.phrase(text, label);
                }
            }
            label if label.is_number_of_something() => self.number(label, text),
            Label::Url if is_published(text) => {}
            // A word that leads nowhere.
            Label::Url if !text.contains([':', '/', '.']) => self.phrase(text, Label::FreeText),
            // What is no text of a person's needs to be long to mean something.
            Label::Code | Label::CodeSystem | Label::Value | Label::Unit | Label::Age | Label::Technical => {}
            _ => self.phrase(text, label),
        }
    }

    fn phrase(&mut self, text: &str, label: Label) {
        let folded = folded(text);
        match folded.len() {
            0..3 => {}
            3..6 => {
                self.short.insert(folded, label);
            }
            _ => {
                let end = (0..=LONGEST.min(folded.len())).rev().find(|at| folded.is_char_boundary(*at));
                self.phrases
                    .insert(folded.get(..end.unwrap_or_default()).unwrap_or_default().to_owned(), label);
            }
        }
    }

    fn number(&mut self, label: Label, text: &str) {
        let folded = fold_number(text);
        let digit = folded.bytes().any(|byte| byte.is_ascii_digit());
        // Without a digit it is a word, which what stays may share.
        let label = if digit { label } else { Label::FreeText };
        if folded.len() >= SHORTEST_NUMBER && digit {
            self.numbers.insert(folded, label);
        } else if folded.len() >= 3 {
            self.short.insert(folded, label);
        }
    }

    /// The forms in which people write a day. Where dates move, the day of one may be where another was.
    fn date(&mut self, label: Label, text: &str, policy: &Policy) {
        if policy.shift().is_some() {
            return;
        }
        let Some((year, month, day)) = Written::parse(text).and_then(Written::day) else { return };
        let name = MONTHS.get(usize::from(month.unsigned_abs()).wrapping_sub(1)).copied().unwrap_or_default();
        for form in [
            format!("{year:04}-{month:02}-{day:02}"),
            format!("{year:04}{month:02}{day:02}"),
            format!("{month:02}/{day:02}/{year:04}"),
            format!("{month}/{day}/{year:04}"),
            format!("{day:02}.{month:02}.{year:04}"),
            format!("{name} {day}, {year:04}"),
            format!("{day} {name} {year:04}"),
        ] {
            self.phrases.insert(form, label);
        }
    }
}

/// Whether a policy hides what stands under a label, so that the value must not be found again.
fn hides(policy: &Policy, label: Label, whose: Whose) -> bool {
    match policy.clause_of(label, whose).treatment {
        Treatment::Remove | Treatment::Token | Treatment::Zip3 | Treatment::Year | Treatment::BirthYear => {
            true
        }
        Treatment::Apply(index) => policy.methods(index).iter().any(|method| {
            !matches!(
                method,
                Method::NumberBand { .. }
                    | Method::AgeBand { .. }
                    | Method::Perturb { .. }
                    | Method::Parent { .. }
            )
        }),
        _ => false,
    }
}

pub(super) fn is_date(label: Label) -> bool {
    matches!(label, Label::Date | Label::Instant | Label::BirthDate | Label::DeathDate)
}

/// Whether a page or a namespace is one of those that publish the field's standards: it stands in everybody's records.
fn is_published(url: &str) -> bool {
    const PUBLISHERS: &[&str] = &[
        "hl7.org",
        "www.hl7.org",
        "terminology.hl7.org",
        "build.fhir.org",
        "www.w3.org",
        "loinc.org",
        "snomed.info",
        "unitsofmeasure.org",
    ];
    let host =
        url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let name = url.strip_prefix("urn:oid:").unwrap_or(url);
    PUBLISHERS.contains(&host)
        || ["urn:ietf:", "urn:iso:"].iter().any(|standard| url.starts_with(standard))
        || of_oid(name.into()).is_some_and(|name| Systems::embedded().is_public(&name))
}

/// Lower case, with single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// The searches, built once.
pub(super) struct Search {
    phrases: AhoCorasick,
    phrase_labels: Vec<Label>,
    numbers: AhoCorasick,
    number_labels: Vec<Label>,
    short: BTreeMap<String, Label>,
    ids: HashSet<String>,
    postal: HashSet<String>,
    shown: HashSet<(Label, String)>,
    pub(super) count: usize,
}

impl Search {
    pub(super) fn new(wanted: Wanted) -> Result<Self> {
        let build = |keys: Vec<&String>| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(keys)
                .map_err(|_| Error::new(&codes::INVALID_ARGUMENT).note("too many values to look for"))
        };
        let Wanted { phrases, numbers, short, ids, postal, shown } = wanted;
        Ok(Self {
            count: phrases.len() + numbers.len() + short.len() + ids.len() + postal.len(),
            phrases: build(phrases.keys().collect())?,
            phrase_labels: phrases.into_values().collect(),
            numbers: build(numbers.keys().collect())?,
            number_labels: numbers.into_values().collect(),
            short,
            ids,
            postal,
            shown,
        })
    }

    /// Whether a text stood in the original under the same label, where the policy lets it stand.
    pub(super) fn stood(&self, text: &str, label: Label) -> bool {
        self.shown.contains(&(label, folded(text)))
    }

    /// Whether a text as a whole is one of those that are looked for: what can be said of short ones.
    pub(super) fn whole(&self, text: &str, node: &Node) -> Option<Label> {
        match node.label() {
            Label::ResourceId | Label::Reference => {
                let mut parts = text.split(['/', ':', '#', '?', '=']);
                return parts.any(|part| self.ids.contains(part)).then_some(Label::ResourceId);
            }
            Label::PostalCode => return self.postal.contains(text.trim()).then_some(Label::PostalCode),
            _ => {}
        }
        if node.kind() != Kind::Text || is_vocabulary(node.label()) {
            return None;
        }
        self.short.get(&folded(text)).or_else(|| self.short.get(&fold_number(text))).copied()
    }

    /// Whether one of those that are looked for stands in a text, with no letter or digit directly beside it.
    pub(super) fn inside(&self, text: &str, label: Label) -> Option<Label> {
        let text = folded(text);
        let clear = |from: usize, to: usize| {
            let before = text.get(..from).and_then(|before| before.chars().next_back());
            let after = text.get(to..).and_then(|after| after.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        };
        let phrase = self
            .phrases
            .find_overlapping_iter(&text)
            .find(|found| clear(found.start(), found.end()))
            .and_then(|found| self.phrase_labels.get(found.pattern().as_usize()).copied());
        // The codes of public systems are words that happen to be names as well.
        if phrase.is_some() && !(label == Label::Code && phrase == Some(Label::Name)) {
            return phrase;
        }
        let number = fold_number(&text);
        let apart = |from: usize, to: usize| {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !digit(number.get(..from).and_then(|before| before.chars().next_back()))
                && !digit(number.get(to..).and_then(|after| after.chars().next()))
        };
        self.numbers
            .find_overlapping_iter(&number)
            .find(|found| apart(found.start(), found.end()))
            .and_then(|found| self.number_labels.get(found.pattern().as_usize()).copied())
    }
}
