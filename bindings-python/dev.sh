#!/usr/bin/env bash
# Sets up the Python package for development: the environment .venv at the root, the pinned tools, the native
# module built in place, its stubs written again. Quick when nothing changed.
#   bindings-python/dev.sh [--release]
set -euo pipefail
cd "$(dirname "$0")"
venv=$(cd .. && pwd)/.venv
python=${PYTHON:-python3}

if [ ! -x "$venv/bin/python" ]; then
  echo "-- python: creating the environment .venv ($("$python" --version))"
  "$python" -m venv "$venv"
fi

if ! cmp -s requirements-dev.txt "$venv/requirements-dev.txt"; then
  echo "-- python: installing the pinned tools of requirements-dev.txt"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements-dev.txt
  cp requirements-dev.txt "$venv/requirements-dev.txt"
fi

echo "-- python: writing the types of documents"
"$venv/bin/python" ../scripts/documents.py
"$venv/bin/ruff" format --quiet python/chartkeeper/documents.py

echo "-- python: building the native module and its stubs ${*:+($*)}"
export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
maturin develop --locked --generate-stubs "$@" >"$log" 2>&1 || { cat "$log"; exit 1; }
grep -E '^warning: unused|Finished|Installed' "$log" | sed 's/^ */   /'
