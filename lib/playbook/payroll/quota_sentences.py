"""What a plan says about quotas and the pay for reaching them, as sentences."""

from __future__ import annotations

from decimal import Decimal

from playbook.base.language import say
from playbook.base.settings.plan_quota import Measure

from .plan_sentences import Sentences, share


def attainment_said(of: Sentences) -> list[str]:
    """What full attainment pays, the measures it counts, and the matrix."""
    pay = of.plan.attainment
    if pay is None:
        return []
    levels = [
        of.text("level", at=share(level.at), pay=of.money(level.pays * pay.target_pay))
        for level in pay.levels
    ]
    target = of.money(pay.target_pay)
    if levels:
        said = {"levels": of.joined(levels), "between": of.w[pay.between]}
        made = [of.text("target_pay", pay=target, **said)]
    else:
        made = [of.text("target_only", pay=target)]
    if pay.above:
        made.append(of.text("beyond", above=f"{pay.above.normalize():f}"))
    for one in pay.measures:
        gate, own = one.gate, ""
        if one.levels:
            worth = pay.target_pay * one.weight
            each = [
                of.text("level", at=share(level.at), pay=of.money(level.pays * worth))
                for level in one.levels
            ]
            own = of.text("measure_levels", levels=of.joined(each))
        made.append(
            of.text(
                "measure",
                name=one.name,
                of=of.w[one.of],
                weight=share(one.weight),
                quota=of.text("measure_quota", quota=_quota(of, one)) if one.quota else "",
                gate=of.text("measure_gate", measure=gate.measure, at=share(gate.at))
                if gate
                else "",
                levels=own,
            )
        )
    if pay.matrix is not None:
        made.append(of.text("matrix", rows=pay.matrix.rows, columns=pay.matrix.columns))
    return made


def _quota(of: Sentences, one: Measure) -> str:
    """A measure's own quota: money, or a number of pieces, customers."""
    quota = one.quota or Decimal(0)
    return f"{quota.normalize():f}" if one.of in ("units", "new_logos") else of.money(quota)


def quota_said(of: Sentences) -> list[str]:
    """What the quota is, for whom and from when, and what is let off."""
    plan, made = of.plan, []
    if not (plan.needs_quota or plan.quota_from or plan.relief):
        return []
    made.append(
        of.text("quota_is", quota=of.money(plan.quota))
        if plan.quota is not None
        else of.text("quota_given")
    )
    if plan.quotas:
        own = [f"{rep} {of.money(value)}" for rep, value in plan.quotas.items()]
        made.append(of.text("quota_own", names=of.joined(own)))
    for one in plan.quota_from:
        who = say(" ({reps})", reps=of.joined(one.reps)) if one.reps else ""
        made.append(
            of.text("quota_from", starts=of.day(one.starts), quota=of.money(one.quota), who=who)
        )
    made += [
        of.text(
            "relief",
            rep=one.rep,
            share=share(one.share),
            starts=of.day(one.starts),
            ends=of.day(one.ends),
            reason=one.reason,
        )
        for one in plan.relief
    ]
    if plan.ramp:
        shares = of.joined([share(part) for part in plan.ramp])
        made.append(of.text("ramp", shares=shares, first=of.w[f"ramp_{plan.ramp_first}"]))
    return made
