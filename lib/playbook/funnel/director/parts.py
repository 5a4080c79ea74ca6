"""The month by region and product line: the bridge of the brief and the page on its parts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.funnel.money.performance import Performance
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Rows, Sheet, bars, bridge, variance, words

MOST = 6  # members shown of a dimension; the rest are one line
SHOWN = ("region", "product_line", "channel", "customer_type")
WORDS = {
    "region": "region",
    "product_line": "product line",
    "channel": "channel",
    "customer_type": "customer type",
}


def members_of(performance: Performance, dimension: str, window: str = "month") -> pd.DataFrame:
    """Members in their fixed order (target, else last year), the smallest together as one row."""
    rows = performance.table
    rows = rows[(rows.dimension == dimension) & (rows.window == window)]
    order = "target" if rows.target.notna().all() else "last_year"
    rows = rows.assign(_by=rows[order].fillna(0.0)).sort_values("_by", ascending=False)
    if len(rows) <= MOST + 1:
        return rows
    base = rows[order].fillna(0.0)
    largest = (rows.actual - base).abs().sort_values(ascending=False).index[:MOST]
    kept, rest = rows[rows.index.isin(largest)], rows[~rows.index.isin(largest)]
    sums = ("target", "actual", "last_year", "before", "orders", "orders_year")
    total = {c: rest[c].sum(min_count=len(rest)) for c in sums if c in rest}
    other = {**rest.iloc[0].to_dict(), **total, "label": f"{len(rest)} others", "member": ""}
    return pd.concat([kept, pd.DataFrame([other])], ignore_index=True)


def dimensions_of(performance: Performance) -> list[str]:
    """Dimensions with at least two members, regions and product lines first."""
    counts = performance.table[performance.table.window == "month"].groupby("dimension").size()
    return [d for d in SHOWN if counts.get(d, 0) > 1]


def _base(performance: Performance) -> tuple[str, str]:
    """What the month is set against: (column, PL or PY); empty where there is neither."""
    row = performance.total("month")
    if row["target"] == row["target"] and row["target"]:
        return "target", "PL"
    if row["last_year"] == row["last_year"] and row["last_year"]:
        return "last_year", "PY"
    return "", ""


def bridge_of(performance: Performance, fmt: Formats) -> Rows | None:
    """From plan (last year without one) to actual, told by at most two dimensions."""
    if performance.status != "ok":
        return None
    column, word = _base(performance)
    total = performance.total("month")
    dimensions = [d for d in dimensions_of(performance) if _adds_up(performance, d, column, total)]
    if not column or not dimensions:
        return None
    lines = [
        _bridge_line(f"{word} {_month(performance, fmt)}", 0.0, total[column], "plan", total, fmt)
        if word == "PL"
        else _bridge_line(
            f"PY {_month(performance, fmt)}", 0.0, total[column], "before", total, fmt
        )
    ]
    for i, dimension in enumerate(dimensions[:2]):
        at = float(total[column])
        for row in members_of(performance, dimension).to_dict("records"):
            step = row["actual"] - row[column]
            tone = "good" if step >= 0 else "bad"
            lines.append(_bridge_line(f"  {row['label']}", at, at + step, tone, row, fmt))
            at += step
        if i == 0:
            actual = _bridge_line(
                f"AC {_month(performance, fmt)}", 0.0, total["actual"], "actual", total, fmt
            )
            lines.append(actual)
    named = WORDS[dimensions[0]] + (
        f", then by {WORDS[dimensions[1]]}" if len(dimensions) > 1 else ""
    )
    gap = bare(fmt, total["actual"] - total[column], sign=True)
    return Rows(
        _bridge_title(performance, dimensions[0], column, word, fmt),
        f"{word} → AC, {performance.currency} · {gap} told by {named}",
        (
            Column("", width=1.55),
            Column("", "bridge", 6.2),
            Column("PL", "num", 0.85, right=True),
            Column("AC", "num", 0.85, right=True),
            Column("ΔPL %", "num", 0.85, right=True),
            Column("ΔPY %", "num", 0.85, right=True),
        ),
        tuple(lines),
        name="bridge",
    )


def _adds_up(performance: Performance, dimension: str, column: str, total: dict) -> bool:
    """Whether members' bases and actuals sum to the whole, so that a bridge closes."""
    if not column:
        return False
    rows = performance.table
    rows = rows[(rows.dimension == dimension) & (rows.window == "month")]
    if rows[column].isna().any():
        return False
    off = max(abs(rows[c].sum() - total[c]) for c in (column, "actual"))
    return bool(off <= 0.005 * max(abs(float(total[column])), abs(float(total["actual"])), 1.0))


def _month(performance: Performance, fmt: Formats) -> str:
    return fmt.text(f"{performance.as_of:%Y-%m}", "month")


