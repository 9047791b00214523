"""The same scan on Spark: Sail in local-cluster mode with several workers, through Spark Connect.

``MIANDAN_LISTINGS`` names an export of listings as JSON Lines (``make_haystack listing N``); without it a small one is made up.
"""

import json
import os
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.json
import pytest

import miandan
from miandan.spark import _fingerprinter, scan_dataframe, summarize

pytest.importorskip("pysail")
PySparkException = pytest.importorskip("pyspark.errors").PySparkException

COLUMNS = ["title", "text"]
KEY = "sixteen secret bytes"


@pytest.fixture(scope="module")
def spark():
    os.environ |= {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "3",
        "SAIL_CLUSTER__WORKER_MAX_COUNT": "4",
        # Sail's retries may write rows twice (docs/scale.md): a failed task fails its job.
        "SAIL_CLUSTER__TASK_MAX_ATTEMPTS": "1",
        "MIANDAN_KEY": KEY,
    }
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()


@pytest.fixture(scope="module")
def listings(tmp_path_factory):
    """The export, as a path."""
    if path := os.environ.get("MIANDAN_LISTINGS"):
        return Path(path)
    path = tmp_path_factory.mktemp("listings") / "listings.jsonl"
    with path.open("w") as file:
        for i in range(3_000):
            text = f"样品：张伟 138{i:08} 浙江省杭州市西湖区文三路{i + 1}号" if i % 7 == 0 else "这款产品的做工很精细。"
            print(json.dumps({"id": f"L{i}", "title": "连衣裙", "price": "1.0", "text": text}, ensure_ascii=False), file=file)
    return path


@pytest.fixture(scope="module")
def single(scanner, listings):
    """Findings and summary of a single machine."""
    rows = pyarrow.json.read_json(listings)
    scan = scanner.scan_arrow(rows, text_columns=COLUMNS, id_column="id")
    return as_set(pa.table(scan).to_pylist()), scan.summary


def as_set(rows):
    found = {tuple(row.values()) for row in rows}
    assert len(found) == len(rows), "no finding twice"
    return found


@pytest.mark.parametrize("partitions", [1, 4, 16])
def test_every_split_gives_the_findings_of_a_single_machine(spark, listings, single, tmp_path, partitions):
    findings, summary = single
    assert len(findings) > 500
    export = tmp_path / "export"
    spark.read.json(str(listings)).repartition(partitions).write.parquet(str(export))
    df = spark.read.parquet(str(export))
    found = scan_dataframe(df, COLUMNS, "id")
    assert as_set([row.asDict() for row in found.collect()]) == findings
    assert summarize(df, COLUMNS) == summary


def test_findings_and_summary_from_one_scan(spark, listings, single, tmp_path):
    findings, summary = single
    df = spark.read.json(str(listings)).repartition(4)
    scan_dataframe(df, COLUMNS, "id", summary=True).write.parquet(str(tmp_path / "found"))
    found = spark.read.parquet(str(tmp_path / "found"))
    assert summarize(found) == summary
    kept = found.where("summary IS NULL").drop("summary").collect()
    assert as_set([row.asDict() for row in kept]) == findings


@pytest.mark.skipif("MIANDAN_PROGRAM" not in os.environ, reason="names the program to compare with")
def test_the_line_filter_finds_the_same(listings, single):
    command = [os.environ["MIANDAN_PROGRAM"], "filter", "--text-field", "title", "--text-field", "text"]
    with listings.open() as lines:
        output = subprocess.run(command, stdin=lines, capture_output=True, check=True).stdout
    answers = [json.loads(line) for line in output.splitlines()]
    filtered = {
        (answer["id"], f["field"], f["kind"], f["form"], f["text_span"]["start"], f["span"]["end"], f["value"], f["confidence"])
        for answer in answers
        for f in answer["findings"]
    }
    findings, summary = single
    assert filtered == {(*row[:5], *row[7:10]) for row in findings}
    assert (len(answers), sum(len(a["records"]) for a in answers)) == (summary.rows, summary.records)


def test_a_key_stays_with_the_executors(spark, capfd):
    df = spark.createDataFrame([("a", "张伟 13812345678")], ["id", "text"])
    found = scan_dataframe(df, ["text"], "id", key_env="MIANDAN_KEY")
    key = miandan.Fingerprinter(KEY.encode())
    assert [row.fingerprint for row in found.collect()] == [None, key.mobile("13812345678")]
    found.explain(True)
    printed = capfd.readouterr()
    assert KEY not in printed.out + printed.err
    keyed = summarize(df, ["text"], key_env="MIANDAN_KEY")
    assert keyed != summarize(df, ["text"]) and keyed.figures() == summarize(df, ["text"]).figures()
    absent = "MIANDAN_ABSENT holds no key; set it in the environment"
    with pytest.raises(PySparkException, match=absent):
        scan_dataframe(df, ["text"], "id", key_env="MIANDAN_ABSENT").collect()
    with pytest.raises(PySparkException, match="no/such/key"):
        summarize(df, ["text"], key_file="no/such/key")
    with pytest.raises(ValueError, match=absent):
        _fingerprinter("MIANDAN_ABSENT", None)
    with pytest.raises(OSError, match="no/such/key"):
        _fingerprinter(None, "no/such/key")


def test_missing_cells_and_other_types_of_id(spark):
    rows = [(1, None, None), (2, "", ""), (3, None, "电话13812345678")]
    df = spark.createDataFrame(rows, "id long, title string, text string")
    found = scan_dataframe(df, COLUMNS, "id").collect()
    assert [(row.id, row.kind, row.char_start) for row in found] == [(3, "mobile", 2)]
    assert summarize(df, COLUMNS).rows == 3
    empty = df.where("id > 5")
    assert scan_dataframe(empty, COLUMNS, "id").collect() == []
    assert summarize(empty, COLUMNS) == miandan.Summary()


def test_wrong_use_is_told_before_anything_runs(spark):
    df = spark.createDataFrame([(1, 2.0, "a")], ["id", "price", "text"])
    with pytest.raises(TypeError, match="'price' has type double; text columns are string or binary"):
        scan_dataframe(df, ["price"], "id")
    with pytest.raises(KeyError, match="the columns are id, price, text"):
        summarize(df, ["body"])
    with pytest.raises(KeyError, match="no column 'nr'"):
        scan_dataframe(df, ["text"], "nr")
    with pytest.raises(TypeError, match="a list of column names"):
        scan_dataframe(df, "text", "id")
    with pytest.raises(ValueError, match="known are"):
        scan_dataframe(df, ["text"], "id", kinds=["passport"])
    with pytest.raises(ValueError, match="summary=True"):
        summarize(df)


def test_after_a_task_dies_midway_the_same_job_answers_the_same(spark, listings, single, tmp_path):
    marker, path = tmp_path / "died", str(tmp_path / "found")

    def dies_once(batches):
        for batch in batches:
            yield batch
            if not marker.exists():
                marker.touch()
                raise RuntimeError("the worker is lost")

    df = spark.read.json(str(listings)).repartition(4)
    df = df.mapInArrow(dies_once, df.schema)
    found = scan_dataframe(df, COLUMNS, "id")
    with pytest.raises(PySparkException, match="the worker is lost"):
        found.write.mode("overwrite").parquet(path)
    found.write.mode("overwrite").parquet(path)
    assert as_set([row.asDict() for row in spark.read.parquet(path).collect()]) == single[0]
    marker.unlink()
    with pytest.raises(PySparkException, match="the worker is lost"):
        summarize(df, COLUMNS)
    assert summarize(df, COLUMNS) == single[1]
