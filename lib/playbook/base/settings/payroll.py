"""[payroll]: how a month of pay is closed, what is carried, what finance spreads over time, and who
sees pay by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say

from .group import Group

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONGEST = 120  # months over which an expense may be spread


class Amortised(Group):
    """Pay that is spread over time instead of being an expense of the month it is earned in."""

    plan: str = Field(description="plan whose pay is spread", min_length=1)
    kinds: list[str] = Field(
        [],
        description="kinds of order whose pay is spread (new, upgrade …); empty = every order",
    )
    months: int | None = Field(
        None, ge=1, le=LONGEST, description="months from the one it is earned in"
    )
    over_contract: bool = Field(
        False,
        description=(
            "from the start to the end of the contract the order's customer signs with it; `months`"
            " then holds for orders without one"
        ),
    )

    @model_validator(mode="after")
    def _long_enough(self) -> Amortised:
        if self.months is None and not self.over_contract:
            raise ValueError(
                say(
                    "pay of plan '{plan}' is spread over nothing: give months = 36, or"
                    " over_contract = true",
                    plan=self.plan,
                )
            )
        return self


class PayrollSettings(Group):
    folder: str = Field(
        "payroll",
        description="where closed months are kept, from the book's folder or named absolute",
    )
    starts: str = Field(
        "",
        description=(
            "first month whose pay is closed (2023-01); what was earned before counts as paid;"
            " empty = the month that is closed first"
        ),
    )
    negative: Literal["carry", "deduct"] = Field(
        "carry",
        description=(
            "what a month that owes more than it earns pays: nothing, the rest carried to the next"
            " month, or a negative amount that payroll deducts"
        ),
    )
    recover_at_most: float = Field(
        1.0,
        ge=0,
        le=1,
        description=(
            "largest part of a month's pay that earlier debts may take back; some laws set one"
            " [share]"
        ),
    )
    names_in_report: bool = Field(
        False,
        description=(
            "show pay by rep in the pack, its workbook and results.json; off, they hold sums only,"
            " and each rep's pay is in the rep's own statement"
        ),
    )
    contact: str = Field(
        "", description="whom a rep asks about a statement, printed on it and on the plan"
    )
    dispute_days: int = Field(
        30, ge=1, le=3650, description="days after a statement within which a line may be disputed"
    )
    amortise: list[Amortised] = Field(
        [], description="pay that finance spreads over time; the first that matches holds"
    )

    @field_validator("folder")
    @classmethod
    def _a_place(cls, folder: str) -> str:
        if not folder.strip() or not folder.isprintable() or ".." in PurePath(folder).parts:
            raise ValueError(say('a folder, such as "payroll", that does not lead upwards with ..'))
        return folder

    @field_validator("starts")
    @classmethod
    def _a_month(cls, starts: str) -> str:
        if starts and not MONTH.fullmatch(starts):
            raise ValueError(say('a month such as "2023-01"'))
        return starts

    @field_validator("contact")
    @classmethod
    def _one_line(cls, contact: str) -> str:
        if not (contact == "" or contact.isprintable()) or len(contact) > 200:
            raise ValueError(say("one line of at most 200 visible characters"))
        return contact

    def mistakes(self, plans: Sequence[str]) -> list[str]:
        """What does not go together with the plans there are, one sentence each."""
        return [
            say(
                "payroll.amortise names plan {plan!r}, which is no commission plan; {hint}",
                plan=one.plan,
                hint=did_you_mean(one.plan, plans),
            )
            if plans
            else say(
                "payroll.amortise names plan {plan!r}, which is no commission plan; there are none",
                plan=one.plan,
            )
            for one in self.amortise
            if one.plan not in plans
        ]
