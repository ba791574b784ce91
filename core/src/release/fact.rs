//! The facts that rules of law may name: one catalogue, each with the question that settles it.

use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! facts {
    ($($name:ident = $text:literal, $question:literal;)*) => {
        /// Something that is true, false or unknown of a request or of a segment.
        ///
        /// The name is what law packs and [`missing_facts`](super::Decision::missing_facts) use. Facts whose name
        /// begins with `segment.` differ from segment to segment; all others hold for the whole request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
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
    ConsentRefusal = "part2_consent.refusal_statement", "If it is a consent for treatment, payment and operations: does it state what a refusal to sign leads to?";
    ConsentExpired = "part2_consent.expired", "Has the consent expired?";
    ConsentRevoked = "part2_consent.revoked", "Is the consent known to be revoked?";
    ConsentFalse = "part2_consent.known_false", "Is the consent known to be materially false or deficient?";
    ConsentProceedings = "part2_consent.for_proceedings", "Is it a consent for proceedings against the patient, and for nothing else?";
    ConsentTpo = "part2_consent.treatment_payment_operations", "Is it a consent for treatment, payment and health care operations?";

    Subpoena = "subpoena.presented", "Is there a subpoena, discovery request or other lawful process?";
    CourtOrder = "court_order.presented", "Is there an order of a court or administrative tribunal?";
    Part2Order = "court_order.under_part2", "Was the order entered under 42 CFR Part 2, subpart E?";
    Part2OrderAgainst = "court_order.against_patient", "Does the order authorize use in a proceeding or investigation against the patient (42 CFR 2.65)?";

    JurisdictionUs = "jurisdiction.us", "Does the law of the United States apply to the holder?";
    JurisdictionCa = "jurisdiction.ca", "Does the law of California apply to the holder?";
    JurisdictionTx = "jurisdiction.tx", "Does the law of Texas apply to the holder?";
    JurisdictionNy = "jurisdiction.ny", "Does the law of New York apply to the holder?";
    JurisdictionIl = "jurisdiction.il", "Does the law of Illinois apply to the holder?";
    JurisdictionEu = "jurisdiction.eu", "Does the General Data Protection Regulation apply to the holder?";

    RequesterHealthPlan = "requester.health_plan", "Does a health plan ask?";
    RequesterBusinessAssociate = "requester.business_associate", "Does a business associate of the holder ask, for the holder's purposes?";
    RequesterDesignee = "requester.designee", "Does a third party ask whom the individual directed the copy to?";
    RequesterFamily = "requester.family", "Does a member of the family, a friend, or another person whom the individual identified ask?";
    RequesterClergy = "requester.clergy", "Does a member of the clergy ask?";
    RequesterDisasterRelief = "requester.disaster_relief", "Does a body ask that law or charter authorizes to assist in disaster relief?";
    RequesterPublicHealthAuthority = "requester.public_health_authority", "Does a public health authority ask?";
    RequesterAbuseReportAuthority = "requester.abuse_report_authority", "Does a government authority ask that the law authorizes to receive reports of abuse or neglect?";
    RequesterFdaRegulated = "requester.fda_regulated", "Does a person ask who is responsible for a product that the Food and Drug Administration regulates?";
    RequesterExposedPerson = "requester.exposed_person", "Does a person ask who may have been exposed to a communicable disease?";
    RequesterEmployer = "requester.employer", "Does the employer of the individual ask?";
    RequesterSchool = "requester.school", "Does a school of the individual ask?";
    RequesterOversightAgency = "requester.oversight_agency", "Does a health oversight agency ask?";
    RequesterLawEnforcement = "requester.law_enforcement", "Does a law enforcement official ask?";
    RequesterCoroner = "requester.coroner", "Does a coroner or medical examiner ask?";
    RequesterFuneralDirector = "requester.funeral_director", "Does a funeral director ask?";
    RequesterOrganProcurement = "requester.organ_procurement", "Does an organ procurement organization or a bank of organs, eyes or tissue ask?";
    RequesterResearcher = "requester.researcher", "Does a researcher ask?";
    RequesterMilitaryCommand = "requester.military_command", "Does an appropriate military command authority ask?";
    RequesterFederalOfficial = "requester.federal_official", "Does an authorized federal official ask?";
    RequesterCorrectionalInstitution = "requester.correctional_institution", "Does a correctional institution ask, or an official who has lawful custody of the individual?";
    RequesterBenefitsAgency = "requester.benefits_agency", "Does another government programme or agency ask that provides public benefits?";
    RequesterNics = "requester.nics", "Does the National Instant Criminal Background Check System ask, or who reports to it for the state?";
    RequesterQualifiedServiceOrganization = "requester.qualified_service_organization", "Does a qualified service organization of the Part 2 program ask?";

    PurposeMarketing = "purpose.marketing", "Is the purpose marketing?";
    PurposeSale = "purpose.sale", "Does the holder receive remuneration for the disclosure?";
    PurposeUnderwriting = "purpose.underwriting", "Is the purpose underwriting?";
    PurposeDirectory = "purpose.directory", "Is it for the facility's directory?";
    PurposeInvolvement = "purpose.involvement", "Is it for a person's involvement in the individual's care or payment, or to notify them?";
    PurposePublicHealth = "purpose.public_health", "Is the purpose a public health activity?";
    PurposeAbuseReport = "purpose.abuse_report", "Is it a report of abuse, neglect or domestic violence?";
    PurposeOversight = "purpose.oversight", "Is the purpose health oversight?";
    PurposeLawEnforcement = "purpose.law_enforcement", "Is it a law enforcement purpose?";
    PurposeIdentifyOrLocate = "purpose.identify_or_locate", "Is it to identify or locate a suspect, fugitive, material witness or missing person?";
    PurposeDeath = "purpose.death", "Is it about a death: its cause, the body, organs?";
    PurposeResearch = "purpose.research", "Is the purpose research?";
    PurposeWorkersCompensation = "purpose.workers_compensation", "Is the purpose workers' compensation?";
    PurposeSpecializedGovernment = "purpose.specialized_government", "Is it a specialized government function?";
    PurposeReproductiveInvestigation = "purpose.reproductive_investigation", "Is it to investigate or hold someone liable for seeking, giving or easing reproductive health care that was lawful?";

    AsksCopy = "asks.copy", "Is a copy or a disclosure asked for?";
    AsksAmendment = "asks.amendment", "Is an amendment of the record asked for?";
    AsksAccounting = "asks.accounting", "Is an accounting of disclosures asked for?";

    CopyLimitedDataSet = "copy.limited_data_set", "Is it a limited data set that goes?";
    CopyDeidentified = "copy.deidentified", "Is it a de-identified copy that goes?";

    HolderInformationBlockingActor = "holder.information_blocking_actor", "Is the holder an actor under the information blocking rule?";

    PatientMinor = "patient.minor", "Is the patient under 18 on the day of the request?";
    PatientAge12To17 = "patient.age_12_to_17", "Is the patient from 12 to 17 years old on the day of the request?";

    ClaimEmergencyTreatment = "claim.emergency_treatment", "Does the individual need emergency treatment for which the information is needed?";
    ClaimIndividualDirective = "claim.individual_directive", "Did the individual direct the copy in a signed writing that names the person and the place?";
    ClaimBusinessAssociateContract = "claim.business_associate_contract", "Is there a business associate contract?";
    ClaimRequiredByLaw = "claim.required_by_law", "Does another law require the disclosure?";
    ClaimRequiredForCompliance = "claim.required_for_compliance", "Is the disclosure required for compliance with the HIPAA rules themselves?";
    ClaimOfficialRepresentsMinimum = "claim.official_represents_minimum", "Does a public official represent that the request is the minimum necessary for a purpose of 164.512?";
    ClaimCostBasedPrice = "claim.cost_based_price", "Is a reasonable price for the cost of preparing and sending the only remuneration?";
    ClaimMergerOrAcquisition = "claim.merger_or_acquisition", "Is it for the sale, transfer or merger of the covered entity and its due diligence?";
    ClaimLongTermCareIssuer = "claim.long_term_care_issuer", "Is the plan an issuer of a long-term care policy?";
    ClaimDisasterRulesInterfere = "claim.disaster_rules_interfere", "Would asking the individual interfere with the response to a disaster?";
    ClaimOwnNoticeEfforts = "claim.own_notice_efforts", "Did the holder itself make reasonable efforts to notify the individual or to seek a protective order?";
    ClaimStateLawGivesParentAccess = "claim.state_law_gives_parent_access", "Does state or other law permit or require that the parent sees it?";
    ClaimLawEnforcementSuspension = "claim.law_enforcement_suspension", "Did an agency state that an accounting would impede its activities, and for how long?";
    ClaimAmendmentNotCreatedHere = "claim.amendment_not_created_here", "Was the entry that is to be amended not created by the holder, and is its originator available?";
    ClaimAmendmentOutsideRecordSet = "claim.amendment_outside_record_set", "Is the entry that is to be amended outside of the designated record set?";
    ClaimAmendmentNotAccessible = "claim.amendment_not_accessible", "Is the entry that is to be amended not open to the individual's access?";
    ClaimAmendmentAccurate = "claim.amendment_accurate", "Is the entry that is to be amended accurate and complete?";
    ClaimAdmittedViolentCrime = "claim.admitted_violent_crime", "Did the individual admit to a violent crime that may have caused serious physical harm?";
    ClaimCrimeVictim = "claim.crime_victim", "Does the official ask about someone who is, or may be, a victim of a crime?";
    ClaimSeriousThreat = "claim.serious_threat", "Is it brought forward that there is a serious and imminent threat to the health or safety of someone?";
    ClaimEscapedCustody = "claim.escaped_custody", "Does it appear that the individual escaped from custody?";
    ClaimMedicalEmergency = "claim.medical_emergency", "Is it a bona fide medical emergency in which consent cannot be had?";
    ClaimHumanSubjectsDocumented = "claim.human_subjects_documented", "Does the researcher document compliance with 45 CFR part 46 or 21 CFR parts 50 and 56, with informed consent or its waiver?";
    ClaimQualifiedServiceAgreement = "claim.qualified_service_agreement", "Is there a qualified service organization agreement?";
    ClaimCrimeOnPart2Premises = "claim.crime_on_part2_premises", "Is it a report of a crime on the premises of the Part 2 program or against its personnel?";
    ClaimPart2AuditAgreement = "claim.part2_audit_agreement", "Did the auditor agree in writing to what 42 CFR 2.53 asks for?";
    ClaimThroughEhr = "claim.through_ehr", "Is the disclosure made through an electronic health record?";
    ClaimGdpr6Consent = "claim.gdpr_6_consent", "Is consent the basis under Article 6(1)(a)?";
    ClaimGdpr6Other = "claim.gdpr_6_other", "Is there another basis under Article 6(1)(b) to (f)?";
    ClaimGdpr9Consent = "claim.gdpr_9_consent", "Is explicit consent the exception under Article 9(2)(a)?";
    ClaimGdpr9Care = "claim.gdpr_9_care", "Is it for medical diagnosis, care, or its management under a duty of secrecy (Article 9(2)(h), 9(3))?";
    ClaimGdpr9Other = "claim.gdpr_9_other", "Is there another exception under Article 9(2)(b) to (g), (i), (j)?";
    ClaimGdprComplex = "claim.gdpr_complex", "Is the request complex, or one of many, so that two further months are needed?";

    CaseElectronicEhrCopy = "case.electronic_ehr_copy", "Is an electronic copy of an electronic health record asked for?";
    CaseFaceToFace = "case.face_to_face", "Is the marketing a face-to-face communication by the holder?";
    CaseNominalGift = "case.nominal_gift", "Is the marketing a promotional gift of nominal value?";
    CaseIndividualAvailable = "case.individual_available", "Is the individual present or available, and able to decide?";
    CaseIndividualAgrees = "case.individual_agrees", "Does the individual agree, or not object when asked or expected to?";
    CaseIncapacityOrEmergency = "case.incapacity_or_emergency", "Can the individual not be asked because of incapacity or an emergency?";
    CaseContraryPreference = "case.contrary_preference", "Is a preference of the individual known that speaks against it?";
    CaseDeceased = "case.deceased", "Has the individual died?";
    ClaimDeceasedOver50Years = "claim.deceased_over_50_years", "Did the individual die more than 50 years ago?";
    CaseLimitedToLaw = "case.limited_to_law", "Does the disclosure comply with that law, and is it limited to what the law asks for?";
    CaseAuthorizedByLaw = "case.authorized_by_law", "Is the one who asks authorized by law to collect or receive it for this purpose?";
    CaseChildAbuse = "case.child_abuse", "Is it about abuse or neglect of a child?";
    CaseFdaActivity = "case.fda_activity", "Is it about quality, safety or effectiveness of a product that the Food and Drug Administration regulates?";
    CaseLawAllowsNotice = "case.law_allows_notice", "Does a law authorize the holder to notify the person?";
    CaseAtEmployersRequest = "case.at_employers_request", "Was the care given at the employer's request, for workplace surveillance or a work-related illness or injury?";
    CaseWorkFindingsOnly = "case.work_findings_only", "Is it limited to findings on a work-related illness or injury, or on workplace surveillance?";
    CaseEmployerDuty = "case.employer_duty", "Does the employer need the findings for duties that the law gives it?";
    CaseNoticeGiven = "case.notice_given", "Was the individual given, or shown, the written notice?";
    CaseSchoolRequiresProof = "case.school_requires_proof", "Does a law require the school to have proof of immunization?";
    CaseAgreementDocumented = "case.agreement_documented", "Is the agreement of parent, guardian or individual documented?";
    CaseStatuteAuthorizesReport = "case.statute_authorizes_report", "Does a statute or regulation expressly authorize the report?";
    CaseOfficialRepresentsVictim = "case.official_represents_victim", "Does the official represent that it is not meant to be used against the individual, and that waiting would harm an immediate activity?";
    CaseIndividualIsTarget = "case.individual_is_target", "Is the individual the subject of the investigation?";
    CaseRelatedToCareOrBenefits = "case.related_to_care_or_benefits", "Does the investigation arise from receipt of care, or from benefits for which health counts?";
    CaseOfficialRepresentsCrimeByOther = "case.official_represents_crime_by_other", "Does the official represent that it is needed to determine a violation by someone else, and is not meant to be used against the victim?";
    ClaimDeathFromCrime = "claim.death_from_crime", "Does the holder suspect that the death resulted from criminal conduct?";
    ClaimCrimeOnPremises = "claim.crime_on_premises", "Does the holder believe in good faith that it is evidence of a crime on its premises?";
    ClaimEmergencyOffPremises = "claim.emergency_off_premises", "Does a provider give emergency care off its premises, and is the disclosure needed to alert to a crime?";
    CaseLearnedInTherapy = "case.learned_in_therapy", "Was it learned in treatment, counselling or therapy, or in a request for them?";
    CaseRecipientCanPrevent = "case.recipient_can_prevent", "Is the recipient reasonably able to prevent or lessen the threat?";
    CaseFederalRegisterNotice = "case.federal_register_notice", "Has the military authority published its notice in the Federal Register?";
    CaseNationalSecurityAct = "case.national_security_act", "Is it for intelligence or security activities that the National Security Act authorizes?";
    CaseProtectiveServices = "case.protective_services", "Is it for protective services or investigations under 18 U.S.C. 3056, 871, 879 or 22 U.S.C. 2709?";
    CaseStateDepartmentSuitability = "case.state_department_suitability", "Is it a suitability determination of the Department of State?";
    CaseCustodyNeed = "case.custody_need", "Does the institution represent that it is needed for care, health, safety or good order in custody?";
    CaseBenefitsSharing = "case.benefits_sharing", "Does a statute authorize the sharing, or is it needed to coordinate programmes for the same population?";
    ClaimResearchPreparationOnly = "claim.research_preparation_only", "Is it solely to prepare a protocol?";
    ClaimResearchNothingRemoved = "claim.research_nothing_removed", "Will no information be removed from the holder?";
    ClaimResearchNecessary = "claim.research_necessary", "Is the information necessary for the research?";
    ClaimResearchDecedentsOnly = "claim.research_decedents_only", "Is the research solely on decedents?";
    ClaimDeathDocumented = "claim.death_documented", "Is the death documented where the holder asked for that?";
    CaseElectronicDisclosure = "case.electronic_disclosure", "Is it disclosed electronically?";
    CasePart2Compliance = "case.part2_compliance", "Does the Secretary determine compliance with 42 CFR Part 2 itself?";
    CaseExceptionNamed = "case.exception_named", "Is the exception of 45 CFR part 171 named on which the denial rests?";

    FindingDirectlyRelevant = "finding.directly_relevant", "Has a person found that it is directly relevant to the involvement of the one who asks?";
    FindingBestInterest = "finding.best_interest", "Has a person found, in professional judgment, that it is in the individual's best interest?";
    FindingSeriousHarm = "finding.serious_harm", "Has a person found, in professional judgment, that it is necessary to prevent serious harm?";
    FindingInformingHarmful = "finding.informing_harmful", "Has a person found, in professional judgment, that informing the individual would do serious harm?";
    FindingImminentThreat = "finding.imminent_threat", "Has a person found that it is necessary to prevent or lessen a serious and imminent threat?";
    FindingSameAsDesignatedCleared = "finding.same_as_designated_cleared", "Has a person cleared the entries that are about the same as one that a designation withholds?";
    FindingParentAccess = "finding.parent_access", "Has a licensed professional decided that the parent may see it?";

    AuthorizationSpecificExpirationDate = "authorization.specific_expiration_date", "Does the authorization state a specific date after which it no longer holds?";
    AuthorizationWithinOneYear = "authorization.within_one_year", "Does the authorization end within one year, or does the law let it hold longer (California Civil Code 56.11)?";
    AuthorizationStatesUseLimits = "authorization.states_use_limits", "Does the authorization state the uses, and the limits on them, for the recipient?";
    AuthorizationTypefaceAndSeparateSignature = "authorization.typeface_and_separate_signature", "Is the authorization in type of at least 14 points, or handwritten, with a signature of its own?";
    AuthorizationRightToCopy = "authorization.right_to_copy", "Does the authorization tell the signer of the right to a copy?";
    AuthorizationRightToInspect = "authorization.right_to_inspect", "Does the authorization tell of the right to inspect and copy the information?";
    AuthorizationWitnessed = "authorization.witnessed", "Did someone who can attest to the signer's identity witness the signature?";
    AuthorizationNamesHiv = "authorization.names_hiv", "Does the authorization state that it covers HIV related information?";
    AuthorizationNamesMentalHealth = "authorization.names_mental_health", "Does the authorization state that it covers mental health information, and the consequences of a refusal?";
    AuthorizationSeparateElectronic = "authorization.separate_electronic", "Is it an authorization for this electronic disclosure?";

    Part2ConsentCounselingNotes = "part2_consent.counseling_notes", "Is it a consent for substance use disorder counselling notes, and for nothing else?";

    SubpoenaNoticeAttempted = "subpoena.notice_attempted", "Does the party show a good faith attempt to notify the individual in writing?";
    SubpoenaNoticeSufficient = "subpoena.notice_sufficient", "Did the notice say enough of the proceeding to raise an objection?";
    SubpoenaObjectionTimeElapsed = "subpoena.objection_time_elapsed", "Has the time for objections elapsed?";
    SubpoenaObjectionsSettled = "subpoena.objections_settled", "Were no objections filed, or all resolved in favour of the disclosure?";
    SubpoenaProtectiveOrderSought = "subpoena.protective_order_sought", "Have the parties agreed to a protective order and presented it, or has the party asked the court for one?";
    SubpoenaOrderLimitsUse = "subpoena.order_limits_use", "Does the protective order forbid any other use?";
    SubpoenaOrderReturns = "subpoena.order_returns", "Does the protective order require return or destruction at the end?";

    CourtOrderRecitesCriteria = "court_order.recites_criteria", "Does the order state that the criteria of 42 CFR 2.64 or 2.65 are met?";
    CourtOrderUnderPhl2785 = "court_order.under_phl_2785", "Was the order entered under section 2785 of the New York Public Health Law?";

    WarrantPresented = "warrant.presented", "Is there a warrant, a judicial officer's subpoena or summons, or a grand jury subpoena?";

    AdministrativeRequestPresented = "administrative_request.presented", "Is there an administrative request of a law enforcement agency?";
    AdministrativeRequestRelevantAndMaterial = "administrative_request.relevant_and_material", "Is the information relevant and material to a legitimate inquiry?";
    AdministrativeRequestSpecificAndLimited = "administrative_request.specific_and_limited", "Is the request specific and limited in scope as far as practicable?";
    AdministrativeRequestDeidentifiedInsufficient = "administrative_request.deidentified_insufficient", "Could de-identified information not reasonably be used?";

    DataUseAgreementPresented = "data_use_agreement.presented", "Is there a data use agreement?";
    DataUseAgreementPermittedUses = "data_use_agreement.permitted_uses", "Does the agreement establish the permitted uses?";
    DataUseAgreementWhoMayUse = "data_use_agreement.who_may_use", "Does the agreement establish who may use or receive the data?";
    DataUseAgreementNoOtherUse = "data_use_agreement.no_other_use", "Does the recipient agree to no other use?";
    DataUseAgreementSafeguards = "data_use_agreement.safeguards", "Does the recipient agree to safeguards?";
    DataUseAgreementReports = "data_use_agreement.reports", "Does the recipient agree to report other uses?";
    DataUseAgreementAgents = "data_use_agreement.agents", "Does the recipient bind its agents?";
    DataUseAgreementNoContact = "data_use_agreement.no_contact", "Does the recipient agree not to identify or contact the individuals?";

    WaiverPresented = "waiver.presented", "Is there a waiver of authorization for research?";
    WaiverBoardAndDate = "waiver.board_and_date", "Does the waiver identify the board and the date of approval?";
    WaiverCriteria = "waiver.criteria", "Does the waiver state that the board found the three criteria met?";
    WaiverNeededInformation = "waiver.needed_information", "Does the waiver describe the information that the board found necessary?";
    WaiverProcedure = "waiver.procedure", "Does the waiver state that normal or expedited review approved it?";
    WaiverSignature = "waiver.signature", "Is the waiver signed by the chair or a designated member?";

    AttestationPresented = "attestation.presented", "Is there an attestation that the use is not for a prohibited purpose?";
    AttestationElements = "attestation.elements", "Does the attestation have every element of 164.509(c), and nothing false?";
    AttestationSignature = "attestation.signature", "Is the attestation signed and dated?";

    GdprConsentPresented = "gdpr_consent.presented", "Is there a consent of the data subject?";
    GdprConsentFreelyGiven = "gdpr_consent.freely_given", "Was the consent freely given?";
    GdprConsentSpecific = "gdpr_consent.specific", "Is the consent specific to the purpose?";
    GdprConsentInformed = "gdpr_consent.informed", "Was the data subject informed?";
    GdprConsentUnambiguous = "gdpr_consent.unambiguous", "Is the consent a clear affirmative act?";
    GdprConsentExplicit = "gdpr_consent.explicit", "Is the consent explicit as to health data?";
    GdprConsentDistinguishable = "gdpr_consent.distinguishable", "Is the consent distinguishable from other matters, in plain language?";
    GdprConsentWithdrawalTold = "gdpr_consent.withdrawal_told", "Was the data subject told of the right to withdraw?";
    GdprConsentDemonstrable = "gdpr_consent.demonstrable", "Can the controller demonstrate the consent?";
    GdprConsentWithdrawn = "gdpr_consent.withdrawn", "Was the consent withdrawn?";
    GdprConsentNamesRequester = "gdpr_consent.names_requester", "Does the consent cover the one who asks?";

    SegmentOfPatient = "segment.of_patient", "Does the entry tell of the patient of the record?";
    SubstanceUse = "segment.substance_use", "Does the entry tell of substance use or its treatment?";
    Part2Marked = "segment.part2", "Is the entry marked as a record under 42 CFR Part 2?";
    PsychotherapyNotes = "segment.psychotherapy_notes", "Is the entry a psychotherapy note, kept apart from the record?";
    Restricted = "segment.restricted", "Is the entry marked as restricted for a reason that no loaded law names?";
    AskedFor = "segment.asked_for", "Is the entry within the scope that the request asks for?";
    WithinAuthorization = "segment.within_authorization", "Is the entry within the terms of the authorization?";
    WithinConsent = "segment.within_part2_consent", "Is the entry within the terms of the Part 2 consent?";
    WithinOrder = "segment.within_court_order", "Is the entry expressly within the court order?";
    SegmentWithinWarrant = "segment.within_warrant", "Is the entry within the warrant or process?";
    SegmentAgreedRestriction = "segment.agreed_restriction", "Is the entry under a restriction that the holder agreed to?";
    SegmentSelfPay = "segment.self_pay", "Is the entry about care that was paid in full by or for the individual, who asked for the restriction?";
    SegmentCompiledForProceeding = "segment.compiled_for_proceeding", "Was the entry compiled in anticipation of, or for, a proceeding?";
    SegmentInmateCopyDenied = "segment.inmate_copy_denied", "Would a copy of the entry jeopardize health, safety or custody in a correctional institution?";
    SegmentResearchInProgress = "segment.research_in_progress", "Is access to the entry suspended while the research is in progress, as the individual agreed?";
    SegmentPrivacyActDenial = "segment.privacy_act_denial", "May access to the entry be denied under the Privacy Act?";
    SegmentConfidentialSource = "segment.confidential_source", "Would the entry reveal someone other than a provider who spoke under a promise of confidentiality?";
    SegmentDangerToLife = "segment.danger_to_life", "Did a licensed professional find that access to the entry endangers life or physical safety?";
    SegmentHarmToOther = "segment.harm_to_other", "Did a licensed professional find that access to the entry does substantial harm to another person whom it names?";
    SegmentHarmViaRepresentative = "segment.harm_via_representative", "Did a licensed professional find that the representative's access to the entry does substantial harm?";
    SegmentRepresentativeNotRecognised = "segment.representative_not_recognised", "Has the holder decided not to treat the representative as one, because of abuse or danger?";
    SegmentMinorConfidential = "segment.minor_confidential", "Is the entry about care that the minor lawfully obtained alone, or under an agreement of confidentiality?";
    SegmentDisputed = "segment.disputed", "Is a request to amend the entry, or a statement of disagreement, attached to it?";
    SegmentContraryStateLaw = "segment.contrary_state_law", "Has a person marked the entry as one that a law forbids to disclose which no loaded pack holds?";
    SegmentSudCounselingNotes = "segment.sud_counseling_notes", "Is the entry a substance use disorder counselling note, kept apart from the record?";
    SegmentMentalHealth = "segment.mental_health", "Does the entry tell of mental health?";
    SegmentHiv = "segment.hiv", "Does the entry tell of HIV or AIDS?";
    SegmentGenetic = "segment.genetic", "Does the entry hold genetic information?";
    SegmentReproductive = "segment.reproductive", "Does the entry tell of reproductive health?";
    SegmentSexuallyTransmitted = "segment.sexually_transmitted", "Does the entry tell of a sexually transmitted disease?";
    SegmentViolence = "segment.violence", "Does the entry tell of abuse, assault or domestic violence?";
    SegmentIdentification = "segment.identification", "Does the entry hold nothing but who the individual is and where they live?";
    SegmentImmunization = "segment.immunization", "Is the entry an immunization?";
    SegmentDeniedByConsent = "segment.denied_by_consent", "Does a consent directive of the patient deny the entry to the one who asks?";
    SegmentPermittedByConsent = "segment.permitted_by_consent", "Does a consent directive of the patient permit the entry to the one who asks?";
    SegmentMedication = "segment.medication", "Does the entry tell of a medicine, an allergy or a reaction?";
    SegmentSameAsDesignated = "segment.same_as_designated", "Is the entry about the same as one that a designation withholds?";
}

impl Fact {
    /// Whether it is a ground that the one who asks has to bring forward: its name begins with `claim.`. It is absent
    /// until they do, where any other fact that nobody stated is unknown. A pack may use it only where it speaks for
    /// a release, so that silence never releases.
    #[must_use]
    pub fn is_claim(self) -> bool {
        self.as_str().starts_with("claim.")
    }

    /// The group of the name: `authorization` of `authorization.signature`.
    pub(super) fn group(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }

    /// The facts of a group, in the order of the catalogue.
    pub(super) fn of_group(group: &str) -> &'static [Self] {
        static GROUPS: LazyLock<HashMap<&str, Vec<Fact>>> = LazyLock::new(|| {
            let mut groups: HashMap<&str, Vec<Fact>> = HashMap::new();
            Fact::ALL.iter().for_each(|fact| groups.entry(fact.group()).or_default().push(*fact));
            groups
        });
        GROUPS.get(group).map_or(&[], Vec::as_slice)
    }

    /// Whether it differs from segment to segment.
    pub(super) fn is_of_segment(self) -> bool {
        self as u16 >= Self::SegmentOfPatient as u16
    }

    /// Whether it is read from the content of an entry, so that what cannot be read leaves it unknown.
    pub(super) fn is_read_from_content(self) -> bool {
        matches!(
            self,
            Self::SubstanceUse
                | Self::SegmentMentalHealth
                | Self::SegmentHiv
                | Self::SegmentGenetic
                | Self::SegmentReproductive
                | Self::SegmentSexuallyTransmitted
                | Self::SegmentViolence
        )
    }

    /// Whether someone who asks can change it by bringing papers or by having a person decide: a document, a claim, a
    /// finding, verification.
    pub(super) fn can_be_brought(self) -> bool {
        matches!(
            self.group(),
            "claim"
                | "finding"
                | "authorization"
                | "part2_consent"
                | "gdpr_consent"
                | "subpoena"
                | "court_order"
                | "warrant"
                | "administrative_request"
                | "data_use_agreement"
                | "waiver"
                | "attestation"
                | "identity_verified"
                | "authority_verified"
        )
    }

    /// How many facts there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// The facts that differ from segment to segment.
    pub(super) const OF_SEGMENTS: [Self; 37] = [
        Self::SegmentOfPatient,
        Self::SubstanceUse,
        Self::Part2Marked,
        Self::PsychotherapyNotes,
        Self::Restricted,
        Self::AskedFor,
        Self::WithinAuthorization,
        Self::WithinConsent,
        Self::WithinOrder,
        Self::SegmentWithinWarrant,
        Self::SegmentAgreedRestriction,
        Self::SegmentSelfPay,
        Self::SegmentCompiledForProceeding,
        Self::SegmentInmateCopyDenied,
        Self::SegmentResearchInProgress,
        Self::SegmentPrivacyActDenial,
        Self::SegmentConfidentialSource,
        Self::SegmentDangerToLife,
        Self::SegmentHarmToOther,
        Self::SegmentHarmViaRepresentative,
        Self::SegmentRepresentativeNotRecognised,
        Self::SegmentMinorConfidential,
        Self::SegmentDisputed,
        Self::SegmentContraryStateLaw,
        Self::SegmentSudCounselingNotes,
        Self::SegmentMentalHealth,
        Self::SegmentHiv,
        Self::SegmentGenetic,
        Self::SegmentReproductive,
        Self::SegmentSexuallyTransmitted,
        Self::SegmentViolence,
        Self::SegmentIdentification,
        Self::SegmentImmunization,
        Self::SegmentDeniedByConsent,
        Self::SegmentPermittedByConsent,
        Self::SegmentMedication,
        Self::SegmentSameAsDesignated,
    ];
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
            assert_eq!(fact.is_of_segment(), Fact::OF_SEGMENTS.contains(fact));
        }
    }
}
