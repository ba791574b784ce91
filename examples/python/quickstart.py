from pathlib import Path

import chartkeeper as ck

keeper = ck.Chartkeeper()
record = ck.Record.parse(Path("examples/data/patient.fhir.json").read_bytes())
verdict = keeper.validate_code("icd10cm", "S52.501", on="2026-01-15")
print(verdict.reason, verdict.suggestions[0])
errors = [finding.code for finding in keeper.check(record, as_of="2025-11-10") if finding.severity == "error"]
print(*errors)
done = keeper.deidentify(record, policy="hipaa-safe-harbor", as_of="2025-11-10")
print(len(done.output), "bytes left,", len(done.manifest), "changes")
