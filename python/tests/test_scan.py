"""Single texts and lists of texts. Every person is invented."""

import concurrent.futures
import json
import pickle
import subprocess
import sys
import time

import pytest

import miandan

TEXT = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号"


def test_offsets_are_code_points_for_str_and_bytes_for_bytes(scanner):
    for encoding in ("utf-8", "gb18030"):
        data = TEXT.encode(encoding)
        chars, raw = scanner.scan(TEXT), scanner.scan(data)
        assert len(chars) == len(raw) == 3
        for a, b in zip(chars, raw):
            assert TEXT[a.slice] == a.value == b.value == data[b.slice].decode(encoding)
            assert (a.char_start, a.char_end) == (a.slice.start, a.slice.stop)
            assert (b.byte_start, b.byte_end) == (b.slice.start, b.slice.stop)
            assert b.char_start is None
            assert TEXT.encode()[a.byte_start : a.byte_end].decode() == a.value
    assert raw.encoding == "gb18030"


def test_findings_tell_what_and_why(scanner):
    findings = scanner.scan(TEXT)
    name, mobile, address = findings
    assert [f.kind for f in findings] == ["name", "mobile", "address"]
    assert mobile.form == "full" and mobile.level == "high" and mobile.confidence > 0.9
    assert mobile.normalized == "13812345678" and mobile.masked == "138******78"
    assert address.detail["city"] == 330100 and mobile.detail["virtual"] is False
    assert any(i == "context.label-same" for i, _ in mobile.evidence)
    assert findings.of("mobile") == [mobile] and findings[-1] == address
    record = findings.records[0]
    assert record.is_complete and record.fields["mobile"] == mobile and record.findings == list(findings)
    assert name.record == 0 and record.role == "receiver"
    for shown in map(repr, [mobile, record, findings, name]):
        assert "1381" not in shown and "张" not in shown
    with pytest.raises(IndexError):
        findings[3]
    with pytest.raises(ValueError, match="known are"):
        findings.of("passport")


def test_a_batch_is_its_texts_one_by_one(scanner):
    texts = [TEXT, None, "", "无", TEXT.encode("gb18030"), "电话 159 1234 5678", TEXT * 50] * 20
    alone = [[(f.kind, f.byte_start, f.confidence) for f in scanner.scan(t)] for t in texts]
    for threads in (None, 1, 3):
        batch = scanner.scan_batch(texts, threads=threads)
        assert [[(f.kind, f.byte_start, f.confidence) for f in found] for found in batch] == alone


def test_lone_surrogates_are_read_as_replacement(scanner):
    text = "a\ud800\udfff😀 电话13812345678 \udc00"
    findings = scanner.scan(text)
    assert text[findings[0].slice] == "13812345678"
    assert [w.code for w in findings.warnings] == ["decode.surrogate"] and findings.warnings[0].loss
    assert scanner.scan("😀 电话13812345678")[0].char_start == 4


def test_long_texts_and_broken_bytes(scanner):
    text = "今天天气不错，" * 500_000 + "电话13812345678"
    assert len(text.encode()) > 10_000_000
    assert text[scanner.scan(text)[-1].slice] == "13812345678"
    broken = scanner.scan("电话13812345678 ".encode() * 40 + b"\xff\xfe\xff" + "结束".encode() * 40, encoding="utf-8")
    assert len(broken) == 40 and broken.warnings[0].code == "decode.malformed"


def test_wrong_input_is_told(scanner):
    with pytest.raises(TypeError, match="str or bytes, not int"):
        scanner.scan(13812345678)
    with pytest.raises(TypeError, match="str or bytes, not list"):
        scanner.scan_batch([TEXT, []])
    for wrong in ({"kinds": ["passport"]}, {"kinds": []}, {"min_confidence": 2.0}, {"names": "nowhere"}):
        with pytest.raises(ValueError):
            miandan.Scanner(**wrong)
    with pytest.raises(ValueError, match="known are auto, text"):
        scanner.scan(TEXT, format="pdf")
    with pytest.raises(ValueError, match="threads"):
        scanner.scan_batch([TEXT], threads=0)


def test_options_and_pickles():
    scanner = miandan.Scanner(kinds=["mobile"], min_confidence=0.9, names="near")
    again = pickle.loads(pickle.dumps(scanner))
    assert repr(again) == repr(scanner)
    assert [f.kind for f in again.scan(TEXT)] == ["mobile"]


