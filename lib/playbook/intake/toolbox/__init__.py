"""The toolbox workbook: ten tool tables that people fill in, and the playbook.toml for them."""

from .mapping import settings_text
from .spec import LANGUAGES, language_of, sheets
from .workbook import write_toolbox

__all__ = ["LANGUAGES", "language_of", "settings_text", "sheets", "write_toolbox"]
