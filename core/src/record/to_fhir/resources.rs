//! One resource for each entry: which type, and which of its elements the fields of the Chart are.
//!
//! An element is written where FHIR R4 (4.0.1) gives it the meaning that the field has. What R4 requires and the
//! source does not say is stated to be absent.

use super::json::{Json, Object};
use super::parts::Parts;
use super::values::{self, absent};
use crate::formats::field::{EntryKind, Field};

use EntryKind::{
    Allergy, CarePlan, CareTeam, Condition, Coverage, Device, Document, Encounter, FamilyHistory,
    Immunization, Location, Medication, Order, Organisation, Person, Practitioner, Procedure, RelatedPerson,
    Report, Result,
};

/// The resource type of an entry that is written as one.
pub(super) const fn of(kind: EntryKind) -> Option<&'static str> {
    Some(match kind {
        Person => "Patient",
        RelatedPerson => "RelatedPerson",
        Practitioner => "Practitioner",
        Organisation => "Organization",
        Location => "Location",
        Encounter => "Encounter",
        Condition => "Condition",
        Procedure => "Procedure",
        Medication => "MedicationStatement",
        Allergy => "AllergyIntolerance",
        Result => "Observation",
        Report => "DiagnosticReport",
        Immunization => "Immunization",
        Document => "DocumentReference",
        Coverage => "Coverage",
        Device => "Device",
        CareTeam => "CareTeam",
        CarePlan => "CarePlan",
        Order => "ServiceRequest",
        FamilyHistory => "FamilyMemberHistory",
        _ => return None,
    })
}

/// Whether the resource of an entry can say that it was expressly not so.
pub(super) const fn can_deny(kind: EntryKind) -> bool {
    matches!(kind, Condition | Procedure | Medication | Allergy | Immunization)
}

const PEOPLE: &[EntryKind] = &[Practitioner, RelatedPerson, Person, Organisation];
const CLINICIANS: &[EntryKind] = &[Practitioner, Organisation];

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

