"""Statements: what every rep is paid for the quarter to date, line by line, and what the next deal would earn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.kpi import Kpi
from playbook.base.periods import Window
from playbook.base.plans import CommissionPlan
from playbook.data.book import Book
from playbook.page import Change, Col, Figure, Result, Table, Worksheet, section, table

from . import figures
from .awards import award_lines
from .credit import period_span
from .draws import draws
from .history import History, history, minor_money, money
from .pay import Payroll, within
from .tiers import bands, next_edge, payout, reached
from .words import how_line, how_plan

LINES_SHOWN = 25      # lines of one statement on the page; actions.xlsx has them all


@dataclass(frozen=True)
class Statements(Result):
    """Pay of the quarter to date under the plan in force.

    table: one row per rep, best paid first: rep_id, rep, credited, pay, rate, plus the standing in the accumulation period:
    total, band_rate, to_next, next_deal. lines: every statement line: rep_id, rep, date, order_id, customer_id, item, rule, amount, pay.
    Money is Decimal [currency].
    """

    section = "statements"
    table: pd.DataFrame
    lines: pd.DataFrame
    plan: CommissionPlan
    window: Window
    revenue: Decimal
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
    def where(self) -> str:
        """Window, n and as-of as every note states them."""
        return (f"{self.window.label} · {plural(len(self.lines), 'line')} of {plural(len(self.table), 'rep')} · plan {self.plan.name} · "
                f"as of {self.fmt.text(self.as_of, 'date')}")

    def figure(self) -> Figure | None:
        return figures.payroll(self)

    def tables(self) -> list[Table]:
        return [self.payroll_table(), *([self.draw_table()] if len(self.advances) else []), *self.statement_tables()]

    def draw_table(self) -> Table:
        """What was paid in advance in the window and what is still owed, for plans with a draw."""
        columns = [Col("rep", "text", "Rep", weight=2), Col("earned", "money.exact", "Earned"), Col("advanced", "money.exact", "Advanced"), Col("recovered", "money.exact", "Recovered"),
                   Col("paid", "money.exact", "Paid out"), Col("balance", "money.exact", "Still owed")]
        total = {"rep": "All", **{key: sum(self.advances[key], Decimal(0)) for key in ("earned", "advanced", "recovered", "paid", "balance")}}
        return table(self.advances, columns, self.fmt, title="Money in advance", note=f"Tier pay against the draw, {self.where}", total=total)

    def payroll_table(self) -> Table:
        """One row per rep, and the sum."""
        columns = [Col("rep", "text", "Rep", weight=2), Col("credited", "money", "Credited"), Col("pay", "money.exact", "Pay"),
                   Col("rate", "share", "Pay ÷ credited", decimals=2)]
        if self.plan.tiers and self.plan.accumulate != "deal" and self.plan.tiers_of == "amount":
            columns += [Col("band_rate", "share", "Tier reached"), Col("to_next", "money", "To next tier"), Col("next_deal", "money.exact", "One more deal earns")]
        total = {"rep": "Payroll", "credited": sum(self.table["credited"], Decimal(0)), "pay": self.total}
        note = f"Money in {self.fmt.currency} · {self.where}"
        if "next_deal" in [c.key for c in columns]:
            note += f" · one more deal of {self.fmt.money(self.deal)} (the median order of twelve months) in the same {self.plan.accumulate}"
        return table(self.table, columns, self.fmt, title=f"Payroll of the quarter to date, plan {self.plan.name}", note=note, total=total)

    def statement_tables(self) -> list[Table]:
        """The best paid reps' statements in full."""
        return [self.statement(rep) for rep in self.table["rep_id"].head(self.printed)]

    def statement(self, rep_id: str) -> Table:
        """One rep's lines, adding up to the cent; lines beyond the first are summed in one row."""
        mine = self.lines[self.lines["rep_id"] == rep_id].reset_index(drop=True)
        shown = mine.head(LINES_SHOWN)
        rest = mine.iloc[len(shown):]
        if len(rest):
            more = {"order_id": f"{len(rest)} more lines", "amount": sum(rest["amount"], Decimal(0)), "pay": sum(rest["pay"], Decimal(0))}
            shown = pd.concat([shown, pd.DataFrame([more])], ignore_index=True)
        shown = shown.assign(how=[self._how(line) for line in shown.to_dict("records")])
        columns = [Col("date", "date", "Date"), Col("order_id", "text", "Order", weight=1), Col("item", "text", "Item"), Col("amount", "money.exact", "Credited"),
                   Col("how", "text", "How", weight=2), Col("pay", "money.exact", "Pay")]
        total = {"date": "Total", "amount": sum(mine["amount"], Decimal(0)), "pay": sum(mine["pay"], Decimal(0))}
        return table(shown, columns, self.fmt, title=f"Statement of {_name(mine, rep_id)}", note=f"{self.window.label} · {plural(len(mine), 'line')} · "
                     f"plan {self.plan.name} · as of {self.fmt.text(self.as_of, 'date')}", total=total)

    def _how(self, line: dict) -> str:
        """What a line rests on, in words: the bands it fell into, the rule that changed them, or why it is there."""
        if not isinstance(line.get("item"), str):
            return "listed in the workbook"
        if line.get("why"):
            return line["why"]
        return how_line(line, self.plan, self.fmt)

    def reading(self) -> str:
        f, top = self.fmt, self.table.iloc[0]
        cost = f.share(float(self.total / self.revenue), decimals=2) if self.revenue else None
        text = (f"The quarter to date pays {f.text(self.total, 'money.exact')} to {plural(len(self.table), 'rep')}"
                f"{f', {cost} of revenue on the same basis' if cost else ''}; "
                f"{top.rep} leads with {f.text(top.pay, 'money.exact')}.")
        near = self.near()
        if len(near):
            first = near.iloc[0]
            text += (f" {plural(len(near), 'rep')} stood within two typical deals of the next tier, closest {first.rep} "
                     f"({f.money(first.to_next)} short).")
        return text

    def near(self) -> pd.DataFrame:
        """Reps less than two typical deals below their next tier, closest first."""
        if "to_next" not in self.table:
            return self.table.head(0)
        close = self.table[[v is not None and v <= 2 * self.deal for v in self.table["to_next"]]]
        return close.sort_values(["to_next", "rep_id"], kind="stable").reset_index(drop=True)

    def headline(self) -> str:
        return f"Pay, quarter to date: {self.fmt.text(self.total, 'money.exact')} to {plural(len(self.table), 'rep')} under plan {self.plan.name}"

    def kpis(self) -> list[Kpi]:
        unit, window = self.fmt.currency, "quarter_to_date"
        items = self.lines.groupby("item", sort=True)["pay"].sum()
        return [Kpi("payout", window, self.total, unit, n=len(self.table)),
                *(Kpi("payout", window, r.pay, unit, {"rep": r.rep_id}) for r in self.table.itertuples(index=False)),
                *(Kpi("payout.item", window, pay, unit, {"item": item}) for item, pay in items.items())]

    def worksheets(self) -> list[Worksheet]:
        lines = tuple((r["rep"], r["date"].date(), r["order_id"], r["customer_id"], r["item"], self._how(r), r["amount"], r["pay"])
                      for r in self.lines.to_dict("records"))
        payroll = tuple((r.rep_id, r.rep, r.credited, r.pay) for r in self.table.itertuples(index=False))
        return [Worksheet("Payroll", (("rep_id", "Rep id", "text"), ("rep", "Rep", "text"), ("credited", "Credited", "money.exact"), ("pay", "Pay", "money.exact")), payroll),
                Worksheet("Statements", (("rep", "Rep", "text"), ("date", "Date", "date"), ("order", "Order", "text"), ("customer", "Customer", "text"),
                                         ("item", "Item", "text"), ("how", "How", "text"), ("amount", "Credited", "money.exact"), ("pay", "Pay", "money.exact")), lines)]

    def changes(self) -> list[Change]:
        if not self.before:
            return []
        size = float(self.total / self.before) - 1
        return [Change(f"Pay of the quarter to date {self.fmt.share(size, sign=True)} against the same span a year before", size)]

    def notes(self) -> list[str]:
        said = [f"Plan {self.plan.name}: {how_plan(self.plan, self.fmt)}. Each line earns what it adds to the {self.plan.accumulate}'s pay, in the order of day and id; lines are rounded "
                "half-even to the minor unit, and what is left over goes to the largest remainders, so they add up to the payout exactly."]
        if self.unassigned:
            said.append(f"{self.fmt.money(self.unassigned)} of the window has no rep and pays no one.")
        return said + list(self.notes_)


