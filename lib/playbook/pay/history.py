"""A book's credited history and the plans chosen for it: read once, and shared by every section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd

from playbook.base.settings.plan_checks import in_force_days, plan_before
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures import assigned, credits, people
from playbook.data.measures.credits import TICKS
from playbook.data.memo import once, recall
from playbook.data.memory import give_back

from .basis import on_basis
from .lines import PreparedLines, prepared_lines, within
from .payroll import Payroll, payroll
from .periods import period_number
from .plan_choice import PlanChoice, choose_plans
from .quota import Quotas
from .roster import Roster
from .sums import LARGE, first_day_of_lines, sums_by

WHAT_CREDITS = (  # settings that decide what a plan credits, whatever its rates
    "basis",
    "accumulate",
    "splits",
    "roles",
    "teams",
    "reps",
    "leaving",
    "deal_cap",
    "deal_floor",
    "attainment",
    "modifier",
    "currency_rate",
)
RATES_ONLY = ("times", "points", "rate", "counts", "name")


@dataclass(frozen=True)
class History:
    """Order lines to the as-of date, the people, and the plans chosen.

    sums_before: paid lines of earlier days are sums, see ``sums``; None keeps every line.
    """

    book: Book
    orders: pd.DataFrame
    people: pd.DataFrame
    chosen: PlanChoice
    sums_before: date | None = None

    @property
    def minor(self) -> int:
        return self.book.fmt.minor_digits

    @property
    def fiscal_year_start(self) -> int:
        return self.book.settings.book.fiscal_year_start

    @cached_property
    def names(self) -> dict[str, str]:
        return people.names(self.people)

    @cached_property
    def mentors(self) -> dict[str, str]:
        """Rep id → mentor id, for those who have one."""
        known = self.people.dropna(subset=["mentor_id"])
        return dict(zip(known["rep_id"], known["mentor_id"], strict=True))

    @cached_property
    def managers(self) -> dict[str, str]:
        """Rep id → manager id, for those who have one."""
        known = self.people.dropna(subset=["manager_id"])
        return dict(zip(known["rep_id"], known["manager_id"], strict=True))

    @cached_property
    def terms(self) -> dict[str, tuple[date, date | None]]:
        """Rep id → days of hiring and, if so, of leaving, for those whose hiring is known."""
        return {
            r.rep_id: (r.hired.date(), None if pd.isna(r.left) else r.left.date())
            for r in self.people.itertuples(index=False)
            if pd.notna(r.hired)
        }

    def name(self, rep_id: str) -> str:
        return self.names.get(rep_id, rep_id)

    @cached_property
    def sellers(self) -> set[str]:
        """Who is expected to win deals: everyone whose role has someone with credit, and without
        roles all but managers without credit of their own.
        """
        credit, people_ = set(self.orders["rep_id"].dropna().unique()), self.people
        sold = set(people_.loc[people_["rep_id"].isin(credit), "role"].dropna())
        managers = set(people_["manager_id"].dropna())
        quiet = ~people_["rep_id"].isin(credit) & (
            people_["rep_id"].isin(managers)
            | (people_["role"].notna() & ~people_["role"].isin(sold))
        )
        return set(people_.loc[~quiet, "rep_id"])

    @cached_property
    def _kept(self) -> dict:
        """Results by key, kept with the history."""
        return {}

    def once(self, key: tuple, make):
        """``make()`` the first time a key is asked for, and the same object afterwards."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def newest(self, name: str, key: str, make):
        """``make()`` for a new key, and the same object while the key stays: of every name only the
        newest is kept, for plans that a reader moves and leaves behind.
        """
        held = self._kept.get(("newest", name))
        if held is None or held[0] != key:
            held = self._kept["newest", name] = (key, make())
        return held[1]

    def pay(self, plan: CommissionPlan, *, dated: bool = False) -> Payroll:
        """Tier and attainment pay, with clawbacks: as if ``plan`` had always held, or (``dated``)
        on its own days.
        """
        prepared = self.prepared_lines(plan, dated=dated)
        if self.sums_before is not None:
            give_back()  # what making millions of lines ready took, before they are paid
        return payroll(
            self.orders,
            plan,
            fiscal_year_start=self.fiscal_year_start,
            minor=self.minor,
            dated=dated,
            quotas=Quotas(self.book, plan, self.people, strict=dated) if plan.needs_quota else None,
            prepared=prepared,
            roster=self.roster,
            carried=self._carried(plan) if dated and plan.change == "carry" else None,
            sums_before=self.sums_before,
        )

    def prepared_lines(self, plan: CommissionPlan, *, dated: bool = False) -> PreparedLines:
        """What the plan credits, sorted for the engine. Plans that differ only in rates credit the
        same lines and share them.
        """
        whom = {name for name in RateRule.model_fields if name not in RATES_ONLY}
        matched = plan.model_dump_json(
            include={key: True for key in WHAT_CREDITS}
            | {"rules": {"__all__": whom}}
            | ({"starts": True, "ends": True} if dated or plan.currency_rate == "plan" else {})
        )
        return self.once(
            ("ready", dated, matched),
            lambda: prepared_lines(
                self.orders,
                plan,
                fiscal_year_start=self.fiscal_year_start,
                tiers=self.book.settings.segments.tiers,
                dated=dated,
                shares=self.shares,
                roster=self.roster,
                minor=self.minor,
                rates=once(self.book, "rates", lambda: assigned.rates(self.book)),
            ),
        )

    @cached_property
    def roster(self) -> Roster:
        """Who was what on which day."""
        spans = once(self.book, "assigned", lambda: assigned.assigned(self.book))
        return Roster(self.people, spans)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Splits of single deals."""
        return once(self.book, "deal_splits", lambda: assigned.deal_splits(self.book))

    def _carried(self, plan: CommissionPlan) -> Callable[[pd.DataFrame], np.ndarray]:
        """Totals that ``plan`` goes on from: what stood under the plan before it on its first day,
        by rep and period.
        """
        chain = self.chain(plan)
        before = chain[chain.index(plan) - 1] if chain.index(plan) else None
        sums: dict[tuple[str, int], int] = {}
        if before is not None and before.accumulate == plan.accumulate:
            paid = self.pay(before, dated=True).lines
            own = paid[(paid["date"] < pd.Timestamp(plan.starts)) & (paid["period"] >= 0)]
            own = own[own["component"] == "tiers"]
            last = own.drop_duplicates(["rep_id", "period"], keep="last")
            sums = {(r.rep_id, int(r.period)): int(r.after) for r in last.itertuples(index=False)}

        def carried(groups: pd.DataFrame) -> np.ndarray:
            keys = zip(groups["rep_id"], groups["period"], strict=True)
            return np.array([sums.get((rep, int(n)), 0) for rep, n in keys], dtype=np.int64)

        return carried

    def chain(self, plan: CommissionPlan) -> list[CommissionPlan]:
        """``plan`` and those it followed, oldest first, each ending where the next starts."""
        before = plan_before(plan, self.book.settings.commission_plans)
        if before is None:
            return [plan]
        ends = min(filter(None, [before.ends, plan.starts - timedelta(days=1)]))
        return [*self.chain(before.model_copy(update={"ends": ends})), plan]

    def in_force(self, plan: CommissionPlan) -> list[CommissionPlan]:
        """``plan`` and those it followed, after the plans of other people on the same days; each
        ends where the one that replaces it starts.
        """
        chain = self.chain(plan)
        if all(one.for_all for one in chain):
            return chain
        names = {one.name for one in chain}
        others = [
            one.model_copy(update={"ends": last})
            for _, last, one in in_force_days(self.book.settings.commission_plans)
            if one.name not in names
        ]
        return [*others, *chain]

    def revenue(self, plan: CommissionPlan, window: str) -> Decimal:
        """Amount of the plan's basis in the window, credited or not [currency]."""
        span = self.book.window(window)
        return money(
            within(
                self.once(("basis", plan.basis), lambda: on_basis(self.orders, plan))[
                    ["date", "amount"]
                ],
                span.start,
                span.end,
            )["amount"].sum()
        )

    def period_now(self, plan: CommissionPlan) -> int:
        """Number of the accumulation period the as-of date lies in."""
        return int(
            period_number(
                pd.Series([pd.Timestamp(self.book.as_of)]), plan.accumulate, self.fiscal_year_start
            )[0]
        )


