"""The executable function of `examples/clickhouse` in ClickHouse itself (PyPI `chdb`)."""

import json
import os
from pathlib import Path

import pytest

session = pytest.importorskip("chdb.session")
pytestmark = pytest.mark.skipif("MIANDAN_PROGRAM" not in os.environ, reason="names the program to run")

CONFIGURATION = Path(__file__).resolve().parents[2] / "examples/clickhouse/miandan_function.xml"


def test_clickhouse_calls_the_filter(tmp_path):
    scripts = tmp_path / "user_scripts"
    scripts.mkdir()
    (scripts / "miandan").symlink_to(Path(os.environ["MIANDAN_PROGRAM"]).resolve())
    options = f"user_scripts_path={scripts}&user_defined_executable_functions_config={CONFIGURATION}"
    clickhouse = session.Session(f"{tmp_path}/data?{options}")
    rows = "SELECT number, concat('收件人：张伟\\n电话：1381234', leftPad(toString(number), 4, '0'), '\\t\\\\') AS text FROM numbers(3000)"
    found = clickhouse.query(f"SELECT number, miandan(text) AS answer FROM ({rows}) ORDER BY number", "JSONEachRow")
    answers = [json.loads(line) for line in str(found).splitlines()]
    assert len(answers) == 3000
    for row in answers:
        answer = json.loads(row["answer"])
        assert [f["kind"] for f in answer["findings"]] == ["name", "mobile"]
        assert answer["findings"][1]["value"] == f"138******{int(row['number']) % 100:02}"
    clickhouse.close()
