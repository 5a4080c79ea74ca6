"""Which tests execute which lines of the library: a plugin of pytest that notes them in one run.

    python -m pytest -p bench.executed --executed=FILE tests/methods

Every block of statements of the library is given a note at its start when it is imported (only our
own code is slowed, by a few per cent). FILE gets, as JSON: ``tests`` (node id → seconds),
``failed`` (node ids), and ``blocks`` (file below lib → first line of a block → node ids). What a
fixture executes is counted for every test that asks for the fixture; what is executed while a
module is imported, for none.
"""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.machinery
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

LIB = Path(__file__).resolve().parents[1] / "lib"
NOTE = "__executed__"
hit: set[tuple[str, int]] = set()


def blocks_of(tree: ast.AST) -> dict[int, int]:
    """Line of each statement → first line of the innermost block of a function it stands in;
    lines outside functions have no entry.
    """
    found: dict[int, int] = {}

    def walk(node: ast.AST, first: int | None) -> None:
        for _, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST):
                    continue
                inner = first
                if isinstance(value, list) and isinstance(child, ast.stmt):
                    inside = first is not None or isinstance(
                        node, (ast.FunctionDef, ast.AsyncFunctionDef)
                    )
                    inner = value[0].lineno if inside else None
                    if inner is not None:
                        for line in range(child.lineno, (child.end_lineno or child.lineno) + 1):
                            found[line] = inner
                walk(child, inner)

    walk(tree, None)
    return found


class _Notes(ast.NodeTransformer):
    """Puts a note before the first statement of every block inside a function."""

    def __init__(self, file: str) -> None:
        self.file, self.depth = file, 0

    def generic_visit(self, node: ast.AST) -> ast.AST:
        function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        self.depth += function
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if self.depth and isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                note = ast.parse(f"{NOTE}.add(({self.file!r}, {body[0].lineno}))").body[0]
                for part in ast.walk(note):
                    ast.copy_location(part, body[0])
                body.insert(1 if function and _is_docstring(body[0]) else 0, note)
        self.depth -= function
        return node


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        tree = ast.parse(Path(path).read_bytes())
        tree = _Notes(Path(path).relative_to(LIB).as_posix()).visit(tree)
        return compile(tree, path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name.split(".")[0] != "playbook":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path or [str(LIB)])
        if spec and spec.origin and spec.origin.endswith(".py"):
            spec.loader = _Loader(name, spec.origin)
        return spec


tests: dict[str, float] = {}
failed: set[str] = set()
by_test: dict[str, set[tuple[str, int]]] = {}
by_fixture: dict[int, set[tuple[str, int]]] = defaultdict(set)
fixtures: dict[str, float] = {}
uses: dict[str, list[str]] = {}
shared_seconds = 0.0  # that shared fixtures took since the test began


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--executed", default="", help="file for the lines each test executes")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before tests/conftest.py, which imports the library."""
    if any(name.split(".")[0] == "playbook" for name in sys.modules):
        raise RuntimeError("the library was imported before its lines could be noted")
    setattr(builtins, NOTE, hit)
    sys.meta_path.insert(0, _Finder())


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Any:
    global shared_seconds
    before, already, began = set(hit), shared_seconds, time.process_time()
    hit.clear()
    try:
        return (yield)
    finally:
        by_fixture[id(fixturedef)] |= hit
        hit.update(before)
        if fixturedef.scope != "function":
            took = time.process_time() - began
            fixtures[_name(fixturedef)] = round(took - (shared_seconds - already), 3)
            shared_seconds = already + took


def _name(fixturedef: Any) -> str:
    return f"{fixturedef.baseid}::{fixturedef.argname}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: Any, nextitem: Any) -> Any:
    global shared_seconds
    hit.clear()
    began, shared_seconds = time.process_time(), 0.0
    try:
        return (yield)
    finally:
        tests[item.nodeid] = round(time.process_time() - began - shared_seconds, 3)
        by_test[item.nodeid], uses[item.nodeid] = set(hit), []
        for name in item.fixturenames:
            for definition in item._fixtureinfo.name2fixturedefs.get(name, ()):
                by_test[item.nodeid] |= by_fixture[id(definition)]
                if _name(definition) in fixtures:
                    uses[item.nodeid].append(_name(definition))


def pytest_runtest_logreport(report: Any) -> None:
    if report.failed:
        failed.add(report.nodeid)


def pytest_sessionfinish(session: Any) -> None:
    blocks: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for test, lines in by_test.items():
        for file, line in lines:
            blocks[file][line].append(test)
    where = session.config.getoption("--executed")
    if where:
        Path(where).write_text(
            json.dumps(
                {
                    "tests": tests,
                    "fixtures": fixtures,
                    "uses": uses,
                    "failed": sorted(failed),
                    "blocks": blocks,
                }
            ),
            encoding="utf-8",
        )
