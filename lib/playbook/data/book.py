"""The book: a company's checked tables, frozen, as they were known on the as-of date."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import duckdb
import narwhals as nw

from playbook.base.errors import DataProblem, NotAvailable, Problem, did_you_mean
from playbook.base.facts import Facts, TableFacts
from playbook.base.formats import Formats
from playbook.base.language import language_of_run, say, use_language
from playbook.base.periods import Calendar, Month, Window, fiscal_year, window
from playbook.base.places import EXPECTED_DATA
from playbook.base.privacy import masked
from playbook.base.settings import Settings, load_settings
from playbook.engines.needs import EngineProblem, one_machine_only

from . import ahead
from .asof import as_of_query
from .days_covered import sales_covered
from .frames import Frames, frame_settings
from .read import Read
from .reading import read_frames, read_tables
from .report_month import choose_month
from .standing_in import deals_for
from .tables import EXTRA, TABLES, TOTALS, days_of


@dataclass(frozen=True)
class Book:
    """A company's tables on one day.

    Everything comes from the tables and the settings; nothing reads the clock. ``table`` gives
    narwhals lazy frames on DuckDB
    in which nothing is dated after ``as_of``: later rows are absent, and values learnt later are
    missing.
    """

    settings: Settings
    read: Read
    as_of: date

    def __post_init__(self) -> None:
        """What is said from now on is said in the book's language, or in the run's."""
        spoken = language_of_run(self.settings.book.language)
        if spoken != self.settings.book.language:
            object.__setattr__(self, "settings", self.settings.in_language(spoken))
        use_language(spoken)

    @classmethod
    def open(cls, path: str | Path, month: str = "", *, spark: Any = None) -> Book:
        """Read, check and freeze.

        path: a folder with playbook.toml, or a toml. month: YYYY-MM; empty = the last month that is
        closed in the data. spark: an existing Spark session that asks sources with ``lake``, in
        place of ``[engine] spark``. What an audience may see of a book: ``scoped.seen_by``.
        Raises DataProblem or SettingsProblem with all problems, ParameterProblem for a month
        without data.
        """
        ready = ahead.kept(Path(path)) if spark is None else None
        if ready is not None:
            return cls(*ready, choose_month(ready[1], month).end)
        settings = load_settings(Path(path))
        use_language(language_of_run(settings.book.language))  # problems are said in it already
        read = read_tables(settings, Path(path), spark)
        read.raise_if_wrong()
        _raise_if_changed(Path(path), read.fingerprint)
        return cls(settings, read, choose_month(read, month).end)

    @classmethod
    def from_frames(
        cls,
        *,
        month: str = "",
        settings: Mapping[str, Any] | str | Path | None = None,
        **frames: Unpack[Frames],
    ) -> Book:
        """A book from frames in memory, one keyword per table, columns named as the contract.

        frames: pandas, polars, Arrow or other frames narwhals reads; they are not changed. Cells
        are read and checked as those of files are: texts in every accepted form, typed columns as
        they are, NaN, None, NaT and NA as missing. settings: what playbook.toml would say, as a
        nested dict or as a path. month: YYYY-MM; empty = the last month that is closed in the data.
        Raises DataProblem with all problems at once (tables, columns and rows named; rows counted
        from 0), SettingsProblem, and ParameterProblem for a month without data.
        """
        ready = frame_settings(settings)
        use_language(language_of_run(ready.book.language))
        read = read_frames(ready, frames)
        read.raise_if_wrong()
        return cls(ready, read, choose_month(read, month).end)

    def at(self, day: date) -> Book:
        """The same data as known on an earlier (or later) day."""
        return replace(self, as_of=day)

    # -- what it is

    @property
    def name(self) -> str:
        return self.settings.book.name

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def currency(self) -> str:
        return self.settings.book.currency

    @property
    def fmt(self) -> Formats:
        return self.settings.formats

    @property
    def calendar(self) -> Calendar:
        return self.settings.calendar

    @property
    def month(self) -> Month:
        return Month.of(self.as_of)

    @property
    def fiscal_year(self) -> tuple[Month, Month]:
        """First and last month of the fiscal year of the as-of date."""
        return fiscal_year(self.month, self.settings.book.fiscal_year_start)

    @property
    def stages(self) -> list[str]:
        return list(self.settings.book.stages)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What is odd but does not stop a run, counted among the rows known on the as-of date."""
        found = (*self._unfinished(), *self.read.warnings_on(self.as_of, self.settings))
        if not self.settings.masks:
            return found
        return tuple(
            replace(p, found=masked(p.found), rows=tuple(map(masked, p.rows))) for p in found
        )

    def _unfinished(self) -> tuple[Problem, ...]:
        """A warning where the data do not cover the report month from its first to its last day."""
        sales = sales_covered(self)
        gap = sales.gap(self.month.start, self.month.end, self.fmt)
        if sales.first is None or not gap:
            return ()
        return (
            Problem(
                found=say("the report month is not covered: {gap}", gap=gap),
                expected=say(
                    "every day of {month}, or [book.covers] in the settings where the"
                    " other days had nothing",
                    month=self.fmt.text(self.month, "month"),
                ),
                try_=say("read the month's figures as those of a part of it"),
                severity="warning",
            ),
        )

    @property
    def fingerprint(self) -> str:
        """First 12 hex digits of the sha256 over the files read and the settings."""
        return self.read.fingerprint

    def window(self, name: str) -> Window:
        return window(
            name,
            self.as_of,
            fiscal_year_start=self.settings.book.fiscal_year_start,
            rfm_months=self.settings.segments.rfm_months,
            language=self.settings.book.language,
        )

    def facts(self) -> Facts:
        """The data stamp: rows, span and totals of every table as known on the as-of date, what is
        missing, warnings.
        """
        told = vars(self.read).setdefault("_facts", {})
        place = (id(self.settings), self.as_of)
        if place not in told:  # the settings are held, so that their id stays theirs
            told[place] = (self.settings, self._facts())
        return told[place][1]

    def _facts(self) -> Facts:
        given = [name for name in TABLES if name in self.read.staged]
        return Facts(
            self.title,
            str(self.month),
            self.as_of,
            self.fingerprint,
            self.currency,
            self.fmt,
            tuple(self._table_facts(name) for name in given),
            tuple(n for n in TABLES if n not in self.read.staged and n not in EXTRA),
            self.warnings,
        )

    def _table_facts(self, name: str) -> TableFacts:
        days = [f'CAST("{day}" AS DATE)' for day in days_of(name) if day in self.read.given[name]]
        column, condition = TOTALS.get(name, ("", ""))
        column = column if column in self.read.given[name] else ""
        total = f'sum("{column}") FILTER ({condition or "TRUE"})' if column else "NULL"
        known = (  # a customer may have bought before the day the file says it is one
            f"FILTER (WHERE {{}} <= DATE '{self.as_of}')"
        )
        span = (
            ", ".join(
                f"{end}({', '.join(f'{one}({day}) {known.format(day)}' for day in days)})"
                for end, one in (("least", "min"), ("greatest", "max"))
            )
            if days
            else "NULL, NULL"
        )
        rows, first, last, money = self.ask(name, f"count(*), {span}, {total}")[0]
        return TableFacts(name, rows, first, last, money, column)

    # -- what it holds

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table has a row on the as-of date and each column a value somewhere in it."""
        if table not in TABLES:
            raise KeyError(f"no table '{table}': {did_you_mean(table, TABLES)}")
        if table not in self.read.given or not set(columns) <= set(self._columns(table)):
            return False
        if (
            table in self.read.lazy
        ):  # look no further than the first value: the file may hold a hundred million
            return all(self._some(table, column) for column in columns or ("",))
        return bool(self._filled(table)) and set(columns) <= self._filled(table)

    def need(self, table: str, *columns: str, gives: str) -> None:
        """Raise NotAvailable, with what the reader would get, unless the table and columns are
        there.
        """
        if not self.has(table, *columns):
            stands = table == "orders" and table not in self.read.staged and self.has(table)
            needs: dict[str, Sequence[str]] = {**deals_for(columns)} if stands else {table: columns}
            raise NotAvailable(needs, gives)

    def table(self, name: str) -> nw.LazyFrame:
        """The table as known on the as-of date: all contract columns (absent ones all null),
        personal ones only when allowed.
        """
        if name not in self.read.given:
            raise NotAvailable({name: ()}, gives="")
        return self.read.engine.lazy(self._view(name))

    def relation(self, name: str) -> duckdb.DuckDBPyRelation:
        """The same as a DuckDB relation, bound once for the day.

        Raises EngineProblem for a book whose rows are on Spark.
        """
        view = self._view(name)
        if not isinstance(view, duckdb.DuckDBPyRelation):
            raise EngineProblem(one_machine_only(f"{name} as a DuckDB relation"))
        return view

    def ask(
        self, table: str, selected: str, where: str = "", group: str = ""
    ) -> list[tuple[Any, ...]]:
        """Aggregates of a table as known on the as-of date, in DuckDB's SQL, whatever engine holds
        its rows; in no order.
        """
        return self.read.engine.ask(self._view(table), selected, where, group)

    def _columns(self, table: str) -> list[str]:
        return self.read.engine.columns(self._view(table))

    def _view(self, name: str) -> Any:
        bound = vars(self.read).setdefault("_relations", {})
        settled = vars(self.read).setdefault("_settled", set())
        place = (id(self.settings), self.as_of, name)
        if place not in bound:  # the settings are held, so that their id stays theirs
            query = as_of_query(name, self.as_of, self.read.given, self.settings)
            bound[place] = (self.settings, self.read.engine.view(query))
        elif place not in settled and name not in self.read.lazy and self.read.small:
            # every question binds its whole query anew: a table asked again is written down once
            settled.add(place)
            bound[place] = (self.settings, self.read.engine.settled(bound[place][1]))
        return bound[place][1]

    @property
    def _filled_cache(self) -> dict[str, set[str]]:
        """Columns with a value by table, kept with the data for every view of this day."""
        every = vars(self.read).setdefault("_filled", {})
        return every.setdefault((id(self.settings), self.as_of), {})

    def columns_with_values(self, table: str) -> set[str]:
        """Columns of a table in memory with a value as of the date; none of one read in place."""
        return set() if table in self.read.lazy else set(self._filled(table))

    def _some(self, table: str, column: str) -> bool:
        key = f"{table}.{column}"
        if column in self.read.empty.get(table, ()) and table != "opportunities":
            return False  # a deal's stage and outcome are those of the day, whatever stands there
        if key not in self._filled_cache:
            given = f'"{column}" IS NOT NULL' if column else ""
            some = self.read.engine.some(self._view(table), given)
            self._filled_cache[key] = {column} if some else set()
        return bool(self._filled_cache[key])

    def _filled(self, table: str) -> set[str]:
        """Columns with at least one value as of the date; empty when the table has no row yet."""
        if table not in self._filled_cache:
            names = self._columns(table)
            counts = self.ask(table, ", ".join(f'count("{c}")' for c in names))[0]
            self._filled_cache[table] = {c for c, k in zip(names, counts, strict=True) if k}
        return self._filled_cache[table]


def _raise_if_changed(path: Path, fingerprint: str) -> None:
    """Within a run, refuse data other than those the run began with: one report, one state of the
    data.
    """
    expected, _, folder = os.environ.get(EXPECTED_DATA, "").partition(" ")
    if expected not in ("", fingerprint) and path.resolve() == Path(folder).resolve():
        raise DataProblem(
            Problem(
                found=say("the data changed while the report ran"),
                expected=say(
                    "the files as they were at its start ({expected}), not {fingerprint}",
                    expected=expected,
                    fingerprint=fingerprint,
                ),
                try_=say("run the report again when nobody writes to the files"),
            )
        )
