"""Contracts of frames: what each table that a result hands out holds, declared once.

A contract is a class with one attribute per column, in the order of the frame::

    class StepRates(Frame):
        "One row per step and window."

        step = text("the step, written from→to")
        entered = count("deals of mature cohorts that entered")
        rate = share("advanced ÷ entered", low="low", high="high")

A result names it where it declares the frame: ``table: Annotated[pd.DataFrame, StepRates]``. The
attribute is the column's name (``frame[StepRates.rate]``), so a misspelt column is seen by the type
checker; the reference pages, ``print(result)`` and the conformance test read the same declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Number
from typing import Any, ClassVar, get_args, get_type_hints

import numpy as np
import pandas as pd

from .formats import is_missing
from .periods import Month

NUMERIC = ("count", "share", "pp", "money", "days", "ratio", "score", "number")
UNITS = ("text", "flag", "date", "month", "any", *NUMERIC)


class Column(str):
    """A column's name that knows its unit and meaning. Equal to the plain name."""

    __slots__ = ("high", "low", "meaning", "optional", "unit")
    unit: str
    meaning: str
    optional: bool
    low: str
    high: str

    def __new__(
        cls,
        name: str,
        unit: str = "text",
        meaning: str = "",
        *,
        optional: bool = False,
        low: str = "",
        high: str = "",
    ) -> Column:
        if unit not in UNITS:
            raise ValueError(f"unit '{unit}' is not one of {', '.join(UNITS)}")
        made = super().__new__(cls, name)
        made.unit, made.meaning, made.optional = unit, meaning, optional
        made.low, made.high = low, high
        return made

    def named(self, name: str) -> Column:
        """The same column under its name."""
        return Column(
            name, self.unit, self.meaning, optional=self.optional, low=self.low, high=self.high
        )


def text(meaning: str, *, optional: bool = False) -> Column:
    """A column of words."""
    return Column("", "text", meaning, optional=optional)


def flag(meaning: str, *, optional: bool = False) -> Column:
    """A column of yes and no."""
    return Column("", "flag", meaning, optional=optional)


def day(meaning: str, *, optional: bool = False) -> Column:
    """A column of days."""
    return Column("", "date", meaning, optional=optional)


def month(meaning: str, *, optional: bool = False) -> Column:
    """A column of months: ``Month`` or ``YYYY-MM``."""
    return Column("", "month", meaning, optional=optional)


def thing(meaning: str, *, optional: bool = False) -> Column:
    """A column of values of several kinds, such as a number whose unit stands beside it."""
    return Column("", "any", meaning, optional=optional)


def _number(unit: str, meaning: str, optional: bool, low: str, high: str) -> Column:
    return Column("", unit, meaning, optional=optional, low=low, high=high)


def count(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A number of things. low, high: names of the columns that hold its interval."""
    return _number("count", meaning, optional, low, high)


def share(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A share of a whole, 0.25 for 25 %. low, high: names of the columns of its interval."""
    return _number("share", meaning, optional, low, high)


def points(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A difference of two shares. low, high: names of the columns of its interval."""
    return _number("pp", meaning, optional, low, high)


def money(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """An amount in the book's currency. low, high: names of the columns of its interval."""
    return _number("money", meaning, optional, low, high)


def days(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A span in days. low, high: names of the columns of its interval."""
    return _number("days", meaning, optional, low, high)


def ratio(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A quotient, 1.5 for one and a half times. low, high: columns of its interval."""
    return _number("ratio", meaning, optional, low, high)


def score(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A score on a stated scale. low, high: names of the columns of its interval."""
    return _number("score", meaning, optional, low, high)


def number(meaning: str, *, optional: bool = False, low: str = "", high: str = "") -> Column:
    """A plain number. low, high: names of the columns of its interval."""
    return _number("number", meaning, optional, low, high)


class Frame:
    """Base of all contracts. ``rest`` describes further columns whose names are data (months)."""

    columns: ClassVar[tuple[Column, ...]] = ()
    rest: ClassVar[Column | None] = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = {
            name: value.named(name)
            for name, value in vars(cls).items()
            if isinstance(value, Column) and name != "rest"
        }
        if taken := sorted(set(own) & _OWN_NAMES):
            raise TypeError(
                f"{cls.__name__}: no column can be called {', '.join(taken)}, which every contract"
                " has as an attribute of its own; give the column another name"
            )
        for name, column in own.items():
            setattr(cls, name, column)
        kept = tuple(column for column in cls.columns if column not in own)
        cls.columns = (*kept, *own.values())

    @classmethod
    def names(cls) -> list[str]:
        """Names of the columns that are always there, in order."""
        return [str(column) for column in cls.columns if not column.optional]

    @classmethod
    def make(cls, rows: Iterable[Mapping[str, Any]] | Mapping[str, Any]) -> pd.DataFrame:
        """A frame of the contract from rows, or from columns; empty ones carry their columns too.

        Raises ValueError, naming them, for columns that are missing or not declared.
        """
        frame = pd.DataFrame(rows if isinstance(rows, Mapping) else list(rows))
        if frame.empty and not len(frame.columns):
            return pd.DataFrame({name: pd.Series(dtype=object) for name in cls.names()})
        if wrong := cls._shape(frame):
            raise ValueError(f"{cls.__name__}: {'; '.join(wrong)}")
        known = [str(column) for column in cls.columns if column in frame.columns]
        return frame[[*known, *(name for name in frame.columns if name not in known)]]

    @classmethod
    def problems(cls, frame: pd.DataFrame) -> list[str]:
        """What in ``frame`` is not as declared; empty when all is."""
        found = cls._shape(frame)
        for column in cls.columns:
            if column in frame.columns:
                odd = [value for value in frame[column] if not _fits(value, column.unit)]
                if odd:
                    found.append(
                        f"'{column}' is declared as {column.unit} and holds {odd[0]!r}"
                        f" ({len(odd)} of {len(frame)} rows)"
                    )
        return found

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> list[str]:
        missing = [name for name in cls.names() if name not in frame.columns]
        unknown = [str(name) for name in frame.columns if name not in cls.columns]
        available = f"; columns there are: {', '.join(map(str, frame.columns))}"
        open_ended = cls.rest is not None
        return [
            *([f"columns missing: {', '.join(missing)}{available}"] if missing else []),
            *(
                [f"columns not declared: {', '.join(unknown)}"]
                if unknown and not open_ended
                else []
            ),
        ]


_OWN_NAMES = {"columns", "names", "make", "problems"}  # attributes of Frame: no column's name


def contracts_of(kind: type) -> dict[str, type[Frame]]:
    """Attribute → contract of every frame that a result class declares, inherited ones included."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        for extra in get_args(hint)[1:] if hasattr(hint, "__metadata__") else ():
            if isinstance(extra, type) and issubclass(extra, Frame):
                found[name] = extra
    return found


def _fits(value: Any, unit: str) -> bool:
    """Whether a cell is of its column's unit. What is not known fits every unit."""
    if unit == "any" or (not isinstance(value, str) and is_missing(value)):
        return True
    if unit == "text":
        return isinstance(value, str)
    if unit == "flag":
        return isinstance(value, (bool, np.bool_))
    if unit == "date":
        return isinstance(value, (date, np.datetime64))
    if unit == "month":
        return isinstance(value, Month) or (isinstance(value, str) and _is_month(value))
    return isinstance(value, Number) and not isinstance(value, (bool, np.bool_))


def _is_month(value: str) -> bool:
    return len(value) == 7 and value[4] == "-" and value[:4].isdigit() and value[5:].isdigit()