def test_summaries_merge_in_any_split(scanner):
    texts = [TEXT.replace("13812345678", f"1381234{i:04}") for i in range(40)] + [TEXT] * 10
    parts = [found.summarize() for found in scanner.scan_batch(texts)]
    whole = sum(parts, miandan.Summary())
    left, right = miandan.Summary(), miandan.Summary()
    for part in parts[:13]:
        left.merge(part)
    for part in reversed(parts[13:]):
        right.merge(pickle.loads(pickle.dumps(part)))
    assert left + right == whole == right + left
    assert miandan.Summary.from_bytes(whole.to_bytes()) == whole
    assert whole.findings("mobile") == 50 and whole.distinct_persons == 41 and whole.complete_records == 50
    assert whole.figures()["findings"]["mobile"] == 50
    json.dumps(whole.report())
    for wrong in (b"", b"{}", whole.to_bytes()[:-1], b"MDSM9{}"):
        with pytest.raises(ValueError, match="summary"):
            miandan.Summary.from_bytes(wrong)


def test_a_policy_decides(scanner):
    policy = miandan.Policy(complete_records={"review": 1, "block": 2})
    assert policy.decide(scanner.scan(TEXT)).verdict == "review"
    assert policy.decide(scanner.scan("你好")).verdict == "pass"
    offer = scanner.scan("一手面单数据 姓名电话地址齐全 每条八角 千起 加V")
    assert policy.decide(offer).verdict == "pass"
    decision = policy.decide(offer, listing=True)
    assert decision.verdict == "block" and decision.reasons[0][0] == "policy.listing"
    assert policy.to_dict()["complete_records"] == {"review": 1, "block": 2}
    for wrong in ({"unknown": 1}, {"min_confidence": 3}, {"records": {"review": 5, "block": 1}}):
        with pytest.raises(ValueError):
            miandan.Policy(**wrong)


def test_redaction_keeps_the_type(scanner):
    redactor = miandan.Redactor("mask", kinds={"mobile": "label"})
    text = redactor.redact(scanner, TEXT)
    data = redactor.redact(scanner, TEXT.encode("gb18030"))
    assert "[mobile]" in text.text and "张伟" not in text.text and text.left == 0
    assert isinstance(data.text, bytes) and data.text.decode("gb18030") == text.text
    assert text.replaced["mobile"] == 1
    with pytest.raises(ValueError, match="fingerprinter"):
        miandan.Redactor("pseudonym")
    key = miandan.Fingerprinter(b"sixteen secret bytes")
    assert "[mobile_" in miandan.Redactor("pseudonym", fingerprinter=key).redact(scanner, TEXT).text
    with pytest.raises(ValueError, match="known are"):
        miandan.Redactor("burn")


def test_fingerprints_need_and_keep_a_key(scanner, monkeypatch, tmp_path):
    monkeypatch.setenv("MIANDAN_TEST_KEY", "sixteen secret bytes")
    (tmp_path / "key").write_text("sixteen secret bytes\n")
    keys = [
        miandan.Fingerprinter(b"sixteen secret bytes"),
        miandan.Fingerprinter.from_env("MIANDAN_TEST_KEY"),
        miandan.Fingerprinter.from_file(tmp_path / "key"),
    ]
    assert len({k.key_id for k in keys}) == 1
    name, mobile, address = scanner.scan(TEXT)
    plain = scanner.scan("138-1234-5678")[0]
    assert keys[0].finding(mobile) == keys[1].finding(plain) == keys[2].mobile("13812345678")
    assert keys[0].finding(address) is None
    record = scanner.scan(TEXT).records[0]
    assert keys[0].record(record) == keys[0].person(name.normalized, address.normalized)
    assert miandan.Fingerprinter(b"another sixteen bytes").mobile("13812345678") != keys[0].mobile("13812345678")
    with pytest.raises(TypeError, match="name of the variable or file"):
        pickle.dumps(keys[0])
    with pytest.raises(ValueError, match="holds no key"):
        miandan.Fingerprinter.from_env("MIANDAN_NO_SUCH_KEY")
    with pytest.raises(ValueError, match="at least 16"):
        miandan.Fingerprinter(b"short")
    with pytest.raises(OSError):
        miandan.Fingerprinter.from_file(tmp_path / "none")
    assert "secret" not in repr(keys[0])


def test_the_gil_is_free_while_a_text_is_scanned(scanner):
    text = TEXT * 40_000
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        scan = pool.submit(scanner.scan, text)
        ticks = 0
        while not scan.done():
            ticks += 1
            time.sleep(0.001)
        assert len(scan.result()) == 120_000
    assert ticks > 20


def test_import_is_quick():
    code = "import time; t = time.perf_counter(); import miandan; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(5)]
    assert min(times) < 0.15, times
