#!/usr/bin/env bash
# Python peers on the haystacks of the benches: CPU time, and how many of the planted values each finds.
#
#   benches/peers.sh [ROWS [SECONDS]]    default 10,000 rows a haystack, at most 10 s of CPU time for a peer on one of them
#
# Needs Python 3.11 or later (PYTHON names another than python3), pip and its registry. The peers are installed into a temporary
# environment of about 1.2 GB, which is removed at the end. MIANDAN_RECORD=FILE keeps the figures as CSV.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-10000} seconds=${2:-10}
record=${MIANDAN_RECORD:+$(realpath "$MIANDAN_RECORD")}
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/release
cargo build --quiet --release --features cli --bin miandan --example make_haystack
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/env"
grep -v '^#' benches/peers/requirements.txt | while read -r peer; do
  "$work/env/bin/pip" install --quiet --disable-pip-version-check "$peer" </dev/null || echo "$peer does not install" >&2
done
# A process that starts costs milliseconds: miandan is timed on forty times the rows.
for name in csv key-value listing prose; do
  "$target/examples/make_haystack" "$name" "$rows" >"$work/$name"
  "$target/examples/make_haystack" "$name" $((40 * rows)) >"$work/$name.large"
done
# Some peers write settings and logs beneath the home directory.
HOME=$work XDG_DATA_HOME=$work DATAFOG_NO_TELEMETRY=1 "$work/env/bin/python" benches/peers/peers.py \
  --miandan "$target/miandan" --seconds "$seconds" ${record:+--record "$record"} "$work"
