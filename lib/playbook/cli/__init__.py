"""The command line. Thin: each command asks the rooms below and prints what they return. Heavy
imports wait until a command needs them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Annotated, Any

import typer

from playbook import __version__
from playbook.base.errors import EXIT_BAD_INPUT, EXIT_OK, PlaybookError
from playbook.base.language import later
from playbook.report.run.lean import (
    block_slow_imports,
    forget_current_folder,
    look_for_garbage_seldom,
    one_thread_each,
)

from . import faults
from .app import any_text, app, message, refuse_language
from .help_words import say_help
from .logs import asked_before, log_to
from .spoken import choose, say, speak_here

EXIT_INTERRUPTED, EXIT_TERMINATED = 130, 143  # as shells report an end by Ctrl-C and by kill
TIDYING = 3.0  # [s] that an interrupted command may take to remove what it began

INTERRUPTED = later("interrupted; what was there before is untouched")

__all__ = ["app", "main"]


def main() -> None:
    """Run the command in ``sys.argv`` and exit with its status: every error ends as a message,
    never as a traceback on the screen.
    """
    any_text(sys.stdout, sys.stderr)
    speak_here(choose(sys.argv[1:]))
    if asked_before(sys.argv[1:]):
        log_to("json")
    look_for_garbage_seldom()
    block_slow_imports()
    one_thread_each()
    forget_current_folder()
    # both leave by an exception, so that a run that is ended still removes what it began
    once()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    try:
        status = _command()(standalone_mode=False)
        if status == EXIT_INTERRUPTED:  # the parser's own answer to Ctrl-C, without a word
            message(say(INTERRUPTED))
    except PlaybookError as error:
        faults.print_problems(error.problems)
        status = EXIT_BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        message(say(INTERRUPTED))
        status = EXIT_INTERRUPTED
    except Exception as error:
        status = faults.usage_error(error) or faults.internal_error(error)
    sys.stdout.flush()
    sys.exit(status or EXIT_OK)


def once() -> None:
    """Have Ctrl-C end the command once: pressed again while it tidies up, it changes nothing for
    some seconds, then ends the process at once, without a word. A process told to ignore it
    (nohup, a shell's &) goes on doing so.
    """
    pressed: list[float] = []

    def press(*_: Any) -> None:
        pressed.append(time.monotonic())
        if len(pressed) == 1:
            raise KeyboardInterrupt
        if pressed[-1] - pressed[0] > TIDYING:
            os._exit(EXIT_INTERRUPTED)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, press)


def _command() -> Any:
    """All commands, their help said in the language of the terminal."""
    command = typer.main.get_command(app)
    say_help(command)
    return command


def _print_version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="print the version"),
    ] = False,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="en|zh",
            help="language of help and messages; the terminal's own when not given",
        ),
    ] = "",
) -> None:
    refuse_language(language)


# Each registers its commands, in the order of the help text.
# isort: off
from . import reports  # noqa: E402, F401
from . import batch  # noqa: E402, F401
from . import diff  # noqa: E402, F401
from . import intake  # noqa: E402, F401
from . import books  # noqa: E402, F401
from . import notebooks  # noqa: E402, F401
from . import pay  # noqa: E402, F401
from . import schedule  # noqa: E402, F401
from . import deliver  # noqa: E402, F401
from . import runs  # noqa: E402, F401
# isort: on


@app.command("version")
def _version() -> None:
    """The version of the playbook."""
    print(__version__)
