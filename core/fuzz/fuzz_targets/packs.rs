//! Packs: whatever the bytes behind a right fingerprint are, a pack loads or is refused, and what was loaded answers.

#![no_main]

use chartkeeper::codes::{CodeContext, Codes};
use chartkeeper::packs::Pack;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.to_vec();
    let digest = Sha256::digest(&bytes);
    bytes.extend(digest);
    let Ok(pack) = Pack::load(bytes) else { return };
    let system = pack.info().system.clone();
    let mut codes = Codes::default();
    if let Err(error) = codes.load(pack) {
        assert!(["pack_malformed", "unknown_system"].contains(&error.code()), "{}", error.code());
        return;
    }
    let on = CodeContext::on("2026-02-10").unwrap();
    for text in ["E11.9", "W00.0XXA", "0DTJ4ZZ", "0DT", "A0021", "08"] {
        for context in [CodeContext::default(), on] {
            if let Ok(verdict) = codes.validate(&system, text, &context) {
                let _ = verdict.record();
            }
            let _ = (codes.info(&system, text, &context), codes.find(&system, "knee pain left", &context, 5));
        }
    }
});
