"""How long a reader waits when a control of a notebook moves: the widgets' own callbacks on a book,
every interactive cell of every chapter.

``python -m bench.sliders [--book DIR] [--month YYYY-MM] [--only 01]`` prints median and 95 % of
each control, in time of the processor: what a move costs on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

MOVES = 12
SECONDS = 0.1  # asked of the median


def boxes(notebook: Path, book: str, month: str) -> list[tuple[str, Any]]:
    """What the interactive cells of a notebook display, with the cell's text."""
    found: list[tuple[str, Any]] = []
    namespace: dict[str, Any] = {}
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    with (
        mock.patch("playbook.page.show", lambda *_: None),
        mock.patch("IPython.display.display", lambda *shown, **_: seen.extend(shown)),
    ):
        for cell in cells:
            if cell["cell_type"] != "code":
                continue
            seen: list[Any] = []
            source = "".join(cell["source"])
            exec(compile(source, notebook.name, "exec"), namespace)
            if "parameters" in cell["metadata"].get("tags", ()):
                namespace.update({"book": book, "month": month})
            found += [(source.splitlines()[-1], one) for one in seen if hasattr(one, "children")]
    return found


def waits(control: Any, page: Any) -> list[float]:
    """Seconds of a few moves of one control, the first left out (fonts and imports)."""
    taken = []
    for value in values_of(control):
        started = time.process_time()
        control.value = value
        taken.append(time.process_time() - started)
    return taken[1:]


def values_of(control: Any) -> Iterator[Any]:
    """Values a reader would move a control to, each another than the one before."""
    last = control.value
    for i in range(MOVES + 1):
        if hasattr(control, "options"):
            names = [o[1] if isinstance(o, tuple) else o for o in control.options]
            value = names[(names.index(last) + 1) % len(names)]
        else:
            span = control.max - control.min
            steps = round(span * ((0.3 + 0.37 * i) % 1) / control.step)
            value = type(control.value)(control.min + steps * control.step)
        if value != last:
            yield value
            last = control.value


def main() -> None:
    os.environ.pop("PLAYBOOK_BATCH", None)
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--book", default="")
    parse.add_argument("--month", default="")
    parse.add_argument("--only", default="")
    asked = parse.parse_args()
    folder = Path(__file__).parent.parent / "notebooks"
    worst = 0.0
    for notebook in sorted(folder.glob(f"{asked.only or '0'}*.ipynb")):
        for name, box in boxes(notebook, asked.book, asked.month):
            *controls, page = box.children
            for control in controls:
                taken = sorted(waits(control, page))
                if not taken:
                    continue
                middle = statistics.median(taken)
                late = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
                worst = max(worst, middle)
                print(
                    f"{notebook.stem[:2]} {name}: {control.description}:"
                    f" {middle * 1000:.0f} ms, 95 % {late * 1000:.0f} ms",
                    flush=True,
                )
    print(f"slowest median {worst * 1000:.0f} ms (asked under {SECONDS * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
