"""What its time in a stage says of an open deal: whether it is stuck, and its chance of a win."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import numpy as np

from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.facts import degenerate
from playbook.data.measures.frames import collect
from playbook.methods.survival import Incidence, aalen_johansen, quantile

from .cohorts import FunnelStep, cohorts_of, dates_stages, window_row


def chances_ahead(steps: dict[int, FunnelStep], book: Book) -> dict[int, Callable[[float], float]]:
    """Per dated stage: days already spent there → chance of a win from now on.

    The chance to advance later of a deal still undecided after d days is (F(∞) − F(d)) ÷ S(d), with
    F the incidence of advancing (losses compete) and S the share
    still undecided; from the next stage on the mature rates multiply. Nothing is known where no
    loss is recorded.
    """
    onward = 1.0
    found: dict[int, Callable[[float], float]] = {}
    if degenerate(book).no_losses:  # every deal would seem to be won in the end
        return found
    for k in sorted(steps, reverse=True):
        timed = steps[k].counts[steps[k].counts.days >= 0]
        curve = aalen_johansen(
            timed.days, timed.status.map({"open": 0, "advanced": 1, "lost": 2}), timed.n
        )
        found[k] = _chance(curve, onward)
        rate = window_row(steps[k], cohorts_of(steps[k], book), book, "all")["rate"]
        onward *= rate if rate is not None else float(curve.value[-1]) if len(curve.value) else 0.0
    return found


def pooled_chances(deals: Deals) -> dict[int, float | None]:
    """Per stage before the win: won ÷ decided of the deals that reached it, for an open deal whose
    own chance is not known. Where no entry is dated, what stage a lost deal had reached is not
    known: won ÷ decided of all. None where no deal is lost or none is decided.
    """
    frame = collect(
        deals.rows.filter(nw.col("outcome") != "open")
        .group_by("reached", "outcome")
        .agg(n=nw.len()),
        sort=["reached", "outcome"],
    )
    found: dict[int, float | None] = {}
    for k in range(deals.last):
        part = frame[frame.reached >= k] if dates_stages(deals) else frame
        won, lost = (int(part.n[part.outcome == outcome].sum()) for outcome in ("won", "lost"))
        found[k] = won / (won + lost) if lost else None
    return found


def _chance(curve: Incidence, onward: float) -> Callable[[float], float]:
    def chance(days: float) -> float:
        i = int(np.searchsorted(curve.days, days, side="right")) - 1
        if not len(curve.days) or days != days:
            return float("nan")
        reached, left = (curve.value[i], curve.overall[i]) if i >= 0 else (0.0, 1.0)
        return float((curve.value[-1] - reached) / left * onward) if left > 0 else 0.0

    return chance


def stuck_limits(steps: dict[int, FunnelStep], q: float) -> dict[int, float | None]:
    """Days after which an open deal of each dated stage is stuck."""
    done = {
        k: step.counts[(step.counts.status == "advanced") & step.counts.days.notna()]
        for k, step in steps.items()
    }
    return {k: quantile(rows.days, rows.n, q) for k, rows in done.items()}


def never_so_long(steps: dict[int, FunnelStep]) -> int:
    """Open deals that have stood longer than any deal that ever advanced from their stage."""
    total = 0
    for step in steps.values():
        longest = step.counts.days[step.counts.status == "advanced"].max()
        total += int(
            step.counts.n[(step.counts.status == "open") & (step.counts.days > longest)].sum()
        )
    return total
