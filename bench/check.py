"""How long `playbook check` takes on a large Parquet file: ``python bench/check.py [orders]``.

Ten million orders of 400,000 customers over three years, a mapping with a constant, an id made of
columns and a number on another scale; the file is read in place. Prints seconds and peak memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from playbook.data.checking import check_book

TOML = """
[book]
name = "large"
currency = "CNY"

[sources.sales]
file = "sales.parquet"

[tables.orders]
from = "sales"
columns = { order_id = { id = ["till", "number"] }, date = "day", customer_id = "client", \
amount = "sum", region = "region", product_line = { value = "goods" }, \
cost = { column = "cost_k", times = 1000 } }
"""


def write(folder: Path, orders: int) -> None:
    """The file and the settings of the book."""
    (folder / "playbook.toml").write_text(TOML, encoding="utf-8")
    duckdb.sql(
        f"""COPY (SELECT i % 40 AS till, i AS number, DATE '2021-01-01' + CAST(i % 1090 AS INTEGER)
        AS day, 'C' || (hash(i) % 400000) AS client, CAST((hash(i, 1) % 900000) / 100.0 AS
        DECIMAL(18,2)) AS sum, ['North', 'South', 'West'][1 + i % 3] AS region,
        (hash(i, 2) % 400) / 100000.0 AS cost_k FROM range({orders}) r(i))
        TO '{folder}/sales.parquet'"""
    )


def main() -> None:
    orders = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), orders)
        begun, cpu = time.perf_counter(), time.process_time()
        report = check_book(name)
        took, used = time.perf_counter() - begun, time.process_time() - cpu
        assert report.ok, report.text()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"check of {orders:,} orders: {took:.1f} s ({used:.1f} s of work), peak {peak:,.0f} MB")
    for problem in report.problems:
        print(f"  {problem.severity}: {problem.found}")


if __name__ == "__main__":
    main()
