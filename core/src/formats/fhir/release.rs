//! The releases of FHIR, and which one a source is written in.

use std::sync::Arc;

use super::Fhir;
use crate::error::Result;
use crate::formats::dialect::{Dialect, Parsed, Reading};
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId};

/// A release of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[non_exhaustive]
pub enum Release {
    /// 4.0.1.
    R4,
    /// 4.3.0.
    R4b,
    /// 5.0.0.
    R5,
    /// 3.0.2.
    Stu3,
}

impl Release {
    /// Every release, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::R4, Self::R4b, Self::R5, Self::Stu3];

    /// The release of a version number, such as `4.0.1`; of 4.1 to 4.6, which became R4B and R5, by the number.
    #[must_use]
    pub fn of_version(version: &str) -> Option<Self> {
        let mut numbers = version.split('.');
        match (numbers.next()?, numbers.next()?) {
            ("3", _) => Some(Self::Stu3),
            ("4", "0") => Some(Self::R4),
            ("4", "1" | "3") => Some(Self::R4b),
            ("4" | "5", _) => Some(Self::R5),
            _ => None,
        }
    }
}

/// What of a source a release does not know: the fewer, the better it fits.
fn misfits(reading: &Reading) -> usize {
    let counts = |code: &str| matches!(code, "unknown_element" | "unknown_resource_type" | "wrong_json_type");
    reading.irregularities.iter().filter(|one| counts(one.code)).count()
}

/// Reads FHIR whose release nobody has named.
///
/// The release is the one that the root states: its `fhirVersion`, or a profile of the standard of one release
/// (`http://hl7.org/fhir/5.0/StructureDefinition/...`) in its `meta`. Else it is R4 where R4 knows every element and
/// type; where it does not, the release that knows most of them, and of those that know as many the first of R4, R4B,
/// R5, STU3.
///
/// # Errors
/// Those of [`Fhir::read`], as R4 gives them.
pub fn read_any(source: &[u8], from: usize, depth: usize) -> Result<(Release, Reading)> {
    let tree = json::scan(source, from, depth)?;
    let first = Fhir::of(Release::R4)?.label(source, from, tree);
    let stated = first.as_ref().ok().and_then(|reading| stated(source, reading));
    match (&first, stated) {
        (Ok(_), Some(Release::R4)) => {}
        (_, Some(release)) => {
            return Ok((release, Fhir::of(release)?.read(source, from, depth)?));
        }
        (Ok(reading), None) if misfits(reading) == 0 => {}
        (_, None) => return best(source, from, depth, first),
    }
    first.map(|reading| (Release::R4, reading))
}

/// The reading of the release that fits best.
#[cold]
fn best(source: &[u8], from: usize, depth: usize, first: Result<Reading>) -> Result<(Release, Reading)> {
    let mut best = first.map(|reading| (misfits(&reading), Release::R4, reading));
    for release in Release::ALL.into_iter().skip(1) {
        let known = best.as_ref().map_or(usize::MAX, |(misfits, ..)| *misfits);
        if let Ok(reading) = Fhir::of(release)?.read(source, from, depth)
            && misfits(&reading) < known
        {
            best = Ok((misfits(&reading), release, reading));
        }
    }
    best.map(|(_, release, reading)| (release, reading))
}

