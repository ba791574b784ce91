"""The command line, run as a user runs it."""

from pathlib import Path

import pytest

from chartkeeper.__main__ import main
from conftest import WORKSPACE

PATIENT = str(WORKSPACE / "examples" / "data" / "patient.fhir.json")


def test_a_record_is_deidentified_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert main(["deidentify", PATIENT, "-o", str(out), "--as-of", "2025-11-10"]) == 0
    assert b"Ostrander" in Path(PATIENT).read_bytes()
    assert b"Ostrander" not in out.read_bytes()
    assert capsys.readouterr().err.startswith("hipaa-safe-harbor: ")


def test_findings_and_verdicts_decide_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", PATIENT, "--as-of", "2025-11-10"]) == 1
    assert "error: dangling_reference: " in capsys.readouterr().out
    assert main(["code", "icd10cm", "E11.9", "--on", "2026-01-15"]) == 0
    assert main(["code", "icd10cm", "S52.501", "--on", "2026-01-15"]) == 1
    assert "instead: S52.501A" in capsys.readouterr().out


def test_what_cannot_be_used_is_said_without_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deidentify", PATIENT, "--policy", "no-such"]) == 2
    assert main(["check", "no such file", "--as-of", "2025-11-10"]) == 2
    said = capsys.readouterr().err
    assert "unknown_policy" in said
    assert "no such file" in said
    assert "Ostrander" not in said
