#!/usr/bin/env bash
# Runs an example that a page quotes, and compares what it prints with what the page shows:
#   readme.sh PAGE FILE COMMAND...
# The page shows the output in the first fence after the line `<!-- output: FILE -->`.
set -euo pipefail
cd "$(dirname "$0")/.."

page=$1 file=$2
shift 2
shown=$(awk -v mark="<!-- output: $file -->" '
  $0 == mark { found = 1; next }
  found && /^```/ { if (inside) exit; inside = 1; next }
  inside { print }' "$page")
[ -n "$shown" ] || { echo "$page does not show the output of $file"; exit 1; }
diff <(printf '%s\n' "$shown") <("$@") && echo "$file prints what $page shows"
