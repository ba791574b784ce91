"""Records read one at a time, and folders de-identified."""

from pathlib import Path

import pytest

import chartkeeper as ck

LINES = (
    b'{"resourceType":"Patient","id":"a","gender":"female"}\nno record\n{"resourceType":"Patient","id":"b"}\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Patient.ndjson").write_bytes(LINES)
    return tmp_path


def test_records_of_a_file_with_progress(folder: Path) -> None:
    records = ck.read_records(folder / "in" / "Patient.ndjson", {"layout": "ndjson"})
    assert next(records).format == "fhir-r4-json"
    with pytest.raises(ck.InputError):
        next(records)
    assert len(list(records)) == 1
    assert (records.progress.bytes, records.progress.records, records.progress.rejected) == (len(LINES), 2, 1)


def test_what_a_file_raises_is_raised(folder: Path) -> None:
    class Broken:
        def read(self, _: int) -> bytes:
            raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        next(ck.read_records(Broken(), {"layout": "ndjson"}))  # type: ignore[arg-type]


def test_a_folder_with_progress(keeper: ck.Chartkeeper, folder: Path) -> None:
    seen: list[int] = []
    report = keeper.deidentify_folder(
        folder / "in", folder / "out", threads=2, progress=lambda state: seen.append(state.records)
    )
    assert (report.files, report.records, report.complete) == (1, 2, True)
    assert [(refused.file, refused.line) for refused in report.refused] == [(0, 2)]
    assert seen[-1] == 2
    assert b'"gender":"female"' in (folder / "out" / "Patient.ndjson").read_bytes()
    assert keeper.deidentify_folder(folder / "in", folder / "out").skipped == 1


def test_what_progress_raises_ends_the_run(keeper: ck.Chartkeeper, folder: Path) -> None:
    def progress(_: ck.FolderProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeper.deidentify_folder(folder / "in", folder / "out", progress=progress)


def test_a_value_that_was_encrypted_comes_back_through_the_ledger(
    keeper: ck.Chartkeeper, tmp_path: Path
) -> None:
    key = b"an example key of thirty-two bytes and some"
    policy = (
        '{"name":"sealed","extends":"research-shifted","labels":{"name":{"action":"encrypt","rule":"own"}}}'
    )
    record = ck.Record.parse(
        '{"resourceType":"Patient","id":"a","identifier":[{"value":"7"}],"name":[{"family":"Lovelace"}]}'
    )
    output = keeper.deidentify(record, policy=policy, key=key).output
    sealed = output[output.index(b"enc1.") :].split(b'"')[0].decode()
    ledger = ck.Ledger.open(tmp_path / "ledger")
    request: ck.documents.ReidentifyRequest = {
        "token": sealed,
        "on": "2026-03-02",
        "purpose": "incidental finding",
        "requester": {"name": "privacy office"},
    }
    found = keeper.decrypt(policy, key, request, ledger)
    assert (found.value, ledger.verify()) == ("Lovelace", 1)
