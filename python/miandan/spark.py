"""The same scan on Spark: on Apache Spark 4, and through Spark Connect on Sail.

>>> from miandan.spark import scan_dataframe, summarize
>>> findings = scan_dataframe(listings, ["title", "text"], "id")    # a data frame, nothing has run yet
>>> summarize(listings, ["title", "text"]).figures()                # runs, and merges on the executors

A row is the unit: nothing is linked across rows, so the answer does not depend on how the rows are split into partitions.
``miandan`` must be installed where the executors run.

A fingerprint key is named, never given: ``key_env`` is an environment variable of the executors, ``key_file`` a file there.
The plan and the logs hold only the name.

On a cluster of Sail set ``SAIL_CLUSTER__TASK_MAX_ATTEMPTS=1``: what a task has written before it died may else be there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import Fingerprinter, Scanner, Summary

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

__all__ = ["scan_dataframe", "summarize"]

#: Tasks that merge partial summaries before one task merges what they give.
MERGE_TASKS = 8


def scan_dataframe(
    df: DataFrame,
    text_columns: Sequence[str],
    id_column: str,
    *,
    show_values: bool = False,
    summary: bool = False,
    key_env: str | None = None,
    key_file: str | None = None,
    format: str = "text",
    **scanner: Any,
) -> DataFrame:
    """Scans the text columns of a data frame; one row for each finding.

    The columns are those of ``Scanner.scan_arrow``: the id under its own name, ``field`` (the text column), ``kind``, ``form``,
    ``char_start`` and ``char_end`` (code points, as ``substring`` counts them, from 0), ``byte_start`` and ``byte_end``, ``value``
    (masked unless ``show_values``), ``confidence``, ``record`` (number within the row) and ``role``, ``courier``, ``province``,
    ``city``; with a key also ``fingerprint`` and ``person``.

    ``summary=True`` adds a column ``summary`` and a row for each partition in which only this column is filled; write the result
    to storage and hand it to ``summarize`` to have findings and counts from one scan.

    Other keywords go to ``Scanner``: ``kinds``, ``min_confidence``, ``names``.
    """
    from pyspark.sql import types as t

    texts = _check(df, [*text_columns, id_column], text_columns)
    Scanner(**scanner)  # wrong options are told here, not by an executor
    text, number = t.StringType(), t.IntegerType()
    fields = [(id_column, df.schema[id_column].dataType), ("field", text), ("kind", text), ("form", text)]
    fields += [(name, number) for name in ("char_start", "char_end", "byte_start", "byte_end")]
    fields += [("value", text), ("normalized", text)] if show_values else [("value", text)]
    fields += [("confidence", t.DoubleType()), ("record", number), ("role", text)]
    fields += [("courier", text), ("province", number), ("city", number)]
    if key_env or key_file:
        fields += [("fingerprint", text), ("person", text)]
    if summary:
        fields.append(("summary", t.BinaryType()))
    schema = t.StructType([t.StructField(name, kind) for name, kind in fields])

    def scan(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow as pa

        engine, key, total = Scanner(**scanner), _fingerprinter(key_env, key_file), Summary()
        columns = None
        for batch in batches:
            found = engine.scan_arrow(
                batch,
                text_columns=texts,
                id_column=id_column,
                show_values=show_values,
                fingerprinter=key,
                format=format,
            )
            columns = pa.schema(found)
            for rows in pa.RecordBatchReader.from_stream(found):
                yield rows.append_column("summary", pa.nulls(len(rows), pa.binary())) if summary else rows
            total.merge(found.summary)
        if summary and columns is not None:
            nothing = [pa.nulls(1, column.type) for column in columns]
            yield pa.record_batch([*nothing, pa.array([total.to_bytes()])], names=[*columns.names, "summary"])

    return df.select(id_column, *texts).mapInArrow(scan, schema)


def summarize(
    df: DataFrame,
    text_columns: Sequence[str] | None = None,
    *,
    key_env: str | None = None,
    key_file: str | None = None,
    format: str = "text",
    merge_tasks: int = MERGE_TASKS,
    **scanner: Any,
) -> Summary:
    """Counts findings, records and distinct people of a data frame. Runs at once.

    With ``text_columns``, the rows are scanned; findings never leave the task that makes them. Without, ``df`` is what
    ``scan_dataframe(…, summary=True)`` gave. Partial summaries are merged by ``merge_tasks`` tasks and then by one; merging is
    associative, so the result is that of a single machine. The driver gets only that.

    A partial summary holds keyed hashes of people. Without a key they are made under a public one, which is fine for counts that
    nobody stores; under a key they are as secret as the key.
    """
    if text_columns is None:
        if "summary" not in df.columns:
            raise ValueError(
                "the data frame has no column 'summary'; name the text_columns to scan, or make it with scan_dataframe(…, summary=True)"
            )
        partials = df.select("summary").where("summary IS NOT NULL")
    else:
        texts = _check(df, text_columns, text_columns)
        Scanner(**scanner)

        def count(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
            engine, key, total = Scanner(**scanner), _fingerprinter(key_env, key_file), Summary()
            for batch in batches:
                total.merge(engine.summarize_arrow(batch, text_columns=texts, fingerprinter=key, format=format))
            yield _stored(total)

        partials = df.select(*texts).mapInArrow(count, "summary binary")
    for tasks in (merge_tasks, 1):
        partials = partials.repartition(tasks).mapInArrow(_merge, "summary binary")
    [row] = partials.collect()
    return Summary.from_bytes(bytes(row[0]))


def _merge(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    total = Summary()
    for batch in batches:
        for stored in batch.column(0):
            total.merge(Summary.from_bytes(stored.as_py()))
    yield _stored(total)


def _stored(summary: Summary) -> pyarrow.RecordBatch:
    import pyarrow as pa

    return pa.record_batch([pa.array([summary.to_bytes()], pa.binary())], names=["summary"])


def _fingerprinter(key_env: str | None, key_file: str | None) -> Fingerprinter | None:
    if key_file:
        return Fingerprinter.from_file(key_file)
    return Fingerprinter.from_env(key_env) if key_env else None


def _check(df: DataFrame, columns: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Tells wrong columns before anything runs."""
    if isinstance(texts, str):
        raise TypeError("text_columns is a list of column names, not one name")
    for name in columns:
        if name not in df.columns:
            raise KeyError(f"there is no column {name!r}; the columns are {', '.join(df.columns)}")
    for name in texts:
        kind = df.schema[name].dataType.typeName()
        if kind not in ("string", "binary", "varchar", "char", "void"):
            raise TypeError(
                f"column {name!r} has type {kind}; text columns are string or binary: cast it first, or leave it out of text_columns"
            )
    return list(texts)
