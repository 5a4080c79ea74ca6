"""``--help`` in another language than English: the texts of commands and options are said once all
commands are known, and what the parser itself says is looked up in the same catalogue.
"""

from __future__ import annotations

import gettext
import os
import re
from typing import Any
from unicodedata import east_asian_width

from playbook.base.errors import Problem
from playbook.base.language import CATALOGUES, later

from .spoken import say, spoken

LINE, BESIDE = 76, 44  # width of a text, and of one beside the name of its option [cells]
AS_IT_STANDS = "\b\n"  # begins a paragraph that the parser does not wrap again
NOT_FIRST = "，。；：、）”！？"
HEADS = later(("Options", "Commands", "Arguments"))
# What else the parser says, in its own words.
PARSER = later(
    (
        "required",
        "default: {default}",
        "Aborted!",
        "Missing command.",
        "No such command {name!r}.",
    )
)
METAVARS = later(("DIR", "FILE", "[FILE]", "NAME", "NAME=VALUE", "SECONDS", "MONTHS", "WORD"))
OTHERS = later(("WHERE", "PATH…", "ZONE", "BEFORE", "AFTER", "FILES"))
TYPES = re.compile(r"<(?:str|path|list\[\w+\])>|<int range>")  # a text needs no type named
HELP = "Show this message and exit."  # the parser's own, said by nobody else
USAGE = "Usage: "


def unwrapped(text: str) -> str:
    """Help without its line breaks, as the catalogue has it; paragraphs stay.

    >>> unwrapped("One\\ntwo.\\n\\n    Three.")
    'One two.\\n\\nThree.'
    """
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def say_help(command: Any) -> None:
    """Say the help of a command, of its options and of the commands below it in the language of the
    terminal; English stays as it is.
    """
    if spoken() == "en":
        return
    os.environ["LANGUAGE"] = spoken()  # where the parser's own gettext looks
    gettext.bindtextdomain("cli", str(CATALOGUES))
    gettext.textdomain("cli")
    _say(command)


def _say(command: Any) -> None:
    if command.help:
        told = say(unwrapped(command.help))
        command.help = "\n\n".join(AS_IT_STANDS + wrapped(p, LINE) for p in told.split("\n\n"))
        command.short_help = AS_IT_STANDS + wrapped(_first(told), BESIDE)
    for option in command.params:
        if getattr(option, "help", None):
            option.help = AS_IT_STANDS + wrapped(say(unwrapped(option.help)), BESIDE)
        argument = option.name.upper() if option.param_type_name == "argument" else ""
        if option.metavar or argument:
            option.metavar = _as_wide(say(option.metavar or argument))
    command.options_metavar = say("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = say("COMMAND [ARGS]...")
    shown = command.get_help
    command.get_help = lambda context: _page(shown(context))
    for below in getattr(command, "commands", {}).values():
        _say(below)


def _page(text: str) -> str:
    """A page of help without the English that the parser has no words for in any catalogue."""
    said = text.replace(USAGE, say("Usage: {usage}", usage=""), 1)
    for head in HEADS:
        said = said.replace(f"\n{say(head)}:\n", f"\n{say(head)}：\n")
    said = TYPES.sub(lambda found: _instead(found[0]), said)
    return said.replace(HELP, say("show this page"))


def _instead(type_: str) -> str:
    """What stands in place of a type's name, as wide as it."""
    told = say("<whole number>") if type_ == "<int range>" else ""
    return told + " " * (len(type_) - cells(told))


def _as_wide(text: str) -> str:
    """The text with as many signs as it is wide: the parser sets columns by counting them."""
    return text + "\u200b" * (cells(text) - len(text))


def usage_told(error: Any) -> str:
    """A mistake on the command line itself in the language of the terminal: the usage, where there
    is help, and what is wrong.
    """
    context = getattr(error, "ctx", None)
    lines = []
    if context is not None:
        usage = context.get_usage().removeprefix(USAGE).replace("\u200b", "")
        lines.append(say("Usage: {usage}", usage=usage))
        lines.append(say("help: {command} --help", command=context.command_path))
    return "\n".join([*lines, "", say("error: {message}", message=_wrong(error))])


def usage_problem(error: Any) -> Problem:
    """The same as a problem."""
    context = getattr(error, "ctx", None)
    path = "playbook" if context is None else context.command_path
    return Problem(
        found=_wrong(error) if spoken() != "en" else error.format_message(),
        expected=say("options and values of {command}", command=path),
        try_=f"{path} --help",
    )


def _wrong(error: Any) -> str:
    kind, text = type(error).__name__, str(getattr(error, "message", "") or error)
    param = getattr(error, "param", None)
    named = getattr(error, "param_hint", None) or ""
    if param is not None:
        argument = (param.metavar or param.name.upper()).strip("[]\u200b")
        named = param.opts[-1] if param.opts[-1].startswith("-") else argument
    if kind == "NoSuchOption":
        return say("there is no option {name}", name=error.option_name)
    if kind == "MissingParameter":
        return say("{name} is missing", name=named)
    if kind == "BadParameter" and named:
        return say("{name} cannot be that; its values are in the help", name=named)
    if kind == "BadOptionUsage":
        return say(
            "{name} is given without its value, or with one it does not take",
            name=error.option_name,
        )
    text, _, close = text.partition(" Did you mean ")
    if not close:
        return text
    return say("{message} did you mean {name}?", message=text.rstrip("."), name=close.rstrip("?"))


def _first(text: str) -> str:
    """The first sentence, up to its first stop."""
    ends = [at for mark in "。：；" if (at := text.find(mark)) > 0]
    return text[: min(ends, default=len(text))]


def wrapped(text: str, width: int) -> str:
    """Lines of at most ``width`` cells, a Chinese sign taking two: broken between Chinese signs and
    at blanks, never before a closing mark.
    """
    lines, now = [], ""
    for piece in _pieces(text):
        if now and cells(now) + cells(piece.rstrip()) > width and piece not in NOT_FIRST:
            lines.append(now.rstrip())
            now = piece.lstrip()
        else:
            now += piece
    return "\n".join([*lines, now.rstrip()])


def cells(text: str) -> int:
    """How wide a text stands on a terminal."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _pieces(text: str) -> list[str]:
    """What a line may be broken between: each wide sign, and each Latin word with its blank."""
    pieces: list[str] = []
    for sign in text:
        wide = east_asian_width(sign) in "WF"
        if pieces and not wide and cells(pieces[-1][0]) == 1 and not pieces[-1].endswith(" "):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
