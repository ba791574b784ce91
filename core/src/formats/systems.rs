//! Code systems and namespaces under the names that FHIR gives them, from the object identifiers that HL7 v2 and CDA
//! use (HL7 OID registry; <http://terminology.hl7.org/external_terminologies.html>).

use std::borrow::Cow;

/// Object identifiers and FHIR's names.
const BY_OID: &[(&str, &str)] = &[
    ("2.16.840.1.113883.3.26.1.1", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("2.16.840.1.113883.3.26.1.5", "http://hl7.org/fhir/ndfrt"),
    ("2.16.840.1.113883.3.221.5", "https://nahdo.org/sopt"),
    ("2.16.840.1.113883.4.1", "http://hl7.org/fhir/sid/us-ssn"),
    ("2.16.840.1.113883.4.572", "http://hl7.org/fhir/sid/us-medicare"),
    ("2.16.840.1.113883.4.6", "http://hl7.org/fhir/sid/us-npi"),
    ("2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov"),
    ("2.16.840.1.113883.4.927", "http://hl7.org/fhir/sid/us-mbi"),
    ("2.16.840.1.113883.6.1", "http://loinc.org"),
    ("2.16.840.1.113883.6.101", "http://nucc.org/provider-taxonomy"),
    ("2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.104", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"),
    ("2.16.840.1.113883.6.121", "urn:ietf:bcp:47"),
    ("2.16.840.1.113883.6.13", "http://www.ada.org/cdt"),
    ("2.16.840.1.113883.6.254", "http://hl7.org/fhir/sid/icf-nl"),
    ("2.16.840.1.113883.6.259", "https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html"),
    ("2.16.840.1.113883.6.285", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
    ("2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"),
    ("2.16.840.1.113883.6.301.3", "https://www.nubc.org/CodeSystem/RevenueCodes"),
    ("2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10"),
    (
        "2.16.840.1.113883.6.50",
        "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set",
    ),
    ("2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"),
    ("2.16.840.1.113883.6.8", "http://unitsofmeasure.org"),
    ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("2.16.840.1.113883.12.227", "http://hl7.org/fhir/sid/mvx"),
    ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
];

/// The code systems of HL7 Version 3, whose object identifiers are this one and a number.
const V3: &str = "2.16.840.1.113883.5.";

const BY_V3_NUMBER: &[(&str, &str)] = &[
    ("1", "AdministrativeGender"),
    ("2", "MaritalStatus"),
    ("4", "ActCode"),
    ("6", "ActClass"),
    ("7", "ActPriority"),
    ("8", "ActReason"),
    ("14", "ActStatus"),
    ("25", "Confidentiality"),
    ("30", "EntityDeterminer"),
    ("41", "EntityClass"),
    ("43", "EntityNamePartQualifier"),
    ("45", "EntityNameUse"),
    ("50", "Ethnicity"),
    ("60", "LanguageAbilityMode"),
    ("61", "LanguageAbilityProficiency"),
    ("83", "ObservationInterpretation"),
    ("84", "ObservationMethod"),
    ("88", "ParticipationFunction"),
    ("89", "ParticipationSignature"),
    ("90", "ParticipationType"),
    ("104", "Race"),
    ("110", "RoleClass"),
    ("111", "RoleCode"),
    ("112", "RouteOfAdministration"),
    ("129", "SpecimenType"),
    ("139", "TimingEvent"),
    ("1001", "ActMood"),
    ("1002", "ActRelationshipType"),
    ("1008", "NullFlavor"),
    ("1022", "GTSAbbreviation"),
    ("1052", "ActSite"),
    ("1063", "ObservationValue"),
    ("1076", "ReligiousAffiliation"),
    ("1077", "EducationLevel"),
    ("1119", "AddressUse"),
];

/// The tables of HL7 Version 2, whose object identifiers are this one and a number.
const V2: &str = "2.16.840.1.113883.12.";

/// The name that FHIR gives the code system or namespace of an object identifier; one that is not known becomes
/// `urn:oid:`, and what is no object identifier stays as it is.
pub(crate) fn of_oid(oid: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if let Some((_, name)) = BY_OID.iter().find(|(known, _)| *known == oid) {
        return Some(Cow::Borrowed(*name));
    }
    let v3 = oid.strip_prefix(V3).and_then(|number| BY_V3_NUMBER.iter().find(|(known, _)| *known == number));
    if let Some((_, name)) = v3 {
        return Some(format!("http://terminology.hl7.org/CodeSystem/v3-{name}").into());
    }
    let v2 = oid.strip_prefix(V2).filter(|number| number.len() <= 4);
    if let Some(number) = v2.and_then(|number| number.parse::<u16>().ok()) {
        return Some(format!("http://terminology.hl7.org/CodeSystem/v2-{number:04}").into());
    }
    let dotted = oid.contains('.') && oid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    Some(if dotted { format!("urn:oid:{oid}").into() } else { oid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_have_names() {
        for (oid, name) in [
            ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
            ("2.16.840.1.113883.5.25", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"),
            ("2.16.840.1.113883.12.1", "http://terminology.hl7.org/CodeSystem/v2-0001"),
            ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
            ("1.2.3", "urn:oid:1.2.3"),
            ("local", "local"),
        ] {
            assert_eq!(of_oid(oid.into()).unwrap(), name);
        }
    }
}
