"""The quarter by owner and working day.

Every region's days sum to its target and every day's regions to the company's day; the same between
a region and its people. Weeks, ten-day thirds and months are sums of days, so they add up too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import english, later, say
from playbook.base.periods import Calendar, Month
from playbook.base.settings import GoalSettings
from playbook.data.measures.plan_curves import Curve, third_of
from playbook.goals.labels import part_label
from playbook.methods.apportionment import from_units, split
from playbook.methods.raking import product
from playbook.page import Worksheet

from .phasing import by_day
from .quota_split import bound_word

LEVELS = later(("quarter", "month", "ten-day third", "week", "day"), context="span")
SHEETS = 60  # people with a sheet of their own; beyond, the sheets of their regions hold them


@dataclass(frozen=True)
class HandedDown:
    """Minor units by owner and working day of the quarter. company (D,), regions (R, D) and people
    (P, D) with the names of their rows.
    """

    dates: tuple[date, ...]
    company: np.ndarray
    regions: pd.DataFrame
    people: pd.DataFrame

    def of(self, parent: str, rep: str) -> np.ndarray:
        """Minor units of one person by working day."""
        return self.people.xs((parent, rep)).to_numpy()

    def off(self) -> int:
        """Largest difference found anywhere: days against the company's, people against their
        region's, both on every day.
        """
        gaps = [np.abs(self.regions.to_numpy().sum(axis=0) - self.company).max()]
        for region, rows in self.people.groupby(level=0, sort=False):
            gaps.append(
                np.abs(rows.to_numpy().sum(axis=0) - self.regions.loc[region].to_numpy()).max()
            )
        return int(max(gaps))


def hand_down(
    regions: dict[str, int],
    quotas: pd.DataFrame,
    curve: Curve,
    settings: GoalSettings,
    calendar: Calendar,
) -> HandedDown:
    """Regions' and people's days. regions: name → minor units carried; quotas: parent, rep, quota,
    each parent's quotas summing to what it carries.
    """
    days = pd.concat(
        [
            by_day(int(units), month, settings, calendar)
            for month, units in zip(
                curve.months, split(sum(regions.values()), curve.shares), strict=True
            )
        ],
        ignore_index=True,
    )
    dates, company = tuple(days["date"]), days["units"].to_numpy(dtype=np.int64)
    parts = pd.DataFrame(
        product(list(regions.values()), company), index=list(regions), columns=dates
    )
    people = [
        pd.DataFrame(
            product(rows["quota"].to_numpy(), parts.loc[name].to_numpy()),
            columns=dates,
            index=pd.MultiIndex.from_product([[name], rows["rep"]]),
        )
        for name, rows in quotas.groupby("parent", sort=False)
    ]
    return HandedDown(dates, company, parts, pd.concat(people))


def spans(dates: Sequence[date]) -> list[tuple[str, str, list[int]]]:
    """(level, name as said, places of its days) of every quarter, month, third, week and day, in
    calendar order inside each level.
    """
    found: dict[tuple[int, str], list[int]] = {}
    for i, day in enumerate(dates):
        month, monday = Month.of(day), day - timedelta(days=day.weekday())
        for level, name in enumerate(
            (
                f"{dates[0]} – {dates[-1]}",
                str(month),
                _third(month, third_of(day)),
                say("week of {monday}", monday=monday),
                str(day),
            )
        ):
            found.setdefault((level, name), []).append(i)
    return [
        (LEVELS[level], name, places)
        for (level, name), places in sorted(found.items(), key=lambda item: item[0][0])
    ]


def _third(month: Month, third: int) -> str:
    """A ten-day third by its month and days."""
    if third == 2:
        return say("{month} 21 on", month=month)
    return f"{month} {('1–10', '11–20')[third]}"


def parent_name(parent: str) -> str:
    """Whose target quotas are part of: a region by name, or the company in the language spoken."""
    return part_label({"label": parent})


def person_sheet(
    name: str, units: np.ndarray, dates: Sequence[date], fmt: Formats, last_day: date
) -> Worksheet:
    """One owner's quarter: its months, thirds and weeks, and the days up to ``last_day``."""
    columns = (
        ("level", say("Span"), "text"),
        ("name", say("From", context="span"), "text"),
        ("days", say("Working days"), "count"),
        ("target", say("Target"), "money.exact"),
        ("done", say("Reached (to fill in)"), "money.exact"),
    )
    rows = tuple(
        (
            say(level, context="span"),
            span,
            len(places),
            from_units(int(units[places].sum()), fmt.minor_digits),
            None,
        )
        for level, span, places in spans(dates)
        if level != "day" or dates[places[0]] <= last_day
    )
    return Worksheet(say("Plan {name}", name=name), columns, rows, owner=name)


def region_sheet(
    parent: str,
    people: pd.DataFrame,
    handed: HandedDown,
    months: Sequence[Month],
    period: str,
    fmt: Formats,
) -> Worksheet:
    """A region's quarter by month and week: itself first, then each of its people.

    people: name, team, quota [minor units], bound, parent, rep.
    """
    groups = [
        (str(m), [i for i, day in enumerate(handed.dates) if Month.of(day) == m]) for m in months
    ] + weeks_of(handed.dates)
    columns = (
        ("name", say("Person"), "text"),
        ("team", say("Team"), "text"),
        ("quota", say("Quota {period}", period=period), "money.exact"),
        *((english(name), name[:1].upper() + name[1:], "money.exact") for name, _ in groups),
        ("bound", say("Bound"), "text"),
    )
    digits, total = fmt.minor_digits, handed.regions.loc[parent].to_numpy()
    first = (
        say("All of {parent}", parent=parent_name(parent)),
        "",
        from_units(int(total.sum()), digits),
        *sums(total, groups, digits),
        "",
    )
    rows = (
        (
            row["name"],
            row["team"],
            from_units(row["quota"], digits),
            *sums(handed.of(row["parent"], row["rep"]), groups, digits),
            bound_word(row["bound"]),
        )
        for row in people.to_dict("records")
    )
    return Worksheet(say("Quotas {parent}", parent=parent_name(parent)), columns, (first, *rows))


def weeks_of(dates: Sequence[date]) -> list[tuple[str, list[int]]]:
    """(name, places) of the weeks."""
    return [(name, places) for level, name, places in spans(dates) if level == "week"]


def sums(units: np.ndarray, groups: Iterable[tuple[Any, list[int]]], digits: int) -> list[Any]:
    """Amounts of groups of days."""
    return [from_units(int(units[places].sum()), digits) for _, places in groups]
