//! Resources of what was found or known of a person: conditions, allergies, results, reports, family history.

use super::super::json::{Json, Object};
use super::super::values::absent;
use super::{CLINICIANS, Draft, PEOPLE};
use crate::formats::field::EntryKind::{Practitioner, RelatedPerson};
use crate::formats::field::Field;

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

impl Draft<'_, '_> {
    /// `clinicalStatus` and `verificationStatus`: refuted where the source says that it is not so.
    pub(super) fn clinical(
        &mut self,
        clinical: &'static str,
        verification: &'static str,
    ) -> Option<&'static str> {
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

    pub(super) fn condition(&mut self) {
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

    pub(super) fn allergy(&mut self) {
        let status = self.clinical(
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        );
        // R4 (ait-1): there is a clinical status, unless all was entered in error.
        if status.is_none() {
            let denied = self.is_denied();
            self.out.put("clinicalStatus", absent(if denied { "not-applicable" } else { "unknown" }));
        }
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

    pub(super) fn result(&mut self) {
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

    pub(super) fn report(&mut self) {
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

    pub(super) fn family_history(&mut self) {
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
