"""The page of somebody who answers for a part: its people, contracts, deals."""

from __future__ import annotations

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import joined, plural
from playbook.base.language import language, named, say
from playbook.data.book import Book
from playbook.data.measures import people, sales
from playbook.data.measures.plan import plan_of
from playbook.data.measures.splits import has_split, split_months
from playbook.page.contribution import against, bare
from playbook.page.panels import (
    Column,
    Line,
    Panel,
    Rows,
    Sheet,
    Spark,
    Tone,
    bars,
    spark,
    words,
)

from .manager_lists import contract_rows, deal_rows
from .work import Person, ending, open_deals, persons, quarter, to_talk_about

MOST = 12  # people on one page


def manager_sheet(book: Book, label: str, seen: tuple[str, ...] = ()) -> Sheet:
    """The page on a part called ``label``; tiles and what to do are added when chapters have
    run.
    """
    team, deals, ends = persons(book), open_deals(book), ending(book)
    panels: list[Panel] = []
    if team:
        panels.append(_people(book, team, deals))
    if book.has("orders", "amount") and has_split(book, "kind"):
        panels.append(_kinds(book))
    if len(ends):
        panels.append(contract_rows(book, ends))
    if len(deals):
        panels.append(deal_rows(book, deals))
    n = f" · n = {plural(_orders(book), 'order')}" if book.has("orders") else ""
    return Sheet(
        "manager",
        _title(book, label, team),
        say(
            "{label} only · {currency}, net of refunds · {month}{n} · nobody"
            " else's numbers · as of {as_of}",
            label=label,
            currency=book.currency,
            month=book.fmt.text(book.month, "month"),
            n=n,
            as_of=book.fmt.text(book.as_of, "date"),
        ),
        say("Who needs me this week, and for which deal?"),
        tuple(panels),
    )


def head_of(book: Book) -> str:
    """The name of the one who manages the most people of the book; empty where nobody is named."""
    known = people.reps(book)
    managed = known["manager_id"].dropna() if len(known) else pd.Series(dtype=str)
    there = managed[managed.isin(set(known["rep_id"]))]
    names = people.names(known) if len(known) else {}
    if there.empty:
        heads = known[known["role"].fillna("").str.contains("manager", case=False)]
        heads = heads[heads["left"].isna()] if len(heads) else heads
        return names.get(heads.rep_id.iloc[0], "") if len(heads) == 1 else ""
    counts = there.value_counts()
    return names.get(sorted(counts[counts == counts.max()].index)[0], "")


def _orders(book: Book) -> int:
    frame = sales.monthly(book)
    return int(frame.loc[frame["month"] == book.month, "orders"].sum())


def _title(book: Book, label: str, team: list[Person]) -> str:
    fmt = book.fmt
    parts = []
    if book.has("orders", "amount"):
        frame = sales.monthly(book)
        now = float(frame.loc[frame["month"] == book.month, "amount"].sum())
        parts.append(f"{label} {fmt.money(now, compact=True)}")
        plan = _month_plan(book)
        if plan:
            gap = now - plan
            size = fmt.money(abs(gap), compact=True)
            parts.append(
                say("{size} above plan", size=size) if gap >= 0 else say("{size} short", size=size)
            )
    title = joined(parts) or label
    judged = [p for p in team if p.done is not None]
    below = sum((p.done or 0) < 1 for p in judged)
    if below:
        title += say(
            ": {below} of {n} {en_are} below their quarter",
            below=below,
            n=len(judged),
            en_are="is" if below == 1 else "are",
        )
    elif judged:
        title += say(": none of {n} are below their quarter", n=len(judged))
    held = max(team, key=lambda p: p.ending_worth, default=None)
    if held and held.ending_worth and held.done is not None and held.done < 0.5:
        worth = fmt.money(held.ending_worth, compact=True)
        done = fmt.share(held.done, decimals=0)
        title += say(
            ", and {worth} of ending contracts rest with the one at {done}", worth=worth, done=done
        )
    return title


def _month_plan(book: Book) -> float | None:
    try:
        return plan_of(book).months("sales").get(book.month)
    except NotAvailable:
        return None


