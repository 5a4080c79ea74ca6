"""The form of a notebook, as one list of faults."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, get_args

from playbook.base.params import Common
from playbook.report.strip import CHECK, KERNEL

INSIDE = "inside"  # a cell to edit: the frame a section stands on
TAGS = {"parameters", "hide", "hide-input", "interactive", INSIDE, CHECK}
LINES, IN_A_ROW, FEWEST, MOST = 10, 3, 25, 110
BANNED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.AsyncFor,
    ast.With,
    ast.Try,
)
# A digit in prose is a number someone typed; headings' list numbers, code spans and names such as
# Q1 are not.
NUMBER = re.compile(
    r"(?<![\w`-])\d[\d.,]*\s?(?:%|percent|million|万|k\b|m\b)|(?<![\w`./-])\d{3,}(?![\w-])"
)
# One line of code, two blanks, what else to try: quotes may hold a #.
INVITES = re.compile(r"""(?:[^#\n"']|"[^"\n]*"|'[^'\n]*')+  # \S.*""")
Json = dict[str, Any]


def faults(node: Json, model: type[Common]) -> list[str]:
    """Everything about a notebook that is not in the form; empty for a good one."""
    cells = node["cells"]
    return [
        *_whole(node),
        *_order(cells),
        *_prose(cells),
        *_code(cells),
        *_parameters(cells, model),
        *_check(cells),
    ]


def source(cell: Json) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def tags(cell: Json) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def _whole(node: Json) -> Iterator[str]:
    cells = node["cells"]
    if not FEWEST <= len(cells) <= MOST:
        yield f"{len(cells)} cells, not {FEWEST} to {MOST}"
    ids = [cell.get("id", "") for cell in cells]
    if (
        len(set(ids)) < len(ids)
        or not all(re.fullmatch(r"[a-z][a-z0-9-]+", name) for name in ids)
        or any(re.fullmatch(r"[0-9a-f]{8}", name) for name in ids)
    ):
        yield "a cell id is missing, twice, or not readable"
    if node["metadata"].get("kernelspec", {}).get("name") != KERNEL["kernelspec"]["name"]:
        yield "the kernel is not python3"
    if any(set(cell["metadata"]) - {"tags"} for cell in cells):
        yield "a cell has metadata beside tags"
    if unknown := set().union(*(tags(cell) for cell in cells)) - TAGS:
        yield f"unknown tags: {', '.join(sorted(unknown))}"


def _order(cells: list[Json]) -> Iterator[str]:
    kinds = [cell["cell_type"] for cell in cells]
    if kinds[:1] != ["markdown"] or not source(cells[0]).startswith("# "):
        yield "the first cell is not the title"
    titles = sum(
        len(re.findall(r"^# ", source(cell), flags=re.M))
        for cell in cells
        if cell["cell_type"] == "markdown"
    )
    if titles != 1:
        yield f"{titles} level-1 headings, not one"
    run = longest = 0
    for cell in cells:
        run = run + 1 if cell["cell_type"] == "code" else 0
        longest = max(longest, run)
    if longest > IN_A_ROW:
        yield f"{longest} code cells in a row without a sentence"
    if not any(re.search(r"^## What to do", source(cell), flags=re.M) for cell in cells):
        yield "no section 'What to do'"
    moved = [c for c in cells if "interactive" in tags(c) and not source(c).startswith("choose(")]
    if not 1 <= len(moved) <= 4:
        yield "no interactive cell"


def _prose(cells: list[Json]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] == "markdown" and (
            hit := NUMBER.search(re.sub(r"`[^`]*`|\$[^$]*\$", "", source(cell)))
        ):
            yield f"a number typed into prose: {hit[0]!r} in {cell.get('id')}"


def _code(cells: list[Json]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        text = source(cell)
        if len(text.splitlines()) > LINES:
            yield f"more than {LINES} lines in {cell.get('id')}"
        tree = ast.parse(text)
        if found := next(
            (
                type(n).__name__
                for n in ast.walk(tree)
                if isinstance(n, BANNED)
                and not ("interactive" in tags(cell) and isinstance(n, ast.Lambda))
            ),
            None,
        ):
            yield f"{found} in {cell.get('id')}: that belongs in the library"
        if INSIDE in tags(cell) and not INVITES.fullmatch(text):
            yield f"{cell.get('id')}: not one line of code with a comment saying what to try"
        if CHECK not in tags(cell) and (cell["outputs"] or cell["execution_count"] is not None):
            yield f"output or count stored in {cell.get('id')}"


def _parameters(cells: list[Json], model: type[Common]) -> Iterator[str]:
    found = [cell for cell in cells if "parameters" in tags(cell)]
    if len(found) != 1:
        yield f"{len(found)} parameters cells, not one"
        return
    given, lines = {}, source(found[0]).splitlines()
    for line in lines:
        if not re.fullmatch(r"\w+: (str|int|float|bool) = [^=#]+  # .+", line):
            yield f"parameters: not 'name: type = default  # meaning': {line!r}"
            return
    for statement in ast.parse(source(found[0])).body:
        try:
            given[statement.target.id] = (
                statement.annotation.id,
                ast.literal_eval(statement.value),
            )
        except ValueError:
            yield f"a computed default: {ast.unparse(statement)}"
            return
    expected = {
        name: (kind(field.annotation), field.default) for name, field in model.model_fields.items()
    }
    if given != expected:
        yield (
            f"parameters differ from the model {model.__name__}:"
            f" {sorted(set(map(str, given.items())) ^ set(map(str, expected.items())))}"
        )


def kind(annotation: Any) -> str:
    """The plain type a parameters cell names; papermill sees no others. One of several texts is a
    text.
    """
    options = get_args(annotation)
    return (type(options[0]) if options else annotation).__name__


def _check(cells: list[Json]) -> Iterator[str]:
    found = [cell for cell in cells if CHECK in tags(cell)]
    if len(found) != 1:
        yield f"{len(found)} check cells, not one"
        return
    cell = found[0]
    texts = [
        output
        for output in cell["outputs"]
        if output["output_type"] == "stream" and output["name"] == "stdout"
    ]
    if len(texts) != 1 or len(cell["outputs"]) != 1 or not "".join(texts[0]["text"]).strip():
        yield "the check cell is stored without exactly one text output"
    if cell["execution_count"] is None:
        yield "the check cell has no count: nbval would compare nothing"
    last = source(cell).splitlines()[-1:]
    if "headlines(" not in source(cell) or not (last and last[0].startswith("print(")):
        yield "the check cell does not print headlines"
