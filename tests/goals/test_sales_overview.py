"""Sales by window, by hand."""

import pandas as pd
from toy_books import months

from playbook.data.measures import sales
from playbook.goals.track.overview import sales_overview
from playbook.goals.track.risk import risk

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


def test_counter_sales_count_in_sales_and_in_no_number_of_customers(book):
    """Two customers and two rows without one a month: 200 of 400, and two buyers."""
    orders = "order_id,date,customer_id,amount,region\n" + "\n".join(
        f"O{m}{i},2022-{m:02d}-1{i},{f'C{i}' if i < 2 else ''},100,East"
        for m in range(1, 13)
        for i in range(4)
    )
    toy = book("2022-12", orders=orders)
    made = sales_overview(toy)
    month = made.row("month")
    assert (float(month["sales"]), month["orders"], month["customers"]) == (400, 4, 2)
    assert made.row("trailing_12m")["new_customers"] == 2
    assert any(
        "¥2,400 of the trailing 12 months name no customer, 50.0 % of it" in note
        for note in made.notes()
    )
    assert sales.monthly(toy)["customers"].tolist() == [2] * 12
    assert sales.monthly(toy, ("region",))["customers"].tolist() == [2] * 12
    rows = sales.order_rows(toy)
    assert sales.buyers(rows)["customers"].tolist() == [2]
    assert sales.buyers(rows, ("region",))["customers"].tolist() == [2]
    # a share by customer leans on those that are known
    leans = risk(toy)
    assert leans.spread["members"].tolist() == [2] and leans.spread["share"].tolist() == [0.5]
    assert "Sales without a customer (¥2.40k) lean on nobody" in leans.reading()
    named = sales_overview(book("2022-12", orders=orders.replace(",,", ",C9,")))
    assert not any("name no customer" in note for note in named.notes())
