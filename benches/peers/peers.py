"""Python peers on haystacks: CPU time, and how many of the planted values they find. benches/peers.sh calls this.

A new peer is a function that loads it and returns what finds pairs of kind and value in a text, an entry of PEERS, and a line of
requirements.txt. No value is ever printed, only counts are.
"""

import argparse
import contextlib
import csv
import gc
import importlib.metadata
import json
import platform
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("name", "address", "mobile", "waybill")
Found = Iterable[tuple[str, str]]
Find = Callable[[str], Found]

# What one would write in a few minutes. Names cannot be told by a short pattern.
PATTERNS = {
    "address": r"[一-鿿]{2,8}[省市区县][一-鿿0-9A-Za-z-]+[号室栋幢楼层]",
    "mobile": r"(?<!\d)1[3-9]\d{9}(?!\d)",
    "waybill": r"(?<![0-9A-Za-z])(?:(?:SF|JDV?[A-Z]?|YT|JT|ZT|ST|YD)\d{11,13}|\d{12,15})(?!\d)",
}


def patterns() -> Find:
    compiled = [(kind, re.compile(pattern)) for kind, pattern in PATTERNS.items()]
    return lambda text: [(kind, m[0]) for kind, pattern in compiled for m in pattern.finditer(text)]


def argus() -> Find:
    from argus_redact import redact

    kinds = {"person": "name", "address": "address", "phone": "mobile"}
    return lambda text: [
        (kinds.get(e["type"], ""), e["original"]) for e in redact(text, lang="zh", mode="fast", detailed=True)[2]["entities"]
    ]


def helan() -> Find:
    from helan import recognize

    kinds = {"PERSON_NAME": "name", "ADDRESS": "address", "PHONE": "mobile"}
    return lambda text: [(kinds.get(e.type, ""), e.text) for e in recognize(text)]


def yindun() -> Find:
    from app.detectors.regex_detector import detect_entities
    from app.models import EntityType

    # Its file of rules, which says what is looked for, is not in the package.
    everything = list(EntityType)
    kinds = {EntityType.PERSON_NAME: "name", EntityType.ADDRESS: "address", EntityType.PHONE: "mobile"}
    return lambda text: [(kinds.get(e.type, ""), e.text) for e in detect_entities(text, everything)]


def yinshield() -> Find:
    from yinshield import Shield, ShieldSession

    kinds = {"PERSON": "name", "ADDRESS": "address", "PHONE": "mobile", "TRACKING_NO": "waybill"}
    shield = Shield(strategy="strict")

    # It tells values and their labels, as <LABEL_1>. A text has its own session, which knows nothing of those before.
    def find(text: str) -> Found:
        values = shield.mask(text, session=ShieldSession())[1]
        return [(kinds.get(label[1:].rpartition("_")[0], ""), value) for label, value in values.items()]

    return find


def datamask() -> Find:
    from datamask_core import DataMaskPipeline

    kinds = {"PER": "name", "LOC": "address", "PHONE": "mobile"}
    pipeline = DataMaskPipeline(use_model=False)
    return lambda text: [(kinds.get(e["type"], ""), e["text"]) for e in pipeline.process(text)["entities"]]


def jionlp() -> Find:
    from jionlp import extract_phone_number

    return lambda text: [("mobile", e["text"]) for e in extract_phone_number(text, detail=True) if e["type"] == "cell_phone"]


def datafog() -> Find:
    from datafog import scan

    return lambda text: [("mobile", e.text) for e in scan(text, engine="regex").entities if e.type == "PHONE"]


def presidio() -> Find:
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    # It has no recognisers of its own for Chinese: it is given the patterns above, and no model of language.
    languages = ["zh"]
    recognizers = [
        PatternRecognizer(supported_entity=kind, patterns=[Pattern(kind, pattern, 0.5)], supported_language="zh")
        for kind, pattern in PATTERNS.items()
    ]
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=languages),
        nlp_engine=NoOpNlpEngine([{"lang_code": "zh", "model_name": "none"}]),
        supported_languages=languages,
    )
    return lambda text: [(e.entity_type, text[e.start : e.end]) for e in engine.analyze(text, language="zh")]


@dataclass(frozen=True)
class Peer:
    """A peer: its distribution (none: Python's own), the kinds it looks for, and what loads it."""

    name: str
    distribution: str | None
    kinds: tuple[str, ...]
    load: Callable[[], Find]

    def version(self) -> str:
        return importlib.metadata.version(self.distribution) if self.distribution else platform.python_version()


PEERS = (
    Peer("re", None, ("address", "mobile", "waybill"), patterns),
    Peer("argus-redact", "argus-redact", ("name", "address", "mobile"), argus),
    Peer("helan", "helan", ("name", "address", "mobile"), helan),
    Peer("yindun", "yindun-desensitize", ("name", "address", "mobile"), yindun),
    Peer("yinshield", "yinshield", KINDS, yinshield),
    Peer("datamask", "datamask-core", ("name", "address", "mobile"), datamask),
    Peer("jionlp", "jionlp", ("mobile",), jionlp),
    Peer("datafog", "datafog", ("mobile",), datafog),
    Peer("presidio", "presidio-analyzer", ("address", "mobile", "waybill"), presidio),
)


def planted(haystack: str, lines: list[str]) -> Counter[tuple[str, str]]:
    """The values that the generator put into these lines, read by its own layout; clean prose has none."""

    def rows() -> Iterator[tuple[str, ...]]:
        if haystack == "csv":
            for row in csv.reader(lines):
                if row[0] != "运单号":
                    yield row[1], row[3], row[2], row[0]
        elif haystack == "key-value":
            for line in lines:
                waybill, name, mobile, address = re.split(" ?(?:单号|收件人|电话|地址)：", line)[1:]
                yield name, address, mobile, waybill
        elif haystack == "listing":
            for line in lines:
                if sample := re.search("样品：(.*?) (.*?) (.*)，(.*)，量大优惠$", json.loads(line)["text"]):
                    yield sample[1], sample[3], sample[2], sample[4]

    return Counter(pair for row in rows() for pair in zip(KINDS, row, strict=True))


