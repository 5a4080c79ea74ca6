"""What the data cannot say is recognised once, and only where it holds."""

from types import SimpleNamespace

from playbook.data.measures.facts import _no_customers, degenerate
from toy import toy

STAGES = {"book": {"stages": ["lead", "talk", "won"]}}
DEALS = """
    opportunity_id created    stage outcome closed     amount rep_id channel
    A              2023-01-10 won   won     2023-02-01 100    R1     Web
    B              2023-01-12 lead  lost    2023-03-01 200    R2     Fair
    C              2023-02-01 lead  open    .          300    R1     Web
"""
EVENTS = """
    opportunity_id stage entered_at
    A              lead  2023-01-10
    A              talk  2023-01-20
"""
ORDERS = """
    order_id date       customer_id amount
    O1       2023-01-05 C1          100
    O2       2023-03-20 C2          50
"""


def of(deals=DEALS, **tables):
    return degenerate(toy(month="2023-03", settings=STAGES, opportunities=deals, **tables))


def test_nothing_is_said_of_a_book_that_has_everything():
    assert of(stage_events=EVENTS, orders=ORDERS).sentences() == []


def test_won_deals_without_a_loss():
    found = of(DEALS.replace("lead  lost    2023-03-01", "won   won     2023-03-01"))
    assert found.no_losses == (
        "No lost deal is recorded (2 won deals): a win rate needs the losses too."
    )
    assert found.nothing_decided == ""


def test_open_deals_alone():
    deals = DEALS.replace("won   won     2023-02-01", "lead  open    .         ")
    found = of(deals.replace("lost    2023-03-01", "open    .         "), orders=ORDERS)
    assert found.nothing_decided == "All 3 deals are open: nothing shows how deals end."
    assert found.no_losses == ""
    assert of().nothing_decided == "" and of().no_losses == ""


def test_stages_without_days():
    assert of().undated_stages.startswith("No entry to a stage carries a day: there is one step")
    assert of(stage_events=EVENTS).undated_stages == ""


def test_one_channel_and_one_person_by_name():
    found = of(DEALS.replace("Fair", "Web").replace("R2", "R1"), reps="rep_id name\nR1 Ann")
    assert found.one_channel == "All sales come by one channel (Web): channels cannot be compared."
    assert found.one_rep == "All sales are of one person (Ann): people cannot be compared."
    assert of().one_channel == "" and of().one_rep == ""


def test_one_month_of_sales():
    orders = "order_id date customer_id amount\nO1 2023-03-05 C1 100\nO2 2023-03-20 C1 50"
    found = degenerate(toy(month="2023-03", orders=orders))
    assert found.sentences() == [
        "The data hold sales of Mar 2023 alone: there is no earlier month to compare with."
    ]


def test_sales_that_name_no_customer():
    """A stand-in for a book whose orders lack the column."""
    book = SimpleNamespace(has=lambda table, *columns: table == "orders" and not columns)
    assert _no_customers(book).startswith("Sales name no customer")
    assert _no_customers(toy(month="2023-03", orders=ORDERS)) == ""
