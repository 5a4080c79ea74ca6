"""Plans put together by lot of every feature of pay, over companies drawn by lot: every line, piece
and word of theirs stays as it was, as one checksum a plan.

Which features meet is nobody's choice, so that what one does at another's edge is held too; what is
right is shown elsewhere, by hand and against the reference in fractions. ``DRAWN_TEXTS`` names a
folder that the texts behind the checksums are written to.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from drawn_company import STAGES, paid_company
from drawn_plan import BANDS, LEVELS, valid
from playbook.base.errors import PlaybookError
from playbook.data.book import Book
from playbook.incentives.plans.statement_lines import statement_lines
from playbook.pay.history import history
from playbook.pay.total import total_pay
from reviewed import compare

PLANS, COMPANIES = 16, 6  # of each company


def book_of(number: int) -> Book:
    """A company with plans of which none is in force."""
    rng = Random(1000 + number)
    plans = [valid(rng) | {"name": f"plan {n}", "compare_only": True} for n in range(PLANS)]
    return Book.from_frames(
        month=rng.choice(["2023-09", "2023-08", "2023-06"]),
        settings={
            "book": {"name": "drawn", "currency": "EUR", "stages": STAGES},
            "commission_plans": plans,
        },
        **paid_company(number),
    )


def told(book: Book, plan: str) -> str:
    """Totals a person and item, then every line of the year and how it came about."""
    try:
        past = history(book, plan)
        made = total_pay(past, past.chosen.current, dated=True)
    except PlaybookError as refused:
        return f"refused: {refused}"
    lines = made.lines.assign(month=made.lines["date"].dt.strftime("%Y-%m"))
    sums = lines.groupby(["rep_id", "item", "component", "month"], sort=True)
    found = [
        f"{' '.join(map(str, key))}: {len(part)}, {part['amount'].sum() / 10_000:g} →"
        f" {part['pay'].sum() / 100:g}, bound {sorted(set(part['bound'].astype(str)))}"
        for key, part in sums
    ]
    words = statement_lines(past, made, past.chosen.current, book.window("year_to_date"))
    found += [
        f"{row.rep_id} {row.date} {row.pay} {row.how} {row.pieces} {row.other} {row.quota}"
        for row in words.itertuples(index=False)
    ]
    return "\n".join([*found, *made.notes])


@pytest.mark.parametrize("number", range(COMPANIES))
def test_every_line_of_drawn_plans(request, number):
    book, found = book_of(number), []
    for plan in book.settings.commission_plans:
        text = told(book, plan.name)
        if folder := os.environ.get("DRAWN_TEXTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{number} {plan.name}.txt").write_text(text, encoding="utf-8")
        found.append(f"{zlib.crc32(text.encode()):08x} {plan.name}: {len(text.splitlines())} lines")
    compare("\n".join(found) + "\n", f"drawn/plans-{number}", request)


def paid(plan: dict[str, Any]) -> pd.DataFrame:
    """Lines of pay under a plan in the first company."""
    book = Book.from_frames(
        month="2023-09",
        settings={
            "book": {"name": "drawn", "currency": "EUR", "stages": STAGES},
            "commission_plans": [plan | {"name": "one"}],
        },
        **paid_company(0),
    )
    past = history(book, "one")
    return total_pay(past, past.chosen.current, dated=True).lines


def test_a_plan_without_bands_has_no_rate_at_which_a_refund_is_taken_back():
    """All of it is pay for the quota, which is worked out anew whatever the rule."""
    plan = {"starts": "2022-01-01", "accumulate": "quarter", "quota": 900}
    plan |= {"attainment": {"target_pay": 90, "levels": LEVELS}}
    plain, at_rate = (paid(plan | {"refunds": {"rule": r}}) for r in ("recompute", "original_rate"))
    assert plain["pay"].sum() > 0 and (plain["amount"] < 0).any()
    pd.testing.assert_frame_equal(at_rate, plain)


def test_a_years_cap_of_a_plan_that_nothing_was_sold_under_yet():
    plan = {"starts": "2023-10-01", "tiers": BANDS, "cap_year": 300}
    assert paid(plan).empty
