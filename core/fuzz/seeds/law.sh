#!/usr/bin/env bash
# Seeds of law: worked requests with no pack, and with each embedded one. seeds/law.sh FOLDER.
set -euo pipefail
folder=$1
here=$(dirname "$0")
python3 - "$here/../../.." "$folder" <<'PY'
import json, pathlib, sys
root, folder = map(pathlib.Path, sys.argv[1:])
cases = json.loads((root / "examples/data/twenty-requests.json").read_text())
policy = (root / "examples/data/facility-policy.json").read_bytes()
for number, case in enumerate(cases):
    request = json.dumps(case["request"]).encode()
    (folder / f"request{number}").write_bytes(request)
    (folder / f"policy{number}").write_bytes(request + b"\0" + policy)
for pack in (root / "core/data/law").glob("*.json"):
    (folder / pack.stem).write_bytes(b'{"on":"2026-03-02"}\0' + pack.read_bytes().replace(b'"id": "', b'"id": "Z'))
consent = {"on": "2026-03-02", "consents": [{"resourceType": "Consent", "status": "active", "decision": "permit",
  "subject": {"reference": "Patient/adc17343-ceea-450f-ac15-3ae692cf696e"}, "provision": [{"period": {"start": "2020"},
  "purpose": [{"code": "TREAT"}], "securityLabel": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "ETH"}],
  "provision": [{"dataPeriod": {"end": "2025-01-01"}, "data": [{"meaning": "related", "reference": {"reference": "Condition/x"}}]}]}]}]}
(folder / "directive").write_text(json.dumps(consent))
PY
