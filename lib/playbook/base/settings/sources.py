"""Where a book's rows come from: [sources]."""

from __future__ import annotations

from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say

from .group import Group


class CarryDown(Group):
    """Cells of a source that stand on the first row of several only."""

    by: str | list[str] = Field("", description="columns whose equal values make one group")
    columns: list[str] = Field(min_length=1, description="columns to fill")


class SourceSettings(Group):
    """A raw file or database table as it is."""

    file: str = Field(
        "",
        description=(
            "csv (also .gz), tsv, xlsx, xls, xlsb, ods, parquet, duckdb or sqlite, relative to the"
            " toml; a glob or a folder of Parquet files reads several alike; s3://bucket/… takes"
            " its credentials from the environment"
        ),
    )
    sheet: str | list[str] = Field(
        "",
        description=(
            "sheet of a workbook; empty = the first; a list of names or * = several alike, one"
            " below the other"
        ),
    )
    encoding: str = Field(
        "", description="utf-8, utf-8-sig, gb18030 …; empty = detected among these"
    )
    missing: list[str] | dict[str, list[str]] = Field(
        [],
        description=(
            'words that mean an empty cell, exactly as written, for the source (["n/a", "-"]) or by'
            ' its columns ({ Region = ["?"] }); else texts keep every word, while numbers, days'
            " and flags read na, n/a, #n/a, nan, null, none and dashes as missing"
        ),
    )
    dates: str | dict[str, str] = Field(
        "",
        description=(
            "strptime form of the dates, for all columns or by column; epoch_s, epoch_ms = seconds"
            " or milliseconds since 1970; empty = ISO"
        ),
    )
    decimal: Literal[".", ","] = Field(
        ".",
        description=(
            "what stands before the decimals: with , 1.234,56 is read as 1234.56; a query of"
            " [tables.…] sql converts by itself"
        ),
    )
    delimiter: str = Field(
        "", description="column separator of a text file; empty = detected among , ; tab |"
    )
    skip: int = Field(
        0,
        ge=0,
        description=(
            "lines of a text file, or rows of a sheet, above the header: titles, the day of the"
            " export"
        ),
    )
    header: bool | list[str] = Field(
        True, description="false and a list of names for files without a header row"
    )
    form: bool = Field(
        False,
        description=(
            "a sheet that people fill in: without rows its table is not given, words of its lists"
            " need not all occur, and cells are named as in the workbook"
        ),
    )
    zone: str = Field(
        "",
        description=(
            "zone of the source's moments that name no offset, such as UTC: they are brought to"
            " [book] time_zone; empty = the days as they are written"
        ),
    )
    carry_down: list[str] | CarryDown = Field(
        [],
        description=(
            "columns filled on the first row only: carried down to the rows below; { by = "
            '"Order ID", columns = ["Date"] } = to the rows with the same by'
        ),
    )
    database: str = Field(
        "",
        description=(
            "duckdb:///file.duckdb, sqlite:///file.db, postgresql://user@host/name, mysql://…,"
            " mssql://…; the password comes from the environment (PGPASSWORD, MYSQL_PWD,"
            " MSSQL_PASSWORD)"
        ),
    )
    table: str = Field("", description="table or view of the database")
    only: str = Field(
        "", description="rows of a database table that are read: a condition in its own SQL"
    )

    lake: str = Field(
        "",
        description=(
            "a table that stays in a lake and is asked on [engine] spark: a folder or URL of"
            " Parquet files, delta:PATH, or table:NAME of the catalog (Hive, Iceberg, Delta)"
        ),
    )

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str) -> str:
        if delimiter and not (
            len(delimiter) == 1
            and delimiter.isascii()
            and not delimiter.isalnum()
            and delimiter not in "\"'\r\n\0.-+"
        ):
            raise ValueError(
                say(
                    'one character that separates columns, such as ";" or "\\t" for a tab; no'
                    " letter, digit, quote, sign or line break"
                )
            )
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _of_texts(cls, encoding: str) -> str:
        return encoding.strip()

    @field_validator("zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(
                say(
                    "a zone of the tz database; {hint}",
                    hint=did_you_mean(name, available_timezones()),
                )
            )
        return name

    @model_validator(mode="after")
    def _one_place(self) -> SourceSettings:
        if sum(map(bool, (self.file, self.database, self.lake))) != 1:
            raise ValueError(say("a source has either file or database, or lake"))
        if self.lake and (told := sorted(self.model_fields_set - {"lake", "zone"})):
            raise ValueError(
                say("a lake source has columns with types: no {names}", names=", ".join(told))
            )
        if self.database and not self.table:
            raise ValueError(say("a database source names its table"))
        if self.only and (not self.table or self.database.startswith("duckdb:")):
            raise ValueError(
                say(
                    "only goes with a table of a database server or of SQLite; elsewhere, where"
                    ' = "…" in [tables.…]'
                )
            )
        if ";" in self.only:
            raise ValueError(say("only is one condition, without a semicolon"))
        return self
