"""Who leaves: everyone, top sellers, new hires, against the year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures.people import top_sellers
from playbook.methods.intervals import Rate, wilson
from playbook.page import Col, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.pay.history import History, sales_history

GROUPS = later(("everyone", "top sellers", "new hires"))
NEW = 365  # days on board below which someone is new


class GroupAttrition(Frame):
    """One row per group: everyone, top sellers, new hires; twelve months and the twelve before."""

    group = c.text("group of people")
    leavers = c.count("people who left in the window")
    exposed = c.count("people on board at any time of the window")
    heads = c.number("average head-count; the people exposed for the two smaller groups")
    rate = c.share("leavers ÷ heads", low="low", high="high")
    low = c.share("lower end of the 95 % Wilson interval on leavers of exposed, × exposed ÷ heads")
    high = c.share("upper end of that interval")
    rate_before = c.share("rate of the year before", low="low_before", high="high_before")
    low_before = c.share("lower end of its interval")
    high_before = c.share("upper end of its interval")
    exposed_before = c.count("people exposed in the year before")
    change = c.points("rate − rate_before")


@dataclass(frozen=True)
class Attrition(Result):
    """Leavers of twelve months by group, this year and the year before."""

    section = "attrition"
    table: Annotated[pd.DataFrame, GroupAttrition]
    window: Window
    as_of: date
    fmt: Formats
    undated: int = 0  # people of these twelve months whose day of hiring is not known

    def tables(self) -> list[Table]:
        columns = [
            Col("group", "term", "People"),
            Col("leavers", "count", "Left", context="people"),
            Col("exposed", "count", "On board at any time"),
            Col("heads", "number", "Average head-count", decimals=1),
            Col("rate", "share", "Attrition", low="low", high="high"),
            Col("rate_before", "share", "Year before", low="low_before", high="high_before"),
            Col("change", "pp", "Change"),
        ]
        note = say(
            "Attrition = leavers ÷ average head-count; interval: Wilson 95 % on"
            " leavers of the people on board at any time, brought to the same"
            " base (× people ÷ average head-count) · {label} · as of {as_of}",
            label=self.window.label,
            as_of=self.fmt.text(self.as_of, "date"),
        )
        return [table(self.table, columns, self.fmt, title=say("Who leaves"), note=note)]

    def reading(self) -> str:
        f, rows = self.fmt, self.table.set_index("group")
        text = say(
            "{persons} left in twelve months, {rate} of the average head-count.",
            persons=plural(int(rows.loc["everyone"].leavers), "person", "people"),
            rate=f.share(rows.loc["everyone"].rate),
        )
        for group in GROUPS[1:]:
            if group in rows.index and rows.loc[group].exposed:
                row = rows.loc[group]
                text += say(
                    " Of {group}, {leavers} of {exposed} left ({rate}, year before {rate_before}).",
                    group=term(group),
                    leavers=int(row.leavers),
                    exposed=int(row.exposed),
                    rate=f.share(row.rate),
                    rate_before=f.share(row.rate_before),
                )
        return text + say(
            " With so few people the intervals are wide: read them before the change."
        )

    def headline(self) -> str:
        return say(
            "Attrition: {groups}",
            groups=joined(
                f"{term(r.group)} {self.fmt.share(r.rate)}"
                for r in self.table.itertuples(index=False)
            ),
        )

    def kpis(self) -> list[Kpi]:
        found = []
        for r in self.table.itertuples(index=False):
            by = {"group": r.group} if r.group != "everyone" else None
            found.append(
                Kpi(
                    "attrition_rate",
                    "trailing_12m",
                    r.rate,
                    "share",
                    by,
                    r.low,
                    r.high,
                    r.leavers,
                    r.heads,
                    int(r.exposed),
                    "Wilson 95 % on leavers of people exposed, × exposed ÷ average head-count",
                    why=say("no one on board"),
                )
            )
            found.append(
                Kpi.rate(
                    "attrition_share",
                    "trailing_12m",
                    Rate(r.leavers, r.exposed),
                    by,
                    why=say("no one on board"),
                )
            )
        return found

    def notes(self) -> list[str]:
        left_out = (
            [
                say(
                    "{people} without a known day of hiring {en_are} left out: neither time on"
                    " board nor head-count can be told for them.",
                    people=plural(self.undated, "person", "people"),
                    en_are="is" if self.undated == 1 else "are",
                )
            ]
            if self.undated
            else []
        )
        return [
            *left_out,
            say(
                "Top sellers: the largest net sales (setting incentives.top_share of"
                " the reps with sales) in {label}, on board when the window began;"
                " their rate is leavers of those. New hires: on board less than"
                " {new} days when the window began or hired in it; leaving counts as"
                " a new hire's when it came within {new} days of hiring.",
                label=self.window.year_before().label,
                new=NEW,
            ),
        ]


@section("attrition")
def attrition(book: Book) -> Attrition:
    """Attrition of twelve months; needs reps with hired and left."""
    book.need("reps", "hired", gives=say("attrition of the team, of top sellers and of new hires"))
    past = sales_history(book)
    now = book.window("trailing_12m")
    if pd.Timestamp(now.start) < past.orders["date"].min():
        raise NotAvailable(
            {},
            gives=say("attrition of the team, of top sellers and of new hires"),
            because=say("the data cover less than twelve months"),
        )
    this, before = groups(past, now), groups(past, now.year_before()).set_index("group")
    this = this.join(before[["rate", "low", "high", "exposed"]].add_suffix("_before"), on="group")
    this["change"] = this["rate"] - this["rate_before"]
    gone = past.people["left"] < pd.Timestamp(now.start)
    undated = int((past.people["hired"].isna() & ~gone).sum())
    return Attrition(this, now, book.as_of, book.fmt, undated)


def groups(past: History, window: Window) -> pd.DataFrame:
    """Leavers, exposed, average head-count and rate per group in a window."""
    start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
    people = past.people[
        past.people["hired"].notna()
        & (past.people["hired"] <= end)
        & (past.people["left"].isna() | (past.people["left"] >= start))
    ]
    left = people["left"].notna() & (people["left"] <= end)
    best = top_sellers(past.book, window.year_before(), aboard=window.start)
    top = people["rep_id"].isin(best) & (people["hired"] < start)
    new = people["hired"] > start - pd.Timedelta(days=NEW)
    soon = left & ((people["left"] - people["hired"]).dt.days < NEW)
    rows = [
        (GROUPS[0], int(left.sum()), len(people), head_count(people, window)),
        (GROUPS[1], int((left & top).sum()), int(top.sum()), float(top.sum())),
        (GROUPS[2], int((soon & new).sum()), int(new.sum()), float(new.sum())),
    ]
    made = []
    for name, leavers, exposed, heads in rows:
        low, high = wilson(leavers, exposed)
        base = exposed / heads if heads else None
        made.append(
            {
                "group": name,
                "leavers": leavers,
                "exposed": exposed,
                "heads": heads,
                "rate": leavers / heads if heads else None,
                "low": None if base is None else low * base,
                "high": None if base is None else high * base,
            }
        )
    return pd.DataFrame(made)


def head_count(people: pd.DataFrame, window: Window) -> float:
    """Mean of the head-counts on the window's first day and on its month ends."""
    days = [pd.Timestamp(window.start), *pd.date_range(window.start, window.end, freq="ME")]
    return float(
        sum(
            ((people["hired"] <= day) & (people["left"].isna() | (people["left"] > day))).sum()
            for day in days
        )
        / len(days)
    )
