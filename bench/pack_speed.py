"""A pack by this checkout against another one, in turn: processor and wall seconds, and numbers.

    python bench/pack_speed.py OTHER [--times 3] [--book DIR] [--plain] [--lines] [--orders [N]]

OTHER is another checkout of the repository, such as ``git worktree add /tmp/before COMMIT``; its
``lib`` is run by this Python. Both make the pack of the same book (the sample's), one after the
other, so that what else the machine does weighs on both. Then ``results.json`` of the two are
compared: every number that differs is listed. ``--plain`` adds papermill, nbconvert and a
browser's print; ``--lines`` goal setting with 3,700 product lines and 62,900 targets; ``--orders``
a whole pack on ten million orders (minutes), with processor time and peak memory of
every process. Many books in one batch and a second run without
change: ``bench/batch.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import large_books
from pipeline import NOTEBOOKS, PR_SET_CHILD_SUBREAPER, REPO, SAMPLE, plain, timed
from processes import Watching


def pack(checkout: Path, book: Path, out: Path, *options: str) -> Path:
    """Make a pack with the library of a checkout; its folder."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "lib")}
    command = [sys.executable, "-m", "playbook", "report", "--book", str(book), "--out", str(out)]
    done = subprocess.run(
        [*command, *options], cwd=checkout, env=environment, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return next(out.glob("*/*/results.json")).parent


def numbers(folder: Path) -> dict[str, Any]:
    """Every number of a pack by name, window and members."""
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    keys = ("stage", "name", "window", "by")
    return {
        json.dumps([kpi.get(key) for key in keys], sort_keys=True): kpi for kpi in found["kpis"]
    }


def against(other: Path, book: Path, times: int, *options: str) -> dict[str, Any]:
    """Medians of both checkouts, run in turn, their ratios, and the numbers that differ."""
    runs: dict[Path, list[dict]] = {other: [], REPO: []}
    last: dict[Path, dict[str, Any]] = {}
    for _ in range(times):
        for checkout, done in runs.items():

            def work(out: Path, checkout: Path = checkout) -> None:
                last[checkout] = numbers(pack(checkout, book, out, *options))

            done.append(timed(work))
    found = {
        kind: [round(median(run[kind] for run in done), 1) for done in runs.values()]
        for kind in ("cpu", "wall")
    }
    before, now = last.values()
    return {
        "seconds of other and this": found,
        "ratio": {kind: round(both[1] / both[0], 2) for kind, both in found.items()},
        "numbers": len(now),
        "numbers that differ": sorted(
            key for key in before | now if before.get(key) != now.get(key)
        ),
    }


def alone(kind: str, count: int, *options: str) -> dict[str, Any]:
    """A large book by this checkout alone: seconds, and what each process took."""
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as home:
        book = Path(home) / kind
        large_books.main(kind, book, count)
        with Watching() as watching:
            found = timed(lambda out: pack(REPO, book, out, *options))
    seconds = {name: round(found[name], 1) for name in ("cpu", "wall")}
    return {**seconds, "processes": watching.table()}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path, nargs="?")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--book", type=Path, default=SAMPLE)
    parser.add_argument("--month", default="")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("--orders", type=int, nargs="?", const=10_000_000, default=0)
    given = parser.parse_args(arguments)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    month = ["--month", given.month] if given.month else []
    found: dict[str, Any] = {"load before": round(os.getloadavg()[0], 2)}
    if given.other:
        book = given.book.resolve()
        found["pack"] = against(given.other.resolve(), book, given.times, *month)
    if given.plain:
        made = timed(lambda out: plain(out, NOTEBOOKS))
        found["papermill, nbconvert, browser"] = {k: round(made[k], 1) for k in ("cpu", "wall")}
    if given.lines:
        found["goal setting, 3,700 product lines"] = alone("lines", 0, "--only", "goal-setting")
    if given.orders:
        found[f"{given.orders:,} orders"] = alone("orders", given.orders)
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
