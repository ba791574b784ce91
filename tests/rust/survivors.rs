//! What must be gone after de-identification, found in the source by other means: plain JSON values and the paths
//! of FHIR, not the library's tree, labels or policy. Whatever it collects is searched for in the output's bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chartkeeper::Record;
use chartkeeper::deid::{Deidentified, Options, Policy, Vault, deidentify};
use chartkeeper_tests::lines;
use serde_json::Value;

const AS_OF: &str = "2020-01-01";

fn run(record: &Record, vault: &Vault) -> Deidentified {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let options = Options { as_of: Some(AS_OF.parse().unwrap()), vault: Some(vault), ..Options::default() };
    deidentify(record, &policy, &options).unwrap()
}

/// Every leaf with its path, list positions left out: `entry.resource.name.given`.
fn leaves<'v>(value: &'v Value, path: &str, out: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, &format!("{path}.{name}"), out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, path, out)),
        leaf => out.push((path.to_owned(), leaf)),
    }
}

fn is_full_date(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() >= 7
        && b[..4].iter().all(u8::is_ascii_digit)
        && b[4] == b'-'
        && b[5].is_ascii_digit()
        && b[6].is_ascii_digit()
}

/// Resource types that define the standard itself: their names and ids are words of it, and of nobody.
const DEFINITIONS: &[&str] = &[
    "ActivityDefinition",
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "GraphDefinition",
    "ImplementationGuide",
    "Library",
    "Measure",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "PlanDefinition",
    "Questionnaire",
    "ResearchElementDefinition",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
];

fn is_definition(source: &Value) -> bool {
    let of = |resource: &Value| DEFINITIONS.iter().any(|name| resource["resourceType"] == *name);
    of(source)
        || source["entry"]
            .as_array()
            .is_some_and(|entries| entries.iter().any(|entry| of(&entry["resource"])))
}

/// The texts of a source that must not be in the output.
fn identifying(source: &Value) -> BTreeSet<String> {
    let mut all = Vec::new();
    leaves(source, "", &mut all);
    let mut out = BTreeSet::new();
    for (path, leaf) in all {
        let Value::String(text) = leaf else { continue };
        let ends = |end: &str| path.ends_with(end);
        let named = [
            ".name.family",
            ".name.given",
            ".name.text",
            ".address.line",
            ".address.city",
            ".valueAddress.city",
            ".address.district",
            ".address.postalCode",
            ".telecom.value",
            ".identifier.value",
            ".id",
            ".fullUrl",
            ".reference",
            ".birthDate",
        ];
        let holder_named = path.matches('.').count() <= 3 && ends(".name");
        if named.iter().any(|end| ends(end)) || holder_named {
            out.insert(text.clone());
        }
        if is_full_date(text) {
            out.insert(text.clone());
            out.insert(text.get(..10).unwrap_or(text).to_owned());
        }
        // The id inside a pointer, by itself.
        if ends(".reference") || ends(".fullUrl") {
            out.insert(text.rsplit(['/', ':']).next().unwrap().to_owned());
        }
    }
    out.retain(|text| !text.is_empty());
    out
}

/// The family and given names of a source, and its cities.
fn people(source: &Value) -> BTreeSet<String> {
    let mut all = Vec::new();
    leaves(source, "", &mut all);
    let is_name =
        |path: &str| [".name.family", ".name.given", ".address.city"].iter().any(|end| path.ends_with(end));
    all.into_iter()
        .filter(|(path, _)| is_name(path))
        .filter_map(|(_, leaf)| leaf.as_str().map(str::to_owned))
        .filter(|text| text.len() > 2)
        .collect()
}

/// Whether `needle` stands in `text` with no letter or digit directly beside it.
fn holds(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Each leaf text of the output, once: all of them, and those that are no codes.
fn texts(output: &Value) -> (HashSet<String>, HashSet<String>) {
    let mut all = Vec::new();
    leaves(output, "", &mut all);
    let text = |(path, leaf): &(String, &Value)| Some((path.clone(), leaf.as_str()?.to_owned()));
    let all: Vec<(String, String)> = all.iter().filter_map(text).collect();
    let uncoded =
        all.iter().filter(|(path, _)| !path.ends_with(".code")).map(|(_, text)| text.clone()).collect();
    (all.into_iter().map(|(_, text)| text).collect(), uncoded)
}

/// Clinical leaves that must all stay: how often each (path, value) occurs.
fn clinical(source: &Value, public: &HashSet<String>) -> BTreeMap<(String, String), usize> {
    fn walk(
        value: &Value,
        path: &str,
        public: &HashSet<String>,
        out: &mut BTreeMap<(String, String), usize>,
    ) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, path, public, out)),
            Value::Object(members) => {
                let system = members.get("system").and_then(Value::as_str);
                let is_public = system.is_some_and(|system| public.contains(system));
                for (name, member) in members {
                    let place = format!("{path}.{name}");
                    let code = name == "code" && is_public;
                    let quantity = matches!(name.as_str(), "value" | "unit")
                        && members.contains_key("value")
                        && !member.is_string() | members.contains_key("code");
                    if member.is_number() && !path.ends_with("extension")
                        || code
                        || quantity && !member.is_object()
                    {
                        *out.entry((place.clone(), member.to_string())).or_insert(0) += 1;
                    }
                    walk(member, &place, public, out);
                }
            }
            _ => {}
        }
    }
    let mut out = BTreeMap::new();
    walk(source, "", public, &mut out);
    out
}

