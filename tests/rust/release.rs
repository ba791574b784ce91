//! Release on records that are close to real: the fictional patient with three worked requests, and Synthea bundles.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashSet};

use chartkeeper::Record;
use chartkeeper::release::{Decision, Law, Outcome, Request, SegmentOutcome, decide, redact};
use chartkeeper_tests::{lines, workspace};
use serde_json::Value;

fn example(name: &str) -> String {
    std::fs::read_to_string(workspace().join("examples/data").join(name)).unwrap()
}

fn worked(request: &str) -> (Record, Decision) {
    let record = Record::parse(example("patient.fhir.json"), None).unwrap();
    let request = Request::parse(&example(request)).unwrap();
    let decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
    (record, decision)
}

/// What became of each resource of the patient, by `Type/id`.
fn fates(record: &Record, decision: &Decision) -> BTreeMap<String, (SegmentOutcome, String)> {
    let source: Value = serde_json::from_slice(record.source()).unwrap();
    let entries = source["entry"].as_array().unwrap();
    assert_eq!(entries.len(), decision.segments.len());
    let name = |resource: &Value| {
        format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
    };
    entries
        .iter()
        .zip(&decision.segments)
        .map(|(entry, segment)| (name(&entry["resource"]), (segment.outcome, segment.rule.clone())))
        .collect()
}

