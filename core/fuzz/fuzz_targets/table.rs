//! Tables: whatever the bytes are, suggesting a map and reading with it gives a record or an error; an output without
//! edits is the source, a path leads back to its node, and a removed cell leaves a table that reads.

#![no_main]

use chartkeeper::Record;
use chartkeeper::formats::Format;
use chartkeeper::formats::table::suggest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, source)) = data.split_first() else { return };
    let format = if choice & 1 == 0 { Format::Csv } else { Format::NdjsonTable };
    let Ok(map) = suggest(source, format) else { return };
    let Ok(record) = Record::parse_table(source, &map) else { return };
    let untouched = record.edits().finish(|id| record.emptied(id)).unwrap();
    assert_eq!(untouched.apply(source), source);
    let mut paths = record.paths();
    for (id, node) in record.tree().iter().take(2000) {
        assert!(node.member_span().start <= node.span().start && node.span().end <= source.len());
        let path = paths.of(id).to_owned();
        let _ = (record.text(id), record.iso_date(id));
        // A name can stand in a row twice, and the first is found.
        assert!(format == Format::NdjsonTable || path.contains('?') || record.locate(&path).is_ok());
    }
    let _ = (record.uncharted(), record.chart_entries());
    let leaves: Vec<_> = record.tree().iter().map(|(id, _)| id).filter(|id| record.text(*id).is_some()).collect();
    if let Some(id) = leaves.get(usize::from(*choice) % leaves.len().max(1)) {
        let mut edits = record.edits();
        edits.remove(*id);
        let out = edits.finish(|id| record.emptied(id)).unwrap().apply(source);
        if !out.iter().all(u8::is_ascii_whitespace) {
            Record::parse_table(out, &map).unwrap();
        }
    }
});
