"""Trying one-line changes of the library: the tests of a change run in a process forked from one in
which pytest has collected all tests, with the code of the changed function put in its place.

A change outside functions, or of a function whose place cannot be told, is tried in a process that
imports the library anew with the change in the file's text.
"""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.machinery
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from bench.changes import LIB, REPO, Mutant

HEAVY = ["hypothesis", "numpy", "pandas", "scipy.stats", "scipy.optimize", "duckdb"]
HEAVY += ["narwhals", "pyarrow", "matplotlib.pyplot", "pydantic", "holidays", "nbformat", "IPython"]
SECONDS = 150  # of processor time after which a change counts as noticed: an endless loop

Task = tuple[Mutant, list[str]]  # a change and the tests that are to run
Told = Callable[[Mutant, bool], None]  # is told whether the tests notice the change


def try_all(tasks: list[Task], jobs: int, told: Told) -> None:
    """Tries every change: those of functions in one session, the others one by one."""
    for name in HEAVY:
        importlib.import_module(name)
    assert not any(name.split(".")[0] == "playbook" for name in sys.modules)
    read, write = os.pipe()
    session = os.fork()
    if session == 0:
        os.close(read)
        _in_session(tasks, jobs, write)
    os.close(write)
    left = set(range(len(tasks)))
    with os.fdopen(read) as answers:
        for line in answers:
            number, noticed = line.split()
            left.discard(int(number))
            told(tasks[int(number)][0], noticed == "1")
    _, status = os.waitpid(session, 0)
    if status:
        sys.exit("the session in which changes are tried ended with an error")
    alone = [tasks[number] for number in sorted(left)]
    _forked(
        [lambda m=mutant, t=tests: _anew(m, t) for mutant, tests in alone],
        jobs,
        lambda number, noticed: told(alone[number][0], noticed),
    )


def _forked(works: list[Callable[[], int]], jobs: int, told: Callable[[int, bool], None]) -> None:
    """Runs each in a process of its own with a folder for its files; one that ends with anything
    but 0 was noticed.
    """
    running: dict[int, tuple[int, str]] = {}
    waiting = list(reversed(range(len(works))))
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, folder = waiting.pop(), tempfile.mkdtemp(prefix="playbook-mutant-")
                child = os.fork()
                if child == 0:
                    _quiet(folder)
                    status = 1
                    try:
                        status = works[number]()
                    finally:
                        os._exit(status)
                running[child] = number, folder
            ended, status = os.wait()
            number, folder = running.pop(ended)
            shutil.rmtree(folder, ignore_errors=True)
            told(number, status != 0)
    finally:
        for child, (_, folder) in running.items():
            os.kill(child, signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)


def _quiet(folder: str) -> None:
    os.chdir(REPO)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


# -- in a session that has collected the tests


def _in_session(tasks: list[Task], jobs: int, write: int) -> None:
    folders = sorted({test.split("::")[0] for _, tests in tasks for test in tests})
    os.chdir(REPO)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what tests print of every change
    sys.path.insert(0, str(LIB))
    quiet = ["-qq", "-s", "-p", "no:cacheprovider"]
    status = pytest.main([*quiet, *folders], plugins=[_Session(tasks, jobs, write)])
    os._exit(int(status))


class _Session:
    """Instead of running the collected tests runs those of every change."""

    def __init__(self, tasks: list[Task], jobs: int, write: int) -> None:
        self.tasks, self.jobs, self.write, self.failed = tasks, jobs, write, False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        alive = _functions()
        works, numbers = [], []
        for number, (mutant, tests) in enumerate(self.tasks):
            codes = changed_codes(mutant, alive)
            if codes or mutant.was == mutant.became:
                found = [items[test] for test in tests if test in items]
                works.append(lambda c=codes, f=found: self._run(c, f))
                numbers.append(number)
        _forked(works, self.jobs, lambda i, noticed: self._tell(numbers[i], noticed))
        return True

    def _tell(self, number: int, noticed: bool) -> None:
        os.write(self.write, f"{number} {int(noticed)}\n".encode())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def _run(self, codes: list[tuple[FunctionType, CodeType]], items: list[pytest.Item]) -> int:
        for function, code in codes:
            function.__code__ = code
        if items:
            items[0].config._tmp_path_factory._basetemp = Path(tempfile.mkdtemp())
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0


def _functions() -> dict[str, list[FunctionType]]:
    """The functions of the library that are imported, by file."""
    found: dict[str, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename.startswith(str(LIB)):
            found[thing.__code__.co_filename].append(thing)
    return found


def changed_codes(
    mutant: Mutant, alive: dict[str, list[FunctionType]]
) -> list[tuple[FunctionType, CodeType]]:
    """Functions that hold the change, with their code after it; none where the change stands
    outside functions or its module is not imported.
    """
    path = LIB / mutant.file
    before = compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)
    after = compile(mutant.source, str(path), "exec", dont_inherit=True)
    chain: list[tuple[CodeType, CodeType]] = []  # from the module down to what holds the change
    _descend(before, after, chain)
    inner = chain[-1][0] if chain else before
    found = []
    for old, new in chain[1:]:
        same = [f for f in alive[str(path)] if _place(f.__code__) == _place(old)]
        found += [(f, new) for f in same if f.__code__.co_freevars == new.co_freevars]
    placed = {_place(f.__code__) for f, _ in found}
    functions = [old for old, _ in chain[1:] if old.co_flags & 0x2]  # CO_NEWLOCALS
    whole = inner.co_flags & 0x2 and any(_place(old) in placed for old in functions)
    names = [_place(code) for code in _every(before)]
    unclear = any(names.count(place) > 1 for place in placed)
    return found if whole and not unclear else []


def _descend(old: CodeType, new: CodeType, chain: list[tuple[CodeType, CodeType]]) -> None:
    chain.append((old, new))
    pairs = list(zip(_inside(old), _inside(new), strict=True))
    differ = [(a, b) for a, b in pairs if not _alike(a, b)]
    if len(differ) == 1:
        _descend(*differ[0], chain)


def _alike(a: CodeType, b: CodeType) -> bool:
    plain = [
        (code.co_code, code.co_names, repr([c for c in code.co_consts if type(c) is not CodeType]))
        for code in (a, b)
    ]
    inner = zip(_inside(a), _inside(b), strict=True)
    return plain[0] == plain[1] and all(_alike(x, y) for x, y in inner)


def _inside(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _every(code: CodeType) -> list[CodeType]:
    return [code, *(deeper for inner in _inside(code) for deeper in _every(inner))]


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


# -- with the library imported anew


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


def _anew(mutant: Mutant, tests: list[str]) -> int:
    sys.path.insert(0, str(LIB))
    sys.meta_path.insert(0, _Finder(mutant))
    asked = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={tempfile.mkdtemp()}/t", *tests]
    return int(pytest.main(asked))
