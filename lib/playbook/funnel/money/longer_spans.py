"""Members whose sales moved otherwise than the rest's over the last three and twelve months: what
one month is too short to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import performance as measure
from playbook.data.measures.names import member_names
from playbook.data.measures.people import reps
from playbook.data.measures.sales import NOT_GIVEN
from playbook.funnel.dimension_words import dimension_word
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Col, Table, table

from .chance import moved

SPANS = (3, 12)  # months; they share the level of one search
MOST = 5  # members of a span that the table lists


class LongerSpans(Frame):
    """One row per span and member whose change on the year before departs from the others'."""

    months = col.count(later("months of the span"))
    dimension = col.text(later("the dimension"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    now = col.money(later("its sales in the span"))
    then = col.money(later("its sales in the same months a year before"))
    change = col.money(later("the difference"))
    others = col.share(later("change of all others together"))
    p = col.share(later("chance that some member departs as far where none does"))


def longer_spans(book: Book, dimensions: Sequence[str]) -> pd.DataFrame:
    """Members beyond chance in either span, the largest changes first; at most ``MOST`` a span.

    dimensions: those of sales that are compared. A span whose months a year before are not covered
    is left out, and so is a rep who came or went since they began.
    """
    found, names, covered = [], member_names(book), sales_coverage(book)
    for months in SPANS if dimensions else ():
        now = Window("span", (book.month - (months - 1)).start, book.as_of, book.fmt.language)
        then = now.year_before()
        if covered.window_gap(then):
            continue
        cells = measure.customer_sales(book, dimensions, now, then)
        parts = moved(cells, dimensions)
        parts = parts[(parts.p <= SEARCH_LEVEL / len(SPANS)) & (parts.member != NOT_GIVEN)]
        came_or_went = _not_there(book, then.start or now.end, now.end)
        parts = parts[(parts.dimension != "rep") | ~parts.member.isin(came_or_went)]
        parts = parts.loc[parts.change.abs().sort_values(ascending=False, kind="stable").index]
        for part in parts.head(MOST).itertuples():
            own = cells[cells[part.dimension] == part.member]
            sold, before = float(own.now.sum()), float(own.then.sum())
            left = float(cells.then.sum()) - before
            found.append(
                {
                    "months": months,
                    "dimension": part.dimension,
                    "member": part.member,
                    "label": names.get(part.dimension, {}).get(part.member, part.member),
                    "now": sold,
                    "then": before,
                    "change": float(part.change),
                    "others": (float(cells.now.sum()) - sold) / left - 1 if left > 0 else None,
                    "p": float(part.p),
                }
            )
    return LongerSpans.make(found)


def _not_there(book: Book, first: date, last: date) -> set[str]:
    """Reps hired after the first or gone by the last day: their sales say when they were there."""
    people = reps(book)
    gone = people.left <= pd.Timestamp(last)
    return set(people.rep_id[gone | (people.hired > pd.Timestamp(first))])


def longer_table(rows: pd.DataFrame, as_of: str, fmt: Formats) -> Table:
    """The members beyond chance, for the page; as_of: the day the spans end on, as text."""
    shown = rows.assign(
        span=[plural(n, "month") for n in rows.months],
        dimension=[dimension_word(d) for d in rows.dimension],
    )
    columns = [
        Col("span", "text", "Span"),
        Col("dimension", "text", "By"),
        Col("label", "name", "Member", weight=2),
        Col("now", "money", "Sales"),
        Col("then", "money", "Year before"),
        Col("change", "money", "Change", sign=True),
        Col("others", "share", "All others", sign=True),
    ]
    return table(
        shown,
        columns,
        fmt,
        title=say("Moved otherwise than the rest over longer spans"),
        note=say(
            "Members whose change on the same months a year before differs from the others' beyond"
            " chance; a member and those it consists of may stand beside each other; spans end on"
            " {as_of}",
            as_of=as_of,
        ),
    )


def longer_sentence(rows: pd.DataFrame, fmt: Formats) -> str:
    """The largest fall against the others in the shorter span; empty where there is none."""
    fallen = rows[(rows.months == SPANS[0]) & (rows.change < 0)]
    if fallen.empty:
        return ""
    row = fallen.iloc[0]
    said = {
        "months": plural(SPANS[0], "month"),
        "label": named(row.label),
        "dimension": dimension_word(row.dimension),
        "change": fmt.money(-row.change, compact=True),
        "share": fmt.share(-row.change / row.then) if row.then > 0 else "–",
    }
    if pd.isna(row.others):
        return say(
            "Over the last {months} {label} ({dimension}) sold {change} less than a year before"
            " ({share}).",
            **said,
        )
    return say(
        "Over the last {months} {label} ({dimension}) sold {change} less than a year before"
        " ({share}), all others together {rest}: more than chance gives.",
        rest=fmt.share(row.others, sign=True),
        **said,
    )
