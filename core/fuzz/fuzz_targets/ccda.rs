//! C-CDA: whatever the bytes are, reading them gives a record or an error with a place. A record's chart and paths
//! can be read, its output without edits is its source, and edits leave well-formed XML (laws 1 and 6).

#![no_main]

use chartkeeper::Record;
use chartkeeper::formats::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The first bytes choose the edits, so that the fuzzer can vary them apart from the source.
    let Some((choices, source)) = data.split_at_checked(8) else { return };
    let record = match Record::parse(source, Some(Format::Ccda)) {
        Ok(record) => record,
        Err(error) => {
            assert!(!error.code().is_empty());
            assert!(error.span().is_none_or(|span| span.start <= source.len()));
            return;
        }
    };
    assert_eq!(record.source(), source);
    let mut paths = record.paths();
    for (id, node) in record.tree().iter() {
        assert!(node.member_span().start <= node.span().start && node.span().end <= source.len());
        assert!(!paths.of(id).is_empty());
        let _ = (record.text(id), record.name(id), record.resolve(id), record.iso_date(id));
    }
    for entry in record.chart().entries() {
        assert!(entry.fields().all(|(_, node)| record.tree().is_within(node, entry.node())));
        let _ = entry.codings().count();
    }
    let untouched = record.edits().finish(|id| record.emptied(id)).unwrap();
    assert_eq!(untouched.apply(source), source);
    let bundle = record.to_fhir().unwrap().output;
    Record::parse(bundle, Some(Format::FhirR4Json)).unwrap();

    let nodes: Vec<_> = record.tree().iter().map(|(id, _)| id).skip(1).collect();
    if nodes.is_empty() {
        return;
    }
    let mut edits = record.edits();
    for choice in choices.chunks_exact(2) {
        let number = usize::from(choice[0]) << 8 | usize::from(choice[1]);
        let id = nodes[number % nodes.len()];
        match number % 3 {
            0 => edits.remove(id),
            1 => {
                record.withhold(&mut edits, id);
            }
            _ => {
                edits.replace_text(id, "a<b>&\"'");
            }
        }
    }
    // Two edits of one place are a conflict of the caller's; that is an error and nothing else.
    let Ok(patches) = edits.finish(|id| record.emptied(id)) else { return };
    let output = patches.apply(source);
    if let Err(error) = Record::parse(output, Some(Format::Ccda)) {
        // Only a declaration of a foreign namespace on the root can have been changed.
        assert_eq!(error.code(), "not_a_document");
    }
});
