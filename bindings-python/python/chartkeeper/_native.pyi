"""
The compiled part of the package `chartkeeper`, which re-exports what is public.
"""

from collections.abc import Sequence
from typing import final

__all__ = ["Chartkeeper", "PackInfo", "Record"]

@final
class Chartkeeper:
    """
    The library's knowledge, ready for use. Build it once and share it: it never changes and any thread may use it.
    """
    def __new__(cls, /, packs: Sequence[bytes | bytearray] = ...) -> Chartkeeper:
        """
        With the embedded packs, and with `packs` that you bring, each as the bytes of its file.

        Raises `PackError`.
        """
    def __repr__(self, /) -> str: ...
    def packs(self, /) -> list[PackInfo]:
        """
        Who every loaded pack is.
        """
    def packs_json(self, /, request: str) -> str:
        """
        The JSON twin of `packs`: `{}` to a list of `PackInfo`.
        """
    def parse_json(self, /, request: str) -> str:
        """
        The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
        """
    def replace_json(self, /, request: str) -> str:
        """
        The JSON twin of `Record.with_replaced`: `{source, format?, path, value}` to `{output}`.
        """

@final
class PackInfo:
    """
    Identity, validity and origin of a knowledge pack.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def effective_from(self, /) -> str | None:
        """
        First day on which it holds (`YYYY-MM-DD`), where it has one.
        """
    @property
    def effective_to(self, /) -> str | None:
        """
        Last day on which it holds, where it has one.
        """
    @property
    def licence(self, /) -> str:
        """
        Licence or legal status of the content.
        """
    @property
    def name(self, /) -> str:
        """
        Stable name, such as `icd10cm-2026`.
        """
    @property
    def release(self, /) -> str:
        """
        The publisher's name for the release, such as `FY2026`.
        """
    @property
    def rows(self, /) -> int:
        """
        How many rows it has (codes, elements, rules).
        """
    @property
    def sha256(self, /) -> str:
        """
        SHA-256 of the pack, in lower-case hexadecimal.
        """
    @property
    def source(self, /) -> str:
        """
        Where the content comes from: publisher, file, version and fingerprint of the source.
        """
    @property
    def system(self, /) -> str:
        """
        What it is knowledge of: a code system (`icd10cm`), a format (`fhir`), a policy or a law.
        """

@final
class Record:
    """
    One patient record: the bytes that were read and an index over them. Immutable, usable from any thread.
    """
    def __repr__(self, /) -> str: ...
    @property
    def format(self, /) -> str:
        """
        The stable name of the format.
        """
    @staticmethod
    def parse(source: bytes | bytearray | str, format: str | None = None) -> Record:
        """
        Reads a record.

        `source` is the record as bytes or text; `format` names its format ("fhir-r4-json"), and is found by
        looking at the source where it is not given. Raises `InputError` or `LimitError`, with the byte span.
        """
    def to_bytes(self, /) -> bytes:
        """
        The bytes that were read, unchanged.
        """
    def with_replaced(self, /, path: str, value: str) -> Record:
        """
        A record in which the leaf at the native `path` (such as `Patient.name[0].family`) has a new text, and every
        other byte is the same. Raises `ArgumentError` where the record has no such leaf.
        """
