use chartkeeper::api::{Chartkeeper, CodeContext, DeidentifyOptions, Record, Severity};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keeper = Chartkeeper::new()?;
    let record = Record::parse(std::fs::read("examples/data/patient.fhir.json")?, None)?;
    let verdict = keeper.validate_code("icd10cm", "S52.501", &CodeContext::on("2026-01-15")?)?;
    println!(
        "{} {}",
        verdict.reason().unwrap_or("valid"),
        verdict.suggestions().first().map_or("", String::as_str)
    );
    let findings = keeper.check(&record, "2025-11-10")?;
    let errors =
        findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.code);
    println!("{}", errors.collect::<Vec<_>>().join(" "));
    let options = DeidentifyOptions { as_of: Some("2025-11-10"), ..DeidentifyOptions::default() };
    let done = keeper.deidentify(&record, "hipaa-safe-harbor", &options)?;
    println!("{} bytes left, {} changes", done.output.len(), done.manifest.len());
    Ok(())
}
