"""The sentences about channels."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats, joined, listing, plural
from playbook.base.language import later, named, say

VERDICTS = later(
    (
        "keep",
        "watch",
        "cut",
        "stopped",
        "too little data",
        "no cost recorded",
        "cost without leads",
        "no margin given",
    )
)

TOLD = later(
    {
        "keep": "clearly above cost: {names}",
        "cut": "clearly below: {names}",
        "watch": "not clear either way: {names}",
        "stopped": "already stopped: {names}",
        "too little data": "too little data: {names}",
        "cost without leads": "unknown, no lead names them: {names}",
        "no margin given": "no verdict without a margin: {names}",
    }
)
SHORT = later({"keep": "keep {names}", "cut": "cut {names}", "stopped": "stopped {names}"})


def reading(table: pd.DataFrame, moves: pd.DataFrame, assumed: bool, fmt: Formats) -> str:
    """What the channels' profit is against their cost, what a new customer costs, and what moving
    the budget would bring.
    """
    groups = {v: _channels(table, v) for v in VERDICTS}
    parts = [say(text, names=listing(groups[v])) for v, text in TOLD.items() if groups[v]]
    said = joined(parts, "; ")
    if not parts:
        text = say("No channel has both cost and wins.")
    elif assumed:
        text = say("Gross profit at an assumed margin against cost, by channel: {said}.", said=said)
    else:
        text = say("Gross profit against cost, by channel: {said}.", said=said)
    priced = table.dropna(subset=["cac"])
    if len(priced) > 1 and priced.cac.nunique() > 1:
        low, high = priced.loc[priced.cac.idxmin()], priced.loc[priced.cac.idxmax()]
        apart = low.cac_high < high.cac_low
        costs = {
            "cac": fmt.money(low.cac, compact=True),
            "channel": named(low.channel),
            "customers": plural(int(low.new), "customer"),
            "cac_2": fmt.money(high.cac, compact=True),
            "channel_2": named(high.channel),
            "customers_2": plural(int(high.new), "customer"),
        }
        text += (
            say(
                " A new customer costs {cac} by {channel} ({customers}) and {cac_2}"
                " by {channel_2} ({customers_2}).",
                **costs,
            )
            if apart
            else say(
                " A new customer costs {cac} by {channel} ({customers}) and {cac_2}"
                " by {channel_2} ({customers_2}), a difference within chance.",
                **costs,
            )
        )
    if len(moves):
        net = fmt.money(moves.net.sum(), compact=True, sign=True)
        text += (
            say(
                " Moving the budget of channels to cut would bring about {net} of"
                " gross profit at an assumed margin a year.",
                net=net,
            )
            if assumed
            else say(
                " Moving the budget of channels to cut would bring about {net} of"
                " gross profit a year.",
                net=net,
            )
        )
    return text


def _channels(table: pd.DataFrame, verdict: str) -> list[str]:
    return [named(c) for c in table.channel[table.verdict == verdict]]


def headline(table: pd.DataFrame, assumed: bool) -> str:
    """Channels to keep, to cut and stopped; empty where there is none."""
    found = [
        say(text, names=listing(names))
        for verdict, text in SHORT.items()
        if (names := _channels(table, verdict))
    ]
    if not found:
        return ""
    said = joined(found, "; ")
    if assumed:
        return say("Channels: {said} (at an assumed margin)", said=said)
    return say("Channels: {said}", said=said)
