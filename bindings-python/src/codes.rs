//! `Verdict` and `CodeHit`: what is known of a code.

use std::sync::Arc;

use chartkeeper::api;
use pyo3::prelude::*;

use crate::error::Result;
use crate::mirror::{Items, Mirror, mirror};

/// Whether a code may be used on a day, with the reason, the release that says so, and what to use instead.
///
/// It keeps the answer and no text: title, suggestions and detail are worked out when they are read.
#[pyclass(frozen, eq, module = "chartkeeper")]
pub(crate) struct Verdict {
    keeper: Arc<api::Chartkeeper>,
    judgement: api::Judgement,
}

impl Verdict {
    pub(crate) fn new(keeper: &Arc<api::Chartkeeper>, judgement: api::Judgement) -> Self {
        Self { keeper: Arc::clone(keeper), judgement }
    }

    fn whole(&self) -> Result<api::Verdict<'_>> {
        Ok(self.keeper.verdict(self.judgement)?)
    }
}

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        match (self.whole(), other.whole()) {
            (Ok(one), Ok(other)) => one.record() == other.record(),
            _ => false,
        }
    }
}

#[pymethods]
impl Verdict {
    /// `valid`, `invalid` or `unknown`.
    #[getter]
    fn status(&self) -> Result<&'static str> {
        Ok(self.whole()?.status().as_str())
    }

    /// Why it is not valid: a stable lower-case code. `None` when valid.
    #[getter]
    fn reason(&self) -> Result<Option<&'static str>> {
        Ok(self.whole()?.reason())
    }

    /// The code system, such as `icd10cm`.
    #[getter]
    fn system(&self) -> Result<&'static str> {
        Ok(self.whole()?.system())
    }

    /// The code in its normal form; `None` where the text is no code.
    #[getter]
    fn code(&self) -> Result<Option<String>> {
        Ok(self.whole()?.code().map(str::to_owned))
    }

    /// Its title, where a loaded release has one.
    #[getter]
    fn title(&self) -> Result<Option<String>> {
        Ok(self.whole()?.title())
    }

    /// Whether it may be reported as it stands; `None` where no release says anything of it.
    #[getter]
    fn billable(&self) -> Result<Option<bool>> {
        Ok(self.whole()?.billable())
    }

    /// The release that was asked: the one that covers the date, or else the nearest.
    #[getter]
    fn release(&self) -> Result<Option<String>> {
        Ok(self.whole()?.release().map(str::to_owned))
    }

    /// Codes that may have been meant, the likeliest first.
    #[getter]
    fn suggestions(&self) -> Result<Items<String>> {
        Ok(self.whole()?.suggestions().mirror())
    }

    /// The reason in words, with the rule behind it.
    #[getter]
    fn detail(&self) -> Result<Option<String>> {
        Ok(self.whole()?.detail())
    }

    fn __repr__(&self) -> Result<String> {
        let whole = self.whole()?;
        Ok(format!("Verdict(status={:?}, system={:?})", whole.status().as_str(), whole.system()))
    }
}

mirror! {
    /// A code that a search found.
    CodeHit shows (code, score) {
        /// The code, in its normal form.
        code: String,
        /// Its title.
        title: String,
        /// How well it fits, from 0 to 1.
        score: f64,
        /// The words of the query that it holds, in lower case; `code` where the query was the code itself.
        why: Items<String>,
        /// Whether it may be reported as it stands.
        billable: bool,
        /// The release that was searched.
        release: String,
    }
}
