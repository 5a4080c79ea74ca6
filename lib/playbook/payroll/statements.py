"""One statement per rep and month: what is paid and how it comes about, line by line. Each is
readable by that rep alone: a folder of its own, and in the file nobody else's pay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from playbook.base.errors import did_you_mean, refused
from playbook.base.formats import Formats, joined
from playbook.base.language import say, speaking
from playbook.base.periods import Month, fiscal_year
from playbook.data.measures.credits import TICKS
from playbook.pay.items import item_said

from .changes import LedgerLine
from .frozen import Json
from .months_of_pay import MonthOfPay
from .paper import Press, table
from .words import words

UNSAFE = re.compile(r"[^\w.-]+")


def write_statements(pay: MonthOfPay, out: Path, reps: Sequence[str] = ()) -> list[Path]:
    """Print a statement for every rep of the month (or those named) and return the files.

    Each lies in a folder of its own that only its owner on this machine may read (700, files 600).
    Raises ParameterProblem for a rep without a row in the month.
    """
    rows = {row["rep_id"]: row for row in pay.record["reps"]}
    if unknown := [rep for rep in reps if rep not in rows]:
        raise refused(
            say("no pay of {unknown!r} in {month}", unknown=unknown[0], month=pay.month),
            say("a rep_id of the month's payroll"),
            did_you_mean(unknown[0], rows),
        )
    lines: dict[str, list[LedgerLine]] = {}
    for line in pay.lines:
        lines.setdefault(line.rep_id, []).append(line)
    made = []
    with Press() as press:
        for rep in reps or rows:
            place = out / str(pay.month) / folder_name(rep)
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o700)
            file = place / f"statement-{pay.month}.pdf"
            content = statement_pdf(press, pay, rows[rep], lines.get(rep, []))
            file.unlink(missing_ok=True)
            file.touch(mode=0o600)
            file.write_bytes(content)
            made.append(file)
    return made


def folder_name(rep_id: str) -> str:
    """A folder name for any rep id: itself where it is one, else made fit and told apart."""
    clean = UNSAFE.sub("_", rep_id).strip("._")[:60]
    if clean == rep_id:
        return clean
    return f"{clean or 'rep'}-{sha256(rep_id.encode()).hexdigest()[:8]}"


def statement_pdf(
    press: Press, pay: MonthOfPay, row: Mapping[str, Any], lines: Sequence[LedgerLine]
) -> bytes:
    """A rep's statement. row: of the record. lines: the rep's."""
    with speaking(settings_language(pay)):
        return _pdf(press, pay, row, lines)


def _pdf(
    press: Press, pay: MonthOfPay, row: Mapping[str, Any], lines: Sequence[LedgerLine]
) -> bytes:
    w, settings = words(settings_language(pay)), pay.settings
    month = pay.fmt.text(str(pay.month), "month")
    number = f"{pay.month}-{row['rep_id']}"
    state = w["draft"] if pay.draft else w["closed"]
    meta = {
        "title": w["statement_of"].format(month=month),
        "above": f"{settings.title} · {row['name']}",
        "company": settings.title,
        "language": settings.book.language,
        "footer": f"{number} · {row['name']} · {state}",
        "page": w["page"],
    }
    return press.pdf(meta, list(blocks(pay, row, lines)), date.fromisoformat(pay.record["as_of"]))


def settings_language(pay: MonthOfPay) -> str:
    return pay.settings.book.language


def blocks(pay: MonthOfPay, row: Mapping[str, Any], lines: Sequence[LedgerLine]) -> Iterator[Json]:
    """The parts of a statement, in order."""
    w, fmt = words(settings_language(pay)), pay.fmt
    seal = w["draft_long"] if pay.draft else pay.record["checksum"][:12]
    mine = [line.plan for line in lines if line.plan]
    plans = [name for name in pay.record["plans"] if name in mine] or list(pay.record["plans"])[-1:]
    yield {
        "type": "facts",
        "rows": [
            [w["name"], say("{name} ({rep_id})", name=row["name"], rep_id=row["rep_id"])],
            [w["plan"], joined(plans)],
            [w["as_of"], fmt.text(date.fromisoformat(pay.record["as_of"]), "date")],
            [w["seal"], seal],
        ],
    }
    yield _box(pay, row, w)
    yield from _standing(pay, row, w)
    yield from _month_lines(pay, lines, w)
    yield from _prior(pay, lines, w)
    yield from _pending(pay, row, w)
    yield from _year(pay, row, w)
    for name in plans:
        yield {
            "type": "note",
            "text": say("{name}: {terms}", name=name, terms=pay.record["plans"][name]["terms"]),
        }
    asked = w["ask"].format(contact=pay.settings.payroll.contact or w["payroll_office"])
    dispute = w["dispute"].format(days=pay.settings.payroll.dispute_days)
    yield {"type": "note", "text": joined([asked, dispute], " ")}


def _box(pay: MonthOfPay, row: Mapping[str, Any], w: Mapping[str, str]) -> Json:
    """Earned to date less paid to date, and the last payment beside this one."""
    parts = [(w[k], row[k]) for k in ("month", "prior", "adjustments", "carried_in")]
    rows = [
        [label, pay.money(value), False] for label, value in parts if value or label == w["month"]
    ]
    rows.append([w["payable"], pay.money(row["payable"]), True])
    if row["carried_out"]:
        rows.append([w["carried_out"], pay.money(row["carried_out"]), False])
    paid = int(row["paid_to_date"]) - int(row["payable"])
    rows.append(
        [
            w["to_date"].format(
                earned=pay.money(row["earned_to_date"]),
                paid=pay.money(paid),
                since=pay.fmt.text(pay.record["starts"], "month"),
            ),
            "",
            False,
        ]
    )
    if pay.earlier:
        last = next(
            (one for one in pay.earlier[-1].record["reps"] if one["rep_id"] == row["rep_id"]), None
        )
        before = int(last["payable"]) if last else 0
        change = pay.money(int(row["payable"]) - before, sign=True)
        rows.append([w["since_last"].format(before=pay.money(before), change=change), "", False])
    return {"type": "box", "rows": rows}


def _standing(pay: MonthOfPay, row: Mapping[str, Any], w: Mapping[str, str]) -> Iterator[Json]:
    """Progress to the quota and its measures, the next step, and what the next deal pays."""
    at, fmt = row.get("standing") or {}, pay.fmt
    for one in row.get("measures") or []:
        total, quota = Decimal(one["total"]), Decimal(one["quota"])
        share, shown = total / quota if quota else Decimal(0), _counted(one["of"], fmt)
        text = f"{fmt.share(float(share))} · {shown(total)} / {shown(quota)}"
        label = (
            say("{name} ({of})", name=one["name"], of=w[one["of"]])
            if one["name"] != one["of"]
            else w[one["of"]]
        )
        yield {"type": "bar", "label": label, "share": float(share), "text": text}
    if not at:
        return
    total = Decimal(at.get("total", "0"))
    if "quota" in at and Decimal(at["quota"]) > 0:
        share = total / Decimal(at["quota"])
        text = f"{fmt.share(float(share))} · {fmt.money(total)} / {fmt.money(Decimal(at['quota']))}"
        yield {"type": "bar", "label": w["quota"], "share": float(share), "text": text}
    said = []
    if "to_next" in at:
        said.append(
            w["next_step"].format(
                total=fmt.money(total),
                gap=fmt.money(Decimal(at["to_next"])),
                edge=fmt.money(Decimal(at["edge"])),
            )
        )
    if "next_deal" in at and Decimal(at["deal"]) > 0:
        said.append(
            w["next_deal"].format(
                deal=fmt.money(Decimal(at["deal"])),
                pay=fmt.text(Decimal(at["next_deal"]), "money.exact"),
            )
        )
    if said:
        yield {"type": "text", "text": joined(said, " ")}


def _counted(of: str, fmt: Formats) -> Callable[[Decimal], str]:
    """How a measure's amounts are written: money, or plain numbers of pieces and customers."""
    if of not in ("units", "new_logos"):
        return fmt.money
    return lambda value: f"{value.quantize(Decimal('0.01')).normalize():f}"


