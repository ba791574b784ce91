//! Codes, their systems and their texts: what of a coding may stay.

use std::borrow::Cow;

use super::systems::{Form, Systems, is_mnemonic};
use super::words::{OwnWords, looks_personal};
use crate::formats::dialect::CodingParts;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;
use crate::record::memo::Memo;

/// The longest text of a code that may stay, in bytes: the longest names of LOINC and SNOMED CT are shorter.
const LONGEST_TEXT: usize = 500;

/// The longest unit that may stay, in bytes.
const LONGEST_UNIT: usize = 64;

/// Where the standards publish names that a record uses: profiles, extensions, editions.
const PUBLISHED: &[&str] = &["http://hl7.org/fhir/", "http://snomed.info/sct/"];

/// Judges the codes of one record.
pub(super) struct Codings<'r> {
    record: &'r Record,
    words: &'r OwnWords<'r>,
    systems: &'static Systems,
    /// Verdicts on a code and its system.
    codes: Memo<'r, bool>,
    /// The forms of the codes of a system.
    forms: Memo<'r, Option<&'static Form>>,
    /// Verdicts on a text or a name of the format, and what it was judged as.
    texts: Memo<'r, bool>,
    /// The parts of the last code.
    last: CodingParts,
}

impl<'r> Codings<'r> {
    pub(super) fn new(record: &'r Record, words: &'r OwnWords<'r>) -> Self {
        Self {
            record,
            words,
            systems: Systems::embedded(),
            codes: Memo::of(record, 64),
            forms: Memo::of(record, 1024),
            texts: Memo::of(record, 64),
            last: CodingParts::default(),
        }
    }

    /// The leaves that make one code together with a leaf: code, system and text are asked for one after the other.
    fn parts(&mut self, leaf: NodeId) -> CodingParts {
        if ![self.last.code, self.last.system, self.last.text].contains(&Some(leaf)) {
            self.last = self.record.coding_parts(leaf);
        }
        self.last
    }

    /// Whether a code may stay: its system is public and it has the form of that system's codes. Of a quantity it
    /// may stay without a system, as a unit.
    pub(super) fn keeps_code(&mut self, id: NodeId) -> bool {
        let parts = self.parts(id);
        self.keeps_code_of(&parts, id)
    }

    fn keeps_code_of(&mut self, parts: &CodingParts, id: NodeId) -> bool {
        let record = self.record;
        // A code and the name of its system, as they are written.
        let (code, mut name) = (record.raw(id), parts.system.map(|system| record.raw(system)));
        let mut of_format = None;
        if name.is_none() {
            let Some(system) = record.system_of(parts) else { return parts.quantity && self.is_unit(id) };
            // One that the format knows without being told has one name everywhere.
            if let Cow::Borrowed(system) = system {
                name = Some(system.as_bytes());
            }
            of_format = Some(system);
        }
        if let Some(known) = name.and_then(|name| self.codes.recall(code, name)) {
            return known;
        }
        let system = |of_format: Option<Cow<'r, str>>| of_format.or_else(|| record.system_of(parts));
        let form = match name {
            Some(name) => self.forms.recall(name, b"").unwrap_or_else(|| {
                let system = system(of_format);
                self.forms.note(name, b"", system.and_then(|system| self.systems.form(&system)))
            }),
            None => system(of_format).and_then(|system| self.systems.form(&system)),
        };
        let verdict = form.is_some_and(|form| {
            record.text(id).is_some_and(|code| form.admits(&code) && !self.words.occur_in_code(&code))
        });
        name.map_or(verdict, |name| self.codes.note(code, name, verdict))
    }

    /// Whether a code without a system may stay as that of a unit.
    fn is_unit(&mut self, id: NodeId) -> bool {
        self.judged(id, b"unit", |this, code| is_mnemonic(code) && !this.words.occur_in(code))
    }

    /// The verdict on the text of a node, the one that it had before where it was judged so before.
    fn judged(&mut self, id: NodeId, role: &'static [u8], judge: impl Fn(&Self, &str) -> bool) -> bool {
        let raw = self.record.raw(id);
        if let Some(known) = self.texts.recall(raw, role) {
            return known;
        }
        let verdict = self.record.text(id).is_some_and(|text| judge(self, &text));
        self.texts.note(raw, role, verdict)
    }

