"""Actions proposed from the page's findings: what, who answers for it in the book, by which working
day, what it is worth, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import later, named, say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of, step_counts
from playbook.data.measures.people import reps
from playbook.data.measures.process import manager_of, managers
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.performance import Performance
from playbook.funnel.money.price_ladder import LadderCheck
from playbook.funnel.places.bottleneck import Bottleneck
from playbook.funnel.places.cause_list import DISCOUNT, MATCH, SIZE
from playbook.funnel.places.causes import Causes
from playbook.funnel.places.dimensions import home
from playbook.funnel.places.place import began
from playbook.funnel.stand_ins import LEAD, NOT_NAMED
from playbook.funnel.steps.cycle import Cycle
from playbook.funnel.steps.stuck import StuckDeals
from playbook.page import Action

from .windows import bounds
from .working_days import working_day_after

DAYS = {"month": 10, "deal": 5}  # working days an action of each size is given
MOST = {"places": 3, "regions": 2, "slow": 2, "deals": 3, "causes": 3}
TO_DO = {
    SIZE: later("Find out why deals of {where} are smaller: who is visited, what is offered"),
    DISCOUNT: later("Go through the discounts of {where}: agree beforehand what may be given"),
    MATCH: later("Ask for the need before a deal of {where} is opened"),
}


def proposals(given: dict, book: Book) -> tuple[Action, ...]:
    """From the results by their type; any may be missing."""
    due, heads = working_day_after(book, DAYS["month"]), managers(book)
    found: list[Action] = []
    stopped = (
        set(given[Channels].table.channel[given[Channels].table.verdict == "stopped"])
        if Channels in given
        else set()
    )
    if Bottleneck in given:
        found += _places(given[Bottleneck], stopped, due, heads, book)
    if Cycle in given:
        found += _slow(given[Cycle], stopped, due, heads, book)
    if Causes in given:
        found += _causes(given[Causes], stopped, due, heads, book)
    if Channels in given:
        found += _channels(given[Channels], due, heads, book)
    if Performance in given:
        found += _regions(given[Performance], due, heads)
    if LadderCheck in given:
        found += _discounts(given[LadderCheck], due, book)
    if StuckDeals in given:
        found += _deals(given[StuckDeals], working_day_after(book, DAYS["deal"]))
    return tuple(found)


def _places(
    found: Bottleneck, stopped: set[str], due: date, heads: dict[str, str], book: Book
) -> Iterator[Action]:
    """Places that fell behind; channels already stopped need no review."""
    gone = _left(book)
    rows = [
        row
        for row in found.places.to_dict("records")
        if row["by"].get("channel") not in stopped and row["by"].get("rep") not in gone
    ]
    for row in rows[: MOST["places"]]:
        owner = (
            _manager(book, row["by"]["rep"])
            if "rep" in row["by"]
            else heads.get(row["region"] or "")
        )
        why = say(
            "{rate} pass, {expected} expected; {began}",
            rate=book.fmt.share(row["rate"]),
            expected=book.fmt.share(row["expected"]),
            began=began(row, book.fmt),
        )
        yield Action(
            say(
                "Review {step} at {where}: sit in on deals, find what differs from its peers",
                step=row["step"],
                where=row["where"],
            ),
            owner or LEAD,
            due,
            why,
            row["worth"],
        )


def _causes(
    found: Causes, stopped: set[str], due: date, heads: dict[str, str], book: Book
) -> Iterator[Action]:
    """Members with smaller deals, more discount or fewer matches; places and slow stages have
    actions of their own.
    """
    gone = _left(book)
    rows = [
        row
        for row in found.table.to_dict("records")
        if row["measure"] in TO_DO
        and row["by"].get("channel") not in stopped
        and row["by"].get("rep") not in gone
    ]
    for row in rows[: MOST["causes"]]:
        dimension, member = next(iter(row["by"].items()))
        yield Action(
            say(TO_DO[row["measure"]], where=row["where"]),
            _answers_for(dimension, member, heads, book) or LEAD,
            due,
            row["what"],
            row["worth"],
        )


def _slow(
    found: Cycle, stopped: set[str], due: date, heads: dict[str, str], book: Book
) -> Iterator[Action]:
    """Members whose deals stay longer in a stage than the rest's beyond chance; no worth, for a
    late win is not a lost one.
    """
    fmt, gone = book.fmt, _left(book)
    rows = [
        row
        for row in found.slow.to_dict("records")
        if not (row["dimension"] == "channel" and row["member"] in stopped)
        and not (row["dimension"] == "rep" and row["member"] in gone)
    ]
    for row in rows[: MOST["slow"]]:
        yield Action(
            say(
                "Go through the deals of {label} in {stage}: find what they wait for",
                label=row["label"],
                stage=row["stage"],
            ),
            _answers_for(row["dimension"], row["member"], heads, book) or LEAD,
            due,
            say(
                "they leave it {ratio} as slowly as those of the rest [{low}]",
                ratio=fmt.text(row["ratio"], "ratio"),
                low=fmt.interval(row["low"], row["high"], "ratio"),
            ),
        )


def _answers_for(dimension: str, member: str, heads: dict[str, str], book: Book) -> str | None:
    """Name of who answers for a member: a rep's manager, a region's head; None for others."""
    if dimension == "rep":
        return _manager(book, member)
    region = home_of(book, member) if dimension == "channel" else member
    return heads.get(region or "") if dimension in ("region", "channel") else None


def _channels(found: Channels, due: date, heads: dict[str, str], book: Book) -> Iterator[Action]:
    for row in found.table[found.table.verdict == "cut"].to_dict("records"):
        yield Action(
            say("Stop or rework the channel {channel}", channel=row["channel"]),
            heads.get(home_of(book, row["channel"]) or "", LEAD),
            due,
            say("ROI {roi}, {why}", roi=book.fmt.text(row["roi"], "ratio"), why=row["why"]),
            row["running"] * 4 * (1 - row["roi"]),
        )


def _regions(found: Performance, due: date, heads: dict[str, str]) -> Iterator[Action]:
    """Regions below target (last year without targets) by more than chance gives."""
    rows = found.table[(found.table.window == found.window) & (found.table.dimension == "region")]
    rows = rows[rows.member.map(lambda member: ("region", member) in found.beyond).astype(bool)]
    short = rows.gap if rows.gap.notna().any() else rows.actual - rows.last_year
    rows = rows.assign(short=short)[short < 0].sort_values(["short", "label"])
    for row in rows.head(MOST["regions"]).itertuples():
        yield Action(
            say("Recovery plan for {label}", label=row.label),
            heads.get(row.member, LEAD),
            due,
            row.reason,
            -row.short,
        )


def _discounts(found: LadderCheck, due: date, book: Book) -> Iterator[Action]:
    """Those still here who go beyond the firm's own ladder by more than chance gives."""
    gone = _left(book)
    for top in found.named[~found.named.rep_id.isin(gone)].itertuples():
        yield Action(
            say(
                "Go through the discounts of {label}: what goes beyond the ladder is"
                " agreed before it is offered",
                label=top.label,
            ),
            _manager(book, top.rep_id) or LEAD,
            due,
            say(
                "{beyond} of the priced orders beyond the ladder",
                beyond=book.fmt.rate(top.beyond, top.deals),
            ),
            float(top.leak),
        )


