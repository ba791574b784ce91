//! The request: who asks, for what, why, and on which documents they rely; as typed facts in the words of the law.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::authorization::{Authorization, Part2Consent};
use super::documents::{
    AdministrativeRequest, Attestation, CourtOrder, DataUseAgreement, GdprConsent, Subpoena, Waiver, Warrant,
};
use super::findings::{Designation, Findings};
use crate::error::{Error, Result, codes};
use crate::text::{PartialDate, Precision, Span};

/// A calendar day, on the wire as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn parse(text: &str) -> Result<Self> {
        match PartialDate::parse(text) {
            Some(date) if date.precision() == Precision::Day => Ok(Self(date.earliest())),
            _ => Err(Error::new(&codes::INVALID_DATE)),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a date in the form YYYY-MM-DD"))
    }
}

/// A request for a patient's record.
///
/// Every fact is true, false, or left out: then it is unknown, and never taken for a no. The date of the request is
/// the only fact that must stand, because nothing here looks at a clock.
///
/// ```
/// use chartkeeper::release::Request;
/// let request = Request::parse(r#"{"on": "2026-03-02", "requester": {"role": "individual"}}"#)?;
/// assert_eq!(request.identity_verified, None);
/// assert!(Request::parse("{}").is_err());
/// # Ok::<(), chartkeeper::Error>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The day on which the request was received; law of that day applies and time limits run from it.
    pub on: Day,
    /// The patient whose record is asked for, as the request names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientSought>,
    /// Who asks.
    #[serde(default)]
    pub requester: Requester,
    /// Whether the identity of the requester was verified (45 CFR 164.514(h)(1)(i)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_verified: Option<bool>,
    /// Whether the authority of the requester was verified (45 CFR 164.514(h)(1)(i)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_verified: Option<bool>,
    /// Why the record is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The same in the codes of HL7 v3-ActReason or of a policy, for directives that name purposes; left out, those
    /// that stand for `purpose`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purpose_codes: Vec<String>,
    /// Whether a proceeding or an investigation against the patient is the purpose. Left out, it is `false` for a
    /// purpose that is stated and is neither `legal` nor `law_enforcement`, else unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proceeding_against_patient: Option<bool>,
    /// What is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The documents that came with the request. A list is the whole of them: what is not in it was not presented.
    /// Left out, it is unknown what was presented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Vec<Authority>>,
    /// What ties holder, requester and individual together (45 CFR 164.506(c)).
    #[serde(default)]
    pub relationship: Relationship,
    /// Who holds the record.
    #[serde(default)]
    pub holder: Holder,
    /// What people have found who are entitled to.
    #[serde(default)]
    pub findings: Findings,
    /// What is asked for; left out, a copy.
    #[serde(default)]
    pub asks: Asks,
    /// In which form the copy goes; left out, as the record is.
    #[serde(default)]
    pub copy: CopyForm,
    /// Whether the holder is paid for the disclosure. Left out, it is `false` for a purpose that is stated and is not
    /// `sale`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remuneration: Option<bool>,
    /// Grounds that the one who asks brings forward, by the name of the fact after `claim.`. What is not claimed is
    /// not so; `null` says that it is unknown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, Option<bool>>,
    /// Circumstances, by the name of the fact after `case.`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub circumstances: BTreeMap<String, Option<bool>>,
    /// What the holder has determined about parts of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub designations: Vec<Designation>,
    /// Until when an agency's statement suspends the accounting of this disclosure (45 CFR 164.528(a)(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounting_suspended_until: Option<Day>,
    /// The patient's consent directives on file: FHIR Consent resources, R4 or R5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<serde_json::Value>,
}

impl Request {
    /// A request of that day of which nothing else is known.
    #[must_use]
    pub fn on(on: Day) -> Self {
        Self {
            on,
            patient: None,
            requester: Requester::default(),
            identity_verified: None,
            authority_verified: None,
            purpose: None,
            purpose_codes: Vec::new(),
            proceeding_against_patient: None,
            scope: None,
            authority: None,
            relationship: Relationship::default(),
            holder: Holder::default(),
            findings: Findings::default(),
            asks: Asks::default(),
            copy: CopyForm::default(),
            remuneration: None,
            claims: BTreeMap::new(),
            circumstances: BTreeMap::new(),
            designations: Vec::new(),
            consents: Vec::new(),
            accounting_suspended_until: None,
        }
    }

    /// Reads a request from JSON.
    ///
    /// # Errors
    /// `invalid_request` with the byte offset; the text of the request is not repeated.
    pub fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|error| {
            let lines = error.line().saturating_sub(1);
            let start: usize = json.split_inclusive('\n').take(lines).map(str::len).sum();
            let at = (start + error.column()).min(json.len());
            let note = match error.classify() {
                serde_json::error::Category::Data => {
                    "a member is missing, is unknown, stands twice, or has a value that it cannot have"
                }
                _ => "not JSON",
            };
            Error::new(&codes::INVALID_REQUEST).note(note).at(Span::new(at, at))
        })
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("on", &self.on)
            .field("role", &self.requester.role)
            .finish_non_exhaustive()
    }
}

