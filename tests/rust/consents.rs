//! FHIR consents that nobody here wrote: each leaves the residual that its notes state, and a story's table of who
//! may see what comes out cell by cell. The FSH sources are read by a reader of the few forms that they use.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use chartkeeper::Record;
use chartkeeper::release::{Law, Request, decide};
use chartkeeper_tests::archive;
use serde_json::{Value, json};

/// The texts of an archive.
fn texts(name: &str) -> Option<BTreeMap<String, String>> {
    let text = |(name, bytes): (String, Vec<u8>)| {
        Some((name.trim_start_matches("./").to_owned(), String::from_utf8(bytes).ok()?))
    };
    Some(archive(name)?.into_iter().filter_map(text).collect())
}

/// The instances of a FSH text, as JSON.
fn instances(text: &str) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    let mut current: Option<(String, Value)> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("Instance:") {
            out.extend(current.take());
            current = Some((name.trim().to_owned(), json!({})));
        } else if let Some(kind) = line.strip_prefix("InstanceOf:") {
            if let Some((_, value)) = &mut current {
                let consent = kind.contains("Consent");
                value["resourceType"] = json!(if consent { "Consent" } else { kind.trim() });
            }
        } else if ["Profile:", "ValueSet:", "RuleSet:"].iter().any(|other| line.starts_with(other)) {
            out.extend(current.take());
        } else if let (Some((_, value)), Some(rule)) = (&mut current, line.strip_prefix("* "))
            && let Some((path, text)) = rule.split_once(" = ")
        {
            set(value, path, scalar(text.split(" //").next().unwrap().trim()));
        }
    }
    out.extend(current);
    out
}

fn scalar(text: &str) -> Value {
    if let Some(reference) = text.strip_prefix("Reference(") {
        return json!({"reference": reference.trim_end_matches(')')});
    }
    if let Some(code) = text.strip_prefix('#') {
        return json!(code.split_whitespace().next().unwrap());
    }
    match text.split_once('#') {
        Some((system, code)) if system.starts_with("http") => {
            json!({"system": system, "code": code.split_whitespace().next().unwrap()})
        }
        _ => json!(text.trim_matches('"')),
    }
}

/// The members that repeat, of those that the examples use.
const LISTS: [&str; 9] = [
    "purpose",
    "actor",
    "securityLabel",
    "data",
    "security",
    "category",
    "performer",
    "organization",
    "policy",
];

fn set(root: &mut Value, path: &str, value: Value) {
    let steps: Vec<&str> = path.split('.').collect();
    let mut at = root;
    for (depth, step) in steps.iter().enumerate() {
        let name = step.split('[').next().unwrap();
        let repeats = LISTS.contains(&name) || (name == "provision" && depth > 0);
        let member = at.as_object_mut().unwrap().entry(name).or_insert_with(|| json!(null));
        let last = depth + 1 == steps.len();
        if repeats {
            if member.is_null() {
                *member = json!([]);
            }
            let list = member.as_array_mut().unwrap();
            if list.is_empty() || step.contains("[+]") {
                list.push(json!(null));
            }
            at = list.last_mut().unwrap();
        } else {
            at = member;
        }
        if at.is_null() {
            *at = if last { value.clone() } else { json!({}) };
        }
    }
}

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// An entry that the consents tell apart from the others.
struct Probe {
    id: &'static str,
    labels: &'static [(&'static str, &'static str)],
    encounter: bool,
    author: bool,
    date: &'static str,
}

const PROBES: [Probe; 7] = [
    probe("plain", &[]),
    probe("restricted", &[(CONFIDENTIALITY, "R")]),
    probe("ex-alcoholUse", &[(CONFIDENTIALITY, "R"), (ACT, "ETHUD")]),
    probe("psychiatric", &[(CONFIDENTIALITY, "R"), (ACT, "PSY")]),
    probe("violence", &[(CONFIDENTIALITY, "R"), (ACT, "SDV")]),
    Probe { encounter: true, author: true, ..probe("ex-weight", &[(CONFIDENTIALITY, "N")]) },
    Probe { date: "2023-05-05", ..probe("later", &[]) },
];

