"""Pay that is not a share of an amount: referral, mentor, process and hand-given awards, the
manager's part, and the guaranteed least.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from playbook.base.errors import did_you_mean
from playbook.base.formats import listing, plural
from playbook.base.periods import Month
from playbook.base.settings.plans import Award, CommissionPlan
from playbook.data.measures import awards as given
from playbook.data.measures.credits import TICKS, best_of_month, first_responses

from .advances import draws
from .credit import UNASSIGNED, period_number, period_span
from .history import History, minor_money
from .lines import Payroll
from .tiers import to_money

LINE = ("rep_id", "date", "order_id", "customer_id", "item", "pay", "why")


def award_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Award lines to the as-of date in the form of paid lines, with ``why`` for each, and notes on
    what could not be judged.

    dated: only events on days the plan is in force. Every winner can be traced: ``why`` holds the
    rule and the evidence.
    """
    rows: list[tuple] = []
    said: list[str] = []
    for award in plan.awards:
        found, note = past.once(
            ("award", award.model_dump_json()), lambda award=award: EVENTS[award.event](past, award)
        )
        rows += found
        said += [note] if note else []
    rows += _by_hand_without_rule(past, plan, said)
    if dated:
        rows = [
            row
            for row in rows
            if row[1] >= pd.Timestamp(plan.starts)
            and (plan.ends is None or row[1] <= pd.Timestamp(plan.ends))
        ]
    rows += manager_lines(past, plan, paid)
    rows += floor_lines(past, plan, paid, dated=dated)
    rows += draw_lines(past, plan, paid, dated=dated)
    return _frame(rows, past.minor), said


def _frame(rows: Iterable[tuple], minor: int) -> pd.DataFrame:
    frame = (
        pd.DataFrame(list(rows), columns=[*LINE, "amount"])
        if rows
        else pd.DataFrame(columns=[*LINE, "amount"])
    )
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    frame["pay"] = [int(to_money(Decimal(p), minor).scaleb(minor)) for p in frame["pay"]]
    frame["amount"] = frame["amount"].astype("int64") if len(frame) else frame["amount"]
    return frame.assign(source="award", rule=-1, before=0, after=0, period=-1)


def receivers(award: Award, past: History, **people_: str | None) -> list[str]:
    """Who an award goes to: each person once, in the order the plan names them. people_: rep,
    customer_owner and lead_owner of the event.
    """
    found = {**people_, "mentor": past.mentors.get(people_.get("rep"))}
    return list(
        dict.fromkeys(
            v
            for v in (found.get(who) for who in award.to)
            if isinstance(v, str) and v != UNASSIGNED
        )
    )


def referral(past: History, award: Award) -> tuple[list[tuple], str]:
    """The first order of each customer who came through the referral channel, paid to every role
    the plan names.
    """
    sales = past.orders[past.orders["amount"] > 0].drop_duplicates("customer_id")
    came = sales[sales["channel"] == award.channel]
    rows = [
        (
            who,
            r.date,
            r.order_id,
            r.customer_id,
            award.name,
            award.amount,
            f"first order of {r.customer_id}, who came by {award.channel}",
            0,
        )
        for r in came.itertuples(index=False)
        for who in receivers(
            award, past, rep=r.rep_id, customer_owner=r.customer_rep, lead_owner=r.lead_rep
        )
    ]
    if len(came):
        return rows, ""
    known = sorted(set(sales["channel"].dropna()))
    return (
        rows,
        f"Award '{award.name}': no customer's first order came through channel '{award.channel}'"
        + (
            f" (channels of first orders: {listing(known)})."
            if known
            else "; no order has a channel."
        ),
    )


def first_deals(past: History) -> pd.DataFrame:
    """First sale, renewals apart, of each rep hired since the data begin: rep_id, hired, date,
    order_id, customer_id, days.
    """
    sold = (
        (past.orders["amount"] > 0)
        & past.orders["rep_id"].notna()
        & (past.orders["kind"] != "renewal").fillna(True)
    )
    sales = past.orders[sold].drop_duplicates("rep_id")
    hires = past.people.dropna(subset=["hired"])[["rep_id", "hired", "mentor_id"]]
    first = sales[["rep_id", "date", "order_id", "customer_id"]].merge(hires, on="rep_id")
    first = first[(first["hired"] >= past.orders["date"].min()) & (first["date"] >= first["hired"])]
    return (
        first.assign(days=(first["date"] - first["hired"]).dt.days)
        .sort_values(["date", "rep_id"])
        .reset_index(drop=True)
    )


