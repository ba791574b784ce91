//! Twenty requests for the fictional patient's record, each with what a privacy officer would answer.

use chartkeeper::Record;
use chartkeeper::release::{Law, Request, SegmentOutcome, decide};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let record = Record::parse(std::fs::read("examples/data/patient.fhir.json")?, None)?;
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read("examples/data/twenty-requests.json")?)?;
    for (number, case) in (1..).zip(&cases) {
        let request = Request::parse(&case.get("request").unwrap_or(&Value::Null).to_string())?;
        let decision = decide(&request, &record, Law::embedded()?)?;
        let title = case.get("title").and_then(Value::as_str).unwrap_or_default();
        println!("{number}. {title}");
        println!("   {}, {} of {}", decision.outcome.as_str(), decision.released(), decision.segments.len());
        let mut said = decision.reasons.iter().filter(|it| it.outcome != SegmentOutcome::NotRequested);
        for reason in said.by_ref().take(3) {
            println!("   {} by {} ({})", reason.outcome.as_str(), reason.rule, reason.citation);
        }
        if let Some(set) = decision.missing_facts.first() {
            let questions: Vec<&str> = set.facts.iter().map(|fact| fact.question).collect();
            println!("   ask: {}", questions.join(" "));
        }
        if let Some(due) = &decision.due {
            println!("   due {due}");
        }
    }
    Ok(())
}