const fn probe(id: &'static str, labels: &'static [(&'static str, &'static str)]) -> Probe {
    Probe { id, labels, encounter: false, author: false, date: "2022-06-13" }
}

fn record() -> Record {
    let entry = |probe: &Probe| {
        let labels: Vec<Value> =
            probe.labels.iter().map(|(system, code)| json!({"system": system, "code": code})).collect();
        let mut resource = json!({"resourceType": "Observation", "id": probe.id, "status": "final",
            "meta": {"security": labels}, "code": {"text": "a finding"},
            "subject": {"reference": "Patient/ex-patient"}, "effectiveDateTime": probe.date});
        if probe.encounter {
            resource["encounter"] = json!({"reference": "Encounter/ex-encounter"});
        }
        if probe.author {
            resource["performer"] = json!([{"reference": "Practitioner/ex-practitioner"}]);
        }
        json!({ "resource": resource })
    };
    let patient = json!({"resource": {"resourceType": "Patient", "id": "ex-patient", "birthDate": "1970-01-01",
        "identifier": [{"value": "M-1"}]}});
    let entries: Vec<Value> = std::iter::once(patient).chain(PROBES.iter().map(entry)).collect();
    Record::parse(json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string(), None)
        .unwrap()
}

/// The law where nothing goes that no directive permits.
fn opt_in() -> Law {
    let pack = r#"{"pack": {"name": "opt-in", "release": "1", "effective_from": null, "effective_to": null,
        "licence": "none", "source": "test"}, "rules": [{"id": "OPT-IN", "title": "only what a directive permits",
        "effect": "prohibit", "when": {"not": "segment.permitted_by_consent"}, "cite": "test", "confidence": "V"}]}"#;
    Law::embedded().unwrap().with(pack).unwrap()
}

/// Which probes go, under a consent, to someone with a purpose.
fn released(law: &Law, consent: &Value, who: &str, purpose: &str) -> Vec<bool> {
    let request = json!({"on": "2024-01-15", "patient": {"identifier": {"value": "M-1"}},
        "requester": {"role": "provider", "references": [who]}, "identity_verified": true,
        "authority_verified": true, "purpose": "treatment", "purpose_codes": [purpose],
        "scope": {"whole_record": true}, "authority": [], "holder": {"part2_records": false},
        "consents": [consent]});
    let request = Request::parse(&request.to_string()).unwrap();
    let decision = decide(&request, &record(), law).unwrap();
    decision.segments.iter().skip(1).map(|segment| segment.outcome.is_released()).collect()
}

/// What a residual of the notes lets through: everything, changed by each of its rules in turn.
fn residual(rules: &[Value], probe: &Probe) -> bool {
    let holds = |rule: &Value| {
        let label = |wanted: &Value| {
            let levelled = probe.labels.iter().any(|(system, _)| *system == CONFIDENTIALITY);
            let unmarked = wanted["code"] == "N" && !levelled;
            unmarked || probe.labels.iter().any(|(_, code)| wanted["code"] == *code)
        };
        let labels = rule["securityLabel"].as_array().is_none_or(|all| all.iter().any(label));
        let data = rule["data"].as_array().is_none_or(|all| {
            all.iter().any(|data| {
                let reference = data["reference"]["reference"].as_str().unwrap();
                match data["meaning"].as_str().unwrap() {
                    "instance" => reference.ends_with(&format!("/{}", probe.id)),
                    "related" => probe.encounter,
                    _ => probe.author,
                }
            })
        });
        let within =
            |period: &Value| (period["start"].as_str()..=period["end"].as_str()).contains(&Some(probe.date));
        labels && data && rule.get("dataPeriod").is_none_or(within)
    };
    rules.iter().fold(true, |so_far, rule| if holds(rule) { rule["type"] == "permit" } else { so_far })
}

