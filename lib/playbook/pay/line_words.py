"""Statement lines as text: the amounts and rates a reader needs to check one by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.base.settings.plan_parts import RateRule
from playbook.base.settings.plan_quota import Matrix
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .explain import LinePay, PeriodTerms, as_decimal, bound_said
from .history import money
from .payroll import BEYOND
from .periods import period_name
from .wording import effect, percent

COUNTED = {  # measures that are no money: one, many
    "units": later(("{n} piece", "{n} pieces")),
    "new_logos": later(("{n} new customer", "{n} new customers")),
}

Reaching = Mapping[str, Any]  # one measure of a line, see ``Payroll.reached``


def describe_line(
    line: Mapping[str, Any],
    terms: PeriodTerms,
    found: LinePay,
    fmt: Formats,
    reached: Sequence[Reaching] = (),
) -> str:
    """Amounts and rates of a line, and what bound its pay where they do not say all.

    terms: the plan in the line's period. found: what ``explain`` gives for the line. reached: the
    measures that a line of pay for the quota looks at.
    """
    plan, item = terms.plan, line["item"]
    if item == BEYOND:
        return say(
            "asks back {ticks} more than was sold: what the sale paid is taken back, and no more",
            ticks=_ticks(line["beyond"], fmt),
        )
    if item == "clawback":
        return _clawback(line, plan, fmt)
    if line["component"] == "attainment":
        return _attained(line, terms, reached, fmt)
    rule = plan.rules[int(line["rule"])] if line["rule"] >= 0 else None
    text = _at_rates(found, rule, plan, fmt)
    if plan.mode == "whole" and rule is None:
        text = say(
            "total {total} is in the {rate} band", total=_ticks(line["after"], fmt), rate=text
        )
    if not found.reasons:
        return text
    return say(
        "{text}; {amount}: {reasons}",
        text=text,
        amount=fmt.text(found.other, "money.exact", sign=True),
        reasons=joined(found.reasons),
    )


def _clawback(line: Mapping[str, Any], plan: CommissionPlan, fmt: Formats) -> str:
    text = say(
        "refund of a sale of an earlier {accumulate}: what that {accumulate}"
        " pays without it, less what it paid (total {before} → {after})",
        accumulate=period_name(plan.accumulate),
        before=_ticks(line["before"], fmt),
        after=_ticks(line["after"], fmt),
    )
    bound = [bound_said(word) for word in str(line["bound"]).split("; ") if word]
    return say("{text}; {bound}", text=text, bound=joined(bound)) if bound else text


def _at_rates(found: LinePay, rule: RateRule | None, plan: CommissionPlan, fmt: Formats) -> str:
    if rule is not None and rule.rate is not None:
        return say("{name}: {percent}", name=rule.name, percent=percent(rule.rate))
    change = "" if rule is None else f" {effect(rule)}"
    if not found.pieces:
        return percent(min(plan.tiers, key=lambda band: band.lower).rate) + change
    if len(found.pieces) == 1:
        return f"{percent(found.pieces[0].band or Decimal(0))}{change}"
    said = [
        say(
            "{amount} at {percent}{change}",
            amount=fmt.text(as_decimal(abs(piece.amount)), "money.exact"),
            percent=percent(piece.band or Decimal(0)),
            change=change,
        )
        for piece in found.pieces
    ]
    signs = ["−" if piece.amount < 0 else "+" for piece in found.pieces]
    first = "−" if signs[0] == "−" else ""
    return first + said[0] + "".join(f" {a} {b}" for a, b in zip(signs[1:], said[1:], strict=True))


def _attained(
    line: Mapping[str, Any], terms: PeriodTerms, reached: Sequence[Reaching], fmt: Formats
) -> str:
    """Attainment before and after a line, and what holds back the pay its level gives."""
    part = terms.plan.attainment
    if not reached or part is None or not reached[0]["quota"]:
        return say("no quota is set: nothing is paid for reaching it")
    text = joined(_from_to(one, terms, fmt) for one in reached[: 2 if part.matrix else 1])
    if part.matrix:
        text += _cell(part.matrix, reached, terms)
    gate = next((one.gate for one in part.measures if one.name == reached[0]["name"]), None)
    if gate is not None and not part.matrix:
        share = _share(reached[1], "after", terms)
        shut = share is None or share < Fraction(gate.at)
        shown = "–" if share is None else fmt.share(float(share), decimals=2)
        places = {"measure": gate.measure, "shown": shown, "at": percent(gate.at)}
        if shut:
            text += say("; {measure} {shown}, below {at}: nothing is paid", **places)
        else:
            text += say("; {measure} {shown}, past {at}", **places)
    if terms.share != 1:
        text += say(
            "; the plan holds for {share} of the {accumulate}",
            share=terms.share,
            accumulate=period_name(terms.plan.accumulate),
        )
    if line["pay"] < 0 and line["amount"] > 0 and terms.cap is not None:
        return say(
            "{text}; held within the cap of {cap}",
            text=text,
            cap=fmt.text(as_decimal(terms.cap), "money.exact"),
        )
    return text


def _share(one: Reaching, key: str, terms: PeriodTerms) -> Fraction | None:
    """Attainment of one measure; None without a quota."""
    quota = Fraction(one["quota"]) * terms.share
    return Fraction(one[key]) / quota if quota else None


def _from_to(one: Reaching, terms: PeriodTerms, fmt: Formats) -> str:
    """``margin 60.00 % → 90.00 % of 40,000.00``."""
    shares = [_share(one, key, terms) for key in ("before", "after")]
    before, after = ("–" if v is None else fmt.share(float(v), decimals=2) for v in shares)
    quota = as_decimal(Fraction(one["quota"], TICKS) * terms.share)
    what = fmt.text(quota, "money.exact")
    if one["of"] in COUNTED:
        number = f"{quota.quantize(Decimal('0.01')).normalize():f}"
        what = say(COUNTED[one["of"]][number != "1"], n=number)
    return say(
        "{measure} {before} → {after} of {what}",
        measure=one["name"] or say("attainment"),
        before=before,
        after=after,
        what=what,
    )


def _cell(matrix: Matrix, reached: Sequence[Reaching], terms: PeriodTerms) -> str:
    """The row and column of the matrix that hold."""
    found = []
    for one, edges in zip(reached, (matrix.rows_at, matrix.columns_at), strict=True):
        share = _share(one, "after", terms)
        held = [edge for edge in edges if share is not None and share >= Fraction(edge)]
        if not held:
            return say(
                ": below {percent} of {name} nothing is paid",
                percent=percent(edges[0]),
                name=one["name"],
            )
        found.append(say("{name} from {percent}", name=one["name"], percent=percent(held[-1])))
    row, column = found
    return say(": the matrix's {row} and {column}", row=row, column=column)


def _ticks(value: int, fmt: Formats) -> str:
    return fmt.text(money(value), "money.exact")
