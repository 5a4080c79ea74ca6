"""One of the run's processes: executes notebooks with papermill and renders them. Tasks come in,
events go out.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import traceback
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from playbook.base.indented import indented
from playbook.base.language import VARIABLE, speaking, use_language
from playbook.base.places import EXPECTED_DATA, LISTS, SNAPSHOT
from playbook.base.privacy import masked
from playbook.base.settings.reads import READS
from playbook.report.record.results import Outcome

from .lean import block_slow_imports, import_jsonschema
from .tasks import (
    Execute,
    Fonts,
    Print,
    PrintEdition,
    Task,
    chapter_file,
    characters_file,
    lists_folder,
)

block_slow_imports()
import_jsonschema()

import nbformat  # noqa: E402
import papermill  # noqa: E402
import papermill.execute as papermill_execute  # noqa: E402
from nbformat.v4.rwbase import split_lines, strip_transient  # noqa: E402
from papermill.exceptions import PapermillExecutionError  # noqa: E402

from playbook.report.print import chapters, editions, glossary, html, pdf, webfont  # noqa: E402
from playbook.report.prose import in_language  # noqa: E402

from .engine import Execution  # noqa: E402

# Papermill makes the text of a notebook before and after it runs, also where it is to write none.
papermill_execute.write_ipynb = lambda node, path, write=papermill_execute.write_ipynb: (
    None if path is None else write(node, path)
)
MARKER = "papermill-error-cell-tag"
Json = dict[str, Any]
Send = Callable[..., None]


def serve(connection: Connection, runtime: Path) -> None:
    """Take tasks until None comes. Events: ("cell", name, done, total), ("done", result),
    ("broken", traceback).
    """
    os.environ.update(
        PLAYBOOK_BATCH="1",
        JUPYTER_RUNTIME_DIR=str(runtime),
        IPYTHONDIR=str(runtime / f"ipython-{os.getpid()}"),  # nobody's start-up files are executed
    )
    logging.getLogger("papermill").setLevel(logging.ERROR)
    while (task := connection.recv()) is not None:
        try:
            connection.send(("done", perform(task, lambda *event: connection.send(event))))
        except Exception:
            connection.send(("broken", traceback.format_exc()))


def perform(task: Task, send: Send) -> Outcome | list[str]:
    if isinstance(task, Fonts):
        return put_fonts(task)
    os.environ[VARIABLE] = task.meta["language"]  # for the kernels
    use_language(task.meta["language"])
    if isinstance(task, Print):
        return write_pdf(task)
    if isinstance(task, PrintEdition):
        return write_edition(task)
    outcome, node = execute(task, send)
    render(task, outcome, node)
    return outcome


def execute(task: Execute, send: Send) -> tuple[Outcome, Any]:
    """The executed notebook, tidy, and how it went. A notebook that fails is an outcome, not an
    exception.
    """
    if task.reuse is not None and (found := task.reuse.find()) is not None:
        return taken(task, found, send)
    run, reads = Execution(), task.runtime / f"{task.job.name}.reads"
    os.environ[READS] = str(reads)
    os.environ[EXPECTED_DATA], os.environ[SNAPSHOT] = " ".join(task.data), task.snapshot
    os.environ[LISTS] = str(lists := lists_folder(task.runtime, task.job.name))
    node = in_language(nbformat.read(task.job.path, as_version=4))
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(
            node,
            None,
            parameters=task.job.parameters,
            engine_name="playbook",
            progress_bar=False,
            execution=run,
            kernels=task.kernels,
            isolated=True,
            time_limit=task.time_limit,
            on_cell=lambda cell, total: send("cell", task.job.name, cell.index + 1, total),
        )
    node = tidy(run.node)
    made = chapters.chapter(node, task.job.name)
    outcome = Outcome(
        task.job.name,
        made["title"],
        "ok" if run.status == "ok" else "failed",
        failure(run, node, made),
        run.seconds,
        [asdict(cell) for cell in run.cells],
        records(node),
    )
    chapter_file(task.runtime, task.job.name).write_text(json.dumps(made), encoding="utf-8")
    if task.reuse is not None and outcome.status == "ok" and not lists.exists():
        task.reuse.keep({"outcome": vars(outcome), "made": made, "node": node}, reads)
    return outcome, node


def taken(task: Execute, found: Json, send: Send) -> tuple[Outcome, Any]:
    """A chapter that was kept, as if it had been run: in no time."""
    outcome = Outcome(**{**found["outcome"], "seconds": 0.0})
    chapter_file(task.runtime, task.job.name).write_text(
        json.dumps(found["made"]), encoding="utf-8"
    )
    send("cell", task.job.name, len(outcome.cells), len(outcome.cells))
    return outcome, nbformat.from_dict(found["node"])


def tidy(node: Any) -> Any:
    """What is kept of an executed notebook: no times, no paths of the run, no invented ids. Those
    are for the manifest or nobody.
    """
    node.cells = [cell for cell in node.cells if MARKER not in cell.metadata.get("tags", ())]
    for cell in node.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    node.metadata = nbformat.from_dict(
        {
            name: node.metadata[name]
            for name in ("kernelspec", "language_info")
            if name in node.metadata
        }
    )
    return node


def failure(run: Execution, node: Any, made: Json) -> Json | None:
    """Section, cell (counting all cells from 1), cause and hint of what failed, as the chapter
    words it; None when all went well.
    """
    culprit = run.culprit
    if culprit is None:
        return None
    block: Json = next((block for block in made["blocks"] if block["type"] == "failure"), {})
    return {
        "section": block.get("section", ""),
        "cell": culprit.index + 1,
        "cause": block.get("cause", "unknown"),
        "hint": block.get("hint", ""),
        "timeout": culprit.status == "timeout",
    }


def render(task: Execute, outcome: Outcome, node: Any) -> None:
    """The notebook itself, its two HTML builds, and a log with the traceback when it failed."""
    name, folder = task.job.name, task.folder
    characters = webfont.wanted(html.shown_text(node, task.meta))
    characters_file(task.runtime, name).write_text("".join(sorted(characters)), encoding="utf-8")
    if not task.client:
        _page(node, folder / f"{name}.html", outcome.title, False, task.meta)
    (folder / "client").mkdir(exist_ok=True)
    _page(node, folder / "client" / f"{name}.html", outcome.title, True, task.meta)
    if outcome.error:
        (folder / f"{name}.log").write_text(
            f"{outcome.message}\n\n{trace(node)}\n", encoding="utf-8"
        )
    if not task.client:
        (folder / f"{name}.ipynb").write_text(f"{written(node)}\n", encoding="utf-8")


def written(node: Any) -> str:
    """The text of a notebook as nbformat writes it. Not its own function: that checks the form
    again, or copies the whole first. The lines of the node are split where it is, so call it last.
    """
    return indented(strip_transient(split_lines(node)), sort_keys=True)


def _page(node: Any, path: Path, title: str, client: bool, meta: Json) -> None:
    html.write_html(node, path, title=title, client=client, meta=meta, face=webfont.LATER)


def put_fonts(task: Fonts) -> list[str]:
    """One font with the characters of all chapters and the glossary, in each of their pages:
    cutting it takes as long as all the rest of a page.
    """
    terms = task.folder / "glossary.html"
    if task.meta is not None:
        with speaking(task.meta["language"]):
            glossary.write_glossary(terms, task.meta, webfont.LATER)
    files = [characters_file(task.runtime, name) for name in task.names]
    shown = frozenset("".join(f.read_text(encoding="utf-8") for f in files if f.is_file()))
    pages = {
        page: page.read_text(encoding="utf-8")
        for name in task.names
        for page in (task.folder / f"{name}.html", task.folder / "client" / f"{name}.html")
        if page.is_file()
    }
    if task.meta is not None:
        pages[terms] = terms.read_text(encoding="utf-8")
    shown |= webfont.wanted("".join(pages.values()))  # labels and lists of the pages themselves
    for page, text in pages.items():
        page.write_text(webfont.put(text, shown), encoding="utf-8")
    return []


def trace(node: Any) -> str:
    """The traceback of the first error in the notebook, without colours."""
    errors = (
        output
        for cell in node.cells
        for output in cell.get("outputs", ())
        if output.get("output_type") == "error"
    )
    first: Json = next(errors, {})
    return masked(chapters.ANSI.sub("", "\n".join(first.get("traceback", ()))))


def write_pdf(task: Print) -> list[str]:
    """The chapters named as one PDF; warnings of the compiler."""
    found = [
        json.loads(chapter_file(task.runtime, name).read_text(encoding="utf-8"))
        for name in task.names
    ]
    return pdf.write_pdf(found, task.path, cover=task.cover, meta=task.meta)


def write_edition(task: PrintEdition) -> list[str]:
    """A short edition as PDF, or as PowerPoint where the file is to be one."""
    if task.path.suffix != ".pptx":
        return editions.write_edition(**vars(task))
    from playbook.report.print.slides import write_slides

    return write_slides(
        task.path,
        brief=task.brief or {},
        sheets=task.sheets,
        meta=task.meta,
        title=task.title,
        dress=task.dress,
    )


def records(node: Any) -> list[Json]:
    """Records among the outputs of an executed notebook, in order, each once: a section shown twice
    is one section. What a cell tagged ``inside`` shows is for its editor and recorded nowhere.
    """
    found: dict[str, Json] = {}
    for cell in node.cells:
        if chapters.INSIDE in chapters.tags(cell):
            continue
        for output in cell.get("outputs", ()):
            block = output.get("data", {}).get(chapters.MIME)
            if block and block.get("type") == "record":
                found.setdefault(json.dumps(block, sort_keys=True), block)
    return [_plain(block) for block in found.values()]


def _plain(value: Any) -> Any:
    """The same in plain dicts: nbformat's own are slow to send, and the driver would import it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
