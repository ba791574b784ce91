//! Reading a segment: its codes, its words and its labels, node by node.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::super::sensitivity::{Classes, Coding, Sensitivity, System};
use super::Segment;
use crate::formats::dialect::CodingParts;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::record::Record;
use crate::record::memo::Memo;

/// About how many bytes of a record there are to a text, and to a name of a code system, that is remembered.
const BYTES_A_TEXT: usize = 1024;
const BYTES_A_SYSTEM: usize = 4096;

/// Reads the segments of a record, one after the other.
pub(super) struct Reading<'r> {
    record: &'r Record,
    tree: &'r Tree,
    sensitivity: &'r Sensitivity,
    /// The parts of formatted texts that belong to segments outside of which they stand, in source order.
    rows: &'r [NodeId],
    /// The words of a formatted text.
    words: Vec<u8>,
    /// What is known of code systems, as they are written.
    systems: Memo<'r, Option<System>>,
    /// The classes that texts mention, as they are written.
    said: Memo<'r, Classes>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(record: &'r Record, sensitivity: &'r Sensitivity, rows: &'r [NodeId]) -> Self {
        Self {
            record,
            tree: record.tree(),
            sensitivity,
            rows,
            words: Vec::new(),
            systems: Memo::of(record, BYTES_A_SYSTEM),
            said: Memo::of(record, BYTES_A_TEXT),
        }
    }

    /// Reads what stands in `unit` and in none of the units `inner`, which are in source order.
    pub(super) fn read(&mut self, unit: NodeId, inner: impl Iterator<Item = NodeId>, segment: &mut Segment) {
        let end = self.tree.next(unit);
        let mut inner = inner.take_while(|inner| *inner < end).peekable();
        let mut at = unit;
        while at < end {
            if inner.next_if(|inner| *inner == at).is_some() {
                at = self.tree.next(at);
                while inner.next_if(|inner| *inner < at).is_some() {}
                continue;
            }
            let (kind, label) = self.tree.kind_and_label(at);
            if label == Label::Narrative {
                self.narrative(at, true, segment);
                at = self.tree.next(at);
                continue;
            }
            if kind == Kind::Text {
                match label {
                    Label::Code => self.code(at, segment),
                    Label::Attachment => self.attachment(at, segment),
                    label if is_prose(label) => self.prose(at, segment),
                    _ => {}
                }
            }
            at = NodeId(at.0 + 1);
        }
    }

    /// Reads a part of a formatted text that belongs to the segment.
    pub(super) fn row(&mut self, row: NodeId, segment: &mut Segment) {
        self.narrative(row, false, segment);
    }

    /// The words of a formatted text, which may stand in several runs; without those of the parts that belong to
    /// other segments.
    fn narrative(&mut self, from: NodeId, without_rows: bool, segment: &mut Segment) {
        let end = self.tree.next(from);
        self.words.clear();
        let mut at = from;
        while at < end {
            if without_rows && self.rows.binary_search(&at).is_ok() {
                at = self.tree.next(at);
                continue;
            }
            if self.tree.kind_and_label(at).0 == Kind::Text {
                let text = self.record.text(at).unwrap_or_default();
                self.words.extend_from_slice(text.as_bytes());
                self.words.push(b'\n');
            }
            at = NodeId(at.0 + 1);
        }
        segment.narrative = segment.narrative.with(self.sensitivity.mentions(&self.words));
    }

    /// The text of a string; borrowed from the source wherever it has no escape.
    fn text(&self, id: NodeId) -> Cow<'r, str> {
        self.record.text(id).unwrap_or_default()
    }

    fn prose(&mut self, id: NodeId, segment: &mut Segment) {
        let written = self.record.raw(id);
        let found = self.said.recall(written, b"").unwrap_or_else(|| {
            let found = self.sensitivity.mentions(self.text(id).as_bytes());
            self.said.note(written, b"", found)
        });
        segment.classes = segment.classes.with(found);
    }

    /// What is known of the code system of a code; none where the code stands without one.
    fn system(&mut self, parts: &CodingParts) -> Option<Option<System>> {
        let written = parts.system.map(|node| self.record.raw(node));
        if let Some(known) = written.and_then(|written| self.systems.recall(written, b"")) {
            return Some(known);
        }
        let name = self.record.system_of(parts).filter(|name| !name.is_empty())?;
        let found = self.sensitivity.system(&name);
        Some(written.map_or(found, |written| self.systems.note(written, b"", found)))
    }

    fn code(&mut self, id: NodeId, segment: &mut Segment) {
        let coding: Coding = match self.system(&self.record.coding_parts(id)) {
            None => self.sensitivity.code_alone(&self.text(id)),
            Some(Some(system)) if system.tells_codes_apart() => {
                self.sensitivity.coding(Some(system), &self.text(id))
            }
            Some(known) => self.sensitivity.coding(known, ""),
        };
        if coding.needs_words && !segment.unread {
            let holder = self.tree.parent(id);
            segment.unread = !holder.is_some_and(|holder| self.has_words(holder));
        }
        segment.classes = segment.classes.with(coding.classes);
        segment.confidentiality = segment.confidentiality.max(coding.confidentiality);
        if coding.is_label {
            segment.labelled = segment.labelled.with(coding.classes);
        }
    }

    /// Whether a coding, or the concept that it is a coding of, has a text.
    fn has_words(&self, coding: NodeId) -> bool {
        let tree = self.tree;
        let worded = |holder: NodeId| {
            tree.children(holder).any(|child| {
                let node = tree.node(child);
                node.kind() == Kind::Text && node.label() == Label::CodeText && node.span().len() > 2
            })
        };
        let concept = tree.parent(coding).filter(|list| tree.node(*list).kind() == Kind::List);
        worded(coding) || concept.and_then(|list| tree.parent(list)).is_some_and(worded)
    }

    fn attachment(&self, id: NodeId, segment: &mut Segment) {
        let text = self.text(id);
        let packed = if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            Cow::Owned(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>())
        } else {
            Cow::Borrowed(text.as_bytes())
        };
        match BASE64.decode(packed).ok().filter(|content| is_plain_text(content)) {
            Some(content) => {
                let found = self.sensitivity.mentions(&content);
                segment.classes = segment.classes.with(found);
            }
            None => segment.unread = true,
        }
    }
}

/// Whether a file is text whose words stand in it as they are read: no control characters, no format that could
/// break or escape them.
fn is_plain_text(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let opaque = text.starts_with("%PDF") || text.starts_with("{\\rtf") || text.contains("\\u");
    !opaque && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// Whether a leaf of that label can hold words about care. What no data map knows can.
const fn is_prose(label: Label) -> bool {
    matches!(
        label,
        Label::FreeText
            | Label::CodeText
            | Label::ReferenceText
            | Label::OrganisationName
            | Label::PlaceName
            | Label::AddressText
            | Label::Value
            | Label::Unrecognised
    )
}
