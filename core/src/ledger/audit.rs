//! Entries as FHIR R4 AuditEvents and Provenances, in the shapes of the IHE profile Basic Audit Log Patterns (BALP).
//!
//! A disclosure is an event of the pattern *Privacy Disclosure at Source* (`IHE.BasicAudit.PrivacyDisclosure.Source`):
//! an Export with the source and the recipient as agents, and the patient and the copy as entities. What the ledger has
//! as a hash is named by it (RFC 6920). A look-up of who stands behind a token is no disclosure: it is an event of
//! access to a patient's record, without that profile.
//! <https://profiles.ihe.net/ITI/BALP>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entry::{Content, Entry};
use super::hash::Hash;
use crate::error::{Error, Result, codes};

/// What entries an export holds, and what stands in it that no entry says.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    /// The moment of the export, a FHIR instant such as `2025-06-30T12:00:00Z`. Entries that know only their day are
    /// recorded at that moment; their day is the period of the event.
    pub recorded: String,
    /// Who disclosed: the name of the holder or of its system.
    pub source: String,
    /// Only the entries of this patient, under the reference by which they were logged. Left out, those of all, where a
    /// patient is named by the hash under which the ledger files them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// Only entries from this place on. Left out, from the first, 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_index: Option<u64>,
    /// At most so many entries. Left out, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl std::fmt::Debug for AuditRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuditRequest").field("first_index", &self.first_index).finish_non_exhaustive()
    }
}

/// The purposes of a request, and their codes in HL7 v3-ActReason.
const PURPOSES: &[(&str, &str)] = &[
    ("treatment", "TREAT"),
    ("payment", "HPAYMT"),
    ("operations", "HOPERAT"),
    ("individual_request", "PATRQT"),
    ("involvement", "FAMRQT"),
    ("legal", "HLEGAL"),
    ("research", "HRESCH"),
    ("public_health", "PUBHLTH"),
    ("marketing", "HMARKT"),
    ("directory", "HDIRECT"),
];

/// An export under way.
pub(super) struct AuditExport<'r> {
    request: &'r AuditRequest,
    entries: Vec<Value>,
    events: u64,
}

/// A FHIR instant: a date and time to the second at least, with its zone.
fn is_instant(text: &str) -> bool {
    let timed = text.get(10..11) == Some("T") && text.len() >= "2025-01-01T00:00:00Z".len();
    timed && text.parse::<jiff::Timestamp>().is_ok()
}

/// When a disclosure was made, as a FHIR dateTime: a time without its zone is none.
fn occurred(content: &Content) -> &str {
    if is_instant(&content.date) { &content.date } else { content.date.get(..10).unwrap_or(&content.date) }
}

/// The name of something by its hash (RFC 6920).
fn name_of(hash: &Hash) -> String {
    format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(hash.0))
}

/// What has that hash, as a reference by identifier.
fn hashed(hash: &Hash) -> Value {
    json!({"identifier": {"system": "urn:ietf:rfc:3986", "value": name_of(hash)}})
}

/// An identifier that follows from a hash: a UUID of version 8 (RFC 9562, section 5.8), for the part of that number.
fn uuid(hash: &Hash, part: u8) -> String {
    let mut bytes = Hash::prefixed(part, &[&hash.0]).0;
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = *version & 0x0f | 0x80;
    *variant = *variant & 0x3f | 0x80;
    let digits = Hash(bytes).to_string();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
}

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// A part that the profile demands and the ledger cannot have: a copy may go by post.
fn not_applicable() -> Value {
    json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "not-applicable",
    }]})
}

impl<'r> AuditExport<'r> {
    pub(super) fn new(request: &'r AuditRequest) -> Result<Self> {
        if !is_instant(&request.recorded) {
            return Err(Error::new(&codes::INVALID_DATE)
                .in_path("recorded")
                .note("an instant with its zone"));
        }
        if request.source.trim().is_empty() {
            return Err(Error::new(&codes::INVALID_ARGUMENT).in_path("source").note("it is empty"));
        }
        Ok(Self { request, entries: Vec::new(), events: 0 })
    }

    /// Adds the events of an entry, where it lies within what is asked for.
    pub(super) fn add(&mut self, index: u64, leaf: Hash, entry: &Entry, content: &Content) {
        let over = self.request.limit.is_some_and(|limit| self.events >= limit);
        if over || self.request.first_index.is_some_and(|first| index < first) {
            return;
        }
        self.events += 1;
        let event = self.event(index, &leaf, entry, content);
        self.push(uuid(&leaf, 0), event);
        if let Some(copy) = &entry.output_sha256 {
            let provenance = self.provenance(copy, entry, content);
            self.push(uuid(&leaf, 1), provenance);
        }
    }

    fn push(&mut self, id: String, mut resource: Value) {
        let url = format!("urn:uuid:{id}");
        if let Some(members) = resource.as_object_mut() {
            members.insert("id".to_owned(), Value::String(id));
        }
        self.entries.push(json!({"fullUrl": url, "resource": resource}));
    }

    /// The Bundle, as JSON text.
    pub(super) fn finish(self) -> Result<String> {
        let mut bundle =
            json!({"resourceType": "Bundle", "type": "collection", "timestamp": self.request.recorded});
        if let Some(members) = bundle.as_object_mut().filter(|_| !self.entries.is_empty()) {
            members.insert("entry".to_owned(), Value::Array(self.entries));
        }
        serde_json::to_string(&bundle).map_err(|_| Error::new(&codes::INVALID_ARGUMENT).in_path("source"))
    }

