#!/usr/bin/env bash
# Builds what the demo needs, saying so, and runs the main job on a record: demo.sh [FILE]
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== building the library and the example (about a minute the first time)"
cargo build --quiet --release -p chartkeeper-examples --bin job
echo "== the main job on ${1:-examples/data/patient.fhir.json}"
cargo run --quiet --release -p chartkeeper-examples --bin job -- "$@"