/// The patient as the request names them. Every part that is given must agree with the record.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientSought {
    /// A number of the patient, such as the medical record number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<PatientIdentifier>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// First given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Day>,
}

/// A number of the patient and who gave it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientIdentifier {
    /// The namespace of the number, where the request names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The number.
    pub value: String,
}

/// Who asks.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requester {
    /// In which capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Name of the person or entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address, for the accounting of disclosures (45 CFR 164.528(b)(2)(ii)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Under which references directives know it, such as `Organization/county-hospital`; a group to which it belongs
    /// among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Whether it is a covered entity or its business associate (45 CFR 160.103).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_entity: Option<bool>,
}

/// The capacity in which someone asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// The individual who is the subject of the record (45 CFR 160.103).
    Individual,
    /// A person whom the law treats as the individual (45 CFR 164.502(g)).
    PersonalRepresentative,
    /// A health care provider.
    Provider,
    /// A health plan.
    HealthPlan,
    /// A lawyer, of whichever party.
    Attorney,
    /// A law enforcement official.
    LawEnforcement,
    /// The Secretary of Health and Human Services.
    HhsSecretary,
    /// A public health authority.
    PublicHealthAuthority,
    /// A health oversight agency.
    HealthOversightAgency,
    /// A court or administrative tribunal.
    Court,
    /// A researcher.
    Researcher,
    /// An employer.
    Employer,
    /// A member of the family or a friend who is not a personal representative.
    FamilyMember,
    /// A third party to whom the individual directed a copy (45 CFR 164.524(c)(3)(ii)).
    Designee,
    /// A business associate of the holder, for the holder's purposes (45 CFR 164.502(e)).
    BusinessAssociate,
    /// A member of the clergy (45 CFR 164.510(a)).
    Clergy,
    /// A body that assists in disaster relief (45 CFR 164.510(b)(4)).
    DisasterRelief,
    /// A government authority that receives reports of abuse or neglect (45 CFR 164.512(b)(1)(ii), (c)).
    AbuseReportAuthority,
    /// A person responsible for a product that the FDA regulates (45 CFR 164.512(b)(1)(iii)).
    FdaRegulated,
    /// A person who may have been exposed to a communicable disease (45 CFR 164.512(b)(1)(iv)).
    ExposedPerson,
    /// A school (45 CFR 164.512(b)(1)(vi)).
    School,
    /// A coroner or medical examiner (45 CFR 164.512(g)(1)).
    Coroner,
    /// A funeral director (45 CFR 164.512(g)(2)).
    FuneralDirector,
    /// An organ procurement organization or a bank of organs, eyes or tissue (45 CFR 164.512(h)).
    OrganProcurement,
    /// A military command authority (45 CFR 164.512(k)(1)).
    MilitaryCommand,
    /// A federal official for security, protection or suitability (45 CFR 164.512(k)(2)-(4)).
    FederalOfficial,
    /// A correctional institution or an official with lawful custody (45 CFR 164.512(k)(5)).
    CorrectionalInstitution,
    /// An agency that provides public benefits (45 CFR 164.512(k)(6)).
    BenefitsAgency,
    /// The National Instant Criminal Background Check System or who reports to it (45 CFR 164.512(k)(7)).
    Nics,
    /// A qualified service organization of a Part 2 program (42 CFR 2.11).
    QualifiedServiceOrganization,
    /// Anyone else.
    Other,
}

/// Why a record is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// Treatment (45 CFR 164.501).
    Treatment,
    /// Payment (45 CFR 164.501).
    Payment,
    /// Health care operations (45 CFR 164.501).
    Operations,
    /// The individual's own request; no other purpose need be stated (45 CFR 164.508(c)(1)(iv)).
    IndividualRequest,
    /// A legal claim or proceeding.
    Legal,
    /// A law enforcement purpose.
    LawEnforcement,
    /// The Secretary investigates or determines compliance (45 CFR 164.502(a)(2)(ii)).
    ComplianceInvestigation,
    /// The holder's own training programme in mental health (45 CFR 164.508(a)(2)(i)(B)).
    OwnTraining,
    /// The holder defends itself against the individual (45 CFR 164.508(a)(2)(i)(C)).
    OwnDefence,
    /// Research.
    Research,
    /// Public health.
    PublicHealth,
    /// Health oversight.
    Oversight,
    /// Insurance other than a health plan's payment: life, disability.
    Insurance,
    /// Employment.
    Employment,
    /// Marketing (45 CFR 164.501, 164.508(a)(3)).
    Marketing,
    /// The holder is paid for the disclosure (45 CFR 164.502(a)(5)(ii)).
    Sale,
    /// Underwriting (45 CFR 164.502(a)(5)(i)).
    Underwriting,
    /// The facility's directory (45 CFR 164.510(a)).
    Directory,
    /// A person's involvement in care or payment, or notification (45 CFR 164.510(b)).
    Involvement,
    /// A report of abuse, neglect or domestic violence (45 CFR 164.512(b)(1)(ii), (c)).
    AbuseReport,
    /// To identify or locate a suspect, fugitive, material witness or missing person (45 CFR 164.512(f)(2)).
    IdentifyOrLocate,
    /// A death: its cause, the body, organs (45 CFR 164.512(g), (h)).
    Death,
    /// Workers' compensation (45 CFR 164.512(l)).
    WorkersCompensation,
    /// A specialized government function (45 CFR 164.512(k)).
    SpecializedGovernment,
    /// To investigate or hold liable for reproductive health care that was lawful (45 CFR 164.502(a)(5)(iii) as it
    /// stood from 2024-06-25 to 2025-06-18).
    ReproductiveInvestigation,
    /// Anything else.
    Other,
}

