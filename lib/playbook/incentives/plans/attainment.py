"""Quota attainment: how much of the quota each rep has brought, and which of the three lines that
reaches.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month, Window, months_between
from playbook.base.settings import IncentiveLevel
from playbook.data.book import Book
from playbook.page import section
from playbook.pay.history import History, history, money
from playbook.pay.lines import within
from playbook.pay.quota import Quotas, targets_in_force

from .attained import BELOW, Attainment


@section("attainment")
def attainment(book: Book, plan: str = "", compare_with: str = "") -> Attainment:
    """Attainment of the quarter to date by rep; needs quotas in the plan or targets by rep."""
    past = history(book, plan, compare_with)
    current = past.chosen.current
    targets = targets_in_force(book)
    if not (targets or current.quotas or current.quota_from) and current.quota is None:
        raise NotAvailable(
            {"targets": ("period", "metric", "target", "rep_id")},
            gives=say("each rep's attainment and the line it reaches, 80, 100 or 120 %"),
        )
    window = book.window("quarter_to_date")
    credit, back = credit_and_refunds(past, window)
    frame = _frame(past, credit, back, targets, window)
    if not len(frame):
        raise NotAvailable(
            {"targets": ("period", "metric", "target", "rep_id")},
            gives=say("each rep's attainment"),
            because=say("no target covers the quarter"),
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
    target = late["target"].to_numpy()  # the sale, whose rep the refund comes back to
    sales = prepared.core.iloc[target]
    sold = sales["date"].to_numpy()
    late = late.assign(rep_id=prepared.credit.reps(sales).to_numpy())
    own = sold >= pd.Timestamp(window.start).to_numpy()
    now = pd.concat(
        [
            part[["rep_id", "amount"]]
            for part in (prepared.credited(window.start, window.end), late[own])
        ]
    )
    return now.groupby("rep_id")["amount"].sum(), late[~own].groupby("rep_id")["amount"].sum()


def _frame(
    past: History, credit: pd.Series, back: pd.Series, targets: dict, window: Window
) -> pd.DataFrame:
    """Credit and quota of every rep who has a quota in the window."""
    plan, months = past.chosen.current, months_between(Month.of(window.start), Month.of(window.end))
    gone = {
        r.rep_id
        for r in past.people.itertuples(index=False)
        if pd.notna(r.left) and r.left < pd.Timestamp(window.start)
    }
    rows = []
    over_quarters = plan.model_copy(update={"accumulate": "quarter"})
    asked = over_quarters if plan.accumulate == "deal" else plan
    of = Quotas(past.book, asked, past.people, strict=False).month
    named = {rep for rep, _ in targets} | set(plan.quotas)
    named |= {rep for step in plan.quota_from for rep in step.reps}
    everybody = plan.quota is not None or any(not step.reps for step in plan.quota_from)
    for rep in sorted((named | (set(credit.index) if everybody else set())) - gone):
        parts = [of(rep, month) or Decimal(0) for month in months]
        quota = sum(parts, Decimal(0)).quantize(Decimal("0.01"))
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


def _levelled(frame: pd.DataFrame, levels: list[IncentiveLevel]) -> pd.DataFrame:
    """Adds the line reached and the money missing to the next; best first, then by id."""

    def level(share: float) -> str:
        return next((one.name for one in reversed(levels) if share >= one.at), BELOW)

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
