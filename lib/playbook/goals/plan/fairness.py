"""Whether quotas are fair: each against the potential of its territory."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.contracts import Frame, money, ratio, text
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.base.settings import GoalSettings
from playbook.goals.illustrations import is_set
from playbook.page import Col, Table, table
from playbook.page.blocks import Tone

ENDS = 5  # people shown at each end


class Fairness(Frame):
    """One row per settled person whose potential is known, lightest quota first."""

    name = text("the person")
    region = text("region, or empty")
    potential = money("what the territory could bring in 12 months")
    quota = money("the quarter's quota")
    part = ratio("quota of the quarter ÷ a quarter of the potential")
    index = ratio("part ÷ the middle one of all: 1 is as heavy as the middle")


def fairness(quotas: pd.DataFrame, digits: int) -> pd.DataFrame:
    """Quota against potential, as ``Fairness``. quotas: ``PersonQuotas``; no rows for fewer than
    three people whose potential is known: there is no middle to compare with.
    """
    rows = quotas[(quotas["ramp"] >= 1) & (quotas["potential"].fillna(0) > 0)]
    if len(rows) < 3:
        return Fairness.make([])
    money_ = rows["quota"].astype(float) / 10**digits
    part = money_ / (rows["potential"].astype(float) / 4)
    made = Fairness.make(
        {
            "name": rows["name"],
            "region": rows["region"],
            "potential": rows["potential"],
            "quota": money_,
            "part": part,
            "index": part / part.median() if part.median() > 0 else part * float("nan"),
        }
    )
    return made.sort_values(["index", "name"], kind="stable", ignore_index=True)


def fairness_tables(quotas: pd.DataFrame, settings: GoalSettings, fmt: Formats) -> list[Table]:
    """The lightest and the heaviest quotas against potential; no table where it is not known."""
    rows = fairness(quotas, fmt.minor_digits)
    if rows.empty:
        return []

    told = _told(settings)

    def tone(row: dict[str, Any]) -> Tone:
        return "warn" if told and _apart(row["index"], settings) else ""

    shown = rows if len(rows) <= 2 * ENDS else pd.concat([rows.head(ENDS), rows.tail(ENDS)])
    given = (
        say("as the settings give it")
        if settings.potential
        else (
            say("what the customers in care would buy in 12 months if each bought as its kind does")
        )
    )
    ends = (
        ""
        if len(shown) == len(rows)
        else say("the {ends} lightest and heaviest of {rows} · ", ends=ENDS, rows=len(rows))
    )
    low, high = (fmt.text(x, "ratio") for x in (settings.fair_from, settings.fair_to))
    limits = (
        say("below {low} light, above {high} heavy", low=low, high=high)
        if told
        else (
            say(
                "example: below {low} light, above {high} heavy (nobody set [goals]"
                " fair_from and fair_to)",
                low=low,
                high=high,
            )
        )
    )
    columns = [
        Col("name", label="Person"),
        Col("region"),
        Col("potential", "money", "Potential"),
        Col("quota", "money", "Quota"),
        Col("part", "share", "Of a quarter's potential", decimals=0),
        Col("index", "ratio", "Against the middle", tone=tone),
    ]
    return [
        table(
            shown.reset_index(drop=True),
            columns,
            fmt,
            title=say("Fairness: quota against potential"),
            note=(
                say(
                    "{ends}potential: {given} · against the middle: 1 is the median"
                    " person; {limits} · people still ramping left out",
                    ends=ends,
                    given=given,
                    limits=limits,
                )
            ),
        )
    ]


def fairness_sentence(quotas: pd.DataFrame, settings: GoalSettings, fmt: Formats) -> str:
    """How far quotas part from potential; empty where potential is not known."""
    rows = fairness(quotas, fmt.minor_digits)
    if rows.empty:
        return ""
    low, high = (fmt.text(float(x), "ratio") for x in (rows["index"].min(), rows["index"].max()))
    text = say(
        " Against the potential of {territories} quotas run from {low} to {high} of the middle one",
        territories=plural(len(rows), "territory", "territories"),
        low=low,
        high=high,
    )
    if not _told(settings):
        return say("{sentence}.", sentence=text)
    apart = sum(_apart(index, settings) for index in rows["index"])
    return say(
        "{sentence}; {apart:,} {en_lie} outside what the settings call fair.",
        sentence=text,
        apart=apart,
        en_lie="lies" if apart == 1 else "lie",
    )


def _told(settings: GoalSettings) -> bool:
    """Whether the book says itself what is fair; without that nobody is called light or heavy."""
    return is_set(settings, "fair_from") or is_set(settings, "fair_to")


def _apart(index: float, settings: GoalSettings) -> bool:
    return not settings.fair_from <= round(float(index), 2) <= settings.fair_to
