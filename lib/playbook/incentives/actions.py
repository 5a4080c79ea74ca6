"""What to do about pay: one table with owner, date and worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.base.language import later, named, nouns, say
from playbook.base.periods import Month
from playbook.data.measures.action_log import done_lately
from playbook.incentives.plans.choice import choice_table
from playbook.incentives.plans.curve import PayCurve
from playbook.incentives.plans.plan_comparison import PlanComparison
from playbook.incentives.plans.simulated_pay import Simulation
from playbook.incentives.plans.statement_result import Statements
from playbook.incentives.plans.without_names import FEWEST
from playbook.page import (
    Action,
    Col,
    Missing,
    Result,
    Table,
    Worksheet,
    actions_sheet,
    still_to_do,
    table,
)

SHEET = later("Pay actions")
REP_PERIODS = {
    "month": nouns("rep-month"),
    "quarter": nouns("rep-quarter"),
    "year": nouns("rep-year"),
    "deal": nouns("rep-deal"),
}
LOSS = 0.05  # a rep who would lose more than this share of pay is spoken to first


@dataclass(frozen=True)
class PayActions(Result):
    """Actions on pay, soonest and largest first."""

    section = "pay-actions"
    actions: tuple[Action, ...]
    choice: Table | None
    as_of: date
    fmt: Formats

    def tables(self) -> list[Table]:
        frame = pd.DataFrame(
            [
                {"what": a.what, "owner": a.owner, "due": a.due, "worth": a.worth, "why": a.why}
                for a in self.actions
            ]
        )
        columns = [
            Col("what", "text", "Action", weight=3),
            Col("owner", "text", "Owner", weight=1),
            Col("due", "date", "Due"),
            Col("worth", "money", "Worth"),
            Col("why", "text", "Why", weight=3),
        ]
        made = [self.choice] if self.choice else []
        return [
            *made,
            table(
                frame,
                columns,
                self.fmt,
                title=say("What to do about pay"),
                note=(
                    say(
                        "Worth in {currency}: money the action moves or protects · as of {as_of}",
                        currency=self.fmt.currency,
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            ),
        ]

    def headline(self) -> str:
        return say(
            "Pay: {actions}, first due {due}",
            actions=plural(len(self.actions), "action"),
            due=self.fmt.text(self.actions[0].due, "date"),
        )

    def worksheets(self) -> list[Worksheet]:
        return [actions_sheet(SHEET, self.actions)]


def decisions(*results: Result) -> Result:
    """Actions from whatever sections are available (curve, statements, comparison, and others that
    offer ``actions()``).
    """
    found: list[Action] = []
    made = [result for result in results if result.status == "ok"]
    for result in made:
        offers = {
            Statements: _from_statements,
            PayCurve: _from_curve,
            PlanComparison: _from_comparison,
        }.get(type(result))
        found += offers(result) if offers else getattr(result, "actions", list)()
    books = [past.book for result in made if (past := getattr(result, "history", None))]
    found = still_to_do(SHEET, found, done_lately(books[0]) if books else ())
    if not found:
        return Missing(
            "pay-actions",
            say("nothing in the chapter calls for an action"),
            say("the list of actions on pay"),
        )
    found.sort(key=lambda a: (a.due, -abs(float(a.worth or 0)), a.what))
    first = made[0]
    by_type = {type(result): result for result in made}
    choice = (
        choice_table(by_type[PlanComparison], by_type.get(PayCurve), by_type.get(Simulation))
        if PlanComparison in by_type and _both_given(by_type[PlanComparison])
        else None
    )
    return PayActions(tuple(found), choice, first.as_of, first.fmt)


def _from_statements(result: Statements) -> list[Action]:
    month_after = Month.of(result.as_of) + 1
    actions = [
        Action(
            say("Check and release the payroll of the quarter to date"),
            say("finance"),
            month_after.start + timedelta(days=9),
            say(
                "{statements} of {lines} add up to {total}",
                statements=plural(len(result.table), "statement"),
                lines=plural(len(result.lines), "line"),
                total=result.fmt.text(result.total, "money.exact"),
            ),
            result.total,
        )
    ]
    if result.unassigned:
        actions.append(
            Action(
                say("Name the rep of the orders that have none"),
                say("sales operations"),
                month_after.start + timedelta(days=4),
                say("credit without a rep pays no one and is missing in every comparison"),
                result.unassigned,
            )
        )
    return actions + _near_actions(result)


def _near_actions(result: Statements) -> list[Action]:
    """Reps close to their next tier, while the period still runs."""
    if result.plan.accumulate == "deal" or result.period_end <= result.as_of:
        return []
    fmt = result.fmt
    return [
        Action(
            say(
                "Close one more deal: {rep} is {to_next} below the next tier",
                rep=r.rep,
                to_next=fmt.money(r.to_next),
            ),
            r.rep,
            result.period_end,
            say(
                "one more deal of {deal} earns {next_deal}",
                deal=fmt.money(result.deal),
                next_deal=fmt.text(r.next_deal, "money.exact"),
            )
            if result.named
            else say("the median deal of twelve months is {deal}", deal=fmt.money(result.deal)),
            r.to_next,
        )
        for r in result.near().head(5).itertuples(index=False)
    ]


def _from_curve(result: PayCurve) -> list[Action]:
    """Cliffs of the plan in force."""
    mine = [c for c in result.cliffs if c.plan == result.plans[0].name]
    if not mine or not result.history.chosen.given:
        return []
    worst, fmt = max(mine, key=lambda c: c.jump), result.fmt
    near = sum(result.near(c) for c in mine)
    return [
        Action(
            say("Pay the tiers of {plan} band by band", plan=named(result.plans[0].name)),
            say("sales director"),
            (Month.of(result.as_of) + 1).end,
            say(
                "passing {at} by one unit adds {jump}; {near} of twelve months ended"
                " just below a cliff",
                at=fmt.money(worst.at),
                jump=fmt.money(worst.jump),
                near=plural(near, *REP_PERIODS[result.period]),
            ),
            worst.jump * near,
        )
    ]


def _both_given(result: PlanComparison) -> bool:
    """Whether both plans are the firm's own: nobody chooses between illustrations."""
    return result.history.chosen.given and not result.history.chosen.derived


