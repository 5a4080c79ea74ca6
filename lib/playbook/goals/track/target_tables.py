"""Tables of the targets in force."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined, listing
from playbook.base.language import later, say, term
from playbook.goals.labels import (
    has_left,
    is_person,
    metric_label,
    named,
    owner_label,
    period_name,
    window_name,
)
from playbook.page import Table
from playbook.page.blocks import Cell, Tone
from playbook.page.trim import filled

TONES: dict[str, Tone] = {"green": "good", "amber": "warn", "red": "bad"}
SHOWN = 12  # people listed per table
LISTED = 100  # parts listed per table: of thousands of lines a page holds those furthest behind
SHORT = later({"product line": "line", "customer type": "type"}, context="kind")
FALLING = later(
    "of a falling target (less is better) completion is the way covered"
    " from the same span a year before, pace what the plan allows by now"
    " ÷ actual"
)


def target_tables(table: pd.DataFrame, fmt: Formats, as_of: date, rule: str) -> list[Table]:
    """Tables of the targets in force: reached by window, people, and what is left of open periods.

    table: ``TargetRows``; rule: the red, amber and green rule in words.
    """
    windows = rows_by_window(table)
    return [
        *(
            _reached(table, name, shown, fmt, as_of, rule, more=more)
            for name, rows in windows
            for shown, more in map(_listed, _apart(rows))
        ),
        *_people(table, fmt, as_of, rule),
        *(
            _ahead(shown, fmt, more)
            for _, rows in windows
            if (open_ := rows["days"].gt(0) & rows["additive"]).any()
            for shown, more in [_listed(rows[open_])]
        ),
    ]


def _listed(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows a table holds, and what its note says where they are not all: the company's first,
    then the parts furthest behind.
    """
    if len(rows) <= LISTED:
        return rows, ""
    company = rows["members"].map(len) == 0
    parts = rows[~company].sort_values(["pace", "label"], kind="stable", na_position="last")
    more = say(
        " · the {shown} parts furthest behind of {rows}, all of them in the worksheet",
        shown=LISTED,
        rows=len(parts),
    )
    return pd.concat([rows[company], parts.head(LISTED)]), more


