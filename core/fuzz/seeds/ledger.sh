#!/usr/bin/env bash
# Seeds of ledgers: the notes and files of a small one, made by its own test. seeds/ledger.sh FOLDER.
set -euo pipefail
folder=$(realpath "$1")
cd "$(dirname "$0")/../../.."
made=$(mktemp -d)
cargo test -q --no-run -p chartkeeper-tests --test ledger
CHARTKEEPER_TEST_LEDGER="$made/ledger" timeout 4 cargo test -q -p chartkeeper-tests --test ledger -- --exact killed_writer > /dev/null || true
python3 - "$made/ledger" "$folder" <<'PY'
import pathlib, struct, sys
ledger, folder = map(pathlib.Path, sys.argv[1:])
log, head = (ledger / "log").read_bytes(), (ledger / "head").read_bytes()
for size in (len(log), len(log) // 2, 500, 40):
    (folder / f"log{size}").write_bytes(struct.pack("<I", size) + log[:size] + head)
PY
rm -r "$made"