/// The residual in the notes of a consent; none where the notes state none.
fn stated(notes: &str) -> Option<Vec<Value>> {
    let from = notes.find("\"residual\"")?;
    let text = &notes[from + notes[from..].find('[').unwrap()..];
    let mut depth = 0;
    let end = text.find(|c| {
        depth += match c {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        depth == 0
    });
    // The notes write a comma before a closing brace.
    let plain: String = text[..=end.unwrap()].split_whitespace().collect::<String>().replace(",}", "}");
    Some(serde_json::from_str(&plain).unwrap())
}

#[test]
fn each_consent_leaves_the_residual_that_its_notes_state() {
    let Some(files) = texts("release/ihe_pcf_consents.tar.gz") else { return };
    let consents = instances(&files["input/fsh/consent.fsh"]);
    let law = opt_in();
    let mut compared = 0;
    for (path, notes) in files.iter().filter(|(path, _)| path.contains("/Consent-ex-")) {
        let Some(rules) = stated(notes) else { continue };
        let name = path.rsplit('/').next().unwrap();
        let id = name.trim_start_matches("Consent-").trim_end_matches("-notes.md");
        let goes = released(&law, &consents[id], "Practitioner/ex-practitioner", "TREAT");
        let wanted: Vec<bool> = PROBES.iter().map(|probe| residual(&rules, probe)).collect();
        assert_eq!(goes, wanted, "{id}: {:?}", PROBES.map(|probe| probe.id));
        compared += 1;
    }
    assert_eq!(compared, 13);
}

/// The consents whose notes state no residual: a token for everything, or none, or one for some only.
#[test]
fn consents_without_a_residual_permit_all_or_nothing_to_whom_their_notes_say() {
    let Some(files) = texts("release/ihe_pcf_consents.tar.gz") else { return };
    let consents = instances(&files["input/fsh/consent.fsh"]);
    let law = opt_in();
    let other = "Practitioner/someone-else";
    let group = "Group/ex-privilegedUsers";
    let all = vec![true; PROBES.len()];
    let none = vec![false; PROBES.len()];
    let normal: Vec<bool> =
        PROBES.iter().map(|probe| !probe.labels.contains(&(CONFIDENTIALITY, "R"))).collect();
    for (id, who, purpose, wanted) in [
        ("ex-consent-basic-treat", other, "TREAT", &all),
        ("ex-consent-basic-treat", other, "HRESCH", &none),
        ("ex-consent-basic-ink", other, "TREAT", &all),
        ("ex-consent-basic-reject", other, "TREAT", &none),
        ("ex-consent-expired-treat", other, "TREAT", &none),
        ("ex-consent-intermediate-purpose", "Organization/ex-org-researcher", "FooBar", &all),
        ("ex-consent-intermediate-purpose", "Organization/ex-org-researcher", "TREAT", &none),
        ("ex-consent-intermediate-purpose", other, "FooBar", &none),
        ("ex-dissent-intermediate-break-glass", group, "BTG", &all),
        ("ex-dissent-intermediate-break-glass", group, "TREAT", &none),
        ("ex-dissent-intermediate-break-glass", other, "BTG", &none),
        ("ex-consent-advanced-normal-focused-restricted", "Practitioner/ex-practitioner", "TREAT", &all),
        ("ex-consent-advanced-normal-focused-restricted", other, "TREAT", &normal),
        ("ex-consent-advanced-normal-focused-psy", other, "TREAT", &normal),
        ("ex-consent-advanced-normal-break-glass-restricted", group, "BTG", &all),
        ("ex-consent-advanced-normal-break-glass-restricted", other, "BTG", &none),
        ("ex-consent-advanced-normal-break-glass-restricted", other, "TREAT", &normal),
    ] {
        assert_eq!(&released(&law, &consents[id], who, purpose), wanted, "{id} {who} {purpose}");
    }
}

/// The rows of the story's table: entity, and what it may see of each kind.
fn table(page: &str) -> Vec<(String, Vec<bool>)> {
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches(['*', ':']).to_owned();
        (name, cells[1..].iter().map(|cell| cell.starts_with("permit")).collect())
    })
    .collect()
}

