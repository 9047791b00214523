"""The compiled part of the package; import its names from ``miandan``."""

import builtins
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Generic, Literal, Protocol, TypedDict, TypeVar, final

__version__: str

Kind = Literal[
    "name", "address", "mobile", "waybill", "id_card", "bank_card", "landline", "email", "handle", "custom"
]
Form = Literal["full", "partial", "masked", "disguised"]
Level = Literal["low", "medium", "high"]
Role = Literal["receiver", "sender", "unknown"]
Verdict = Literal["pass", "review", "block"]
Format = Literal["auto", "text", "csv", "tsv", "jsonl", "json", "sql", "markup", "html-table"]
Encoding = Literal["auto", "utf-8", "gb18030", "big5", "utf-16le", "utf-16be"]
Operator = Literal["mask", "label", "pseudonym", "fake", "remove", "keep"]
Text = str | bytes
T = TypeVar("T", str, bytes)

class ArrowStream(Protocol):
    """A pyarrow or polars table, a reader, a DuckDB result: whatever exports an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowArray(Protocol):
    """A record batch: whatever exports an Arrow array of rows."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class Limits(TypedDict, total=False):
    """From ``review`` on a person decides, from ``block`` on it is held back; a missing one = never."""

    review: float | None
    block: float | None

@final
class Scanner:
    """Finds personal data. Never changes; can be shared by threads and pickled. Scanning releases the GIL."""

    def __new__(
        cls,
        *,
        kinds: Sequence[Kind] | None = None,
        min_confidence: float = 0.5,
        names: Literal["everywhere", "near"] = "everywhere",
    ) -> Scanner: ...
    def scan(self, text: Text | None, *, format: Format = "auto", encoding: Encoding = "auto") -> Findings:
        """Scans one text: a ``str``, or ``bytes`` whose encoding is guessed."""
    def scan_batch(
        self,
        texts: Sequence[Text | None],
        *,
        format: Format = "auto",
        encoding: Encoding = "auto",
        threads: int | None = None,
    ) -> list[Findings]:
        """Scans many texts on several threads; each is a unit of its own. ``threads=None``: one for each core."""
    def scan_arrow(
        self,
        data: ArrowStream | ArrowArray,
        *,
        text_columns: Sequence[str] | None = None,
        id_column: str | None = None,
        show_values: bool = False,
        fingerprinter: Fingerprinter | None = None,
        format: Format = "text",
        threads: int | None = 1,
    ) -> ArrowScan:
        """Scans record batches: one row in, its findings out as rows, streamed in the order of the input."""
    def summarize_arrow(
        self,
        data: ArrowStream | ArrowArray,
        *,
        text_columns: Sequence[str] | None = None,
        fingerprinter: Fingerprinter | None = None,
        format: Format = "text",
        threads: int | None = 1,
    ) -> Summary:
        """Counts record batches without their findings."""