/// Which part of a record.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Whether all of it is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_record: Option<bool>,
    /// Why the entire record is the amount reasonably necessary (45 CFR 164.514(d)(5)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// The kinds of entries that are meant, such as `encounter` or `result`; left out, every kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<String>>,
    /// First day of the period that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day of the period that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// The classes of sensitive information that are meant (HL7 v3-ActCode, such as `MH`); left out, any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// The entries that are meant, each by its native path or by its own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<String>>,
}

impl Scope {
    /// Whether it says what it means: everything, or a period, or kinds.
    #[must_use]
    pub const fn is_stated(&self) -> bool {
        matches!(self.whole_record, Some(true))
            || self.kinds.is_some()
            || self.from.is_some()
            || self.to.is_some()
            || self.classes.is_some()
            || self.entries.is_some()
    }
}

/// A document that a requester relies on. At most one of each kind.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Authority {
    /// An authorization (45 CFR 164.508).
    Authorization(Box<Authorization>),
    /// A consent to disclose substance use disorder records (42 CFR 2.31).
    Part2Consent(Box<Part2Consent>),
    /// A subpoena, discovery request or other lawful process without an order (45 CFR 164.512(e)(1)(ii)).
    Subpoena(Subpoena),
    /// An order of a court or administrative tribunal (45 CFR 164.512(e)(1)(i); 42 CFR part 2, subpart E).
    CourtOrder(CourtOrder),
    /// A warrant, a judicial officer's subpoena or summons, a grand jury subpoena (45 CFR 164.512(f)(1)(ii)(A)-(B)).
    Warrant(Warrant),
    /// An administrative request of a law enforcement agency (45 CFR 164.512(f)(1)(ii)(C)).
    AdministrativeRequest(AdministrativeRequest),
    /// A data use agreement (45 CFR 164.514(e)(4)).
    DataUseAgreement(DataUseAgreement),
    /// A waiver of authorization for research (45 CFR 164.512(i)(2)).
    Waiver(Waiver),
    /// An attestation (45 CFR 164.509 as it stood from 2024-12-23 to 2025-06-18).
    Attestation(Attestation),
    /// A consent of the data subject (GDPR, Articles 4(11), 7, 9(2)(a)).
    GdprConsent(GdprConsent),
}

/// What ties holder, requester and individual together (45 CFR 164.506(c)).
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Relationship {
    /// Whether the holder itself uses the record for its own activities: (c)(1).
    pub own_use: Option<bool>,
    /// Whether the holder has or had a relationship with the individual: (c)(4).
    pub holder: Option<bool>,
    /// Whether the requester has or had one: (c)(4).
    pub requester: Option<bool>,
    /// Whether the information pertains to it: (c)(4).
    pub pertains: Option<bool>,
    /// Whether the operation is one of paragraph (1) or (2) of the definition, or fraud and abuse detection or
    /// compliance: (c)(4)(i)-(ii).
    pub listed_operation: Option<bool>,
    /// Whether both take part in an organized health care arrangement whose operation it is: (c)(5).
    pub organized_health_care_arrangement: Option<bool>,
    /// Whether the originator of psychotherapy notes uses them for treatment (45 CFR 164.508(a)(2)(i)(A)).
    pub notes_originator: Option<bool>,
}

/// Who holds the record.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Holder {
    /// Name, for the papers.
    pub name: Option<String>,
    /// Whose law applies: `US`, or a state such as `US-CA`, which brings `US` with it; `EU` for the General Data
    /// Protection Regulation. Left out, the law of the United States alone, without any state's.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether it is an actor under the information blocking rule: a provider, a health information network or
    /// exchange, a developer of certified software (45 CFR 171.102). Left out, it is taken for none.
    pub information_blocking_actor: Option<bool>,
    /// Whether it runs a Part 2 program or holds records received from one (42 CFR 2.11, 2.12(d)). Where it is `true`,
    /// every entry about substance use is taken for a Part 2 record; where `false`, only those that are marked as one.
    pub part2_records: Option<bool>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Asks {
    /// A copy of the record, or another disclosure.
    #[default]
    Copy,
    /// An amendment (45 CFR 164.526).
    Amendment,
    /// An accounting of disclosures (45 CFR 164.528).
    Accounting,
}

/// In which form the copy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CopyForm {
    /// As the record is.
    #[default]
    Identified,
    /// As a limited data set (45 CFR 164.514(e)).
    LimitedDataSet,
    /// De-identified (45 CFR 164.514(b)(2)).
    Deidentified,
}
