"""Reports take their place complete; the index and the manifest of what lies there."""

from __future__ import annotations

import json
import os
import re

import pytest

from playbook.report.record import archive, index, manifest


def put(target, text):
    report(target, file=text)


def report(target, **texts):
    """A finished report of these files and its manifest."""
    with archive.building(target) as part:
        for name, text in texts.items():
            (part / name).write_text(text)
        outputs = {name: {"sha256": manifest.sha256(part / name)} for name in texts}
        (part / "manifest.json").write_text(json.dumps({"outputs": outputs}))


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_a_report_takes_the_place_of_the_old_one_whole(tmp_path):
    target = tmp_path / "2023-06" / "acme"
    report(target, pack="one", chapter="only in the first")
    report(target, pack="two")
    assert texts(target) == {"pack": "two"}
    assert [path.name for path in target.parent.iterdir()] == ["acme"]


def test_what_somebody_put_or_changed_in_a_report_stays(tmp_path):
    target = tmp_path / "acme"
    report(target, pack="one", lists="call Ann")
    (target / "notes").mkdir()
    (target / "notes" / "mine.txt").write_text("ask Bo")
    (target / "lists").write_text("call Ann: done")
    (target / "empty link").symlink_to("nowhere")
    edited = f"lists.edited-{manifest.sha256(target / 'lists')[:8]}"
    kept = {"notes/mine.txt": "ask Bo", edited: "call Ann: done"}
    for text in ("two", "three"):
        report(target, pack=text, lists="call Cy")
        assert texts(target) == {"pack": text, "lists": "call Cy", **kept}
        assert (target / "empty link").is_symlink()


def test_a_folder_without_a_manifest_is_somebody_s(tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "pack").write_text("mine")
    report(tmp_path / "acme", pack="ours")
    assert sorted(texts(tmp_path / "acme").values()) == ["mine", "ours"]


def test_an_error_leaves_the_old_report_and_no_folder(tmp_path):
    put(tmp_path / "acme", "one")
    with pytest.raises(KeyboardInterrupt), archive.building(tmp_path / "acme") as part:
        (part / "file").write_text("half")
        raise KeyboardInterrupt
    assert (tmp_path / "acme" / "file").read_text() == "one" and len(list(tmp_path.iterdir())) == 1


