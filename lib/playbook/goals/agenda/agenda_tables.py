"""Tables of the week: per person, per day, by name, and what is left over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined
from playbook.base.language import later, say
from playbook.page import Col, Table, Worksheet, table
from playbook.page.blocks import Tone
from playbook.page.trim import filled

SHOWN = 15
WAITING = {
    "customers": later("Customers to see"),
    "proposals": later("Deals to propose"),
    "leads": later("New leads"),
    "lost": later("Failed cases to review"),
}
MEANT = {
    "customers": later(
        "customers: with an open deal, or not seen for longer than the cadence of their value class"
    ),
    "proposals": later("proposals: open deals in the last stage before the win"),
    "leads": later("new leads: of the last 13 weeks, without a deal or in the first stage"),
    "lost": later("failed cases: deals lost last month"),
}
DAY_NAMES = later(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def people_table(
    people: pd.DataFrame,
    span: str,
    most: dict[str, int],
    logged: bool,
    given: bool,
    known: bool,
    fmt: Formats,
) -> Table:
    """Work waiting per person. people: ``WaitingWork``; logged: the book has follow-ups; given: it
    sets what a day holds; known: it is known which follow-ups are overdue.
    """
    order = people.sort_values(
        ["overdue", "due", "rep"], ascending=[False, False, True], kind="stable"
    )
    asked = people["asked"].notna().any()

    def tone(row: dict[str, Any]) -> Tone:
        return "bad" if given and not is_missing(row["load"]) and row["load"] > 1 else ""

    a_day = fmt.count(most.get("follow-ups", 0))
    load = (
        say("load: follow-ups against {a_day} a day", a_day=a_day)
        if given
        else say("load: follow-ups against the example of {a_day} a day", a_day=a_day)
    )
    columns = [
        Col("name", label="Person"),
        *([Col("asked", "number", "Deals a week the quota asks", decimals=1)] if asked else []),
        *([Col("overdue", "count", "Overdue follow-ups")] if logged and known else []),
        *([Col("due", "count", "Due next week")] if logged else []),
        *(Col(key, "count", label) for key, label in WAITING.items() if people[key].any()),
        Col("over", "count", "Beyond the week"),
        *([Col("load", "share", "Load", decimals=0, tone=tone)] if logged else []),
    ]
    return table(
        order,
        columns,
        fmt,
        title=say("Work waiting per person"),
        limit=SHOWN,
        note=joined(
            [
                span,
                *([load] if logged else []),
                joined((say(text) for key, text in MEANT.items() if people[key].any()), " · "),
            ],
            " · ",
        ),
    )


def week_table(
    agenda: pd.DataFrame, days: tuple[date, ...], most: dict[str, int], fmt: Formats
) -> Table:
    """The team's week by day. agenda: ``WeekAgenda``."""
    wide = (
        agenda.pivot_table(index="work", columns="date", values="count", aggfunc="sum")
        .reindex(columns=list(days))
        .fillna(0)
    )
    wide = wide.reindex([w for w in most if w in wide.index]).reset_index()
    wide.columns = ["work", *(str(i) for i in range(len(days)))]
    columns = [
        Col("work", "term", "Work"),
        *(
            Col(
                str(i),
                "count",
                say(
                    "{weekday} {day}.{month}.",
                    weekday=say(DAY_NAMES[day.weekday()]),
                    day=day.day,
                    month=day.month,
                ),
            )
            for i, day in enumerate(days)
        ),
    ]
    return table(
        wide,
        columns,
        fmt,
        title=say("The team's week"),
        note=(
            say(
                "key customers from Monday, proposals from Wednesday, failed cases"
                " on Friday (else as far into the week as it goes), never more than"
                " a day holds; the rest spread evenly; one line per piece of work in"
                " the worksheet"
            )
        ),
    )


def named_table(items: pd.DataFrame, fmt: Formats) -> list[Table]:
    """The work of the week that is worth most, by name; no table where none carries a worth.

    items: ``WeekItems``, placed.
    """
    rows = items[items["date"].notna() & items["worth"].notna()]
    if rows.empty:
        return []
    rows = rows.sort_values(["worth", "rep"], ascending=[False, True], kind="stable")
    columns = [
        Col("date", "date", "Day"),
        Col("name", label="Person"),
        Col("work", "term", "Work"),
        Col("customer", label="Customer", weight=2),
        Col("deal", label="Deal"),
        Col("worth", "money", "Worth"),
        Col("why", label="Why", weight=2),
    ]
    return [
        table(
            rows,
            columns,
            fmt,
            title=say("The week by name, most valuable first"),
            limit=SHOWN,
            note=(
                say(
                    "worth: of the deal; of a customer what is open with it and what it"
                    " bought in 12 months · every piece of work, with its day, in the"
                    " worksheet"
                )
            ),
        )
    ]


def backlog_table(backlog: pd.DataFrame, given: bool, fmt: Formats) -> list[Table]:
    """What the week does not hold, by person and kind, with its age; no table without any.

    backlog: ``Backlog``; given: the book sets what a day holds.
    """
    if backlog.empty:
        return []
    columns = [
        Col("name", label="Person"),
        Col("work", "term", "Work"),
        Col("count", "count", "Left over"),
        Col("middle", "number", "Median age, days", decimals=0),
        Col("oldest", "number", "Oldest, days", decimals=0),
    ]
    limit = "" if given else say("what a day holds is an example (nobody set [goals] agenda) · ")
    made = table(
        backlog,
        columns,
        fmt,
        title=say("Backlog: what the week does not hold"),
        limit=SHOWN,
        note=(
            say(
                "{limit}age: days overdue, since the customer was seen, in the"
                " stage, or since the lead or the loss · by name in the worksheet",
                limit=limit,
            )
        ),
    )
    return [filled(made)]


def items_sheet(items: pd.DataFrame) -> Worksheet:
    """Every piece of work, one line each; without a day: backlog. items: ``WeekItems``, placed."""
    columns = (
        ("name", say("Person"), "text"),
        ("date", say("Day (empty: backlog)"), "date"),
        ("work", say("Work"), "term"),
        ("customer", say("Customer"), "text"),
        ("deal", say("Deal"), "text"),
        ("worth", say("Worth"), "money"),
        ("due", say("Due"), "date"),
        ("age", say("Age, days"), "count"),
        ("why", say("Why"), "text"),
    )
    order = items.assign(last=items["date"].isna()).sort_values(
        ["name", "last", "date", "work"], kind="stable"
    )
    cells = ([None if is_missing(one) else one for one in order[key]] for key, _, _ in columns)
    return Worksheet(say("Agenda by person"), columns, tuple(zip(*cells, strict=True)))
