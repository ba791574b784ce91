//! The accounting of disclosures that an individual may ask for: 45 CFR 164.528.

use serde::Serialize;

use super::entry::{Entry, day};
use super::hash::Hash;
use crate::error::{Error, Result, codes};
use crate::text::{PartialDate, Precision};

/// Years before the request that an accounting covers (164.528(a)(1)).
const YEARS: i16 = 6;

/// One disclosure of an accounting (164.528(b)(2)).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AccountingEntry {
    /// Place of the entry in the ledger.
    pub index: u64,
    /// When it was made.
    pub date: String,
    /// Who received it.
    pub recipient: String,
    /// The recipient's address, where it is known.
    pub address: Option<String>,
    /// What was disclosed.
    pub description: String,
    /// Why.
    pub purpose: String,
}

impl std::fmt::Debug for AccountingEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountingEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Which entries an accounting shows.
pub(super) struct Accounting {
    patient: Hash,
    from: jiff::civil::Date,
    to: jiff::civil::Date,
}

impl Accounting {
    /// Of the patient filed under `patient`, in the six years that end with the day `as_of`.
    pub(super) fn new(patient: Hash, as_of: &str) -> Result<Self> {
        let to = PartialDate::parse(as_of)
            .filter(|date| date.precision() == Precision::Day)
            .ok_or_else(|| Error::new(&codes::INVALID_DATE).in_path("as_of"))?
            .earliest();
        let from = to
            .checked_sub(jiff::Span::new().years(YEARS))
            .map_err(|_| Error::new(&codes::INVALID_DATE).in_path("as_of"))?;
        Ok(Self { patient, from, to })
    }

    /// What the accounting shows of an entry, if anything.
    pub(super) fn show(&self, index: u64, entry: Entry) -> Option<AccountingEntry> {
        let date = day(&entry.date)?.earliest();
        let suspended =
            entry.suspended_until.as_deref().and_then(day).is_some_and(|until| self.to < until.earliest());
        let shown = entry.accounting_required
            && !suspended
            && entry.patient == self.patient
            && (self.from..=self.to).contains(&date);
        shown.then_some(AccountingEntry {
            index,
            date: entry.date,
            recipient: entry.recipient.name,
            address: entry.recipient.address,
            description: entry.description,
            purpose: entry.purpose,
        })
    }
}
