"""Patient records kept accurate, coded, private and releasable: offline, in your process.

>>> import chartkeeper as ck
>>> record = ck.Record.parse('{"resourceType": "Patient", "birthDate": "1980-02-29"}')
>>> record.format
'fhir-r4-json'
"""

from chartkeeper._native import (
    AccountingEntry,
    ChartEntry,
    ChartField,
    Chartkeeper,
    Checkpoint,
    ClaimFinding,
    CodeHit,
    Decision,
    Defect,
    Deidentified,
    Finding,
    Ledger,
    ManifestEntry,
    MissingFact,
    MissingFacts,
    NdJson,
    Obligation,
    PackInfo,
    Reason,
    Receipt,
    Record,
    Released,
    SegmentDecision,
    Vault,
    Verdict,
    read_ndjson,
)
from chartkeeper.claims import Claim
from chartkeeper.errors import (
    ArgumentError,
    ChartkeeperError,
    InputError,
    IoError,
    LedgerError,
    LimitError,
    PackError,
    PolicyError,
    ReleaseError,
)
from chartkeeper.requests import Request

__all__ = [
    "AccountingEntry",
    "ArgumentError",
    "ChartEntry",
    "ChartField",
    "Chartkeeper",
    "ChartkeeperError",
    "Checkpoint",
    "Claim",
    "ClaimFinding",
    "CodeHit",
    "Decision",
    "Defect",
    "Deidentified",
    "Finding",
    "InputError",
    "IoError",
    "Ledger",
    "LedgerError",
    "LimitError",
    "ManifestEntry",
    "MissingFact",
    "MissingFacts",
    "NdJson",
    "Obligation",
    "PackError",
    "PackInfo",
    "PolicyError",
    "Reason",
    "Receipt",
    "Record",
    "ReleaseError",
    "Released",
    "Request",
    "SegmentDecision",
    "Vault",
    "Verdict",
    "read_ndjson",
]
