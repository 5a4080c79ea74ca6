"""The action list: every reason, each rep's list, the workbook."""

from datetime import date

from pandas.core.groupby import DataFrameGroupBy
from small_books import book, order

from playbook import segments
from playbook.base.action_ids import action_id
from playbook.segments.actions.events import satisfaction_calls
from playbook.segments.population import population


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
        order("late", "2023-05-27", 100, 3, kind="new"),
    ]
    orders = [row | {"rep_id": "r1"} for row in orders]
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


def won(name, customer, closed):
    return {
        "opportunity_id": name,
        "customer_id": customer,
        "created": "2023-01-01",
        "stage": "won",
        "outcome": "won",
        "closed": closed,
        "amount": 30,
    }


def seen(customer, day):
    return {
        "activity_id": f"{customer}{day}",
        "date": day,
        "rep_id": "r",
        "kind": "call",
        "customer_id": customer,
    }


def listed(action, month="2023-06", **tables):
    """customer_id → (reason, due day) of an action."""
    found = segments.actions(book(month, **tables)).table
    found = found[found["action"].str.startswith(action)]
    return {c: (r, str(d)) for c, r, d in found[["customer_id", "reason", "due"]].to_numpy()}


def test_a_value_check_is_listed_before_it_is_due_and_stays_until_a_contact():
    orders = [order(c, "2022-09-01", 9, c) for c in "abcdef"]
    days = {"a": "2023-05-31", "b": "2023-06-30", "c": "2023-05-20", "d": "2023-05-20"}
    deals = [won(c, c, day) for c, day in days.items()] + [won("e", "e", "2023-03-01")]
    log = [seen("d", "2023-06-19"), seen("c", "2023-06-18"), seen("a", "2023-06-01")]
    found = listed("Value check", orders=orders, opportunities=deals, activities=log)
    assert found == {
        "a": ("deal won 31 May 2023", "2023-06-30"),  # due on the as-of date itself
        "b": ("deal won 30 Jun 2023", "2023-07-31"),  # thirty days end on a Sunday
        "c": ("deal won 20 May 2023", "2023-06-19"),  # called a day too early: still to do
        "e": ("deal won 1 Mar 2023", "2023-03-31"),  # nobody called: stays
    }  # d was called on the day
    blind = listed("Value check", orders=orders, opportunities=deals)
    assert sorted(blind) == ["a", "b", "c", "d"]  # nothing tells what was done: a month


def test_a_satisfaction_call_stays_until_a_contact():
    days = {"a": "2023-06-01", "b": "2023-06-10", "c": "2023-06-30", "d": "2023-05-30"}
    orders = [order(c, day, 9, c, kind="new") for c, day in days.items()]
    log = [seen("b", "2023-06-11"), seen("a", "2023-05-30")]
    found = listed("Satisfaction call", orders=orders, activities=log)
    assert found == {
        "a": ("order of 1 Jun 2023", "2023-06-05"),  # 48 hours end on a Saturday
        "c": ("order of 30 Jun 2023", "2023-07-03"),
        "d": ("order of 30 May 2023", "2023-06-01"),
    }
    reps = [row | {"rep_id": "r"} for row in orders]
    assert sorted(listed("Satisfaction call", orders=reps)) == ["a", "b", "c", "d"]


def test_a_renewal_is_listed_a_month_before_its_report_is_due_and_after_it_lapsed():
    def contract(customer, end, **more):
        row = {"contract_id": customer, "customer_id": customer, "start": "2022-01-01", "end": end}
        return row | {"annual_value": 100} | more

    ends = {"a": "2023-09-13", "b": "2023-09-14", "c": "2023-07-10", "d": "2023-06-10"}
    rows = [contract(c, end) for c, end in ends.items()] + [contract("e", "2023-04-30")]
    orders = [order(c, "2022-01-01", 9, c) for c in "abcde"]
    assert listed("Yearly value report", orders=orders, contracts=rows) == {
        "a": ("contract ends 13 Sep 2023", "2023-08-14"),
        "c": ("contract ends 10 Jul 2023", "2023-06-09"),  # the tenth is a Saturday
    }  # b, due on 15 August, comes in the next list
    assert listed("Contract lapsed", orders=orders, contracts=rows) == {
        "d": ("contract ended 10 Jun 2023", "2023-05-11"),
        "e": ("contract ended 30 Apr 2023", "2023-03-31"),
    }


def test_worth_of_a_rep_counts_each_customer_once():
    orders = [order("a", "2023-06-30", 100, 1, rep_id="r", kind="new")]
    deals = [won("d", "a", "2023-06-20")]
    result = segments.actions(book("2023-06", orders=orders, opportunities=deals))
    assert len(result.table) == 2 and result._by_rep()["worth"].tolist() == [100]


def test_a_customers_orders_of_a_week_are_asked_about_in_one_call(monkeypatch):
    rows = [
        order("a", "2023-06-05", 10, 1, rep_id="r"),  # Monday
        order("a", "2023-06-07", 10, 2, rep_id="r"),
        order("a", "2023-06-11", 10, 3, rep_id="r"),  # Sunday of the same week
        order("a", "2023-06-12", 10, 4, rep_id="r"),
        order("b", "2023-06-07", 10, 5, rep_id="r"),
    ]
    made = book("2023-06", orders=rows)
    monkeypatch.setattr(DataFrameGroupBy, "__iter__", None)  # weeks of customers are 100,000
    found = satisfaction_calls(made, population(made).frame).set_index("id")
    ids = {n: action_id("satisfaction call", rows[n - 1]["order_id"]) for n in (1, 4, 5)}
    assert set(found.index) == set(ids.values())
    first = found.loc[ids[1]]
    names = [rows[n]["order_id"] for n in range(3)]
    assert first["reason"] == (
        f"orders {names[0]} (5 Jun 2023), {names[1]} (7 Jun 2023) and {names[2]} (11 Jun 2023)"
    )
    assert first["due"] == date(2023, 6, 13)  # two days after the last of them
    assert found.loc[ids[4], "reason"] == "order of 12 Jun 2023"
