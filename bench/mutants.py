"""How many one-line changes to the library the tests do not notice: ``make mutants``.

    python -m bench.mutants [--sample 300] [--seed 1] [--rooms methods,data/measures,...]

First every room's tests run once, noting which tests execute which lines (bench/executed.py). Then
one change at a time is made (a comparison turned or widened, a sign, an operator, a boundary, a
condition negated, a constant moved by one, min for max), in memory, in a process forked from one
that has imported the packages the library needs; in it run the tests that execute the line,
quickest first, and then the other tests of the same files, until one fails. Prints each change that
survives and the share that does, with its interval. What was tried is kept in bench/out: a run that
was stopped goes on where it was, ``--fresh`` begins anew.

Tests that fail without any change are left out, and one change in forty is first tried as no change
at all: where that is noticed, nothing can be said and the run stops. Every room has a share of the
sample by the number of changes possible in it, and at least half of an even share. Lines that no
test executes count as survivors. Not changed, because nothing or only looks depend on them: texts,
annotations, drawings, numbers that lay out a page, declarations in the bodies of classes, seeds,
how many draws are made, and sizes of caches (``_skipped``); nor what bench/equivalents.json lists.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import itertools
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.executed import blocks_of

REPO = Path(__file__).resolve().parents[1]
LIB = REPO / "lib"
OUT = REPO / "bench" / "out"
ROOMS = ("methods", "data/measures", "pay", "goals", "segments", "funnel", "incentives", "case")
FOLDERS = sorted({room.split("/")[0] for room in ROOMS} | {"payroll"})  # of tests
SECONDS = {"direct": 15.0, "others": 30.0}  # of processor time the tests of one change may take
HEAVY = ["pytest", "hypothesis", "numpy", "pandas", "scipy.stats", "scipy.optimize", "duckdb"]
HEAVY += ["narwhals", "pyarrow", "matplotlib.pyplot", "pydantic", "holidays", "nbformat", "IPython"]
LAYOUT = {"Col", "Table", "Text", "table", "canvas", "field", "Field", "Kpi", "Column", "Panel"}
LAYOUT |= {"Sheet", "Tile", "default_rng", "lru_cache", "ljust", "rjust", "zfill", "warn"}
UNFELT = ("DRAWS", "SEED", "RUNS", "BATCH", "SAMPLES", "RESAMPLES", "REDRAWN")  # in a name
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: the file below lib, the line, where in the file, what it was and became."""

    file: str
    line: int
    start: int
    was: str
    became: str

    @property
    def source(self) -> str:
        """The whole file with the change made."""
        text = (LIB / self.file).read_text(encoding="utf-8")
        return f"{text[: self.start]}({self.became}){text[self.start + len(self.was) :]}"

    @property
    def said(self) -> tuple[str, str, str, str]:
        """The change by the text of its line, as bench/equivalents.json names it."""
        text = (LIB / self.file).read_text(encoding="utf-8").splitlines()[self.line - 1]
        return self.file, text.strip(), self.was, self.became

    def compiles(self) -> bool:
        try:
            compile(self.source, self.file, "exec")
        except (SyntaxError, ValueError):
            return False
        return True

    @property
    def key(self) -> str:
        """Names the change and the file it was made in."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.was!r} → {self.became!r}"


def mutants_of(path: Path) -> list[Mutant]:
    """Every change that can be made in a file, in the order of its lines."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    skipped = _skipped(tree)
    found = []
    lines = source.splitlines(keepends=True)
    begins = [0, *itertools.accumulate(map(len, lines))]
    file = path.relative_to(LIB).as_posix()
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for made in _changes(node):
                was = ast.get_source_segment(source, node) or ""
                column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
                start = begins[node.lineno - 1] + column
                found.append(Mutant(file, node.lineno, start, was, ast.unparse(made)))
    return sorted(found, key=lambda m: (m.line, m.start, m.was, m.became))


