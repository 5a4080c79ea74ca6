"""TODO."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import performance as measure
from playbook.data.measures.names import member_names

from .gap_causes import _inside
from .performance import Performance

REST = "not split by target"


def gap_members(found: Performance, window: str, base: str, total: dict) -> pd.DataFrame:
    """Gap per member; what members' targets leave of the whole target stands in a line of its own."""
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
        whole = total["gap"] if base == "target" else total["actual"] - total["last_year"]
        rest = float(whole - frame.gap.sum())
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
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["dimension", "member", "label", "gap", "change"])
    )


def drill_down(
    book: Book, found: Performance, now: Window, then: Window, most: int = 3
) -> pd.DataFrame:
    """From the whole change downwards: at each step the dimension and member that explain most of
    the line above, in its direction.
    """
    dims = [d for d in found.dimensions if d != "rep"] + (
        ["rep"] if "rep" in found.dimensions else []
    )
    cells = measure.cube(book, dims)
    sign = [1.0 if _inside(m, now) else -1.0 if _inside(m, then) else 0.0 for m in cells.month]
    cells = cells.assign(change=cells.amount * sign)[np.array(sign) != 0]
    names, rows, above = member_names(book), [], float(cells.change.sum())
    while dims and len(rows) < most and above:
        sums = [(d, cells.groupby(d).change.sum()) for d in dims]
        best = max(sums, key=lambda pair: pair[1].max() if above > 0 else -pair[1].min())
        dimension, parts = best
        member = parts.idxmax() if above > 0 else parts.idxmin()
        change = float(parts[member])
        if abs(change) < 0.2 * abs(above) or change * above <= 0:
            break
        rows.append(
            {
                "level": len(rows) + 1,
                "dimension": dimension.replace("_", " "),
                "member": member,
                "label": names.get(dimension, {}).get(member, member),
                "change": change,
                "share": change / above,
            }
        )
        cells, dims, above = (
            cells[cells[dimension] == member],
            [d for d in dims if d != dimension],
            change,
        )
    return pd.DataFrame(rows, columns=["level", "dimension", "member", "label", "change", "share"])
