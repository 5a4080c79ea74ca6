"""The funnel at scale: conversion, cycle and pipeline movement from Parquet, against hand-written
DuckDB SQL for the same numbers.

    python bench/funnel.py --deals 5_000_000

Writes synthetic deals and four stage entries for each (20 million at 5 million deals; repeated
entries included) to bench/out once, runs both sides in
processes of their own and prints times, ratio and peak memory.
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
AS_OF, START = date(2023, 9, 30), date(2023, 9, 1)
STAGES = ("lead", "intent", "negotiation", "won")


def write(folder: Path, deals: int) -> None:
    """Deals over 33 months: half pass each step, the rest are lost or still open; every deal has
    four stage entries, the surplus ones repeats.
    """
    import duckdb

    folder.mkdir(parents=True)
    con = duckdb.connect(config={"threads": 2})
    con.execute(
        f"""CREATE VIEW d AS SELECT i, 'D' || lpad(i::VARCHAR, 8, '0') AS opportunity_id, DATE
        '2021-01-01' + (hash(i) % 1003)::INTEGER AS created,
        CASE WHEN hash(i * 3) % 2 = 0 THEN 0 WHEN hash(i * 5) % 2 = 0 THEN 1 WHEN hash(i * 7) % 2
        = 0 THEN 2 ELSE 3 END AS reached,
        5 + (hash(i * 11) % 20)::INTEGER AS pace FROM range({deals}) t(i)"""
    )
    con.execute(
        f"""COPY (SELECT opportunity_id, created, ['lead', 'intent', 'negotiation',
        'won'][reached + 1] AS stage,
        CASE WHEN created + pace * (reached + 1) > DATE '{AS_OF}' THEN 'open' WHEN reached = 3
        THEN 'won' ELSE 'lost' END AS outcome,
        CASE WHEN created + pace * (reached + 1) > DATE '{AS_OF}' THEN NULL ELSE created + pace *
        (reached + 1) END AS closed,
        (100 + hash(i * 13) % 100000)::DECIMAL(18,4) AS amount, (100 + hash(i * 17) %
        100000)::DECIMAL(18,4) AS expected_amount,
        created + 90 AS expected_close, 'R' || (hash(i * 19) % 500)::VARCHAR AS rep_id FROM d) TO
        '{folder}/opportunities.parquet'"""
    )
    con.execute(
        f"""COPY (SELECT opportunity_id, ['lead', 'intent', 'negotiation', 'won'][least(j,
        reached) + 1] AS stage, (created + (pace * j)::INTEGER)::TIMESTAMP AS entered_at
        FROM d, range(4) e(j) WHERE created + (pace * j)::INTEGER <= DATE '{AS_OF}' OR j = 0) TO
        '{folder}/stage_events.parquet'"""
    )


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


def ours(folder: Path, memory: str) -> dict:
    """The library's own measures and curves, over the same files."""
    import narwhals as nw

    from playbook.data.measures import deals as d
    from playbook.data.measures.movement import PARTS, moved, movement_sums
    from playbook.funnel.steps.win_chances import CAUSE
    from playbook.methods.survival import aalen_johansen

    con = connect(memory)
    rows = nw.from_native(con.read_parquet(f"{folder}/opportunities.parquet")).with_columns(
        rep=nw.col("rep_id"),
        customer_id=nw.lit(None, dtype=nw.String),
        lead_id=nw.lit(None, dtype=nw.String),
    )
    events = nw.from_native(con.read_parquet(f"{folder}/stage_events.parquet"))
    d.passages(rows, events, STAGES).to_native().create("ready")
    deals = d.Deals(nw.from_native(con.table("ready")), STAGES, (0, 1, 2, 3), AS_OF, {}, True)
    answer: dict = {}
    for k in range(3):
        counts = d.step_counts(deals, k, k + 1)
        answer[f"step{k}"] = {s: int(n) for s, n in counts.groupby("status").n.sum().items()}
        answer[f"days{k}"] = int((counts.n * counts.days)[counts.status == "advanced"].sum())
    counts = d.outcome_counts(deals, days=True)
    timed = counts[counts.days >= 0]
    answer["won90"] = round(
        aalen_johansen(timed.days, timed.outcome.map(CAUSE), timed.n).at(90)[0], 9
    )
    sums = movement_sums(moved(deals, START, AS_OF))
    return answer | {
        "movement": {part: round(float(sums[part].sum())) for part in PARTS},
        "reps": len(sums),
    }


