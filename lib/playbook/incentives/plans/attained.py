"""Who reached which line of the quota, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import later, say
from playbook.base.periods import Window
from playbook.base.settings import IncentiveLevel
from playbook.incentives.figures import people as figures
from playbook.methods.intervals import Rate
from playbook.page import Col, Figure, Result, Table, table
from playbook.page.kpi import Kpi
from playbook.pay.periods import basis_name

ILLUSTRATED = later(
    "lines of the playbook: name your own, and what they give, under incentives.levels"
)


BELOW = later("below", context="line")  # who has reached none of the lines


class RepAttainment(Frame):
    """One row per rep with a quota in the quarter to date, best first."""

    rep_id = c.text("rep")
    rep = c.text("the rep's name")
    credited = c.money("credited amount of the quarter, refunds of its own sales taken off")
    back = c.money("refunds of sales of earlier quarters, which count in those quarters")
    quota = c.money("quota of the months that are over, ramped for new hires")
    attainment = c.share("credited ÷ quota")
    level = c.text("highest level reached, 'below' where none is")
    short = c.money("money missing to the next level; none above the last")


def line_said(name: str) -> str:
    """A line of the quota, or that none is reached, in the language spoken."""
    return say(name, context="line")


@dataclass(frozen=True)
class Attainment(Result):
    """Credited amount ÷ quota of the quarter to date.

    levels: base, sprint and breakthrough of the settings. given: whether the settings name them;
    else the playbook's stand as an illustration, without what they give. without: reps with credit
    and no quota.
    basis: what is credited, bookings or cash.
    """

    section = "attainment"
    table: Annotated[pd.DataFrame, RepAttainment]
    levels: tuple[IncentiveLevel, ...]
    without: int
    plan: str
    basis: str
    given: bool
    window: Window
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "{label} · n = {reps} · as of {as_of}",
            label=self.window.label,
            reps=plural(len(self.table), "rep"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def reached(self, at: float) -> Rate:
        """Reps at or above a level."""
        return Rate(
            sum(v is not None and v >= at for v in self.table["attainment"]), len(self.table)
        )

    def figure(self) -> Figure | None:
        return figures.attainment(
            self.table,
            [(line_said(level.name), level.at) for level in self.levels],
            basis=basis_name(self.basis),
            where=self.where,
            fmt=self.fmt,
        )

    def tables(self) -> list[Table]:
        columns = [
            Col("rep", "text", "Rep", weight=2),
            Col("credited", "money", "Credited"),
            Col("quota", "money", "Quota"),
            Col("attainment", "share", "Attainment"),
            Col("level", "text", "Line reached"),
            Col("short", "money", "To the next line"),
        ]
        if any(self.table["back"]):
            columns.insert(2, Col("back", "money", "Refunds of earlier quarters"))
        rows = pd.DataFrame(
            [
                {
                    "level": line_said(level.name),
                    "at": level.at,
                    "reps": f"{self.fmt.rate(self.reached(level.at).numerator, len(self.table))}",
                    "interval": self.fmt.interval(*self.reached(level.at).interval, "share"),
                    "gives": level.gives,
                }
                for level in self.levels
            ]
        )
        ladder = [
            Col("level", "text", "Line"),
            Col("at", "share", "From", context="line", decimals=0),
            Col("reps", "text", "Reps there", align="r"),
            Col("interval", "text", "95 % interval", align="r"),
            *([Col("gives", "term", "What it gives", weight=3)] if self.given else []),
        ]
        return [
            table(
                rows,
                ladder,
                self.fmt,
                title=say("Three lines, and how many reach them"),
                note=(
                    say(
                        "Share of reps at or above the line, Wilson intervals · {where}",
                        where=self.where,
                    )
                    + ("" if self.given else f" · {say(ILLUSTRATED)}")
                ),
            ),
            table(
                self.table.assign(level=[line_said(name) for name in self.table["level"]]),
                columns,
                self.fmt,
                title=say("Attainment by rep"),
                note=say(
                    "Money in {currency}, {basis} · {where}",
                    currency=self.fmt.currency,
                    basis=basis_name(self.basis),
                    where=self.where,
                ),
            ),
        ]

    def reading(self) -> str:
        f = self.fmt
        full = self.reached(1.0)
        text = say(
            "{numerator} of the reps with a quota reached it in the quarter to"
            " date (95 % interval {value}).",
            numerator=f.rate(full.numerator, full.denominator),
            value=f.interval(*full.interval, "share"),
        )
        close = self.table[[v is not None and 0.9 <= v < 1 for v in self.table["attainment"]]]
        if len(close):
            text += say(
                " {more_reps} came within a tenth of it.", more_reps=plural(len(close), "more rep")
            )
        if self.without:
            text += say(
                " {reps} with credit {en_have} no quota and {en_are} left out.",
                reps=plural(self.without, "rep"),
                en_have="has" if self.without == 1 else "have",
                en_are="is" if self.without == 1 else "are",
            )
        return text

    def headline(self) -> str:
        full = self.reached(1.0)
        return say(
            "Quota reached by {numerator} of reps, quarter to date",
            numerator=self.fmt.rate(full.numerator, full.denominator),
        )

    def kpis(self) -> list[Kpi]:
        return [
            Kpi(
                "attainment",
                "quarter_to_date",
                r.attainment,
                "share",
                {"rep": r.rep_id},
                numerator=float(r.credited),
                denominator=float(r.quota),
                why=say("a quota of nought"),
            )
            for r in self.table.itertuples(index=False)
        ]

    def notes(self) -> list[str]:
        return [
            say(
                "Attainment = credited amount ÷ quota of the same months. A refund"
                " of an earlier quarter's sale lowers that quarter's attainment, not"
                " this one's; its pay comes back as a line of its own. Quotas come"
                " from the plan, else from the targets in force (metric sales, by"
                " rep), by month as the goals have them; quotas of a month not yet"
                " over are not counted."
            )
        ]
