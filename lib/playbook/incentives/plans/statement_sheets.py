"""The payroll and every statement line as worksheets."""

from __future__ import annotations

import pandas as pd

from playbook.base.language import later, say
from playbook.page import Worksheet
from playbook.pay.items import item_said

from .statement_tables import EXACT


def worksheets(reps: pd.DataFrame, lines: pd.DataFrame) -> list[Worksheet]:
    """The payroll and every statement line for actions.xlsx."""
    payroll = tuple(
        (r.rep_id, r.rep, r.credited, r.pay, r.total, r.to_next, r.next_deal)
        for r in reps.itertuples(index=False)
    )
    said = {item: item_said(item) for item in lines["item"].unique()}
    statements = tuple(
        zip(
            lines["rep"],
            [day.date() for day in lines["date"]],
            lines["order_id"],
            lines["customer_id"],
            lines["item"].map(said),
            lines["how"],
            lines["amount"],
            lines["pay"],
            strict=True,
        )
    )
    return [
        Worksheet(
            later("Payroll"),
            (
                ("rep_id", say("Rep id"), "text"),
                ("rep", say("Rep"), "text"),
                ("credited", say("Credited"), EXACT),
                ("pay", say("Pay"), EXACT),
                ("total", say("So far this period"), EXACT),
                ("to_next", say("To the next step"), EXACT),
                ("next_deal", say("One more deal earns"), EXACT),
            ),
            payroll,
        ),
        Worksheet(
            later("Statements"),
            (
                ("rep", say("Rep"), "text"),
                ("date", say("Date"), "date"),
                ("order", say("Order"), "text"),
                ("customer", say("Customer"), "text"),
                ("item", say("Item", context="pay"), "text"),
                ("how", say("How"), "text"),
                ("amount", say("Credited"), EXACT),
                ("pay", say("Pay"), EXACT),
            ),
            statements,
        ),
    ]
