//! Verification: what a policy hides is looked for in an output by other means than the ones that hid it.
//!
//! The pass judges places; this searches values. Everything that identifies is taken from the original with the
//! forms in which people write it, and searched in every text of the output at once. It needs no manifest and
//! trusts none, so it also judges what another tool made.

use std::collections::{BTreeMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;

use super::dates::Written;
use super::paths::PathRules;
use super::policy::{Method, Policy, PolicyRow, Treatment};
use super::words::{fold_number, is_shared, words};
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{Kind, Node, NodeId};
use crate::record::{Finding, Record, Severity};

/// The shortest number that is looked for inside other texts: shorter ones are shared by chance.
const SHORTEST_NUMBER: usize = 7;

/// The longest text that is looked for, in bytes; of a longer one, its beginning.
const LONGEST: usize = 160;

/// What a search of an output for what should be gone has found. Never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Name of the policy.
    pub policy: String,
    /// Values and forms of values that were looked for.
    pub searched: usize,
    /// Texts of the output that were looked into.
    pub texts: usize,
    /// What was found; empty where nothing that the policy hides can be read.
    pub findings: Vec<Finding>,
    /// What was done and how it was checked, in Markdown, for the file of whoever determines the risk (45 CFR
    /// 164.514(b)(1)(ii)). It holds no value of the record.
    pub statement: String,
}

/// Searches `output` for what `policy` should have hidden of `original`.
///
/// # Errors
/// `invalid_argument` where the search cannot be built.
pub fn verify_deidentified(original: &Record, output: &Record, policy: &Policy) -> Result<Verification> {
    let wanted = Wanted::of(original, policy);
    let search = Search::new(wanted)?;
    let mut findings = Vec::new();
    let mut paths = output.paths();
    let mut texts = 0;
    let mut tell = |id: NodeId, label: Label, code: &'static str, how: &str| {
        let span = output.tree().node(id).span();
        let rule = policy.rule(policy.clause_of(label, Whose::Patient).rule);
        findings.push(Finding {
            code,
            severity: Severity::Error,
            path: paths.of(id).to_owned(),
            span,
            line: output.line(span.start),
            message: format!("a {} that the policy hides ({rule}) {how}", label.as_str()),
            source: "verification against the original",
        });
    };
    for (id, node) in output.tree().iter() {
        // The names of members are the source's as well: an unknown one can hold anything.
        if let Some(name) = output.name(id).filter(|_| node.element().index() == 0) {
            texts += 1;
            if let Some(label) = search.inside(&name, Label::Unrecognised) {
                tell(id, label, "identifier_survives", "stands in the name of a member");
            }
        }
        let Some(text) = output.text(id) else { continue };
        if node.kind() == Kind::Flag {
            continue;
        }
        texts += 1;
        // What the policy lets stand can say the same as a text that it hides.
        let treatment = policy.clause_of(node.label(), node.whose()).treatment;
        if treatment == Treatment::KeepDate && output.date(id).is_some() {
            continue;
        }
        let stands = policy.shows(node.label(), node.whose())
            || is_vocabulary(node.label())
            || matches!(node.label(), Label::ResourceId | Label::Reference);
        let found = search.whole(&text, &node).or_else(|| search.inside(&text, node.label()));
        if let Some(label) = found.filter(|label| !(stands && is_prose(*label))) {
            tell(id, label, "identifier_survives", "can be read here");
        } else if let Some(label) = personal_form(&text, &node, policy) {
            tell(id, label, "identifier_form", "has the form of one that stands here");
        }
    }
    let searched = search.count;
    let moved = unmoved(original, output, policy);
    if let Some(id) = moved {
        tell(id, Label::Date, "dates_unmoved", "stands here, and none of the record's dates has moved");
    }
    let statement = statement(policy, searched, texts, &findings);
    Ok(Verification { policy: policy.info().name.clone(), searched, texts, findings, statement })
}

/// What is looked for, by how it is looked for.
#[derive(Default)]
struct Wanted {
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
}