def by_hand(folder: Path, memory: str) -> dict:
    """What an analyst would write: one row per deal, then a statement per question."""
    con = connect(memory)
    entry = ", ".join(
        f"min(entered_at::DATE) FILTER (stage = '{s}') AS e{i}" for i, s in enumerate(STAGES)
    )
    con.execute(
        f"""CREATE TEMP TABLE x AS WITH e AS (SELECT opportunity_id, {entry} FROM
        read_parquet('{folder}/stage_events.parquet') GROUP BY 1)
        SELECT o.*, least(o.created, e0, e1, e2, w) AS r0, least(e1, e2, w) AS r1, least(e2, w)
        AS r2, w AS r3,
               CASE WHEN outcome = 'won' THEN 3 WHEN e2 IS NOT NULL OR stage = 'negotiation' THEN
               2 WHEN e1 IS NOT NULL OR stage = 'intent' THEN 1 ELSE 0 END AS reached
        FROM (SELECT o.*, e0, e1, e2, CASE WHEN outcome = 'won' THEN coalesce(closed, e3) END AS
        w FROM read_parquet('{folder}/opportunities.parquet') o LEFT JOIN e USING
        (opportunity_id)) o"""
    )
    answer: dict = {}
    for k in range(3):
        rows = con.execute(
            f"""SELECT date_trunc('month', r{k}), CASE WHEN reached > {k} THEN 'advanced' WHEN
            outcome = 'lost' THEN 'lost' ELSE 'open' END AS s,
            CASE WHEN reached > {k} THEN r{k + 1} WHEN outcome = 'lost' THEN closed ELSE DATE
            '{AS_OF}' END - r{k} AS days, count(*), sum(amount) FILTER (outcome = 'won')
            FROM x WHERE reached >= {k} GROUP BY ALL"""
        ).fetchall()
        answer[f"step{k}"] = {
            s: sum(n for _, t, _, n, _ in rows if t == s) for s in sorted({row[1] for row in rows})
        }
        answer[f"days{k}"] = sum((days or 0) * n for _, s, days, n, _ in rows if s == "advanced")
    answer["won90"] = round(
        con.execute(
            f"""WITH t AS (SELECT CASE WHEN outcome = 'open' THEN DATE '{AS_OF}' ELSE closed END
            - created AS day, count(*) AS n,
            count(*) FILTER (outcome = 'won') AS w, count(*) FILTER (outcome <> 'open') AS d FROM
            x GROUP BY 1),
        r AS (SELECT day, w, d, sum(n) OVER (ORDER BY day DESC) AS at_risk FROM t WHERE day >= 0),
        s AS (SELECT day, w, at_risk, coalesce(exp(sum(ln(greatest(1 - d / at_risk, 1e-300)))
        OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), 1) AS before FROM r)
        SELECT sum(before * w / at_risk) FROM s WHERE day <= 90"""
        ).fetchall()[0][0],
        9,
    )
    early, done = (
        "expected_close >= DATE '2023-09-01'",
        f"(outcome <> 'open' AND closed BETWEEN DATE '{START}' AND DATE '{AS_OF}')",
    )
    was, fresh = (
        f"(created < DATE '{START}' AND (outcome = 'open' OR closed >= DATE '{START}'))",
        f"(created BETWEEN DATE '{START}' AND DATE '{AS_OF}')",
    )
    live, late, change = (
        f"({was} AND {early})",
        f"expected_close <= DATE '{AS_OF}'",
        "(amount - expected_amount)",
    )
    parts = {
        "opening": (live, "expected_amount"),
        "new": (fresh, "expected_amount"),
        "up": (f"{done} AND outcome = 'won' AND {change} > 0", change),
        "down": (f"{done} AND outcome = 'won' AND {change} < 0", f"-{change}"),
        "won": (f"{done} AND outcome = 'won'", "amount"),
        "lost": (f"{done} AND outcome = 'lost'", "expected_amount"),
        "pushed": (f"({live} OR {fresh}) AND outcome = 'open' AND {late}", "expected_amount"),
        "back": (f"{was} AND NOT {early} AND {done}", "expected_amount"),
        "closing": (f"({live} OR {fresh}) AND outcome = 'open' AND NOT {late}", "expected_amount"),
    }
    each = (
        f"sum({size}) FILTER ({where}), count(*) FILTER ({where})" for where, size in parts.values()
    )
    sums = con.execute(
        f"SELECT rep_id, {', '.join(each)}"
        f" FROM x WHERE {live} OR {fresh} OR ({was} AND {done}) GROUP BY 1"
    ).fetchall()
    return answer | {
        "movement": {
            part: round(float(sum(row[1 + 2 * i] or 0 for row in sums)))
            for i, part in enumerate(parts)
        },
        "reps": len(sums),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deals", type=lambda text: int(text.replace("_", "")), default=5_000_000)
    parser.add_argument("--memory", default="3GB", help="DuckDB's own limit, both sides alike")
    parser.add_argument("--side", choices=("ours", "by_hand"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = OUT / f"deals_{options.deals}"
    if options.side:
        return run(options.side, folder, options.memory)
    if not folder.exists():
        write(folder, options.deals)
    found = {}
    for side in ("ours", "by_hand"):
        command = [
            sys.executable,
            __file__,
            "--deals",
            str(options.deals),
            "--memory",
            options.memory,
            "--side",
            side,
        ]
        found[side] = json.loads(
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[
                -1
            ]
        )
        print(
            f"{side:8} {found[side]['seconds']:7.2f} s ({found[side]['busy']:.2f} s of processor)  "
            f" peak {found[side]['peak_gb']:.2f} GB",
            flush=True,
        )
    one, two = found["ours"], found["by_hand"]
    print(
        f"ratio ours ÷ by hand: {one['seconds'] / two['seconds']:.2f} ×"
        f" ({one['busy'] / two['busy']:.2f} × of processor time) on {options.deals:,} deals; same"
        f" answer: {one['answer'] == two['answer']}"
    )
    if one["answer"] != two["answer"]:
        print(
            {
                key: (one["answer"][key], two["answer"].get(key))
                for key in one["answer"]
                if one["answer"][key] != two["answer"].get(key)
            }
        )


def run(side: str, folder: Path, memory: str) -> None:
    # loaded before the clock starts, like the library below: reading modules is not the question
    import duckdb  # noqa: F401

    import playbook.funnel  # noqa: F401

    started, busy = time.perf_counter(), time.process_time()
    answer = {"ours": ours, "by_hand": by_hand}[side](folder, memory)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - started,
                "busy": time.process_time() - busy,
                "peak_gb": peak,
                "answer": answer,
            }
        )
    )


if __name__ == "__main__":
    main()