def _bridge_line(
    label: str, start: float, end: float, tone: str, row: dict[str, Any], fmt: Formats
) -> Line:
    text = bare(fmt, end - start, sign=tone in ("good", "bad"))
    style: Any = "total" if tone in ("plan", "actual", "before") else ""
    hidden = tone in ("plan", "before")
    cells = [
        words(label),
        bridge(start, end, text, tone),
        words("" if hidden and tone == "plan" else bare(fmt, row["target"])),
        words("" if hidden else bare(fmt, row["actual"])),
        words("" if hidden else relative(row["actual"], row["target"], fmt), _tone(row, "target")),
        words(
            "" if hidden else relative(row["actual"], row["last_year"], fmt),
            _tone(row, "last_year"),
        ),
    ]
    return Line(tuple(cells), style)


def relative(value: Any, base: Any, fmt: Formats) -> str:
    """The variance in whole per cent; a base that is absent or nought gives a dash."""
    if base != base or base is None or not base or value != value:
        return "–"
    return fmt.share(value / abs(base) - (1 if base > 0 else -1), sign=True, decimals=0)


def _tone(row: dict[str, Any], base: str) -> Any:
    if row[base] != row[base] or not row[base]:
        return "muted"
    return "good" if row["actual"] >= row[base] else "bad"


def _bridge_title(
    performance: Performance, dimension: str, column: str, word: str, fmt: Formats
) -> str:
    rows = members_of(performance, dimension)
    above = rows[rows.actual >= rows[column]]
    below = rows[rows.actual < rows[column]].assign(gap=lambda r: r.actual - r[column])
    base = "plan" if word == "PL" else "last year"
    what = WORDS[dimension]
    if below.empty:
        return f"Every {what} is above {base}"
    worst = below.sort_values("gap").iloc[0]
    amount = fmt.money(-worst.gap, compact=True)
    if above.empty:
        return f"Every {what} is below {base}; {worst.label} most, by {amount}"
    n = len(rows)
    return f"{len(above)} of {n} {what}s above {base}; {worst.label} {amount} short"


def shortest(performance: Performance, fmt: Formats) -> str:
    """The member furthest below plan or last year beyond chance, for the brief's title."""
    if performance.status != "ok":
        return ""
    column, word = _base(performance)
    dimensions = dimensions_of(performance)
    if not column or not dimensions:
        return ""
    rows = members_of(performance, dimensions[0])
    rows = rows.assign(gap=rows.actual - rows[column]).dropna(subset=["gap"])
    rows = rows[(rows.gap < 0) & (rows.member != "")].sort_values("gap")
    if rows.empty:
        return ""
    row = rows.iloc[0]
    total = performance.total("month")
    if -row.gap < 0.02 * abs(float(total[column])):
        return ""
    base = "of plan" if word == "PL" else "of last year"
    return f"{row.label} {fmt.money(-row.gap, compact=True)} short {base}"


def why_of(performance: Performance, fmt: Formats) -> str:
    """The exact split of the change on last year into orders and their size, nothing else."""
    if performance.status != "ok":
        return ""
    total = performance.total("month")
    if not total["last_year"] or total["last_year"] != total["last_year"]:
        return ""
    split = orders_and_size(total)
    if split is None:
        return ""
    by_orders, by_size, size, size_before = split
    change = total["actual"] - total["last_year"]
    text = (
        f"Against a year ago **{fmt.money(change, compact=True, sign=True)}**:"
        f" {fmt.money(by_orders, compact=True, sign=True)} from the number of orders"
        f" ({fmt.count(total['orders_year'])} → {fmt.count(total['orders'])}) and"
        f" {fmt.money(by_size, compact=True, sign=True)} from their size"
        f" ({fmt.money(size_before, compact=True)} → {fmt.money(size, compact=True)})."
    )
    dimensions = dimensions_of(performance)
    column, word = _base(performance)
    if dimensions and word == "PL":
        rows = members_of(performance, dimensions[0])
        rows = rows.assign(gap=rows.actual - rows[column]).dropna(subset=["gap"])
        worst = rows[(rows.gap < 0) & (rows.member != "")].sort_values("gap").head(1)
        for row in worst.to_dict("records"):
            of = orders_and_size(row)
            if of is None:
                continue
            text += (
                f" **{row['label']}**: {fmt.count(row['orders'])} orders"
                f" ({fmt.count(row['orders_year'])} a year ago) of"
                f" {fmt.money(of[2], compact=True)} ({fmt.money(of[3], compact=True)})."
            )
    return text + " No other reason is on record."


