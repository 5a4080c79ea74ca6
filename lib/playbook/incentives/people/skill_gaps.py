"""Who needs what: each rep's funnel steps against the team's, and the training they suggest."""

from __future__ import annotations

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import people
from playbook.methods.comparisons import SEARCH_LEVEL, holm, rates_apart
from playbook.methods.intervals import wilson
from playbook.page import section
from playbook.pay.history import history

from .skill_gaps_result import FEWEST, TOPICS, SkillGaps
from .training_calendar import calendar


@section("capability-gaps")
def skill_gaps(book: Book) -> SkillGaps:
    """Reps below the team at a step; needs stage_events and opportunities."""
    book.need(
        "stage_events",
        gives=say("who is below the team at which step of the funnel, and what to train"),
    )
    book.need(
        "opportunities",
        "rep_id",
        gives=say("who is below the team at which step of the funnel, and what to train"),
    )
    past, window = history(book), book.window("trailing_12m")
    counts = people.steps(book, window.start)
    stages = book.stages
    counts = counts[counts["stage"] < len(stages) - 1]
    if not len(counts):
        raise NotAvailable(
            {},
            gives=say("who is below the team at which step"),
            because=say("no decided deal entered a stage in {label}", label=window.label),
        )
    counts = counts.assign(
        entered=counts["entered"].astype(float), advanced=counts["advanced"].astype(float)
    )
    team = counts.groupby("stage")[["entered", "advanced"]].transform("sum")
    rest = (team["advanced"] - counts["advanced"]) / (team["entered"] - counts["entered"]).where(
        lambda v: v > 0
    )
    low, high = wilson(counts["advanced"], counts["entered"])
    gone = set(past.people.loc[past.people["left"].notna(), "rep_id"])
    frame = counts.assign(
        team=rest,
        rate=counts["advanced"] / counts["entered"],
        low=low,
        high=high,
        n=counts["entered"],
        gap=counts["advanced"] / counts["entered"] - rest,
    )
    frame["p"] = (
        frame.groupby("stage", group_keys=False)[["advanced", "entered"]].apply(
            lambda step: pd.Series(rates_apart(step["advanced"], step["entered"]), index=step.index)
        )
        if frame["stage"].nunique() > 1
        else rates_apart(frame["advanced"], frame["entered"])
    )
    able = frame[(frame["n"] >= FEWEST) & ~frame["rep_id"].isin(gone)]
    able = able.assign(p=holm(able["p"]))
    found = able[(able["p"] < SEARCH_LEVEL) & (able["gap"] < 0)]
    found = found.assign(
        rep=[past.name(r) for r in found["rep_id"]],
        step=[f"{stages[int(s)]}→{stages[int(s) + 1]}" for s in found["stage"]],
        lost_deals=-found["gap"] * found["n"],
        topic=[topic_of(int(s), len(stages)) for s in found["stage"]],
    )
    found = found.sort_values(
        ["lost_deals", "rep_id", "stage"], ascending=[False, True, True]
    ).reset_index(drop=True)
    return SkillGaps(
        table=found,
        calendar=calendar(past, found, able),
        judged=able["rep_id"].nunique(),
        compared=int(able["p"].notna().sum()),
        window=window,
        as_of=book.as_of,
        fmt=book.fmt,
    )


def topic_of(stage: int, stages: int) -> str:
    """What to train for a step: the first is about needs, the last about price, those between about
    demonstration and objections.
    """
    return TOPICS[0] if stage == 0 else TOPICS[2] if stage == stages - 2 else TOPICS[1]
