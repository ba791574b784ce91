//! Verification: what a policy hides is looked for in an output by other means than the ones that hid it.
//!
//! The pass judges places; this searches values. Everything that identifies is taken from the original with the
//! forms in which people write it, and searched in every text of the output at once. It needs no manifest and
//! trusts none, so it also judges what another tool made.

mod search;
mod statement;

use std::collections::HashSet;

use serde::Serialize;

use self::search::{Search, Wanted, is_date};
use self::statement::statement;
use super::dates::Written;
use super::policy::{Policy, Treatment};
use crate::error::Result;
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{Kind, Node, NodeId};
use crate::record::{Finding, Record, Severity};

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
        // What the policy lets stand can say the same as a text that it hides: a date that stays or has moved to that
        // day, a town that somebody also wrote where everything goes.
        let treatment = policy.clause_of(node.label(), node.whose()).treatment;
        let dated = treatment == Treatment::KeepDate || (policy.shift().is_some() && is_date(node.label()));
        if dated && output.date(id).is_some() {
            continue;
        }
        let shows = policy.shows(node.label(), node.whose());
        // Words of a text that goes somewhere may stand in one that is cleaned, and in what the policy lets stand.
        let stands = shows
            || treatment == Treatment::CleanText
            || is_vocabulary(node.label())
            || matches!(node.label(), Label::ResourceId | Label::Reference);
        let found = if shows && search.stood(&text, node.label()) {
            None
        } else {
            search.whole(&text, &node).or_else(|| search.inside(&text, node.label()))
        };
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

    /// The pages of the field's publishers stand in everybody's records; a site's own do not.
    #[test]
    fn what_a_standard_is_called_is_no_finding() {
        let output = r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://loinc.org"}]},
            "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason"},
            {"url":"http://netherwallop.example/fhir/people"}]}"#;
        for (page, findings) in [
            ("http://hl7.org/fhir", 0),
            ("http://loinc.org", 0),
            ("urn:oid:2.16.840.1.113883.6.1", 0),
            ("http://netherwallop.example/fhir", 1),
            ("http://hl7.org.netherwallop.example/fhir/people", 0),
        ] {
            let source = format!(r#"{{"resourceType":"Patient","meta":{{"source":"{page}"}}}}"#);
            let (original, output) =
                (Record::parse(source, None).unwrap(), Record::parse(output, None).unwrap());
            let policy = Policy::named("hipaa-safe-harbor").unwrap();
            let found = verify_deidentified(&original, &output, &policy).unwrap();
            assert_eq!(found.findings.len(), findings, "{page}");
        }
    }

    /// Words of a text that goes are no identifiers in a text that is cleaned; a name of it still is one.
    #[test]
    fn a_cleaned_text_may_say_what_another_text_said() {
        let source = r#"{"resourceType":"Patient","name":[{"family":"Quackenbush"}],"wrong":"Allergy to peanuts",
            "text":{"status":"generated","div":"Allergy to peanuts"}}"#;
        let original = Record::parse(source, None).unwrap();
        let policy = Policy::named("hipaa-safe-harbor-text").unwrap();
        for (div, findings) in [("Allergy to peanuts", 0), ("Allergy of Quackenbush", 1)] {
            let output =
                format!(r#"{{"resourceType":"Patient","text":{{"status":"generated","div":"{div}"}}}}"#);
            let output = Record::parse(output, None).unwrap();
            let found = verify_deidentified(&original, &output, &policy).unwrap();
            assert_eq!(found.findings.len(), findings, "{div}: {:?}", found.findings);
        }
    }

    #[test]
    fn forms_are_found_whoever_they_belong_to() {
        for leak in ["a@b.example", "123-45-6789", "see 617-555-1234"] {
            let output = format!(r#"{{"resourceType":"Patient","maritalStatus":{{"text":"{leak}"}}}}"#);
            assert_eq!(codes(&output, "hipaa-safe-harbor"), ["identifier_form"], "{leak}");
        }
    }

    /// A town or a day that the policy lets stand is no finding where the same text stood in a place that it empties.
    #[test]
    fn what_stands_is_no_finding_because_it_also_stood_where_all_goes() {
        for (policy, member) in [
            ("hipaa-limited-data-set", r#""photo":[{"data":"Netherwallop"}]"#),
            ("hipaa-limited-data-set", r#""photo":[{"data":"1980-05-03","creation":"Netherwallop"}]"#),
            ("hipaa-limited-data-set", r#""contact":[{"name":{"text":"1980-05-03"}}]"#),
            (
                "hipaa-limited-data-set",
                r#""contact":[{"gender":"x","address":{"postalCode":"1980-05-03"}}],"photo":[{"data":"1980-05-03"}]"#,
            ),
            ("research-shifted", r#""photo":[{"data":"1980-04-26"}]"#),
        ] {
            let source = format!("{},{member}}}", SOURCE.strip_suffix('}').unwrap());
            let original = Record::parse(source, None).unwrap();
            let policy = Policy::named(policy).unwrap();
            let key = policy.needs_key().then_some([7u8; 32]);
            let options = Options {
                as_of: Some("2025-01-01".parse().unwrap()),
                key: key.as_ref().map(<[u8; 32]>::as_slice),
                shift_days: key.is_some().then_some(-7),
                ..Options::default()
            };
            let output =
                Record::parse(deidentify(&original, &policy, &options).unwrap().output, None).unwrap();
            assert!(String::from_utf8_lossy(output.source()).contains(r#""birthDate":"1980-0"#));
            let found = verify_deidentified(&original, &output, &policy).unwrap();
            assert!(found.findings.is_empty(), "{member}: {:?}", found.findings);
        }
        // What did not stand there in the original is one.
        let moved = r#"{"resourceType":"Patient","address":[{"city":"Quackenbush"}]}"#;
        assert_eq!(codes(moved, "hipaa-limited-data-set"), ["identifier_survives"]);
    }

    #[test]
    fn what_a_policy_lets_stand_is_no_finding() {
        let output = r#"{"resourceType":"Patient","birthDate":"1980-05-03","address":[{"city":"Netherwallop","postalCode":"02139"}]}"#;
        assert!(codes(output, "hipaa-limited-data-set").is_empty());
        assert_eq!(codes(output, "hipaa-safe-harbor").len(), 3);
    }
}
