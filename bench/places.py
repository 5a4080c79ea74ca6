"""How well the search for places finds what was planted, and how often it finds what was not.

    python bench/places.py --runs 40
    python bench/places.py --seeds 24

The first draws companies of another make than the sample: other stages and members, levels that
differ, a company-wide crisis, and a fall of a pair of members planted
(× 1 = none). Prints, per size of the fall: found by name, size inside its interval, onset inside
its months, and companies in which another place was said to have fallen. A fall to × 0.45 is named
in 9 of 10 companies where some 400 deals lie in the place (--deals 16000), in half of them where
100 do.
The second draws the sample company anew from other seeds, writes it, and reads its bottleneck page:
are the three planted causes named, and first?
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.funnel.places.place import SearchedStep
from playbook.funnel.places.search import places_of_step

DIMS = {"region": 5, "product_line": 4, "channel": 5, "industry": 4, "rep": 20}
MONTHS, FIRST = 30, 2030 * 12
STEPS = ("contact→offer", "offer→order")


@dataclass(frozen=True)
class Plant:
    """A fall by ``factor`` of one step's chance for the members ``by`` from month ``since`` on."""

    step: int
    by: dict[str, str]
    since: int
    factor: float


def company(rng: np.random.Generator, deals: int, plant: Plant | None) -> list[pd.DataFrame]:
    """Rows (dimensions, month, status, n) of both steps."""
    rows = pd.DataFrame(
        {
            d: [f"{d}{i}" for i in rng.choice(size, deals, p=_shares(rng, size))]
            for d, size in DIMS.items()
        }
    )
    rows["month"] = rng.integers(0, MONTHS, deals)
    crisis_from, depth = rng.integers(8, 24), rng.uniform(0, 0.8)
    found = []
    for step, base in enumerate((0.2, 0.6)):  # logits of the two steps
        logit = base - depth * (rows.month >= crisis_from) + rng.normal(0, 0.1, MONTHS)[rows.month]
        for d, size in DIMS.items():
            logit = (
                logit
                + pd.Series(rng.normal(0, 0.25, size), index=[f"{d}{i}" for i in range(size)])[
                    rows[d]
                ].to_numpy()
            )
        chance = 1 / (1 + np.exp(-logit))
        if plant and plant.step == step:
            hit = rows.month >= plant.since
            for d, member in plant.by.items():
                hit &= rows[d] == member
            chance = np.where(hit, chance * plant.factor, chance)
        passed = rng.random(len(rows)) < chance
        found.append(
            rows.assign(month=rows.month + FIRST, status=np.where(passed, "advanced", "lost"), n=1)
        )
        rows = rows[passed]
    return found


def _shares(rng: np.random.Generator, size: int) -> np.ndarray:
    shares = rng.uniform(0.5, 1.5, size)
    return shares / shares.sum()


def searched(frames: list[pd.DataFrame], seed: int) -> list:
    """Every place of both steps."""
    rng = np.random.default_rng(seed)
    return [
        place
        for i, (name, rows) in enumerate(zip(STEPS, frames, strict=True))
        for place in places_of_step(
            rows,
            list(DIMS),
            SearchedStep(name, i, i + 1, 1000.0, FIRST + MONTHS - 12, len(STEPS)),
            30,
            rng,
        )[0]
    ]


def fell(found: list) -> list:
    """Places that fell since a month, or pairs: those that levels of members cannot be."""
    return [p for p in found if p.since is not None or len(p.by) == 2]


def redrawn_company(seed: int) -> pd.DataFrame:
    """The places of the sample company made from another seed, read back as a book."""
    import dataclasses
    import tempfile
    from pathlib import Path

    from playbook import funnel
    from playbook.data.book import Book
    from playbook.simulator.company import simulate
    from playbook.simulator.parameters import Company
    from playbook.simulator.writing import to_csv, toml

    made = simulate(dataclasses.replace(Company(), seed=seed))
    with tempfile.TemporaryDirectory() as folder:
        for name in (
            "opportunities",
            "stage_events",
            "leads",
            "customers",
            "reps",
            "orders",
            "channel_costs",
        ):
            Path(folder, f"{name}.csv").write_bytes(to_csv(made.tables[name]).encode())
        Path(folder, "playbook.toml").write_text(toml(), encoding="utf-8")
        return funnel.bottleneck(Book.open(folder)).places