    /// Whether the name of a code system may stay.
    pub(super) fn keeps_system(&mut self, id: NodeId) -> bool {
        let raw = self.record.raw(id);
        if let Some(known) = self.texts.recall(raw, b"system") {
            return known;
        }
        // Its codes were asked for already.
        if let Some(Some(_)) = self.forms.recall(raw, b"") {
            return self.texts.note(raw, b"system", true);
        }
        let parts = CodingParts { system: Some(id), ..self.parts(id) };
        let verdict = self.record.system_of(&parts).is_some_and(|system| self.systems.is_public(&system));
        self.texts.note(raw, b"system", verdict)
    }

    /// Whether the text of a code may stay: its code stays, and the text holds none of the record's own words. A
    /// text that stands apart from its codes stays where it is that of one of them.
    pub(super) fn keeps_text(&mut self, id: NodeId) -> bool {
        let tree = self.record.tree();
        let Some(container) = tree.parent(id) else { return false };
        let parts = self.parts(id);
        if let Some(code) = parts.code {
            return self.keeps_code_of(&parts, code) && self.is_clean(id);
        }
        let Some(text) = self.record.text(id) else { return false };
        let list = tree.parent(container).filter(|outer| tree.node(*outer).kind() == Kind::List);
        // The codes of a concept stand inside it; those of a part of an extension stand in the parts beside it.
        let around = [Some(container), list];
        let codings = around.into_iter().flatten().find_map(|place| {
            let codes: Vec<NodeId> =
                tree.descendants(place).filter(|at| tree.node(*at).label() == Label::Code).collect();
            (!codes.is_empty()).then_some(codes)
        });
        codings.into_iter().flatten().any(|code| {
            let parts = self.record.coding_parts(code);
            let Some(display) = parts.text else { return false };
            self.record.text(display).as_deref() == Some(&*text)
                && self.keeps_code_of(&parts, code)
                && self.is_clean(display)
        })
    }

    /// Whether the text of a unit may stay.
    pub(super) fn keeps_unit(&mut self, id: NodeId) -> bool {
        self.record.raw(id).len() <= LONGEST_UNIT && self.is_clean(id)
    }

    /// Whether a name of the format may stay: a word, or an address under which the standards publish.
    pub(super) fn keeps_name(&mut self, id: NodeId) -> bool {
        self.judged(id, b"name", Self::is_name)
    }

    fn is_name(&self, name: &str) -> bool {
        match PUBLISHED.iter().find_map(|base| name.strip_prefix(base)) {
            Some(rest) => {
                let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./|".contains(&byte);
                rest.bytes().all(named) && !self.words.occur_in(rest)
            }
            // What points into this record or its server is an id.
            None if name.starts_with('#') => false,
            None if name.split_once('/').is_some_and(|(kind, _)| self.record.is_entry_type(kind)) => false,
            None => is_mnemonic(name) && !self.words.occur_in(name),
        }
    }

    /// Whether a container holds one of these codes of a system that satisfies `test` with it.
    pub(super) fn is(
        &self,
        coding: NodeId,
        codes: impl Fn(&str) -> bool,
        test: impl Fn(&str, &str) -> bool,
    ) -> bool {
        let tree = self.record.tree();
        let mut found = tree.children(coding).filter(|child| tree.node(*child).label() == Label::Code);
        found.any(|id| {
            // Most are told apart by the code alone.
            let Some(code) = self.record.text(id).filter(|code| codes(code)) else { return false };
            self.record.system_of(&self.record.coding_parts(id)).is_some_and(|system| test(&system, &code))
        })
    }

    fn is_clean(&mut self, id: NodeId) -> bool {
        self.judged(id, b"text", |this, text| {
            text.len() <= LONGEST_TEXT
                && !text.contains(char::is_control)
                && !looks_personal(text)
                && !this.words.occur_in(text)
        })
    }
}
