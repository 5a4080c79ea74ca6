"""Outcomes of the simulated company: without measures it stays in its crisis, and what is computed
from arrays is what the chapter's functions find in the written tables.
"""

import pytest

from playbook import case
from playbook.case.measures.codes import LEVERS, placed, switched
from playbook.data.book import Book
from playbook.simulator.company import simulate
from playbook.simulator.outcomes import outcomes
from playbook.simulator.parameters import Company
from playbook.simulator.sample_settings import toml
from playbook.simulator.writing import to_csv


@pytest.fixture(scope="module")
def none() -> dict[str, float]:
    return outcomes(switched(Company(), ()))


def test_without_measures_the_company_stays_in_its_crisis(none):
    every = outcomes(switched(Company(), LEVERS))
    assert (
        none["growth"] < 0.05
        and none["renewal"] < 0.75
        and none["match"] < 0.5
        and none["cycle"] > 48
        and none["leads"] == 0
    )
    assert (
        every["growth"] == pytest.approx(0.42, abs=0.01)
        and every["match"] == pytest.approx(0.72, abs=0.005)
        and every["cycle"] == 36
    )


def recomputed(book: Book) -> dict[str, float]:
    """The outcomes by the chapter's own functions."""
    course = case.indicators(book).course
    value = lambda key, quarter="2023-Q3": course.value(key, quarter)["value"]  # noqa: E731
    ratio = lambda key, before: value(key) / value(key, before) - 1  # noqa: E731
    return {
        "growth": value("growth"),
        "sales_year": sum(value("sales", f"2023-Q{q}") for q in (1, 2, 3)),
        "returning": value("returning"),
        "per_head": ratio("per_head", "2022-Q3"),
        "leads": ratio("leads", "2023-Q1"),
        **{
            key: value(key)
            for key in ("match", "objection", "won", "cycle", "renewal", "churn", "first_deal")
        },
    }


def test_arrays_equal_the_stage_functions_on_the_sample(book):
    assert outcomes(Company()) == pytest.approx(recomputed(book), abs=1e-9)


def test_arrays_equal_the_stage_functions_on_written_tables(tmp_path):
    """Another seed with measures off, early and late, written as a book and read back."""
    c = placed(Company(seed=3), "01el0")
    for name, frame in simulate(c).tables.items():
        (tmp_path / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")
    (tmp_path / "playbook.toml").write_text(toml(), encoding="utf-8")
    book = Book.open(tmp_path)
    assert outcomes(c) == pytest.approx(recomputed(book), abs=1e-9)
    checked = case.claims(book, case.indicators(book)).table.set_index(
        "id"
    )  # nothing is typed in: another simulation is not the story
    assert (
        {"differs", "match"} <= set(checked.verdict)
        and checked.verdict["growth.after"] == "differs"
        and checked.reason["growth.after"]
    )