def _skipped(tree: ast.AST) -> set[int]:
    """Nodes on which nothing, or only looks, depend."""
    out: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parts = [node.returns, *(a.annotation for a in node.args.args + node.args.kwonlyargs)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.ClassDef):
            parts = [part for part in node.body if isinstance(part, (ast.Assign, ast.AnnAssign))]
        elif (
            (
                isinstance(node, ast.Assign)
                and any(
                    isinstance(name, ast.Name) and any(word in name.id for word in UNFELT)
                    for name in node.targets
                )
            )
            or isinstance(node, ast.JoinedStr)
            or (isinstance(node, ast.Call) and _called(node) in LAYOUT)
        ):
            parts = [node]
        out |= {id(child) for part in parts if part is not None for child in ast.walk(part)}
    return out


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _changes(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPS:
        return [ast.Compare(node.left, [SWAPS[type(node.ops[0])]()], node.comparators)]
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS and not _texts(node):
        return [ast.BinOp(node.left, SWAPS[type(node.op)](), node.right)]
    if isinstance(node, ast.BoolOp):
        return [ast.BoolOp(SWAPS[type(node.op)](), node.values)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        return [node.operand]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [node.operand]
    if isinstance(node, ast.IfExp):
        return [ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        return [ast.Call(ast.Name(NAMES[node.func.id]), node.args, node.keywords)]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return [ast.Constant(node.value + 1)]
    return []


def _texts(node: ast.BinOp) -> bool:
    """Whether a sum joins texts or lists."""
    kinds = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)
    return any(
        isinstance(side, kinds) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def equivalents() -> set[tuple[str, ...]]:
    """Changes that were looked at and do nothing; bench/equivalents.json says why each."""
    listed = json.loads((REPO / "bench" / "equivalents.json").read_text(encoding="utf-8"))
    return {tuple(one[part] for part in ("file", "in", "was", "became")) for one in listed}


def sample(size: int, seed: int) -> tuple[dict[str, list[Mutant]], int]:
    """Changes drawn, by room, and how many are possible in all."""
    every = {}
    for room in ROOMS:
        files = sorted((LIB / "playbook" / room).rglob("*.py"))
        every[room] = [m for p in files if "figures" not in p.parts for m in mutants_of(p)]
        random.Random(f"{seed} {room}").shuffle(every[room])
    possible = sum(map(len, every.values()))
    shares = {r: size / 2 * (1 / len(ROOMS) + len(ms) / possible) for r, ms in every.items()}
    same = equivalents()
    able = {room: (m for m in every[room] if m.said not in same and m.compiles()) for room in ROOMS}
    return {r: list(itertools.islice(able[r], round(shares[r]))) for r in ROOMS}, possible


# -- which tests execute a line


class Executed:
    """The notes of bench/executed.py for the rooms' tests, made where they are missing."""

    def __init__(self, fresh: bool) -> None:
        self.seconds: dict[str, float] = {}
        self.blocks: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        OUT.mkdir(exist_ok=True)
        for folder in FOLDERS:
            kept = OUT / f"executed-{folder}.json"
            if fresh or not kept.exists():
                command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
                noting = ["-p", "bench.executed", f"--executed={kept}", f"tests/{folder}"]
                subprocess.run([*command, *noting], cwd=REPO, check=False)
            notes = json.loads(kept.read_text(encoding="utf-8"))
            failed = set(notes["failed"])
            for test in sorted(failed):
                print(f"left out, for it fails without any change: {test}", flush=True)
            self.seconds |= {t: s for t, s in notes["tests"].items() if t not in failed}
            for file, blocks in notes["blocks"].items():
                for line, tests in blocks.items():
                    self.blocks[file][int(line)] += [t for t in tests if t not in failed]

    def tests(self, mutant: Mutant) -> list[str]:
        """Tests that execute the line, quickest first, then others of their files; of a line
        outside functions those that execute anything of its file.
        """
        blocks = self.blocks.get(mutant.file, {})
        first = blocks_of(ast.parse((LIB / mutant.file).read_bytes())).get(mutant.line)
        found = blocks.get(first, []) if first else [t for many in blocks.values() for t in many]
        direct = self._within(set(found), SECONDS["direct"])
        files = {test.split("::")[0] for test in direct}
        others = {t for t in self.seconds if t.split("::")[0] in files} - set(direct)
        return direct + self._within(others, SECONDS["others"])

    def _within(self, tests: set[str], seconds: float) -> list[str]:
        kept = []
        for test in sorted(tests, key=lambda one: (self.seconds[one], one)):
            seconds -= self.seconds[test] + 0.005
            if seconds < 0 and kept:
                break
            kept.append(test)
        return kept


# -- one change


class _Changed(importlib.machinery.SourceFileLoader):
    source = ""

    def get_code(self, fullname: str) -> Any:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.source = mutant.source

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec and spec.origin
        spec.loader = _Changed(name, spec.origin)
        spec.loader.source = self.source
        return spec


def _child(mutant: Mutant, tests: list[str]) -> None:
    """Runs the tests with the change made; leaves with 0 where none fails."""
    import pytest

    os.chdir(REPO)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    seconds = int(2 * sum(SECONDS.values()) + 20)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))  # an endless loop is noticed
    sys.path.insert(0, str(LIB))
    sys.meta_path.insert(0, _Finder(mutant))
    with tempfile.TemporaryDirectory(prefix="playbook-mutant-") as folder:
        asked = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={folder}/t", *tests]
        status = int(pytest.main(asked))
    os._exit(0 if status == 0 else 1)


def tried(tasks: list[tuple[Mutant, list[str]]], jobs: int) -> Iterator[tuple[Mutant, bool]]:
    """Each change and whether its tests notice it, as they end."""
    for name in HEAVY:
        importlib.import_module(name)
    assert not any(name.split(".")[0] == "playbook" for name in sys.modules)
    running: dict[int, Mutant] = {}
    waiting = list(reversed(tasks))
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                mutant, tests = waiting.pop()
                child = os.fork()
                if child == 0:
                    _child(mutant, tests)
                running[child] = mutant
            ended, status = os.wait()
            yield running.pop(ended), status != 0
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)


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
    for mutant, noticed in tried(unchanged, asked.jobs):
        if noticed:
            sys.exit(f"the tests of {mutant.file}:{mutant.line} fail without any change")
    for mutant, noticed in tried(tasks, asked.jobs):
        known[mutant.key] = noticed
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({mutant.key: noticed}) + "\n")
        if not noticed:
            print(f"{mutant}: not noticed", flush=True)
    _report({room: drawn[room] for room in rooms}, known, possible)


def _report(drawn: dict[str, list[Mutant]], known: dict[str, bool], possible: int) -> None:
    from playbook.methods.intervals import wilson

    survive = {room: [m for m in many if not known[m.key]] for room, many in drawn.items()}
    print("\nsurviving:")
    for mutant in (m for many in survive.values() for m in many):
        print(f"  {mutant}")
    for room, many in drawn.items():
        print(f"{room:14s} {len(survive[room]):3d} of {len(many):3d}")
    k, n = sum(map(len, survive.values())), sum(map(len, drawn.values()))
    low, high = wilson(k, n)
    print(f"{k} of {n} changes survive: {k / n:.1%} [{low:.1%}, {high:.1%}]; {possible} possible")


if __name__ == "__main__":
    main()
