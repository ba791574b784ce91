"""The main job on one record: check it, fix one code, de-identify it, answer an attorney's request, and say what
was withheld and why.

`python examples/python/job.py [FILE]`, from the root of a checkout; FILE is any FHIR R4 JSON.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import chartkeeper as ck

#: The day on which all of this happens: the library has no clock.
TODAY = "2025-11-10"


def check(keeper: ck.Chartkeeper, record: ck.Record) -> list[ck.Finding]:
    findings = keeper.check(record, as_of=TODAY)
    print(f"\ncheck       {len(findings)} findings")
    for finding in findings:
        if finding.severity != "note":
            print(f"  {finding.severity:9} {finding.message} (line {finding.line}, {finding.path})")
    return findings


def fix_one_code(keeper: ck.Chartkeeper, record: ck.Record, findings: list[ck.Finding]) -> ck.Record:
    """Complete the first code that lacks a character; which one it needs, a coder confirms."""
    for finding in findings:
        if finding.code in {"missing_7th_character", "placeholder_required"}:
            start, end = finding.span
            code = json.loads(record.to_bytes()[start:end])
            better = keeper.validate_code("icd10cm", code).suggestions[0]
            print(f"\nfix         {code} -> {better} at {finding.path}")
            return record.with_replaced(finding.path, better)
    print("\nfix         no code lacks a character")
    return record


def deidentify(keeper: ck.Chartkeeper, record: ck.Record) -> None:
    done = keeper.deidentify(record, policy="hipaa-safe-harbor", as_of=TODAY)
    print(f"\ndeidentify  {done.policy}: {len(done.output)} bytes left, {len(done.manifest)} changes")
    for (action, label), count in sorted(Counter((e.action, e.label) for e in done.manifest).items()):
        print(f"  {count:5} {action} {label}")


def patient_number(record: ck.Record) -> str:
    """The first number of the patient that the chart has; the request names the patient by it."""
    for entry in record.chart():
        if entry.kind == "person":
            return next((field.text or "" for field in entry.fields if field.name == "identifier.value"), "")
    return ""


def answer_attorney(keeper: ck.Chartkeeper, record: ck.Record) -> None:
    request = json.loads(Path("examples/data/attorney-request.json").read_text())
    request["patient"] = {"identifier": {"value": patient_number(record)}}
    with tempfile.TemporaryDirectory() as folder:
        ledger = ck.Ledger.open(Path(folder) / "ledger", signing_key=bytes([7] * 32))
        released = keeper.release(request, record, ledger)
        decision = released.decision
        going = sum(segment.outcome == "release" for segment in decision.segments)
        print(f"\nrelease     {decision.outcome}: {going} of {len(decision.segments)} entries go")
        withheld = Counter((s.citation, s.rule) for s in decision.segments if s.outcome != "release")
        titles = {reason.rule: reason.title for reason in decision.reasons}
        for (citation, rule), count in sorted(withheld.items()):
            print(f"  {count:5} withheld: {titles.get(rule, '')} ({rule}, {citation})")
        for obligation in decision.obligations:
            print(f"  duty  {obligation.text} ({obligation.citation})")
        if released.output is not None and released.receipt is not None:
            print(f"  copy  {len(released.output)} bytes; it is entry {released.receipt.index} of the ledger")
            ledger.verify()


def main() -> None:
    file = sys.argv[1] if len(sys.argv) > 1 else "examples/data/patient.fhir.json"
    keeper = ck.Chartkeeper()
    record = ck.Record.parse(Path(file).read_bytes())
    print(f"record      {record.format}, {len(record.to_bytes())} bytes, {len(record.chart())} entries")
    findings = check(keeper, record)
    record = fix_one_code(keeper, record, findings)
    deidentify(keeper, record)
    answer_attorney(keeper, record)


if __name__ == "__main__":
    main()