@section("statements")
def statements(book: Book, plan: str = "", compare_with: str = "", printed: int = 3) -> Result:
    """Statements of the quarter to date; needs commission_plans in playbook.toml."""
    if not book.settings.commission_plans:
        raise NotAvailable({"commission_plans": ("name", "tiers")}, gives="each rep's pay of the quarter, line by line, adding up to the cent",
                           because="they are written in playbook.toml; no pay is invented here")
    past = history(book, plan, compare_with)
    return from_history(past, past.chosen.current, printed)


def from_history(past: History, plan: CommissionPlan, printed: int) -> Statements:
    """The statements of ``plan`` for the quarter to date."""
    book, window = past.book, past.book.window("quarter_to_date")
    paid = past.pay(plan, dated=True)
    earlier = window.year_before()
    awards, said = award_lines(past, plan, paid)
    lines = statement_lines(past, paid, awards, window)
    if not len(lines):
        raise NotAvailable({}, gives="each rep's pay, line by line", because=f"nothing is credited under plan '{plan.name}' in {window.label}")
    deal = typical_deal(past.orders, book.window("trailing_12m"))
    return Statements(table=by_rep(lines, paid, past, deal), lines=lines, plan=plan, window=window, revenue=past.revenue(plan, "quarter_to_date"), deal=deal,
                      unassigned=money(within(paid.unassigned, window.start, window.end)["amount"].sum()),
                      before=minor_money(paid.total(earlier.start, earlier.end), paid.minor), period_end=_period_end(past, plan), as_of=book.as_of, fmt=book.fmt, printed=printed, advances=_advances(past, plan, paid, window), notes_=tuple(said))