def _people(book: Book, team: list[Person], deals: pd.DataFrame) -> Rows:
    fmt, shown = book.fmt, team[:MOST]
    top = max([0.0, *(v or 0.0 for p in shown for v in p.months)])
    judged = [p for p in shown if p.done is not None]
    made = sum((p.done or 0) >= 1 for p in judged)
    first, last = quarter(book)
    title = (
        _made(made, len(judged))
        if book.month == last and judged
        else say(
            "{people} in the quarter so far",
            people=plural(len(judged) or len(shown), "person", "people"),
        )
    )
    lines = []
    for p in shown:
        tone: Tone = (
            "" if p.done is None else "good" if p.done >= 1 else "bad" if p.done < 0.8 else "strong"
        )
        at_stake = p.ending_worth and p.done is not None and p.done < 0.5
        lines.append(
            Line(
                (
                    words(p.name, "strong"),
                    words(bare(fmt, p.month)),
                    bars(p.quarter, "", plan=p.plan),
                    words("–" if p.done is None else fmt.share(p.done, decimals=0), tone),
                    spark(Spark(p.months), (0.0, top or 1.0)),
                    words(
                        say("{worth} ({n})", worth=bare(fmt, p.open_worth), n=p.open_deals)
                        if p.open_deals
                        else "–"
                    ),
                    words(
                        say("{worth} ({n})", worth=bare(fmt, p.ending_worth), n=p.ending)
                        if p.ending
                        else "–",
                        "bad" if at_stake else "",
                    ),
                    words("–" if p.visits is None else fmt.count(p.visits)),
                    words(to_talk_about(p, deals, book), "muted"),
                )
            )
        )
    rest = (
        say(" · {n} others not shown", n=len(team) - len(shown)) if len(team) > len(shown) else ""
    )
    return Rows(
        title,
        say(
            "{first} to {month}, AC inside PL of the whole quarter · 13 months"
            " on one scale · contracts that end within 3 months, not renewed ·"
            " visits of the month{rest}",
            first=fmt.text(first, "month"),
            month=fmt.text(book.month, "month"),
            rest=rest,
        ),
        (
            Column("", width=1.5),
            Column(_short_month(book), "num", 0.7, right=True),
            Column(say("Quarter: AC, PL"), "bars", 2.2),
            Column("%", "num", 0.7, right=True),
            Column(say("13 months"), "spark", 1.2),
            Column(say("open", context="pipeline"), "num", 1.15, right=True),
            Column(say("ending", context="contracts"), "num", 1.15, right=True),
            Column(say("visits"), "num", 0.6, right=True),
            Column(say("to talk about"), width=2.4),
        ),
        tuple(lines),
        name="people",
    )


def _made(made: int, of: int) -> str:
    if not made:
        return say("None of {n} made their quarter", n=of)
    return say("{made} of {n} made their quarter", made=made, n=of)


def _short_month(book: Book) -> str:
    text = book.fmt.text(book.month, "month")
    return text.split()[0] if language() == "en" else text


def _tone(done: float | None) -> Tone:
    if done is None:
        return ""
    return "good" if done >= 1 else "bad" if done < 0.8 else "strong"


def _kinds(book: Book) -> Rows:
    fmt = book.fmt
    frame = split_months(book, ("kind",))
    now = frame[frame["month"] == book.month].set_index("kind")["amount"].astype(float)
    before = frame[frame["month"] == book.month - 12].set_index("kind")["amount"].astype(float)
    kinds = sorted({*now.index, *before.index}, key=lambda k: -now.get(k, 0.0))
    lines = []
    for kind in kinds:
        delta = against("", now.get(kind, 0.0), before.get(kind), fmt)
        gap = now.get(kind, 0.0) - before.get(kind, 0.0)
        lines.append(
            Line(
                (
                    words(named(kind)),
                    bars(now.get(kind, 0.0), "", before=before.get(kind, 0.0)),
                    words(bare(fmt, now.get(kind, 0.0)), "strong"),
                    words(bare(fmt, gap, sign=True), delta.tone if delta.size is not None else ""),
                )
            )
        )
    total, base = float(now.sum()), float(before.sum())
    tone: Tone = "good" if total >= base else "bad"
    lines.append(
        Line(
            (
                words(say("All"), "strong"),
                words(""),
                words(bare(fmt, total), "strong"),
                words(bare(fmt, total - base, sign=True), tone),
            ),
            style="total",
        )
    )
    lines[-1] = Line((lines[-1].cells[0], bars(None, ""), *lines[-1].cells[2:]), style="total")
    moved = [(now.get(k, 0.0) - before.get(k, 0.0), k) for k in kinds]
    worst = min(moved) if total < base else max(moved)
    title = say(
        "{total} on last year, most of it {kind} ({change})",
        total=fmt.money(total - base, compact=True, sign=True),
        kind=named(worst[1]),
        change=bare(fmt, worst[0], sign=True),
    )
    return Rows(
        title,
        say(
            "Sales of {month} by kind of order, PY and AC; refunds left out",
            month=fmt.text(book.month, "month"),
        ),
        (
            Column("", width=1.0),
            Column(say("PY, AC"), "bars", 2.2),
            Column(say("AC"), "num", 0.8, right=True),
            Column(say("ΔPY"), "num", 0.8, right=True),
        ),
        tuple(lines),
        wide=0.5,
        name="kinds",
    )
