#!/usr/bin/env bash
# Compiles the embedded packs from their published sources, or compares (--check). The sources are fetched by their
# registries' own clients into .cache/sources and checked against their pinned fingerprints.
set -euo pipefail
cd "$(dirname "$0")/.."

core/datagen/fetch.sh || {
  echo "skipped: a source is not in .cache/sources and cannot be fetched"
  exit 75
}
exec cargo run --quiet -p chartkeeper-datagen -- "$@"
