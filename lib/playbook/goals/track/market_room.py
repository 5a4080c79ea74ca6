"""What the market leaves room for: size, growth and our share by industry."""

from __future__ import annotations

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    money,
    ratio,
    share,
    text,
)
from playbook.base.formats import Formats, is_missing
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures import as_given, sales
from playbook.goals.actuals import Actuals
from playbook.page import Col, Table, table


class MarketRoom(Frame):
    """One row per industry, largest market first [currency]."""

    industry = text("the industry")
    year = count("the last calendar year whose sales are complete")
    size = money("size of the market in that year")
    growth = ratio("size ÷ that of the year before − 1; missing without one")
    sales = money("the company's sales in that year")
    share = share("sales ÷ size")
    keep = money("sales of the next year at this share, the market growing at its last rate")
    point = money("one percentage point of the next year's market")


def market_room(book: Book, actuals: Actuals) -> pd.DataFrame:
    """Size, growth and our share by industry in the last calendar year whose sales are whole."""
    if not book.has("market", "year", "industry", "size"):
        return MarketRoom.make([])
    market = as_given.market_rows(book)
    year = book.as_of.year if book.month.month == 12 else book.as_of.year - 1
    now, before = (market[market["year"] == y].set_index("industry") for y in (year, year - 1))
    if now.empty:
        return MarketRoom.make([])
    months = sales.monthly(actuals.book, ("industry",))
    mine = (
        sales.within(months, Month(year, 1), Month(year, 12))
        .groupby("industry")["amount"]
        .apply(lambda a: float(sales.total(a)))
    )
    frame = pd.DataFrame({"industry": now.index, "year": year, "size": now["size"].to_numpy()})
    frame["growth"] = [
        (
            float(now.loc[i, "size"] / before.loc[i, "size"] - 1)
            if i in before.index and before.loc[i, "size"]
            else None
        )
        for i in now.index
    ]
    frame["sales"] = [float(mine.get(i, 0.0)) for i in now.index]
    frame["share"] = [
        s / size if size else None for s, size in zip(frame["sales"], frame["size"], strict=True)
    ]
    grown = [
        size * (1 + (0.0 if is_missing(g) else g))
        for size, g in zip(frame["size"], frame["growth"], strict=True)
    ]
    frame["keep"] = [size * (own or 0.0) for size, own in zip(grown, frame["share"], strict=True)]
    frame = frame.assign(point=[size * 0.01 for size in grown]).sort_values(
        ["size", "industry"], ascending=[False, True], kind="stable", ignore_index=True
    )
    return MarketRoom.make(dict(frame.items()))


def market_tables(market: pd.DataFrame, fmt: Formats) -> list[Table]:
    """What the market leaves room for; no table where the book has no market. market:
    ``MarketRoom``.
    """
    if market.empty:
        return []
    columns = [
        Col("industry", "name"),
        Col("size", "money", "Market", compact=True),
        Col("growth", "share", "Growth", sign=True),
        Col("sales", "money", "Our sales", compact=True),
        Col("share", "share", "Our share"),
        Col("keep", "money", "Next year at this share", compact=True),
        Col("point", "money", "One point more", compact=True),
    ]
    total = market[["size", "sales", "keep", "point"]].sum().to_dict()
    return [
        table(
            market,
            columns,
            fmt,
            title=say("What the market leaves room for"),
            total={
                "industry": "All",
                **total,
                "share": total["sales"] / total["size"] if total["size"] else None,
            },
            note=(
                say(
                    "market of {year}, the last year whose sales are whole · next year:"
                    " the market grown at its last rate × our share · one point more of"
                    " share, in money",
                    year=market["year"].iloc[0],
                )
            ),
        )
    ]
