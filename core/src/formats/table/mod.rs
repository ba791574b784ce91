//! Tables: rows of comma-separated values or of newline-delimited JSON objects, with a map that says what each column
//! is. A column that the map does not name is unrecognised.
//!
//! The tree has the table as its root and in it the rows; a row holds its cells. An empty cell of a CSV has no node.

mod csv;
mod encoding;
mod rows;
mod stream;
mod suggest;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Format;
use super::dialect::{Beside, CodingParts, Dialect, EntryHead, Parsed, PathRenderer, Reading, json_cut};
use super::edit::{Edits, Emptied};
use super::field::{EntryKind, Field};
use super::hl7v2;
use super::json;
use super::label::{Label, Whose};
use super::places::Places;
use super::tree::{ElementId, Kind, NodeId};
use crate::error::{Error, Result, codes};
use crate::text::{PartialDate, Span};

pub use encoding::Encoding;
pub(crate) use stream::Rows;
pub use suggest::suggest;

/// What the columns of a table are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableMap {
    /// `csv` or `ndjson-table`.
    pub format: Format,
    /// What a row is: the name of an `EntryKind`, such as `person` or `result`.
    #[serde(default = "person")]
    pub entry: String,
    /// The character between cells; of a CSV alone.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Whether the first row names the columns. Without it the columns of the map are those of the table, in order.
    #[serde(default = "yes")]
    pub header: bool,
    /// The character set: `utf-8` or `windows-1252`.
    #[serde(default)]
    pub encoding: Encoding,
    /// Whether `3/4/2025` is the third of April, and not the fourth of March.
    #[serde(default)]
    pub day_first: bool,
    /// The columns that are known.
    pub columns: Vec<TableColumn>,
}

/// What a column is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// Its name in the header, or its key in every row.
    pub name: String,
    /// The name of a `Label`, such as `name`, `birth_date` or `code`.
    pub label: String,
    /// The name of a `Whose`; without it the patient's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<String>,
    /// The name of a `Field` of the chart, such as `name.family`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The code system of its codes, under the name that FHIR gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

fn person() -> String {
    EntryKind::Person.as_str().into()
}

const fn comma() -> char {
    ','
}

const fn yes() -> bool {
    true
}

/// A column of a map that was checked.
#[derive(Debug, Clone, Copy)]
struct Column {
    label: Label,
    whose: Whose,
}

/// A table that was read: its map, ready to answer.
pub struct Table {
    map: TableMap,
    /// The element of the column of each name.
    names: HashMap<String, u16>,
    kind: EntryKind,
    /// By the number of the element: 0 is none, the others are the columns of the map.
    columns: Vec<Column>,
    fields: Vec<Option<Field>>,
    /// The element of each column of a CSV, by its place.
    places: Vec<u16>,
    /// Where the columns of the map stand in a CSV: element and place from 1, in order.
    known: Vec<(u16, usize)>,
    /// The places of the cells of wide rows.
    wide: Places,
    delimiter: u8,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("format", &self.map.format)
            .field("columns", &self.columns.len())
            .finish_non_exhaustive()
    }
}

/// The element of a row.
const ROW: ElementId = ElementId(u16::MAX);
/// The element of the row of names.
const HEADER: ElementId = ElementId(u16::MAX - 1);
/// The most columns that a map may name. A table may have more, which are unrecognised.
const MOST_COLUMNS: usize = 60_000;

fn bad_map(place: String, note: &'static str) -> Error {
    Error::new(&codes::INVALID_ARGUMENT).in_path(place).note(note)
}

/// Reads a table from byte `from` on with a map of its columns.
///
/// # Errors
/// `invalid_argument` where the map names what is not known, `empty_input`, `too_large`, `invalid_utf8`, `truncated`
/// where a quoted cell does not end; of NDJSON those of a JSON value.
pub fn read(source: &[u8], from: usize, depth: usize, map: &TableMap) -> Result<Reading> {
    let mut table = Table::of(map)?;
    if source.get(from..).unwrap_or_default().iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
    }
    if u32::try_from(source.len()).is_err() {
        return Err(Error::new(&codes::TOO_LARGE).note("limit 4294967295 bytes"));
    }
    if map.encoding == Encoding::Utf8
        && let Err(error) = std::str::from_utf8(source)
    {
        let note = "a table in another character set says so in its map";
        return Err(Error::new(&codes::INVALID_UTF8).at_offset(error.valid_up_to()).note(note));
    }
    let (tree, irregularities) = match map.format {
        Format::Csv => csv::scan(source, from, &mut table)?,
        _ => rows::scan(source, from, depth, &table)?,
    };
    let kind = table.kind;
    let rows = tree.children(NodeId::ROOT).filter(|row| tree.node(*row).element == ROW);
    let entries = rows.map(|node| EntryHead { node, kind, ty: ROW }).collect();
    Ok(Reading { tree, entries, irregularities, dialect: Arc::new(table) })
}

