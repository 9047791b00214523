#!/usr/bin/env bash
# Counts the instructions of the hot paths with callgrind, which gives the same number whatever else the machine is doing, and
# compares them with the record. Fails when a path takes over a tenth more. A change that is meant to cost more, or a new
# compiler, is recorded with:  benches/instructions.sh --record
set -euo pipefail
cd "$(dirname "$0")/.."
record=benches/record/instructions.tsv
limit=110 # per cent of the record: processors differ in which vector instructions the packages choose
paths=(csv key-value listing listing-near listing-calls-near prose prose-near csv-gb18030 verdict)

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not installed: instructions are not counted" >&2
  exit 0
fi
cargo build --quiet --profile quick --example hot_paths
program=${CARGO_TARGET_DIR:-target}/quick/examples/hot_paths
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='hot_paths::hot_path*' "$program" "$1" 2>&1 |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
if [ "${1:-}" = --record ]; then
  printf '# path\tinstructions of one scan of 4,000 rows (calls: a call for every line; verdict: scan, assessment and verdict of one listing); written by benches/instructions.sh --record\n' >"$record"
  for path in "${paths[@]}"; do printf '%s\t%s\n' "$path" "$(count "$path")" >>"$record"; done
  cat "$record"
  exit 0
fi
failed=0
while IFS=$'\t' read -r path was; do
  case $path in '#'*) continue ;; esac
  now=$(count "$path")
  percent=$((now * 100 / was))
  printf '%-14s %12d of %12d  %3d %%\n' "$path" "$now" "$was" "$percent"
  [ "$percent" -le "$limit" ] || failed=1
done <"$record"
[ "$failed" = 0 ] || { echo "a hot path takes more instructions than recorded" >&2; exit 1; }