def first_deal(past: History, award: Award) -> tuple[list[tuple], str]:
    """The first deal of a new hire, paid to the mentor or whoever the plan names."""
    found = first_deals(past)
    if award.within_days:
        found = found[found["days"] <= award.within_days]
    rows = [
        (
            who,
            r.date,
            r.order_id,
            r.customer_id,
            award.name,
            award.amount,
            f"first deal of {past.name(r.rep_id)}, {plural(int(r.days), 'day')} after hiring",
            0,
        )
        for r in found.itertuples(index=False)
        for who in receivers(award, past, rep=r.rep_id)
    ]
    return (
        rows,
        (
            ""
            if past.people["hired"].notna().any()
            else (
                f"Award '{award.name}' cannot be judged: it needs reps with the day they were"
                " hired."
            )
        ),
    )


def best_research(past: History, award: Award) -> tuple[list[tuple], str]:
    """Most leads and customers whose needs were scored in a closed month, of those whose research
    moved enough of them on.
    """
    book = past.book
    if not book.has("fit_scores", "scored_at"):
        return [], f"Award '{award.name}' cannot be judged: it needs fit_scores with scored_at."
    if award.quality and not book.has("activities", "progressed"):
        return [], _floorless(award)
    found = given.researched(book)
    if not len(found):
        return [], f"Award '{award.name}': no need was scored by anyone known."
    found = found.assign(
        month=found["month"].map(Month.of),
        known=found["moved"].notna(),
        moved=found["moved"].eq(True),
    )
    scores = (
        found.groupby(["month", "rep_id"])
        .agg(
            n=("subject_id", "size"),
            needs=("needs", "sum"),
            moved=("moved", "sum"),
            known=("known", "sum"),
        )
        .reset_index()
    )
    share = (scores["moved"] / scores["known"]).where(scores["known"] > 0)
    scores = scores.assign(
        score=scores["n"],
        share=share.fillna(0.0),
        more=[
            f", {plural(int(r.needs), 'need')} scored, {int(r.moved)} of {int(r.known)} with"
            " contacts on record moved on"
            for r in scores.itertuples(index=False)
        ],
    )
    return best(past, award, scores, best_is_low=False, words="leads and customers researched"), ""


def _floorless(award: Award) -> str:
    return (
        f"Award '{award.name}' cannot be judged: its quality floor needs activities with"
        " progressed."
    )


def fastest_response(past: History, award: Award) -> tuple[list[tuple], str]:
    """Least mean days from a lead to its first contact in a closed month, with enough leads and
    enough contacts that moved on.
    """
    book = past.book
    if not (book.has("leads") and book.has("activities", "lead_id")):
        return (
            [],
            f"Award '{award.name}' cannot be judged: it needs leads and activities with lead_id.",
        )
    if award.quality and not book.has("activities", "progressed"):
        return [], _floorless(award)
    answers = first_responses(book.table("leads"), book.table("activities"))
    answers["month"] = answers["responded"].map(Month.of)
    scores = (
        answers.groupby(["month", "rep_id"])
        .agg(score=("days", "mean"), n=("days", "size"))
        .reset_index()
    )
    return (
        best(
            past,
            award,
            scores,
            best_is_low=True,
            words="leads answered after {score} days on average",
        ),
        "",
    )


def most_visits(past: History, award: Award) -> tuple[list[tuple], str]:
    """Most visits in a closed month, of those whose visits moved enough deals on."""
    book = past.book
    if not book.has("activities", "rep_id"):
        return [], f"Award '{award.name}' cannot be judged: it needs activities."
    if award.quality and not book.has("activities", "progressed"):
        return [], _floorless(award)
    counted = best_of_month(book.table("activities"), "visit")
    scores = counted.assign(
        month=counted["month"].map(Month.of), score=counted["contacts"], n=counted["contacts"]
    )
    return best(past, award, scores, best_is_low=False, words="visits"), ""