#[test]
fn the_story_s_table_comes_out_cell_by_cell() {
    let Some(files) = texts("release/shift_behavioral.tar.gz") else { return };
    let rows = table(&files["input/pagecontent/behavioral.md"]);
    let resource = |file: &str| {
        let text = &files[&format!("input/fsh/behavioral/{file}.fsh")];
        instances(text).into_values().next().unwrap()["meta"]["security"].clone()
    };
    // The data set labels its only condition of substance use as a Part 2 record; the table's column of what is not
    // Part 2 takes the same condition without that label.
    let outside_part2 = |kind: &str, labels: Value| -> Value {
        let kept =
            labels.as_array().into_iter().flatten().filter(|it| kind != "OUD" || it["code"] != "42CFRPart2");
        kept.cloned().collect()
    };
    let kinds = ["HTN", "MDD", "OCPD", "OUD", "BuprenorphineNaltrexone"];
    let mut entries =
        vec![json!({"resource": {"resourceType": "Patient", "id": "carl", "birthDate": "1940-01-01",
        "identifier": [{"value": "C-1"}]}})];
    entries.extend(kinds.map(|kind| {
        json!({"resource": {"resourceType": "Condition", "id": kind, "meta": {"security": outside_part2(kind, resource(kind))},
            "code": {"text": "as coded"}, "subject": {"reference": "Patient/carl"}}})
    }));
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    let record = Record::parse(bundle.to_string(), None).unwrap();
    // What the story says that Carl wishes, written as one directive.
    let label = |code: &str| json!([{"system": ACT, "code": code}]);
    let actor = |names: &[&str]| -> Value {
        names.iter().map(|name| json!({"reference": {"reference": format!("Group/{name}")}})).collect()
    };
    let personality = json!([{"meaning": "instance", "reference": {"reference": "Condition/OCPD"}}]);
    let directive = json!({"resourceType": "Consent", "status": "active", "dateTime": "2023-01-01",
    "patient": {"reference": "Patient/carl"}, "provision": {"type": "permit", "provision": [
        {"type": "deny", "actor": actor(&["RADS", "Mapple"])},
        {"type": "deny", "actor": actor(&["Podiatrist", "Anesthesiologist", "Proxy"]), "securityLabel": label("BH")},
        {"type": "deny", "actor": actor(&["PCP", "Pharmacy", "Payers", "Care Manager", "Metrics"]), "data": personality},
        {"type": "deny", "actor": actor(&["Therapist", "Care Manager", "Metrics"]), "securityLabel": label("42CFRPart2")}
    ]}});
    let law = opt_in();
    let names = [
        "PCP",
        "Primary Psychiatrist",
        "Therapist",
        "42 CFR II",
        "Pharmacy",
        "Podiatrist",
        "Anesthesiologist",
        "RADS",
        "Care Manager",
        "Metrics",
        "Mapple",
        "Payers",
        "Proxy",
    ];
    let mut cells = 0;
    for (entity, wanted) in &rows {
        let short = names.iter().find(|name| entity.contains(*name)).unwrap();
        let consent = json!({"kind": "part2_consent", "names_patient": true, "identifies_discloser": true,
            "terms": {"whole_record": true}, "recipient": short, "recipient_is_intermediary": false,
            "treatment_payment_operations": true, "states_redisclosure": true,
            "states_refusal_consequences": true, "describes_purpose": true,
            "states_right_to_revoke": true, "expires_on": "2026-12-31", "signed": true, "signed_on": "2023-01-01",
            "revoked": false, "known_false": false, "for_proceedings": false});
        let request = json!({"on": "2024-06-01", "patient": {"identifier": {"value": "C-1"}},
            "requester": {"role": "provider", "name": short, "references": [format!("Group/{short}")]},
            "identity_verified": true, "authority_verified": true, "purpose": "treatment",
            "scope": {"whole_record": true}, "authority": [consent], "holder": {"part2_records": true},
            "consents": [directive]});
        let request = Request::parse(&request.to_string()).unwrap();
        let decision = decide(&request, &record, &law).unwrap();
        let goes: Vec<bool> =
            decision.segments.iter().skip(1).map(|segment| segment.outcome.is_released()).collect();
        assert_eq!(&goes, wanted, "{entity}: {kinds:?}");
        cells += goes.len();
    }
    assert_eq!(cells, 65);
}

