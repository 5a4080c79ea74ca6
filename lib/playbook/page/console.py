"""A result as one readable screen of text, for ``print(result)`` and a Python console."""

from __future__ import annotations

from dataclasses import fields
from textwrap import shorten, wrap
from typing import Any

import pandas as pd

from playbook.base.contracts import contracts_of
from playbook.base.language import say

WIDTH, ROWS = 100, 5


def summary(result: Any) -> str:
    """What the result is, its window, its headline, the first rows of its main frame, and the names
    of its frames with what one row of each is.
    """
    frames = frames_of(result)
    parts = [_title(result), _window(result, frames), _headline(result)]
    if frames:
        main = "table" if "table" in frames else next(iter(frames))
        parts += ["", first_rows(frames[main]), "", *_frame_lines(result, frames)]
    return "\n".join(part for i, part in enumerate(parts) if part or i > 2)


def frames_of(result: Any) -> dict[str, pd.DataFrame]:
    """Every frame a result holds, by attribute; of a dict of frames each as ``name['key']``."""
    found: dict[str, pd.DataFrame] = {}
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame):
            found[field.name] = value
        elif isinstance(value, dict):
            found |= {
                f"{field.name}[{key!r}]": frame
                for key, frame in value.items()
                if isinstance(frame, pd.DataFrame)
            }
    return found


def first_rows(frame: pd.DataFrame, rows: int = ROWS) -> str:
    """The first rows, as many columns as fit a screen, and the names of the others."""
    if not len(frame.columns):
        return say("(no columns)")
    shown = frame.head(rows).map(lambda v: shorten(v, 30) if isinstance(v, str) else v)
    texts = [shown[[name]].to_string(index=False).splitlines() for name in shown.columns]
    widths = [max(map(len, lines)) + 1 for lines in texts]
    kept = max(1, sum(sum(widths[: i + 1]) <= WIDTH for i in range(len(widths))))
    lines = [" ".join(parts) for parts in zip(*texts[:kept], strict=False)]
    if frame.empty:
        lines = [" ".join(map(str, frame.columns[:kept])), say("(no rows)")]
    if len(frame) > rows:
        lines.append(say("… {n} more rows", n=len(frame) - rows))
    if spare := [str(name) for name in frame.columns[kept:]]:
        lines += wrap(
            say("… more columns: {names}", names=", ".join(spare)), WIDTH, subsequent_indent="  "
        )[:3]
    return "\n".join(lines)


def _title(result: Any) -> str:
    kind = type(result)
    lines = (kind.__doc__ or "").strip().split("\n\n")[0].split()
    says = " ".join(lines)
    if says.startswith(f"{kind.__name__}("):  # what dataclass writes where nobody did
        says = ""
    name = result.section.replace("-", " ") or kind.__name__
    return f"{name[:1].upper()}{name[1:]} ({kind.__name__})" + (
        f": {shorten(says, WIDTH)}" if says else ""
    )


def _window(result: Any, frames: dict[str, pd.DataFrame]) -> str:
    """As-of date and windows, as far as the result knows them."""
    parts = []
    if (day := getattr(result, "as_of", None)) is not None:
        parts.append(say("as of {day}", day=day))
    window = getattr(result, "window", None)
    if window is not None and not callable(window):
        parts.append(say("window {name}", name=getattr(window, "label", window)))
    else:
        table = frames.get("table")
        if table is not None and "window" in table.columns:
            names = ", ".join(map(str, table["window"].unique()))
            parts.append(say("windows: {names}", names=names))
    return "; ".join(parts)


def _headline(result: Any) -> str:
    return "\n".join(wrap(result.headline(), WIDTH)[:4])


def _frame_lines(result: Any, frames: dict[str, pd.DataFrame]) -> list[str]:
    contracts = contracts_of(type(result))
    lines = [say("Frames:")]
    for name, frame in frames.items():
        contract = contracts.get(name.split("[")[0])
        grain = " ".join((contract.__doc__ or "").split("\n\n")[0].split()) if contract else ""
        size = f"{len(frame)} × {len(frame.columns)}"
        lines.append(shorten(f".{name}  {size}  {grain}", WIDTH + 20).rstrip())
    return [*lines[:9], *([say("… {n} more", n=len(lines) - 9)] if len(lines) > 9 else [])]
