"""Sales by window, by hand."""

import pandas as pd
from toy_books import months

from playbook.goals.track.overview import sales_overview

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_the_overview_compares_equal_spans_and_says_why_not(book):
    made = sales_overview(book("2023-03", orders=ORDERS))
    assert (
        float(made.row("year_to_date")["sales"]) == 300 and made.row("year_to_date")["growth"] == 0
    )
    assert (
        pd.isna(made.row("trailing_12m")["growth"])
        and made.row("trailing_12m")["why"]
        == "the span a year before is not covered: orders begin on 1 Jan 2022"
    )
    assert made.row("all")["new_customers"] == 1 and made.row("month")["orders"] == 1
    values = {(k.name, k.window): k.value for k in made.kpis() if k.by is None}
    assert values["repurchase_rate", "month"] == 1 and values["sales", "all"] == 1500
