"""Stage, outcome and closing day of deals: told from the words and flags in the file's columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from playbook.base.language import say

from .headers import normal
from .outcomes import is_lost, is_won, rank
from .plan import Line, TablePlan, headers_in
from .profile import Profile

YES = ("true", "yes", "y", "t", "1", "是")
ELSE = "*"  # every other word, as the mapping language writes it
CLOSED_NAMES = ("isclosed", "isdealclosed", "closed", "hsisclosed", "已结单", "是否结单")
WON_NAMES = ("iswon", "isclosedwon", "won", "hsisclosedwon", "是否赢单", "赢单")


def deal_lines(plan: TablePlan, *, won: Iterable[str] = (), lost: Iterable[str] = ()) -> TablePlan:
    """The plan with the outcome told, the stages in order, and one closing day split by outcome.

    won, lost: words a preset knows to mean so, beside the usual ones.
    """
    won_words, lost_words = {w.casefold() for w in won}, {w.casefold() for w in lost}

    def wins(word: str) -> bool:
        return word.casefold() in won_words or (
            word.casefold() not in lost_words and is_won(word) and not is_lost(word)
        )

    def loses(word: str) -> bool:
        return word.casefold() in lost_words or (
            word.casefold() not in won_words and is_lost(word) and not wins(word)
        )

    plan = _with_flags(plan)
    stage, outcome = _profile(plan, "stage"), _profile(plan, "outcome")
    flags = plan.line("is_closed") and plan.line("is_won")
    if stage is not None and flags:
        told = _told_by_flags(plan, stage)
        won_words |= {w.casefold() for w, ours in told.items() if ours == "won"}
        lost_words |= {w.casefold() for w, ours in told.items() if ours == "lost"}
        plan = _named_by_flags(plan, told)
    source = outcome or stage
    if source is not None and not flags:
        known = plan.values.get("outcome")
        words = source.top
        if known is None:
            told = {w: "won" for w in words if wins(w)} | {w: "lost" for w in words if loses(w)}
            known = told | {ELSE: "open"}
        else:
            joined = isinstance(plan.line("outcome").said, dict)  # type: ignore[union-attr]
            known = {w: o for w, o in known.items() if joined or w == ELSE or w in words}
        lines = plan.lines
        if outcome is None:
            header = headers_in(plan.line("stage").said)[0]  # type: ignore[union-attr]
            lines = (*lines, Line("outcome", header, say("told by the words below")))
        plan = replace(plan, lines=lines, values={**plan.values, "outcome": known})
    if stage is None and source is not None and plan.line("stage") is None:
        header = headers_in(plan.line("outcome").said)[0]  # type: ignore[union-attr]
        plan = replace(
            plan,
            lines=(*plan.lines, Line("stage", header, say("no stage: the outcome alone"))),
            values={**plan.values, "stage": dict(plan.values.get("outcome", {}))},
        )
    stages, sure = stages_of(stage.top if stage else [], wins, loses)
    return replace(plan, stages=stages, stages_sure=sure, warns=(*plan.warns, *_missing(plan)))


def stages_of(words: list[str], wins, loses) -> tuple[tuple[str, ...], bool]:  # type: ignore[no-untyped-def]
    """The open stages in order with the won one last, and whether their order is more than a
    guess by their names.
    """
    last = next((w for w in words if wins(w)), "won")
    open_ = [w for w in words if not wins(w) and not loses(w)]
    order = sorted(range(len(open_)), key=lambda i: (rank(open_[i]), i))
    stages = tuple(open_[i] for i in order)
    sure = len(stages) < 2 or all(rank(s) < -50 for s in stages)
    return ((*stages, last) if stages else ("open", last)), sure


def _with_flags(plan: TablePlan) -> TablePlan:
    """The plan with the columns that say whether a deal is closed and whether it is won, where both
    are there and say yes or no.
    """
    if plan.line("is_closed") or plan.line("outcome"):
        return plan
    names = {normal(c.name).replace(" ", "").rstrip("?"): c for c in plan.found.columns}
    closed = next((names[n] for n in CLOSED_NAMES if n in names), None)
    won = next((names[n] for n in WON_NAMES if n in names), None)
    if closed is None or won is None or min(closed.flags, won.flags) < 0.99:
        return plan
    lines = (
        Line("is_closed", closed.name, say("decided or not")),
        Line("is_won", won.name, say("won or not")),
    )
    return replace(plan, lines=(*plan.lines, *lines))


def _told_by_flags(plan: TablePlan, stage: Profile) -> dict[str, str]:
    """Stage → won or lost, for those in which the flags say nothing else of any deal."""
    closed, won = _profile(plan, "is_closed"), _profile(plan, "is_won")
    if closed is None or won is None:
        return {}
    said: dict[str, set[str]] = {}
    rows = zip(stage.values, closed.values, won.values, strict=True)
    for word, over, through in rows:
        if isinstance(word, str) and word.strip():
            over, through = (str(x).strip().casefold() in YES for x in (over, through))
            said.setdefault(word.strip(), set()).add(
                "won" if through else "lost" if over else "open"
            )
    return {w: told.pop() for w, told in said.items() if len(told) == 1 and "open" not in told}


def _named_by_flags(plan: TablePlan, told: dict[str, str]) -> TablePlan:
    """The plan with the stages that only the flags tell mapped: to lost, or to the first that is
    won.
    """
    first = next((w for w, ours in told.items() if ours == "won"), "")
    words = {
        w: "lost" if ours == "lost" else first
        for w, ours in told.items()
        if w != first and not (ours == "lost" and w.casefold() in ("lost", "closed lost"))
    }
    if not words:
        return plan
    return replace(plan, values={**plan.values, "stage": {**plan.values.get("stage", {}), **words}})


def _profile(plan: TablePlan, column: str) -> Profile | None:
    line = plan.line(column)
    if line is None:
        return None
    headers = headers_in(line.said)
    return next((c for c in plan.found.columns if headers and c.name == headers[0]), None)


def _missing(plan: TablePlan) -> list[str]:
    """What the file cannot hold, seen in its own rows."""
    out = []
    known = plan.values.get("outcome", {})
    if plan.line("is_won") is None and known and "lost" not in known.values():
        out.append(
            say("no lost deal in the file: a win rate needs losses; export the lost ones too")
        )
    if plan.line("close_date") is None and plan.line("closed") is None:
        out.append(
            say("no closing day: what is won cannot be put into a month; add one to the export")
        )
    if plan.line("created") is None:
        out.append(say("no day of creation: cycle times and entries by month stay out"))
    return out
