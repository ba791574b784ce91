//! What the ledger holds of a release: the parts of an accounting of disclosures (45 CFR 164.528(b)(2)), and the
//! hashes that tie the entry to the request, the record, the decision and the copy.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Error, Result, codes};
use crate::ledger::{Disclosure, Hash, LawPack, Recipient};
use crate::packs::PackInfo;
use crate::record::Record;
use crate::release::{Decision, Request};

/// The entry for a copy that is about to go out.
///
/// # Errors
/// `release_incomplete` with the path of what is missing.
pub(super) fn entry(
    request: &Request,
    record: &Record,
    decision: &Decision,
    output: &[u8],
) -> Result<Disclosure> {
    let missing = |path: &'static str| Error::new(&codes::RELEASE_INCOMPLETE).in_path(path);
    let requester = &request.requester;
    let named = requester.name.clone().filter(|name| !name.trim().is_empty());
    Ok(Disclosure {
        patient: record.patient_reference().ok_or_else(|| missing("Patient.identifier"))?,
        recipient: Recipient {
            name: named.ok_or_else(|| missing("requester.name"))?,
            address: requester.address.clone(),
        },
        date: request.on.0.to_string(),
        description: description(decision),
        purpose: request.purpose.map_or_else(|| Ok("not stated".to_owned()), |purpose| name(&purpose))?,
        outcome: name(&decision.outcome)?,
        accounting_required: decision.accounting_required,
        suspended_until: request.accounting_suspended_until.map(|day| day.0.to_string()),
        request_sha256: fingerprint(request)?,
        record_sha256: Hash::of(record.source()),
        decision_sha256: fingerprint(decision)?,
        output_sha256: Some(Hash::of(output)),
        law_packs: decision.law_packs.iter().map(law_pack).collect::<Result<_>>()?,
    })
}

/// The kinds of entries that go, with their numbers: `condition 5, encounter 12`. Kinds, never content.
fn description(decision: &Decision) -> String {
    let mut kinds = BTreeMap::<&str, usize>::new();
    for segment in decision.segments.iter().filter(|segment| segment.outcome.is_released()) {
        *kinds.entry(segment.kind).or_default() += 1;
    }
    let parts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    parts.join(", ")
}

/// The wire name of a value of a closed set.
fn name(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(Error::new(&codes::RELEASE_INCOMPLETE)),
    }
}

/// SHA-256 of the JSON of a value, as the `_json` twins write it.
fn fingerprint(value: &impl Serialize) -> Result<Hash> {
    let json = serde_json::to_vec(value).map_err(|_| Error::new(&codes::RELEASE_INCOMPLETE))?;
    Ok(Hash::of(&json))
}

fn law_pack(info: &PackInfo) -> Result<LawPack> {
    let sha256 = Hash::from_hex(&info.sha256).ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?;
    Ok(LawPack { name: info.name.clone(), sha256 })
}
