"""The action list: every reason, each rep's list, the workbook."""

from datetime import date

from small_books import book, order

from playbook import segments


def test_action_list_has_every_reason_once_and_exports():
    orders = [
        order("a", "2023-06-29", 100, 1, rep_id="r1"),
        order("b", "2023-01-29", 50, 2, rep_id="r2"),
    ]
    contracts = [
        {
            "contract_id": "k",
            "customer_id": "b",
            "start": "2022-08-01",
            "end": "2023-08-05",
            "annual_value": 70,
        }
    ]
    deals = [
        {
            "opportunity_id": "d",
            "customer_id": "a",
            "created": "2023-05-01",
            "stage": "won",
            "outcome": "won",
            "closed": "2023-06-05",
            "amount": 30,
            "rep_id": "r1",
        }
    ]
    result = segments.actions(
        book("2023-06", orders=orders, contracts=contracts, opportunities=deals)
    )
    found = result.table.set_index("action")
    assert set(found["customer_id"]) == {"a", "b"} and len(found) == 3
    assert found.loc["Yearly value report, then the renewal talk", "due"] == date(
        2023, 7, 6
    )  # thirty days before the end
    assert found.loc["Value check: has the deal kept its promise?", "due"] == date(2023, 7, 5)
    assert found.loc["Satisfaction call", "due"] == date(2023, 7, 3)  # 48 hours end on a Sunday
    assert result.table.groupby("owner")["rank"].min().eq(1).all() and "contacts" in result.missing
    sheet = result.worksheets()[0].data()
    assert sheet["name"] == "Action list" and len(sheet["rows"]) == 3


def test_a_renewal_delivers_nothing_to_be_satisfied_with():
    orders = [
        order("new", "2023-06-29", 100, 1, kind="new"),
        order("new", "2023-06-29", 20, 1, kind="new"),
        order("old", "2023-06-30", 100, 2, kind="renewal"),
        order("late", "2023-06-28", 100, 3, kind="new"),
    ]
    found = segments.actions(book("2023-06", orders=orders)).table.set_index("customer_id")
    assert found[found["action"] == "Satisfaction call"].index.tolist() == ["new"]


def test_every_rep_has_a_list_of_its_own_in_the_page():
    orders = [
        order(c, "2023-06-30", amount, c, rep_id=rep, kind="new")
        for c, amount, rep in (("a", 10, "r1"), ("b", 30, "r1"), ("c", 20, "r2"), ("d", 5, "r3"))
    ]
    result = segments.actions(book("2023-06", orders=orders))
    lists = result.tables()[-1]
    assert lists.folded and lists.choices[0].options == (
        "r1",
        "r2",
        "r3",
    )  # by what their customers are worth
    assert [[row[1].text for row in lists.versions[str(i)]] for i in range(3)] == [
        ["b", "a"],
        ["c"],
        ["d"],
    ]
    assert [row[0].text for row in lists.versions["0"]] == ["1", "2"]


def test_the_workbook_keeps_each_reps_ranks_together():
    from playbook.report.record.workbook import merged

    orders = [
        order(c, day, amount, c, rep_id=rep, kind="new")
        for c, day, amount, rep in (
            ("a", "2023-06-30", 90, "r1"),
            ("b", "2023-06-29", 30, "r1"),
            ("c", "2023-06-29", 20, "r2"),
        )
    ]
    contracts = [
        {
            "contract_id": "k",
            "customer_id": "a",
            "start": "2022-09-01",
            "end": "2023-08-30",
            "annual_value": 500,
        }
    ]
    found = segments.actions(book("2023-06", orders=orders, contracts=contracts))
    (sheet,) = merged([sheet.data() for sheet in found.worksheets()])
    places = {key: i for i, (key, _, _) in enumerate(sheet["columns"])}
    found = [(row[places["owner"]], row[places["rank"]]) for row in sheet["rows"]]
    assert (
        found == sorted(found)
        and len(found) > 3
        and [row[places["due"]] for row in sheet["rows"]]
        != sorted(row[places["due"]] for row in sheet["rows"])
    )
