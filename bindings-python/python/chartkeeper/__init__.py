"""Patient records kept accurate, coded, private and releasable: offline, in your process.

>>> import chartkeeper as ck
>>> record = ck.Record.parse('{"resourceType": "Patient", "birthDate": "1980-02-29"}')
>>> record.format
'fhir-r4-json'
"""

from chartkeeper._native import ChartEntry, ChartField, Chartkeeper, NdJson, PackInfo, Record, read_ndjson
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

__all__ = [
    "ArgumentError",
    "ChartEntry",
    "ChartField",
    "Chartkeeper",
    "ChartkeeperError",
    "InputError",
    "IoError",
    "LedgerError",
    "LimitError",
    "NdJson",
    "PackError",
    "PackInfo",
    "PolicyError",
    "Record",
    "ReleaseError",
    "read_ndjson",
]
