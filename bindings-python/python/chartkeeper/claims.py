"""A claim or an encounter as types: what :meth:`Chartkeeper.check_claim` takes.

It is plain data, and the same JSON document in every language. Dates are text, ``YYYY-MM-DD``.
"""

from __future__ import annotations

from typing import Literal, TypedDict

__all__ = ["Claim", "ClaimDiagnosis", "ClaimLine", "ClaimProcedure"]


class _Coded(TypedDict):
    #: The code.
    code: str


class ClaimDiagnosis(_Coded, total=False):
    """One diagnosis, of ICD-10-CM."""

    #: Present on admission: ``Y``, ``N``, ``U``, ``W``, or ``1`` for exempt.
    poa: str | None


class ClaimProcedure(_Coded, total=False):
    """One inpatient procedure, of ICD-10-PCS."""

    #: The day of the procedure.
    date: str | None


class ClaimLine(_Coded, total=False):
    """One service line, of HCPCS Level II or CPT."""

    #: Its modifiers.
    modifiers: list[str]
    #: Units of service; one where it is left out.
    units: float | None
    #: The day of the service; the claim's first day where it is left out.
    date: str | None


#: The days of a claim, made by a call because ``from`` is a keyword: the first day of service, or admission.
_Days = TypedDict("_Days", {"from": str})


class Claim(_Days, total=False):
    """A claim or an encounter; the principal diagnosis and procedure stand first."""

    #: Last day of service, or discharge; the first day where it is left out. Diagnoses are judged
    #: on this day.
    through: str | None
    #: Where the services were given. Where it is left out, the type of bill decides.
    setting: Literal["inpatient", "outpatient", "professional"] | None
    #: The UB-04's type of bill, three or four digits.
    type_of_bill: str | None
    #: The patient's sex.
    sex: Literal["female", "male", "other", "unknown"] | None
    #: The patient's age in completed years on the first day.
    age_years: int | None
    #: The diagnoses.
    diagnoses: list[ClaimDiagnosis]
    #: The procedures.
    procedures: list[ClaimProcedure]
    #: The service lines.
    lines: list[ClaimLine]
