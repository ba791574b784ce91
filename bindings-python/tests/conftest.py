"""What the tests share: one keeper, and the folders of the workspace."""

from pathlib import Path

import pytest

import chartkeeper as ck

WORKSPACE = Path(__file__).parents[2]
VECTORS = WORKSPACE / "tests" / "vectors"
PATIENT = WORKSPACE / "examples" / "data" / "patient.fhir.json"


@pytest.fixture(scope="session")
def keeper() -> ck.Chartkeeper:
    return ck.Chartkeeper()


@pytest.fixture(scope="session")
def patient() -> bytes:
    """Return the bytes of the fictional patient."""
    return PATIENT.read_bytes()