def _apart(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Sales in a table of their own where they have parts, the other metrics together."""
    sales = rows["metric"] == "sales"
    return [rows[sales], rows[~sales]] if sales.sum() > 1 and (~sales).sum() > 1 else [rows]


def rows_by_window(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """(window, rows) of the targets above people, the longest window first; of the month the
    company's alone, its parts being in the worksheet.
    """
    teams = table[
        [
            not is_person(members) and (not members or window != "month")
            for members, window in zip(table["members"], table["window"], strict=True)
        ]
    ]
    return [
        (name, teams[teams["window"] == name])
        for name in ("year_to_date", "quarter_to_date", "month")
        if (teams["window"] == name).any()
    ]


def _reached(
    table: pd.DataFrame,
    window: str,
    rows: pd.DataFrame,
    fmt: Formats,
    as_of: date,
    rule: str,
    title: str = "",
    more: str = "",
) -> Table:
    """Targets of one window with what was reached of each. table: the rows of all windows; more:
    what the note says at its end.
    """
    head = (
        say("For"),
        say("Metric"),
        say("Target"),
        say("Original"),
        say("Actual"),
        say("Completion"),
        say("Due by now"),
        say("Pace"),
        say("Status"),
        say("Owner"),
        say("Remark"),
    )
    cells = tuple(_cells(row, fmt) for row in rows.to_dict("records"))
    due = (
        say(" · due by now: share of the target its own curve asks for")
        if (rows["due"] < 1).any()
        else say(" · the period is over: all of each target is due")
    )
    falling = f" · {say(FALLING)}" if rows["falls"].any() else ""
    falling += say(" · target: in force; original: as the table of targets has it")
    note = say(
        "{rule}{falling}{due} · rows of different units are never summed · as of {as_of}{more}",
        rule=rule,
        falling=falling,
        due=due,
        as_of=fmt.text(as_of, "date"),
        more=more,
    )
    several = table[table["window"] == window]["metric"].nunique() > 1 and not title
    kinds = set(rows["metric"])
    only_sales = several and kinds == {"sales"}
    what = (
        say(", sales")
        if only_sales
        else say(", other targets")
        if several and "sales" not in kinds
        else ""
    )
    made = Table(
        title
        or say(
            "{window}: {period}{what}",
            window=window_name(window),
            period=period_name(rows["period"].iloc[0]),
            what=what,
        ),
        head,
        cells,
        "llrrrrrrlll",
        note,
    )
    return filled(
        made,
        *([say("Metric")] if only_sales else []),
        *([say("Due by now")] if (rows["due"] >= 1).all() else []),
        *([say("Owner")] if all(is_person(members) for members in rows["members"]) else []),
    )


def _cells(row: dict[str, Any], fmt: Formats) -> tuple[Cell, ...]:
    unit = row["unit"]
    tone = TONES.get(row["status"], "")
    gone = say("has left") if is_person(row["members"]) and has_left(row["owner"]) else ""
    remark = joined(
        filter(
            None,
            (
                row["why"] if row["status"] == "not measured" else "",
                say("moved", context="target") if row["moved"] else "",
                row["remark"],
                gone,
            ),
        ),
        "; ",
    )
    return (
        Cell(named(row, SHORT)),
        Cell(metric_label(row["metric"])),
        Cell(fmt.text(row["target"], unit)),
        Cell(fmt.text(row["original"], unit)),
        Cell(fmt.text(row["actual"], unit)),
        Cell(fmt.share(row["completion"])),
        Cell(fmt.share(row["due"])),
        Cell(fmt.text(row["pace"], "ratio")),
        Cell(term(row["status"]), tone),
        Cell(owner_label(row["owner"]) or say("none named")),
        Cell(remark),
    )


def _ahead(rows: pd.DataFrame, fmt: Formats, more: str) -> Table:
    """What is left of one window's targets, and where each is heading. rows: open targets that may
    be summed; more: what the note says at its end.
    """
    head = (
        say("For"),
        say("Metric"),
        say("Still to go"),
        say("Working days left"),
        say("A day"),
        say("Heading for"),
        say("80 % interval"),
        say("Chance"),
    )
    cells = tuple(_ahead_cells(row, fmt) for row in rows.to_dict("records"))
    room = say(" (of a falling target: room left under it)") if rows["falls"].any() else ""
    note = say(
        "still to go: target less actual{room} · heading for: actual plus"
        " forecast of the months left ({methods}) · chance: share of simulated"
        " paths that keep the target · rates and levels are not summed over"
        " months and have no line here",
        room=room,
        methods=listing(sorted(set(rows["method"][rows["middle"].notna()]) - {""}), 3),
    )
    return Table(
        say("What is left of {period}", period=period_name(rows["period"].iloc[0])),
        head,
        cells,
        "llrrrrrr",
        note + more,
    )


def _ahead_cells(row: dict[str, Any], fmt: Formats) -> tuple[Cell, ...]:
    unit = row["unit"]
    write = partial(fmt.text, unit=unit)
    per_day = write(row["per_day"], decimals=1) if unit == "count" else write(row["per_day"])
    return (
        Cell(named(row, SHORT)),
        Cell(metric_label(row["metric"])),
        Cell(write(row["gap"])),
        Cell(fmt.count(row["days"])),
        Cell(per_day),
        Cell(write(row["middle"], decimals=0) if row["additive"] else write(row["middle"])),
        Cell(interval(fmt, row)),
        Cell(fmt.chance(row["chance"], decimals=1)),
    )


def _people(table: pd.DataFrame, fmt: Formats, as_of: date, rule: str) -> list[Table]:
    """People of the quarter (else the month, else the year), furthest behind first."""
    people = table[[is_person(members) for members in table["members"]]]
    for window in ("quarter_to_date", "month", "year_to_date"):
        rows = people[(people["window"] == window)].sort_values(
            ["pace", "label"], kind="stable", na_position="last"
        )
        if len(rows):
            more = (
                say(
                    " · the {shown} furthest behind of {rows}, all of them in the worksheet",
                    shown=SHOWN,
                    rows=len(rows),
                )
                if len(rows) > SHOWN
                else ""
            )
            return [
                _reached(
                    table,
                    window,
                    rows.head(SHOWN),
                    fmt,
                    as_of,
                    rule,
                    say(
                        "People, {window}: {period}",
                        window=window_name(window).lower(),
                        period=period_name(rows["period"].iloc[0]),
                    ),
                    more,
                )
            ]
    return []


def interval(fmt: Formats, row: dict[str, Any]) -> str:
    """The row's 80 % forecast interval."""
    if is_missing(row["low"]):
        return fmt.text(None)
    return (
        f"{fmt.text(row['low'], row['unit'], decimals=0)} –"
        f" {fmt.text(row['high'], row['unit'], decimals=0)}"
    )
