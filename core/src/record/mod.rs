//! A patient's record: immutable source bytes, a labelled span tree over them, and the Chart as a view of it.

mod bundle;
#[cfg(test)]
mod ccda_tests;
mod chart;
mod finding;
mod lines;
mod locate;
pub(crate) mod memo;
mod mirror;
mod ndjson;
mod path;
mod patient;
mod progress;
mod records;
#[cfg(test)]
mod segment_tests;
#[cfg(test)]
mod tests;
mod to_fhir;
mod uncharted;

use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result, codes};
use crate::formats::dialect::{CodingParts, Dialect, Parsed, Reading, References};
use crate::formats::edit::{Edits, Emptied};
use crate::formats::field::EntryKind;
use crate::formats::segment::Segments;
use crate::formats::table::{self, TableMap};
use crate::formats::tree::{NodeId, Tree};
use crate::formats::{self, Format, Irregularity, json};
use crate::text::PartialDate;

pub use chart::{Chart, Coding, Entry};
pub use finding::{Finding, Severity};
use lines::Lines;
pub use mirror::{ChartEntry, ChartField};
pub use path::Paths;
pub use progress::{Progress, WithProgress};
pub use records::{Layout, ReadRecordsRequest, Records, open_records, read_records};
pub use to_fhir::{FhirCopy, Loss, Origin};
pub use uncharted::UnchartedPart;

/// One record: a source of any format that was read. Cheap to clone; nothing in it changes after parsing.
#[derive(Clone)]
pub struct Record {
    inner: Arc<Inner>,
}

struct Inner {
    source: Vec<u8>,
    format: Format,
    reading: Reading,
    /// What its columns are, where it is a table that was read with a map.
    table: Option<TableMap>,
    references: OnceLock<Option<Box<dyn References>>>,
    lines: OnceLock<Lines>,
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
            .field("nodes", &self.inner.reading.tree.len())
            .finish()
    }
}

impl Record {
    /// Reads a record. `format` names it; without it the bytes are looked at.
    ///
    /// # Errors
    /// `empty_input`, `unknown_format`, `invalid_utf8`, `too_large`; of FHIR `invalid_json`, `truncated`,
    /// `trailing_data`, `too_deep`, `not_a_resource`, `unknown_resource_type`; of HL7 v2 `not_a_message`; each with
    /// the byte offset.
    pub fn parse(source: impl Into<Vec<u8>>, format: Option<Format>) -> Result<Self> {
        Self::parse_within(source, format, Limits::default())
    }

    /// [`Record::parse`] with limits of the caller's.
    ///
    /// # Errors
    /// As [`Record::parse`].
    pub fn parse_within(source: impl Into<Vec<u8>>, format: Option<Format>, limits: Limits) -> Result<Self> {
        Self::read(source.into(), limits, |source, from| match format {
            Some(format) => Ok((format, format.read(source, from, limits.depth)?)),
            None => formats::read_unnamed(source, from, limits.depth),
        })
    }

    /// Reads a record that can be nothing but FHIR: a line of newline-delimited JSON, an entry of a Bundle.
    fn parse_resource(source: Vec<u8>, format: Option<Format>, limits: Limits) -> Result<Self> {
        Self::read(source, limits, |source, from| match format {
            Some(format) => Ok((format, format.read(source, from, limits.depth)?)),
            None => formats::read_fhir(source, from, limits.depth),
        })
    }

    /// Reads a source, apart from a byte order mark, in some way.
    fn read(
        source: Vec<u8>,
        limits: Limits,
        read: impl FnOnce(&[u8], usize) -> Result<(Format, Reading)>,
    ) -> Result<Self> {
        if source.len() > limits.bytes {
            return Err(too_large(limits));
        }
        let from = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let (format, reading) = read(&source, from)?;
        Ok(Self::of(source, format, reading, None))
    }

