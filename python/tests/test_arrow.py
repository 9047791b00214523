"""Record batches. Every person is invented."""

import subprocess
import sys

import pyarrow as pa
import pytest

import miandan

TEXTS = ["快递样品：张伟 13812345678 浙江省杭州市西湖区文三路128号", "", None, "电话 159 1234 5678😀", "没有"]


def table(**columns):
    return pa.table({"id": [f"L{i}" for i in range(5)], "title": ["连衣裙", "a", "b", None, "d"], "text": TEXTS, **columns})


def test_a_row_of_findings_for_each_finding(scanner):
    scan = scanner.scan_arrow(table(), text_columns=["title", "text"], id_column="id")
    with pytest.raises(RuntimeError, match="read it first"):
        scan.summary
    found = pa.table(scan).to_pylist()
    assert [(r["id"], r["kind"]) for r in found] == [("L0", "name"), ("L0", "mobile"), ("L0", "address"), ("L3", "mobile")]
    texts = dict(zip(table()["id"].to_pylist(), TEXTS))
    for row in found:
        text = texts[row["id"]]
        chars = text[row["char_start"] : row["char_end"]]
        assert text.encode()[row["byte_start"] : row["byte_end"]].decode() == chars
        assert row["field"] == "text" and row["confidence"] > 0.5
    assert found[1]["value"] == "138******78" and "normalized" not in found[1]
    assert [r["record"] for r in found] == [1, 1, 1, None]
    assert found[2]["city"] == 330100 and found[0]["role"] == "unknown"
    summary = scan.summary
    assert (summary.rows, summary.findings(), summary.complete_records) == (5, 4, 1)
    with pytest.raises(RuntimeError, match="already"):
        pa.table(scan)


def test_what_comes_out_does_not_depend_on_batches_and_threads(scanner):
    rows = pa.concat_tables([table()] * 700)
    expect, summary = None, None
    for size in (1, 7, 1000, 10_000):
        for threads in (1, 3, None):
            reader = pa.RecordBatchReader.from_batches(rows.schema, rows.to_batches(max_chunksize=size))
            scan = scanner.scan_arrow(reader, text_columns=["text"], threads=threads, show_values=True)
            found = pa.table(scan)
            if expect is None:
                expect, summary = found, scan.summary
            assert found.combine_chunks() == expect.combine_chunks() and scan.summary == summary
            if size == 1:
                break
    assert expect["row"].to_pylist()[:5] == [0, 0, 0, 3, 5]
    counted = scanner.summarize_arrow(rows, text_columns=["text"])
    assert counted == summary and counted.rows == 3500


def test_every_type_of_text_column(scanner):
    column = pa.array(TEXTS)
    kinds = [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.binary(), pa.large_binary(), pa.binary_view()]
    expect = pa.table(scanner.scan_arrow(pa.table({"t": column})))
    assert len(expect) == 4
    for kind in kinds:
        other = column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
        found = pa.table(scanner.scan_arrow(pa.table({"t": other})))
        same = ["row", "kind", "byte_start", "byte_end", "value", "record"]
        if "binary" in str(kind):
            assert found["char_start"].null_count == 4
        else:
            same += ["char_start", "char_end"]
        assert found.select(same) == expect.select(same), kind
    assert len(pa.table(scanner.scan_arrow(pa.table({"t": pa.nulls(5)})))) == 0
    gb = [TEXTS[0].encode("gb18030")]
    found = pa.table(scanner.scan_arrow(pa.table({"t": pa.array(gb)}))).to_pylist()
    assert [r["kind"] for r in found] == ["name", "mobile", "address"]
    assert gb[0][found[1]["byte_start"] : found[1]["byte_end"]] == b"13812345678"


def test_a_slice_a_batch_and_other_libraries_columns(scanner):
    rows = table().slice(3)
    for data in (rows, rows.to_batches()[0], rows.to_reader()):
        found = pa.table(scanner.scan_arrow(data, id_column="id"))
        assert found["id"].to_pylist() == ["L3"]


def test_columns_are_evidence_and_make_one_record(scanner):
    orders = pa.table({"订单号": ["20240000000000001"], "收件人": ["张伟"], "手机": ["13812345678"], "收货地址": ["浙江省杭州市西湖区文三路128号"]})
    scan = scanner.scan_arrow(orders, id_column="订单号")
    found = pa.table(scan).to_pylist()
    assert [r["field"] for r in found] == ["收件人", "手机", "收货地址"]
    assert {r["record"] for r in found} == {1} and scan.summary.complete_records == 1


def test_whole_documents_in_cells(scanner):
    document = "姓名,电话\n" + "\n".join(f"张伟,1381234{i:04}" for i in range(50))
    found = pa.table(scanner.scan_arrow(pa.table({"t": [document, document]}), format="auto"))
    assert found["record"].to_pylist()[:4] == [1, 1, 2, 2] and found["row"].to_pylist().count(1) == 100
    assert document[found["char_start"][3].as_py() : found["char_end"][3].as_py()] == "13812340001"


def test_fingerprints_ride_along(scanner):
    key = miandan.Fingerprinter(b"sixteen secret bytes")
    scan = scanner.scan_arrow(table(), text_columns=["text"], fingerprinter=key)
    found = pa.table(scan).to_pylist()
    assert found[1]["fingerprint"] == key.mobile("13812345678")
    assert found[0]["person"] == found[1]["person"] and found[3]["person"] is None
    assert scan.summary != scanner.summarize_arrow(table(), text_columns=["text"])
    assert scan.summary == scanner.summarize_arrow(table(), text_columns=["text"], fingerprinter=key)


def test_long_cells(scanner):
    text = "今天天气不错，" * 500_000 + TEXTS[0]
    found = pa.table(scanner.scan_arrow(pa.table({"t": [text, None]}), show_values=True)).to_pylist()
    assert text[found[1]["char_start"] : found[1]["char_end"]] == found[1]["normalized"] == "13812345678"


def test_wrong_columns_are_told_at_once(scanner):
    with pytest.raises(KeyError, match="the columns are id, title, text"):
        scanner.scan_arrow(table(), text_columns=["body"])
    with pytest.raises(KeyError, match="no column 'nr'|no column \"nr\""):
        scanner.scan_arrow(table(), id_column="nr")
    with pytest.raises(TypeError, match='column "price" has type Float64; text columns are string or binary: cast'):
        scanner.scan_arrow(table(price=[1.0] * 5), text_columns=["text", "price"])
    with pytest.raises(KeyError, match="text_columns"):
        scanner.scan_arrow(pa.table({"n": [1]}))
    with pytest.raises(TypeError, match="list holds no record batches"):
        scanner.scan_arrow(["no table"])


def test_a_failing_reader_is_no_silent_end(scanner):
    def batches():
        yield from table().to_batches()
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(table().schema, batches())
    scan = scanner.scan_arrow(reader, text_columns=["text"])
    with pytest.raises(Exception, match="the disk is gone"):
        pa.table(scan)
    with pytest.raises(RuntimeError):
        scan.summary


def test_forked_workers_scan(scanner):
    # PySpark forks its workers from a process that may have scanned on all cores before.
    code = """
import os, miandan
scanner = miandan.Scanner()
texts = ["电话 13812345678"] * 2000
scanner.scan_batch(texts)
child = os.fork()
if child == 0:
    os._exit(0 if len(scanner.scan_batch(texts, threads=1)) == 2000 else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
