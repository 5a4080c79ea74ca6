"""The bridge from plan or last year to the month, and the members it is told by."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import named, say
from playbook.base.periods import Month
from playbook.funnel.dimension_words import dimension_word, dimension_words
from playbook.funnel.money.performance import Performance
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Rows, bridge, words

MOST = 6  # members shown of a dimension; the rest are one line
SHOWN = ("region", "product_line", "channel", "customer_type")


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
    for name in ("orders", "orders_year"):  # an order of two members is no two orders
        if name in rows and rows[name].sum() != performance.total(window)[name]:
            total[name] = None
    other = {
        **rest.iloc[0].to_dict(),
        **total,
        "label": say("{n} others", n=len(rest)),
        "member": "",
    }
    return pd.concat([kept, pd.DataFrame([other])], ignore_index=True)


def dimensions_of(performance: Performance) -> list[str]:
    """Dimensions with at least two members, regions and product lines first."""
    counts = performance.table[performance.table.window == "month"].groupby("dimension").size()
    return [d for d in SHOWN if counts.get(d, 0) > 1]


def base_of(performance: Performance) -> tuple[str, str]:
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
    column, word = base_of(performance)
    total = performance.total("month")
    dimensions = [d for d in dimensions_of(performance) if _adds_up(performance, d, column, total)]
    if not column or not dimensions:
        return None
    lines = [
        _bridge_line(
            say("PL {month_of}", month_of=month_of(performance, fmt)),
            0.0,
            total[column],
            "plan",
            total,
            fmt,
        )
        if word == "PL"
        else _bridge_line(
            say("PY {month_of}", month_of=month_of(performance, fmt, back=12)),
            0.0,
            total[column],
            "before",
            total,
            fmt,
        )
    ]
    for i, dimension in enumerate(dimensions[:2]):
        at = float(total[column])
        for row in members_of(performance, dimension).to_dict("records"):
            step = row["actual"] - row[column]
            tone = "good" if step >= 0 else "bad"
            lines.append(_bridge_line(f"  {named(row['label'])}", at, at + step, tone, row, fmt))
            at += step
        if i == 0:
            actual = _bridge_line(
                say("AC {month_of}", month_of=month_of(performance, fmt)),
                0.0,
                total["actual"],
                "actual",
                total,
                fmt,
            )
            lines.append(actual)
    first, *others = (dimension_word(d) for d in dimensions[:2])
    said = {
        "word": word,
        "currency": performance.currency,
        "gap": bare(fmt, total["actual"] - total[column], sign=True),
        "first": first,
    }
    return Rows(
        bridge_title(performance, dimensions[0], column, word, fmt),
        say(
            "{word} → AC, {currency} · {gap} told by {first}, then by {second}",
            second=others[0],
            **said,
        )
        if others
        else say("{word} → AC, {currency} · {gap} told by {first}", **said),
        (
            Column("", width=1.55),
            Column("", "bridge", 6.2),
            Column(say("PL"), "num", 0.85, right=True),
            Column(say("AC"), "num", 0.85, right=True),
            Column(say("ΔPL %"), "num", 0.85, right=True),
            Column(say("ΔPY %"), "num", 0.85, right=True),
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


def month_of(performance: Performance, fmt: Formats, back: int = 0) -> str:
    return fmt.text(str(Month.of(performance.as_of) - back), "month")


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
    """The variance in whole per cent, under a half in tenths; a base that is absent or nought gives
    a dash.
    """
    if base != base or base is None or not base or value != value:
        return "–"
    size = value / abs(base) - (1 if base > 0 else -1)
    return fmt.share(size, sign=True, decimals=int(0 < abs(size) < 0.005))


def _tone(row: dict[str, Any], base: str) -> Any:
    if row[base] != row[base] or not row[base]:
        return "muted"
    return "good" if row["actual"] >= row[base] else "bad"


def bridge_title(
    performance: Performance, dimension: str, column: str, word: str, fmt: Formats
) -> str:
    rows = members_of(performance, dimension)
    above = rows[rows.actual >= rows[column]]
    below = rows[rows.actual < rows[column]].assign(gap=lambda r: r.actual - r[column])
    base = say("plan") if word == "PL" else say("last year")
    what = dimension_word(dimension)
    if below.empty:
        return say("Every {what} is above {base}", what=what, base=base)
    worst = below.sort_values("gap").iloc[0]
    amount = fmt.money(-worst.gap, compact=True)
    if above.empty:
        return say(
            "Every {what} is below {base}; {label} most, by {amount}",
            what=what,
            base=base,
            label=named(worst.label),
            amount=amount,
        )
    n = len(rows)
    return say(
        "{n} of {n_2} {what} above {base}; {label} {amount} short",
        n=len(above),
        n_2=n,
        what=dimension_words(dimension),
        base=base,
        label=named(worst.label),
        amount=amount,
    )