def _month_lines(
    pay: MonthOfPay, lines: Sequence[LedgerLine], w: Mapping[str, str]
) -> Iterator[Json]:
    fmt = pay.fmt
    mine = [line for line in lines if line.kind == "month"]
    if not mine:
        yield {"type": "text", "text": w["no_lines"]}
        return
    rows = [
        [
            str(number),
            fmt.text(date.fromisoformat(line.date), "date"),
            line.order_id or line.adjustment_id or "–",
            line.customer_id or "–",
            fmt.text(Decimal(line.credited) / TICKS, "money.exact") if line.credited else "–",
            _how(line),
            pay.money(line.pay),
        ]
        for number, line in enumerate(mine, start=1)
    ]
    total = ["", "", "", "", "", w["total"], pay.money(sum(line.pay for line in mine))]
    head = [w[k] for k in ("no", "date", "order", "customer", "credited", "how", "pay")]
    yield table(w["lines"], head, rows, "llllrlr", widths=[0, 0, 0, 0, 0, 1, 0], total=total)


def _how(line: LedgerLine) -> str:
    """The kind of pay and how it comes about; pay for the quota names its measure itself."""
    if not line.why:
        return item_said(line.item)
    if line.item.startswith("attainment"):
        return line.why
    return say("{item}: {why}", item=item_said(line.item), why=line.why)


