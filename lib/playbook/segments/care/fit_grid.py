"""Need fit beside buying power: how many leads, and how to follow them up."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as column
from playbook.base.language import later

BANDS = later(("high", "medium", "low"))
STRATEGY = {
    ("high", "high"): later("Priority: senior rep, visit this week, offer"),
    ("high", "medium"): later("Priority: solution demo, value case"),
    ("high", "low"): later("Small entry offer, grow later"),
    ("medium", "high"): later("Priority follow-up: close the missing needs first"),
    ("medium", "medium"): later("Regular follow-up"),
    ("medium", "low"): later("Low-cost contact"),
    ("low", "high"): later("Clarify needs once, then decide"),
    ("low", "medium"): later("Mailing only"),
    ("low", "low"): later("Stop"),
}


class FitGrid(column.Frame):
    """One row per band and buying power that occurs."""

    band = column.text("high, medium or low fit")
    power = column.text("high, medium or low buying power, or not known")
    leads = column.count("leads and customers")
    strategy = column.text("how to follow up")


def fit_grid(banded: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``FitGrid`` from leads and customers with band and buying_power."""
    power = banded["buying_power"].fillna("not known")
    counts = banded.groupby([banded["band"], power]).size()
    rows = [
        {
            "band": b,
            "power": p,
            "leads": int(counts.get((b, p), 0)),
            "strategy": STRATEGY.get((b, p), later("Ask for the buying power first")),
        }
        for b in BANDS
        for p in (*BANDS, "not known")
    ]
    return FitGrid.make(row for row in rows if row["leads"])
