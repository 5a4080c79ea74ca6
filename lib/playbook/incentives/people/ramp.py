"""New hires: days to the first deal, with and without a mentor, and sales by time on board."""

from __future__ import annotations

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.methods.survival import Incidence, kaplan_meier
from playbook.page import section
from playbook.pay.history import sales_history

from .hires import ALL, ALONE, MENTORED, early_rate, hired, productive
from .ramp_result import FirstDealRates, Ramp
from .tenure import by_tenure

GROUPS = ((ALL, None), (MENTORED, True), (ALONE, False))


@section("ramp")
def ramp(book: Book) -> Ramp:
    """New hires' first deals; needs reps.hired."""
    book.need(
        "reps",
        "hired",
        gives=say("how long new hires take to their first deal, with and without a mentor"),
    )
    past = sales_history(book)
    hires = hired(past)
    if not len(hires):
        raise NotAvailable(
            {},
            gives=say("how long new hires take to their first deal"),
            because=say("no one was hired since the data begin"),
        )
    days = book.settings.incentives.ramp_days
    hires = hires.merge(productive(past, hires), on="rep_id")
    curves, full, rates, rows = {}, {}, {}, []
    for name, mentored in GROUPS:
        part = hires if mentored is None else hires[hires["mentored"] == mentored]
        if not len(part):
            continue
        curve = curves[name] = kaplan_meier(part["days"], part["won"])
        full[name] = kaplan_meier(part["full_days"], part["full"])
        for window in ("all", "trailing_12m"):
            rates[name, window] = early_rate(part, days, book.window(window), book.as_of)
        rate = rates[name, "all"]
        rows.append(
            {
                "group": name,
                "n": len(part),
                "judged": rate.n,
                "rate": rate.value,
                "low": rate.interval[0],
                "high": rate.interval[1],
                "early_of": book.fmt.rate(rate.numerator, rate.denominator),
                "interval": book.fmt.interval(*rate.interval, "share"),
                "median": curve.median,
                "median_of": _median(curve, int(part["won"].sum()), book.fmt),
                "full_of": _median(full[name], int(part["full"].sum()), book.fmt),
            }
        )
    early = hires[hires["left"].notna() & ~hires["won"] & (hires["days"] < days)]
    return Ramp(
        table=FirstDealRates.make(rows),
        hires=hires,
        curves=curves,
        full=full,
        rates=rates,
        tenure=by_tenure(past),
        left_early=len(early),
        ramp_days=days,
        as_of=book.as_of,
        fmt=book.fmt,
    )


def _median(curve: Incidence, reached: int, fmt: Formats) -> str:
    """A median with its interval, open where the data do not close it: ``94 d [67 d to …]``."""
    if curve.median is None:
        return say("not by half ({reached} of {n} so far)", reached=reached, n=int(curve.n))
    low, high = ("…" if end is None else fmt.text(end, "days") for end in curve.median_interval)
    return say(
        "{median} [{low} to {high}]", median=fmt.text(curve.median, "days"), low=low, high=high
    )
