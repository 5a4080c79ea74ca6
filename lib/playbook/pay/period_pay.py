"""What a plan pays for a period's amount, asked of the engine that pays: curves, edges, cliffs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.base.settings.plan_quota import Measure
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .amounts import as_decimal, to_money
from .attained import attained_pay
from .bands import edge_parts, edges_of
from .engine import least_total, tier_pay
from .terms import CreditedLines, GroupTerms


@dataclass(frozen=True)
class Cliff:
    """One unit more than ``at`` [currency] lifts pay by ``jump`` [currency] at once."""

    at: Decimal
    jump: Decimal
    plan: str


@dataclass(frozen=True)
class PeriodPay:
    """A plan in one period for one person, as a function of the amount credited in it at the plain
    rates: no rule matches, no single deal meets its limits.

    quota: of a full period [currency], None where no one has set one. days: in force, and of the
    period. minor: decimals of the currency. margin: part of the amount that is margin, for plans
    that look at it. Measures that are no revenue count as far along as the amount is of its quota.
    """

    plan: CommissionPlan
    quota: Decimal | None = None
    days: tuple[int, int] = (1, 1)
    minor: int = 2
    margin: Fraction | None = None

    @property
    def share(self) -> Fraction:
        """Part of the period in which the plan is in force."""
        return Fraction(*self.days)

    @property
    def own_quota(self) -> Fraction | None:
        """The quota of the part in force [currency]."""
        return None if self.quota is None else Fraction(self.quota) * self.share

    @property
    def pays_amounts(self) -> bool:
        """Whether an amount alone earns anything."""
        plan = self._engine_plan
        return bool(plan.tiers) or plan.attainment is not None

    @property
    def _engine_plan(self) -> CommissionPlan:
        """The plan as far as an amount alone decides."""
        plan = self.plan
        off: dict[str, object] = {"rules": []}
        if plan.accumulate != "deal":
            off |= {"deal_cap": None, "deal_floor": Decimal(0)}
        if plan.needs_quota and not self.quota:
            off |= {"threshold": Decimal(0), "attainment": None, "gate": None}
            if plan.tiers_of == "quota":
                off |= {"tiers": plan.tiers[:0]}
        elif plan.attainment is not None and self._base is None:
            off |= {"attainment": None, "gate": None}
        if plan.modifier and self.margin is None:
            off |= {"modifier": []}
        return plan.model_copy(update=off)

    @property
    def _base(self) -> Fraction | None:
        """The amount at which measures without revenue are taken to be reached in full."""
        part = self.plan.attainment
        own = [one.quota for one in part.measures if one.of == "revenue"] if part else []
        first = self.quota or next((quota for quota in own if quota is not None), None)
        return Fraction(first) if first else None

    @property
    def in_full(self) -> Decimal | None:
        """The amount at which the quota of a full period is reached; None without one."""
        return None if self._base is None else as_decimal(self._base)

    def _terms(self, groups: int) -> GroupTerms:
        quota = round(Fraction(self.quota or 0) * TICKS)
        plan = self._engine_plan
        days = None
        if self.days[0] != self.days[1]:
            held, length = (np.full(groups, day, dtype=np.int64) for day in self.days)
            days = (held, length)
        needed = plan.needs_quota or plan.attainment is not None
        return GroupTerms(np.full(groups, quota, dtype=np.int64) if needed else None, days)

    def pay(self, amounts: Sequence[Decimal | Fraction | int]) -> list[Fraction]:
        """What each amount of a period pays from tiers and attainment within the cap, not rounded
        [currency]. Amounts are counted in ten-thousandths.
        """
        plan, count = self._engine_plan, len(amounts)
        if not count or not (plan.tiers or plan.attainment):
            return [Fraction(0)] * count
        ticks = [int(Fraction(amount) * TICKS // 1) for amount in amounts]
        lines = CreditedLines(
            np.arange(count),
            np.array(ticks, dtype=np.int64),
            np.full(count, -1),
            np.arange(count) if plan.deal_cap is not None or plan.deal_floor else None,
            {name: self._counted(name, ticks) for name in plan.measured},
        )
        terms, paid, tiers = self._terms(count), [Fraction(0)] * count, None
        if plan.tiers:
            tiers = tier_pay(lines, plan, terms)
            paid = [Fraction(int(one), tiers[1]) for one in tiers[0]]
        for _, pay, unit in attained_pay(lines, plan, terms, self.minor, tiers):
            paid = [a + Fraction(int(b), unit) for a, b in zip(paid, pay, strict=True)]
        return paid

    def _counted(self, name: str, ticks: list[int]) -> np.ndarray:
        """What else counts of an amount: its margin where that is known, else as much of the
        measure's quota as the amount is of the base.
        """
        if name == "gross_margin" and self.margin is not None:
            return np.array([int(one * self.margin // 1) for one in ticks], dtype=np.int64)
        quota = next((Fraction(one.quota or 0) for one in self._measures if one.counted == name), 0)
        base = self._base or Fraction(1)
        return np.array([int(Fraction(one) * quota / base // 1) for one in ticks], dtype=np.int64)

    @property
    def _measures(self) -> list[Measure]:
        part = self._engine_plan.attainment
        return part.measures if part else []

    def edges(self, *, revenue_only: bool = False) -> list[Fraction]:
        """Amounts above 0 at which the plan's words change its pay: bands, the threshold, levels,
        gates and cells of the matrix, rising. A band begins just above its edge, the others with
        it. revenue_only: without measures that something else than the amount reaches.
        """
        plan, terms = self._engine_plan, self._terms(1)
        scale, found = edge_parts(plan, terms), set(self._band_edges())
        if plan.threshold:
            found.add(Fraction(int(least_total(plan, terms, scale)[0]), scale * TICKS))
        part = plan.attainment
        if part is not None and not part.measures and self.own_quota:
            found |= {Fraction(level.at) * self.own_quota for level in part.levels}
        gates = [plan.gate, *(other.gate for other in self._measures)]
        for one in self._measures:
            if part is None or (revenue_only and one.of != "revenue"):
                continue
            ats = [] if part.matrix else [level.at for level in one.levels or part.levels]
            if part.matrix:
                ats += part.matrix.rows_at if one.name == part.matrix.rows else []
                ats += part.matrix.columns_at if one.name == part.matrix.columns else []
            ats += [gate.at for gate in gates if gate and gate.measure == one.name]
            found |= {Fraction(at) * self._full(one) for at in ats}
        return sorted(edge for edge in found if 0 < edge < Fraction(exact.SAFE, TICKS))

    def _rates(self) -> list[Fraction]:
        """How much of whatever counts comes with a tick of the amount."""
        rates = [Fraction(1)]
        for one in self._measures:
            if one.of == "gross_margin" and self.margin is not None:
                rates.append(self.margin)
            elif one.of != "revenue" and self._base:
                rates.append(Fraction(one.quota or 0) / self._base)
        return [rate for rate in rates if rate > 0]

    @property
    def _reach(self) -> Fraction:
        """How much more of the amount adds a tick to whatever counts [currency]."""
        return Fraction(math.ceil(1 / min(self._rates())), TICKS)

    def _full(self, one: Measure) -> Fraction:
        """The amount of the period that reaches the measure's quota in full."""
        if one.of == "gross_margin" and self.margin:
            return Fraction(one.quota or 0) * self.share / self.margin
        own = one.quota if one.of == "revenue" else None
        return (Fraction(own) if own else self._base or Fraction(0)) * self.share

    def ends(self) -> list[Decimal]:
        """``edges``, and the amount from which a cap pays no more."""
        found = [as_decimal(edge) for edge in self.edges()]
        full = self._capped_from(found)
        return sorted({*found, full}) if full is not None else found

    def _capped_from(self, edges: Sequence[Decimal]) -> Decimal | None:
        """The amount at which pay reaches the cap; None without one, or where a jump reaches it."""
        if self.plan.cap is None:
            return None
        cap = Fraction(self.plan.cap) * self.share
        bare = PeriodPay(
            self.plan.model_copy(update={"cap": None}),
            self.quota,
            self.days,
            self.minor,
            self.margin,
        )
        last = (edges[-1] if edges else Decimal(0)) + 1
        stops = [Decimal(0), *edges, last * 2]
        for low, high in itertools.pairwise(stops):
            # what begins with the next edge is not reached yet
            inside = [Fraction(low) + 2 * self._reach, Fraction(high) - Fraction(1, TICKS)]
            if inside[0] >= inside[1]:
                continue
            pays = bare.pay(inside)
            steep = high == stops[-1] and pays[1] > pays[0]  # beyond the last edge: a straight line
            if pays[0] <= cap and (pays[1] >= cap or steep) and pays[1] > pays[0]:
                at = inside[0] + (cap - pays[0]) * (inside[1] - inside[0]) / (pays[1] - pays[0])
                return as_decimal(at).quantize(Decimal(1).scaleb(-self.minor))
            if pays[0] > cap:
                return None
        return None

    def next_edge(self, amount: Decimal) -> Decimal | None:
        """The next amount at which pay changes its rate or jumps: a band's edge that the amount
        stands on is still ahead, for it begins above; a level that it has reached is not.
        """
        above = {as_decimal(edge) for edge in self.edges(revenue_only=True)}
        bands = {as_decimal(edge) for edge in self._band_edges()}
        return min(
            (edge for edge in above if edge > amount or (edge == amount and edge in bands)),
            default=None,
        )

    def _band_edges(self) -> list[Fraction]:
        plan, terms = self._engine_plan, self._terms(1)
        scale = edge_parts(plan, terms)
        return [Fraction(int(v), scale * TICKS) for v in edges_of(plan, terms, 1, scale)[:, 0]]

    def cliffs(self) -> list[Cliff]:
        """Every edge at which pay jumps, found from the engine's pay on either side of it."""
        found, edges = [], self.edges()
        # amounts at which all that counts are whole ticks: pay is as if nothing were rounded
        grid = Fraction(math.lcm(*(rate.denominator for rate in self._rates())), TICKS)
        for before, edge, after in zip(
            [Fraction(0), *edges], edges, [*edges[1:], Fraction(exact.SAFE)], strict=False
        ):
            step = grid if edge - before > 2 * grid and after - edge > 2 * grid else self._reach
            low = edge // step * step
            low -= step if low == edge else 0
            high = low + step if low + step > edge else low + 2 * step
            below, under, above, over = self.pay([low - step, low, high, high + step])
            left = under + (under - below) / step * (edge - low)
            right = above - (over - above) / step * (high - edge)
            jump = to_money(right - left, 4)
            # elsewhere a tick more or less that counts is no jump
            least = 0 if step == grid else max(under - below, over - above)
            if jump > least:
                found.append(Cliff(as_decimal(edge), _plain(jump), self.plan.name))
        return found

    @property
    def assumed(self) -> str:
        """What the curve takes for granted, in a few words; empty where an amount decides all."""
        said = []
        plan = self._engine_plan
        if plan.modifier or any(one.of == "gross_margin" for one in self._measures):
            if self.margin is not None:
                said.append(
                    say(
                        "a margin of {margin}",
                        margin=say("{n} %", n=f"{float(self.margin) * 100:.1f}"),
                    )
                )
        elif self.plan.modifier:
            said.append(say("no factor by margin, for no cost is known"))
        if any(one.of not in ("revenue", "gross_margin") for one in self._measures):
            said.append(say("other measures as far along as revenue"))
        return joined(said)

    def promise(self, amounts: Sequence[Decimal]) -> list[Decimal]:
        """``pay`` within the cap of a plan that pays the excess later, and not below the guarantee,
        rounded to what a page prints exactly [currency].
        """
        cap = None if self.plan.cap is None else Fraction(self.plan.cap) * self.share
        least = Fraction(self.plan.floor)
        return [
            to_money(max(paid if cap is None else min(paid, cap), least), 4)
            for paid in self.pay(amounts)
        ]

    def pay_line(self, top: float) -> pd.DataFrame:
        """Amount and pay from nothing to ``top`` [currency], for drawing: a gap stands at each
        cliff, so that a jump is not drawn as a slope.
        """
        cent, ends = Decimal("0.01"), [end for end in self.ends() if end < Decimal(str(top))]
        whole = [end.quantize(cent, ROUND_FLOOR) for end in ends]
        at = sorted(
            {Decimal(str(round(v, 2))) for v in np.linspace(0, top, 200)}
            | {end + step for end in whole for step in (-cent, Decimal(0), cent) if end + step >= 0}
        )
        rows: list[tuple[float, float]] = []
        for amount, promised in zip(at, self.promise(at), strict=True):
            x, pay = float(amount), float(promised)
            if rows and x - rows[-1][0] < 0.015 and abs(pay - rows[-1][1]) > 0.05:
                rows.append((x, float("nan")))
            rows.append((x, pay))
        return pd.DataFrame(rows, columns=["amount", "pay"])


def _plain(jump: Decimal) -> Decimal:
    """Without the noughts behind the point."""
    whole = jump.to_integral_value()
    return whole if whole == jump else jump.normalize()
