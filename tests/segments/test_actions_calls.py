"""Whom to call first."""

from datetime import date

from small_books import book, order

from playbook import segments


def test_calls_go_to_those_silent_beyond_their_own_rhythm():
    steady = [order("steady", f"2022-{m:02d}-15", 100, f"s{m}") for m in range(1, 13)]
    rare = [
        order("rare", f"{y}-{m:02d}-15", 600, f"r{y}{m}")
        for y, m in ((2021, 7), (2022, 1), (2022, 7), (2023, 1))
    ]
    fresh = [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    result = segments.calls(book("2023-06", orders=steady + rare + fresh))
    assert result.table["customer_id"].tolist() == ["steady"] and result.in_rhythm >= 1
    assert (
        result.table["due"].iloc[0] > date(2023, 6, 30)
        and result.table["due"].iloc[0].weekday() < 5
    )
    assert result.worksheets()[0].rows[0][0].startswith("steady")