@final
class Findings:
    """Everything found in one text: a sequence of findings, with the records they make up."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> Finding: ...
    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
    @property
    def records(self) -> list[Record]:
        """Findings that describe one customer each."""
    @property
    def warnings(self) -> list[InputWarning]:
        """What could not be read as it should."""
    @property
    def format(self) -> str:
        """How the text is laid out, as said or recognised."""
    @property
    def encoding(self) -> str:
        """The encoding, as said or guessed; ``utf-8`` for a ``str``."""
    def summarize(self, fingerprinter: Fingerprinter | None = None) -> Summary:
        """The counts of this text, as the summary of one input."""

@final
class Finding:
    """One piece of personal data: what, where, how sure and why. ``repr`` shows no value."""

    @property
    def kind(self) -> Kind: ...
    @property
    def form(self) -> Form:
        """``full``, ``partial`` (张先生), ``masked`` (138****1234) or ``disguised`` (一三八…)."""
    @property
    def char_start(self) -> int | None:
        """Where it begins, in code points of the ``str``; ``None`` for ``bytes``."""
    @property
    def char_end(self) -> int | None:
        """Where it ends, in code points of the ``str``, not included; ``None`` for ``bytes``."""
    @property
    def byte_start(self) -> int:
        """Where it begins, in bytes of the ``bytes``, or of the ``str`` in UTF-8."""
    @property
    def byte_end(self) -> int:
        """Where it ends, in bytes, not included."""
    @property
    def slice(self) -> builtins.slice:
        """``text[finding.slice]`` is the finding in what was handed in, ``str`` or ``bytes``."""
    @property
    def confidence(self) -> float:
        """Calibrated, 0 … 1: the share of such findings that are right."""
    @property
    def level(self) -> Level:
        """``low`` < 0.5 ≤ ``medium`` < 0.9 ≤ ``high``."""
    @property
    def value(self) -> str:
        """The text as it stands, decoded and unescaped. Personal: do not log it."""
    @property
    def masked(self) -> str:
        """The value with its identifying part hidden."""
    @property
    def normalized(self) -> str:
        """The one spelling in which equal values are equal. Personal: do not log it."""
    @property
    def evidence(self) -> list[tuple[str, int]]:
        """Why: identifiers and weights in milli-logits."""
    @property
    def detail(self) -> dict[str, Any]:
        """What else is known, by kind, as in the JSON Lines of ``miandan scan``."""
    @property
    def line(self) -> int:
        """Physical line, from 1."""
    @property
    def row(self) -> int | None:
        """Data row of a table or JSON record, from 1."""
    @property
    def column(self) -> int | None:
        """Column of a table, from 1."""
    @property
    def record(self) -> int | None:
        """Position of its record in ``Findings.records``."""

@final
class Record:
    """Findings that describe one customer."""

    @property
    def findings(self) -> list[Finding]: ...
    @property
    def fields(self) -> dict[Kind, Finding]:
        """The best finding of each kind."""
    @property
    def role(self) -> Role: ...
    @property
    def confidence(self) -> float:
        """How sure it is that these findings belong to one person, 0 … 1."""
    @property
    def is_complete(self) -> bool:
        """Whether it has name, mobile and address."""

@final
class InputWarning:
    """Something in a text that could not be read as it should; the scan went on."""

    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def byte_span(self) -> tuple[int, int] | None: ...
    @property
    def loss(self) -> bool:
        """Whether something was left unread."""

@final
class ArrowScan:
    """Record batches of findings, made while they are read; it can be read once.

    Hand it to whatever reads Arrow streams: ``pyarrow.table(scan)``, ``pyarrow.RecordBatchReader.from_stream(scan)``.
    """

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    @property
    def summary(self) -> Summary:
        """The counts of all rows, once the scan was read to its end."""

@final
class Summary:
    """Every aggregate of a scan, as a value that merges: associative, commutative, the same for any split of the rows."""

    def __new__(cls) -> Summary: ...
    def __add__(self, other: Summary) -> Summary: ...
    def merge(self, other: Summary) -> None:
        """Adds everything that another summary holds."""
    def to_bytes(self) -> builtins.bytes:
        """The stored form. It carries keyed hashes of people."""
    @classmethod
    def from_bytes(cls, data: builtins.bytes) -> Summary: ...
    @property
    def rows(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    def findings(self, kind: Kind | None = None) -> int:
        """Findings of all kinds, or of one."""
    @property
    def records(self) -> int: ...
    @property
    def complete_records(self) -> int:
        """Records with name, mobile and address."""
    @property
    def distinct_persons(self) -> int:
        """Exact up to 1.35 million, then within 0.3 % (one standard error)."""
    def figures(self) -> dict[str, Any]:
        """The numbers as ``miandan scan`` prints them in its last line."""
    def report(self) -> dict[str, Any]:
        """What follows from the summary, as ``miandan report --format json`` prints it."""

@final
class Policy:
    """When to let a text through, ask a person, or hold it back. What is not given keeps its default."""

    def __new__(
        cls,
        *,
        min_confidence: float = ...,
        count_masked: bool = ...,
        kinds: Sequence[Kind] = ...,
        findings: Limits = ...,
        records: Limits = ...,
        complete_records: Limits = ...,
        listing: Limits = ...,
        sample: Limits = ...,
    ) -> Policy: ...
    def decide(self, findings: Findings, *, title: str = "", listing: bool = False) -> Decision:
        """Decides from a scan. ``listing=True``: the words count, too: does the text sell data, or carry a sample?"""
    def to_dict(self) -> dict[str, Any]: ...

@final
class Decision:
    """A verdict with its reasons."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def reasons(self) -> list[tuple[str, Verdict, float, float]]:
        """The gravest first: identifier, what it alone would decide, the value, and the limit that it met."""

@final
class Redactor:
    """Replaces what a scan finds, and scans the result again."""

    def __new__(
        cls,
        operator: Operator = "mask",
        *,
        kinds: Mapping[Kind, Operator] | None = None,
        fingerprinter: Fingerprinter | None = None,
    ) -> Redactor: ...
    def redact(self, scanner: Scanner, text: T) -> Redacted[T]: ...

@final
class Redacted(Generic[T]):
    """A redacted text."""

    @property
    def text(self) -> T: ...
    @property
    def replaced(self) -> dict[Kind, int]:
        """Values that were replaced, by kind."""
    @property
    def left(self) -> int:
        """Full values that a second scan still reports."""

@final
class Fingerprinter:
    """Makes fingerprints under a secret key: 64 bits of HMAC-SHA-256 as 16 hexadecimal digits. Cannot be pickled."""

    def __new__(cls, key: bytes) -> Fingerprinter: ...
    @classmethod
    def from_env(cls, variable: str = "MIANDAN_KEY") -> Fingerprinter: ...
    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Fingerprinter: ...
    @property
    def key_id(self) -> str:
        """Tells whether two fingerprinters have the same key, and nothing else about it."""
    def mobile(self, number: str, extension: int = 0) -> str: ...
    def waybill(self, serial: str) -> str: ...
    def person(self, name: str, address: str) -> str: ...
    def finding(self, finding: Finding) -> str | None: ...
    def record(self, record: Record) -> str | None: ...
