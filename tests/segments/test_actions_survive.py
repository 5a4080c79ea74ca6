"""Actions over twelve monthly packs: listed before their day, and until they are done."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.base.action_ids import action_id
from playbook.base.periods import Month, months_between
from playbook.report.record.action_log import action_sheet
from playbook.report.record.results import Outcome
from playbook.report.record.workbook import write_workbook

YEAR = months_between(Month(2022, 7), Month(2023, 6))
START = date(2022, 7, 3)
CUSTOMERS = [f"c{i}" for i in range(9)]


def company():
    """A deal, an order and a contract of each of nine customers on a day of its own, and a contact
    with two of three of them some weeks later; a step agreed with each.
    """
    orders, deals, contracts, log = [], [], [], []
    for i, customer in enumerate(CUSTOMERS):
        day = START + timedelta(days=31 * i + i)
        orders.append(order(customer, str(day), 100 + i, i, kind="new", rep_id="r"))
        deals.append(
            {
                "opportunity_id": f"d{i}",
                "customer_id": customer,
                "created": "2022-06-01",
                "stage": "won",
                "outcome": "won",
                "closed": str(day),
                "amount": 100 + i,
                "rep_id": "r",
            }
        )
        contracts.append(
            {
                "contract_id": f"k{i}",
                "customer_id": customer,
                "start": "2022-06-01",
                "end": str(START + timedelta(days=40 * i + 60)),
                "annual_value": 1000,
                "rep_id": "r",
            }
        )
        if i % 3:
            met = day + timedelta(days=30 * i)
            log.append(contact(f"m{i}", met, customer))
        step = contact(f"s{i}", START, customer)
        due = day + timedelta(days=20)
        log.append(step | {"next_action": "offer", "due": str(due), "next_owner": "r"})
    return {"orders": orders, "opportunities": deals, "contracts": contracts, "activities": log}


def contact(name, day, customer):
    row = {"activity_id": name, "date": str(day), "rep_id": "r", "kind": "visit"}
    return row | {"customer_id": customer, "next_action": None, "due": None, "next_owner": None}


STEP_DONE = {"s1": date(2022, 9, 20), "s4": date(2022, 12, 5)}  # the others never


def known(tables, end):
    """What the company's export holds on a day."""
    seen = {"orders": "date", "opportunities": "closed", "contracts": "start", "activities": "date"}
    out = {}
    for name, rows in tables.items():
        out[name] = [row for row in rows if row[seen[name]] <= str(end)]
    out["activities"] = [
        row
        | {
            "status": "done"
            if STEP_DONE.get(row["activity_id"], date.max) <= end
            else "open"
            if row["next_action"]
            else None
        }
        for row in out["activities"]
    ]
    return out


@pytest.fixture(scope="module")
def packs():
    """Month end → numbers of the actions listed, each with its due day and owner."""
    tables = company()
    found = {}
    for month in YEAR:
        rows = segments.actions(book(str(month), **known(tables, month.end))).table
        found[month.end] = {r.id: (r.due, r.owner) for r in rows.itertuples()}
    return found


def events():
    """Number → day known, due day (calendar), day done; worked out here from the rules alone."""
    out = {}
    for i, customer in enumerate(CUSTOMERS):
        day = START + timedelta(days=31 * i + i)
        check = day + timedelta(days=30)
        met = day + timedelta(days=30 * i) if i % 3 else date.max
        steps = [START]  # the contact at which the step was agreed
        after = [m for m in (*steps, met) if m > day]
        out[action_id("satisfaction call", f"O{i}")] = (
            day,
            day + timedelta(days=2),
            min(after, default=date.max),
        )
        later = [m for m in (*steps, met) if m >= check]
        out[action_id("value check", f"d{i}")] = (day, check, min(later, default=date.max))
        end = START + timedelta(days=40 * i + 60)
        out[action_id("renewal", f"k{i}")] = (
            date(2022, 6, 1),
            end - timedelta(days=30),
            date.max,
        )
        out[action_id("follow-up", f"s{i}")] = (
            START,
            day + timedelta(days=20),
            STEP_DONE.get(f"s{i}", date.max),
        )
        assert customer
    return out


