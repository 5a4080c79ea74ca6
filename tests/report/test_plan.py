"""Requests are checked before anything runs, all problems at once, with a suggestion for what was
mistyped.
"""

from __future__ import annotations

from datetime import date

import making
import pytest

from playbook.base.errors import ParameterProblem
from playbook.base.params import NOTEBOOKS
from playbook.report.run import plan


@pytest.fixture
def folder(tmp_path):
    for name in NOTEBOOKS:
        making.good(tmp_path / "nb", name if name in making.PARAMETERS else "01-goal-setting")
        if name not in making.PARAMETERS:
            (tmp_path / "nb" / f"{name}.ipynb").write_text(
                (tmp_path / "nb" / "01-goal-setting.ipynb").read_text()
            )
    return tmp_path / "nb"


def request(folder, **options):
    return plan.Request(
        "somewhere", **{"out": str(folder.parent / "out"), "folder": folder, **options}
    )


@pytest.mark.parametrize(
    "only, names",
    [
        ((), list(NOTEBOOKS)),
        (("goal-setting",), ["01-goal-setting"]),
        (("03-funnel-diagnosis", "01-goal-setting"), ["01-goal-setting", "03-funnel-diagnosis"]),
        (("segmentation.ipynb",), ["02-segmentation"]),
    ],
)
def test_notebooks_by_long_or_short_name_in_book_order(only, names):
    assert plan.choose(only) == names


def refused(request_) -> str:
    with pytest.raises(ParameterProblem) as error:
        plan.check(request_)
    return str(error.value)


def test_a_mistyped_notebook_is_named_with_the_nearest(folder):
    assert "did you mean 'goal-setting'?" in refused(request(folder, only=("goal-seting",)))


def test_all_problems_come_at_once(folder):
    told = refused(
        request(folder, given={"topp": "3", "win_rate": "7", "month": "2023-01"}, month="2023-13")
    )
    assert "unknown parameter 'topp'" in told and "did you mean 'top'?" in told
    assert "win_rate" in told and "less than or equal to 1" in told
    assert "--month YYYY-MM" in told and "'2023-13' is no month" in told


def test_a_parameter_reaches_the_notebooks_that_have_it(folder):
    checked = plan.check(request(folder, given={"top": "20"}))
    assert checked["02-segmentation"] == {"top": 20} and checked["01-goal-setting"] == {}


def test_a_parameter_of_a_notebook_left_out_is_unknown(folder):
    assert "unknown parameter 'top'" in refused(
        request(folder, only=("goal-setting",), given={"top": "20"})
    )


def test_out_that_is_a_file_is_refused_and_nothing_is_made(folder, tmp_path):
    (tmp_path / "file").write_text("x")
    assert "cannot write to" in refused(request(folder, out=str(tmp_path / "file" / "deeper")))
    plan.check(request(folder, out=str(tmp_path / "new" / "deep")))
    assert not (tmp_path / "new").exists()


def test_a_missing_notebook_is_refused(folder):
    (folder / "02-segmentation.ipynb").unlink()
    assert "no notebook" in refused(request(folder))
    plan.check(request(folder, only=("goal-setting",)))


def test_the_plan_names_book_and_month_for_every_notebook(folder):
    source = plan.Source(
        "somewhere", "acme", "Acme", "2023-06", date(2023, 6, 30), "CNY", "en", "abc"
    )
    made = plan.make(
        request(folder, only=("goal-setting",)),
        {"01-goal-setting": {"win_rate": 0.2}},
        source,
        workers=4,
    )
    assert made.jobs[0].parameters == {"win_rate": 0.2, "book": "somewhere", "month": "2023-06"}
    assert (
        made.workers == 1
        and made.partial
        and made.target == folder.parent / "out" / "2023-06" / "acme.with-win_rate-0p2.only-01"
    )


def test_pairs_need_an_equals_sign():
    assert plan.split(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
    with pytest.raises(ParameterProblem, match="name=value"):
        plan.split(["a"])