def _left(book: Book) -> set[str]:
    """Reps who have left by the as-of date."""
    people = reps(book)
    return set(people.rep_id[people.left <= pd.Timestamp(book.as_of)])


def _manager(book: Book, rep: str) -> str | None:
    """Name of a rep's manager if that one is still here; else of who answers for the region."""
    people = reps(book).set_index("rep_id")
    boss = people.manager_id.get(rep)
    who = boss if isinstance(boss, str) else rep
    if who not in _left(book):
        return manager_of(book, rep)
    return managers(book).get(people.region.get(rep) or "")


def _deals(found: StuckDeals, due: date) -> Iterator[Action]:
    rows = found.table[found.table.worth > 0].head(MOST["deals"])
    for row in rows.to_dict("records"):
        yield Action(
            say(
                "Decide the next step of deal {opportunity_id}",
                opportunity_id=row["opportunity_id"],
            )
            if row["customer"] == NOT_NAMED
            else say(
                "Decide the next step of deal {opportunity_id} ({customer})",
                opportunity_id=row["opportunity_id"],
                customer=named(row["customer"]),
            ),
            row["owner"],
            min(row["due"], due),
            row["why"],
            row["worth"],
        )
    late = found.stuck + found.overdue
    older = {
        "deals": plural(found.dead, "deal"),
        "en_are": "is" if found.dead == 1 else "are",
    }
    if rows.empty and not late and found.dead:
        yield Action(
            say("Go through the oldest open deals: agree the next step of each, or close it"),
            LEAD,
            due,
            say("{deals} {en_are} older than any that ever advanced", **older)
            if found.timed
            else say("{deals} {en_are} older than any was when it was won", **older),
        )
    if rows.empty and late:
        yield Action(
            say(
                "Go through the open deals that are stuck or overdue, the oldest"
                " first: agree the next step of each, or close it"
            ),
            LEAD,
            due,
            say("{stuck} stuck, {overdue} overdue", stuck=found.stuck, overdue=found.overdue)
            + ("" if found.priced else say(", none with an amount to rank them by")),
        )


def home_of(book: Book, channel: str) -> str | None:
    """The region most of a channel's deals of the last 12 months belong to."""
    deals = deals_of(book)
    if not {"region", "channel"} <= set(deals.dimensions):
        return None
    rows = step_counts(deals, 0, 1, by=["region", "channel"], days=False)
    return home(rows, {"channel": channel}, bounds(book, "trailing_12m")[0])
