//! From a request to facts: each fact of the catalogue that holds for the whole request, worked out once.

use super::authorization::{Authorization, Part2Consent};
use super::documents::{
    AdministrativeRequest, Attestation, CourtOrder, DataUseAgreement, GdprConsent, Subpoena, Waiver, Warrant,
};
use super::expiry::{dated, expiration, within_one_year};
use super::fact::Fact;
use super::facts::Facts;
use super::findings::FinderRole;
use super::request::{Asks, Authority, CopyForm, Purpose, Request, Role};
use super::tri::Tri;
use crate::error::{Error, Result, codes};

/// The documents of a request by kind. The outer `None` means: it is unknown whether there is one.
#[derive(Default)]
pub(super) struct Documents<'r> {
    pub(super) authorization: Presented<&'r Authorization>,
    pub(super) consent: Presented<&'r Part2Consent>,
    pub(super) subpoena: Presented<&'r Subpoena>,
    pub(super) court_order: Presented<&'r CourtOrder>,
    pub(super) warrant: Presented<&'r Warrant>,
    administrative_request: Presented<&'r AdministrativeRequest>,
    data_use_agreement: Presented<&'r DataUseAgreement>,
    waiver: Presented<&'r Waiver>,
    attestation: Presented<&'r Attestation>,
    gdpr_consent: Presented<&'r GdprConsent>,
}

/// Whether a document was presented.
#[derive(Clone, Copy, Default)]
pub(super) enum Presented<T> {
    /// It is unknown what was presented.
    #[default]
    Unknown,
    /// None was.
    No,
    /// This one.
    Yes(T),
}

impl<T> Presented<T> {
    fn tri(&self) -> Tri {
        match self {
            Self::Unknown => Tri::Unknown,
            Self::No => Tri::False,
            Self::Yes(_) => Tri::True,
        }
    }

    fn fill(&mut self, document: T) -> Result<()> {
        if matches!(self, Self::Yes(_)) {
            return Err(Error::new(&codes::INVALID_REQUEST)
                .in_path("authority")
                .note("two documents of one kind"));
        }
        *self = Self::Yes(document);
        Ok(())
    }
}

impl<'r> Documents<'r> {
    pub(super) fn of(request: &'r Request) -> Result<Self> {
        let Some(list) = &request.authority else { return Ok(Self::default()) };
        let mut out = Documents {
            authorization: Presented::No,
            consent: Presented::No,
            subpoena: Presented::No,
            court_order: Presented::No,
            warrant: Presented::No,
            administrative_request: Presented::No,
            data_use_agreement: Presented::No,
            waiver: Presented::No,
            attestation: Presented::No,
            gdpr_consent: Presented::No,
        };
        for document in list {
            match document {
                Authority::Authorization(document) => out.authorization.fill(document)?,
                Authority::Part2Consent(document) => out.consent.fill(document)?,
                Authority::Subpoena(document) => out.subpoena.fill(document)?,
                Authority::CourtOrder(document) => out.court_order.fill(document)?,
                Authority::Warrant(document) => out.warrant.fill(document)?,
                Authority::AdministrativeRequest(document) => out.administrative_request.fill(document)?,
                Authority::DataUseAgreement(document) => out.data_use_agreement.fill(document)?,
                Authority::Waiver(document) => out.waiver.fill(document)?,
                Authority::Attestation(document) => out.attestation.fill(document)?,
                Authority::GdprConsent(document) => out.gdpr_consent.fill(document)?,
            }
        }
        Ok(out)
    }
}

/// `then` must hold where `when` does; where `when` does not, it is no obstacle.
fn implies(when: Tri, then: Tri) -> Tri {
    when.negate().or(then)
}

/// Whether a value is one of `of`; unknown where the value is.
fn is<T: PartialEq>(value: Option<T>, of: T) -> Tri {
    value.map(|value| value == of).into()
}