def statement_lines(past: History, paid: Payroll, awards: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Lines of the window in money, by rep and day, awards after deals."""
    rows = within(pd.concat([paid.lines, awards], ignore_index=True) if len(awards) else paid.lines, window.start, window.end)
    rows = rows.sort_values(["rep_id", "date"], kind="stable").reset_index(drop=True)
    rows = rows.assign(rep=[past.name(rep) for rep in rows["rep_id"]], amount=[money(v) for v in rows["amount"]], pay=[minor_money(v, paid.minor) for v in rows["pay"]])
    if "why" not in rows:
        rows["why"] = ""
    return rows.assign(why=rows["why"].fillna(""))


def by_rep(lines: pd.DataFrame, paid: Payroll, past: History, deal: Decimal) -> pd.DataFrame:
    """One row per rep, best paid first (then by id)."""
    sums = lines.assign(credit=[a if (i not in ("manager",) and s == "order") or s == "deal" else Decimal(0) for a, i, s in zip(lines["amount"], lines["item"], lines["source"], strict=True)])
    once = sums["item"] != "attainment" if paid.plan.tiers else sums["item"] != ""      # an order is credited once, though tiers and attainment both pay it
    sums = sums[once].groupby("rep_id").agg(rep=("rep", "first"), credited=("credit", "sum")).join(lines.groupby("rep_id")["pay"].sum(), how="outer")
    sums["rep"] = [past.name(rep) for rep in sums.index]
    sums["credited"] = [v if isinstance(v, Decimal) else Decimal(0) for v in sums["credited"]]
    sums["rate"] = [float(p / c) if c > 0 else None for p, c in zip(sums["pay"], sums["credited"], strict=True)]
    standing = [_standing(rep, paid, past, deal) for rep in sums.index] if paid.plan.tiers and paid.plan.accumulate != "deal" and paid.plan.tiers_of == "amount" else []
    frame = sums.reset_index()
    if standing:
        frame[["total", "band_rate", "to_next", "next_deal"]] = pd.DataFrame(standing, index=frame.index, dtype=object)
    return frame.sort_values(["pay", "rep_id"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _standing(rep: str, paid: Payroll, past: History, deal: Decimal) -> tuple:
    """Where a rep stands in the period of the as-of date: running total, rate of the band reached, distance to the next, what one more deal earns."""
    mine = paid.lines[(paid.lines["rep_id"] == rep) & (paid.lines["period"] == past.period_now(paid.plan)) & (paid.lines["item"] != "clawback")]
    total = money(mine["after"].iloc[-1]) if len(mine) else Decimal(0)
    steps = bands(paid.plan)
    above = next_edge(total, steps)
    more = payout(total + deal, paid.plan) - payout(total, paid.plan)
    return total, reached(total, steps).rate, None if above is None else above.lower - total, more


def typical_deal(orders: pd.DataFrame, window: Window) -> Decimal:
    """Median amount of an order (its lines together) in the window, to whole currency units."""
    rows = within(orders, window.start, window.end)
    totals = rows[rows["amount"] > 0].groupby("order_id")["amount"].sum()
    return Decimal(round(float(np.median(totals)) / 10_000)) if len(totals) else Decimal(0)


def _advances(past: History, plan: CommissionPlan, paid: Payroll, window: Window) -> pd.DataFrame:
    """The draw ledger of the window, one row per rep with an advance or a debt."""
    rows = draws(past, plan, paid)
    rows = rows[rows["month"] >= str(window.start)[:7]]
    if not len(rows):
        return rows
    sums = rows.groupby("rep_id").agg({**dict.fromkeys(("earned", "advanced", "recovered", "paid"), "sum"), "balance": "last"})
    sums = sums[[a > 0 or b > 0 or r > 0 for a, b, r in zip(sums["advanced"], sums["balance"], sums["recovered"], strict=True)]]
    return sums.assign(rep=[past.name(rep) for rep in sums.index]).reset_index()


def _period_end(past: History, plan: CommissionPlan) -> date:
    return past.book.as_of if plan.accumulate == "deal" else period_span(past.period_now(plan), plan.accumulate, past.fiscal_year_start)[1]


def _name(mine: pd.DataFrame, rep_id: str) -> str:
    return str(mine["rep"].iloc[0]) if len(mine) else rep_id