const RESULT: &[(&str, &str)] = &[
    ("completed", "final"),
    ("active", "preliminary"),
    ("F", "final"),
    ("P", "preliminary"),
    ("R", "preliminary"),
    ("C", "corrected"),
    ("X", "cancelled"),
    ("W", "entered-in-error"),
    ("D", "entered-in-error"),
    ("final", "final"),
    ("preliminary", "preliminary"),
    ("corrected", "corrected"),
    ("aborted", "cancelled"),
    ("cancelled", "cancelled"),
    ("nullified", "entered-in-error"),
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

const CLINICAL: &[(&str, &str)] = &[
    ("active", "active"),
    ("55561003", "active"),
    ("completed", "resolved"),
    ("resolved", "resolved"),
    ("413322009", "resolved"),
    ("inactive", "inactive"),
    ("73425007", "inactive"),
    ("aborted", "inactive"),
    ("suspended", "inactive"),
    ("remission", "remission"),
];

/// A resource in hand.
struct Draft<'p, 'r> {
    parts: &'p mut Parts<'r>,
    index: usize,
    out: Object,
}

/// The resource of the entry at `index`, where there is one.
pub(super) fn write(parts: &mut Parts<'_>, index: usize) -> Option<(&'static str, Object)> {
    if !parts.is_emitted(index) {
        return None;
    }
    let kind = parts.entries.get(index)?.kind();
    let mut ty = of(kind)?;
    let mut draft = Draft { parts, index, out: Object::default() };
    if !matches!(kind, Encounter) {
        draft.list("identifier", Parts::identifiers);
    }
    match kind {
        Person => draft.patient(),
        RelatedPerson => draft.related_person(),
        Practitioner => draft.practitioner(),
        Organisation => draft.organisation(),
        Location => draft.place(),
        Encounter => draft.encounter(),
        Condition => draft.condition(),
        Procedure => draft.procedure(),
        Medication => ty = draft.medication(),
        Allergy => draft.allergy(),
        Result => draft.result(),
        Report => draft.report(),
        Immunization => draft.immunization(),
        Document => draft.document(),
        Coverage => draft.coverage(),
        Device => draft.device(),
        CareTeam => draft.care_team(),
        CarePlan => draft.care_plan(),
        Order => draft.order(),
        FamilyHistory => draft.family_history(),
        _ => return None,
    }
    Some((ty, draft.out))
}

impl<'r> Draft<'_, 'r> {
    fn list(&mut self, name: &'static str, read: impl FnOnce(&mut Parts<'r>, usize) -> Vec<Json>) -> bool {
        let list = read(self.parts, self.index);
        self.out.put_list(name, list)
    }

    fn concept(&mut self, name: &'static str, field: Field) -> bool {
        let concept = self.parts.concept(self.index, field);
        self.out.put_some(name, concept)
    }

    fn concepts(&mut self, name: &'static str, field: Field) {
        let concepts = self.parts.concepts(self.index, field);
        self.out.put_list(name, concepts);
    }

    fn required_concept(&mut self, name: &'static str, field: Field) {
        if !self.concept(name, field) {
            self.out.put(name, absent("unknown"));
        }
    }

    fn string(&mut self, name: &'static str, field: Field) -> bool {
        let text = self.parts.string(self.index, field);
        self.out.put_some(name, text)
    }

    fn date_time(&mut self, name: &'static str, field: Field) -> bool {
        let date = self.parts.date(self.index, field, false);
        self.out.put_some(name, date)
    }

    fn date(&mut self, name: &'static str, field: Field) -> bool {
        let date = self.parts.date(self.index, field, true);
        self.out.put_some(name, date)
    }

    /// A choice of one date or a range of them.
    fn moment(&mut self, one: &'static str, range: &'static str) -> bool {
        if self.date_time(one, Field::Performed) {
            return true;
        }
        let period = self.parts.period(self.index, Field::PerformedStart, Field::PerformedEnd);
        self.out.put_some(range, period)
    }

    fn references(&mut self, name: &'static str, field: Field, kinds: &[EntryKind]) {
        let list = self.parts.references(self.index, field, kinds);
        self.out.put_list(name, list);
    }

    fn reference(&mut self, name: &'static str, field: Field, kinds: &[EntryKind]) -> bool {
        let first = self.parts.references(self.index, field, kinds).into_iter().next();
        self.out.put_some(name, first)
    }

    fn subject(&mut self, name: &'static str) {
        let person = self.parts.person(self.index);
        self.out.put(name, person);
        self.reference("encounter", Field::Encounter, &[Encounter]);
    }

    /// What the source's code of a field is in FHIR; one that the table does not know is not taken.
    fn mapped(&mut self, field: Field, table: &'static [(&str, &str)]) -> Option<&'static str> {
        self.parts.mapped(self.index, field, table)
    }

    fn is_denied(&mut self) -> bool {
        self.parts.flag(self.index, Field::NotDone) == Some(true)
    }

    /// `status` from the source's; `else_as` where it has none that is known.
    fn status(&mut self, table: &'static [(&str, &str)], else_as: &'static str) {
        let status = self.mapped(Field::Status, table);
        self.out.put("status", status.unwrap_or(else_as));
    }

    fn note(&mut self, field: Field) {
        if let Some(text) = self.parts.string(self.index, field) {
            let mut note = Object::default();
            note.put("text", text);
            self.out.put("note", vec![Json::Object(note)]);
        }
    }

    fn sex(&mut self) {
        let sex = self.mapped(Field::Sex, values::SEX);
        self.out.put_some("gender", sex);
    }

    fn person_parts(&mut self) {
        self.list("name", Parts::names);
        self.list("telecom", Parts::telecoms);
        self.sex();
        self.date("birthDate", Field::BirthDate);
    }

    fn patient(&mut self) {
        self.person_parts();
        if let Some(date) = self.parts.date(self.index, Field::DeathDate, false) {
            self.parts.flag(self.index, Field::Deceased);
            self.out.put("deceasedDateTime", date);
        } else if let Some(dead) = self.parts.flag(self.index, Field::Deceased) {
            self.out.put("deceasedBoolean", dead);
        }
        self.list("address", Parts::addresses);
        self.concept("maritalStatus", Field::MaritalStatus);
        let languages = self.parts.concepts(self.index, Field::Language).into_iter().map(|language| {
            let mut out = Object::default();
            out.put("language", language);
            Json::Object(out)
        });
        let languages = languages.collect();
        self.out.put_list("communication", languages);
    }

    fn related_person(&mut self) {
        let person = self.parts.person(self.index);
        self.out.put("patient", person);
        self.concepts("relationship", Field::Relationship);
        self.person_parts();
        self.list("address", Parts::addresses);
    }

    fn practitioner(&mut self) {
        self.person_parts();
        self.list("address", Parts::addresses);
        let codes = self.parts.concepts(self.index, Field::Type).into_iter().map(|code| {
            let mut out = Object::default();
            out.put("code", code);
            Json::Object(out)
        });
        let codes = codes.collect();
        self.out.put_list("qualification", codes);
    }

    /// A body or place has one name that is a text.
    fn plain_name(&mut self) {
        let text = self
            .parts
            .string(self.index, Field::Name)
            .or_else(|| self.parts.string(self.index, Field::NameText));
        self.out.put_some("name", text);
    }

    fn organisation(&mut self) {
        self.concepts("type", Field::Type);
        self.plain_name();
        self.list("telecom", Parts::telecoms);
        self.list("address", Parts::addresses);
        // R4 (org-1): a body has an identifier or a name.
        if !self.out.has("identifier") && !self.out.has("name") {
            self.out.put("_name", absent("unknown"));
        }
    }

    fn place(&mut self) {
        self.plain_name();
        self.concepts("type", Field::Type);
        self.list("telecom", Parts::telecoms);
        let address = self.parts.addresses(self.index).into_iter().next();
        self.out.put_some("address", address);
    }

    fn encounter(&mut self) {
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
    fn class(&mut self) -> Object {
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

    /// `clinicalStatus` and `verificationStatus`: refuted where the source says that it is not so.
    fn clinical(&mut self, clinical: &'static str, verification: &'static str) -> Option<&'static str> {
        let denied = self.is_denied();
        let status = if denied { None } else { self.mapped(Field::Status, CLINICAL) };
        if let Some(status) = status {
            self.out.put("clinicalStatus", one_coding(clinical, status));
        }
        if denied {
            self.out.put("verificationStatus", one_coding(verification, "refuted"));
        } else {
            let known = self.mapped(
                Field::Verification,
                &[
                    ("confirmed", "confirmed"),
                    ("refuted", "refuted"),
                    ("unconfirmed", "unconfirmed"),
                    ("C", "confirmed"),
                    ("U", "unconfirmed"),
                ],
            );
            if let Some(known) = known {
                self.out.put("verificationStatus", one_coding(verification, known));
            }
        }
        status
    }

    fn condition(&mut self) {
        let status = self.clinical(
            "http://terminology.hl7.org/CodeSystem/condition-clinical",
            "http://terminology.hl7.org/CodeSystem/condition-ver-status",
        );
        self.concepts("category", Field::Category);
        self.concept("severity", Field::Severity);
        self.concept("code", Field::Code);
        self.concepts("bodySite", Field::BodySite);
        self.subject("subject");
        self.date_time("onsetDateTime", Field::Onset);
        // R4 (con-4): what has ended is not active.
        if matches!(status, Some("resolved" | "remission" | "inactive")) {
            self.date_time("abatementDateTime", Field::Abatement);
        }
        self.date_time("recordedDate", Field::Recorded);
        self.reference("recorder", Field::Author, &[Practitioner, RelatedPerson]);
        self.note(Field::Text);
    }

    fn procedure(&mut self) {
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
    fn medication(&mut self) -> &'static str {
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

    fn allergy(&mut self) {
        self.clinical(
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        );
        let criticality = self.mapped(
            Field::Criticality,
            &[
                ("CRITH", "high"),
                ("CRITL", "low"),
                ("CRITU", "unable-to-assess"),
                ("high", "high"),
                ("low", "low"),
            ],
        );
        self.out.put_some("criticality", criticality);
        self.concept("code", Field::Code);
        self.subject("patient");
        self.date_time("onsetDateTime", Field::Onset);
        self.date_time("recordedDate", Field::Recorded);
        self.reference("recorder", Field::Author, &[Practitioner, RelatedPerson]);
        self.note(Field::Text);
        let reactions = self.parts.concepts(self.index, Field::Reaction);
        if !reactions.is_empty() {
            let mut reaction = Object::default();
            reaction.put("manifestation", reactions);
            self.out.put("reaction", vec![Json::Object(reaction)]);
        }
    }

    fn result(&mut self) {
        self.status(RESULT, "unknown");
        self.concepts("category", Field::Category);
        self.required_concept("code", Field::Code);
        self.subject("subject");
        self.moment("effectiveDateTime", "effectivePeriod");
        self.references("performer", Field::Performer, PEOPLE);
        if let Some((name, value)) = self.parts.value(self.index) {
            self.out.put(name, value);
        } else {
            self.concept("dataAbsentReason", Field::ValueAbsent);
        }
        self.concepts("interpretation", Field::Interpretation);
        self.concept("bodySite", Field::BodySite);
        self.note(Field::Text);
    }

    fn report(&mut self) {
        let table: &'static [(&str, &str)] = &[
            ("completed", "final"),
            ("active", "partial"),
            ("F", "final"),
            ("P", "preliminary"),
            ("C", "corrected"),
            ("X", "cancelled"),
            ("final", "final"),
            ("aborted", "cancelled"),
            ("nullified", "entered-in-error"),
        ];
        self.status(table, "unknown");
        self.concepts("category", Field::Category);
        self.required_concept("code", Field::Code);
        self.subject("subject");
        self.moment("effectiveDateTime", "effectivePeriod");
        self.references("performer", Field::Performer, CLINICIANS);
        let inside = self.parts.results_inside(self.index);
        self.out.put_list("result", inside);
        self.string("conclusion", Field::Text);
    }

    fn immunization(&mut self) {
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

    fn document(&mut self) {
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
    fn instant(&mut self, name: &'static str, field: Field) {
        let whole = self.parts.instant(self.index, field);
        self.out.put_some(name, whole);
    }

    fn coverage(&mut self) {
        let table: &'static [(&str, &str)] = &[
            ("active", "active"),
            ("completed", "active"),
            ("cancelled", "cancelled"),
            ("nullified", "entered-in-error"),
        ];
        let status = self.mapped(Field::Status, table);
        if !self.out.put_some("status", status) {
            self.out.put("_status", absent("unknown"));
        }
        self.concept("type", Field::Type);
        self.string("subscriberId", Field::SubscriberId);
        let person = self.parts.person(self.index);
        self.out.put("beneficiary", person);
        self.concept("relationship", Field::Relationship);
        let period = self.parts.period(self.index, Field::Start, Field::End);
        self.out.put_some("period", period);
        let payors = self.parts.references(self.index, Field::Payor, PEOPLE);
        if !self.out.put_list("payor", payors) {
            self.out.put("payor", vec![Json::Object(absent("unknown"))]);
        }
    }

    fn device(&mut self) {
        self.string("lotNumber", Field::Lot);
        self.string("serialNumber", Field::SerialNumber);
        self.concept("type", Field::Code);
        let person = self.parts.person(self.index);
        self.out.put("patient", person);
        self.note(Field::Text);
    }

    fn care_team(&mut self) {
        let person = self.parts.person(self.index);
        self.out.put("subject", person);
        let period = self.parts.period(self.index, Field::Start, Field::End);
        self.out.put_some("period", period);
        let members = self.parts.references(self.index, Field::Participant, PEOPLE).into_iter().map(|who| {
            let mut out = Object::default();
            out.put("member", who);
            Json::Object(out)
        });
        let members = members.collect();
        self.out.put_list("participant", members);
    }

    fn care_plan(&mut self) {
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

    fn order(&mut self) {
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

    fn family_history(&mut self) {
        let table: &'static [(&str, &str)] =
            &[("completed", "completed"), ("active", "partial"), ("nullified", "entered-in-error")];
        self.status(table, "partial");
        let person = self.parts.person(self.index);
        self.out.put("patient", person);
        self.required_concept("relationship", Field::Relationship);
        self.concept("sex", Field::Sex);
        self.date("bornDate", Field::BirthDate);
        let found = self.parts.concepts(self.index, Field::Code).into_iter().map(|code| {
            let mut out = Object::default();
            out.put("code", code);
            Json::Object(out)
        });
        let found = found.collect();
        self.out.put_list("condition", found);
    }
}

fn one_coding(system: &'static str, code: &'static str) -> Object {
    let mut coding = Object::default();
    coding.put("system", system);
    coding.put("code", code);
    let mut out = Object::default();
    out.put("coding", vec![Json::Object(coding)]);
    out
}
