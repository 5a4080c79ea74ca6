"""Pay that is not a share of an amount: referral, mentor, process and hand-given awards, the manager's part, and the guaranteed least."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from playbook.base.formats import listing, plural
from playbook.base.periods import Month
from playbook.base.plans import Award, CommissionPlan
from playbook.data.measures import awards as given
from playbook.data.measures.credits import TICKS, best_of_month, first_responses

from .credit import UNASSIGNED, period_span
from .history import History
from .pay import Payroll
from .tiers import to_money

LINE = ("rep_id", "date", "order_id", "customer_id", "item", "pay", "why")


def award_lines(past: History, plan: CommissionPlan, paid: Payroll) -> tuple[pd.DataFrame, list[str]]:
    """Award lines to the as-of date in the form of paid lines, with ``why`` for each, and notes on what could not be judged.

    Every winner can be traced: ``why`` holds the rule and the evidence.
    """
    rows: list[tuple] = []
    said: list[str] = []
    for award in plan.awards:
        found, note = EVENTS[award.event](past, award)
        rows += found
        said += [note] if note else []
    rows += _by_hand_without_rule(past, plan, said)
    rows += manager_lines(past, plan, paid) + floor_lines(past, plan, paid)
    return _frame(rows, past.minor), said


def _frame(rows: Iterable[tuple], minor: int) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=[*LINE, "amount"]) if rows else pd.DataFrame(columns=[*LINE, "amount"])
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["pay"] = [int(Decimal(p).scaleb(minor)) for p in frame["pay"]]
    frame["amount"] = frame["amount"].astype("int64") if len(frame) else frame["amount"]
    return frame.assign(source="award", rule=-1, before=0, after=0, period=-1)


def receivers(award: Award, rep: str | None, owner: str | None, past: History) -> list[str]:
    """Who an award goes to: each person once, in the order the plan names them."""
    found = {"rep": rep, "customer_owner": owner, "mentor": past.mentors.get(rep)}
    return list(dict.fromkeys(v for v in (found[who] for who in award.to) if isinstance(v, str) and v != UNASSIGNED))


def referral(past: History, award: Award) -> tuple[list[tuple], str]:
    """The first order of each customer who came through the referral channel."""
    sales = past.orders[past.orders["amount"] > 0].drop_duplicates("customer_id")
    came = sales[sales["channel"] == award.channel]
    rows = [(who, r.date, r.order_id, r.customer_id, award.name, award.amount, f"first order of {r.customer_id}, who came by {award.channel}", 0)
            for r in came.itertuples(index=False) for who in receivers(award, r.rep_id, r.customer_rep, past)]
    return rows, "" if len(came) else f"Award '{award.name}': no customer's first order came through channel '{award.channel}'."


def first_deals(past: History) -> pd.DataFrame:
    """First sale, renewals apart, of each rep hired since the data begin: rep_id, hired, date, order_id, customer_id, days."""
    sold = (past.orders["amount"] > 0) & past.orders["rep_id"].notna() & (past.orders["kind"] != "renewal").fillna(True)
    sales = past.orders[sold].drop_duplicates("rep_id")
    hires = past.people.dropna(subset=["hired"])[["rep_id", "hired", "mentor_id"]]
    first = sales[["rep_id", "date", "order_id", "customer_id"]].merge(hires, on="rep_id")
    first = first[(first["hired"] >= past.orders["date"].min()) & (first["date"] >= first["hired"])]
    return first.assign(days=(first["date"] - first["hired"]).dt.days).sort_values(["date", "rep_id"]).reset_index(drop=True)


def first_deal(past: History, award: Award) -> tuple[list[tuple], str]:
    """The first deal of a new hire, paid to the mentor or whoever the plan names."""
    found = first_deals(past)
    if award.within_days:
        found = found[found["days"] <= award.within_days]
    rows = [(who, r.date, r.order_id, r.customer_id, award.name, award.amount, f"first deal of {past.name(r.rep_id)}, {plural(int(r.days), 'day')} after hiring", 0)
            for r in found.itertuples(index=False) for who in receivers(award, r.rep_id, None, past)]
    return rows, ""


def fastest_response(past: History, award: Award) -> tuple[list[tuple], str]:
    """Least mean days from a lead to its first contact in a closed month, with enough leads and enough contacts that moved on."""
    book = past.book
    if not (book.has("leads") and book.has("activities", "lead_id")):
        return [], f"Award '{award.name}' cannot be judged: it needs leads and activities with lead_id."
    answers = first_responses(book.table("leads"), book.table("activities"))
    answers["month"] = answers["responded"].map(Month.of)
    scores = answers.groupby(["month", "rep_id"]).agg(score=("days", "mean"), n=("days", "size")).reset_index()
    return best(past, award, scores, best_is_low=True, words="leads answered after {score} days on average"), ""


def most_visits(past: History, award: Award) -> tuple[list[tuple], str]:
    """Most visits in a closed month, of those whose visits moved enough deals on."""
    book = past.book
    if not book.has("activities", "rep_id"):
        return [], f"Award '{award.name}' cannot be judged: it needs activities."
    counted = best_of_month(book.table("activities"), "visit")
    scores = counted.assign(month=counted["month"].map(Month.of), score=counted["contacts"], n=counted["contacts"])
    return best(past, award, scores, best_is_low=False, words="visits"), ""


def best(past: History, award: Award, scores: pd.DataFrame, *, best_is_low: bool, words: str) -> list[tuple]:
    """Winners of each closed month: enough events, above the quality floor; equal scores share the amount to the last unit."""
    able = scores[scores["n"] >= award.at_least]
    if award.quality:
        known = quality(past)
        able = able[[known.get((r.month, r.rep_id), 0.0) >= award.quality for r in able.itertuples(index=False)]]
    rows = []
    for month, part in able.groupby("month"):
        if month.end > past.book.as_of:
            continue
        top = part["score"].min() if best_is_low else part["score"].max()
        winners = sorted(part.loc[part["score"] == top, "rep_id"])
        for who, amount in zip(winners, shared(award.amount, len(winners), past.minor), strict=True):
            told = words.format(score=past.book.fmt.text(float(top), "number"))
            tie = "" if len(winners) == 1 else f", shared by {len(winners)} with the same result"
            n = int(part.loc[part["rep_id"] == who, "n"].iloc[0])
            rows.append((who, month.end, None, None, award.name, amount, f"best of {past.book.fmt.text(str(month), 'month')}: {n} {told}{tie}", 0))
    return rows


def quality(past: History) -> dict[tuple[Month, str], float]:
    """Share of a rep's contacts in a month, of those that say, that moved the deal on."""
    counted = given.progress(past.book.table("activities")) if past.book.has("activities", "progressed") else pd.DataFrame(columns=["month", "rep_id", "progressed", "known"])
    return {(Month.of(r.month), r.rep_id): r.progressed / r.known for r in counted.itertuples(index=False) if r.known}