@dataclass(frozen=True)
class Result:
    """What came of one peer on one haystack. `truth` is what was planted in the text in which `found` was found."""

    haystack: str
    peer: str
    version: str
    lines: int
    bytes: int
    cpu: float
    kinds: tuple[str, ...]
    truth: Counter[tuple[str, str]]
    found: Counter[tuple[str, str]]

    def counts(self, kind: str) -> tuple[int, int, int]:
        """Of a kind: values planted, findings, and planted values that are exactly a finding."""
        of = [sum(n for (k, _), n in c.items() if k == kind) for c in (self.truth, self.found, self.truth & self.found)]
        return of[0], of[1], of[2]

    def speed(self) -> float:
        return self.bytes / 1e6 / self.cpu


def run(peer: Peer, find: Find, haystack: str, text: str, seconds: float) -> Result:
    """Calls a peer for every line, once untimed before, until the text or the time is at its end."""
    lines = text.splitlines()
    list(find(lines[-1]))
    found: list[Found] = []
    start = time.process_time()
    for done, line in enumerate(lines, 1):
        found.append(find(line))
        if done % 32 == 0 and time.process_time() - start > seconds:
            break
    cpu = time.process_time() - start
    lines = lines[: len(found)]
    size = sum(len(line.encode()) + 1 for line in lines)
    pairs = Counter((kind, value.strip()) for of_line in found for kind, value in of_line)
    return Result(haystack, peer.name, peer.version(), len(lines), size, cpu, peer.kinds, planted(haystack, lines), pairs)


def run_miandan(program: str, haystack: str, small: Path, large: Path) -> Result:
    """Times the program on the large file and looks at its findings in the small one."""
    options = "--no-config -q --threads 1 --names everywhere --format jsonl --brief --show-values"
    scan = [program, "scan", *options.split()]

    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    output = subprocess.run([*scan, small], stdout=subprocess.PIPE, check=True, text=True).stdout
    findings = (json.loads(line) for line in output.splitlines())
    pairs = Counter((f["kind"], f["value"]) for f in findings if f["type"] == "finding")
    before = cpu()
    subprocess.run([*scan, "-o", "/dev/null", large], check=True)
    took = cpu() - before
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.split()[-1]
    content = large.read_bytes()
    truth = planted(haystack, small.read_text().splitlines())
    return Result(haystack, "miandan", version, content.count(b"\n"), len(content), took, KINDS, truth, pairs)


def row(result: Result) -> str:
    cells = []
    for kind in KINDS:
        expected, found, exact = result.counts(kind)
        share = f"{exact / expected:.3f} " if expected else ""
        cells.append(f"{share}{found}" if kind in result.kinds else "–")
    return (
        f"{result.haystack:<10} {result.peer:<13} {result.version:<8} {result.lines:>7}"
        f" {result.cpu:>8.2f} {result.speed():>8.2f}" + "".join(f" {cell:>12}" for cell in cells)
    )


def write_record(path: Path, results: list[Result]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        columns = [f"{kind}_{what}" for kind in KINDS for what in ("planted", "found", "exact")]
        out.writerow(["haystack", "peer", "version", "lines", "bytes", "cpu_s", "mb_per_s", *columns])
        for r in results:
            counts = [n for kind in KINDS for n in (r.counts(kind) if kind in r.kinds else ("", "", ""))]
            out.writerow([r.haystack, r.peer, r.version, r.lines, r.bytes, f"{r.cpu:.3f}", f"{r.speed():.3f}", *counts])


def load(peers: Iterable[Peer]) -> Iterator[tuple[Peer, Find]]:
    """The peers that are installed; the others are named."""
    for peer in peers:
        try:
            with contextlib.redirect_stdout(sys.stderr):  # some greet
                find = peer.load()
        except (ImportError, OSError) as error:
            print(f"{peer.name} is left out: {error}", file=sys.stderr)
        else:
            yield peer, find


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="holds csv, key-value, listing and prose, and the same with .large")
    parser.add_argument("--miandan", required=True, help="the program")
    parser.add_argument("--seconds", type=float, default=10, help="CPU time after which a peer is stopped on a haystack")
    parser.add_argument("--record", type=Path, help="keeps the figures as CSV")
    parser.add_argument("--only", default="csv,key-value,listing,prose", help="haystacks, separated by commas")
    args = parser.parse_args()
    loaded = list(load(PEERS))
    gc.freeze()  # what one peer loads is not looked through again in another's time
    print("Of each kind: share of the planted values that are exactly a finding, and number of findings.")
    print(
        f"{'haystack':<10} {'peer':<13} {'version':<8} {'lines':>7} {'CPU s':>8} {'MB/s':>8}"
        + "".join(f" {kind:>12}" for kind in KINDS)
    )
    results = []
    for haystack in args.only.split(","):
        small = args.directory / haystack
        results.append(run_miandan(args.miandan, haystack, small, small.with_suffix(".large")))
        print(row(results[-1]), flush=True)
        for peer, find in loaded:
            try:
                results.append(run(peer, find, haystack, small.read_text(), args.seconds))
                print(row(results[-1]), flush=True)
            except Exception as error:  # whatever a peer may raise; what it says may hold a value
                print(f"{haystack}: {peer.name} failed with {type(error).__name__}", file=sys.stderr)
    if args.record:
        write_record(args.record, results)


if __name__ == "__main__":
    main()
