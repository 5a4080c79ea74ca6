"""By which shares a year is split: the settings', the book's own targets, or what was sold."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import listing
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.order_ids import across_months
from playbook.data.measures.order_windows import orders_in
from playbook.data.measures.plan import Plan
from playbook.data.measures.splits import has_split, split_again, split_months
from playbook.goals.actuals import Actuals
from playbook.goals.labels import dimension_label
from playbook.methods.weights import check_shares

from .waiting import waiting
from .year import YearFigure

DIMENSIONS = ("region", "product_line", "customer_type")  # that every book is split by


def member_weights(
    book: Book, actuals: Actuals, plan: Plan | None, dimension: str, planned: YearFigure
) -> tuple[pd.DataFrame, str]:
    """Weights of a dimension's members, and where they come from. Columns: member, weight, actual,
    orders (of the trailing 12 months).

    The shares of the settings, else the book's own targets of the year where every selling member
    has one, else net sales of the trailing 12 months.
    """
    months = _months(book, actuals, dimension)
    year = book.window("trailing_12m")
    inside = sales.in_window(months, year)
    frame = (
        inside.groupby(dimension, sort=True)
        .agg(actual=("amount", lambda a: float(sales.total(a))), orders=("orders", "sum"))
        .reset_index(names="member")
    )
    if len(frame) and across_months(book):
        orders = orders_in(months, split_again(book, (dimension,)), year, (dimension,))
        frame = frame.assign(orders=orders.to_numpy())
    frame = frame[frame["member"] != sales.NOT_GIVEN].reset_index(drop=True)
    late = ""
    wanted = book.settings.goals.weights.get(dimension)
    if wanted:
        check_shares(list(wanted.values()), list(wanted))
        known = set(frame["member"])
        if not known:  # sales say nothing of this dimension: the shares are all there is
            return _given_weights(frame, wanted), say("the shares of the settings")
        if dimension in DIMENSIONS:
            known |= actuals.members(dimension)
        kind = dimension_label(dimension).lower()
        waits = waiting(wanted, known, f"weights.{dimension}", kind)
        parts = [
            say("{share} of {part}", share=book.fmt.share(wanted[m], decimals=0), part=m)
            for m in waits
        ]
        late = (
            say(
                "; waiting for its first sale, shared by the others: {parts}",
                parts=listing(parts, 6),
            )
            if waits
            else ""
        )
        there = {m: share for m, share in wanted.items() if m not in waits}
        if sum(there.values()) > 0:
            return _given_weights(frame, there), say("the shares of the settings{late}", late=late)
    if plan:
        given = {
            m: plan.get("sales", ((dimension, m),), planned.first, planned.last)
            for m in _planned(plan, dimension) | set(frame["member"])
        }
        targets = {m: target.target for m, target in given.items() if target is not None}
        if given and len(targets) == len(given):
            frame = (
                pd.DataFrame({"member": sorted(given)})
                .merge(frame, on="member", how="left")
                .fillna({"actual": 0.0, "orders": 0})
            )
            return (
                frame.assign(weight=[targets[m] for m in frame["member"]]),
                say("the book's targets by member{late}", late=late),
            )
    return (
        frame.assign(weight=frame["actual"].clip(lower=0.0)),
        say("net sales of the trailing 12 months{late}", late=late),
    )


def split_dimensions(book: Book) -> list[str]:
    """Dimensions the page splits the year by: region, product line and customer type, and those
    that the settings give shares or fixed amounts for.
    """
    goals = book.settings.goals
    typed = [d for d in (*goals.weights, *goals.held) if d not in DIMENSIONS]
    return [*DIMENSIONS, *dict.fromkeys(typed)]


def _months(book: Book, actuals: Actuals, dimension: str) -> pd.DataFrame:
    """Sales by month and member; no rows where the book does not know the dimension."""
    if dimension in DIMENSIONS:
        return actuals.months("sales", (dimension,))
    if not has_split(book, dimension):
        return pd.DataFrame(columns=["month", dimension, "amount", "orders"])
    return split_months(book, (dimension,))


def _given_weights(frame: pd.DataFrame, wanted: dict[str, float]) -> pd.DataFrame:
    """Members with the shares the settings give, in proportion."""
    total = sum(wanted.values())
    frame = (
        pd.DataFrame({"member": sorted(wanted)})
        .merge(frame, on="member", how="left")
        .fillna({"actual": 0.0, "orders": 0})
    )
    return frame.assign(weight=[wanted[m] / total for m in frame["member"]])


def _planned(plan: Plan, dimension: str) -> set[str]:
    return {
        members[0][1]
        for metric, members in plan.subjects()
        if metric == "sales" and len(members) == 1 and members[0][0] == dimension
    }
