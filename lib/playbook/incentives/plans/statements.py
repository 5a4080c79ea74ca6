"""Statements: what every rep is paid for the quarter to date, line by line, and what the next deal
would earn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.incentives.figures import plans as figures
from playbook.page import Change, Col, Figure, Result, Table, Worksheet, section, table
from playbook.page.kpi import Kpi
from playbook.pay.history import History, history, minor_money, money
from playbook.pay.lines import within
from playbook.pay.total import whole_pay
from playbook.pay.wording import how_plan

from .standing import period_end
from .statement_lines import advances_of, name_on, payroll_by_rep, statement_lines, typical_deal
from .summary import brief

FOLDED = 2000  # statement lines a browser page carries; actions.xlsx has them all
ITEMS = 4  # kinds of pay with a column of their own
NEXT = 15  # reps listed with what their next deal earns
WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m")


@dataclass(frozen=True)
class Statements(Result):
    """Pay of the quarter to date under the plan in force.

    table: one row per rep, best paid first: rep_id, rep, credited, pay, rate, plus the standing in
    the accumulation period:
    total, band_rate, to_next, next_deal. lines: every statement line: rep_id, rep, date, order_id,
    customer_id, item, rule, amount, pay, plan, how.
    spans: window → (pay, revenue of the plan's basis). Money is Decimal [currency].
    """

    section = "statements"
    table: pd.DataFrame
    lines: pd.DataFrame
    plan: CommissionPlan
    plans: dict[str, CommissionPlan]
    window: Window
    spans: dict[str, tuple[Decimal, Decimal]]
    deal: Decimal
    unassigned: Decimal
    before: Decimal
    period_end: date
    as_of: date
    fmt: Formats
    printed: int
    advances: pd.DataFrame
    notes_: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """The payroll: sum of all statements."""
        return sum(self.table["pay"], Decimal(0))

    @property
    def revenue(self) -> Decimal:
        return self.spans["quarter_to_date"][1]

    @property
    def where(self) -> str:
        """Window, n and as-of as every note states them."""
        return (
            f"{self.window.label} · {plural(len(self.lines), 'line')} of"
            f" {plural(len(self.table), 'rep')} · plan {self.plan.name} · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def figure(self) -> Figure | None:
        return figures.payroll(self.table, total=self.total, where=self.where, fmt=self.fmt)

    def tables(self) -> list[Table]:
        return [
            self.payroll_table(),
            self.next_table(),
            *([self.draw_table()] if len(self.advances) else []),
            *self.statement_tables(),
        ]

    def draw_table(self) -> Table:
        """What was paid in advance in the window and what is still owed, for plans with a draw."""
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("earned", "money.exact", "Earned"),
            Col("advanced", "money.exact", "Advanced"),
            Col("recovered", "money.exact", "Recovered"),
            Col("paid", "money.exact", "Paid out"),
            Col("balance", "money.exact", "Still owed"),
        ]
        total = {
            "rep": "All",
            **{
                key: sum(self.advances[key], Decimal(0))
                for key in ("earned", "advanced", "recovered", "paid", "balance")
            },
        }
        return table(
            self.advances,
            columns,
            self.fmt,
            title="Money in advance",
            note=f"Tier pay against the draw, {self.where}",
            total=total,
        )

    @property
    def items(self) -> list[str]:
        """Kinds of pay, largest first."""
        sums = self.lines.groupby("item")["pay"].sum()
        return sorted(sums.index, key=lambda item: (-abs(sums[item]), item))

    def payroll_table(self) -> Table:
        """One row per rep by kind of pay, adding up across and down."""
        shown = self.items if len(self.items) <= ITEMS + 1 else self.items[:ITEMS]
        named = self.lines["item"].where(self.lines["item"].isin(shown), "other")
        parts = (
            self.lines.groupby(["rep_id", named])["pay"]
            .sum()
            .unstack()
            .reindex(self.table["rep_id"])
        )
        kinds = [*shown, *(["other"] if "other" in set(named) and "other" not in shown else [])]
        frame = (
            self.table.assign(
                **{
                    f"item{i}": parts[kind].where(parts[kind].notna(), None).to_numpy()
                    for i, kind in enumerate(kinds)
                }
            )
            if len(kinds) > 1
            else self.table
        )
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("credited", "money", "Credited"),
            *(
                Col(f"item{i}", "money.exact", kind.capitalize())
                for i, kind in enumerate(kinds)
                if len(kinds) > 1
            ),
            Col("pay", "money.exact", "Pay"),
            Col("rate", "share", "Pay ÷ credited", decimals=2),
        ]
        total = {
            "rep": "Payroll",
            "credited": sum(self.table["credited"], Decimal(0)),
            "pay": self.total,
            **{
                f"item{i}": sum((v for v in parts[kind] if isinstance(v, Decimal)), Decimal(0))
                for i, kind in enumerate(kinds)
            },
        }
        return table(
            frame,
            columns,
            self.fmt,
            title=f"Payroll of the quarter to date, plan {self.plan.name}",
            note=(
                f"Money in {self.fmt.currency} · {self.where} · all lines: folded below in a"
                " browser, and in actions.xlsx"
            ),
            total=total,
        )

    def next_table(self) -> Table:
        """How far the next step is and what the next deal earns, closest first."""
        rows = self.table.assign(
            far=[v is None for v in self.table["to_next"]],
            gap=[float(v or 0) for v in self.table["to_next"]],
        ).sort_values(["far", "gap", "rep_id"], kind="stable")
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("total", "money", "So far"),
            *([Col("quota", "money", "Quota")] if self.plan.needs_quota else []),
            Col("band_rate", "share", "Tier reached"),
            Col("to_next", "money", "To the next step"),
            Col("next_deal", "money.exact", "One more deal earns"),
        ]
        note = (
            f"Money in {self.fmt.currency} · one more deal of {self.fmt.money(self.deal)} (the"
            f" median order of twelve months) in the same {self.plan.accumulate}, at the plain"
            " rates · next step: a band, a threshold or a level of the quota · plan"
            f" {self.plan.name} · as of {self.fmt.text(self.as_of, 'date')}"
        )
        return table(
            rows, columns, self.fmt, title="What the next deal earns", note=note, limit=NEXT
        )

    def statement_tables(self) -> list[Table]:
        """The best paid reps' statements in brief, and every statement in full where a browser can
        fold it away.
        """
        made, carried = [self.brief(rep) for rep in self.table["rep_id"].head(self.printed)], 0
        counts = self.lines["rep_id"].value_counts()
        for rep in self.table["rep_id"]:
            carried += int(counts.get(rep, 0))
            if carried > FOLDED:
                break
            made.append(self.statement(rep))
        return made

    def brief(self, rep_id: str) -> Table:
        """One rep's statement by kind of pay, rule and band: amount × rate, adding up to the cent."""
        mine = self.lines[self.lines["rep_id"] == rep_id]
        rows = brief(mine, self.plans, self.fmt)
        columns = [
            Col("item", "text", "Item", weight=2),
            Col("how", "text", "How", weight=2),
            Col("lines", "count", "Lines"),
            Col("amount", "money.exact", "Credited"),
            Col("pay", "money.exact", "Pay"),
        ]
        total = {
            "item": "Total",
            "lines": len(mine),
            "amount": self._credited(rep_id),
            "pay": sum(mine["pay"], Decimal(0)),
        }
        return table(
            rows,
            columns,
            self.fmt,
            title=f"Statement of {name_on(mine, rep_id)} in brief",
            note=(
                f"{self.window.label} · {plural(len(mine), 'line')} · plan {self.plan.name} · as of"
                f" {self.fmt.text(self.as_of, 'date')}"
            ),
            total=total,
        )

    def statement(self, rep_id: str) -> Table:
        """One rep's lines, adding up to the cent."""
        mine = self.lines[self.lines["rep_id"] == rep_id].reset_index(drop=True)
        columns = [
            Col("date", "date", "Date"),
            Col("order_id", "text", "Order", weight=1),
            Col("customer_id", "text", "Customer", weight=1),
            Col("item", "text", "Item"),
            Col("amount", "money.exact", "Credited"),
            Col("how", "text", "How", weight=2),
            Col("pay", "money.exact", "Pay"),
        ]
        standing_ = self.table[self.table["rep_id"] == rep_id].iloc[0]
        far = (
            ""
            if standing_.to_next is None
            else f"next step {self.fmt.money(standing_.to_next)} away, "
        )
        note = (
            f"{self.window.label} · {plural(len(mine), 'line')} · plan {self.plan.name} · {far}one"
            f" more deal of {self.fmt.money(self.deal)} earns"
            f" {self.fmt.text(standing_.next_deal, 'money.exact')} · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        total = {
            "date": "Total",
            "amount": self._credited(rep_id),
            "pay": sum(mine["pay"], Decimal(0)),
        }
        return replace(
            table(
                mine,
                columns,
                self.fmt,
                title=f"Statement of {name_on(mine, rep_id)}, every line",
                note=note,
                total=total,
            ),
            folded=True,
        )

    def _credited(self, rep_id: str) -> Decimal:
        return self.table.loc[self.table["rep_id"] == rep_id, "credited"].iloc[0]

    def reading(self) -> str:
        f, top = self.fmt, self.table.iloc[0]
        cost = f.share(float(self.total / self.revenue), decimals=2) if self.revenue > 0 else None
        text = (
            f"The quarter to date pays {f.text(self.total, 'money.exact')} to"
            f" {plural(len(self.table), 'rep')}{f', {cost} of revenue on the same basis' if cost else ''};"
            f" {top.rep} leads with {f.text(top.pay, 'money.exact')}."
        )
        near = self.near()
        if len(near):
            first = near.iloc[0]
            text += (
                f" {plural(len(near), 'rep')} stood within two typical deals of the next step,"
                f" closest {first.rep} ({f.money(first.to_next)} short)."
            )
        return text

    def near(self) -> pd.DataFrame:
        """Reps less than two typical deals below their next step, closest first."""
        close = self.table[[v is not None and v <= 2 * self.deal for v in self.table["to_next"]]]
        return close.sort_values(["to_next", "rep_id"], kind="stable").reset_index(drop=True)

    def headline(self) -> str:
        return (
            f"Pay, quarter to date: {self.fmt.text(self.total, 'money.exact')} to"
            f" {plural(len(self.table), 'rep')} under plan {self.plan.name}"
        )

    def kpis(self) -> list[Kpi]:
        unit, window = self.fmt.currency, "quarter_to_date"
        items = self.lines.groupby("item", sort=True)["pay"].sum()
        found = [
            Kpi("payout", window, r.pay, unit, {"rep": r.rep_id})
            for r in self.table.itertuples(index=False)
        ]
        found += [
            Kpi("payout.item", window, pay, unit, {"item": item}) for item, pay in items.items()
        ]
        for span, (pay, revenue) in self.spans.items():
            found.append(
                Kpi("payout", span, pay, unit, n=len(self.table) if span == window else None)
            )
            found.append(
                Kpi(
                    "cost_of_sales",
                    span,
                    float(pay / revenue) if revenue > 0 else None,
                    "share",
                    numerator=float(pay),
                    denominator=float(revenue),
                    why="no revenue in the window",
                )
            )
        return found

    def worksheets(self) -> list[Worksheet]:
        exact = "money.exact"
        lines = tuple(
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
            for r in self.lines.to_dict("records")
        )
        payroll = tuple(
            (r.rep_id, r.rep, r.credited, r.pay, r.total, r.to_next, r.next_deal)
            for r in self.table.itertuples(index=False)
        )
        return [
            Worksheet(
                "Payroll",
                (
                    ("rep_id", "Rep id", "text"),
                    ("rep", "Rep", "text"),
                    ("credited", "Credited", exact),
                    ("pay", "Pay", exact),
                    ("total", "So far this period", exact),
                    ("to_next", "To the next step", exact),
                    ("next_deal", "One more deal earns", exact),
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
                    ("amount", "Credited", exact),
                    ("pay", "Pay", exact),
                ),
                lines,
            ),
        ]

    def changes(self) -> list[Change]:
        if not self.before:
            return []
        size = float(self.total / self.before) - 1
        return [
            Change(
                f"Pay of the quarter to date {self.fmt.share(size, sign=True)} against the same"
                " span a year before",
                size,
            )
        ]

    def notes(self) -> list[str]:
        said = [
            f"Plan {self.plan.name}: {how_plan(self.plan, self.fmt)}. Each line earns what it adds"
            f" to the {self.plan.accumulate}'s pay, in the order of day and id; lines are rounded"
            " half-even to the minor unit, and what is left over goes to the largest remainders,"
            " so they add up to the payout exactly. In brief, a band's amount times its rate is"
            " rounded the same way."
        ]
        if self.plan.basis == "cash":
            said.append(
                "Cash basis: an amount counts on the day it is paid; a payment's day without an"
                " amount is the whole order; what has no payment day is not paid for yet."
            )
        if self.unassigned:
            said.append(
                f"{self.fmt.money(self.unassigned)} of the window has no rep and pays no one."
            )
        return said + list(self.notes_)


@section("statements")
def statements(book: Book, plan: str = "", compare_with: str = "", printed: int = 3) -> Result:
    """Statements of the quarter to date; needs commission_plans in playbook.toml."""
    if not book.settings.commission_plans:
        raise NotAvailable(
            {"commission_plans": ("name", "tiers")},
            gives="each rep's pay of the quarter, line by line, adding up to the cent",
            because="they are written in playbook.toml; no pay is invented here",
        )
    past = history(book, plan, compare_with)
    return from_history(past, past.chosen.current, printed)


def from_history(past: History, plan: CommissionPlan, printed: int) -> Statements:
    """The statements of ``plan`` for the quarter to date."""
    book, window = past.book, past.book.window("quarter_to_date")
    made = whole_pay(past, plan, dated=True)
    lines = statement_lines(past, made, plan, window)
    if not len(lines):
        raise NotAvailable(
            {},
            gives="each rep's pay, line by line",
            because=f"nothing is credited under plan '{plan.name}' in {window.label}",
        )
    deal = typical_deal(past.orders, book.window("trailing_12m"))
    spans = {
        name: (minor_money(made.total(book.window(name)), past.minor), past.revenue(plan, name))
        for name in WINDOWS
    }
    return Statements(
        table=payroll_by_rep(lines, made.payroll, past, deal),
        lines=lines,
        plan=plan,
        plans={one.name: one for one in past.in_force(plan)},
        window=window,
        spans=spans,
        deal=deal,
        unassigned=money(within(made.unassigned, window.start, window.end)["amount"].sum()),
        before=minor_money(made.total(window.year_before()), past.minor),
        period_end=period_end(past, plan),
        as_of=book.as_of,
        fmt=book.fmt,
        printed=printed,
        advances=advances_of(past, plan, made.payroll, window),
        notes_=made.said,
    )
