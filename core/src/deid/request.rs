//! The request of the verb `deidentify` as it stands on the wire.

use serde::Deserialize;

use super::{Deidentified, Options, Policy, Vault, deidentify};
use crate::error::{Error, Result, codes};
use crate::formats::Format;
use crate::record::Record;
use crate::text::{PartialDate, Precision};

/// A record and what is asked for, in plain values.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeidentifyRequest {
    /// The record.
    pub source: String,
    /// Its format; without it the text is looked at.
    #[serde(default)]
    pub format: Option<Format>,
    /// Name of the policy.
    #[serde(default = "safe_harbor")]
    pub policy: String,
    /// The day on which the age of the living counts, `YYYY-MM-DD`.
    #[serde(default)]
    pub as_of: Option<String>,
    /// 64 hexadecimal digits from which the tokens follow: for tests and runs that must repeat.
    #[serde(default)]
    pub seed: Option<String>,
    /// A secret key, for policies that make codes with one.
    #[serde(default)]
    pub key: Option<String>,
}

impl std::fmt::Debug for DeidentifyRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeidentifyRequest")
            .field("source", &self.source.len())
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl DeidentifyRequest {
    /// Does what the request asks, with a vault of its own.
    ///
    /// # Errors
    /// Those of [`Record::parse`], [`Policy::named`] and [`deidentify`]; `invalid_date` where `as_of` is no day,
    /// `invalid_argument` where `seed` is not 64 hexadecimal digits.
    pub fn run(&self) -> Result<Deidentified> {
        let policy = Policy::named(&self.policy)?;
        let as_of = match &self.as_of {
            Some(text) => {
                let day = PartialDate::parse(text).filter(|date| date.precision() == Precision::Day);
                Some(day.ok_or_else(|| Error::new(&codes::INVALID_DATE).note("as_of"))?.earliest())
            }
            None => None,
        };
        let vault = match &self.seed {
            Some(text) => Vault::from_seed(seed(text).ok_or_else(|| {
                Error::new(&codes::INVALID_ARGUMENT).note("seed takes 64 hexadecimal digits")
            })?),
            None => Vault::new()?,
        };
        let record = Record::parse(self.source.as_bytes(), self.format)?;
        let key = self.key.as_ref().map(String::as_bytes);
        deidentify(&record, &policy, &Options { as_of, vault: Some(&vault), key })
    }
}

fn safe_harbor() -> String {
    "hipaa-safe-harbor".to_owned()
}

fn seed(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut seed = [0; 32];
    for (at, byte) in seed.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(seed)
}
