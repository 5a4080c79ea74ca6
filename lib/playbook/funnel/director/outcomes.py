"""Panels of the funnel's page on what came of leads and deals: indicators, channels, losses."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import named, say, term
from playbook.funnel.meeting.dashboard import Dashboard
from playbook.funnel.meeting.words import indicator_word
from playbook.funnel.money.channels import Channels
from playbook.funnel.steps.stuck import StuckDeals
from playbook.funnel.talk.objections import UNKNOWN
from playbook.funnel.talk.reasons import Reasons
from playbook.page.contribution import bare
from playbook.page.panels import (
    Column,
    Line,
    Multiple,
    Multiples,
    Rows,
    Spark,
    bars,
    dot,
    words,
)

SHOWN = ("leads", "visits", "match rate", "won of decided", "CAC, three months", "LTV")


def indicators_panel(dashboard: Dashboard, fmt: Formats) -> Multiples | None:
    if dashboard.status != "ok":
        return None
    items = []
    tones: dict[str, Any] = {"better": "good", "worse": "bad", "unusual": "warn"}
    for name in SHOWN:
        rows = dashboard.table[dashboard.table.indicator == name]
        if rows.empty or name not in dashboard.series or rows.value.isna().any():
            continue
        row = rows.iloc[0]
        values = tuple(None if v != v else float(v) for v in dashboard.series[name])
        usual = (float(row.low), float(row.high)) if row.low == row.low else None
        compact, word = row.unit == "money", indicator_word(name)
        items.append(
            Multiple(
                word[:1].upper() + word[1:],
                fmt.text(row.value, row.unit, compact=compact),
                Spark(values, usual=usual, columns=False),
                term(row.alert),
                tones.get(row.alert, "muted"),
            )
        )
    if len(items) < 2:
        return None
    return Multiples(
        say("Indicators against their own range"),
        say("thirteen months; grey: where a month lies unless something changed"),
        tuple(items[:4]),
        shared=False,
        wide=0.44,
        across=2,
    )


def channels_panel(channels: Channels, fmt: Formats) -> Rows | None:
    if channels.status != "ok" or channels.table.empty:
        return None
    rows = channels.table
    paid = rows[rows.cost.notna() & (rows.cost > 0)].sort_values("roi", ascending=False)
    if paid.empty:
        return None
    tones: dict[str, Any] = {"keep": "good", "cut": "bad"}
    lines = []
    for row in paid.head(8).to_dict("records"):
        known = row["match_rate"] == row["match_rate"]
        lines.append(
            Line(
                (
                    words(named(row["channel"])),
                    words(fmt.count(row["leads"])),
                    bars(
                        row["match_rate"] if known else None,
                        fmt.share(row["match_rate"], decimals=0) if known else "–",
                    ),
                    words(fmt.count(row["new"])),
                    words(bare(fmt, row["cac"])),
                    dot(
                        row["roi"],
                        row.get("roi_low"),
                        row.get("roi_high"),
                        fmt.text(row["roi"], "ratio", decimals=1),
                        "" if row["verdict"] == "keep" else "chance",
                    ),
                    words(term(row["verdict"]), tones.get(row["verdict"], "muted")),
                )
            )
        )
    keep = int((paid.verdict == "keep").sum())
    return Rows(
        say("{keep} of {rows} channels with a cost earn it back", keep=keep, rows=len(paid)),
        say(
            "{span} · return = gross profit of the wins ÷ cost, 95 % · {margin}",
            span=channels.span,
            margin=channels.margin,
        ),
        (
            Column("", width=1.7),
            Column(say("leads"), "num", 0.6, right=True),
            Column(say("need matched"), "bars", 1.6, scale=(0.0, 1.0)),
            Column(say("new customers"), "num", 0.8, right=True),
            Column(say("cost of one"), "num", 0.8, right=True),
            Column(say("return on cost"), "dot", 2.6, mark=1.0),
            Column("", width=1.0, right=True),
        ),
        tuple(lines),
        name="channels",
    )


def losses_panel(reasons: Reasons, fmt: Formats) -> Rows | None:
    if reasons.status != "ok" or reasons.losses.empty:
        return None
    rows: pd.DataFrame = reasons.losses.head(5)
    first = rows.iloc[0]
    lines = [
        Line(
            (
                words(named(row.reason)),
                bars(
                    row.share,
                    fmt.share(row.share),
                    before=row.before if row.before == row.before else None,
                ),
            )
        )
        for row in rows.itertuples()
    ]
    n = int(reasons.losses.n.sum())
    return Rows(
        say(
            "Lost: {reason} first, {share}",
            reason=named(first.reason),
            share=fmt.share(first.share, decimals=0),
        ),
        say(
            "share of {lost_deals}, 12 months (AC) against the year before (PY)",
            lost_deals=plural(n, "lost deal"),
        ),
        (Column("", width=1.2), Column("", "bars", 2.0)),
        tuple(lines),
        wide=0.5,
        name="losses",
    )


def objections_panel(reasons: Reasons, fmt: Formats) -> Rows | None:
    if reasons.status != "ok" or reasons.objections.empty:
        return None
    rows = reasons.objections
    rows = rows[rows.rate.notna() & (rows.n >= 10)].head(6)
    if len(rows) < 2:
        return None
    lines = [
        Line(
            (
                words(named(row.objection)),
                words(f"n = {fmt.count(row.n)}", "muted"),
                dot(row.rate, row.low, row.high, fmt.share(row.rate, decimals=0)),
            )
        )
        for row in rows.itertuples()
    ]
    none = rows[rows.objection == UNKNOWN]
    mark = float(none.rate.iloc[0]) if len(none) else None
    title = (
        say("Without an objection {mark} are won", mark=fmt.share(mark, decimals=0))
        if mark is not None
        else say("Won after an objection")
    )
    return Rows(
        title,
        say("won ÷ decided of deals in {stage}, 12 months, 95 %", stage=reasons.stage),
        (
            Column("", width=1.4),
            Column("", "num", 0.7, right=True),
            Column("", "dot", 2.0, scale=(0.0, 1.0), mark=mark),
        ),
        tuple(lines),
        wide=0.5,
        name="objections",
    )


def stuck_panel(stuck: StuckDeals, fmt: Formats) -> Rows | None:
    if stuck.status != "ok" or stuck.table.empty:
        return None
    lines = []
    for row in stuck.table.head(5).to_dict("records"):
        who = named(row.get("customer") or row["opportunity_id"])
        state = (
            (
                say("past its day by {late}", late=fmt.text(row["late"], "days"))
                if row["late"] > 0
                else say(
                    "expected on {date}, still in {stage}",
                    date=fmt.text(pd.Timestamp(row["expected_close"]).date(), "date"),
                    stage=row["stage"],
                )
            )
            if row["overdue"]
            else say(
                "{days} in {stage}, limit {limit}",
                days=fmt.text(row["days"], "days"),
                stage=row["stage"],
                limit=fmt.text(row["limit"], "days"),
            )
            if row["stuck"] and row["limit"] == row["limit"]
            else say("due soon, still in {stage}", stage=row["stage"])
        )
        lines.append(
            Line(
                (
                    words(
                        say(
                            "{who} {opportunity_id}: {state}",
                            who=who,
                            opportunity_id=row["opportunity_id"],
                            state=state,
                        )
                    ),
                    words(named(row.get("owner") or "–")),
                    words(fmt.text(row["due"], "date")),
                    words(fmt.money(row["expected"], compact=True), "strong"),
                )
            )
        )
    return Rows(
        say(
            "{open_deals} stuck, {overdue} past their day",
            open_deals=plural(int(stuck.stuck), "open deal"),
            overdue=fmt.count(stuck.overdue),
        )
        if stuck.overdue
        else say("{open_deals} stuck", open_deals=plural(int(stuck.stuck), "open deal")),
        say("stuck = longer in its stage than four of five deals that got on"),
        (
            Column("", width=4.0),
            Column(say("Owner"), width=1.2),
            Column(say("Due"), width=0.8),
            Column(say("Amount"), "num", 0.9, right=True),
        ),
        tuple(lines),
        name="stuck",
    )
