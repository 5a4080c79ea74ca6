"""Targets of the relationship plan per value tier, and what came of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.base.settings import SegmentSettings
from playbook.base.settings.greetings import occasion
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table
from playbook.page.blocks import Tone
from playbook.segments.population import sums
from playbook.segments.value.tiers import tier_names

from .attention import per_tier


class TierTargets(column.Frame):
    """One row per value tier: targets of the settings beside the outcome."""

    tier = column.text("name of the tier")
    customers = column.count("customers of the tier in the trailing 12 months")
    repurchase = column.share(
        "of the tier's customers of the year before that ordered again", low="low", high="high"
    )
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    repurchase_target = column.share("target of the settings")
    repurchase_gap = column.points("repurchase minus its target")
    satisfaction = column.score("mean satisfaction of the customers asked")
    satisfaction_target = column.score("target of the settings")
    satisfaction_gap = column.score("satisfaction minus its target")
    asked = column.count("customers asked about their satisfaction")
    visits_target = column.number("visits a year promised to each customer")
    visits = column.number("visits made per customer in the trailing 12 months, mean")
    visited = column.share(
        "of customers that got all visits promised by now", low="visited_low", high="visited_high"
    )
    visited_low = column.share("lower end of the Wilson 95 % interval")
    visited_high = column.share("upper end")
    calls_target = column.number("calls a year promised to each customer")
    calls = column.number("calls made per customer in the trailing 12 months, mean")
    greetings = column.text("days of the year on which each customer is promised a greeting")


def tier_targets(
    rows: pd.DataFrame, again: pd.DataFrame, settings: SegmentSettings, holidays: object = ""
) -> pd.DataFrame:
    """A frame of ``TierTargets``.

    rows: customers with tier, satisfaction, made, called and promised; again: customers of the year
    before with their tier then and whether they ordered again; holidays: of ``[book]``.
    """
    found, greeted = [], dict(enumerate(settings.tier_greetings))
    for place, name in enumerate(settings.tiers.names):
        of, before = rows[rows["tier"] == name], again[again["tier"] == name]["again"]
        k, n = int(before.sum()), len(before)
        low, high = wilson(k, n)
        promised = {
            key: float(per_tier(values, pd.Series([name]), settings)[0])
            for key, values in (
                ("repurchase_target", settings.tier_repurchase),
                ("satisfaction_target", settings.tier_satisfaction),
                ("visits_target", settings.tier_visits),
                ("calls_target", settings.tier_calls),
            )
        }
        satisfaction, enough = of["satisfaction"].mean(), int((of["made"] >= of["expected"]).sum())
        visited = wilson(enough, len(of)) if promised["visits_target"] else (None, None)
        found.append(
            {
                "tier": name,
                "customers": len(of),
                "repurchase": k / n if n else None,
                "low": low,
                "high": high,
                **promised,
                "repurchase_gap": k / n - promised["repurchase_target"] if n else None,
                "satisfaction": satisfaction,
                "satisfaction_gap": satisfaction - promised["satisfaction_target"],
                "asked": int(of["satisfaction"].notna().sum()),
                "visits": of["made"].mean(),
                "calls": of["called"].mean(),
                "visited": enough / len(of) if promised["visits_target"] and len(of) else None,
                "visited_low": visited[0],
                "visited_high": visited[1],
                "greetings": joined(occasion(day, holidays) for day in greeted.get(place, ())),
            }
        )
    return TierTargets.make(found)


def ordered_again(book: Book) -> pd.DataFrame:
    """Customers of the year before: tier in that year, and again (active this year); none where
    orders do not cover both years.
    """
    window = book.window("trailing_12m")
    if not coverage(book, "orders").covers(window.year_before().start, window.end):
        return pd.DataFrame({"tier": pd.Series(dtype="str"), "again": pd.Series(dtype=bool)})
    grouped = sums(book).dropna(subset="customer_id")
    base = grouped[grouped["orders_base"] > 0]
    tiers = np.asarray(tier_names(base["net_base"].to_numpy(float), book.settings.segments.tiers))
    return pd.DataFrame({"tier": tiers, "again": (base["orders_year"] > 0).to_numpy()})


def _tone(value: float | None, target: float) -> Tone:
    return "bad" if value is not None and value == value and value < target else ""


def outcome_table(targets: pd.DataFrame, note: str, fmt: Formats, judged: bool = True) -> Table:
    """Repurchase and satisfaction against their targets; misses are marked where ``judged``.

    targets: a frame of ``TierTargets``.
    """
    columns = [
        Col("tier", "tier"),
        Col("customers", "count"),
        Col("repurchase", "share", "Ordered again", low="low", high="high"),
        Col("repurchase_target", "share", "Target", decimals=0),
        Col(
            "repurchase_gap",
            "pp",
            "Gap",
            tone=lambda row: _tone(row["high"], row["repurchase_target"]) if judged else "",
        ),
        Col("satisfaction", "number", "Satisfaction", decimals=1),
        Col("satisfaction_target", "number", "Target", decimals=0),
        Col(
            "satisfaction_gap",
            "number",
            "Gap",
            decimals=1,
            sign=True,
            tone=lambda row: (
                _tone(row["satisfaction"], row["satisfaction_target"]) if judged else ""
            ),
        ),
        Col("asked", "count", "Customers asked"),
    ]
    return table(
        targets,
        columns,
        fmt,
        title=say("Targets of the plan and their outcome, by value tier"),
        note=(
            say(
                "ordered again: of the tier's customers of the year before, Wilson"
                " 95 %{word} · satisfaction: mean of the customers asked · {note}",
                word=say("; marked where even the upper end misses the target") if judged else "",
                note=note,
            )
        ),
    )


def visits_table(targets: pd.DataFrame, note: str, fmt: Formats) -> Table:
    """Visits and calls, promised and made. targets: a frame of ``TierTargets``."""
    columns = [
        Col("tier", "tier"),
        Col("customers", "count"),
        Col("visits_target", "number", "Visits promised each", decimals=0),
        Col("visits", "number", "made", decimals=1),
        Col(
            "visited",
            "share",
            "Customers with all of them",
            low="visited_low",
            high="visited_high",
        ),
        Col("calls_target", "number", "Calls promised each", decimals=0),
        Col("calls", "number", "made", decimals=1),
    ]
    if targets["greetings"].astype(bool).any():
        columns.append(Col("greetings", "name", "Greeted on", weight=2))
    return table(
        targets,
        columns,
        fmt,
        title=say("Visits and calls promised and made"),
        note=(
            say(
                "trailing 12 months · a customer of less than a year is promised its"
                " share of the year · a share stands where visits are promised ·"
                " Wilson 95 % · {note}",
                note=note,
            )
        ),
    )


def missed_text(targets: pd.DataFrame, fmt: Formats) -> str:
    """Tiers short of their repurchase target beyond chance. targets: a frame of ``TierTargets``."""
    followed = [r for r in targets.to_dict("records") if pd.notna(r["repurchase"])]
    if not followed:
        return ""
    missed = [
        say(
            "{tier} {repurchase} against {repurchase_target}",
            tier=fmt.text(r["tier"], "tier"),
            repurchase=fmt.share(r["repurchase"]),
            repurchase_target=fmt.share(r["repurchase_target"], decimals=0),
        )
        for r in followed
        if r["high"] < r["repurchase_target"]
    ]
    if missed:
        return say(
            "Customers who ordered again fall short of the target beyond chance: {missed}.",
            missed=joined(missed),
        )
    below = any(r["repurchase"] < r["repurchase_target"] for r in followed)
    return (
        say("No tier falls short of its repurchase target by more than chance.")
        if below
        else say("Every tier with customers to follow reaches its repurchase target.")
    )
