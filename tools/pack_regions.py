#!/usr/bin/env python3
"""Packs src/table/raw/regions.tsv and towns.tsv into the tables that the program reads in place.

usage: pack_regions.py RAW_DIR BLOB_DIR

Writes BLOB_DIR/regions.bin and BLOB_DIR/region_names.txt; the same input gives the same bytes. `src/table/region/packed.rs`
reads them, and its tests hold every row of the TSV files against what it reads.

region_names.txt: all names one after the other, in the order of their numbers, without separators.
regions.bin, all numbers little-endian: the number of entries of each section as u32, then the sections.

nodes   u64  a double-array trie over character codes; node 0 is the root. The child for code c lies at base + c and has
             the parent's index as check. Bits 0-19 base, 20-39 check, 40-55 the number of the name that ends here plus 1, 56-60
             the flags of the name's first row, 61-62 its tier.
names   u32  two numbers per name and one pair behind the last: where its text begins, its first row.
rows    u32  three numbers per row: code; parent | flags << 20 | tier << 28; city. Rows of one name stand together, by tier,
             the current ones before the former, then by code.
by_code u16  row numbers of the full names, sorted by code, the current ones before the former.
tails   u16  by the codes of a full name's last two characters: bits for the lengths that names with this ending have.
codes   u16  character codes of U+0000 to U+FFFF, 0 = in no name.
rare    u32  two numbers per character behind U+FFFF: character, code; sorted.
pairs   u8   by the codes of a name's first two characters: a bit that says that names begin so.
"""
import struct
import sys
from collections import Counter, defaultdict

TIERS = {"p": 0, "c": 1, "d": 2}
TOWN = 3
FLAGS = {"z": 1, "f": 2, "a": 4, "w": 8}
SHORT = 16
TAILS = 1 << 15
PAIRS = 1 << 18
LONGEST_TAIL = 15
NONE = 0xFFFFF


def lines(path):
    with open(path, encoding="utf8") as f:
        return [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]


def parse_flags(text):
    return sum(FLAGS.get(c, 0) for c in set(text))


def city_or_none(code):
    return 0 if code % 10_000 == 0 else code


def read_rows(raw):
    """(name, code, parent, city, tier, flags) of every division under each of its names."""
    rows, city_of = [], {}
    for code, level, parent, marks, name, *forms in lines(raw + "/regions.tsv"):
        code, parent, tier, flags = int(code), int(parent), TIERS[level], parse_flags(marks)
        city = [0, code, city_or_none(parent)][tier]
        if tier == 2 and flags == 0:
            city_of[code] = city
        rows.append((name, code, parent, city, tier, flags))
        for form in forms:
            short, _, marks = form.partition(":")
            rows.append((short, code, parent, city, tier, parse_flags(marks) | flags | SHORT))
    for county, towns in lines(raw + "/towns.tsv"):
        parent = int(county)
        city = city_of.get(parent, city_or_none(parent // 100 * 100))
        for town in towns.split(","):
            rows.append((town[3:], parent * 1000 + int(town[:3]), parent, city, TOWN, 0))
    return rows


def by_level(row):
    """Rows of one name are in this order."""
    code, _, _, tier, flags = row
    return tier, flags & 2, code


def double_array(names, first_of, code_of):
    """The trie over the names' character codes, with what is known of the first division of each name."""
    children, terminal = [{}], {}
    for number, name in enumerate(names):
        node = 0
        for c in name:
            if code_of[c] not in children[node]:
                children[node][code_of[c]] = len(children)
                children.append({})
            node = children[node][code_of[c]]
        _, _, _, tier, flags = first_of[name]
        terminal[node] = number + 1 | flags << 16 | tier << 21
    # Places still free, as a linked list.
    size = len(children) + 2 * len(code_of) + 64
    after = list(range(1, size + 1))
    before = list(range(-1, size - 1))
    free = bytearray([0]) + bytearray([1]) * (size - 1)
    first = 1
    base, place, parent = [0] * len(children), [0] * len(children), [NONE] * len(children)
    # The nodes with most children first: they fit worst. Of the others, neighbours in the trie become neighbours in memory.
    for node in sorted((n for n, c in enumerate(children) if c), key=lambda n: (-len(children[n]), n)):
        codes = sorted(children[node])
        at = first
        while at <= codes[0] or not all(free[at - codes[0] + c] for c in codes):
            at = after[at]
        base[node] = at - codes[0]
        for code in codes:
            child = children[node][code]
            spot = place[child] = base[node] + code
            parent[child] = node
            free[spot] = 0
            if spot == first:
                first = after[spot]
            else:
                after[before[spot]] = after[spot]
            before[after[spot]] = before[spot]
    packed = [NONE << 20] * (max(place) + 1 + len(code_of))
    for node, spot in enumerate(place):
        check = NONE if node == 0 else place[parent[node]]
        packed[spot] = base[node] | check << 20 | terminal.get(node, 0) << 40
    return packed


def main():
    raw, out = sys.argv[1:3]
    by_name = defaultdict(list)
    for name, *row in read_rows(raw):
        by_name[name].append(row)
    names = sorted(by_name)
    frequency = Counter(c for name in names for c in name)
    code_of = {c: i + 1 for i, c in enumerate(sorted(frequency, key=lambda c: (-frequency[c], c)))}
    first_of = {name: min(by_name[name], key=by_level) for name in names}
    nodes = double_array(names, first_of, code_of)
    table, rows, full, tails, text = [], [], [], [0] * TAILS, 0
    pairs = bytearray(PAIRS // 8)
    for name in names:
        pair = (code_of[name[0]] * 181 + code_of[name[1]] * 7919) % PAIRS
        pairs[pair // 8] |= 1 << pair % 8
        table += [text, len(rows) // 3]
        text += len(name.encode())
        for code, parent, city, tier, flags in sorted(by_name[name], key=by_level):
            if not flags & SHORT:
                full.append((code, flags & 2, len(rows) // 3))
                if len(name) <= LONGEST_TAIL:
                    a, b = code_of[name[-2]], code_of[name[-1]]
                    tails[(a * 181 + b * 7919) % TAILS] |= 1 << len(name)
            rows += [code, parent | flags << 20 | tier << 28, city]
    table += [text, len(rows) // 3]
    by_code = [row for _, _, row in sorted(full)]
    codes = [code_of.get(chr(c), 0) if not 0xD800 <= c < 0xE000 else 0 for c in range(1 << 16)]
    rare = [n for c in sorted(code_of) if ord(c) > 0xFFFF for n in (ord(c), code_of[c])]
    sections = [("Q", nodes), ("I", table), ("I", rows), ("H", by_code), ("H", tails), ("H", codes), ("I", rare), ("B", pairs)]
    with open(out + "/regions.bin", "wb") as f:
        f.write(struct.pack("<8I", *(len(numbers) for _, numbers in sections)))
        for kind, numbers in sections:
            f.write(struct.pack(f"<{len(numbers)}{kind}", *numbers))
    with open(out + "/region_names.txt", "w", encoding="utf8", newline="") as f:
        f.write("".join(names))


main()
