"""The shared vectors, on the native verbs and on their `_json` twins.

A vector holds the `request` of the twin, and what is to come of it: the whole answer (`expect`) or
fields of an error (`error`). The native verb is called with the same values, and its records are compared
field by field.
"""

import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

import chartkeeper as ck
from chartkeeper import documents
from conftest import VECTORS

Json = dict[str, Any]


def record(request: Json) -> ck.Record:
    if request.get("table") is not None:
        return ck.Record.parse_table(request["source"], request["table"])
    return ck.Record.parse(request["source"], request.get("format"))


def parse(_: ck.Chartkeeper, request: Json) -> Any:
    parsed = record(request)
    return {"format": parsed.format, "bytes": len(parsed.to_bytes())}


def replace(_: ck.Chartkeeper, request: Json) -> Any:
    return {"output": record(request).with_replaced(request["path"], request["value"]).to_bytes()}


def only(request: Json, *names: str) -> Json:
    """Return the arguments among these that the request gives."""
    return {name: request[name] for name in names if name in request}


def validate_code(keeper: ck.Chartkeeper, request: Json) -> Any:
    context = only(request, "on", "sex", "age_years", "principal")
    return keeper.validate_code(request["system"], request["code"], **context)


def validate_codes(keeper: ck.Chartkeeper, request: Json) -> Any:
    return keeper.validate_codes(request["system"], request["codes"], **only(request, "on"))


def find_codes(keeper: ck.Chartkeeper, request: Json) -> Any:
    return keeper.find_codes(request["system"], request["query"], **only(request, "on", "limit"))


def policy(request: Json) -> Json:
    """Return the policy as a native call has it: a name, or the text of one of the user's own."""
    if "policy" not in request:
        return {}
    given = request["policy"]
    return {"policy": given if isinstance(given, str) else json.dumps(given)}


def text_options(request: Json) -> Json:
    options: Json = only(request, "as_of", "known", "patient") | policy(request)
    if "key" in request:
        options["key"] = request["key"].encode()
    return options


def compile_pack(_: ck.Chartkeeper, request: Json) -> Any:
    pack = ck.Chartkeeper.compile_pack(b64decode(request["source"]), request["request"])
    return {"pack": b64encode(pack).decode()}


def verify_deidentified(keeper: ck.Chartkeeper, request: Json) -> Any:
    original = ck.Record.parse(request["original"], request.get("format"))
    output = ck.Record.parse(request["output"], request.get("format"))
    return keeper.verify_deidentified(original, output, **policy(request))


def reidentify(keeper: ck.Chartkeeper, request: Json) -> Any:
    vault = ck.Vault.open(request["vault"], bytes.fromhex(request["vault_key"]))
    return keeper.reidentify(vault, request["request"], ledger(request))


def records(_: ck.Chartkeeper, request: Json) -> Any:
    how = {name: held for name, held in request.items() if name != "source"}
    reader = ck.read_records(
        io.BytesIO(request["source"].encode()), cast("documents.ReadRecordsRequest", how)
    )
    found: list[Any] = []
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return {"records": found, "progress": reader.progress}
        except ck.ChartkeeperError as error:
            found.append({"error": {**fields(error), "message": str(error)}})
        else:
            found.append({"format": record.format, "bytes": len(record.to_bytes())})


def deidentify_folder(keeper: ck.Chartkeeper, request: Json) -> Any:
    key: Json = {"key": request["key"].encode()} if "key" in request else {}
    return keeper.deidentify_folder(request["input"], request["output"], **policy(request), **key)


def decrypt(keeper: ck.Chartkeeper, request: Json) -> Any:
    return keeper.decrypt(request["policy"], request["key"].encode(), request["request"], ledger(request))


def deidentify(keeper: ck.Chartkeeper, request: Json) -> Any:
    options: Json = only(request, "as_of", "patient", "shift_days") | policy(request)
    if "seed" in request:
        options["vault"] = ck.Vault.from_seed(bytes.fromhex(request["seed"]))
    if "key" in request:
        options["key"] = request["key"].encode()
    return keeper.deidentify(record(request), **options)


def ledger(request: Json) -> ck.Ledger:
    key = request.get("signing_key")
    return ck.Ledger.open(request["ledger"], key and bytes.fromhex(key))


