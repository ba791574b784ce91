//! What the Chart does not carry: the parts of a source that are no field of any entry, so that nothing is lost in
//! silence by whoever works with the Chart alone.

use std::collections::HashSet;

use serde::Serialize;

use super::Record;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::text::Span;

/// A part of the source that the Chart does not carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnchartedPart {
    /// What it holds, as the format's data map says; `structure` for a container of several.
    pub label: &'static str,
    /// Native path.
    pub path: String,
    /// Bytes of the value in the source.
    pub span: Span,
}

/// Collects the outermost nodes in which no leaf is a field of the chart.
pub(super) fn collect(record: &Record) -> Vec<UnchartedPart> {
    let tree = record.tree();
    // How many leaves in each subtree the chart carries, and how many there are.
    let mut carried = vec![0u32; tree.len()];
    let mut leaves = vec![0u32; tree.len()];
    let mut types = HashSet::new();
    for entry in record.chart().entries() {
        for (_, node) in entry.fields().filter(|(_, node)| is_leaf(record, *node)) {
            if let Some(count) = carried.get_mut(node.index()) {
                *count = 1;
            }
        }
        // The entry itself says its type.
        let named = tree.children(entry.node()).find(|child| {
            tree.node(*child).label() == Label::Technical
                && record.text(*child).as_deref() == entry.native_type()
        });
        types.extend(named);
    }
    for at in (0..tree.len()).rev() {
        let id = NodeId(at as u32);
        let own = is_leaf(record, id) && !types.contains(&id);
        if let Some(count) = leaves.get_mut(at) {
            *count += u32::from(own);
        }
        let Some(parent) = tree.parent(id) else { continue };
        for counts in [&mut carried, &mut leaves] {
            let count = counts.get(at).copied().unwrap_or_default();
            if let Some(outer) = counts.get_mut(parent.index()) {
                *outer += count;
            }
        }
    }
    let mut out = Vec::new();
    let mut paths = record.paths();
    let mut at = NodeId::ROOT;
    while at.index() < tree.len() {
        let (carried, leaves) = (carried.get(at.index()), leaves.get(at.index()));
        if carried == Some(&0) && leaves.is_some_and(|leaves| *leaves > 0) {
            let node = tree.node(at);
            out.push(UnchartedPart {
                label: node.label().as_str(),
                path: paths.of(at).to_owned(),
                span: node.span(),
            });
            at = tree.next(at);
        } else {
            at = NodeId(at.0 + 1);
        }
    }
    out
}

/// Whether the node holds a value: a stated nothing has none to lose.
fn is_leaf(record: &Record, id: NodeId) -> bool {
    matches!(record.tree().node(id).kind(), Kind::Text | Kind::Number | Kind::Flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_entry_has_is_listed_once() {
        let source = r#"{"resourceType":"Patient","id":"p","name":[{"family":"Doe"}],"starSign":{"text":"cat"},"birthDate":"1980","multipleBirthInteger":2,"photo":null}"#;
        let record = Record::parse(source, None).unwrap();
        let found: Vec<_> = record.uncharted().into_iter().map(|part| (part.path, part.label)).collect();
        assert_eq!(
            found,
            [("Patient.?".to_owned(), "unrecognised"), ("Patient.multipleBirthInteger".to_owned(), "value")]
        );
        let record =
            Record::parse("MSH|^~\\&|A|B\rPID|1||7||Doe^Jo|||||||||||||||||||||BRA\rZPD|x^y\r", None)
                .unwrap();
        let found: Vec<_> = record.uncharted().into_iter().map(|part| part.path).collect();
        assert_eq!(found, ["MSH", "PID-1", "PID-26", "ZPD"]);
    }

    #[test]
    fn every_leaf_is_charted_or_listed() {
        let source =
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/patient.fhir.json"))
                .unwrap();
        let record = Record::parse(source, None).unwrap();
        let parts = record.uncharted();
        let fields: HashSet<NodeId> = record
            .chart()
            .entries()
            .flat_map(|entry| entry.fields().map(|(_, node)| node).collect::<Vec<_>>())
            .collect();
        for (id, node) in record.tree().iter().filter(|(id, _)| is_leaf(&record, *id)) {
            let span = node.span();
            let listed = parts.iter().any(|part| part.span.start <= span.start && span.end <= part.span.end);
            let named = node.label() == Label::Technical && record.path(id).ends_with("resourceType");
            assert!(fields.contains(&id) != listed || named, "{}", record.path(id));
        }
        assert!(!parts.is_empty() && parts.len() < record.tree().len() / 4);
    }
}
