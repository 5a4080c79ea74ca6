"""What to do next: where the company's last quarter falls short of its own two years by more than
chance gives, what the case did about it, who acts and by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base.contracts import Frame, day, flag, money, number, share, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, listing, plural
from playbook.base.language import say, term
from playbook.base.periods import Month
from playbook.case.course.catalogue import BY_KEY, RATES
from playbook.case.course.indicators import CaseIndicators
from playbook.data.book import Book
from playbook.data.measures.action_log import done_lately
from playbook.methods.comparisons import SEARCH_LEVEL, holm
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table
from playbook.page.results import numbers

from .advice import MEASURES
from .gap_worth import worth_of

QUARTERS = 8


FEWEST = 4  # quarters whose spread says what chance does


class IndicatorGaps(Frame):
    """One row per indicator whose last quarter is worse than its best of two years: those beyond
    chance first, then the largest worth, then the largest gap relative to the best.
    """

    indicator = text("key of the indicator")
    label = text("its name")
    last = number("value in the last quarter")
    best = number("value in the best of the last eight quarters")
    best_quarter = text("that quarter, YYYY-Qn")
    gap = number("distance between the two, without sign")
    unit = text("unit of the values: share, money, days or count")
    p = share("chance of as much where nothing changed, corrected for all that was compared")
    beyond = flag("beyond chance: something to act on")
    what = text("what to do; a dash where the gap is not beyond chance")
    owner = text("who does it; a dash likewise")
    due = day("by when")
    worth = money(
        "what the gap stands for in a quarter; missing where it is not beyond chance or not money"
    )
    why = text("the two values and their quarters")


@dataclass(frozen=True)
class CaseActions(Result):
    """What to do about indicators below the company's own best; ``quarter``: the last one over."""

    section: ClassVar[str] = "decisions"
    table: Annotated[pd.DataFrame, IndicatorGaps]
    quarter: str
    as_of: date
    fmt: Formats
    done: frozenset[str] = frozenset()
    compared: tuple[str, ...] = ()  # names of the indicators that two quarters or more are known of

    @property
    def due(self) -> pd.DataFrame:
        """The rows of ``table`` to act on, without those whose action was done in the month."""
        rows = self.table[self.table.beyond.astype(bool)]
        told = [Action(term(r.what), term(r.owner), r.due, r.why) for r in rows.itertuples()]
        return rows[[number not in self.done for number in numbers(say("Case actions"), told)]]

    def tables(self) -> Sequence[Table]:
        if self.table.empty:
            return []
        columns = [
            Col("label", "term", "Indicator", weight=1.2),
            Col("why", label="Where it stands", weight=1.8),
            Col("p", "p", "p"),
            Col("what", "term", "What to do", weight=2.2),
            Col("owner", "term"),
            Col("due", "date"),
            Col("worth", "money", "Worth a quarter", compact=True),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("The last quarter beside the best of two years, and what to do"),
                note=(
                    say(
                        "{quarter} against the best of the last {quarters} quarters; p ="
                        " chance of as much where nothing changed, corrected for the choice"
                        " of the best and for all indicators (Holm), acted on up to"
                        " {search_level:g}; worth = contracts or matching leads the gap"
                        " stands for, – where it cannot be put in money · as of {as_of}",
                        quarter=self.quarter,
                        quarters=QUARTERS,
                        search_level=SEARCH_LEVEL,
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def actions(self) -> list[Action]:
        return [
            Action(term(r.what), term(r.owner), r.due, r.why, None if pd.isna(r.worth) else r.worth)
            for r in self.due.itertuples()
        ]

    def worksheets(self) -> Sequence[Worksheet]:
        return [actions_sheet(say("Case actions"), self.actions())] if len(self.due) else []

    def reading(self) -> str:
        if self.table.empty:
            return say(
                "What of {quarter} can be compared with the company's own quarters stands at its"
                " best: {names}.",
                quarter=self.quarter,
                names=listing([say(name).lower() for name in self.compared], len(BY_KEY)),
            )
        n, due = len(self.table), self.due
        first = (due if len(due) else self.table).iloc[0]
        stand = "stands" if n == 1 else "stand"
        if due.empty:
            return say(
                "{indicators} of {quarter} {en_stand} below the company's own best quarter, none"
                " by more than chance gives; nothing here calls for an action. First {label}:"
                " {why}.",
                indicators=plural(n, "indicator"),
                quarter=self.quarter,
                en_stand=stand,
                label=term(first.label).lower(),
                why=first.why,
            )
        return say(
            "{indicators} of {quarter} {en_stand} below the company's own best quarter, {n} by"
            " more than chance gives; first {label}: {why}.",
            indicators=plural(n, "indicator"),
            quarter=self.quarter,
            en_stand=stand,
            n=len(due),
            label=term(first.label).lower(),
            why=first.why,
        )

    def headline(self) -> str:
        return (
            say(
                "To do: {indicators} worse than the company's own quarters by more than chance.",
                indicators=plural(len(self.due), "indicator"),
            )
            if len(self.due)
            else ""
        )


@section("decisions")
def decisions(book: Book, course: CaseIndicators) -> CaseActions:
    """One line per indicator whose last quarter is worse than the best of the last two years; an
    action for those that are so beyond chance.
    """
    quarterly = course.course.quarterly
    rows, compared = [], {}
    newest = quarterly.period.max() if len(quarterly) else ""
    due = Month.of(book.as_of + timedelta(days=1)).end
    for key, (what, owner) in MEASURES.items():
        known = quarterly[(quarterly.indicator == key) & quarterly.value.notna()].tail(QUARTERS)
        if len(known) < 2 or known.period.iloc[-1] != newest:
            continue
        last, best = (
            known.iloc[-1],
            known.sort_values(
                ["value", "period"], ascending=[BY_KEY[key].better == "down", True], kind="stable"
            ).iloc[0],
        )
        gap = abs(last.value - best.value)
        compared[key] = _chance(known.iloc[:-1], last, best, key)
        if best.period == last.period or gap < 1e-9:
            continue
        rows.append(
            {
                "indicator": key,
                "label": BY_KEY[key].label,
                "last": last.value,
                "best": best.value,
                "best_quarter": best.period,
                "gap": gap,
                "unit": BY_KEY[key].unit,
                "what": what,
                "owner": owner,
                "due": due,
                "worth": worth_of(book, key, gap, course),
                "why": _why(last, best, key, book.fmt),
                "relative": gap / abs(best.value) if best.value else 0.0,
            }
        )
    if not compared or newest != _last_quarter(book):
        raise NotAvailable(
            {},
            say("where the last quarter falls short of the company's own, and what to do"),
            (
                say("has no indicator in {last_quarter}", last_quarter=_last_quarter(book))
                if newest != _last_quarter(book)
                else say("has no two quarters of any indicator to compare")
            ),
        )
    adjusted = dict(zip(compared, holm(list(compared.values())).tolist(), strict=True))
    for row in rows:
        row["p"] = adjusted[row["indicator"]]
        row["beyond"] = bool(row["p"] <= SEARCH_LEVEL)
        if not row["beyond"]:
            row |= {"what": "–", "owner": "–", "due": None, "worth": None}
    rows.sort(key=_rank)
    for row in rows:
        del row["relative"]
    frame = IndicatorGaps.make(rows)
    frame["worth"] = frame["worth"].astype(float)
    names = tuple(BY_KEY[key].label for key in compared)
    return CaseActions(frame, newest, book.as_of, book.fmt, done_lately(book), names)


def _last_quarter(book: Book) -> str:
    """The last calendar quarter that is over on the as-of date, YYYY-Qn."""
    end = Month.of(book.as_of)
    end = end if end.month % 3 == 0 else end - end.month % 3
    return f"{end.year}-Q{end.month // 3}"


def _chance(others: pd.DataFrame, last: pd.Series, best: pd.Series, key: str) -> float:
    """p of the last quarter being so much worse where nothing changed.

    Rates with counts: exact test (Fisher) against the best quarter, times the quarters it was
    chosen from. Others: against the spread of the other quarters (one-sided prediction interval of
    the t distribution), not a number for fewer than four.
    """
    sign = 1 if BY_KEY[key].better == "up" else -1
    if key in RATES and pd.notna(last.n) and pd.notna(best.n):
        counts = [[r.k, r.n - r.k] for r in (last, best)]
        way = "less" if sign > 0 else "greater"
        p = float(stats.fisher_exact(np.round(counts), alternative=way).pvalue)
        return min(1.0, p * len(others))
    if len(others) < FEWEST:
        return float("nan")
    values = others.value.to_numpy(dtype=float)
    drop = sign * (values.mean() - last.value)
    spread = values.std(ddof=1) * np.sqrt(1 + 1 / len(values))
    if spread < 1e-12:
        return 0.0 if drop > 1e-9 else 1.0
    return float(stats.t.sf(drop / spread, len(values) - 1))


def _rank(row: dict[str, Any]) -> tuple[bool, float, float, str]:
    """Beyond chance first; then the largest worth, unknown worth last; then the largest gap
    relative to the best.
    """
    worth = np.inf if pd.isna(row["worth"]) else -row["worth"]
    return not row["beyond"], worth, -row["relative"], row["indicator"]


def _why(last: pd.Series, best: pd.Series, key: str, fmt: Formats) -> str:
    unit = BY_KEY[key].unit
    counted = (
        say(" ({k} of {n})", k=fmt.count(last.k), n=fmt.count(last.n))
        if key in RATES and pd.notna(last.n)
        else ""
    )
    return say(
        "{value}{counted} in {period}, {value_2} in {period_2}",
        value=fmt.text(last.value, unit),
        counted=counted,
        period=last.period,
        value_2=fmt.text(best.value, unit),
        period_2=best.period,
    )
