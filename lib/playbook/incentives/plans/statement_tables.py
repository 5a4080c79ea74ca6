"""Tables of the statements: the payroll, what the next deal earns, advances, and each statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.page import Col, Table, Worksheet, table

from .statement_lines import name_on
from .summary import summarize

ITEMS = 4  # kinds of pay with a column of their own
NEXT = 15  # reps listed with what their next deal earns
EXACT = "money.exact"


def kinds_of_pay(lines: pd.DataFrame) -> list[str]:
    """Kinds of pay in statement lines (column item), the largest sum first."""
    sums = lines.groupby("item")["pay"].sum()
    return sorted(sums.index, key=lambda item: (-abs(sums[item]), item))


def payroll_table(
    reps: pd.DataFrame, lines: pd.DataFrame, *, plan: str, where: str, fmt: Formats
) -> Table:
    """One row per rep by kind of pay, adding up across and down.

    reps: ``RepPay`` rows of the reps. lines: ``StatementLines``. where: window, n and date for the
    note.
    """
    items = kinds_of_pay(lines)
    shown = items if len(items) <= ITEMS + 1 else items[:ITEMS]
    named = lines["item"].where(lines["item"].isin(shown), "other")
    parts = lines.groupby(["rep_id", named])["pay"].sum().unstack().reindex(reps["rep_id"])
    kinds = [*shown, *(["other"] if "other" in set(named) and "other" not in shown else [])]
    frame = (
        reps.assign(
            **{
                f"item{i}": parts[kind].where(parts[kind].notna(), None).to_numpy()
                for i, kind in enumerate(kinds)
            }
        )
        if len(kinds) > 1
        else reps
    )
    columns = [
        Col("rep", "text", "Rep", weight=2),
        Col("credited", "money", "Credited"),
        *(
            Col(f"item{i}", EXACT, kind.capitalize())
            for i, kind in enumerate(kinds)
            if len(kinds) > 1
        ),
        Col("pay", EXACT, "Pay"),
        Col("rate", "share", "Pay ÷ credited", decimals=2),
    ]
    total = {
        "rep": "Payroll",
        "credited": sum(reps["credited"], Decimal(0)),
        "pay": sum(reps["pay"], Decimal(0)),
        **{
            f"item{i}": sum((v for v in parts[kind] if isinstance(v, Decimal)), Decimal(0))
            for i, kind in enumerate(kinds)
        },
    }
    return table(
        frame,
        columns,
        fmt,
        title=f"Payroll of the quarter to date, plan {plan}",
        note=(
            f"Money in {fmt.currency} · {where} · all lines: folded below in a"
            " browser, and in actions.xlsx"
        ),
        total=total,
    )


def next_deal_table(
    reps: pd.DataFrame, *, plan: CommissionPlan, deal: Decimal, as_of: date, fmt: Formats
) -> Table:
    """How far the next step is and what one more order of ``deal`` earns, closest first."""
    rows = reps.assign(
        far=[v is None for v in reps["to_next"]],
        gap=[float(v or 0) for v in reps["to_next"]],
    ).sort_values(["far", "gap", "rep_id"], kind="stable")
    columns = [
        Col("rep", "text", "Rep", weight=2),
        Col("total", "money", "So far"),
        *([Col("quota", "money", "Quota")] if plan.needs_quota else []),
        Col("band_rate", "share", "Tier reached"),
        Col("to_next", "money", "To the next step"),
        Col("next_deal", EXACT, "One more deal earns"),
    ]
    note = (
        f"Money in {fmt.currency} · one more deal of {fmt.money(deal)} (the"
        f" median order of twelve months) in the same {plan.accumulate}, new and"
        " paid at once · next step: a band, a threshold or a level of the quota · plan"
        f" {plan.name} · as of {fmt.text(as_of, 'date')}"
    )
    return table(rows, columns, fmt, title="What the next deal earns", note=note, limit=NEXT)


def advances_table(advances: pd.DataFrame, *, where: str, fmt: Formats) -> Table:
    """What was paid in advance in the window and what is still owed, for plans with a draw."""
    columns = [
        Col("rep", "text", "Rep", weight=2),
        Col("earned", EXACT, "Earned"),
        Col("advanced", EXACT, "Advanced"),
        Col("recovered", EXACT, "Recovered"),
        Col("paid", EXACT, "Paid out"),
        Col("balance", EXACT, "Still owed"),
    ]
    total = {
        "rep": "All",
        **{
            key: sum(advances[key], Decimal(0))
            for key in ("earned", "advanced", "recovered", "paid", "balance")
        },
    }
    return table(
        advances,
        columns,
        fmt,
        title="Money in advance",
        note=f"Tier pay against the draw, {where}",
        total=total,
    )


def summary_table(
    mine: pd.DataFrame,
    rep: pd.Series,
    plans: dict[str, CommissionPlan],
    *,
    plan: str,
    window: Window,
    as_of: date,
    fmt: Formats,
) -> Table:
    """One rep's statement by kind of pay, rule and band: amount × rate, adding up to the cent.

    mine: the rep's ``StatementLines``. rep: the rep's ``RepPay`` row. plans: name → plan of the
    lines. plan: name of the plan in force.
    """
    columns = [
        Col("item", "text", "Item", weight=2),
        Col("how", "text", "How", weight=2),
        Col("lines", "count", "Lines"),
        Col("amount", EXACT, "Credited"),
        Col("pay", EXACT, "Pay"),
    ]
    total = {
        "item": "Total",
        "lines": len(mine),
        "amount": rep["credited"],
        "pay": sum(mine["pay"], Decimal(0)),
    }
    return table(
        summarize(mine, plans, fmt),
        columns,
        fmt,
        title=f"Statement of {name_on(mine, rep['rep_id'])} in brief",
        note=(
            f"{window.label} · {plural(len(mine), 'line')} · plan {plan} · as of"
            f" {fmt.text(as_of, 'date')}"
        ),
        total=total,
    )


def statement_table(
    mine: pd.DataFrame,
    rep: pd.Series,
    *,
    plan: str,
    deal: Decimal,
    window: Window,
    as_of: date,
    fmt: Formats,
) -> Table:
    """One rep's lines, adding up to the cent; folded away where a browser can do so.

    mine: the rep's ``StatementLines``. rep: the rep's ``RepPay`` row.
    """
    columns = [
        Col("date", "date", "Date"),
        Col("order_id", "text", "Order", weight=1),
        Col("customer_id", "text", "Customer", weight=1),
        Col("item", "text", "Item"),
        Col("amount", EXACT, "Credited"),
        Col("how", "text", "How", weight=2),
        Col("pay", EXACT, "Pay"),
    ]
    far = "" if rep["to_next"] is None else f"next step {fmt.money(rep['to_next'])} away, "
    note = (
        f"{window.label} · {plural(len(mine), 'line')} · plan {plan} · {far}one"
        f" more deal of {fmt.money(deal)} earns"
        f" {fmt.text(rep['next_deal'], EXACT)} · as of"
        f" {fmt.text(as_of, 'date')}"
    )
    total = {"date": "Total", "amount": rep["credited"], "pay": sum(mine["pay"], Decimal(0))}
    made = table(
        mine,
        columns,
        fmt,
        title=f"Statement of {name_on(mine, rep['rep_id'])}, every line",
        note=note,
        total=total,
    )
    return replace(made, folded=True)


def worksheets(reps: pd.DataFrame, lines: pd.DataFrame) -> list[Worksheet]:
    """The payroll and every statement line for actions.xlsx."""
    payroll = tuple(
        (r.rep_id, r.rep, r.credited, r.pay, r.total, r.to_next, r.next_deal)
        for r in reps.itertuples(index=False)
    )
    statements = tuple(
        (
            r["rep"],
            r["date"].date(),
            r["order_id"],
            r["customer_id"],
            r["item"],
            r["how"],
            r["amount"],
            r["pay"],
        )
        for r in lines.to_dict("records")
    )
    return [
        Worksheet(
            "Payroll",
            (
                ("rep_id", "Rep id", "text"),
                ("rep", "Rep", "text"),
                ("credited", "Credited", EXACT),
                ("pay", "Pay", EXACT),
                ("total", "So far this period", EXACT),
                ("to_next", "To the next step", EXACT),
                ("next_deal", "One more deal earns", EXACT),
            ),
            payroll,
        ),
        Worksheet(
            "Statements",
            (
                ("rep", "Rep", "text"),
                ("date", "Date", "date"),
                ("order", "Order", "text"),
                ("customer", "Customer", "text"),
                ("item", "Item", "text"),
                ("how", "How", "text"),
                ("amount", "Credited", EXACT),
                ("pay", "Pay", EXACT),
            ),
            statements,
        ),
    ]
