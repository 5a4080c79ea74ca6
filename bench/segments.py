"""Segments at scale: RFM, tiers, ABC and movement from Parquet, against hand-written DuckDB SQL for
the same answer.

    python bench/segments.py --orders 100_000_000
    python bench/segments.py --orders 10_000_000 --pymc OTHER/bin/python      # and pymc-marketing's
    rfm_summary, where that package is installed
    python bench/segments.py --buying 1_000_000 --lifetimes OTHER/bin/python  # BG/NBD, and
    lifetimes on the same histories
    python bench/segments.py --orders 10_000_000 --book                       # the sections
    themselves, from a book of that file
    python bench/segments.py --redraw                                         # the sliders on the
    sample company

Writes synthetic orders to bench/out once (100 million take 1.9 GB), runs every side in a process of
its own and prints times, ratios
and peak memory. By hand twice: counting distinct order ids, as the definition of frequency asks,
and counting rows, which is right only for
somebody who knows that no id repeats. Ours does not know and finds out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

OUT = Path(__file__).parent / "out"
AS_OF, BEFORE = date(2023, 9, 30), date(2023, 8, 31)


def write_orders(path: Path, orders: int, customers: int) -> None:
    """Synthetic orders over 33 months: skewed customers, 2 % refunds, one row per order."""
    import duckdb

    duckdb.connect().execute(f"""
        SELECT setseed(0.42);
        COPY (SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id, DATE '2021-01-01' + (hash(i) %
        1003)::INTEGER AS date,
                     'C' || lpad(floor({customers} * pow((hash(i * 7 + 1) % 1000003) / 1000003.0,
                     2))::BIGINT::VARCHAR, 8, '0') AS customer_id,
                     (CASE WHEN hash(i * 3) % 50 = 0 THEN -1 ELSE 1 END * (100 + hash(i * 11) %
                     100000) / 10.0)::DECIMAL(18,4) AS amount,
                     CASE WHEN hash(i * 3) % 50 = 0 THEN 'refund' ELSE 'repurchase' END AS kind
              FROM range({orders}) t(i)) TO '{path}' (FORMAT parquet)""")


def connect(memory: str):
    import duckdb

    OUT.joinpath("spill").mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        config={
            "memory_limit": memory,
            "temp_directory": str(OUT / "spill"),
            "preserve_insertion_order": False,
            "threads": 2,
        }
    )


def ours(path: Path, memory: str) -> dict:
    """The library's own measures and classifications, over the same file."""
    import narwhals as nw

    from playbook.base.periods import window
    from playbook.base.settings import SegmentSettings
    from playbook.data.measures import customers as measures
    from playbook.segments.value.large import classify, movers

    orders = nw.from_native(connect(memory).read_parquet(str(path)))
    settings = SegmentSettings()
    spans = {
        "rfm": window("rfm_window", AS_OF),
        "year": window("trailing_12m", AS_OF),
        "before": window("rfm_window", BEFORE),
    }
    sums = measures.totals(orders, spans, ever=False)
    return {**classify(sums, AS_OF, settings), "movers": movers(sums, BEFORE, AS_OF, settings)}


def rfm_only(path: Path, memory: str) -> dict:
    """Recency, frequency and amount of every customer with their scores, and nothing else: what
    rfm_summary is held against.
    """
    import narwhals as nw

    from playbook.base.periods import window
    from playbook.base.settings import SegmentSettings
    from playbook.data.measures import customers as measures
    from playbook.segments.value.large import scores

    sums = measures.totals(
        nw.from_native(connect(memory).read_parquet(str(path))),
        {"rfm": window("rfm_window", AS_OF)},
        ever=False,
    )
    return {"customers": len(scores(sums, AS_OF, SegmentSettings()))}


def by_hand_rows(path: Path, memory: str) -> dict:
    return by_hand(path, memory, "count(*)")


