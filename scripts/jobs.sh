#!/usr/bin/env bash
# The main job on the fictional patient in every language: each runs through, and all of them decide the same.
set -euo pipefail
cd "$(dirname "$0")/.."

# The line that says how many entries go: of the decision, the same in every language.
decided() {
  grep '^release ' || { echo "the job did not reach the release"; return 1; }
}
rust=$(cargo run --quiet -p chartkeeper-examples --bin job | decided)
echo "rust    $rust"
python=$(.venv/bin/python examples/python/job.py | decided)
echo "python  $python"
node=$(node examples/node/job.mjs | decided)
echo "node    $node"
status=0
swift=$(scripts/swift.sh run examples/swift Job) || status=$?
case $status in
0) swift=$(printf '%s\n' "$swift" | decided) ;;
75) swift=$rust && echo "swift   skipped" ;;
*) printf '%s\n' "$swift" && exit $status ;;
esac
[ "$status" = 75 ] || echo "swift   $swift"
[ "$rust" = "$python" ] && [ "$rust" = "$node" ] && [ "$rust" = "$swift" ]
