"""Two packs compared by what they printed: every number that moved, by more than noise, and what
was different in what they were made from. Nothing is computed again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.language import say

from .archive import MANIFEST
from .results import key

Json = dict[str, Any]
Way = Literal["moved", "chance", "new", "gone"]
# Sums are cut to 13 digits, so that a rest below this is the arithmetic's and not the data's.
NOISE = 1e-9
SHARES = ("share", "pp")
LONGEST = 60  # characters of a setting


@dataclass(frozen=True)
class Moved:
    """One number of two packs. way: ``moved`` beyond noise; ``chance``: two months whose 95 %
    intervals meet; ``new`` or ``gone`` where only one pack has it.
    """

    name: str
    window: str
    by: str
    unit: str
    before: float | None
    after: float | None
    way: Way
    n_before: int | None = None
    n_after: int | None = None

    @property
    def change(self) -> float | None:
        """After less before, in the number's unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def size(self) -> float:
        """How far it moved, as a share of where it was; for shares in points. Sorts a table."""
        if self.before is None or self.after is None:
            return math.inf
        if self.unit in SHARES:
            return abs(self.after - self.before)
        return abs(self.after - self.before) / (abs(self.before) or 1.0)


@dataclass(frozen=True)
class Cause:
    """One thing that differs in what two packs were made from. kind: month, audience, data,
    settings, parameters, code, versions.
    """

    kind: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """What moved between two packs, and why it may have."""

    before: str
    after: str
    moved: tuple[Moved, ...]
    causes: tuple[Cause, ...]
    compared: int
    currency: str = ""
    language: str = "en"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of causes, each once."""
        return tuple(dict.fromkeys(cause.kind for cause in self.causes))

    def as_dict(self) -> Json:
        """Plain JSON form."""
        return {
            "before": self.before,
            "after": self.after,
            "compared": self.compared,
            "moved": [{**asdict(one), "change": one.change} for one in self.moved],
            "causes": [asdict(cause) for cause in self.causes],
        }


def differences(before: Path, after: Path) -> Differences:
    """Compare two packs by their folders. Raises ParameterProblem where one is no pack."""
    (then, made_then), (now, made_now) = _pack(before), _pack(after)
    same_month = then["month"] == now["month"] and then["as_of"] == now["as_of"]
    old = {key(kpi): kpi for kpi in then["kpis"]}
    new = {key(kpi): kpi for kpi in now["kpis"]}
    moved = [
        one
        for place in [*old, *(place for place in new if place not in old)]
        if (one := _moved(place, old.get(place), new.get(place), same_month)) is not None
    ]
    return Differences(
        f"{before}",
        f"{after}",
        tuple(sorted(moved, key=lambda m: (m.way != "moved", -m.size, m.name, m.window, m.by))),
        tuple(causes(made_then, made_now)),
        len(old.keys() & new.keys()),
        str(now.get("currency", "")),
        str(made_now.get("settings", {}).get("book", {}).get("language", "en")),
    )


def _pack(folder: Path) -> tuple[Json, Json]:
    found = []
    for name, wanted in (("results.json", ("month", "as_of", "kpis")), (MANIFEST, ("data",))):
        try:
            content = json.loads((folder / name).read_text(encoding="utf-8"))
            if not isinstance(content, dict) or not all(field in content for field in wanted):
                raise ValueError(say("it is not one of a pack"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise ParameterProblem(
                Problem(
                    found=say("{folder} cannot be read: {why}", folder=folder / name, why=why),
                    expected=say("the folder of a pack, with its results.json and manifest.json"),
                    try_=say(
                        "a folder such as reports/2023-06/north, or two months and --book NAME"
                    ),
                )
            ) from None
        found.append(content)
    return found[0], found[1]


def _moved(
    place: tuple[str, str, str], old: Json | None, new: Json | None, same_month: bool
) -> Moved | None:
    """The number if it is not the same in both; None otherwise."""
    one: Json = new or old or {}
    a, b = (None if kpi is None else kpi["value"] for kpi in (old, new))
    if a == b:  # not available in both, or not there and not available, is no move either
        return None
    way: Way = "moved"
    if old is None or (a is None and new is not None):
        way = "new"
    elif new is None or a is None or b is None:
        way = "gone"
    elif _within_noise(a, b):
        return None
    elif not same_month and _meet(old, new):
        way = "chance"
    name, window, by = place
    return Moved(
        name,
        window,
        "" if by == "null" else ", ".join(f"{k} {v}" for k, v in json.loads(by).items()),
        str(one["unit"]),
        a,
        b,
        way,
        None if old is None else old.get("n"),
        None if new is None else new.get("n"),
    )


def _within_noise(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=NOISE, abs_tol=NOISE)


def _meet(old: Json, new: Json) -> bool:
    """Whether the 95 % intervals of a number in two months meet, so that chance explains the
    move; False for numbers without one, which are counted and not estimated.
    """
    ends = [kpi.get(end) for kpi in (old, new) for end in ("low", "high")]
    if any(end is None for end in ends):
        return False
    return bool(old["low"] <= new["high"] and new["low"] <= old["high"])


def causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Cause]:
    """What differs between two manifests, of what a pack is made from."""
    found = []
    for kind in ("month", "audience"):
        then, now = (str(made.get(kind) or "") for made in (before, after))
        if then != now:
            found.append(Cause(kind, kind, then or say("everybody"), now or say("everybody")))
    found += _data(before.get("data", ()), after.get("data", ()))
    for kind, what in (("settings", "settings"), ("parameters", "parameters")):
        found += _flat_moves(kind, before.get(what, {}), after.get(what, {}))
    for kind in ("code", "versions"):
        found += _flat_moves(kind, before.get(kind, {}), after.get(kind, {}))
    return found


def _data(before: Any, after: Any) -> list[Cause]:
    old, new = (
        dict(_told_apart(((f["source"], f["file"], f.get("sheet", "")), f) for f in files))
        for files in (before, after)
    )
    return [
        Cause("data", place[0][1], _file(old.get(place)), _file(new.get(place)))
        for place in [*old, *(place for place in new if place not in old)]
        if old.get(place, {}).get("sha256") != new.get(place, {}).get("sha256")
    ]


def _told_apart(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[tuple[Any, int], Any]]:
    """Pairs whose names are told apart where several have one: files of one name in folders."""
    seen: dict[Any, int] = {}
    for name, value in pairs:
        seen[name] = seen.get(name, 0) + 1
        yield (name, seen[name]), value


def _file(found: Json | None) -> str:
    if found is None:
        return say("not there")
    rows, sha256 = found.get("rows", 0), found["sha256"][:12]
    if found.get("last"):
        return say(
            "{rows:,} rows to {last}, {sha256}", rows=rows, last=found["last"], sha256=sha256
        )
    return say("{rows:,} rows, {sha256}", rows=rows, sha256=sha256)


def _flat_moves(kind: str, before: Json, after: Json) -> list[Cause]:
    """Values that differ, by their dotted place. Where a book lies and its month are told
    elsewhere or do not matter.
    """
    old, new = (dict(_leaves(values)) for values in (before, after))
    skipped = ("book", "month") if kind == "parameters" else ()
    return [
        Cause(kind, place, *_words(old.get(place), new.get(place)))
        for place in [*old, *(place for place in new if place not in old)]
        if old.get(place) != new.get(place) and place.rpartition(".")[2] not in skipped
    ]


def _leaves(values: Any, place: str = "") -> Any:
    if isinstance(values, Mapping):
        for name, inner in values.items():
            yield from _leaves(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(values, list) and values and all(isinstance(v, Mapping) for v in values):
        names = [inner.get("name", number) for number, inner in enumerate(values)]
        for number, inner in enumerate(values):
            name = names[number] if names.count(names[number]) == 1 else number
            yield from _leaves(inner, f"{place}[{name}]")
    else:
        yield place, values


def _words(before: Any, after: Any) -> tuple[str, str]:
    """Two values that differ, of long ones the part that does."""
    texts = [say("not there") if value is None else str(value) for value in (before, after)]
    if all(len(text) <= LONGEST for text in texts):
        return texts[0], texts[1]
    pairs = enumerate(zip(*texts, strict=False))
    same = next((i for i, (one, other) in pairs if one != other), min(map(len, texts)))
    start = max(0, same - LONGEST // 3) if same > LONGEST - 10 else 0
    cut = [("…" if start else "") + text[start:] for text in texts]
    short = [text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…" for text in cut]
    return short[0], short[1]
