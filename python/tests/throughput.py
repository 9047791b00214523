"""Measures the wheel: rows, megabytes of text and findings a second, in process and under Sail.

    python python/tests/throughput.py listings.jsonl
"""

import os
import sys
import time

import pyarrow as pa
import pyarrow.compute
import pyarrow.json

import miandan

COLUMNS = ["title", "text"]
ROUNDS = 3


def measure(what, size, work):
    best = None
    for _ in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        took = (time.process_time() - cpu, time.perf_counter() - wall)
        best = min(best or took, took)
    print(f"{what:42} {size / best[0] / 1e6:8.1f} MB/s of CPU {size / best[1] / 1e6:8.1f} MB/s of wall", flush=True)


def main(listings):
    rows = pyarrow.json.read_json(listings).select(["id", *COLUMNS])
    size = sum(pa.compute.sum(pa.compute.binary_length(rows[c])).as_py() for c in COLUMNS)
    print(f"{len(rows)} rows, {size / 1e6:.1f} MB of text")
    scanner = miandan.Scanner()
    options = {"text_columns": COLUMNS}
    texts = rows["text"].to_pylist()
    text_size = pa.compute.sum(pa.compute.binary_length(rows["text"])).as_py()
    measure("scan_batch, one thread", text_size, lambda: scanner.scan_batch(texts, format="text", threads=1))
    measure("scan_arrow, one thread", size, lambda: pa.table(scanner.scan_arrow(rows, id_column="id", **options)))
    measure("summarize_arrow, one thread", size, lambda: scanner.summarize_arrow(rows, **options))
    measure("scan_arrow, all cores", size, lambda: pa.table(scanner.scan_arrow(rows, id_column="id", threads=None, **options)))

    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    from miandan.spark import scan_dataframe, summarize

    for mode in ("local", "local-cluster"):
        os.environ["SAIL_MODE"] = mode
        server = SparkConnectServer()
        server.start(background=True)
        spark = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
        df = spark.read.json(listings).repartition(8)
        df.write.mode("overwrite").parquet(f"{listings}.parquet")
        df = spark.read.parquet(f"{listings}.parquet")
        scan = scan_dataframe(df, COLUMNS, "id")
        measure(f"Sail, {mode}: scan_dataframe, count", size, lambda: scan.count())
        measure(f"Sail, {mode}: summarize", size, lambda: summarize(df, COLUMNS))
        spark.stop()
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
