"""Which pack an audience gets: its own, whole and unchanged, or none."""

from __future__ import annotations

import json

import pytest
from posting import pack

from playbook.deliver.packs import PackProblem, newest_month, pack_for
from playbook.report.record.folders import Variant


def names(found):
    return [path.name for path, _ in found.files]


def test_the_brief_and_the_director_get_editions_of_the_books_own_pack(tmp_path):
    pack(tmp_path)
    assert names(pack_for(tmp_path, "north", "2023-09", "brief")) == ["brief.pdf"]
    found = pack_for(tmp_path, "north", "2023-09", "director")
    assert names(found) == ["director.pdf", "brief.pdf"]
    assert (found.title, found.language, found.as_of) == ("华北公司", "zh", "2023-09-30")
    assert [(t.label, t.value) for t in found.tiles] == [
        ("Sales, month", "¥30.7m"),
        ("Orders", "136"),
    ]


def test_an_audience_gets_its_own_pack_and_never_a_wider_one(tmp_path):
    pack(tmp_path)
    with pytest.raises(PackProblem, match="no pack of north 2023-09 for audience 'east'"):
        pack_for(tmp_path, "north", "2023-09", "east")
    pack(tmp_path, "north.for-east", audience="east", headline="East only")
    found = pack_for(tmp_path, "north", "2023-09", "east")
    assert found.headline == "East only"
    assert {path.parent.name for path, _ in found.files} == {"north.for-east"}
    assert pack_for(tmp_path, "north", "2023-09", "brief").headline.startswith("Sales")


@pytest.mark.parametrize("said", ["", "west"])
def test_a_folder_called_for_an_audience_that_was_made_for_another_is_refused(tmp_path, said):
    pack(tmp_path, "north.for-east", audience=said)
    with pytest.raises(PackProblem, match="no pack of north"):
        pack_for(tmp_path, "north", "2023-09", "east")


def test_the_books_own_folder_with_an_audiences_pack_in_it_is_refused(tmp_path):
    pack(tmp_path, audience="east")
    with pytest.raises(PackProblem, match="no pack of north 2023-09 in"):
        pack_for(tmp_path, "north", "2023-09", "director")


@pytest.mark.parametrize("month", ["2023-08", "2023-10"])
def test_another_month_is_no_answer(tmp_path, month):
    pack(tmp_path)
    with pytest.raises(PackProblem, match=f"no pack of north {month}"):
        pack_for(tmp_path, "north", month, "brief")


def test_a_pack_with_failures_is_sent_only_when_asked_for(tmp_path):
    pack(tmp_path, status="failed")
    with pytest.raises(PackProblem, match="notebooks of north 2023-09 failed"):
        pack_for(tmp_path, "north", "2023-09", "brief")
    found = pack_for(tmp_path, "north", "2023-09", "brief", failed_too=True)
    assert names(found) == ["brief.pdf"] and found.failed


def test_an_edition_that_somebody_changed_or_removed_is_not_sent(tmp_path):
    place = pack(tmp_path)
    (place / "brief.pdf").write_bytes(b"another")
    with pytest.raises(PackProblem, match=r"brief\.pdf is not as the run wrote it"):
        pack_for(tmp_path, "north", "2023-09", "brief")
    (place / "brief.pdf").unlink()
    with pytest.raises(PackProblem, match=r"brief\.pdf is not as the run wrote it"):
        pack_for(tmp_path, "north", "2023-09", "director")


def test_an_edition_that_was_not_printed_is_a_problem_and_no_other_takes_its_place(tmp_path):
    pack(tmp_path, files=("details.pdf", "director.pdf"))
    with pytest.raises(PackProblem, match=r"the pack has no brief\.pdf"):
        pack_for(tmp_path, "north", "2023-09", "brief")
    assert names(pack_for(tmp_path, "north", "2023-09", "director")) == ["director.pdf"]


def test_a_variant_is_meant_only_when_it_is_named(tmp_path):
    pack(tmp_path, "north.with-top-20", headline="what if")
    with pytest.raises(PackProblem, match="no pack"):
        pack_for(tmp_path, "north", "2023-09", "brief")
    variant = Variant(given=(("top", "20"),))
    assert pack_for(tmp_path, "north", "2023-09", "brief", variant=variant).headline == "what if"


def test_the_newest_month_is_the_books_own(tmp_path):
    pack(tmp_path)
    pack(tmp_path, "north-east", book="north-east", month="2023-10")
    pack(tmp_path, month="2023-08")
    assert newest_month(tmp_path, "north") == "2023-09"
    assert newest_month(tmp_path, "north-east") == "2023-10"
    assert newest_month(tmp_path, "nor") == "" and newest_month(tmp_path / "none", "north") == ""


def test_a_damaged_manifest_is_no_pack(tmp_path):
    place = pack(tmp_path)
    for text in ("", "[]", "{", json.dumps({"book": "north"})):
        (place / "manifest.json").write_text(text)
        with pytest.raises(PackProblem):
            pack_for(tmp_path, "north", "2023-09", "brief")
