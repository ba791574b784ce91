//! The facts of one request: a value for each of the catalogue, and what a facility's own rules may ask besides.

use super::fact::Fact;
use super::sensitivity::Classes;
use super::tri::Tri;
use crate::formats::field::EntryKind;

/// A value for every fact, and what a facility's own rules may ask besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    values: [Tri; Fact::COUNT],
    /// The name of the one who asks, as names are compared.
    pub(super) requester: Option<String>,
    /// Of the segment: its kind, its classes, and whether a part of it cannot be read. None while no segment is
    /// looked at.
    pub(super) segment: Option<Content>,
}

/// What a segment is, for rules that name kinds and classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Content {
    pub(super) kind: EntryKind,
    pub(super) classes: Classes,
    pub(super) unread: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Self { values: [Tri::Unknown; Fact::COUNT], requester: None, segment: None }
    }
}

impl Facts {
    /// The value.
    #[must_use]
    pub(super) fn get(&self, fact: Fact) -> Tri {
        self.values.get(fact as usize).copied().unwrap_or_default()
    }

    /// Sets the value.
    pub(super) fn set(&mut self, fact: Fact, value: impl Into<Tri>) {
        if let Some(slot) = self.values.get_mut(fact as usize) {
            *slot = value.into();
        }
    }
}

impl Fact {
    /// Its bit among the facts of segments; of a fact of the request, none.
    pub(super) const fn segment_bit(self) -> u64 {
        const { assert!(Self::COUNT - Self::SegmentOfPatient as usize <= 64) };
        match (self as u32).checked_sub(Self::SegmentOfPatient as u32) {
            Some(at) => 1 << at,
            None => 0,
        }
    }
}
