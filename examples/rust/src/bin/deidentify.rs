//! De-identifies a record under Safe Harbor and prints what was done to it.
use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "examples/data/patient.fhir.json".to_owned());
    let record = Record::parse(std::fs::read(file)?, None)?;
    let policy = Policy::named("hipaa-safe-harbor")?;
    let vault = Vault::new()?;
    let options = Options { as_of: Some("2025-12-01".parse()?), vault: Some(&vault), ..Options::default() };
    let done = deidentify(&record, &policy, &options)?;

    println!("{}: {} bytes became {}", done.policy, record.source().len(), done.output.len());
    for row in done.manifest.counts() {
        println!("{:>5}  {:<22} {}", row.count, row.label, row.action);
    }
    for entry in done.manifest.entries().filter(|entry| entry.action == "year").take(2) {
        println!("{} ({}): {}, {}", entry.path, entry.label, entry.action, entry.rule);
    }
    Ok(())
}
