//! Loaders: whatever the bytes are, a file becomes a pack that loads, or is refused with a code.

#![no_main]

use chartkeeper::codes::Codes;
use chartkeeper::codes::load::{FORMATS, PackRequest, compile};
use chartkeeper::packs::Pack;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, source)) = data.split_first() else { return };
    let Some(format) = FORMATS.get(usize::from(*choice) % FORMATS.len()) else { return };
    let request = PackRequest {
        format: format.name.to_owned(),
        release: "fuzz".to_owned(),
        effective_from: Some("2025-10-01".to_owned()),
        effective_to: Some("2026-09-30".to_owned()),
        system: Some("cpt".to_owned()),
        licence: None,
    };
    match compile(source, &request) {
        Ok(pack) => {
            let mut codes = Codes::default();
            codes.load(Pack::load(pack).unwrap()).unwrap();
        }
        Err(error) => {
            assert!(["source_malformed", "pack_malformed"].contains(&error.code()), "{}", error.code());
        }
    }
});
