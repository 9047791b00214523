"""The Python of the documents runs as it is written."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SNIPPETS = [
    pytest.param(block, id=f"{path}:{i}")
    for path in ("README.md", "python/README.md", "docs/scale.md")
    for i, block in enumerate(BLOCK.findall((ROOT / path).read_text()))
]


def test_there_are_snippets():
    assert len(SNIPPETS) >= 3


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_runs(snippet, tmp_path):
    script = tmp_path / "snippet.py"
    script.write_text(snippet)
    subprocess.run([sys.executable, "-W", "ignore", script], cwd=tmp_path, check=True, timeout=120)
