#!/usr/bin/env bash
# Seeds of packs: the embedded ones that are small, without their fingerprints. seeds/packs.sh FOLDER.
set -euo pipefail
data=$(dirname "$0")/../../data
head -c -32 "$data/ucum-2.2.bin" > "$1/ucum"
head -c 60000 "$data/icd10pcs.bin" > "$1/icd10pcs"
