//! Answers a request for a record: what goes, what does not, why, what is missing, and with which papers.

use chartkeeper::Record;
use chartkeeper::release::{Law, Request, decide, redact};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let mut next = |default: &str| files.next().unwrap_or_else(|| default.to_owned());
    let request = std::fs::read_to_string(next("examples/data/attorney-request.json"))?;
    let record = Record::parse(std::fs::read(next("examples/data/patient.fhir.json"))?, None)?;

    let decision = decide(&Request::parse(&request)?, &record, Law::embedded()?)?;
    println!(
        "{}: {} of {} entries go",
        decision.outcome.as_str(),
        decision.released(),
        decision.segments.len()
    );
    for reason in &decision.reasons {
        let (outcome, rule) = (reason.outcome.as_str(), &reason.rule);
        println!("{:>4} {outcome:<17} {rule}: {} ({})", reason.segments, reason.title, reason.citation);
    }
    for set in decision.missing_facts.iter().take(1) {
        println!("{} would go if it were known:", set.segments);
        for fact in &set.facts {
            println!("     {} -> {}", fact.question, fact.value);
        }
    }
    for obligation in &decision.obligations {
        println!("  do {} ({})", obligation.code, obligation.citation);
    }
    if decision.released() > 0 {
        let copy = redact(&record, &decision)?.apply(record.source());
        println!("{} bytes became {}", record.source().len(), copy.len());
    }
    Ok(())
}
