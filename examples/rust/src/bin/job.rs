//! The main job on one record: check it, fix one code, de-identify it, answer an attorney's request, and say what
//! was withheld and why.
//!
//! `cargo run -p chartkeeper-examples --bin job -- [FILE]`, from the root of a checkout; FILE is any FHIR R4 JSON.

use std::collections::BTreeMap;

use chartkeeper::api::{
    Chartkeeper, CodeContext, DeidentifyOptions, Finding, Ledger, Record, Request, SegmentOutcome,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The day on which all of this happens: the library has no clock.
const TODAY: &str = "2025-11-10";

fn main() -> Outcome<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "examples/data/patient.fhir.json".into());
    let keeper = Chartkeeper::new()?;
    let record = Record::parse(std::fs::read(file)?, None)?;
    println!(
        "record      {}, {} bytes, {} entries",
        record.format().as_str(),
        record.source().len(),
        record.resources().len()
    );

    let findings = keeper.check(&record, TODAY)?;
    report(&findings);
    let record = fix_one_code(&keeper, record, &findings)?;
    deidentify(&keeper, &record)?;
    answer_attorney(&keeper, &record)
}

fn report(findings: &[Finding]) {
    println!("\ncheck       {} findings", findings.len());
    for finding in findings.iter().filter(|finding| finding.severity.as_str() != "note") {
        println!(
            "  {:9} {} (line {}, {})",
            finding.severity.as_str(),
            finding.message,
            finding.line,
            finding.path
        );
    }
}

/// Completes the first code that lacks a character; which one it needs, a coder confirms. A header is not touched:
/// its children mean different things.
fn fix_one_code(keeper: &Chartkeeper, record: Record, findings: &[Finding]) -> Outcome<Record> {
    let incomplete = ["missing_7th_character", "placeholder_required"];
    let Some(finding) = findings.iter().find(|finding| incomplete.contains(&finding.code)) else {
        println!("\nfix         no code lacks a character");
        return Ok(record);
    };
    let code = record.text(record.locate(&finding.path)?).unwrap_or_default();
    let suggestions = keeper.validate_code("icd10cm", &code, &CodeContext::default())?.suggestions();
    let Some(better) = suggestions.first() else { return Ok(record) };
    println!("\nfix         {code} -> {better} at {}", finding.path);
    Ok(record.with_replaced(&finding.path, better)?)
}

fn deidentify(keeper: &Chartkeeper, record: &Record) -> Outcome<()> {
    let options = DeidentifyOptions { as_of: Some(TODAY), ..DeidentifyOptions::default() };
    let done = keeper.deidentify(record, "hipaa-safe-harbor", &options)?;
    println!(
        "\ndeidentify  {}: {} bytes left, {} changes",
        done.policy,
        done.output.len(),
        done.manifest.len()
    );
    for row in done.manifest.counts() {
        println!("  {:5} {} {}", row.count, row.action, row.label);
    }
    Ok(())
}

fn answer_attorney(keeper: &Chartkeeper, record: &Record) -> Outcome<()> {
    let mut request: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string("examples/data/attorney-request.json")?)?;
    let patient = record.patient_reference().unwrap_or_default();
    request["patient"] = serde_json::json!({ "identifier": { "value": patient } });
    let request = Request::parse(&request.to_string())?;

    let folder = std::env::temp_dir().join(format!("chartkeeper-ledger-{}", std::process::id()));
    let ledger = Ledger::open(&folder, Some(&[7; 32]))?;
    let released = keeper.release(&request, record, &ledger)?;
    let decision = &released.decision;
    println!(
        "\nrelease     {}: {} of {} entries go",
        decision.outcome.as_str(),
        decision.released(),
        decision.segments.len()
    );
    let mut withheld = BTreeMap::<_, usize>::new();
    for segment in decision.segments.iter().filter(|segment| segment.outcome != SegmentOutcome::Release) {
        *withheld.entry((&segment.citation, &segment.rule)).or_default() += 1;
    }
    for ((citation, rule), count) in withheld {
        let why = decision
            .reasons
            .iter()
            .find(|reason| reason.rule == *rule)
            .map_or("", |reason| reason.title.as_str());
        println!("  {count:5} withheld: {why} ({rule}, {citation})");
    }
    for obligation in &decision.obligations {
        println!("  duty  {} ({})", obligation.text, obligation.citation);
    }
    if let (Some(output), Some(receipt)) = (&released.output, &released.receipt) {
        receipt.verify(&ledger.public_key().ok_or("the ledger is signed")?)?;
        println!("  copy  {} bytes; ledger entry {} is proved by its receipt", output.len(), receipt.index);
        println!("  accounting: {} disclosure of this patient", ledger.accounting(&patient, TODAY)?.len());
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
