"""Where the gap sits: by member of each dimension, and down to where the change comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.names import member_names
from playbook.data.measures.sales import NOT_GIVEN
from playbook.funnel.dimension_words import dimension_word
from playbook.methods.comparisons import SEARCH_LEVEL
from playbook.page import Col, Table, table
from playbook.page.tables import DATA

from .chance import moved
from .performance import Performance

REST = later("not split by target")
LEAST = 0.2  # share of the line above that a member must explain to be the next line


class GapByMember(Frame):
    """One row per dimension and member; the gaps of a dimension add up to the whole."""

    dimension = col.text(later("the dimension"))
    member = col.text(later("the member as the data write it"))
    label = col.text(later("the member as a page names it"))
    gap = col.money(later("actual − target, or actual − last year without targets"))
    change = col.money(later("actual − last year"))


class DrillDown(Frame):
    """One row per step down from the whole change to where it sits."""

    level = col.number(later("1 for the first step"))
    dimension = col.text(later("the dimension whose one member explains most"))
    member = col.text(later("that member as the data write it"))
    label = col.text(later("that member as a page names it"))
    change = col.money(later("its part of the change on last year"))
    share = col.share(later("of the change one level above"))
    p = col.share(later("chance that some member departs as far where none does"))


def gap_members(found: Performance, window: str, base: str, total: dict) -> pd.DataFrame:
    """The gap of every member. What the members' targets leave of the total target is a row of its
    own, so that the rows of a dimension add up.
    """
    frames = []
    for dimension in found.dimensions:
        rows = found.of(dimension, window)[
            ["dimension", "member", "label", "target", "actual", "gap", "last_year"]
        ]
        if base == "target" and rows.target.notna().sum() == 0:
            continue
        change = rows.actual - rows.last_year
        own = rows.actual - rows.target.fillna(0) if base == "target" else change
        frame = rows.assign(gap=own, change=change)[
            ["dimension", "member", "label", "gap", "change"]
        ]
        all_of_it = total["gap"] if base == "target" else total["actual"] - total["last_year"]
        rest = float(all_of_it - frame.gap.sum())
        if abs(rest) >= 0.005:
            frame = pd.concat(
                [
                    frame,
                    pd.DataFrame(
                        [
                            {
                                "dimension": dimension,
                                "member": REST,
                                "label": REST,
                                "gap": rest,
                                "change": np.nan,
                            }
                        ]
                    ),
                ],
                ignore_index=True,
            )
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else GapByMember.make([])


def drill_down(
    book: Book, found: Performance, now: Window, then: Window, most: int = 3
) -> pd.DataFrame:
    """From the total change downwards: at each step the member that explains most of the line
    above, in its direction, among those that moved otherwise than the rest beyond chance.
    """
    dims = [d for d in found.dimensions if d != "rep"] + (
        ["rep"] if "rep" in found.dimensions else []
    )
    cells = measure.customer_sales(book, dims, now, then)
    names, rows, above = member_names(book), [], float((cells.now - cells.then).sum())
    while dims and len(rows) < most and above:
        parts = moved(cells, dims)
        parts = parts[
            (parts.p <= SEARCH_LEVEL)
            & (parts.change * above > 0)
            & (parts.change.abs() >= LEAST * abs(above))
            & (np.sign(parts.z) == np.sign(above))
            & (parts.member != NOT_GIVEN)
        ]
        if parts.empty:
            break
        best = parts.loc[parts.change.abs().idxmax()]
        rows.append(
            {
                "level": len(rows) + 1,
                "dimension": best.dimension.replace("_", " "),
                "member": best.member,
                "label": names.get(best.dimension, {}).get(best.member, best.member),
                "change": float(best.change),
                "share": float(best.change) / above,
                "p": float(best.p),
            }
        )
        cells = cells[cells[best.dimension] == best.member]
        dims, above = [d for d in dims if d != best.dimension], float(best.change)
    return DrillDown.make(rows)


def members_tables(members: pd.DataFrame, base: str, when: str, fmt: Formats) -> list[Table]:
    """The gap by member, one table per dimension but rep."""
    found = []
    for dimension in dict.fromkeys(members.dimension):
        rows = members[members.dimension == dimension]
        rows = rows.reindex(rows.gap.abs().sort_values(ascending=False, kind="stable").index)
        if dimension == "rep" or len(rows) < 2:
            continue
        columns = [
            Col("label", "name", dimension_word(dimension).capitalize(), context=DATA),
            Col("gap", "money", "Gap", sign=True, context="target"),
        ]
        if base == "target" and rows.change.notna().any():
            columns.append(Col("change", "money", "On last year", sign=True))
        total = {
            "label": say("Whole book"),
            "gap": rows.gap.sum(),
            "change": rows.change.sum() if rows.change.notna().any() else None,
        }
        found.append(
            table(
                rows,
                columns,
                fmt,
                title=say("The gap by {dimension}", dimension=dimension_word(dimension)),
                note=say("Actual − {base}; {when}", base=say(base), when=when),
                total=total,
            )
        )
    return found


def drill_table(drill: pd.DataFrame, when: str, fmt: Formats) -> Table:
    """The way down to where the change sits, for the page."""
    columns = [
        Col("level", "count", "Step"),
        Col("dimension", "text", "By"),
        Col("label", "name", "Member", weight=2),
        Col("change", "money", "Its part", sign=True),
        Col("share", "share", "Of the line above"),
    ]
    return table(
        drill.assign(dimension=[dimension_word(d) for d in drill.dimension]),
        columns,
        fmt,
        title=say("Down to where the change sits"),
        note=(
            say(
                "Change on last year; at each step the member that explains most,"
                " among those whose change differs from the rest's beyond chance;"
                " {when}",
                when=when,
            )
        ),
    )
