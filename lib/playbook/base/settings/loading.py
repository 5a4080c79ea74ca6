"""Reading playbook.toml and the files beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from playbook.base.errors import Problem, SettingsProblem
from playbook.base.formats import joined
from playbook.base.language import say

from .book import folder_name_problem
from .group import Group
from .plan_mended import hidden_mistakes
from .reads import unnoted
from .refused import problem
from .whole import Settings

Table = TypeVar("Table", bound=Group)
WORKBOOKS = (".xlsx", ".xlsm")


def _of_workbook(path: Path) -> Settings:
    """The settings beside a workbook, which must be the ones that read it."""
    toml = path.with_name("playbook.toml")
    settings = load_settings(toml) if toml.is_file() else None
    if settings and any(source.file == path.name for source in settings.sources.values()):
        return settings
    raise SettingsProblem(
        Problem(
            found=say("{toml} does not read {workbook}", toml=toml, workbook=path.name)
            if settings
            else say("no {toml}", toml=toml),
            expected=say("a playbook.toml beside the workbook that says what its sheets are"),
            try_=say(
                "playbook init {path} --yes writes one (--force to replace the one that is there)",
                path=path,
            )
            if settings
            else say("playbook init {path} --yes writes one", path=path),
            file=str(path),
        )
    )


def load_settings(path: Path) -> Settings:
    """Settings of a book folder, of a toml file, or of a workbook with its toml beside it.

    A book without a name is called by its folder. Raises SettingsProblem with every problem at
    once: no toml, bad TOML, unknown keys, values out of range.
    """
    path = Path(path)
    toml = path / "playbook.toml" if path.is_dir() else path
    if path.is_file() and path.suffix.lower() in WORKBOOKS:
        return _of_workbook(path)
    if not toml.is_file():
        raise SettingsProblem(
            Problem(
                found=say("no playbook.toml at {path}", path=path.absolute()),
                expected=say("a folder that holds playbook.toml, or the toml itself"),
                try_=say("name the folder that holds it, or let playbook init write one for yours"),
                file=str(toml),
            )
        )
    raw, plans = _named(read_toml(toml), toml), toml.with_name("commission_plans.toml")
    if not plans.is_file():
        return _with_its_files(parse_settings(raw, str(toml)), toml)
    apart = read_toml(plans)
    if set(apart) != {"commission_plans"} or "commission_plans" in raw:
        raise SettingsProblem(
            Problem(
                found=_beside_plans(plans.name, raw, apart),
                expected=say(
                    "[[commission_plans]] either in playbook.toml or, alone, in"
                    " commission_plans.toml beside it"
                ),
                try_=say("move all plans into one of them"),
                file=str(plans),
            )
        )
    return _with_its_files(parse_settings({**raw, **apart}, f"{toml} with {plans.name}"), toml)


def _beside_plans(name: str, raw: dict[str, Any], apart: dict[str, Any]) -> str:
    """What is wrong with a file of plans beside the settings."""
    if "commission_plans" in raw:
        return say("commission plans in two places")
    if not apart:
        return say("{file} holds nothing", file=name)
    return say("{file} holds {keys}", file=name, keys=joined(sorted(apart)))


def _with_its_files(settings: Settings, toml: Path) -> Settings:
    """The settings, whose logo and fonts lie beside them. Raises SettingsProblem with all that do
    not.
    """
    missing = settings.report.missing_files(toml.parent)
    if missing:
        raise SettingsProblem(
            [
                Problem(
                    found=say(
                        "{key} = {name!r}, and no such file in {folder}",
                        key=key,
                        name=name,
                        folder=toml.parent,
                    ),
                    expected=say("a file in the book's folder"),
                    try_=say("lay it beside playbook.toml, or leave the setting out"),
                    file=str(toml),
                    column=key,
                )
                for key, name in missing
            ]
        )
    return settings


def _named(raw: dict[str, Any], toml: Path) -> dict[str, Any]:
    """The settings with the folder's name as the book's, where they give none and it is fit."""
    book, folder = raw.get("book", {}), toml.resolve().parent.name
    if not isinstance(book, dict) or "name" in book or folder_name_problem(folder):
        return raw
    return {**raw, "book": {**book, "name": folder}}


def read_toml(toml: Path) -> dict[str, Any]:
    """What a TOML file says. Raises SettingsProblem for one that is none or that the system does
    not let us read, FileNotFoundError where there is nothing.
    """
    try:
        return tomllib.loads(toml.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsProblem(
            Problem(
                found=say("cannot be opened: {error}", error=error.strerror or error),
                expected=say("a file this user may read"),
                try_=say("give the right to read it, or look whether its disk or share is there"),
                file=str(toml),
            )
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblem(
            Problem(
                found=say("not readable as TOML: {error}", error=error),
                expected=say("a UTF-8 TOML file"),
                try_=say("look at the line named; texts need quotes"),
                file=str(toml),
            )
        ) from None


def parse_settings(raw: dict[str, Any], file: str = "playbook.toml") -> Settings:
    """Settings from parsed TOML; all problems at once."""
    return parse(Settings, raw, file)


def parse(model: type[Table], raw: dict[str, Any], file: str) -> Table:
    """A TOML file as the model of what it may say; all problems at once."""
    try:
        with unnoted():
            return model.model_validate(raw)
    except ValidationError as error:
        told = [dict(entry) for entry in error.errors()]
        told += hidden_mistakes(raw, told) if model is Settings else []
        problems = [problem(entry, file, model) for entry in told]
        raise SettingsProblem(problems) from None
