"""The whole of playbook.toml: its tables, and what must hold between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.base.periods import Calendar

from .alerts import Alert, told_mistakes
from .audiences import Audience, audience_mistakes
from .book import BookSettings, Privacy
from .case import CaseSettings, PilotSettings
from .deliver import DeliverSettings
from .engine import EngineSettings
from .funnel import FunnelSettings
from .goals import GoalSettings
from .greetings import greeting_mistakes
from .group import Group
from .incentives import IncentiveSettings
from .mapping import TableSettings
from .payroll import PayrollSettings
from .plan_checks import plan_mistakes
from .plans import CommissionPlan
from .prose import masked_prose
from .reads import ALL, note, unnoted
from .report import ReportSettings
from .segments import SegmentSettings
from .sources import SourceSettings


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
        greeted = greeting_mistakes(self.segments.tier_greetings, self.book.holidays)
        if found := [*wrong, *spread, *splits, *readers, *told, *greeted]:
            raise ValueError(joined(found, "; "))
        return self

    @model_validator(mode="after")
    def _without_contacts(self) -> Settings:
        with unnoted():
            if self.masks:
                for name in ("goals", "segments", "funnel", "incentives"):
                    self.__dict__[name] = masked_prose(self.__dict__[name])
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
        with unnoted():  # what is written asks for the tiers' names only: they are in every key
            own = "tiers" in self.segments.model_fields_set
            tiers = tuple(self.segments.tiers.names)
        return Formats(self.book.currency, self.book.language, tiers, own)

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
WHOLE = ("__dict__", "model_dump", "model_dump_json")
