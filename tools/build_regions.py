#!/usr/bin/env python3
"""Writes src/table/raw/regions.tsv and towns.tsv.

usage: build_regions.py DIVISIONS.tsv.gz ALIASES.tsv.gz HISTORY.tsv.gz OUT_DIR

DIVISIONS: code, name, level, parent, src, status. ALIASES: alias, code, full_name, level, kind, n_targets,
word_freq, word_pos. HISTORY: name, level, province, city_at_the_time, last_code, first_year, last_year, ...

regions.tsv: one line per province, city and county: code (six digits), level (p c d), parent, flags, name, then the
short forms, each with its flags. Flags: z zone, f former name, a ambiguous, w everyday word; - none.
towns.tsv: one line per county: code, then three digits + name for every township, separated by commas.
"""
import csv
import gzip
import re
import sys
from collections import defaultdict

LEVEL = {"province": "p", "city": "c", "county": "d"}
# Fillers of the statistics files that are no names, and aliases that are too short or plain words in every context.
SKIP = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


# What people call the areas and districts of Hong Kong and Macau, and three prefectures of Xinjiang.
USED = {
    "652700": ["博州"], "652800": ["巴州"], "653000": ["克州"],
    "810000": ["香港九龙", "香港新界", "香港岛", "香港港岛"],
    "820000": ["澳门氹仔", "澳门路环", "澳门半岛"],
    "810106": ["深水埗"], "810108": ["黄大仙"], "810109": ["油尖旺"], "810104": ["观塘"],
    "810111": ["葵青"], "810115": ["屯门"], "810117": ["荃湾"], "810118": ["元朗"],
}


def read(path):
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def read_divisions(path):
    """The divisions. The districts of Hong Kong and Macau, which stand in the source as towns, are what lies below a city."""
    rows = read(path)
    for r in rows:
        if r["level"] == "township" and r["code"].endswith("000000"):
            r["level"] = "county"
    return rows


def with_level(name, forms):
    """凉山州 for 凉山彝族自治州, 鄂温克旗 for 鄂温克族自治旗: the names that people use."""
    if not name.endswith(("自治州", "自治旗")):
        return []
    stems = [form.partition(":")[0] for form in forms] or [re.sub("族?自治旗$", "", name)]
    return [stem + name[-1] + ":-" for stem in stems if not stem.endswith(name[-1])]


def main():
    divisions, aliases, history, out = sys.argv[1:5]
    rows = read_divisions(divisions)
    by_code = {r["code"]: r for r in rows}
    short = defaultdict(list)
    for a in read(aliases):
        if a["level"] not in LEVEL or len(a["alias"]) < 2 or a["alias"] == a["full_name"]:
            continue
        everyday = int(a["word_freq"] or 0) >= 50 and not a["word_pos"].startswith(("ns", "nr", "nz", "nt"))
        flags = ("a" if int(a["n_targets"]) > 1 else "") + ("w" if everyday else "")
        short[a["code"]].append(a["alias"] + ":" + (flags or "-"))
    lines = []
    names = set()
    for r in rows:
        if r["level"] not in LEVEL or r["name"] in SKIP:
            continue
        names.add(r["name"])
        flags = "z" if r["status"] == "zone" else "-"
        used = [name + ":-" for name in USED.get(r["code"][:6], [])]
        forms = sorted(set(short[r["code"]] + with_level(r["name"], short[r["code"]]) + used))
        lines.append("\t".join([r["code"][:6], LEVEL[r["level"]], r["parent"][:6] or "0", flags, r["name"], *forms]))
    provinces = {r["name"]: r["code"][:6] for r in rows if r["level"] == "province"}
    for h in read(history):
        if h["name"] in names or len(h["name"]) < 3:
            continue
        names.add(h["name"])
        code = h["last_code"][:6]
        parent = code[:4] + "00" if h["level"] == "county" else code[:2] + "0000"
        if parent + "000000" not in by_code:
            parent = provinces.get(h["province"], code[:2] + "0000")
        lines.append("\t".join([code, LEVEL[h["level"]], parent, "f", h["name"]]))
    lines.sort(key=lambda line: (line.split("\t")[0], "f" in line.split("\t")[3], line))
    with open(out + "/regions.tsv", "w", encoding="utf8") as f:
        f.write("# code level parent flags name short:flags … — written by tools/build_regions.py\n")
        f.write("\n".join(lines) + "\n")
    towns = defaultdict(list)
    for r in rows:
        if r["level"] == "township" and len(r["name"]) >= 2:
            towns[r["parent"][:6]].append((r["code"][6:9], r["name"]))
    with open(out + "/towns.tsv", "w", encoding="utf8") as f:
        f.write("# county, then township number and name … — written by tools/build_regions.py\n")
        for county in sorted(towns):
            f.write(county + "\t" + ",".join(n + name for n, name in sorted(towns[county])) + "\n")


main()
