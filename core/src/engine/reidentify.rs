//! Finding somebody again: the vault tells, and the ledger has it in writing first.

use serde::{Deserialize, Serialize};

use crate::deid::Vault;
use crate::error::{Error, Result, codes};
use crate::ledger::{Disclosure, Hash, Ledger, REIDENTIFIED, Receipt, Recipient};

/// Who wants to know what a token stands for, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReidentifyRequest {
    /// The token, as it stands in an output.
    pub token: String,
    /// Who asks.
    pub requester: Recipient,
    /// Why.
    pub purpose: String,
    /// The day on which it is asked, `YYYY-MM-DD`.
    pub on: String,
}

impl std::fmt::Debug for ReidentifyRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReidentifyRequest").finish_non_exhaustive()
    }
}

/// What a token stands for, and the proof that its look-up was recorded.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Reidentified {
    /// The value that the token stands for.
    pub value: String,
    /// The ledger's receipt for the entry that was written before the value was handed out.
    pub receipt: Receipt,
}

impl std::fmt::Debug for Reidentified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reidentified").field("receipt", &self.receipt).finish_non_exhaustive()
    }
}

/// Looks a token up, and writes the ledger before the value is handed out.
///
/// # Errors
/// `token_unknown`, `invalid_argument` where the request names nobody or no purpose, and those of the ledger; with
/// an error no value is handed out.
pub(super) fn reidentify(
    vault: &Vault,
    request: &ReidentifyRequest,
    ledger: &Ledger,
) -> Result<Reidentified> {
    let value =
        vault.value(&request.token).ok_or_else(|| Error::new(&codes::TOKEN_UNKNOWN).in_path("token"))?;
    handed_out(value, vault.person(&request.token), request, ledger)
}

/// A value, after its look-up is written. It is filed under its person; one whose person is not known, under its token.
pub(super) fn handed_out(
    value: String,
    person: Option<String>,
    request: &ReidentifyRequest,
    ledger: &Ledger,
) -> Result<Reidentified> {
    let needed = |path: &'static str| Error::new(&codes::INVALID_ARGUMENT).in_path(path).note("it is needed");
    if request.requester.name.trim().is_empty() {
        return Err(needed("requester.name"));
    }
    if request.purpose.trim().is_empty() {
        return Err(needed("purpose"));
    }
    let wire = serde_json::to_vec(request).map_err(|_| Error::new(&codes::INVALID_REQUEST))?;
    let patient = person.unwrap_or_else(|| request.token.clone());
    let receipt = ledger.append(&Disclosure {
        patient,
        recipient: request.requester.clone(),
        date: request.on.clone(),
        description: "re-identification of one token".to_owned(),
        purpose: request.purpose.clone(),
        outcome: REIDENTIFIED.to_owned(),
        // A use by the holder of the vault, not a disclosure (45 CFR 164.514(c), 164.528(a)(1)).
        accounting_required: false,
        suspended_until: None,
        request_sha256: Hash::of(&wire),
        record_sha256: Hash::of(request.token.as_bytes()),
        decision_sha256: Hash::of(b"164.514(c)"),
        output_sha256: None,
        law_packs: Vec::new(),
    })?;
    Ok(Reidentified { value, receipt })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_without_an_entry() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), None).unwrap();
        let vault = Vault::from_seed([1; 32]);
        let token = vault.token("Patient-7");
        let mut request = ReidentifyRequest {
            token,
            requester: Recipient { name: "privacy office".into(), address: None },
            purpose: "incidental finding".into(),
            on: "2025-06-01".into(),
        };
        let done = reidentify(&vault, &request, &ledger).unwrap();
        assert_eq!(done.value, "Patient-7");
        assert_eq!((done.receipt.index, ledger.len().unwrap()), (0, 1));
        assert!(!format!("{done:?}{request:?}").contains("Patient-7"));
        request.purpose = " ".into();
        assert_eq!(reidentify(&vault, &request, &ledger).unwrap_err().path(), Some("purpose"));
        request.purpose = "x".into();
        request.on = "yesterday".into();
        assert!(reidentify(&vault, &request, &ledger).is_err());
        request.on = "2025-06-01".into();
        request.token = "7".into();
        assert_eq!(reidentify(&vault, &request, &ledger).unwrap_err().code(), "token_unknown");
        assert_eq!(ledger.len().unwrap(), 1);
    }
}
