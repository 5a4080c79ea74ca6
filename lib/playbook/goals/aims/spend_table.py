"""The table of what each strategy's spend brought."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined
from playbook.base.language import say
from playbook.goals.labels import metric_label
from playbook.page import Table
from playbook.page.blocks import Cell


def return_tables(strategies: pd.DataFrame, basis: str, fmt: Formats) -> list[Table]:
    """Spent, expected and measured, one line per strategy; no table where nothing is known of them.

    strategies: ``StrategySheet``; basis: what gross profit rests on, in words.
    """
    if not strategies[["budget", "spent", "indicator"]].notna().any(axis=None):
        return []
    head = (
        say("Strategy"),
        say("Budget"),
        say("Spent"),
        say("Indicator"),
        say("Year before"),
        say("Now"),
        say("Change"),
        say("Expected"),
        say("Reached of it"),
        say("A unit cost"),
        say("Gross profit"),
        say("Return"),
    )
    rows = tuple(_cells(row, fmt) for row in strategies.to_dict("records"))
    return [
        Table(
            say("What the spend brought"),
            head,
            rows,
            "lrrlrrrrrrrr",
            say(
                "indicator: the strategy's whole months so far against the same"
                " months a year before · change with its 95 % interval (Newcombe)"
                " where it is a rate · expected: the change named in the sheet · a"
                " unit: one point of a rate, one day, customer or order · gross"
                " profit of the whole change, at the span's average order or win:"
                " {basis} · return, up to: gross profit ÷ spent if all of the change"
                " came from the strategy; – : not measured, not tied to money, not"
                " up, or within chance",
                basis=basis,
            ),
            weights=(2.0, *[0.0] * 11),
        )
    ]


def _cells(row: dict[str, Any], fmt: Formats) -> tuple[Cell, ...]:
    spend = row["spend"]
    unit = "pp" if spend.unit == "share" else spend.unit
    change = fmt.text(spend.gain, unit, sign=True) + (
        f" [{fmt.interval(spend.low, spend.high, 'pp')}]" if spend.low is not None else ""
    )
    back = row["return_"]
    return (
        Cell(row["strategy"]),
        Cell(fmt.money(row["budget"])),
        Cell(fmt.money(row["spent"])),
        Cell(metric_label(spend.indicator) if spend.indicator else fmt.text(None)),
        Cell(fmt.text(spend.before, spend.unit)),
        Cell(fmt.text(spend.now, spend.unit)),
        Cell(change),
        Cell(fmt.text(spend.expected, unit, sign=True)),
        Cell(fmt.share(spend.of_expected(), decimals=0)),
        Cell(fmt.money(spend.a_unit(row["spent"]))),
        Cell(fmt.money(spend.worth if spend.beyond_noise() else None)),
        Cell(
            fmt.text(None)
            if is_missing(back)
            else say("up to {back}", back=fmt.text(back, "ratio"))
        ),
    )


def reached_sentence(strategies: pd.DataFrame, fmt: Formats) -> str:
    """What came back for the spend, in one sentence."""
    known = [
        (row["strategy"], row["spend"].of_expected(), row["spend"].beyond_noise())
        for row in strategies.to_dict("records")
        if row["spend"].of_expected() is not None
    ]
    sentences = [
        (
            say(
                "the indicator of {name} moved {share} of the change expected",
                name=name,
                share=fmt.share(share, decimals=0),
            )
            if share > 0
            else say("the indicator of {name} did not move the way expected", name=name)
        )
        + ("" if sure else say(", within chance"))
        for name, share, sure in known
    ]
    text = joined(sentences, "; ")
    return say(" {text}.", text=text[:1].upper() + text[1:]) if text else ""