impl Table {
    fn of(map: &TableMap) -> Result<Self> {
        if !matches!(map.format, Format::Csv | Format::NdjsonTable) {
            return Err(bad_map("format".into(), "csv or ndjson-table"));
        }
        let delimiter = u8::try_from(u32::from(map.delimiter)).ok();
        let delimiter = delimiter.filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n'));
        let kind = EntryKind::from_name(&map.entry)
            .ok_or_else(|| bad_map("entry".into(), "no kind of entry has this name"))?;
        if map.columns.len() > MOST_COLUMNS {
            return Err(bad_map("columns".into(), "more columns than a table may have"));
        }
        let mut columns = vec![Column { label: Label::Unrecognised, whose: Whose::Patient }];
        let mut fields = vec![None];
        let mut names = HashMap::with_capacity(map.columns.len());
        for (at, column) in map.columns.iter().enumerate() {
            let place = |part: &str| format!("columns[{at}].{part}");
            let label = Label::from_name(&column.label)
                .ok_or_else(|| bad_map(place("label"), "no label has this name"))?;
            let whose = match &column.whose {
                None => Whose::Patient,
                Some(name) => {
                    Whose::from_name(name).ok_or_else(|| bad_map(place("whose"), "nobody has this name"))?
                }
            };
            let field = match &column.field {
                None => None,
                Some(name) => Some(
                    Field::from_name(name)
                        .ok_or_else(|| bad_map(place("field"), "no field has this name"))?,
                ),
            };
            if names.insert(column.name.clone(), columns.len() as u16).is_some() {
                return Err(bad_map(place("name"), "two columns have this name"));
            }
            // A container's label on a cell would let it pass unread.
            if label == Label::Structure {
                return Err(bad_map(place("label"), "a cell is no container"));
            }
            columns.push(Column { label, whose });
            fields.push(field);
        }
        Ok(Self {
            map: map.clone(),
            names,
            kind,
            columns,
            fields,
            places: Vec::new(),
            known: Vec::new(),
            wide: Places::default(),
            delimiter: delimiter
                .ok_or_else(|| bad_map("delimiter".into(), "one ASCII character, and no quote"))?,
        })
    }

    /// The element of the column of this name; none where the map has none.
    fn named(&self, name: &str) -> u16 {
        self.names.get(name).copied().unwrap_or_default()
    }

    /// Puts the places of the map's columns in order.
    fn know_places(&mut self) {
        let places = self.places.iter().copied().zip(1..);
        self.known = places.filter(|(element, _)| *element != 0).collect();
        self.known.sort_unstable();
    }

    fn column(&self, element: u16) -> Column {
        let none = Column { label: Label::Unrecognised, whose: Whose::Patient };
        self.columns.get(usize::from(element)).copied().unwrap_or(none)
    }

    /// The map's words for a node's column.
    fn described(&self, element: ElementId) -> Option<&TableColumn> {
        self.map.columns.get(element.index().checked_sub(1)?)
    }

    fn is_csv(&self) -> bool {
        self.map.format == Format::Csv
    }

    /// The place of a row among the rows of its kind, from 1.
    fn row_number(&self, parsed: Parsed<'_>, row: NodeId) -> usize {
        let before = parsed.entries.partition_point(|entry| entry.node <= row);
        before.max(1)
    }

    /// The place of a cell in its row, from 1.
    fn cell_number(&self, parsed: Parsed<'_>, cell: NodeId) -> usize {
        if let Some(number) = self.wide.of(cell) {
            return number;
        }
        let Some(row) = parsed.tree.parent(cell) else { return 0 };
        let start = parsed.tree.node(row).span().start;
        let before = parsed.source.get(start..parsed.tree.node(cell).span().start).unwrap_or_default();
        #[cfg(test)]
        super::places::work::add(before.len());
        csv::cells(before, self.delimiter).count()
    }