/// What a directive in the shape of FHIR R5 leaves of a small record to a provider who treats: the ids of the entries
/// that go.
fn left_by(consent: Value, change: &dyn Fn(&mut Value)) -> Result<Vec<&'static str>, String> {
    let record = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "pat", "identifier": [{"value": "M-1"}]}},
        {"resource": {"resourceType": "Observation", "id": "lab", "code": {"coding": [
            {"system": "http://loinc.org", "code": "4548-4", "display": "Hemoglobin A1c"}]},
            "subject": {"reference": "Patient/pat"}, "effectiveDateTime": "2025-03-02"}},
        {"resource": {"resourceType": "Condition", "id": "oud", "code": {"coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20", "display": "Dependence"}]},
            "subject": {"reference": "Patient/pat"}, "recordedDate": "2024-02-01"}},
        {"resource": {"resourceType": "MedicationRequest", "id": "rx", "medicationCodeableConcept": {"text": "Lisinopril"},
            "subject": {"reference": "Patient/pat"}, "requester": {"reference": "Practitioner/doc"},
            "authoredOn": "2023-07-01", "reasonReference": [{"reference": "Condition/oud"}]}},
        {"resource": {"resourceType": "Observation", "id": "v", "meta": {"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}]},
            "code": {"text": "Finding"}, "subject": {"reference": "Patient/pat"}, "effectiveDateTime": "2025-01-15"}},
    ]});
    let mut base = json!({"resourceType": "Consent", "status": "active", "subject": {"reference": "Patient/pat"},
        "date": "2025-01-01"});
    for (name, value) in consent.as_object().unwrap() {
        base[name] = value.clone();
    }
    let mut request = json!({"on": "2026-03-02", "patient": {"identifier": {"value": "M-1"}},
        "requester": {"role": "provider", "name": "Dr. B", "references": ["Practitioner/b"]},
        "identity_verified": true, "authority_verified": true, "purpose": "treatment", "authority": [],
        "scope": {"whole_record": true}, "holder": {"part2_records": false},
        "findings": {"restricted_content_cleared": true}, "consents": [base]});
    change(&mut request);
    let request = Request::parse(&request.to_string()).unwrap();
    let record = Record::parse(record.to_string(), None).unwrap();
    let decision = decide(&request, &record, Law::embedded().unwrap()).map_err(|error| error.to_string())?;
    let names = ["pat", "lab", "oud", "rx", "v"];
    let goes = names.iter().zip(&decision.segments).filter(|(_, segment)| segment.outcome.is_released());
    Ok(goes.map(|(name, _)| *name).collect())
}

