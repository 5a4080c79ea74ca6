"""Blocks and their renderings, the house style of figures and tables, widgets with a static
fallback. Knows no sales.
"""

from .blocks import Figure, Heading, KpiRow, Note, Table, Text
from .results import (
    Action,
    Change,
    Missing,
    Result,
    Worksheet,
    actions_sheet,
    headlines,
    section,
    show,
)
from .tables import Col, table

__all__ = [
    "Action",
    "Change",
    "Col",
    "Figure",
    "Heading",
    "KpiRow",
    "Missing",
    "Note",
    "Result",
    "Table",
    "Text",
    "Worksheet",
    "actions_sheet",
    "headlines",
    "section",
    "show",
    "table",
]
