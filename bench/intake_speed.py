"""Time and memory of `playbook init` on 20 files of 1 GB in all.

    python bench/intake_speed.py [megabytes per file]

The files are written to a temporary folder first: orders of twelve months, deals, customers and
five further tables nobody asked for. Goal: under 30 s and 1 GB, as long files are read by samples.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from playbook.intake.proposal import propose
from playbook.intake.trial import checked

STAGES = ("Qualification", "Proposal", "Closed Won", "Closed Lost")


def lines_of(kind: int, i: int) -> str:
    """One row of a file of a kind: orders, deals, customers, or something else."""
    day = f"2023-{i % 12 + 1:02d}-{i % 28 + 1:02d}"
    if kind == 0:
        return f"O@{i},{day},C{i % 5000},Rep {i % 40},{i % 900}.50,Line {i % 7},{i % 9}\n"
    if kind == 1:
        return f"D@{i},{day},{STAGES[i % 4]},2023-12-{i % 28 + 1:02d},{i % 9000}.00,C{i % 5000}\n"
    if kind == 2:
        return f"C@{i},Company {i},{('IT', 'Food')[i % 2]},{i % 500}\n"
    return f"{i},{i % 97},{i % 13}.5,some words here,{i % 3}\n"


HEADERS = (
    "order id,order date,customer id,sales rep,net amount,product line,quantity\n",
    "deal id,created date,stage,close date,amount,customer id\n",
    "customer id,company name,industry,employees\n",
    "a,b,c,d,e\n",
)


def write(folder: Path, megabytes: int) -> int:
    """Twenty files, the size of all together in bytes."""
    total = 0
    for number in range(20):
        kind = 0 if number < 12 else 1 if number < 14 else 2 if number == 14 else 3
        named = ("orders_2023-{:02d}", "deals_{:02d}", "customers{:02d}", "other_{:02d}")[kind]
        path = folder / f"{named.format(number + 1)}.csv"
        block = "".join(lines_of(kind, i) for i in range(20_000))
        with path.open("w", encoding="utf-8") as file:
            file.write(HEADERS[kind])
            for turn in range(max(1, megabytes * 1_000_000 // len(block))):
                file.write(block.replace("@", f"{number}x{turn}x" if turn or kind != 2 else ""))
        total += path.stat().st_size
    return total


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as place:
        folder = Path(place)
        size = write(folder, megabytes)
        start, cpu = time.perf_counter(), time.process_time()
        proposal = propose([folder], folder)
        (folder / "playbook.toml").write_text(proposal.text, encoding="utf-8")
        middle = time.perf_counter()
        trial = checked(proposal, folder)
        end = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"20 files of {size / 1e9:.2f} GB: {', '.join(p.table for p in proposal.tables)}")
        print(
            f"proposed in {middle - start:.1f} s, tried in {end - middle:.1f} s "
            f"({time.process_time() - cpu:.1f} s of one core), at most {peak:.0f} MB; "
            f"{len(trial.report.errors)} errors, on samples: {trial.sampled}"
        )
        for problem in trial.report.errors:
            print(f"  {problem.found}")


if __name__ == "__main__":
    main()
