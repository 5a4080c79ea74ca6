"""Which column is which in a file taken for a table: names weighed with values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from playbook.data.tables import TABLES

from .files import Found
from .headers import in_common, likeness, normal
from .order_lines import of_a_line, of_an_order
from .outcomes import AMONG, is_lost, is_open, is_won, say_outcome, say_stage
from .parts import parts
from .profile import Profile, fits
from .units import UNIT_PRICE
from .vocabulary import meanings
from .words import ASKED, WEAK

SURE, MAYBE = 0.75, 0.45  # from which a column is mapped, and from which it is named as a question
LIKELY = 0.55  # from which a name is taken where values, and the table's other columns, agree
TOLD = 0.86  # of a column that says by its words alone that it is the stage or the outcome
SHORT = 0.97  # of a name once the words that all of the file begin with are left out
AGREE = 2  # columns of the table that must be sure before a likely one is taken
CLOSE = "close_date"  # one column for the planned and the real closing day, split by outcome
MEMBERS = ("product_line", "region", "channel", "industry", "customer_type")
SINGLE = 60  # different values from which a column names single things rather than classes
# Columns where taking the wrong one of two costs most: with a rival they stay a question.
DEAR = {
    "order_id",
    "opportunity_id",
    "amount",
    "expected_amount",
    "list_amount",
    "cost",
    "paid_amount",
    "target",
    "annual_value",
    "monthly_value",
    "closed",
    "expected_close",
}


@dataclass(frozen=True)
class Match:
    """Our ``column`` is their ``header``, with a score from 0 to 1; ``others`` could be it too."""

    column: str
    header: str
    score: float
    others: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return self.score >= SURE


def columns_of(table: str) -> list[str]:
    """The columns a table may be given, with those that stand for others; flags of deals are told
    by ``stages``.
    """
    spec = TABLES[table]
    return [c.name for c in (*spec.columns, *spec.inputs) if not c.name.startswith("is_")]


def kind_of(table: str, column: str) -> str:
    """The kind of a column, as the contract has it."""
    spec = TABLES[table]
    return next(c.kind for c in (*spec.columns, *spec.inputs) if c.name == column)


def match(found: Found, table: str) -> tuple[Match, ...]:
    """Our columns of ``table`` matched to the file's headers, one to one, best in sum."""
    ours, theirs = columns_of(table), found.columns
    if not theirs:
        return ()
    scores = _scores(ours, theirs, table)
    rows, columns = linear_sum_assignment(-scores)
    out = []
    for i, j in zip(rows, columns, strict=True):
        if scores[i, j] >= MAYBE:
            near = [
                theirs[k].name
                for k in np.argsort(-scores[i], kind="stable")
                if k != j and scores[i, k] >= MAYBE
            ]
            out.append(Match(ours[i], theirs[j].name, float(scores[i, j]), tuple(near[:3])))
    proved = _one_closing_day(_proved(tuple(out), found, table, scores))
    return _deals_called_leads(proved, found) if table == "opportunities" else proved


def _deals_called_leads(matches: tuple[Match, ...], found: Found) -> tuple[Match, ...]:
    """The number of a lead that tells the rows apart is the deal's own, where it has no other: some
    systems call their deals so.
    """
    if any(m.column == "opportunity_id" and m.sure for m in matches):
        return matches
    whole = {c.name for c in found.columns if c.distinct > 0.999 and c.fill > 0.99}
    own = next((m for m in matches if m.column == "lead_id" and m.header in whole), None)
    if own is None:
        return matches
    kept = [m for m in matches if m.column not in ("opportunity_id", "lead_id")]
    return (*kept, replace(own, column="opportunity_id"))


def _scores(ours: list[str], theirs: tuple[Profile, ...], table: str) -> np.ndarray:
    key = TABLES[table].key
    scores = np.zeros((len(ours), len(theirs)))
    short = in_common(profile.name for profile in theirs)
    for i, name in enumerate(ours):
        for j, profile in enumerate(theirs):
            named = likeness(profile.name, table, name)
            if profile.name in short:
                named = max(named, SHORT * likeness(short[profile.name], table, name))
            if not named and (name,) == key and _numbers_rows(profile):
                named = WEAK
            if named:
                fit = fits(kind_of(table, name), profile, key=(name,) == key)
                scores[i, j] = named * fit * _speaks(table, name, profile)
                if name in MEMBERS and profile.different > SINGLE:
                    scores[i, j] *= 0.97  # a class of things rather than the things
                if name in MEMBERS and profile.numbers > 0.9:
                    scores[i, j] *= 0.9  # words rather than code numbers
                if name in ("customer_id", "rep_id") and not _numbers_it(profile.name):
                    scores[i, j] *= 0.99  # the number beside the name is the better key
            if table == "opportunities" and name in ("stage", "outcome"):
                told = _told(name, profile)
                scores[i, j] = max(scores[i, j], told and told + 0.05 * named)
    if table == "orders":
        _of_lines_first(scores, ours, theirs)
    return scores


