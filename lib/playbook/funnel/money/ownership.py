"""Cost of ownership and savings: two comparisons a rep hands over to a customer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from playbook import page
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
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
    Ownership(later("our offer"), price=126_400, life=8, running=8_000),
    Ownership(later("the cheaper offer"), price=100_000, life=5, running=8_000),
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
        title = (
            say("Total cost of ownership")
            if self.given
            else say("Illustration: total cost of ownership")
        )
        return [compare_ownership(self.ours, self.theirs, self.fmt, title=title)]

    def reading(self) -> str:
        text = sentence(self.ours, self.theirs, self.fmt)
        return text if self.given else say("An illustration to overwrite: {text}", text=text)

    def notes(self) -> list[str]:
        return (
            []
            if self.given
            else [
                say(
                    "The figures are made up: give the firm's own offer and the cheaper"
                    " one in the settings (funnel.ownership)."
                )
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
    example = [replace(one, name=say(one.name)) for one in EXAMPLE]
    ours, theirs = given or example
    return OwnershipComparison(ours, theirs, bool(given), book.as_of, book.fmt)


def sentence(ours: Ownership, theirs: Ownership, fmt: Formats) -> str:
    """What to say to a customer who finds ours dear, whichever way the figures fall."""
    parts = []
    if theirs.price:
        dearer = ours.price / theirs.price - 1
        share = fmt.text(abs(dearer), "share")
        parts.append(
            say("costs the same to buy")
            if not dearer
            else say("costs {share} more to buy", share=share)
            if dearer > 0
            else say("costs {share} less to buy", share=share)
        )
    longer = ours.life - theirs.life
    if longer:
        years = fmt.text(abs(longer), "number", decimals=0 if float(longer).is_integer() else 1)
        said = {"years": years, "en_years": "year" if abs(longer) == 1 else "years"}
        parts.append(
            say("lasts {years} {en_years} longer", **said)
            if longer > 0
            else say("lasts {years} {en_years} less", **said)
        )
    if theirs.yearly:
        less = ours.yearly / theirs.yearly - 1
        parts.append(
            say("costs the same for each year of use")
            if not less
            else say("costs {share} more for each year of use", share=fmt.text(abs(less), "share"))
            if less > 0
            else say("costs {share} less for each year of use", share=fmt.text(abs(less), "share"))
        )
    costs = parts[-1] if parts else say("costs nothing either way")
    if len(parts) > 1:
        costs = say(
            "{parts} and {last}", context="clauses", parts=joined(parts[:-1]), last=parts[-1]
        )
    name = ours.name[:1].upper() + ours.name[1:]
    return say(
        "{name} {costs} ({yearly} against {yearly_2} a year).",
        name=name,
        costs=costs,
        yearly=fmt.money(ours.yearly),
        yearly_2=fmt.money(theirs.yearly),
    )


def compare_ownership(
    ours: Ownership, theirs: Ownership, fmt: Formats, title: str = later("Total cost of ownership")
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
        title=say(title),
        note=say("Cost a year of use = price ÷ life + running cost; no interest"),
    )


def customer_return(
    costs: dict[str, float],
    savings: dict[str, float],
    price: float,
    yearly: float,
    fmt: Formats,
    years: int = 3,
    *,
    title: str = later("What the customer saves"),
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
        say("pays back in {price} months", price=fmt.text(price / net * 12, "number", decimals=1))
        if net > 0
        else say("does not pay back")
    )
    outlay = price + yearly * years
    back = (
        say(
            "return over {years} years {total}",
            years=years,
            total=fmt.text(total * years / outlay, "ratio"),
        )
        if outlay
        else say("no outlay")
    )
    note = say(
        "{price} once and {yearly} a year: net saving {net} a year, {payback}; {back}",
        price=fmt.money(price),
        yearly=fmt.money(yearly),
        net=fmt.money(net),
        payback=payback,
        back=back,
    )
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say(title),
        total={"item": say("All"), "cost": sum(costs.values()), "saved": total},
        note=note,
    )
