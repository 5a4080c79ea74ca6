"""Awards for being best of a month: needs research, answers to leads, visits."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings.plan_parts import Award
from playbook.data.measures import awards as given
from playbook.data.measures.credits import best_of_month, first_responses
from playbook.data.measures.touches import customer_contacts

from .award_line import AwardLine
from .history import History


def best_research(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """Most leads and customers whose needs were scored in a closed month, of those whose research
    moved enough of them on.
    """
    book = past.book
    if not book.has("fit_scores", "scored_at"):
        return [], say(
            "Award '{name}' cannot be judged: it needs fit_scores with scored_at.", name=award.name
        )
    if award.quality and not book.has("activities", "progressed"):
        return [], _needs_progress(award)
    scores = past.once(("researched",), lambda: _research_scores(past))
    if not len(scores):
        return [], say("Award '{name}': no need was scored by anyone known.", name=award.name)
    return winners_of_months(
        past, award, scores, best_is_low=False, counted_as=say("leads and customers researched")
    )


def _research_scores(past: History) -> pd.DataFrame:
    """Researched leads and customers by month and rep, in the form of ``winners_of_months``."""
    found = given.researched(past.book)
    found = found.assign(
        month=found["month"].map(Month.of),
        known=found["moved"].notna(),
        moved=found["moved"].eq(True),
    )
    scores = (
        found.groupby(["month", "rep_id"])
        .agg(
            n=("subject_id", "size"),
            needs=("needs", "sum"),
            moved=("moved", "sum"),
            known=("known", "sum"),
        )
        .reset_index()
    )
    share = (scores["moved"] / scores["known"]).where(scores["known"] > 0)
    return scores.assign(
        score=scores["n"],
        share=share.fillna(0.0),
        more=[
            say(
                ", {needs} scored, {moved} of {known} with contacts on record moved on",
                needs=plural(int(r.needs), "need"),
                moved=int(r.moved),
                known=int(r.known),
            )
            for r in scores.itertuples(index=False)
        ],
    )


def _needs_progress(award: Award) -> str:
    return say(
        "Award '{name}' cannot be judged: its quality floor needs activities with progressed.",
        name=award.name,
    )


def fastest_response(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """Least mean days from a lead to its first contact in a closed month, with enough leads and
    enough contacts that moved on.
    """
    book = past.book
    if not (book.has("leads") and book.has("activities", "lead_id")):
        return (
            [],
            say(
                "Award '{name}' cannot be judged: it needs leads and activities with lead_id.",
                name=award.name,
            ),
        )
    if award.quality and not book.has("activities", "progressed"):
        return [], _needs_progress(award)
    answers = first_responses(book.table("leads"), customer_contacts(book))
    answers["month"] = answers["responded"].map(Month.of)
    scores = (
        answers.groupby(["month", "rep_id"])
        .agg(score=("days", "mean"), n=("days", "size"))
        .reset_index()
    )
    return winners_of_months(
        past,
        award,
        scores,
        best_is_low=True,
        counted_as=say("leads answered after {score} days on average"),
    )


def most_visits(past: History, award: Award) -> tuple[list[AwardLine], str]:
    """Most visits in a closed month, of those whose visits moved enough deals on."""
    book = past.book
    if not book.has("activities", "rep_id"):
        return [], say("Award '{name}' cannot be judged: it needs activities.", name=award.name)
    if award.quality and not book.has("activities", "progressed"):
        return [], _needs_progress(award)
    counted = best_of_month(book.table("activities"), "visit")
    scores = counted.assign(
        month=counted["month"].map(Month.of), score=counted["contacts"], n=counted["contacts"]
    )
    return winners_of_months(
        past, award, scores, best_is_low=False, counted_as=say("visits", context="award")
    )


def winners_of_months(
    past: History, award: Award, scores: pd.DataFrame, *, best_is_low: bool, counted_as: str
) -> tuple[list[AwardLine], str]:
    """One line per winner of each closed month; equal scores share the amount to the last unit. A
    note says when nobody qualified in the newest closed month.

    Only reps with at least ``award.at_least`` events and a share of contacts that moved the deal on
    of at least ``award.quality`` compete.

    scores: month, rep_id, score, n (events), optionally share (of the events that moved the deal
    on; without it that of all the rep's contacts) and more (text added to the evidence).
    counted_as: what is counted, for the evidence; ``{score}`` stands for the winning score.
    """
    able = scores[scores["n"] >= award.at_least]
    if award.quality:
        known = {} if "share" in scores else progress_shares(past)
        share = (
            able["share"]
            if "share" in scores
            else [known.get((r.month, r.rep_id), 0.0) for r in able.itertuples(index=False)]
        )
        able = able[np.array([v >= award.quality for v in share], dtype=bool)]
    rows, fmt = [], past.book.fmt
    for month, part in able.groupby("month"):
        if month.end > past.book.as_of:
            continue
        top = part["score"].min() if best_is_low else part["score"].max()
        winners = part[part["score"] == top].sort_values("rep_id")
        tie = (
            ""
            if len(winners) == 1
            else say("; shared by {winners} with the same result", winners=len(winners))
        )
        for winner, amount in zip(
            winners.to_dict("records"),
            equal_parts(award.amount, len(winners), past.minor),
            strict=True,
        ):
            counted = counted_as.format(score=fmt.text(float(top), "number"))
            result = say(
                "{n} {counted}{more}{tie}",
                n=winner["n"],
                counted=counted,
                more=winner.get("more", ""),
                tie=tie,
            )
            rows.append(
                AwardLine(
                    winner["rep_id"],
                    pd.Timestamp(month.end),
                    None,
                    None,
                    award.name,
                    amount,
                    say(
                        "best of {month}: {result}",
                        month=fmt.text(str(month), "month"),
                        result=result,
                    ),
                )
            )
    as_of = Month.of(past.book.as_of)
    last = as_of if as_of.end <= past.book.as_of else as_of - 1
    if any(month == last for month in able["month"]):
        return rows, ""
    least = say("{n} event{en_s}", n=f"{award.at_least:,}", en_s="" if award.at_least == 1 else "s")
    quality = (
        say(", {quality} of contacts moved on", quality=fmt.share(award.quality, decimals=0))
        if award.quality
        else ""
    )
    return rows, (
        say(
            "Award '{name}': nobody this month ({last}); it asks for at least {least}{quality}.",
            name=award.name,
            last=fmt.text(str(last), "month"),
            least=least,
            quality=quality,
        )
    )


def progress_shares(past: History) -> dict[tuple[Month, str], float]:
    """Share of a rep's contacts in a month, of those that say, that moved the deal on."""
    counted = (
        given.progress(past.book.table("activities"))
        if past.book.has("activities", "progressed")
        else pd.DataFrame(columns=["month", "rep_id", "progressed", "known"])
    )
    return {
        (Month.of(r.month), r.rep_id): r.progressed / r.known
        for r in counted.itertuples(index=False)
        if r.known
    }


def equal_parts(amount: Decimal, n: int, minor: int) -> list[Decimal]:
    """``amount`` in n parts that add up to it, the first ones a unit larger."""
    units = int(amount.scaleb(minor))
    return [Decimal(units // n + (i < units % n)).scaleb(-minor) for i in range(n)]