def _of_lines_first(scores: np.ndarray, ours: list[str], theirs: tuple[Profile, ...]) -> None:
    """Where order numbers repeat, the amount of a line comes before that of the whole order."""
    numbers = scores[ours.index("order_id")]
    amounts = scores[ours.index("amount")]
    key = int(np.argmax(numbers))
    repeats = numbers[key] >= SURE and theirs[key].distinct < 0.98
    lined = [j for j, one in enumerate(theirs) if amounts[j] >= WEAK and of_a_line(one.name)]
    if repeats and lined:
        for j, one in enumerate(theirs):
            if j not in lined and of_an_order(one.name):
                amounts[j] *= 0.5


def _told(column: str, profile: Profile) -> float:
    """How surely the words of a column alone make it the stage or the outcome of deals."""
    if profile.different > AMONG or max(profile.numbers, profile.dates) > 0.5:
        return 0.0
    said = say_outcome if column == "outcome" else say_stage
    return TOLD if said(profile.top) else 0.0


def _speaks(table: str, column: str, profile: Profile) -> float:
    """1, or less for a column with a closed list of words that speaks of other things."""
    spec = next((c for c in TABLES[table].columns if c.name == column), None)
    if column == "outcome" and len(profile.filled):
        told = sum(is_won(w) or is_lost(w) or is_open(w) for w in profile.top)
        return 1.0 if 2 * told >= len(profile.top) else 0.6
    if spec is None or not spec.choices or column == "outcome" or not len(profile.filled):
        return 1.0
    known = meanings(table, column, profile.top)
    return 1.0 if all(known.get(word) is not None for word in profile.top) else 0.7


def fits_well(profile: Profile, table: str, column: str) -> bool:
    """Whether the values of a header are what its column needs, and not just possible."""
    if not len(profile.filled):
        return False
    if column in ("stage", "outcome"):
        return profile.different <= 20 and profile.dates < 0.5
    if column in MEMBERS:
        return profile.dates < 0.5 and (profile.distinct < 0.9 or profile.different < 5)
    return fits(kind_of(table, column), profile, key=(column,) == TABLES[table].key) == 1.0


def _proved(
    matches: tuple[Match, ...], found: Found, table: str, scores: np.ndarray
) -> tuple[Match, ...]:
    """Words of several meanings are taken where the values fit, most of the other columns of the
    table are sure, and, for keys, money and closing days, nothing else competes for the column.
    """
    sure = {m.header for m in matches if m.sure}
    profiles = {c.name: c for c in found.columns}
    names = [c.name for c in found.columns]
    ours = columns_of(table)
    out = []
    for one in matches:
        if one.sure or one.score < LIKELY or len(sure) < AGREE:
            out.append(one)
            continue
        row = scores[ours.index(one.column)]
        rivals = [h for h in one.others if h not in sure and row[names.index(h)] > ASKED]
        dear = one.column in DEAR
        if one.column == "amount":
            rivals += [n for n in names if n not in sure | {one.header} and _speaks_of_money(n)]
        clear = not rivals if dear else all(row[names.index(h)] < one.score for h in rivals)
        if one.column == "amount" and _of_one_piece(one.header, matches):
            clear = False
        if clear and fits_well(profiles[one.header], table, one.column):
            one = replace(one, score=SURE)
        out.append(one)
    return tuple(out)


def _numbers_rows(profile: Profile) -> bool:
    """Whether a column is called a number and nothing else, and tells the rows apart."""
    only = parts(normal(profile.name))
    whole = profile.distinct > 0.999 and profile.fill > 0.99
    return whole and not only.unknown and only.concepts == {"id"}


def _numbers_it(header: str) -> bool:
    return "id" in parts(normal(header)).concepts


def _of_one_piece(header: str, matches: tuple[Match, ...]) -> bool:
    """Whether a header is the price of one piece, where the file counts pieces."""
    return normal(header) in UNIT_PRICE and any(m.column == "quantity" and m.sure for m in matches)


def _speaks_of_money(header: str) -> bool:
    read = parts(normal(header)).concepts
    return "money" in read and not read & {"turns", "weighted"}


def _one_closing_day(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """One closing day beside a planned one is the real one; beside both it is none of ours. An
    outcome with several open words is the stage, where there is no other.
    """
    have = {m.column for m in matches if m.sure}
    if {"closed", "expected_close"} <= have:
        return tuple(m for m in matches if m.column != CLOSE)
    if "expected_close" in have and CLOSE in have:
        return tuple(
            replace(m, column="closed") if m.column == CLOSE else m
            for m in matches
            if m.column != "closed"
        )
    return matches
