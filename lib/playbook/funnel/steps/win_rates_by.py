"""TODO."""

from __future__ import annotations

import pandas as pd

from playbook.data.book import Book
from playbook.funnel.windows import SPANS, inside
from playbook.methods.intervals import Rate
from playbook.methods.shrinkage import shrink

BY = ("rep", "region", "product_line", "channel")
GROUP_COLUMNS = [
    "dimension",
    "member",
    "label",
    "window",
    "won",
    "lost",
    "created",
    "won_of_created",
    "narrow",
    "low",
    "high",
    "shrunk",
    "broad",
    "verdict",
]


def win_rates_by(
    counts: pd.DataFrame, dimension: str, book: Book, names: dict[str, str]
) -> pd.DataFrame:
    """Rates per member and window, with the rate drawn to the whole and what it says."""
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
    return found.assign(label=[names.get(m, m) for m in found.member])[GROUP_COLUMNS]


def _rates(frame: pd.DataFrame, small: int) -> pd.DataFrame:
    """Adds narrow, its interval, shrunk, broad and the verdict."""
    rates = [Rate(w, w + lost) for w, lost in zip(frame.won, frame.lost, strict=True)]
    broad = [Rate(w, c).value for w, c in zip(frame.won_of_created, frame.created, strict=True)]
    drawn = shrink(frame.won, frame.won + frame.lost)
    verdict = []
    for rate, low, high in zip(rates, drawn.low, drawn.high, strict=True):
        verdict.append(
            "too few deals"
            if rate.n < small
            else (
                "above the rest"
                if low > drawn.mean
                else "below the rest"
                if high < drawn.mean
                else "as the rest"
            )
        )
    return frame.assign(
        narrow=[r.value for r in rates],
        low=[r.interval[0] for r in rates],
        high=[r.interval[1] for r in rates],
        shrunk=drawn.value,
        broad=broad,
        verdict=verdict,
    )
