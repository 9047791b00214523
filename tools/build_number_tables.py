#!/usr/bin/env python3
"""Writes src/table/raw/couriers.tsv, mobile_prefixes.tsv, landline_areas.tsv and mobile_segments.tsv.

usage: build_number_tables.py WAYBILLS.tsv MOBILES.tsv LANDLINES.tsv PHONE.dat OUT_DIR

WAYBILLS.tsv:  courier_code courier_cn courier_en pattern length era checksum specificity source
MOBILES.tsv:   prefix operator kind allocated segments ... (see its header)
LANDLINES.tsv: area_code region ... local_digits in_both
PHONE.dat:     the file of the PyPI package `phone`: a version, the offset of the index, texts that begin with the province,
               and for each segment of seven digits the offset of its text

Courier patterns come as regular expressions and leave as templates: `#` a digit, `@` a letter, `*` either, any other
character itself; alternatives are parted by `|`.
"""
import csv
import random
import re
import struct
import sys

try:
    from re import _constants as sre, _parser as sre_parse
except ImportError:
    import sre_constants as sre
    import sre_parse

DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Numbers of sub-parcels stand behind the serial and are read by the grammar, not the table; separators inside are, too.
SUFFIX = re.compile(r"\(\?:-.*?\)\?|-\?(?=P)")
WEIGHTS_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def chars_of(items):
    out = set()
    for op, av in items:
        if op is sre.LITERAL:
            out.add(chr(av))
        elif op is sre.RANGE:
            out.update(chr(c) for c in range(av[0], av[1] + 1))
        else:
            raise ValueError(op)
    return frozenset("".join(out).upper())


def symbols(chars):
    if chars == DIGITS:
        return ["#"]
    if chars == LETTERS:
        return ["@"]
    if chars == DIGITS | LETTERS:
        return ["*"]
    return sorted(chars)


def expand(parsed):
    done = [""]
    for op, av in parsed:
        if op is sre.LITERAL:
            parts = [chr(av).upper()]
        elif op is sre.IN:
            parts = symbols(chars_of(av))
        elif op is sre.BRANCH:
            parts = [t for branch in av[1] for t in expand(branch)]
        elif op is sre.SUBPATTERN:
            parts = expand(av[-1])
        elif op is sre.MAX_REPEAT:
            low, high, body = av
            unit = expand(body)
            parts = []
            for n in range(low, int(high) + 1):
                grown = [""]
                for _ in range(n):
                    grown = [g + u for g in grown for u in unit]
                parts += grown
        else:
            raise ValueError(op)
        done = [d + p for d in done for p in parts]
    return done


def sf12(digits):
    total = 0
    for d, w in zip(digits[3:11], (15, 13, 11, 9, 7, 5, 3, 1)):
        p = int(d) * w
        total += p // 10 + p % 10
    return str(-total % 10)


def s10(digits):
    r = 11 - sum(int(d) * w for d, w in zip(digits, WEIGHTS_S10)) % 11
    return str({10: 0, 11: 5}.get(r, r))


def ups(body):
    total = 0
    for i, c in enumerate(body):
        v = int(c) if c.isdigit() else (ord(c) - 63) % 10
        total += v * 2 if i % 2 else v
    return str(-total % 10)


def fedex12(body):
    return str(sum(int(d) * w for d, w in zip(body, (3, 1, 7) * 4)) % 11 % 10)


def fedex15(body):
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return str(-total % 10)


CHECKS = {
    "sf12": lambda s: s[:11] + sf12(s),
    "s10": lambda s: s[:10] + s10(s[2:10]) + s[11:],
    "ups": lambda s: s[:17] + ups(s[2:17]),
    "fedex12": lambda s: s[:11] + fedex12(s[:11]),
    "fedex15": lambda s: s[:14] + fedex15(s[:14]),
    "dhl": lambda s: s[:9] + str(int(s[:9]) % 7),
    "none": lambda s: s,
}


def check_rule(text, code, length):
    if "SF-12" in text:
        return "sf12"
    if "S10" in text:
        return "s10"
    if code == "UPS":
        return "ups"
    if code == "FEDEX":
        return "fedex12" if length == "12" else "fedex15"
    return "dhl" if code == "DHL" else "none"


def sample(template, rng):
    pick = {"#": "0123456789", "@": "ABCDEFGHJKLMNPQRSTUVWXYZ", "*": "0123456789"}
    return "".join(rng.choice(pick[c]) if c in pick else c for c in template)


def ambiguous(text):
    """Whether digits also read as a point in time or a telephone number, or a mobile and one digit more."""
    time = len(text) in (10, 13, 16) and "14" <= text[:2] < "20"
    return text.isdigit() and (text[0] == "0" or time or len(text) == 11 and text[0] == "1")


def matches(template, text):
    ok = {"#": str.isdigit, "@": str.isalpha, "*": str.isalnum}
    return len(template) == len(text) and all(
        ok[t](c) if t in ok else t == c for t, c in zip(template, text)
    )


# Forms that rule lists do not have, in the columns of WAYBILLS.tsv.
ADDED = [
    {"courier_code": "YTO", "courier_cn": "圆通速递", "pattern": "YT[0-9]{14}", "length": "16",
     "era": "current, with a digit too many as text recognition reads it off labels", "checksum": "none public",
     "specificity": "medium", "source": "samples from public documents, seen twice"},
]


