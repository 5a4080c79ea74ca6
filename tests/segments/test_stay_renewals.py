"""Contracts renewed of those due."""

from small_books import book

from playbook import segments


def contract(number, customer, start, end, renewed_by=None, value=100):
    return {
        "contract_id": f"k{number}",
        "customer_id": customer,
        "start": start,
        "end": end,
        "annual_value": value,
        "renewed_by": renewed_by,
        "renewed_on": end if renewed_by else None,
    }


def test_seventeen_of_twenty_is_85_percent_with_its_interval():
    rows = [
        contract(i, f"c{i}", "2022-03-01", "2023-02-28", f"n{i}" if i < 17 else None)
        for i in range(20)
    ]
    rows += [contract(90, "c90", "2023-03-01", "2024-02-28")]  # running: not due, not counted
    rows += [
        {**contract(i, f"c{i}", "2023-03-01", "2024-02-28"), "contract_id": f"n{i}"}
        for i in range(17)
    ]
    result = segments.renewals(book("2023-06", contracts=rows))
    total = result.total
    assert (total["renewed"], total["due"], total["rate"]) == (17, 20, 0.85)
    assert (round(total["low"], 3), round(total["high"], 3)) == (0.640, 0.948)  # Wilson 95 %
    assert "85.0 % (17 of 20)" in result.reading()
    kpi = next(k for k in result.kpis() if k.window == "trailing_12m" and k.by is None)
    assert (kpi.numerator, kpi.denominator) == (17, 20)


def test_a_contract_that_ends_before_it_starts_is_refused_or_left_out():
    from playbook.base.errors import DataProblem

    rows = [
        contract(1, "a", "2022-03-01", "2023-02-28"),
        contract(2, "b", "2023-03-01", "2022-02-28"),
    ]
    try:
        result = segments.renewals(book("2023-06", contracts=rows))
    except DataProblem as problem:
        assert "contracts" in str(problem)
    else:
        assert result.wrong == 1 and result.total["due"] == 1


def test_survival_multiplies_renewal_rates():
    rows = [
        contract(1, "a", "2020-01-01", "2020-12-31", "k2"),
        contract(2, "a", "2021-01-01", "2021-12-31", "k3"),
        contract(3, "a", "2022-01-01", "2022-12-31"),
        contract(4, "b", "2020-01-01", "2020-12-31", "k5"),
        contract(5, "b", "2021-01-01", "2021-12-31"),
        contract(6, "c", "2022-12-01", "2023-11-30"),
    ]
    terms = segments.renewals(book("2023-06", contracts=rows)).terms.set_index("term")
    assert terms["due"].tolist() == [2, 2, 1] and terms["survival"].tolist() == [1.0, 0.5, 0.0]
