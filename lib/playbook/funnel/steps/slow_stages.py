"""Members (a person, a region, a channel) whose deals stay longer in a stage than the others'."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, step_counts
from playbook.data.measures.names import member_names
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.windows import bounds
from playbook.methods.slow_search import slow_members
from playbook.methods.survival import kaplan_meier, median_time
from playbook.page import Col, Table, table

from .cohorts import dates_stages, drop_impossible_times, steps_of

SEARCHED = ("region", "product_line", "channel", "industry", "customer_type", "rep")
MOST_MEMBERS = 200  # members of a dimension compared
MOST_DEALS = 60_000  # deals of all stages shuffled in reasonable time; above, nothing is searched
KNOWN = 0.5  # share of deals a dimension must be known of
SEED = 20230930


class SlowStages(Frame):
    """One row per member whose deals stay longer in a stage than those of all others, by more than
    chance gives among all members and stages compared; the surest first.
    """

    stage = col.text(later("the stage"))
    dimension = col.text(later("what the member is: rep, region, product_line, channel …"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    n = col.count(later("its deals that entered the stage in the last 12 months"))
    median = col.days(
        later("their median stay, deals still there kept in; empty when half have not left")
    )
    others = col.days(later("median stay of all other deals"))
    day = col.days(
        later("day by which three in four of all other deals had left (or half, where fewer)")
    )
    gone = col.share(later("of the others, left by that day"))
    own_gone = col.share(later("of its deals, left by that day"))
    ratio = col.ratio(later("pace of leaving of all others ÷ theirs"), low="low", high="high")
    low = col.ratio(later("lower end of the 95 % interval"))
    high = col.ratio(later("upper end of the 95 % interval"))
    p = col.number(later("p-value, adjusted for all members, dimensions and stages compared"))


def slow_stages(deals: Deals, book: Book) -> tuple[pd.DataFrame, int]:
    """The members (``SlowStages``) and the number of comparisons made.

    Searched are deals that entered a dated stage in the last 12 months; each is compared with
    those that entered in the same quarter.
    """
    stays, dims = _stays(deals, book)
    if stays.empty or not dims or stays.n.sum() > MOST_DEALS:
        return SlowStages.make([]), 0
    found, comparisons = slow_members(
        stays, dims, book.settings.funnel.min_group, np.random.default_rng(SEED)
    )
    names, rows = member_names(book), []
    for place in found:
        ((dimension, member),) = place.by.items()
        here = stays[stays.stage == place.stage]
        inside = (here[dimension] == member).fillna(False).to_numpy(bool)
        rows.append(
            {
                "stage": place.stage,
                "dimension": dimension,
                "member": member,
                "label": names.get(dimension, {}).get(member, member),
                "n": place.n,
                "median": _median(here[inside]),
                "others": _median(here[~inside]),
                **_left_by(here[~inside], here[inside]),
                "ratio": place.ratio,
                "low": place.low,
                "high": place.high,
                "p": place.p,
            }
        )
    return SlowStages.make(rows).astype(
        {"median": float, "others": float, "day": float}
    ), comparisons


def _stays(deals: Deals, book: Book) -> tuple[pd.DataFrame, list[str]]:
    """Stays of the last 12 months: stage, stratum (quarter of entry), days, left, n and dimensions;
    and the dimensions known often enough.
    """
    dims = [d for d in (*SEARCHED, *deals.own) if d in deals.dimensions]
    first, last = bounds(book, "trailing_12m")
    frames = []
    for step in steps_of(deals, book) if dates_stages(deals) and dims else []:
        k, to = deals.stages.index(step.start), deals.stages.index(step.end)
        rows = drop_impossible_times(step_counts(deals, k, to, by=dims))
        rows = rows[rows.month.between(first, last) & rows.days.notna()]
        frames.append(
            rows.assign(
                stage=step.start, stratum=(rows.month - first) // 3, left=rows.status != "open"
            )[["stage", "stratum", "days", "left", "n", *dims]]
        )
    if not frames:
        return pd.DataFrame({"n": []}), []
    stays = pd.concat(frames, ignore_index=True)
    able = [
        d
        for d in dims
        if stays.n[stays[d].notna()].sum() >= KNOWN * stays.n.sum()
        and 1 < stays[d].nunique() <= MOST_MEMBERS
    ]
    return stays.drop(columns=[d for d in dims if d not in able]), able


def _median(stays: pd.DataFrame) -> float | None:
    return median_time(kaplan_meier(stays.days, stays.left, stays.n))[0]


def _left_by(others: pd.DataFrame, own: pd.DataFrame) -> dict:
    """The day by which three in four of the others had left, and how many of its own by then."""
    curve, mine = (kaplan_meier(part.days, part.left, part.n) for part in (others, own))
    for share in (0.75, 0.5):
        at = np.flatnonzero(curve.value >= share)
        if len(at):
            day = float(curve.days[at[0]])
            before = int(np.searchsorted(mine.days, day, side="right")) - 1
            left = float(mine.value[before]) if before >= 0 else 0.0
            return {"day": day, "gone": float(curve.value[at[0]]), "own_gone": left}
    return {"day": None, "gone": None, "own_gone": None}


def slow_table(slow: pd.DataFrame, compared: int, small: int, fmt: Formats, as_of: date) -> Table:
    """Who is slow, for the page."""
    return table(
        slow.assign(dimension=slow.dimension.map(dimension_word)),
        [
            Col("stage"),
            Col("label", "text", "Whose deals", weight=2),
            Col("dimension", "text", "Which is a"),
            Col("n", "count", "Entered"),
            Col("median", "days", "Median stay"),
            Col("others", "days", "All others"),
            Col("ratio", "ratio", "Slower than others", low="low", high="high"),
        ],
        fmt,
        title=say("Where deals stay longer than elsewhere"),
        note=(
            say(
                "Deals that entered the stage in the last 12 months; slower: pace of"
                " leaving, day by day, against deals of the same quarter, so that medians"
                " may lie closer together; members of {small} deals or more; named only"
                " beyond chance among {compared} comparisons; 95 %; as of {as_of}",
                small=small,
                compared=fmt.count(compared),
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def slow_sentence(slow: pd.DataFrame, compared: int, fmt: Formats) -> str:
    """Whose deals stay longest beyond chance; empty when nobody could be compared."""
    if not compared:
        return ""
    if slow.empty:
        return say(
            " Nobody's deals stay longer in a stage than those of the rest by more than chance."
        )
    row = slow.iloc[0]
    text = say(
        " Deals of {label} leave {stage} {ratio} as slowly as those of the rest [{low}]",
        label=row.label,
        ratio=fmt.text(row.ratio, "ratio"),
        stage=row.stage,
        low=fmt.interval(row.low, row.high, "ratio"),
    )
    if pd.notna(row.day):
        text += say(
            ": after {day} {own_gone} of them have left it, of the rest {gone}",
            day=fmt.text(row.day, "days"),
            own_gone=fmt.share(row.own_gone, decimals=0),
            gone=fmt.share(row.gone, decimals=0),
        )
    return text + say(".")
