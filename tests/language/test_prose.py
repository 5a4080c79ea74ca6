"""The notebooks exist once: their prose is said in the language of a run or of a working copy."""

from __future__ import annotations

import json

from playbook.base.language import speaking
from playbook.base.places import notebooks_folder
from playbook.report.copies import copy_notebooks
from playbook.report.prose import in_language


def notebook() -> dict:
    path = notebooks_folder() / "02-segmentation.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def cells(node: dict, kind: str) -> list[str]:
    return ["".join(c["source"]) for c in node["cells"] if c["cell_type"] == kind]


def test_prose_is_chinese_and_code_cells_are_the_same():
    english = notebook()
    with speaking("zh"):
        chinese = in_language(notebook())
    assert cells(chinese, "code") == cells(english, "code")
    assert cells(chinese, "markdown")[0].startswith("# 谁最值钱，谁在流失，周一做什么？\n\n")
    for said, meant in zip(cells(chinese, "markdown"), cells(english, "markdown"), strict=True):
        assert said != meant
        assert said.count("$$") == meant.count("$$")
        heads = [
            [line.split()[0] for line in t.split("\n") if line[:1] == "#"] for t in (said, meant)
        ]
        assert heads[0] == heads[1]


def test_english_prose_is_left_as_it_is():
    node = notebook()
    assert in_language(node) is node and node == notebook()


def test_working_copies_are_in_the_language_asked_for(tmp_path):
    with speaking("zh"):
        assert copy_notebooks(tmp_path) == []
        first = (tmp_path / "02-segmentation.ipynb").read_bytes()
        assert "谁最值钱" in first.decode() and copy_notebooks(tmp_path) == []
    assert (tmp_path / "02-segmentation.ipynb").read_bytes() == first
    copy_notebooks(tmp_path)  # nobody touched them: they follow the language
    assert "Who is worth what" in (tmp_path / "02-segmentation.ipynb").read_text(encoding="utf-8")
