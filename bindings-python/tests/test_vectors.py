"""The shared vectors, on the native verbs and on their `_json` twins.

A vector holds the `request` of the twin, and what is to come of it: the whole answer (`expect`) or
fields of an error (`error`). The native verb is called with the same values, and its records are compared
field by field.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

import chartkeeper as ck
from conftest import VECTORS

Json = dict[str, Any]


def record(request: Json) -> ck.Record:
    return ck.Record.parse(request["source"], request.get("format"))


def parse(_: ck.Chartkeeper, request: Json) -> Any:
    parsed = record(request)
    return {"format": parsed.format, "bytes": len(parsed.to_bytes())}


def replace(_: ck.Chartkeeper, request: Json) -> Any:
    return {"output": record(request).with_replaced(request["path"], request["value"]).to_bytes()}


#: How the request of a twin becomes a call of the native verb.
NATIVE: dict[str, Callable[[ck.Chartkeeper, Json], Any]] = {
    "packs": lambda keeper, _: keeper.packs(),
    "parse": parse,
    "replace": replace,
}
#: Fields of an answer that only the twin has: a native record holds the tree itself.
TWIN_ONLY = {"parse": {"nodes", "resources"}}


def plain(value: Any) -> Any:
    """Turn native records into what JSON would hold."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    if type(value).__module__ == "chartkeeper":
        fields = {name: getattr(value, name) for name in dir(value) if not name.startswith("_")}
        return {name: span(held) if name == "span" else plain(held) for name, held in fields.items()}
    return value


def span(value: tuple[int, int] | None) -> Json | None:
    return value and {"start": value[0], "end": value[1]}


def fields(error: ck.ChartkeeperError) -> Json:
    return {"kind": error.kind, "code": error.code, "path": error.path, "span": span(error.span)}


def vectors() -> list[Any]:
    rows = []
    for file in sorted(VECTORS.glob("*.json")):
        if file.name != "verbs.json":
            rows += [
                pytest.param(file.stem, vector, id=f"{file.stem}: {vector['name']}")
                for vector in json.loads(file.read_text())
            ]
    return rows


@pytest.mark.parametrize(("verb", "vector"), vectors())
def test_vector(keeper: ck.Chartkeeper, verb: str, vector: Json) -> None:
    request = vector["request"]

    def native() -> Any:
        return plain(NATIVE[verb](keeper, request))

    def twin() -> Any:
        return json.loads(getattr(keeper, f"{verb}_json")(json.dumps(request)))

    if "error" in vector:
        for call in (native, twin):
            with pytest.raises(ck.ChartkeeperError) as info:
                call()
            assert vector["error"].items() <= fields(info.value).items()
        return
    answer = twin()
    assert answer == vector["expect"]
    for name in TWIN_ONLY.get(verb, ()):
        del answer[name]
    assert native() == answer


def test_every_twin_has_vectors_or_a_reason() -> None:
    verbs = {verb["verb"] for verb in json.loads((VECTORS / "verbs.json").read_text()) if verb["twin"]}
    files = {file.stem for file in VECTORS.glob("*.json")} - {"verbs"}
    # What packs are loaded grows with every release of the data: the packs' own test looks at them.
    assert verbs - files == {"packs"}
    assert set(NATIVE) == verbs
