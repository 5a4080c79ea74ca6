"""Rows that stand at an edge of what a measure counts."""

from datetime import date
from decimal import Decimal

import narwhals as nw
import pandas as pd
import pytest

from playbook.base.errors import DataProblem
from playbook.case.course.counts import counts_by_indicator
from playbook.data.measures import adjustments, case, channels, performance, profit, reasons
from playbook.data.measures import rows as details
from playbook.data.measures.days import packed_day
from playbook.data.measures.deal_size import DealSize
from playbook.data.measures.deals import deals_of
from playbook.data.measures.frames import collect
from playbook.data.measures.performance import unit_of
from playbook.data.measures.stage_hours import keeps_clock, stage_hours
from playbook.data.measures.targets import TargetPlan
from playbook.funnel import movement
from toy import toy


def test_a_price_is_compared_only_where_both_amounts_are_above_nought():
    """O1 has no list amount, O2 none above 0, O3 was given away, O4 is a refund at list price."""
    book = toy(
        month="2024-01",
        orders="""
            order_id date       customer_id amount list_amount rep_id kind
            O1       2024-01-05 C1          100    .           R1     new
            O2       2024-01-06 C1          100    0           R1     new
            O3       2024-01-07 C1          0      100         R1     new
            O4       2024-01-08 C1          -50    50          R1     refund
            O5       2024-01-09 C1          90     100         R1     new
        """,
    )
    assert reasons.priced_orders(book).order_id.tolist() == ["O5"]


