"""Many different books in one command, against a command for each, and once more without a change.

    python bench/batch.py [BOOKS]

Books are companies like the sample, drawn from other seeds. Wall and processor time are those of
the commands and everything they start.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOOKS = 20


def books(folder: Path, count: int) -> list[Path]:
    """So many companies, each drawn from a seed of its own."""
    from playbook.simulator.company import simulate
    from playbook.simulator.parameters import Company
    from playbook.simulator.sample_settings import toml
    from playbook.simulator.writing import to_csv

    made = []
    for number in range(count):
        home = folder / f"book-{number + 1:02d}"
        home.mkdir(parents=True)
        company = simulate(dataclasses.replace(Company(), seed=1000 + number))
        for name, table in company.tables.items():
            (home / f"{name}.csv").write_bytes(to_csv(table).encode())
        text = toml().replace('name = "sample"', f'name = "{home.name}"')
        (home / "playbook.toml").write_text(text, encoding="utf-8")
        made.append(home)
    return made


def timed(*arguments: str | Path) -> tuple[float, float]:
    """Wall and processor seconds of a command of ours."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "playbook", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as home:
        folder = Path(home)
        made = books(folder / "books", count)
        (folder / "batch.toml").write_text('books = ["books/*"]\n', encoding="utf-8")
        rows = [("one batch", *timed("batch", folder / "batch.toml"))]
        each = [timed("report", "--book", book, "--out", folder / "apart") for book in made]
        rows.append(("a report for each", sum(w for w, _ in each), sum(c for _, c in each)))
        rows.append(("the batch again, nothing changed", *timed("batch", folder / "batch.toml")))
    print(f"{count} books, {os.cpu_count()} processors; seconds per pack")
    for name, wall, used in rows:
        print(f"  {name:34} {wall / count:7.2f} wall {used / count:7.2f} processor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else BOOKS)
