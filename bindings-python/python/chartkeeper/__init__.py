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
    CodeHit,
    Decision,
    Defect,
    Ledger,
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
    Verdict,
    read_ndjson,
)
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
    "CodeHit",
    "Decision",
    "Defect",
    "InputError",
    "IoError",
    "Ledger",
    "LedgerError",
    "LimitError",
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
    "Verdict",
    "read_ndjson",
]