    /// The cell of a row of a CSV that stands at this place, from 1.
    fn cell(&self, parsed: Parsed<'_>, row: NodeId, place: usize) -> Option<NodeId> {
        // Cells have no parts, so that those of a row are its nodes.
        let (mut start, mut end) = (row.0 + 1, parsed.tree.next(row).0);
        while start < end {
            let middle = NodeId(start + (end - start) / 2);
            match self.cell_number(parsed, middle).cmp(&place) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => start = middle.0 + 1,
                std::cmp::Ordering::Greater => end = middle.0,
            }
        }
        None
    }

    /// The first cell of this element in a row.
    fn first_of(&self, parsed: Parsed<'_>, row: NodeId, element: u16) -> Option<NodeId> {
        let is = |cell: &NodeId| element != 0 && parsed.tree.node(*cell).element().0 == element;
        if !self.is_csv() {
            return parsed.tree.children(row).find(is);
        }
        let from = self.known.partition_point(|(known, _)| *known < element);
        let own = self.known.iter().skip(from).take_while(|(known, _)| *known == element);
        own.filter_map(|(_, place)| self.cell(parsed, row, *place)).find(is)
    }
}

impl Dialect for Table {
    fn fields(&self) -> &[Option<Field>] {
        &self.fields
    }

    fn type_name(&self, ty: ElementId) -> Option<&'static str> {
        (ty == ROW).then_some("row")
    }

    fn text<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        let raw = parsed.raw(id);
        match parsed.tree.node(id).kind() {
            Kind::Object | Kind::List | Kind::Null => None,
            Kind::Text if !self.is_csv() => json::decode(raw),
            Kind::Number | Kind::Flag if !self.is_csv() => std::str::from_utf8(raw).ok().map(Into::into),
            Kind::Text | Kind::Number | Kind::Flag => self.map.encoding.decode(csv::unquoted(raw)),
        }
    }

    fn encode(&self, parsed: Parsed<'_>, id: NodeId, text: &str, out: &mut Vec<u8>) -> bool {
        let kind = parsed.tree.node(id).kind();
        if !self.is_csv() {
            return json::encode_leaf(kind, text, out);
        }
        let number = kind != Kind::Number || text.parse::<f64>().is_ok_and(f64::is_finite);
        if matches!(kind, Kind::Object | Kind::List) || !number {
            return false;
        }
        let Some(bytes) = self.map.encoding.encode(text) else { return false };
        csv::quote(&bytes, self.delimiter, parsed.raw(id).first() == Some(&b'"'), out);
        true
    }

    fn name<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        (!self.is_csv()).then(|| json::name(parsed.source, &parsed.tree.node(id))).flatten()
    }

    /// Dates of a table are written as ISO 8601 writes them, without marks between, or with the month or the day first.
    fn iso_date<'a>(&self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        if PartialDate::parse(&text).is_some() {
            return Some(text);
        }
        if let Some((day, time)) = text.split_once(' ') {
            let day = self.iso_date(Cow::Borrowed(day))?.into_owned();
            let moment = format!("{day}T{time}");
            return PartialDate::parse(&moment).map(|_| Cow::Owned(moment));
        }
        if text.contains('/') {
            return slashed(&text, self.map.day_first).map(Cow::Owned);
        }
        hl7v2::iso_date(text)
    }

    fn coding_parts(&self, parsed: Parsed<'_>, leaf: NodeId) -> CodingParts {
        let code = (parsed.tree.node(leaf).label() == Label::Code).then_some(leaf);
        CodingParts { code, ..CodingParts::default() }
    }

    fn coding_group(&self, _parsed: Parsed<'_>, leaf: NodeId) -> u32 {
        leaf.0
    }

    fn system<'a>(&self, parsed: Parsed<'a>, parts: &CodingParts) -> Option<Cow<'a, str>> {
        if let Some(system) = parts.system {
            return self.text(parsed, system);
        }
        let column = self.described(parsed.tree.node(parts.code?).element())?;
        column.system.clone().map(Cow::Owned)
    }

    fn paths<'a>(&'a self, parsed: Parsed<'a>) -> Box<dyn PathRenderer + 'a> {
        Box::new(Paths { table: self, parsed, text: String::new() })
    }

    fn locate(&self, parsed: Parsed<'_>, path: &str) -> std::result::Result<NodeId, usize> {
        if path == "table" {
            return Ok(NodeId::ROOT);
        }
        let tree = parsed.tree;
        let (head, cell) = path.split_once('.').map_or((path, None), |(head, cell)| (head, Some(cell)));
        let row = if head == "header" {
            tree.children(NodeId::ROOT).next().filter(|row| tree.node(*row).element() == HEADER)
        } else {
            let number = numbered(head, "row").and_then(|number| number.checked_sub(1));
            number.and_then(|number| parsed.entries.get(number)).map(|entry| entry.node)
        };
        let row = row.ok_or(0usize)?;
        let Some(cell) = cell else { return Ok(row) };
        let found = match numbered(cell, "column").filter(|_| self.is_csv()) {
            Some(place) => self.cell(parsed, row, place),
            None => self.first_of(parsed, row, self.named(cell)),
        };
        found.ok_or(1)
    }

    fn joins(&self, parsed: Parsed<'_>, container: NodeId) -> bool {
        !self.is_csv() && container != NodeId::ROOT && parsed.tree.node(container).kind() != Kind::Null
    }

    /// A row goes with its end, a cell of a CSV leaves its place empty, a member of JSON goes with a comma.
    fn cut(&self, parsed: Parsed<'_>, id: NodeId, beside: Beside) -> Span {
        let span = parsed.tree.node(id).member_span();
        if parsed.tree.parent(id) == Some(NodeId::ROOT) {
            let after = parsed.source.get(span.end..).unwrap_or_default();
            let ending = match after {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => 0,
            };
            return Span::new(span.start, span.end + ending);
        }
        if self.is_csv() { span } else { json_cut(parsed, id, beside) }
    }

    fn emptied(&self, parsed: Parsed<'_>, id: NodeId) -> Emptied {
        let row = id == NodeId::ROOT || parsed.tree.parent(id) == Some(NodeId::ROOT);
        if row { Emptied::Keep } else { Emptied::Remove }
    }

    fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        edits.remove(id);
        false
    }

    fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        edits.remove(id);
    }
}

