#!/usr/bin/env python3
"""Writes src/table/raw/surnames.tsv and given.tsv.

usage: build_name_tables.py SURNAMES.tsv GIVEN_NAME_CHARS.tsv NAMES_DIR OUT_DIR

SURNAMES.tsv: surname, compound, population columns, apache_pos. Only the position in the Apache-2.0 list of
wainshine/Chinese-Names-Corpus is kept; the population columns are under another licence and never leave here.
GIVEN_NAME_CHARS.tsv: char, gold_single, gold_first, gold_second, dict_single, dict_first, dict_second, pop_ppm.
Only counts of distinct names in the training corpora and in jieba's dictionary (MIT) are kept.
NAMES_DIR: the training texts of examples/train_names. A surname is weak when it begins a name in them less than once in
RARELY times that it occurs; nothing else of them is kept.
"""
import collections
import glob
import gzip
import json
import sys

RARELY = 2000


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines][1:]


def weak_surnames(names_dir, surnames):
    """Single surnames that are nearly always other words in running text."""
    seen, begun = collections.Counter(), collections.Counter()
    for path in sorted(glob.glob(f"{names_dir}/train.*") + glob.glob(f"{names_dir}/silver.*")):
        if "synth" in path:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                text = line["text"]
                seen.update(text)
                for span in line["entities"]:
                    if span["label"] == "PERSON" and span.get("style") == "han":
                        begun[text[span["start"]]] += 1
    return {s for s in surnames if seen[s] >= RARELY and begun[s] * RARELY < seen[s]}


def main():
    surnames, given, names_dir, out = sys.argv[1:5]
    with open(f"{out}/surnames.tsv", "w", encoding="utf-8") as f:
        f.write("# surname, position in wainshine/Chinese-Names-Corpus (Apache-2.0), 0 = not listed there, 1 = weak: in running\n")
        f.write("# text it is nearly always another word.\n")
        f.write("# Written by tools/build_name_tables.py.\n")
        kept = [(int(r[5]) or 9999, r[0], r[5]) for r in rows(surnames)]
        weak = weak_surnames(names_dir, {name for _, name, _ in kept})
        for _, name, position in sorted(kept):
            f.write(f"{name}\t{position}\t{int(name in weak)}\n")
    with open(f"{out}/given.tsv", "w", encoding="utf-8") as f:
        f.write("# character, distinct names in which it is the whole given name, its first, its second character.\n")
        f.write("# Written by tools/build_name_tables.py from training corpora and jieba's dictionary (MIT).\n")
        for r in sorted(rows(given)):
            counts = [int(r[i]) + int(r[i + 3]) for i in (1, 2, 3)]
            if len(r[0]) == 1 and any(counts):
                f.write("\t".join([r[0], *map(str, counts)]) + "\n")


main()
