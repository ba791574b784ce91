//! The Chart as records of its own, for hosts that do not share memory with the library.

use serde::Serialize;

use super::Record;
use crate::text::Span;

/// One entry of a chart, copied out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ChartEntry {
    /// What it is: the name of an `EntryKind`.
    pub kind: &'static str,
    /// The format's name for its type.
    pub native_type: Option<&'static str>,
    /// The id under which the system that made the record knows it.
    pub id: Option<String>,
    /// Native path.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
    /// Its fields in source order, containers before their parts.
    pub fields: Vec<ChartField>,
}

/// One field of an entry, copied out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ChartField {
    /// The name of a `Field`.
    pub name: &'static str,
    /// Its text, where it is a leaf.
    pub text: Option<String>,
    /// The name of its `Label`.
    pub label: &'static str,
    /// Native path.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
}

impl std::fmt::Debug for ChartEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChartEntry")
            .field("kind", &self.kind)
            .field("path", &self.path)
            .field("span", &self.span)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ChartField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChartField")
            .field("name", &self.name)
            .field("label", &self.label)
            .field("path", &self.path)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// Copies the chart of a record out.
pub(super) fn copy(record: &Record) -> Vec<ChartEntry> {
    let mut paths = record.paths();
    let mut out = Vec::new();
    for entry in record.chart().entries() {
        let path = paths.of(entry.node()).to_owned();
        let fields = entry
            .fields()
            .map(|(field, node)| ChartField {
                name: field.as_str(),
                text: record.text(node).map(Into::into),
                label: record.tree().node(node).label().as_str(),
                path: paths.of(node).to_owned(),
                span: record.tree().node(node).span(),
            })
            .collect();
        out.push(ChartEntry {
            kind: entry.kind().as_str(),
            native_type: entry.native_type(),
            id: entry.id().map(Into::into),
            path,
            span: record.tree().node(entry.node()).span(),
            fields,
        });
    }
    out
}