/// The number in `name[number]`.
fn numbered(text: &str, name: &str) -> Option<usize> {
    text.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// `M/D/YYYY`, or `D/M/YYYY`, in the form of ISO 8601.
fn slashed(text: &str, day_first: bool) -> Option<String> {
    let mut parts = text.split('/').map(|part| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    });
    let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
    let (month, day) = if day_first { (second, first) } else { (first, second) };
    let four = text.rsplit('/').next().is_some_and(|year| year.len() == 4);
    let iso = format!("{year:04}-{month:02}-{day:02}");
    (four && parts.next().is_none() && PartialDate::parse(&iso).is_some()).then_some(iso)
}

/// Native paths: `row[3].birth_date` for a column that the map names, `row[3].column[7]` for another.
struct Paths<'r> {
    table: &'r Table,
    parsed: Parsed<'r>,
    text: String,
}

impl PathRenderer for Paths<'_> {
    fn of(&mut self, id: NodeId) -> &str {
        let Self { table, parsed, text } = self;
        let tree = parsed.tree;
        let (mut row, mut cell) = (id, None);
        while let Some(parent) = tree.parent(row).filter(|parent| *parent != NodeId::ROOT) {
            cell = Some(row);
            row = parent;
        }
        if id == NodeId::ROOT {
            "table".clone_into(text);
            return text;
        }
        *text = if tree.node(row).element() == HEADER {
            "header".to_owned()
        } else {
            format!("row[{}]", table.row_number(*parsed, row))
        };
        if let Some(cell) = cell {
            text.push('.');
            // A name that looks like a place would lead to another cell.
            let described = table.described(tree.node(cell).element());
            let described =
                described.filter(|column| !table.is_csv() || numbered(&column.name, "column").is_none());
            match described.filter(|_| tree.node(row).element() == ROW) {
                Some(column) => text.push_str(&column.name),
                None if table.is_csv() => {
                    text.push_str(&format!("column[{}]", table.cell_number(*parsed, cell)))
                }
                None => text.push('?'),
            }
            if cell != id {
                text.push_str(".?");
            }
        }
        text
    }
}
