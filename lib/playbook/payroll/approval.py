"""What the person who approves a payroll looks at: the sum, what changed since the last close, what
is not paid, and what to look into. As blocks of texts: the terminal and the page show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.pay.items import item_said

from .close import Closing
from .frozen import Json
from .words import words

TABLED = 40  # rows of a table on the approval page; lines.csv has them all


@dataclass(frozen=True)
class Block:
    """A titled table of texts, or a list of sentences where it has no head. align: l or r per
    column. more: rows left out.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str = ""
    more: int = 0


def approval(found: Closing) -> list[Block]:
    """The approval page of a month."""
    w, fmt, minor = words(found.book.settings.book.language), found.book.fmt, found.minor

    def money(units: int, *, sign: bool = False) -> str:
        return fmt.text(Decimal(units).scaleb(-minor), "money.exact", sign=sign)

    before = found.before[-1].record if found.before else None
    totals, last = found.record["totals"], before["totals"] if before else {}
    sums = tuple(
        (w[key], money(totals[key]), money(last[key]) if before else "–")
        for key in ("month", "prior", "adjustments", "carried_in", "due", "payable", "carried_out")
    )
    heads = (w["what"], fmt.text(str(found.month), "month"), w["last_close"])
    blocks = [Block(w["payroll"], heads, sums, "lrr"), _people(found, before, money, w)]
    prior = tuple(
        (
            found.earned.past.name(line.rep_id),
            fmt.text(line.date[:7], "month"),
            line.order_id or line.adjustment_id or item_said(line.item),
            money(line.before),
            money(line.after),
            money(line.pay, sign=True),
            line.why,
        )
        for line in sorted(found.prior, key=lambda line: (-abs(line.pay), line.key))
    )
    if prior:
        head = tuple(w[k] for k in ("rep", "month_of", "line", "was", "is", "pays", "why"))
        title = say(
            "{title} ({amount})",
            title=w["prior_title"],
            amount=money(sum(line.pay for line in found.prior), sign=True),
        )
        blocks.append(Block(title, head, prior[:TABLED], "lllrrrl", _more(prior)))
    if changed := _plans(found, before, w):
        blocks.append(Block(w["plans_changed"], (), tuple((one,) for one in changed)))
    pending = found.pending
    if len(pending):
        rows = tuple(
            (
                r.adjustment_id,
                found.earned.past.name(r.rep_id),
                fmt.text(str(r.date)[:7], "month"),
                fmt.text(r.amount, "money.exact", sign=True),
                r.reason,
                r.asked_by or "–",
            )
            for r in pending.itertuples(index=False)
        )
        head = tuple(
            w[k] for k in ("adjustment", "rep", "month_of", "amount", "reason", "asked_by")
        )
        blocks.append(Block(w["pending_title"], head, rows[:TABLED], "lllrll", _more(rows)))
    if found.record["exceptions"]:
        blocks.append(
            Block(w["exceptions"], (), tuple((one,) for one in found.record["exceptions"]))
        )
    return blocks


def _more(rows: tuple[tuple[str, ...], ...]) -> int:
    return max(len(rows) - TABLED, 0)


def _people(found: Closing, before: Json | None, money, w: dict[str, str]) -> Block:
    """Everybody whose payment is not what it was, the largest difference first."""
    last = {row["rep_id"]: row["payable"] for row in before["reps"]} if before else {}
    rows = [
        (row.rep_id, row.payable, last.get(row.rep_id, 0))
        for row in found.rows
        if row.payable != last.get(row.rep_id, 0)
    ]
    rows.sort(key=lambda row: (-abs(row[1] - row[2]), row[0]))
    shown = tuple(
        (found.earned.past.name(rep), money(now), money(was), money(now - was, sign=True))
        for rep, now, was in rows
    )
    head = (w["rep"], w["payable"], w["last_close"], w["difference"])
    return Block(w["people_title"], head, shown[:TABLED], "lrrr", _more(shown))


def _plans(found: Closing, before: Json | None, w: dict[str, str]) -> list[str]:
    """Plans that are new, gone or say something else since the last close."""
    if before is None:
        return []
    old, new = before["plans"], found.record["plans"]
    made = [
        say(
            "{name}: {plan_new}: {terms}",
            name=name,
            plan_new=w["plan_new"],
            terms=new[name]["terms"],
        )
        for name in new
        if name not in old
    ]
    made += [
        say("{name}: {plan_gone}", name=name, plan_gone=w["plan_gone"])
        for name in old
        if name not in new
    ]
    for name in new:
        if name in old and old[name]["checksum"] != new[name]["checksum"]:
            was, now = old[name]["terms"], new[name]["terms"]
            what = f"{was} → {now}" if was != now else w["plan_other"]
            made.append(say("{name}: {what}", name=name, what=what))
    return made


def as_text(blocks: list[Block]) -> str:
    """The approval page for a terminal."""
    parts = []
    for block in blocks:
        lines = [block.title, *("  " + " · ".join(row) for row in [block.head, *block.rows] if row)]
        if block.more:
            lines.append(
                say("  … {more_rows} in lines.csv", more_rows=plural(block.more, "more row"))
            )
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def headline(found: Closing, fmt: Formats) -> str:
    """One line: what is paid to how many."""
    totals = found.record["totals"]
    paid = fmt.text(Decimal(totals["payable"]).scaleb(-found.minor), "money.exact")
    count = sum(row.payable != 0 for row in found.rows)
    return say(
        "{month}: {paid} to {reps}",
        month=fmt.text(str(found.month), "month"),
        paid=paid,
        reps=plural(count, "rep"),
    )
