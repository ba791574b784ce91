//! Verdicts: whether a code may be used, why not, and what to use instead.
//!
//! A verdict is small and allocates nothing; its title, suggestions and detail are worked out when they are asked
//! for. [`VerdictRecord`] is all of it at once, in the shape that every language and every `_json` twin has.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Codes;
use super::crosswalk::CodeRelation;
use super::relations::Note;
use super::system::CodeSystem;
use super::text::CodeText;

/// The answer itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The code may be used.
    Valid,
    /// It may not; the reason says why.
    Invalid,
    /// What is loaded here cannot say: unknown is not no.
    Unknown,
}

impl Status {
    /// `valid`, `invalid` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unknown => "unknown",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why a verdict is not `valid`. The set grows; on the wire it is the stable lower-case code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }

        /// Every reason that a verdict can carry.
        pub const REASONS: &[&str] = &[$($code),*];
    };
}

reasons! {
    /// The text has not the form of a code of the system.
    Malformed = "malformed",
    /// The form is right, but the check digit does not fit the others.
    BadCheckDigit = "bad_check_digit",
    /// The release has no such code.
    NotFound = "not_found",
    /// A category or subcategory, with codes below it.
    NotBillable = "not_billable",
    /// A code that needs a 7th character.
    MissingSeventh = "missing_7th_character",
    /// A code whose placeholder X was left out.
    PlaceholderRequired = "placeholder_required",
    /// A release before this one had it, this one has not.
    Retired = "retired",
    /// A release after this one has it, this one has not.
    NotYetEffective = "not_yet_effective",
    /// No loaded release covers the date of service, or none is loaded at all.
    NotCovered = "not_covered",
    /// A number of the right form that is never issued.
    NeverIssued = "never_issued",
    /// The text can be read as more than one code.
    Ambiguous = "ambiguous",
    /// The Medicare Code Editor's list of the other sex has the code (until 2024-10-01).
    SexConflict = "sex_conflict",
    /// The patient's age is outside the list of the Medicare Code Editor that has the code.
    AgeConflict = "age_conflict",
    /// A code that is no principal diagnosis.
    UnacceptablePrincipal = "unacceptable_principal",
    /// A manifestation, which never stands first.
    ManifestationPrincipal = "manifestation_principal",
}

/// What was found out about one code, apart from the lists that it was found in. It is small, `Copy` and borrows
/// nothing: a binding keeps it and asks [`super::Codes::verdict`] for the rest when its user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub(super) status: Status,
    pub(super) reason: Option<Reason>,
    /// What the nearest release says, where no release covers the date.
    pub(super) nearest: Option<Reason>,
    pub(super) billable: Option<bool>,
    /// The code; for a malformed text, what may have been meant.
    pub(super) code: CodeText,
    pub(super) seventh: u8,
    /// Which of the system's releases.
    pub(super) term: u8,
    pub(super) system: u8,
    pub(super) row: u32,
}

impl Judgement {
    /// No row of any list.
    pub(super) const NO_ROW: u32 = u32::MAX;

    pub(super) const fn new(status: Status, reason: Option<Reason>, code: CodeText) -> Self {
        Self {
            status,
            reason,
            nearest: None,
            billable: None,
            code,
            seventh: 0,
            term: 0,
            system: 0,
            row: Self::NO_ROW,
        }
    }
}

/// Whether a code may be used on a day, with the reason, the release that says so, and what to use instead.
#[derive(Clone, Copy)]
pub struct Verdict<'k> {
    pub(super) codes: &'k Codes,
    pub(super) judgement: Judgement,
}

impl<'k> Verdict<'k> {
    /// The system that judged; a judgement that none of these made was refused before.
    fn by(&self) -> Option<&'k dyn CodeSystem> {
        self.codes.numbered(self.judgement.system)
    }

    /// Valid, invalid or unknown.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.judgement.status
    }

    /// Whether the code may be used.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        matches!(self.judgement.status, Status::Valid)
    }

    /// A stable lower-case code of [`REASONS`], or `None` where the code is valid.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.judgement.reason.map(Reason::as_str)
    }

    /// The code system, such as `icd10cm`.
    #[must_use]
    pub fn system(&self) -> &'static str {
        self.by().map_or("", CodeSystem::name)
    }

    /// The code in its normal form, or `None` where the text is no code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let known = self.judgement.reason != Some(Reason::Malformed) && !self.judgement.code.is_empty();
        known.then(|| self.judgement.code.as_str())
    }

    /// The title of the code, where a loaded release has one.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        self.by()?.title(&self.judgement)
    }

    /// Whether it may be reported as it stands; `None` where no release says anything of it.
    #[must_use]
    pub const fn billable(&self) -> Option<bool> {
        self.judgement.billable
    }

    /// The publisher's name of the release that was asked: the one that covers the date, or else the nearest.
    #[must_use]
    pub fn release(&self) -> Option<&'k str> {
        self.by()?.release(&self.judgement)
    }

    /// Codes that may have been meant, the likeliest first; all of them may be used on that date.
    #[must_use]
    pub fn suggestions(&self) -> Vec<String> {
        self.by().map(|system| system.suggestions(&self.judgement)).unwrap_or_default()
    }

    /// The reason in words, with the rule behind it.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        self.by()?.detail(&self.judgement)
    }

    /// The part that borrows nothing.
    #[must_use]
    pub const fn judgement(&self) -> Judgement {
        self.judgement
    }

    /// Everything at once.
    #[must_use]
    pub fn record(&self) -> VerdictRecord {
        VerdictRecord {
            status: self.status().as_str(),
            reason: self.reason(),
            system: self.system(),
            code: self.code().map(str::to_owned),
            title: self.title(),
            billable: self.billable(),
            release: self.release().map(str::to_owned),
            suggestions: self.suggestions(),
            detail: self.detail(),
        }
    }
}

