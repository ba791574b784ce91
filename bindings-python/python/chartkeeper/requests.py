"""The request for a release, as types: what :meth:`Chartkeeper.decide` and :meth:`Chartkeeper.release` take.

A request is plain data and the same JSON document in every language. Every fact is true, false or left out;
what is left out is unknown, and never taken for a no. Dates are text, ``YYYY-MM-DD``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

__all__ = [
    "Authority",
    "Authorization",
    "CourtOrder",
    "Findings",
    "Holder",
    "Part2Consent",
    "PatientIdentifier",
    "PatientSought",
    "Purpose",
    "Relationship",
    "Request",
    "Requester",
    "Role",
    "Scope",
    "Subpoena",
]

Role: TypeAlias = Literal[
    "individual",
    "personal_representative",
    "provider",
    "health_plan",
    "attorney",
    "law_enforcement",
    "hhs_secretary",
    "public_health_authority",
    "health_oversight_agency",
    "court",
    "researcher",
    "employer",
    "family_member",
    "other",
]


Purpose: TypeAlias = Literal[
    "treatment",
    "payment",
    "operations",
    "individual_request",
    "legal",
    "law_enforcement",
    "compliance_investigation",
    "own_training",
    "own_defence",
    "research",
    "public_health",
    "oversight",
    "insurance",
    "employment",
    "other",
]


class _PatientIdentifierRequired(TypedDict):
    #: The number.
    value: str


class PatientIdentifier(_PatientIdentifierRequired, total=False):
    """A number of the patient and who gave it."""

    #: The namespace of the number, where the request names it.
    system: str


class PatientSought(TypedDict, total=False):
    """The patient as the request names them."""

    #: A number of the patient, such as the medical record number.
    identifier: PatientIdentifier
    #: Family name.
    family: str
    #: First given name.
    given: str
    #: Date of birth.
    birth_date: str


class Requester(TypedDict, total=False):
    """Who asks."""

    #: In which capacity.
    role: Role
    #: Name of the person or entity.
    name: str
    #: Address, for the accounting of disclosures (45 CFR 164.528(b)(2)(ii)).
    address: str
    #: Whether it is a covered entity or its business associate (45 CFR 160.103).
    covered_entity: bool


#: Which part of a record; made by a call because ``from`` is a keyword. ``whole_record``: whether all of it
#: is meant; ``justification``: why the entire record is the amount reasonably necessary (164.514(d)(5));
#: ``kinds``: the kinds of entries, such as ``encounter``; ``from``, ``to``: first and last day of the period.
Scope = TypedDict(
    "Scope",
    {"whole_record": bool, "justification": str, "kinds": list[str], "from": str, "to": str},
    total=False,
)


class _AuthorizationRequired(TypedDict):
    kind: Literal["authorization"]


class Authorization(_AuthorizationRequired, total=False):
    """An authorization (45 CFR 164.508(c)), with what makes one defective (paragraph (b)(2))."""

    #: Whether it describes the information specifically and meaningfully: (c)(1)(i). True where `terms`
    #: are given.
    describes_information: bool
    #: The information that it describes, as a scope.
    terms: Scope
    #: Whether it identifies who may disclose: (c)(1)(ii).
    identifies_discloser: bool
    #: Whether it identifies who may receive: (c)(1)(iii). True where `recipient` is given.
    identifies_recipient: bool
    #: The recipient that it names, compared with the requester's name.
    recipient: str
    #: Whether the requester is the recipient, or of the class, that it identifies; asked for where
    #: `recipient` does not settle it.
    names_requester: bool
    #: Whether it describes each purpose: (c)(1)(iv).
    describes_purpose: bool
    #: The day on which it expires: (c)(1)(v). It still holds on that day.
    expires_on: str
    #: Whether it states an expiration event that relates to the individual or the purpose: (c)(1)(v).
    expiration_event: bool
    #: Whether that event is known to have occurred: (b)(2)(i).
    expiration_event_occurred: bool
    #: Whether it says "none" or the like, which is enough for research only: (c)(1)(v).
    expiration_none: bool
    #: Whether it is signed: (c)(1)(vi).
    signed: bool
    #: The date of the signature: (c)(1)(vi).
    signed_on: str
    #: Whether a personal representative signed.
    signed_by_representative: bool
    #: Whether the representative's authority is described: (c)(1)(vi).
    describes_representative_authority: bool
    #: Whether it states the right to revoke: (c)(2)(i).
    states_right_to_revoke: bool
    #: Whether it states the ability or inability to condition care on it: (c)(2)(ii).
    states_conditioning: bool
    #: Whether it states that the recipient may redisclose: (c)(2)(iii).
    states_redisclosure: bool
    #: Whether the disclosure brings the holder remuneration: (a)(3)(ii), (a)(4).
    remuneration_involved: bool
    #: Whether it states that remuneration: (a)(3)(ii), (a)(4)(ii).
    states_remuneration: bool
    #: Whether it is in plain language: (c)(3).
    plain_language: bool
    #: Whether it is known to be revoked: (b)(2)(iii).
    revoked: bool
    #: Whether it is combined with another document against (b)(3).
    compound: bool
    #: Whether care was conditioned on it against (b)(4).
    conditioned: bool
    #: Whether material information in it is known to be false: (b)(2)(v).
    known_false: bool
    #: Whether it is for psychotherapy notes, and for nothing else: (a)(2), (b)(3)(ii).
    psychotherapy_notes: bool


class _Part2ConsentRequired(TypedDict):
    kind: Literal["part2_consent"]


class Part2Consent(_Part2ConsentRequired, total=False):
    """A consent to disclose Part 2 records, element by element (42 CFR 2.31(a), 2.31(c))."""

    #: Whether it names the patient: (a)(1).
    names_patient: bool
    #: Whether it identifies who may disclose: (a)(2).
    identifies_discloser: bool
    #: Whether it describes the information specifically and meaningfully: (a)(3). True where `terms` are
    #: given.
    describes_information: bool
    #: The information that it describes, as a scope.
    terms: Scope
    #: Whether it identifies who may receive: (a)(4)(i). True where `recipient` is given.
    identifies_recipient: bool
    #: The recipient that it names, compared with the requester's name.
    recipient: str
    #: Whether the requester is a recipient that it identifies; asked for where `recipient` does not settle
    #: it.
    names_requester: bool
    #: Whether the recipient is an intermediary.
    recipient_is_intermediary: bool
    #: Whether the intermediary's participants are named or designated: (a)(4)(ii).
    names_participants: bool
    #: Whether it is a consent for treatment, payment and health care operations.
    treatment_payment_operations: bool
    #: Whether it states the redisclosure that HIPAA permits to a covered entity: (a)(4)(iii).
    states_redisclosure: bool
    #: Whether it states the purpose: (a)(5).
    describes_purpose: bool
    #: Whether it states the right to revoke: (a)(6).
    states_right_to_revoke: bool
    #: The day on which it expires: (a)(7). It still holds on that day.
    expires_on: str
    #: Whether it states an expiration event or condition: (a)(7).
    expiration_event: bool
    #: Whether that event is known to have occurred.
    expiration_event_occurred: bool
    #: Whether it says "none", which is enough for treatment, payment and operations only: (a)(7).
    expiration_none: bool
    #: Whether it is signed: (a)(8).
    signed: bool
    #: The date of the signature: (a)(9).
    signed_on: str
    #: Whether it is known to be revoked: (c)(3).
    revoked: bool
    #: Whether it is known to be materially false, or on its face deficient: (c)(2), (c)(4).
    known_false: bool
    #: Whether it is for proceedings against the patient, and for nothing else: (d).
    for_proceedings: bool


class _SubpoenaRequired(TypedDict):
    kind: Literal["subpoena"]


class Subpoena(_SubpoenaRequired, total=False):
    """A subpoena, discovery request or other lawful process that no order accompanies."""

    #: Who issued it.
    issued_by: str


class _CourtOrderRequired(TypedDict):
    kind: Literal["court_order"]


class CourtOrder(_CourtOrderRequired, total=False):
    """An order of a court or administrative tribunal."""

    #: Who entered it.
    issued_by: str
    #: What it expressly covers.
    terms: Scope
    #: Whether it was entered under 42 CFR part 2, subpart E.
    under_part2: bool
    #: Whether it authorizes use against the patient (42 CFR 2.65).
    against_patient: bool


Authority: TypeAlias = Authorization | Part2Consent | Subpoena | CourtOrder


class Relationship(TypedDict, total=False):
    """What ties holder, requester and individual together (45 CFR 164.506(c))."""

    #: Whether the holder itself uses the record for its own activities: (c)(1).
    own_use: bool
    #: Whether the holder has or had a relationship with the individual: (c)(4).
    holder: bool
    #: Whether the requester has or had one: (c)(4).
    requester: bool
    #: Whether the information pertains to it: (c)(4).
    pertains: bool
    #: Whether the operation is one of paragraph (1) or (2) of the definition, or fraud and abuse detection
    #: or compliance: (c)(4)(i)-(ii).
    listed_operation: bool
    #: Whether both take part in an organized health care arrangement whose operation it is: (c)(5).
    organized_health_care_arrangement: bool
    #: Whether the originator of psychotherapy notes uses them for treatment (45 CFR 164.508(a)(2)(i)(A)).
    notes_originator: bool


class Holder(TypedDict, total=False):
    """Who holds the record."""

    #: Name, for the papers.
    name: str
    #: Whether it runs a Part 2 program or holds records received from one (42 CFR 2.11, 2.12(d)). Where it
    #: is `true`, every entry about substance use is taken for a Part 2 record; where `false`, only those
    #: that are marked as one.
    part2_records: bool


class Findings(TypedDict, total=False):
    """What people have found who are entitled to."""

    #: The request was reviewed as limited to the minimum necessary (45 CFR 164.514(d)(3)).
    minimum_necessary: bool
    #: Content that the source marks as restricted was cleared for this request.
    restricted_content_cleared: bool
    #: The conditions of 45 CFR 164.512(e) are met: express order, satisfactory assurance, or own efforts.
    judicial_process_512e: bool


class _RequestRequired(TypedDict):
    #: The day on which the request was received; law of that day applies and time limits run from it.
    on: str


class Request(_RequestRequired, total=False):
    """A request for a patient's record."""

    #: The patient whose record is asked for, as the request names them.
    patient: PatientSought
    #: Who asks.
    requester: Requester
    #: Whether the identity of the requester was verified (45 CFR 164.514(h)(1)(i)).
    identity_verified: bool
    #: Whether the authority of the requester was verified (45 CFR 164.514(h)(1)(i)).
    authority_verified: bool
    #: Why the record is asked for.
    purpose: Purpose
    #: Whether a proceeding or an investigation against the patient is the purpose. Left out, it is `false`
    #: for a purpose that is stated and is neither `legal` nor `law_enforcement`, else unknown.
    proceeding_against_patient: bool
    #: What is asked for.
    scope: Scope
    #: The documents that came with the request. A list is the whole of them: what is not in it was not
    #: presented. Left out, it is unknown what was presented.
    authority: list[Authority]
    #: What ties holder, requester and individual together (45 CFR 164.506(c)).
    relationship: Relationship
    #: Who holds the record.
    holder: Holder
    #: What people have found who are entitled to.
    findings: Findings
