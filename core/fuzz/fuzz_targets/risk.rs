//! Tables: any text is a table or an error with its line, and what comes out meets its demand and reads again.

#![no_main]

use chartkeeper::deid::risk::{AnonymizeTableRequest, anonymize_table};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(table) = std::str::from_utf8(data) else { return };
    let request = serde_json::json!({
        "table": table, "k": 2, "suppression": 0.5, "max_checks": 50,
        "columns": [{"name": "a", "role": "quasi_identifier"}, {"name": "b", "role": "quasi_identifier"}],
    });
    let request: AnonymizeTableRequest = serde_json::from_value(request).unwrap();
    let Ok(done) = anonymize_table(&request) else { return };
    assert!(done.after.k >= 2 || done.after.rows == 0);
    assert!(done.suppressed * 2 <= done.rows);
    let again = AnonymizeTableRequest { table: done.output, ..request };
    assert_eq!(anonymize_table(&again).unwrap().rows, done.rows);
});
