#!/usr/bin/env bash
# Checks the Python package that dev.sh built: formatting and lints, stubs against the module, types of package and
# consumer, tests with the shared vectors and the documentation's examples.
set -euo pipefail
cd "$(dirname "$0")"
bin=$(cd .. && pwd)/.venv/bin

echo "-- python: formatting and lints"
"$bin/ruff" format --check --quiet .
"$bin/ruff" check --quiet .
echo "-- python: types"
"$bin/mypy" --strict python tests | tail -n 3
echo "-- python: stubs against the module"
"$bin/python" -m mypy.stubtest chartkeeper._native --ignore-disjoint-bases | tail -n 3
echo "-- python: tests"
"$bin/python" -m pytest "$@"
