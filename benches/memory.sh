#!/usr/bin/env bash
# Peak memory of one scan of each format: benches/memory.sh [MB [MB of workbooks]]
# Prints a table of input, megabytes, peak megabytes and seconds. Needs GNU time; a packer that is missing leaves its rows out.
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-1000} book=${2:-300}
bin=${BIN:-$PWD/target/release} # BIN: another folder with both programs, built before
if [ -z "${BIN:-}" ]; then
    cargo build -q --release --features cli --bin miandan --example make_haystack
fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/miandan-memory.XXXXXX")
trap 'rm -r "$dir"' EXIT
cd "$dir"

# make NAME KIND MB: a file of about so many megabytes; pieces of 100,000 rows after one another, made in little memory
make() {
    "$bin/examples/make_haystack" "$2" 100000 > piece
    : > "$1"
    while [ "$(stat -c %s "$1")" -lt "$((1000000 * $3))" ]; do cat piece >> "$1"; done
    rm piece
}
# scan NAME: one row of the table
scan() {
    local took
    took=$(command time -f '%M %e' "$bin/miandan" scan --no-config -q --format jsonl -o /dev/null "$1" 2>&1 | tail -1) || true
    awk -v name="$1" -v bytes="$(stat -c %s "$1")" \
        '{printf "| %s | %d | %d | %.1f |\n", name, bytes / 1e6, $1 / 1024, $2}' <<< "$took"
    rm -f "$1"
}
# pack NAME COMMAND...: the table in a container, if there is a packer
pack() {
    local name=$1
    shift
    if command -v "$1" > /dev/null; then "$@" > /dev/null 2>&1 && scan "$name"; fi
}

echo '| input | MB | peak MB | seconds |'
echo '| --- | --- | --- | --- |'
for kind in csv csv-gb18030 key-value listing prose one-line-csv; do
    make "$kind.txt" "$kind" "$size"
    scan "$kind.txt"
done
make lines listing "$size"
sed '1s/^/[/;$!s/$/,/;$s/$/]/' lines | tr -d '\n' > array.json
scan array.json
rm lines
make table csv "$size"
awk -F, 'NR == 1 {next} {gsub(/\047/, ""); printf "INSERT INTO `t` VALUES (\047%s\047,\047%s\047,\047%s\047,\047%s\047);\n", $1, $2, $3, $4}' table > dump.sql
scan dump.sql
awk -F, 'BEGIN {print "<table>"} {gsub(/[<&"]/, ""); printf "<tr>"; for (i = 1; i <= NF; i++) printf "<td>%s</td>", $i; print "</tr>"}' table > table.html
scan table.html
awk -F, '{gsub(/"/, ""); gsub(/,/, "  "); print}' table > spaces.txt
scan spaces.txt
pack table.gz gzip -1 -k table
pack table.zst zstd -q -1 table
pack table.bz2 bzip2 -1 -k table
pack table.xz xz -0 -k table
pack table.zip zip -q -1 table.zip table
pack table.tar tar -cf table.tar table
pack table.7z 7z a -mx1 table.7z table
rm table
# A row of a workbook takes about 48 bytes packed.
for kind in xlsx xlsx-shared; do
    "$bin/examples/make_haystack" "$kind" "$((book * 1000000 / 48))" > "$kind.xlsx"
    scan "$kind.xlsx"
done
