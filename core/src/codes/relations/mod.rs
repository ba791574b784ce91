//! The tabular list as a graph: what its notes say of a code, and whether they name another.
//!
//! A note stands at a chapter, a section, a category or a code and holds for everything below it. Which codes it
//! names is read from its wording ([`reference`]); ranges run in the order of the list, not of the letters.

mod reference;

use serde::Serialize;

pub(crate) use reference::{Condition, Reference, references};

use super::icd10cm::Standing;
use super::{CodeContext, Codes};
use crate::error::{Error, Result, codes};

/// What a note of the tabular list asks for (Official Guidelines I.A.11 to I.A.17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Conditions that a category holds.
    Includes,
    /// Conditions for which a code is used.
    InclusionTerm,
    /// Not coded here: the two are not reported together (I.A.12.a).
    Excludes1,
    /// Not included here: both may be reported (I.A.12.b).
    Excludes2,
    /// The underlying condition is sequenced first (I.A.13).
    CodeFirst,
    /// A secondary code is added (I.A.13).
    UseAdditional,
    /// Two codes may be needed, in either order (I.A.17).
    CodeAlso,
    /// Any other instruction.
    Note,
    /// That a 7th character is required.
    SeventhCharacter,
}

impl NoteKind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Includes,
        Self::InclusionTerm,
        Self::Excludes1,
        Self::Excludes2,
        Self::CodeFirst,
        Self::UseAdditional,
        Self::CodeAlso,
        Self::Note,
        Self::SeventhCharacter,
    ];

    /// The stable lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Includes => "includes",
            Self::InclusionTerm => "inclusion_term",
            Self::Excludes1 => "excludes1",
            Self::Excludes2 => "excludes2",
            Self::CodeFirst => "code_first",
            Self::UseAdditional => "use_additional",
            Self::CodeAlso => "code_also",
            Self::Note => "note",
            Self::SeventhCharacter => "seventh_character",
        }
    }
}

/// A note that holds for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it asks for.
    pub kind: NoteKind,
    /// Its wording, as the list has it.
    pub text: String,
    /// The codes that it names, each in one form: `E10-E14`, `A99.-`, `T36-T50 with character 5 or 6: 5`.
    pub codes: Vec<String>,
    /// Where it stands: the code itself, a category or subcategory above it, a section (`E08-E13`) or a chapter (`4`).
    pub at: String,
    /// The release whose tabular list it was read from: the one asked, or the nearest whose list is loaded.
    pub release: String,
}

/// Whether a note names a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// It does not.
    No,
    /// It names a range that the code is in, under a condition that cannot be read from the code.
    Possible,
    /// It does.
    Yes,
}

/// What the Excludes1 notes say of two codes in one encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExclusionStatus {
    /// No Excludes1 note of either names the other.
    Clear,
    /// A note names the other, but the two may be unrelated conditions, which may be reported together (guidelines
    /// I.A.12.a): one of them stands for several conditions, the note is that of a section or chapter, or its condition
    /// cannot be read.
    ExceptionPossible,
    /// Both stand for one condition, and a note at the one or above it names the other.
    Conflict,
}

/// The finding on two codes, with the note that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// Conflict, exception possible, or clear.
    pub status: ExclusionStatus,
    /// The code whose note it is; nothing when clear.
    pub code: Option<String>,
    /// The code that the note names; nothing when clear.
    pub excluded: Option<String>,
    /// The note; nothing when clear.
    pub note: Option<Note>,
}

impl Exclusion {
    pub(crate) const CLEAR: Self =
        Self { status: ExclusionStatus::Clear, code: None, excluded: None, note: None };
}

impl Codes {
    /// The notes that hold for a code: those of its chapter and section first, its own last. Empty for a system
    /// without a tabular list, and for a code that the release does not have.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn notes(&self, system: &str, code: &str, context: &CodeContext) -> Result<Vec<Note>> {
        self.known(system)?;
        let standing = (system == "icd10cm").then(|| self.icd10cm.standing(code, context)).flatten();
        Ok(standing.map(|standing| standing.notes()).unwrap_or_default())
    }

    /// Whether a note of ICD-10-CM names a code of it.
    #[must_use]
    pub fn covers(&self, note: &Note, code: &str, context: &CodeContext) -> Coverage {
        self.icd10cm.covers(&note.text, code, context)
    }

    /// Whether two ICD-10-CM codes may stand in one encounter as far as Excludes1 notes say, in both directions; the
    /// stronger finding is given. Codes that the release does not have are clear: [`Codes::validate`] judges them.
    #[must_use]
    pub fn excludes1(&self, one: &str, other: &str, context: &CodeContext) -> Exclusion {
        match (self.icd10cm.standing(one, context), self.icd10cm.standing(other, context)) {
            (Some(one), Some(other)) => one.excludes1(&other),
            _ => Exclusion::CLEAR,
        }
    }

    /// An ICD-10-CM code with the notes that hold for it, where the release of the context has it.
    pub(crate) fn standing(&self, code: &str, context: &CodeContext) -> Option<Standing<'_>> {
        self.icd10cm.standing(code, context)
    }

    fn known(&self, system: &str) -> Result<()> {
        if self.names().any(|name| name == system) { Ok(()) } else { Err(Error::new(&codes::UNKNOWN_SYSTEM)) }
    }
}

#[cfg(test)]
mod tests;