def test_each_event_is_listed_before_it_is_due_and_until_it_is_done(packs):
    ends, checked = list(packs), 0
    for number, (since, due, done) in events().items():
        listed = [end for end in ends if number in packs[end]]
        expected = [
            end
            for end in ends
            if since <= end and due <= end + timedelta(days=44) and not done <= end
        ]
        assert set(expected) <= set(listed), number
        assert not [end for end in listed if done <= end or end < since], number
        before = [end for end in ends if since <= end < due and not done <= end]
        if before:  # a pack came out between the event and its day
            checked += 1
            assert listed and min(listed) <= before[-1], number
    assert checked > 20


def test_number_day_and_owner_are_the_same_in_every_pack(packs):
    seen: dict[str, set] = {}
    for rows in packs.values():
        for number, what in rows.items():
            if number.startswith(("VC", "SC", "RN", "FU")):
                seen.setdefault(number, set()).add(what)
    assert len(seen) > 30 and all(len(what) == 1 for what in seen.values())


def listed(result):
    """number → (age, due day)."""
    return {r.id: (r.age, r.due) for r in result.table.itertuples()}


def filled(folder, result, month, marks):
    """The pack's workbook in a folder, its first sheet filled in: number → (done, day, note)."""
    record = {"section": {"id": "x", "status": "ok"}}
    record["worksheets"] = [sheet.data() for sheet in result.worksheets()]
    sheet = action_sheet([Outcome("02", "Customers", records=[record])], (), month.end)
    at = {key: i for i, (key, _, _) in enumerate(sheet["columns"])}
    for row in sheet["rows"]:
        for key, value in zip(
            ("done", "done_on", "note"), marks.get(row[at["action_id"]], ()), strict=False
        ):
            row[at[key]] = value
    write_workbook([sheet], folder / "actions.xlsx", title="toy", as_of=month.end)


@pytest.fixture
def folder(tmp_path):
    tables = known(company(), date(2022, 12, 31))
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(tmp_path / f"{name}.csv", index=False)
    (tmp_path / "playbook.toml").write_text("[book]\nname = 'toy'\n")
    return tmp_path


def test_a_filled_workbook_says_what_was_done_and_the_rest_keeps_its_age(folder):
    from playbook.data.book import Book

    november = segments.actions(Book.open(folder, "2022-11"))
    first = listed(november)
    done, dropped, later = sorted(n for n in first if n.startswith("VC"))[:3]
    marks = {
        done: ("yes", "2022-12-05", "went well"),
        dropped: ("dropped", "", ""),
        later: ("", "2023-01-04", ""),  # after the next pack's day
    }
    filled(folder, november, Month(2022, 11), marks)
    assert listed(segments.actions(Book.open(folder, "2022-11"))) == first  # nothing done by then
    december = segments.actions(Book.open(folder, "2022-12"))
    now = listed(december)
    assert {done, dropped}.isdisjoint(now) and now[later][0] == 31
    assert all(now[n][0] == (31 if n in first else 0) for n in now)
    assert december.logged == (len(first), 2)
    assert f"names {len(first)} actions: 2 done or dropped" in december.reading()
    checks = december.counts.set_index("kind").loc["value check"]
    assert checks["in_time"] + checks["late"] >= 1
    assert checks["fell_due"] == checks["in_time"] + checks["late"] + checks["open"]
    steps = december.counts.set_index("kind").loc["follow-up"]
    assert pd.isna(steps["fell_due"]) and steps["open"] + steps["older"] + steps["ahead"] > 0


def test_what_no_list_asks_for_any_more_is_carried_over_in_the_workbook():
    from playbook.base.action_ids import finding_id

    gone, over = finding_id("Goals", "Hire two", "Li"), finding_id("Goals", "Call back", "Li")
    told = action_id("value check", "d1")
    base = {"chapter": "Goals", "whom": None, "what": "Hire two", "owner": "Li", "why": "gap"}
    base |= {"due": "2023-05-10", "worth": None, "note": "waiting", "done_on": None}
    before = [
        base | {"action_id": gone, "listed": "2023-04-30", "over": False},
        base | {"action_id": over, "listed": "2023-04-30", "over": True},
        base | {"action_id": told, "listed": "2023-04-30", "over": False, "chapter": "02"},
    ]
    sheet = action_sheet([Outcome("02")], before, date(2023, 5, 31))
    keys = [key for key, _, _ in sheet["columns"]]
    (row,) = [dict(zip(keys, row, strict=True)) for row in sheet["rows"]]
    assert (row["action_id"], row["age"], row["note"]) == (gone, 31, "waiting")
    part = action_sheet([Outcome("01")], before, date(2023, 5, 31))
    assert {row[0] for row in part["rows"]} == {gone, told}  # its chapter has not run


