"""Causes of every search as rows of one list."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals, outcome_counts
from playbook.data.measures.names import member_names
from playbook.funnel.windows import inside

from .cause_searches import Finding, Search
from .place import began

PASSES, STAYS, SIZE, DISCOUNT, MATCH = later(
    (
        "passes fewer",
        "stays longer",
        "smaller deals",
        "more discount",
        "matches less",
    )
)


WORDS = later(
    {
        PASSES: "rates of every step",
        STAYS: "time in every stage",
        SIZE: "size of won deals",
        DISCOUNT: "discounts",
        MATCH: "need match",
    }
)


SURE, LIKELY = 0.01, 0.05
HOW_SURE = later(("sure", "very likely", "likely"))


class CauseRows(Frame):
    """One row per cause, the largest cost first."""

    measure = col.text(later("what differs: passes fewer, stays longer, smaller deals …"))
    where = col.text(later("the members, joined by ×, as a page names them"))
    by = col.thing(later("dimension → member"))
    what = col.text(later("the difference in words and numbers"))
    n = col.count(later("deals or orders it rests on"))
    worth = col.money(later("what it costs in 12 months; of a longer stay, wins that come later"))
    low = col.money(later("lower end of the 95 % interval"))
    high = col.money(later("upper end of the 95 % interval"))
    p = col.number(later("p, adjusted for every comparison of every search"))
    sure = col.text(later("sure, very likely or likely"))


def ranked(rows: list[dict], searches: int) -> pd.DataFrame:
    """CauseRows: p paid for the searches made side by side, the largest cost first."""
    if not rows:
        return CauseRows.make([])
    frame = pd.DataFrame(rows)
    p = np.minimum(1.0, frame.p.astype(float) * searches)
    sure = np.select([p <= SURE, p <= LIKELY], list(HOW_SURE[:2]), default=HOW_SURE[2])
    frame = frame.assign(p=p, sure=sure).sort_values(
        ["worth", "p", "where"], ascending=[False, True, True], na_position="last", kind="stable"
    )
    return CauseRows.make(dict(frame.reset_index(drop=True).items()))


def place(row: dict, fmt: Formats) -> dict:
    return {
        "measure": PASSES,
        "where": row["where"],
        "by": row["by"],
        "what": (
            say(
                "{step}: {rate} pass, {expected} expected; {began}",
                step=row["step"],
                rate=fmt.share(row["rate"]),
                expected=fmt.share(row["expected"]),
                began=began(row, fmt),
            )
        ),
        "n": int(row["n"]),
        "worth": row["worth"],
        "low": row["low"],
        "high": row["high"],
        "p": row["p"],
    }


def slow(row: dict, deals: Deals, book: Book) -> dict:
    """A longer stay in money: what the member won in 12 months × the days it came later ÷ 365; the
    days are those of the ratio, or of the medians where these lie closer together.
    """
    fmt, worth, low, high = book.fmt, np.nan, np.nan, np.nan
    days = row["others"] * (row["ratio"] - 1)
    seen = row["median"] - row["others"]
    share = min(1.0, max(0.0, seen / days)) if days > 0 and not pd.isna(seen) else 1.0
    won = outcome_counts(deals, by=row["dimension"])
    own = won[(won.member == row["member"]) & (won.outcome == "won")]
    money = float(own.amount[inside(own.closed, book, "trailing_12m")].sum())
    if money and share and not pd.isna(days):  # medians no further apart: no money to be told
        worth, low, high = (
            share * money * row["others"] * max(0.0, row[name] - 1) / 365
            for name in ("ratio", "low", "high")
        )
    return {
        "measure": STAYS,
        "where": row["label"],
        "by": {row["dimension"]: row["member"]},
        "what": (
            say(
                "{stage}: left {ratio} as slowly as by the rest [{low}]",
                stage=row["stage"],
                ratio=fmt.text(row["ratio"], "ratio"),
                low=fmt.interval(row["low"], row["high"], "ratio"),
            )
        ),
        "n": int(row["n"]),
        "worth": worth,
        "low": low,
        "high": high,
        "p": row["p"],
    }


def found(measure: str, search: Search, compared: dict[str, int], book: Book) -> list[dict]:
    """The findings as rows; members that are the same rows (a region of one rep) are one cause."""
    compared[measure] = search.compared
    rows: dict[tuple, dict] = {}
    for f in search.found:
        row, key = _member(measure, f, book), (f.n, round(f.worth, 2))
        if key in rows:
            row = rows[key] | {
                "where": say("{where} ({where_2})", where=rows[key]["where"], where_2=row["where"]),
                "by": rows[key]["by"] | row["by"],
                "p": min(rows[key]["p"], row["p"]),
            }
        rows[key] = row
    return list(rows.values())


def _member(measure: str, f: Finding, book: Book) -> dict:
    fmt = book.fmt
    what = {
        SIZE: (
            say(
                "average win {value}, of the same kind elsewhere {rest}",
                value=fmt.money(f.value, compact=True),
                rest=fmt.money(f.rest, compact=True),
            )
        ),
        DISCOUNT: (
            say(
                "{value} given on average, {rest} elsewhere on orders of the same size and kind",
                value=fmt.share(f.value),
                rest=fmt.share(f.rest),
            )
        ),
        MATCH: say(
            "{value} match a need, {rest} of the others",
            value=fmt.share(f.value),
            rest=fmt.share(f.rest),
        ),
    }[measure]
    return {
        "measure": measure,
        "where": member_names(book).get(f.dimension, {}).get(f.member, f.member),
        "by": {f.dimension: f.member},
        "what": what,
        "n": f.n,
        "worth": f.worth,
        "low": f.low,
        "high": f.high,
        "p": f.p,
    }
