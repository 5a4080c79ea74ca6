"""playbook.toml, typed: every key has a default and a line of help; an unknown key is refused with
a suggestion.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from playbook.base.errors import Problem, SettingsProblem, did_you_mean
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Calendar

from .alerts import Alert, told_mistakes
from .audiences import Audience, audience_mistakes
from .book import BookSettings, Privacy, folder_name_problem
from .case import CaseSettings, PilotSettings
from .deliver import DeliverSettings
from .engine import EngineSettings
from .funnel import SCRIPTS, FunnelSettings, OwnershipItem, PriceLadder, Rung, Script
from .goals import Adjustment, GoalSettings
from .group import Group
from .incentives import IncentiveLevel, IncentiveSettings
from .mapping import ColumnMapping, LongSettings, TableSettings
from .payroll import PayrollSettings
from .plan_checks import plan_mistakes
from .plan_mended import hidden_mistakes
from .plans import CommissionPlan
from .reads import ALL, note, unnoted
from .report import ReportSettings
from .segments import SegmentSettings, TierTable
from .sources import SourceSettings

__all__ = [
    "SCRIPTS",
    "Adjustment",
    "Alert",
    "Audience",
    "BookSettings",
    "CaseSettings",
    "ColumnMapping",
    "DeliverSettings",
    "EngineSettings",
    "FunnelSettings",
    "GoalSettings",
    "IncentiveLevel",
    "IncentiveSettings",
    "LongSettings",
    "OwnershipItem",
    "PayrollSettings",
    "PilotSettings",
    "PriceLadder",
    "Privacy",
    "ReportSettings",
    "Rung",
    "Script",
    "SegmentSettings",
    "Settings",
    "SourceSettings",
    "TableSettings",
    "TierTable",
    "load_settings",
    "parse_settings",
    "settings_help",
]

Table = TypeVar("Table", bound=Group)


class Settings(Group):
    """The whole of playbook.toml."""

    book: BookSettings = BookSettings()
    privacy: Privacy = Privacy()
    sources: dict[str, SourceSettings] = {}
    tables: dict[str, TableSettings] = {}
    goals: GoalSettings = GoalSettings()
    segments: SegmentSettings = SegmentSettings()
    funnel: FunnelSettings = FunnelSettings()
    incentives: IncentiveSettings = IncentiveSettings()
    case: CaseSettings = CaseSettings()
    pilot: PilotSettings = PilotSettings()
    report: ReportSettings = ReportSettings()
    engine: EngineSettings = EngineSettings()
    audiences: dict[str, Audience] = {}
    payroll: PayrollSettings = PayrollSettings()
    # Who is told about a pack is no part of what the pack is made from: never in a manifest.
    alerts: list[Alert] = Field([], exclude=True)
    deliver: DeliverSettings = Field(DeliverSettings(), exclude=True)
    commission_plans: list[CommissionPlan] = []

    @field_validator("sources")
    @classmethod
    def _told_apart(cls, sources: dict[str, SourceSettings]) -> dict[str, SourceSettings]:
        seen: dict[str, str] = {}
        for name in sources:
            if not name.strip() or not name.isprintable():
                raise ValueError(
                    say("a source needs a name of visible characters, not {name!r}", name=name)
                )
            if name.casefold() in seen:
                raise ValueError(
                    say(
                        "sources '{value}' and '{name}' differ by case only, which queries do"
                        " not see; rename one",
                        value=seen[name.casefold()],
                        name=name,
                    )
                )
            seen[name.casefold()] = name
        return sources

    @model_validator(mode="after")
    def _plans_agree(self) -> Settings:
        named = [
            ("incentives.plan", self.incentives.plan),
            ("incentives.compare_with", self.incentives.compare_with),
        ]
        wrong = plan_mistakes(self.commission_plans, named, self.segments.tiers.names)
        spread = self.payroll.mistakes([plan.name for plan in self.commission_plans])
        splits = self.goals.split_mistakes(self.book.dimensions)
        readers = audience_mistakes(self.audiences, self.book.dimensions)
        told = told_mistakes(self.deliver, self.alerts, self.audiences)
        if found := "; ".join(filter(None, [wrong, *spread, *splits, *readers, *told])):
            raise ValueError(found)
        return self

    @property
    def masks(self) -> bool:
        """Whether contact data inside free texts are masked."""
        return not (self.privacy.show_personal or self.report.contacts)

    def __getattribute__(self, name: str) -> Any:
        if name in GROUPS or name in WHOLE:
            note(name if name in GROUPS else ALL)
        return super().__getattribute__(name)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy looks at nothing: what is asked of it later is noted then."""
        with unnoted():
            return super().model_copy(update=update, deep=deep)

    @property
    def title(self) -> str:
        return self.book.title or self.book.name

    def in_language(self, language: str) -> Settings:
        """The same settings with the pages in another language."""
        return self.model_copy(update={"book": self.book.model_copy(update={"language": language})})

    @property
    def formats(self) -> Formats:
        return Formats(self.book.currency, self.book.language)

    @property
    def calendar(self) -> Calendar:
        given = self.book.holidays
        worked = frozenset(self.book.workdays)
        return (
            Calendar(country=given or None, workdays=worked)
            if isinstance(given, str)
            else Calendar(dates=frozenset(given), workdays=worked)
        )


