"""The one-line changes that bench/mutants.py makes to the library, and the sample it draws."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import math
import random
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LIB = REPO / "lib"
ROOMS = ("methods", "data/measures", "pay", "goals", "segments", "funnel", "incentives", "case")
LAYOUT = {"Col", "Table", "Text", "table", "canvas", "field", "Field", "Kpi", "Column", "Panel"}
LAYOUT |= {"Sheet", "Tile", "default_rng", "lru_cache", "ljust", "rjust", "zfill", "warn"}
UNFELT = ("DRAWS", "SEED", "RUNS", "BATCH", "SAMPLES", "RESAMPLES", "REDRAWN")  # in a name
UNFELT_DEFAULTS = ("DRAWS", "SEED", "SAMPLES")
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
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            parts += [given for name, given in named if name.arg.upper() in UNFELT_DEFAULTS]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.Assert):  # what the type checker is told
            parts = [node]
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
    """Changes drawn, by room in proportion to those possible, and how many are possible in all."""
    every = {}
    for room in ROOMS:
        files = sorted((LIB / "playbook" / room).rglob("*.py"))
        every[room] = [m for p in files if "figures" not in p.parts for m in mutants_of(p)]
        random.Random(f"{seed} {room}").shuffle(every[room])
    possible = sum(map(len, every.values()))
    shares = {room: size * len(many) / possible for room, many in every.items()}
    same = equivalents()
    able = {room: (m for m in every[room] if m.said not in same and m.compiles()) for room in ROOMS}
    return {r: list(itertools.islice(able[r], math.ceil(shares[r]))) for r in ROOMS}, possible
