//! The public form of a finding, with its offsets in characters, bytes and UTF-16 code units.

use serde::Serialize;

use super::found::Found;

/// The label of what stays, where an explanation is asked for.
pub(super) const LEFT: &str = "none";

/// Something in a text that identifies somebody. It tells where, never what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IdentifierSpan {
    /// First character (Unicode scalar value), counted from 0.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// First byte of the UTF-8 form.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// First UTF-16 code unit.
    pub utf16_start: usize,
    /// The code unit after the last.
    pub utf16_end: usize,
    /// What it is: the name of a label, such as `name`, `date` or `medical_record_number`; `none` where it stays, which
    /// is told where [`super::Known::explain`] asks for it.
    pub label: &'static str,
    /// How sure it is, from 0 to 1 in hundredths.
    pub score: f64,
    /// The evidence that decided, such as `title`, `full_date` or `name_model`. Of what stays: `name_unlikely`,
    /// `place_unlikely`, `organisation_unlikely`, `allowed`, `edge_of_name`, `letter`, `drug`, `clinical_word`,
    /// `ordinary_word`, `cue`, `no_evidence`, `code`, `measure`, `time`, `year`, `number_without_cue`.
    pub why: &'static str,
}

/// Counts characters and code units along a text, in one pass for ascending bytes.
pub(super) struct Counter<'t> {
    text: &'t str,
    byte: usize,
    characters: usize,
    units: usize,
}

impl<'t> Counter<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, byte: 0, characters: 0, units: 0 }
    }

    /// Characters and code units before a byte, which is not before the last one asked for.
    pub(super) fn at(&mut self, byte: usize) -> (usize, usize) {
        let part = self.text.get(self.byte..byte).unwrap_or_default();
        if part.is_ascii() {
            self.characters += part.len();
            self.units += part.len();
        } else {
            for c in part.chars() {
                self.characters += 1;
                self.units += c.len_utf16();
            }
        }
        self.byte = byte.max(self.byte);
        (self.characters, self.units)
    }
}

/// Findings in the order of the text with all their offsets.
pub(super) fn counted(text: &str, found: &[Found]) -> Vec<IdentifierSpan> {
    let mut counter = Counter::new(text);
    found
        .iter()
        .map(|hit| {
            let (start, utf16_start) = counter.at(hit.start);
            let (end, utf16_end) = counter.at(hit.end);
            IdentifierSpan {
                start,
                end,
                byte_start: hit.start,
                byte_end: hit.end,
                utf16_start,
                utf16_end,
                label: hit.label.as_str(),
                score: hit.rounded_score(),
                why: hit.why,
            }
        })
        .collect()
}
