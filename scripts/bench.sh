#!/usr/bin/env bash
# Every benchmark, one after the other: the core's rooms beside their peers or bounds, then what the core costs to
# build. Each figure is a ratio within its own run; docs/benchmarks.md says how to read them.
set -euo pipefail
cd "$(dirname "$0")/.."

for bench in core/benches/*.rs; do
  name=$(basename "$bench" .rs)
  echo "== $name"
  cargo bench --quiet -p chartkeeper --bench "$name"
done
if [ -x bindings-python/bench/run.sh ]; then
  echo "== python"
  bindings-python/bench/run.sh
fi
scripts/measure-build.sh
