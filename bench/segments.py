"""Segments at scale: RFM, tiers, ABC and movement from Parquet, against hand-written DuckDB SQL for the same answer.

    python bench/segments.py --orders 10_000_000

Writes synthetic orders to bench/out once, runs both sides in processes of their own and prints times, ratio and peak memory.
"""

from __future__ import annotations

import argparse
import json
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
        COPY (SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id, DATE '2021-01-01' + (hash(i) % 1003)::INTEGER AS date,
                     'C' || lpad(floor({customers} * pow((hash(i * 7 + 1) % 1000003) / 1000003.0, 2))::BIGINT::VARCHAR, 8, '0') AS customer_id,
                     (CASE WHEN hash(i * 3) % 50 = 0 THEN -1 ELSE 1 END * (100 + hash(i * 11) % 100000) / 10.0)::DECIMAL(18,4) AS amount,
                     CASE WHEN hash(i * 3) % 50 = 0 THEN 'refund' ELSE 'repurchase' END AS kind
              FROM range({orders}) t(i)) TO '{path}' (FORMAT parquet)""")


def connect(memory: str):
    import duckdb
    OUT.joinpath("spill").mkdir(parents=True, exist_ok=True)
    return duckdb.connect(config={"memory_limit": memory, "temp_directory": str(OUT / "spill"), "preserve_insertion_order": False, "threads": 2})


def ours(path: Path, memory: str) -> dict:
    """The library's own measures and classifications, over the same file."""
    import narwhals as nw

    from playbook.base.periods import window
    from playbook.base.settings import SegmentSettings
    from playbook.data.measures import customers as measures
    from playbook.segments.large import classify, movers
    orders = nw.from_native(connect(memory).read_parquet(str(path)))
    settings = SegmentSettings()
    spans = {"rfm": window("rfm_window", AS_OF), "year": window("trailing_12m", AS_OF), "before": window("rfm_window", BEFORE)}
    sums = measures.totals(orders, spans)
    return {**classify(sums, AS_OF, settings), "movers": movers(sums, BEFORE, AS_OF, settings)}


def by_hand(path: Path, memory: str) -> dict:
    """What an analyst would write: one grouped table, then one statement per question."""
    con = connect(memory)
    now, then = "date >= DATE '2021-10-01'", "date >= DATE '2021-09-01' AND date <= DATE '2023-08-31'"
    order = "kind <> 'refund' AND amount >= 0"
    con.execute(f"""CREATE TEMP TABLE c AS SELECT customer_id,
        count(DISTINCT order_id) FILTER ({order} AND {now}) AS f, date_diff('day', max(date) FILTER ({order} AND {now}), DATE '2023-09-30') AS r,
        coalesce(sum(amount) FILTER ({now}), 0)::DOUBLE AS m, coalesce(sum(amount) FILTER (date >= DATE '2022-10-01'), 0)::DOUBLE AS y,
        count(DISTINCT order_id) FILTER ({order} AND {then}) AS f0, date_diff('day', max(date) FILTER ({order} AND {then}), DATE '2023-08-31') AS r0,
        coalesce(sum(amount) FILTER ({then}), 0)::DOUBLE AS m0
        FROM read_parquet('{path}') WHERE date <= DATE '2023-09-30' GROUP BY customer_id""")
    con.execute(f"""CREATE TEMP TABLE s AS WITH ok AS (SELECT * FROM c WHERE f > 0 AND m > 0), q AS (SELECT {_quantiles("")} FROM ok)
        SELECT {_score("r", "ok.r", "5 -")} AS r, {_score("f", "ok.f", "1 +")} AS f, {_score("m", "ok.m", "1 +")} AS m FROM ok, q""")
    cells = con.execute("SELECT r, f, m, count(*) FROM s GROUP BY ALL").fetchall()
    moved = con.execute(f"""WITH q AS (SELECT {_quantiles("0")} FROM c WHERE f0 > 0 AND m0 > 0)
        SELECT count(*) FROM c, q WHERE c.f > 0 AND c.m > 0 AND f0 > 0 AND m0 > 0
        AND (({_score("r", "c.r", "")}) <> ({_score("r", "c.r0", "")}) OR ({_score("f", "c.f", "")}) <> ({_score("f", "c.f0", "")}) OR ({_score("m", "c.m", "")}) <> ({_score("m", "c.m0", "")}))""").fetchall()
    tiers = con.execute("""SELECT CASE WHEN y >= 500000 THEN 'VIP' WHEN y >= 200000 THEN 'key' ELSE 'ordinary' END, count(*)
        FROM c WHERE y <> 0 GROUP BY 1""").fetchall()
    classes = con.execute("""WITH w AS (SELECT coalesce(sum(y) OVER (ORDER BY y DESC, customer_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) / sum(y) OVER () AS before
        FROM c WHERE y > 0) SELECT CASE WHEN before < .8 THEN 'A' WHEN before < .95 THEN 'B' ELSE 'C' END, count(*) FROM w GROUP BY 1""").fetchall()
    return {"cells": {f"{r}{f}{m}": n for r, f, m, n in cells}, "tiers": dict(tiers), "abc": dict(classes), "movers": moved[0][0]}