/// The years of all dates, by path.
fn years(source: &Value) -> BTreeMap<(String, String), usize> {
    let mut all = Vec::new();
    leaves(source, "", &mut all);
    let mut out = BTreeMap::new();
    for (path, leaf) in all {
        let Some(text) = leaf.as_str() else { continue };
        let date = path.ends_with("Date")
            || path.ends_with("DateTime")
            || path.ends_with(".start")
            || path.ends_with(".end")
            || path.ends_with(".authoredOn")
            || path.ends_with(".created");
        if date && (is_full_date(text) || text.len() == 4) {
            *out.entry((path, text[..4].to_owned())).or_insert(0) += 1;
        }
    }
    out
}

fn public_systems() -> HashSet<String> {
    let path = chartkeeper_tests::workspace().join("core/data/policies/public-systems.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut out: HashSet<String> = file["systems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["system"].as_str().unwrap().to_owned())
        .collect();
    for (base, names) in file["hl7"].as_object().unwrap() {
        out.extend(names.as_array().unwrap().iter().map(|name| format!("{base}{}", name.as_str().unwrap())));
    }
    out
}

#[test]
fn nothing_that_identifies_survives_in_synthea() {
    let Some(lines) = lines("fhir/synthea_r4_bundles.ndjson.gz") else { return };
    let public = public_systems();
    let vault = Vault::from_seed([1; 32]);
    let (mut searched, mut survivors, mut kept, mut lost) = (0, BTreeMap::new(), 0, BTreeMap::new());
    let (mut years_kept, mut years_lost, mut old) = (0, 0, 0);
    for line in lines {
        let source: Value = serde_json::from_str(&line).unwrap();
        let record = Record::parse(line.into_bytes(), None).unwrap();
        let output = String::from_utf8(run(&record, &vault).output).unwrap();
        let result: Value = serde_json::from_str(&output).unwrap();
        let (texts, uncoded) = texts(&result);
        for needle in identifying(&source) {
            searched += 1;
            // A short number (`140` as an identifier) is also a part of many texts, and a code: it must not be a
            // whole text of anything else.
            let found = if needle.len() < 4 {
                uncoded.contains(&needle)
            } else {
                texts.iter().any(|text| holds(text, &needle))
            };
            if found {
                *survivors.entry(needle).or_insert(0) += 1;
            }
        }
        let after = clinical(&result, &public);
        for (place, count) in clinical(&source, &public) {
            let left = after.get(&place).copied().unwrap_or_default();
            kept += left.min(count);
            if left < count {
                *lost.entry(place).or_insert(0) += count - left;
            }
        }
        // Over 89 in the last year of the record (they reach to 2022), or perhaps: the years that tell it must go, so
        // only the others are counted.
        let birth = source["entry"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|entry| entry["resource"]["birthDate"].as_str());
        if birth.is_some_and(|birth| birth > "1933-01-01") {
            let after = years(&result);
            for (place, count) in years(&source) {
                let left = after.get(&place).copied().unwrap_or_default();
                years_kept += left.min(count);
                years_lost += count - left.min(count);
            }
        } else {
            old += 1;
        }
    }
    eprintln!("synthea: {searched} identifying texts searched, {} survive", survivors.len());
    eprintln!("synthea: {kept} codes, quantities and units kept, {} lost", lost.values().sum::<usize>());
    eprintln!(
        "synthea: {years_kept} years kept, {years_lost} lost; {old} people born before 1933-01-01 not counted"
    );
    assert!(survivors.is_empty(), "{:?}", survivors.into_iter().take(20).collect::<Vec<_>>());
    // The generator writes a code of LOINC's form under SNOMED CT; a code that its system cannot have is not kept.
    lost.retain(|(_, code), _| code != "\"34552-0\"");
    assert!(lost.is_empty(), "{:?}", lost.into_iter().take(20).collect::<Vec<_>>());
    assert_eq!(years_lost, 0);
}

#[test]
fn every_official_example_comes_out_without_its_identifiers_and_stays_so() {
    let Some(lines) = lines("fhir/r4_examples.ndjson.gz") else { return };
    let (mut records, mut searched, mut survivors, mut moved) = (0, 0, BTreeMap::new(), Vec::new());
    for line in lines {
        let Ok(record) = Record::parse(line.clone().into_bytes(), None) else { continue };
        records += 1;
        let vault = Vault::from_seed([2; 32]);
        let output = run(&record, &vault).output;
        let source: Value = serde_json::from_str(&line).unwrap();
        let result: Value = serde_json::from_slice(&output).unwrap();
        let (_, uncoded) = texts(&result);
        let telling =
            |needle: &String| needle.len() > 4 && needle.contains(|c: char| c.is_ascii_digit() || c == ' ');
        let names: BTreeSet<String> = identifying(&source).into_iter().filter(telling).collect();
        for needle in names.into_iter().chain(people(&source)).filter(|_| !is_definition(&source)) {
            searched += 1;
            if uncoded.iter().any(|text| holds(text, &needle)) {
                *survivors.entry(needle).or_insert(0) += 1;
            }
        }
        let again = Record::parse(output.clone(), None).unwrap();
        let second = run(&again, &vault);
        if second.output != output {
            moved.push(second.manifest.entries().map(|entry| format!("{entry:?}")).collect::<Vec<_>>());
        }
    }
    eprintln!(
        "examples: {records} records, {searched} identifying texts searched, {} survive",
        survivors.len()
    );
    eprintln!("examples: {} change in a second run with the same vault", moved.len());
    assert!(survivors.is_empty(), "{:?}", survivors.into_iter().take(40).collect::<Vec<_>>());
    // Of someone who turns 90 in the year that counts, a second run sees years only, and doubt counts as over 89.
    let birth = |change: &String| change.contains("\"birth_date\", action: \"remove\"");
    assert!(moved.iter().flatten().all(birth), "{moved:?}");
}
