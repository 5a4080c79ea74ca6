"""Working copies of the notebooks: made, renewed while nobody touched them, never overwritten."""

from __future__ import annotations

import making
import pytest

from playbook.base import places
from playbook.base.errors import ParameterProblem
from playbook.report.copies import RECORD, copy_notebooks


@pytest.fixture
def originals(tmp_path):
    making.good(tmp_path / "originals")
    making.good(tmp_path / "originals", "02-segmentation")
    return tmp_path / "originals"


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != RECORD)


def change(path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_copies_are_made_once_and_deleted_ones_come_back(originals, tmp_path):
    target = tmp_path / "deep" / "mine"
    assert copy_notebooks(target, originals) == []
    assert names(target) == ["01-goal-setting.ipynb", "02-segmentation.ipynb"]
    (target / "02-segmentation.ipynb").unlink()
    assert copy_notebooks(target, originals) == []
    for path in originals.iterdir():
        assert (target / path.name).read_bytes() == path.read_bytes()


def test_an_edited_copy_stays_and_the_new_original_is_laid_beside_it_once(originals, tmp_path):
    target = tmp_path / "mine"
    copy_notebooks(target, originals)
    edited = target / "01-goal-setting.ipynb"
    change(edited, "The month is", "Our month is")
    mine = edited.read_bytes()
    assert copy_notebooks(target, originals) == [] and len(names(target)) == 2
    change(originals / edited.name, "A small chapter", "A changed chapter")
    (line,) = copy_notebooks(target, originals)
    (beside,) = set(names(target)) - {"01-goal-setting.ipynb", "02-segmentation.ipynb"}
    assert beside in line and str(edited) in line and beside.startswith("01-goal-setting.new-")
    assert (target / beside).read_bytes() == (originals / edited.name).read_bytes()
    assert copy_notebooks(target, originals) == [] and edited.read_bytes() == mine


def test_a_copy_nobody_touched_is_renewed(originals, tmp_path):
    target = tmp_path / "mine"
    copy_notebooks(target, originals)
    change(originals / "01-goal-setting.ipynb", "A small chapter", "A changed chapter")
    assert copy_notebooks(target, originals) == [] and len(names(target)) == 2
    assert "A changed chapter" in (target / "01-goal-setting.ipynb").read_text(encoding="utf-8")


def test_a_notebook_of_that_name_from_elsewhere_is_kept(originals, tmp_path):
    target = tmp_path / "mine"
    making.notebook(target, making.code("1"), title="Mine")
    before = (target / "01-goal-setting.ipynb").read_bytes()
    assert len(copy_notebooks(target, originals)) == 1
    assert (target / "01-goal-setting.ipynb").read_bytes() == before


def test_outputs_alone_are_no_reason_to_lay_another_beside(originals, tmp_path):
    target = tmp_path / "mine"
    target.mkdir()
    text = (originals / "01-goal-setting.ipynb").read_text(encoding="utf-8")
    (target / "01-goal-setting.ipynb").write_text(
        text.replace('"execution_count": null', '"execution_count": 7'), encoding="utf-8"
    )
    assert copy_notebooks(target, originals) == [] and len(names(target)) == 2


def test_the_originals_themselves_are_opened_in_place_in_a_checkout(originals):
    before = names(originals)
    assert copy_notebooks(originals, originals) == [] and names(originals) == before
    assert not (originals / RECORD).exists()


def test_nothing_is_written_into_the_installed_package(originals, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "site-packages" / "playbook")
    for target in (places.PACKAGE, places.PACKAGE / "share" / "notebooks"):
        with pytest.raises(ParameterProblem, match="installed package"):
            copy_notebooks(target, originals)
    assert not places.PACKAGE.exists()


def test_a_folder_that_cannot_be_made_is_refused(originals, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ParameterProblem, match="cannot put notebooks into"):
        copy_notebooks(tmp_path / "file" / "mine", originals)
