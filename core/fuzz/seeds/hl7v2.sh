#!/usr/bin/env bash
# Seeds of the HL7 v2 target: the eight bytes that choose the edits, then the source; the messages of the fictional
# patient, and the real ones beside the checkout where they are.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
out=$1
printf '01234567' | cat - "$root/examples/data/patient.hl7" > "$out/patient"
archive=${CHARTKEEPER_SHARED:-$root/../shared/data}/hl7v2/msconv_hl7v2.tar.gz
if [ -f "$archive" ]; then
  folder=$(mktemp -d)
  tar xzf "$archive" -C "$folder"
  find "$folder" -type f | while read -r file; do
    printf '01234567' | cat - "$file" > "$out/$(basename "$file")"
  done
  rm -r "$folder"
fi
