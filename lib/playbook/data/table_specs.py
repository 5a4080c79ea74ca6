"""How the contract describes a table and its columns: kinds, keys, ranges, references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

Kind = Literal[
    "text",
    "day",
    "time",
    "money",
    "number",
    "count",
    "share",
    "flag",
    "score",
    "month",
    "period",
    "year",
]

# DuckDB type of each kind. Money is exact to a hundredth of a cent; a time keeps its clock where it
# matters.
SQL_TYPE: dict[Kind, str] = {
    "text": "VARCHAR",
    "day": "DATE",
    "time": "TIMESTAMP",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "count": "BIGINT",
    "share": "DOUBLE",
    "flag": "BOOLEAN",
    "score": "DOUBLE",
    "month": "DATE",
    "period": "VARCHAR",
    "year": "BIGINT",
}


@dataclass(frozen=True)
class ColumnSpec:
    """One column: ``meaning`` says what it holds, ``example`` what a cell may say."""

    name: str
    kind: Kind
    meaning: str = ""
    example: str = ""
    required: bool = False
    personal: bool = False
    refers: str | None = (
        None  # "customers.customer_id": unknown values are counted and judged by share
    )
    choices: tuple[str, ...] = ()  # closed vocabulary; other words are refused
    low: float | None = None  # smallest allowed value
    high: float | None = None  # largest allowed value


@dataclass(frozen=True)
class TableSpec:
    """``key`` columns identify a row. ``known`` is the day column from which a row is known; later
    rows do not exist yet. ``inputs`` may be given in place of columns: they are worked into them.
    """

    name: str
    grain: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...] = ()
    known: str | None = None
    order: tuple[tuple[str, str], ...] = ()  # (earlier, later) pairs of days that must not swap
    inputs: tuple[ColumnSpec, ...] = ()

    def __getitem__(self, name: str) -> ColumnSpec:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]


# What each kind of column holds, in words.
KIND_WORDS: dict[Kind, str] = {
    "text": "words",
    "day": "a day, 2023-04-03",
    "time": "a day or a moment",
    "money": "an amount, exact to 0.0001",
    "number": "a number",
    "count": "a whole number",
    "share": "a share, 0.15 or 15%",
    "flag": "yes or no",
    "score": "a score",
    "month": "a month, 2023-04",
    "period": "2023, 2023-Q1 or 2023-04",
    "year": "a year",
}


# Texts that name a member of a dimension or a measure; what else is text, but for ids and closed
# vocabularies, people write as they like.
_NAMES = frozenset(
    [
        "region",
        "channel",
        "product_line",
        "stage",
        "kind",
        "customer_type",
        "team",
        "role",
        "metric",
        "unit",
        "lever",
        "field",
        "from",
        "to",
        "value",
        "invoice",
        "status",
        "billing",
        "currency",
        "forecast_category",
    ]
)


OWN_DIMENSION = "a dimension of the firm's own"  # what such a column means


def is_free_text(column: ColumnSpec) -> bool:
    """Whether people write what they like in the column, so that contact data may stand in it."""
    return (
        column.kind == "text"
        and not column.personal
        and not column.choices
        and not column.name.endswith(("_id", "renewed_by"))
        and column.name not in _NAMES
    )


# Members of dimensions: short words, but people type into them what they like.
_MEMBERS = frozenset(
    ["region", "channel", "product_line", "customer_type", "team", "role", "kind", "status"]
)


def is_member(column: ColumnSpec) -> bool:
    """Whether the column's values are members of a dimension, the contract's or the firm's own."""
    own = column.meaning == OWN_DIMENSION
    return column.kind == "text" and (column.name in _MEMBERS or own)


def may_hold_contacts(column: ColumnSpec) -> bool:
    """Whether contact data may have been typed into the column: free text, and members."""
    named = column.kind == "text" and column.name in _MEMBERS and not column.choices
    return named or is_free_text(column)


def columns_of(text: str, **extra: dict[str, Any]) -> tuple[ColumnSpec, ...]:
    """Columns from lines ``name kind | meaning | example``; after the kind ``*`` marks required,
    ``!`` personal. ``extra`` adds fields by column name.
    """
    columns = []
    for line in text.strip().splitlines():
        head, meaning, example = (part.strip() for part in line.split("|"))
        name, kind = head.rstrip("*!").split()
        if kind not in SQL_TYPE:
            raise ValueError(f"'{kind}' is no kind of column")
        columns.append(
            ColumnSpec(
                name,
                cast(Kind, kind),
                meaning,
                example,
                required="*" in head,
                personal="!" in head,
                **extra.get(name, {}),
            )
        )
    return tuple(columns)


def one_of(*words: str) -> dict[str, Any]:
    """Fields of a column with a closed vocabulary."""
    return {"choices": words}


def range_of(low: float | None = None, high: float | None = None) -> dict[str, Any]:
    """Fields of a column with a smallest and a largest value."""
    return {"low": low, "high": high}


REP: dict[str, Any] = {"refers": "reps.rep_id"}
DEAL: dict[str, Any] = {"refers": "opportunities.opportunity_id"}
LEAD: dict[str, Any] = {"refers": "leads.lead_id"}
CUSTOMER: dict[str, Any] = {"refers": "customers.customer_id"}
