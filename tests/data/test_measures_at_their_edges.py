"""Rows that stand at an edge of what a measure counts."""

from playbook.case.course.counts import counts_by_indicator
from playbook.data.measures import case, reasons
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
