//! Every Bundle that `to_fhir` writes is FHIR R4 (4.0.1): its elements exist, have values of their types and the codes
//! that are bound, what is required is there, references lead somewhere, and the invariants that its resources can
//! break hold. What R4 demands is written down here from its definitions, apart from the library's own. The Bundles are
//! written to the folder `CHARTKEEPER_BUNDLES`, where one is named, so that another validator can look at them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chartkeeper::formats::table::suggest;
use chartkeeper::formats::tree::Kind;
use chartkeeper::{Format, Record};
use chartkeeper_tests::{archive, workspace};
use serde_json::Value;

/// What must stand in an element or data type; of a choice, what its name begins with and `[x]`.
const REQUIRED: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["patient"]),
    ("AllergyIntolerance.reaction", &["manifestation"]),
    ("Annotation", &["text"]),
    ("Bundle", &["type"]),
    ("CarePlan", &["status", "intent", "subject"]),
    ("CarePlan.activity.detail", &["status"]),
    ("Condition", &["subject"]),
    ("Coverage", &["status", "beneficiary", "payor"]),
    ("DiagnosticReport", &["status", "code"]),
    ("DocumentReference", &["status", "content"]),
    ("DocumentReference.content", &["attachment"]),
    ("Encounter", &["status", "class"]),
    ("Encounter.location", &["location"]),
    ("Extension", &["url"]),
    ("FamilyMemberHistory", &["status", "patient", "relationship"]),
    ("FamilyMemberHistory.condition", &["code"]),
    ("Immunization", &["status", "vaccineCode", "patient", "occurrence[x]"]),
    ("Immunization.performer", &["actor"]),
    ("MedicationRequest", &["status", "intent", "medication[x]", "subject"]),
    ("MedicationStatement", &["status", "medication[x]", "subject"]),
    ("Observation", &["status", "code"]),
    ("Patient.communication", &["language"]),
    ("Practitioner.qualification", &["code"]),
    ("Procedure", &["status", "subject"]),
    ("Procedure.performer", &["actor"]),
    ("Provenance", &["target", "recorded", "agent"]),
    ("Provenance.agent", &["who"]),
    ("Provenance.entity", &["role", "what"]),
    ("RelatedPerson", &["patient"]),
    ("ServiceRequest", &["status", "intent", "subject"]),
];

const EVENT: &str = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown";
const REQUEST: &str = "draft active on-hold revoked completed entered-in-error unknown";

/// The codes of value sets with a binding that is required.
const BOUND: &[(&str, &str)] = &[
    ("Address.use", "home work temp old billing"),
    ("AllergyIntolerance.criticality", "low high unable-to-assess"),
    (
        "Bundle.type",
        "document message transaction transaction-response batch batch-response history searchset collection",
    ),
    (
        "CarePlan.activity.detail.status",
        "not-started scheduled in-progress on-hold completed cancelled stopped unknown entered-in-error",
    ),
    ("CarePlan.intent", "proposal plan order option"),
    ("CarePlan.status", REQUEST),
    ("ContactPoint.system", "phone fax email pager url sms other"),
    ("ContactPoint.use", "home work temp old mobile"),
    ("Coverage.status", "active cancelled draft entered-in-error"),
    (
        "DiagnosticReport.status",
        "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown",
    ),
    ("DocumentReference.status", "current superseded entered-in-error"),
    (
        "Encounter.status",
        "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    ),
    ("FamilyMemberHistory.status", "partial completed entered-in-error health-unknown"),
    ("HumanName.use", "usual official temp nickname anonymous old maiden"),
    ("Immunization.status", "completed entered-in-error not-done"),
    (
        "MedicationRequest.intent",
        "proposal plan order original-order reflex-order filler-order instance-order option",
    ),
    ("MedicationRequest.status", "active on-hold cancelled completed entered-in-error stopped draft unknown"),
    (
        "MedicationStatement.status",
        "active completed entered-in-error intended stopped on-hold unknown not-taken",
    ),
    (
        "Observation.status",
        "registered preliminary final amended corrected cancelled entered-in-error unknown",
    ),
    ("Patient.gender", "male female other unknown"),
    ("Practitioner.gender", "male female other unknown"),
    ("Procedure.status", EVENT),
    ("Provenance.entity.role", "derivation revision quotation source removal"),
    ("Quantity.comparator", "< <= >= >"),
    ("RelatedPerson.gender", "male female other unknown"),
    (
        "ServiceRequest.intent",
        "proposal plan directive order original-order reflex-order filler-order instance-order option",
    ),
    ("ServiceRequest.status", REQUEST),
];

/// The most of what is not a list, beyond what the shape of the JSON tells: one of a choice.
const CHOICES: &[(&str, &str)] = &[
    ("Condition", "onset"),
    ("Condition", "abatement"),
    ("Immunization", "occurrence"),
    ("MedicationRequest", "medication"),
    ("MedicationStatement", "effective"),
    ("MedicationStatement", "medication"),
    ("Observation", "effective"),
    ("Observation", "value"),
    ("Patient", "deceased"),
    ("Procedure", "performed"),
    ("ServiceRequest", "occurrence"),
];

/// What is wrong with a Bundle: the rule that it breaks, and where.
type Faults = BTreeSet<(String, String)>;

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let within = |part: &&str, most: u32| digits(part, 2) && (1..=most).contains(&part.parse().unwrap());
    match parts.as_slice() {
        [year] => digits(year, 4) && *year != "0000",
        [year, month] => digits(year, 4) && within(month, 12),
        [year, month, day] => digits(year, 4) && within(month, 12) && within(day, 31),
        _ => false,
    }
}