/// A code may be a patient's: only what the library says of it is printed.
impl fmt::Debug for Verdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("system", &self.system())
            .field("status", &self.status().as_str())
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}

impl Serialize for Verdict<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record().serialize(serializer)
    }
}

/// A verdict with everything worked out: what crosses into another language.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct VerdictRecord {
    /// `valid`, `invalid` or `unknown`.
    pub status: &'static str,
    /// A stable lower-case code of [`REASONS`]; `None` when valid.
    pub reason: Option<&'static str>,
    /// The code system.
    pub system: &'static str,
    /// The code in its normal form; `None` where the text is no code.
    pub code: Option<String>,
    /// Its title, where a loaded release has one.
    pub title: Option<String>,
    /// Whether it may be reported as it stands.
    pub billable: Option<bool>,
    /// The release that was asked.
    pub release: Option<String>,
    /// Codes that may have been meant.
    pub suggestions: Vec<String>,
    /// The reason in words.
    pub detail: Option<String>,
}

impl fmt::Debug for VerdictRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerdictRecord")
            .field("system", &self.system)
            .field("status", &self.status)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// A code that a search found.
#[derive(Clone, PartialEq, Serialize)]
pub struct CodeHit {
    /// The code, in its normal form.
    pub code: String,
    /// Its title.
    pub title: String,
    /// How well it fits, from 0 to 1.
    pub score: f64,
    /// The words of the query, or of what it stands for in the words of the titles, that it holds, folded to lower case
    /// without accents; `code` where the query was the code itself.
    pub why: Vec<String>,
    /// Whether it may be reported as it stands.
    pub billable: bool,
    /// The release that was searched.
    pub release: String,
}

impl fmt::Debug for CodeHit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeHit")
            .field("code", &self.code)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

/// A code and its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeName {
    /// The code, the range of a section (`E08-E13`) or the number of a chapter (`4`).
    pub code: String,
    /// Its title.
    pub title: String,
}

/// What a release says of one code, apart from any use of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeEntry {
    /// The code system.
    pub system: &'static str,
    /// The code, in its normal form.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Whether it may be reported as it stands.
    pub billable: bool,
    /// The release that was asked.
    pub release: String,
    /// What it stands below: chapter, section, category, subcategories.
    pub parents: Vec<CodeName>,
    /// What stands directly below it, in tabular order.
    pub children: Vec<CodeName>,
}

/// What a release says of one code, with its place in the list and every note that holds for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeInfo {
    /// The code system.
    pub system: &'static str,
    /// The code, in its normal form.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Whether it may be reported as it stands.
    pub billable: bool,
    /// The release that was asked: the one that covers the date, or else the nearest.
    pub release: String,
    /// What it stands below: chapter, section, category, subcategories.
    pub parents: Vec<CodeName>,
    /// What stands directly below it, in tabular order.
    pub children: Vec<CodeName>,
    /// The 7th characters that complete it, each as `code` with its meaning as `title`; empty where it takes none.
    pub seventh_characters: Vec<CodeName>,
    /// The notes that hold for it, those of its chapter first, its own last.
    pub notes: Vec<Note>,
    /// What loaded tables lead to from it: predecessors and successors, equivalents in another system, groups.
    pub relations: Vec<CodeRelation>,
}

/// What changed between two releases of a code system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeDiff {
    /// The code system.
    pub system: &'static str,
    /// The release that is left.
    pub release_a: String,
    /// The release that is gone to.
    pub release_b: String,
    /// Codes that may be reported in `release_b` and not in `release_a`, with the title of `release_b`.
    pub added: Vec<CodeName>,
    /// Codes that may be reported in `release_a` and not in `release_b`, with the title of `release_a`.
    pub removed: Vec<CodeName>,
    /// Codes that may be reported in both under another title.
    pub retitled: Vec<Retitled>,
}

/// A code whose title changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retitled {
    /// The code, in its normal form.
    pub code: String,
    /// The title that it had.
    pub before: String,
    /// The title that it has.
    pub after: String,
}
