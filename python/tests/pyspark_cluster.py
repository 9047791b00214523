"""The same scan on Apache Spark's own local cluster: two workers in processes of their own, one of which is killed midway.

Needs Java 17 and ``pip install pyspark pyarrow pandas``; takes a minute or two, and so is no part of the tests.

    python python/tests/pyspark_cluster.py listings.jsonl
"""

import os
import sys
import tempfile

import pyarrow as pa
import pyarrow.json
from pyspark.sql import SparkSession

import miandan
from miandan.spark import scan_dataframe, summarize

COLUMNS = ["title", "text"]


def dies_once(marker):
    """Kills its Python worker after the first batch, once."""

    def run(batches):
        for batch in batches:
            yield batch
            if not os.path.exists(marker):
                open(marker, "w").close()
                os._exit(1)

    return run


def main(listings):
    rows = pyarrow.json.read_json(listings)
    scan = miandan.Scanner().scan_arrow(rows, text_columns=COLUMNS, id_column="id")
    expect = {tuple(row.values()) for row in pa.table(scan).to_pylist()}
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.executorEnv.PYTHONPATH", ":".join(sys.path))
    spark = builder.config("spark.executorEnv.MIANDAN_KEY", "sixteen secret bytes").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as directory:
        for partitions in (1, 4, 16):
            df = spark.read.json(listings).repartition(partitions)
            marker = f"{directory}/died-{partitions}"
            frail = df.select("id", *COLUMNS).mapInArrow(dies_once(marker), df.select("id", *COLUMNS).schema)
            output = f"{directory}/found-{partitions}"
            scan_dataframe(frail, COLUMNS, "id").write.parquet(output)
            found = [tuple(row) for row in spark.read.parquet(output).collect()]
            assert os.path.exists(marker), "no worker died"
            assert len(found) == len(expect) and set(found) == expect, partitions
            os.remove(marker)
            assert summarize(frail, COLUMNS) == scan.summary, partitions
            assert os.path.exists(marker), "no worker died"
            print(f"{partitions} partitions: {len(found)} findings, {scan.summary!r}, as on a single machine")
        keyed = summarize(df, COLUMNS, key_env="MIANDAN_KEY")
        assert keyed.figures() == scan.summary.figures() and keyed != scan.summary
    spark.stop()
    print("passed")


if __name__ == "__main__":
    main(sys.argv[1])