impl Wanted {
    fn of(record: &Record, policy: &Policy) -> Self {
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
            if hidden && let Some(text) = record.text(id) {
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
            Label::Identifier
            | Label::MedicalRecord
            | Label::HealthPlan
            | Label::Account
            | Label::Licence
            | Label::Vehicle
            | Label::Device
            | Label::ProviderIdentifier
            | Label::Biometric => self.number(label, text),
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

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

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

fn is_date(label: Label) -> bool {
    matches!(label, Label::Date | Label::Instant | Label::BirthDate | Label::DeathDate)
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
struct Search {
    phrases: AhoCorasick,
    phrase_labels: Vec<Label>,
    numbers: AhoCorasick,
    number_labels: Vec<Label>,
    short: BTreeMap<String, Label>,
    ids: HashSet<String>,
    postal: HashSet<String>,
    count: usize,
}

impl Search {
    fn new(wanted: Wanted) -> Result<Self> {
        let build = |keys: Vec<&String>| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(keys)
                .map_err(|_| Error::new(&codes::INVALID_ARGUMENT).note("too many values to look for"))
        };
        let Wanted { phrases, numbers, short, ids, postal } = wanted;
        Ok(Self {
            count: phrases.len() + numbers.len() + short.len() + ids.len() + postal.len(),
            phrases: build(phrases.keys().collect())?,
            phrase_labels: phrases.into_values().collect(),
            numbers: build(numbers.keys().collect())?,
            number_labels: numbers.into_values().collect(),
            short,
            ids,
            postal,
        })
    }

    /// Whether a text as a whole is one of those that are looked for: what can be said of short ones.
    fn whole(&self, text: &str, node: &Node) -> Option<Label> {
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
    fn inside(&self, text: &str, label: Label) -> Option<Label> {
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

/// Labels of texts that can say anything.
fn is_prose(label: Label) -> bool {
    matches!(
        label,
        Label::FreeText | Label::Narrative | Label::ReferenceText | Label::AddressText | Label::Unrecognised
    )
}

/// Labels whose texts are words of a list, where a short value is shared by chance.
fn is_vocabulary(label: Label) -> bool {
    matches!(
        label,
        Label::Code
            | Label::CodeSystem
            | Label::CodeText
            | Label::Unit
            | Label::Value
            | Label::Technical
            | Label::State
            | Label::Country
            | Label::Date
            | Label::BirthDate
            | Label::DeathDate
            | Label::Time
    )
}

/// The label that a text has the form of, whoever's it is, where the policy hides that label. Where it puts
/// surrogates there, the form says nothing.
fn personal_form(text: &str, node: &Node, policy: &Policy) -> Option<Label> {
    if node.kind() != Kind::Text || matches!(node.label(), Label::CodeSystem | Label::Technical) {
        return None;
    }
    let gone = |label: Label| policy.clause_of(label, Whose::Patient).treatment == Treatment::Remove;
    let form = if text.split_whitespace().any(is_email) {
        Label::Email
    } else if has_shape(text, "000-00-0000") {
        Label::SocialSecurity
    } else if has_shape(text, "000-000-0000") || has_shape(text, "(000) 000-0000") {
        Label::Phone
    } else {
        return None;
    };
    gone(form).then_some(form)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// Whether digits stand in a text as in the shape, with none directly beside them.
fn has_shape(text: &str, shape: &str) -> bool {
    let (text, shape) = (text.as_bytes(), shape.as_bytes());
    text.windows(shape.len()).enumerate().any(|(at, window)| {
        let fits = window.iter().zip(shape).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        });
        let beside = |at: Option<usize>| {
            at.and_then(|at| text.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        };
        fits && !beside(at.checked_sub(1)) && !beside(Some(at + shape.len()))
    })
}

/// A date of the output, where a policy moves dates and all that are left are as they were. A patient who is known by
/// a pseudonym was moved before, so only outputs that share no pseudonym with their original are judged.
fn unmoved(original: &Record, output: &Record, policy: &Policy) -> Option<NodeId> {
    policy.shift()?;
    let dates = |record: &Record| -> Vec<(NodeId, String)> {
        let tree = record.tree();
        let is_day = |node: &Node| matches!(node.label(), Label::Date | Label::Instant | Label::DeathDate);
        tree.iter()
            .filter(|(_, node)| is_day(node))
            .filter_map(|(id, _)| Some((id, record.text(id)?.into_owned())))
            .filter(|(_, text)| Written::parse(text).and_then(Written::day).is_some())
            .collect()
    };
    let before: HashSet<String> = dates(original).into_iter().map(|(_, text)| text).collect();
    let after = dates(output);
    let first = after.first()?.0;
    (original.source() != output.source() && after.iter().all(|(_, text)| before.contains(text)))
        .then_some(first)
}

/// What a policy does with every label.
fn done_by_label(policy: &Policy, out: &mut String) {
    out.push_str("\n## What was done\n| Label | Whose | Done | Rule |\n|---|---|---|---|\n");
    for PolicyRow { label, whose, actions, rule } in policy.summary() {
        let whose = whose.unwrap_or("everybody's");
        out.push_str(&format!("| {label} | {whose} | {} | {rule} |\n", actions.join(", then ")));
    }
    out.push_str("| whatever no data map recognises | everybody's | as the label `unrecognised` | |\n");
}

/// What was done and how it was checked, for an expert's file.
fn statement(policy: &Policy, searched: usize, texts: usize, findings: &[Finding]) -> String {
    let info = policy.info();
    let mut out = format!(
        "# Statement of methods\nPolicy: {} ({}), release {}, after {}.\n",
        info.name, info.title, info.release, info.source
    );
    match &info.conforms_to {
        Some(standard) => {
            out.push_str(&format!("It calls itself {standard} and was held against it rule by rule.\n"))
        }
        None => out.push_str("It does not call itself Safe Harbor or a limited data set.\n"),
    }
    if let Some(notice) = &info.notice {
        out.push_str(&format!("\n{notice}\n"));
    }
    if policy.paths().is_some() {
        out.push_str("\n## What was done\n| Rule, in this order |\n|---|\n");
        policy
            .paths()
            .into_iter()
            .flat_map(PathRules::names)
            .for_each(|rule| out.push_str(&format!("| {rule} |\n")));
    } else {
        done_by_label(policy, &mut out);
    }
    out.push_str(&format!(
        "\n## How it was checked\nEvery value that the policy hides was taken from the original with the forms in which it is commonly \
         written, {searched} in all, and looked for in each of the {texts} texts of the output, apart from the way in which the output \
         was made. Numbers of fewer than {SHORTEST_NUMBER} letters and digits were compared with whole texts only.{}\n",
        if policy.shift().is_some() {
            " Days were not looked for: where dates move, one stands where another was."
        } else {
            ""
        }
    ));
    let kinds: BTreeMap<&str, usize> = findings.iter().fold(BTreeMap::new(), |mut kinds, finding| {
        *kinds.entry(finding.code).or_default() += 1;
        kinds
    });
    if kinds.is_empty() {
        out.push_str("Nothing was found.\n");
    }
    for (code, count) in kinds {
        out.push_str(&format!("Found: {code}, {count} times.\n"));
    }
    out.push_str(
        "\n## What this does not say\nThat the risk of re-identification is very small for an anticipated recipient (45 CFR \
         164.514(b)(1)), or that nobody has actual knowledge (164.514(b)(2)(ii)): a person determines that.\n",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Vault, deidentify};
    use super::*;

    const SOURCE: &str = r#"{"resourceType":"Patient","id":"p-77","birthDate":"1980-05-03","name":[{"family":"Quackenbush","given":["Jo"]}],"telecom":[{"system":"phone","value":"(617) 867-5309"},{"system":"email","value":"jo@quack.example"}],"identifier":[{"value":"MRN-0012345"}],"address":[{"line":["17 Thistledown Lane"],"city":"Netherwallop","postalCode":"02139"}],"maritalStatus":{"text":"Married"}}"#;

    fn codes(output: &str, policy: &str) -> Vec<&'static str> {
        let original = Record::parse(SOURCE, None).unwrap();
        let output = Record::parse(output, None).unwrap();
        let found = verify_deidentified(&original, &output, &Policy::named(policy).unwrap()).unwrap();
        assert!(found.searched > 5 && found.texts > 0);
        let wire = serde_json::to_string(&found).unwrap().to_lowercase();
        for value in ["quackenbush", "867-5309", "0012345", "thistledown"] {
            assert!(!wire.contains(value), "{wire}");
        }
        found.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_clean_output_has_no_findings() {
        let original = Record::parse(SOURCE, None).unwrap();
        for name in Policy::names() {
            let policy = Policy::named(name).unwrap();
            let vault = Vault::from_seed([1; 32]);
            let key = policy.needs_key().then_some([7u8; 32]);
            let options = Options {
                as_of: Some("2025-01-01".parse().unwrap()),
                vault: Some(&vault),
                key: key.as_ref().map(<[u8; 32]>::as_slice),
                ..Options::default()
            };
            let done = deidentify(&original, &policy, &options).unwrap();
            let output = Record::parse(done.output, None).unwrap();
            let found = verify_deidentified(&original, &output, &policy).unwrap();
            assert!(found.findings.is_empty(), "{name}: {:?}", found.findings);
            assert!(found.statement.contains("Nothing was found"), "{}", found.statement);
        }
    }

    #[test]
    fn whatever_survives_is_found_in_every_form() {
        for leak in [
            r#""display":"seen by Dr. QUACKENBUSH today""#,
            r#""note":"call 617.867.5309""#,
            r#""note":"call +1 617 867 5309""#,
            r#""value":"mrn0012345""#,
            r#""text":"at 17  thistledown lane""#,
            r#""text":"born May 3, 1980""#,
            r#""text":"born 05/03/1980""#,
            r#""birthDate":"1980-05-03""#,
            r#""id":"p-77""#,
            r#""managingOrganization":{"reference":"Organization/p-77"}"#,
            r#""address":[{"postalCode":"02139"}]"#,
            r#""city":"Netherwallop""#,
            r#""Quackenbush":1"#,
            r#""n":"Qu\u0061ckenbush""#,
            r#""link":[{"other":{"reference":"urn:uuid:p-77"}}]"#,
        ] {
            let output = format!(r#"{{"resourceType":"Patient",{leak}}}"#);
            assert_eq!(codes(&output, "hipaa-safe-harbor"), ["identifier_survives"], "{leak}");
        }
    }

    #[test]
    fn forms_are_found_whoever_they_belong_to() {
        for leak in ["a@b.example", "123-45-6789", "see 617-555-1234"] {
            let output = format!(r#"{{"resourceType":"Patient","maritalStatus":{{"text":"{leak}"}}}}"#);
            assert_eq!(codes(&output, "hipaa-safe-harbor"), ["identifier_form"], "{leak}");
        }
    }

    #[test]
    fn what_a_policy_lets_stand_is_no_finding() {
        let output = r#"{"resourceType":"Patient","birthDate":"1980-05-03","address":[{"city":"Netherwallop","postalCode":"02139"}]}"#;
        assert!(codes(output, "hipaa-limited-data-set").is_empty());
        assert_eq!(codes(output, "hipaa-safe-harbor").len(), 3);
    }
}
