"""What the code, the notebooks and the templates say: every message, by the catalogue it belongs
to.

Texts are found where they are literals: in ``say``, ``later`` (values of dicts, lists and tuples
too), ``counted``, ``plural`` and ``nouns``; labels of ``Col`` and ``Line``-less columns; meanings
of settings (``Field(description=…)``), of tables and their columns (``TableSpec``,
``columns_of``); Markdown cells of notebooks; ``say("…")`` in templates; names and warnings of
presets (``intake/presets``).
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playbook.base.vocabulary import LABELS
from playbook.cli.help_words import unwrapped

REPO = Path(__file__).resolve().parent.parent
LIBRARY = REPO / "lib" / "playbook"
TEMPLATES = (".typ", ".html", ".js", ".j2", ".tpl")
IN_TEMPLATE = re.compile(r"""\bsay\(\s*"((?:[^"\\]|\\.)+)"|\bsay\(\s*'((?:[^'\\]|\\.)+)'""")
COUNTING = {"counted": 1, "plural": 1, "nouns": 0}  # position of the noun
# Calls whose literal is a text shown as it is: (position or None, keyword).
HELP = (None, "help")
SHOWN = {
    "Field": (None, "description"),
    "TableSpec": (1, "grain"),
    "Option": HELP,
    "Argument": HELP,
    "Typer": HELP,
}
SAYS = re.compile(
    r"\b(?:say|later|counted|plural|nouns|Col|Field|TableSpec|columns_of|Option|Argument|Typer|"
    r"command|_metrics)\(|\b(?:LABELS|TERMS)\b"
)
OF_NAMES = {"base/vocabulary.py": "LABELS", "base/terms.py": "TERMS"}


@dataclass(frozen=True)
class Message:
    """One text: where it stands, its context, its plural, and whether it has places to fill."""

    text: str
    file: str
    line: int
    context: str = ""
    many: str = ""
    places: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.text, self.context


def catalogue_of(path: Path) -> str:
    """The catalogue a file's texts belong to: its room's; those of a notebook are its own.

    >>> catalogue_of(LIBRARY / "segments" / "value" / "rfm.py")
    'segments'
    """
    if path.suffix == ".ipynb":
        return f"notebook-{path.stem}"
    parts = path.relative_to(LIBRARY).parts
    if path.suffix in TEMPLATES:
        return "templates"
    if parts[:2] == ("base", "settings"):
        return "settings"
    return parts[0] if len(parts) > 1 else "base"


def messages() -> dict[str, list[Message]]:
    """Catalogue → its messages in the order of files and lines, each once."""
    found: dict[str, dict[tuple[str, str], Message]] = {}
    for path in sources():
        for message in in_file(path):
            own = found.setdefault(catalogue_of(path), {})
            before = own.setdefault(message.key, message)
            if message.many and not before.many:  # said alone too: one entry serves both
                own[message.key] = message
    return {name: list(found[name].values()) for name in sorted(found)}


def sources() -> list[Path]:
    """Files with texts, in order."""
    code = [path for path in LIBRARY.rglob("*.py") if "__pycache__" not in path.parts]
    pages = [path for path in LIBRARY.rglob("*") if path.suffix in TEMPLATES]
    presets = (LIBRARY / "intake" / "presets").glob("*.toml")
    notebooks = (REPO / "notebooks").glob("*.ipynb")
    return sorted(code) + sorted(pages) + sorted(presets) + sorted(notebooks)


def in_file(path: Path) -> Iterator[Message]:
    """Messages of one file, in order."""
    text, name = path.read_text(encoding="utf-8"), str(path.relative_to(REPO))
    if path.suffix == ".ipynb":
        yield from _in_notebook(text, name)
    elif path.suffix == ".toml":
        yield from _in_preset(text, name)
    elif path.suffix in TEMPLATES:
        for hit in IN_TEMPLATE.finditer(text):
            said = json.loads(f'"{hit[1]}"') if hit[1] else hit[2]
            yield Message(said, name, text.count("\n", 0, hit.start()) + 1)
    else:
        yield from in_code(text, name)


