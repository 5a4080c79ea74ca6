"""A run: notebooks over workers, then the pack, the workbook, the numbers and the manifest; all in
place at once or not at all.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from playbook.base.errors import EXIT_NOTEBOOK_FAILED, EXIT_OK
from playbook.base.language import language, say, speaking
from playbook.report.record import archive, changes, editions, packs
from playbook.report.record.action_log import action_sheet
from playbook.report.record.audience_edition import pages_for
from playbook.report.record.calendar import write_calendars
from playbook.report.record.folders import to_open
from playbook.report.record.index import write_index
from playbook.report.record.manifest import NAME, appendix, made_from, manifest
from playbook.report.record.results import Outcome, dump, results
from playbook.report.record.summary import cover, worksheets
from playbook.report.record.workbook import write_workbook

from . import pins, processes
from .entry import written_index
from .lean import forget_current_folder, keep_freed_memory, one_thread_each
from .needed import wanted
from .plan import Plan
from .pool import InternalFault, WorkerPool
from .reuse import code_of, reuse
from .tasks import Execute, Fonts, Print, PrintEdition, Task, lists_folder

__all__ = ["Finished", "InternalFault", "Watcher", "run", "warm_up"]
Json = dict[str, Any]
# How long a chapter takes beside the others, in the order of the sample's processor time; notebooks
# of somebody's own by their size, after them.
WORK = {
    "03-funnel-diagnosis": 9,
    "05-case-study-replay": 6,
    "02-segmentation": 5,
    "01-goal-setting": 4,
    "04-incentive-design": 3,
}


class Watcher(Protocol):
    """Whoever watches a run: its methods are called as things happen."""

    def cell(self, name: str, done: int, total: int) -> None: ...
    def finished(self, outcome: Outcome) -> None: ...
    def printing(self) -> None: ...


@dataclass(frozen=True)
class Finished:
    """What a run left: the folder of the report and how each notebook went, in order."""

    target: Path
    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def exit_status(self) -> int:
        return EXIT_OK if all(o.status == "ok" for o in self.outcomes) else EXIT_NOTEBOOK_FAILED

    @property
    def pdf(self) -> Path:
        """The edition to open first; the folder where none was asked for."""
        return to_open(self.target)


def warm_up(notebooks: Sequence[Path], ahead: Sequence[str] = ()) -> None:
    """Start importing what the notebooks will import, in a process beside this one, and do there
    what all of them need (``module:function`` and its arguments). Call it early; ``run`` imports
    otherwise.
    """
    one_thread_each()
    forget_current_folder()
    keep_freed_memory()
    processes.warm_up(wanted(notebooks, ahead))


def run(plan: Plan, watch: Watcher, *, index: bool = True, key: str = "") -> Finished:
    """Execute the plan. Notebooks that fail are outcomes; raises InternalFault when rendering
    breaks.

    index: whether the archive's page is written anew, which a batch does once for all. key: what
    the pack is made from as one hash, for the manifest.
    """
    began = time.monotonic()
    warm_up([job.path for job in plan.jobs])
    with (
        processes.runtime_folder() as runtime,
        archive.building(plan.target, plan.source.keep) as folder,
        WorkerPool(plan.workers, runtime) as pool,
    ):
        outcomes = _execute(plan, pool, folder, runtime, watch)
        watch.printing()
        with speaking(plan.source.language):
            made = made_from(plan, outcomes)
            names = tuple(o.name for o in outcomes)
            fonts = Fonts(names, folder, runtime, _meta(plan))
            pool.submit(*_prints(plan, outcomes, made, folder, runtime), fonts)
            _write_data(plan, outcomes, folder, runtime)
        warnings = sorted({warning for result in pool.results() for warning in result or ()})
        pins.check(plan.pinned)
        full = manifest(plan, outcomes, folder, time.monotonic() - began)
        (folder / NAME).write_text(
            dump({**full, "print_warnings": warnings, "key": key}), encoding="utf-8"
        )
    if index:
        _write_index(plan.out)
    return Finished(plan.target, tuple(outcomes), time.monotonic() - began)


def _write_index(out: Path) -> None:
    """The archive's page anew, by a process that has read the fonts its letters are taken from;
    the next run writes it again where that fails, for the pack is in place.
    """
    if processes.can_fork():
        page = processes.start(written_index, out.absolute(), language())
        page.join()
        if page.exitcode == 0:
            return
    with suppress(OSError):
        write_index(out)


def _execute(
    plan: Plan, pool: WorkerPool, folder: Path, runtime: Path, watch: Watcher
) -> list[Outcome]:
    data = (plan.source.fingerprint, str(plan.source.folder))
    code = code_of(plan)
    longest_first = sorted(
        plan.jobs, key=lambda job: (-WORK.get(job.name, 0), -job.path.stat().st_size)
    )  # so that no worker is left with a long one at the end
    pool.submit(
        *(
            Execute(
                job,
                folder,
                runtime,
                _meta(plan),
                plan.kernels,
                plan.time_limit,
                data,
                str(plan.snapshot or ""),
                bool(plan.shown and plan.shown.client),
                reuse(plan, job, code),
            )
            for job in longest_first
        )
    )
    found: dict[str, Outcome] = {}
    for outcome in pool.results(watch.cell):
        found[outcome.name] = outcome
        watch.finished(outcome)
    return [found[job.name] for job in plan.jobs]


def _prints(
    plan: Plan, outcomes: Sequence[Outcome], made: Json, folder: Path, runtime: Path
) -> list[Task]:
    """The details first, since they take longest; then the short editions, and chapters alone."""
    wanted = plan.source.editions
    tasks: list[Task] = []
    if "details" in wanted or plan.partial:
        asked = plan.source.report.get("chapters", ())
        names = tuple(
            o.name
            for o in outcomes
            if plan.partial or not asked or o.name.split("-", 1)[1] in asked
        )
        full = {**_meta(plan), "manifest": appendix(made)}
        told = cover(plan.source, outcomes)
        tasks.append(Print(names, folder / "details.pdf", runtime, full, told))
    if not plan.partial:
        tasks += _short_editions(plan, outcomes, folder)
    if "chapters" in wanted:
        tasks += [
            Print((o.name,), folder / f"{o.name}.pdf", runtime, {**_meta(plan), "title": o.title})
            for o in outcomes
        ]
    return tasks


def _short_editions(plan: Plan, outcomes: Sequence[Outcome], folder: Path) -> list[Task]:
    """The brief in both shapes and the director's edition; nothing where no chapter gave a tile."""
    source = plan.source
    first = editions.brief(source, outcomes)
    if first is None and plan.shown is None:
        return []
    meta, tasks = _meta(plan), list[Task]()
    dress: Json = {k: source.report.get(k, "") for k in ("accent", "footer")}
    home = plan.files or (source.folder if source.folder.is_dir() else source.folder.parent)
    if logo := source.report.get("logo"):
        dress["logo"] = str(home / logo)
    dress["fonts"] = [str(home / font) for font in source.report.get("fonts", ())]
    if plan.shown is not None:
        last = packs.printed(plan.out, plan.target.name, source.month)
        new = changes.changes_sheet(source, outcomes, editions.contributions(outcomes), last)
        first, pages = pages_for(plan.shown, source, outcomes, new)
        made = PrintEdition(folder / plan.shown.file, plan.shown.title, first, pages, meta, dress)
        return [made] if first or pages else []
    if "brief" in source.editions:
        tasks += [
            PrintEdition(folder / "brief.pdf", str(say("Brief")), first, [], meta, dress),
            PrintEdition(
                folder / "brief-wide.pdf", str(say("Brief")), first, [], meta, dress, "wide"
            ),
        ]
    if {"director", "slides"} & set(source.editions):
        last = packs.printed(plan.out, source.name, source.month)
        given = editions.contributions(outcomes)
        new = changes.changes_sheet(source, outcomes, given, last)
        pages = editions.sheets(source, outcomes, new)
        title = str(say("Director"))
        edition = PrintEdition(folder / "director.pdf", title, first, pages, meta, dress)
        tasks += [edition] if "director" in source.editions else []
        if "slides" in source.editions:
            tasks.append(replace(edition, path=folder / "director.pptx"))
    return tasks


