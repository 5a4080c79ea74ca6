"""Win rates by rep, region, product line and channel."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.names import member_names
from playbook.funnel.dimension_words import dimension_word, source_words
from playbook.funnel.ranking import ABOVE, BELOW, FEW, WINS_LEVEL, member_rates, with_verdicts
from playbook.funnel.windows import SPANS, WINDOW_NAMES, inside
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table

from .wide import wide

BY = ("rep", "region", "product_line", "channel")


class MemberWinRates(Frame):
    """One row per dimension, member and window."""

    dimension = col.text(later("rep, region, product_line or channel"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    window = col.text(later("which window: month, trailing_12m or all"))
    won = col.count(later("deals won, by closing date"))
    lost = col.count(later("deals lost, by closing date"))
    created = col.count(later("deals created in the window"))
    won_of_created = col.count(later("of the created, won by now"))
    narrow = col.share(later("won ÷ (won + lost)"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    shrunk = col.share(
        later("narrow, drawn to the rate of all members by empirical Bayes: for ranking")
    )
    broad = col.share(later("won_of_created ÷ created"))
    p = col.number(
        later("p against all others, adjusted for all members of all dimensions in the window")
    )
    verdict = col.text(later("above the rest, below the rest, as the rest or too few deals"))


def win_rates_by(counts: dict[str, pd.DataFrame], book: Book) -> pd.DataFrame:
    """Win rates per dimension, member and window, with the shrunk rate and a verdict.

    counts: dimension → ``outcome_counts`` by it. Verdicts are corrected for all members of all
    dimensions in the window.
    """
    names, small = member_names(book), book.settings.funnel.min_group
    frames = []
    for window in SPANS:
        rows = [
            _member_counts(found.dropna(subset=["member"]), book, window).assign(
                dimension=dimension, window=window
            )
            for dimension, found in counts.items()
        ]
        if rows:
            found = pd.concat(rows, ignore_index=True)
            decided = found.won + found.lost
            frames.append(
                with_verdicts(found, found.won, decided, found.dimension, small, WINS_LEVEL)
            )
    if not frames:
        return MemberWinRates.make([])
    order = {dimension: i for i, dimension in enumerate(counts)}
    found = pd.concat(frames, ignore_index=True)
    found = found.iloc[found.dimension.map(order).argsort(kind="stable")].reset_index(drop=True)
    labels = [
        names.get(dimension, {}).get(member, member)
        for dimension, member in zip(found.dimension, found.member, strict=True)
    ]
    return found.assign(label=labels)[MemberWinRates.names()]


def _member_counts(counts: pd.DataFrame, book: Book, window: str) -> pd.DataFrame:
    """One window's counts and rates per member of a dimension."""
    closed, created = (
        counts[inside(counts.closed, book, window)],
        counts[inside(counts.created, book, window)],
    )
    decided = wide(closed, "member", "outcome", ["won", "lost"])
    new = pd.DataFrame(
        {
            "created": created.groupby("member").n.sum(),
            "won_of_created": created[created.outcome == "won"].groupby("member").n.sum(),
        }
    )
    rows = decided.join(new, how="outer").fillna(0).astype(int).rename_axis("member").reset_index()
    found = member_rates(rows.won, rows.won + rows.lost).rename(columns={"rate": "narrow"})
    broad = [Rate(w, c).value for w, c in zip(rows.won_of_created, rows.created, strict=True)]
    return rows.join(found).assign(broad=broad)


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
        Col("label", "text", dimension_word(dimension).capitalize()),
        Col("won", "count"),
        Col("lost", "count"),
        Col("narrow", "share", "Won ÷ decided", low="low", high="high"),
        Col("shrunk", "share", "For ranking"),
        Col("broad", "share", "Won ÷ created"),
        Col("verdict", "term", "Reading"),
    ]
    span = say(WINDOW_NAMES[window])
    note = say(
        "{span} by closing date, created ones by creation date; Wilson 95 %;"
        " for ranking, the rate of a small group lies nearer to that of all;"
        " above or below only beyond chance among all compared; {dimension}"
        " from {source}; as of {as_of}",
        span=span.capitalize(),
        dimension=dimension_word(dimension),
        source=source_words(source),
        as_of=fmt.text(as_of, "date"),
    )
    return table(
        rows,
        columns,
        fmt,
        title=say("Win rate by {dimension}", dimension=dimension_word(dimension)),
        note=note,
        limit=limit,
    )


def outliers_sentence(win_rates: dict[str, pd.DataFrame], fmt: Formats) -> str:
    """Who stands out beyond chance; empty when no dimension has two members that can be compared.

    win_rates: dimension → its members, best shrunk rate first.
    """
    parts, compared = [], []
    for dimension, rows in win_rates.items():
        word = dimension_word(dimension)
        if (rows.verdict != FEW).sum() < 2:
            continue
        compared.append(word)
        better, worse = rows[rows.verdict == ABOVE], rows[rows.verdict == BELOW]
        names = [
            say("{label} ({narrow}) above", label=r.label, narrow=fmt.share(r.narrow))
            for r in better.head(1).itertuples()
        ]
        names += [
            say("{label} ({narrow}) below", label=r.label, narrow=fmt.share(r.narrow))
            for r in worse.tail(1).itertuples()
        ]
        if names:
            parts.append(say("by {word} {names}", word=word, names=joined(names, " and ")))
    if parts:
        return say(" Beyond chance: {parts}.", parts=joined(parts, "; "))
    if not compared:
        return ""
    some = (
        compared[0]
        if len(compared) == 1
        else say(
            "{compared} or {compared_2}", compared=joined(compared[:-1]), compared_2=compared[-1]
        )
    )
    return say(" No {some} differs from the rest by more than chance.", some=some)
