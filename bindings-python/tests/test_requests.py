"""The types of a request are those of the core: same members, same names of roles and purposes."""

import re
from typing import Any, get_args

import chartkeeper as ck
from chartkeeper import requests
from conftest import WORKSPACE

SOURCE = (WORKSPACE / "core" / "src" / "release" / "request.rs").read_text()


def body(kind: str, name: str) -> str:
    found = re.search(rf"pub {kind} {name} \{{\n(.*?)\n\}}", SOURCE, re.DOTALL)
    assert found
    return found[1]


def members(name: str) -> set[str]:
    return set(re.findall(r"^    pub (\w+):", body("struct", name), re.MULTILINE))


def names(enum: str) -> set[str]:
    variants = re.findall(r"^    (\w+),", body("enum", enum), re.MULTILINE)
    return {re.sub(r"(?<!^)([A-Z])", r"_\1", variant).lower() for variant in variants}


def test_every_type_has_the_members_of_the_core() -> None:
    documents = {"Authorization", "Part2Consent", "Subpoena", "CourtOrder"}
    for name in set(requests.__all__) - {"Authority", "Role", "Purpose"}:
        kind: Any = getattr(requests, name)
        extra = {"kind"} if name in documents else set()
        assert set(kind.__annotations__) == members(name) | extra, name


def test_roles_and_purposes_are_those_of_the_core() -> None:
    assert set(get_args(requests.Role)) == names("Role")
    assert set(get_args(requests.Purpose)) == names("Purpose")


def test_a_typed_request_is_understood(keeper: ck.Chartkeeper, patient: bytes) -> None:
    request: ck.Request = {"on": "2026-03-02", "requester": {"role": "individual"}}
    assert keeper.decide(request, ck.Record.parse(patient)).outcome == "needs_information"
