"""The files of a closed month: for payroll (csv, xlsx), for finance, and the record with checksums.

Money stands in them as the currency writes it; ``…_minor`` and ``…_ticks`` columns carry the same
as whole numbers for programs.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.measures.credits import TICKS
from playbook.report.record.archive import private_room
from playbook.report.record.workbook import write_workbook

from .accrual import Schedule
from .cells import safe
from .changes import LedgerLine
from .frozen import RECORD, Json, sealed, sha256
from .payable import RepPayable

MONEY = (
    "month",
    "prior",
    "adjustments",
    "carried_in",
    "due",
    "payable",
    "carried_out",
    "earned_to_date",
    "paid_to_date",
)
HEADS = {
    "month": "earned_in_month",
    "prior": "prior_periods",
    "adjustments": "adjustments",
    "carried_in": "carried_in",
    "due": "due",
    "payable": "payable_now",
    "carried_out": "carried_out",
    "earned_to_date": "earned_to_date",
    "paid_to_date": "paid_to_date",
}
Cell = str | int


def plain(units: int, minor: int) -> str:
    """Minor units as a number with its decimals: ``-1204.50``."""
    return f"{Decimal(units).scaleb(-minor):f}"


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read names right; lines end in CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def payroll_rows(
    rows: Iterable[RepPayable], names: Mapping[str, str], month: Month, currency: str, minor: int
) -> list[dict[str, Cell]]:
    """What payroll pays, one row per rep."""
    return [
        {
            "rep_id": safe(row.rep_id),
            "name": safe(names.get(row.rep_id, row.rep_id)),
            "month": str(month),
            "currency": currency,
            **{HEADS[key]: plain(row.as_dict()[key], minor) for key in MONEY},  # type: ignore
        }
        for row in rows
    ]


def line_rows(lines: Iterable[LedgerLine], minor: int) -> list[dict[str, Cell]]:
    """Every line that the close adds, with what it was and is."""
    return [
        {
            "kind": line.kind,
            "rep_id": safe(line.rep_id),
            "date": line.date,
            "order_id": safe(line.order_id),
            "customer_id": safe(line.customer_id),
            "item": safe(line.item),
            "adjustment_id": safe(line.adjustment_id),
            "plan": safe(line.plan),
            "credited": f"{Decimal(line.credited) / TICKS:f}",
            "before": plain(line.before, minor),
            "after": plain(line.after, minor),
            "pay": plain(line.pay, minor),
            "why": safe(line.why),
            "credited_ticks": line.credited,
            "pay_minor": line.pay,
        }
        for line in lines
    ]


def schedule_rows(made: Iterable[Schedule], minor: int) -> list[dict[str, Cell]]:
    """What is spread over time, one row per rep and order."""
    money = ("total", "base", "done", "expensed", "expense", "asset")
    return [
        {
            **{k: _text(v) for k, v in one.as_dict().items() if k not in money},
            **{k: plain(int(one.as_dict()[k]), minor) for k in money},
            **{f"{k}_minor": int(one.as_dict()[k]) for k in money},
        }
        for one in made
    ]


def _text(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else value


def schedules_from(rows: Iterable[Mapping[str, str]]) -> list[Schedule]:
    """Schedules as a closed month holds them."""
    return [
        Schedule(
            row["rep_id"],
            row["order_id"],
            row["plan"],
            int(row["total_minor"]),
            row["start"],
            int(row["months"]),
            int(row["base_minor"]),
            int(row["done_minor"]),
            int(row["expensed_minor"]),
            0,
        )
        for row in rows
    ]


def accrual_rows(rows: Iterable[Mapping[str, Cell]], minor: int) -> list[dict[str, Cell]]:
    """What finance books, one row per plan and one for all."""
    return [
        {k: safe(v) if isinstance(v, str) else plain(v, minor) for k, v in row.items()}
        for row in rows
    ]


Table = list[dict[str, Cell]]


def freeze(
    folder: Path,
    month: Month,
    tables: Mapping[str, tuple[Sequence[str], Table]],
    record: Json,
    pages: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a closed month and return its folder: whole or not at all, its files read-only.

    tables: file name (csv) → columns and rows; they become sheets of ``payroll.xlsx`` too. pages:
    file name → content of papers that go with it. Raises
    DataProblem when the month was closed meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with private_room(f".closing-{month}-", folder) as room:
        for name, (head, rows) in tables.items():
            content = csv_bytes(head, ([row[column] for column in head] for row in rows))
            (room / name).write_bytes(content)
        write_workbook(
            _sheets(tables),
            room / "payroll.xlsx",
            title=say("Payroll {month}", month=month),
            as_of=month.end,
        )
        for name, content in (pages or {}).items():
            (room / name).write_bytes(content)
        files = {path.name: sha256(path.read_bytes()) for path in sorted(room.iterdir())}
        text = json.dumps(sealed({**record, "files": files}), ensure_ascii=False, indent=1)
        (room / RECORD).write_text(text + "\n", encoding="utf-8")
        for path in room.iterdir():
            path.chmod(0o440)
            _on_disk(path)
        room.chmod(0o750)
        _on_disk(room)
        _put(room, folder / str(month), month)
        _on_disk(folder)
    return folder / str(month)


def _put(room: Path, target: Path, month: Month) -> None:
    try:
        os.rename(room, target)
    except OSError as error:
        if not target.exists():
            raise
        raise DataProblem(
            Problem(
                found=say("{month} was closed meanwhile by somebody else", month=month),
                expected=say("one close of a month"),
                try_=say("playbook pay status"),
            )
        ) from error


def _on_disk(path: Path) -> None:
    """Wait until a file or a folder's names are on the disk: a power cut after the close must not
    leave a frozen month without its content. Where a system cannot wait, it is as before.
    """
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sheets(tables: Mapping[str, tuple[Sequence[str], Table]]) -> list[dict[str, Any]]:
    """Tables as sheets: amounts as numbers, all else as text; whole-number columns stay in csv."""
    made = []
    for name, (head, rows) in tables.items():
        shown = [c for c in head if not c.endswith(("_minor", "_ticks"))]
        text = {c: not all(_number(row[c]) for row in rows) or c in TEXT for c in shown}
        made.append(
            {
                "name": Path(name).stem.replace("-", " ").capitalize(),
                "columns": [
                    [c, c.replace("_", " ").capitalize(), "text" if text[c] else "money.exact"]
                    for c in shown
                ],
                "rows": [[row[c] if text[c] else float(row[c]) for c in shown] for row in rows],
            }
        )
    return made


TEXT = {"rep_id", "order_id", "customer_id", "adjustment_id", "name", "plan", "month", "start"}


def _number(value: Cell) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
