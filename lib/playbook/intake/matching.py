"""Which file is which table, and which column is which: names weighed with values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from playbook.data.tables import TABLES

from .files import Found
from .headers import WEAK, likeness, table_likeness
from .profile import Profile, fits

SURE, MAYBE = 0.75, 0.45  # from which a column is mapped, and from which it is named as a question
KNOWN = 0.9  # share of references that must be found in the table they name
CLOSE = "close_date"  # one column for the planned and the real closing day, split by outcome
# Required columns that can be made where a file has none: from what is said in ``derive``.
MADE = {
    "orders": {"order_id", "customer_id"},
    "opportunities": {"stage", "outcome"},
    "targets": {"metric"},
    "activities": {"activity_id"},
    "contracts": {"annual_value"},
}
TELLING = {  # columns that hardly another table has
    "orders": {"amount", "date", "quantity", "order_id"},
    "opportunities": {"stage", "outcome", "expected_close", CLOSE, "opportunity_id", "lost_reason"},
    "leads": {"lead_id", "expected_purchase", "converted_opportunity_id"},
    "contracts": {"contract_id", "end"},
    "channel_costs": {"cost"},
    "targets": {"target", "period"},
    "reps": {"hired", "team", "rep_id"},
    "activities": {"kind", "summary", "date"},
    "stage_events": {"entered_at"},
    "customers": {"industry", "customer_id", "size_employees"},
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


@dataclass(frozen=True)
class Placed:
    """A file taken for a table, with its columns."""

    found: Found
    table: str
    score: float
    matches: tuple[Match, ...]

    def of(self, column: str) -> Match | None:
        """The match of one of our columns, if it is sure."""
        return next((m for m in self.matches if m.column == column and m.sure), None)

    @property
    def questions(self) -> tuple[Match, ...]:
        """Matches that are not sure enough to be taken."""
        return tuple(m for m in self.matches if not m.sure)


def columns_of(table: str) -> list[str]:
    """The columns a table may be given, the split closing day included."""
    names = [column.name for column in TABLES[table].columns]
    return [*names, CLOSE] if table == "opportunities" else names


def match(found: Found, table: str) -> tuple[Match, ...]:
    """Our columns of ``table`` matched to the file's headers, one to one, best in sum."""
    ours, theirs = columns_of(table), found.columns
    if not theirs:
        return ()
    spec = {column.name: column for column in TABLES[table].columns}
    key = TABLES[table].key
    scores = np.zeros((len(ours), len(theirs)))
    for i, name in enumerate(ours):
        kind = "day" if name == CLOSE else spec[name].kind
        for j, profile in enumerate(theirs):
            named = likeness(profile.name, table, name)
            if named:
                scores[i, j] = named * fits(kind, profile, key=(name,) == key)
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
    return _proved(tuple(out), {c.name: fits_well(c, table, out) for c in theirs})


def fits_well(profile: Profile, table: str, matches: list[Match]) -> bool:
    """Whether the values of a matched header are what its column needs, and not just possible."""
    kinds = {c.name: c.kind for c in TABLES[table].columns} | {CLOSE: "day"}
    mine = next((m for m in matches if m.header == profile.name), None)
    if mine is None or not len(profile.filled):
        return False
    if mine.column in ("stage", "outcome"):
        return profile.distinct < 0.5 or profile.filled.nunique() <= 12
    return fits(kinds[mine.column], profile, key=(mine.column,) == TABLES[table].key) == 1.0


def _proved(matches: tuple[Match, ...], values: dict[str, bool]) -> tuple[Match, ...]:
    """Words of several meanings are taken where the values fit, nothing else competes for the
    column, and most of the other columns of the table are sure.
    """
    sure = sum(m.sure for m in matches)
    return tuple(
        replace(m, score=SURE)
        if not m.sure and m.score >= WEAK and not m.others and values[m.header] and sure >= 3
        else m
        for m in matches
    )


def place(found: list[Found]) -> tuple[list[Placed], list[Found]]:
    """Every file with the table it most likely is, each table once; and files that are none."""
    options: list[Placed] = []
    for one in found:
        named = table_likeness(one.settings.sheet or one.path.stem)
        for table in TABLES:
            matches = match(one, table)
            if score := _score(table, matches, named.get(table, 0.0), len(one.columns)):
                options.append(Placed(one, table, score, matches))
    options.sort(key=lambda p: (-p.score, p.found.label, p.table))
    chosen: list[Placed] = []
    for option in options:
        taken = any(p.found is option.found or p.table == option.table for p in chosen)
        if not taken:
            chosen.append(option)
    rest = [one for one in found if all(p.found is not one for p in chosen)]
    sound = [_with_references(p, chosen) for p in chosen]
    return sorted(sound, key=lambda p: list(TABLES).index(p.table)), rest


def _with_references(placed: Placed, every: list[Placed]) -> Placed:
    """The same; a column that should name rows of another table and mostly does not is a question,
    or the column beside it that does takes its place.
    """
    spec = {column.name: column for column in TABLES[placed.table].columns}
    kept = []
    used = {m.header for m in placed.matches}
    for one in placed.matches:
        refers = spec[one.column].refers if one.column in spec else None
        keys = _values(every, refers) if refers else set()
        if keys:
            options = [one.header, *(c.name for c in placed.found.columns if c.name not in used)]
            shares = {
                h: _inside(placed, h, keys)
                for h in options
                if h == one.header or likeness(h, placed.table, one.column) >= MAYBE
            }
            best = max(shares, key=lambda h: (shares[h], h == one.header))
            if shares[best] >= KNOWN:
                one = replace(one, header=best)
            elif len(keys) > 5:
                one = replace(one, score=min(one.score, MAYBE))
        kept.append(one)
    return replace(placed, matches=tuple(kept))


def _values(every: list[Placed], refers: str) -> set[str]:
    table, _, column = refers.partition(".")
    owner = next((p for p in every if p.table == table), None)
    match_ = owner.of(column) if owner else None
    if owner is None or match_ is None or not owner.found.whole:
        return set()
    return set(next(c for c in owner.found.columns if c.name == match_.header).filled)


def _inside(placed: Placed, header: str, keys: set[str]) -> float:
    values = next(c for c in placed.found.columns if c.name == header).filled
    return float(values.isin(keys).mean()) if len(values) else 1.0


def _score(table: str, matches: tuple[Match, ...], named: float, headers: int) -> float:
    """How much a file looks like a table; 0 where a required column is missing."""
    got = {m.column: m.score for m in matches if m.sure}
    needed = {c.name for c in TABLES[table].columns if c.required} - MADE.get(table, set())
    if table == "opportunities" and not {"stage", "outcome"} & set(got):
        return 0.0
    if table == "orders" and not ({"order_id", "customer_id", "rep_id", "product_line"} & set(got)):
        return 0.0
    if not needed <= set(got) or not headers:
        return 0.0
    telling = sum(got.get(c, 0.0) for c in TELLING.get(table, ()))
    explained = sum(got.values()) / headers
    return telling + 2 * explained + 1.5 * named + 0.1 * len(got)
