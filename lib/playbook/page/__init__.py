"""Blocks and their renderings, the house style of figures and tables, widgets with a static
fallback. Knows no sales.
"""

from .blocks import Figure, Heading, KpiRow, Note, Table, Text
from .follow import choose
from .missing import Missing, look, section
from .results import (
    Action,
    Change,
    Result,
    Worksheet,
    actions_sheet,
    headlines,
    show,
    still_to_do,
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
    "choose",
    "headlines",
    "look",
    "section",
    "show",
    "still_to_do",
    "table",
]
