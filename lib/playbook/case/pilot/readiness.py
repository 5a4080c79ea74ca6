"""Is the company ready for such a programme? A scored checklist read off its tables: agreement at
the top, rhythm, pilot, people, data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, listing, plural
from playbook.data.book import Book
from playbook.data.measures.people import reps as people_of
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

from .panels import LABEL
from .plan import PilotPlan

POINTS = {"in place": 2, "in part": 1, "missing": 0}
RECENT = 45  # days within which a review or check-in counts as alive


@dataclass(frozen=True)
class Item:
    part: str
    item: str
    state: str  # in place, in part, missing
    evidence: str
    step: str  # what would put it in place
    owner: str


@dataclass(frozen=True)
class Readiness(Result):
    """table: part, item, state, points, evidence, step, owner."""

    section: ClassVar[str] = "readiness"
    table: pd.DataFrame
    as_of: date
    fmt: Formats

    @property
    def score(self) -> float:
        """Points ÷ the most there could be [share]."""
        return float(self.table.points.sum() / (2 * len(self.table)))

    def tables(self) -> Sequence[Table]:
        tone = {"in place": "good", "in part": "warn", "missing": "bad"}
        columns = [
            Col("part", label="Part"),
            Col("item", label="Asked", weight=1.6),
            Col("state", label="State", tone=lambda r: tone[r["state"]]),
            Col("evidence", label="Seen in the tables", weight=2),
            Col("step", label="What is missing", weight=2),
            Col("owner"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=f"Readiness: {int(self.table.points.sum())} of {2 * len(self.table)} points",
                note=(
                    "in place 2, in part 1, missing 0; only what the tables show, not what people"
                    f" say · as of {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        weak = self.table[self.table.state == "missing"]
        text = f"{self.fmt.share(self.score)} of the points. "
        return text + (
            f"Missing: {listing(weak['item'].str.lower().tolist(), 4)}."
            if len(weak)
            else "Nothing is missing altogether."
        )

    def headline(self) -> str:
        missing = int((self.table.state == "missing").sum())
        return (
            f"Readiness: {int(self.table.points.sum())} of {2 * len(self.table)} points;"
            f" {plural(missing, 'item') if missing else 'nothing'} missing."
        )

    def worksheets(self) -> Sequence[Worksheet]:
        due = self.as_of + timedelta(days=30)
        open_items = self.table[self.table.state != "in place"]
        return [
            actions_sheet(
                "Readiness",
                [
                    Action(r.step, r.owner, due, f"{r.item}: {r.evidence}")
                    for r in open_items.itertuples()
                ],
            )
        ]


@section("readiness")
def readiness(book: Book, plan: Result) -> Readiness:
    """The checklist for ``book``; plan: the result of ``pilot_plan`` on it."""
    items = [*_agreement(book), *_rhythm(book), *_pilot(book, plan), *_people(book), _data(book)]
    rows = [
        {
            "part": i.part,
            "item": i.item,
            "state": i.state,
            "points": POINTS[i.state],
            "evidence": i.evidence,
            "step": "–" if i.state == "in place" else i.step,
            "owner": i.owner,
        }
        for i in items
    ]
    return Readiness(pd.DataFrame(rows), book.as_of, book.fmt)


def _frame(book: Book, name: str, *columns: str) -> pd.DataFrame:
    """A few columns of a small table; empty when it is not there."""
    if not book.has(name):
        return pd.DataFrame(columns=list(columns))
    return book.table(name).select(*columns).collect().to_pandas()


def _state(share: float, full: float = 0.8) -> str:
    return "in place" if share >= full else "in part" if share > 0 else "missing"


def _agreement(book: Book) -> list[Item]:
    results = _frame(book, "key_results", "objective", "key_result", "owner", "level", "due")
    company = results[results.level.fillna("company") == "company"] if len(results) else results
    owned = float(company.owner.notna().mean()) if len(company) else 0.0
    live = _frame(book, "strategies", "strategy", "start", "due")
    count = (
        int(
            live[
                (pd.to_datetime(live.due) >= pd.Timestamp(book.as_of - timedelta(days=92)))
            ].strategy.nunique()
        )
        if len(live)
        else 0
    )
    return [
        Item(
            "Agreement",
            "Company objectives with key results and owners",
            _state(owned),
            (
                f"{plural(len(company), 'key result')} of the company, {book.fmt.share(owned)} with"
                " an owner"
                if len(company)
                else "no company key result"
            ),
            "Agree two or three objectives with key results, each with an owner at the top",
            "chief executive",
        ),
        Item(
            "Agreement",
            "Few core strategies at once",
            "missing" if not count else "in place" if count <= 2 else "in part",
            plural(count, "strategy", "strategies") + " of the last quarter",
            "Choose at most two core strategies for the period",
            "sales director",
        ),
    ]


def _rhythm(book: Book) -> list[Item]:
    checks = _frame(book, "check_ins", "key_result", "date")
    since = pd.Timestamp(book.as_of - timedelta(days=RECENT))
    alive = int((pd.to_datetime(checks.date) >= since).sum()) if len(checks) else 0
    agreed = _frame(book, "meetings", "meeting_date", "due", "done_on")
    ripe = agreed[pd.to_datetime(agreed.due) <= pd.Timestamp(book.as_of)] if len(agreed) else agreed
    done = float(ripe.done_on.notna().mean()) if len(ripe) else 0.0
    return [
        Item(
            "Rhythm",
            "Check-ins on key results",
            "in place" if alive >= 4 else "in part" if len(checks) else "missing",
            f"{plural(alive, 'check-in')} in the last {RECENT} days",
            "A check-in on every key result each week",
            "objective owners",
        ),
        Item(
            "Rhythm",
            "Review actions get done",
            _state(done),
            (
                f"{book.fmt.share(done)} of {plural(len(ripe), 'due action')} done"
                if len(ripe)
                else "no review actions recorded"
            ),
            "Open each review with the actions of the last one",
            "regional managers",
        ),
    ]


def _pilot(book: Book, plan: Result) -> list[Item]:
    if not isinstance(plan, PilotPlan):
        return [
            Item(
                "Pilot",
                "A pilot can be judged",
                "missing",
                "too few groups with sales in every month",
                "Split the team into at least six comparable groups",
                "sales operations",
            )
        ]
    ran = bool(book.settings.pilot.groups)
    strong = plan.smallest <= 0.05
    best = plan.best
    return [
        Item(
            "Pilot",
            "A pilot was tried before roll-out",
            "in place" if ran else "missing",
            listing(book.settings.pilot.groups, 4) if ran else "no pilot named in the settings",
            f"Pilot in {plan.choices.iloc[0].names}",
            "sales operations",
        ),
        Item(
            "Pilot",
            "Enough groups to judge by chance",
            "in place" if strong else "in part",
            f"smallest p {book.fmt.text(plan.smallest, 'number', decimals=3)} with"
            f" {plural(len(plan.groups), 'group')}",
            "More groups, or more of them piloted",
            "sales operations",
        ),
        Item(
            "Pilot",
            "The effect wanted could be seen",
            "in place" if plan.months else "in part" if best is not None else "missing",
            (
                f"{LABEL[best.outcome].lower()}: {book.fmt.text(best.detectable, best.unit)} or"
                f" more in {plural(int(best.months), 'month')}, {best.scaled:.1f} times the effect"
                " wanted"
                if best is not None
                else "history too short"
            ),
            "Use a steadier outcome (a rate per deal), more groups or a longer pilot",
            "sales operations",
        ),
    ]


def _people(book: Book) -> list[Item]:
    people = people_of(book)
    recent = (
        people[people.hired > pd.Timestamp(book.as_of - timedelta(days=365))]
        if len(people)
        else people
    )
    mentored = float(recent.mentor_id.notna().mean()) if len(recent) else 0.0
    trained = _frame(book, "training", "rep_id", "control")
    there = people[people.left.isna()] if len(people) else people
    share = (
        len(set(trained[~trained.control.fillna(False).astype(bool)].rep_id) & set(there.rep_id))
        / len(there)
        if len(there) and len(trained)
        else 0.0
    )
    plan = bool(book.settings.commission_plans)
    return [
        Item(
            "People",
            "New hires have a mentor",
            _state(mentored),
            (
                f"{book.fmt.share(mentored)} of {plural(len(recent), 'hire')} of a year"
                if len(recent)
                else "no hires of a year known"
            ),
            "Name a mentor for each hire",
            "sales training",
        ),
        Item(
            "People",
            "The team is trained",
            _state(share),
            (
                f"{book.fmt.share(share)} of the team took a course"
                if len(there)
                else "no people known"
            ),
            "Weekly case dissection for everyone",
            "sales training",
        ),
        Item(
            "People",
            "Pay follows the goal",
            "in place" if plan else "missing",
            "commission plan in the settings" if plan else "no commission plan in the settings",
            "Write the plan down and compare it with another before it starts",
            "sales director",
        ),
    ]


def _data(book: Book) -> Item:
    wanted = {
        "orders": ("amount",),
        "opportunities": ("outcome",),
        "stage_events": ("entered_at",),
        "leads": ("created",),
        "customers": ("customer_type",),
        "targets": ("target",),
        "contracts": ("end",),
        "reps": ("hired",),
    }
    have = [name for name, columns in wanted.items() if book.has(name, *columns)]
    lacking = [name for name in wanted if name not in have]
    return Item(
        "Data",
        "The tables to see an effect are there",
        _state(len(have) / len(wanted), 1.0),
        f"{len(have)} of {len(wanted)} tables",
        f"Add {listing(lacking, 4)}" if lacking else "–",
        "sales operations",
    )
