//! `Verdict`, `Verdicts` and `CodeHit`: what is known of a code, or of many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_buffer::NullBuffer;
use chartkeeper::api;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arrow::{self, Capsules, Cell};
use crate::error::{Failure, Result};
use crate::mirror::{Items, Mirror, mirror, place};

/// Whether a code may be used on a day, with the reason, the release that says so, and what to use instead.
///
/// It keeps the answer and no text: title, suggestions and detail are worked out when they are read.
#[pyclass(frozen, eq, module = "chartkeeper")]
#[derive(Clone)]
pub(crate) struct Verdict(Answer);

/// Where the answer is.
#[derive(Clone)]
enum Answer {
    /// With the object that judged, which works out what is read.
    Judged(Arc<api::Chartkeeper>, api::Judgement),
    /// Here, as part of a larger answer.
    Recorded(Arc<api::VerdictRecord>),
}

impl Verdict {
    pub(crate) fn new(keeper: &Arc<api::Chartkeeper>, judgement: api::Judgement) -> Self {
        Self(Answer::Judged(Arc::clone(keeper), judgement))
    }

    fn record(&self) -> Result<api::VerdictRecord> {
        match &self.0 {
            Answer::Judged(keeper, judgement) => Ok(keeper.verdict(*judgement)?.record()),
            Answer::Recorded(record) => Ok((**record).clone()),
        }
    }
}

impl Mirror<Verdict> for api::VerdictRecord {
    fn mirror(self) -> Verdict {
        Verdict(Answer::Recorded(Arc::new(self)))
    }
}

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        matches!((self.record(), other.record()), (Ok(one), Ok(other)) if one == other)
    }
}

/// One part of the answer: worked out by the verdict's method, or as the record has it.
macro_rules! part {
    ($verdict:expr, $part:ident, $judged:expr) => {
        match &$verdict.0 {
            Answer::Judged(keeper, judgement) => Ok($judged(&keeper.verdict(*judgement)?)),
            Answer::Recorded(record) => Ok(record.$part.clone()),
        }
    };
}

#[pymethods]
impl Verdict {
    /// `valid`, `invalid` or `unknown`.
    #[getter]
    fn status(&self) -> Result<&'static str> {
        part!(self, status, |whole: &api::Verdict<'_>| whole.status().as_str())
    }

    /// Why it is not valid: a stable lower-case code. `None` when valid.
    #[getter]
    fn reason(&self) -> Result<Option<&'static str>> {
        part!(self, reason, |whole: &api::Verdict<'_>| whole.reason())
    }

    /// The code system, such as `icd10cm`.
    #[getter]
    fn system(&self) -> Result<&'static str> {
        part!(self, system, |whole: &api::Verdict<'_>| whole.system())
    }