def test_without_the_system_call_the_swap_still_works_and_a_kill_in_between_is_repaired(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(archive, "_exchange", lambda *_: False)
    put(tmp_path / "acme", "one")
    put(tmp_path / "acme", "two")
    assert (tmp_path / "acme" / "file").read_text() == "two"
    os.rename(tmp_path / "acme", tmp_path / ".acme.old")
    put(tmp_path / "other", "x")
    assert (tmp_path / "acme" / "file").read_text() == "two"


def test_only_folders_of_runs_that_are_over_are_swept(tmp_path):
    (tmp_path / ".dead.part").mkdir()
    with archive.building(tmp_path / "a") as part:
        put(tmp_path / "b", "x")
        assert part.exists() and not (tmp_path / ".dead.part").exists()


def test_a_folder_that_another_run_sweeps_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    plain, seen = archive.lock, []

    def late(folder):
        seen.append(folder)
        if len(seen) == 1:  # swept, and the sweep is over
            folder.rmdir()
            folder.mkdir()
            handle = plain(folder)
            folder.rmdir()
            return handle
        return None if len(seen) == 2 else plain(folder)  # in the middle of a sweep

    monkeypatch.setattr(archive, "lock", late)
    with archive.private_room("room-", tmp_path) as room:
        assert room == seen[2] and list(tmp_path.iterdir()) == [room]
        assert plain(room) is None, "held"
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(archive, "lock", lambda _: None)
    with archive.private_room("room-", tmp_path) as room:
        assert list(tmp_path.iterdir()) == [room]


def test_the_index_names_an_unreadable_manifest(tmp_path):
    for month, text in (
        ("2023-05", "not json"),
        (
            "2023-06",
            json.dumps(
                {
                    "month": "2023-06",
                    "title": "<b>",
                    "partial": False,
                    "notebooks": [],
                    "fingerprint": "f",
                    "as_of": "2023-06-30",
                }
            ),
        ),
    ):
        (tmp_path / month / "acme").mkdir(parents=True)
        (tmp_path / month / "acme" / "manifest.json").write_text(text)
    page = index.write_index(tmp_path).read_text()
    assert (
        page.index("Jun 2023") < page.index("May 2023")
        and "cannot be read" in page
        and "&lt;b&gt;" in page
        and "<b>" not in page
    )
    assert "http" not in page.replace('content="width', "")


def pack(out, month, book, **short):
    folder = out / month / book
    (folder / "client").mkdir(parents=True)
    found = {
        "month": month,
        "book": book,
        "title": book.title(),
        "partial": False,
        "notebooks": [{"name": "01-goal-setting", "status": "ok"}],
        "fingerprint": "f" * 8,
        "as_of": f"{month}-28",
    }
    (folder / "manifest.json").write_text(json.dumps(found))
    (folder / "results.json").write_text(json.dumps({"short": short}))
    for name in ("brief.pdf", "01-goal-setting.html", "client/01-goal-setting.html"):
        (folder / name).write_text("x")


def test_the_archive_shows_headline_tiles_and_links_and_chooses_books_without_a_script(tmp_path):
    tile = {"label": "Sales", "value": "¥30.7m", "deltas": ["ΔPL +25.3 %"]}
    pack(tmp_path, "2023-08", "south", title="Sales <¥1>", tiles=[tile])
    pack(tmp_path, "2023-09", "north", title="", tiles=[])
    page = index.write_index(tmp_path).read_text()
    assert "Sales &lt;¥1&gt;" in page and "¥30.7m" in page and "ΔPL +25.3 %" in page
    for link in ("brief.pdf", "01-goal-setting.html", "client/01-goal-setting.html"):
        assert f'href="2023-09/north/{link}"' in page
    assert "director.pdf" not in page  # was not printed
    assert page.count('class="k1"') == 1 and page.count('class="k2"') == 1
    assert "body:has(#b2:checked) article:not(.k2){display:none}" in page
    assert "all 2 books" in page and "<script" not in page
    assert re.findall(r"id=\"b[12]\"> ([^<]+)<", page) == ["North", "South"]
    assert (
        "<span>ΔPL +25.3 %</span></small>" in page and "as of 28 Sep 2023 · data ffffffff" in page
    )
    one = tmp_path / "one"
    pack(one, "2023-09", "north", title="", tiles=[])
    assert "fieldset class" not in index.write_index(one).read_text()


def test_books_of_one_title_are_told_apart_by_their_names(tmp_path):
    for book in ("north", "south"):
        pack(tmp_path, "2023-09", book, title="", tiles=[])
        path = tmp_path / "2023-09" / book / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"title": "Acme"}))
    pack(tmp_path, "2023-09", "west", title="", tiles=[])
    page = index.write_index(tmp_path).read_text()
    assert re.findall(r'id="b\d"> ([^<]+)<', page) == ["Acme (north)", "Acme (south)", "West"]


def test_the_archive_brings_its_chinese_letters_and_cuts_them_once(tmp_path, monkeypatch):
    from playbook.report.print import webfont

    pack(tmp_path, "2023-09", "north", title="North ¥1", tiles=[])
    assert "@font-face" not in index.write_index(tmp_path).read_text()
    pack(tmp_path, "2023-09", "east", title="销售额<¥1万", tiles=[])
    page = index.write_index(tmp_path).read_text("utf-8")
    letters = "万售销额"
    assert f"<style>/*{letters}*/{webfont.face(letters)}" in page
    assert re.search('body{font:[^;]*"Playbook Han"', page)
    monkeypatch.setattr(webfont, "face", lambda text: pytest.fail(f"cut again: {text}"))
    pack(tmp_path, "2023-10", "east", title="销售额¥1万", tiles=[])
    assert "Oct 2023" in (again := index.write_index(tmp_path).read_text("utf-8"))
    assert webfont.FAMILY in again
    monkeypatch.undo()
    pack(tmp_path, "2023-11", "east", title="东区¥1万", tiles=[])
    assert webfont.face("万东区售销额") in index.write_index(tmp_path).read_text("utf-8")


def test_settings_at_their_default_are_not_printed():
    from playbook.base.settings import Settings

    changed = Settings.model_validate(
        {
            "book": {"title": "X", "stages": ["a", "b"]},
            "goals": {"probability": 0.7},
            "privacy": {"show_personal": True},
        }
    )
    assert manifest.changed_settings(changed.model_dump(mode="json", by_alias=True)) == [
        ["book.title", "X"],
        ["book.stages", "a, b"],
        ["privacy.show_personal", "yes"],
        ["goals.probability", "0.7"],
    ]