def by_hand(path: Path, memory: str, orders: str = "count(DISTINCT order_id)") -> dict:
    """What an analyst would write: one grouped table, then one statement per question."""
    con = connect(memory)
    now, then = (
        "date >= DATE '2021-10-01'",
        "date >= DATE '2021-09-01' AND date <= DATE '2023-08-31'",
    )
    order = "kind <> 'refund' AND amount >= 0"
    con.execute(
        f"""CREATE TEMP TABLE c AS SELECT customer_id,
        {orders} FILTER ({order} AND {now}) AS f, date_diff('day', max(date) FILTER ({order} AND
        {now}), DATE '2023-09-30') AS r,
        coalesce(sum(amount) FILTER ({now}), 0)::DOUBLE AS m, coalesce(sum(amount) FILTER (date
        >= DATE '2022-10-01'), 0)::DOUBLE AS y,
        {orders} FILTER ({order} AND {then}) AS f0, date_diff('day', max(date) FILTER ({order}
        AND {then}), DATE '2023-08-31') AS r0,
        coalesce(sum(amount) FILTER ({then}), 0)::DOUBLE AS m0
        FROM read_parquet('{path}') WHERE date >= DATE '2021-09-01' AND date <= DATE '2023-09-30'
        GROUP BY customer_id"""
    )
    con.execute(
        f"""CREATE TEMP TABLE s AS WITH ok AS (SELECT * FROM c WHERE f > 0 AND m > 0), q AS
        (SELECT {_quantiles("")} FROM ok)
        SELECT {_score("r", "ok.r", "5 -")} AS r, {_score("f", "ok.f", "1 +")} AS f,
        {_score("m", "ok.m", "1 +")} AS m FROM ok, q"""
    )
    cells = con.execute("SELECT r, f, m, count(*) FROM s GROUP BY ALL").fetchall()
    moved = con.execute(
        f"""WITH q AS (SELECT {_quantiles("0")} FROM c WHERE f0 > 0 AND m0 > 0)
        SELECT count(*) FROM c, q WHERE c.f > 0 AND c.m > 0 AND f0 > 0 AND m0 > 0
        AND (({_score("r", "c.r", "")}) <> ({_score("r", "c.r0", "")}) OR
        ({_score("f", "c.f", "")}) <> ({_score("f", "c.f0", "")}) OR ({_score("m", "c.m", "")})
        <> ({_score("m", "c.m0", "")}))"""
    ).fetchall()
    tiers = con.execute(
        """SELECT CASE WHEN y >= 500000 THEN 'VIP' WHEN y >= 200000 THEN 'key' ELSE 'ordinary'
        END, count(*)
        FROM c WHERE y <> 0 GROUP BY 1"""
    ).fetchall()
    classes = con.execute(
        """WITH w AS (SELECT coalesce(sum(y) OVER (ORDER BY y DESC, customer_id ROWS BETWEEN
        UNBOUNDED PRECEDING AND 1 PRECEDING), 0) / sum(y) OVER () AS before
        FROM c WHERE y > 0) SELECT CASE WHEN before < .8 THEN 'A' WHEN before < .95 THEN 'B' ELSE
        'C' END, count(*) FROM w GROUP BY 1"""
    ).fetchall()
    return {
        "cells": {f"{r}{f}{m}": n for r, f, m, n in cells},
        "tiers": dict(tiers),
        "abc": dict(classes),
        "movers": moved[0][0],
    }


def _quantiles(suffix: str) -> str:
    return ", ".join(f"quantile_cont({axis}{suffix}, [.2, .4, .6, .8]) AS {axis}" for axis in "rfm")


def _score(axis: str, value: str, sign: str) -> str:
    return f"{sign} len(list_filter(q.{axis}, lambda x: x < {value}))"


def simulated(customers: int):
    """Repeat purchases x, days to the last one t and to the end T; the truth is r 0.5, α 6 weeks, a
    0.8, b 2.4.
    """
    import numpy as np

    rng = np.random.default_rng(1)
    T, rate, drop = (
        rng.integers(30, 730, customers),
        rng.gamma(0.5, 1 / 6, customers) / 7,
        rng.beta(0.8, 2.4, customers),
    )
    x, last, clock, live = (
        np.zeros(customers, int),
        np.zeros(customers),
        np.zeros(customers),
        np.ones(customers, bool),
    )
    while live.any():
        clock = clock + rng.exponential(1 / rate)
        live &= clock <= T - 1
        x[live] += 1
        last[live] = np.maximum(np.ceil(clock[live]), last[live] + 1)
        live &= ~(rng.random(customers) < drop)
    return x, np.minimum(last, T).astype(int), T


