"""Records: read from bytes or text, given back unchanged, shared by threads."""

from concurrent.futures import ThreadPoolExecutor

import chartkeeper as ck

SOURCE = '{ "resourceType" : "Patient",\n\t"name": [{"family": "Zyxwvut"}], "multipleBirthInteger": 1.50 }'


def test_the_source_comes_out_as_it_went_in(patient: bytes) -> None:
    assert ck.Record.parse(patient).to_bytes() == patient
    assert ck.Record.parse(bytearray(patient)).to_bytes() == patient
    assert ck.Record.parse(SOURCE, "fhir-r4-json").to_bytes() == SOURCE.encode()


def test_one_leaf_is_replaced_and_nothing_else() -> None:
    record = ck.Record.parse(SOURCE)
    changed = record.with_replaced("Patient.name[0].family", "Nuñez")
    assert changed.to_bytes().decode() == SOURCE.replace("Zyxwvut", "Nuñez")
    assert record.to_bytes() == SOURCE.encode()


def test_repr_shows_no_text() -> None:
    assert repr(ck.Record.parse(SOURCE)) == f"Record(format='fhir-r4-json', bytes={len(SOURCE)})"


def test_threads_share_a_record(patient: bytes) -> None:
    record = ck.Record.parse(patient)
    with ThreadPoolExecutor(4) as pool:
        parsed = list(pool.map(lambda _: ck.Record.parse(patient).to_bytes(), range(8)))
        shared = list(pool.map(lambda _: record.to_bytes(), range(8)))
    assert parsed == shared == [patient] * 8
