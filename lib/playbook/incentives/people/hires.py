"""New hires: days to the first deal and to full productivity."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.language import later, say
from playbook.data.measures import people
from playbook.methods.intervals import Rate
from playbook.pay.history import History

ALL = later("all new hires", context="hires")
MENTORED = later("with a mentor", context="hires")
ALONE = later("without", context="hires")
VETERANS = 3  # sellers on board a year or longer that a month's bar of full productivity needs


def hires_said(group: str) -> str:
    """A group of new hires (``ALL``, ``MENTORED``, ``ALONE``) in the language spoken."""
    return say(group, context="hires")


class Hires(Frame):
    """One row per seller hired since the data begin."""

    rep_id = c.text("rep")
    name = c.text("name in the reps table")
    team = c.text("team")
    region = c.text("region")
    role = c.text("role")
    manager_id = c.text("manager")
    mentor_id = c.text("mentor; none without")
    hired = c.day("day of hiring")
    left = c.day("day of leaving; none for those on board")
    base_pay = c.money("base pay")
    won = c.flag("whether a first deal was won")
    days = c.days("from hire to the first deal, else to the last day seen")
    mentored = c.flag("whether there is a mentor")
    rep = c.text("name on the page")
    mentor = c.text("the mentor's name; empty without")
    full_days = c.days("from hire to full productivity, else to the last day seen")
    full = c.flag("whether full productivity was reached")


def hired(past: History) -> pd.DataFrame:
    """Sellers hired since the first order, with the days to their first deal or to the last day
    they were seen: the columns of ``Hires`` without full_days and full.
    """
    end = pd.Timestamp(past.book.as_of)
    sales = people.first_wins(past.book)
    rows = past.people[
        (past.people["hired"] >= past.orders["date"].min())
        & (past.people["hired"] <= end)
        & past.people["rep_id"].isin(past.sellers)
    ].copy()
    first = pd.to_datetime(rows["rep_id"].map(sales.to_dict()))  # a book may hold no win at all
    rows["won"] = (first >= rows["hired"]).to_numpy()
    last = rows["left"].fillna(end).clip(upper=end)
    rows["days"] = (first.where(rows["won"], last) - rows["hired"]).dt.days
    rows["mentored"] = rows["mentor_id"].notna()
    return rows.assign(
        rep=[past.name(r) for r in rows["rep_id"]],
        mentor=[past.name(m) if isinstance(m, str) else "" for m in rows["mentor_id"]],
    ).reset_index(drop=True)


def productive(past: History, hires: pd.DataFrame) -> pd.DataFrame:
    """Days from hire to the end of the first month in which the credit of three full months on
    board reaches the median of sellers on board a year or longer; rep_id, full_days, full
    [reached].
    """
    last = pd.Period(past.book.as_of, freq="M")
    months = pd.period_range(past.orders["date"].min().to_period("M"), last, freq="M")
    grid = (
        past.orders.assign(month=past.orders["date"].dt.to_period("M"))
        .pivot_table(index="month", columns="rep_id", values="amount", aggfunc="sum", fill_value=0)
        .reindex(months, fill_value=0)
    )
    three = grid.rolling(3).sum()
    sellers = past.people[past.people["rep_id"].isin(past.sellers) & past.people["hired"].notna()]
    bars = {}
    for month in months[2:]:
        end = month.end_time.normalize()
        old = sellers[
            (sellers["hired"] <= end - pd.DateOffset(months=12))
            & (sellers["left"].isna() | (sellers["left"] > end))
        ]["rep_id"]
        if len(old) >= VETERANS:
            bars[month] = float(three.loc[month].reindex(old, fill_value=0).median())
    rows = []
    for hire in hires.itertuples(index=False):
        first = hire.hired.to_period("M") + (
            2 if hire.hired.day == 1 else 3
        )  # the end of the third full month on board
        gone = hire.left if pd.notna(hire.left) else pd.Timestamp(past.book.as_of)
        reached = next(
            (
                m.end_time.normalize()
                for m in months
                if m >= first
                and m in bars
                and m.end_time.normalize() <= gone
                and hire.rep_id in three
                and three.loc[m, hire.rep_id] >= bars[m] > 0
            ),
            None,
        )
        rows.append(
            (
                hire.rep_id,
                ((reached if reached is not None else gone) - hire.hired).days,
                reached is not None,
            )
        )
    return pd.DataFrame(rows, columns=["rep_id", "full_days", "full"])


def early_rate(hires: pd.DataFrame, days: int, window, as_of: date) -> Rate:
    """Hires with at least ``days`` on board, reached in the window, and those of them whose first
    deal came within ``days``.
    """
    first = (hires["hired"] + pd.to_timedelta(hires["days"], "D")).where(hires["won"])
    stayed = people.early_first_deals(hires.assign(first=first), days, as_of)
    if window.start:
        stayed = stayed[stayed["over"] >= pd.Timestamp(window.start)]
    return Rate(int(stayed["early"].sum()), len(stayed))
