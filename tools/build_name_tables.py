#!/usr/bin/env python3
"""Writes src/table/raw/surnames.tsv and given.tsv.

usage: build_name_tables.py SURNAMES.tsv GIVEN_NAME_CHARS.tsv OUT_DIR

SURNAMES.tsv: surname, compound, population columns, apache_pos. Only the position in the Apache-2.0 list of
wainshine/Chinese-Names-Corpus is kept; the population columns are under another licence and never leave here.
GIVEN_NAME_CHARS.tsv: char, gold_single, gold_first, gold_second, dict_single, dict_first, dict_second, pop_ppm.
Only counts of distinct names in the training corpora and in jieba's dictionary (MIT) are kept.
"""
import sys


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines][1:]


def main():
    surnames, given, out = sys.argv[1:4]
    with open(f"{out}/surnames.tsv", "w", encoding="utf-8") as f:
        f.write("# surname, position in wainshine/Chinese-Names-Corpus (Apache-2.0), 0 = not listed there.\n")
        f.write("# Written by tools/build_name_tables.py.\n")
        kept = [(int(r[5]) or 9999, r[0], r[5]) for r in rows(surnames)]
        for _, name, position in sorted(kept):
            f.write(f"{name}\t{position}\n")
    with open(f"{out}/given.tsv", "w", encoding="utf-8") as f:
        f.write("# character, distinct names in which it is the whole given name, its first, its second character.\n")
        f.write("# Written by tools/build_name_tables.py from training corpora and jieba's dictionary (MIT).\n")
        for r in sorted(rows(given)):
            counts = [int(r[i]) + int(r[i + 3]) for i in (1, 2, 3)]
            if len(r[0]) == 1 and any(counts):
                f.write("\t".join([r[0], *map(str, counts)]) + "\n")


main()
