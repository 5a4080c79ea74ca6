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
    name: str
    kind: Kind
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
    rows do not exist yet.
    """

    name: str
    grain: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...] = ()
    known: str | None = None
    order: tuple[tuple[str, str], ...] = ()  # (earlier, later) pairs of days that must not swap

    def __getitem__(self, name: str) -> ColumnSpec:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]


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
    ]
)


def is_free_text(column: ColumnSpec) -> bool:
    """Whether people write what they like in the column, so that contact data may stand in it."""
    return (
        column.kind == "text"
        and not column.personal
        and not column.choices
        and not column.name.endswith(("_id", "renewed_by"))
        and column.name not in _NAMES
    )


def columns_of(spec: str, **extra: dict[str, Any]) -> tuple[ColumnSpec, ...]:
    """Columns from ``name:kind`` words; ``*`` marks required, ``!`` personal. ``extra`` adds fields
    by column name.
    """
    columns = []
    for word in spec.split():
        name, kind = word.rstrip("*!").split(":")
        if kind not in SQL_TYPE:
            raise ValueError(f"'{kind}' is no kind of column")
        columns.append(
            ColumnSpec(
                name,
                cast(Kind, kind),
                required="*" in word,
                personal="!" in word,
                **extra.get(name, {}),
            )
        )
    return tuple(columns)