/// Facts of the request. The facts of segments stay unknown.
///
/// # Errors
/// `invalid_request` where a claim, a circumstance or a finding has no known name, or a finding is not for the one
/// who made it to make.
pub(super) fn facts(request: &Request, documents: &Documents<'_>) -> Result<Facts> {
    let mut facts = Facts::default();
    facts.requester = request.requester.name.as_deref().map(|name| letters(name).collect());
    facts.requester.take_if(|name| name.is_empty());
    stated(request, &mut facts)?;
    who_and_why(request, &mut facts);
    ties(request, &mut facts);
    form(request, &mut facts);
    match &documents.authorization {
        Presented::Yes(document) => authorization(document, request, &mut facts),
        other => absent(other.tri(), Fact::Authorization, &mut facts),
    }
    match &documents.consent {
        Presented::Yes(document) => consent(document, request, &mut facts),
        other => absent(other.tri(), Fact::Consent, &mut facts),
    }
    macro_rules! told {
        ($($document:ident, $presented:ident;)*) => {$(
            match &documents.$document {
                Presented::Yes(document) => document.tell(&mut facts),
                other => absent(other.tri(), Fact::$presented, &mut facts),
            }
        )*};
    }
    told! {
        subpoena, Subpoena;
        court_order, CourtOrder;
        warrant, WarrantPresented;
        administrative_request, AdministrativeRequestPresented;
        data_use_agreement, DataUseAgreementPresented;
        waiver, WaiverPresented;
        attestation, AttestationPresented;
        gdpr_consent, GdprConsentPresented;
    }
    Ok(facts)
}

/// What is stated by the names of facts: claims, circumstances, signed findings.
fn stated(request: &Request, facts: &mut Facts) -> Result<()> {
    let refuse = |place: &str, note| Error::new(&codes::INVALID_REQUEST).in_path(place).note(note);
    for fact in Fact::of_group("claim") {
        facts.set(*fact, false);
    }
    for (group, place, list) in
        [("claim", "claims", &request.claims), ("case", "circumstances", &request.circumstances)]
    {
        for (name, value) in list {
            let fact = Fact::from_name(&format!("{group}.{name}"));
            facts.set(fact.ok_or_else(|| refuse(place, "no fact has this name"))?, *value);
        }
    }
    for (at, finding) in request.findings.signed.iter().enumerate() {
        let place = format!("findings.signed[{at}]");
        let fact = Fact::from_name(&format!("finding.{}", finding.finding));
        let fact = fact.ok_or_else(|| refuse(&place, "no finding has this name"))?;
        if finding.by.trim().is_empty() {
            return Err(refuse(&place, "a finding has the name of who made it"));
        }
        if !may_find(fact, finding.role) {
            return Err(refuse(&place, "this finding is not for that role to make"));
        }
        if finding.on > request.on {
            return Err(refuse(&place, "the finding is later than the request"));
        }
        facts.set(fact, finding.holds);
    }
    Ok(())
}

/// Whether a finding may be made in that capacity: professional judgment is a licensed professional's.
fn may_find(fact: Fact, role: FinderRole) -> bool {
    match fact {
        Fact::FindingBestInterest
        | Fact::FindingSeriousHarm
        | Fact::FindingInformingHarmful
        | Fact::FindingParentAccess => role == FinderRole::LicensedProfessional,
        _ => true,
    }
}

/// What is asked for, in which form, and under whose law.
fn form(request: &Request, facts: &mut Facts) {
    for (fact, of) in [
        (Fact::AsksCopy, Asks::Copy),
        (Fact::AsksAmendment, Asks::Amendment),
        (Fact::AsksAccounting, Asks::Accounting),
    ] {
        facts.set(fact, request.asks == of);
    }
    facts.set(Fact::CopyLimitedDataSet, request.copy == CopyForm::LimitedDataSet);
    facts.set(Fact::CopyDeidentified, request.copy == CopyForm::Deidentified);
    let named = request.holder.jurisdictions.as_deref();
    let of = |code: &str| named.is_some_and(|all| all.iter().any(|known| known.eq_ignore_ascii_case(code)));
    let us = |known: &String| known.get(..2).is_some_and(|country| country.eq_ignore_ascii_case("US"));
    facts.set(Fact::JurisdictionUs, named.is_none_or(|all| all.iter().any(us)));
    for (fact, code) in [
        (Fact::JurisdictionCa, "US-CA"),
        (Fact::JurisdictionTx, "US-TX"),
        (Fact::JurisdictionNy, "US-NY"),
        (Fact::JurisdictionIl, "US-IL"),
        (Fact::JurisdictionEu, "EU"),
    ] {
        facts.set(fact, of(code));
    }
    let actor = request.holder.information_blocking_actor.unwrap_or_default();
    facts.set(Fact::HolderInformationBlockingActor, actor);
}

