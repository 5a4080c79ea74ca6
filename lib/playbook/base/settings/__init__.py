"""playbook.toml, typed: every key has a default and a line of help; an unknown key is refused with
a suggestion.
"""

from __future__ import annotations

from .alerts import Alert
from .audiences import Audience
from .book import BookSettings, Privacy
from .case import CaseSettings, PilotSettings
from .deliver import DeliverSettings
from .engine import EngineSettings
from .funnel import SCRIPTS, FunnelSettings, OwnershipItem, PriceLadder, Rung, Script
from .goals import Adjustment, GoalSettings
from .incentives import IncentiveLevel, IncentiveSettings
from .listed import REQUIRED, settings_help
from .loading import load_settings, parse, parse_settings, read_toml
from .mapping import ColumnMapping, LongSettings, TableSettings
from .payroll import PayrollSettings
from .report import ReportSettings
from .segments import SegmentSettings, TierTable
from .sources import SourceSettings
from .whole import Settings

__all__ = [
    "REQUIRED",
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
    "parse",
    "parse_settings",
    "read_toml",
    "settings_help",
]
