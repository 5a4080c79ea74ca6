"""Results: frozen findings with a table, a sentence and their numbers; and ``show``, which puts
them on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from playbook.base.action_ids import finding_id
from playbook.base.formats import is_missing
from playbook.base.language import english, named, say, term
from playbook.base.vocabulary import stage_of

from .blocks import Block, Figure, Record, Table, Text
from .kpi import Kpi, plain
from .long_lists import shortened, whole_lists
from .messages import with_message
from .origins import state, trace_methods

WORDED = {"term": term, "name": named}  # units of cells whose words are said in the page's language


@dataclass(frozen=True)
class Worksheet:
    """A sheet of actions.xlsx. columns: (key, label, unit of the formatter); rows: raw values.

    choices: key → words to choose from, for cells that are to be filled in; checks: key → what may
    be written there: "day", "amount" (above 0) or "words" (more than a word or two). owner: whose
    own sheet it is, which is written only where the book asks for such sheets.
    """

    name: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""

    def data(self) -> dict[str, Any]:
        to_fill = {"choices": self.choices, "checks": self.checks}
        kinds = [WORDED.get(unit) for _, _, unit in self.columns]
        rows, whole = shortened(english(self.name), self.columns, self.rows)
        return {
            **{name: dict(given) for name, given in to_fill.items() if given},
            **({"owner": self.owner} if self.owner else {}),
            "name": say(self.name),
            "columns": [
                [
                    key,
                    label if label == key else say(label),  # a column's own name stays
                    "text" if unit in WORDED else unit,
                ]
                for key, label, unit in self.columns
            ],
            "rows": [
                [
                    _raw(say_it(value) if say_it and not is_missing(value) else value)
                    for say_it, value in zip(kinds, row, strict=True)
                ]
                for row in rows
            ],
            **({"whole": whole} if whole else {}),
        }


@dataclass(frozen=True)
class Change:
    """Something that moved since the last period. ``size`` ranks it (share of the base, or points),
    ``text`` tells it.
    """

    text: str
    size: float


@dataclass(frozen=True)
class Action:
    """One thing to do: what, who, by when, what it is worth [currency], and why.

    id: number that is the same in every month, of an action that an event asks for
    (``base.action_ids``); empty: it follows from figures, and is numbered by what and who.
    """

    what: str
    owner: str
    due: date | None
    why: str
    worth: float | Decimal | None = None
    id: str = ""


@dataclass(frozen=True)
class Result:
    """Base of all findings. Subclasses are frozen dataclasses with the data; they override what
    they can tell.

    ``section`` is the stable name results.json uses for the part of the chapter this result fills.
    """

    section: ClassVar[str] = ""
    status: ClassVar[str] = "ok"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__repr__" not in vars(cls):  # before dataclass writes one with every cell in it
            cls.__repr__ = Result.__repr__  # type: ignore[method-assign]
        if "figure" in vars(cls):
            cls.figure = with_message(cls.figure)  # type: ignore[method-assign]
        trace_methods(cls)

    def __repr__(self) -> str:
        """One readable screen: what it is, its window, headline, first rows and frames."""
        from .console import summary

        return summary(self)

    def figure(self) -> Figure | None:
        """The picture, or nothing to draw."""
        return None

    def tables(self) -> Sequence[Table]:
        return ()

    def reading(self) -> str:
        """One to three sentences whose numbers come through the formatter."""
        return ""

    def headline(self) -> str:
        """The one line for the summary and the check cell; plain text."""
        return ""

    def message(self) -> str:
        """What the figure says, with its number: its title."""
        return self.headline()

    def kpis(self) -> Sequence[Kpi]:
        return ()

    def worksheets(self) -> Sequence[Worksheet]:
        return ()

    def changes(self) -> Sequence[Change]:
        return ()

    def notes(self) -> Sequence[str]:
        """Definitions and caveats printed small under the reading."""
        return ()

    def record(self) -> Record:
        return Record(
            section={"id": self.section, "status": self.status},
            kpis=[kpi.as_dict(stage_of(kpi.name)) for kpi in self.kpis()],
            worksheets=[sheet.data() for sheet in self.worksheets()],
            changes=[asdict(change) for change in self.changes()],
            headline=self.headline(),
        )

    def blocks(self) -> list[Block]:
        """Tables, reading, notes and the record, in house order."""
        reading, notes, record = self.reading(), self.notes(), self.record()
        return [
            *self.tables(),
            *([Text(reading)] if reading else []),
            *(Text(note, role="note") for note in [*notes, *whole_lists(record.worksheets)]),
            record,
        ]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        blocks = self.blocks()
        return {
            "text/plain": "\n\n".join(filter(None, (block.plain() for block in blocks))),
            "text/html": "".join(block.html() for block in blocks),
        }


def html_of(things: Sequence[Any]) -> str:
    """HTML of results, blocks and sentences, in order; None shows nothing."""
    blocks: list[Block] = []
    for thing in things:
        if isinstance(thing, Result):
            blocks.extend(thing.blocks())
        elif thing is not None:
            blocks.append(Text(thing) if isinstance(thing, str) else thing)
    return "".join(block.html() for block in blocks)


def show(*things: Result | Block | str | None) -> None:
    """Put results, blocks or sentences on the page, in order; None shows nothing."""
    from IPython.display import display

    from .screen import Style, live

    if live():  # with every call, for a cell that is run again loses what it showed before
        display(Style())
        if state.follower is not None:
            state.follower.put(things)
            return
    for thing in things:
        if thing is None:
            continue
        if isinstance(thing, str):
            thing = Text(thing)
        for block in thing.blocks() if isinstance(thing, Result) else [thing]:
            display(block)


def headlines(*results: Result) -> str:
    """The check cell's text: one line per result that has one."""
    return "\n".join(line for line in (result.headline() for result in results) if line)


def actions_sheet(name: str, actions: Sequence[Action]) -> Worksheet:
    """The worksheet of an action list."""
    return Worksheet(
        name,
        (
            ("what", say("Action"), "text"),
            ("owner", say("Owner"), "name"),
            ("due", say("Due"), "date"),
            ("worth", say("Worth"), "money"),
            ("why", say("Why"), "text"),
            ("id", say("Number"), "text"),
        ),
        tuple(
            (a.what, a.owner, a.due, a.worth, a.why, number)
            for a, number in zip(actions, numbers(name, actions), strict=True)
        ),
    )


def still_to_do(name: str, actions: Sequence[Action], done: Collection[str]) -> list[Action]:
    """The actions of the list ``name`` without those whose number is among the ``done``."""
    told = zip(actions, numbers(name, actions), strict=True)
    return [action for action, number in told if number not in done]


def numbers(name: str, actions: Sequence[Action]) -> list[str]:
    """The number of each action of the list ``name``; those alike but for their figures are told
    apart by them.
    """
    name = english(name)
    own = [a.id or finding_id(name, english(a.what), english(a.owner)) for a in actions]
    times = Counter(own)
    return [
        number
        if a.id or times[number] == 1
        else finding_id(name, english(a.what), english(a.owner), exact=True)
        for a, number in zip(actions, own, strict=True)
    ]


def _raw(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, (str, bool)):
        return value
    return plain(value)
