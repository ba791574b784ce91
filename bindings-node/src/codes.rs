//! `Verdict` and `CodeHit`: what is known of a code.

use chartkeeper::api;
use napi_derive::napi;

use crate::mirror::{Mirror, mirror};

/// The circumstances of one use of a code.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct CodeContext {
    /// Date of service, `YYYY-MM-DD`; it chooses the release. Without it the newest release is asked.
    pub on: Option<String>,
    /// The patient's sex.
    #[napi(ts_type = "'female' | 'male' | 'other' | 'unknown'")]
    pub sex: Option<String>,
    /// The patient's age in completed years on that day.
    pub age_years: Option<u16>,
    /// Whether it stands as the principal diagnosis.
    pub principal: Option<bool>,
}

impl CodeContext {
    /// The context of the core.
    pub(crate) fn read(context: Option<&Self>) -> api::Result<api::CodeContext> {
        let Some(Self { on, sex, age_years, principal }) = context else {
            return Ok(api::CodeContext::default());
        };
        api::CodeContext::new(on.as_deref(), sex.as_deref(), *age_years, principal.unwrap_or_default())
    }
}

/// What a search is narrowed to.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct Facets {
    /// Only codes that may be reported as they stand.
    pub billable_only: Option<bool>,
    /// Only codes of one chapter of ICD-10-CM, by its number (`4`).
    pub chapter: Option<String>,
}

/// Whether a code may be used on a day, with the reason, the release that says so, and what to use instead.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Verdict {
    /// Whether it may be used; `unknown` where nothing that is loaded can say.
    #[napi(ts_type = "'valid' | 'invalid' | 'unknown'")]
    pub status: &'static str,
    /// Why it is not valid: a stable lower-case code. `null` when valid.
    pub reason: Option<&'static str>,
    /// The code system, such as `icd10cm`.
    pub system: &'static str,
    /// The code in its normal form; `null` where the text is no code.
    pub code: Option<String>,
    /// Its title, where a loaded release has one.
    pub title: Option<String>,
    /// Whether it may be reported as it stands; `null` where no release says anything of it.
    pub billable: Option<bool>,
    /// The release that was asked: the one that covers the date, or else the nearest.
    pub release: Option<String>,
    /// Codes that may have been meant, the likeliest first.
    pub suggestions: Vec<String>,
    /// The reason in words, with the rule behind it.
    pub detail: Option<String>,
}

impl Mirror<Verdict> for api::Verdict<'_> {
    fn mirror(self) -> Verdict {
        self.record().mirror()
    }
}

impl Mirror<Verdict> for api::VerdictRecord {
    fn mirror(self) -> Verdict {
        let api::VerdictRecord {
            status,
            reason,
            system,
            code,
            title,
            billable,
            release,
            suggestions,
            detail,
        } = self;
        Verdict { status, reason, system, code, title, billable, release, suggestions, detail }
    }
}

/// A code that a search found.
#[napi(object, object_from_js = false)]
pub struct CodeHit {
    /// The code, in its normal form.
    pub code: String,
    /// Its title.
    pub title: String,
    /// How well it fits, from 0 to 1.
    pub score: f64,
    /// The words of the query that it holds, in lower case; `code` where the query was the code itself.
    pub why: Vec<String>,
    /// Whether it may be reported as it stands.
    pub billable: bool,
    /// The release that was searched.
    pub release: String,
}

mirror!(CodeHit { code, title, score, why, billable, release });

/// What a release says of one code, with its place in the list and every note that holds for it.
#[napi(object, object_from_js = false)]
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
    /// The 7th characters that complete it, each as `code` with its meaning as `title`; empty where it takes
    /// none.
    pub seventh_characters: Vec<CodeName>,
    /// The notes that hold for it, those of its chapter first, its own last.
    pub notes: Vec<Note>,
    /// What tables say of it: predecessors, successors, codes of other systems, groups.
    pub relations: Vec<CodeRelation>,
}

/// What a table says of a code beside another one.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct CodeRelation {
    /// `predecessor`, `successor`, `maps_to` or `group`.
    pub kind: String,
    /// The system of the other code, such as `icd9cm` or `ccsr-dx`.
    pub system: String,
    /// The other code; `null` where the table says that there is none.
    pub code: Option<String>,
    /// Its title, where the table or a loaded release has one.
    pub title: Option<String>,
    /// What else the table says.
    pub detail: Option<String>,
    /// The release of the table.
    pub release: String,
}

mirror!(CodeRelation { kind, system, code, title, detail, release });

mirror!(CodeInfo {
    system,
    code,
    title,
    billable,
    release,
    parents,
    children,
    seventh_characters,
    notes,
    relations
});

/// A code and its title.
#[napi(object, object_from_js = false)]
pub struct CodeName {
    /// The code, the range of a section (`E08-E13`) or the number of a chapter (`4`).
    pub code: String,
    /// Its title.
    pub title: String,
}

mirror!(CodeName { code, title });

/// A note that holds for a code.
#[napi(object, object_from_js = false)]
pub struct Note {
    /// What it asks for.
    pub kind: &'static str,
    /// Its wording, as the list has it.
    pub text: String,
    /// The codes that it names, each in one form: `E10-E14`, `A99.-`, `T36-T50 with character 5 or 6: 5`.
    pub codes: Vec<String>,
    /// Where it stands: the code itself, a category or subcategory above it, a section (`E08-E13`) or a
    /// chapter (`4`).
    pub at: String,
    /// The release whose tabular list it was read from: the one asked, or the nearest whose list is loaded.
    pub release: String,
}

mirror!(Note { kind, text, codes, at, release });

/// What changed between two releases of a code system.
#[napi(object, object_from_js = false)]
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

mirror!(CodeDiff { system, release_a, release_b, added, removed, retitled });

/// A code whose title changed.
#[napi(object, object_from_js = false)]
pub struct Retitled {
    /// The code, in its normal form.
    pub code: String,
    /// The title that it had.
    pub before: String,
    /// The title that it has.
    pub after: String,
}

mirror!(Retitled { code, before, after });
