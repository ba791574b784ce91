//! Entries: what a disclosure was, and how it is written in the log.

use serde::{Deserialize, Serialize};

use super::files::damaged;
use super::hash::Hash;
use super::keys::Keys;
use crate::error::{Error, Result, codes};
use crate::text::{PartialDate, Precision};

/// Longest text of a field of a [`Disclosure`], in bytes.
pub const LONGEST_TEXT: usize = 4096;
/// Most law packs that an entry names.
pub const MOST_LAW_PACKS: usize = 256;

/// Who received the information (45 CFR 164.528(b)(2)(ii)).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Name of the entity or person.
    pub name: String,
    /// Address, where it is known.
    #[serde(default)]
    pub address: Option<String>,
}

/// A law pack that decided, by name and fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawPack {
    /// Its name.
    pub name: String,
    /// SHA-256 of the pack.
    pub sha256: Hash,
}

/// A disclosure, as the caller tells it.
///
/// The accounting must show `recipient`, `date`, `description` and `purpose`. With them, outcome, exclusion and
/// suspension are sealed under the ledger's key; in a ledger without a key they stand **in the clear**. Describe kinds of
/// information (`laboratory results of 2024`), never their content. Of the patient only a keyed hash is stored; of
/// request, record, decision and output only hashes; law packs by name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// The patient, under the reference by which the caller will ask for the accounting. Compared byte by byte.
    pub patient: String,
    /// Who received it.
    pub recipient: Recipient,
    /// When: `YYYY-MM-DD`, or with the time.
    pub date: String,
    /// What was disclosed, in brief (164.528(b)(2)(iii)).
    pub description: String,
    /// Why, so that the individual understands the basis (164.528(b)(2)(iv)).
    pub purpose: String,
    /// The outcome of the decision.
    pub outcome: String,
    /// Whether the accounting must show it; false for the nine exclusions of 164.528(a)(1).
    pub accounting_required: bool,
    /// Until when the accounting leaves it out, because an agency said that it would impede its activities
    /// (164.528(a)(2)): `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_until: Option<String>,
    /// SHA-256 of the request.
    pub request_sha256: Hash,
    /// SHA-256 of the record that the copy was cut from.
    pub record_sha256: Hash,
    /// SHA-256 of the decision.
    pub decision_sha256: Hash,
    /// SHA-256 of the copy that went out, where one did.
    #[serde(default)]
    pub output_sha256: Option<Hash>,
    /// The law packs that decided.
    pub law_packs: Vec<LawPack>,
}

impl std::fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disclosure").field("outcome", &self.outcome.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recipient").field("name", &self.name.len()).finish_non_exhaustive()
    }
}

/// The version of the entries written here.
const VERSION: u32 = 2;

/// A disclosure as it stands in the log, in JSON, in this order of fields. What it tells of the disclosure is sealed
/// where the ledger has a key, and in the clear where it has none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    v: u32,
    pub(super) patient: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    pub(super) request_sha256: Hash,
    pub(super) record_sha256: Hash,
    pub(super) decision_sha256: Hash,
    pub(super) output_sha256: Option<Hash>,
    pub(super) law_packs: Vec<LawPack>,
}

/// What an entry tells of the disclosure.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) recipient: Recipient,
    pub(super) date: String,
    pub(super) description: String,
    pub(super) purpose: String,
    pub(super) outcome: String,
    pub(super) accounting_required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) suspended_until: Option<String>,
}

fn argument(path: &'static str, note: &'static str) -> Error {
    Error::new(&codes::INVALID_ARGUMENT).in_path(path).note(note)
}

/// Reads a day, which an accounting counts by.
pub(super) fn day(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).filter(|date| date.precision() >= Precision::Day)
}

