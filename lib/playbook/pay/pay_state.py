"""Credited lines with what they pay: the state of every period, and what refunds make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .attained import Reached, attained_pay, reached_by
from .bands import rates_of
from .engine import tier_pay
from .lines import PreparedLines
from .parts import bounds
from .reversals import late_states, pay_by_event, taken
from .steps import Steps
from .terms import CreditedLines, GroupTerms

QuotaOf = Callable[[pd.DataFrame], np.ndarray]  # groups (rep_id, period) → ticks, 0 = none
CarriedOf = Callable[[pd.DataFrame], np.ndarray]  # groups → total reached before [ticks]
NOT_SHOWN = ["group", "target", "deal", "code"]  # of prepared rows
AT_ONCE = 250_000  # credited lines paid in one go, where many people's are more


class PayState:
    """Amounts of the credited lines and what they pay."""

    def __init__(
        self,
        prepared: PreparedLines,
        plan: CommissionPlan,
        minor: int,
        quotas: QuotaOf | None,
        days: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None,
        carried: CarriedOf | None,
        present: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None = None,
    ):
        rows = prepared.core
        self.rows, self.late, self.plan, self.minor = rows, prepared.late, plan, minor
        self.beyond, self.begin = prepared.beyond, 0
        self.words: list[str] = [""]
        self.target = rows["target"].to_numpy()
        self.credit = _credit(rows, plan, rows["group"].to_numpy())
        self.first = exact.starts(self.credit.group)
        groups = rows.iloc[self.first][["rep", "period"]].reset_index(drop=True)
        groups = groups.assign(rep_id=prepared.credit.reps(groups))
        self.reps = groups["rep_id"].to_numpy()  # by group
        self.terms = GroupTerms(
            quotas(groups) if quotas and plan.needs_quota else None,
            days(groups) if days else None,
            carried(groups) if carried and plan.change == "carry" else None,
            present(groups) if present else None,
        )
        self.counts = np.array(rates_of(plan).counts, dtype=np.int64)

    def by_people(self) -> Iterator[PayState]:
        """The states of some people each, everybody in one, for nobody's pay hangs on another's
        lines; of few lines it is this one. ``begin``: number of a part's first row.
        """
        if len(self.rows) <= AT_ONCE:
            yield self
            return
        rep = self.rows["rep"].to_numpy()
        starts = np.flatnonzero(np.r_[True, rep[1:] != rep[:-1]])
        cuts = starts[np.unique(starts // AT_ONCE, return_index=True)[1]]
        for low, high in pairwise([*cuts.tolist(), len(rep)]):
            yield self._part(low, high)

    def _part(self, low: int, high: int) -> PayState:
        """The state of the rows from ``low`` to before ``high``, all of the people in them."""
        made, of = copy(self), self.credit
        vars(made).pop("reached", None)
        groups = slice(int(of.group[low]), int(of.group[high - 1]) + 1)
        made.begin, made.rows = low, self.rows.iloc[low:high]
        own = self.target[low:high]
        made.target = np.where(own >= 0, own - low, -1)
        taken_back = self.late["target"].to_numpy()
        late = self.late[(taken_back >= low) & (taken_back < high)]
        made.late = late.assign(target=late["target"] - low)
        rep, over = self.rows["rep"].to_numpy(), self.beyond["rep"].to_numpy()
        mine = np.ones(len(over), dtype=bool) if low == 0 else over >= rep[low]
        made.beyond = self.beyond[mine if high == len(rep) else mine & (over < rep[high])]
        made.credit = CreditedLines(
            of.group[low:high] - groups.start,
            of.amount[low:high],
            of.rule[low:high],
            None if of.deal is None else of.deal[low:high],
            {name: values[low:high] for name, values in (of.more or {}).items()},
        )
        made.first, made.reps = self.first[groups] - low, self.reps[groups]
        made.terms = self.terms.take(np.arange(groups.start, groups.stop))
        return made

    def word(self, text: str) -> int:
        """Number of a text; lines hold numbers until they are read."""
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

    def line(self, rows: pd.DataFrame, name: str, of: str, /, **more: Any) -> pd.DataFrame:
        """Lines of one item; what is not said of them is 0 or none."""
        given: dict[str, Any] = {
            "item": self.word(name),
            "component": self.word(of),
            "beyond": rows.get("beyond", 0),
            "before": 0,
            "after": 0,
            "sale_period": rows["period"],
            "quota": 0,
            "band": -1,
            "bound": 0,
            "row": -1,
            "pay": 0,
        }
        if "sale_period" in rows:
            del given["sale_period"]
        return rows.drop(columns=NOT_SHOWN, errors="ignore").assign(**given | more)

    def lines(self) -> list[pd.DataFrame]:
        """Every line with its pay, one frame per item."""
        credit, plan = self.credit, self.plan
        counted = credit.amount * self.counts[credit.rule + 1]
        after = exact.running(counted, self.first, credit.group)
        if self.terms.carried is not None:
            after = after + self.terms.carried[credit.group]
        gone = credit.rule >= len(plan.rules)
        shown: dict[str, Any] = {
            "before": after - counted,
            "after": after,
            "quota": 0 if self.terms.quota is None else self.terms.quota[credit.group],
            "bound": np.where(gone, self.word("after leaving"), 0),
            "row": np.arange(self.begin, self.begin + len(self.rows), dtype=np.int32),
        }
        parts, tiers = [], None
        if plan.tiers:
            write: list[Steps] = []
            tiers = pay_by_event(credit, self.target, plan, self.terms, write)
            names = [*(rule.name for rule in plan.rules), "commission"]
            item = np.array([self.word(name) for name in names], dtype=np.int32)[
                self.rows["rule"].to_numpy()
            ]
            item[credit.amount < 0] = self.word("refund")
            said = dict(shown)
            said["bound"] = self._bound(write[0], tiers[0], gone)
            said["band"], said["pay"] = write[0].band.astype(np.int32), self._rounded(*tiers)
            if plan.refunds.rule == "original_rate":
                said["at_rates"] = self._rounded(write[0].pay[0][1], tiers[1])
            made = self.line(self.rows, "", "tiers", **said | {"item": item})
            parts.append(made if "cash" not in plan.measured else made[self._credits()])
        for name, pay, unit in attained_pay(credit, plan, self.terms, self.minor, tiers):
            paid, own = self._rounded(pay, unit), self.reached[name][0]
            keep = np.flatnonzero((paid != 0) | self._credits() if not parts else paid != 0)
            totals = {"before": own.before, "after": own.total, "quota": own.quota}
            some = {
                key: value[keep] if isinstance(value, np.ndarray) else value
                for key, value in {**shown, **totals, "pay": paid}.items()
            }
            parts.append(self.line(self.rows.iloc[keep], name, "attainment", **some))
        return parts or [self.line(self.rows.head(0), "", "")]

    def _credits(self) -> np.ndarray:
        """Rows that hold an order's credit: all but payments."""
        if "cash" not in self.plan.measured:
            return np.ones(len(self.rows), dtype=bool)
        return ((self.rows["amount"] != 0) | (self.rows["cash"] == 0)).to_numpy()

    @cached_property
    def reached(self) -> dict[str, list[Reached]]:
        """Item → the measures of the quota it looks at, by row."""
        return reached_by(self.credit, self.plan, self.terms)

    def _bound(self, steps: Steps, pay: np.ndarray, gone: np.ndarray) -> np.ndarray:
        """Number of the words that say what bound each line."""
        reasons = [("after leaving", gone), *bounds(steps, pay, self.first)]
        mask = np.zeros(len(pay), dtype=np.int64)
        for number, (_, here) in enumerate(reasons):
            mask += here.astype(np.int64) << number
        words = np.zeros(1 << len(reasons), dtype=np.int32)
        for one in np.flatnonzero(np.bincount(mask, minlength=len(words))).tolist():
            said = [what for number, (what, _) in enumerate(reasons) if one >> number & 1]
            words[one] = self.word("; ".join(said))
        return words[mask]

    def written(self) -> tuple[Steps, np.ndarray, int]:
        """How the tiers' lines come to their pay, their pay and its unit."""
        write: list[Steps] = []
        pay, unit = pay_by_event(self.credit, self.target, self.plan, self.terms, write)
        return write[0], pay, unit

    def clawbacks(self) -> pd.DataFrame:
        """One line per refund of an earlier period: what that period would have paid without the
        amount, less what it paid.

        Refunds of one period follow each other by date and id; each is measured against the amounts
        the ones before it left.
        """
        late, plan = self.late, self.plan
        target = late["target"].to_numpy()
        more = {name: late[name].to_numpy() for name in plan.measured}
        off = taken(self.credit.group[target], target, late["amount"].to_numpy(), more)
        lines, of, after = late_states(self.credit, self.target, off, plan)
        terms, first = self.terms.take(of), exact.starts(lines.group)
        pay, tiers = np.zeros(len(of), dtype=np.int64), None
        if plan.tiers:
            tiers = tier_pay(lines, plan, terms)
            pay = pay + self._sums(*tiers, first)
        for _, made, unit in attained_pay(lines, plan, terms, self.minor, tiers):
            pay = pay + self._sums(made, unit, first)
        counted = exact.group_sum(lines.amount * self.counts[lines.rule + 1], first)
        quota = self.terms.quota
        return self.line(
            late,
            "clawback",
            "clawback",
            before=counted[after - 1],
            after=counted[after],
            pay=pay[after] - pay[after - 1],
            sale_period=self.rows["period"].to_numpy()[target],
            quota=0 if quota is None else quota[self.credit.group[target]],
        )

    def _rounded(self, pay: np.ndarray, unit: int) -> np.ndarray:
        return exact.round_lines(pay, unit // 10**self.minor, self.first, self.credit.group)

    def _sums(self, pay: np.ndarray, unit: int, first: np.ndarray) -> np.ndarray:
        """Pay of every group, rounded half-even [minor units]."""
        return exact.half_even(exact.group_sum(pay, first), unit // 10**self.minor).astype(np.int64)


def _credit(rows: pd.DataFrame, plan: CommissionPlan, group: np.ndarray) -> CreditedLines:
    deal = rows["deal"].to_numpy() if plan.deal_cap is not None or plan.deal_floor else None
    return CreditedLines(
        group,
        rows["amount"].to_numpy(),
        rows["code"].to_numpy(),
        deal,
        {name: rows[name].to_numpy() for name in plan.measured},
    )
