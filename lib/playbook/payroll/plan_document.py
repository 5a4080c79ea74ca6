"""The plan as a paper to sign: who, what is paid as table and curve, examples computed by the
engine that pays, and every rule as a sentence, in the language of the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from playbook.base.errors import did_you_mean, refused
from playbook.base.formats import joined
from playbook.base.language import say, speaking
from playbook.base.settings import Settings
from playbook.base.settings.plan_quota import Matrix
from playbook.base.settings.plans import CommissionPlan

from .examples import COST, Example, TriedPlan, tried
from .frozen import Json, sha256
from .paper import Press, table
from .plan_rules import PlanRules
from .plan_sentences import share
from .plan_words import plan_words
from .statements import folder_name

SIGNERS = ("company", "manager_sign", "rep_sign")


def write_plans(settings: Settings, out: Path, name: str = "") -> list[Path]:
    """Print the document of every plan (or the one named) and return the files.

    Raises ParameterProblem when there is no such plan.
    """
    plans = settings.commission_plans
    chosen = [plan for plan in plans if plan.name == name] if name else list(plans)
    if not chosen:
        names = [plan.name for plan in plans]
        raise refused(
            say("no plan {name!r}", name=name) if name else say("no commission plan"),
            say("a plan of playbook.toml"),
            did_you_mean(name, names) if names else say("write [[commission_plans]] first"),
        )
    out.mkdir(parents=True, exist_ok=True)
    made = []
    with Press() as press:
        for plan in chosen:
            file = out / f"plan-{folder_name(plan.name)}.pdf"
            file.write_bytes(plan_pdf(press, plan, settings))
            made.append(file)
    return made


def plan_pdf(press: Press, plan: CommissionPlan, settings: Settings) -> bytes:
    """The document of one plan."""
    with speaking(settings.book.language):
        return _pdf(press, plan, settings)


def _pdf(press: Press, plan: CommissionPlan, settings: Settings) -> bytes:
    w = plan_words(settings.book.language)
    version = sha256(plan.model_dump_json().encode())[:12]
    title = w["title"].format(name=plan.name)
    meta = {
        "title": title,
        "above": settings.title,
        "company": settings.title,
        "language": settings.book.language,
        "footer": f"{settings.title} · {title} · {w['version']} {version}",
        "page": w["page"],
    }
    return press.pdf(meta, list(plan_blocks(plan, settings, version)), plan.starts)


def plan_blocks(plan: CommissionPlan, settings: Settings, version: str) -> Iterator[Json]:
    """The parts of the document, in order."""
    w = plan_words(settings.book.language)
    rules, found = PlanRules(plan, settings, w), tried(plan, settings)
    yield {"type": "facts", "rows": _facts(rules, version)}
    if plan.tiers:
        yield _tiers(rules, found)
    if plan.attainment is not None and plan.attainment.matrix is not None:
        yield _matrix(rules, plan.attainment.matrix, plan.attainment.target_pay)
    yield _curve(rules, found)
    yield _examples(rules, found)
    said = rules.all()
    yield table(w["rules"], ["", ""], [[label, text] for label, text in said], "ll", widths=[0, 1])
    yield {"type": "note", "text": w["legal"]}
    yield {"type": "signatures", "labels": [w[key] for key in SIGNERS]}


def _facts(rules: PlanRules, version: str) -> list[list[str]]:
    plan, w = rules.plan, rules.w
    who = [
        w[key].format(names=joined(names))
        for key, names in (("roles", plan.roles), ("teams", plan.teams), ("reps", plan.reps))
        if names
    ]
    days = (
        w["from_to"].format(starts=rules.day(plan.starts), ends=rules.day(plan.ends))
        if plan.ends
        else w["from"].format(starts=rules.day(plan.starts))
    )
    return [
        [w["who"], joined(who, "; ") or w["everybody"]],
        [w["in_force"], w["only_compared"] if plan.compare_only else days],
        [w["settled"], w[f"each_{plan.accumulate}"]],
        [w["pays_on"], w[plan.basis]],
        [w["replaces"], plan.replaces or w["nothing_before"]],
        [w["version"], version],
        [w["currency"], rules.settings.book.currency],
        [w["contact"], rules.settings.payroll.contact or w["payroll_office"]],
    ]


def _tiers(rules: PlanRules, found: TriedPlan) -> Json:
    """Bands with their rates, and what the engine pays at the end of each."""
    plan, w, fmt = rules.plan, rules.w, rules.fmt
    pays = dict(found.curve)
    rows = []
    for band in sorted(plan.tiers, key=lambda band: band.lower):
        lower, upper = (_edge(rules, value) for value in (band.lower, band.upper))
        if band.lower == 0:
            text = w["up_to"].format(upper=upper) if upper else w["rule_any"]
        elif upper:
            text = w["between"].format(lower=lower, upper=upper)
        else:
            text = w["above"].format(lower=lower)
        rate = (
            w["pays_band"].format(money=rules.money(band.pays))
            if band.pays is not None
            else share(band.rate)
        )
        if band.retroactive:
            rate = w["reaches_back"].format(rate=rate)
        at = None if band.upper is None else _amount(plan, band.upper, found.quota)
        rows.append([text, rate, fmt.text(pays[at], "money.exact") if at in pays else "–"])
    head = w["band_deal"] if plan.accumulate == "deal" else rules.text("band")
    note = w[plan.mode]
    if found.quota is not None:
        assumed = w["assumed"].format(quota=rules.money(found.quota))
        note = joined([note, say("{sentence}.", sentence=assumed[:1].upper() + assumed[1:])], " ")
    heads = [head, w["rate"], w["pay_there"]]
    return table(w["tiers"], heads, rows, "lrr", note=note)


def _matrix(rules: PlanRules, matrix: Matrix, target: Decimal) -> Json:
    """Money by the attainment of both measures."""
    names = {"rows": matrix.rows, "columns": matrix.columns}
    at = rules.w["matrix_from"]
    rows = [
        [at.format(at=share(edge)), *(rules.money(value * target) for value in values)]
        for edge, values in zip(matrix.rows_at, matrix.pays, strict=True)
    ]
    heads = [
        rules.text("matrix_head", **names),
        *(at.format(at=share(edge)) for edge in matrix.columns_at),
    ]
    return table(rules.text("matrix_title", **names), heads, rows, "l" + "r" * (len(heads) - 1))


def _assumed(rules: PlanRules, found: TriedPlan) -> str:
    """What the curve takes for granted, in brackets; empty where an amount says all."""
    said = []
    if found.quota is not None:
        said.append(rules.w["assumed"].format(quota=rules.money(found.quota)))
    counted = set(rules.plan.measured)
    if "gross_margin" in counted:
        said.append(rules.w["assumed_margin"].format(margin=share(1 - Fraction(COST))))
    if counted - {"gross_margin"}:
        said.append(rules.w["assumed_measures"])
    if not said:
        return ""
    return say(" ({assumed})", assumed=joined(said))


def _edge(rules: PlanRules, value: Decimal | None) -> str:
    if value is None:
        return ""
    if rules.plan.tiers_of == "quota":
        return rules.w["of_quota"].format(share=share(value))
    return rules.money(value)


def _amount(plan: CommissionPlan, edge: Decimal, quota: Decimal | None) -> Decimal:
    return edge * (quota or Decimal(1)) if plan.tiers_of == "quota" else edge


def _curve(rules: PlanRules, found: TriedPlan) -> Json:
    """Pay by sales as straight pieces; a gap where pay jumps, so that a cliff is no slope."""
    fmt = rules.fmt
    top, most = found.curve[-1][0], max((pay for _, pay in found.curve), default=Decimal(0))
    most = most or Decimal(1)
    pieces: list[list[list[float]]] = [[]]
    before: tuple[Decimal, Decimal] | None = None
    cent = Decimal(1).scaleb(-fmt.minor_digits)
    for amount, pay in found.curve:
        if before and amount - before[0] <= cent and abs(pay - before[1]) > most / 500:
            pieces.append([])
        pieces[-1].append([float(amount / top), float(pay / most)])
        before = (amount, pay)
    key = "curve_deal" if rules.plan.accumulate == "deal" else "curve"
    label = rules.text(key)
    steps = joined(
        (
            say(
                "{edge}: {pay}",
                edge=rules.money(edge),
                pay=fmt.text(dict(found.curve)[edge], "money.exact"),
            )
            for edge in found.edges
            if edge in dict(found.curve)
        ),
        "; ",
    )
    return {
        "type": "curve",
        "pieces": [piece for piece in pieces if piece],
        "x": _marks([(edge, fmt.money(edge)) for edge in found.edges], top),
        "y": [
            {"at": at, "text": fmt.text(most * Decimal(str(at)), "money")} for at in (0.0, 0.5, 1.0)
        ],
        "label": label + _assumed(rules, found),
        "alt": say("{label}: {steps}", label=label, steps=steps),
    }


def _marks(edges: list[tuple[Decimal, str]], top: Decimal) -> list[Json]:
    """Edges as shares of the width; one that would be printed over another is left out."""
    made: list[Json] = []
    for edge, text in edges:
        at = float(edge / top)
        if not made or at - made[-1]["at"] > 0.16:
            made.append({"at": at, "text": text})
    return made


def _examples(rules: PlanRules, found: TriedPlan) -> Json:
    w, fmt = rules.w, rules.fmt
    rows = []
    for one in found.examples:
        hired = rules.day(one.hired) if one.hired else ""
        how = "\n".join(f"{text} = {fmt.text(pay, 'money.exact')}" for text, pay in one.lines)
        rows.append(
            [
                w[one.key].format(day=hired),
                _sold(rules, one),
                how or "–",
                fmt.text(one.pay, "money.exact"),
            ]
        )
    heads = [w["example"], w["sold"], w["how"], w["earned"]]
    return table(w["examples"], heads, rows, "lllr", widths=[1, 1, 2, 0])


def _sold(rules: PlanRules, one: Example) -> str:
    text = rules.money(one.sold)
    if one.orders > 1:
        text = rules.w["several"].format(amount=text, n=one.orders)
    if one.back:
        text = rules.w["refunded"].format(amount=text, back=rules.money(one.back))
    return text