    /// Reads a table with a map that says what its columns are. A column that the map does not name is unrecognised.
    ///
    /// ```
    /// use chartkeeper::Record;
    /// use chartkeeper::formats::Format;
    /// use chartkeeper::formats::table::suggest;
    /// let source = "mrn,last name,dob\n7,Doe,3/14/1967\n";
    /// let map = suggest(source.as_bytes(), Format::Csv)?;
    /// let record = Record::parse_table(source, &map)?;
    /// let person = record.chart().entries().next().unwrap();
    /// assert_eq!(record.path(person.first(chartkeeper::formats::field::Field::BirthDate).unwrap()), "row[1].dob");
    /// # Ok::<(), chartkeeper::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_argument` where the map names what is not known, `empty_input`, `too_large`, `invalid_utf8`,
    /// `truncated`, and of NDJSON those of a JSON value; each with the byte offset.
    pub fn parse_table(source: impl Into<Vec<u8>>, map: &TableMap) -> Result<Self> {
        let source = source.into();
        let limits = Limits::default();
        if source.len() > limits.bytes {
            return Err(too_large(limits));
        }
        let from = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let reading = table::read(&source, from, limits.depth, map)?;
        Ok(Self::of(source, map.format, reading, Some(map.clone())))
    }

    fn of(source: Vec<u8>, format: Format, reading: Reading, table: Option<TableMap>) -> Self {
        Self {
            inner: Arc::new(Inner {
                source,
                format,
                reading,
                table,
                references: OnceLock::new(),
                lines: OnceLock::new(),
            }),
        }
    }

    /// The record that other bytes of the same kind make: of the same format, with the same map of columns.
    fn parse_alike(&self, source: Vec<u8>) -> Result<Self> {
        match &self.inner.table {
            Some(map) => Self::parse_table(source, map),
            None => Self::parse(source, Some(self.format())),
        }
    }

    /// Who answers for the format of this record.
    fn dialect(&self) -> &dyn Dialect {
        self.inner.reading.dialect.as_ref()
    }

