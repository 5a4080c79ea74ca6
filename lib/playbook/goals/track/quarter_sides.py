"""What the quarter's target is, and what its pipeline says."""

from __future__ import annotations

from playbook.base.contracts import Frame, money, share, text
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.deal_size import DealSize, deal_size
from playbook.goals.actuals import Actuals
from playbook.goals.plan.quarter_target import quarter_target
from playbook.methods.apportionment import from_units

from .pipeline_view import PipelineView, pipeline_view


class QuarterViews(Frame):
    """One row per view of the quarter."""

    view = text("from history, or from the open pipeline")
    low = money("lower end: of 80 % of the paths; of the poorest quarter before")
    middle = money("what it says the quarter brings", low="low", high="high")
    high = money("upper end")
    gap = money("target less middle, at least 0; missing without a target")
    chance = share("share of paths that reach the target; missing for the pipeline")


def target_of(
    book: Book, actuals: Actuals, first: Month, year_target: float
) -> tuple[float | None, str]:
    """The quarter's target [currency] and where it comes from; None where only a forecast stands in
    for one.
    """
    try:
        parents, source, _, given = quarter_target(book, actuals, first, year_target)
    except NotAvailable:
        return None, ""
    amount = float(from_units(sum(parents.values()), book.fmt.minor_digits))
    return (amount, source) if given else (None, "")


def pipeline_of(book: Book, last: Month) -> tuple[DealSize | None, PipelineView | None, str]:
    """The pipeline's side, or why there is none."""
    if not book.has("opportunities", "outcome"):
        return None, None, say("The book has no deals to look at it from the other side.")
    size = deal_size(book)
    view = pipeline_view(book, last, size) if size.average else None
    if view is not None and not is_missing(view.won_share):
        return size, view, ""
    return (
        size,
        None,
        say("Open deals say nothing of it: no quarter before shows how such deals ended."),
    )


def quarter_notes(view: PipelineView | None, fmt: Formats) -> list[str]:
    """What is to be borne in mind where both sides are shown; nothing where one is."""
    if view is None:
        return []
    said = [
        say(
            "The two views share no data but the sales that go through no deal:"
            " where they part, ask which of them knows less. Open deals are"
            " priced as they stand today, and count by the stage they stand in."
        )
    ]
    if view.unknown:
        said.append(
            say(
                "Open deals worth {unknown} stand in stages whose entries are not"
                " dated: what they bring is not known and not counted.",
                unknown=fmt.money(view.unknown, compact=True),
            )
        )
    return said