def _prior(pay: MonthOfPay, lines: Sequence[LedgerLine], w: Mapping[str, str]) -> Iterator[Json]:
    mine = [line for line in lines if line.kind == "prior period"]
    if not mine:
        return
    rows = [
        [
            pay.fmt.text(line.month, "month"),
            line.order_id or line.adjustment_id or item_said(line.item),
            pay.money(line.before),
            pay.money(line.after),
            line.why,
            pay.money(line.pay, sign=True),
        ]
        for line in sorted(mine, key=lambda line: line.key)
    ]
    total = ["", "", "", "", w["total"], pay.money(sum(line.pay for line in mine), sign=True)]
    head = [w[k] for k in ("month_of", "line", "was", "is", "why", "pays")]
    yield table(w["prior_title"], head, rows, "llrrlr", widths=[0, 0, 0, 0, 1, 0], total=total)


def _pending(pay: MonthOfPay, row: Mapping[str, Any], w: Mapping[str, str]) -> Iterator[Json]:
    mine = [one for one in pay.record["pending"] if one["rep_id"] == row["rep_id"]]
    if mine:
        rows = [
            [
                one["adjustment_id"],
                one["reason"],
                pay.fmt.text(Decimal(one["amount"]), "money.exact", sign=True),
            ]
            for one in mine
        ]
        head = [w["adjustment"], w["reason"], w["amount"]]
        yield table(w["pending_title"], head, rows, "llr", widths=[0, 1, 0])


def _year(pay: MonthOfPay, row: Mapping[str, Any], w: Mapping[str, str]) -> Iterator[Json]:
    """Earned and paid in the months of the fiscal year that are closed, and this one."""
    first, _ = fiscal_year(pay.month, pay.settings.book.fiscal_year_start)
    rows, earned, paid = [], 0, 0
    for record in [*(one.record for one in pay.earlier), pay.record]:
        month = Month.parse(record["month"])
        mine = next((one for one in record["reps"] if one["rep_id"] == row["rep_id"]), None)
        if month < first or mine is None:
            continue
        more = int(mine["month"]) + int(mine["prior"]) + int(mine["adjustments"])
        earned, paid = earned + more, paid + int(mine["payable"])
        rows.append(
            [
                pay.fmt.text(str(month), "month"),
                pay.money(more),
                pay.money(int(mine["payable"])),
                pay.money(int(mine["carried_out"])) if mine["carried_out"] else "–",
            ]
        )
    head = [w["month_of"], w["earned"], w["paid"], w["carried_out"]]
    total = [w["year_to_date"], pay.money(earned), pay.money(paid), ""]
    yield table(w["year_to_date"], head, rows, "lrrr", total=total)
