"""Tables of the statements: the payroll, what the next deal earns, advances, and each statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import named, say
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.page import Col, Table, table
from playbook.page.tables import DATA
from playbook.pay.items import item_said
from playbook.pay.periods import period_name

from .statement_lines import name_on
from .summary import summarize

ITEMS = 4  # kinds of pay with a column of their own


NEXT = 15  # reps listed with what their next deal earns


EXACT = "money.exact"


def kinds_of_pay(lines: pd.DataFrame) -> list[str]:
    """Kinds of pay in statement lines (column item), the largest sum first."""
    sums = lines.groupby("item")["pay"].sum()
    return sorted(sums.index, key=lambda item: (-abs(sums[item]), item))


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a statement with the kind of pay (column item) in the language spoken."""
    return rows.assign(item=[item_said(item) for item in rows["item"]])


def payroll_table(
    reps: pd.DataFrame, lines: pd.DataFrame, *, plan: str, where: str, fmt: Formats
) -> Table:
    """One row per rep by kind of pay, adding up across and down.

    reps: ``RepPay`` rows of the reps. lines: ``StatementLines``. where: window, n and date for the
    note.
    """
    items = kinds_of_pay(lines)
    shown = items if len(items) <= ITEMS + 1 else items[:ITEMS]
    grouped = lines["item"].where(lines["item"].isin(shown), "other")
    parts = lines.groupby(["rep_id", grouped])["pay"].sum().unstack().reindex(reps["rep_id"])
    kinds = [*shown, *(["other"] if "other" in set(grouped) and "other" not in shown else [])]
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
            Col(f"item{i}", EXACT, item_said(kind).capitalize(), context=DATA)
            for i, kind in enumerate(kinds)
            if len(kinds) > 1
        ),
        Col("pay", EXACT, "Pay"),
        Col("rate", "share", "Pay ÷ credited", decimals=2),
    ]
    total = {
        "rep": say("Payroll"),
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
        title=say("Payroll of the quarter to date, plan {plan}", plan=named(plan)),
        note=(
            say(
                "Money in {currency} · {where} · all lines: folded below in a"
                " browser, and in actions.xlsx",
                currency=fmt.currency,
                where=where,
            )
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
    note = say(
        "Money in {currency} · one more deal of {deal} (the median order of"
        " twelve months) in the same {accumulate}, new and paid at once ·"
        " next step: a band, a threshold or a level of the quota · plan"
        " {name} · as of {as_of}",
        currency=fmt.currency,
        deal=fmt.money(deal),
        accumulate=period_name(plan.accumulate),
        name=named(plan.name),
        as_of=fmt.text(as_of, "date"),
    )
    return table(rows, columns, fmt, title=say("What the next deal earns"), note=note, limit=NEXT)


def advances_table(advances: pd.DataFrame, *, where: str, fmt: Formats) -> Table:
    """What was paid in advance in the window and what is still owed, for plans with a draw."""
    columns = [
        Col("rep", "text", "Rep", weight=2),
        Col("earned", EXACT, "Earned"),
        Col("advanced", EXACT, "Advanced", context="pay"),
        Col("recovered", EXACT, "Recovered"),
        Col("paid", EXACT, "Paid out"),
        Col("balance", EXACT, "Still owed"),
    ]
    total = {
        "rep": say("All"),
        **{
            key: sum(advances[key], Decimal(0))
            for key in ("earned", "advanced", "recovered", "paid", "balance")
        },
    }
    return table(
        advances,
        columns,
        fmt,
        title=say("Money in advance"),
        note=say("Tier pay against the draw, {where}", where=where),
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
        Col("item", "text", "Item", context="pay", weight=2),
        Col("how", "text", "How", weight=2),
        Col("lines", "count", "Lines"),
        Col("amount", EXACT, "Credited"),
        Col("pay", EXACT, "Pay"),
    ]
    total = {
        "item": say("Total"),
        "lines": len(mine),
        "amount": rep["credited"],
        "pay": sum(mine["pay"], Decimal(0)),
    }
    return table(
        in_words(summarize(mine, plans, fmt)),
        columns,
        fmt,
        title=say("Statement of {rep} in brief", rep=name_on(mine, rep["rep_id"])),
        note=(
            say(
                "{label} · {lines} · plan {plan} · as of {as_of}",
                label=window.label,
                lines=plural(len(mine), "line"),
                plan=named(plan),
                as_of=fmt.text(as_of, "date"),
            )
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
        Col("item", "text", "Item", context="pay"),
        Col("amount", EXACT, "Credited"),
        Col("how", "text", "How", weight=2),
        Col("pay", EXACT, "Pay"),
    ]
    places = {
        "label": window.label,
        "lines": plural(len(mine), "line"),
        "plan": named(plan),
        "deal": fmt.money(deal),
        "next_deal": fmt.text(rep["next_deal"], EXACT),
        "as_of": fmt.text(as_of, "date"),
    }
    if rep["to_next"] is None:
        note = say(
            "{label} · {lines} · plan {plan} · one more deal of {deal} earns {next_deal}"
            " · as of {as_of}",
            **places,
        )
    else:
        note = say(
            "{label} · {lines} · plan {plan} · next step {to_next} away, one more deal of"
            " {deal} earns {next_deal} · as of {as_of}",
            to_next=fmt.money(rep["to_next"]),
            **places,
        )
    total = {"date": say("Total"), "amount": rep["credited"], "pay": sum(mine["pay"], Decimal(0))}
    made = table(
        in_words(mine),
        columns,
        fmt,
        title=say("Statement of {rep}, every line", rep=name_on(mine, rep["rep_id"])),
        note=note,
        total=total,
    )
    return replace(made, folded=True)
