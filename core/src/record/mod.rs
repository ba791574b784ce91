//! A patient's record: immutable source bytes, a labelled span tree over them, and the Chart as a view of it.

mod chart;
mod finding;
mod locate;
mod mirror;
mod ndjson;
mod path;
mod patient;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result, codes};
use crate::formats::edit::{Edits, Emptied};
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::formats::{Format, Irregularity, fhir, json};
use crate::text::Span;

pub use chart::{Chart, Coding, Entry};
pub use finding::{Finding, Severity};
pub use mirror::{ChartEntry, ChartField};
pub use ndjson::{NdJson, open_ndjson, read_ndjson};
pub use path::Paths;

/// One record: a FHIR resource or Bundle. Cheap to clone; nothing in it changes after parsing.
#[derive(Clone)]
pub struct Record {
    inner: Arc<Inner>,
}

struct Inner {
    source: Vec<u8>,
    format: Format,
    tree: Tree,
    labelled: fhir::Labelled,
    references: OnceLock<fhir::References>,
}

/// Limits that protect the host process while a record is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Deepest nesting of the source.
    pub depth: usize,
    /// Largest source, in bytes.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: json::DEFAULT_DEPTH, bytes: 1 << 30 }
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("format", &self.inner.format)
            .field("bytes", &self.inner.source.len())
            .field("nodes", &self.inner.tree.len())
            .finish()
    }
}

impl Record {
    /// Reads a record. `format` names it; without it the bytes are looked at.
    ///
    /// # Errors
    /// `empty_input`, `unknown_format`, `invalid_utf8`, `invalid_json`, `truncated`, `trailing_data`, `too_deep`,
    /// `too_large`, `not_a_resource`, `unknown_resource_type`; each with the byte offset.
    pub fn parse(source: impl Into<Vec<u8>>, format: Option<Format>) -> Result<Self> {
        Self::parse_within(source, format, Limits::default())
    }

    /// [`Record::parse`] with limits of the caller's.
    ///
    /// # Errors
    /// As [`Record::parse`].
    pub fn parse_within(source: impl Into<Vec<u8>>, format: Option<Format>, limits: Limits) -> Result<Self> {
        let source = source.into();
        if source.len() > limits.bytes {
            return Err(too_large(limits));
        }
        let from = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let format = match format {
            Some(format) => format,
            None => sniff(source.get(from..).unwrap_or_default())?,
        };
        let mut tree = json::scan(&source, from, limits.depth)?;
        let mut labelled = fhir::label(&source, &mut tree)?;
        if from > 0 {
            labelled.irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
        }
        Ok(Self { inner: Arc::new(Inner { source, format, tree, labelled, references: OnceLock::new() }) })
    }

    /// The bytes that were read, as they were.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        &self.inner.source
    }

    /// The format.
    #[must_use]
    pub fn format(&self) -> Format {
        self.inner.format
    }

    /// The span tree.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.inner.tree
    }

    /// What the format does not know or allow in this source.
    #[must_use]
    pub fn irregularities(&self) -> &[Irregularity] {
        &self.inner.labelled.irregularities
    }

    /// The resources in source order; one comes before those that it contains.
    pub fn resources(&self) -> impl ExactSizeIterator<Item = NodeId> {
        self.inner.labelled.resources.iter().map(|resource| resource.node)
    }

    /// The record as entries with fields.
    #[must_use]
    pub const fn chart(&self) -> Chart<'_> {
        Chart::new(self)
    }

    /// The chart, copied out.
    #[must_use]
    pub fn chart_entries(&self) -> Vec<ChartEntry> {
        mirror::copy(self)
    }

    /// The native path of a node, such as `Bundle.entry[3].resource.name[0].family`. A member whose name the
    /// format does not know appears as `?`.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        self.paths().of(id).to_owned()
    }

    /// Renders the paths of many nodes; quick when they are asked for in source order.
    #[must_use]
    pub const fn paths(&self) -> Paths<'_> {
        Paths::new(self)
    }

    /// The entry that a reference points to, where it is in this record. `reference` is the node of the reference
    /// or of the text in it. The names of all entries are collected at the first call.
    #[must_use]
    pub fn resolve(&self, reference: NodeId) -> Option<NodeId> {
        let Inner { source, tree, labelled, references, .. } = &*self.inner;
        let index = references.get_or_init(|| fhir::References::of(source, tree, &labelled.resources));
        index.target(source, tree, &labelled.resources, reference)
    }

    /// The bytes of a node's value.
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &[u8] {
        self.inner.tree.node(id).span().of(&self.inner.source).unwrap_or_default()
    }

    /// The text of a leaf: a string unescaped, a number or truth value as written; none for containers and null.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        match self.inner.tree.node(id).kind() {
            Kind::Text => json::decode(self.raw(id)),
            Kind::Number | Kind::Flag => std::str::from_utf8(self.raw(id)).ok().map(Into::into),
            Kind::Object | Kind::List | Kind::Null => None,
        }
    }

    /// The name of a member as the source writes it, unescaped; none for the root and elements of a list.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        let node = self.inner.tree.node(id);
        let lead = Span::new(node.member_span().start, node.span().start).of(&self.inner.source)?;
        let colon = lead.iter().rposition(|byte| *byte == b'"')?;
        json::decode(lead.get(..=colon)?)
    }

    /// The line, counted from 1, on which byte `offset` stands.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let before = self.inner.source.get(..offset).unwrap_or(&self.inner.source);
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Starts edits of this record.
    #[must_use]
    pub fn edits(&self) -> Edits<'_> {
        Edits::new(&self.inner.source, &self.inner.tree)
    }

    /// What becomes of a container that an edit emptied: it goes as well, or where the format requires one it says
    /// that its value is withheld.
    #[must_use]
    pub fn emptied(&self, id: NodeId) -> Emptied {
        fhir::emptied(&self.inner.tree, id)
    }

    /// Removes a node as the format allows it: a required one is replaced by the statement that it is withheld.
    /// Comes back with whether that statement stands in its place.
    pub fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        fhir::withhold(&self.inner.tree, edits, id)
    }

    /// Puts the statement that a value is withheld in place of an object, whether or not the format requires it.
    pub fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        fhir::mask(edits, id);
    }

    /// Whether the format requires the node, given its container.
    #[must_use]
    pub fn is_required(&self, id: NodeId) -> bool {
        fhir::is_required(&self.inner.tree, id)
    }

    /// Whether the node holds what is said about the value beside it, apart from it (`_birthDate`): then the node
    /// of that value, where the source has one.
    #[must_use]
    pub fn partner_of(&self, id: NodeId) -> Option<Option<NodeId>> {
        fhir::partner_of(&self.inner.tree, id)
    }

    /// Whether the format has entries of this type (`Patient`).
    #[must_use]
    pub fn is_entry_type(&self, name: &str) -> bool {
        fhir::is_resource_type(name)
    }
}

fn too_large(limits: Limits) -> Error {
    Error::new(&codes::TOO_LARGE).note(format!("limit {} bytes", limits.bytes))
}

fn sniff(source: &[u8]) -> Result<Format> {
    match source.trim_ascii_start().first() {
        Some(b'{' | b'[') => Ok(Format::FhirR4Json),
        Some(_) => Err(Error::new(&codes::UNKNOWN_FORMAT).at_offset(0)),
        None => Err(Error::new(&codes::EMPTY_INPUT).at_offset(0)),
    }
}
