"""The chance that a new deal is won by a day, open deals kept in and losses competing."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.methods.survival import aalen_johansen, kaplan_meier

CAUSE = {"open": 0, "won": 1, "lost": 2}


class WinChances(Frame):
    """One row per window and horizon: the chance that a deal is won by then."""

    window = col.text(later("which window: trailing_12m or all"))
    day = col.days(later("days since creation"))
    value = col.share(
        later("chance of a win by that day; losses compete (Aalen-Johansen)"),
        low="low",
        high="high",
    )
    low = col.share(later("lower end of the 95 % interval"))
    high = col.share(later("upper end of the 95 % interval"))
    naive = col.share(
        later("the same with losses counted as still open (1 − Kaplan-Meier): too high")
    )
    n = col.count(later("deals created in the window"))


def win_chances(created: pd.DataFrame, window: str, book: Book) -> pd.DataFrame:
    """Chance of a win by each horizon for deals created in one window, with the losses-censored
    figure beside it.
    """
    cause = created.outcome.map(CAUSE)
    curve = aalen_johansen(created.days, cause, created.n)
    naive = kaplan_meier(created.days, cause == 1, created.n)
    rows = [
        (window, day, *curve.at(day), naive.at(day)[0], curve.n)
        for day in book.settings.funnel.horizons
    ]
    return pd.DataFrame(rows, columns=WinChances.names()).astype(
        {"value": float, "low": float, "high": float, "naive": float}
    )
