"""What ``import playbook as pb`` offers, and the script of the README as written."""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys

import pandas as pd
import pytest

import playbook as pb
from playbook.page import Figure, Missing
from shared import REPO
from toy import ORDERS, rows


def test_the_script_runs_as_written(tmp_path, monkeypatch):
    shutil.copytree(REPO / "data/sample", tmp_path / "north")
    df = pd.read_csv(REPO / "data/sample/orders.csv")
    deals = pd.read_csv(REPO / "data/sample/opportunities.csv")
    monkeypatch.chdir(tmp_path)

    book = pb.open("north", month="2023-09")
    conversion = pb.funnel.conversion(book)
    assert conversion.table.equals(pb.funnel.conversion(pb.sample()).table)
    assert conversion.steps == [
        "lead→intent",
        "intent→negotiation",
        "negotiation→won",
        "won→repurchase",
    ]
    assert isinstance(conversion.figure(), Figure)

    book = pb.Book.from_frames(
        orders=df, opportunities=deals, month="2023-09", settings={"book": {"name": "north"}}
    )
    conversion = pb.funnel.conversion(book)
    assert list(conversion.table.columns[:2]) == ["step", "window"]
    assert conversion.steps == ["lead→won", "won→repurchase"]  # no stage_events were given
    assert isinstance(conversion.figure(), Figure)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, playbook as pb; dir(pb); pb.__version__;"
        "print(sorted({'pandas', 'duckdb', 'numpy', 'matplotlib', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_the_documented_ones():
    assert dir(pb) == sorted(pb.__all__)
    assert set(pb.CHAPTERS) < set(pb.__all__)
    for name in pb.__all__:
        assert getattr(pb, name) is not None
        assert name in pb.__doc__ or name == "__version__"
    assert pb.goals.__name__ == "playbook.goals"


def test_a_misspelt_name_has_a_suggestion():
    with pytest.raises(AttributeError, match="no attribute 'funel'; did you mean 'funnel'"):
        pb.funel  # noqa: B018
    assert not hasattr(pb, "load")


@pytest.mark.parametrize("chapter", pb.CHAPTERS)
def test_every_section_keeps_its_signature(chapter):
    module = getattr(pb, chapter)
    for name in module.__all__:
        function = getattr(module, name)
        if hasattr(function, "section"):
            assert next(iter(inspect.signature(function).parameters)) in ("book", "course", name)
            assert "Missing" not in str(inspect.signature(function).return_annotation)


def test_a_misspelt_keyword_is_a_type_error():
    book = pb.Book.from_frames(orders=rows(ORDERS))
    with pytest.raises(TypeError, match="unexpected keyword argument 'dimention'"):
        pb.funnel.conversion_by(book, dimention="rep")


def test_a_section_without_its_tables_is_missing_and_says_so():
    conversion = pb.funnel.conversion(pb.Book.from_frames(orders=rows(ORDERS)))
    assert isinstance(conversion, Missing) and conversion.status == "not available"
    assert conversion.reason.startswith("needs table opportunities")
