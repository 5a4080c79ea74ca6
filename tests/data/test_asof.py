"""Nothing dated after the as-of date matters: data cut in March and data cut in June give the same
March.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from folders import DEALS, ORDERS, TOML, write
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from playbook.base.settings import Settings
from playbook.data.asof import as_of_query
from playbook.data.book import Book
from toy import toy

START, MARCH, JUNE = date(2022, 10, 1), date(2023, 3, 31), date(2023, 6, 30)
STAGES = ("lead", "intent", "negotiation")

days = st.integers(0, (JUNE - START).days).map(lambda n: START + timedelta(days=n))
later = st.integers(0, 150).map(lambda n: timedelta(days=n))
maybe = st.one_of(st.none(), later)
customers = st.lists(
    st.tuples(st.one_of(st.none(), days), st.sampled_from(["East", "West"])), min_size=1, max_size=4
)
orders = st.lists(
    st.tuples(days, st.integers(0, 3), st.integers(-50, 500), maybe), min_size=1, max_size=8
)
deals = st.lists(
    st.tuples(days, st.lists(later, max_size=2), maybe, st.sampled_from(["won", "lost"])),
    max_size=6,
)
contracts = st.lists(st.tuples(days, maybe), max_size=4)
activities = st.lists(st.tuples(days, st.sampled_from([0, 0, 40])), max_size=4)
tasks = st.lists(st.tuples(days, maybe), max_size=3)
worlds = st.fixed_dictionaries(
    {
        "customers": customers,
        "orders": orders,
        "deals": deals,
        "contracts": contracts,
        "activities": activities,
        "tasks": tasks,
    }
)


def text(names: str, rows: list[list]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(
        [names.split(), *[["" if cell is None else cell for cell in row] for row in rows]]
    )
    return out.getvalue()


def when(start: date, after: timedelta | None, cut: date) -> date | None:
    """The day something happened, if it had by the cut."""
    return start + after if after is not None and start + after <= cut else None


def export(world: dict, cut: date) -> dict[str, str]:
    """The tables as a system would have written them on the day ``cut``."""
    first_order = {}
    for day, who, *_ in world["orders"]:
        first_order[who] = min(day, first_order.get(who, day))
    known = [
        (f"C{i}", since, region)
        for i, (since, region) in enumerate(world["customers"])
        if since is None or min(since, first_order.get(i, since)) <= cut
    ]
    files = {
        "customers": text("customer_id since region", [list(row) for row in known]),
        "reps": text(
            "rep_id name left",
            [["R1", "Ann", date(2023, 5, 1) if cut >= date(2023, 5, 1) else None]],
        ),
    }
    rows = [
        [
            f"O{i}",
            day,
            f"C{who}",
            amount,
            amount if when(day, paid, cut) else None,
            when(day, paid, cut),
        ]
        for i, (day, who, amount, paid) in enumerate(world["orders"])
        if day <= cut
    ]
    files["orders"] = text("order_id date customer_id amount paid_amount paid_date", rows)
    files["opportunities"], files["stage_events"], files["leads"] = export_deals(
        world["deals"], cut
    )
    rows = [
        [
            f"K{i}",
            "C0",
            day,
            day + timedelta(days=364),
            10,
            f"N{i}" if when(day, renewed, cut) else None,
            when(day, renewed, cut),
        ]
        for i, (day, renewed) in enumerate(world["contracts"])
        if day <= cut
    ]
    files["contracts"] = text(
        "contract_id customer_id start end annual_value renewed_by renewed_on",
        rows
        + [
            [f"N{i}", "C0", when(day, renewed, cut), day + timedelta(days=900), 10, None, None]
            for i, (day, renewed) in enumerate(world["contracts"])
            if when(day, renewed, cut)
        ],
    )
    files["activities"] = text(
        "activity_id date rep_id kind recorded_at",
        [
            [f"A{i}", day, "R1", "call", f"{day + timedelta(days=lag)} 10:00:00"]
            for i, (day, lag) in enumerate(world["activities"])
            if day + timedelta(days=lag) <= cut
        ],
    )
    files["tasks"] = text(
        "task item owner start due finished done",
        [
            [
                f"T{i}",
                "part",
                "R1",
                day,
                day + timedelta(days=90),
                when(day, done, cut),
                5 if when(day, done, cut) else None,
            ]
            for i, (day, done) in enumerate(world["tasks"])
            if day <= cut
        ],
    )
    return {name: content for name, content in files.items() if content.count("\n") > 1}


def export_deals(world: list, cut: date) -> tuple[str, str, str]:
    rows, events, leads = [], [], []
    for i, (created, gaps, closing, outcome) in enumerate(world):
        entered = [created]
        for gap in gaps:
            entered.append(entered[-1] + gap)
        closed = when(entered[-1], closing, cut)
        if created - timedelta(days=9) <= cut:
            leads.append(
                [f"L{i}", created - timedelta(days=9), f"D{i}" if created <= cut else None]
            )
        if created > cut:
            continue
        reached = [
            (stage, day) for stage, day in zip(STAGES, entered, strict=False) if day <= cut
        ] + ([(outcome, closed)] if closed else [])
        events += [[f"D{i}", stage, day] for stage, day in reached]
        rows.append(
            [
                f"D{i}",
                created,
                reached[-1][0],
                outcome if closed else "open",
                closed,
                100 + i,  # the asking price stands from the start
                "price" if closed and outcome == "lost" else None,
                0.1 if closed else None,
                90 + i,
            ]
        )
    return (
        text(
            "opportunity_id created stage outcome closed amount lost_reason discount"
            " expected_amount",
            rows,
        ),
        text("opportunity_id stage entered_at", events),
        text("lead_id created converted_opportunity_id", leads),
    )


def views(book: Book) -> dict[str, list[str]]:
    """Every table as known, its rows in an order of their own."""
    return {
        name: sorted(map(repr, book.relation(name).fetchall()))
        for name in book.read.given
        if book.has(name)
    }


def numbers(book: Book) -> list:
    facts = book.facts()
    return [table for table in facts.tables if table.rows] + [
        problem.found for problem in facts.warnings
    ]


TOLERANT = TOML + "unknown_share = 1.0\n"


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(worlds)
def test_march_is_the_same_from_data_cut_in_march_or_in_june(tmp_path_factory, world):
    world["orders"].append((date(2023, 3, 1), 0, 5, None))  # so that both data sets reach March
    folder = tmp_path_factory.mktemp("world")
    then = Book.open(write(folder / "march", TOLERANT, **export(world, MARCH)), "2023-03")
    now = Book.open(write(folder / "june", TOLERANT, **export(world, JUNE)), "2023-03")
    assert views(then) == views(now)
    assert numbers(then) == numbers(now)


FUTURE = {
    "orders": "O9,2023-04-01,C1,999\n",
    "customers": "C9,Late,2023-05-05\n",
    "opportunities": "D9,2023-04-02,won,won,2023-05-01,900\nD8,,won,won,2023-05-01,900\n",
    "stage_events": "D3,negotiation,2023-04-05\nD9,won,2023-05-01\n",
    "leads": "L9,2023-04-01,D9\n",
    "contracts": "K9,C1,2023-04-01,2024-03-31,9\n",
    "reps": "R9,2023-04-01\n",
    "activities": "A9,2023-04-01,R1,call\n",
    "channel_costs": "2023-04,web,9\n",
    "targets": "2024,sales,9\n2024-Q1,sales,9\n2024-02,sales,9\n",
    "fit_scores": "L1,price,5,2023-04-01\n",
    "key_results": "O,KR9,9,2023-12-31,2023-04-01\n",
    "check_ins": "KR1,2023-04-01,9\n",
    "strategies": "S9,G,2023-04-01\n",
    "tasks": "T9,part,R1,2023-05-01,2023-04-01\n",
    "meetings": "2023-04-01,act,R1,2023-05-01\n",
    "training": "R1,course,2023-04-01\n",
    "market": "2024,steel,9\n",
    "awards": "2023-04-01,R1,star\n",
}
PRESENT = {
    "orders": ORDERS,
    "customers": "customer_id,name,since\nC1,Alpha,2022-01-01\nC2,Beta,\n",
    "opportunities": DEALS,
    "stage_events": "opportunity_id,stage,entered_at\nD1,won,2023-02-10\n",
    "leads": "lead_id,created,converted_opportunity_id\nL1,2023-01-01,D1\n",
    "contracts": "contract_id,customer_id,start,end,annual_value\nK1,C1,2023-01-01,2023-12-31,9\n",
    "reps": "rep_id,hired\nR1,2022-01-01\n",
    "activities": "activity_id,date,rep_id,kind\nA1,2023-03-01,R1,call\n",
    "channel_costs": "month,channel,cost\n2023-03,web,5\n",
    "targets": "period,metric,target\n2023,sales,5\n2023-Q1,sales,5\n2023-12,sales,5\n",
    "fit_scores": "subject_id,need,score,scored_at\nL1,speed,4,2023-03-01\n",
    "key_results": "objective,key_result,target,due,start\nO,KR1,9,2023-12-31,2023-01-01\n",
    "check_ins": "key_result,date,value\nKR1,2023-03-01,5\n",
    "strategies": "strategy,goal,start\nS1,G,2023-01-01\n",
    "tasks": "task,item,owner,due,start\nT1,part,R1,2023-05-01,2023-02-01\n",
    "meetings": "meeting_date,action,owner,due\n2023-03-01,act,R1,2023-05-01\n",
    "training": "rep_id,course,date\nR1,course,2023-03-01\n",
    "market": "year,industry,size\n2023,steel,9\n",
    "awards": "date,rep_id,award\n2023-03-01,R1,star\n",
}


def test_rows_dated_later_change_nothing(tmp_path):
    plain = Book.open(write(tmp_path / "plain", TOLERANT, **PRESENT), "2023-03")
    files = {name: content + FUTURE[name] for name, content in PRESENT.items()}
    more = Book.open(write(tmp_path / "more", TOLERANT, **files), "2023-03")
    assert views(plain) == views(more) and numbers(plain) == numbers(more)
    assert len(numbers(plain)) >= len(PRESENT) and plain.fingerprint != more.fingerprint


def test_a_deal_decided_later_is_open_at_the_amount_of_the_export(tmp_path):
    deals = (
        "opportunity_id,created,stage,outcome,closed,amount,lost_reason,discount\n"
        "D1,2023-01-02,won,won,2023-05-10,500,,0.1\n"
        "D2,2023-01-02,lost,lost,2023-05-10,,price,\n"
    )
    events = (
        "opportunity_id,stage,entered_at\n"
        "D1,lead,2023-01-02\n"
        "D1,intent,2023-02-01\n"
        "D1,negotiation,2023-02-01\n"
        "D1,won,2023-05-10\n"
    )
    book = Book.open(
        write(tmp_path, orders=ORDERS, opportunities=deals, stage_events=events), "2023-03"
    )
    rows = (
        book.relation("opportunities")
        .project("opportunity_id, stage, outcome, closed, amount, lost_reason, discount")
        .order("1")
        .fetchall()
    )
    assert rows == [
        ("D1", "negotiation", "open", None, 500, None, None),
        ("D2", "lead", "open", None, None, None, None),
    ]
    assert book.at(date(2023, 5, 31)).relation("opportunities").project("stage, outcome").order(
        "1"
    ).fetchall() == [("lost", "lost"), ("won", "won")]


def test_a_customer_who_has_bought_is_known_whatever_since_says(tmp_path):
    customers = "customer_id,since\nC1,2023-06-01\nC2,2023-06-01\nC3,2023-06-01\n"
    book = Book.open(write(tmp_path, orders=ORDERS, customers=customers), "2023-01")
    assert book.relation("customers").project("customer_id").fetchall() == [("C1",)]


def test_a_rep_who_sold_before_being_hired_keeps_the_name_and_has_no_day_of_hiring():
    orders = """
        order_id date       customer_id amount rep_id
        O1       2023-01-15 C1          100    R0
        O2       2023-01-20 C1          100    R1
        O3       2023-01-31 C1          100    R2
    """
    reps = """
        rep_id name hired
        R0     Ann  2024-03-01
        R1     Bob  2021-01-01
        R2     Cem  2023-02-10
        R3     Dan  2024-01-01
    """
    book = toy(orders=orders, reps=reps, month="2023-01")
    known = book.relation("reps").project("rep_id, name, hired").order("rep_id").fetchall()
    assert known == [
        ("R0", "Ann", None),  # sold more than a month before: the day is not believed
        ("R1", "Bob", date(2021, 1, 1)),
        ("R2", "Cem", date(2023, 2, 10)),
    ]


@pytest.mark.parametrize(
    ("start", "named", "day", "known"),
    [
        (1, "start", date(2023, 2, 28), ["2022", "2023", "2023-02", "2023-Q4"]),
        (1, "end", date(2023, 2, 28), ["2022", "2023", "2023-02", "2023-Q4"]),
        # the fiscal year from April 2022 is called 2022, or 2023
        (4, "start", date(2023, 2, 28), ["2022", "2023-02"]),
        (4, "end", date(2023, 2, 28), ["2022", "2023", "2023-02", "2023-Q4"]),
        (4, "start", date(2023, 4, 30), ["2022", "2023", "2023-02", "2023-Q4", "2024-01"]),
        (4, "end", date(2023, 3, 31), ["2022", "2023", "2023-02", "2023-Q4"]),
    ],
)
def test_targets_of_later_fiscal_years_are_not_set_yet(tmp_path, start, named, day, known):
    periods = ["2022", "2023", "2023-02", "2023-Q4", "2024-01", "2024", "2024-Q4"]
    toml = TOML + f'fiscal_year_start = {start}\nfiscal_year_name = "{named}"\n'
    book = Book.open(
        write(
            tmp_path,
            toml,
            orders=ORDERS,
            targets="period,metric,target\n" + "".join(f"{p},sales,5\n" for p in periods),
        ),
        "2023-03",
    )
    assert (
        sorted(row[0] for row in book.at(day).relation("targets").project("period").fetchall())
        == known
    )


def test_personal_columns_stay_out_unless_asked_for():
    given = {"customers": {"customer_id", "phone"}}
    assert "phone" not in as_of_query("customers", MARCH, given, Settings())
    assert "phone" in as_of_query(
        "customers", MARCH, given, Settings.model_validate({"privacy": {"show_personal": True}})
    )


def test_same_day_stages_do_not_depend_on_the_order_of_rows(tmp_path: Path):
    rows = ["D3,lead,2023-03-05", "D3,intent,2023-03-05", "D3,negotiation,2023-03-05"]
    for i, order in enumerate((rows, rows[::-1])):
        book = Book.open(
            write(
                tmp_path / str(i),
                opportunities=DEALS,
                stage_events="opportunity_id,stage,entered_at\n" + "\n".join(order) + "\n",
            ),
            "2023-03",
        )
        assert book.relation("opportunities").filter("opportunity_id = 'D3'").project(
            "stage"
        ).fetchall() == [("negotiation",)]


def test_what_a_lead_became_and_what_renewed_a_contract_are_unknown_until_then(tmp_path):
    deals = DEALS + "D4,2023-05-01,lead,open,,\n"
    leads = "lead_id,created,converted_opportunity_id\nL1,2023-01-01,D1\nL2,2023-03-20,D4\n"
    contracts = (
        "contract_id,customer_id,start,end,annual_value,renewed_by\n"
        "K1,C1,2022-01-01,2022-12-31,9,K2\n"
        "K2,C1,2023-01-01,2023-12-31,9,K3\n"
        "K3,C1,2024-01-01,2024-12-31,9,\n"
    )
    book = Book.open(
        write(tmp_path, orders=ORDERS, opportunities=deals, leads=leads, contracts=contracts),
        "2023-03",
    )
    assert book.relation("leads").project("lead_id, converted_opportunity_id").order(
        "1"
    ).fetchall() == [("L1", "D1"), ("L2", None)]
    assert book.relation("contracts").project("contract_id, renewed_by").order("1").fetchall() == [
        ("K1", "K2"),
        ("K2", None),
    ]


def test_warnings_are_counted_among_the_rows_known_by_then(tmp_path):
    orders = ORDERS + "O4,2023-02-01,C1,0\nO5,2023-03-30,C1,0\n"
    book = Book.open(write(tmp_path, orders=orders), "2023-03")
    assert [problem.count for problem in book.warnings] == [2]
    assert [problem.count for problem in book.at(date(2023, 2, 28)).warnings] == [
        1
    ] and not book.at(date(2023, 1, 31)).facts().warnings


def test_the_stamp_names_no_day_after_the_as_of_date(tmp_path):
    """A customer with an order is known by it, also when the file dates the customer later."""
    write(
        tmp_path,
        orders="order_id,date,customer_id,amount\nO1,2023-01-05,C1,1\nO2,2023-06-05,C2,1\n",
        customers="customer_id,since\nC1,2023-05-01\nC2,2023-01-02\nC3,2022-12-01\n",
    )
    facts = {table.name: table for table in Book.open(tmp_path, "2023-02").facts().tables}
    assert (
        facts["customers"].rows,
        str(facts["customers"].first),
        str(facts["customers"].last),
    ) == (3, "2022-12-01", "2023-01-02")


def test_scores_and_care_without_a_day_wait_for_their_lead_or_customer(tmp_path):
    """C3 is dated after the as-of date but has ordered before it; S2's score carries a day of its
    own.
    """
    write(
        tmp_path,
        orders=(
            "order_id,date,customer_id,amount\n"
            "O1,2023-01-05,C1,1\n"
            "O2,2023-02-05,C3,1\n"
            "O3,2023-06-05,C2,1\n"
        ),
        customers="customer_id,since\nC1,2023-01-01\nC2,2023-06-01\nC3,2023-06-01\n",
        leads="lead_id,created\nL1,2023-02-01\nL2,2023-06-01\nL3,2023-06-01\n",
        fit_scores=(
            "subject_id,need,score,scored_at\n"
            "L1,n,4,\n"
            "L2,n,4,\n"
            "L3,n,4,2023-02-03\n"
            "C1,n,4,\n"
            "C2,n,4,\n"
            "C3,n,4,\n"
            "X9,n,4,\n"
        ),
        care_plan="customer_id,action\nC1,visit\nC2,visit\nC3,visit\n",
    )
    book = Book.open(tmp_path, "2023-02")
    assert [
        row[0] for row in book.relation("fit_scores").project("subject_id").order("1").fetchall()
    ] == ["C1", "C3", "L1", "L3", "X9"]
    assert [
        row[0] for row in book.relation("care_plan").project("customer_id").order("1").fetchall()
    ] == ["C1", "C3"]
