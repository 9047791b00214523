#!/usr/bin/env bash
# Whole programs on the same files, by CPU time: `miandan scan` on one thread against ripgrep, where it is installed.
#
#   benches/rivals.sh [ROWS]        default 1,400,000 rows (200 MB a file)
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1400000}
combined='1[3-9][0-9]{9}|(SF|JDV?[A-Z]?|YT|JT|ZT|ST|YD)[0-9]{11,13}|[0-9]{12,15}|\p{Han}{2,20}[路街巷弄号幢栋室单元]'
cargo build --quiet --release --features cli --bin miandan --example make_haystack
target=${CARGO_TARGET_DIR:-target}/release
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
# Best of three, user and system seconds.
cpu() {
  local best=999999 t
  for _ in 1 2 3; do
    t=$({ TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1 | awk '{print int(($1 + $2) * 1000)}')
    [ "$t" -lt "$best" ] && best=$t
  done
  echo "$best"
}
# The same into a pipe that another program reads; only the writer is timed.
piped() {
  local best=999999 t
  for _ in 1 2 3; do
    t=$({ { TIMEFORMAT='%U %S'; time "$@" 2>/dev/null; } 2>&3 | cat >/dev/null; } 3>&1 | awk '{print int(($1 + $2) * 1000)}')
    [ "$t" -lt "$best" ] && best=$t
  done
  echo "$best"
}
line() { printf '%-10s %-34s %7d ms %8.1f MB/s\n' "$1" "$2" "$3" "$(awk -v b="$4" -v t="$3" 'BEGIN { print b / 1000 / (t > 0 ? t : 1) }')"; }
for name in csv key-value listing prose; do
  file=$data/$name
  "$target/examples/make_haystack" "$name" "$rows" >"$file"
  bytes=$(wc -c <"$file")
  for scope in everywhere near; do
    line "$name" "miandan scan, names $scope" "$(cpu "$target/miandan" scan --threads 1 --names "$scope" --format csv -o /dev/null "$file")" "$bytes"
  done
  line "$name" "miandan report" "$(cpu env RAYON_NUM_THREADS=1 "$target/miandan" report "$file")" "$bytes"
  line "$name" "miandan report, names near" "$(cpu env RAYON_NUM_THREADS=1 "$target/miandan" report --names near "$file")" "$bytes"
  line "$name" "miandan scan --format jsonl" "$(cpu "$target/miandan" scan --threads 1 --format jsonl -o /dev/null "$file")" "$bytes"
  line "$name" "the same into a pipe" "$(piped "$target/miandan" scan --threads 1 --format jsonl "$file")" "$bytes"
  line "$name" "the same, --brief" "$(piped "$target/miandan" scan --threads 1 --format jsonl --brief "$file")" "$bytes"
  if command -v rg >/dev/null; then
    line "$name" "rg --count-matches, mobiles" "$(cpu rg -j1 --count-matches '1[3-9][0-9]{9}' "$file")" "$bytes"
    line "$name" "rg --count-matches, combined" "$(cpu rg -j1 --count-matches "$combined" "$file")" "$bytes"
    line "$name" "rg --json, combined" "$(cpu rg -j1 --json "$combined" "$file")" "$bytes"
    line "$name" "the same into a pipe" "$(piped rg -j1 --json "$combined" "$file")" "$bytes"
  fi
  rm "$file"
done
