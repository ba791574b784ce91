//! The accounting of disclosures that an individual may ask for: 45 CFR 164.528, 42 CFR 2.25.

use serde::{Deserialize, Serialize};

use super::entry::{Content, day};
use crate::error::{Error, Result, codes};
use crate::text::{PartialDate, Precision};

/// Years before the request that an accounting covers (164.528(a)(1)).
const YEARS: u8 = 6;

/// What an accounting is asked for.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountingRequest {
    /// The patient, under the reference by which the disclosures were logged.
    pub patient: String,
    /// The day of the request, `YYYY-MM-DD`, with which the period ends.
    pub as_of: String,
    /// How many years the period has, 1 to 6: an individual may ask for fewer than six (164.528(a)(3)); 42 CFR 2.25 asks
    /// for three. Left out, six.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u8>,
    /// Whether disclosures to one recipient for one purpose are told as one, with the first, their number and the last
    /// (164.528(b)(3)). The paragraph is for disclosures to the Secretary and under 164.512.
    #[serde(default)]
    pub summarise: bool,
}

impl std::fmt::Debug for AccountingRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountingRequest").field("years", &self.years).finish_non_exhaustive()
    }
}

/// One disclosure of an accounting (164.528(b)(2)), or several as one (164.528(b)(3)).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AccountingEntry {
    /// Place of the entry in the ledger; of several, of the first.
    pub index: u64,
    /// When it was made; of several, the earliest.
    pub date: String,
    /// Who received it.
    pub recipient: String,
    /// The recipient's address, where it is known.
    pub address: Option<String>,
    /// What was disclosed; of several, by the first.
    pub description: String,
    /// Why.
    pub purpose: String,
    /// How many disclosures it stands for.
    pub disclosures: u64,
    /// The date of the last of several.
    pub last_date: Option<String>,
}

impl std::fmt::Debug for AccountingEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountingEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Which entries of a patient an accounting shows.
pub(super) struct Accounting {
    from: jiff::civil::Date,
    to: jiff::civil::Date,
    summarise: bool,
    shown: Vec<AccountingEntry>,
}

impl Accounting {
    pub(super) fn new(request: &AccountingRequest) -> Result<Self> {
        let wrong = || Error::new(&codes::INVALID_DATE).in_path("as_of");
        let to = PartialDate::parse(&request.as_of).filter(|date| date.precision() == Precision::Day);
        let to = to.ok_or_else(wrong)?.earliest();
        let years = request.years.unwrap_or(YEARS);
        if !(1..=YEARS).contains(&years) {
            return Err(Error::new(&codes::INVALID_ARGUMENT).in_path("years").note("1 to 6"));
        }
        let from = to.checked_sub(jiff::Span::new().years(years)).map_err(|_| wrong())?;
        Ok(Self { from, to, summarise: request.summarise, shown: Vec::new() })
    }

    /// Adds an entry of the patient, where the accounting shows it.
    pub(super) fn add(&mut self, index: u64, content: Content) {
        let Some(date) = day(&content.date).map(PartialDate::earliest) else { return };
        let until = content.suspended_until.as_deref().and_then(day);
        let suspended = until.is_some_and(|until| self.to < until.earliest());
        if !content.accounting_required || suspended || !(self.from..=self.to).contains(&date) {
            return;
        }
        let Content { recipient, date, description, purpose, .. } = content;
        let (recipient, address) = (recipient.name, recipient.address);
        let same = |known: &&mut AccountingEntry| {
            known.recipient == recipient && known.address == address && known.purpose == purpose
        };
        let known = if self.summarise { self.shown.iter_mut().find(same) } else { None };
        match known {
            None => self.shown.push(AccountingEntry {
                index,
                date,
                recipient,
                address,
                description,
                purpose,
                disclosures: 1,
                last_date: None,
            }),
            Some(known) => known.join(index, date, description),
        }
    }

    pub(super) fn finish(self) -> Vec<AccountingEntry> {
        self.shown
    }
}

impl AccountingEntry {
    /// Takes another disclosure in; entries need not be logged in the order of their dates.
    fn join(&mut self, index: u64, date: String, description: String) {
        let when = |text: &str| day(text).map(PartialDate::earliest);
        self.disclosures += 1;
        if when(&date) < when(&self.date) {
            let first = std::mem::replace(&mut self.date, date);
            self.last_date.get_or_insert(first);
            self.index = index;
            self.description = description;
        } else if self.last_date.as_deref().is_none_or(|last| when(last) <= when(&date)) {
            self.last_date = Some(date);
        }
    }
}
