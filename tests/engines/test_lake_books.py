"""Books whose tables lie in a lake: mapped, checked, refused; frames of a session."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from playbook.base.errors import DataProblem
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.frames import collect
from playbook.engines.needs import EngineProblem

DAYS = [date(2023, 1, 5), date(2023, 2, 10), date(2023, 3, 28)]
ORDERS = {
    "order_id": ["O1", "O2", "O3"],
    "date": DAYS,
    "customer_id": ["C1", "C2", "C1"],
    "amount": [Decimal("100.10"), Decimal("50"), Decimal("80.05")],
}


def lake(folder, toml="", **tables):
    """A book's folder with these tables as Parquet; ``lake/<name>`` unless the toml says more."""
    for name, columns in tables.items():
        (folder / "lake" / name).mkdir(parents=True)
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        pq.write_table(table, folder / "lake" / name / "part.parquet")
        toml = f'[sources.{name}]\nlake = "lake/{name}"\n{toml}'
    (folder / "playbook.toml").write_text(toml, encoding="utf-8")
    return folder


def problems(folder, session):
    with pytest.raises(DataProblem) as wrong:
        Book.open(folder, spark=session)
    return [(p.table, p.column, p.found) for p in wrong.value.problems]


def test_a_mapping_with_words_and_a_condition(session, tmp_path):
    theirs = {
        "Nr": [1, 2, 3, 4],
        "Tag": ["2023-01-05", "2023-02-10", "2023-03-28", "2023-03-29"],
        "Kunde": ["C1", "C2", "C1", "C9"],
        "Summe": ["100.10", " 50 ", "80.05", "999"],
        "Art": ["Neu", "NEU ", "Gutschrift", "Neu"],
    }
    toml = """
[tables.orders]
from = "verkauf"
where = "Kunde <> 'C9'"
columns = { order_id = "Nr", date = "Tag", customer_id = "Kunde", amount = "Summe", kind = "Art" }
values.kind = { "Neu" = "new", "NEU" = "new", "Gutschrift" = "renewal" }
"""
    book = Book.open(lake(tmp_path, toml, verkauf=theirs), "2023-03", spark=session)
    rows = collect(
        book.table("orders").select("order_id", "date", "amount", "kind"),
        sort=["order_id"],
        exact=True,
    )
    assert rows["order_id"].tolist() == ["1", "2", "3"]
    assert [pd.Timestamp(day).date() for day in rows["date"]] == DAYS
    assert rows["amount"].tolist() == [Decimal("100.1000"), Decimal("50.0000"), Decimal("80.0500")]
    assert rows["kind"].tolist() == ["new", "new", "renewal"]
    assert book.as_of == date(2023, 3, 31)


def test_everything_wrong_is_said_at_once_and_nothing_is_set_aside(session, tmp_path):
    orders = {
        "order_id": ["O1", "O2", "O3", "O4"],
        "date": ["2023-01-05", "2023", "2023-02-30", None],
        "customer_id": ["C1", "C2", "C3", "C9"],
        "amount": ["1", "2", "three", "4"],
    }
    customers = {"customer_id": ["C1", "C1", "C2", "C3"], "name": ["a", "a", "b", "c"]}
    found = problems(lake(tmp_path, orders=orders, customers=customers), session)
    assert sorted(found, key=str) == [
        ("customers", "customer_id", "1 key used by more than one row"),
        ("orders", "amount", "1 value is not an amount"),
        ("orders", "customer_id", found_reference(found)),
        ("orders", "date", "1 row without date"),
        ("orders", "date", "2 values cannot be read as dates"),
    ]


def found_reference(found):
    (said,) = [text for _, column, text in found if column == "customer_id" and "not in" in text]
    assert said == "1 row whose customer_id is not in customers"
    return said


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("sql = 'SELECT * FROM far'", "sql over far"),
        ("from = 'far'\ngroup = ['order_id']\nsum = ['amount']", "group"),
    ],
)
def test_what_only_this_machine_can_do_is_refused(session, tmp_path, mapping, said):
    (found,) = problems(lake(tmp_path, f"[tables.orders]\n{mapping}\n", far=ORDERS), session)[:1]
    assert found[2] == f"{said} runs on one machine only, and the table lies in a lake"


def test_a_condition_that_reads_the_clock_or_names_no_column_is_refused(session, tmp_path):
    for number, where in enumerate(("date < current_date", "nowhere = 1")):
        toml = f"[tables.orders]\nfrom = 'far'\nwhere = \"{where}\"\n"
        (found, *_) = problems(lake(tmp_path / str(number), toml, far=ORDERS), session)
        assert found[2].startswith(("where uses current_date", "where does not run"))