/// The release that the root states.
fn stated(source: &[u8], reading: &Reading) -> Option<Release> {
    let parsed = Parsed { source, tree: &reading.tree, entries: &reading.entries };
    let dialect: &Arc<dyn Dialect> = &reading.dialect;
    let member = |of: NodeId, name: &str| {
        let named = |id: &NodeId| dialect.name(parsed, *id).is_some_and(|known| known == name);
        reading.tree.children(of).find(named)
    };
    if let Some(version) = member(NodeId::ROOT, "fhirVersion") {
        return dialect.text(parsed, version).and_then(|version| Release::of_version(&version));
    }
    let profiles = member(member(NodeId::ROOT, "meta")?, "profile")?;
    let list = reading.tree.node(profiles).kind() == Kind::List;
    reading.tree.children(profiles).filter(|_| list).find_map(|profile| {
        let text = dialect.text(parsed, profile)?;
        let (version, _) = text.strip_prefix("http://hl7.org/fhir/")?.split_once("/StructureDefinition/")?;
        Release::of_version(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::field::Field;
    use crate::formats::label::{Label, Whose};

    fn release(source: &str) -> Release {
        read_any(source.as_bytes(), 0, 128).unwrap().0
    }

    #[test]
    fn a_release_is_stated_or_fits_best() {
        for (source, expected) in [
            (r#"{"resourceType":"Patient"}"#, Release::R4),
            (r#"{"resourceType":"Patient","nonsense":1}"#, Release::R4),
            (r#"{"resourceType":"CapabilityStatement","fhirVersion":"3.0.1"}"#, Release::Stu3),
            (r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.3.0"}"#, Release::R4b),
            (
                r#"{"resourceType":"Patient","meta":{"profile":["http://x","http://hl7.org/fhir/5.0/StructureDefinition/Patient"]}}"#,
                Release::R5,
            ),
            (r#"{"resourceType":"Encounter","actualPeriod":{"start":"2020"},"nonsense":1}"#, Release::R5),
            (r#"{"resourceType":"ProcedureRequest","status":"active"}"#, Release::Stu3),
            (r#"{"resourceType":"SubscriptionStatus","status":"active"}"#, Release::R4b),
            (r#"{"resourceType":"Transport","status":"completed"}"#, Release::R5),
            (r#"{"resourceType":"Condition","assertedDate":"2015"}"#, Release::Stu3),
        ] {
            assert_eq!(release(source), expected, "{source}");
        }
        let error = read_any(br#"{"resourceType":"Spaceship"}"#, 0, 128).unwrap_err();
        assert_eq!((error.code(), error.span().unwrap().start), ("unknown_resource_type", 16));
    }

    /// The label and the field of the leaf at a path.
    fn said(source: &str, release: Release, path: &str) -> (Label, Whose, Option<Field>) {
        let fhir = Fhir::of(release).unwrap();
        let reading = fhir.clone().read(source.as_bytes(), 0, 128).unwrap();
        assert_eq!(misfits(&reading), 0, "{source}");
        let parsed = Parsed { source: source.as_bytes(), tree: &reading.tree, entries: &reading.entries };
        let id = fhir.locate(parsed, path).unwrap_or_else(|step| panic!("{path}: step {step}"));
        let node = reading.tree.node(id);
        (node.label(), node.whose(), fhir.fields()[node.element().index()])
    }

    #[test]
    fn every_release_labels_what_differs() {
        let encounter = r#"{"resourceType":"Encounter","status":"completed","class":[{"coding":[{"code":"AMB"}]}],
            "actualPeriod":{"start":"2020-01-02"},"reason":[{"value":[{"concept":{"text":"x"}}]}],
            "participant":[{"actor":{"reference":"Practitioner/1"}}],"contained":[{"resourceType":"Transport","status":"completed"}]}"#;
        let request = r#"{"resourceType":"MedicationRequest","medication":{"concept":{"coding":[{"system":"s","code":"c"}]},
            "reference":{"reference":"Medication/1"}}}"#;
        let referral = r#"{"resourceType":"ReferralRequest","status":"active","requester":{"agent":{"reference":"Practitioner/1"}},
            "subject":{"reference":"Patient/1"},"note":[{"text":"x"}]}"#;
        let trial = r#"{"resourceType":"Patient","animal":{"species":{"text":"dog"}},"name":[{"family":"x"}],"birthDate":"2001"}"#;
        for (source, release, path, label, whose, field) in [
            (
                encounter,
                Release::R5,
                "Encounter.class[0].coding[0].code",
                Label::Code,
                Whose::Patient,
                Some(Field::ClassCode),
            ),
            (
                encounter,
                Release::R5,
                "Encounter.actualPeriod.start",
                Label::Date,
                Whose::Patient,
                Some(Field::Start),
            ),
            (
                encounter,
                Release::R5,
                "Encounter.participant[0].actor.reference",
                Label::Reference,
                Whose::Provider,
                None,
            ),
            (
                encounter,
                Release::R5,
                "Encounter.contained[0].status",
                Label::Technical,
                Whose::Patient,
                Some(Field::Status),
            ),
            (
                request,
                Release::R5,
                "MedicationRequest.medication.concept.coding[0].code",
                Label::Code,
                Whose::Patient,
                Some(Field::CodeCode),
            ),
            (
                request,
                Release::R5,
                "MedicationRequest.medication.reference",
                Label::Structure,
                Whose::Patient,
                Some(Field::CodeReference),
            ),
            (
                referral,
                Release::Stu3,
                "ReferralRequest.requester.agent.reference",
                Label::Reference,
                Whose::Provider,
                None,
            ),
            (
                referral,
                Release::Stu3,
                "ReferralRequest.note[0].text",
                Label::FreeText,
                Whose::Patient,
                Some(Field::Text),
            ),
            (
                trial,
                Release::Stu3,
                "Patient.name[0].family",
                Label::Name,
                Whose::Patient,
                Some(Field::NameFamily),
            ),
            (
                trial,
                Release::Stu3,
                "Patient.birthDate",
                Label::BirthDate,
                Whose::Patient,
                Some(Field::BirthDate),
            ),
        ] {
            assert_eq!(said(source, release, path), (label, whose, field), "{path}");
        }
    }

    #[test]
    fn versions_are_releases() {
        for (version, expected) in [
            ("3.0.2", Some(Release::Stu3)),
            ("4.0", Some(Release::R4)),
            ("4.3.0", Some(Release::R4b)),
            ("5.0.0-ballot", Some(Release::R5)),
            ("1.0.2", None),
            ("x", None),
        ] {
            assert_eq!(Release::of_version(version), expected, "{version}");
        }
    }
}
