//! The facts that rules of law may name: one catalogue, each with the question that settles it.

use super::tri::Tri;

macro_rules! facts {
    ($($name:ident = $text:literal, $question:literal;)*) => {
        /// Something that is true, false or unknown of a request or of a segment.
        ///
        /// The name is what law packs and [`missing_facts`](super::Decision::missing_facts) use. Facts whose name
        /// begins with `segment.` differ from segment to segment; all others hold for the whole request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Fact { $(#[doc = $question] $name,)* }

        impl Fact {
            /// Every fact, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What a person has to find out to settle it.
            #[must_use]
            pub const fn question(self) -> &'static str {
                match self { $(Self::$name => $question,)* }
            }

            /// The fact of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

facts! {
    IdentityVerified = "identity_verified", "Has the identity of the person who asks been verified?";
    AuthorityVerified = "authority_verified", "Has the authority of the person who asks been verified?";

    OnePatient = "record.one_patient", "Is the record that of one patient only?";
    PatientMatches = "record.patient_matches", "Is the patient of the record the patient that the request names?";

    Individual = "requester.individual", "Does the individual ask for their own record?";
    PersonalRepresentative = "requester.personal_representative", "Does a personal representative of the individual ask?";
    Provider = "requester.provider", "Does a health care provider ask?";
    HhsSecretary = "requester.hhs_secretary", "Does the Secretary of Health and Human Services ask?";
    CoveredEntity = "requester.covered_entity", "Is the one who asks a covered entity or its business associate?";

    Treatment = "purpose.treatment", "Is the purpose treatment?";
    Payment = "purpose.payment", "Is the purpose payment?";
    Operations = "purpose.operations", "Is the purpose health care operations?";
    Legal = "purpose.legal", "Is the purpose a legal claim or proceeding?";
    ComplianceInvestigation = "purpose.compliance_investigation", "Does the Secretary investigate or determine compliance?";
    OwnTraining = "purpose.own_training", "Is it the holder's own training programme in mental health?";
    OwnDefence = "purpose.own_defence", "Does the holder defend itself in a proceeding that the individual brought?";
    AgainstPatient = "purpose.proceeding_against_patient", "Is it for a proceeding or an investigation against the patient?";

    OwnUse = "relationship.own_use", "Does the holder itself use the record, for its own activities?";
    HolderRelationship = "relationship.holder", "Does or did the holder have a relationship with the individual?";
    RequesterRelationship = "relationship.requester", "Does or did the one who asks have a relationship with the individual?";
    PertainsToRelationship = "relationship.pertains", "Does the information pertain to that relationship?";
    ListedOperation = "relationship.listed_operation", "Is it an operation of paragraph (1) or (2) of the definition, or fraud and abuse detection or compliance?";
    OrganizedArrangement = "relationship.organized_health_care_arrangement", "Do both take part in one organized health care arrangement, and is the operation that of the arrangement?";
    NotesOriginator = "relationship.notes_originator", "Does the originator of the psychotherapy notes use them for treatment?";

    HolderPart2 = "holder.part2_records", "Does the holder run a Part 2 program or hold records received from one?";

    ScopeWhole = "scope.whole_record", "Is the entire record asked for?";
    ScopeJustified = "scope.whole_record_justified", "Is the entire record specifically justified as the amount reasonably necessary?";
    MinimumNecessaryReviewed = "finding.minimum_necessary", "Has the holder reviewed the request as limited to the minimum necessary?";
    RestrictedCleared = "finding.restricted_content_cleared", "Has a person cleared the content that the source marks as restricted?";
    JudicialProcess = "finding.judicial_process_512e", "Has a person found that 45 CFR 164.512(e) is met?";

    Authorization = "authorization.presented", "Is there an authorization?";
    AuthInformation = "authorization.information", "Does the authorization describe the information specifically and meaningfully?";
    AuthDiscloser = "authorization.discloser", "Does the authorization identify who may disclose?";
    AuthRecipient = "authorization.recipient", "Does the authorization identify who may receive?";
    AuthNamesRequester = "authorization.names_requester", "Is the one who asks the recipient that the authorization identifies?";
    AuthPurpose = "authorization.purpose", "Does the authorization describe each purpose?";
    AuthExpiration = "authorization.expiration", "Does the authorization state an expiration date or event that is allowed?";
    AuthSignature = "authorization.signature", "Is the authorization signed?";
    AuthDate = "authorization.date", "Is the signature dated, and not later than the request?";
    AuthRepresentative = "authorization.representative_authority", "If a representative signed: is their authority described?";
    AuthRevocation = "authorization.revocation_statement", "Does the authorization state the right to revoke?";
    AuthConditioning = "authorization.conditioning_statement", "Does the authorization state whether care may be conditioned on it?";
    AuthRedisclosure = "authorization.redisclosure_statement", "Does the authorization state that the recipient may redisclose?";
    AuthRemuneration = "authorization.remuneration_statement", "If remuneration is involved: does the authorization state it?";
    AuthPlainLanguage = "authorization.plain_language", "Is the authorization in plain language?";
    AuthExpired = "authorization.expired", "Has the authorization expired?";
    AuthRevoked = "authorization.revoked", "Is the authorization known to be revoked?";
    AuthCompound = "authorization.compound", "Is the authorization combined with another document in a way that is not allowed?";
    AuthConditioned = "authorization.conditioned", "Was care conditioned on the authorization in a way that is not allowed?";
    AuthFalse = "authorization.known_false", "Is material information in the authorization known to be false?";
    AuthNotes = "authorization.psychotherapy_notes", "Is it an authorization for psychotherapy notes, and for nothing else?";

    Consent = "part2_consent.presented", "Is there a Part 2 consent?";
    ConsentPatient = "part2_consent.patient", "Does the consent name the patient?";
    ConsentDiscloser = "part2_consent.discloser", "Does the consent identify who may disclose?";
    ConsentInformation = "part2_consent.information", "Does the consent describe the information specifically and meaningfully?";
    ConsentRecipient = "part2_consent.recipient", "Does the consent identify who may receive?";
    ConsentNamesRequester = "part2_consent.names_requester", "Is the one who asks a recipient that the consent identifies?";
    ConsentIntermediary = "part2_consent.intermediary_terms", "If the recipient is an intermediary: are its participants named or designated?";
    ConsentTpoRedisclosure = "part2_consent.tpo_redisclosure_statement", "If a covered entity receives for treatment, payment or operations: does the consent state the redisclosure?";
    ConsentPurpose = "part2_consent.purpose", "Does the consent state the purpose?";
    ConsentRevocation = "part2_consent.revocation_statement", "Does the consent state the right to revoke?";
    ConsentExpiration = "part2_consent.expiration", "Does the consent state an expiration date, event or condition that is allowed?";
    ConsentSignature = "part2_consent.signature", "Is the consent signed?";
    ConsentDate = "part2_consent.date", "Is the signature dated, and not later than the request?";
    ConsentExpired = "part2_consent.expired", "Has the consent expired?";
    ConsentRevoked = "part2_consent.revoked", "Is the consent known to be revoked?";
    ConsentFalse = "part2_consent.known_false", "Is the consent known to be materially false or deficient?";
    ConsentProceedings = "part2_consent.for_proceedings", "Is it a consent for proceedings against the patient, and for nothing else?";
    ConsentTpo = "part2_consent.treatment_payment_operations", "Is it a consent for treatment, payment and health care operations?";

    Subpoena = "subpoena.presented", "Is there a subpoena, discovery request or other lawful process?";
    CourtOrder = "court_order.presented", "Is there an order of a court or administrative tribunal?";
    Part2Order = "court_order.under_part2", "Was the order entered under 42 CFR Part 2, subpart E?";
    Part2OrderAgainst = "court_order.against_patient", "Does the order authorize use in a proceeding or investigation against the patient (42 CFR 2.65)?";

    SegmentOfPatient = "segment.of_patient", "Does the entry tell of the patient of the record?";
    SubstanceUse = "segment.substance_use", "Does the entry tell of substance use or its treatment?";
    Part2Marked = "segment.part2", "Is the entry marked as a record under 42 CFR Part 2?";
    PsychotherapyNotes = "segment.psychotherapy_notes", "Is the entry a psychotherapy note, kept apart from the record?";
    Restricted = "segment.restricted", "Is the entry marked as restricted for a reason that no loaded law names?";
    AskedFor = "segment.asked_for", "Is the entry within the scope that the request asks for?";
    WithinAuthorization = "segment.within_authorization", "Is the entry within the terms of the authorization?";
    WithinConsent = "segment.within_part2_consent", "Is the entry within the terms of the Part 2 consent?";
    WithinOrder = "segment.within_court_order", "Is the entry expressly within the court order?";
}

impl Fact {
    /// How many facts there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// The facts that differ from segment to segment.
    pub(super) const OF_SEGMENTS: [Self; 9] = [
        Self::SegmentOfPatient,
        Self::SubstanceUse,
        Self::Part2Marked,
        Self::PsychotherapyNotes,
        Self::Restricted,
        Self::AskedFor,
        Self::WithinAuthorization,
        Self::WithinConsent,
        Self::WithinOrder,
    ];
}

/// A value for every fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts([Tri; Fact::COUNT]);

impl Default for Facts {
    fn default() -> Self {
        Self([Tri::Unknown; Fact::COUNT])
    }
}

impl Facts {
    /// The value.
    #[must_use]
    pub(super) fn get(&self, fact: Fact) -> Tri {
        self.0.get(fact as usize).copied().unwrap_or_default()
    }

    /// Sets the value.
    pub(super) fn set(&mut self, fact: Fact, value: impl Into<Tri>) {
        if let Some(slot) = self.0.get_mut(fact as usize) {
            *slot = value.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_questions_are_questions() {
        for fact in Fact::ALL {
            assert_eq!(Fact::from_name(fact.as_str()), Some(*fact));
            assert!(fact.question().ends_with('?'), "{}", fact.as_str());
            assert_eq!(fact.as_str().starts_with("segment."), Fact::OF_SEGMENTS.contains(fact));
        }
    }
}