def _meta(plan: Plan) -> Json:
    source = plan.source
    return {
        "title": str(say("Sales performance playbook")),
        "company": source.title,
        "month": source.fmt.text(source.month, "month"),
        "as_of": source.as_of.isoformat(),
        "language": source.language,
        "chapters": [job.name for job in plan.jobs],
    }


def _write_data(plan: Plan, outcomes: Sequence[Outcome], folder: Path, runtime: Path) -> None:
    source = plan.source
    first = (
        editions.brief(source, outcomes)
        if plan.shown is None
        else pages_for(plan.shown, source, outcomes, None)[0]
    )
    short = {**packs.short_record(outcomes), "brief": packs.told_brief(first)}
    (folder / "results.json").write_text(
        dump({**results(source, outcomes), "short": short}), encoding="utf-8"
    )
    if plan.shown is not None and not plan.shown.workbook:
        return
    log = action_sheet(outcomes, source.actions, source.as_of)
    asked = source.report.get("owner_sheets", False)
    sheets = [sheet for sheet in worksheets(outcomes) if asked or not sheet.get("owner")]
    for file in sorted({sheet["whole"]["file"] for sheet in sheets if "whole" in sheet}):
        made = file.rpartition("/")[2]
        (folder / file).parent.mkdir(exist_ok=True)
        shutil.move(lists_folder(runtime, made.partition(".")[0]) / made, folder / file)
    if log:
        write_calendars(log, folder / "calendar", source.as_of)
    write_workbook(
        [*([log] if log else []), *sheets],
        folder / "actions.xlsx",
        title=f"{source.title} · {source.month}",
        as_of=source.as_of,
    )