impl Disclosure {
    fn check(&self) -> Result<()> {
        let texts = [
            ("patient", &self.patient, true),
            ("recipient.name", &self.recipient.name, true),
            ("recipient.address", self.recipient.address.as_ref().unwrap_or(&self.outcome), false),
            ("description", &self.description, true),
            ("purpose", &self.purpose, true),
            ("outcome", &self.outcome, true),
        ];
        for (path, text, needed) in texts {
            if needed && text.trim().is_empty() {
                return Err(argument(path, "it is empty"));
            }
            if text.len() > LONGEST_TEXT {
                return Err(argument(path, "it is longer than 4096 bytes"));
            }
        }
        if self.law_packs.len() > MOST_LAW_PACKS
            || self.law_packs.iter().any(|pack| pack.name.len() > LONGEST_TEXT)
        {
            return Err(argument("law_packs", "they are more than 256, or a name is longer than 4096 bytes"));
        }
        if self.suspended_until.as_deref().is_some_and(|until| day(until).is_none()) {
            return Err(Error::new(&codes::INVALID_DATE).in_path("suspended_until"));
        }
        day(&self.date).map(drop).ok_or_else(|| Error::new(&codes::INVALID_DATE).in_path("date"))
    }
}

impl Entry {
    /// The bytes of the entry of `disclosure`.
    pub(super) fn encode(disclosure: &Disclosure, keys: &Keys) -> Result<Vec<u8>> {
        disclosure.check()?;
        let unwritable = |_| argument("disclosure", "it cannot be written");
        let told = disclosure.clone();
        let content = Content {
            recipient: told.recipient,
            date: told.date,
            description: told.description,
            purpose: told.purpose,
            outcome: told.outcome,
            accounting_required: told.accounting_required,
            suspended_until: told.suspended_until,
        };
        let mut entry = Self {
            v: VERSION,
            patient: keys.patient(&told.patient)?,
            sealed: None,
            content: None,
            request_sha256: told.request_sha256,
            record_sha256: told.record_sha256,
            decision_sha256: told.decision_sha256,
            output_sha256: told.output_sha256,
            law_packs: told.law_packs,
        };
        match keys.seal() {
            None => entry.content = Some(content),
            Some(seal) => {
                let content = serde_json::to_vec(&content).map_err(unwritable)?;
                entry.sealed = Some(seal.close(content, &entry.context())?);
            }
        }
        serde_json::to_vec(&entry).map_err(unwritable)
    }

    /// What the seal is bound to: whose entry it is, and the hashes of what was asked, decided and given.
    fn context(&self) -> Vec<u8> {
        let hashes = [self.patient, self.request_sha256, self.record_sha256, self.decision_sha256];
        let hashes = hashes.iter().chain(&self.output_sha256).map(|hash| hash.0.as_slice());
        [VERSION.to_le_bytes().as_slice()].into_iter().chain(hashes).collect::<Vec<_>>().concat()
    }

    /// Reads an entry back; none where it is not one of a version known here.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let entry: Self = serde_json::from_slice(bytes).ok()?;
        (entry.v == VERSION && entry.sealed.is_some() != entry.content.is_some()).then_some(entry)
    }

    /// Whether only a key tells what it tells.
    pub(super) const fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Whether the entry in these bytes can be one of the patient: what has no such text in it is none.
    pub(super) fn may_be_of(bytes: &[u8], patient: &[u8]) -> bool {
        memchr::memmem::find(bytes, patient).is_some()
    }

    /// What it tells of the disclosure.
    ///
    /// # Errors
    /// `ledger_key` where it is sealed and there is no key; `ledger_damaged` where the key does not open it.
    pub(super) fn content(mut self, keys: &Keys) -> Result<(Self, Content)> {
        let content = match (self.content.take(), &self.sealed, keys.seal()) {
            (Some(content), None, None) => Some(content),
            (None, Some(_), None) => {
                return Err(
                    Error::new(&codes::LEDGER_KEY).note("the entries are sealed under the signing key")
                );
            }
            (None, Some(sealed), Some(seal)) => {
                let content = seal.open(sealed, &self.context());
                content.and_then(|content| serde_json::from_slice(&content).ok())
            }
            // In the ledger of a key nothing stands in the clear.
            _ => None,
        };
        let content: Option<Content> = content.filter(|content: &Content| day(&content.date).is_some());
        content.map(|content| (self, content)).ok_or_else(|| damaged("log"))
    }
}
