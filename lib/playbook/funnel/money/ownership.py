"""Cost of ownership and savings: two comparisons a rep hands over to a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from playbook import page
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.page import Col, Table, table


@dataclass(frozen=True)
class Ownership:
    """An offer by what it costs: price once, life, running cost a year.

    Raises ValueError for a life that is not above 0 or costs below 0.
    """

    name: str
    price: float  # [currency]
    life: float  # [years]
    running: float  # [currency a year]

    def __post_init__(self) -> None:
        if self.life <= 0 or self.price < 0 or self.running < 0:
            raise ValueError(
                f"{self.name}: a life above 0 years and costs not below 0 are expected; found life"
                f" {self.life}, price {self.price}, running cost {self.running}"
            )

    @property
    def yearly(self) -> float:
        """Cost a year [currency]."""
        return self.price / self.life + self.running


# The building-materials case: 3 years longer, 15 % less a year.
EXAMPLE = (
    Ownership("our offer", price=126_400, life=8, running=8_000),
    Ownership("the cheaper offer", price=100_000, life=5, running=8_000),
)


@dataclass(frozen=True)
class OwnershipComparison(page.Result):
    """Two offers by what a year of use costs."""

    ours: Ownership
    theirs: Ownership
    given: bool  # from the settings, not the example
    as_of: date
    fmt: Formats
    section = "cost-of-ownership"

    def tables(self) -> list[Table]:
        title = "Total cost of ownership" if self.given else "Illustration: total cost of ownership"
        return [compare_ownership(self.ours, self.theirs, self.fmt, title=title)]

    def reading(self) -> str:
        text = sentence(self.ours, self.theirs, self.fmt)
        return text if self.given else f"An illustration to overwrite: {text}"

    def notes(self) -> list[str]:
        return (
            []
            if self.given
            else [
                "The figures are made up: give the firm's own offer and the cheaper one in the"
                " settings (funnel.ownership)."
            ]
        )


@page.section("cost-of-ownership")
def ownership(book: Book) -> OwnershipComparison:
    """The book's own offer against the cheaper one, from the settings; else a worked example, named
    as one.
    """
    given = [
        Ownership(item.name, item.price, item.life, item.running)
        for item in book.settings.funnel.ownership
    ]
    return OwnershipComparison(*(given or EXAMPLE), bool(given), book.as_of, book.fmt)


def sentence(ours: Ownership, theirs: Ownership, fmt: Formats) -> str:
    """What to say to a customer who finds ours dear, whichever way the figures fall."""
    parts = []
    if theirs.price:
        dearer = ours.price / theirs.price - 1
        parts.append(
            f"costs {fmt.text(abs(dearer), 'share')} {'more' if dearer > 0 else 'less'} to buy"
            if dearer
            else "costs the same to buy"
        )
    longer = ours.life - theirs.life
    if longer:
        years = fmt.text(abs(longer), "number", decimals=0 if float(longer).is_integer() else 1)
        parts.append(
            f"lasts {years} {'year' if abs(longer) == 1 else 'years'}"
            f" {'longer' if longer > 0 else 'less'}"
        )
    if theirs.yearly:
        less = ours.yearly / theirs.yearly - 1
        parts.append(
            f"costs {fmt.text(abs(less), 'share')} {'more' if less > 0 else 'less'} for each year"
            " of use"
            if less
            else "costs the same for each year of use"
        )
    joined = (
        ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
        if parts
        else "costs nothing either way"
    )
    name = ours.name[:1].upper() + ours.name[1:]
    return f"{name} {joined} ({fmt.money(ours.yearly)} against {fmt.money(theirs.yearly)} a year)."


def compare_ownership(
    ours: Ownership, theirs: Ownership, fmt: Formats, title: str = "Total cost of ownership"
) -> Table:
    """Total cost of ownership, one offer a line; the last column holds each yearly cost against the
    other offer's.
    """
    frame = pd.DataFrame(
        [
            {
                "offer": one.name,
                "price": one.price,
                "life": one.life,
                "running": one.running,
                "yearly": one.yearly,
                "apart": one.yearly / other.yearly - 1 if other.yearly else None,
            }
            for one, other in ((ours, theirs), (theirs, ours))
        ]
    )
    columns = [
        Col("offer", "text", "Offer", weight=2),
        Col("price", "money", "Price"),
        Col(
            "life",
            "number",
            "Life, years",
            decimals=0 if all(float(one.life).is_integer() for one in (ours, theirs)) else 1,
        ),
        Col("running", "money", "Running cost a year"),
        Col("yearly", "money", "Cost a year of use"),
        Col("apart", "share", "Against the other", sign=True),
    ]
    return table(
        frame,
        columns,
        fmt,
        title=title,
        note="Cost a year of use = price ÷ life + running cost; no interest",
    )


def customer_return(
    costs: dict[str, float],
    savings: dict[str, float],
    price: float,
    yearly: float,
    fmt: Formats,
    years: int = 3,
    *,
    title: str = "What the customer saves",
) -> Table:
    """A customer's yearly saving as a one-page hand-over.

    costs: item → present cost a year [currency]. savings: item → share of it saved. price: one-off
    [currency]; yearly: fee a year [currency].
    """
    unknown = set(savings) - set(costs)
    if unknown:
        raise ValueError(
            f"a saving is named for {', '.join(sorted(unknown))}, but no present cost; expected"
            f" items among {', '.join(costs)}"
        )
    if any(not 0 <= s <= 1 for s in savings.values()):
        raise ValueError("savings are shares of the present cost, between 0 and 1")
    saved = {item: costs[item] * savings.get(item, 0.0) for item in costs}
    total = sum(saved.values())
    net = total - yearly
    rows = [
        {"item": item, "cost": costs[item], "share": savings.get(item, 0.0), "saved": saved[item]}
        for item in costs
    ]
    columns = [
        Col("item", "text", "Item"),
        Col("cost", "money", "Cost a year now"),
        Col("share", "share", "Saved"),
        Col("saved", "money", "Saved a year"),
    ]
    payback = (
        f"pays back in {fmt.text(price / net * 12, 'number', decimals=1)} months"
        if net > 0
        else "does not pay back"
    )
    outlay = price + yearly * years
    back = (
        f"return over {years} years {fmt.text(total * years / outlay, 'ratio')}"
        if outlay
        else "no outlay"
    )
    note = (
        f"{fmt.money(price)} once and {fmt.money(yearly)} a year: net saving {fmt.money(net)} a"
        f" year, {payback}; {back}"
    )
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=title,
        total={"item": "All", "cost": sum(costs.values()), "saved": total},
        note=note,
    )