def history(book: Book, plan: str = "", compare_with: str = "") -> History:
    """Read what may be paid for. Raises NotAvailable without amounts, ParameterProblem for an
    unknown plan.
    """

    def make() -> History:
        orders = once(book, "credits", lambda: credits.credits(book))
        chosen = choose_plans(book, orders, plan, compare_with)
        return History(
            book,
            orders,
            once(book, "people", lambda: people.reps(book)),
            chosen,
            first_day_of_lines(book, len(orders), (chosen.current, chosen.other)),
        )

    return once(book, ("history", plan, compare_with), make)


def every_line(past: History) -> History:
    """The history with every paid line, however many there are."""
    return past if past.sums_before is None else replace(past, sums_before=None)


def sales_history(book: Book) -> History:
    """The history for whoever asks what people sold and when, not what they are paid: where nobody
    has read the lines yet, or they are millions, ``orders`` are sums by rep and day (date, rep_id,
    amount).
    """
    known = recall(book, "credits")
    if known is not None and len(known) < LARGE:
        return history(book)
    made = credits.daily_credits if known is None else (lambda _: day_sums(known))
    orders = once(book, "daily credits", lambda: made(book))
    reps = once(book, "people", lambda: people.reps(book))
    return History(book, orders, reps, choose_plans(book, orders))


def day_sums(lines: pd.DataFrame) -> pd.DataFrame:
    """``credits.daily_credits`` of lines that are at hand: their sums by rep and day."""
    rep = pd.Categorical(lines["rep_id"])
    number = np.where(rep.codes < 0, len(rep.categories), rep.codes)  # nobody comes last
    rows = pd.DataFrame(
        {"date": lines["date"], "rep": number, "amount": lines["amount"]}, copy=False
    )
    first, sums = sums_by(rows, ("date", "rep"), ("amount",))
    found = rows.iloc[first]
    names = pd.array([*rep.categories, None], dtype="str")
    return pd.DataFrame(
        {
            "date": found["date"].to_numpy(),
            "rep_id": names.take(found["rep"].to_numpy()),
            "amount": sums["amount"],
        }
    )


def money(ticks: int) -> Decimal:
    """Ticks as currency, exact."""
    return Decimal(int(ticks)) / TICKS


def minor_money(units: int, minor: int) -> Decimal:
    """Minor units as currency, exact."""
    return Decimal(int(units)).scaleb(-minor)
