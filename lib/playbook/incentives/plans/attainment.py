"""Quota attainment: how much of the quota each rep has brought, and which of the three lines that
reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.periods import Month, Window, months_between
from playbook.base.settings import IncentiveLevel
from playbook.data.book import Book
from playbook.incentives.figures import people as figures
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.pay.history import History, history, money
from playbook.pay.lines import within
from playbook.pay.quota import ramp_share, targets_in_force

ILLUSTRATED = "lines of the playbook: name your own, and what they give, under incentives.levels"


class RepAttainment(Frame):
    """One row per rep with a quota in the quarter to date, best first."""

    rep_id = c.text("rep")
    rep = c.text("the rep's name")
    credited = c.money("credited amount of the quarter, refunds of its own sales taken off")
    back = c.money("refunds of sales of earlier quarters, which count in those quarters")
    quota = c.money("quota of the months that are over, ramped for new hires")
    attainment = c.share("credited ÷ quota")
    level = c.text("highest level reached, 'below' where none is")
    short = c.money("money missing to the next level; none above the last")


@dataclass(frozen=True)
class Attainment(Result):
    """Credited amount ÷ quota of the quarter to date.

    levels: base, sprint and breakthrough of the settings. given: whether the settings name them;
    else the playbook's stand as an illustration, without what they give. without: reps with credit
    and no quota.
    basis: what is credited, bookings or cash.
    """

    section = "attainment"
    table: Annotated[pd.DataFrame, RepAttainment]
    levels: tuple[IncentiveLevel, ...]
    without: int
    plan: str
    basis: str
    given: bool
    window: Window
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return (
            f"{self.window.label} · n = {plural(len(self.table), 'rep')} · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )

    def reached(self, at: float) -> Rate:
        """Reps at or above a level."""
        return Rate(
            sum(v is not None and v >= at for v in self.table["attainment"]), len(self.table)
        )

    def figure(self) -> Figure | None:
        return figures.attainment(
            self.table,
            [(level.name, level.at) for level in self.levels],
            basis=self.basis,
            where=self.where,
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("credited", "money", "Credited"),
            Col("quota", "money", "Quota"),
            Col("attainment", "share", "Attainment"),
            Col("level", "text", "Line reached"),
            Col("short", "money", "To the next line"),
        ]
        if any(self.table["back"]):
            columns.insert(2, Col("back", "money", "Refunds of earlier quarters"))
        rows = pd.DataFrame(
            [
                {
                    "level": level.name,
                    "at": level.at,
                    "reps": f"{self.fmt.rate(self.reached(level.at).numerator, len(self.table))}",
                    "interval": self.fmt.interval(*self.reached(level.at).interval, "share"),
                    "gives": level.gives,
                }
                for level in self.levels
            ]
        )
        ladder = [
            Col("level", "text", "Line"),
            Col("at", "share", "From", decimals=0),
            Col("reps", "text", "Reps there", align="r"),
            Col("interval", "text", "95 % interval", align="r"),
            *([Col("gives", "text", "What it gives", weight=3)] if self.given else []),
        ]
        return [
            table(
                rows,
                ladder,
                self.fmt,
                title="Three lines, and how many reach them",
                note=(
                    f"Share of reps at or above the line, Wilson intervals · {self.where}"
                    + ("" if self.given else f" · {ILLUSTRATED}")
                ),
            ),
            table(
                self.table,
                columns,
                self.fmt,
                title="Attainment by rep",
                note=f"Money in {self.fmt.currency}, {self.basis} · {self.where}",
            ),
        ]

    def reading(self) -> str:
        f = self.fmt
        full = self.reached(1.0)
        text = (
            f"{f.rate(full.numerator, full.denominator)} of the reps with a quota reached it in the"
            f" quarter to date (95 % interval {f.interval(*full.interval, 'share')})."
        )
        close = self.table[[v is not None and 0.9 <= v < 1 for v in self.table["attainment"]]]
        if len(close):
            text += f" {plural(len(close), 'more rep')} came within a tenth of it."
        if self.without:
            text += (
                f" {plural(self.without, 'rep')} with credit"
                f" {'has' if self.without == 1 else 'have'} no quota and"
                f" {'is' if self.without == 1 else 'are'} left out."
            )
        return text

    def headline(self) -> str:
        full = self.reached(1.0)
        return (
            f"Quota reached by {self.fmt.rate(full.numerator, full.denominator)} of reps, quarter"
            " to date"
        )

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "attainment",
                "quarter_to_date",
                r.attainment,
                "share",
                {"rep": r.rep_id},
                numerator=float(r.credited),
                denominator=float(r.quota),
                why="a quota of nought",
            )
            for r in self.table.itertuples(index=False)
        ]

    def notes(self) -> list[str]:
        return [
            "Attainment = credited amount ÷ quota of the same months. A refund of an earlier"
            " quarter's sale lowers that quarter's attainment, not this one's; its pay comes back"
            " as a line of its own. Quotas come from the plan, else from the targets in force"
            " (metric sales, by rep), by month as the goals have them; quotas of a month not yet"
            " over are not counted."
        ]


@section("attainment")
def attainment(book: Book, plan: str = "", compare_with: str = "") -> Attainment:
    """Attainment of the quarter to date by rep; needs quotas in the plan or targets by rep."""
    past = history(book, plan, compare_with)
    current = past.chosen.current
    targets = targets_in_force(book)
    if not targets and not current.quotas and current.quota is None:
        raise NotAvailable(
            {"targets": ("period", "metric", "target", "rep_id")},
            gives="each rep's attainment and the line it reaches, 80, 100 or 120 %",
        )
    window = book.window("quarter_to_date")
    credit, back = credit_and_refunds(past, window)
    frame = _frame(past, credit, back, targets, window)
    if not len(frame):
        raise NotAvailable(
            {"targets": ("period", "metric", "target", "rep_id")},
            gives="each rep's attainment",
            because="no target covers the quarter",
        )
    return Attainment(
        table=_levelled(frame, book.settings.incentives.levels),
        levels=tuple(book.settings.incentives.levels),
        without=int(sum(rep not in set(frame["rep_id"]) for rep in credit.index)),
        plan=current.name,
        basis=current.basis,
        given="levels" in book.settings.incentives.model_fields_set,
        window=window,
        as_of=book.as_of,
        fmt=book.fmt,
    )


def credit_and_refunds(past: History, window: Window) -> tuple[pd.Series, pd.Series]:
    """Credit of the window by rep with the refunds of its own sales taken off, and the refunds of
    earlier sales that came in it [ticks].
    """
    prepared = past.prepared_lines(past.chosen.current)
    late = within(prepared.late, window.start, window.end)
    sold = prepared.lines["date"].to_numpy()[late["target"].to_numpy()]
    own = sold >= pd.Timestamp(window.start).to_numpy()
    now = pd.concat(
        [
            part[["rep_id", "amount"]]
            for part in (within(prepared.lines, window.start, window.end), late[own])
        ]
    )
    return now.groupby("rep_id")["amount"].sum(), late[~own].groupby("rep_id")["amount"].sum()


def _frame(
    past: History, credit: pd.Series, back: pd.Series, targets: dict, window: Window
) -> pd.DataFrame:
    """Credit and quota of every rep who has a quota in the window."""
    plan, months = past.chosen.current, months_between(Month.of(window.start), Month.of(window.end))
    hired = {
        r.rep_id: r.hired.date() for r in past.people.itertuples(index=False) if pd.notna(r.hired)
    }
    gone = {
        r.rep_id
        for r in past.people.itertuples(index=False)
        if pd.notna(r.left) and r.left < pd.Timestamp(window.start)
    }
    rows = []
    for rep in sorted(
        ({r for r, _ in targets} | set(plan.quotas) | (set(credit.index) if plan.quota else set()))
        - gone
    ):
        quota = sum(
            (
                quota_of_month(rep, month, plan, targets) * ramp_share(plan, month, hired.get(rep))
                for month in months
            ),
            Decimal(0),
        ).quantize(Decimal("0.01"))
        if quota > 0:
            credited = money(credit.get(rep, 0))
            rows.append(
                {
                    "rep_id": rep,
                    "rep": past.name(rep),
                    "credited": credited,
                    "back": money(back.get(rep, 0)),
                    "quota": quota,
                    "attainment": float(credited / quota),
                }
            )
    return pd.DataFrame(rows, columns=["rep_id", "rep", "credited", "back", "quota", "attainment"])


def quota_of_month(rep: str, month: Month, plan, targets: dict) -> Decimal:
    """A rep's quota of one month, before any ramp."""
    length = {"month": 1, "quarter": 3, "year": 12}.get(plan.accumulate, 3)
    if rep in plan.quotas:
        return plan.quotas[rep] / length
    return targets.get((rep, month), (plan.quota or Decimal(0)) / length)


def _levelled(frame: pd.DataFrame, levels: list[IncentiveLevel]) -> pd.DataFrame:
    """Adds the line reached and the money missing to the next; best first, then by id."""

    def level(share: float) -> str:
        return next((one.name for one in reversed(levels) if share >= one.at), "below")

    def short(row) -> Decimal | None:
        above = next((one for one in levels if row.attainment < one.at), None)
        return None if above is None else row.quota * Decimal(str(above.at)) - row.credited

    frame = frame.assign(
        level=[level(v) for v in frame["attainment"]],
        short=[short(r) for r in frame.itertuples(index=False)],
    )
    return frame.sort_values(
        ["attainment", "rep_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)
