"""How many one-line changes to the library the tests do not notice: ``make mutants``.

    python -m bench.mutants [--sample 300] [--seed 1] [--rooms methods,data/measures,...]

The tests run once under coverage, so that for every line it is known which tests execute it. Then
one change at a time is made in a copy of the library (a comparison turned or widened, a sign, an
operator, a boundary, a condition negated, a constant moved by one, min for max) and only the tests
that execute the line are run. Prints the share that survives, with its interval, and each survivor.

Not changed: texts, annotations, drawings, numbers that only lay out a page, and lines that no test
executes are counted as survivors.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LIBRARY = REPO / "lib" / "playbook"
OUT = REPO / "bench" / "out"
ROOMS = ("methods", "data/measures", "pay", "goals", "segments", "funnel", "incentives", "case")
MOST_TESTS = 40  # of those that execute the line, the quickest first
LAYOUT = {"Col", "Table", "Text", "table", "canvas", "field", "Field", "Kpi"}
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
    """One change: the file below lib, the line, what it was and became, the new source."""

    file: str
    line: int
    was: str
    became: str
    source: str


def mutants_of(path: Path) -> list[Mutant]:
    """Every change that can be made in a file, in the order of its lines."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    skipped = _skipped(tree)
    found = []
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for made in _changes(node):
                text = ast.unparse(made)
                new = _replaced(source, node, text)
                if new is not None:
                    was = ast.get_source_segment(source, node) or ""
                    found.append(
                        Mutant(str(path.relative_to(REPO / "lib")), node.lineno, was, text, new)
                    )
    return sorted(found, key=lambda m: (m.line, m.became))


def _skipped(tree: ast.AST) -> set[int]:
    """Nodes inside annotations, layout calls, f-strings and defaults of dataclass fields."""
    out: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parts = [node.returns, *(a.annotation for a in node.args.args + node.args.kwonlyargs)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Call) and _called(node) in LAYOUT
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


def _replaced(source: str, node: ast.AST, text: str) -> str | None:
    lines = source.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: node.lineno - 1])
    start += len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
    end = sum(len(line) for line in lines[: node.end_lineno - 1])
    end += len(lines[node.end_lineno - 1].encode()[: node.end_col_offset].decode())
    new = f"{source[:start]}({text}){source[end:]}"
    try:
        compile(new, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None
    return new


# -- which tests execute a line


def coverage_map(rooms: list[str], fresh: bool) -> dict[str, dict[int, list[str]]]:
    """file below lib → line → tests that execute it; kept in bench/out until asked anew."""
    kept = OUT / "mutants-lines.json"
    if kept.exists() and not fresh:
        return {
            f: {int(k): v for k, v in d.items()} for f, d in json.loads(kept.read_text()).items()
        }
    OUT.mkdir(exist_ok=True)
    config = OUT / "coveragerc"
    config.write_text(
        "[run]\ndynamic_context = test_function\nsource = playbook\n"
        f"data_file = {OUT / 'mutants.coverage'}\n"
    )
    folders = sorted({"tests/" + room.split("/")[0] for room in rooms})
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={config}", "-m", "pytest", "-q"]
    subprocess.run([*command, "-p", "no:cacheprovider", *folders], cwd=REPO, check=False)
    import coverage

    data = coverage.CoverageData(str(OUT / "mutants.coverage"))
    data.read()
    found: dict[str, dict[int, list[str]]] = {}
    for file in data.measured_files():
        if "/lib/playbook/" in file:
            name = file.split("/lib/", 1)[1]
            lines = data.contexts_by_lineno(file)
            found[name] = {n: sorted(c for c in tests if c) for n, tests in lines.items()}
    kept.write_text(json.dumps(found))
    return found


def _node_ids() -> dict[str, list[str]]:
    """Context of coverage (module.function) → node ids of pytest."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    found = defaultdict(list)
    for line in done.stdout.splitlines():
        if "::" in line:
            file, *names = line.split("[", 1)[0].split("::")
            found[f"{Path(file).stem}.{'.'.join(names)}"].append(line.strip().split("[", 1)[0])
    return {context: sorted(set(ids)) for context, ids in found.items()}


# -- one mutant


def _run(task: tuple[Mutant, list[str], float]) -> bool:
    """Whether the tests notice the change (or run out of time)."""
    mutant, tests, limit = task
    with tempfile.TemporaryDirectory(prefix="playbook-mutant-") as folder:
        library = Path(folder) / "lib"
        shutil.copytree(REPO / "lib", library, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("notebooks", "data"):  # found beside the library, as in a checkout
            (Path(folder) / name).symlink_to(REPO / name)
        (library / mutant.file).write_text(mutant.source, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
                cwd=REPO,
                env=environment,
                capture_output=True,
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            return True
    return done.returncode != 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--fresh", action="store_true", help="run the tests under coverage anew")
    parser.add_argument("--limit", type=float, default=120, help="seconds for one mutant's tests")
    asked = parser.parse_args()
    rooms = asked.rooms.split(",")
    lines, ids = coverage_map(rooms, asked.fresh), _node_ids()
    files = [
        path
        for room in rooms
        for path in sorted((LIBRARY / room).rglob("*.py"))
        if "figures" not in path.parts
    ]
    every = [mutant for path in files for mutant in mutants_of(path)]
    chosen = random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
    tasks, survivors = [], []
    for mutant in chosen:
        contexts = lines.get(mutant.file, {}).get(mutant.line, [])
        tests = [i for context in contexts for i in ids.get(".".join(context.split(".")[-2:]), [])]
        if tests:
            tasks.append((mutant, tests[:MOST_TESTS], asked.limit))
        else:
            survivors.append((mutant, "no test executes the line"))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for (mutant, _, _), noticed in zip(tasks, pool.imap(_run, tasks), strict=True):
            if not noticed:
                survivors.append((mutant, "not noticed"))
                print(f"  {mutant.file}:{mutant.line}: {mutant.was} → {mutant.became}", flush=True)
    from playbook.methods.intervals import wilson

    low, high = wilson(len(survivors), len(chosen))
    for mutant, why in survivors:
        print(f"{mutant.file}:{mutant.line}: {mutant.was!r} → {mutant.became!r}: {why}")
    print(
        f"{len(survivors)} of {len(chosen)} changes survive: {len(survivors) / len(chosen):.1%}"
        f" [{low:.1%}, {high:.1%}]; {len(every)} changes are possible"
    )


if __name__ == "__main__":
    main()
