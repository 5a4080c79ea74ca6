"""A book's own counterparts of published figures that other chapters give."""

from __future__ import annotations

from playbook import funnel, incentives, segments
from playbook.base.formats import plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.goals.track.company_target import company_completion

from .own_figure import OwnFigure

SPANS = later(
    {
        "all": "all",
        "month": "month",
        "quarter_to_date": "quarter to date",
        "year_to_date": "year to date",
        "trailing_12m": "trailing 12 months",
    }
)


def _span(window: str) -> str:
    """A window of a figure in words."""
    return say(SPANS.get(window, window.replace("_", " ")))


def ramp(book: Book) -> OwnFigure | None:
    """Median months from hire to first win (Kaplan-Meier): the nearest a book has to a confirmed
    post.
    """
    rows = [
        k
        for k in incentives.ramp(book).kpis() or ()
        if k.name == "ramp.median_days" and not k.by and k.value is not None
    ]
    return (
        OwnFigure(
            float(rows[0].value) * 12 / 365.25,
            _span(rows[0].window),
            say("to the first win, {hires}", hires=plural(rows[0].n, "hire"))
            if rows[0].n
            else say("to the first win"),
        )
        if rows
        else None
    )


def attainment(book: Book) -> OwnFigure | None:
    """Completion of the company's sales target, quarter to date."""
    value = company_completion(book, "quarter_to_date")
    return None if value is None else OwnFigure(value, _span("quarter_to_date"))


def high_value(book: Book) -> OwnFigure | None:
    """Share of the trailing twelve months' revenue from the best value tier; none where no customer
    reaches it: the tiers are then not this book's.
    """
    rows = [k for k in segments.tiers(book).kpis() or () if k.name == "tier.revenue"]
    best = book.settings.segments.tiers.names[0]
    total = sum(float(k.value) for k in rows if k.value is not None)
    mine = [
        float(k.value) for k in rows if (k.by or {}).get("tier") == best and k.value is not None
    ]
    return (
        OwnFigure(mine[0] / total, say("12 months"), say("tier {best}", best=best))
        if mine and mine[0] > 0 and total > 0
        else None
    )


def intent_step(book: Book) -> OwnFigure | None:
    """Cohort conversion from intent to negotiation, where the book's stages are called so."""
    if not {"intent", "negotiation"} <= set(book.stages):
        return None
    rows = [
        k
        for k in funnel.conversion(book).kpis() or ()
        if k.name == "conversion"
        and (k.by or {}) == {"step": "intent→negotiation"}
        and k.value is not None
    ]
    if not rows:
        return None
    k = rows[-1]
    return OwnFigure(
        float(k.value),
        _span(k.window),
        f"n = {k.n:,}" if k.n else "",
        None,
        k.low,
        k.high,
    )
