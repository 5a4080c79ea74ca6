"""Win rates by rep, region, product line and channel."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.funnel.ranking import judged
from playbook.funnel.windows import SPANS, WINDOW_NAMES, inside
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table

BY = ("rep", "region", "product_line", "channel")


class MemberWinRates(Frame):
    """One row per dimension, member and window."""

    dimension = col.text("rep, region, product_line or channel")
    member = col.text("the member as the data write it")
    label = col.text("the member as a page names it")
    window = col.text("which window: month, trailing_12m or all")
    won = col.count("deals won, by closing date")
    lost = col.count("deals lost, by closing date")
    created = col.count("deals created in the window")
    won_of_created = col.count("of the created, won by now")
    narrow = col.share("won ÷ (won + lost)", low="low", high="high")
    low = col.share("lower end of the Wilson 95 % interval")
    high = col.share("upper end of the Wilson 95 % interval")
    shrunk = col.share("narrow, drawn to the rate of all members by empirical Bayes: for ranking")
    broad = col.share("won_of_created ÷ created")
    verdict = col.text("above the rest, below the rest, as the rest or too few deals")


def win_rates_by(
    counts: pd.DataFrame, dimension: str, book: Book, names: dict[str, str]
) -> pd.DataFrame:
    """Win rates per member and window, with the shrunk rate and a verdict."""
    counts = counts.dropna(subset=["member"])
    frames = []
    for window in SPANS:
        closed, created = (
            counts[inside(counts.closed, book, window)],
            counts[inside(counts.created, book, window)],
        )
        decided = closed.pivot_table(
            index="member", columns="outcome", values="n", aggfunc="sum", fill_value=0
        ).reindex(columns=["won", "lost"], fill_value=0)
        new = pd.DataFrame(
            {
                "created": created.groupby("member").n.sum(),
                "won_of_created": created[created.outcome == "won"].groupby("member").n.sum(),
            }
        )
        frame = (
            decided.join(new, how="outer").fillna(0).astype(int).rename_axis("member").reset_index()
        )
        frames.append(
            _rates(frame, book.settings.funnel.min_group).assign(dimension=dimension, window=window)
        )
    found = pd.concat(frames, ignore_index=True)
    return found.assign(label=[names.get(m, m) for m in found.member])[MemberWinRates.names()]


def _rates(frame: pd.DataFrame, small: int) -> pd.DataFrame:
    """Adds narrow, its interval, shrunk, broad and the verdict."""
    found = judged(frame.won, frame.won + frame.lost, small).rename(columns={"rate": "narrow"})
    broad = [Rate(w, c).value for w, c in zip(frame.won_of_created, frame.created, strict=True)]
    return frame.join(found).assign(broad=broad)


def members_table(
    rows: pd.DataFrame,
    dimension: str,
    window: str,
    source: str,
    fmt: Formats,
    as_of: date,
    limit: int,
) -> Table:
    """The members of one dimension in one window, best shrunk rate first."""
    columns = [
        Col("label", "text", dimension.replace("_", " ").capitalize()),
        Col("won", "count"),
        Col("lost", "count"),
        Col("narrow", "share", "Won ÷ decided", low="low", high="high"),
        Col("shrunk", "share", "For ranking"),
        Col("broad", "share", "Won ÷ created"),
        Col("verdict", "text", "Reading"),
    ]
    span = WINDOW_NAMES[window]
    note = (
        f"{span.capitalize()} by closing date, created ones by creation date; Wilson 95 %;"
        f" ranked by the rate drawn to the whole sales force; {dimension.replace('_', ' ')}"
        f" from {source}; as of {fmt.text(as_of, 'date')}"
    )
    return table(
        rows,
        columns,
        fmt,
        title=f"Win rate by {dimension.replace('_', ' ')}",
        note=note,
        limit=limit,
    )


def outliers_sentence(win_rates: dict[str, pd.DataFrame], fmt: Formats) -> str:
    """Who stands out beyond chance. win_rates: dimension → its members, best shrunk rate first."""
    parts = []
    for dimension, rows in win_rates.items():
        better, worse = (
            rows[rows.verdict == word] for word in ("above the rest", "below the rest")
        )
        if len(better) or len(worse):
            names = (
                [f"{better.label.iloc[0]} ({fmt.share(better.narrow.iloc[0])}) above"]
                if len(better)
                else []
            ) + (
                [f"{worse.label.iloc[-1]} ({fmt.share(worse.narrow.iloc[-1])}) below"]
                if len(worse)
                else []
            )
            parts.append(f"by {dimension.replace('_', ' ')} {' and '.join(names)}")
    return (
        f" Beyond chance: {'; '.join(parts)}."
        if parts
        else " No rep, region or channel differs from the rest by more than chance."
    )
