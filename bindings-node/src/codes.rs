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
        } = self.record();
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
