//! Labels that depend on siblings: what the value of a contact point or an identifier is, its `system` and `type`
//! say.

use super::label::Pass;
use crate::formats::label::Label;

/// `ContactPoint.system` (<http://hl7.org/fhir/contact-point-system>): what the value is.
const CONTACT_SYSTEMS: &[(&str, Label)] = &[
    ("phone", Label::Phone),
    ("sms", Label::Phone),
    ("pager", Label::Phone),
    ("fax", Label::Fax),
    ("email", Label::Email),
    ("url", Label::Url),
];

/// The names of HL7 table 0203 as a code system: of R4, of earlier releases, as an object identifier.
const TYPE_SYSTEMS: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/v2-0203",
    "http://hl7.org/fhir/v2/0203",
    "urn:oid:2.16.840.1.113883.18.108",
];

/// Codes of HL7 table 0203: what the value is.
const IDENTIFIER_TYPES: &[(&str, Label)] = &[
    ("SS", Label::SocialSecurity),
    ("SB", Label::SocialSecurity),
    ("MR", Label::MedicalRecord),
    ("PI", Label::MedicalRecord),
    ("PT", Label::MedicalRecord),
    ("PE", Label::MedicalRecord),
    ("RRI", Label::MedicalRecord),
    ("MB", Label::HealthPlan),
    ("MC", Label::HealthPlan),
    ("MA", Label::HealthPlan),
    ("MCR", Label::HealthPlan),
    ("MCT", Label::HealthPlan),
    ("HC", Label::HealthPlan),
    ("JHN", Label::HealthPlan),
    ("NH", Label::HealthPlan),
    ("NIIP", Label::HealthPlan),
    ("PHC", Label::HealthPlan),
    ("PHE", Label::HealthPlan),
    ("PHO", Label::HealthPlan),
    ("SN", Label::HealthPlan),
    ("GN", Label::HealthPlan),
    ("AN", Label::Account),
    ("ANC", Label::Account),
    ("AND", Label::Account),
    ("ANON", Label::Account),
    ("ANT", Label::Account),
    ("AM", Label::Account),
    ("BA", Label::Account),
    ("BC", Label::Account),
    ("CC", Label::Account),
    ("DI", Label::Account),
    ("DS", Label::Account),
    ("GL", Label::Account),
    ("DL", Label::Licence),
    ("CZ", Label::Licence),
    ("DDS", Label::Licence),
    ("DEA", Label::ProviderIdentifier),
    ("NPI", Label::ProviderIdentifier),
    ("PRN", Label::ProviderIdentifier),
    ("UPIN", Label::ProviderIdentifier),
    ("LN", Label::Licence),
    ("LR", Label::Licence),
    ("MD", Label::Licence),
    ("DO", Label::Licence),
    ("NP", Label::Licence),
    ("PA", Label::Licence),
    ("RN", Label::Licence),
    ("RPH", Label::Licence),
    ("SL", Label::Licence),
    ("PPN", Label::Licence),
    ("VIN", Label::Vehicle),
    ("VP", Label::Vehicle),
    ("SNO", Label::Device),
    ("UDI", Label::Device),
];

/// What a number is whose type is this code of HL7 table 0203.
pub(in crate::formats) fn identifier_type(code: &str) -> Option<Label> {
    known(IDENTIFIER_TYPES, code)
}

/// Well-known identifier systems: what the value is. Their URLs name the system and nobody's own server.
const IDENTIFIER_SYSTEMS: &[(&str, Label)] = &[
    ("http://hl7.org/fhir/sid/us-ssn", Label::SocialSecurity),
    ("urn:oid:2.16.840.1.113883.4.1", Label::SocialSecurity),
    ("http://hl7.org/fhir/sid/us-npi", Label::ProviderIdentifier),
    ("urn:oid:2.16.840.1.113883.4.6", Label::ProviderIdentifier),
    ("http://hl7.org/fhir/sid/us-medicare", Label::HealthPlan),
    ("http://hl7.org/fhir/sid/us-mbi", Label::HealthPlan),
    ("urn:oid:2.16.840.1.113883.4.572", Label::HealthPlan),
    ("urn:oid:2.16.840.1.113883.4.927", Label::HealthPlan),
];

fn known(table: &[(&str, Label)], text: &str) -> Option<Label> {
    table.iter().find(|(name, _)| *name == text).map(|(_, label)| *label)
}

/// Labels the value of a contact point.
pub(super) fn contact_point(pass: &mut Pass<'_>, at: u32) {
    let (Some(value), Some(system)) = (pass.only_child(at, "value"), pass.only_child(at, "system")) else {
        return;
    };
    if let Some(label) = known(CONTACT_SYSTEMS, &pass.text(system)) {
        pass.relabel(value, label);
    }
}

/// Labels the value of an identifier, and its system where that is well known.
pub(super) fn identifier(pass: &mut Pass<'_>, at: u32) {
    let system = pass.only_child(at, "system");
    let by_system = system.and_then(|system| known(IDENTIFIER_SYSTEMS, &pass.text(system)));
    if let (Some(system), Some(_)) = (system, by_system) {
        pass.relabel(system, Label::CodeSystem);
    }
    let Some(value) = pass.only_child(at, "value") else { return };
    if let Some(label) = by_system.or_else(|| by_type(pass, at)) {
        pass.relabel(value, label);
    }
}

/// What the first coding of `Identifier.type` that is known says.
fn by_type(pass: &Pass<'_>, at: u32) -> Option<Label> {
    let codings = pass.only_child(pass.only_child(at, "type")?, "coding")?;
    let end = pass.node(codings).next;
    let mut coding = codings + 1;
    while coding < end {
        if let (Some(system), Some(code)) =
            (pass.only_child(coding, "system"), pass.only_child(coding, "code"))
            && TYPE_SYSTEMS.contains(&&*pass.text(system))
            && let Some(label) = known(IDENTIFIER_TYPES, &pass.text(code))
        {
            return Some(label);
        }
        coding = pass.node(coding).next.max(coding + 1);
    }
    None
}
