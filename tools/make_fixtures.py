#!/usr/bin/env python3
"""Writes tests/fixtures/writers: the same invented people in files made by other programs.

Needs pandas, openpyxl, odfpy, xlwt, py7zr (pip) and 7z (p7zip-full). Run from the top of the repository; the files are
kept in git, so that tests need none of this. Every person is invented: random names, random digits behind a prefix,
invented house numbers on common road names.
"""
import email.message
import io
import pathlib
import random
import sqlite3
import subprocess
import tarfile
import zipfile

import pandas as pd
import py7zr
import xlwt

OUT = pathlib.Path("tests/fixtures/writers")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙"
GIVEN = ["思远", "秀英", "建国", "海燕", "浩然", "雨桐", "志强", "晓燕", "俊杰", "诗涵", "春梅", "振宇"]
PLACES = ["浙江省杭州市西湖区文三路", "广东省深圳市南山区科技路", "江苏省南京市鼓楼区中山北路", "四川省成都市武侯区人民路"]


def people():
    rng = random.Random(7)
    digits = lambda n: "".join(rng.choice("0123456789") for _ in range(n))
    for surname, given in zip(SURNAMES, GIVEN):
        yield {
            "运单号": "SF" + digits(13),
            "收件人": surname + given,
            "手机": rng.choice(["138", "159", "186"]) + digits(8),
            "收货地址": f"{rng.choice(PLACES)}{rng.randint(1, 899)}号{rng.randint(1, 30)}栋{rng.randint(101, 2400)}室",
        }


def workbook_xls(frame, path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("订单")
    for column, name in enumerate(frame.columns):
        sheet.write(0, column, name)
        for row, value in enumerate(frame[name], 1):
            sheet.write(row, column, value)
    book.save(path)


def sql_dump(frame):
    base = sqlite3.connect(":memory:")
    base.execute('CREATE TABLE goods (id INTEGER, title TEXT)')
    base.execute("INSERT INTO goods VALUES (1, '连衣裙')")
    frame.to_sql("orders", base, index=False)
    return "\n".join(base.iterdump()) + "\n"


def message(frame, csv):
    mail = email.message.EmailMessage()
    mail["From"], mail["To"] = "客服 <service@example.com>", "list@example.com"
    mail["Subject"], mail["Message-ID"] = "订单数据", "<1@example.com>"
    half = len(frame) // 2
    text = "".join(
        f"收件人：{p.收件人} 电话：{p.手机} 地址：{p.收货地址} 单号：{p.运单号}\n" for p in frame[:half].itertuples()
    )
    mail.set_content(text, charset="gb18030", cte="base64")
    table = io.BytesIO()
    with zipfile.ZipFile(table, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("订单.csv", frame[half:].to_csv(index=False).encode("gb18030"))
    mail.add_attachment(table.getvalue(), maintype="application", subtype="zip", filename="订单.zip")
    return bytes(mail)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(people())
    (OUT / "../people.tsv").write_text(frame.to_csv(sep="\t", index=False))
    frame.to_csv(OUT / "pandas-gb18030.csv", index=False, encoding="gb18030")
    frame.to_csv(OUT / "pandas-bom.csv", encoding="utf-8-sig", lineterminator="\r\n", quoting=1)
    frame.to_csv(OUT / "pandas-utf16.tsv", sep="\t", index=False, encoding="utf-16")
    frame.to_json(OUT / "pandas-records.json", orient="records")
    frame.to_json(OUT / "pandas-columns-by-row.json", orient="index", force_ascii=False, indent=1)
    frame.to_json(OUT / "pandas-lines.jsonl", orient="records", lines=True, force_ascii=False)
    frame.to_html(OUT / "pandas.html", index=False)
    numbers = frame.astype({"手机": "int64"})
    numbers.to_excel(OUT / "openpyxl.xlsx", index=False, sheet_name="订单")
    numbers.to_excel(OUT / "odfpy.ods", index=False, sheet_name="订单", engine="odf")
    workbook_xls(frame, OUT / "xlwt.xls")
    (OUT / "sqlite.sql").write_text(sql_dump(frame))
    csv = frame.to_csv(index=False).encode("gb18030")
    (OUT / "python-email.eml").write_bytes(message(frame, csv))
    mail = message(frame, csv).replace(b"\nFrom ", b"\n>From ")
    (OUT / "folder.mbox").write_bytes(b"From service@example.com Mon Jan  1 00:00:00 2024\n" + mail + b"\n")
    with tarfile.open(OUT / "python.tar.xz", "w:xz") as packed:
        info = tarfile.TarInfo("数据/订单.csv")
        info.size = len(csv)
        packed.addfile(info, io.BytesIO(csv))
    half = len(frame) // 2
    with py7zr.SevenZipFile(OUT / "py7zr.7z", "w") as packed:
        packed.writestr(frame[:half].to_csv(index=False).encode(), "a/1.csv")
        packed.writestr(frame[half:].to_csv(index=False).encode("gb18030"), "a/2.csv")
    scratch = OUT / "订单.csv"
    scratch.write_bytes(csv)
    for name, more in [("7z-ppmd.7z", ["-m0=PPMd"]), ("7z-bzip2.7z", ["-m0=BZip2"]), ("7z.zip", ["-tzip"])]:
        (OUT / name).unlink(missing_ok=True)
        subprocess.run(["7z", "a", "-bd", *more, OUT / name, scratch], check=True, stdout=subprocess.DEVNULL)
    locked = OUT.parent / "locked"
    locked.mkdir(exist_ok=True)
    for name, more in [("entries.7z", []), ("names-too.7z", ["-mhe=on"]), ("zip.zip", ["-tzip"])]:
        (locked / name).unlink(missing_ok=True)
        run = ["7z", "a", "-bd", "-psecret", *more, locked / name, scratch]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    scratch.unlink()


if __name__ == "__main__":
    main()
