"""Errors: their classes, their fields, and that they never quote a record."""

import copy
import pickle
import re

import pytest

import chartkeeper as ck
from conftest import WORKSPACE

SECRET = "Zyxwvut"


def caught(source: str | bytes) -> ck.ChartkeeperError:
    with pytest.raises(ck.ChartkeeperError) as info:
        ck.Record.parse(source)
    return info.value


def test_fields_and_classes() -> None:
    error = caught('{"resourceType": "Patient", "name": [')
    assert isinstance(error, ck.InputError)
    assert isinstance(error, ValueError)
    assert (error.kind, error.code, error.path, error.span) == ("input", "truncated", None, (37, 37))
    assert str(error) == error.message == "the source ends before the record does, at byte 37"


def test_a_limit_is_its_own_kind() -> None:
    error = caught('{"a":' + "[" * 200 + "]" * 200 + "}")
    assert isinstance(error, ck.LimitError)
    assert error.code == "too_deep"


def test_an_argument_error() -> None:
    record = ck.Record.parse('{"resourceType": "Patient"}')
    with pytest.raises(ck.ArgumentError) as info:
        record.with_replaced("Patient.name[0].family", "x")
    assert info.value.code == "edit_target"


def test_a_damaged_pack() -> None:
    with pytest.raises(ck.PackError) as info:
        ck.Chartkeeper([b"not a pack"])
    assert info.value.code == "pack_malformed"


def test_wrong_types_are_type_errors() -> None:
    with pytest.raises(TypeError):
        ck.Record.parse(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        f'{{"resourceType": "Patient", "{SECRET}": }}',
        f'{{"resourceType": "Patient", "id": "{SECRET}',
        f'{SECRET} {{"resourceType": "Patient"}}',
        b'{"resourceType": "Patient", "id": "Zyxwvut\xff"}',
    ],
)
def test_no_error_quotes_the_record(source: str | bytes) -> None:
    error = caught(source)
    assert SECRET not in f"{error} {error!r} {error.args} {error.path}"


def test_errors_survive_copy_and_pickle() -> None:
    error = caught("")
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is type(error)
        assert vars(again) == vars(error)


def test_every_kind_of_the_catalogue_has_a_class() -> None:
    page = (WORKSPACE / "docs" / "errors.md").read_text()
    kinds = re.findall(r"^## (\w+)$", page, re.MULTILINE)
    assert len(kinds) >= 6
    for kind in kinds:
        assert type(ck.errors.from_native(kind, "code", "message", None, None)) is not ck.ChartkeeperError
