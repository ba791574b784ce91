#!/usr/bin/env bash
# The Node binding: installs its pinned tools where the lock file changed, builds the addon with its types, tests it.
set -euo pipefail
cd "$(dirname "$0")/../bindings-node"

stamp=node_modules/.chartkeeper-lock
if ! cmp -s package-lock.json "$stamp"; then
  echo "-- node: installing the pinned tools of package-lock.json"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi
echo "-- node: building the addon and its types"
npm run --silent build
echo "-- node: types of the package and a consumer, tests"
npm test --silent