fn who_and_why(request: &Request, facts: &mut Facts) {
    facts.set(Fact::IdentityVerified, request.identity_verified);
    facts.set(Fact::AuthorityVerified, request.authority_verified);
    let role = request.requester.role;
    for (fact, of) in [
        (Fact::Individual, Role::Individual),
        (Fact::PersonalRepresentative, Role::PersonalRepresentative),
        (Fact::Provider, Role::Provider),
        (Fact::HhsSecretary, Role::HhsSecretary),
        (Fact::RequesterHealthPlan, Role::HealthPlan),
        (Fact::RequesterBusinessAssociate, Role::BusinessAssociate),
        (Fact::RequesterDesignee, Role::Designee),
        (Fact::RequesterFamily, Role::FamilyMember),
        (Fact::RequesterClergy, Role::Clergy),
        (Fact::RequesterDisasterRelief, Role::DisasterRelief),
        (Fact::RequesterPublicHealthAuthority, Role::PublicHealthAuthority),
        (Fact::RequesterAbuseReportAuthority, Role::AbuseReportAuthority),
        (Fact::RequesterFdaRegulated, Role::FdaRegulated),
        (Fact::RequesterExposedPerson, Role::ExposedPerson),
        (Fact::RequesterEmployer, Role::Employer),
        (Fact::RequesterSchool, Role::School),
        (Fact::RequesterOversightAgency, Role::HealthOversightAgency),
        (Fact::RequesterLawEnforcement, Role::LawEnforcement),
        (Fact::RequesterCoroner, Role::Coroner),
        (Fact::RequesterFuneralDirector, Role::FuneralDirector),
        (Fact::RequesterOrganProcurement, Role::OrganProcurement),
        (Fact::RequesterResearcher, Role::Researcher),
        (Fact::RequesterMilitaryCommand, Role::MilitaryCommand),
        (Fact::RequesterFederalOfficial, Role::FederalOfficial),
        (Fact::RequesterCorrectionalInstitution, Role::CorrectionalInstitution),
        (Fact::RequesterBenefitsAgency, Role::BenefitsAgency),
        (Fact::RequesterNics, Role::Nics),
        (Fact::RequesterQualifiedServiceOrganization, Role::QualifiedServiceOrganization),
    ] {
        facts.set(fact, is(role, of));
    }
    let covered = match (request.requester.covered_entity, role) {
        (Some(stated), _) => stated.into(),
        (None, Some(Role::HealthPlan)) => Tri::True,
        (
            None,
            Some(Role::Individual | Role::PersonalRepresentative | Role::FamilyMember | Role::HhsSecretary),
        ) => Tri::False,
        (None, Some(Role::BusinessAssociate)) => Tri::True,
        (None, _) => Tri::Unknown,
    };
    facts.set(Fact::CoveredEntity, covered);
    for (fact, of) in [
        (Fact::Treatment, Purpose::Treatment),
        (Fact::Payment, Purpose::Payment),
        (Fact::Operations, Purpose::Operations),
        (Fact::Legal, Purpose::Legal),
        (Fact::ComplianceInvestigation, Purpose::ComplianceInvestigation),
        (Fact::OwnTraining, Purpose::OwnTraining),
        (Fact::OwnDefence, Purpose::OwnDefence),
        (Fact::PurposeMarketing, Purpose::Marketing),
        (Fact::PurposeUnderwriting, Purpose::Underwriting),
        (Fact::PurposeDirectory, Purpose::Directory),
        (Fact::PurposeInvolvement, Purpose::Involvement),
        (Fact::PurposePublicHealth, Purpose::PublicHealth),
        (Fact::PurposeAbuseReport, Purpose::AbuseReport),
        (Fact::PurposeOversight, Purpose::Oversight),
        (Fact::PurposeLawEnforcement, Purpose::LawEnforcement),
        (Fact::PurposeIdentifyOrLocate, Purpose::IdentifyOrLocate),
        (Fact::PurposeDeath, Purpose::Death),
        (Fact::PurposeResearch, Purpose::Research),
        (Fact::PurposeWorkersCompensation, Purpose::WorkersCompensation),
        (Fact::PurposeSpecializedGovernment, Purpose::SpecializedGovernment),
        (Fact::PurposeReproductiveInvestigation, Purpose::ReproductiveInvestigation),
    ] {
        facts.set(fact, is(request.purpose, of));
    }
    let against = match (request.proceeding_against_patient, request.purpose) {
        (Some(stated), _) => stated.into(),
        (None, None | Some(Purpose::Legal | Purpose::LawEnforcement | Purpose::IdentifyOrLocate)) => {
            Tri::Unknown
        }
        (None, Some(_)) => Tri::False,
    };
    facts.set(Fact::AgainstPatient, against);
    let paid = match (request.remuneration, request.purpose) {
        (Some(stated), _) => stated.into(),
        (None, Some(purpose)) => (purpose == Purpose::Sale).into(),
        (None, None) => Tri::Unknown,
    };
    facts.set(Fact::PurposeSale, paid);
}