/// The resources that the table under a heading of the patient's own page names in its first column.
fn tabled(page: &str, from: &str, to: &str) -> Vec<String> {
    let part = page.split(from).nth(1).unwrap().split(to).next().unwrap();
    let rows = part.lines().filter(|line| line.starts_with("| ") && line.contains("/`"));
    rows.flat_map(|line| {
        let cell = line.trim_start_matches("| ").split(" |").next().unwrap();
        cell.split(", ").map(|name| name.replace('`', "")).collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn an_attorney_gets_the_record_without_what_is_protected() {
    let (record, decision) = worked("attorney-request.json");
    assert_eq!(decision.outcome, Outcome::ReleasePartial);
    assert_eq!(decision.law_packs.iter().filter(|pack| pack.system == "law").count(), 10);
    let fates = fates(&record, &decision);
    let page = example("README.md");
    let protected = tabled(&page, "## Substance-use treatment", "**Ordinary resources");
    assert!(protected.len() > 20, "the page's tables were read");
    let withheld = (SegmentOutcome::Withhold, "P01".to_owned());
    let open: Vec<_> = protected.iter().filter(|name| fates[name.as_str()] != withheld).collect();
    assert!(open.is_empty(), "{open:#?}");
    let note = "DocumentReference/cd5537e7-373b-42ec-985e-1c73a511fe5b";
    assert_eq!(fates[note], (SegmentOutcome::Withhold, "H09".to_owned()));
    // The ordinary parts of psychotherapy stay in the record, and so does what only points at protected entries.
    for name in [
        "Encounter/f8c1bbb4-4637-43ed-8e12-7810bfcf409f",
        "Condition/6d167aec-111b-4350-a65d-54132d2a2e85",
        "Encounter/92639cba-0e1e-4ecd-9e8e-8732cdaba8e2",
        "Patient/adc17343-ceea-450f-ac15-3ae692cf696e",
    ] {
        assert_eq!(fates[name], (SegmentOutcome::Release, "H08".to_owned()), "{name}");
    }
    let copy = redact(&record, &decision).unwrap().apply(record.source());
    no_trace(&record, &decision, &copy);
    let text = String::from_utf8(copy).unwrap().to_lowercase();
    for word in
        ["buprenorphine", "opioid", "f11.2", "suboxone", "addiction", "methadone", "psychotherapy note"]
    {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_patient_gets_everything_but_the_notes() {
    let (record, decision) = worked("access-request.json");
    assert_eq!(decision.outcome, Outcome::ReleasePartial);
    assert_eq!(decision.due.as_deref(), Some("2025-12-10"));
    let withheld: Vec<_> = decision.segments.iter().filter(|it| !it.outcome.is_released()).collect();
    assert_eq!(withheld.len(), 1);
    assert_eq!((withheld[0].rule.as_str(), withheld[0].kind), ("H03-notes", "document"));
    assert!(decision.obligations.iter().any(|it| it.code == "written_denial"));
    assert!(!decision.accounting_required);
    let copy = redact(&record, &decision).unwrap().apply(record.source());
    no_trace(&record, &decision, &copy);
}

#[test]
fn a_bare_subpoena_opens_nothing() {
    let (record, decision) = worked("subpoena-request.json");
    assert_eq!(decision.outcome, Outcome::NeedsInformation);
    assert_eq!(decision.released(), 0);
    assert!(
        decision
            .reasons
            .iter()
            .any(|reason| reason.rule == "P07" && reason.outcome == SegmentOutcome::Withhold)
    );
    let first: Vec<&str> = decision.missing_facts[0].facts.iter().map(|fact| fact.fact).collect();
    assert_eq!(first, ["finding.judicial_process_512e"]);
    assert_eq!(redact(&record, &decision).unwrap_err().code(), "nothing_to_release");
}

/// The copy parses, is otherwise the source, and holds no id of what was withheld.
fn no_trace(record: &Record, decision: &Decision, copy: &[u8]) {
    let parsed = Record::parse(copy, None).unwrap();
    assert_eq!(parsed.chart().entries().filter(|it| !it.is_contained()).count() - 1, decision.released());
    let copy = std::str::from_utf8(copy).unwrap();
    let mut kept = HashSet::new();
    let mut gone = HashSet::new();
    let source: Value = serde_json::from_slice(record.source()).unwrap();
    for (entry, segment) in source["entry"].as_array().unwrap().iter().zip(&decision.segments) {
        let ids = [
            entry["resource"]["id"].as_str(),
            entry["fullUrl"].as_str().map(|url| url.trim_start_matches("urn:uuid:")),
        ];
        let into = if segment.outcome.is_released() { &mut kept } else { &mut gone };
        into.extend(ids.into_iter().flatten().map(str::to_owned));
    }
    for id in gone.difference(&kept) {
        assert!(!copy.contains(id.as_str()), "{id} of a withheld entry is in the copy");
    }
}

fn synthea() -> Vec<String> {
    lines("fhir/synthea_r4_bundles.ndjson.gz").into_iter().flatten().take(40).collect()
}

/// A request of an attorney with a valid authorization for the patient of this bundle.
fn request_for(bundle: &Value) -> Value {
    let patient = bundle["entry"].as_array().unwrap().iter().map(|it| &it["resource"]);
    let patient = patient.into_iter().find(|it| it["resourceType"] == "Patient").unwrap();
    let mut request: Value = serde_json::from_str(&example("attorney-request.json")).unwrap();
    let (family, given) = (&patient["name"][0]["family"], &patient["name"][0]["given"][0]);
    request["patient"] =
        serde_json::json!({"family": family, "given": given, "birth_date": patient["birthDate"]});
    request
}

#[test]
fn bundles_that_nobody_here_wrote_are_cut_clean() {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for line in synthea() {
        let bundle: Value = serde_json::from_str(&line).unwrap();
        let record = Record::parse(line, None).unwrap();
        // Whole record first, then single kinds, which withhold nearly everything and leave the pointers dangling.
        for kinds in [None, Some(["result"]), Some(["claim"]), Some(["condition"])] {
            let mut request = request_for(&bundle);
            if let Some(kinds) = kinds {
                request["scope"] = serde_json::json!({"kinds": kinds});
            }
            let request = Request::parse(&request.to_string()).unwrap();
            let decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
            *outcomes.entry(format!("{:?}", decision.outcome)).or_default() += 1;
            if decision.released() > 0 {
                let copy = redact(&record, &decision).unwrap().apply(record.source());
                no_trace(&record, &decision, &copy);
            }
        }
    }
    assert!(!outcomes.contains_key("NeedsInformation"), "{outcomes:?}");
}

/// An error withholds: no copy comes with one, and nothing of it stands in the ledger.
#[test]
fn an_error_releases_nothing() {
    let keeper = chartkeeper::Chartkeeper::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ledger = chartkeeper::ledger::Ledger::open(folder.path().join("ledger"), None).unwrap();
    let record = Record::parse(example("patient.fhir.json"), None).unwrap();
    let whole: Value = serde_json::from_str(&example("attorney-request.json")).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut request = whole.clone();
        change(&mut request);
        let request = Request::parse(&request.to_string())?;
        keeper.release(&request, &record, &ledger)
    };
    type Change<'c> = &'c dyn Fn(&mut Value);
    let wrong: [(&str, Change<'_>); 6] = [
        ("invalid_request", &|it| it["on"] = "soon".into()),
        ("invalid_request", &|it| it["scope"]["kinds"] = serde_json::json!(["no such kind"])),
        ("invalid_request", &|it| {
            it["scope"] = serde_json::json!({"from": "2025-02-01", "to": "2025-01-01"})
        }),
        ("invalid_request", &|it| {
            let twice = it["authority"][0].clone();
            it["authority"].as_array_mut().unwrap().push(twice);
        }),
        ("invalid_request", &|it| it["no_such_member"] = true.into()),
        ("release_incomplete", &|it| {
            it["requester"]["name"] = Value::Null;
            it["authority"][0]["names_requester"] = true.into();
        }),
    ];
    for (code, change) in wrong {
        let error = with(change).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(ledger.is_empty().unwrap());
    }
    let for_another = with(&|it| it["patient"]["birth_date"] = "1968-03-14".into()).unwrap();
    assert!(for_another.output.is_none() && for_another.receipt.is_none() && ledger.is_empty().unwrap());
    assert!(with(&|_| ()).unwrap().output.is_some());
    assert_eq!(ledger.len().unwrap(), 1);
}

/// The twenty worked requests come out as they stand in their file. With `CHARTKEEPER_WRITE` set the answers are
/// written into it, to be reviewed.
#[test]
fn twenty_requests_are_answered_as_written() {
    let record = Record::parse(example("patient.fhir.json"), None).unwrap();
    let mut cases: Vec<Value> = serde_json::from_str(&example("twenty-requests.json")).unwrap();
    assert_eq!(cases.len(), 20);
    let mut wrong = Vec::new();
    for case in &mut cases {
        let request = Request::parse(&case["request"].to_string()).unwrap();
        let decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
        let reasons: BTreeMap<String, Vec<String>> =
            decision.reasons.iter().fold(BTreeMap::new(), |mut all, reason| {
                all.entry(reason.outcome.as_str().to_owned()).or_default().push(reason.rule.clone());
                all
            });
        let answer = serde_json::json!({
            "outcome": decision.outcome, "released": decision.released(), "reasons": reasons,
            "due": decision.due, "accounting_required": decision.accounting_required,
            "defects": decision.defects.iter().map(|defect| defect.fact).collect::<Vec<_>>(),
        });
        if case["expect"] != answer {
            wrong.push(format!("{}: {answer}", case["title"]));
        }
        case["expect"] = answer;
        assert!(case["why"].as_str().unwrap().len() > 40);
        if decision.released() > 0 {
            let copy = redact(&record, &decision).unwrap().apply(record.source());
            no_trace(&record, &decision, &copy);
        }
    }
    if std::env::var_os("CHARTKEEPER_WRITE").is_some() {
        let rows: Vec<String> = cases
            .iter()
            .map(|case| {
                let members = ["title", "why", "request", "expect"];
                let members: Vec<String> =
                    members.iter().map(|name| format!("\"{name}\": {}", case[*name])).collect();
                format!("  {{{}}}", members.join(", "))
            })
            .collect();
        let path = workspace().join("examples/data/twenty-requests.json");
        std::fs::write(path, format!("[\n{}\n]\n", rows.join(",\n"))).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The list of bad inputs: each is refused with a code and its place, or nothing is released.
#[test]
fn bad_inputs_release_nothing() {
    let source = example("patient.fhir.json");
    let whole: Value = serde_json::from_str(&example("attorney-request.json")).unwrap();
    let decide_on = |source: &str, change: &dyn Fn(&mut Value)| {
        let mut request = whole.clone();
        change(&mut request);
        let request = Request::parse(&request.to_string())?;
        decide(&request, &Record::parse(source, None)?, Law::embedded()?)
    };
    let nothing = |what: &str, source: &str, change: &dyn Fn(&mut Value)| {
        let decision = decide_on(source, change).unwrap();
        assert_eq!(decision.released(), 0, "{what}");
        assert!(!decision.why.is_empty() || decision.segments.is_empty(), "{what}");
    };
    let refused = |what: &str, code: &str, change: &dyn Fn(&mut Value)| {
        let error = decide_on(&source, change).unwrap_err();
        assert_eq!(error.code(), code, "{what}");
        assert!(error.path().is_some() || error.span().is_some(), "{what}: {error}");
    };
    assert!(decide_on(&source, &|_| ()).unwrap().released() > 0, "the request as it is releases");

    // Contradictory facts.
    refused("two documents of one kind", "invalid_request", &|it| {
        let twice = it["authority"][0].clone();
        it["authority"].as_array_mut().unwrap().push(twice);
    });
    refused("the whole record, and a part", "invalid_request", &|it| {
        it["scope"] = serde_json::json!({"whole_record": true, "kinds": ["result"]});
    });
    refused("a period that ends before it begins", "invalid_request", &|it| {
        it["scope"] = serde_json::json!({"from": "2025-02-01", "to": "2025-01-01"});
    });
    nothing("signed, and revoked", &source, &|it| it["authority"][0]["revoked"] = true.into());
    nothing("signed, and known to be false", &source, &|it| it["authority"][0]["known_false"] = true.into());
    // A consent that refers to nothing, or to another patient.
    let consent = |data: Value, patient: &str| {
        serde_json::json!([{"resourceType": "Consent", "status": "active", "patient": {"reference": patient},
            "provision": {"type": "permit", "data": [data]}}])
    };
    let me = "Patient/adc17343-ceea-450f-ac15-3ae692cf696e";
    refused("data that refer to nothing", "invalid_request", &|it| {
        it["consents"] = consent(serde_json::json!({"meaning": "instance"}), me);
    });
    refused("a directive of another patient", "invalid_request", &|it| {
        let data = serde_json::json!({"meaning": "instance", "reference": {"reference": "Condition/x"}});
        it["consents"] = consent(data, "Patient/somebody-else");
    });
    refused("a directive of nobody", "invalid_request", &|it| {
        it["consents"] = serde_json::json!([{"resourceType": "Consent", "status": "active"}]);
    });
    // Dates in the future.
    nothing("an authorization signed tomorrow", &source, &|it| {
        it["authority"][0]["signed_on"] = "2099-01-01".into();
    });
    refused("a finding made tomorrow", "invalid_request", &|it| {
        it["findings"]["signed"] = serde_json::json!([{"finding": "best_interest", "holds": true,
            "by": "Dr. R. Example", "role": "licensed_professional", "on": "2099-01-01"}]);
    });
    refused("a finding of nobody", "invalid_request", &|it| {
        it["findings"]["signed"] = serde_json::json!([{"finding": "best_interest", "holds": true,
            "by": " ", "role": "licensed_professional", "on": "2025-01-01"}]);
    });
    refused("no day", "invalid_request", &|it| it["on"] = "yesterday".into());
    // Another patient; a record of two.
    nothing("another patient", &source, &|it| it["patient"]["birth_date"] = "1968-03-14".into());
    nothing("nobody in particular", &source, &|it| it["patient"] = Value::Null);
    let mut two: Value = serde_json::from_str(&source).unwrap();
    two["entry"].as_array_mut().unwrap().push(serde_json::json!({"resource": {"resourceType": "Patient",
        "id": "other", "name": [{"family": "Else", "given": ["Some"]}], "birthDate": "1990-01-01"}}));
    nothing("a record of two patients", &two.to_string(), &|_| ());
    // An unreadable pack decides nothing.
    for pack in ["{", "{}", "[]", "\"x\"", r#"{"pack": {"name": "x"}, "rules": [{"id": "X"}]}"#] {
        assert_eq!(Law::embedded().unwrap().with(pack).unwrap_err().code(), "pack_malformed", "{pack}");
        assert!(chartkeeper::Chartkeeper::with_packs(vec![pack.as_bytes().to_vec()]).is_err(), "{pack}");
    }
    let unknown_fact = r#"{"pack": {"name": "x", "release": "1", "effective_from": null, "effective_to": null,
        "licence": "none", "source": "none"}, "rules": [{"id": "X1", "title": "t", "effect": "permit",
        "when": "no.such.fact", "cite": "c", "confidence": "V"}]}"#;
    let error = Law::embedded().unwrap().with(unknown_fact).unwrap_err();
    assert!(error.path().unwrap().contains("X1"), "the rule is named: {error}");
    // Without any pack the default is to withhold.
    let request = Request::parse(&whole.to_string()).unwrap();
    let record = Record::parse(source.as_str(), None).unwrap();
    let decision = decide(&request, &record, &Law::compile(&[]).unwrap()).unwrap();
    assert_eq!((decision.outcome, decision.released()), (Outcome::Withhold, 0));
}

/// The phrases of the sensitivity packs with the classes that they stand for.
fn phrases() -> Vec<(String, String)> {
    let folder = workspace().join("core/data/sensitivity");
    let mut out = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let pack: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for row in pack["words"].as_array().unwrap() {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            out.push((text("phrase"), text("class")));
        }
    }
    assert!(out.len() > 100);
    out
}

/// The notes of the project's own corpus, without their marks.
fn notes() -> Vec<String> {
    let mut out = Vec::new();
    for file in ["dev.txt", "test.txt"] {
        let text = std::fs::read_to_string(workspace().join("tests/notes").join(file)).unwrap();
        for note in text.split("%%%").skip(1) {
            let body = note.split_once('\n').map_or("", |(_, body)| body);
            let mut plain = String::new();
            for (at, piece) in body.split("{{").enumerate() {
                match piece.split_once("}}") {
                    Some((mark, rest)) if at > 0 => {
                        plain.push_str(mark.split('|').nth(1).unwrap_or_default());
                        plain.push_str(rest);
                    }
                    _ => plain.push_str(piece),
                }
            }
            out.push(plain);
        }
    }
    assert!(out.len() > 40);
    out
}

/// Words of a withheld class in a note: as a file, as a text, as a formatted text. Wherever they stand, the entry is
/// found to be of the class, or its formatted text is cut.
#[test]
fn a_note_that_mentions_a_withheld_class_is_found() {
    use base64::Engine as _;
    let notes = notes();
    let mut missed = Vec::new();
    for (at, (phrase, class)) in phrases().iter().enumerate() {
        let note = &notes[at % notes.len()];
        let middle = note.char_indices().map(|(at, _)| at).nth(note.chars().count() / 2).unwrap_or(0);
        let middle = note[..middle].rfind(' ').unwrap_or(0);
        let written = if at % 2 == 0 { phrase.to_uppercase() } else { phrase.replace(' ', "\n  ") };
        let note = format!("{} {written}; {}", &note[..middle], &note[middle..]);
        let file = base64::engine::general_purpose::STANDARD.encode(&note);
        let escaped = note.replace('&', "&amp;").replace('<', "&lt;");
        let bundle = serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"resource": {"resourceType": "Patient", "id": "p"}},
            {"resource": {"resourceType": "DocumentReference", "content": [{"attachment": {"data": file}}]}},
            {"resource": {"resourceType": "Observation", "note": [{"text": note}]}},
        ]});
        let visit = serde_json::json!({"resourceType": "Encounter", "text": {"status": "generated",
            "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{escaped}</div>")}});
        let document = format!(
            r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><code code="8648-8" codeSystem="2.16.840.1.113883.6.1" displayName="Hospital course"/><text>{escaped}</text></section></component></structuredBody></component></ClinicalDocument>"#
        );
        let message = format!(
            "MSH|^~\\&|A\rPID|1||7\rOBX|1|TX|8648-8^Course^LN||{}\r",
            note.replace(['\n', '|', '^', '&', '\\', '~', '\r'], " ")
        );
        let request = Request::parse(r#"{"on": "2026-03-02", "scope": {"whole_record": true}}"#).unwrap();
        let law = Law::embedded().unwrap();
        let labels = |source: String, at: usize| {
            let record = Record::parse(source, None).unwrap();
            decide(&request, &record, law).unwrap().segments[at].labels.clone()
        };
        for (carrier, found) in [
            ("file", labels(bundle.to_string(), 1)),
            ("note", labels(bundle.to_string(), 2)),
            ("message", labels(message, 1)),
        ] {
            if !found.contains(class) {
                missed.push(format!("{phrase} ({class}) in a {carrier}"));
            }
        }
        // A formatted text repeats what the entry says, so it is cut and the entry stays.
        for (carrier, source, at) in [("div", visit.to_string(), 0), ("section", document, 1)] {
            let record = Record::parse(source, None).unwrap();
            let mut decision = decide(&request, &record, law).unwrap();
            decision.segments.iter_mut().for_each(|segment| segment.outcome = SegmentOutcome::Release);
            decision.segments[at].narrative_cut = true;
            let copy = String::from_utf8(redact(&record, &decision).unwrap().apply(record.source())).unwrap();
            if copy.contains(&written) {
                missed.push(format!("{phrase} ({class}) in a {carrier}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
