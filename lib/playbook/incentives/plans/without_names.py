"""Pay as a pack for all may show it: sums by kind, how pay spreads, and how many gain or lose;
nobody's own. Who is paid what stands in each rep's statement.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, named, say
from playbook.base.settings.plans import CommissionPlan
from playbook.page import Col, Table, Worksheet, table
from playbook.pay.items import item_said

FEWEST = 5  # people behind a middle or a group before it says nothing about one of them
EXACT = "money.exact"
OWN = later(
    "each rep's own pay: `playbook pay statements`; by name in the pack:"
    " [payroll] names_in_report = true"
)
OTHER = "kinds of fewer than five people"
SMALL = Decimal("0.05")  # a change of pay below this share is small
SHIFTS = later(("loses 5 % or more", "loses less", "the same", "gains less", "gains 5 % or more"))


class PayKinds(Frame):
    """One row per kind of pay of the quarter to date, the largest sum first."""

    item = c.text("kind of pay: commission, a rule's or award's name, refund, clawback ...")
    lines = c.count("statement lines")
    reps = c.count("people with such a line")
    pay = c.money("sum of the lines")
    share = c.share("part of all pay; none where all pay is not above nought")


class PayShifts(Frame):
    """One row per size of change of twelve months' pay, largest loss first."""

    change = c.text("how pay changes")
    reps = c.count("people")
    money = c.money("sum of their changes; none for fewer than five people")


def kinds_of(lines: pd.DataFrame, fewest: int = FEWEST) -> pd.DataFrame:
    """``PayKinds`` of statement lines. Kinds of fewer than ``fewest`` people are one row: alone
    they would tell what somebody was paid.
    """
    total = sum(lines["pay"], Decimal(0))
    people = lines.groupby("item")["rep_id"].nunique()
    lines = lines.assign(item=lines["item"].where(lines["item"].map(people) >= fewest, OTHER))
    rows = [
        {
            "item": item,
            "lines": len(part),
            "reps": part["rep_id"].nunique(),
            "pay": sum(part["pay"], Decimal(0)),
        }
        for item, part in lines.groupby("item", sort=True)
    ]
    rows.sort(key=lambda row: (-abs(row["pay"]), row["item"]))
    for row in rows:
        row["share"] = float(row["pay"] / total) if total > 0 else None
    return PayKinds.make(rows)


def kinds_table(kinds: pd.DataFrame, *, plan: str, where: str, fmt: Formats) -> Table:
    """The payroll by kind of pay, adding up."""
    columns = [
        Col("item", "text", "Kind of pay", weight=2),
        Col("lines", "count", "Lines"),
        Col("reps", "count", "Reps"),
        Col("pay", EXACT, "Pay"),
        Col("share", "share", "Of all pay"),
    ]
    total = {
        "item": say("Payroll"),
        "lines": int(kinds["lines"].sum()),
        "pay": sum(kinds["pay"], Decimal(0)),
    }
    return table(
        kinds.assign(item=[item_said(item) for item in kinds["item"]]),
        columns,
        fmt,
        title=say("Payroll of the quarter to date, plan {plan}", plan=named(plan)),
        note=say(
            "Money in {currency} · {where} · {own}",
            currency=fmt.currency,
            where=where,
            own=say(OWN),
        ),
        total=total,
    )


def spread_sentence(pays: list[Decimal], fmt: Formats) -> str:
    """How pay spreads over people, as a sentence; empty for so few that it would tell on one."""
    if len(pays) < FEWEST:
        return ""
    quarters = np.quantile([float(pay) for pay in pays], (0.25, 0.5, 0.75))
    low, middle, high = (fmt.money(float(value)) for value in quarters)
    return say(
        " The middle rep is paid {middle}; a quarter are paid {low} or less,"
        " a quarter {high} or more.",
        middle=middle,
        low=low,
        high=high,
    )


def next_step_table(
    reps: pd.DataFrame, *, plan: CommissionPlan, where: str, fmt: Formats, limit: int
) -> Table:
    """How far the next step is, closest first: sales, not pay."""
    rows = reps[[v is not None for v in reps["to_next"]]]
    rows = rows.assign(gap=[float(v) for v in rows["to_next"]])
    rows = rows.sort_values(["gap", "rep_id"], kind="stable")
    columns = [
        Col("rep", "text", "Rep", weight=2),
        Col("total", "money", "So far"),
        *([Col("quota", "money", "Quota")] if plan.needs_quota else []),
        Col("to_next", "money", "To the next step"),
    ]
    note = say(
        "Money in {currency} · next step: a band, a threshold or a level of"
        " the quota · {where} · what it pays stands in each rep's statement",
        currency=fmt.currency,
        where=where,
    )
    return table(rows, columns, fmt, title=say("How far the next step is"), note=note, limit=limit)


def shifts_of(reps: pd.DataFrame) -> pd.DataFrame:
    """``PayShifts`` of pay under two plans (rows of ``PayUnderTwoPlans``)."""
    names = SHIFTS
    groups: dict[str, list[Decimal]] = {name: [] for name in names}
    for current, change in zip(reps["current"], reps["change"], strict=True):
        if change == 0:
            name = names[2]
        elif change < 0:
            name = names[0] if current <= 0 or -change >= SMALL * current else names[1]
        else:
            name = names[4] if current <= 0 or change >= SMALL * current else names[3]
        groups[name].append(change)
    return PayShifts.make(
        {
            "change": name,
            "reps": len(found),
            "money": sum(found, Decimal(0)) if len(found) >= FEWEST or not found else None,
        }
        for name, found in groups.items()
    )


def shifts_table(shifts: pd.DataFrame, *, other: str, where: str, fmt: Formats) -> Table:
    """How many would gain and lose, and how much in all."""
    columns = [
        Col("change", "term", say("Under {other}", other=named(other)), weight=2),
        Col("reps", "count", "Reps"),
        Col("money", "money", "Change in all", sign=True),
    ]
    return table(
        shifts,
        columns,
        fmt,
        title=say("How many gain and how many lose"),
        note=(
            say(
                "Money in {currency} · {where} · sums of fewer than {persons} are"
                " not shown; by name: [payroll] names_in_report = true",
                currency=fmt.currency,
                where=where,
                persons=plural(FEWEST, "person"),
            )
        ),
    )


def worksheets(kinds: pd.DataFrame) -> list[Worksheet]:
    """The payroll by kind for actions.xlsx."""
    return [
        Worksheet(
            later("Payroll"),
            (
                ("item", say("Kind of pay"), "text"),
                ("lines", say("Lines"), "count"),
                ("reps", say("Reps"), "count"),
                ("pay", say("Pay"), EXACT),
            ),
            tuple(
                (item_said(r.item), r.lines, r.reps, r.pay) for r in kinds.itertuples(index=False)
            ),
        )
    ]
