//! Resources of what was done, ordered or planned: encounters, procedures, medications, immunizations, documents, orders.

use super::super::json::{Json, Object};
use super::super::parts::Parts;
use super::super::values::{self, absent};
use super::{CLINICIANS, Draft, PEOPLE};
use crate::formats::field::EntryKind::{Location, Organisation, Practitioner, RelatedPerson};
use crate::formats::field::Field;

/// States of an act: v3 ActStatus, HL7 v2 tables 0085 and 0038, FHIR's own.
const FINISHED: &[(&str, &str)] = &[
    ("completed", "completed"),
    ("CM", "completed"),
    ("active", "in-progress"),
    ("IP", "in-progress"),
    ("in-progress", "in-progress"),
    ("aborted", "stopped"),
    ("suspended", "on-hold"),
    ("HD", "on-hold"),
    ("cancelled", "not-done"),
    ("CA", "not-done"),
    ("nullified", "entered-in-error"),
    ("preparation", "preparation"),
];

const ORDER: &[(&str, &str)] = &[
    ("completed", "completed"),
    ("CM", "completed"),
    ("active", "active"),
    ("IP", "active"),
    ("new", "active"),
    ("suspended", "on-hold"),
    ("HD", "on-hold"),
    ("held", "on-hold"),
    ("aborted", "revoked"),
    ("cancelled", "revoked"),
    ("CA", "revoked"),
    ("DC", "revoked"),
    ("nullified", "entered-in-error"),
];

impl Draft<'_, '_> {
    pub(super) fn encounter(&mut self) {
        self.list("identifier", Parts::identifiers);
        self.status(
            &[
                ("completed", "finished"),
                ("active", "in-progress"),
                ("cancelled", "cancelled"),
                ("finished", "finished"),
            ],
            "unknown",
        );
        let class = self.class();
        self.out.put("class", class);
        self.concepts("type", Field::Type);
        let person = self.parts.person(self.index);
        self.out.put("subject", person);
        for field in [Field::Participant, Field::Performer] {
            let who = self.parts.references(self.index, field, &[Practitioner, RelatedPerson]);
            let list: Vec<Json> = who
                .into_iter()
                .map(|who| {
                    let mut out = Object::default();
                    out.put("individual", who);
                    Json::Object(out)
                })
                .collect();
            if !self.out.has("participant") {
                self.out.put_list("participant", list);
            }
        }
        let period = self.parts.period(self.index, Field::Start, Field::End);
        self.out.put_some("period", period);
        self.concepts("reasonCode", Field::Reason);
        if let Some(disposition) = self.parts.concept(self.index, Field::Disposition) {
            let mut stay = Object::default();
            stay.put("dischargeDisposition", disposition);
            self.out.put("hospitalization", stay);
        }
        let places =
            self.parts.references(self.index, Field::Location, &[Location]).into_iter().map(|place| {
                let mut out = Object::default();
                out.put("location", place);
                Json::Object(out)
            });
        let places = places.collect();
        self.out.put_list("location", places);
    }