def shared(amount: Decimal, n: int, minor: int) -> list[Decimal]:
    """``amount`` in n parts that add up to it, the first ones a unit larger."""
    units = int(amount.scaleb(minor))
    return [Decimal(units // n + (i < units % n)).scaleb(-minor) for i in range(n)]


def by_hand(past: History, award: Award) -> tuple[list[tuple], str]:
    """Rows of the awards table that carry this award's name; the row's own amount if it has one."""
    rows = given.given(past.book)
    mine = rows[rows["award"] == award.name]
    return [_hand(r, award.amount if pd.isna(r.amount) else r.amount) for r in mine.itertuples(index=False)], ""


def _hand(row, amount) -> tuple:
    return (row.rep_id, row.date, None, None, row.award, amount, f"given by hand{': ' + row.note if isinstance(row.note, str) and row.note else ''}", 0)


def _by_hand_without_rule(past: History, plan: CommissionPlan, said: list[str]) -> list[tuple]:
    """Awards given by hand that no rule of the plan names: paid when the row states an amount, else said."""
    rows = given.given(past.book)
    rows = rows[~rows["award"].isin([award.name for award in plan.awards])]
    silent = rows[rows["amount"].isna()]
    if len(silent):
        said.append(f"{plural(len(silent), 'award')} given by hand {'has' if len(silent) == 1 else 'have'} neither an amount nor a rule in plan '{plan.name}' and pay nothing: "
                    f"{listing(sorted(set(silent['award'])))}.")
    return [_hand(r, r.amount) for r in rows.dropna(subset=["amount"]).itertuples(index=False)]


def manager_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[tuple]:
    """The manager's rate on what each direct report is credited, one line per report and month."""
    if not plan.manager_rate:
        return []
    manager = {r.rep_id: r.manager_id for r in past.people.itertuples(index=False) if isinstance(r.manager_id, str)}
    orders = paid.lines[(paid.lines["item"] != "attainment") & paid.lines["rep_id"].isin(list(manager))]
    monthly = orders.assign(month=orders["date"].dt.to_period("M")).groupby(["rep_id", "month"])["amount"].sum()
    rows = []
    for (rep, month), ticks in monthly.items():
        day = min(Month(month.year, month.month).end, past.book.as_of)
        pay = to_money(Decimal(int(ticks)) / TICKS * plan.manager_rate, past.minor)
        rows.append((manager[rep], day, None, None, "manager", pay, f"{(plan.manager_rate * 100).normalize():f} % of the credit of {past.name(rep)}", int(ticks)))
    return rows


def floor_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[tuple]:
    """Top-ups to the guaranteed least of every closed period, for reps on board in it."""
    if not plan.floor or plan.accumulate == "deal":
        return []
    sums = paid.lines.groupby(["rep_id", "period"])["pay"].sum()
    rows = []
    for (rep, number), pay in sums.items():
        _, end = period_span(int(number), plan.accumulate, past.fiscal_year_start)
        short = int(plan.floor.scaleb(past.minor)) - int(pay)
        if short > 0 and end <= past.book.as_of:
            rows.append((rep, end, None, None, "guarantee", Decimal(short).scaleb(-past.minor), f"made up to the guaranteed {past.book.fmt.text(plan.floor, 'money.exact')}", 0))
    return rows




EVENTS = {"referral": referral, "first_deal": first_deal, "fastest_response": fastest_response, "most_visits": most_visits, "by_hand": by_hand}