def seeds(count: int) -> None:
    planted = {
        "North × Integration": "intent→negotiation",
        "General trade fair": "lead→intent",
        "Bought list": "lead→intent",
    }
    named, first, size, onset, other = 0, 0, 0, 0, 0
    for seed in range(1, count + 1):
        found = redrawn_company(seed)
        right = [
            planted.get(r.where_) == r.step
            for r in found.rename(columns={"where": "where_"}).itertuples()
        ]
        cell = found[found["where"] == "North × Integration"]
        named, first, other = (
            named + (sum(right) == 3),
            first + (right[:3] == [True] * 3),
            other + (not all(right)),
        )
        if len(cell):
            row = cell.iloc[0]
            size += row.factor_low <= 0.45 <= row.factor_high
            onset += row.since is None or (
                row.since_first <= "2022-10" and row.since_last >= "2022-09"
            )
        print(
            f"seed {seed:3d}  "
            + "; ".join(
                f"{r['where']} at {r['step']} × {r['factor']:.2f} [{r['factor_low']:.2f} to"
                f" {r['factor_high']:.2f}] since {r['since']}"
                for r in found.to_dict("records")
            ),
            flush=True,
        )
    print(
        f"all three named {named} of {count}; ranked first {first}; size of the fall inside {size};"
        f" month inside {onset}; companies with a place not planted {other}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=40, help="companies per size")
    parser.add_argument("--deals", type=int, default=6000)
    parser.add_argument("--factors", default="1.0,0.75,0.6,0.45,0.3")
    parser.add_argument(
        "--seeds", type=int, default=0, help="draw the sample company anew so many times instead"
    )
    options = parser.parse_args()
    if options.seeds:
        return seeds(options.seeds)
    for factor in map(float, options.factors.split(",")):
        counts, began, sizes = (
            {"named": 0, "size": 0, "onset": 0, "first": 0, "other": 0},
            time.perf_counter(),
            [],
        )
        for run in range(options.runs):
            rng = np.random.default_rng([run, round(factor * 100)])
            pair = sorted(
                rng.choice(["region", "product_line", "channel", "industry"], 2, replace=False)
            )
            plant = Plant(
                int(rng.integers(0, 2)),
                {d: f"{d}{rng.integers(0, DIMS[d])}" for d in pair},
                int(rng.integers(6, 22)),
                factor,
            )
            frames = company(rng, options.deals, plant if factor < 1 else None)
            rows = frames[plant.step]
            mask = rows.month >= FIRST + plant.since
            for d, member in plant.by.items():
                mask &= rows[d] == member
            sizes.append(int(mask.sum()))
            found = fell(searched(frames, run))
            hits = [
                p for p in found if set(p.by.items()) == set(plant.by.items()) and p.k == plant.step
            ]
            counts["named"] += bool(hits)
            counts["first"] += bool(hits) and found[0] is hits[0]
            counts["other"] += len(found) > len(hits)
            if hits:
                counts["size"] += hits[0].factor[1] <= factor <= hits[0].factor[2]
                counts["onset"] += (
                    hits[0].span is None
                    or hits[0].span[0] <= FIRST + plant.since <= hits[0].span[1]
                )
        took = (time.perf_counter() - began) / options.runs
        print(
            f"× {factor:.2f}  deals in the place {int(np.median(sizes)):4d}  named"
            f" {counts['named']:3d} of {options.runs}  first {counts['first']:3d}  size inside"
            f" {counts['size']:3d}  onset inside {counts['onset']:3d}  companies with another place"
            f" named {counts['other']:2d}  ({took:.1f} s each)",
            flush=True,
        )


if __name__ == "__main__":
    main()