def best(
    past: History, award: Award, scores: pd.DataFrame, *, best_is_low: bool, words: str
) -> list[tuple]:
    """Winners of each closed month: enough events, above the quality floor; equal scores share the
    amount to the last unit.

    scores: month, rep_id, score, n [events], optionally share [of the events that met the floor's
    test; else of all the rep's contacts] and more [words].
    """
    able = scores[scores["n"] >= award.at_least]
    if award.quality:
        known = {} if "share" in scores else quality(past)
        share = (
            able["share"]
            if "share" in scores
            else [known.get((r.month, r.rep_id), 0.0) for r in able.itertuples(index=False)]
        )
        able = able[[v >= award.quality for v in share]]
    rows, fmt = [], past.book.fmt
    for month, part in able.groupby("month"):
        if month.end > past.book.as_of:
            continue
        top = part["score"].min() if best_is_low else part["score"].max()
        winners = part[part["score"] == top].sort_values("rep_id")
        tie = "" if len(winners) == 1 else f"; shared by {len(winners)} with the same result"
        for winner, amount in zip(
            winners.to_dict("records"), shared(award.amount, len(winners), past.minor), strict=True
        ):
            told = (
                f"{winner['n']}"
                f" {words.format(score=fmt.text(float(top), 'number'))}{winner.get('more', '')}{tie}"
            )
            rows.append(
                (
                    winner["rep_id"],
                    pd.Timestamp(month.end),
                    None,
                    None,
                    award.name,
                    amount,
                    f"best of {fmt.text(str(month), 'month')}: {told}",
                    0,
                )
            )
    return rows


def quality(past: History) -> dict[tuple[Month, str], float]:
    """Share of a rep's contacts in a month, of those that say, that moved the deal on."""
    counted = (
        given.progress(past.book.table("activities"))
        if past.book.has("activities", "progressed")
        else pd.DataFrame(columns=["month", "rep_id", "progressed", "known"])
    )
    return {
        (Month.of(r.month), r.rep_id): r.progressed / r.known
        for r in counted.itertuples(index=False)
        if r.known
    }


