#!/usr/bin/env bash
# Seeds of the C-CDA target: the eight bytes that choose the edits, then the source.
set -euo pipefail
cd "$(dirname "$0")/../../.."
number=0
seed() { { printf 01234567; cat "$2"; } > "core/fuzz/$1/ccda-$((number += 1))"; }
seed "$1" core/testdata/small.ccda.xml
shared=${CHARTKEEPER_SHARED:-../shared/data}
if [ -e "$shared/ccda/hl7_ccda_examples.tar.gz" ]; then
  folder=$(mktemp -d)
  tar -xzf "$shared/ccda/hl7_ccda_examples.tar.gz" -C "$folder"
  while IFS= read -r -d '' file; do seed "$1" "$file"; done < <(find "$folder" -type f -size -24k -print0)
  rm -r "$folder"
fi
