"""What funnel diagnosis gives the short editions: bridge, parts of the month, the funnel."""

from __future__ import annotations

from playbook.data.book import Book
from playbook.funnel.meeting.dashboard import Dashboard
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.performance import Performance
from playbook.funnel.places.bottleneck import Bottleneck
from playbook.funnel.steps.conversion import Conversion
from playbook.funnel.steps.movement import PipelineMovement
from playbook.funnel.steps.outcomes import WinRate
from playbook.funnel.steps.stuck import StuckDeals
from playbook.funnel.talk.reasons import Reasons
from playbook.page import section
from playbook.page.contribution import Contribution, ShortEditions

from .bridge import bridge_of
from .parts import parts_sheet, shortest, why_of
from .steps import funnel_sheet, todo_of
from .tiles import funnel_tiles

__all__ = ["director"]


@section("short-editions")
def director(
    book: Book,
    dashboard: Dashboard,
    wins: WinRate,
    conversion: Conversion,
    bottleneck: Bottleneck,
    movement: PipelineMovement,
    channels: Channels,
    reasons: Reasons,
    performance: Performance,
    stuck: StuckDeals,
) -> ShortEditions:
    """The bridge from plan or last year to the month, the page on its parts and the page on the
    funnel; sections that are missing leave their panels out.
    """
    sheets = (
        parts_sheet(performance, book.fmt),
        funnel_sheet(book, conversion, bottleneck, movement, dashboard, channels, reasons, stuck),
    )
    short = shortest(performance, book.fmt)
    return ShortEditions(
        Contribution(
            tiles=tuple(funnel_tiles(book, wins, movement, dashboard)),
            sheets=tuple(sheet for sheet in sheets if sheet is not None),
            title=(short,) if short else (),
            why=why_of(performance, book.fmt),
            todo=todo_of(bottleneck, stuck, book.fmt),
            bridge=bridge_of(performance, book.fmt),
        )
    )
