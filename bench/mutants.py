"""How many one-line changes to the library the tests do not notice: ``make mutants``.

    python -m bench.mutants [--sample 300] [--seed 1] [--rooms methods,data/measures,...]

First every room's tests run once, noting which tests execute which lines (bench/executed.py). Then
one change at a time is made (a comparison turned or widened, a sign, an operator, a boundary, a
condition negated, a constant moved by one, min for max), in memory, in a process forked from one in
which all tests are collected (bench/tried.py); in it run the tests that execute the line, the
cheapest first, and then other tests of the same files, until one fails. Prints each change that
survives and the share that does, with its interval, and writes the share to bench/mutants.txt. What
was tried and noted is kept in bench/out: a run that was stopped goes on where it was, ``--fresh``
begins anew, ``--again`` tries survivors again after tests were added.

After the quickest of them come the texts that hold every figure and sentence of a chapter over a
small book or a month of the sample (``WHOLE``), whatever the cheaper tests took.

Tests that fail without any change are left out, and one change in forty is first tried as no change
at all: where that is noticed, nothing can be said and the run stops. Rooms have their share of the
sample by the number of changes possible in them (bench/changes.py). Lines that no test executes
count as survivors. Not changed, because nothing or only looks depend on them: texts, annotations
and assertions for the type checker, drawings, numbers that lay out a page, declarations in the
bodies of classes, seeds, how many draws are made, and sizes of caches; nor what
bench/equivalents.json lists.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace

from bench.changes import LIB, REPO, ROOMS, Mutant, sample
from bench.executed import blocks_of
from bench.tried import try_all

OUT = REPO / "bench" / "out"
FOLDERS = sorted({room.split("/")[0] for room in ROOMS} | {"payroll"})
TESTS = {folder: [f"tests/{folder}"] for folder in FOLDERS}
MEASURES = sorted((REPO / "tests" / "data").glob("test_measures_*.py"))  # the others read files
TESTS["data"] = [path.relative_to(REPO).as_posix() for path in MEASURES]
TESTS["day"] = ["tests/test_every_day.py"]
TESTS["orders"] = ["tests/test_orders_over_months.py"]
TESTS["month"] = ["tests/test_every_month.py", "-k", "figures"]  # every number of a month
TESTS["drawn"] = ["tests/test_drawn_books.py", "-k", "figure"]
WHOLE = ("test_every_day.py", "_of_sixteen_deals.py", "test_every_month.py", "test_drawn_books.py")
WHOLE += ("test_drawn_plans.py",)
SECONDS = {"direct": 8.0, "whole": 40.0, "others": 5.0}  # of processor time the tests may take


class Executed:
    """The notes of bench/executed.py for the rooms' tests, made where they are missing."""

    def __init__(self, fresh: bool) -> None:
        self.seconds: dict[str, float] = {}
        self.fixtures: dict[str, float] = {}
        self.uses: dict[str, list[str]] = {}
        self.blocks: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        OUT.mkdir(exist_ok=True)
        for name, tests in TESTS.items():
            kept = OUT / f"executed-{name}.json"
            if fresh or not kept.exists():
                command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
                noting = ["-p", "bench.executed", f"--executed={kept}", *tests]
                subprocess.run([*command, *noting], cwd=REPO, check=False)
            notes = json.loads(kept.read_text(encoding="utf-8"))
            failed = set(notes["failed"])
            for test in sorted(failed):
                print(f"left out, for it fails without any change: {test}", flush=True)
            self.seconds |= {t: s for t, s in notes["tests"].items() if t not in failed}
            self.uses |= notes["uses"]
            self.fixtures |= notes["fixtures"]
            for file, blocks in notes["blocks"].items():
                for line, by in blocks.items():
                    self.blocks[file][int(line)] += [t for t in by if t not in failed]

    def tests(self, mutant: Mutant) -> list[str]:
        """Tests that execute the line, quickest first, those that hold whole chapters, then others
        of their files; of a line outside functions those that execute anything of its file.
        """
        blocks = self.blocks.get(mutant.file, {})
        first = blocks_of(ast.parse((LIB / mutant.file).read_bytes())).get(mutant.line)
        found = blocks.get(first, []) if first else [t for many in blocks.values() for t in many]
        ready: set[str] = set()
        chapters = {test for test in found if test.split("::")[0].endswith(WHOLE)}
        direct = self._within(set(found) - chapters, ready, SECONDS["direct"])
        whole = self._within(chapters, ready, SECONDS["whole"])
        files = {test.split("::")[0] for test in direct}
        others = {t for t in self.seconds if t.split("::")[0] in files} - set(direct)
        return direct + whole + self._within(others, ready, SECONDS["others"])

    def _within(self, tests: set[str], ready: set[str], seconds: float) -> list[str]:
        """As many tests as fit, those that need the least beyond the fixtures already made first;
        at least one.
        """
        kept: list[str] = []
        waiting = sorted(tests)
        while waiting:
            costs = [self.seconds[test] + self._made_for(test, ready) for test in waiting]
            best = min(range(len(waiting)), key=costs.__getitem__)
            seconds -= costs[best] + 0.005
            if seconds < 0 and kept:
                break
            kept.append(waiting.pop(best))
            ready.update(self.uses[kept[-1]])
        return kept

    def _made_for(self, test: str, ready: set[str]) -> float:
        return sum(self.fixtures[name] for name in self.uses[test] if name not in ready)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--fresh", action="store_true", help="forget what was tried and noted")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="try survivors again")
    asked = parser.parse_args()
    rooms = asked.rooms.split(",")
    log = OUT / "mutants.jsonl"
    if asked.fresh:
        log.unlink(missing_ok=True)
    executed = Executed(asked.fresh)
    drawn, possible = sample(asked.sample, asked.seed)
    chosen = [mutant for room in rooms for mutant in drawn[room]]
    known: dict[str, bool] = {}
    if log.exists():
        for line in log.read_text(encoding="utf-8").splitlines():
            known |= json.loads(line)
    if asked.again:
        known = {key: noticed for key, noticed in known.items() if noticed}
    tasks = [(m, executed.tests(m)) for m in chosen if m.key not in known]
    unseen = [mutant for mutant, tests in tasks if not tests]
    for mutant in unseen:
        print(f"{mutant}: no test executes the line", flush=True)
    known |= {mutant.key: False for mutant in unseen}
    tasks = [(mutant, tests) for mutant, tests in tasks if tests]
    unchanged = [(replace(mutant, became=mutant.was), tests) for mutant, tests in tasks[::40]]

    def alike(mutant: Mutant, noticed: bool) -> None:
        if noticed:
            sys.exit(f"the tests of {mutant.file}:{mutant.line} fail without any change")

    def told(mutant: Mutant, noticed: bool) -> None:
        known[mutant.key] = noticed
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({mutant.key: noticed}) + "\n")
        if not noticed:
            print(f"{mutant}: not noticed", flush=True)

    try_all(unchanged, asked.jobs, alike)
    try_all(tasks, asked.jobs, told)
    _report({room: drawn[room] for room in rooms}, known, possible, asked.sample, asked.seed)


def _report(
    drawn: dict[str, list[Mutant]], known: dict[str, bool], possible: int, size: int, seed: int
) -> None:
    from playbook.methods.intervals import wilson

    survive = {room: [m for m in many if not known[m.key]] for room, many in drawn.items()}
    print("\nsurviving:")
    for mutant in (m for many in survive.values() for m in many):
        print(f"  {mutant}")
    for room, many in drawn.items():
        print(f"{room:14s} {len(survive[room]):3d} of {len(many):3d}")
    k, n = sum(map(len, survive.values())), sum(map(len, drawn.values()))
    low, high = wilson(k, n)
    said = f"{k} of {n} changes survive: {k / n:.1%} [{low:.1%}, {high:.1%}]; {possible} possible"
    print(said)
    if len(drawn) == len(ROOMS):
        text = f"{said}; python -m bench.mutants --sample {size} --seed {seed}\n"
        (REPO / "bench" / "mutants.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
