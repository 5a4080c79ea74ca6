"""The month by region and product line: the bridge of the brief and the page on its parts."""

from __future__ import annotations

from typing import Any

from playbook.base.formats import Formats
from playbook.base.language import named, say
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.money.performance import Performance
from playbook.page.contribution import bare
from playbook.page.panels import Column, Line, Rows, Sheet, bars, variance, words

from .bridge import base_of, bridge_title, dimensions_of, members_of, month_of


def shortest(performance: Performance, fmt: Formats) -> str:
    """The member furthest below plan or last year beyond chance, for the brief's title."""
    if performance.status != "ok":
        return ""
    column, word = base_of(performance)
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
    label, gap = named(row.label), fmt.money(-row.gap, compact=True)
    if word == "PL":
        return say("{label} {gap} short of plan", label=label, gap=gap)
    return say("{label} {gap} short of last year", label=label, gap=gap)


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
    said = {
        "change": fmt.money(change, compact=True, sign=True),
        "by_orders": fmt.money(by_orders, compact=True, sign=True),
        "orders_year": fmt.count(total["orders_year"]),
        "orders": fmt.count(total["orders"]),
        "size": fmt.money(size, compact=True),
    }
    text = (
        say(
            "Against a year ago **{change}**, from the number of orders ({orders_year} →"
            " {orders}); their size is as it was ({size}).",
            **said,
        )
        if said["size"] == (before := fmt.money(size_before, compact=True))
        else say(
            "Against a year ago **{change}**: {by_orders} from the number of"
            " orders ({orders_year} → {orders}) and {by_size} from their size"
            " ({size_before} → {size}).",
            by_size=fmt.money(by_size, compact=True, sign=True),
            size_before=before,
            **said,
        )
    )
    dimensions = dimensions_of(performance)
    column, word = base_of(performance)
    if dimensions and word == "PL":
        rows = members_of(performance, dimensions[0])
        rows = rows.assign(gap=rows.actual - rows[column]).dropna(subset=["gap"])
        worst = rows[(rows.gap < 0) & (rows.member != "")].sort_values("gap").head(1)
        for row in worst.to_dict("records"):
            of = orders_and_size(row)
            if of is None:
                continue
            text += say(
                " **{label}**: {orders} orders ({orders_year} a year ago) of {of} ({of_2}).",
                label=named(row["label"]),
                orders=fmt.count(row["orders"]),
                orders_year=fmt.count(row["orders_year"]),
                of=fmt.money(of[2], compact=True),
                of_2=fmt.money(of[3], compact=True),
            )
    return text


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
    column, word = base_of(performance)
    if not dimensions or not column:
        return None
    month = month_of(performance, fmt)
    panels = [_variances(performance, d, "month", month, fmt) for d in dimensions]
    panels.append(_variances(performance, dimensions[0], "year_to_date", say("Year to date"), fmt))
    panels.append(_split(performance, dimensions[0], fmt))
    total = performance.total("month")
    title = bridge_title(performance, dimensions[0], column, word, fmt)
    year = performance.total("year_to_date")
    if year["target"] == year["target"] and year["target"]:
        size = year["actual"] / year["target"] - 1
        title += say("; the year to date is {size} on plan", size=fmt.share(size, sign=True))
    return Sheet(
        "regions",
        title,
        say(
            "Sales, {currency}, net of refunds · {month} · n = {orders} orders · as of {as_of}",
            currency=performance.currency,
            month=performance.spans["month"],
            orders=fmt.count(total["orders"]),
            as_of=fmt.text(performance.as_of, "date"),
        ),
        say("Which part needs help, and why?"),
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
    columns = [
        Column("", width=1.3),
        Column(say("PY, PL, AC") if planned else say("PY, AC"), "bars", 3.0),
    ]
    if planned:
        columns += [
            Column(say("ΔPL"), "delta", 1.7),
            Column(say("ΔPL %"), "pin", 1.4, scale=(-0.6, 0.6)),
        ]
    columns += [
        Column(say("ΔPY"), "delta", 1.7),
        Column(say("ΔPY %"), "pin", 1.4, scale=(-0.6, 0.6)),
    ]
    below = [r for r in rows if planned and r["target"] == r["target"] and r["gap"] < 0]
    if planned:
        title = say(
            "{head} by {words}: {rows} of {rows_2} at or above plan",
            head=head,
            words=dimension_word(dimension),
            rows=len(rows) - len(below),
            rows_2=len(rows),
        )
    else:
        up = sum(r["actual"] >= r["last_year"] for r in rows if r["last_year"] == r["last_year"])
        known = sum(r["last_year"] == r["last_year"] for r in rows)
        title = say(
            "{head} by {words}: {up} of {known} at or above last year",
            head=head,
            words=dimension_word(dimension),
            up=up,
            known=known,
        )
    return Rows(
        title,
        say(
            "{currency}, net of refunds · {spans}",
            currency=performance.currency,
            spans=performance.spans[window],
        ),
        tuple(columns),
        tuple(lines),
        name=f"{dimension}-{window}",
    )


def _variance_line(row: dict[str, Any], planned: bool, fmt: Formats, style: Any) -> Line:
    cells = [
        words(named(row["label"])),
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
                    words(named(row["label"])),
                    words(f"{fmt.count(row['orders_year'])} → {fmt.count(row['orders'])}"),
                    words(bare(fmt, by_orders, sign=True), "good" if by_orders >= 0 else "bad"),
                    words(f"{bare(fmt, before)} → {bare(fmt, size)}"),
                    words(bare(fmt, by_size, sign=True), "good" if by_size >= 0 else "bad"),
                )
            )
        )
    return Rows(
        say("What made the difference to last year"),
        say(
            "ΔPY = number of orders + size of the average order (mid-point,"
            " nothing left over): a split, not a cause"
        ),
        (
            Column("", width=1.4),
            Column(say("orders"), "num", 1.0, right=True),
            Column("Δ", "num", 0.8, right=True),
            Column(say("average order"), "num", 1.4, right=True),
            Column("Δ", "num", 0.8, right=True),
        ),
        tuple(lines),
        name="split",
    )