def couriers(path, out):
    rows = []
    with open(path, encoding="utf-8") as f:
        for r in [*csv.DictReader(f, delimiter="\t"), *ADDED]:
            pattern = SUFFIX.sub("", r["pattern"])
            if ",}" in pattern or "-" in re.sub(r"\[.*?\]", "", pattern):
                continue  # no fixed length, or a package's number behind the serial of another row
            rng = random.Random(pattern)
            templates = sorted(set(expand(sre_parse.parse(pattern))))
            # A catch-all longer alphabet would swallow whole product codes; keep what has a fixed letter or only digits.
            rule = check_rule(r["checksum"], r["courier_code"], r["length"])
            level = re.split(r"[ ,;-]", r["specificity"])[0]
            # One that reads as nothing else, where the row has such.
            samples = (CHECKS[rule](sample(t, rng)) for t in templates for _ in range(50))
            example = next(s for s in samples if not ambiguous(s))
            if rule == "none":
                counter = example + "0"
                while any(matches(t, counter) for t in templates):
                    counter += "0"
            else:
                at = {"s10": 10}.get(rule, len(example) - 1)
                counter = example[:at] + str((int(example[at]) + 1) % 10) + example[at + 1 :]
            source = r["source"].split(";")[0]
            rows.append([r["courier_code"], r["courier_cn"], "|".join(templates), r["era"], rule, level,
                         example, counter, source])
    with open(f"{out}/couriers.tsv", "w", encoding="utf-8") as f:
        f.write("# Waybill formats by courier. `#` digit, `@` letter, `*` either. Written by tools/build_number_tables.py from public rule lists.\n")
        f.write("# code\tname\ttemplates\tera\tcheck\tspecificity\texample (synthetic)\tcounter-example\tsource\n")
        for row in rows:
            f.write("\t".join(row) + "\n")


def mobiles(path, out):
    kinds = [("virtual", "virtual"), ("satellite", "satellite"), ("data", "data"), ("IoT", "iot"),
             ("unallocated", "unallocated"), ("mobile", "mobile")]
    with open(path, encoding="utf-8") as f, open(f"{out}/mobile_prefixes.tsv", "w", encoding="utf-8") as o:
        o.write("# Prefixes of mainland mobile numbers; the longest that fits counts. Written by tools/build_number_tables.py.\n")
        o.write("# prefix\toperator\tline\n")
        for r in csv.DictReader(f, delimiter="\t"):
            prefix = r["prefix"]
            if not prefix.isdigit() or not "13" <= prefix[:2] <= "19":
                continue
            line = next((v for k, v in kinds if k in r["kind"]), None)
            # Blocks of IoT prefixes in which eleven-digit numbers are also issued count as data cards.
            if line == "iot" and ("11-digit" in r["kind"]):
                line = "data"
            if line:
                operator = r["operator"].split(" (")[0]
                operator = "China Telecom" if operator.startswith("China Telecom") else operator
                o.write(f"{prefix}\t{operator}\t{line}\n")


def landlines(path, out):
    with open(path, encoding="utf-8") as f, open(f"{out}/landline_areas.tsv", "w", encoding="utf-8") as o:
        o.write("# Area codes of fixed lines and the lengths of local numbers. Written by tools/build_number_tables.py.\n")
        for r in csv.DictReader(f, delimiter="\t"):
            o.write(f"{r['area_code']}\t{r['local_digits']}\n")


PROVINCES = {
    "北京": 11, "天津": 12, "河北": 13, "山西": 14, "内蒙古": 15, "辽宁": 21, "吉林": 22, "黑龙江": 23, "上海": 31, "江苏": 32,
    "浙江": 33, "安徽": 34, "福建": 35, "江西": 36, "山东": 37, "河南": 41, "湖北": 42, "湖南": 43, "广东": 44, "广西": 45,
    "海南": 46, "重庆": 50, "四川": 51, "贵州": 52, "云南": 53, "西藏": 54, "陕西": 61, "甘肃": 62, "青海": 63, "宁夏": 64,
    "新疆": 65,
}


def segments(path, out):
    """The home province of every segment of seven digits, as runs of one letter for each block of a thousand."""
    with open(path, "rb") as f:
        data = f.read()
    (index,) = struct.unpack_from("<i", data, 4)
    home = {}
    for at in range(index, len(data) - 8, 9):
        segment, text = struct.unpack_from("<ii", data, at)
        province = data[text : data.index(0, text)].decode().split("|")[0]
        home[segment] = PROVINCES[province]
    codes = sorted(PROVINCES.values())
    letter = {code: chr(ord("A") + i if i < 26 else ord("a") + i - 26) for i, code in enumerate(codes)}
    with open(f"{out}/mobile_segments.tsv", "w", encoding="utf-8") as o:
        o.write("# Home provinces of mobile numbers by their first seven digits, written by tools/build_number_tables.py from the PyPI\n")
        o.write("# package phone. A row is a block of a thousand segments: the first four digits and runs of segments, each a letter for\n")
        o.write("# the province and the length of the run where it is not 1; `.` is not known. The first row says what the letters mean.\n")
        o.write("letters\t" + " ".join(f"{letter[c]}{c}" for c in codes) + "\n")
        for block in range(1300, 2000):
            runs = []
            for segment in range(block * 1000, block * 1000 + 1000):
                sign = letter.get(home.get(segment), ".")
                if runs and runs[-1][0] == sign:
                    runs[-1][1] += 1
                else:
                    runs.append([sign, 1])
            if runs != [[".", 1000]]:
                o.write(f"{block}\t" + "".join(s if n == 1 else f"{s}{n}" for s, n in runs) + "\n")


def main():
    waybills, mobile, landline, phone, out = sys.argv[1:]
    couriers(waybills, out)
    mobiles(mobile, out)
    landlines(landline, out)
    segments(phone, out)


main()
