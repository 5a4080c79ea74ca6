"""Which file is which table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from playbook.data.tables import TABLES

from .files import Found
from .headers import likeness, normal, table_likeness
from .matching import CLOSE, Match, match
from .outcomes import AMONG, is_lost, is_won
from .parts import parts

NEAR_BEST = 0.8  # of its best score, from which a file is taken for its second-best table
LACKING = 0.9  # of its score for a table whose required columns are not all there
FEW = 5  # values below which repeated ones prove nothing
# Required columns that can be made where a file has none (``derive`` and ``making`` say from what).
MADE = {
    "orders": {"order_id", "customer_id"},
    "opportunities": {"stage", "outcome", "opportunity_id"},
    "targets": {"metric"},
    "activities": {"activity_id", "kind"},
    "payments": {"payment_id"},
    "cases": {"case_id"},
}
INSTEAD = {  # inputs that stand for a required column
    ("contracts", "annual_value"): ("monthly_value",),
    ("activities", "date"): ("due",),
    ("reps", "rep_id"): ("name",),
    ("customers", "customer_id"): ("name",),
}
PROVED_BY = {  # tables that only their name, or one of these, makes likely
    "payments": {"payment_id"},
    "cases": {"case_id", "solved", "answered"},
    "snapshots": {"snapshot_date"},
    "changes": {"field"},
    "assignments": {"subject_id"},
    "rates": {"rate"},
}
TELLING = {  # columns that hardly another table has
    "orders": {"amount", "date", "quantity", "order_id", "product_line"},
    "opportunities": {
        "stage",
        "outcome",
        "expected_close",
        CLOSE,
        "opportunity_id",
        "lost_reason",
        "probability",
        "expected_amount",
    },
    "leads": {"lead_id", "expected_purchase", "converted_opportunity_id", "company"},
    "contracts": {"contract_id", "end", "start", "annual_value"},
    "channel_costs": {"cost"},
    "targets": {"target", "period"},
    "reps": {"hired", "team", "rep_id", "manager_id", "role"},
    "activities": {"kind", "summary", "activity_id", "feedback"},
    "stage_events": {"entered_at", "stage"},
    "customers": {"industry", "customer_id", "size_employees", "customer_type"},
    "payments": {"payment_id", "amount", "date"},
    "cases": {"case_id", "solved", "answered", "satisfaction"},
    "snapshots": {"snapshot_date"},
    "changes": {"field", "from", "to"},
    "assignments": {"subject", "subject_id", "role"},
    "rates": {"rate"},
}


@dataclass(frozen=True)
class Placed:
    """A file taken for a table, with its columns. ``missing``: required columns that no column of
    the file is surely, so that the table stands in the proposal as a question.
    """

    found: Found
    table: str
    score: float
    matches: tuple[Match, ...]
    missing: tuple[str, ...] = field(default=())
    named: float = 0.0

    def of(self, column: str) -> Match | None:
        """The match of one of our columns, if it is sure."""
        return next((m for m in self.matches if m.column == column and m.sure), None)

    @property
    def questions(self) -> tuple[Match, ...]:
        """Matches that are not sure enough to be taken."""
        return tuple(m for m in self.matches if not m.sure)


def place(found: list[Found], given: Iterable[str] = ()) -> tuple[list[Placed], list[Found]]:
    """Every file with the table it most likely is, each table once; and files that are none.

    given: tables that are taken already.
    """
    given = set(given)
    options: list[Placed] = []
    for one in found:
        named = table_likeness(one.called)
        for table in TABLES:
            option = _option(one, table, named.get(table, 0.0))
            if option:
                options.append(option)
    options.sort(key=lambda p: (bool(p.missing), -p.score, p.found.order, p.table))
    options = [p for p in options if p.named == 1.0 or not _called_otherwise(p, options)]
    best: dict[str, float] = {}
    for option in options:  # what a file most likely is, whether or not that table is taken
        name = option.found.name
        best[name] = max(best.get(name, 0.0), option.score * (LACKING if option.missing else 1))
    chosen: list[Placed] = []
    for option in options:
        taken = option.table in given or any(
            p.found is option.found or p.table == option.table for p in chosen
        )
        if not taken and option.score >= NEAR_BEST * best[option.found.name]:
            chosen.append(option)
    rest = [one for one in found if all(p.found is not one for p in chosen)]
    return sorted(chosen, key=lambda p: list(TABLES).index(p.table)), rest


def _called_otherwise(option: Placed, options: list[Placed]) -> bool:
    """Whether the file is called after another table that it also looks like, on the whole, and
    that explains not much less of it: a till's receipts are sales, whatever the file is called.
    """
    return any(
        other.found is option.found
        and other.named == 1.0
        and not other.missing
        and other.score > 0.8 * option.score
        and 2 * len(_taken(other)) > len(_taken(option))
        for other in options
    )


def _taken(option: Placed) -> list[str]:
    return [m.column for m in option.matches if m.sure]


def _option(found: Found, table: str, named: float) -> Placed | None:
    matches = match(found, table)
    got = {m.column: m.score for m in matches if m.sure}
    if _repeats_its_key(found, table) or (table == "leads" and not _of_leads(found, named)):
        return None
    if table == "opportunities" and not _of_deals(found, named, got):
        return None
    needed = {c.name for c in TABLES[table].columns if c.required} - MADE.get(table, set())
    if table == "opportunities" and not {"stage", "outcome"} & set(got):
        needed = needed | {"stage"}
    if table == "orders" and not ({"order_id", "customer_id", "rep_id", "product_line"} & set(got)):
        needed = needed | {"order_id"}
    if table in PROVED_BY and not named and not PROVED_BY[table] & set(got):
        return None
    if table == "customers" and "customer_id" not in got and not named:
        return None
    needed = {c for c in needed if not (set(INSTEAD.get((table, c), ())) & set(got))}
    missing = tuple(sorted(needed - set(got)))
    score = _score(table, got, named, len(found.columns))
    if not got or (missing and (len(got) < 3 or score < 2.5 or len(missing) > 2)):
        return None
    return Placed(found, table, score, matches, missing, named)


def _of_leads(found: Found, named: float) -> bool:
    """Whether a file may be one of leads: its name or a header says so, and no column says won and
    lost, which deals are.
    """
    for column in found.columns:
        words = column.top if column.different <= AMONG else []
        if any(is_won(w) and not is_lost(w) for w in words) and any(is_lost(w) for w in words):
            return False
    return named > 0 or any("lead" in parts(normal(c.name)).concepts for c in found.columns)


def _of_deals(found: Found, named: float, got: dict[str, float]) -> bool:
    """Whether a file may be one of deals: its name, a header or what deals alone have says so."""
    alone = {"expected_close", CLOSE, "closed", "probability", "lost_reason", "forecast_category"}
    said = any("deal" in parts(normal(c.name)).concepts for c in found.columns)
    return named > 0 or said or bool(alone & set(got))


def _repeats_its_key(found: Found, table: str) -> bool:
    """Whether a column is called as the table's key is and does not tell rows apart: then the rows
    are something that happened to it, such as a deal's stages.
    """
    key = TABLES[table].key
    if len(key) != 1:
        return False
    called = [c for c in found.columns if likeness(c.name, table, key[0]) >= 0.98]
    named = [c for c in called if key[0].split("_")[0] in c.name.casefold()]
    return any(len(c.filled) > FEW and c.distinct < 0.9 for c in named)


def _score(table: str, got: dict[str, float], named: float, headers: int) -> float:
    """How much a file looks like a table, by what hardly another table has, the share of its
    headers that are explained, and its name.
    """
    telling = sum(got.get(c, 0.0) for c in TELLING.get(table, ()))
    explained = sum(got.values()) / max(headers, 1)
    name = 3.0 if named == 1.0 else 1.5 * named
    return telling + 2 * explained + name + 0.1 * len(got)
