"""What a reader of the objectives has to know: results without a baseline, check-ins that belong to
nothing, parents that are not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from playbook.base.errors import did_you_mean
from playbook.base.formats import Formats, is_missing, listing, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import as_given


def unknown_check_ins(book: Book) -> dict[str, int]:
    """Names of check-ins that no key result of the table has, with how many check-ins name each;
    key results that begin after the as-of date are known.
    """
    checks = as_given.check_ins(book)
    if checks.empty:
        return {}
    known = as_given.key_result_names(book)
    counts = checks["key_result"].value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index) if name not in known}


def objective_notes(
    results: pd.DataFrame, orphans: Sequence[str], unknown: dict[str, int]
) -> list[str]:
    """The notes below the objectives.

    results: ``KeyResults``; orphans: objectives whose parent is not there; unknown: names of
    check-ins that no key result has.
    """
    said = [
        say(
            "A weight of its own comes from the table, else all count alike. A"
            " milestone goes from 0 to 1. A key result whose target equals its"
            " baseline has no progress."
        )
    ]
    silent = int(results["value"].isna().sum())
    if silent:
        said.append(
            say(
                "{key_results} {en_was} never measured: left out of every score.",
                key_results=plural(silent, "key result"),
                en_was="was" if silent == 1 else "were",
            )
        )
    bare = [
        row["key_result"]
        for row in results.to_dict("records")
        if is_missing(row["baseline"]) and not is_missing(row["value"])
    ]
    if bare:
        said.append(
            say(
                "No baseline is given for {bare}: progress is not known, only"
                " whether the target is reached where the direction is stated.",
                bare=listing(bare, 3),
            )
        )
    if unknown:
        named = [
            say(
                "'{name}' ({check_ins}; {did_you_mean})",
                name=name,
                check_ins=plural(n, "check-in"),
                did_you_mean=did_you_mean(name, list(results["key_result"])),
            )
            for name, n in unknown.items()
        ]
        said.append(
            say("Check-ins of no key result of the table: {named}.", named=listing(named, 3))
        )
    return said + [
        say("'{name}' names a parent that is not in the table.", name=name) for name in orphans
    ]


def why_act(row: dict[str, Any], fmt: Formats) -> str:
    """How far a key result is and when it was last measured. row: of ``KeyResults``."""
    last = (
        say("no check-in yet")
        if is_missing(row["last"])
        else say("last check-in {last}", last=fmt.text(row["last"], "date"))
    )
    way = (
        say("progress not known")
        if is_missing(row["score"])
        else say("{score} reached", score=fmt.share(row["score"], decimals=0))
    )
    gone = (
        ""
        if is_missing(row["elapsed"])
        else say(", {elapsed} of the time gone", elapsed=fmt.share(row["elapsed"], decimals=0))
    )
    return say("{way}{gone}; {last}", way=way, gone=gone, last=last)
