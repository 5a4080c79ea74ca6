"""What each customer is expected to bring in the next 12 months."""

from __future__ import annotations

from playbook.base import contracts as column
from playbook.base.language import later

MODEL, CONTRACT, LAPSED = later("model"), later("contract"), later("lapsed contract")
RETURNED = later(
    "all returned"
)  # customers whose refunds took everything: nothing is expected of them


class CustomerForecasts(column.Frame):
    """One row per customer with a purchase of its own, most valuable first."""

    customer_id = column.text("the customer")
    name = column.text("its name")
    owner = column.text("rep in charge")
    days = column.count("days with a purchase so far")
    first = column.day("first purchase")
    last = column.day("last purchase")
    value = column.money("value of all purchases so far, refunds left out")
    first_value = column.money("value of the first purchase day")
    alive = column.share(
        "probability that the customer still buys; missing where the model cannot tell"
    )
    purchases = column.number("purchase days expected in the next 12 months; missing by contract")
    revenue = column.money("revenue expected in the next 12 months", low="low", high="high")
    low = column.money("lower end of the 95 % interval, of the first customers; missing for others")
    high = column.money("upper end of that interval")
    how = column.text("model, contract, lapsed contract, or all returned")