/// `hh:mm:ss`, parts of a second, and an offset.
fn is_clock(text: &str) -> bool {
    let zoned = text.strip_suffix('Z').or_else(|| {
        let (clock, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
        let good = digits(hours, 2) && digits(minutes, 2) && hours <= "14" && minutes < "60";
        good.then_some(clock)
    });
    let Some(clock) = zoned else { return false };
    let (clock, part) = clock.split_once('.').map_or((clock, None), |(clock, part)| (clock, Some(part)));
    let parts: Vec<&str> = clock.split(':').collect();
    part.is_none_or(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.len() == 3
        && parts.iter().all(|part| digits(part, 2))
        && parts[0] < "24"
        && parts[1] < "60"
        && parts[2] <= "60"
}

/// Whether a primitive has the form that R4 gives its type.
fn has_form(ty: &str, text: &str) -> bool {
    let spaceless = || !text.is_empty() && !text.contains(char::is_whitespace);
    match ty {
        "date" => is_day(text),
        "dateTime" => match text.split_once('T') {
            Some((day, clock)) => day.len() == 10 && is_day(day) && is_clock(clock),
            None => is_day(text),
        },
        "instant" => {
            text.split_once('T').is_some_and(|(day, clock)| day.len() == 10 && is_day(day) && is_clock(clock))
        }
        "code" => {
            !text.is_empty()
                && text.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
        }
        "uri" | "url" | "canonical" => spaceless(),
        "id" => {
            text.len() <= 64
                && spaceless()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        }
        "boolean" => matches!(text, "true" | "false"),
        "positiveInt" => text.parse::<i32>().is_ok_and(|number| number > 0),
        "unsignedInt" => text.parse::<i32>().is_ok_and(|number| number >= 0),
        "integer" => text.parse::<i32>().is_ok() && !text.starts_with('+'),
        "decimal" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "base64Binary" => {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(text).is_ok()
        }
        "string" | "markdown" => {
            !text.trim().is_empty() && text.chars().all(|c| c >= ' ' || matches!(c, '\t' | '\r' | '\n'))
        }
        _ => true,
    }
}

fn has(object: &Value, name: &str) -> bool {
    let Some(members) = object.as_object() else { return false };
    match name.strip_suffix("[x]") {
        Some(choice) => members.keys().any(|key| key.trim_start_matches('_').starts_with(choice)),
        None => members.contains_key(name) || members.contains_key(&format!("_{name}")),
    }
}

/// Looks at an element and what is in it. `path` is that of its definition.
fn walk(value: &Value, path: &str, faults: &mut Faults) {
    let mut fault = |rule: &str| faults.insert((rule.to_owned(), path.to_owned()));
    match value {
        Value::Object(members) => {
            // ele-1
            if members.is_empty() {
                fault("empty");
            }
            for (_, names) in REQUIRED.iter().filter(|(of, _)| *of == path) {
                for name in names.iter().filter(|name| !has(value, name)) {
                    fault(&format!("required {name}"));
                }
            }
            for (_, choice) in CHOICES.iter().filter(|(of, _)| *of == path) {
                if members.keys().filter(|key| key.starts_with(choice)).count() > 1 {
                    fault(&format!("choice {choice}"));
                }
            }
            for (name, member) in members {
                let name = name.trim_start_matches('_');
                walk(member, &format!("{path}.{name}"), faults);
            }
        }
        Value::Array(elements) => {
            if elements.is_empty() {
                fault("empty");
            }
            for element in elements {
                walk(element, path, faults);
            }
        }
        Value::String(text) => {
            let bound = BOUND.iter().find(|(of, _)| *of == path);
            if bound.is_some_and(|(_, codes)| !codes.split(' ').any(|code| code == text)) {
                fault("code");
            }
        }
        Value::Null => {
            fault("null");
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}

fn code_of<'v>(resource: &'v Value, name: &str) -> &'v str {
    resource[name]["coding"][0]["code"].as_str().unwrap_or_default()
}

/// The invariants that R4 states for a resource, as far as ours can break them.
fn invariants(resource: &Value, ty: &str, faults: &mut Faults) {
    let mut broken = |rule: &str| faults.insert((rule.to_owned(), ty.to_owned()));
    let (clinical, verification) =
        (code_of(resource, "clinicalStatus"), code_of(resource, "verificationStatus"));
    match ty {
        "Condition" => {
            if has(resource, "abatement[x]") && !matches!(clinical, "inactive" | "resolved" | "remission") {
                broken("con-4");
            }
            if verification == "entered-in-error" && !clinical.is_empty() {
                broken("con-5");
            }
        }
        "AllergyIntolerance" => {
            match (verification == "entered-in-error", has(resource, "clinicalStatus")) {
                (true, true) => broken("ait-2"),
                (false, false) => broken("ait-1"),
                _ => false,
            };
        }
        "Observation" if has(resource, "dataAbsentReason") && has(resource, "value[x]") => {
            broken("obs-6");
        }
        "Organization" if !has(resource, "identifier") && !has(resource, "name") => {
            broken("org-1");
        }
        _ => {}
    }
}

/// What is wrong with a Bundle.
fn faults(output: &[u8]) -> Faults {
    let mut faults = Faults::new();
    let record = Record::parse(output, Some(Format::FhirR4Json)).unwrap();
    // Elements that do not exist, and values of another shape: one for a list, a text for a number.
    for one in record.irregularities() {
        faults.insert((one.code.to_owned(), record.path(one.node)));
    }
    let mut paths = record.paths();
    for (id, node) in record.tree().iter() {
        let path = paths.of(id).to_owned();
        let plain = || {
            let steps = path.split('.').map(|step| step.split('[').next().unwrap_or_default());
            steps.collect::<Vec<_>>().join(".")
        };
        let Some(ty) = record.data_type(id) else { continue };
        match node.kind() {
            Kind::Text | Kind::Number | Kind::Flag
                if !has_form(&ty, &record.text(id).unwrap_or_default()) =>
            {
                faults.insert((format!("form of {ty}"), plain()));
            }
            Kind::Object => {
                let value: Value = serde_json::from_slice(record.raw(id)).unwrap();
                if ty == "Period" {
                    let end = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
                    let (from, to) = (end("start"), end("end"));
                    let common = from.len().min(to.len()).min(10);
                    // per-1, as far as days tell
                    if from.get(..common) > to.get(..common) {
                        faults.insert(("per-1".to_owned(), plain()));
                    }
                }
                // A type's own rules; those of a resource come with its path.
                if !matches!(&*ty, "BackboneElement" | "Element" | "Resource") {
                    let mut own = Faults::new();
                    walk(&value, &ty, &mut own);
                    faults.extend(own.into_iter().filter(|(_, at)| at.starts_with(&*ty)));
                }
            }
            _ => {}
        }
    }
    let bundle: Value = serde_json::from_slice(output).unwrap();
    walk(&serde_json::json!({"type": bundle["type"]}), "Bundle", &mut faults);
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let urls: Vec<&str> = entries.iter().filter_map(|entry| entry["fullUrl"].as_str()).collect();
    let known: HashSet<&str> = urls.iter().copied().collect();
    if known.len() < entries.len() {
        faults.insert(("bdl-7".to_owned(), "Bundle.entry.fullUrl".to_owned()));
    }
    for entry in &entries {
        let resource = &entry["resource"];
        let ty = resource["resourceType"].as_str().unwrap();
        walk(resource, ty, &mut faults);
        invariants(resource, ty, &mut faults);
        let mut texts = vec![resource];
        while let Some(value) = texts.pop() {
            match value {
                Value::Object(members) => {
                    if let Some(reference) = members.get("reference").and_then(Value::as_str)
                        && !known.contains(reference)
                    {
                        faults.insert(("reference".to_owned(), ty.to_owned()));
                    }
                    texts.extend(members.values());
                }
                Value::Array(elements) => texts.extend(elements),
                _ => {}
            }
        }
    }
    faults
}

/// Writes the Bundles of some sources and looks at them; how many there are of each resource comes back.
fn check(sources: Vec<(String, Record)>) -> BTreeMap<String, usize> {
    let (mut written, mut found) = (BTreeMap::new(), BTreeMap::<(String, String), (usize, String)>::new());
    for (name, record) in sources {
        let copy = record.to_fhir().unwrap();
        if let Some(folder) = std::env::var_os("CHARTKEEPER_BUNDLES") {
            let file = name.replace(['/', ' '], "_") + ".json";
            std::fs::write(std::path::Path::new(&folder).join(file), &copy.output).unwrap();
        }
        for fault in faults(&copy.output) {
            found.entry(fault).or_insert((0, name.clone())).0 += 1;
        }
        let bundle: Value = serde_json::from_slice(&copy.output).unwrap();
        for entry in bundle["entry"].as_array().into_iter().flatten() {
            let ty = entry["resource"]["resourceType"].as_str().unwrap().to_owned();
            *written.entry(ty).or_default() += 1;
        }
    }
    eprintln!("{written:?}");
    let list: Vec<String> = found
        .iter()
        .map(|((rule, path), (count, name))| format!("{rule} at {path}: {count}, first in {name}"))
        .collect();
    assert!(found.is_empty(), "{}", list.join("\n"));
    written
}

fn read(name: &str, source: Vec<u8>, format: Format) -> Option<(String, Record)> {
    let record = match format {
        Format::Csv => Record::parse_table(source.clone(), &suggest(&source, Format::Csv).unwrap()),
        format => Record::parse(source, Some(format)),
    };
    record.ok().map(|record| (name.to_owned(), record))
}

#[test]
fn the_fictional_patient() {
    let files = [
        ("patient.hl7", Format::Hl7v2),
        ("patient.ccda.xml", Format::Ccda),
        ("patient.results.csv", Format::Csv),
        ("patient.diagnoses.csv", Format::Csv),
        ("patient.fhir-r5.json", Format::FhirR5Json),
    ];
    let sources = files.iter().map(|(name, format)| {
        let source = std::fs::read(workspace().join("examples/data").join(name)).unwrap();
        read(name, source, *format).unwrap()
    });
    let written = check(sources.collect());
    assert!(written["Patient"] >= 5 && written["Observation"] > 20 && written["Provenance"] == 5);
}

#[test]
fn real_messages() {
    let files = archive("hl7v2/msconv_hl7v2.tar.gz").unwrap_or_default();
    let written =
        check(files.into_iter().filter_map(|(name, source)| read(&name, source, Format::Hl7v2)).collect());
    assert!(written.is_empty() || written["Patient"] > 100);
}

#[test]
fn real_documents() {
    let mut files = archive("ccda/msconv_ccda.tar.gz").unwrap_or_default();
    files.extend(archive("ccda/hl7_ccda_examples.tar.gz").unwrap_or_default());
    let written =
        check(files.into_iter().filter_map(|(name, source)| read(&name, source, Format::Ccda)).collect());
    assert!(written.is_empty() || written["Condition"] > 100);
}

#[test]
fn a_real_table() {
    let files =
        archive("risk/adult.tar.gz").into_iter().flatten().filter(|(name, _)| name.ends_with("adult.csv"));
    let head = |source: Vec<u8>| {
        source.split_inclusive(|byte| *byte == b'\n').take(500).flatten().copied().collect()
    };
    let sources = files.filter_map(|(name, source)| read(&name, head(source), Format::Csv));
    check(sources.collect());
}

#[test]
fn a_bundle_that_is_wrong_is_found() {
    let wrong = r#"{"resourceType":"Bundle","type":"pile","entry":[{"fullUrl":"urn:uuid:1","resource":
        {"resourceType":"Condition","colour":"red","subject":{"reference":"urn:uuid:2"},"abatementDateTime":"2025-13",
         "note":[{}],"onsetDateTime":"2025-02-03T10:00","onsetString":"x","recordedDate":2025}}]}"#;
    let rules: Vec<String> = faults(wrong.as_bytes()).into_iter().map(|(rule, _)| rule).collect();
    for rule in [
        "choice onset",
        "code",
        "con-4",
        "empty",
        "form of dateTime",
        "reference",
        "required text",
        "unknown_element",
        "wrong_json_type",
    ] {
        assert!(rules.iter().any(|known| known == rule), "{rule} is none of {rules:?}");
    }
}
