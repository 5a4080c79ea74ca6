"""What has to be made rather than renamed: stage and outcome of deals, the split closing day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .headers import normal
from .matching import CLOSE, Placed
from .profile import Profile

WON = (
    r"\b(closed[ -]?won|won|win|signed|success(ful)?|converted|completed)\b"
    r"|赢单|成交|已签|签约|已赢|成功"
)
LOST = (
    r"\b(closed[ -]?lost.*|lost.*|lose|dead|abandoned|cancel+ed|disqualified|rejected"
    r"|no[ -]?deal)\b"
    r"|输单|丢单|战败|失败|无效|流失|作废|未成交|已取消"
)
LADDER = (  # where a stage usually stands among the open ones, by words in its name
    r"\b(lead|new|prospect\w*|inquiry|appointment|unqualified|open|identif\w*)\b"
    r"|线索|初步|初次|验证|立项|接触",
    r"\b(qualif\w*|contact\w*|discover\w*|engag\w*|intent|interest\w*|needs?|analysis|demo\w*"
    r"|scheduled)\b|意向|需求|调研|演示",
    r"\b(value|propos\w*|proposition|quot\w*|offer|solution|perception|presentation|decision\w*"
    r"|pilot|trial|evaluat\w*)\b|方案|报价|提案|试用",
    r"\b(negotiat\w*|review|contract\w*|verbal|commit\w*|legal|procurement|closing)\b"
    r"|谈判|商务|合同|审批|招投标",
)


@dataclass(frozen=True)
class Deals:
    """How the stage and outcome of deals are read.

    ``stages``: the open stages in order, the won one last. ``won`` and ``lost``: the words of the
    column ``outcome_from`` that mean so; all others are open. ``guessed``: the order of stages was
    told by their names alone.
    """

    outcome_from: str
    stages: tuple[str, ...]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    guessed: bool
    flags: tuple[str, str] = ("", "")


def deals(placed: Placed) -> Deals:
    """Stage and outcome of a file of deals, from the words in its columns."""
    stage, outcome = placed.of("stage"), placed.of("outcome")
    flags = _flags(placed)
    source = outcome or stage
    assert source is not None  # matching places no file of deals without one of the two
    words = _profile(placed, source.header).top
    won = tuple(w for w in words if _is(WON, w) and not _is(LOST, w))
    lost = tuple(w for w in words if _is(LOST, w))
    steps = _profile(placed, stage.header).top if stage else []
    ends = {w for w in steps if _is(WON, w) or _is(LOST, w)}
    open_ = [w for w in steps if w not in ends]
    order = sorted(range(len(open_)), key=lambda i: (_rank(open_[i]), i))
    last = next((w for w in steps if _is(WON, w) and not _is(LOST, w)), "won")
    stages = (*(open_[i] for i in order), last) if open_ else ("open", last)
    return Deals(source.header, stages, won, lost, len(open_) > 1, flags)


def _flags(placed: Placed) -> tuple[str, str]:
    """The columns that say whether a deal is closed and whether it is won, where both are there."""
    names = {normal(c.name).replace(" ", ""): c.name for c in placed.found.columns}
    closed = names.get("isclosed") or names.get("isdealclosed?") or names.get("closed")
    won = names.get("iswon") or names.get("isclosedwon") or names.get("won")
    return (closed or "", won or "") if closed and won else ("", "")


def _profile(placed: Placed, header: str) -> Profile:
    return next(c for c in placed.found.columns if c.name == header)


def _is(pattern: str, word: str) -> bool:
    return re.search(pattern, word.casefold()) is not None


def _rank(stage: str) -> float:
    numbered = re.match(r"\s*(\d{1,2})\s*[-.)、 ]", stage)
    if numbered:
        return -100 + int(numbered[1])
    found = [i for i, pattern in enumerate(LADDER) if _is(pattern, stage)]
    return float(found[-1]) if found else 1.5


# -- as SQL


def name(header: str) -> str:
    """A column of theirs in SQL."""
    return '"' + header.replace('"', '""') + '"'


def text(word: str) -> str:
    """A text in SQL."""
    return "'" + word.replace("'", "''") + "'"


def outcome_sql(read: Deals) -> str:
    """SQL for won, lost or open."""
    closed, won = read.flags
    if closed and won:
        yes = "('true', '1', 'yes', '是', 't', 'y')"
        return (
            f"CASE WHEN lower({name(won)}) IN {yes} THEN 'won' WHEN lower({name(closed)}) IN {yes}"
            " THEN 'lost' ELSE 'open' END"
        )
    column = name(read.outcome_from)
    cases = [
        f"WHEN {column} IN ({', '.join(map(text, words))}) THEN '{outcome}'"
        for outcome, words in (("won", read.won), ("lost", read.lost))
        if words
    ]
    return f"CASE {' '.join(cases)} ELSE 'open' END" if cases else "'open'"


def deals_sql(placed: Placed, read: Deals) -> list[tuple[str, str, str]]:
    """The columns of ``opportunities`` as (ours, SQL, reason)."""
    stage, close = placed.of("stage"), placed.of(CLOSE)
    out: list[tuple[str, str, str]] = []
    for match in placed.matches:
        if match.sure and match.column not in ("stage", "outcome", CLOSE, "closed"):
            out.append((match.column, name(match.header), f"their {match.header}"))
    won = text(read.stages[-1])
    here = name(stage.header) if stage else text(read.stages[0])
    out.append(
        (
            "stage",
            f"CASE _outcome WHEN 'won' THEN {won} WHEN 'lost' THEN 'lost' ELSE {here} END",
            "the stage while open; a decided deal stands in its outcome",
        )
    )
    out.append(("outcome", "_outcome", f"from {read.outcome_from}, above"))
    closed, expected = placed.of("closed"), placed.of("expected_close")
    if real := closed or close:
        day = name(real.header)
        why = "decided deals only" if closed else "one closing day: the real one once decided"
        out.append(("closed", f"CASE WHEN _outcome <> 'open' THEN {day} END", why))
    if close and not expected:
        day = name(close.header)
        out.append(
            (
                "expected_close",
                f"CASE WHEN _outcome = 'open' THEN {day} END",
                "the planned one before",
            )
        )
    return out
