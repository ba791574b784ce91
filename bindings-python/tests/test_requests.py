"""Documents of the shapes that the types describe are understood."""

import chartkeeper as ck
from chartkeeper import documents


def test_a_typed_request_is_understood(keeper: ck.Chartkeeper, patient: bytes) -> None:
    request: ck.Request = {"on": "2026-03-02", "requester": {"role": "individual"}}
    assert keeper.decide(request, ck.Record.parse(patient)).outcome == "needs_information"


def test_a_document_is_one_of_the_authorities_of_a_request(keeper: ck.Chartkeeper, patient: bytes) -> None:
    subpoena: documents.Subpoena = {"kind": "subpoena", "notice_attempted": True}
    request: ck.Request = {"on": "2026-03-02", "purpose": "legal", "authority": [subpoena]}
    assert keeper.decide(request, ck.Record.parse(patient)).outcome in {"needs_information", "withhold"}
