"""Whether one goal is specific, measurable, achievable, relevant and time-bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.formats import Formats, is_missing, joined, listing
from playbook.base.language import language, later, say

COUNTS = ("specific", "measurable", "achievable", "relevant", "time_bound")
SHOWN = later(("specific", "measurable", "achievable", "relevant", "time-bound"))
PARTS = later(
    (
        "metric",
        "subject",
        "owner",
        "target",
        "unit",
        "baseline",
        "source",
        "serves",
        "start",
        "due",
    ),
    context="part of a goal",
)


DOUBTFUL = 0.2  # chance or confidence below which a goal is not called achievable


@dataclass(frozen=True)
class Verdict:
    """One of the five answers: passed (None = cannot be judged), why, and what to add where it is
    not passed.
    """

    passed: bool | None
    why: str
    add: str = ""


def shown(count: str) -> str:
    """A count as the page writes it: time-bound."""
    return say(SHOWN[COUNTS.index(count)])


def reasons(verdicts: Mapping[str, Verdict]) -> str:
    """Why the counts that fail do."""
    return joined(
        (
            say("{count}: {why}", count=shown(count), why=verdicts[count].why)
            for count in COUNTS
            if verdicts[count].passed is False
        ),
        "; ",
    )


def judge_goal(goal: Mapping[str, Any]) -> dict[str, Verdict]:
    """The five verdicts of one goal.

    goal: metric, target, unit, baseline, owner, subject (whom or what it is for), source (where the
    number comes from), chance [share or None],
    chance_of (what the chance is, in words), serves (objective it is linked to), start, due; where
    the book knows: unlinked (why it serves nothing), visits (``VisitPace``). Absent keys count as
    missing.
    """

    def missing(*names: str) -> list[str]:
        return [
            name
            for name in names
            if is_missing(goal.get(name)) or str(goal.get(name)).strip() == ""
        ]

    found = {
        "specific": _complete(missing("metric", "subject", "owner")),
        "measurable": _complete(missing("target", "unit", "baseline", "source")),
        "relevant": _complete(missing("serves")),
        "time_bound": _complete(missing("start", "due")),
    }
    if not missing("start", "due") and goal["start"] >= goal["due"]:
        found["time_bound"] = Verdict(
            False, say("it is due before it starts"), say("a due date after the start")
        )
    if (
        goal.get("baseline") is not None
        and not missing("target", "baseline")
        and float(goal["baseline"]) == float(goal["target"])
    ):
        found["measurable"] = Verdict(
            False,
            say("the target equals the baseline: nothing is to change"),
            say("a target that differs from the baseline"),
        )
    if goal.get("unlinked"):
        found["relevant"] = Verdict(False, str(goal["unlinked"]), say("the objective it serves"))
    found["achievable"] = _by_visits(goal, _achievable(goal))
    return {count: found[count] for count in COUNTS}


def _achievable(goal: Mapping[str, Any]) -> Verdict:
    """By the chance where one is known; a goal already missed says so."""
    chance, source = goal.get("chance"), goal.get("chance_of", say("chance"))
    if is_missing(chance):
        return Verdict(
            None, say("no {source} is known", source=source), say("a history or a confidence")
        )
    share = _formats().chance(float(chance))  # type: ignore[arg-type]
    if float(chance) >= DOUBTFUL:  # type: ignore[arg-type]
        return Verdict(True, say("{source} {share}", source=source, share=share))
    return (
        Verdict(False, source, goal["remedy"])
        if "remedy" in goal
        else Verdict(
            False,
            say("{source} only {share}", source=source, share=share),
            say("more means, or a lower target"),
        )
    )


def _by_visits(goal: Mapping[str, Any], by_chance: Verdict) -> Verdict:
    """The visits a goal takes beside those made: too few fail it, whatever its chance looks like;
    enough of them answer where no chance is known.
    """
    pace = goal.get("visits")
    if pace is None or by_chance.passed is False:
        return by_chance
    words = pace.words(_formats())
    if not pace.enough:
        return Verdict(False, words, say("more visits, more of them won, or a lower target"))
    return Verdict(True, words) if by_chance.passed is None else by_chance


def _formats() -> Formats:
    return Formats(language=language())


def _complete(missing: list[str]) -> Verdict:
    if not missing:
        return Verdict(True, say("complete"))
    parts = _parts(missing)
    return Verdict(False, say("no {missing}", missing=listing(parts, 5)), listing(parts, 5))


def _parts(names: list[str]) -> list[str]:
    return [say(name, context="part of a goal") for name in names]


def check_goal(text: str, **goal: Any) -> dict[str, Verdict]:
    """Verdicts of a goal; a vague one ("lift sales") is refused with what is missing.

    text: the goal in words; goal: its parts as in ``judge_goal``.

    Raises ParameterProblem when it has no metric, no target or no due date: such a sentence cannot
    be followed at all.
    """
    verdicts = judge_goal(goal)
    essential = [name for name in ("metric", "target", "due") if is_missing(goal.get(name))]
    if essential:
        add = [verdict.add for verdict in verdicts.values() if verdict.passed is False]
        raise ParameterProblem(
            Problem(
                found=say(
                    "the goal '{text}' has no {essential}",
                    text=text,
                    essential=listing(_parts(essential), 3),
                ),
                expected=say("a metric, a target and a due date"),
                try_=(
                    say(
                        "add {add}; for example +20 customers a quarter by 31 March, from 5"
                        " visits a week, 3 of them into negotiation",
                        add=joined(add),
                    )
                ),
            )
        )
    return verdicts
