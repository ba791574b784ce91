//! Release on records that are close to real: the fictional patient with three worked requests, and Synthea bundles.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashSet};
use std::io::Read;

use chartkeeper::Record;
use chartkeeper::release::{Decision, Law, Outcome, Request, SegmentOutcome, decide, redact};
use chartkeeper_tests::{shared, workspace};
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
    let Some(path) = shared("fhir/synthea_r4_bundles.ndjson.gz") else { return Vec::new() };
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text.lines().take(40).map(str::to_owned).collect()
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
