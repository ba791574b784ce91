//! Law packs, requests and directives: any text is a pack or an error that names a place; a request with any directive is
//! decided or refused; and whatever they say, a decision releases nothing that no rule speaks for.
//!
//! An input is a request (JSON), a zero byte, and a law pack; either may be empty.

#![no_main]

use std::sync::OnceLock;

use chartkeeper::Record;
use chartkeeper::release::{Law, Request, decide, redact};
use libfuzzer_sys::fuzz_target;

const PATIENT: &str = include_str!("../../../examples/data/patient.fhir.json");

fuzz_target!(|data: &[u8]| {
    static RECORD: OnceLock<Record> = OnceLock::new();
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (Ok(request), Ok(pack)) = (
        std::str::from_utf8(parts.next().unwrap_or_default()),
        std::str::from_utf8(parts.next().unwrap_or_default()),
    ) else {
        return;
    };
    let law = if pack.is_empty() {
        Law::embedded().unwrap().clone()
    } else {
        match Law::embedded().unwrap().with(pack) {
            Ok(law) => law,
            Err(error) => {
                assert_eq!(error.code(), "pack_malformed");
                assert!(Law::compile(&[pack]).is_err() || error.path().is_some());
                return;
            }
        }
    };
    let record = RECORD.get_or_init(|| Record::parse(small(), None).unwrap());
    let Ok(request) = Request::parse(request) else { return };
    let Ok(decision) = decide(&request, record, &law) else { return };
    let released = decision.released();
    if released > 0 {
        assert!(decision.segments.iter().all(|it| !it.outcome.is_released() || !it.rule.is_empty()));
        let copy = redact(record, &decision).unwrap().apply(record.source());
        Record::parse(copy, None).unwrap();
        assert_eq!(decide(&request, record, &Law::compile(&[]).unwrap()).unwrap().released(), 0);
    }
});

/// The first entries of the fictional patient: enough to decide on, quick to decide.
fn small() -> String {
    let mut bundle: serde_json::Value = serde_json::from_str(PATIENT).unwrap();
    bundle["entry"].as_array_mut().unwrap().truncate(12);
    bundle.to_string()
}