def test_frames_of_a_session_beside_frames_of_this_machine(session):
    book = Book.from_frames(
        orders=session.createDataFrame(pa.table(ORDERS)),
        customers=pd.DataFrame({"customer_id": ["C1", "C2"], "region": ["North", "South"]}),
        month="2023-03",
    )
    monthly = sales.monthly(book, ["region"])
    assert monthly[["region", "amount"]].values.tolist() == [
        ["North", Decimal("100.10")],
        ["South", Decimal("50")],
        ["North", Decimal("80.05")],
    ]
    assert book.at(date(2023, 2, 15)).ask("orders", "count(*)") == [(2,)]
    with pytest.raises(EngineProblem, match="runs on one machine only"):
        book.relation("orders")


def test_moments_are_the_days_of_the_books_zone(session, tmp_path):
    late = pa.array([datetime(2023, 1, 31, 17), datetime(2023, 2, 10), datetime(2023, 3, 28)])
    toml = "[book]\ntime_zone = 'Asia/Shanghai'\n"
    orders = pa.table({**ORDERS, "date": late.cast(pa.timestamp("us", "UTC"))})
    book = Book.open(lake(tmp_path, toml, orders=orders), spark=session)
    assert book.ask("orders", "min(CAST(date AS DATE))") == [(date(2023, 2, 1),)]


def test_contact_data_in_free_text_and_in_members_stay_hidden(session, tmp_path):
    deals = {
        "opportunity_id": ["D1"],
        "created": [DAYS[0]],
        "stage": ["lead"],
        "outcome": ["open"],
        "objection": ["call 138-0013-8000, CNY 12.50"],
    }
    activities = {
        "activity_id": ["A1"],
        "date": [DAYS[0]],
        "rep_id": ["R1"],
        "kind": ["call"],
        "summary": ["call 138-0013-8000 or li@example.com, CNY 12.50"],
    }
    orders = {**ORDERS, "region": ["North", "Li 138-0013-8000", "North"], "zone": ["E", "W", "E"]}
    toml = '[book]\ndimensions = ["zone"]\n'
    given = {"orders": orders, "opportunities": deals, "activities": activities}
    book = Book.open(lake(tmp_path, toml, **given), spark=session)
    assert book.ask("activities", "max(summary)") == [("call [phone] or [e-mail], CNY 12.50",)]
    assert sorted(sales.monthly(book, ["region"])["region"]) == ["Li [phone]", "North"]
    assert book.ask("orders", "max(zone)") == [("W",)]


def test_an_answer_beyond_the_limit_is_one_clear_line(session, tmp_path):
    n = 3_000
    orders = pa.table(
        {
            "order_id": [f"O{i}" for i in range(n)],
            "date": [DAYS[i % 3] for i in range(n)],
            "customer_id": [f"C{i}" for i in range(n)],
            "amount": [float(i) for i in range(n)],
        }
    )
    book = Book.open(lake(tmp_path, "[engine]\nmost_rows = 1000\n", orders=orders), spark=session)
    assert sales.monthly(book)["orders"].tolist() == [1_000, 1_000]
    with pytest.raises(EngineProblem) as wrong:
        sales.by_customer(sales.order_rows(book))
    assert wrong.value.problems[0].found == (
        "an answer of more than 1,000 rows would come back from Spark"
    )


def test_a_changed_table_is_another_fingerprint_and_a_moved_row_is_not(session, tmp_path):
    toml = "[book]\nname = 'north'\n"  # else each is called by its folder
    one = Book.open(lake(tmp_path / "1", toml, orders=ORDERS), spark=session)
    turned = {name: values[::-1] for name, values in ORDERS.items()}
    two = Book.open(lake(tmp_path / "2", toml, orders=turned), spark=session)
    dearer = {**ORDERS, "amount": [Decimal("100.11"), *ORDERS["amount"][1:]]}
    three = Book.open(lake(tmp_path / "3", toml, orders=dearer), spark=session)
    assert one.fingerprint == two.fingerprint != three.fingerprint


def test_a_folder_that_is_not_there_and_one_without_parquet(session, tmp_path):
    (tmp_path / "empty").mkdir()
    toml = "[sources.orders]\nlake = 'nowhere'\n[sources.customers]\nlake = 'empty'\n"
    (tmp_path / "playbook.toml").write_text(toml, encoding="utf-8")
    found = sorted(said for _, _, said in problems(tmp_path, session))
    assert found[1] == "no nowhere" and found[0].startswith("cannot be opened on Spark: ")
