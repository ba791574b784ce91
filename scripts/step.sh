#!/usr/bin/env bash
# Runs one step of `make test`: says what it does and how long it took; a step that exits with 75 was skipped.
#   step.sh --begin | step.sh NAME COMMAND... | step.sh --summary
set -euo pipefail

log=.cache/steps.tsv
mkdir -p .cache

case "$1" in
--begin)
  : >"$log"
  exit ;;
--summary)
  printf '\n== all steps passed\n'
  awk -F '\t' '{ printf "   %-34s %5d s  %s\n", $1, $2, $3; total += $2 } END { printf "   %-34s %5d s\n", "together", total }' "$log"
  exit ;;
esac

name=$1
shift
printf '\n== %s: %s\n' "$name" "$*"
start=$SECONDS
status=0
"$@" </dev/null || status=$?
took=$((SECONDS - start))
case $status in
0) result=passed ;;
75) result=SKIPPED ;;
*)
  printf '== %s FAILED (status %d) after %d s\n' "$name" "$status" "$took"
  exit "$status" ;;
esac
printf '== %s %s in %d s\n' "$name" "$result" "$took"
printf '%s\t%d\t%s\n' "$name" "$took" "$result" >>"$log"
