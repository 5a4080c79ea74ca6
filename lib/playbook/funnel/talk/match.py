"""Leads that match a need, and what changed on the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.funnel.windows import SPANS, bounds, inside
from playbook.methods.attribution import product_split
from playbook.methods.intervals import Rate


class MatchRates(Frame):
    """One row per window."""

    window = col.text(later("which window: month, trailing_12m or all"))
    matched = col.count(later("leads that match a need"))
    assessed = col.count(later("leads whose match is on record"))
    won_matched = col.share(
        later("won of the decided ones that match; empty without any lost deal")
    )
    won_other = col.share(later("won of the decided ones that do not; empty without any lost deal"))
    decided_matched = col.count(later("decided ones that match"))
    decided_other = col.count(later("decided ones that do not"))


def match_rates(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    rows = []
    losses = counts is not None and int((counts.decided - counts.won).sum()) > 0
    for window in SPANS if counts is not None else ():
        part = counts[inside(counts.month, book, window)]
        yes, no = part[part.match.astype(bool)], part[~part.match.astype(bool)]
        rows.append(
            {
                "window": window,
                "matched": int(yes.n.sum()),
                "assessed": int(part.n.sum()),
                "won_matched": _won(yes) if losses else np.nan,
                "won_other": _won(no) if losses else np.nan,
                "decided_matched": int(yes.decided.sum()),
                "decided_other": int(no.decided.sum()),
            }
        )
    return MatchRates.make(rows)


def _won(part: pd.DataFrame) -> float:
    rate = Rate(part.won.sum(), part.decided.sum()).value
    return np.nan if rate is None else rate


def _moved(counts: pd.DataFrame | None, book: Book) -> dict | None:
    """The last three months against the same a year before: leads, match rate, matched leads, and
    how much of that each explains.
    """
    if counts is None:
        return None
    last = bounds(book, "month")[1]
    first = Month.from_number(last - 14).start
    if coverage(book, "opportunities", "created").gap(first, book.as_of):
        return None
    spans = [counts[counts.month.between(last - 2 - back, last - back)] for back in (12, 0)]
    leads = [float(s.n.sum()) for s in spans]
    matched = [float(s.n[s.match.astype(bool)].sum()) for s in spans]
    if not all(leads) or not matched[0]:
        return None
    return matched_change(leads[0], matched[0] / leads[0], leads[1], matched[1] / leads[1])


def matched_change(leads_before: float, rate_before: float, leads: float, rate: float) -> dict:
    """Matched leads now against before, and what the number of leads and the match rate each did
    (mid-point, nothing left over).
    """
    volume, quality = product_split([leads_before, rate_before], [leads, rate])
    return {
        "before": rate_before,
        "now": rate,
        "leads_change": leads / leads_before - 1,
        "matched_change": leads * rate / (leads_before * rate_before) - 1,
        "by_volume": float(volume),
        "by_rate": float(quality),
    }