    /// When the event was recorded.
    fn recorded<'a>(&'a self, content: &'a Content) -> &'a str {
        if is_instant(&content.date) { &content.date } else { &self.request.recorded }
    }

    fn event(&self, index: u64, leaf: &Hash, entry: &Entry, content: &Content) -> Value {
        let observer = json!({"display": self.request.source});
        let policies: Vec<String> = entry.law_packs.iter().map(|pack| name_of(&pack.sha256)).collect();
        let recipient = match &content.recipient.address {
            Some(address) => format!("{}, {address}", content.recipient.name),
            None => content.recipient.name.clone(),
        };
        let disclosed = content.outcome != super::REIDENTIFIED;
        let (kind, source_role, recipient_role) = if disclosed {
            (
                coding(DCM, "110106", "Export"),
                coding(DCM, "110153", "Source Role ID"),
                coding(DCM, "110152", "Destination Role ID"),
            )
        } else {
            (
                coding(DCM, "110110", "Patient Record"),
                coding(DCM, "110150", "Application"),
                coding(
                    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                    "IRCP",
                    "information recipient",
                ),
            )
        };
        let mut source = json!({
            "type": {"coding": [source_role]}, "who": observer, "requestor": false, "network": not_applicable(),
        });
        if let Some(members) = source.as_object_mut().filter(|_| !policies.is_empty()) {
            members.insert("policy".to_owned(), json!(policies));
        }
        let reason = PURPOSES.iter().find(|(name, _)| *name == content.purpose).map(|(_, code)| {
            json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code}])
        });
        let mut purpose = json!({"text": content.purpose});
        if let (Some(members), Some(reason)) = (purpose.as_object_mut(), reason) {
            members.insert("coding".to_owned(), reason);
        }
        let mut event = json!({
            "resourceType": "AuditEvent",
            "type": kind,
            "action": "R",
            "period": {"start": occurred(content), "end": occurred(content)},
            "recorded": self.recorded(content),
            "outcome": "0",
            "outcomeDesc": content.outcome,
            "purposeOfEvent": [purpose],
            "agent": [
                source,
                {
                    "type": {"coding": [recipient_role]}, "who": {"display": recipient}, "requestor": true,
                    "network": not_applicable(),
                },
            ],
            "source": {"observer": observer},
            "entity": [
                {
                    "what": {"type": "Patient", "identifier": {"value": self.patient(entry)}},
                    "type": coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1", "Person"),
                    "role": coding("http://terminology.hl7.org/CodeSystem/object-role", "1", "Patient"),
                },
                self.data(index, leaf, entry, content),
            ],
        });
        if let Some(members) = event.as_object_mut().filter(|_| disclosed) {
            members.insert(
                "meta".to_owned(),
                json!({"profile": [
                    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"
                ]}),
            );
            members.insert(
                "subtype".to_owned(),
                json!([coding(
                    "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
                    "disclose",
                    "Disclose Record Lifecycle Event",
                )]),
            );
        }
        event
    }

    fn patient(&self, entry: &Entry) -> String {
        self.request.patient.clone().unwrap_or_else(|| entry.patient.to_string())
    }

    /// What went out, or what was looked at; with what proves it.
    fn data(&self, index: u64, leaf: &Hash, entry: &Entry, content: &Content) -> Value {
        let mut details: Vec<(&str, String)> = vec![
            ("ledger index", index.to_string()),
            ("ledger leaf", name_of(leaf)),
            ("request", name_of(&entry.request_sha256)),
            ("record", name_of(&entry.record_sha256)),
            ("decision", name_of(&entry.decision_sha256)),
            ("accounting required", content.accounting_required.to_string()),
        ];
        if let Some(until) = &content.suspended_until {
            details.push(("accounting suspended until", until.clone()));
        }
        let details: Vec<Value> =
            details.into_iter().map(|(kind, value)| json!({"type": kind, "valueString": value})).collect();
        json!({
            "what": hashed(entry.output_sha256.as_ref().unwrap_or(&entry.record_sha256)),
            "type": coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object"),
            "role": coding("http://terminology.hl7.org/CodeSystem/object-role", "3", "Report"),
            "description": content.description,
            "detail": details,
        })
    }

    /// That the copy was extracted from the record, by whom, and under which law.
    fn provenance(&self, copy: &Hash, entry: &Entry, content: &Content) -> Value {
        let policies: Vec<String> = entry.law_packs.iter().map(|pack| name_of(&pack.sha256)).collect();
        let assembler = json!({"coding": [coding(
            "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "assembler", "Assembler",
        )]});
        let mut provenance = json!({
            "resourceType": "Provenance",
            "target": [hashed(copy)],
            "occurredDateTime": occurred(content),
            "recorded": self.recorded(content),
            "activity": {"coding": [coding(
                "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
                "extract",
                "Extract Record Lifecycle Event",
            )]},
            "agent": [{"type": assembler, "who": {"display": self.request.source}}],
            "entity": [{"role": "source", "what": hashed(&entry.record_sha256)}],
        });
        if let Some(members) = provenance.as_object_mut().filter(|_| !policies.is_empty()) {
            members.insert("policy".to_owned(), json!(policies));
        }
        provenance
    }
}