fn ties(request: &Request, facts: &mut Facts) {
    let ties = &request.relationship;
    for (fact, value) in [
        (Fact::OwnUse, ties.own_use),
        (Fact::HolderRelationship, ties.holder),
        (Fact::RequesterRelationship, ties.requester),
        (Fact::PertainsToRelationship, ties.pertains),
        (Fact::ListedOperation, ties.listed_operation),
        (Fact::OrganizedArrangement, ties.organized_health_care_arrangement),
        (Fact::NotesOriginator, ties.notes_originator),
        (Fact::HolderPart2, request.holder.part2_records),
        (Fact::MinimumNecessaryReviewed, request.findings.minimum_necessary),
        (Fact::RestrictedCleared, request.findings.restricted_content_cleared),
        (Fact::JudicialProcess, request.findings.judicial_process_512e),
    ] {
        facts.set(fact, value);
    }
    let scope = request.scope.as_ref();
    let whole = scope.map_or(Tri::Unknown, |scope| match scope.whole_record {
        Some(whole) => whole.into(),
        None => (!scope.is_stated()).then_some(true).map_or(Tri::False, |_| Tri::Unknown),
    });
    facts.set(Fact::ScopeWhole, whole);
    let justified =
        scope.and_then(|scope| scope.justification.as_deref()).map(|words| !words.trim().is_empty());
    facts.set(Fact::ScopeJustified, justified);
}

/// A document of which it is known that there is none, or not known whether there is one: its elements follow.
fn absent(presented: Tri, first: Fact, facts: &mut Facts) {
    for fact in Fact::of_group(first.group()) {
        facts.set(*fact, presented);
    }
}

/// Whether the requester is the recipient that a document names: by its own word, else by the names.
fn names_requester(stated: Option<bool>, recipient: Option<&str>, requester: Option<&str>) -> Tri {
    match (stated, recipient, requester) {
        (Some(stated), ..) => stated.into(),
        (None, Some(recipient), Some(requester)) if same_name(recipient, requester) => Tri::True,
        // Names that differ in spelling may be one entity's: a person has to say.
        _ => Tri::Unknown,
    }
}

/// A name as names are compared: its letters and digits in lower case.
pub(super) fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two names are the same but for case, punctuation and spacing.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    letters(one).next().is_some() && letters(one).eq(letters(other))
}

fn stated_or(stated: Option<bool>, given: bool) -> Tri {
    match stated {
        Some(stated) => stated.into(),
        None if given => Tri::True,
        None => Tri::Unknown,
    }
}

