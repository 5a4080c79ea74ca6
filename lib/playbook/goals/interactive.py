"""What a reader can move: each control redraws what a pure function returns."""

from __future__ import annotations

import pandas as pd

from playbook.page import Col, Result, Table, table
from playbook.page.widgets import Slider, explore

from .backsolve import BackSolve, needed_for


def try_backsolving(result: BackSolve | Result) -> None:
    """Sliders for deals, rate, probability and contacts a day; in a report a table of rates by probabilities."""
    if not isinstance(result, BackSolve):
        return
    made = result.capacity.contacts_a_day or 3.0

    def draw(deals: int, rate: float, probability: float, contacts: float) -> list:
        other = result.with_(deals, rate, probability, contacts)
        return [other.figure(), *other.tables(), other.reading()]

    explore(draw, {
        "deals": Slider("deals a month", 1, max(50, 3 * result.deals), 1, result.deals),
        "rate": Slider("first stage to deal", 0.01, 0.95, 0.01, round(min(max(result.rate, 0.01), 0.95), 2), ".0%"),
        "probability": Slider("probability", 0.5, 0.99, 0.01, result.probability, ".0%"),
        "contacts": Slider("contacts a rep a day", 0.5, 20.0, 0.5, min(20.0, max(0.5, round(made * 2) / 2)), ".1f"),
    }, static=what_if(result))


def what_if(result: BackSolve) -> Table:
    """Entries needed where the rate is lower or higher than learnt, by probability."""
    chances = (0.5, 0.8, 0.9)
    rows = []
    for factor in (0.8, 0.9, 1.0, 1.1, 1.2):
        rate = min(1.0, result.rate * factor)
        rows.append({"rate": rate, **{str(p): needed_for(result.deals, rate, p) for p in chances}})
    columns = [Col("rate", "share", "Rate to a deal"), *(Col(str(p), "count", f"{result.fmt.share(p, decimals=0)} sure") for p in chances)]
    return table(pd.DataFrame(rows), columns, result.fmt, title=f"If the rate were another: entries for {result.fmt.count(result.deals)} deals",
                 note="the rate as it is stands in the middle; in JupyterLab sliders move every figure of it")
