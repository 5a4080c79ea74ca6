"""The part of a book an audience may see holds its rows and no others, and counts as a book of
these rows counts.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook import funnel, goals
from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.base.settings import parse_settings
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.plan import plan_of
from playbook.data.scope import scopes_of
from playbook.data.scope_words import _index, mentions, without
from playbook.data.scoped import seen_by
from two_regions import SETTINGS, company, of_north

FOREIGN = ("South", "S-team", "Sven", "Sara", "S1", "S2", "C01", "C11", "Firm S01", "D001", "O001")


@pytest.fixture(scope="module")
def whole() -> Book:
    return company()


@pytest.fixture(scope="module")
def north(whole) -> Book:
    return seen_by(whole, "managers-North")


def _cells(book: Book) -> list[str]:
    return [
        str(cell)
        for name in book.read.given
        for row in book.read.connection.execute(f"SELECT * FROM book.{name}").fetchall()
        for cell in row
    ]


def _rows(book: Book, table: str) -> int:
    return book.read.connection.execute(f"SELECT count(*) FROM book.{table}").fetchall()[0][0]


def test_a_region_holds_its_own_rows(north):
    counts = {name: _rows(north, name) for name in north.read.given}
    assert counts == {
        "reps": 2, "customers": 6, "orders": 90, "opportunities": 90, "activities": 90,
        "targets": 2, "tasks": 1,
    }  # fmt: skip


def test_no_cell_and_no_setting_names_anybody_else(north):
    texts = [*_cells(north), north.settings.model_dump_json(), *map(str, north.warnings)]
    texts += [str(file) for file in north.read.files]
    found = {word for word in FOREIGN for text in texts if mentions(text, _index({word}))}
    assert not found
    targets = north.read.connection.execute("SELECT target FROM book.targets").fetchall()
    assert sorted(targets) == [(600.0,), (1000.0,)]


def test_notes_keep_what_is_ones_own(north):
    rows = north.read.connection.execute(
        "SELECT summary FROM book.activities ORDER BY activity_id"
    ).fetchall()
    assert rows[0][0] == "as with [elsewhere] of the [elsewhere] and [elsewhere]"
    tasks = north.read.connection.execute("SELECT item, owner FROM book.tasks").fetchall()
    assert tasks == [("stand in the [elsewhere]", "Nora Nord")]


def test_pay_is_left_out_unless_it_is_shown(whole, north):
    assert "base_pay" not in north.read.given["reps"] and not north.settings.commission_plans
    finance = seen_by(whole, "finance")
    assert "base_pay" in finance.read.given["reps"] and finance.settings.commission_plans
    assert "summary" not in finance.read.given["activities"]  # no notes of contacts
    paid = {**SETTINGS, "audiences": {"n": {"kind": "manager", "see": {"region": ["North"]},
                                            "pay": True}}}  # fmt: skip
    book = Book(parse_settings(paid), whole.read, whole.as_of)
    (plan,) = seen_by(book, "n").settings.commission_plans
    assert dict(plan.quotas) == {"N1": 1000}  # nobody else's quota


def test_numbers_are_those_of_a_book_of_these_rows(north):
    settings = {
        "book": {**SETTINGS["book"], "covers": {"orders": ["2022-01-01"]}},
        "goals": {"adjustments": [{"date": "2023-04-03", "period": "2023", "metric": "sales",
                                   "target": 700, "reason": "a slow first quarter",
                                   "region": "North"}]},
    }  # fmt: skip
    alone = Book.from_frames(month="2023-09", settings=settings, **of_north())
    assert sales.monthly(north, ["rep"]).equals(sales.monthly(alone, ["rep"]))
    for ask in (goals.tracking, funnel.win_rate, funnel.conversion):
        mine, theirs = ask(north), ask(alone)
        assert mine.status == theirs.status == "ok", ask
        assert [k.as_dict("") for k in mine.kpis()] == [k.as_dict("") for k in theirs.kpis()]


def test_a_moved_company_target_is_told_as_what_it_made_of_the_part(whole, north):
    first, last = north.fiscal_year
    of_whole = plan_of(whole).get("sales", (("region", "North"),), first, last)
    of_part = plan_of(north).get("sales", (), first, last)
    assert of_whole.target == of_part.target < of_part.original == 1000
    (change,) = north.settings.goals.adjustments
    assert change.region == "North" and change.reason == "a slow first quarter"


def test_days_covered_are_the_whole_books(whole):
    """A rep without an order since May sold nothing since, and the data still reach to today."""
    frames = of_north()
    orders = frames["orders"]
    frames["orders"] = orders[(orders.rep_id == "N2") | (orders.date < orders.date.iloc[30])]
    book = Book.from_frames(month="2023-09", settings=SETTINGS, **frames)
    mine = seen_by(book, "reps-N1")
    assert mine.read.spans["orders"][1].year == 2022
    assert not mine.warnings and goals.tracking(mine).status == "ok"


def test_a_rep_sees_the_own_rows(whole):
    mine = seen_by(whole, "reps-N2")
    people = mine.read.connection.execute("SELECT rep_id FROM book.reps").fetchall()
    assert people == [("N2",)] and mine.title == "Pair Ltd · Nils Nord"
    owners = mine.read.connection.execute("SELECT DISTINCT rep_id FROM book.customers").fetchall()
    assert owners == [(None,)]  # colleagues own them
    assert not any(mentions(t, _index({"Nora", "N1"})) for t in _cells(mine))


def test_a_line_is_told_by_its_orders(whole):
    tea = seen_by(whole, "line")
    assert set(tea.read.given) >= {"orders", "customers"} and "opportunities" not in tea.read.given
    lines = tea.read.connection.execute("SELECT DISTINCT product_line FROM book.orders").fetchall()
    assert lines == [("Tea",)] and "Cups" not in _cells(tea)


def test_a_client_reads_no_names(whole):
    client = seen_by(whole, "client")
    texts = _cells(client)
    assert not [t for t in texts if "Nord" in t or "Süd" in t or t.startswith(("Firm", "C0", "D0"))]
    assert {"Customer 01", "Person 01"} <= set(texts) and "tasks" not in client.read.given
    assert sales.monthly(client)["amount"].equals(sales.monthly(whole)["amount"])


def test_fingerprints_tell_books_apart(whole, north):
    south = seen_by(whole, "managers-South")
    assert len({whole.fingerprint, north.fingerprint, south.fingerprint}) == 3
    assert north.fingerprint == seen_by(company(), "managers-North").fingerprint


def test_each_makes_one_pack_a_member_and_all_every_one(whole):
    names = [s.name for s in scopes_of(whole.read, whole.settings, ["managers", "client"])]
    assert names == ["managers-North", "managers-South", "client"]
    assert len(scopes_of(whole.read, whole.settings, ["all"])) == 2 + 4 + 3


@pytest.mark.parametrize("name", ["manager", "managers-Nroth", "managers-"])
def test_an_unknown_audience_is_refused_with_a_suggestion(whole, name):
    with pytest.raises(ParameterProblem, match="did you mean 'managers'"):
        seen_by(whole, name)


def test_a_member_nobody_is_called_is_refused(whole):
    wrong = {**SETTINGS, "audiences": {"x": {"kind": "manager", "see": {"region": ["Nroth"]}}}}
    book = replace(whole, settings=parse_settings(wrong))
    with pytest.raises(ParameterProblem, match=r"sees region 'Nroth'[\s\S]*did you mean 'North'"):
        seen_by(book, "x")


def test_mistakes_in_the_settings_are_told_all_at_once():
    raw = {
        "a": {"kind": "manager"},
        "b": {"kind": "client", "pay": True},
        "c": {"kind": "rep", "each": "region"},
    }
    with pytest.raises(SettingsProblem) as told:
        parse_settings({"audiences": raw})
    text = str(told.value)
    assert "a manager sees a part" in text and "pay is never in a client's" in text
    assert "a rep sees the own rows" in text
    with pytest.raises(SettingsProblem, match="goes by 'regoin', which is none of region"):
        parse_settings({"audiences": {"a": {"kind": "manager", "each": "regoin"}}})
    with pytest.raises(SettingsProblem, match="cannot be called 'all'"):
        parse_settings({"audiences": {"all": {"kind": "director"}}})


WORD = st.text("abNS 你好", min_size=2, max_size=5).map(str.strip).filter(lambda w: len(w) > 1)


@given(st.lists(WORD, max_size=6), st.sets(WORD, min_size=1, max_size=4))
def test_a_text_without_others_names_them_nowhere(parts, others):
    index = _index(others)
    assert not mentions(without(" ".join(parts), index, {}), index)
