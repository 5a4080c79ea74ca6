"""Commands about notebooks: ``params``, ``notebooks``, ``lab``, ``clean``."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from playbook.base.errors import EXIT_OK, ParameterProblem, Problem
from playbook.base.language import later, speaking

from .app import JsonOption, LanguageOption, app, message, print_table, speak
from .spoken import say

WORKING_COPY = "playbook-notebooks"


QUIET = (  # JupyterLab asks the network for nothing, and the reader not whether it may
    f"--LabApp.app_settings_dir={Path(__file__).parent / 'lab'}",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


@app.command()
def params(
    name: Annotated[
        str,
        typer.Argument(
            help="a notebook, such as 01-goal-setting or goal-setting; all when not given"
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Parameters of a notebook: name, type, default, meaning [unit]."""
    from playbook.base.params import NOTEBOOKS
    from playbook.report.run.plan import choose

    found = {
        notebook: _parameters(NOTEBOOKS[notebook])
        for notebook in choose([name] if name else [], asked="notebook ")
    }
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for notebook, rows in found.items():
        print_table(
            notebook,
            later(("name", "type", "default", "meaning")),
            [[row["name"], row["type"], repr(row["default"]), row["meaning"]] for row in rows],
        )


@app.command()
def notebooks(
    out: Annotated[
        str, typer.Option(metavar="DIR", help="your folder for the copies; edits in it stay")
    ] = WORKING_COPY,
    language: LanguageOption = "",
) -> None:
    """Copy the notebooks to a folder of yours, to run or edit them there."""
    with speaking(speak(language)):
        copied = _copied(Path(out).expanduser())
    print(copied)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    notebook_dir: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="the same as FOLDER; playbook-notebooks when neither is given"
        ),
    ] = "",
    language: LanguageOption = "",
) -> None:
    """playbook lab [FOLDER]: open a working copy of the notebooks in JupyterLab.

    The copy is made in FOLDER; notebooks already there are opened as they are. Further options go
    to JupyterLab.
    """
    from playbook.base.params import ASKED_FROM

    further = list(context.args)
    folder = notebook_dir
    if further and not further[0].startswith("-"):
        folder = further.pop(0)
    target = Path(folder or WORKING_COPY).expanduser()
    if find_spec("jupyterlab") is None:
        raise ParameterProblem(
            Problem(
                found=say("JupyterLab is not installed"),
                expected=say("the packages for working in the notebooks by hand"),
                try_="pip install 'playbook[lab]'",
            )
        )
    with speaking(speak(language)):
        _copied(target)
    sys.stdout.flush()
    # -P: nothing of the folder the command is given in is imported by the server
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--notebook-dir={target}", *QUIET]
    command += further
    os.environ[ASKED_FROM] = str(Path.cwd())
    os.execv(sys.executable, command)


@app.command()
def clean(
    files: Annotated[
        list[Path] | None, typer.Argument(help="notebooks; the repository's own when not given")
    ] = None,
    only_check: Annotated[
        bool, typer.Option("--check", help="change nothing; status 1 when something is not clean")
    ] = False,
) -> int:
    """Strip notebooks for storing: no outputs but the check cell's, no metadata but tags."""
    from playbook.base.places import checkout
    from playbook.report import strip
    from playbook.report.run.plan import FOLDER

    if not files and not checkout():
        raise ParameterProblem(
            Problem(
                found=say("no notebook to strip"),
                expected=say("notebook files; the installed ones stay as they are"),
                try_=f"playbook clean {WORKING_COPY}/*.ipynb",
            )
        )
    changed = strip.clean(files or sorted(FOLDER.glob("*.ipynb")), check=only_check)
    for path in changed:
        print(
            say("not clean: {path}", path=path) if only_check else say("cleaned: {path}", path=path)
        )
    return 1 if only_check and changed else EXIT_OK


def _copied(target: Path) -> Path:
    """The folder with its working copies; what was kept or laid beside is printed."""
    from playbook.report.copies import copy_notebooks

    for line in copy_notebooks(target):
        message(line)
    return target


def _parameters(model: Any) -> list[dict[str, Any]]:
    def kind(annotation: Any) -> str:
        options = get_args(annotation)
        return " | ".join(map(repr, options)) if options else annotation.__name__

    return [
        {
            "name": name,
            "type": kind(field.annotation),
            "default": field.default,
            "meaning": field.description,
        }
        for name, field in model.model_fields.items()
    ]