GROUPS = frozenset(Settings.model_fields)
REQUIRED = later("required")  # in place of a default
WHOLE = ("__dict__", "model_dump", "model_dump_json")
WORKBOOKS = (".xlsx", ".xlsm")


def _of_workbook(path: Path) -> Settings:
    """The settings beside a workbook, which must be the ones that read it."""
    toml = path.with_name("playbook.toml")
    settings = load_settings(toml) if toml.is_file() else None
    if settings and any(source.file == path.name for source in settings.sources.values()):
        return settings
    raise SettingsProblem(
        Problem(
            found=f"{toml} does not read {path.name}" if settings else f"no {toml}",
            expected="a playbook.toml beside the workbook that says what its sheets are",
            try_=f"playbook init {path} --yes writes one"
            + (" (--force to replace the one that is there)" if settings else ""),
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
                found=f"no playbook.toml at {path.absolute()}",
                expected="a folder that holds playbook.toml, or the toml itself",
                try_=(
                    "name the folder with --book, or start from the sample's"
                    " data/sample/playbook.toml"
                ),
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
                found=(
                    "commission plans in two places"
                    if "commission_plans" in raw
                    else f"{plans.name} holds {', '.join(sorted(apart)) or 'nothing'}"
                ),
                expected=(
                    "[[commission_plans]] either in playbook.toml or, alone, in"
                    " commission_plans.toml beside it"
                ),
                try_="move all plans into one of them",
                file=str(plans),
            )
        )
    return _with_its_files(parse_settings({**raw, **apart}, f"{toml} with {plans.name}"), toml)


def _with_its_files(settings: Settings, toml: Path) -> Settings:
    """The settings, whose logo and fonts lie beside them. Raises SettingsProblem with all that do
    not.
    """
    missing = settings.report.missing_files(toml.parent)
    if missing:
        raise SettingsProblem(
            [
                Problem(
                    found=f"{key} = {name!r}, and no such file in {toml.parent}",
                    expected="a file in the book's folder",
                    try_="lay it beside playbook.toml, or leave the setting out",
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
    """What a TOML file says. Raises SettingsProblem for one that is none."""
    try:
        return tomllib.loads(toml.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblem(
            Problem(
                found=f"not readable as TOML: {error}",
                expected="a UTF-8 TOML file",
                try_="look at the line named; texts need quotes",
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
        problems = [_problem(entry, file, model) for entry in told]
        raise SettingsProblem(problems) from None


def _problem(entry: dict[str, Any], file: str, model: type[BaseModel]) -> Problem:
    """One pydantic complaint in our three parts, with its place in the toml."""
    path = [str(part) for part in entry["loc"]]
    place = ".".join(path)
    if entry["type"] == "extra_forbidden":
        return Problem(
            found=say("unknown setting '{key}'", key=place),
            expected=say("a key that `playbook settings` lists")
            if model is Settings
            else say("a key of it: {names}", names=", ".join(_keys_at(path[:-1], model))),
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


def settings_help() -> list[tuple[str, str, str]]:
    """(key, default, meaning) of every setting, in order, as ``playbook settings`` prints them."""
    rows: list[tuple[str, str, str]] = []

    def walk(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            key = f"{prefix}{field.alias or name}"
            annotation = field.annotation
            inner = [
                a
                for a in getattr(annotation, "__args__", ())
                if isinstance(a, type) and issubclass(a, BaseModel)
            ]
            if (
                isinstance(annotation, type)
                and issubclass(annotation, BaseModel)
                and annotation is not TierTable
            ):
                walk(annotation, f"{key}.")
            elif inner:
                walk(inner[0], f"{key}.<name>." if "dict" in str(annotation) else f"{key}[].")
            else:
                default = (
                    REQUIRED
                    if field.is_required()
                    else field.get_default(call_default_factory=True)
                )
                default = default.model_dump() if isinstance(default, BaseModel) else default
                rows.append(
                    (
                        key,
                        REQUIRED if default == REQUIRED else repr(default),
                        field.description or "",
                    )
                )

    walk(Settings, "")
    return rows