    /// `Encounter.class` is one Coding: v3 ActCode, of which HL7 v2 table 0004 has the same meanings.
    pub(super) fn class(&mut self) -> Object {
        let known = self.mapped(
            Field::Class,
            &[
                ("I", "IMP"),
                ("O", "AMB"),
                ("E", "EMER"),
                ("P", "PRENC"),
                ("IMP", "IMP"),
                ("AMB", "AMB"),
                ("EMER", "EMER"),
                ("ACUTE", "ACUTE"),
                ("OBSENC", "OBSENC"),
                ("HH", "HH"),
                ("VR", "VR"),
                ("SS", "SS"),
                ("PRENC", "PRENC"),
            ],
        );
        let Some(known) = known else { return absent("unknown") };
        let mut out = Object::default();
        out.put("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
        out.put("code", known);
        out
    }

    pub(super) fn procedure(&mut self) {
        let denied = self.is_denied();
        if denied {
            self.out.put("status", "not-done");
        } else {
            self.status(FINISHED, "unknown");
        }
        self.concept("code", Field::Code);
        self.subject("subject");
        self.moment("performedDateTime", "performedPeriod");
        let actors = self.parts.references(self.index, Field::Performer, PEOPLE).into_iter().map(|who| {
            let mut out = Object::default();
            out.put("actor", who);
            Json::Object(out)
        });
        let actors = actors.collect();
        self.out.put_list("performer", actors);
        self.concepts("reasonCode", Field::Reason);
        self.concepts("bodySite", Field::BodySite);
        self.note(Field::Text);
    }

    /// An order where the source's intent is one, else a statement of use.
    pub(super) fn medication(&mut self) -> &'static str {
        let intent = self.mapped(
            Field::Intent,
            &[("INT", "plan"), ("RQO", "order"), ("PRP", "proposal"), ("order", "order"), ("plan", "plan")],
        );
        let denied = self.is_denied();
        let ordered = intent.is_some() && !denied;
        if denied {
            self.out.put("status", "not-taken");
        } else {
            let table: &'static [(&str, &str)] = if ordered {
                &[
                    ("completed", "completed"),
                    ("active", "active"),
                    ("aborted", "stopped"),
                    ("suspended", "on-hold"),
                    ("cancelled", "cancelled"),
                    ("nullified", "entered-in-error"),
                ]
            } else {
                &[
                    ("completed", "completed"),
                    ("active", "active"),
                    ("aborted", "stopped"),
                    ("suspended", "on-hold"),
                    ("nullified", "entered-in-error"),
                ]
            };
            self.status(table, "unknown");
        }
        if ordered {
            self.out.put_some("intent", intent);
        }
        self.required_concept("medicationCodeableConcept", Field::Code);
        let person = self.parts.person(self.index);
        self.out.put("subject", person);
        if ordered {
            self.date_time("authoredOn", Field::Authored);
            self.reference("requester", Field::Author, PEOPLE);
        } else {
            self.moment("effectiveDateTime", "effectivePeriod");
            self.date_time("dateAsserted", Field::Recorded);
            self.reference("informationSource", Field::Author, PEOPLE);
        }
        self.concepts("reasonCode", Field::Reason);
        if let Some(text) = self.parts.string(self.index, Field::DosageText) {
            let mut dosage = Object::default();
            dosage.put("text", text);
            self.out.put(if ordered { "dosageInstruction" } else { "dosage" }, vec![Json::Object(dosage)]);
        }
        self.note(Field::Text);
        if ordered { "MedicationRequest" } else { "MedicationStatement" }
    }

    pub(super) fn immunization(&mut self) {
        if self.is_denied() {
            self.out.put("status", "not-done");
        } else {
            let status = self.mapped(
                Field::Status,
                &[("completed", "completed"), ("CP", "completed"), ("nullified", "entered-in-error")],
            );
            if !self.out.put_some("status", status) {
                self.out.put("_status", absent("unknown"));
            }
        }
        self.required_concept("vaccineCode", Field::Code);
        self.subject("patient");
        if !self.date_time("occurrenceDateTime", Field::Performed)
            && !self.date_time("occurrenceDateTime", Field::PerformedStart)
        {
            self.out.put("_occurrenceDateTime", absent("unknown"));
        }
        self.string("lotNumber", Field::Lot);
        self.date("expirationDate", Field::Expiry);
        let actors = self.parts.references(self.index, Field::Performer, CLINICIANS).into_iter().map(|who| {
            let mut out = Object::default();
            out.put("actor", who);
            Json::Object(out)
        });
        let actors = actors.collect();
        self.out.put_list("performer", actors);
        self.note(Field::Text);
    }

    pub(super) fn document(&mut self) {
        self.out.put("status", "current");
        if !self.concept("type", Field::Code) {
            self.concept("type", Field::Type);
        }
        self.concepts("category", Field::Category);
        let person = self.parts.person(self.index);
        self.out.put("subject", person);
        self.instant("date", Field::Authored);
        self.references("author", Field::Author, PEOPLE);
        self.reference("custodian", Field::Custodian, &[Organisation]);
        self.string("description", Field::Title);
        self.concepts("securityLabel", Field::Security);
        let mut attachment = Object::default();
        let media = self.parts.text(self.index, Field::AttachmentType);
        attachment.put_some("contentType", media.as_deref().and_then(values::code));
        let title = self.parts.string(self.index, Field::AttachmentTitle);
        attachment.put_some("title", title);
        if let Some(text) = self.parts.texts(self.index, Field::Text) {
            use base64::Engine as _;
            attachment.put("data", base64::engine::general_purpose::STANDARD.encode(text));
            if !attachment.has("contentType") {
                attachment.put("contentType", "text/plain");
            }
        } else if let Some(data) = self.parts.text(self.index, Field::AttachmentData) {
            attachment.put("data", values::base64(&data));
        }
        let attachment = attachment.some().unwrap_or_else(|| absent("unknown").into());
        let mut content = Object::default();
        content.put("attachment", attachment);
        self.out.put("content", vec![Json::Object(content)]);
    }

    /// An `instant` needs a day, seconds and an offset.
    pub(super) fn instant(&mut self, name: &'static str, field: Field) {
        let whole = self.parts.instant(self.index, field);
        self.out.put_some(name, whole);
    }

    pub(super) fn care_plan(&mut self) {
        self.status(ORDER, "unknown");
        self.out.put("intent", "plan");
        self.concepts("category", Field::Category);
        let text = self.parts.string(self.index, Field::Text);
        self.out.put_some("description", text);
        self.subject("subject");
        if let Some(code) = self.parts.concept(self.index, Field::Code) {
            let mut detail = Object::default();
            detail.put("code", code);
            detail.put("status", "unknown");
            let mut activity = Object::default();
            activity.put("detail", detail);
            self.out.put("activity", vec![Json::Object(activity)]);
        }
    }

    pub(super) fn order(&mut self) {
        self.status(ORDER, "unknown");
        let intent = self.mapped(
            Field::Intent,
            &[
                ("INT", "plan"),
                ("RQO", "order"),
                ("PRP", "proposal"),
                ("PRMS", "plan"),
                ("APT", "plan"),
                ("ARQ", "order"),
            ],
        );
        self.out.put("intent", intent.unwrap_or("order"));
        if !self.concept("code", Field::Code) {
            self.concept("code", Field::Type);
        }
        self.subject("subject");
        self.moment("occurrenceDateTime", "occurrencePeriod");
        self.date_time("authoredOn", Field::Authored);
        if !self.reference("requester", Field::Requester, PEOPLE) {
            self.reference("requester", Field::Author, PEOPLE);
        }
        self.references("performer", Field::Performer, PEOPLE);
        self.concepts("reasonCode", Field::Reason);
        self.concepts("bodySite", Field::BodySite);
        self.note(Field::Text);
    }
}
