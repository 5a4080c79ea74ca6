"""Which months are closed, whether they are as they were frozen, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from playbook.base.formats import Formats

from .frozen import ClosedMonth, closed_months


@dataclass(frozen=True)
class Status:
    """The closed months of a book, all found as they were frozen."""

    folder: Path
    months: tuple[ClosedMonth, ...]
    fmt: Formats

    def rows(self) -> list[dict[str, Any]]:
        """One row per closed month: money as exact texts."""
        made = []
        for closed in self.months:
            totals, minor = closed.record["totals"], int(closed.record["minor_digits"])
            made.append(
                {
                    "month": str(closed.month),
                    "reps": sum(row["payable"] != 0 for row in closed.record["reps"]),
                    **{
                        key: f"{Decimal(totals[key]).scaleb(-minor):f}"
                        for key in ("month", "prior", "adjustments", "payable", "carried_out")
                        if key != "month"
                    },
                    "earned": f"{Decimal(totals['month']).scaleb(-minor):f}",
                    "pending": len(closed.record["pending"]),
                    "checksum": closed.checksum[:12],
                }
            )
        return made

    @property
    def next_month(self) -> str:
        """The month to close next; empty when none is closed yet."""
        return str(self.months[-1].month + 1) if self.months else ""


def status(folder: Path, fmt: Formats) -> Status:
    """Read every closed month. Raises DataProblem when one was changed, damaged or is missing."""
    return Status(folder, tuple(closed_months(folder)), fmt)
