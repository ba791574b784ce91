"""Many verdicts at once: a sequence of verdicts, and its columns."""

import pytest

import chartkeeper as ck

CODES = ["E11.9", "E11", "Z99.99"]


@pytest.fixture
def verdicts(keeper: ck.Chartkeeper) -> ck.Verdicts:
    return keeper.validate_codes("icd10cm", CODES, on="2026-03-02")


def test_it_is_a_sequence(keeper: ck.Chartkeeper, verdicts: ck.Verdicts) -> None:
    alone = [keeper.validate_code("icd10cm", code, on="2026-03-02") for code in CODES]
    assert len(verdicts) == len(CODES)
    assert list(verdicts) == alone
    assert (verdicts[0], verdicts[-1]) == (alone[0], alone[2])
    for index in (3, -4):
        with pytest.raises(IndexError):
            verdicts[index]


def test_the_columns_say_what_the_verdicts_say(verdicts: ck.Verdicts) -> None:
    assert verdicts.statuses == [verdict.status for verdict in verdicts]
    assert verdicts.reasons == [verdict.reason for verdict in verdicts] == [None, "not_billable", "not_found"]
    assert verdicts.billable == [verdict.billable for verdict in verdicts]


def test_it_shows_no_code(verdicts: ck.Verdicts) -> None:
    assert repr(verdicts) == "Verdicts(3 codes)"
