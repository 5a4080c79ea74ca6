"""What each rep is paid now: earned to date less paid to date, and what is carried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction

from playbook.base.settings.payroll import PayrollSettings

from .changes import LedgerLine


@dataclass(frozen=True)
class RepPayable:
    """A rep's row of the payroll [minor units].

    month: earned in the month; prior: changes of closed months; adjustments: approved ones of the
    month; carried_in: owed by the rep (negative) or left from the month before. due = the sum of
    these four = earned_to_date − what was paid before. payable + carried_out = due.
    """

    rep_id: str
    month: int
    prior: int
    adjustments: int
    carried_in: int
    due: int
    payable: int
    carried_out: int
    earned_to_date: int
    paid_to_date: int

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def payable(
    lines: Iterable[LedgerLine],
    before: Mapping[str, Mapping[str, int]],
    settings: PayrollSettings,
) -> list[RepPayable]:
    """One row per rep with anything earned, paid or owed, by id.

    before: the rows of the last close by rep id, with carried_out, earned_to_date, paid_to_date.
    """
    sums: dict[str, dict[str, int]] = {rep: {} for rep in before}
    for line in lines:
        if line.kind == "opening":
            continue
        part = "prior" if line.kind != "month" else "adjustments" if line.adjustment_id else "month"
        mine = sums.setdefault(line.rep_id, {})
        mine[part] = mine.get(part, 0) + line.pay
    rows = []
    for rep in sorted(sums):
        mine, last = sums[rep], before.get(rep, {})
        month, prior, more = (mine.get(part, 0) for part in ("month", "prior", "adjustments"))
        carried = int(last.get("carried_out", 0))
        due = month + prior + more + carried
        paid = _paid(due, [month, prior, more], settings)
        rows.append(
            RepPayable(
                rep,
                month,
                prior,
                more,
                carried,
                due,
                paid,
                due - paid,
                int(last.get("earned_to_date", 0)) + month + prior + more,
                int(last.get("paid_to_date", 0)) + paid,
            )
        )
    return rows


def _paid(due: int, parts: list[int], settings: PayrollSettings) -> int:
    """``due``, not below what the settings leave: of the month's pay at most a part is taken back,
    and nothing below 0 unless payroll deducts it.
    """
    gained = sum(part for part in parts if part > 0)
    share = Fraction(Decimal(str(settings.recover_at_most)))
    least = gained - int(share * gained)  # a part of a minor unit stays with the rep
    if settings.negative == "deduct" and settings.recover_at_most == 1:
        return due
    return max(due, least)
