"""The page of somebody who answers for a part: its people, contracts, deals."""

from __future__ import annotations

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import plural
from playbook.base.months import Month
from playbook.data.book import Book
from playbook.data.measures import people, sales
from playbook.data.measures.names import in_charge
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
from playbook.report.print.pdf_report import shortened

from .work import Person, day, ending, near, open_deals, persons, quarter, to_talk_about

LISTED = 6
NAME = 12.0  # width of a customer's name that stays on one line [em]
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
        panels.append(_contracts(book, ends))
    if len(deals):
        panels.append(_deals(book, deals))
    n = f" · n = {plural(_orders(book), 'order')}" if book.has("orders") else ""
    return Sheet(
        "manager",
        _title(book, label, team),
        f"{label} only · {book.currency}, net of refunds · {book.fmt.text(book.month, 'month')}{n}"
        f" · nobody else's numbers · as of {book.fmt.text(book.as_of, 'date')}",
        "Who needs me this week, and for which deal?",
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
            word = "above plan" if gap >= 0 else "short"
            parts.append(f"{fmt.money(abs(gap), compact=True)} {word}")
    title = ", ".join(parts) or label
    judged = [p for p in team if p.done is not None]
    below = sum((p.done or 0) < 1 for p in judged)
    if judged:
        title += (
            f": {below or 'none'} of {len(judged)} {'is' if below == 1 else 'are'} below their"
            " quarter"
        )
    held = max(team, key=lambda p: p.ending_worth, default=None)
    if held and held.ending_worth and held.done is not None and held.done < 0.5:
        worth = fmt.money(held.ending_worth, compact=True)
        done = fmt.share(held.done, decimals=0)
        title += f", and {worth} of ending contracts rest with the one at {done}"
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
        f"{made or 'None'} of {len(judged)} made their quarter"
        if book.month == last and judged
        else f"{plural(len(judged) or len(shown), 'person', 'people')} in the quarter so far"
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
                    words(f"{bare(fmt, p.open_worth)} ({p.open_deals})" if p.open_deals else "–"),
                    words(
                        f"{bare(fmt, p.ending_worth)} ({p.ending})" if p.ending else "–",
                        "bad" if at_stake else "",
                    ),
                    words("–" if p.visits is None else fmt.count(p.visits)),
                    words(to_talk_about(p, deals, book), "muted"),
                )
            )
        )
    rest = f" · {len(team) - len(shown)} others not shown" if len(team) > len(shown) else ""
    return Rows(
        title,
        f"{fmt.text(first, 'month')} to {fmt.text(book.month, 'month')}, AC inside PL of the whole"
        f" quarter · 13 months on one scale · contracts that end within 3 months, not renewed ·"
        f" visits of the month{rest}",
        (
            Column("", width=1.5),
            Column(fmt.text(book.month, "month").split()[0], "num", 0.7, right=True),
            Column("Quarter: AC, PL", "bars", 2.2),
            Column("%", "num", 0.7, right=True),
            Column("13 months", "spark", 1.2),
            Column("open", "num", 1.15, right=True),
            Column("ending", "num", 1.15, right=True),
            Column("visits", "num", 0.6, right=True),
            Column("to talk about", width=2.4),
        ),
        tuple(lines),
        name="people",
    )


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
                    words(kind),
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
                words("All", "strong"),
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
    title = (
        f"{fmt.money(total - base, compact=True, sign=True)} on last year, most of it {worst[1]}"
        f" ({bare(fmt, worst[0], sign=True)})"
    )
    return Rows(
        title,
        f"Sales of {fmt.text(book.month, 'month')} by kind of order, PY and AC; refunds left out",
        (
            Column("", width=1.0),
            Column("PY, AC", "bars", 2.2),
            Column("AC", "num", 0.8, right=True),
            Column("ΔPY", "num", 0.8, right=True),
        ),
        tuple(lines),
        wide=0.5,
        name="kinds",
    )


def _contracts(book: Book, ends: pd.DataFrame) -> Rows:
    fmt = book.fmt
    names = in_charge(book)
    shown = ends.sort_values("worth", ascending=False, kind="stable").head(LISTED)
    shown = shown.sort_values(["end", "contract_id"], kind="stable")
    worth = fmt.money(ends.worth.sum(), compact=True)
    until = fmt.text(Month.of(ends["end"].max().date()), "month")
    lines = tuple(
        Line(
            (
                words(shortened(r.customer, NAME)),
                words(names.get(r.rep_id, "") if isinstance(r.rep_id, str) else ""),
                words(near(r.end, book)),
                bars(r.worth, ""),
                words(bare(fmt, r.worth), "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        f"{plural(len(ends), 'contract')} of {worth} a year {'end' if len(ends) > 1 else 'ends'} by"
        f" {until}",
        f"The {len(shown)} largest, not renewed on {fmt.text(book.as_of, 'date')}",
        (
            Column("", width=2.7),
            Column("", width=1.3),
            Column("", width=0.9),
            Column("", "bars", 0.7),
            Column("", "num", 0.7, right=True),
        ),
        lines,
        wide=0.5,
        name="ending",
    )


def _deals(book: Book, deals: pd.DataFrame) -> Rows:
    fmt, shown, names = book.fmt, deals.head(LISTED), in_charge(book)
    total = float(deals.worth.fillna(0).sum())
    title = f"Pipeline {fmt.money(total, compact=True)} in {plural(len(deals), 'deal')}"
    if total and len(deals) > len(shown):
        part = float(shown.worth.fillna(0).sum()) / total
        title += f"; the {len(shown)} largest carry {fmt.share(part, decimals=0)} of it"
    lines = tuple(
        Line(
            (
                words(r.opportunity_id, "strong"),
                words(shortened(r.customer, NAME) or "–"),
                words(r.product_line if isinstance(r.product_line, str) else "–"),
                words(r.stage if isinstance(r.stage, str) else "–"),
                words(fmt.text(day(r.expected_close), "date") if day(r.expected_close) else "–"),
                words(names.get(r.rep_id, "–") if isinstance(r.rep_id, str) else "–"),
                bars(r.worth, ""),
                words(bare(fmt, r.worth) if r.worth == r.worth else "–", "strong"),
            )
        )
        for r in shown.itertuples()
    )
    return Rows(
        title,
        "The largest open deals · expected amounts, not weighted",
        (
            Column("Deal", width=0.8),
            Column("Customer", width=2.0),
            Column("Line", width=1.1),
            Column("Stage", width=1.1),
            Column("Expected", width=1.1),
            Column("Owner", width=1.3),
            Column("", "bars", 1.3),
            Column("", "num", 0.8, right=True),
        ),
        lines,
        name="deals",
    )
