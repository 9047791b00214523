"""Finds leaked personal data of Chinese customers: names, postal addresses, mobile numbers, courier waybills.

>>> import miandan
>>> scanner = miandan.Scanner()
>>> text = "收件人：张伟 电话：13812345678"
>>> findings = scanner.scan(text)
>>> [(f.kind, text[f.slice]) for f in findings]
[('name', '张伟'), ('mobile', '13812345678')]

``Scanner.scan`` takes one text, ``scan_batch`` a list, ``scan_arrow`` record batches; ``miandan.spark`` takes data frames.
"""

from ._miandan import (
    ArrowScan,
    Decision,
    Finding,
    Findings,
    Fingerprinter,
    InputWarning,
    Policy,
    Record,
    Redacted,
    Redactor,
    Scanner,
    Summary,
    __version__,
)

__all__ = [
    "ArrowScan",
    "Decision",
    "Finding",
    "Findings",
    "Fingerprinter",
    "InputWarning",
    "Policy",
    "Record",
    "Redacted",
    "Redactor",
    "Scanner",
    "Summary",
    "__version__",
]
