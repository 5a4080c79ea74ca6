"""Why a member's sales changed, as a phrase."""

from __future__ import annotations

from playbook.base.formats import Formats, plural


def sales_reason(row: dict, fmt: Formats, gap: str = "") -> str:
    """Why the member stands where it does, from orders and average order against last year, or the
    period before where there is no last year.

    The split is mid-point: orders × average order leaves nothing over. gap: why last year is not
    known, as words that follow "because".
    """
    if row["target"] == 0:
        return "target is zero: no completion"
    side = "last_year" if row["last_year"] is not None else "before"
    then, orders, base = (
        ("a year ago" if side == "last_year" else "in the period before"),
        row["orders"],
        row["orders_year" if side == "last_year" else "orders_before"],
    )
    if row[side] is None:
        return "nothing earlier to compare with" + (f": {gap}" if gap else "")
    if not orders and not base:
        return f"no orders now or {then}"
    if not base:
        return f"{plural(orders, 'order')}, none {then}"
    if not orders:
        return f"no orders, {plural(base, 'order')} {then}"
    size, old = row["actual"] / orders, row[side] / base
    volume, value = (orders - base) * (size + old) / 2, (size - old) * (orders + base) / 2
    parts = [
        (
            abs(volume),
            (
                f"as many orders ({fmt.count(orders)})"
                if orders == base
                else (
                    f"{'more' if volume > 0 else 'fewer'} orders ({fmt.count(base)} →"
                    f" {fmt.count(orders)}) {fmt.money(volume, compact=True, sign=True)}"
                )
            ),
        ),
        (
            abs(value),
            (
                f"average order {fmt.money(old, compact=True)} → {fmt.money(size, compact=True)}"
                f" {fmt.money(value, compact=True, sign=True)}"
            ),
        ),
    ]
    same = fmt.money(old, compact=True) == fmt.money(size, compact=True)
    if same and orders == base:
        text = f"as many orders ({fmt.count(orders)}) of the same size"
    else:  # a part that rounds to nothing is no reason
        said = parts[:1] if same else parts
        text = ", ".join(text for _, text in sorted(said, key=lambda p: -p[0]))
    return ("" if side == "last_year" else "on the period before ") + text
