"""A batch file: which books, which months and which variants of a pack one command makes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_validator

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.language import later, say

from .alerts import Alert
from .book import folder_name_problem
from .deliver import DeliverSettings
from .group import Group
from .loading import parse, read_toml

LAST = "last"  # the last month closed in a book's data
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
OURS = ("only-", "for-", "with-", "in-")  # how folders of variants without a name begin

MEANING = later(
    "YYYY-MM, a range YYYY-MM..YYYY-MM, 'last' (the last month closed in the data), or a range"
    " to it (YYYY-MM..last)"
)


def _checked_months(months: list[str]) -> list[str]:
    for text in months:
        ends = text.split("..")
        good = [end == LAST or bool(MONTH.fullmatch(end)) for end in ends]
        if len(ends) > 2 or not all(good) or (len(ends) == 2 and ends[0] == LAST):
            raise ValueError(
                say("'{text}' names no months: {meaning}", text=text, meaning=say(MEANING))
            )
        if len(ends) == 2 and ends[1] != LAST and ends[0] > ends[1]:
            raise ValueError(say("'{text}' ends before it begins", text=text))
    return months


class BatchBook(Group):
    """One entry of [[books]]."""

    path: str = Field(
        min_length=1,
        description="folder of a book, its toml or workbook, or a glob of them (regions/*);"
        " relative to the batch file",
    )
    months: list[str] = Field([], description=f"its months where they differ: {MEANING}")

    @field_validator("months")
    @classmethod
    def _months(cls, months: list[str]) -> list[str]:
        return _checked_months(months)


class BatchVariant(Group):
    """One entry of [[variants]]: a pack beside the full one, in a folder of its own."""

    name: str = Field(
        "", description="last part of its folder, BOOK.NAME; left out = made of what differs"
    )
    audience: str = Field("", description="a name of the books' [audiences], or all of them: all")
    only: list[str] = Field([], description="chapters, such as goal-setting; empty = all five")
    parameters: dict[str, str | int | float | bool] = Field(
        {}, description="notebook parameters, as -p on the command line"
    )
    language: str = Field(
        "", pattern=r"^(en|zh)?$", description="of numbers and pages; empty = the book's own"
    )
    books: list[str] = Field(
        [], description="names or folder names of the books it is made for; empty = every book"
    )

    @field_validator("name")
    @classmethod
    def _fits_a_folder(cls, name: str) -> str:
        if name and (problem := folder_name_problem(name)):
            raise ValueError(problem)
        if name.startswith(OURS) or "." in name:
            raise ValueError(
                say(
                    "a name without a point that does not begin with {names}", names=", ".join(OURS)
                )
            )
        return name

    @property
    def full(self) -> bool:
        """Whether it differs from the full pack in nothing."""
        return not (self.audience or self.only or self.parameters or self.language or self.name)


class BatchFile(Group):
    """The whole of a batch file."""

    books: list[BatchBook] = Field(
        min_length=1, description="books: a path or glob each, or tables [[books]]"
    )
    months: list[str] = Field([LAST], description=MEANING)
    out: str = Field("reports", description="the archive; relative to the batch file")
    notebooks: str = Field("", description="folder of the notebooks; empty = the playbook's own")
    jobs: int = Field(2, ge=1, le=64, description="packs made at the same time")
    time_limit: float = Field(1800, ge=1, description="longest time one notebook may take [s]")
    retries: int = Field(
        2,
        ge=0,
        le=20,
        description="how often a database or store that does not answer is asked"
        " again; what cannot pass is not tried twice",
    )
    retry_after: float = Field(5, ge=0, le=3600, description="wait before the first retry [s]")
    full: bool = Field(True, description="whether the full pack is made beside the variants")
    variants: list[BatchVariant] = Field([], description="tables [[variants]]")
    # As in playbook.toml; recipients of the file go before those of a book, alerts beside them.
    deliver: DeliverSettings = DeliverSettings()
    alerts: list[Alert] = []

    @field_validator("books", mode="before")
    @classmethod
    def _paths(cls, books: Any) -> Any:
        if not isinstance(books, list):
            return books
        return [{"path": book} if isinstance(book, str) else book for book in books]

    @field_validator("months")
    @classmethod
    def _months(cls, months: list[str]) -> list[str]:
        return _checked_months(months)

    @model_validator(mode="after")
    def _something(self) -> BatchFile:
        if not self.full and not self.variants:
            raise ValueError(say("full = false and no [[variants]]: nothing to make"))
        names = [variant.name.casefold() for variant in self.variants if variant.name]
        if len(names) > len(set(names)):
            raise ValueError(say("two [[variants]] have one name, and so one folder"))
        if len(self.variants) > len({repr(variant) for variant in self.variants}):
            raise ValueError(say("the same [[variants]] stand there twice"))
        return self

    @property
    def every_variant(self) -> list[BatchVariant]:
        """The full pack first, then the variants."""
        variants = [variant for variant in self.variants if not variant.full]
        full = self.full or len(variants) < len(self.variants)
        return [*([BatchVariant()] if full else []), *variants]


def load_batch(path: Path) -> BatchFile:
    """A batch file. Raises SettingsProblem with everything wrong with it at once."""
    try:
        raw = read_toml(path)
    except OSError as error:
        raise SettingsProblem(
            Problem(
                found=say("no batch file at {path}: {error}", path=path, error=error.strerror),
                expected=say("a TOML file that names books"),
                try_=say('books = ["regions/*"] is enough; `playbook batch --help` says more'),
                file=str(path),
            )
        ) from None
    return parse(BatchFile, raw, str(path))