#[test]
fn directives_in_the_shape_of_r5() {
    const ALL: &[&str] = &["pat", "lab", "oud", "rx", "v"];
    let label = |system: &str, code: &str| json!([{"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}]);
    let substance = label("v3-ActCode", "SUD");
    let nested = json!({"decision": "permit", "provision": [{"securityLabel": substance, "provision": [
        {"purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}], "provision": [
            {"dataPeriod": {"end": "2023-12-31"}}]}]}]});
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("a permission of everything", json!({"decision": "permit"}), ALL),
        ("a denial of everything", json!({"decision": "deny"}), &[]),
        (
            "an exception of a class",
            json!({"decision": "permit", "provision": [{"securityLabel": substance}]}),
            &["pat", "lab", "rx", "v"],
        ),
        (
            "an exception to a denial",
            json!({"decision": "deny", "provision": [{"securityLabel": substance}]}),
            &["oud"],
        ),
        (
            "an exception of a level and what is above it",
            json!({"decision": "permit", "provision": [{"securityLabel": label("v3-Confidentiality", "R")}]}),
            &["pat", "lab", "oud", "rx"],
        ),
        (
            "an exception of a type",
            json!({"decision": "permit", "provision": [{"resourceType": [{"code": "MedicationRequest"}]}]}),
            &["pat", "lab", "oud", "v"],
        ),
        (
            "an exception of a code",
            json!({"decision": "permit", "provision": [{"code": [{"coding": [
            {"system": "http://loinc.org", "code": "4548-4"}]}]}]}),
            &["pat", "oud", "rx", "v"],
        ),
        (
            "an exception of one entry",
            json!({"decision": "permit", "provision": [{"data": [
            {"meaning": "instance", "reference": {"reference": "Observation/lab"}}]}]}),
            &["pat", "oud", "rx", "v"],
        ),
        (
            "an exception of an entry and what points to it",
            json!({"decision": "permit", "provision": [{"data": [
            {"meaning": "related", "reference": {"reference": "Condition/oud"}}]}]}),
            &["pat", "lab", "v"],
        ),
        (
            "an exception of what somebody else is for",
            json!({"decision": "permit", "provision": [{"actor": [
            {"role": {"text": "recipient"}, "reference": {"reference": "Practitioner/other"}}]}]}),
            ALL,
        ),
        (
            "an exception for the one who asks",
            json!({"decision": "permit", "provision": [{"actor": [
            {"reference": {"reference": "Practitioner/b"}}], "securityLabel": substance}]}),
            &["pat", "lab", "rx", "v"],
        ),
        (
            "an exception of another purpose",
            json!({"decision": "permit", "provision": [{"purpose": [{"code": "HRESCH"}]}]}),
            ALL,
        ),
        (
            "an exception of this action",
            json!({"decision": "permit", "provision": [{"action": [{"coding": [{"code": "disclose"}]}],
            "securityLabel": substance}]}),
            &["pat", "lab", "rx", "v"],
        ),
        (
            "an exception of another action",
            json!({"decision": "permit", "provision": [{"action": [{"coding": [{"code": "correct"}]}]}]}),
            ALL,
        ),
        (
            "an exception of a time that is over",
            json!({"decision": "permit", "provision": [{"period": {"end": "2025-12-31"},
            "securityLabel": substance}]}),
            ALL,
        ),
        ("a directive that is over", json!({"decision": "deny", "period": {"end": "2025-12-31"}}), ALL),
        ("a directive of tomorrow", json!({"decision": "deny", "date": "2026-03-03"}), ALL),
        ("an inactive directive", json!({"decision": "deny", "status": "inactive"}), ALL),
        (
            "an exception of what happened in a year",
            json!({"decision": "permit", "provision": [
            {"dataPeriod": {"start": "2025-01-01", "end": "2025-12-31"}, "resourceType": [{"code": "Observation"}]}]}),
            &["pat", "oud", "rx"],
        ),
        // Denied but for treatment; of that, what is older than 2024 is denied again. The condition is of 2024.
        ("exceptions in exceptions", nested, ALL),
    ];
    let mut wrong = Vec::new();
    for (what, consent, expected) in cases {
        let left = left_by(consent, &|_| ()).unwrap();
        if left != expected {
            wrong.push(format!("{what}: {left:?}, should {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // For research the nested directive keeps its denial of the class.
    let nested = json!({"decision": "permit", "provision": [{"securityLabel": substance, "provision": [
        {"purpose": [{"code": "TREAT"}]}]}]});
    let operations = |request: &mut Value| {
        request["purpose"] = json!("payment");
        request["requester"]["covered_entity"] = json!(true);
        request["findings"]["minimum_necessary"] = json!(true);
        request["scope"]["justification"] = json!("all of it is billed");
    };
    assert_eq!(left_by(nested, &operations).unwrap(), ["pat", "lab", "rx", "v"]);
    // What cannot be read may apply, so nothing goes; what is no directive is refused.
    let unread = json!({"decision": "permit", "provision": [{"expression": {"language": "text/cql", "expression": "x"}}]});
    assert_eq!(left_by(unread, &|_| ()).unwrap(), Vec::<&str>::new());
    for broken in [
        json!({"decision": "perhaps"}),
        json!({"decision": "permit", "provision": [{"data": [{"meaning": "instance"}]}]}),
        json!({"decision": "permit", "provision": [{"data": [{"meaning": "?", "reference": {"reference": "X/1"}}]}]}),
        json!({"decision": "permit", "provision": [{"period": {"start": "soon"}}]}),
        json!({"decision": "permit", "subject": {"reference": "Patient/other"}}),
        json!({}),
    ] {
        assert!(left_by(broken.clone(), &|_| ()).is_err(), "{broken}");
    }
    let mut deep = json!({});
    for _ in 0..40 {
        deep = json!({ "provision": [deep] });
    }
    assert!(left_by(json!({"decision": "permit", "provision": [deep]}), &|_| ()).is_err());
}