def orders_and_size(row: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """A change split into number and size of orders at their mid-points, nothing left over:
    (by orders, by size, size now, size before); None where either period has no order.
    """
    n, n0 = row["orders"], row["orders_year"]
    if not n or not n0 or n != n or n0 != n0 or row["last_year"] != row["last_year"]:
        return None
    size, size0 = row["actual"] / n, row["last_year"] / n0
    return (n - n0) * (size + size0) / 2, (size - size0) * (n + n0) / 2, size, size0


def parts_sheet(performance: Performance, fmt: Formats) -> Sheet | None:
    """The page on regions and product lines (else channels): month, year to date, and the split."""
    if performance.status != "ok":
        return None
    dimensions = dimensions_of(performance)[:2]
    column, word = _base(performance)
    if not dimensions or not column:
        return None
    month = _month(performance, fmt)
    panels = [_variances(performance, d, "month", month, fmt) for d in dimensions]
    panels.append(_variances(performance, dimensions[0], "year_to_date", "Year to date", fmt))
    panels.append(_split(performance, dimensions[0], fmt))
    total = performance.total("month")
    title = _bridge_title(performance, dimensions[0], column, word, fmt)
    year = performance.total("year_to_date")
    if year["target"] == year["target"] and year["target"]:
        size = year["actual"] / year["target"] - 1
        title += f"; the year to date is {fmt.share(size, sign=True)} on plan"
    return Sheet(
        "regions",
        title,
        f"Sales, {performance.currency}, net of refunds · {performance.spans['month']} · n ="
        f" {fmt.count(total['orders'])} orders · as of {fmt.text(performance.as_of, 'date')}",
        "Which part needs help, and why?",
        tuple(panels),
    )


def _variances(
    performance: Performance, dimension: str, window: str, head: str, fmt: Formats
) -> Rows:
    rows = members_of(performance, dimension, window).to_dict("records")
    total = performance.total(window)
    planned = total["target"] == total["target"] and bool(total["target"])
    lines = [_variance_line(row, planned, fmt, "") for row in rows]
    lines.append(_variance_line({**total, "label": "All"}, planned, fmt, "total"))
    columns = [Column("", width=1.3), Column("PY, PL, AC" if planned else "PY, AC", "bars", 3.0)]
    if planned:
        columns += [Column("ΔPL", "delta", 1.7), Column("ΔPL %", "pin", 1.4, scale=(-0.6, 0.6))]
    columns += [Column("ΔPY", "delta", 1.7), Column("ΔPY %", "pin", 1.4, scale=(-0.6, 0.6))]
    below = [r for r in rows if planned and r["target"] == r["target"] and r["gap"] < 0]
    if planned:
        title = (
            f"{head} by {WORDS[dimension]}: {len(rows) - len(below)} of {len(rows)} at or above"
            " plan"
        )
    else:
        up = sum(r["actual"] >= r["last_year"] for r in rows if r["last_year"] == r["last_year"])
        known = sum(r["last_year"] == r["last_year"] for r in rows)
        title = f"{head} by {WORDS[dimension]}: {up} of {known} at or above last year"
    return Rows(
        title,
        f"{performance.currency}, net of refunds · {performance.spans[window]}",
        tuple(columns),
        tuple(lines),
        name=f"{dimension}-{window}",
    )


def _variance_line(row: dict[str, Any], planned: bool, fmt: Formats, style: Any) -> Line:
    cells = [
        words(row["label"]),
        bars(
            row["actual"],
            bare(fmt, row["actual"]),
            plan=row["target"] if planned else None,
            before=row["last_year"],
        ),
    ]
    for base in (("target",) if planned else ()) + ("last_year",):
        known = row[base] == row[base] and row[base]
        gap = row["actual"] - row[base] if known else None
        tone: Any = "muted" if gap is None else "good" if gap >= 0 else "bad"
        cells.append(variance(gap, "–" if gap is None else bare(fmt, gap, sign=True), tone))
        share = None if gap is None else gap / abs(row[base])
        text = "–" if share is None else fmt.share(share, sign=True, decimals=0)
        cells.append(variance(share, text, tone))
    return Line(tuple(cells), style)


def _split(performance: Performance, dimension: str, fmt: Formats) -> Rows:
    lines = []
    for row in members_of(performance, dimension).to_dict("records"):
        split = orders_and_size(row)
        if split is None:
            continue
        by_orders, by_size, size, before = split
        lines.append(
            Line(
                (
                    words(row["label"]),
                    words(f"{fmt.count(row['orders_year'])} → {fmt.count(row['orders'])}"),
                    words(bare(fmt, by_orders, sign=True), "good" if by_orders >= 0 else "bad"),
                    words(f"{bare(fmt, before)} → {bare(fmt, size)}"),
                    words(bare(fmt, by_size, sign=True), "good" if by_size >= 0 else "bad"),
                )
            )
        )
    return Rows(
        "What made the difference to last year",
        "ΔPY = number of orders + size of the average order (mid-point, nothing left over): a"
        " split, not a cause",
        (
            Column("", width=1.4),
            Column("orders", "num", 1.0, right=True),
            Column("Δ", "num", 0.8, right=True),
            Column("average order", "num", 1.4, right=True),
            Column("Δ", "num", 0.8, right=True),
        ),
        tuple(lines),
        name="split",
    )
