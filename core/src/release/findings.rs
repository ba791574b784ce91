//! What people found and determined: judgements that the law leaves to a person, each with who may make it.

use serde::{Deserialize, Serialize};

use super::request::{Day, Scope};

/// What people have found who are entitled to. Each is a person's judgement, never the library's.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Findings {
    /// The request was reviewed as limited to the minimum necessary (45 CFR 164.514(d)(3)).
    pub minimum_necessary: Option<bool>,
    /// Content that the source marks as restricted was cleared for this request.
    pub restricted_content_cleared: Option<bool>,
    /// The conditions of 45 CFR 164.512(e) are met: express order, satisfactory assurance, or own efforts.
    pub judicial_process_512e: Option<bool>,
    /// Findings that need a name: who found what, in which capacity, when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<SignedFinding>,
}

/// A judgement that the law leaves to a person in a certain capacity, with that person's name to it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedFinding {
    /// What was found, by the name of the fact after `finding.`: `best_interest`, `imminent_threat`,
    /// `directly_relevant`, `serious_harm`, `informing_harmful`, `parent_access`, and those of [`Findings`].
    pub finding: String,
    /// Whether it was found to be so.
    pub holds: bool,
    /// Who found it.
    pub by: String,
    /// In which capacity.
    pub role: FinderRole,
    /// When; not later than the request.
    pub on: Day,
}

/// The capacity in which someone finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinderRole {
    /// A licensed health care professional.
    LicensedProfessional,
    /// The privacy officer or who decides for them.
    PrivacyOfficer,
    /// Counsel of the holder.
    Counsel,
}

/// A part of the record of which the holder has determined something: a restriction, a ground for denial. What no
/// designation names is under none.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Designation {
    /// What was determined.
    pub kind: DesignationKind,
    /// Of which part of the record.
    pub terms: Scope,
    /// Who determined it; needed where the law asks for a licensed professional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// In which capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<FinderRole>,
    /// Since when; it counts for requests of that day and later. Left out, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// The day from which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Day>,
}

/// What a designation determines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DesignationKind {
    /// A restriction that the holder agreed to (45 CFR 164.522(a)(1)(iii)).
    AgreedRestriction,
    /// Care paid in full by or for the individual, who asked for the restriction (45 CFR 164.522(a)(1)(vi)).
    SelfPay,
    /// Compiled for a proceeding (45 CFR 164.524(a)(1)(ii)).
    CompiledForProceeding,
    /// An inmate's copy would do harm (45 CFR 164.524(a)(2)(ii)).
    InmateCopyDenied,
    /// Access is suspended during research (45 CFR 164.524(a)(2)(iii)).
    ResearchInProgress,
    /// Denied under the Privacy Act (45 CFR 164.524(a)(2)(iv)).
    PrivacyActDenial,
    /// Would reveal a confidential source (45 CFR 164.524(a)(2)(v)).
    ConfidentialSource,
    /// A licensed professional found danger to life or physical safety (45 CFR 164.524(a)(3)(i)).
    DangerToLife,
    /// A licensed professional found substantial harm to another person (45 CFR 164.524(a)(3)(ii)).
    HarmToOther,
    /// A licensed professional found substantial harm through the representative (45 CFR 164.524(a)(3)(iii)).
    HarmViaRepresentative,
    /// The representative is not treated as one (45 CFR 164.502(g)(5)).
    RepresentativeNotRecognised,
    /// Care that a minor obtained alone or in confidence (45 CFR 164.502(g)(3)(i)).
    MinorConfidential,
    /// A request for amendment or a statement of disagreement is attached (45 CFR 164.526(c), (d)(5)).
    Disputed,
    /// A law forbids the disclosure that no loaded pack holds (45 CFR 160.203).
    ContraryStateLaw,
    /// Counselling notes of substance use disorder treatment, kept apart (42 CFR 2.11).
    SudCounselingNotes,
}
