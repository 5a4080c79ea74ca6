"""The rules of a plan as sentences, from the very settings that pay: every setting that says
something about pay has its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from playbook.base.formats import joined
from playbook.base.language import speaking
from playbook.base.settings.plan_parts import Award, RateRule

from .plan_sentences import Sentences, share
from .quota_sentences import attainment_said, quota_said

Rule = tuple[str, str]  # label and sentence
ELSEWHERE = {  # settings of a plan that the document's head, table or examples say
    "name",
    "tiers",
    "tiers_of",
    "mode",
    "accumulate",
    "basis",
    "starts",
    "ends",
    "replaces",
    "compare_only",
    "roles",
    "teams",
    "reps",
}


class PlanRules(Sentences):
    """Sentences of one plan."""

    def all(self) -> list[Rule]:
        """(label, sentence) in the order they are printed; settings that say nothing are left
        out.
        """
        made: list[Rule] = []
        parts: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
            ("quota", lambda: [*attainment_said(self), *quota_said(self)]),
            ("rules", self.rates),
            ("credit", self.credit),
            ("refunds", self.refunds),
            ("leaving", self.leaving),
            ("caps", self.caps),
            ("negative", self.negative),
            ("awards", self.awards),
            ("change", self.changes),
            ("rounding", lambda: [self.w["rounding_is"]]),
            ("statements", self.statements),
        )
        with speaking(self.fmt.language):
            for label, sentences in parts:
                if said := [one for one in sentences() if one]:
                    made.append((self.w[label], joined(said, " ")))
        return made

    def rates(self) -> list[str]:
        plan, made = self.plan, []
        if plan.threshold:
            first = self.w[f"threshold_{plan.threshold_from}"]
            made.append(self.text("threshold", share=share(plan.threshold), first=first))
        if plan.gate is not None:
            made.append(self.text("gate", measure=plan.gate.measure, at=share(plan.gate.at)))
        if plan.modifier:
            steps = [
                self.text("modifier_step", at=share(one.at), times=f"{one.times.normalize():f}")
                for one in plan.modifier
            ]
            made.append(self.text("modifier", steps=self.joined(steps)))
        return [*made, *(self._rule(rule) for rule in plan.rules)]

    def _rule(self, rule: RateRule) -> str:
        what = [
            *(self.w[f"kind_{kind}"] for kind in rule.kind),
            *rule.product_line,
            *rule.customer_type,
            *rule.customer_tier,
            *rule.channel,
        ]
        if rule.least_months:
            what.append(self.text("rule_months", n=rule.least_months))
        if rule.least_amount:
            what.append(self.text("rule_least", amount=self.money(rule.least_amount)))
        if rule.rate is not None:
            effect = self.text("rule_rate", rate=share(rule.rate))
        elif rule.points:
            sign = "+" if rule.points > 0 else "−"
            points = f"{sign} {abs(rule.points * 100).normalize():f}"
            effect = self.text("rule_points", points=points)
        else:
            effect = self.text("rule_times", times=f"{rule.times.normalize():f}")
        return self.text(
            "rule",
            name=rule.name,
            what=" · ".join(what) or self.w["rule_any"],
            when=self._span(rule.starts, rule.ends),
            effect=effect,
            counts="" if rule.counts else self.w["rule_apart"],
        )

    def _span(self, starts: date | None, ends: date | None) -> str:
        first = self.text("rule_from", starts=self.day(starts)) if starts else ""
        return first + (self.text("rule_to", ends=self.day(ends)) if ends else "")

    def credit(self) -> list[str]:
        plan = self.plan
        shares = [self.text(f"split_{one.to}", share=share(one.share)) for one in plan.splits]
        made = [self.text("splits", shares=self.joined(shares)) if shares else self.w["credit_rep"]]
        if rates := [rate for rate in (plan.manager_rate, *plan.manager_rates) if rate]:
            made.append(self.text("manager", rates=" / ".join(share(rate) for rate in rates)))
        if plan.booking_share < 1:
            made.append(self.text("booking_share", share=share(plan.booking_share)))
        whose = self.w[f"currency_{plan.currency_rate}"]
        return [*made, self.text("currency_rate", whose=whose)]

    def refunds(self) -> list[str]:
        refunds = self.plan.refunds
        window = (
            self.text("window", days=refunds.window_days)
            if refunds.window_days is not None
            else self.w["no_window"]
        )
        return [self.text(refunds.rule, by=self.w[refunds.by]), window]

    def leaving(self) -> list[str]:
        leaving = self.plan.leaving
        key = f"leaving_{leaving.pays}"
        return [self.text(key, days=leaving.days, share=share(leaving.share))]

    def caps(self) -> list[str]:
        plan, made = self.plan, []
        if plan.cap is not None:
            made += [self.text("cap", cap=self.money(plan.cap)), self.w[f"excess_{plan.excess}"]]
        if plan.cap_year is not None:
            made.append(self.text("cap_year", cap=self.money(plan.cap_year)))
        if plan.deal_cap is not None:
            made.append(self.text("deal_cap", cap=self.money(plan.deal_cap)))
        if not made:
            made.append(self.w["no_cap"])
        if plan.deal_floor:
            made.append(self.text("deal_floor", floor=self.money(plan.deal_floor)))
        if plan.floor:
            made.append(self.text("floor", floor=self.money(plan.floor)))
        return [*made, *self._draw()]

    def _draw(self) -> list[str]:
        draw = self.plan.draw
        if draw is None:
            return []
        kind = "owed" if draw.recoverable else "top" if draw.adds == "on_top" else "kept"
        months = self.text("draw_months", n=draw.months) if draw.months else self.w["draw_always"]
        made = [
            self.text(
                "draw",
                months=months,
                monthly=self.money(draw.monthly),
                kind=self.w[f"draw_{kind}"],
            )
        ]
        if draw.recoverable:
            most = draw.recovery_most
            made.append(
                self.text(
                    "draw_recovery",
                    first=draw.recovery_from,
                    share=share(draw.recovery_share),
                    most=self.text("draw_most", most=self.money(most)) if most else "",
                    exit=self.w[f"draw_exit_{draw.at_exit}"],
                )
            )
        return made

    def negative(self) -> list[str]:
        rule = self.plan.negative
        key = f"negative_{rule.rule}"
        return [self.text(key, n=rule.instalments, share=share(rule.most_share))]

    def awards(self) -> list[str]:
        return [self._award(award) for award in self.plan.awards]

    def _award(self, award: Award) -> str:
        limits = [
            self.text("award_each", most=self.money(award.per_rep)) if award.per_rep else "",
            self.text("award_all", most=self.money(award.in_all)) if award.in_all else "",
            self._span(award.starts, award.ends),
        ]
        return self.text(
            "award",
            name=award.name,
            amount=self.money(award.amount),
            to=self.joined([self.w[f"to_{one}"] for one in award.to]),
            limits="".join(limits),
        )

    def changes(self) -> list[str]:
        plan = self.plan
        if plan.change == "carry":
            key = "change_carry"
        elif not plan.prorate:
            key = "change_whole"
        else:
            key = "change_months" if plan.prorate_by == "months" else "change_prorate"
        inside = [self.text(key)] if plan.accumulate != "deal" else []
        return [self.w["changes_forward"], *inside]

    def statements(self) -> list[str]:
        payroll = self.settings.payroll
        contact = payroll.contact or self.w["payroll_office"]
        return [self.text("statements_are", days=payroll.dispute_days, contact=contact)]
