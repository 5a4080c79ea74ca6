"""What late data, corrected data or a changed plan did to months that are closed: line by line, old
and new, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.measures.credits import TICKS

from .earned import COLUMNS, KEY
from .frozen import Key, KnownLine


@dataclass(frozen=True)
class LedgerLine:
    """A line that a close adds to what has been earned.

    kind: opening (earned before the first close, and taken as paid), month, or prior period.
    pay: what it adds; before and after: the line's pay as frozen and as it is now [minor units].
    credited: as it is now [ten-thousandths of a currency unit].
    """

    kind: str
    rep_id: str
    date: str
    order_id: str
    customer_id: str
    item: str
    adjustment_id: str
    plan: str
    credited: int
    pay: int
    before: int
    after: int
    why: str

    @property
    def month(self) -> str:
        return self.date[:7]

    @property
    def key(self) -> Key:
        return (
            self.rep_id,
            self.date,
            self.order_id,
            self.customer_id,
            self.item,
            self.adjustment_id,
        )


def ledger_lines(
    now: pd.DataFrame, known: dict[Key, KnownLine], month: Month, first: bool, fmt: Formats
) -> list[LedgerLine]:
    """What closing ``month`` adds: its own lines, and every difference of earlier months from what
    is frozen; at the first close earlier lines open the ledger instead.

    now: lines of ``earned``. known: lines as frozen. Over all lines ``pay`` is what has been earned
    to the end of the month less what is frozen.
    """
    made: list[LedgerLine] = []
    start = str(month.start)
    for row in now[COLUMNS].itertuples(index=False, name=None):
        line = dict(zip(COLUMNS, row, strict=True))
        key: Key = tuple(line[column] for column in KEY)  # type: ignore[assignment]
        held = known.get(key)
        if line["date"] >= start or first:
            kind = "month" if line["date"] >= start else "opening"
            made.append(_line(kind, line, 0, line["why"]))
        elif held is None:
            if line["pay"] or line["credited"]:
                made.append(_line("prior period", line, 0, _arrived(line)))
        elif held.pay != line["pay"] or held.credited != line["credited"]:
            made.append(_line("prior period", line, held.pay, _changed(line, held, fmt)))
    return made + ([] if first else _gone(now, known))


def _gone(now: pd.DataFrame, known: dict[Key, KnownLine]) -> list[LedgerLine]:
    """Frozen lines that the data no longer hold."""
    have = set(now[KEY].itertuples(index=False, name=None))
    gone = []
    for key, held in known.items():
        if key not in have:
            line = dict(zip(KEY, key, strict=True)) | {"plan": held.plan, "credited": 0, "pay": 0}
            why = say("no longer approved") if key[5] else say("no longer in the data")
            gone.append(_line("prior period", line, held.pay, why))
    return gone


def _line(kind: str, line: dict, before: int, why: str) -> LedgerLine:
    after = int(line["pay"])
    return LedgerLine(
        kind=kind,
        **{column: str(line[column]) for column in KEY},
        plan=line["plan"],
        credited=int(line["credited"]),
        pay=after - before,
        before=before,
        after=after,
        why=why,
    )


def _arrived(line: dict) -> str:
    if line["adjustment_id"]:
        return say("approved after the month was closed: {why}", why=line["why"])
    if line["why"]:
        return say("came after the month was closed: {why}", why=line["why"])
    return say("came after the month was closed")


def _changed(line: dict, held: KnownLine, fmt: Formats) -> str:
    """Why a line pays something else than when its month was closed."""
    if line["adjustment_id"]:
        return say("the approved amount was changed")
    if held.credited != line["credited"]:
        old, new = (
            fmt.text(Decimal(v) / TICKS, "money.exact") for v in (held.credited, line["credited"])
        )
        return say("credited {old} → {new}", old=old, new=new)
    if held.plan != line["plan"]:
        return say("plan {before} → {after}", before=held.plan, after=line["plan"])
    if abs(int(line["pay"]) - held.pay) == 1:
        return say(
            "rounding: lines of a period add up to its pay, and a later line moved a minor unit"
        )
    return say("paid at another rate after a change elsewhere in its period or plan")
