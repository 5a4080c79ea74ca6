"""``playbook schedule``: definitions of a monthly run for the schedulers there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.base.errors import EXIT_OK, ParameterProblem, Problem, did_you_mean

from . import clock
from .app import app, message
from .spoken import say

if TYPE_CHECKING:
    from playbook.deliver.schedule.job import Job


@app.command()
def schedule(
    file: Annotated[str, typer.Argument(metavar="FILE", help="a batch file, or a book's folder")],
    kind: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="NAME",
            help="cron, systemd, windows, airflow, dagster or github; all when not given",
        ),
    ] = "",
    day: Annotated[
        int, typer.Option(min=1, max=31, help="day of the month, of those every month has")
    ] = 2,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="time of the day")] = "06:00",
    zone: Annotated[
        str, typer.Option(metavar="ZONE", help="zone of that time, such as Asia/Shanghai")
    ] = "UTC",
    wait: Annotated[
        str, typer.Option(metavar="6h", help="how long a run waits for late sources")
    ] = "6h",
    out: Annotated[str, typer.Option(metavar="DIR", help="where reports are kept")] = "",
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="write the definitions there instead of printing them"),
    ] = None,
    notebooks: Annotated[
        bool,
        typer.Option(
            "--notebooks",
            help="for airflow and a book: a PapermillOperator for each notebook, without a pack",
        ),
    ] = False,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve", help="stay, and run it whenever it is due: for containers without cron"
        ),
    ] = False,
) -> int:
    """Print ready definitions of the monthly run: make the last closed month's packs, send them."""
    from playbook.deliver.schedule.job import job

    path = Path(file).expanduser().absolute()
    book = path.is_dir() or path.name == "playbook.toml"
    planned = job(
        file=path,
        book=book,
        out=out,
        program=_program(),
        folder=Path.cwd(),
        day=day,
        at=at,
        zone=zone,
        wait=wait,
    )
    if serve:
        return _served(planned)
    made = _definitions(planned, kind, path, notebooks and book)
    for name, text in made.items():
        if to is not None:
            to.mkdir(parents=True, exist_ok=True)
            (to / name).write_text(text, encoding="utf-8", newline="\n")
            print(to / name)
        else:
            print(f"{text}" if len(made) == 1 else f"===== {name} =====\n{text}")
    return EXIT_OK


def _program() -> tuple[str, ...]:
    """How this playbook is started, so that a scheduler without our PATH finds it."""
    own = Path(sys.argv[0]).absolute()
    if own.name.split(".")[0] == "playbook" and own.is_file():
        return (str(own),)
    return (sys.executable, "-m", "playbook")


def _definitions(planned: Job, kind: str, path: Path, notebooks: bool) -> dict[str, str]:
    """Texts by file name. Raises ParameterProblem for a scheduler that is not known."""
    from playbook.deliver.schedule.flows import airflow_notebooks
    from playbook.deliver.schedule.kinds import KINDS

    if kind and kind not in KINDS:
        raise ParameterProblem(
            Problem(
                found=f"--for {kind}",
                expected=say("one of {names}", names=", ".join(KINDS)),
                try_=did_you_mean(kind, KINDS),
            )
        )
    if notebooks and kind in ("", "airflow"):
        from playbook.base.places import notebooks_folder

        text = airflow_notebooks(planned, str(path), str(notebooks_folder()))
        return {f"{planned.name.replace('-', '_')}_notebooks.py": text}
    chosen = [kind] if kind else list(KINDS)
    found: dict[str, str] = {}
    for name in chosen:
        try:
            found |= KINDS[name](planned)
        except ParameterProblem as error:
            if kind:
                raise
            message(
                say(
                    "{name}: {found}; try {try_}",
                    name=name,
                    found=error.problems[0].found,
                    try_=error.problems[0].try_,
                )
            )
    return found


def _served(planned: Job) -> int:
    """Run the job whenever it is due, until this process is ended."""
    while True:
        due = planned.after(clock.now())
        message(say("next run of {title}: {due:%Y-%m-%d %H:%M} UTC", title=planned.title, due=due))
        while (left := (due - clock.now()).total_seconds()) > 0:
            clock.sleep(min(left, 3600.0))  # short naps: clocks are set, machines sleep
        for words in (planned.making, planned.sending):
            status = subprocess.run(words, cwd=planned.folder).returncode
            message(
                say(
                    "{command}: ended with status {status}",
                    command=" ".join(words[-3:]),
                    status=status,
                )
            )
