"""Contracts of which a file gives only what the whole term is worth: the year's worth is worked
out of its days, and said to be.
"""

from __future__ import annotations

from dataclasses import replace

from playbook.base.language import say

from .headers import normal
from .plan import TablePlan
from .profile import Profile
from .sqltext import name

TOTALS = {
    "total contract value",
    "tcv",
    "total value",
    "contract value",
    "contract amount",
    "total amount",
    "total",
    "amount",
    "value",
    "合同金额",
    "合同总金额",
    "合同总额",
    "合同额",
    "总金额",
    "金额",
}
DAY = r"\d{4}-\d{2}-\d{2}([ T].*)?"
PLAIN = r"\d{1,3}(,\d{3})+([.]\d+)?|\d+([.]\d*)?"


def over_its_term(plan: TablePlan) -> TablePlan:
    """The plan with annual_value as a query: the total × 365.25 / days from start to end, both
    counted. As it was where another column is missing too, several could be the total, or cells are
    written so that the query could not read them.
    """
    said = {line.column: line.said for line in plan.lines}
    if plan.table != "contracts" or plan.open_ != ("annual_value",):
        return plan
    if not all(isinstance(header, str) for header in said.values()) or "end" not in said:
        return plan
    free = [c for c in plan.found.columns if c.name not in said.values()]
    totals = [c for c in free if normal(c.name) in TOTALS]
    if len(totals) != 1 or not _readable(plan, said, totals[0]):
        return plan
    total, start, end = totals[0].name, str(said["start"]), str(said["end"])
    columns = [f'{name(str(header))} AS "{column}"' for column, header in said.items()]
    days = f"(CAST(left({name(end)}, 10) AS DATE) - CAST(left({name(start)}, 10) AS DATE) + 1)"
    amount = f"CAST(replace({name(total)}, ',', '') AS DECIMAL(18,4))"
    year = f"CAST(round({amount} * 365.25 / {days}, 2) AS DECIMAL(18,2)) AS annual_value"
    query = ",\n  ".join([*columns, year])
    why = say(
        "CHECK: annual_value is worked out, {total} × 365.25 / days from {start} to {end}, both"
        " counted",
        total=total,
        start=start,
        end=end,
    )
    return replace(
        plan,
        lines=(),
        open_=(),
        sql=f"SELECT {query}\nFROM {name(plan.found.name)}",
        gives=(*said, "annual_value"),
        warns=(*plan.warns, why),
    )


def _readable(plan: TablePlan, said: dict[str, object], total: Profile) -> bool:
    """Whether every row has a total, a start and a later end, written plainly."""
    column = {c.name: c for c in plan.found.columns}
    start, end = column[str(said["start"])], column[str(said["end"])]
    if not (total.fill == start.fill == end.fill == 1 and len(total.filled)):
        return False
    days = start.filled.str.fullmatch(DAY).all() and end.filled.str.fullmatch(DAY).all()
    if not (days and total.filled.str.fullmatch(PLAIN).all()):
        return False
    return bool((start.filled.str[:10].array <= end.filled.str[:10].array).all())
