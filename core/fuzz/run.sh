#!/usr/bin/env bash
# Fuzzes one target: core/fuzz/run.sh TARGET [SECONDS], 60 seconds where nothing is said. The corpus begins with the
# fictional patient, and with the real inputs beside the checkout where they are. Needs cargo-fuzz
# (`cargo install cargo-fuzz`). A stable compiler will do: coverage is asked for with RUSTC_BOOTSTRAP, and the
# address sanitizer is left out, because the core forbids unsafe code.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?the target: one of $(ls fuzz_targets | sed 's/\.rs$//' | tr '\n' ' ')}
seconds=${2:-60}
corpus=corpus/$target
mkdir -p "$corpus"

if [ -x "seeds/$target.sh" ] && [ -z "$(ls -A "$corpus")" ]; then
  "seeds/$target.sh" "$corpus"
fi

export RUSTC_BOOTSTRAP=1
exec cargo fuzz run --fuzz-dir . -s none "$target" "$corpus" -- \
  -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
