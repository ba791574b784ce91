"""The twins whose answers no file can hold: the loaded packs, and a ledger with its own random salt."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chartkeeper as ck
from test_vectors import plain

KEY = bytes(range(32))
#: A request of the individual for their own record: it must be released, and the accounting leaves it out.
OWN: ck.Request = {
    "on": "2026-03-02",
    "patient": {"identifier": {"value": "17"}},
    "requester": {"role": "individual", "name": "Sample"},
    "identity_verified": True,
    "authority_verified": True,
    "purpose": "individual_request",
    "scope": {"whole_record": True},
    "authority": [],
}
SOURCE = """{"resourceType": "Bundle", "type": "collection", "entry": [
  {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"value": "17"}]}},
  {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "weight"},
    "subject": {"reference": "Patient/p"}, "valueQuantity": {"value": 70.10, "unit": "kg"}}}]}"""


def test_packs(keeper: ck.Chartkeeper) -> None:
    packs = keeper.packs()
    assert plain(packs) == json.loads(keeper.packs_json("{}"))
    assert {pack.system for pack in packs} >= {"icd10cm", "fhir"}
    assert all(len(pack.sha256) == 64 and pack.licence and pack.source for pack in packs)


def test_a_release_is_recorded_before_it_is_handed_out(keeper: ck.Chartkeeper, tmp_path: Path) -> None:
    ledger = ck.Ledger.open(tmp_path / "ledger", KEY)
    released = keeper.release(OWN, ck.Record.parse(SOURCE), ledger)
    assert released.decision.outcome in {"release", "must_release"}
    assert released.output is not None
    assert b"70.10" in released.output
    receipt = released.receipt
    assert receipt is not None
    assert (receipt.index, receipt.tree_size, ledger.verify()) == (0, 1, 1)
    assert receipt.root == ledger.checkpoint().root
    proof = ledger.prove(0)
    assert (proof.leaf_hash, proof.root, proof.entry) == (receipt.leaf_hash, receipt.root, None)


def test_the_twins_of_the_ledger_answer_as_the_verbs(keeper: ck.Chartkeeper, tmp_path: Path) -> None:
    place = {"ledger": str(tmp_path / "ledger"), "signing_key": KEY.hex()}

    def twin(verb: str, **more: Any) -> Any:
        call: Callable[[str], str] = getattr(keeper, f"{verb}_json")
        return json.loads(call(json.dumps({**place, **more})))

    released = twin("release", source=SOURCE, request=OWN)
    assert released["receipt"]["index"] == 0
    assert json.loads(released["output"])["resourceType"] == "Bundle"
    ledger = ck.Ledger.open(place["ledger"], KEY)
    assert plain(ledger.checkpoint()) == twin("checkpoint")
    # A proof that is made later does not hold the entry, and the twin leaves the field out.
    assert plain(ledger.prove(0)) == {**twin("prove", index=0), "entry": None}
    assert {"entries": ledger.verify()} == twin("verify")
    asked = {"patient": "17", "as_of": "2026-12-31"}
    assert plain(ledger.accounting("17", as_of="2026-12-31")) == twin("accounting", **asked)
    assert ledger.accounting("17", as_of="2026-12-31", years=3, summarise=True) == []
    at, clinic = "2026-12-31T12:00:00Z", "Riverside Clinic"
    audit = json.loads(ledger.export_audit(recorded=at, source=clinic))
    assert audit == twin("export_audit", recorded=at, source=clinic)
    assert audit["entry"][0]["resource"]["resourceType"] == "AuditEvent"


def test_nothing_is_released_without_a_ledger(keeper: ck.Chartkeeper, tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("not a folder")
    with pytest.raises(ck.ChartkeeperError) as info:
        ck.Ledger.open(tmp_path / "ledger", KEY)
    assert info.value.kind in {"ledger", "io"}
    refused: ck.Request = {"on": "2026-03-02"}
    released = keeper.release(refused, ck.Record.parse(SOURCE), ck.Ledger.open(tmp_path / "other", KEY))
    assert (released.output, released.receipt) == (None, None)


def test_a_request_with_an_unknown_member_is_refused(keeper: ck.Chartkeeper) -> None:
    with pytest.raises(ck.ArgumentError) as info:
        keeper.decide({"on": "2026-03-02", "requestor": {}}, ck.Record.parse(SOURCE))  # type: ignore[typeddict-unknown-key]
    assert info.value.code == "invalid_request"
