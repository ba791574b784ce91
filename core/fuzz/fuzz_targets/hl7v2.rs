//! HL7 v2: whatever the bytes are, reading them gives a record or an error with a place. Its chart, texts and paths can
//! be read, a path leads back to its node, an output without edits is the source, and edits leave a source that reads.

#![no_main]

use chartkeeper::Record;
use chartkeeper::formats::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The first bytes choose the edits, so that the fuzzer can vary them apart from the source.
    let Some((choices, source)) = data.split_at_checked(8) else { return };
    let Ok(record) = Record::parse(source, Some(Format::Hl7v2)) else { return };
    let untouched = record.edits().finish(|id| record.emptied(id)).unwrap();
    assert_eq!(untouched.apply(source), source);
    for entry in record.chart().entries() {
        assert!(entry.fields().all(|(_, node)| record.tree().is_within(node, entry.node())));
        let _ = entry.codings().map(|coding| coding.code.map(|code| record.coding_parts(code))).count();
    }
    let mut paths = record.paths();
    for (id, node) in record.tree().iter().take(2000) {
        assert!(node.span().start <= node.span().end && node.span().end <= source.len());
        let path = paths.of(id).to_owned();
        let _ = (record.text(id), record.iso_date(id), record.is_required(id));
        assert!(path.contains('?') || record.locate(&path).unwrap() == id);
    }
    let _ = record.uncharted();
    // The first three nodes are the source, its message and the header, without which it is none.
    let nodes: Vec<_> = record.tree().iter().map(|(id, _)| id).skip(3).collect();
    if nodes.is_empty() {
        return;
    }
    let mut edits = record.edits();
    for choice in choices.chunks_exact(2) {
        let number = usize::from(choice[0]) << 8 | usize::from(choice[1]);
        let id = nodes[number % nodes.len()];
        let header = record.path(id).contains("MSH") || record.path(id).contains("HS");
        if header || record.tree().parent(id) == Some(chartkeeper::formats::tree::NodeId::ROOT) {
            continue;
        }
        if number & 1 == 0 {
            edits.remove(id);
        } else {
            record.withhold(&mut edits, id);
        }
    }
    let Ok(patches) = edits.finish(|id| record.emptied(id)) else { return };
    let mut at = 0;
    for patch in patches.ranges() {
        assert!(at <= patch.span.start && patch.span.end <= source.len());
        at = patch.span.end;
    }
    Record::parse(patches.apply(source), Some(Format::Hl7v2)).unwrap();
});
