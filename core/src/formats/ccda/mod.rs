//! C-CDA R2.1 and any other CDA R2 document: XML with labels from a data map of the standard's classes, data types
//! and templates. A part of a document, such as one section, is read as well.

mod absent;
mod characters;
mod form;
mod label;
pub mod map;
mod path;
mod references;
mod scan;
mod segments;
mod siblings;

use std::borrow::Cow;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::Irregularity;
use super::dialect::{self, Beside, CodingParts, Dialect, Parsed, PathRenderer, Reading};
use super::edit::{Edits, Emptied};
use super::fhir::map::DataMap;
use super::field::Field;
use super::segment::Segment;
use super::systems;
use super::tree::{ElementId, Kind, NodeId};
use super::walk::Walk;
use crate::error::Result;
use crate::text::{PartialDate, Span};
use form::Form;

/// CDA R2 with the templates of C-CDA R2.1.
pub struct Ccda {
    map: &'static DataMap<'static>,
    fields: Vec<Option<Field>>,
}

impl std::fmt::Debug for Ccda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ccda").field("map", self.map).finish_non_exhaustive()
    }
}

impl Ccda {
    /// The format.
    ///
    /// # Errors
    /// `pack_malformed`, where the program was built with a pack that is none.
    pub fn new() -> Result<Arc<Self>> {
        static CCDA: OnceCell<Arc<Ccda>> = OnceCell::new();
        CCDA.get_or_try_init(|| map::ccda().map(|map| Arc::new(Self { map, fields: map.fields() }))).cloned()
    }

    /// Scans and labels one document, or a part of one, from byte `from` on.
    ///
    /// # Errors
    /// `empty_input`, `too_large`, `too_deep`, `invalid_utf8`, `unsupported_encoding`, `truncated`, `invalid_xml`,
    /// `mismatched_tag`, `doctype_refused`, `trailing_data`, `not_a_document`; each with the byte offset.
    pub fn read(self: Arc<Self>, source: &[u8], from: usize, depth: usize) -> Result<Reading> {
        let mut scanned = scan::scan(source, from, depth)?;
        let label::Labelled { entries, mut irregularities } = label::label(self.map, source, &mut scanned)?;
        if from > 0 {
            irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
        }
        Ok(Reading { tree: scanned.tree, entries, irregularities, dialect: self })
    }
}

impl Dialect for Ccda {
    fn fields(&self) -> &[Option<Field>] {
        &self.fields
    }

    fn type_name(&self, ty: ElementId) -> Option<&'static str> {
        self.map.name(ty)
    }

    fn is_contained(&self, parsed: Parsed<'_>, entry: NodeId) -> bool {
        let before = parsed.entries.partition_point(|head| head.node < entry);
        let outer = parsed.entries.get(..before).unwrap_or_default();
        outer.iter().any(|head| head.node != NodeId::ROOT && parsed.tree.is_within(entry, head.node))
    }

    fn text<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        match parsed.tree.node(id).kind() {
            Kind::Text | Kind::Number | Kind::Flag => characters::decode(parsed.raw(id)),
            Kind::Object | Kind::List | Kind::Null => None,
        }
    }

    fn encode(&self, parsed: Parsed<'_>, id: NodeId, text: &str, out: &mut Vec<u8>) -> bool {
        let node = parsed.tree.node(id);
        let fits = match node.kind() {
            Kind::Number => text.trim() == text && text.parse::<f64>().is_ok_and(f64::is_finite),
            Kind::Flag => matches!(text, "true" | "false"),
            Kind::Text => true,
            Kind::Object | Kind::List | Kind::Null => false,
        };
        match Form::of(parsed.source, &node) {
            _ if !fits => return false,
            Form::Element | Form::Instruction => return false,
            Form::Comment if text.contains("--") || text.ends_with('-') || text.contains(is_forbidden) => {
                return false;
            }
            Form::Comment => out.extend_from_slice(&[b"<!--", text.as_bytes(), b"-->"].concat()),
            Form::Simple | Form::Attribute | Form::Run => characters::encode(text, out),
        }
        true
    }

    fn name<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        std::str::from_utf8(path::raw_name(parsed, id)?).ok().map(Cow::Borrowed)
    }

    fn iso_date<'a>(&self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        super::hl7v2::date::iso_date(text)
    }

    fn date(&self, text: &str) -> Option<PartialDate> {
        super::hl7v2::date::read(text)
    }

    fn is_time(&self, _text: &str) -> bool {
        false
    }

    fn system<'a>(&self, parsed: Parsed<'a>, parts: &CodingParts) -> Option<Cow<'a, str>> {
        match parts.system {
            Some(system) => systems::of_oid(self.text(parsed, system)?),
            None => {
                let holder = parsed.tree.parent(parts.code?)?;
                let name = map::plain(path::raw_name(parsed, holder)?);
                match &*name {
                    b"statusCode" => Some("http://terminology.hl7.org/CodeSystem/v3-ActStatus".into()),
                    b"languageCode" => Some("urn:ietf:bcp:47".into()),
                    b"realmCode" => Some("urn:iso:std:iso:3166".into()),
                    b"signatureCode" => {
                        Some("http://terminology.hl7.org/CodeSystem/v3-ParticipationSignature".into())
                    }
                    _ => None,
                }
            }
        }
    }

    fn paths<'a>(&'a self, parsed: Parsed<'a>) -> Box<dyn PathRenderer + 'a> {
        Box::new(Walk::new(path::Names { map: self.map, parsed }, parsed.tree))
    }

    fn locate(&self, parsed: Parsed<'_>, path: &str) -> std::result::Result<NodeId, usize> {
        path::locate(parsed, path)
    }

    fn cut(&self, parsed: Parsed<'_>, id: NodeId, _beside: Beside) -> Span {
        let node = parsed.tree.node(id);
        let member = node.member_span();
        match Form::of(parsed.source, &node) {
            // The white space before it and the closing quote.
            Form::Attribute => {
                let before = parsed.source.get(..member.start).unwrap_or_default();
                let start =
                    before.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
                Span::new(start, member.end + 1)
            }
            // The end tag.
            Form::Simple => {
                let rest = parsed.source.get(member.end..).unwrap_or_default();
                let end = memchr::memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
                Span::new(member.start, member.end + end)
            }
            _ => member,
        }
    }

    fn emptied(&self, parsed: Parsed<'_>, id: NodeId) -> Emptied {
        absent::emptied(self.map, parsed, id)
    }

    fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        absent::withhold(self.map, edits, id)
    }

    fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        absent::mask(edits, id);
    }

    fn is_required(&self, parsed: Parsed<'_>, id: NodeId) -> bool {
        absent::is_required(self.map, parsed, id)
    }

    fn segments(&self, parsed: Parsed<'_>) -> Vec<Segment> {
        segments::of(parsed)
    }

    fn references(&self, parsed: Parsed<'_>) -> Option<Box<dyn dialect::References>> {
        Some(Box::new(references::References::of(parsed)))
    }
}

/// Whether no XML document may hold the character.
fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
