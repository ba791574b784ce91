//! FHIR JSON: whatever the bytes are, reading them gives a record or an error with a place. A record's chart and
//! paths can be read, its output without edits is its source, and edits leave every other byte as it was and a
//! source that still reads (laws 1 and 6).

#![no_main]

use chartkeeper::Record;
use chartkeeper::formats::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The first bytes choose the edits, so that the fuzzer can vary them apart from the source.
    let Some((choices, source)) = data.split_at_checked(8) else { return };
    let record = match Record::parse(source, Some(Format::FhirR4Json)) {
        Ok(record) => record,
        Err(error) => {
            assert!(!error.code().is_empty());
            assert!(error.span().is_none_or(|span| span.start <= source.len()));
            return;
        }
    };
    assert_eq!(record.source(), source);
    views(&record);

    let untouched = record.edits().finish(|id| record.emptied(id)).unwrap();
    assert_eq!(untouched.apply(source), source);
    edited(&record, choices);
});

/// Reads all that can be read of a record.
fn views(record: &Record) {
    let chart = record.chart();
    for entry in chart.entries() {
        let _ = (entry.kind(), entry.id(), entry.native_type(), entry.is_contained());
        assert!(entry.fields().all(|(_, node)| record.tree().is_within(node, entry.node())));
        let _ = entry.codings().count();
    }
    let mut paths = record.paths();
    for (id, node) in record.tree().iter() {
        assert!(node.member_span().start <= node.span().start && node.span().end <= record.source().len());
        assert!(!paths.of(id).is_empty());
        let _ = (record.text(id), record.name(id), record.partner_of(id), record.resolve(id));
    }
}

/// Removes and withholds nodes, and compares what is outside of the edits.
fn edited(record: &Record, choices: &[u8]) {
    let nodes: Vec<_> = record.tree().iter().map(|(id, _)| id).skip(1).collect();
    if nodes.is_empty() {
        return;
    }
    let mut edits = record.edits();
    for choice in choices.chunks_exact(2) {
        let number = usize::from(choice[0]) << 8 | usize::from(choice[1]);
        let id = nodes[number % nodes.len()];
        if number & 1 == 0 {
            edits.remove(id);
        } else {
            record.withhold(&mut edits, id);
        }
    }
    // A node inside of a replaced one is a conflict of the caller's; that is an error and nothing else.
    let Ok(patches) = edits.finish(|id| record.emptied(id)) else { return };
    let (source, output) = (record.source(), patches.apply(record.source()));
    let mut kept = Vec::new();
    let mut at = 0;
    for patch in patches.ranges() {
        assert!(at <= patch.span.start && patch.span.end <= source.len());
        kept.push(&source[at..patch.span.start]);
        at = patch.span.end;
    }
    kept.push(&source[at..]);
    let mut rest = output.as_slice();
    for part in &kept {
        let found = rest.windows(part.len().max(1)).position(|window| window == *part || part.is_empty());
        let found = if part.is_empty() { 0 } else { found.expect("bytes outside of an edit are kept, in order") };
        rest = &rest[found + part.len()..];
    }
    if let Err(error) = Record::parse(output, Some(record.format())) {
        // Only the type of the root itself can have been taken away.
        assert!(matches!(error.code(), "not_a_resource" | "unknown_resource_type"), "{}", error.code());
    }
}