def _in_notebook(text: str, name: str) -> Iterator[Message]:
    for i, cell in enumerate(json.loads(text)["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.strip():
            yield Message(source, name, i)


def _in_preset(text: str, name: str) -> Iterator[Message]:
    """What a preset says of each export and of what is made of it; all else in it are data."""
    for export in tomllib.loads(text)["exports"]:
        for table in (export, *export.get("also", ())):
            for said in (*([table["name"]] if "name" in table else []), *table.get("warns", ())):
                yield Message(said, name, text.count("\n", 0, text.find(said)) + 1)


def in_code(text: str, name: str) -> list[Message]:
    """Messages of Python source, in order. Raises ValueError for a message that is no literal."""
    found: list[Message] = []
    if not SAYS.search(text):
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = _name(node.func)
            if called in ("say", "later"):
                found += _said(node, name, called)
            elif called in COUNTING:
                found += _counted(node, name, COUNTING[called])
            elif called == "Col":
                found += _column(node, name)
            elif called == "columns_of":
                found += _of_contract(node, name)
            elif called == "_metrics":
                found += _of_metrics(node, name)
            elif called in SHOWN:
                found += _shown(node, name, *SHOWN[called])
        elif isinstance(node, ast.FunctionDef):
            found += _command(node, name)
        elif isinstance(node, ast.AnnAssign) and name.endswith(tuple(OF_NAMES)):
            found += [Message(text, name, node.lineno) for text in _of_names(node)]
    return sorted(found, key=lambda message: message.line)


def _of_metrics(node: ast.Call, file: str) -> list[Message]:
    """Meanings of the numbers of results.json: third of each row."""
    rows = [each for each in node.args if isinstance(each, ast.Tuple) and len(each.elts) > 2]
    return [Message(text, file, row.lineno) for row in rows for text in _constant(row.elts[2])]


def _command(node: ast.FunctionDef, file: str) -> list[Message]:
    """The docstring of a command of the command line, which is its help."""
    made = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    told = ast.get_docstring(node) if any(_name(each) == "command" for each in made) else None
    return [Message(unwrapped(told), file, node.lineno)] if told else []


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _said(node: ast.Call, file: str, called: str) -> list[Message]:
    if not node.args:
        return []
    if isinstance(node.args[0], ast.JoinedStr):
        raise ValueError(f"{file}:{node.lineno}: an f-string cannot be translated; name its places")
    options = {each.arg: each.value for each in node.keywords}
    context = options.pop("context", None)
    inside = str(context.value) if isinstance(context, ast.Constant) else ""
    literals = _strings(node.args[0]) if called == "later" else _constant(node.args[0])
    places = called == "say" and bool(options)  # ``**places`` too
    return [Message(text, file, node.lineno, inside, places=places) for text in literals]


def _counted(node: ast.Call, file: str, at: int) -> list[Message]:
    given = {each.arg: each.value for each in node.keywords}
    one = node.args[at] if len(node.args) > at else given.get("one")
    many = node.args[at + 1] if len(node.args) > at + 1 else given.get("many")
    return [
        Message(
            "{n} " + singular,
            file,
            node.lineno,
            many="{n} " + (next(iter(_constant(many)), "") or singular + "s"),
            places=True,
        )
        for singular in _constant(one)
    ]


def _column(node: ast.Call, file: str) -> list[Message]:
    """The label of a table's column; one without is called as its key says."""
    given = {each.arg: each.value for each in node.keywords}
    label = node.args[2] if len(node.args) > 2 else given.get("label")
    if label is not None:
        context = given.get("context")
        inside = str(context.value) if isinstance(context, ast.Constant) else ""
        return [Message(text, file, node.lineno, inside) for text in _constant(label)]
    key = node.args[0] if node.args else given.get("key")
    return [
        Message(name.replace("_", " ").capitalize(), file, node.lineno)
        for name in _constant(key)
        if name not in LABELS
    ]


def _shown(node: ast.Call, file: str, at: int | None, keyword: str) -> list[Message]:
    given = {each.arg: each.value for each in node.keywords}
    value = node.args[at] if at is not None and len(node.args) > at else given.get(keyword)
    return [Message(text, file, node.lineno) for text in _constant(value)]


def _of_contract(node: ast.Call, file: str) -> list[Message]:
    """Meanings of a table's columns: lines ``name kind | meaning | example``."""
    lines = [line for text in _constant(node.args[0]) for line in text.strip().splitlines()]
    return [Message(line.split("|")[1].strip(), file, node.lineno) for line in lines if "|" in line]


def _of_names(node: ast.AnnAssign) -> list[str]:
    """Labels of columns and terms with their meanings."""
    name = node.target.id if isinstance(node.target, ast.Name) else ""
    if name not in OF_NAMES.values() or not isinstance(node.value, ast.Dict):
        return []
    heads = [key for key in node.value.keys if key is not None] if name == "TERMS" else []
    return [text for each in [*heads, node.value] for text in _strings(each)]


def _constant(node: ast.expr | None) -> list[str]:
    """The text of a literal, of both ends of a conditional, or none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _constant(node.body) + _constant(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for each in node.values for text in _constant(each)]
    return []


def _strings(node: ast.expr) -> list[str]:
    """Texts of a literal and of what it holds; keys of dicts are names and stay."""
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in _strings(value)]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [text for value in node.elts for text in _strings(value)]
    if isinstance(node, ast.Call):  # of a class of ours: what it is given
        given = [*node.args, *(each.value for each in node.keywords)]
        return [text for value in given for text in _strings(value)]
    return _constant(node)
