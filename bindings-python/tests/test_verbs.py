"""One list of verbs: each one of `tests/vectors/verbs.json` exists, and nothing public is missing there."""

import json
from types import BuiltinFunctionType
from typing import Any

import chartkeeper as ck
from conftest import VECTORS

VERBS: list[dict[str, Any]] = json.loads((VECTORS / "verbs.json").read_text())
#: Protocols of Python that are a verb of their own in other languages.
OPERATORS = {"__len__", "__next__"}


def public() -> set[str]:
    """Return every public name of the classes that act, and the functions of the package."""
    names = {name for name in ck.__all__ if isinstance(getattr(ck, name), BuiltinFunctionType)}
    for handle in (ck.Chartkeeper, ck.Record, ck.Vault, ck.Ledger, ck.Records):
        names |= {f"{handle.__name__}.{name}" for name in vars(handle) if name in OPERATORS or name[0] != "_"}
    return names


def test_the_list_of_verbs_is_the_public_face() -> None:
    listed = {verb["python"] for verb in VERBS}
    listed |= {f"Chartkeeper.{verb['verb']}_json" for verb in VERBS if verb["twin"]}
    assert public() == listed


def test_every_exported_name_exists_and_is_exported() -> None:
    assert [name for name in ck.__all__ if not hasattr(ck, name)] == []
    assert ck.__all__ == sorted(ck.__all__)
