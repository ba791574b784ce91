#!/usr/bin/env bash
# What is generated and committed is what the sources generate: stubs, types, Swift. The steps before this one wrote
# them anew. In a checkout with other changes it shows what to commit.
set -euo pipefail
cd "$(dirname "$0")/.."

files=(bindings-python/python bindings-node/index.d.ts bindings-node/documents.d.ts bindings-swift/Sources docs/errors.md)
scripts/swift.sh generate
git diff --stat --exit-code -- "${files[@]}" || {
  echo "generated files changed: look at them and commit them"
  exit 1
}
echo "up to date: ${files[*]}"
