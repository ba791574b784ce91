#!/usr/bin/env bash
# Seeds of FHIR: each entry of the fictional patient as a file, and 300 short official examples where they are.
# seeds/deidentify.sh FOLDER [PREFIX]; the prefix is put before every seed.
set -euo pipefail
folder=$1 prefix=${2:-}
root=$(dirname "$0")/../../..
shared=${CHARTKEEPER_SHARED:-$root/../shared/data}

python3 - "$root/examples/data/patient.fhir.json" "$shared/fhir/r4_examples.ndjson.gz" "$folder" "$prefix" <<'PY'
import gzip, json, os, sys
patient, examples, folder, prefix = sys.argv[1:]
seeds = [json.dumps(entry["resource"]) for entry in json.load(open(patient))["entry"]]
if os.path.exists(examples):
    with gzip.open(examples, "rt") as lines:
        seeds += [line.strip() for line in lines if len(line) < 4000][::5][:300]
for number, seed in enumerate(seeds):
    with open(f"{folder}/seed-{number:04}", "wb") as file:
        file.write(prefix.encode() + seed.encode())
print(f"{len(seeds)} seeds")
PY
