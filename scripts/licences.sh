#!/usr/bin/env bash
# Checks licences, bans and sources of all dependencies with cargo-deny. CI builds the tool once (about 150
# CPU-seconds) and keeps it beside the machine's other caches; elsewhere it is used where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
cache=${CHARTKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/chartkeeper}/cargo-deny-$version
export PATH="$cache/bin:$PATH"

if ! command -v cargo-deny >/dev/null; then
  if [ "${CI:-}" != true ]; then
    echo "skipped: cargo-deny is not installed (cargo install --locked cargo-deny)"
    exit 75
  fi
  echo "building cargo-deny $version into $cache"
  CARGO_TARGET_DIR="$cache/target" cargo install --quiet --locked --debug --root "$cache" cargo-deny --version "$version" || {
    echo "skipped: cargo-deny cannot be built here"
    exit 75
  }
  rm -rf "$cache/target"
fi
exec cargo-deny --offline check --hide-inclusion-graph licenses bans sources
