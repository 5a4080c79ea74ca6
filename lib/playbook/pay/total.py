"""Everything a plan pays: tiers, rules and attainment with their clawbacks, awards, the manager's
part, the guarantee and draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from playbook.base.errors import did_you_mean
from playbook.base.formats import joined, listing
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan

from .awards import award_frame, award_lines
from .covered import compiled
from .explain import parts_by_line
from .history import History
from .lines import within
from .payroll import Payroll
from .periods import period_number, period_span
from .settle import carried_lines, held_lines

NAMED = (
    "kind",
    "product_line",
    "customer_type",
    "customer_tier",
    "channel",
)  # what a rule may name


@dataclass(frozen=True)
class TotalPay:
    """Everything a plan pays.

    lines: by rep and day, in the form of ``Payroll.lines`` with ``why`` and the name of the
    ``plan`` that pays each. payroll: tier and attainment pay of the plan in force last; payrolls:
    of every plan. unassigned: credited lines without a rep. notes: what could not be judged, as
    sentences.
    """

    lines: pd.DataFrame
    payroll: Payroll
    unassigned: pd.DataFrame
    notes: tuple[str, ...]
    payrolls: tuple[Payroll, ...] = ()

    def parts(self, lines: pd.DataFrame) -> dict[Any, list[dict]]:
        """Label of each of these lines → the amounts at rates the engine wrote down for it, see
        ``parts.parts_of``.
        """
        return parts_by_line({paid.plan.name: paid for paid in self.payrolls}, lines)

    def reached(self, lines: pd.DataFrame) -> dict[Any, list[dict[str, Any]]]:
        """Label of each of these lines → the measures of the quota it looks at, see
        ``Payroll.reached``.
        """
        found: dict[Any, list[dict[str, Any]]] = {}
        for paid in self.payrolls:
            found |= paid.reached(lines[lines["plan"] == paid.plan.name])
        return found

    def total(self, window: Window) -> int:
        """Pay of a window [minor units]."""
        return int(within(self.lines[["date", "pay"]], window.start, window.end)["pay"].sum())


def total_pay(
    past: History, plan: CommissionPlan, *, dated: bool = False, keep: bool = True
) -> TotalPay:
    """What ``plan`` pays to the as-of date: as if it had always held, or (``dated``) on its own
    days and before them by the plans it followed.

    keep: keep the result for the next call with the same plan; off for plans that are tried once,
    of which the tiers' pay of the newest is kept for the next that differs in awards alone.
    """
    if dated and _all_along(past, plan):
        past.once(("compiled",), lambda: compiled(past))
        dated = False
    key = ("whole", dated, plan.model_dump_json())
    return (
        past.once(key, lambda: _total_pay(past, plan, dated))
        if keep
        else _total_pay(past, plan, dated, tried=True)
    )


# What a plan may say whose pay asks for nothing but amounts and their days.
PLAIN = {"name", "starts", "accumulate", "tiers", "mode", "basis", "threshold", "cap", "rules"}


def _all_along(past: History, plan: CommissionPlan) -> bool:
    """Whether the days on which a plan is in force decide nothing: it held for every period with a
    line, follows no other, and asks for nothing but the lines. Then one result serves both ways,
    and millions of lines are paid once.
    """
    if not plan.model_dump(exclude_defaults=True).keys() <= PLAIN or plan.accumulate == "deal":
        return False
    if past.in_force(plan) != [plan] or not len(past.orders) or past.book.has("awards"):
        return False
    first = period_number(past.orders["date"].head(1), plan.accumulate, past.fiscal_year_start)
    began = period_span(int(first[0]), plan.accumulate, past.fiscal_year_start)[0]
    return plan.starts <= began


def _total_pay(
    past: History, plan: CommissionPlan, dated: bool, *, tried: bool = False
) -> TotalPay:
    if dated:
        past.once(("compiled",), lambda: compiled(past))
    parts, unassigned, notes = [], [], []
    payrolls: list[Payroll] = []
    plans = past.in_force(plan) if dated else [plan]
    for one in plans:
        paid = _newest_pay(past, one) if tried and not dated else past.pay(one, dated=dated)
        payrolls.append(paid)
        awards, said = award_lines(past, one, paid, dated=dated)
        mine = [
            paid.lines.assign(plan=one.name, why=""),
            *([awards.assign(plan=one.name)] if len(awards) else []),
        ]
        held = held_lines(past, one, paid.lines, dated=dated)
        mine += [award_frame(held, past.minor).assign(plan=one.name)] if held else []
        parts += mine
        unassigned.append(paid.unassigned)
        if one is plan:  # what is said of plans that ended concerns nobody any more
            notes += said
        notes += _unused(past, one, paid)
        if paid.without:
            notes = [
                *notes,
                (
                    say(
                        "Plan '{name}' pays by quota; in some period of the last twelve"
                        " months {without} had none and is paid the first band, nothing for"
                        " attainment.",
                        name=one.name,
                        without=listing(sorted(past.name(rep) for rep in paid.without), 6),
                    )
                ),
            ]
    whole = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    if carried := carried_lines(past, plans, whole):
        made = award_frame([line for _, line in carried], past.minor)
        whole = pd.concat([whole, made.assign(plan=[name for name, _ in carried])])
    if len(parts) > 1 or carried:  # else by rep and day already: millions are not copied
        whole = whole.sort_values(["rep_id", "date"], kind="stable")
    lines = whole.reset_index(drop=True)
    left = pd.concat(unassigned, ignore_index=True)
    return TotalPay(lines, paid, left, tuple(notes), tuple(payrolls))


def _newest_pay(past: History, plan: CommissionPlan) -> Payroll:
    """Tier and attainment pay of a plan that a reader tries, kept while only awards move; that of
    millions of lines is not kept.
    """
    if past.sums_before is not None:
        return past.pay(plan)
    key = plan.model_dump_json(exclude={"awards"})
    return replace(past.newest("tried", key, lambda: past.pay(plan)), plan=plan)


def _unused(past: History, plan: CommissionPlan, paid: Payroll) -> list[str]:
    """Notes on names in rules that no order carries, and on rules that no order matched: more often
    a misspelling than a rule nobody needed.
    """
    if not len(paid.lines):
        return []
    met, notes = set(paid.lines["rule"].unique()), []
    for number, rule in enumerate(plan.rules):
        named = {key: names for key in NAMED if (names := getattr(rule, key))}
        unknown = [
            say(
                "{key} {name!r} ({did_you_mean})",
                key=key,
                name=name,
                did_you_mean=did_you_mean(name, known),
            )
            for key, names in named.items()
            if key in past.orders and (known := sorted(past.orders[key].dropna().unique()))
            for name in names
            if name not in known
        ]
        if unknown:
            notes.append(
                say(
                    "Rule '{name}' of plan '{name_2}' names what no order has: {unknown}.",
                    name=rule.name,
                    name_2=plan.name,
                    unknown=joined(unknown),
                )
            )
        elif number not in met and named:
            wanted = joined(f"{key} = {listing(list(names))}" for key, names in named.items())
            notes.append(
                say(
                    "Rule '{name}' of plan '{name_2}' matched no order: {wanted}.",
                    name=rule.name,
                    name_2=plan.name,
                    wanted=wanted,
                )
            )
    return notes
