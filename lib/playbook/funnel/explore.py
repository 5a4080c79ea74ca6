"""The interactive controls of the chapter: a step raised, a budget moved, another dimension or
window. Each redraws from what is already counted and shows a static table, or nothing, in batch.
"""

from __future__ import annotations

from playbook import page
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures.deals import deals_of
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.money.channels import Channels
from playbook.funnel.money.customer_return import CustomerReturn
from playbook.funnel.money.move_budget import movable, move
from playbook.funnel.money.ownership import (
    Ownership,
    OwnershipComparison,
    compare_ownership,
    customer_return,
    sentence,
)
from playbook.funnel.money.performance import WINDOW_LABELS, Performance
from playbook.funnel.places.groups import COHORT_WINDOWS, StepsBy, conversion_by
from playbook.funnel.steps.conversion import Conversion
from playbook.funnel.steps.model import funnel_model
from playbook.funnel.steps.outcomes import WinRate
from playbook.page import Table, Text
from playbook.page.origins import explorer


@explorer
def what_if(conversion: Conversion | page.Missing, wins: WinRate | page.Missing) -> None:
    """Shows the sliders: a step, and by how many points its rate is raised. In batch, a table."""
    from playbook.page.widgets import Choice, Slider, explore

    found = funnel_model(conversion, wins)
    if found is None:
        return
    explore(
        lambda step, points: found.table(points / 100, step),
        {
            "step": Choice(say("Step"), list(found.steps.step)),
            "points": Slider(say("Points more"), -10, 30, 1, 5),
        },
        static=found.table(),
    )


@explorer
def try_steps(book: Book, by: StepsBy | page.Missing) -> None:
    """Shows each step by any dimension and span; in batch nothing, for the page's own choice stands
    above.
    """
    from playbook.page.widgets import Choice, explore

    if by.status != "ok":
        return
    dims = {dimension_word(d): d for d in deals_of(book).dimensions}
    spans = {say(name): window for window, name in COHORT_WINDOWS.items()}

    def draw(dimension: str, period: str) -> page.Missing | list:
        found = conversion_by(book, dims[dimension], window=spans[period])
        return [found.table_of_all(), found.reading()] if isinstance(found, StepsBy) else found

    explore(
        draw,
        {
            "dimension": Choice(say("Dimension"), list(dims), dimension_word(by.dimension)),
            "period": Choice(say("Period"), list(spans), say(COHORT_WINDOWS["trailing_12m"])),
        },
        static=None,
    )


@explorer
def try_performance(performance: Performance | page.Missing) -> None:
    """Shows the performance table by any dimension and span; in batch nothing, for the tables stand
    above.
    """
    from playbook.page.widgets import Choice, explore

    if not isinstance(performance, Performance) or not performance.dimensions:
        return
    dims = {dimension_word(d): d for d in performance.dimensions}
    spans = {
        f"{say(name)} {performance.spans[window]}": window for window, name in WINDOW_LABELS.items()
    }
    start = next(name for name, window in spans.items() if window == performance.window)
    explore(
        lambda dimension, period: performance.table_of(dims[dimension], spans[period]),
        {
            "dimension": Choice(say("Dimension"), list(dims)),
            "period": Choice(say("Period"), list(spans), start),
        },
        static=None,
    )


@explorer
def move_budget(channels: Channels | page.Missing) -> None:
    """Shows the sliders to move budget between channels; in batch nothing, for the table of moves
    stands above.
    """
    from playbook.page.widgets import Choice, Slider, explore

    if not isinstance(channels, Channels):
        return
    running = movable(channels.table)
    if len(running) < 2:
        return
    names = list(running.channel)
    explore(
        lambda source, to, share: move(channels, source, to, share / 100),
        {
            "source": Choice(say("Take from"), names, names[-1]),
            "to": Choice(say("Give to"), names, names[0]),
            "share": Slider(say("Share of its budget, %"), 0, 100, 10, 50),
        },
        static=move(channels, names[-1], names[0], 0.5),
    )


@explorer
def show_return(found: CustomerReturn | page.Missing) -> None:
    """Shows the customer's return with every figure to move: each present cost, the share of it
    that is saved, price and fee; in batch nothing, for the sheet stands above.
    """
    from playbook.page.widgets import Choice, Slider, explore

    if not isinstance(found, CustomerReturn):
        return
    fmt, items = found.fmt, list(found.table.item)

    def draw(price: float, fee: float, years: int, **moved: float) -> Table:
        costs = {item: moved[f"cost{i}"] for i, item in enumerate(items)}
        shares = {item: moved[f"saved{i}"] / 100 for i, item in enumerate(items)}
        return customer_return(costs, shares, price, fee, fmt, int(years))

    def money(label: str, start: float) -> Slider:
        top = max(1000.0, 5 * start)
        return Slider(
            say("{label}, {currency}", label=label, currency=fmt.currency),
            0,
            top,
            top / 500,
            start,
            ",.0f",
        )

    controls: dict[str, Slider | Choice] = {}
    for i, row in enumerate(found.table.itertuples()):
        controls[f"cost{i}"] = money(say("{item}: cost a year", item=row.item), row.cost)
        controls[f"saved{i}"] = Slider(
            say("{item}: saved, %", item=row.item), 0, 100, 1, row.share * 100
        )
    controls["price"] = money(say("Price once"), found.price)
    controls["fee"] = money(say("Fee a year"), found.fee)
    controls["years"] = Slider(say("Years"), 1, 20, 1, found.years)
    explore(draw, controls, static=None)


@explorer
def show_ownership(compared: OwnershipComparison | page.Missing) -> None:
    """Shows the comparison of yearly costs with its figures to move; in batch nothing, for the
    comparison stands above.
    """
    from playbook.page.widgets import Slider, explore

    if not isinstance(compared, OwnershipComparison):
        return
    ours, theirs, fmt = compared.ours, compared.theirs, compared.fmt

    def draw(
        price: float, life: float, running: float, other: float, other_life: float
    ) -> list[Table | Text]:
        one, two = (
            Ownership(ours.name, price, life, running),
            Ownership(theirs.name, other, other_life, theirs.running),
        )
        return [compare_ownership(one, two, fmt), Text(sentence(one, two, fmt))]

    moved = {
        "price": (say("Our price"), ours.price, 10),
        "life": (say("Our life, years"), ours.life, 4),
        "running": (say("Our running cost a year"), ours.running, 10),
        "other": (say("The other price"), theirs.price, 10),
        "other_life": (say("The other life, years"), theirs.life, 4),
    }
    explore(
        draw,
        {
            name: Slider(
                label,
                1 if "life" in name else 0,
                max(1, start * most),
                1 if "life" in name else max(1, round(start / 50)),
                start,
            )
            for name, (label, start, most) in moved.items()
        },
        static=None,
    )
