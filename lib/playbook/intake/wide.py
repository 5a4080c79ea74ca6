"""Sheets that run across: a column per month, region or person instead of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from playbook.base.language import say

from .files import Found
from .headers import likeness, normal, table_likeness
from .plan import Line, TablePlan

MONTH_WORDS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july"
    "|august|september|october|november|december"
)
# headers that are a period: 2023-01, 2023年1月, 202301, Jan 2023, Jan-23, Q1 2023, 2023, 1月, Jan
DATED = re.compile(
    rf"((19|20)\d{{2}}[-/.年 ]?(0?[1-9]|1[0-2])月?|(19|20)\d{{2}}[- ]?q[1-4]"
    rf"|q[1-4][- ]?(19|20)\d{{2}}"
    rf"|({MONTH_WORDS})[-' ]*((19|20)?\d{{2}})|(19|20)\d{{2}}年?)",
    re.IGNORECASE,
)
BARE = re.compile(
    rf"((1[0-2]|0?[1-9])月|{MONTH_WORDS}|[一二三四五六七八九十]{{1,2}}月)", re.IGNORECASE
)
TOTALS = re.compile(r"(grand )?totals?|sum|ytd|合计|总计|小计|全年|累计", re.IGNORECASE)
LEAST = 3  # period columns that make a sheet wide
YEARS = re.compile(r"(19|20)\d{2}")


@dataclass(frozen=True)
class Wide:
    """The period columns of a sheet, and whether they say their year."""

    headers: tuple[str, ...]
    dated: bool


def wide_columns(found: Found) -> Wide | None:
    """The columns that are periods, where there are at least three and they hold numbers."""
    for pattern, dated in ((DATED, True), (BARE, False)):
        hits = [
            c.name
            for c in found.columns
            if pattern.fullmatch(c.name.strip()) and (not len(c.filled) or c.numbers > 0.9)
        ]
        if len(hits) >= LEAST:
            return Wide(tuple(hits), dated)
    return None


def planned_wide(found: Found) -> TablePlan | None:
    """A month sheet as targets, or as sales where its name does not speak of targets; None where
    the file is not wide.
    """
    wide = wide_columns(found)
    if wide is None:
        return None
    named = table_likeness(f"{found.path.stem} {found.settings.sheet}")
    target = named.get("targets", 0) > 0
    cost = not target and named.get("channel_costs", 0) > 0
    table = "targets" if target else "channel_costs" if cost else "orders"
    value = {"targets": "target", "channel_costs": "cost", "orders": "amount"}[table]
    when = {"targets": "period", "channel_costs": "month", "orders": "date"}[table]
    wanted = {
        "targets": ("region", "rep_id", "product_line", "team", "customer_type"),
        "channel_costs": ("channel",),
        "orders": ("region", "rep_id", "product_line", "customer_id", "channel"),
    }[table]
    lines = _kept(found, table, wanted, wide)
    if not lines:
        return None
    if table == "targets":
        lines.append(Line("metric", {"value": "sales"}, say("no metric named: sales")))
    if table == "orders":
        lines.append(Line("order_id", {"row": "M"}, say("no orders here: one row for each month")))
    year = YEARS.search(f"{found.path.stem} {found.settings.sheet}")
    stated = int(year[0]) if year else 0
    values = {when: {h: _last_day(h, stated) for h in wide.headers}} if table == "orders" else {}
    if table == "orders" and not all(values[when].values()):
        return None
    long: dict[str, object] = {"headers": list(wide.headers), "name": when, "value": value}
    asks: tuple[str, ...] = ()
    if not wide.dated and year and table != "orders":
        long["year"] = stated
    open_ = (say("the year of the months"),) if not wide.dated and not year else ()
    if open_:
        asks = (f"long.year = 2023?  # {say('no header and no name says the year')}",)
    warns = (
        (say("sums of months, not orders: number of orders and average order say nothing"),)
        if table == "orders"
        else ()
    )
    return TablePlan(
        table, found, tuple(lines), say("a column for each month"), more={"long": long},
        warns=warns, values=values, asks=asks, open_=open_,
    )  # fmt: skip


def _last_day(header: str, year: int) -> str:
    """The last day of the month a header names, of the year it or the file says; empty where it is
    no such month.
    """
    text = re.sub(r"[年/. ]", "-", header.strip().rstrip("月")).strip("-")
    if BARE.fullmatch(header.strip()) and year:
        text = f"{year}-{text}" if text.isdigit() else f"{text}-{year}"
    for form in ("%Y-%m", "%Y%m", "%b-%Y", "%B-%Y", "%b-%y", "%B-%y"):
        try:
            first = datetime.strptime(text, form)
        except ValueError:
            continue
        after = first.replace(day=28) + timedelta(days=4)
        return (after - timedelta(days=after.day)).date().isoformat()
    return ""


def _kept(found: Found, table: str, wanted: tuple[str, ...], wide: Wide) -> list[Line]:
    lines: list[Line] = []
    taken: set[str] = set()
    for column in found.columns:
        if column.name in wide.headers or TOTALS.fullmatch(normal(column.name)):
            continue
        scores = {c: likeness(column.name, table, c) for c in wanted if c not in taken}
        best = max(scores, key=lambda c: scores[c], default="")
        if best and scores[best] >= 0.6:
            taken.add(best)
            lines.append(Line(best, column.name, say("a usual name for it")))
    return lines