fn authorization(document: &Authorization, request: &Request, facts: &mut Facts) {
    let requester = request.requester.name.as_deref();
    let recipient = document.recipient.as_deref();
    let research = is(request.purpose, Purpose::Research);
    let expiration = expiration(
        request.on,
        document.expires_on,
        document.expiration_event,
        document.expiration_event_occurred,
        document.expiration_none,
        research,
    );
    let described = document.terms.as_ref().is_some_and(super::request::Scope::is_stated);
    for (fact, value) in [
        (Fact::Authorization, Tri::True),
        (Fact::AuthInformation, stated_or(document.describes_information, described)),
        (Fact::AuthDiscloser, document.identifies_discloser.into()),
        (Fact::AuthRecipient, stated_or(document.identifies_recipient, recipient.is_some())),
        (Fact::AuthNamesRequester, names_requester(document.names_requester, recipient, requester)),
        (Fact::AuthPurpose, document.describes_purpose.into()),
        (Fact::AuthExpiration, expiration.stated),
        (Fact::AuthExpired, expiration.passed),
        (Fact::AuthSignature, document.signed.into()),
        (Fact::AuthDate, dated(request.on, document.signed_on)),
        (
            Fact::AuthRepresentative,
            implies(
                document.signed_by_representative.into(),
                document.describes_representative_authority.into(),
            ),
        ),
        (Fact::AuthRevocation, document.states_right_to_revoke.into()),
        (Fact::AuthConditioning, document.states_conditioning.into()),
        (Fact::AuthRedisclosure, document.states_redisclosure.into()),
        (
            Fact::AuthRemuneration,
            implies(document.remuneration_involved.into(), document.states_remuneration.into()),
        ),
        (Fact::AuthPlainLanguage, document.plain_language.into()),
        (Fact::AuthRevoked, document.revoked.into()),
        (Fact::AuthCompound, document.compound.into()),
        (Fact::AuthConditioned, document.conditioned.into()),
        (Fact::AuthFalse, document.known_false.into()),
        (Fact::AuthNotes, document.psychotherapy_notes.into()),
        (
            Fact::AuthorizationSpecificExpirationDate,
            stated_or(document.specific_expiration_date, document.expires_on.is_some()),
        ),
        (
            Fact::AuthorizationWithinOneYear,
            stated_or(document.limited_to_one_year, within_one_year(document.signed_on, document.expires_on)),
        ),
        (Fact::AuthorizationRightToInspect, document.right_to_inspect.into()),
        (Fact::AuthorizationWitnessed, document.witnessed.into()),
        (Fact::AuthorizationStatesUseLimits, document.states_use_limits.into()),
        (Fact::AuthorizationTypefaceAndSeparateSignature, document.typeface_and_separate_signature.into()),
        (Fact::AuthorizationRightToCopy, document.right_to_copy.into()),
        (Fact::AuthorizationNamesHiv, document.names_hiv.into()),
        (Fact::AuthorizationNamesMentalHealth, document.names_mental_health.into()),
        (Fact::AuthorizationSeparateElectronic, document.separate_electronic.into()),
    ] {
        facts.set(fact, value);
    }
}

fn consent(document: &Part2Consent, request: &Request, facts: &mut Facts) {
    let requester = request.requester.name.as_deref();
    let recipient = document.recipient.as_deref();
    let tpo = Tri::from(document.treatment_payment_operations);
    let expiration = expiration(
        request.on,
        document.expires_on,
        document.expiration_event,
        document.expiration_event_occurred,
        document.expiration_none,
        tpo,
    );
    let described = document.terms.as_ref().is_some_and(super::request::Scope::is_stated);
    let tpo_to_covered_entity = tpo.and(facts.get(Fact::CoveredEntity));
    for (fact, value) in [
        (Fact::Consent, Tri::True),
        (Fact::ConsentPatient, document.names_patient.into()),
        (Fact::ConsentDiscloser, document.identifies_discloser.into()),
        (Fact::ConsentInformation, stated_or(document.describes_information, described)),
        (Fact::ConsentRecipient, stated_or(document.identifies_recipient, recipient.is_some())),
        (Fact::ConsentNamesRequester, names_requester(document.names_requester, recipient, requester)),
        (
            Fact::ConsentIntermediary,
            implies(document.recipient_is_intermediary.into(), document.names_participants.into()),
        ),
        (Fact::ConsentTpoRedisclosure, implies(tpo_to_covered_entity, document.states_redisclosure.into())),
        (Fact::ConsentPurpose, document.describes_purpose.into()),
        (Fact::ConsentRevocation, document.states_right_to_revoke.into()),
        (Fact::ConsentRefusal, implies(tpo, document.states_refusal_consequences.into())),
        (Fact::ConsentExpiration, expiration.stated),
        (Fact::ConsentExpired, expiration.passed),
        (Fact::ConsentSignature, document.signed.into()),
        (Fact::ConsentDate, dated(request.on, document.signed_on)),
        (Fact::ConsentRevoked, document.revoked.into()),
        (Fact::ConsentFalse, document.known_false.into()),
        (Fact::ConsentProceedings, document.for_proceedings.into()),
        (Fact::ConsentTpo, tpo),
        (Fact::Part2ConsentCounselingNotes, document.counseling_notes.into()),
    ] {
        facts.set(fact, value);
    }
}
