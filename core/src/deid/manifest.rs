//! The manifest: what was done to which place and why, and never the value.

use std::collections::BTreeMap;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::policy::{Policy, RuleId};
use crate::formats::label::Label;
use crate::formats::tree::NodeId;
use crate::record::Record;
use crate::text::Span;

/// What was done to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// It is gone, with its name.
    Remove,
    /// It is gone, and because the format requires it, a statement that it was masked stands there.
    Mask,
    /// Only the year is left.
    Year,
    /// Only the first three digits of the ZIP code are left, or `000`.
    Zip3,
    /// A random token stands there.
    Token,
    /// Letters and digits of it are hidden.
    MaskText,
    /// Only the year and month are left.
    Month,
    /// The band of the age stands there.
    AgeBand,
    /// The band of the number stands there.
    NumberBand,
    /// Only the first characters of the postal code are left.
    PostalPrefix,
    /// A code above it stands there.
    Parent,
    /// The date has moved with its patient's.
    ShiftDates,
    /// A keyed code stands there.
    Pseudonym,
    /// A value of the same form that belongs to nobody stands there.
    Surrogate,
    /// What identifies in a text was taken out of it.
    CleanText,
    /// It stands there encrypted.
    Encrypt,
    /// A text of the policy's stands there.
    Substitute,
    /// The number has moved.
    Perturb,
}

impl Action {
    /// The stable lower-case name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Mask => "mask",
            Self::Year => "year",
            Self::Zip3 => "zip3",
            Self::Token => "token",
            Self::MaskText => "mask_text",
            Self::Month => "month",
            Self::AgeBand => "age_band",
            Self::NumberBand => "number_band",
            Self::PostalPrefix => "postal_prefix",
            Self::Parent => "parent",
            Self::ShiftDates => "shift_dates",
            Self::Pseudonym => "pseudonym",
            Self::Surrogate => "surrogate",
            Self::CleanText => "clean_text",
            Self::Encrypt => "encrypt",
            Self::Substitute => "substitute",
            Self::Perturb => "perturb",
        }
    }
}

/// One entry of a manifest, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestEntry {
    /// What the place holds, as the format's data map says.
    pub label: &'static str,
    /// What was done: the name of an [`Action`], such as `remove` or `year`.
    pub action: &'static str,
    /// Native path in the source, such as `Patient.name[0]`.
    pub path: String,
    /// Bytes of the value in the source.
    pub span: Span,
    /// The paragraph that asks for it, such as `164.514(b)(2)(i)(A)`.
    pub rule: String,
}

/// How often one thing was done to one kind of place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestCount {
    /// What the places hold.
    pub label: &'static str,
    /// What was done.
    pub action: &'static str,
    /// How often.
    pub count: usize,
}

/// An entry as it is kept: eight bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) node: NodeId,
    pub(super) label: Label,
    pub(super) action: Action,
    pub(super) rule: RuleId,
}

const _: () = assert!(size_of::<Entry>() == 8);

/// Everything that de-identification changed in a record, in source order. What only followed (a container that
/// was left without content and went as well) has no entry of its own.
///
/// Entries are kept small; their paths are made when they are asked for. Serialised it is the list of entries.
#[derive(Clone)]
pub struct Manifest {
    record: Record,
    policy: Policy,
    entries: Vec<Entry>,
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Manifest {
    pub(super) const fn new(record: Record, policy: Policy, entries: Vec<Entry>) -> Self {
        Self { record, policy, entries }
    }

    /// How many entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in source order.
    pub fn entries(&self) -> impl Iterator<Item = ManifestEntry> + '_ {
        let mut paths = self.record.paths();
        self.entries.iter().map(move |entry| ManifestEntry {
            label: entry.label.as_str(),
            action: entry.action.as_str(),
            path: paths.of(entry.node).to_owned(),
            span: self.record.tree().node(entry.node).span(),
            rule: self.policy.rule(entry.rule).to_owned(),
        })
    }

    /// How often each thing was done to each kind of place, in the order of the labels.
    #[must_use]
    pub fn counts(&self) -> Vec<ManifestCount> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry((entry.label, entry.action)).or_insert(0) += 1;
        }
        counts
            .into_iter()
            .map(|((label, action), count)| ManifestCount {
                label: label.as_str(),
                action: action.as_str(),
                count,
            })
            .collect()
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for entry in self.entries() {
            list.serialize_element(&entry)?;
        }
        list.end()
    }
}