#: How the request of a twin becomes a call of the native verb.
NATIVE: dict[str, Callable[[ck.Chartkeeper, Json], Any]] = {
    "packs": lambda keeper, _: keeper.packs(),
    "parse": parse,
    "chart": lambda _, request: record(request).chart(),
    "replace": replace,
    "validate_code": validate_code,
    "validate_codes": validate_codes,
    "find_codes": find_codes,
    "check_claim": lambda keeper, request: keeper.check_claim(cast("ck.Claim", request)),
    "check": lambda keeper, request: keeper.check(record(request), as_of=request["as_of"]),
    "deidentify": deidentify,
    "verify_deidentified": verify_deidentified,
    "reidentify": reidentify,
    "uncharted": lambda _, request: record(request).uncharted(),
    "suggest_table": lambda _, request: ck.Record.suggest_table(request["source"], request["format"]),
    "code": lambda keeper, request: keeper.code(request["system"], request["code"], **only(request, "on")),
    "diff_codes": lambda keeper, request: keeper.diff_codes(
        request["system"], request["release_a"], request["release_b"]
    ),
    "check_suggested_codes": lambda keeper, request: keeper.check_suggested_codes(
        request["note"], request["codes"], **only(request, "on")
    ),
    "convert_unit": lambda keeper, request: keeper.convert_unit(
        request["value"], request["from"], request["to"]
    ),
    "compile_pack": compile_pack,
    "to_fhir": lambda _, request: record(request).to_fhir(),
    "find_identifiers": lambda keeper, request: keeper.find_identifiers(
        request["text"], **only(request, "known")
    ),
    "find_identifiers_in": lambda keeper, request: keeper.find_identifiers_in(
        request["texts"], **only(request, "known")
    ),
    "deidentify_text": lambda keeper, request: keeper.deidentify_text(
        request["text"], **text_options(request)
    ),
    "deidentify_texts": lambda keeper, request: keeper.deidentify_texts(
        request["texts"], **text_options(request)
    ),
    "assess_risk": lambda keeper, request: keeper.assess_risk(cast("documents.AssessRiskRequest", request)),
    "anonymize_table": lambda keeper, request: keeper.anonymize_table(
        cast("documents.AnonymizeTableRequest", request)
    ),
    "check_authorization": lambda keeper, request: keeper.check_authorization(
        request["authorization"], **only(request, "on", "jurisdictions")
    ),
    "letter": lambda keeper, request: keeper.letter(
        request["request"], record(request), **only(request, "kind", "facts")
    ),
    "diff_laws": lambda keeper, request: keeper.diff_laws(
        request["packs"], [(case["request"], record(case)) for case in request["cases"]]
    ),
    "decide": lambda keeper, request: keeper.decide(request["request"], record(request)),
    "release": lambda keeper, request: keeper.release(request["request"], record(request), ledger(request)),
    "checkpoint": lambda _, request: ledger(request).checkpoint(),
    "prove": lambda _, request: ledger(request).prove(request["index"]),
    "verify": lambda _, request: {"entries": ledger(request).verify()},
    "read_records": records,
    "deidentify_folder": deidentify_folder,
    "decrypt": decrypt,
    "accounting": lambda _, request: ledger(request).accounting(request["patient"], as_of=request["as_of"]),
    "export_audit": lambda _, request: ledger(request).export_audit(
        recorded=request["recorded"], source=request["source"]
    ),
}
#: Fields of an answer that only the twin has: a native record holds the tree itself.
TWIN_ONLY = {verb: {"nodes", "resources"} for verb in ("parse", "read_records")}
#: Twins whose answers no file can hold, and where they are looked at instead.
ELSEWHERE = {
    "packs": "test_twins: which packs are loaded grows with the data",
    "release": "test_twins: a receipt depends on the ledger's random salt",
    "checkpoint": "test_twins",
    "prove": "test_twins",
    "verify": "test_twins",
    "accounting": "test_twins",
}


def plain(value: Any) -> Any:
    """Turn native records into what JSON would hold."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple | ck.Verdicts | ck.DeidentifiedTexts | ck.FoundIdentifiers):
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


def same(native: Any, answer: Any) -> bool:
    """Say whether native records are the answer; a field that JSON leaves out is `None` or `False`."""
    if isinstance(answer, dict):
        left_out = set(native) - set(answer)
        return (
            set(answer) <= set(native)
            and all(native[name] in (None, False) for name in left_out)
            and all(same(native[name], held) for name, held in answer.items())
        )
    if isinstance(answer, list):
        return len(native) == len(answer) and all(map(same, native, answer))
    return bool(native == answer)


@pytest.mark.parametrize(("verb", "vector"), vectors())
def test_vector(keeper: ck.Chartkeeper, verb: str, vector: Json, tmp_path: Path) -> None:
    request = vector["request"]
    if request.get("ledger") == "$TEMP":
        request = {**request, "ledger": str(tmp_path / "ledger")}

    def native() -> Any:
        return plain(NATIVE[verb](keeper, request))

    def twin() -> Any:
        return json.loads(getattr(keeper, f"{verb}_json")(json.dumps(request)))

    if "error" in vector:
        refused(twin, vector["error"])
        # The shape of a JSON document is the twin's alone: a native call has Python's arguments.
        if vector["error"]["code"] != "invalid_request":
            refused(native, vector["error"])
        return
    answer = twin()
    assert answer == vector["expect"]
    for part in answer["records"] if verb == "read_records" else [answer]:
        for name in TWIN_ONLY.get(verb, ()):
            part.pop(name, None)
    assert same(native(), answer)


def refused(call: Callable[[], Any], expected: Json) -> None:
    # Keys and seeds are `bytes` of a length that the conversion itself checks, with a plain `ValueError`.
    with pytest.raises(ValueError if expected["code"] == "invalid_argument" else ck.ChartkeeperError) as info:
        call()
    if isinstance(info.value, ck.ChartkeeperError):
        assert expected.items() <= fields(info.value).items()


def test_every_twin_has_vectors_or_a_reason() -> None:
    verbs = {verb["verb"] for verb in json.loads((VECTORS / "verbs.json").read_text()) if verb["twin"]}
    files = {file.stem for file in VECTORS.glob("*.json")} - {"verbs"}
    assert verbs - files == set(ELSEWHERE)
    assert set(NATIVE) == verbs