    /// The source with its nodes and entries.
    fn parsed(&self) -> Parsed<'_> {
        let Reading { tree, entries, .. } = &self.inner.reading;
        Parsed { source: &self.inner.source, tree, entries }
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
        &self.inner.reading.tree
    }

    /// What the format does not know or allow in this source.
    #[must_use]
    pub fn irregularities(&self) -> &[Irregularity] {
        &self.inner.reading.irregularities
    }

    /// The nodes of the entries in source order; one comes before those that it contains.
    pub fn resources(&self) -> impl ExactSizeIterator<Item = NodeId> {
        self.inner.reading.entries.iter().map(|entry| entry.node)
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

    /// The parts of the source that the chart does not carry: the outermost nodes in which no leaf is a field of any
    /// entry. The type of an entry is carried by the entry.
    #[must_use]
    pub fn uncharted(&self) -> Vec<UnchartedPart> {
        uncharted::collect(self)
    }

    /// The native path of a node, such as `Bundle.entry[3].resource.name[0].family` or `PID-5[1].1`. A member whose
    /// name the format does not know appears as `?`.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        self.paths().of(id).to_owned()
    }

    /// Renders the paths of many nodes; quick when they are asked for in source order.
    #[must_use]
    pub fn paths(&self) -> Paths<'_> {
        Paths::new(self.dialect().paths(self.parsed()))
    }

    /// The entry that a reference points to, where it is in this record. `reference` is the node of the reference
    /// or of the text in it. The names of all entries are collected at the first call.
    #[must_use]
    pub fn resolve(&self, reference: NodeId) -> Option<NodeId> {
        let index = self.inner.references.get_or_init(|| self.dialect().references(self.parsed()));
        index.as_ref()?.target(self.parsed(), reference)
    }

    /// The parts of the record that can be withheld each by itself, as its format defines them.
    #[must_use]
    pub fn segments(&self) -> Segments {
        Segments::new(self.dialect().segments(self.parsed()))
    }

    /// The entry of that kind to which `entry` belongs by its place, in a format that has no pointer for it: the
    /// patient of a message, the visit.
    #[must_use]
    pub fn belonging(&self, entry: NodeId, kind: EntryKind) -> Option<NodeId> {
        self.dialect().belonging(self.parsed(), entry, kind)
    }

    /// The bytes of a node's value.
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &[u8] {
        self.parsed().raw(id)
    }

    /// The text of a leaf: without what the format escapes it with, a number or truth value as written; none for
    /// containers and a stated nothing.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        self.dialect().text(self.parsed(), id)
    }

    /// Whether equal bytes are equal texts anywhere in the source: not where its messages differ in their delimiters or
    /// character sets.
    #[must_use]
    pub fn reads_alike(&self) -> bool {
        self.dialect().reads_alike()
    }

    /// The name of a member as the source writes it; none for nodes that are known by their place.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        self.dialect().name(self.parsed(), id)
    }

    /// The data type of a node as its standard publishes it, such as `HumanName` or `dateTime`; none where the format
    /// has no such types.
    #[must_use]
    pub fn data_type(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        self.dialect().data_type(self.parsed(), id)
    }

    /// The date, or date and time, of a leaf as ISO 8601 writes it, however the format does; none where it is no
    /// date.
    #[must_use]
    pub fn iso_date(&self, id: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        self.dialect().iso_date(self.text(id)?)
    }

    /// A text that is a date, or date and time, as the format writes it, in ISO 8601.
    #[must_use]
    pub fn as_iso_date<'t>(&self, text: &'t str) -> Option<std::borrow::Cow<'t, str>> {
        self.dialect().iso_date(text.into())
    }

    /// The date of a leaf, as far as it is known.
    #[must_use]
    pub fn date(&self, id: NodeId) -> Option<PartialDate> {
        self.dialect().date(&self.text(id)?)
    }

    /// A text as a date, as far as it is known.
    pub(crate) fn as_date(&self, text: &str) -> Option<PartialDate> {
        self.dialect().date(text)
    }

    /// Whether a text is a time of day as the format writes it.
    #[must_use]
    pub fn is_time(&self, text: &str) -> bool {
        self.dialect().is_time(text)
    }

    /// The leaves that make one code together with `leaf`.
    #[must_use]
    pub fn coding_parts(&self, leaf: NodeId) -> CodingParts {
        self.dialect().coding_parts(self.parsed(), leaf)
    }

    /// The code system of a code under the name that FHIR gives it, where that is known; else as the source names
    /// it. None where neither the source nor the format says one.
    #[must_use]
    pub fn system_of(&self, parts: &CodingParts) -> Option<std::borrow::Cow<'_, str>> {
        self.dialect().system(self.parsed(), parts)
    }

    /// The line, counted from 1, on which byte `offset` stands.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let source = &self.inner.source;
        self.inner.lines.get_or_init(|| Lines::of(source)).at(source, offset)
    }

    /// Starts edits of this record.
    #[must_use]
    pub fn edits(&self) -> Edits<'_> {
        Edits::new(self.parsed(), self.dialect())
    }

    /// What becomes of a container that an edit emptied: it goes as well, or where the format requires one it says
    /// that its value is withheld.
    #[must_use]
    pub fn emptied(&self, id: NodeId) -> Emptied {
        self.dialect().emptied(self.parsed(), id)
    }

    /// Removes a node as the format allows it: a required one is replaced by the statement that it is withheld.
    /// Comes back with whether that statement stands in its place.
    pub fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        self.dialect().withhold(edits, id)
    }

    /// Puts the statement that a value is withheld in place of an object, whether or not the format requires it.
    pub fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        self.dialect().mask(edits, id);
    }

    /// Whether the format requires the node, given its container.
    #[must_use]
    pub fn is_required(&self, id: NodeId) -> bool {
        self.dialect().is_required(self.parsed(), id)
    }

    /// Whether the node holds what is said about the value beside it, apart from it (`_birthDate`): then the node
    /// of that value, where the source has one.
    #[must_use]
    pub fn partner_of(&self, id: NodeId) -> Option<Option<NodeId>> {
        self.dialect().partner_of(self.parsed(), id)
    }

    /// Whether the format has such nodes.
    pub(crate) fn has_partners(&self) -> bool {
        self.dialect().has_partners()
    }

    /// Whether the children of a container are joined by separators, of which a removal takes one.
    pub(crate) fn joins(&self, container: NodeId) -> bool {
        self.dialect().joins(self.parsed(), container)
    }

    /// Whether a stated nothing only marks a position, so that it goes with what the position was kept for.
    #[must_use]
    pub fn null_is_position(&self) -> bool {
        self.dialect().null_is_position()
    }

    /// Whether the format has entries of this type (`Patient`).
    #[must_use]
    pub fn is_entry_type(&self, name: &str) -> bool {
        self.dialect().is_entry_type(name)
    }
}

fn too_large(limits: Limits) -> Error {
    Error::new(&codes::TOO_LARGE).note(format!("limit {} bytes", limits.bytes))
}