def _quantiles(suffix: str) -> str:
    return ", ".join(f"quantile_cont({axis}{suffix}, [.2, .4, .6, .8]) AS {axis}" for axis in "rfm")


def _score(axis: str, value: str, sign: str) -> str:
    return f"{sign} len(list_filter(q.{axis}, lambda x: x < {value}))"


def buying(customers: int) -> None:
    """Fit BG/NBD on simulated customers and print the time; the truth is r 0.5, α 6 weeks, a 0.8, b 2.4."""
    import numpy as np

    from playbook.segments.buying import Histories, expected, fit_bgnbd
    rng = np.random.default_rng(1)
    T, rate, drop = rng.integers(30, 730, customers), rng.gamma(0.5, 1 / 6, customers) / 7, rng.beta(0.8, 2.4, customers)
    x, last, clock, live = np.zeros(customers, int), np.zeros(customers), np.zeros(customers), np.ones(customers, bool)
    while live.any():
        clock = clock + rng.exponential(1 / rate)
        live &= clock <= T - 1
        x[live] += 1
        last[live] = np.maximum(np.ceil(clock[live]), last[live] + 1)
        live &= ~(rng.random(customers) < drop)
    histories = Histories(x, np.minimum(last, T).astype(int), T)
    started, spent = time.perf_counter(), time.process_time()
    fit = fit_bgnbd(histories)
    print(f"BG/NBD on {customers:,} customers: {time.perf_counter() - started:.1f} s ({time.process_time() - spent:.1f} s of processor), "
          + ", ".join(f"{n} {v:.3f}" for n, v in zip(fit.names, fit.values, strict=True)))
    started = time.perf_counter()
    expected(fit, histories, 365)
    print(f"expected purchases of all of them: {time.perf_counter() - started:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=lambda text: int(text.replace("_", "")), default=10_000_000)
    parser.add_argument("--memory", default="1GB", help="DuckDB's own limit, both sides alike")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--buying", type=lambda text: int(text.replace("_", "")), default=0, help="customers to fit BG/NBD on, instead")
    parser.add_argument("--side", choices=("ours", "by_hand"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.buying:
        return buying(options.buying)
    OUT.mkdir(exist_ok=True)
    path = OUT / f"orders_{options.orders}.parquet"
    if options.side:
        return run(options.side, path, options.memory)
    if not path.exists():
        write_orders(path, options.orders, options.orders // 20)
    report(path, options)


def run(side: str, path: Path, memory: str) -> None:
    started = time.perf_counter()
    answer = {"ours": ours, "by_hand": by_hand}[side](path, memory)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"seconds": time.perf_counter() - started, "peak_gb": peak, "answer": answer}))


def report(path: Path, options: argparse.Namespace) -> None:
    best: dict[str, dict] = {}
    for _ in range(options.rounds):
        for side in ("ours", "by_hand"):
            out = subprocess.run([sys.executable, __file__, "--orders", str(options.orders), "--memory", options.memory, "--side", side],
                                 capture_output=True, text=True, check=True).stdout
            found = json.loads(out.splitlines()[-1])
            if side not in best or found["seconds"] < best[side]["seconds"]:
                best[side] = found
    for side, found in best.items():
        print(f"{side:8} {found['seconds']:7.2f} s   peak {found['peak_gb']:.2f} GB")
    print(f"ratio ours ÷ by hand: {best['ours']['seconds'] / best['by_hand']['seconds']:.2f} × on {options.orders:,} orders; "
          f"same answer: {best['ours']['answer'] == best['by_hand']['answer']}")


if __name__ == "__main__":
    main()
