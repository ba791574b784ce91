//! The table of checks: every code that a finding can carry, how grave it is, what it says, and what says so.

use crate::record::Severity;

/// One check.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Stable lower-case code.
    pub code: &'static str,
    /// Which group it belongs to: `demographics`, `chronology`, `codes`, `references`, `structure`.
    pub group: &'static str,
    /// How grave a finding of it is, unless the finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in words.
    pub text: &'static str,
    /// The rule that says so.
    pub source: &'static str,
}

macro_rules! checks {
    ($($group:literal { $($name:ident = $severity:ident, $code:literal, $text:literal, $source:literal;)* })*) => {
        $($(
            #[doc = $text]
            pub(super) static $name: Check = Check {
                code: $code, group: $group, severity: Severity::$severity, text: $text, source: $source,
            };
        )*)*
        /// Every check, by group.
        pub static CHECKS: &[&Check] = &[$($(&$name),*),*];
    };
}

checks! {
    "demographics" {
        MISSING_NAME = Warning, "missing_name", "the patient has no name",
            "US Core Patient: name is required";
        MISSING_BIRTH_DATE = Warning, "missing_birth_date", "the patient has no birth date",
            "US Core Patient: birthDate must be supported; AHIMA data quality model: comprehensiveness";
        MISSING_SEX = Warning, "missing_sex", "the patient's administrative sex is not stated",
            "US Core Patient: gender is required";
        MISSING_IDENTIFIER = Warning, "missing_identifier", "the patient has no identifier",
            "US Core Patient: identifier is required";
        IMPLAUSIBLE_AGE = Warning, "implausible_age", "the patient would be older than 130 years",
            "AHIMA data quality model: accuracy";
        DEATH_BEFORE_BIRTH = Error, "death_before_birth", "the patient died before the birth date",
            "AHIMA data quality model: consistency";
    }
    "chronology" {
        IMPOSSIBLE_DATE = Error, "impossible_date", "the date is not one of the calendar, or not written as one",
            "FHIR R4, data types date, dateTime and instant";
        DATE_IN_FUTURE = Error, "date_in_future", "something that has happened is dated after the day of the check",
            "AHIMA data quality model: accuracy";
        EVENT_BEFORE_BIRTH = Error, "event_before_birth", "the event is dated before the patient's birth",
            "AHIMA data quality model: consistency";
        EVENT_AFTER_DEATH = Error, "event_after_death", "care is dated after the patient's death",
            "AHIMA data quality model: consistency";
        ENDS_BEFORE_START = Error, "period_ends_before_start", "the period ends before it starts",
            "FHIR R4, data type Period, invariant per-1";
        ABATEMENT_BEFORE_ONSET = Error, "abatement_before_onset", "the condition ended before it began",
            "AHIMA data quality model: consistency";
        OUTSIDE_ENCOUNTER = Warning, "event_outside_encounter",
            "the event is dated on a day outside the encounter that it belongs to",
            "AHIMA data quality model: consistency";
    }
    "codes" {
        INVALID_CODE = Error, "invalid_code", "the release in force on the date has no such code",
            "45 CFR 162.1002: the code set in force on the date of service";
        NOT_BILLABLE = Error, "not_billable_code", "the code is a heading: a code below it must be used",
            "ICD-10-CM Official Guidelines, section I.B.2";
        MISSING_SEVENTH = Error, "missing_7th_character", "the code lacks its 7th character",
            "ICD-10-CM Official Guidelines, section I.A.5";
        NOT_COVERED = Note, "code_not_covered", "no loaded release covers the date, so the code was not judged",
            "45 CFR 162.1002: the code set in force on the date of service";
        NPI = Error, "npi_bad_check_digit", "the National Provider Identifier is malformed or its check digit is wrong",
            "45 CFR 162.406";
        WITHOUT_SYSTEM = Warning, "code_without_system", "the code names no code system, so its meaning is open",
            "FHIR R4, data type Coding; data type Quantity, invariant qty-3";
        WITHOUT_UNIT = Warning, "value_without_unit", "the measured number has no unit",
            "AHIMA data quality model: definition";
    }
    "references" {
        DANGLING = Error, "dangling_reference", "the reference points to an entry that is not in the record",
            "FHIR R4, references: invariant ref-1; Bundle: resolving references";
        DUPLICATE_ID = Error, "duplicate_id", "another entry before this one has the same type and id",
            "FHIR R4, Resource.id; Bundle, invariant bdl-7";
        SEVERAL_PATIENTS = Warning, "more_than_one_patient", "the record holds more than one patient",
            "AHIMA: overlay of two persons in one record";
        OTHER_SUBJECT = Error, "subject_mismatch", "the entry is about another patient than its encounter",
            "AHIMA: entry in the wrong patient's record";
    }
    "structure" {
        DUPLICATE_KEY = Error, "duplicate_key", "the member stands twice, and readers differ in which they take",
            "RFC 8259, section 4; FHIR R4, JSON";
        UNKNOWN_ELEMENT = Warning, "unknown_element", "the format does not define this element",
            "FHIR R4, JSON";
        UNKNOWN_TYPE = Warning, "unknown_resource_type", "the format does not define this type of entry",
            "FHIR R4, resource list";
        WRONG_JSON_TYPE = Error, "wrong_json_type", "the value is not of the JSON type that the element takes",
            "FHIR R4, JSON";
        MALFORMED_SEGMENT = Error, "malformed_segment", "the line is no segment: three capitals or digits and a separator",
            "HL7 v2.8.2, chapter 2, section 2.5.2";
        MALFORMED_CELL = Error, "malformed_cell", "the cell is not one value: its quotes are out of order, or it holds a container",
            "RFC 4180, section 2";
        RAGGED_ROW = Warning, "ragged_row", "the row has more or fewer cells than the table has columns",
            "RFC 4180, section 2";
        BYTE_ORDER_MARK = Note, "byte_order_mark", "the source begins with a byte order mark",
            "RFC 8259, section 8.1";
    }
}
