"""What pydantic refuses, as problems in our three parts with their place in the file."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import joined
from playbook.base.language import say

from .whole import Settings


def problem(entry: dict[str, Any], file: str, model: type[BaseModel]) -> Problem:
    """One complaint about a file that ``model`` reads."""
    path = [str(part) for part in entry["loc"]]
    place = ".".join(path)
    if entry["type"] == "extra_forbidden":
        return Problem(
            found=say("unknown setting '{key}'", key=place),
            expected=say("a key that `playbook settings` lists")
            if model is Settings
            else say("a key of it: {names}", names=joined(_keys_at(path[:-1], model))),
            try_=did_you_mean(path[-1], _keys_at(path[:-1], model)),
            file=file,
            column=place,
        )
    message = entry["msg"].removeprefix("Value error, ")
    if not path:  # two tables of the toml that do not go together
        return Problem(
            found=message,
            expected=say("settings that agree with each other"),
            try_=say("correct one of the two; {help}", help=_help(model)),
            file=file,
            column=place,
        )
    return Problem(
        found=(
            f"{place} = {entry.get('input')!r}"
            if not isinstance(entry.get("input"), dict)
            else place
        ),
        expected=message,
        try_=_help(model),
        file=file,
        column=place,
    )


def _help(model: type[BaseModel]) -> str:
    if model is not Settings:
        return say("`playbook batch --help` says what a batch file holds")
    return say("`playbook settings` prints every key with its default and meaning")


def _keys_at(path: list[str], model: Any) -> list[str]:
    """Names allowed in the table at ``path``."""
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else model
        inner = [
            a
            for a in getattr(annotation, "__args__", ())
            if isinstance(a, type) and issubclass(a, BaseModel)
        ]
        model = (
            annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel)
            else inner[0]
            if inner
            else model
        )
    return [field.alias or name for name, field in model.model_fields.items()]