def buying(customers: int, lifetimes: str) -> None:
    """Fit BG/NBD on simulated customers, standard errors included, and the same by lifetimes where
    its interpreter is given.
    """
    import numpy as np

    from playbook.methods.bgnbd import Histories, expected, fit_bgnbd

    x, t, T = simulated(customers)
    histories = Histories(x, t, T)
    started, spent = time.perf_counter(), time.process_time()
    fit = fit_bgnbd(histories)
    ours, ours_spent = time.perf_counter() - started, time.process_time() - spent
    print(
        f"BG/NBD on {customers:,} customers: {ours:.2f} s ({ours_spent:.2f} s of processor), "
        + ", ".join(f"{n} {v:.4f}" for n, v in zip(fit.names, fit.values, strict=True))
    )
    started = time.perf_counter()
    expected(fit, histories, 365)
    print(f"expected purchases of all of them: {time.perf_counter() - started:.2f} s")
    if lifetimes:
        path = OUT / f"histories_{customers}.npz"
        np.savez(path, x=x, t=t, T=T)
        other = elsewhere(lifetimes, "buying", str(path))
        gap = max(
            abs(other["parameters"][n] / v - 1) for n, v in zip(fit.names, fit.values, strict=True)
        )
        print(
            f"lifetimes {other['version']} (pandas {other['pandas']}): {other['seconds']:.1f} s"
            f" ({other['processor']:.1f} s of processor), largest difference of a parameter"
            f" {gap:.1e}; ratio lifetimes ÷ ours: {other['seconds'] / ours:.0f} ×, of processor"
            f" {other['processor'] / ours_spent:.0f} ×"
        )


def elsewhere(interpreter: str, *words: str) -> dict:
    """The answer of ``bench/others.py`` run by another environment's interpreter."""
    out = subprocess.run(
        [interpreter, str(Path(__file__).with_name("others.py")), *words],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return json.loads(out.splitlines()[-1])


def book(path: Path) -> dict:
    """The sections themselves: the book opened and checked, then RFM, tiers, ABC and both movements
    with all their tables.
    """
    import tempfile

    from playbook import segments
    from playbook.data.book import Book

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "playbook.toml").write_text('[book]\nname = "large"\n', encoding="utf-8")
        Path(folder, "orders.parquet").symlink_to(path.resolve())
        started = time.perf_counter()
        here = Book.open(folder, "2023-09")
        opened = time.perf_counter() - started
        results = [
            segments.rfm(here),
            segments.tiers(here),
            segments.abc(here),
            segments.movement(here),
            segments.tier_movement(here),
        ]
        return {
            "opened": opened,
            "customers": (
                sum(result.status == "ok" for result in results) and len(results[0].customers)
            ),
        }


def redraw() -> None:
    """How long the sliders take to answer on the sample company."""
    from statistics import median

    from playbook import segments
    from playbook.data.book import Book
    from playbook.segments.explore import population, redraw

    here = Book.open(Path(__file__).parents[1] / "data" / "sample")
    scored, tiers = segments.rfm(here), segments.tiers(here)
    times = []
    for factor in (0.5, 0.75, 1.0, 1.25, 1.5, 2.0):
        started = time.perf_counter()
        for block in redraw(
            population(here),
            scored,
            tiers,
            15,
            recency=factor,
            frequency=1.0,
            monetary=factor,
            edge_0=tiers.edges.lower[0] * factor,
            segment=scored.map.names[0],
        ):
            block.html()
        times.append(time.perf_counter() - started)
    print(
        f"redraw of segments, tiers and members for {len(scored.customers):,} customers: median"
        f" {median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms"
    )


