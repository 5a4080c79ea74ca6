"""What `playbook init` takes, asks and leaves alone."""

from __future__ import annotations

import tomllib

import pandas as pd
import pytest

from playbook.base.errors import ParameterProblem
from playbook.intake.files import date_form, files_of
from playbook.intake.headers import likeness, normal
from playbook.intake.profile import Profile, fits
from playbook.intake.proposal import propose

DEALS = pd.DataFrame(
    {
        "Deal ID": [f"D{i}" for i in range(8)],
        "Create Date": [f"2023-01-0{i + 1}" for i in range(8)],
        "Deal Stage": ["Closed Won", "Closed Lost", "Proposal", "Qualified"] * 2,
        "Close Date": [f"2023-02-0{i + 1}" for i in range(8)],
        "Amount": ["$1,200.50"] * 8,
        "Company": ["A", "B"] * 4,
        "Deal Owner": ["Ann"] * 8,
    }
)


def proposed(folder, **frames) -> str:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return propose([folder], folder).text


def test_the_proposal_says_what_was_read_from_what(tmp_path):
    text = proposed(tmp_path, deals=DEALS)
    read = tomllib.loads(text)
    assert read["book"]["stages"] == ["Qualified", "Proposal", "Closed Won"]
    assert read["book"]["currency"] == "USD"
    sql = read["tables"]["opportunities"]["sql"]
    assert '"Deal ID" AS opportunity_id' in sql
    assert "WHEN \"Deal Stage\" IN ('Closed Won') THEN 'won'" in sql
    assert "CASE WHEN _outcome <> 'open' THEN \"Close Date\" END AS closed" in sql
    assert "CASE WHEN _outcome = 'open' THEN \"Close Date\" END AS expected_close" in sql


def test_a_reference_that_names_nobody_is_a_question_not_a_column(tmp_path):
    reps = pd.DataFrame({"rep_id": [f"R{i}" for i in range(8)], "manager": ["Zoe"] * 8})
    text = proposed(tmp_path, deals=DEALS.assign(**{"Deal Owner": "R1"}), reps=reps)
    assert "manager_id" not in tomllib.loads(text)["tables"]["reps"]["columns"]
    assert '# manager_id = "manager"?' in text


def test_the_id_beside_the_name_is_taken_when_it_is_what_the_other_table_knows(tmp_path):
    customers = pd.DataFrame({"Account ID": [f"C{i}" for i in range(8)], "Industry": ["IT"] * 8})
    deals = DEALS.drop(columns="Company").assign(
        Account=[f"Name {i}" for i in range(8)], **{"Account ID": [f"C{i}" for i in range(8)]}
    )
    text = proposed(tmp_path, deals=deals, customers=customers)
    assert '"Account ID" AS customer_id' in tomllib.loads(text)["tables"]["opportunities"]["sql"]


def test_a_file_that_is_no_table_is_named_and_left_alone(tmp_path):
    text = proposed(tmp_path, deals=DEALS, notes=pd.DataFrame({"x": [1], "y": [2]}))
    assert "# notes.csv: which table is it? Its columns: x, y" in text
    assert list(tomllib.loads(text)["sources"]) == ["deals"]


def test_titles_above_the_header_are_skipped(tmp_path):
    body = DEALS.to_csv(index=False)
    (tmp_path / "deals.csv").write_text(f"Deals of the year\n\n{body}", encoding="utf-8")
    assert tomllib.loads(propose([tmp_path], tmp_path).text)["sources"]["deals"]["skip"] == 2


def test_nothing_that_looks_like_sales_is_refused_with_what_was_seen(tmp_path):
    pd.DataFrame({"colour": ["red"], "size": ["L"]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(ParameterProblem, match=r"none of 1 tables looks like orders or deals"):
        propose([tmp_path], tmp_path)
    with pytest.raises(ParameterProblem, match="no file to read"):
        propose([tmp_path / "empty"], tmp_path)


def test_hidden_files_and_other_kinds_are_not_read(tmp_path):
    for name in ("a.csv", ".b.csv", "~c.csv", "d.pdf"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in files_of([tmp_path])] == ["a.csv"]


@pytest.mark.parametrize(
    "header, is_",
    [
        ("Deal - Value", "value"),
        (" Amount (USD)* ", "amount"),
        ("金额（元）", "金额"),
        ("ID", "id"),
    ],
)
def test_headers_are_compared_without_what_systems_add(header, is_):
    assert normal(header) == is_


def test_a_word_with_several_meanings_counts_less_and_a_slip_of_a_letter_is_forgiven():
    assert likeness("Status", "opportunities", "outcome") == 0.6
    assert likeness("Created Dat", "opportunities", "created") > 0.75
    assert likeness("Colour", "opportunities", "created") == 0.0


@pytest.mark.parametrize(
    "values, form",
    [
        (["13/02/2023", "01/03/2023"], "%d/%m/%Y"),
        (["02/13/2023", "03/01/2023"], "%m/%d/%Y"),
        (["02/03/2023", "03/01/2023"], ""),  # may be either: it is asked, not guessed
        (["2023-02-13"], ""),
    ],
)
def test_the_form_of_days_is_taken_only_where_the_values_prove_it(values, form):
    assert date_form(Profile("d", pd.Series(values))) == form


@pytest.mark.parametrize(
    "kind, values, score",
    [
        ("day", ["2023-01-05", "2023/1/6"], 1.0),
        ("day", ["1000.00", "1010.50"], 0.0),  # an amount is no year and month
        ("money", ["¥1,200.50", "(30)"], 1.0),
        ("money", ["2023-01-05"], 0.0),
        ("flag", ["Yes", "no"], 1.0),
        ("text", ["2023-01-05"], 0.3),
    ],
)
def test_values_speak_for_or_against_a_kind(kind, values, score):
    assert fits(kind, Profile("x", pd.Series(values)), key=False) == score


def test_a_key_must_tell_rows_apart():
    assert fits("text", Profile("id", pd.Series(["a", "b"])), key=True) == 1.0
    assert fits("text", Profile("id", pd.Series(["a", "a"])), key=True) == 0.15
