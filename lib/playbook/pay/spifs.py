"""Awards for orders: dated, for some kinds and lines, from a size on, once or every time, with
limits per person and in all.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.settings.plan_parts import Award
from playbook.data.measures.credits import TICKS

from .award_line import AwardLine
from .credit import UNASSIGNED
from .first_orders import receivers
from .history import History


def order_award(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """The award for every order that meets what it asks for, by day; taken back when the order is
    refunded in full.
    """
    sales = _orders(past.orders, award)
    back = _refunded(past.orders, sales)
    rows: list[AwardLine] = []
    earned: dict[str, Decimal] = {}
    paid = Decimal(0)
    for sale in sales.itertuples(index=False):
        who = receivers(
            award,
            past,
            rep=sale.rep_id,
            customer_owner=sale.customer_rep,
            lead_owner=sale.lead_rep,
        )
        for one in who:
            mine = earned.get(one, Decimal(0))
            if award.every == "once" and mine:
                continue
            amount = award.amount
            amount = amount if award.per_rep is None else min(amount, award.per_rep - mine)
            amount = amount if award.in_all is None else min(amount, award.in_all - paid)
            refund = back.get(sale.order_id)
            if amount <= 0:
                continue
            told = say("order {order_id}", order_id=sale.order_id)
            if amount < award.amount:
                told += say("; the award's limit is reached")
            rows.append(
                AwardLine(one, sale.date, sale.order_id, sale.customer_id, award.name, amount, told)
            )
            if refund is not None:
                rows.append(
                    AwardLine(
                        one,
                        refund,
                        sale.order_id,
                        sale.customer_id,
                        award.name,
                        -amount,
                        say(
                            "taken back: order {order_id}, which had earned it, was refunded in"
                            " full",
                            order_id=sale.order_id,
                        ),
                        earned=sale.date,
                    )
                )
                continue  # what is taken back leaves room again
            earned[one] = mine + amount
            paid += amount
    return rows, "" if len(sales) else say(
        "Award '{name}': no order met what it asks for.", name=award.name
    )


def _orders(lines: pd.DataFrame, award: Award) -> pd.DataFrame:
    """Orders (their lines of the kinds asked for together) that earn the award, by day."""
    met = (lines["amount"] > 0).to_numpy(copy=True)
    for column, wanted in (("kind", award.kind), ("product_line", award.product_line)):
        if wanted:
            met &= lines[column].isin(wanted).to_numpy()
    if award.starts:
        met &= (lines["date"] >= pd.Timestamp(award.starts)).to_numpy()
    if award.ends:
        met &= (lines["date"] <= pd.Timestamp(award.ends)).to_numpy()
    mine = lines[met & lines["rep_id"].notna().to_numpy()]
    mine = mine[mine["rep_id"] != UNASSIGNED]
    pieces = mine["quantity"] if "quantity" in mine else pd.Series(np.nan, index=mine.index)
    sums = pd.DataFrame(
        {
            "amount": mine.groupby("order_id", sort=False)["amount"].sum(),
            "pieces": pieces.fillna(0).groupby(mine["order_id"], sort=False).sum(),
        }
    )
    enough = sums[
        (sums["amount"] >= int(award.least_amount * TICKS))
        & (sums["pieces"] >= float(award.least_quantity))
    ]
    return mine.drop_duplicates("order_id")[lambda rows: rows["order_id"].isin(enough.index)]


def _refunded(lines: pd.DataFrame, sales: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Order id → day on which nothing of it was left."""
    mine = lines[lines["order_id"].isin(set(sales["order_id"]))]
    left = mine.groupby("order_id")["amount"].cumsum()
    gone = mine[(left <= 0) & (mine["amount"] < 0)]
    return dict(zip(gone["order_id"], gone["date"], strict=True))