def shared(amount: Decimal, n: int, minor: int) -> list[Decimal]:
    """``amount`` in n parts that add up to it, the first ones a unit larger."""
    units = int(amount.scaleb(minor))
    return [Decimal(units // n + (i < units % n)).scaleb(-minor) for i in range(n)]


def by_hand(past: History, award: Award) -> tuple[list[tuple], str]:
    """Rows of the awards table that carry this award's name; the row's own amount if it has one."""
    rows = given.given(past.book)
    mine = rows[rows["award"] == award.name]
    note = (
        ""
        if len(mine)
        else f"Award '{award.name}' is given by hand, and the awards table has no row of that name."
    )
    return [
        _hand(r, award.amount if pd.isna(r.amount) else r.amount)
        for r in mine.itertuples(index=False)
    ], note


def _hand(row, amount) -> tuple:
    return (
        row.rep_id,
        pd.Timestamp(row.date),
        None,
        None,
        row.award,
        amount,
        f"given by hand{': ' + row.note if isinstance(row.note, str) and row.note else ''}",
        0,
    )


def _by_hand_without_rule(past: History, plan: CommissionPlan, said: list[str]) -> list[tuple]:
    """Awards given by hand that no rule of the plan names: paid when the row states an amount, else
    refused by name; a receiver no table knows is told.
    """
    rows = given.given(past.book)
    rows = rows[~rows["award"].isin([award.name for award in plan.awards])]
    silent = rows[rows["amount"].isna()]
    names = [award.name for award in plan.awards]
    for award, part in silent.groupby("award", sort=True):
        first = part.iloc[0]
        said.append(
            f"Table awards, '{award}' ({plural(len(part), 'row')}, first"
            f" {pd.Timestamp(first.date):%Y-%m-%d} for {past.name(first.rep_id)}): no award of plan"
            f" '{plan.name}' has that name and the row states no amount, so it pays nothing;"
            f" {did_you_mean(award, names)}" + ("" if names else ": the plan has no awards") + "."
        )
    stranger = (
        sorted(set(given.given(past.book)["rep_id"]) - set(past.people["rep_id"]))
        if len(past.people)
        else []
    )
    said += (
        [f"Table awards names {listing(stranger)}, whom the reps table does not know."]
        if stranger
        else []
    )
    return [_hand(r, r.amount) for r in rows.dropna(subset=["amount"]).itertuples(index=False)]


def manager_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[tuple]:
    """The manager's rate on what each direct report is credited, one line per report and month."""
    if not plan.manager_rate:
        return []
    rows = []
    for (rep, month), ticks in reports_credit(past, paid).items():
        day = pd.Timestamp(min(Month(month.year, month.month).end, past.book.as_of))
        pay = to_money(Decimal(int(ticks)) / TICKS * plan.manager_rate, past.minor)
        rows.append(
            (
                past.managers[rep],
                day,
                None,
                None,
                "manager",
                pay,
                f"{(plan.manager_rate * 100).normalize():f} % of the credit of {past.name(rep)}",
                int(ticks),
            )
        )
    return rows


def reports_credit(past: History, paid: Payroll) -> pd.Series:
    """Credit of everyone who has a manager, by rep and month [ticks]; an order that tiers and
    attainment both pay counts once.
    """
    once = (paid.lines["item"] != "attainment") if paid.plan.tiers else True
    orders = paid.lines[once & paid.lines["rep_id"].isin(list(past.managers))]
    return (
        orders.assign(month=orders["date"].dt.to_period("M"))
        .groupby(["rep_id", "month"])["amount"]
        .sum()
    )


def floor_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> list[tuple]:
    """Top-ups to the guaranteed least of every closed period, for sellers on board in it, also
    those who sold nothing.

    Where the plan prorates, someone on board (or a plan in force) for part of a period is
    guaranteed that part, by days.
    """
    if not plan.floor or plan.accumulate == "deal" or not len(past.orders):
        return []
    sums = paid.lines.groupby(["rep_id", "period"])["pay"].sum().to_dict()
    rows = []
    for rep, number, share in guaranteed(past, plan, set(sums), dated=dated):
        _, end = period_span(number, plan.accumulate, past.fiscal_year_start)
        least = floor_units(plan.floor, share, past.minor)
        short = least - int(sums.get((rep, number), 0))
        if short > 0:
            part = (
                ""
                if share == 1
                else f" for {past.book.fmt.share(float(share), decimals=0)} of the period"
            )
            rows.append(
                (
                    rep,
                    pd.Timestamp(end),
                    None,
                    None,
                    "guarantee",
                    Decimal(short).scaleb(-past.minor),
                    (
                        "made up to the guaranteed"
                        f" {past.book.fmt.text(minor_money(least, past.minor), 'money.exact')}{part}"
                    ),
                    0,
                )
            )
    return rows


def floor_units(floor: Decimal, share: Fraction, minor: int) -> int:
    """The guaranteed least of part of a period, rounded half-even [minor units]."""
    return round(Fraction(floor) * share * 10**minor)


def guaranteed(
    past: History, plan: CommissionPlan, paid: set[tuple[str, int]], *, dated: bool = False
) -> list[tuple[str, int, Fraction]]:
    """(rep, closed period, share of it guaranteed) of every seller on board; people without a day
    of hiring count in the periods they are ``paid`` in.
    """
    numbers = period_number(
        pd.Series([past.orders["date"].min(), pd.Timestamp(past.book.as_of)]),
        plan.accumulate,
        past.fiscal_year_start,
    )
    spans = {
        int(n): period_span(int(n), plan.accumulate, past.fiscal_year_start)
        for n in range(numbers[0], numbers[1] + 1)
    }
    found = []
    for rep in sorted((set(past.terms) & past.sellers) | {rep for rep, _ in paid}):
        for number, (first, last) in spans.items():
            start, end = (
                (max(first, plan.starts), min(last, plan.ends or last)) if dated else (first, last)
            )
            hired, left = past.terms.get(
                rep, (start, None) if (rep, number) in paid else (date.max, None)
            )
            aboard = (min(end, left or end) - max(start, hired)).days + 1
            if aboard > 0 and last <= past.book.as_of:
                found.append(
                    (
                        rep,
                        number,
                        Fraction(aboard, (last - first).days + 1) if plan.prorate else Fraction(1),
                    )
                )
    return found


def draw_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> list[tuple]:
    """Money in advance of pay and what later pay makes up for it, one line a month, so that a
    statement adds up to what is paid out.
    """
    rows = []
    for r in draws(past, plan, paid, dated=dated).itertuples(index=False):
        day = pd.Timestamp(min(Month.parse(r.month).end, past.book.as_of))
        owed = past.book.fmt.text(r.balance, "money.exact")
        if r.advanced:
            rows.append(
                (
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw",
                    r.advanced,
                    "made up to the draw of the month"
                    + (f"; {owed} owed" if plan.draw.recoverable else ""),
                    0,
                )
            )
        if r.recovered:
            rows.append(
                (
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw recovered",
                    -r.recovered,
                    f"makes up for money advanced; {owed} still owed",
                    0,
                )
            )
    return rows


EVENTS = {
    "referral": referral,
    "first_deal": first_deal,
    "best_research": best_research,
    "fastest_response": fastest_response,
    "most_visits": most_visits,
    "by_hand": by_hand,
}
