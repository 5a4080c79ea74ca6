"""Each member of each dimension: the share that passes every step, the time in every stage, and the
firm's own top quartile of members as a benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.names import member_names
from playbook.funnel.ranking import member_rates
from playbook.funnel.steps.cohorts import FunnelStep, rate_steps
from playbook.funnel.windows import bounds
from playbook.methods.resampling import sampled_means, sampled_rates
from playbook.methods.shrinkage import sampled_group_rates
from playbook.methods.survival import kaplan_meier, median_time

from .dimensions import usable
from .step_value import mature_cells

MOST_MEMBERS = 30  # the largest members of a dimension that are worked out
FEWEST = 4  # members from which a top quartile can be told
TOP = 0.75
PEERS = ("rep", "team", "region")  # who can learn from each other; channels bring other deals
SAMPLES, SEED = 4000, 20230930


class MemberSteps(Frame):
    """One row per dimension, member and step: mature cohorts of the last 12 months."""

    dimension = col.text(later("what the member is: rep, region, product_line, channel …"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    step = col.text(later("the step, written from→to"))
    entered = col.count(later("deals that entered the step"))
    advanced = col.count(later("of these, passed it"))
    rate = col.share(later("advanced ÷ entered"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    shrunk = col.share(
        later("rate, drawn to the rate of all members by empirical Bayes: for ranking")
    )
    comparable = col.flag(
        later(
            "whether the dimension is known as often of deals that passed as of those that stopped"
        )
    )


class MemberTimes(Frame):
    """One row per dimension, member and stage: deals that entered it in the last 12 months."""

    dimension = col.text(later("what the member is"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    stage = col.text(later("the stage"))
    n = col.count(later("deals that entered the stage and carry usable days"))
    median = col.days(
        later("median stay, deals still there kept in (Kaplan-Meier)"), low="low", high="high"
    )
    low = col.days(later("lower end of the 95 % interval"))
    high = col.days(later("upper end of the 95 % interval"))


class TopQuartiles(Frame):
    """One row per step and kind of peer (reps, teams, regions) with members enough: what those
    below would bring at the rate of the firm's own top quartile of members, less luck.
    """

    step = col.text(later("the step, written from→to"))
    dimension = col.text(later("which members are compared"))
    members = col.count(later("members with deals enough"))
    below = col.count(later("of them, those below the counted quartile"))
    n = col.count(later("deals of those below, mature cohorts of the last 12 months"))
    rate = col.share(later("passed of these"))
    quartile = col.share(later("rate that one in four members reaches, as counted"))
    benchmark = col.share(later("the same less what luck adds to the best of several"))
    worth = col.money(
        later("what the members below it would bring at it, a year"), low="low", high="high"
    )
    low = col.money(later("lower end of the 95 % interval"))
    high = col.money(later("upper end of the 95 % interval"))


class MemberSpeed(Frame):
    """One row per dimension and member with a win in the last 12 months: its sales velocity."""

    dimension = col.text(later("what the member is"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    open = col.count(later("open deals"))
    won = col.count(later("deals won in the last 12 months"))
    decided = col.count(later("deals won or lost in them"))
    win_rate = col.share(later("won ÷ decided"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    size = col.money(later("average amount of the won deals that carry one"))
    priced = col.count(later("won deals that carry an amount"))
    cycle = col.days(later("median time from creation to the win"))
    timed = col.count(later("won deals that carry both days"))
    velocity = col.money(later("open × win rate × size ÷ cycle, a day"))


def steps_by(deals: Deals, book: Book, dims: Sequence[str]) -> dict[str, list[FunnelStep]]:
    """Dimension → its steps, whose counts have a column ``member``."""
    return {d: rate_steps(deals, book, by=d) for d in dims}


def member_steps(
    split: dict[str, list[FunnelStep]], every: list[FunnelStep], book: Book
) -> pd.DataFrame:
    """MemberSteps of every dimension, the largest members first.

    split: ``steps_by``. every: the same steps over all deals, which say when a cohort is mature.
    """
    first, last = bounds(book, "trailing_12m")
    names, frames = member_names(book), []
    for d, steps in split.items():
        for step, whole in zip(steps, every, strict=True):
            cells = mature_cells(step.counts, whole.limit, book)
            cells = cells[cells.month.between(first, last)]
            fair = (cells.status == "advanced").nunique() < 2 or bool(usable(cells, ["member"]))
            sums = _sums(cells)
            if sums.empty:
                continue
            rates = member_rates(sums.advanced, sums.entered).drop(columns="apart")
            label = [names.get(d, {}).get(m, m) for m in sums.member]
            found = sums.join(rates).assign(
                dimension=d, label=label, step=whole.name, comparable=fair
            )
            frames.append(
                found.sort_values(["entered", "label"], ascending=[False, True]).head(MOST_MEMBERS)
            )
    if not frames:
        return MemberSteps.make([])
    return pd.concat(frames, ignore_index=True)[MemberSteps.names()]


def _sums(cells: pd.DataFrame) -> pd.DataFrame:
    """entered and advanced per member."""
    known = cells.dropna(subset=["member"])
    passed = known.n.where(known.status == "advanced", 0)
    sums = known.assign(advanced=passed).groupby("member")[["n", "advanced"]].sum()
    return sums.rename(columns={"n": "entered"}).astype(int).reset_index()


def member_times(split: dict[str, list[FunnelStep]], book: Book) -> pd.DataFrame:
    """MemberTimes of every dimension, the largest members first; no rows where no entry to a stage
    carries a day.
    """
    first, last = bounds(book, "trailing_12m")
    names, rows = member_names(book), []
    for d, steps in split.items():
        for step in steps:
            if step.decided:
                continue
            part = step.counts[(step.counts.days >= 0) & step.counts.month.between(first, last)]
            sizes = part.groupby("member").n.sum().sort_values(ascending=False, kind="stable")
            stays = dict(list(part.groupby("member")))
            for member in sizes.index[:MOST_MEMBERS]:
                own = stays[member]
                curve = kaplan_meier(own.days, own.status != "open", own.n)
                median, low, high = median_time(curve)
                rows.append(
                    {
                        "dimension": d,
                        "member": member,
                        "label": names.get(d, {}).get(member, member),
                        "stage": step.start,
                        "n": int(own.n.sum()),
                        "median": median,
                        "low": low,
                        "high": high,
                    }
                )
    return MemberTimes.make(rows).astype({c: float for c in ("median", "low", "high")})


def top_quartiles(members: pd.DataFrame, every: list[FunnelStep], book: Book) -> pd.DataFrame:
    """TopQuartiles from the members' rates, the largest worth first. every: the steps of all deals.

    A quartile of counted rates is high partly by luck. So the members' own rates are sampled given
    their counts, and in every sample the quartile is taken and the members below it are raised to
    it: members no further apart than chance are worth next to nothing.
    """
    values = {step.name: _value(step, book, np.random.default_rng(SEED)) for step in every}
    members = members[members.dimension.isin(PEERS)]
    small, rng = book.settings.funnel.min_group, np.random.default_rng(SEED)
    rows = []
    for (step, d), part in members.groupby(["step", "dimension"], sort=False):
        part = part[(part.entered >= small) & part.comparable.astype(bool)]
        value = values[str(step)]
        if len(part) < FEWEST or not 0 < part.advanced.sum() < part.entered.sum() or value is None:
            continue
        k, n = part.advanced.to_numpy(float), part.entered.to_numpy(float)
        rates = sampled_group_rates(k, n, rng, SAMPLES)
        top = np.quantile(rates, TOP, axis=1)
        money = (np.maximum(0, top[:, None] - rates) * n).sum(axis=1) * value
        low, worth, high = np.quantile(money, [0.025, 0.5, 0.975])
        under = k / n < np.quantile(k / n, TOP)
        rows.append(
            {
                "step": step,
                "dimension": d,
                "members": len(part),
                "below": int(under.sum()),
                "n": int(n[under].sum()),
                "rate": float(k[under].sum() / n[under].sum()) if under.any() else np.nan,
                "quartile": float(np.quantile(k / n, TOP)),
                "benchmark": float(np.median(top)),
                "worth": float(worth),
                "low": float(low),
                "high": float(high),
            }
        )
    found = TopQuartiles.make(rows)
    return found.sort_values(
        ["worth", "step", "dimension"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def _value(step: FunnelStep, book: Book, rng: np.random.Generator) -> np.ndarray | None:
    """Samples of what one more deal past the step brings: chance to win afterwards × average win;
    None without a priced win.
    """
    first, _ = bounds(book, "trailing_12m")
    cells = mature_cells(step.counts, step.limit, book)
    passed = cells[(cells.status == "advanced") & (cells.month >= first)]
    decided, won, amount, square = (
        float(passed[name].sum()) for name in ("n", "won", "amount", "square")
    )
    if not won or not amount:
        return None
    later = sampled_rates(rng, int(won), int(decided), SAMPLES)
    return later * sampled_means(rng, int(won), amount, square, SAMPLES)
