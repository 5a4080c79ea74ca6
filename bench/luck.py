"""How often the searches of the report name somebody, over simulated companies with and without
causes.

    python bench/luck.py --companies 20
    python bench/luck.py --companies 20 --sizes 1200,4000 --causes none,rep,stay,discount,region
    python bench/luck.py --intervals 200
    python bench/luck.py --bunching 20

The first two write books of another make than the sample (own generator, without levels, seasons
or trends: every member is alike but for the planted cause), read the sections of the funnel chapter
and print, for each size and cause, in how many companies each search named the planted place, and
in how many it named anybody else. Causes: none; rep (passes the step offer→won half as often from
month 18 on); stay (a rep's deals stay twice as long at talk); discount (a rep gives 12 points more
discount); leads (half as many leads as usual in the report month); channel-step and region-step (as
rep, at channel1 and region1); region (customers of one region order half as much in the last 3
months); stop (nothing is ordered in one region in the report month).

A halved step shows as far as deals reach it: of 4000 deals a rep has some 33 at offer→won in the 12
months that are compared, and 50 % against 25 % of 33 is 2.9 standard deviations, less than the 3.4
that chance reaches in 1 of 50 companies among 48 comparisons; no test finds that in most companies.
Of 12 000 deals it is 5. The dashboard compares a month with twelve: 133 leads a month halved are
5.8 standard deviations of a month, 400 are 10, and 4.4 is what stands out among its indicators. The
drill-down compares a month with the same of the year before: a region with 18 orders a month (of
12 000 deals), each some 66 % off the mean, must lose them all to stand out, and of 24 000 does; one
that orders half as much is found over three months, by the longer spans, where it had some 200
orders in them (of 48 000 deals: 9 of 10 companies).
The third draws single steps and counts how often the interval of the bottleneck's gap and the
factor of a slow member hold the truth. The months an onset is given for: bench/places.py. The last
draws reps' quarters around the edges of a plan, with and without sales moved across the nearest.

What is asked: at most 1 in 10 companies without a cause sees anybody named, and a planted cause is
named in at least 9 of 10. Each line of a cause says whether the second holds at its size.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

MONTHS, START, MONTH = 30, pd.Timestamp("2021-01-04"), "2023-05"  # the report month
REPS, REGIONS, LINES, CHANNELS = 16, 4, 4, 5
# Cause → deals of a company in which it is asked to be found, unless --sizes says otherwise.
SIZES = {
    "none": (1200, 4000),
    "rep": (12_000,),
    "stay": (4000,),
    "discount": (4000,),
    "region": (48_000,),
    "channel-step": (12_000,),
    "region-step": (4000,),
    "leads": (12_000,),
    "stop": (24_000,),
}
CAUSES = tuple(SIZES)
SLOW, LATE = "rep03", 18
STAGES = ["lead", "talk", "offer", "won"]
LADDER = {"rungs": [{"lower": 0, "discount": 0.10}], "renewal": 0.0}


def company(rng: np.random.Generator, deals: int, cause: str) -> dict[str, pd.DataFrame]:
    """Tables of one company; ``cause`` says what is planted, at rep03 or region1."""
    start = np.sort(rng.integers(0, MONTHS * 30, deals))
    rep = rng.integers(0, REPS, deals)
    hit = rep == int(SLOW[3:])
    customers = max(40, deals // 6)
    customer = rng.integers(0, customers, deals)
    frame = pd.DataFrame(
        {
            "opportunity_id": [f"D{i:06d}" for i in range(deals)],
            "rep_id": [f"rep{r:02d}" for r in rep],
            "region": [f"region{r % REGIONS}" for r in rep],
            "product_line": [f"line{i}" for i in rng.integers(0, LINES, deals)],
            "channel": [f"channel{i}" for i in rng.integers(0, CHANNELS, deals)],
            "customer_id": [f"C{c:05d}" for c in customer],
        }
    )
    at, alive, stage = start.astype(float), np.ones(deals, bool), np.zeros(deals, int)
    events = [pd.DataFrame({"opportunity_id": frame.opportunity_id, "stage": "lead", "day": at})]
    lost = np.full(deals, np.nan)
    for step, (base, scale) in enumerate(((0.6, 10), (0.6, 14), (0.5, 12))):
        stay = 1 + rng.gamma(1.6, scale, deals)
        if cause == "stay" and step == 1:
            stay = np.where(hit, 2 * stay, stay)
        chance = np.full(deals, base)
        if cause == "rep" and step == 2:
            chance = np.where(hit & (at >= LATE * 30), base / 2, base)
        if step == 2 and cause.endswith("-step"):
            place = frame[cause.removesuffix("-step")].str.endswith("1").to_numpy()
            chance = np.where(place & (at >= LATE * 30), base / 2, base)
        at = at + stay
        passed = alive & (rng.random(deals) < chance)
        lost = np.where(alive & ~passed, at, lost)
        alive, stage = passed, np.where(passed, step + 1, stage)
        inside = frame.opportunity_id[passed]
        events.append(
            pd.DataFrame({"opportunity_id": inside, "stage": STAGES[step + 1], "day": at[passed]})
        )
    end = MONTHS * 30.0
    won, closed = alive & (at <= end), np.where(alive, at, lost)
    outcome = np.where(won, "won", np.where(lost <= end, "lost", "open"))
    discount = np.round(rng.choice([0.0, 0.05, 0.1, 0.15], deals, p=[0.4, 0.3, 0.2, 0.1]), 2)
    if cause == "discount":
        discount = np.where(hit, discount + 0.12, discount)
    price = np.round(rng.lognormal(9, 0.6, deals))
    if cause == "region":
        lately = (pd.Timestamp("2023-03-01") - START).days  # the last three months to MONTH
        price = np.where((frame.region == "region1") & (closed >= lately), price / 2, price)
    days = pd.to_timedelta(np.where(outcome == "open", 0, np.floor(closed)), unit="D")
    frame = frame.assign(
        created=START + pd.to_timedelta(start, unit="D"),
        closed=(START + days).where(outcome != "open"),
        outcome=outcome,
        stage=[
            "lost" if o == "lost" else STAGES[s if o == "won" else min(s, 2)]
            for s, o in zip(stage, outcome, strict=True)
        ],
        expected_amount=price,
        amount=np.where(won, np.round(price * (1 - discount), 2), np.nan),
    )
    orders = frame[won].assign(list_amount=price[won])
    if cause == "stop":
        now = orders.closed.dt.strftime("%Y-%m") == MONTH
        orders = orders[(orders.region != "region1") | ~now]
    dated = pd.concat(events, ignore_index=True)
    dated = dated[(dated.day <= end)].assign(
        entered_at=lambda f: START + pd.to_timedelta(np.floor(f.day), unit="D")
    )
    leads = rng.integers(0, MONTHS * 30, deals)
    if cause == "leads":
        day = START + pd.to_timedelta(leads, unit="D")
        leads = leads[(day.strftime("%Y-%m") != MONTH) | (rng.random(deals) < 0.5)]
    named = ["customer_id", "rep_id", "region", "product_line", "channel", "amount", "list_amount"]
    return {
        "opportunities": frame,
        "leads": pd.DataFrame(
            {
                "lead_id": [f"L{i:06d}" for i in range(len(leads))],
                "created": START + pd.to_timedelta(leads, unit="D"),
            }
        ),
        "stage_events": dated[["opportunity_id", "stage", "entered_at"]],
        "orders": orders[["opportunity_id", "closed", *named]].rename(
            columns={"opportunity_id": "order_id", "closed": "date"}
        ),
    }


def found_in(tables: dict[str, pd.DataFrame], only: str = "") -> Iterator[tuple[str, set[str]]]:
    """Each search (those whose name holds ``only``) and the names it gave."""
    from playbook import funnel
    from playbook.data.book import Book

    settings = {"book": {"stages": STAGES}, "funnel": {"ladder": LADDER}}
    book = Book.from_frames(month=MONTH, settings=settings, **tables)
    apart = ["above the rest", "below the rest"]

    def wins() -> set[str]:
        rows = funnel.win_rate(book).groups
        return set(rows.member[(rows.window == "trailing_12m") & rows.verdict.isin(apart)])

    def steps(dimension: str) -> set[str]:
        rows = funnel.conversion_by(book, dimension).table
        return set(rows.member[rows.verdict.isin(apart)])

    def places() -> set[str]:
        return {name for by in funnel.bottleneck(book).places.by for name in by.values()}

    def discounts() -> set[str]:
        ladder = funnel.price_ladder(book)
        return set(ladder.named.rep_id) if ladder.status == "ok" else set()

    def drill() -> set[str]:
        gap = funnel.gap(book)
        return set(gap.drill.member) if gap.status == "ok" else set()

    def longer() -> set[str]:
        gap = funnel.gap(book)
        return set(gap.longer.member) if gap.status == "ok" else set()

    def alerts() -> set[str]:
        board = funnel.dashboard(book)
        if board.status != "ok":
            return set()
        rows = board.table
        return set(rows.indicator[rows.alert.isin(["better", "worse", "unusual"])])

    searches = {
        "win rates by member": wins,
        **{f"steps by {d}": partial(steps, d) for d in ("rep", "channel", "region")},
        "slow stages": lambda: set(funnel.cycle(book).slow.member),
        "places": places,
        "discounts by rep": discounts,
        "drill-down": drill,
        "longer spans": longer,
        "dashboard": alerts,
    }
    return ((name, search()) for name, search in searches.items() if only in name)


def companies(count: int, sizes: list[int], causes: list[str], only: str = "") -> None:
    """Prints what was named; sizes: empty = those of each cause."""
    right = {"rep": SLOW, "stay": SLOW, "discount": SLOW, "region": "region1", "stop": "region1"}
    right |= {"channel-step": "channel1", "region-step": "region1", "leads": "leads"}
    for cause in causes:
        for size in sizes or SIZES[cause]:
            hits: dict[str, int] = {}
            other: dict[str, int] = {}
            anybody, began = 0, time.perf_counter()
            for seed in range(count):
                rng = np.random.default_rng([seed, size, CAUSES.index(cause)])
                accused = set()
                for search, names in found_in(company(rng, size, cause), only):
                    planted = {name for name in names if name == right.get(cause)}
                    hits[search] = hits.get(search, 0) + bool(planted)
                    other[search] = other.get(search, 0) + bool(names - planted)
                    accused |= {(search, name) for name in names}
                anybody += bool(accused)
            took = (time.perf_counter() - began) / count
            best = max(hits.values())
            print(
                f"{size} deals, cause {cause}: somebody named in {anybody} of {count}"
                + (
                    f"; planted named in {best} ({_judged(best, count)})"
                    if best or right.get(cause)
                    else ""
                )
                + f" ({took:.1f} s each)"
            )
            for search in hits:
                print(
                    f"    {search:22s} planted {hits[search]:3d}  anybody else {other[search]:3d}"
                )


def intervals(runs: int) -> None:
    """How often 95 % intervals hold the truth."""
    from playbook.funnel.places.step_value import best_quarter
    from playbook.methods.slow_search import slow_members

    for spread in (0.0, 0.1, 0.2, 0.4):
        held = named = 0
        for run in range(runs):
            rng = np.random.default_rng([run, round(spread * 100)])
            n, quarter = rng.poisson(40, MONTHS) + 1, np.arange(MONTHS) // 3
            rate = 1 / (1 + np.exp(-0.2 - rng.normal(0, spread, 10)[quarter]))
            k, first = rng.binomial(n, rate), 24360
            parts = (("advanced", k), ("lost", n - k))
            cells = pd.concat(
                [
                    pd.DataFrame({"month": first + np.arange(MONTHS), "status": s, "n": part})
                    for s, part in parts
                ]
            )
            found = best_quarter(cells, first, first + 18, first + 29, 30, rng)
            truth = rate.max() - (n * rate)[18:].sum() / n[18:].sum()
            low, high = np.quantile(np.maximum(0, found.gaps), [0.025, 0.975])
            held += (0 if found.p > 0.025 else low) <= truth + 1e-12 and truth <= high
            named += found.p <= 0.05
        print(f"gap to the best quarter, spread {spread}: held {held} of {runs}, named {named}")
    held = found_all = 0
    for run in range(min(runs, 60)):
        rng = np.random.default_rng(run)
        rep, day = rng.integers(0, 12, 900), rng.integers(0, 365, 900)
        stay = rng.gamma(1.5, 12, 900) * np.where(rep == 3, 2, 1)
        stays = pd.DataFrame(
            {
                "stage": "offer",
                "stratum": day // 91,
                "days": np.floor(np.minimum(stay, 365 - day)),
                "left": stay <= 365 - day,
                "n": 1,
                "rep": [f"rep{i:02d}" for i in rep],
            }
        )
        for member in slow_members(stays, ["rep"], 30, rng)[0]:
            if member.by == {"rep": SLOW}:
                found_all, held = found_all + 1, held + (member.low <= 2 <= member.high)
    print(f"stay of a slow rep × 2: named {found_all} of {min(runs, 60)}, factor held {held}")


def bunching(count: int) -> None:
    """How often edges are called crowded: reps' quarters, of which a share just below an edge is
    moved above it.
    """
    from playbook import incentives
    from playbook.data.book import Book

    edges, quarters = (80_000, 100_000, 120_000), 10
    bounds = [(0, edges[0]), *pairwise(edges), (edges[-1], None)]
    tiers = [{"lower": low, "rate": 0.05 + low / 2e6} for low, _ in bounds]
    tiers = [t | ({"upper": up} if up else {}) for t, (_, up) in zip(tiers, bounds, strict=True)]
    plan = {"name": "plan", "starts": "2021-01-01", "accumulate": "quarter", "tiers": tiers}
    settings = {"book": {"currency": "EUR"}, "commission_plans": [plan]}
    for reps in (16, 40, 100):
        for moved in (0.0, 0.5):
            crowded = 0
            for seed in range(count):
                rng = np.random.default_rng([seed, reps, round(10 * moved)])
                total = 100_000 * rng.lognormal(0, 0.25, (reps, quarters))
                for edge in edges:
                    near = (total > 0.95 * edge) & (total <= edge)
                    push = near & (rng.random(total.shape) < moved)
                    total = np.where(push, edge * (1 + 0.04 * rng.random(total.shape)), total)
                first = total * rng.uniform(0.3, 0.7, total.shape)
                rows = [
                    (f"O{rep}-{q}-{half}", f"{2021 + q // 4}-{3 * (q % 4) + 3:02d}-30", "C1",
                     f"rep{rep:03d}", round(float(part), 2))
                    for (rep, q), whole in np.ndenumerate(total)
                    for half, part in enumerate((first[rep, q], whole - first[rep, q]))
                ]  # fmt: skip
                orders = pd.DataFrame(
                    rows, columns=["order_id", "date", "customer_id", "rep_id", "amount"]
                )
                book = Book.from_frames(month="2023-06", settings=settings, orders=orders)
                crowded += bool(len(incentives.audit(book).crowded))
            print(
                f"bunching, {reps} reps × {quarters} quarters, {moved:.0%} of those just below an"
                f" edge moved above it: crowded in {crowded} of {count}"
                + (f" ({_judged(crowded, count)})" if moved else ""),
                flush=True,
            )


def _judged(named: int, of: int) -> str:
    return "9 of 10 holds" if named >= 0.9 * of else "9 of 10 does not hold at this size"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--companies", type=int, default=20, help="companies per size and cause")
    parser.add_argument("--sizes", default="", help="deals; empty = those of each cause")
    parser.add_argument("--causes", default=",".join(CAUSES))
    parser.add_argument("--only", default="", help="searches whose name holds this")
    parser.add_argument("--intervals", type=int, default=0, help="check intervals on so many draws")
    parser.add_argument("--bunching", type=int, default=0, help="companies per number of reps")
    options = parser.parse_args()
    if options.bunching:
        return bunching(options.bunching)
    if options.intervals:
        return intervals(options.intervals)
    sizes = [int(size) for size in options.sizes.split(",") if size]
    companies(options.companies, sizes, options.causes.split(","), options.only)


if __name__ == "__main__":
    main()