def test_an_action_that_was_done_and_is_asked_for_again_begins_anew():
    from playbook.page import Action, actions_sheet

    one = actions_sheet("Goals", [Action("Close 1,200 in West", "Li", date(2023, 6, 30), "gap")])
    two = actions_sheet("Goals", [Action("Close 90 in West", "Li", date(2023, 7, 31), "gap")])
    number = one.rows[0][-1]
    assert number == two.rows[0][-1]
    known = {"action_id": number, "over": True, "done_on": "2023-06-12", "listed": "2023-05-31"}
    record = {"section": {"id": "x", "status": "ok"}, "worksheets": [two.data()]}
    sheet = action_sheet([Outcome("01", "Goals", records=[record])], [known], date(2023, 6, 30))
    row = dict(zip([key for key, _, _ in sheet["columns"]], sheet["rows"][0], strict=True))
    assert (row["age"], row["listed"]) == (0, "2023-06-30")
    assert row["note"] == "done 2023-06-12, asked for again"


def test_two_actions_alike_but_for_their_figures_are_two():
    from playbook.page import Action, actions_sheet

    both = [Action(f"Visit Shop {n}", "Li", None, "x") for n in (1, 2)]
    found = [row[-1] for row in actions_sheet("Goals", both).rows]
    assert len(set(found)) == 2


def test_without_contacts_or_workbook_a_call_is_listed_once_and_the_page_says_why():
    tables = known(company(), date(2023, 2, 28))
    plain = {name: rows for name, rows in tables.items() if name != "activities"}
    result = segments.actions(book("2023-02", **plain))
    calls = result.table[result.table["kind"] == "satisfaction call"]
    assert set(calls["customer_id"]) == {"c7"}  # ordered on 12 February
    assert "nothing tells what was done" in result.notes()[0]


def test_nobody_is_asked_to_call_after_orders_that_name_no_rep():
    rows = [order("a", "2023-06-29", 10, 1)]
    found = segments.actions(book("2023-06", orders=rows))
    assert found.table.empty and "names nobody who looks after customers" in found.notes()[0]


def test_a_book_of_deals_and_contracts_alone_has_its_list():
    tables = known(company(), date(2023, 2, 28))
    plain = {name: tables[name] for name in ("contracts", "opportunities")}
    for row in plain["opportunities"]:
        row.pop("amount")  # so that no deal stands in for an order
    people = [{"customer_id": c, "name": f"Firm {c}", "rep_id": "r"} for c in CUSTOMERS]
    result = segments.actions(book("2023-02", **plain, customers=people))
    assert set(result.table["kind"]) == {"renewal", "value check"}
    assert set(result.table["owner"]) == {"r"} and result.table["name"].str.startswith("Firm").all()
    assert "orders" in result.missing and result.headline().startswith("Actions: ")


def test_nobody_in_charge_is_not_nought_owners():
    rows = [order("a", f"2022-{m:02d}-15", 100, m) for m in range(1, 13)]
    rows += [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    found = segments.actions(book("2023-06", orders=rows))
    assert found.headline().startswith("Actions: 1 action with nobody in charge,")


def test_a_call_marked_as_done_is_not_asked_for_again():
    rows = [order("a", f"2022-{m:02d}-15", 100, m) for m in range(1, 13)]
    rows += [order(f"f{i}", "2023-06-20", 50 + i, f"f{i}") for i in range(8)]
    (number,) = segments.calls(book("2023-06", orders=rows)).table["id"]
    log = [{"action_id": number, "as_of": "2023-05-31", "done": "yes", "done_on": "2023-06-12"}]
    found = segments.calls(book("2023-06", orders=rows, action_log=log))
    assert found.table.empty and found.spoken == 1
    later = [log[0] | {"done_on": "2023-07-01"}]  # not by the as-of date
    assert len(segments.calls(book("2023-06", orders=rows, action_log=later)).table) == 1