def _from_comparison(result: PlanComparison) -> list[Action]:
    """Choosing between the plans, and speaking with the reps who would lose."""
    if not _both_given(result) or (not result.gain and not result.lose):
        return []
    fmt, past = result.fmt, result.history
    due = (Month.of(result.as_of) + 1).end
    places: dict[str, Any] = {
        "difference": fmt.money(abs(result.difference)),
        "other": named(result.other.name),
        "gain": result.gain,
        "lose": result.lose,
    }
    actions = [
        Action(
            say(
                "Choose between the pay plans “{current}” and “{other}”",
                current=named(result.current.name),
                other=named(result.other.name),
            ),
            say("sales director"),
            due,
            say(
                "“{other}” costs {difference} more on the same twelve months;"
                " {gain} gain, {lose} lose",
                **places,
            )
            if result.difference > 0
            else say(
                "“{other}” costs {difference} less on the same twelve months;"
                " {gain} gain, {lose} lose",
                **places,
            ),
            abs(result.difference),
        )
    ]
    gone = set(past.people.loc[past.people["left"].notna(), "rep_id"])
    hurt = result.table[
        [
            v is not None and v < -LOSS and rep not in gone
            for v, rep in zip(result.table["relative"], result.table["rep_id"], strict=True)
        ]
    ]
    for team, part in hurt.assign(team=[_lead(past, rep) for rep in hurt["rep_id"]]).groupby(
        "team"
    ):
        names = (
            listing(list(part.sort_values(["change", "rep_id"])["rep"]))
            if result.named
            else say("{reps} of the team", reps=plural(len(part), "rep"))
        )
        actions.append(
            Action(
                say("Speak with {names} before anything is announced", names=names),
                team,
                due,
                say(
                    "they would lose more than {loss} of their pay under {plan}",
                    loss=fmt.share(LOSS, decimals=0),
                    plan=named(result.other.name),
                ),
                abs(sum(part["change"], Decimal(0)))
                if result.named or len(part) >= FEWEST
                else None,
            )
        )
    return actions


def _lead(past, rep_id: str) -> str:
    """Who speaks with a rep: the manager by name, else the team's."""
    row = past.people[past.people["rep_id"] == rep_id]
    if len(row) and isinstance(row["manager_id"].iloc[0], str):
        return past.name(row["manager_id"].iloc[0])
    if len(row) and isinstance(row["team"].iloc[0], str):
        return say("manager of {team}", team=row["team"].iloc[0])
    return say("sales manager")
