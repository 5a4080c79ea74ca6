"""Why a member's sales changed, as a phrase."""

from __future__ import annotations

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say


def sales_reason(row: dict, fmt: Formats, gap: str = "") -> str:
    """Why the member stands where it does, from orders and average order against last year, or the
    period before where there is no last year.

    The split is mid-point: orders × average order leaves nothing over. gap: why last year is not
    known, as words that follow "because".
    """
    if row["target"] == 0:
        return say("target is zero: no completion")
    side = "last_year" if row["last_year"] is not None else "before"
    then, orders, base = (
        (say("a year ago") if side == "last_year" else say("in the period before")),
        row["orders"],
        row["orders_year" if side == "last_year" else "orders_before"],
    )
    if row[side] is None:
        if gap:
            return say("nothing earlier to compare with: {gap}", gap=gap)
        return say("nothing earlier to compare with")
    if not orders and not base:
        return say("no orders now or {then}", then=then)
    if not base:
        return say("{orders}, none {then}", orders=plural(orders, "order"), then=then)
    if not orders:
        return say("no orders, {orders} {then}", orders=plural(base, "order"), then=then)
    size, old = row["actual"] / orders, row[side] / base
    volume, value = (orders - base) * (size + old) / 2, (size - old) * (orders + base) / 2
    parts = [
        (
            abs(volume),
            (
                say("as many orders ({orders})", orders=fmt.count(orders))
                if orders == base
                else _orders(base, orders, volume, fmt)
            ),
        ),
        (
            abs(value),
            (
                say(
                    "average order {old} → {size} {value}",
                    old=fmt.money(old, compact=True),
                    size=fmt.money(size, compact=True),
                    value=fmt.money(value, compact=True, sign=True),
                )
            ),
        ),
    ]
    same = fmt.money(old, compact=True) == fmt.money(size, compact=True)
    if same and orders == base:
        text = say("as many orders ({orders}) of the same size", orders=fmt.count(orders))
    else:  # a part that rounds to nothing is no reason
        said = parts[:1] if same else parts
        text = joined(text for _, text in sorted(said, key=lambda p: -p[0]))
    return text if side == "last_year" else say("against the period before: {text}", text=text)


def _orders(base: float, orders: float, volume: float, fmt: Formats) -> str:
    """More or fewer orders, and what that adds."""
    said = {
        "base": fmt.count(base),
        "orders": fmt.count(orders),
        "volume": fmt.money(volume, compact=True, sign=True),
    }
    if volume > 0:
        return say("more orders ({base} → {orders}) {volume}", **said)
    return say("fewer orders ({base} → {orders}) {volume}", **said)
