#!/usr/bin/env bash
# Seeds of the table target: the byte that chooses the format, then the tables of the fictional patient.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
for name in diagnoses results; do
  printf '0' | cat - "$root/examples/data/patient.$name.csv" > "$1/$name"
done
printf '1{"mrn":"7","dob":"1967-03-14"}\n{"mrn":"8","x":[1]}\n' > "$1/rows"
