//! One resource for each entry: which type, and which of its elements the fields of the Chart are.
//!
//! An element is written where FHIR R4 (4.0.1) gives it the meaning that the field has. What R4 requires and the
//! source does not say is stated to be absent.

mod acts;
mod findings;
mod people;

use super::json::{Json, Object};
use super::parts::Parts;
use super::values::absent;
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
}
