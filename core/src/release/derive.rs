//! From a request to facts: each fact of the catalogue that holds for the whole request, worked out once.

use super::fact::{Fact, Facts};
use super::request::{
    Authority, Authorization, CourtOrder, Day, Part2Consent, Purpose, Request, Role, Subpoena,
};
use super::tri::Tri;
use crate::error::{Error, Result, codes};

/// The documents of a request by kind. The outer `None` means: it is unknown whether there is one.
#[derive(Default)]
pub(super) struct Documents<'r> {
    pub(super) authorization: Presented<&'r Authorization>,
    pub(super) consent: Presented<&'r Part2Consent>,
    pub(super) subpoena: Presented<&'r Subpoena>,
    pub(super) court_order: Presented<&'r CourtOrder>,
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

    /// The value that `of` reads in the document; unknown without knowing of one, false where there is none.
    pub(super) fn read(&self, of: impl FnOnce(&T) -> Tri) -> Tri {
        match self {
            Self::Yes(document) => of(document),
            Self::Unknown => Tri::Unknown,
            Self::No => Tri::False,
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
        };
        for document in list {
            match document {
                Authority::Authorization(document) => out.authorization.fill(document)?,
                Authority::Part2Consent(document) => out.consent.fill(document)?,
                Authority::Subpoena(document) => out.subpoena.fill(document)?,
                Authority::CourtOrder(document) => out.court_order.fill(document)?,
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
pub(super) fn facts(request: &Request, documents: &Documents<'_>) -> Facts {
    let mut facts = Facts::default();
    who_and_why(request, &mut facts);
    ties(request, &mut facts);
    match &documents.authorization {
        Presented::Yes(document) => authorization(document, request, &mut facts),
        other => absent(other.tri(), Fact::Authorization, &mut facts),
    }
    match &documents.consent {
        Presented::Yes(document) => consent(document, request, &mut facts),
        other => absent(other.tri(), Fact::Consent, &mut facts),
    }
    facts.set(Fact::Subpoena, documents.subpoena.tri());
    facts.set(Fact::CourtOrder, documents.court_order.tri());
    facts.set(Fact::Part2Order, documents.court_order.read(|order| order.under_part2.into()));
    facts.set(Fact::Part2OrderAgainst, documents.court_order.read(|order| order.against_patient.into()));
    facts
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
    ] {
        facts.set(fact, is(request.purpose, of));
    }
    let against = match (request.proceeding_against_patient, request.purpose) {
        (Some(stated), _) => stated.into(),
        (None, None | Some(Purpose::Legal | Purpose::LawEnforcement)) => Tri::Unknown,
        (None, Some(_)) => Tri::False,
    };
    facts.set(Fact::AgainstPatient, against);
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
    let prefix = first.as_str().split('.').next().unwrap_or_default();
    for fact in Fact::ALL {
        if fact.as_str().split('.').next() == Some(prefix) {
            facts.set(*fact, presented);
        }
    }
}

/// What an expiration clause comes to: whether one that is allowed is stated, and whether it has passed.
struct Expiration {
    stated: Tri,
    passed: Tri,
}

fn expiration(
    on: Day,
    date: Option<Day>,
    event: Option<bool>,
    occurred: Option<bool>,
    none: Option<bool>,
    none_allowed: Tri,
) -> Expiration {
    // A document that states one clause states no other unless it is said to.
    let clause = date.is_some() || event == Some(true) || none == Some(true);
    let unsaid =
        |stated: Option<bool>| if clause { stated.unwrap_or(false).into() } else { Tri::from(stated) };
    let (event, none) = (unsaid(event), unsaid(none));
    let dated = unsaid(date.map(|_| true));
    let stated = dated.or(event).or(none.and(none_allowed));
    let date_passed = date.map_or(Tri::False, |date| Tri::from(on > date));
    let event_passed = event.and(occurred.into());
    // Without any clause known, whether it has passed is as unknown as the clause.
    let passed = if clause { date_passed.or(event_passed) } else { Tri::Unknown };
    Expiration { stated, passed }
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

/// Whether two names are the same but for case, punctuation and spacing.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(one).next().is_some() && letters(one).eq(letters(other))
}

fn stated_or(stated: Option<bool>, given: bool) -> Tri {
    match stated {
        Some(stated) => stated.into(),
        None if given => Tri::True,
        None => Tri::Unknown,
    }
}

fn dated(on: Day, signed_on: Option<Day>) -> Tri {
    signed_on.map(|day| day <= on).into()
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
        (Fact::ConsentExpiration, expiration.stated),
        (Fact::ConsentExpired, expiration.passed),
        (Fact::ConsentSignature, document.signed.into()),
        (Fact::ConsentDate, dated(request.on, document.signed_on)),
        (Fact::ConsentRevoked, document.revoked.into()),
        (Fact::ConsentFalse, document.known_false.into()),
        (Fact::ConsentProceedings, document.for_proceedings.into()),
        (Fact::ConsentTpo, tpo),
    ] {
        facts.set(fact, value);
    }
}