def main() -> None:
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=number, default=10_000_000)
    parser.add_argument(
        "--customers",
        type=number,
        default=0,
        help="customers the orders are spread over; 0 = one for every twenty orders",
    )
    parser.add_argument(
        "--memory",
        default="1500MB",
        help="DuckDB's own limit, all sides alike; the rest is pandas and Python",
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT, help="where the orders are kept")
    parser.add_argument(
        "--pymc",
        default=os.environ.get("BENCH_PYMC", ""),
        help="interpreter that has pymc-marketing; also BENCH_PYMC",
    )
    parser.add_argument(
        "--lifetimes",
        default=os.environ.get("BENCH_LIFETIMES", ""),
        help="interpreter that has lifetimes; also BENCH_LIFETIMES",
    )
    parser.add_argument(
        "--buying", type=number, default=0, help="customers to fit BG/NBD on, instead"
    )
    parser.add_argument("--book", action="store_true", help="the sections themselves, instead")
    parser.add_argument(
        "--redraw", action="store_true", help="the sliders on the sample company, instead"
    )
    parser.add_argument("--side", choices=tuple(SIDES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True, parents=True)
    if options.buying:
        return buying(options.buying, options.lifetimes)
    if options.redraw:
        return redraw()
    customers = options.customers or options.orders // 20
    path = (
        options.out
        / f"orders_{options.orders}{f'_{customers}' if options.customers else ''}.parquet"
    )
    if options.side:
        return run(options.side, path, options.memory)
    if not path.exists():
        write_orders(path, options.orders, customers)
    return report_book(path, options) if options.book else report(path, options)


SIDES = {
    "ours": ours,
    "rfm_only": rfm_only,
    "by_hand": by_hand,
    "by_hand_rows": by_hand_rows,
    "book": lambda path, memory: book(path),
}


def run(side: str, path: Path, memory: str) -> None:
    # loaded before the clock starts, on every side: reading modules from disk is no part of the
    # question
    import duckdb

    import playbook.segments  # noqa: F401

    started = time.perf_counter()
    try:
        answer = SIDES[side](path, memory)
    # distinct counts do not spill: again with all it asks for, by a new clock; its peak is printed
    except duckdb.OutOfMemoryException:
        started = time.perf_counter()
        answer = SIDES[side](path, f"{4 * int(memory.removesuffix('MB'))}MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - started,
                "processor": time.process_time(),
                "peak_gb": peak,
                "answer": answer,
            }
        )
    )


def measured(side: str, path: Path, options: argparse.Namespace) -> dict:
    out = subprocess.run(
        [
            sys.executable,
            __file__,
            "--orders",
            str(options.orders),
            "--customers",
            str(options.customers),
            "--out",
            str(options.out),
            "--memory",
            options.memory,
            "--side",
            side,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return json.loads(out.splitlines()[-1])


def report(path: Path, options: argparse.Namespace) -> None:
    best: dict[str, dict] = {}
    for _ in range(options.rounds):
        for side in ("ours", "by_hand", "by_hand_rows"):
            found = measured(side, path, options)
            if side not in best or found["seconds"] < best[side]["seconds"]:
                best[side] = found
    for side, found in best.items():
        print(
            f"{side:12} {found['seconds']:7.2f} s ({found['processor']:.1f} s of processor)  peak"
            f" {found['peak_gb']:.2f} GB"
        )
    ratios = ", ".join(
        f"{best['ours']['seconds'] / best[side]['seconds']:.2f} × {words}"
        for side, words in (
            ("by_hand", "SQL that counts orders"),
            ("by_hand_rows", "SQL that counts rows"),
        )
    )
    print(
        f"ours takes {ratios}, on {options.orders:,} orders; same answer:"
        f" {best['ours']['answer'] == best['by_hand']['answer'] == best['by_hand_rows']['answer']}"
    )
    if options.pymc:
        report_pymc(path, options)


def report_pymc(path: Path, options: argparse.Namespace) -> None:
    """RFM alone, both from the file, in turn; the quicker round of each."""
    others, same = zip(
        *(
            (
                elsewhere(options.pymc, "rfm", str(path), str(AS_OF)),
                measured("rfm_only", path, options),
            )
            for _ in range(options.rounds)
        ),
        strict=True,
    )
    other, mine = (
        min(others, key=lambda found: found["reading"] + found["seconds"]),
        min(same, key=lambda found: found["seconds"]),
    )
    print(
        f"pymc-marketing {other['version']} (pandas {other['pandas']}): rfm_summary"
        f" {other['seconds']:.1f} s after {other['reading']:.1f} s of reading"
        f" ({other['processor']:.1f} s of processor); RFM and scores by us from the file"
        f" {mine['seconds']:.1f} s ({mine['processor']:.1f} s of processor):"
        f" {(other['reading'] + other['seconds']) / mine['seconds']:.1f} × with reading,"
        f" {other['seconds'] / mine['seconds']:.1f} × without theirs"
    )


def report_book(path: Path, options: argparse.Namespace) -> None:
    found = measured("book", path, options)
    print(
        f"a book of {options.orders:,} orders by {found['answer']['customers']:,} customers: opened"
        f" and checked in {found['answer']['opened']:.1f} s, the sections with it in"
        f" {found['seconds']:.1f} s ({found['processor']:.1f} s of processor), peak"
        f" {found['peak_gb']:.2f} GB"
    )


if __name__ == "__main__":
    main()
