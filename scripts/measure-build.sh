#!/usr/bin/env bash
# Measures what the core costs to build (CPU-seconds of a clean release build, dependencies included), against
# its bound. Measure on an idle machine: a shared core makes every second longer.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo fetch --quiet --locked

echo "== clean build of the core, all dependencies included"
TIMEFORMAT='%U %S'
cpu=$({ time CARGO_TARGET_DIR="$folder/clean" cargo build --quiet --locked --release -p chartkeeper 2>"$folder/log"; } 2>&1) || { cat "$folder/log"; exit 1; }
awk -v cpu="$cpu" 'BEGIN { split(cpu, t, " "); s = t[1] + t[2]
  printf "   %.1f CPU-seconds (bound 90)\n", s; exit s >= 90 }'
