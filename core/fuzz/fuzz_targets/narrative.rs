//! Clinical text: of any text every finding is a stretch of whole characters, in order and without overlaps, and the
//! rewritten text is the old one outside of them.

#![no_main]

use chartkeeper::deid::Policy;
use chartkeeper::deid::narrative::{TextOptions, deidentify_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let clean = deidentify_text(&text, &policy, &TextOptions::default()).unwrap();
    let (mut from, mut out) = (0, 0);
    for change in &clean.spans {
        let kept = &text[from..change.source.byte_start];
        assert_eq!(kept, &clean.text[out..change.output.byte_start]);
        assert!(text.is_char_boundary(change.source.byte_end));
        (from, out) = (change.source.byte_end, change.output.byte_end);
    }
    assert_eq!(&text[from..], &clean.text[out..]);
});
