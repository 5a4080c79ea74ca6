"""Lists too long for a notebook: their beginning there, all of them in a Parquet file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from playbook.base.places import LISTS
from playbook.page import Result, Worksheet, long_lists

COLUMNS = (("who", "Who", "text"), ("due", "Due", "date"), ("worth", "Worth", "money"))
ROWS = tuple((f"C{n}", date(2023, 9, 30), Decimal(n) / 4) for n in range(5))


@dataclass(frozen=True)
class Calls(Result):
    """A result with one list."""

    section = "calls"

    def worksheets(self):
        return [Worksheet("Whom to call", COLUMNS, ROWS)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(long_lists, "MOST", 3)
    monkeypatch.setenv(LISTS, str(tmp_path / "02-segmentation"))
    return tmp_path / "02-segmentation"


def test_a_long_list_is_whole_beside_the_pack_and_begins_in_the_notebook(folder):
    *notes, record = Calls().blocks()
    (sheet,) = record.worksheets
    assert [row[0] for row in sheet["rows"]] == ["C0", "C1", "C2"]
    name = "02-segmentation.whom-to-call.parquet"
    assert sheet["whole"] == {"file": f"lists/{name}", "rows": 5}
    assert [note.text for note in notes] == [
        "The list 'Whom to call' has 5 rows: the first 3 are in actions.xlsx, all in"
        f" lists/{name} beside it."
    ]
    kept = pq.read_table(folder / name).to_pydict()
    assert kept["who"] == [row[0] for row in ROWS] and kept["worth"] == [row[2] for row in ROWS]
    assert kept["due"] == [date(2023, 9, 30)] * 5


def test_a_list_shown_twice_is_one_file_and_another_of_its_name_a_second(folder):
    Calls().record()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    Calls().record()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    other = long_lists.shortened("Whom to call", COLUMNS[:1], [(n,) for n in (1, "a", None, 2)])[1]
    assert other["file"] == "lists/02-segmentation.whom-to-call-2.parquet"
    mixed = pq.read_table(folder / "02-segmentation.whom-to-call-2.parquet").to_pydict()
    assert mixed == {"who": ["1", "a", None, "2"]}, "values of several kinds are text"


def test_a_list_that_fits_or_that_nobody_packs_is_left_whole(folder, monkeypatch):
    assert long_lists.shortened("Whom to call", COLUMNS, ROWS[:3]) == (ROWS[:3], {})
    monkeypatch.delenv(LISTS)
    (sheet,) = Calls().record().worksheets
    assert len(sheet["rows"]) == 5 and "whole" not in sheet and not folder.exists()
