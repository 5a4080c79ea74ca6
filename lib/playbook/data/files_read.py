"""Which files were read, and which tables were made from each."""

from __future__ import annotations

import re
from typing import Any

from playbook.base.settings import Settings

from .read import Read
from .source import RawSource


def files_read(
    read: Read, sources: dict[str, RawSource | None], settings: Settings
) -> tuple[dict[str, Any], ...]:
    """One entry per file: its tables are those made from it, by columns or by a query naming it."""
    tables: dict[str, list[str]] = {}
    for name, staged in read.staged.items():
        if staged.source:
            tables.setdefault(staged.source.name, []).append(name)
    out = []
    for name, source in sources.items():
        spans = [read.span(table) for table in tables.get(name, ())]
        days = [day for span in spans for day in span if day]
        ends = (
            {"first": min(days).isoformat(), "last": max(days).isoformat()}
            if days
            else {"first": None, "last": None}
        )
        out += [
            {
                "source": name,
                **file,
                "tables": [*tables.get(name, []), *_queried(name, settings)],
                **ends,
            }
            for file in (source.files if source else ())
        ]
    return tuple(out)


def _queried(source: str, settings: Settings) -> list[str]:
    """Tables whose SQL reads the source."""
    named = re.compile(rf'(?<![\w.\'])"?{re.escape(source)}"?(?![\w\'])', re.IGNORECASE)
    return [name for name, table in settings.tables.items() if named.search(table.sql)]
