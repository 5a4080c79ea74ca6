"""Which region and line moved sales most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined
from playbook.base.language import say
from playbook.goals.labels import kind_label


def movers_sentence(members: pd.DataFrame, year: Mapping[str, Any], fmt: Formats) -> str:
    """The region and the line that moved most in money over the trailing 12 months, beside the
    whole change; empty where the year before is not covered. members: ``SalesByMember``; year: the
    line of the trailing 12 months.
    """
    if is_missing(year["growth"]):
        return ""
    movers = []
    for dimension, by in (("region", "region"), ("product_line", "product line")):
        mine = members[(members["dimension"] == dimension) & (members["window"] == "trailing_12m")]
        if mine["member"].nunique() > 1:
            moved = [
                (float(r["sales"]) - float(r["base"]), r["member"]) for r in mine.to_dict("records")
            ]
            size, name = max(moved, key=lambda m: (abs(m[0]), m[1]))
            if size:
                amount = fmt.money(size, compact=True, sign=True)
                movers.append(
                    say(
                        "{amount} in {kind} {name}",
                        amount=amount,
                        kind=kind_label(by),
                        name=name,
                    )
                )
    if not movers:
        return ""
    total = fmt.money(float(year["sales"]) - float(year["base"]), compact=True, sign=True)
    if len(movers) == 1:
        return say(
            " The change is {total}; the largest single one is {mover}.",
            total=total,
            mover=movers[0],
        )
    return say(
        " The change is {total}; the largest single ones are {movers}.",
        total=total,
        movers=joined(movers, " and "),
    )
