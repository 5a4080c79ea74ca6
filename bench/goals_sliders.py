"""How long a reader of the goal chapter waits when a slider moves: the widgets' own callbacks on a
book, a curve and its tables redrawn.

``python -m bench.goals_sliders [book] [month]`` prints the median of each control of each
interactive cell.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from typing import Any

MOVES = 7
SECONDS = 0.8


def cells(folder: str, month: str) -> dict[str, Any]:
    """The interactive cells of the chapter: what each is called with."""
    from playbook import goals
    from playbook.base.params import SAMPLE
    from playbook.data.book import Book

    book = Book.open(folder or SAMPLE, month)
    return {
        "the year's figure": lambda: goals.try_target(goals.likelihood(book)),
        "the split": lambda: goals.try_split(goals.decomposition(book)),
        "back-solving": lambda: goals.try_backsolving(goals.backsolve(book)),
    }


def controls(make: Any) -> tuple[list[Any], Any]:
    """The controls and the page an interactive cell displays; none where the section is not
    available.
    """
    import IPython.display

    seen: list[Any] = []
    IPython.display.display, kept = seen.append, IPython.display.display
    try:
        make()
    finally:
        IPython.display.display = kept
    boxes = [thing for thing in seen if hasattr(thing, "children")]
    return (list(boxes[-1].children[:-1]), boxes[-1].children[-1]) if boxes else ([], None)


def waits(control: Any, page: Any) -> list[float]:
    """Seconds of processor (what a move costs on an idle machine) of a few moves of one control,
    first move left out (fonts and imports).
    """
    span, taken = control.max - control.min, []
    for i in range(MOVES + 1):
        before, started = page.value, time.process_time()
        control.value = type(control.value)(control.min + span * (0.3 + 0.05 * i))
        taken.append(time.process_time() - started)
        if page.value == before:
            raise RuntimeError(f"{control.description} moved nothing")
    return taken[1:]


def main() -> None:
    os.environ.pop("PLAYBOOK_BATCH", None)
    folder, month = (*sys.argv[1:3], "", "")[:2]
    worst = 0.0
    for name, make in cells(folder, month).items():
        made, page = controls(make)
        for control in made:
            middle = statistics.median(waits(control, page))
            worst = max(worst, middle)
            print(f"{name}: {control.description}: {middle * 1000:.0f} ms")
    print(f"slowest control {worst * 1000:.0f} ms (asked under {SECONDS * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
