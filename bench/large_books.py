"""Books that are large in one way, made by a rule and never stored.

    python bench/large_books.py orders FOLDER [10_000_000]
    python bench/large_books.py lines FOLDER [3_700]
    python bench/large_books.py pack FOLDER [CHAPTER]

``pack`` makes the pack of such a book, or one chapter of it (goal-setting), in a folder that is
thrown away, and prints processor time and peak memory of every process, their sum, the wall time
and the size of what was made.

``orders``: as many orders over three years, a customer for every 20, 200 reps, a deal for every 20
orders with three stage entries each, a commission plan; Parquet read in place. ``lines``: half a
million order lines of so many product lines, each with a target for the year, its quarters and its
months.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from processes import Watching

COMPANY = """[book]
name = "{name}"
currency = "CNY"
stages = ["lead", "intent", "negotiation", "won"]
"""
SOURCES = '[sources.{table}]\nfile = "{table}.parquet"\n[tables.{table}]\nfrom = "{table}"\n'
PLAN = """
[[commission_plans]]
name = "tiers"
starts = 2020-01-01
accumulate = "quarter"
tiers = [{ lower = 0, upper = 1000000, rate = 0.02 }, { lower = 1000000, rate = 0.03 }]
"""
REGIONS = "['North', 'South', 'East', 'West'][1 + CAST({} AS INTEGER) % 4]"
LINES = "['Analytics', 'Workflow', 'Services', 'Integration'][1 + CAST({} AS INTEGER) % 4]"
TYPES = "['small', 'medium', 'large'][1 + CAST({} AS INTEGER) % 3]"
FIRST, DAYS = "DATE '2020-10-01'", 1095  # to the end of September 2023


def orders(folder: Path, count: int) -> None:
    """A company of ``count`` orders."""
    customers, deals, reps = count // 20, count // 20, 200
    tables = {
        "customers": f"""SELECT 'C' || i AS customer_id, 'Customer ' || i AS name,
            {REGIONS.format("i")} AS region, {TYPES.format("i")} AS customer_type,
            {FIRST} + CAST(i % {DAYS} AS INTEGER) AS since, 'R' || (i % {reps}) AS rep_id
            FROM range({customers}) r(i)""",
        "orders": f"""SELECT 'S' || i AS order_id, {FIRST} + CAST(i % {DAYS} AS INTEGER) AS date,
            'C' || (hash(i) % {customers}) AS customer_id,
            CAST((100 + hash(i, 1) % 900000) / 100.0 AS DECIMAL(18,2)) *
                CASE WHEN i % 97 = 0 THEN -1 ELSE 1 END AS amount,
            CASE WHEN i % 97 = 0 THEN 'refund' ELSE 'new' END AS kind,
            'R' || (hash(i) % {reps}) AS rep_id, {REGIONS.format("hash(i) % 4")} AS region,
            {LINES.format("hash(i, 2) % 4")} AS product_line FROM range({count}) r(i)""",
        "reps": f"""SELECT 'R' || i AS rep_id, 'Rep ' || i AS name, 'Team ' || (i % 20) AS team,
            {REGIONS.format("i")} AS region, 'sales' AS role, DATE '2020-01-01' AS hired
            FROM range({reps}) r(i)""",
        "opportunities": f"""SELECT 'D' || i AS opportunity_id,
            {FIRST} + CAST(i % {DAYS - 60} AS INTEGER) AS created,
            CASE WHEN hash(i) % 3 = 0 THEN 'won' WHEN i % 2 = 0 THEN 'intent' ELSE 'negotiation' END
                AS stage,
            CASE WHEN hash(i) % 3 = 0 THEN 'won' ELSE 'lost' END AS outcome,
            {FIRST} + CAST(i % {DAYS - 60} + 30 + hash(i, 3) % 30 AS INTEGER) AS closed,
            1000 + hash(i, 4) % 90000 AS amount, 'C' || (hash(i) % {customers}) AS customer_id,
            'R' || (hash(i) % {reps}) AS rep_id, {REGIONS.format("hash(i) % 4")} AS region,
            {LINES.format("hash(i, 2) % 4")} AS product_line FROM range({deals}) r(i)""",
        "stage_events": f"""SELECT 'D' || i AS opportunity_id,
            ['lead', 'intent', 'negotiation'][1 + n] AS stage, 'R' || (hash(i) % {reps}) AS rep_id,
            CAST({FIRST} + CAST(i % {DAYS - 60} + 10 * n AS INTEGER) AS TIMESTAMP) AS entered_at
            FROM range({deals}) r(i), range(3) s(n)""",
    }
    text = COMPANY.format(name=folder.name) + PLAN
    for name, query in tables.items():
        duckdb.sql(f"COPY ({query}) TO '{folder}/{name}.parquet'")
        text += "\n" + SOURCES.format(table=name)
    (folder / "playbook.toml").write_text(text, encoding="utf-8")


def lines(folder: Path, count: int) -> None:
    """A company of ``count`` product lines with targets for each."""
    duckdb.sql(
        f"""COPY (SELECT 'S' || i AS order_id, {FIRST} + CAST(i % {DAYS} AS INTEGER) AS date,
        'C' || (hash(i) % 20000) AS customer_id, (100 + hash(i, 1) % 90000) / 100.0 AS amount,
        'Line ' || (hash(i, 2) % {count}) AS product_line FROM range(500000) r(i))
        TO '{folder}/orders.csv' (HEADER)"""
    )
    periods = [
        "2023",
        *(f"2023-Q{q}" for q in range(1, 5)),
        *(f"2023-{m:02d}" for m in range(1, 13)),
    ]
    worth = {4: 12_000, 7: 1_000}
    rows = [
        f"{period},sales,{worth.get(len(period), 1_000) if '-Q' not in period else 3_000},Line {n}"
        for n in range(count)
        for period in periods
    ]
    head = "period,metric,target,product_line"
    (folder / "targets.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (folder / "playbook.toml").write_text(COMPANY.format(name=folder.name), encoding="utf-8")


def pack(folder: Path, chapter: str = "") -> int:
    """Make a book's pack and tell what it took; the exit status of the run."""
    command = [str(Path(sys.executable).parent / "playbook"), "report", "--book", str(folder)]
    with TemporaryDirectory() as out, Watching() as watching:
        began = time.perf_counter()
        only = ["--only", chapter] if chapter else []
        status = subprocess.run([*command, "--out", out, "--force", *only]).returncode
        wall = time.perf_counter() - began
        sizes = sorted(
            ((path.stat().st_size, path.name) for path in Path(out).rglob("*") if path.is_file()),
            reverse=True,
        )
    seen = watching.seen.values()
    print(*watching.table(), sep="\n")
    print(f"processor {sum(one.cpu for one in seen):.0f} s, wall {wall:.0f} s")
    print(f"largest process {max((one.peak for one in seen), default=0):.0f} MB")
    print("largest files:", ", ".join(f"{name} {size / 1e6:.1f} MB" for size, name in sizes[:5]))
    return status


MAKERS = {"orders": (orders, 10_000_000), "lines": (lines, 3_700)}


def main(kind: str, folder: Path, count: int = 0) -> None:
    make, usual = MAKERS[kind]
    folder.mkdir(parents=True, exist_ok=True)
    make(folder, count or usual)


if __name__ == "__main__" and not sys.argv[1:]:
    print("no book asked for: this script only makes them")
elif __name__ == "__main__" and sys.argv[1] == "pack":
    sys.exit(pack(Path(sys.argv[2]), *sys.argv[3:4]))
elif __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int((sys.argv[3:] or ["0"])[0].replace("_", "")))
