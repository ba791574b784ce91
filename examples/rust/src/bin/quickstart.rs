//! The README's first lines of Rust.
use chartkeeper::Record;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let record = Record::parse(std::fs::read("examples/data/patient.fhir.json")?, None)?;
    println!("{}: {} bytes", record.format().as_str(), record.source().len());
    Ok(())
}
