"""What segmentation gives the short editions: renewals, tiers, segments in money, whom to call."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, named, say, term
from playbook.data.book import Book
from playbook.methods.intervals import proportions_p
from playbook.page import section
from playbook.page.contribution import Contribution, ShortEditions, against, bare
from playbook.page.panels import Column, Line, Panel, Rows, Sheet, Tile, bars, dot, variance, words

from .actions.calls import Calls
from .stay.renewals import Renewals
from .stay.retention import Retention
from .value.abc import Abc
from .value.movement import CustomerMovement
from .value.tiers import Tiers

DOUBT = 0.01
BY = later({"tier": "tier", "customer_type": "customer type"})


@section("short-editions")
def director(
    book: Book,
    tiers: Tiers,
    abc: Abc,
    movement: CustomerMovement,
    retention: Retention,
    renewals: Renewals,
    calls: Calls,
) -> ShortEditions:
    """Tiles of renewal and retention, and the page on customers; missing sections leave their
    panels out.
    """
    fmt = book.fmt
    made: list[Panel | None] = [_segments(movement, fmt), _tiers(tiers, fmt), _kept(retention, fmt)]
    made += [_contracts(renewals, fmt), _calls(calls, fmt)]
    panels = tuple(panel for panel in made if panel is not None)
    sheets = ()
    if panels:
        sheets = (
            Sheet(
                "customers",
                _title(renewals, abc, calls, fmt),
                say(
                    "Customers and the yearly value of their contracts, {currency} · as of {as_of}",
                    currency=book.currency,
                    as_of=fmt.text(book.as_of, "date"),
                )
                if abc.status == "ok" and abc.by_contracts
                else say(
                    "Customers and their net sales, {currency} · as of {as_of}",
                    currency=book.currency,
                    as_of=fmt.text(book.as_of, "date"),
                ),
                say("Who is leaving, and who must not?"),
                panels,
            ),
        )
    tiles = [t for t in (_renewal_tile(renewals), _retention_tile(retention)) if t is not None]
    return ShortEditions(
        Contribution(tiles=tuple(tiles), sheets=sheets, todo=_todo(renewals, calls, fmt))
    )


def _title(renewals: Renewals, abc: Abc, calls: Calls, fmt: Formats) -> str:
    parts = []
    if renewals.status == "ok" and len(renewals.windows):
        row = renewals.windows[renewals.windows.window == "year_to_date"]
        row = row if len(row) else renewals.windows.tail(1)
        r = row.iloc[0]
        if r.due:
            parts.append(
                say(
                    "{rate} of the contracts due this year renewed ({renewed} of {due})",
                    rate=fmt.share(r.rate),
                    renewed=fmt.count(r.renewed),
                    due=fmt.count(r.due),
                )
            )
    if abc.status == "ok" and len(abc.table):
        first = abc.table.iloc[0]
        shares = {
            "customer_share": fmt.share(first.customer_share, decimals=0),
            "revenue_share": fmt.share(first.revenue_share, decimals=0),
        }
        parts.append(
            say(
                "{customer_share} of the customers bring {revenue_share} of the contracts' value",
                **shares,
            )
            if abc.by_contracts
            else say(
                "{customer_share} of the customers bring {revenue_share} of the sales", **shares
            )
        )
    if calls.status == "ok" and len(calls.table):
        worth = calls.table.worth.sum()
        whom = {
            "customers": plural(len(calls.table), "customer"),
            "worth": fmt.money(worth, compact=True),
        }
        parts.append(
            say("{customers} to write to, worth {worth} a year", **whom)
            if calls.nobody
            else say("{customers} to call, worth {worth} a year", **whom)
        )
    return joined(parts[:3], "; ") or say("Customers as the book has them")


def _todo(renewals: Renewals, calls: Calls, fmt: Formats) -> str:
    parts = []
    if renewals.status == "ok" and len(renewals.next_due):
        due = renewals.next_due
        parts.append(
            say(
                "Secure the **{contracts} that {en_end} soon** ({annual_value} a year).",
                contracts=plural(len(due), "contract"),
                en_end="ends" if len(due) == 1 else "end",
                annual_value=fmt.money(due.annual_value.sum(), compact=True),
            )
        )
    if calls.status == "ok" and len(calls.table):
        first = calls.table.iloc[0]
        whom = {"name": first["name"], "why": first.why}
        parts.append(
            say("First to write to: **{name}** ({why}).", **whom)
            if calls.nobody
            else say("First to call: **{name}** ({why}).", **whom)
        )
    return joined(parts, " ")


def _renewal_tile(renewals: Renewals) -> Tile | None:
    if renewals.status != "ok":
        return None
    rows = renewals.windows[renewals.windows.window == "month"]
    if rows.empty or not rows.iloc[0].due:
        return None
    row, fmt = rows.iloc[0], renewals.fmt
    known = row.before == row.before and row.before is not None
    n = float(row.due)
    p = proportions_p(row.renewed, n, row.before * n, n) if known else 1.0
    delta = (
        against("ΔPY", row.rate, row.before, fmt, points=True, chance=p > DOUBT)
        if known
        else against("ΔPY", None, None, fmt)
    )
    low, high = (round(float(v) * 100) for v in (row.low, row.high))
    foot = say(
        "{won}/{n} [{low}–{high} %]",
        won=fmt.count(row.renewed),
        n=fmt.count(row.due),
        low=low,
        high=high,
    )
    return Tile("renewal_rate", say("Renewal rate"), fmt.share(row.rate), (delta,), None, foot, 6)


def _retention_tile(retention: Retention) -> Tile | None:
    if retention.status != "ok" or retention.table.empty:
        return None
    row, fmt = retention.table.iloc[-1], retention.fmt
    if row.retention != row.retention:
        return None
    low, high = (round(float(v) * 100) for v in (row.low, row.high))
    foot = say(
        "{kept}/{customers} [{low}–{high} %] in 12 months",
        kept=fmt.count(row.kept),
        customers=fmt.count(row.customers),
        low=low,
        high=high,
    )
    return Tile("retention", say("Customers kept"), fmt.share(row.retention), (), None, foot, 9)


def _segments(movement: CustomerMovement, fmt: Formats) -> Rows | None:
    """Money that left and joined each segment since the last date."""
    if movement.status != "ok" or movement.table.empty:
        return None
    rows = movement.table[~movement.table.state.isin(["new", "gone"])]
    rows = rows[(rows.net_left != 0) | (rows.net_joined != 0) | (rows.end > 0)]
    if rows.empty:
        return None
    low = ("at risk", "cannot lose", "about to sleep", "hibernating", "lost", "dormant")
    lines = []
    for row in rows.head(13).itertuples():
        flip = -1 if row.state in low else 1

        def tone(size: float, flip: int = flip) -> Any:
            return "muted" if size == 0 else "good" if size * flip > 0 else "bad"

        lines.append(
            Line(
                (
                    words(term(row.state)),
                    variance(-row.net_left, bare(fmt, -row.net_left), tone(-row.net_left)),
                    variance(
                        row.net_joined, bare(fmt, row.net_joined, sign=True), tone(row.net_joined)
                    ),
                    words(f"{fmt.count(row.start)} → {fmt.count(row.end)}"),
                    words(bare(fmt, row.net_end), "strong"),
                )
            )
        )
    return Rows(
        say("Segments since {before}, in money", before=fmt.text(movement.before, "date")),
        say("{basis} · joining a segment at risk is drawn as worse", basis=movement.basis),
        (
            Column("", width=1.5),
            Column(say("left"), "delta", 2.0),
            Column(say("joined"), "delta", 2.0),
            Column(say("customers"), "num", 1.1, right=True),
            Column(say("now"), "num", 0.9, right=True),
        ),
        tuple(lines),
        name="segments",
    )


def _tiers(tiers: Tiers, fmt: Formats) -> Rows | None:
    if tiers.status != "ok" or tiers.table.empty or tiers.unset:
        return None
    lines = [
        Line(
            (
                words(fmt.text(row.tier, "tier")),
                words(fmt.count(row.customers)),
                bars(row.customer_share, fmt.share(row.customer_share, decimals=0)),
                bars(row.revenue_share, fmt.share(row.revenue_share, decimals=0)),
            )
        )
        for row in tiers.table.itertuples()
    ]
    first = tiers.table.iloc[0]
    return Rows(
        say(
            "{tier}: {customers} customers, {revenue_share} of the sales",
            tier=fmt.text(first.tier, "tier").capitalize(),
            customers=fmt.count(first.customers),
            revenue_share=fmt.share(first.revenue_share, decimals=0),
        ),
        say("value tiers of the last 12 months"),
        (
            Column("", width=1.1),
            Column("n", "num", 0.6, right=True),
            Column(say("of customers"), "bars", 1.5, scale=(0.0, 1.0)),
            Column(say("of sales"), "bars", 1.5, scale=(0.0, 1.0)),
        ),
        tuple(lines),
        wide=0.5,
        name="tiers",
    )


def _kept(retention: Retention, fmt: Formats) -> Rows | None:
    if retention.status != "ok" or retention.table.empty:
        return None
    rows = retention.table[retention.table.retention.notna()]
    if retention.unset:  # nobody set the tiers
        rows = rows.tail(1)
    if rows.empty:
        return None
    lines = [
        Line(
            (
                words(fmt.text(row.tier, "tier")),
                words(f"{fmt.count(row.kept)}/{fmt.count(row.customers)}", "muted"),
                dot(row.retention, row.low, row.high, fmt.share(row.retention, decimals=0)),
            )
        )
        for row in rows.itertuples()
    ]
    return Rows(
        say("Customers who bought again"),
        say(
            "of those of {label}, in {label_2}, 95 %",
            label=retention.base.label,
            label_2=retention.window.label,
        ),
        (
            Column("", width=1.1),
            Column("", "num", 0.9, right=True),
            Column("", "dot", 2.2, scale=(0.0, 1.0)),
        ),
        tuple(lines),
        wide=0.5,
        name="kept",
    )


def _contracts(renewals: Renewals, fmt: Formats) -> Rows | None:
    if renewals.status != "ok" or renewals.table.empty:
        return None
    rows = renewals.table[renewals.table.due > 0].head(7)
    if rows.empty:
        return None
    lines = [
        Line(
            (
                words(
                    say("{group} ({by})", group=named(row.group), by=say(BY.get(row.by, row.by)))
                    if row.by
                    else named(row.group)
                ),
                words(f"{fmt.count(row.renewed)}/{fmt.count(row.due)}", "muted"),
                dot(row.rate, row.low, row.high, fmt.share(row.rate, decimals=0)),
                words(bare(fmt, row.value_lost), "strong"),
            )
        )
        for row in rows.itertuples()
    ]
    return Rows(
        say("Contracts renewed"),
        say(
            "of those due in {label}, 95 % · lost: a year's value not renewed",
            label=renewals.window.label,
        ),
        (
            Column("", width=2.0),
            Column("", "num", 0.9, right=True),
            Column("", "dot", 3.4, scale=(0.0, 1.0)),
            Column(say("lost"), "num", 0.8, right=True),
        ),
        tuple(lines),
        name="contracts",
    )


def _calls(calls: Calls, fmt: Formats) -> Rows | None:
    if calls.status != "ok" or calls.table.empty:
        return None
    lines = [
        Line(
            (
                words(row["name"]),
                words(term(row["segment"]), "muted"),
                words(row["why"], "muted"),
                words(str(row["owner"] or "–")),
                words(fmt.text(row["due"], "date")),
                words(bare(fmt, row["worth"]), "strong"),
            )
        )
        for row in calls.table.head(10).to_dict("records")
    ]
    return Rows(
        say("The customer to write to first")
        if calls.nobody and len(lines) == 1
        else say("The {lines} customers to write to first", lines=len(lines))
        if calls.nobody
        else say("The customer to call first")
        if len(lines) == 1
        else say("The {lines} customers to call first", lines=len(lines)),
        say("worth: net sales of a year"),
        (
            Column(say("Customer"), width=2.2),
            Column(say("Segment"), width=1.0),
            Column(say("Why"), width=2.6),
            Column(say("Owner"), width=1.2),
            Column(say("Due"), width=1.15),
            Column(say("Worth"), "num", 0.8, right=True),
        ),
        tuple(lines),
        name="calls",
    )
