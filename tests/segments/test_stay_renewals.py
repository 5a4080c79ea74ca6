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


def test_contracts_that_do_not_name_their_renewal_are_renewed_by_the_one_that_follows():
    rows = [
        {
            "contract_id": f"K{year}{i}",
            "customer_id": f"C{i}",
            "start": f"{year}-01-01",
            "end": f"{year}-12-31",
            "annual_value": 1200,
        }
        for year in (2021, 2022, 2023, 2024)
        for i in range(10)
    ]
    found = segments.renewals(book("2024-01", contracts=rows))
    assert (found.total["renewed"], found.total["due"]) == (10, 10)
    assert found.terms[["due", "renewed"]].to_numpy().tolist() == [[10, 10]] * 3
    assert "30 count as renewed because another contract of the customer begins" in found.reading()
    assert "of yearly value was not" not in found.reading()  # nothing was lost
    life = segments.contract_life(book("2024-01", contracts=rows))
    assert life.lines["renewals"].tolist() == [3] * 10 and life.lines["cause"].eq(0).all()
    assert "30 count as renewed" in life.notes()[0]


def test_a_contract_that_ended_yesterday_may_still_be_followed():
    rows = [
        {
            "contract_id": name,
            "customer_id": name,
            "start": "2022-01-01",
            "end": end,
            "annual_value": 10,
        }
        for name, end in (("old", "2023-03-31"), ("fresh", "2023-06-20"))
    ]
    found = segments.renewals(book("2023-06", contracts=rows))
    assert (found.total["due"], found.total["renewed"], found.waiting) == (1, 0, 1)
    assert "1 contract ended so recently that another may still follow" in found.reading()
    assert segments.contract_life(book("2023-06", contracts=rows)).lines["cause"].tolist() == [0, 1]


def test_recurring_revenue_of_the_year_by_hand():
    rows = [
        contract(1, "kept", "2022-01-01", "2022-12-31", "k2", value=1200),
        contract(2, "kept", "2023-01-01", "2023-12-31", value=1800),
        contract(3, "left", "2022-01-01", "2022-12-31", value=2400),
        contract(4, "less", "2021-01-01", "2022-12-31", "k5", value=600),
        contract(5, "less", "2023-01-01", "2023-12-31", value=360),
        contract(6, "new", "2023-05-01", "2024-04-30", value=1200),
    ]
    orders = [{"order_id": "O1", "customer_id": "kept", "date": "2021-06-05", "amount": 5}]
    toml = "[book]\nname = 'toy'\ncovers = { orders = [2021-01-01], contracts = [2021-01-01] }\n"
    here = book("2023-06", toml=toml, contracts=rows, orders=orders)
    found = segments.renewals(here)
    parts = [found.bridge.total(p) for p in ("open", "new", "expansion", "contraction", "churn")]
    assert parts == [350, 100, 50, 20, 200] and found.bridge.total("close") == 280
    assert found.headline().endswith("net revenue retention by contracts 51.4 %.")  # 180 of 350
    kpis = {k.name: k for k in found.kpis() if k.name.startswith("revenue_retention")}
    assert kpis["revenue_retention.net"].value == 180 / 350
    assert kpis["revenue_retention.gross"].value == 130 / 350
    other = [k.name for k in segments.retention(here).kpis()]
    assert not any(name.startswith("revenue_retention") for name in other)  # one name, one source


def test_a_change_within_chance_is_no_news():
    def rows(last, this):
        found = []
        for year, renewed in ((2022, last), (2023, this)):
            for i in range(40):
                name = f"{year}{i}"
                follow = f"n{name}" if i < renewed else None
                found.append(contract(name, f"c{name}", f"{year - 1}-05-16", f"{year}-05-15"))
                found[-1] |= {"renewed_by": follow, "renewed_on": f"{year}-05-15"}
                if follow:
                    found.append(contract(0, f"c{name}", f"{year}-05-16", f"{year + 2}-05-15"))
                    found[-1]["contract_id"] = follow
        return found

    covers = "[book]\nname = 'toy'\ncovers.contracts = [2021-01-01]\n"

    def changes(last, this):
        return segments.renewals(book("2023-06", toml=covers, contracts=rows(last, this))).changes()

    assert changes(30, 28) == []
    assert [c.text for c in changes(36, 20)] == [
        "Renewal rate of the quarter 50.0 % (−40.0 pp on a year before)"
    ]
