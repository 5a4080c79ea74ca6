"""Moving budget between channels: what the next unit brings in one and gives up in another."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.page import Col, Table, table


class BudgetMoves(Frame):
    """One row per channel to cut and channel to keep."""

    source = col.text(later("channel that gives"))
    to = col.text(later("channel that receives"))
    budget = col.money(later("budget moved, a year"))
    brings = col.money(later("gross profit it brings there"))
    loses = col.money(later("gross profit given up"))
    net = col.money(later("brings − loses"))


def budget_moves(frame: pd.DataFrame, marginal: float) -> pd.DataFrame:
    """The running budget of channels to cut, given to those to keep in proportion to what they
    bring.
    """
    keep, cut = (frame[frame.verdict == v] for v in ("keep", "cut"))
    if keep.empty or cut.empty:
        return BudgetMoves.make([])
    weights = keep.profit.clip(lower=0) / keep.profit.clip(lower=0).sum()
    rows = []
    for source in cut.itertuples():
        for to, weight in zip(keep.itertuples(), weights, strict=True):
            budget = source.running * 4 * weight
            brings, loses = budget * to.roi * marginal, budget * source.roi
            rows.append((source.channel, to.channel, budget, brings, loses, brings - loses))
    return pd.DataFrame(rows, columns=BudgetMoves.names())


def moves_table(moves: pd.DataFrame, marginal: float, currency: str, fmt: Formats) -> Table:
    """The moves proposed, for the page."""
    columns = [
        Col("source", "name", "Take from"),
        Col("to", "name", "Give to"),
        Col("budget", "money", "Budget a year"),
        Col("brings", "money", "Gross profit it brings"),
        Col("loses", "money", "Gross profit given up"),
        Col("net", "money", "Net", sign=True),
    ]
    return table(
        moves,
        columns,
        fmt,
        title=say("Moving the budget of channels to cut"),
        total={
            "source": "All",
            **moves[["budget", "brings", "loses", "net"]].sum().to_dict(),
        },
        note=(
            say(
                "{currency} a year; the next unit in a channel is taken to bring"
                " {marginal} of what it brings on average",
                currency=currency,
                marginal=fmt.share(marginal),
            )
        ),
    )
