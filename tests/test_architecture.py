"""ARCHITECTURE.md says what is there."""

from __future__ import annotations

import re

from rooms import allowed_arrows, standing
from shared import REPO

TEXT = (REPO / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_rooms_named_are_the_rooms_there_are():
    assert set(allowed_arrows(TEXT)) == standing()


def test_no_room_may_import_one_that_may_import_it():
    allowed = allowed_arrows(TEXT)

    def below(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, f"a circle: {' → '.join((*seen, room))}"
        for other in allowed[room]:
            below(other, (*seen, room))

    for room in allowed:
        below(room)


def test_places_and_files_named_exist():
    for name in re.findall(
        r"`((?:lib/playbook|notebooks|tests|data|bench|reports)/[\w./-]*)`", TEXT
    ):
        assert (REPO / name).exists() or (REPO / "lib" / "playbook" / name).exists(), name
    for name in re.findall(r"`((?:base|data|page|report|simulator|case)/[\w/]+\.py)`", TEXT):
        assert (REPO / "lib" / "playbook" / name).exists(), name


def test_every_place_inside_the_rooms_is_described():
    table = TEXT.split("## Inside the rooms", 1)[1].split("\n## ", 1)[0]
    told = set(re.findall(r"^\| `([\w/.]+)` \|", table, flags=re.M))
    library = REPO / "lib" / "playbook"
    assert all((library / place).exists() for place in told), told
    folders = {
        str(path.parent.relative_to(library))
        for path in library.glob("*/*/__init__.py")
        if path.parent.name != "figures"
    }
    assert folders <= told | {"segments/actions"}, folders - told