    /// The code in its normal form; `None` where the text is no code.
    #[getter]
    fn code(&self) -> Result<Option<String>> {
        part!(self, code, |whole: &api::Verdict<'_>| whole.code().map(str::to_owned))
    }

    /// Its title, where a loaded release has one.
    #[getter]
    fn title(&self) -> Result<Option<String>> {
        part!(self, title, |whole: &api::Verdict<'_>| whole.title())
    }

    /// Whether it may be reported as it stands; `None` where no release says anything of it.
    #[getter]
    fn billable(&self) -> Result<Option<bool>> {
        part!(self, billable, |whole: &api::Verdict<'_>| whole.billable())
    }

    /// The release that was asked: the one that covers the date, or else the nearest.
    #[getter]
    fn release(&self) -> Result<Option<String>> {
        part!(self, release, |whole: &api::Verdict<'_>| whole.release().map(str::to_owned))
    }

    /// Codes that may have been meant, the likeliest first.
    #[getter]
    fn suggestions(&self) -> Result<Items<String>> {
        let all: Result<Vec<String>> =
            part!(self, suggestions, |whole: &api::Verdict<'_>| whole.suggestions());
        Ok(all?.mirror())
    }

    /// The reason in words, with the rule behind it.
    #[getter]
    fn detail(&self) -> Result<Option<String>> {
        part!(self, detail, |whole: &api::Verdict<'_>| whole.detail())
    }

    fn __repr__(&self) -> Result<String> {
        Ok(format!("Verdict(status={:?}, system={:?})", self.status()?, self.system()?))
    }
}

/// The verdicts on many codes, in the order of the codes. A verdict is made when it is read; a column is read at once.
#[pyclass(frozen, sequence, module = "chartkeeper")]
pub(crate) struct Verdicts {
    keeper: Arc<api::Chartkeeper>,
    judgements: Vec<api::Judgement>,
    known: Option<NullBuffer>,
}

impl Verdicts {
    pub(crate) fn new(
        keeper: &Arc<api::Chartkeeper>,
        judgements: Vec<api::Judgement>,
        known: Option<NullBuffer>,
    ) -> Self {
        Self { keeper: Arc::clone(keeper), judgements, known }
    }

    fn at(&self, index: usize) -> Option<Verdict> {
        self.judgements.get(index).map(|judgement| Verdict::new(&self.keeper, *judgement))
    }

    /// One text a verdict, out of the few that a column has: each is one object of Python.
    fn column<'py>(
        &self,
        py: Python<'py>,
        text: impl Fn(&api::Verdict<'_>) -> Option<&'static str>,
    ) -> Result<Vec<Option<Bound<'py, PyString>>>> {
        let mut known: Vec<(&'static str, Bound<'py, PyString>)> = Vec::new();
        let mut column = Vec::with_capacity(self.judgements.len());
        for judgement in &self.judgements {
            let Some(text) = text(&self.keeper.verdict(*judgement)?) else {
                column.push(None);
                continue;
            };
            let seen = known.iter().find(|(other, _)| std::ptr::eq(*other, text));
            let object = match seen {
                Some((_, object)) => object.clone(),
                None => {
                    let object = PyString::new(py, text);
                    known.push((text, object.clone()));
                    object
                }
            };
            column.push(Some(object));
        }
        Ok(column)
    }
}

#[pymethods]
impl Verdicts {
    fn __len__(&self) -> usize {
        self.judgements.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<Verdict> {
        let verdict = place(index, self.judgements.len()).and_then(|place| self.at(place));
        verdict.ok_or_else(|| PyIndexError::new_err("no verdict at that place"))
    }

    fn __iter__(verdicts: Py<Self>) -> VerdictIterator {
        VerdictIterator { verdicts, next: AtomicUsize::new(0) }
    }

    /// The status of each: `valid`, `invalid` or `unknown`.
    #[getter]
    fn statuses<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyString>>> {
        Ok(self.column(py, |verdict| Some(verdict.status().as_str()))?.into_iter().flatten().collect())
    }

    /// The reason of each, `None` where it is valid.
    #[getter]
    fn reasons<'py>(&self, py: Python<'py>) -> Result<Vec<Option<Bound<'py, PyString>>>> {
        self.column(py, |verdict| verdict.reason())
    }

    /// Whether each may be reported as it stands; `None` where no release says anything of it.
    #[getter]
    fn billable(&self) -> Result<Vec<Option<bool>>> {
        let billable = |judgement: &api::Judgement| Ok(self.keeper.verdict(*judgement)?.billable());
        self.judgements.iter().map(billable).collect()
    }

    /// The verdicts as a column of Apache Arrow: records of `status`, `reason` and `billable`. A code that was null is
    /// null here.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Capsules<'py>> {
        // A wish that a producer need not heed.
        drop(requested_schema);
        let mut rows = Vec::with_capacity(self.judgements.len());
        for judgement in &self.judgements {
            let verdict = self.keeper.verdict(*judgement).map_err(Failure::from)?;
            rows.push([
                Cell::Text(Some(verdict.status().as_str())),
                Cell::Text(verdict.reason()),
                Cell::Flag(verdict.billable()),
            ]);
        }
        let shape =
            [("status", Cell::Text(None)), ("reason", Cell::Text(None)), ("billable", Cell::Flag(None))];
        let column = arrow::records(&shape, rows.into_iter(), self.known.as_ref())?;
        arrow::export(py, &column)
    }

    fn __repr__(&self) -> String {
        format!("Verdicts({} codes)", self.judgements.len())
    }
}

/// Gives verdicts one after the other.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct VerdictIterator {
    verdicts: Py<Verdicts>,
    next: AtomicUsize,
}

#[pymethods]
impl VerdictIterator {
    fn __iter__(iterator: Py<Self>) -> Py<Self> {
        iterator
    }

    fn __next__(&self) -> Option<Verdict> {
        self.verdicts.get().at(self.next.fetch_add(1, Ordering::Relaxed))
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

mirror! {
    /// What a release says of one code, with its place in the list and every note that holds for it.
    CodeInfo shows (code, billable, release) {
        /// The code system.
        system: &'static str,
        /// The code, in its normal form.
        code: String,
        /// Its title.
        title: String,
        /// Whether it may be reported as it stands.
        billable: bool,
        /// The release that was asked: the one that covers the date, or else the nearest.
        release: String,
        /// What it stands below: chapter, section, category, subcategories.
        parents: Items<CodeName>,
        /// What stands directly below it, in tabular order.
        children: Items<CodeName>,
        /// The 7th characters that complete it, each as `code` with its meaning as `title`; empty where it
        /// takes none.
        seventh_characters: Items<CodeName>,
        /// The notes that hold for it, those of its chapter first, its own last.
        notes: Items<Note>,
        /// What tables say of it: predecessors, successors, codes of other systems, groups.
        relations: Items<CodeRelation>,
    }
}

mirror! {
    /// What a table says of a code beside another one.
    CodeRelation shows (kind, system) {
        /// `predecessor`, `successor`, `maps_to` or `group`.
        kind: String,
        /// The system of the other code, such as `icd9cm` or `ccsr-dx`.
        system: String,
        /// The other code; `None` where the table says that there is none.
        code: Option<String>,
        /// Its title, where the table or a loaded release has one.
        title: Option<String>,
        /// What else the table says.
        detail: Option<String>,
        /// The release of the table.
        release: String,
    }
}

mirror! {
    /// A code and its title.
    CodeName shows (code, title) {
        /// The code, the range of a section (`E08-E13`) or the number of a chapter (`4`).
        code: String,
        /// Its title.
        title: String,
    }
}

mirror! {
    /// A note that holds for a code.
    Note shows (kind, at) {
        /// What it asks for.
        kind: &'static str,
        /// Its wording, as the list has it.
        text: String,
        /// The codes that it names, each in one form: `E10-E14`, `A99.-`, `T36-T50 with character 5 or 6: 5`.
        codes: Items<String>,
        /// Where it stands: the code itself, a category or subcategory above it, a section (`E08-E13`) or a
        /// chapter (`4`).
        at: String,
        /// The release whose tabular list it was read from: the one asked, or the nearest whose list is
        /// loaded.
        release: String,
    }
}

mirror! {
    /// What changed between two releases of a code system.
    CodeDiff shows (system, release_a, release_b) {
        /// The code system.
        system: &'static str,
        /// The release that is left.
        release_a: String,
        /// The release that is gone to.
        release_b: String,
        /// Codes that may be reported in `release_b` and not in `release_a`, with the title of `release_b`.
        added: Items<CodeName>,
        /// Codes that may be reported in `release_a` and not in `release_b`, with the title of `release_a`.
        removed: Items<CodeName>,
        /// Codes that may be reported in both under another title.
        retitled: Items<Retitled>,
    }
}

mirror! {
    /// A code whose title changed.
    Retitled shows (code, before, after) {
        /// The code, in its normal form.
        code: String,
        /// The title that it had.
        before: String,
        /// The title that it has.
        after: String,
    }
}