def test_a_contract_of_one_day_is_due():
    book = toy(
        month="2023-02",
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-02-01 2022-02-01 10
            K3          C3          2021-03-01 2022-02-28 10
            K4          C4          2023-02-01 2024-01-31 10
        """,
    )
    due = case.renewals_by_month(book, large=True)
    assert [(str(m), n) for m, n in zip(due.month, due.n, strict=True)] == [("2022-02", 2)]


def deals(stages: list[str]):
    return toy(
        month="2024-03",
        settings={"book": {"stages": stages}},
        opportunities="""
            opportunity_id customer_id created stage outcome closed amount expected_amount objection
            D1 C1 2024-02-01 won won 2024-03-10 130 100 price
            D2 C2 2024-02-02 won won 2024-03-11 70 90 .
            D3 C3 2024-03-02 won won 2024-03-12 60 50 .
            D4 C4 2024-02-03 offer open . . 40 .
        """,
        stage_events="""
            opportunity_id stage entered_at
            D1             lead  2024-02-01
            D1             offer 2024-02-05
            D1             won   2024-03-10
            D2             lead  2024-02-02
            D2             offer 2024-02-06
            D2             won   2024-03-11
            D3             lead  2024-03-02
            D3             offer 2024-03-05
            D3             won   2024-03-12
            D4             lead  2024-02-03
            D4             offer 2024-02-07
        """,
    )


def test_objections_need_one_stage_before_the_last():
    found, _ = counts_by_indicator(deals(["lead", "offer", "won"]))
    rows = found["objection"]
    assert rows.n.sum() == 4 and rows.k.sum() == 1


def test_deals_won_for_more_or_less_than_they_were_held_to_be_worth():
    """Without a planned day a deal is in the pipeline from its creation: 100 + 90 + 40 stood there,
    50 came in; won for 130, 70 and 60: 30 and 10 more, 20 less. 40 is left.
    """
    whole = movement(deals(["lead", "offer", "won"])).table.set_index("label").loc["Whole book"]
    assert (whole.opening, whole.new, whole.up, whole.down) == (230, 50, 40, 20)
    assert (whole.won, whole.lost, whole.closing) == (260, 0, 40)
    assert (whole.n_up, whole.n_down, whole.n_won) == (2, 1, 3)


def test_targets_come_sales_first_then_by_metric_and_the_company_before_its_parts():
    book = toy(
        month="2024-01",
        orders="""
            order_id date       customer_id amount region rep_id
            O1       2024-01-05 C1          100    East   R1
        """,
        targets="""
            period metric     target region rep_id
            2024   orders     5      .      .
            2024   sales      30     East   R1
            2024   sales      50     .      R1
            2024   sales      90     .      .
            2024   win_rate   0.5    .      .
            2024   sales      40     East   .
            2024   orders     2      East   .
        """,
    )
    assert [(m, " ".join(v for _, v in who)) for m, who in TargetPlan(book).subjects()] == [
        ("sales", ""),
        ("sales", "East"),
        ("sales", "R1"),
        ("sales", "East R1"),
        ("orders", ""),
        ("orders", "East"),
        ("win_rate", ""),
    ]


def test_a_deal_without_an_amount_comes_after_the_smallest_with_one():
    rows = pd.DataFrame({"opportunity_id": ["A", "B", "C"], "expected": [None, 0.4, 0.6]})
    found = details._largest(nw.from_native(rows).lazy(), 3)
    assert found.opportunity_id.tolist() == ["C", "B", "A"] and list(found) == list(rows)


def test_what_is_filled_in_is_never_more_than_all_of_a_sum():
    """100 with a margin filled in and 50 taken back of what has its own: the whole sum is filled,
    not twice of it; nothing of 0.
    """
    rows = pd.DataFrame({"amount": [100.0, -50.0], "profit": [40.0, -10.0], "filled": [100.0, 0]})
    total = profit.profit_by(nw.from_native(rows).lazy()).iloc[0]
    assert total.tolist() == [50.0, 30.0, 1.0]
    nothing = profit.profit_by(nw.from_native(rows.assign(amount=[50.0, -50.0])).lazy()).iloc[0]
    assert nothing.filled == 0.0


def test_deals_bring_no_more_than_all_sales():
    days = date(2023, 1, 1), date(2023, 12, 31)
    shares = [DealSize(*days, 2, won, 0, sales).share for won, sales in ((30, 20), (5, 20), (5, 0))]
    assert shares == [1.0, 0.25, 1.0]
    assert DealSize(*days, 2, 30, 0, 20).average == 15
    assert DealSize(*days, 0, 0, 0, 20).average is DealSize(*days, 2, 0, 2, 20).average is None


def test_list_prices_count_where_nine_tenths_of_each_span_carry_them():
    """The first and the last day of a month belong to it: 100 of 1,000 without a list price on the
    1st, or on the 31st, are a tenth; a unit more is too much, and what lies a day outside counts
    nowhere.
    """

    def unit(day: str, amount: int) -> str:
        book = toy(
            month="2023-03",
            orders=f"""
                order_id date       customer_id amount list_amount
                O1       2022-03-15 C1          900    1000
                O2       2023-03-15 C1          900    1000
                O3       {day}      C1          {amount}    .
            """,
        )
        return unit_of(book, book.window("month"), book.window("month").year_before())

    for day in ("2023-03-01", "2023-03-31", "2022-03-01", "2022-03-31"):
        assert (unit(day, 100), unit(day, 101)) == ("list", "orders"), day
    for day in ("2023-02-28", "2022-04-01", "2022-02-28"):
        assert unit(day, 500) == "list", day


def test_a_stage_left_in_the_minute_it_was_entered_took_no_time():
    book = toy(
        month="2023-02",
        settings={"book": {"stages": ["lead", "intent", "won"]}},
        opportunities="""
            opportunity_id created    stage  outcome closed
            D1             2023-01-05 won    won     2023-02-28
            D2             2023-01-05 intent open    .
        """,
        stage_events="""
            opportunity_id,stage,entered_at
            D1,lead,2023-01-05 09:00
            D1,intent,2023-01-05 09:00
            D1,won,2023-01-06 09:30
            D2,lead,2023-01-05 10:00
            D2,intent,2023-01-05 09:59
        """,
    )
    found = stage_hours(book)
    assert found.to_dict("records") == [
        {"stage": "lead", "minutes": 0, "n": 1},
        {"stage": "intent", "minutes": 1470, "n": 1},
    ]


def test_a_deal_without_orders_earns_the_margin_of_its_product_line():
    """A's margin is 40 %, B's 20 %, the book's 30 %; D3 names no line, D4 one never sold. Where
    deals carry no line, all earn the book's.
    """
    deals = """
        opportunity_id customer_id created    stage outcome closed     amount product_line
        D1             C8          2023-01-05 won   won     2023-02-02 100    A
        D2             C8          2023-01-05 won   won     2023-02-03 100    B
        D3             C9          2023-01-05 won   won     2023-02-04 100    .
        D4             C9          2023-01-05 won   won     2023-02-05 100    C
        D5             C9          2023-01-05 lead  open    .          100    A
    """

    def earned(of: str) -> dict[str, float]:
        book = toy(
            month="2023-02",
            settings={"book": {"stages": ["lead", "won"]}},
            orders="""
                order_id date       customer_id amount cost product_line
                O1       2023-01-10 C1          1000   600  A
                O2       2023-01-11 C1          1000   800  B
            """,
            opportunities=of,
        )
        rows = channels.deal_profits(book, deals_of(book)).collect().to_pandas()
        assert (rows.filled == 100).all()
        return rows.set_index("opportunity_id").profit.round(9).sort_index().to_dict()

    assert earned(deals) == {"D1": 40, "D2": 20, "D3": 30, "D4": 30}
    assert earned(deals.replace("product_line", "industry")) == dict.fromkeys(
        ("D1", "D2", "D3", "D4"), 30
    )


def test_months_of_customers_are_those_since_the_first_order_and_none_of_who_did_not_buy():
    """In the year to March 2023, summed by the engine: A bought in its first month and before (12
    months at most), B first in May 2022 (11), C first in March (1); D bought the year before only.
    """
    book = toy(
        month="2023-03",
        orders="""
            order_id date       customer_id amount cost channel
            O1       2021-04-01 A           10     0    Web
            O2       2022-04-01 A           10     0    Web
            O3       2022-05-31 B           20     0    Web
            O4       2023-03-31 C           30     0    Web
            O5       2022-03-31 D           40     0    Web
            O6       2021-03-31 E           50     0    Web
        """,
    )
    days = [packed_day(date(*day)) for day in ((2022, 4, 1), (2023, 3, 31), (2021, 4, 1))]
    (found,) = channels._customers_by_channel(book, *days).to_dict("records")
    assert found == {
        "channel": "Web",
        "buyers": 3,
        "months": 12 + 11 + 1,
        "profit": 60,
        "profit2": 100 + 400 + 900,
        "both": 10 * 12 + 20 * 11 + 30,
        "months2": 144 + 121 + 1,
        "before": 2,
        "stayed": 1,
    }


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        (["00:30", "00:00"], True),  # half of the entries carry a time
        (["00:30", "00:00", "00:00"], False),
        (["00:00:01"], True),
        (["00:00"], False),
        (["14:00"], True),
    ],
)
def test_a_time_after_midnight_is_a_time_of_day(times, kept):
    rows = [
        {"opportunity_id": f"D{n}", "stage": "lead", "entered_at": f"2024-03-05 {time}"}
        for n, time in enumerate(times)
    ]
    book = toy(
        month="2024-03",
        settings={"book": {"stages": ["lead", "won"]}},
        opportunities=[
            {"opportunity_id": row["opportunity_id"], "stage": "lead", "outcome": "open"}
            | {"created": "2024-03-01"}
            for row in rows
        ],
        stage_events=rows,
    )
    assert keeps_clock(book) is kept


def test_a_stage_entered_a_minute_before_midnight_is_entered_on_that_day():
    book = toy(
        month="2024-03",
        settings={"book": {"stages": ["lead", "offer", "won"]}},
        opportunities=[
            {"opportunity_id": "D1", "stage": "offer", "outcome": "open", "created": "2024-03-01"}
        ],
        stage_events=[
            {"opportunity_id": "D1", "stage": "offer", "entered_at": "2024-03-05 23:59:59"}
        ],
    )
    since = collect(deals_of(book).rows.select("since"))["since"]
    assert since.tolist() == [packed_day(date(2024, 3, 5))]


@pytest.mark.parametrize(("first", "state"), [("2023-03-31", "kept"), ("2023-04-01", "new")])
def test_a_customer_is_new_whose_first_order_came_after_the_earlier_span(first, state):
    book = toy(
        month="2024-03",
        orders=[
            {"order_id": "O1", "date": first, "customer_id": "C1", "amount": 10},
            {"order_id": "O2", "date": "2024-03-05", "customer_id": "C1", "amount": 20},
        ],
    )
    now = book.window("month")
    cells = performance.customer_cells(book, now, now.year_before())
    assert cells[cells.q1 > 0].state.tolist() == [state]


def test_a_correction_of_pay_of_one_minor_unit_is_none_too_small():
    rows = [{"adjustment_id": "J1", "month": "2024-03", "rep_id": "R1", "reason": "x"}]
    rows[0]["amount"] = "0.01"
    book = toy(month="2024-03", pay_adjustments=rows, reps=[{"rep_id": "R1", "name": "a"}])
    assert adjustments.pay_adjustments(book)["amount"].tolist() == [Decimal("0.01")]
    rows[0]["amount"] = "0.015"
    with pytest.raises(DataProblem, match="minor unit"):
        adjustments.pay_adjustments(
            toy(month="2024-03", pay_adjustments=rows, reps=[{"rep_id": "R1", "name": "a"}])
        )
