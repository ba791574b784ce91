"""Columns of Apache Arrow: what goes in and what comes out, beside the same call with a list."""

import pyarrow as pa
import pytest

import chartkeeper as ck

NOTES = ["Seen by Dr. Amara Okafor on 03/14/2024.", "No complaints.", "", "Ünal, Şule: call 555-0142 🙂"]
CODES = ["E11.9", "E11", "Z99.99"]


def test_texts_go_in_and_come_out(keeper: ck.Chartkeeper) -> None:
    done = keeper.deidentify_texts(NOTES)
    expected = [row.text for row in done]
    assert expected[0] != NOTES[0]
    for column in (
        pa.array(NOTES),
        pa.array(NOTES, pa.large_string()),
        pa.array(NOTES, pa.string_view()),
        pa.array(NOTES).dictionary_encode(),
        pa.array(["left out", *NOTES]).slice(1),
        pa.chunked_array([NOTES[:1], NOTES[1:]]),
        pa.chunked_array([pa.array(NOTES[:2]).dictionary_encode(), pa.array(NOTES[2:]).dictionary_encode()]),
    ):
        batch = keeper.deidentify_texts(column)
        assert list(batch) == list(done)
        assert pa.array(batch).to_pylist() == expected


def test_a_null_stays_a_null(keeper: ck.Chartkeeper) -> None:
    for column in (
        pa.array([NOTES[0], None, "x"]),
        pa.array([NOTES[0], None, "x"]).dictionary_encode(),
        pa.chunked_array([[NOTES[0]], [None, "x"]]),
    ):
        batch = keeper.deidentify_texts(column)
        assert [row.text for row in batch][1] == ""
        assert [text is None for text in pa.array(batch).to_pylist()] == [False, True, False]
        assert [row is None for row in pa.array(keeper.find_identifiers_in(column)).to_pylist()] == [
            False,
            True,
            False,
        ]
    verdicts = pa.array(keeper.validate_codes("icd10cm", pa.array(["E11.9", None]))).to_pylist()
    assert verdicts == [{"status": "valid", "reason": None, "billable": True}, None]


def test_found_identifiers_are_lists_of_records(keeper: ck.Chartkeeper) -> None:
    found = keeper.find_identifiers_in(pa.array(NOTES))
    assert list(found) == list(keeper.find_identifiers_in(NOTES))
    column = pa.array(found)
    assert column.type.value_type.names == [
        "start",
        "end",
        "byte_start",
        "byte_end",
        "utf16_start",
        "utf16_end",
        "label",
        "score",
        "why",
    ]
    for spans, records in zip(found, column.to_pylist(), strict=True):
        assert records == [{name: getattr(span, name) for name in records[0]} for span in spans]


def test_verdicts_are_records(keeper: ck.Chartkeeper) -> None:
    verdicts = keeper.validate_codes("icd10cm", pa.array(CODES), on="2026-03-02")
    assert list(verdicts) == list(keeper.validate_codes("icd10cm", CODES, on="2026-03-02"))
    column = pa.array(verdicts)
    assert column.field("status").to_pylist() == verdicts.statuses
    assert column.field("reason").to_pylist() == verdicts.reasons
    assert column.field("billable").to_pylist() == verdicts.billable


def test_a_batch_is_a_sequence(keeper: ck.Chartkeeper) -> None:
    batch = keeper.deidentify_texts(NOTES)
    assert len(batch) == len(NOTES)
    assert (batch[0], batch[-1]) == (keeper.deidentify_text(NOTES[0]), keeper.deidentify_text(NOTES[-1]))
    for index in (4, -5):
        with pytest.raises(IndexError):
            batch[index]
    assert repr(batch) == "DeidentifiedTexts(4 texts)"
    assert repr(keeper.find_identifiers_in(NOTES)) == "FoundIdentifiers(4 texts)"
    assert pa.array(keeper.deidentify_texts([])).to_pylist() == []
    assert pa.array(keeper.find_identifiers_in([])).to_pylist() == []


def test_other_columns_are_refused_without_their_values(keeper: ck.Chartkeeper) -> None:
    for column in (pa.array([4155550142]), pa.array([["Okafor"]]), pa.chunked_array([[1], [2]])):
        with pytest.raises(TypeError) as error:
            keeper.deidentify_texts(column)
        assert "4155550142" not in str(error.value)


def test_bytes_that_are_no_utf8_are_refused(keeper: ck.Chartkeeper) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
    )
    with pytest.raises(ValueError, match="malformed"):
        keeper.deidentify_texts(broken)
    assert pa.array(keeper.deidentify_texts(pa.array(["still well"]))).to_pylist() == ["still well"]
