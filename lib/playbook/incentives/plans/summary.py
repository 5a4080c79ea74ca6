"""A statement in a few rows: what a rep can check with a pocket calculator, adding up to the same
cent as its lines.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.settings.plans import CommissionPlan
from playbook.methods.apportionment import from_units, largest_remainder
from playbook.pay.explain import as_decimal
from playbook.pay.lines import credited_once
from playbook.pay.wording import effect, percent


def summarize(lines: pd.DataFrame, plans: dict[str, CommissionPlan], fmt: Formats) -> pd.DataFrame:
    """Rows per plan, kind of pay and, where each band pays its own rate, band: item, how, lines,
    amount, pay [Decimal, currency].

    lines: statement lines of one rep (item, rule, how, amount, pay, plan, source, pieces, other).
    The rows add up to the lines to the
    last unit: a band's amount × rate is rounded down, and what is left over goes to the largest
    remainders.
    """
    rows: list[dict] = []
    for (name, item), part in lines.groupby(["plan", "item"], sort=False):
        plan, total = plans[name], sum(part["pay"], Decimal(0))
        parts = by_band(part, plan) if _banded(part, item, plan) else {}
        if not parts:
            how = set(part["how"])
            credit = (
                None
                if part["source"].iloc[0] == "award" or not credited_once(part, plan).any()
                else sum(part["amount"], Decimal(0))
            )
            rows.append(
                {
                    "item": item,
                    "how": how.pop() if len(how) == 1 else "",
                    "lines": len(part),
                    "amount": credit,
                    "pay": total,
                }
            )
            continue
        pays = round_to_total(
            [amount * rate for (_, rate), (amount, _) in parts.items()], total, fmt.minor_digits
        )
        rows += [
            {"item": item, "how": how, "lines": count, "amount": amount, "pay": pay}
            for ((how, _), (amount, count)), pay in zip(parts.items(), pays, strict=True)
        ]
    return pd.DataFrame(rows, columns=["item", "how", "lines", "amount", "pay"])


def _banded(part: pd.DataFrame, item: str, plan: CommissionPlan) -> bool:
    """Whether a part's pay is amounts × rates of bands and nothing else."""
    return (
        part["source"].iloc[0] != "award"
        and part["component"].iloc[0] == "tiers"
        and bool(plan.tiers)
        and plan.mode == "marginal"
        and plan.accumulate != "deal"
        and bool((part["other"] == 0).all())
    )


def by_band(
    part: pd.DataFrame, plan: CommissionPlan
) -> dict[tuple[str, Decimal], tuple[Decimal, int]]:
    """(how, rate) → (amount paid at it, lines that touch it), in the order of bands."""
    found: dict[tuple[str, Decimal], tuple[Decimal, int]] = {}
    for line in part.to_dict("records"):
        rule = plan.rules[int(line["rule"])] if line["rule"] >= 0 else None
        for piece in line["pieces"]:
            band = percent(rule.rate if piece.band is None else piece.band)
            how = band + (f" {effect(rule)}" if rule and piece.band is not None else "")
            rate, amount = as_decimal(piece.rate), as_decimal(piece.amount)
            had, count = found.get((how, rate), (Decimal(0), 0))
            found[how, rate] = had + amount, count + 1
    return dict(sorted(found.items(), key=lambda entry: (entry[0][1], entry[0][0])))


def round_to_total(exact: list[Decimal], total: Decimal, minor: int) -> list[Decimal]:
    """Amounts in minor units that add up to ``total``; each is its exact value rounded down, and
    what is missing goes to the largest remainders in turn.
    """
    units = [value.scaleb(minor) for value in exact]
    floor = np.array([int(value.to_integral_value(ROUND_FLOOR)) for value in units])
    remainder = np.array([[value - int(low) for value, low in zip(units, floor, strict=True)]])
    each, missing = divmod(int(total.scaleb(minor)) - int(floor.sum()), len(exact))
    pays = largest_remainder((floor + each)[None], remainder, np.array([missing]))[0]
    return [from_units(pay, minor) for pay in pays]
