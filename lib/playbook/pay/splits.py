"""Who shares an order's credit: parts that add up to it, and overlays on top of it.

Parts are whole minor units where the amount is (largest remainder, the earlier part first), else
ticks. A refund takes from each person what the split of the rest of its sale leaves less, so that a
sale refunded in parts is taken back from each to the last tick.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.errors import DataProblem, Problem
from playbook.base.formats import plural
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

OWNER = {"order": "rep_id", "deal": "deal_rep", "customer": "customer_rep", "lead": "lead_rep"}
UNASSIGNED = "(no rep)"
FINE = 10**6  # parts in which shares of the table are read


def parted(values: np.ndarray, weights: list[int], step: int) -> np.ndarray:
    """Whole parts (N, K) of each value (N,) by weights, in multiples of ``step`` where the value is
    one, else of 1; they add up to the value.
    """
    whole = sum(weights)
    size = np.where(values % step == 0, step, 1)
    units = values // size
    wide = int(np.abs(units).max(initial=0)) * max(weights, default=1) >= exact.SAFE
    units = units.astype(object) if wide else units
    floor = np.stack([units * weight // whole for weight in weights], axis=1)
    left = np.stack([units * weight % whole for weight in weights], axis=1)
    missing = units - floor.sum(axis=1)
    order = np.argsort(-left, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(weights))[None, :], axis=1)
    floor = floor + (rank < missing[:, None])
    return (floor * size[:, None]).astype(np.int64)


def split(
    rows: pd.DataFrame,
    plan: CommissionPlan,
    table: pd.DataFrame | None = None,
    minor: int = 2,
    counted: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per person credited; who has no owner credits the order's rep.

    table: ``measures.assigned.deal_splits``; a deal named in it is shared as it says, in place of
    the plan's splits, and its overlays come on top. counted: columns shared like ``amount``.
    Raises DataProblem for shares that do not add up.
    """
    rows = rows.assign(rep_id=rows["rep_id"].fillna(UNASSIGNED), part=0)
    named = _named(rows, table)
    if not plan.splits and named is None:
        return rows
    groups = [] if named is None else _by_shape(rows, named)
    taken = np.zeros(len(rows), dtype=bool)
    for at, _, _, _ in groups:
        taken[at] = True
    if plan.splits:
        shares = [Fraction(one.share) for one in plan.splits]
        whole = math.lcm(*(share.denominator for share in shares))
        owners = [
            rows[OWNER[one.to]].where(rows[OWNER[one.to]].notna(), rows["rep_id"]).to_numpy()
            for one in plan.splits
        ]
        rest = np.flatnonzero(~taken)
        groups.append((rest, [own[rest] for own in owners], [int(s * whole) for s in shares], []))
    else:
        rest = np.flatnonzero(~taken)
        groups.append((rest, [rows["rep_id"].to_numpy()[rest]], [1], []))
    return _joined(rows, groups, TICKS // 10**minor, counted)


def _named(rows: pd.DataFrame, table: pd.DataFrame | None) -> np.ndarray | None:
    """Of each row the deal of the table it belongs to, −1 none; None where none does."""
    if table is None or not len(table):
        return None
    key = table["order_id"].where(table["order_id"].notna(), table["opportunity_id"])
    number = pd.factorize(key)[0]
    first = ~pd.Series(number).duplicated().to_numpy()
    by = {
        name: pd.Series(
            number[first & table[name].notna().to_numpy()],
            index=table[name][first & table[name].notna().to_numpy()],
        )
        for name in ("order_id", "opportunity_id")
    }
    found = rows["order_id"].map(by["order_id"])
    found = found.where(found.notna(), rows["opportunity_id"].map(by["opportunity_id"]))
    named = found.fillna(-1).to_numpy(dtype=np.int64)
    origin = rows["origin"].to_numpy()  # a refund is shared as its sale was
    named = np.where(origin >= 0, named[np.maximum(origin, 0)], named)
    if not (named >= 0).any():
        return None
    _refuse_uneven(table, key)
    rows.attrs["shares"] = (table, number)
    return named


def _refuse_uneven(table: pd.DataFrame, key: pd.Series) -> None:
    own = table[table["kind"] != "overlay"]
    sums = own["share"].astype(float).groupby(key[own.index]).sum()
    wrong = sums[(sums - 1).abs() > 0.001]
    if len(wrong):
        raise DataProblem(
            Problem(
                found=f"{plural(len(wrong), 'deal')} whose shares do not add up to 100 %",
                expected="shares of kind split that add up to 1; kind overlay for what is on top",
                try_="correct the shares",
                table="deal_splits",
                column="share",
                count=len(wrong),
                rows=tuple(f"{name}: {value:.2%}" for name, value in wrong.head(3).items()),
            )
        )


def _by_shape(rows: pd.DataFrame, named: np.ndarray) -> list[tuple]:
    """(rows, owner of each part, weights, overlays) of the deals of the table, those with the same
    shares together. overlays: (owner of each row, share).
    """
    table, number = rows.attrs.pop("shares")
    shapes: dict[tuple, list[tuple[int, list[str], list[str]]]] = {}
    wanted = set(named[named >= 0].tolist())
    for deal, part in table.groupby(number, sort=True):
        if deal not in wanted:
            continue
        own, over = part[part["kind"] != "overlay"], part[part["kind"] == "overlay"]
        weights = tuple(round(float(share) * FINE) for share in own["share"])
        extra = tuple(round(float(share) * FINE) for share in over["share"])
        shapes.setdefault((weights, extra), []).append(
            (int(deal), list(own["rep_id"]), list(over["rep_id"]))
        )
    groups = []
    for (weights, extra), deals in shapes.items():
        at = np.flatnonzero(np.isin(named, [deal for deal, _, _ in deals]))
        who = {deal: (own, over) for deal, own, over in deals}
        mine = [who[int(deal)] for deal in named[at]]
        owners = [np.array([own[k] for own, _ in mine], dtype=object) for k in range(len(weights))]
        if not weights:
            owners, weights = [rows["rep_id"].to_numpy()[at]], (1,)
        more = [
            (np.array([over[k] for _, over in mine], dtype=object), share)
            for k, share in enumerate(extra)
        ]
        groups.append((at, owners, list(weights), more))
    return groups


def _joined(
    rows: pd.DataFrame, groups: list[tuple], step: int, counted: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of all groups, one per person, in the order of the lines they come from."""
    widest = max(len(owners) + len(more) for _, owners, _, more in groups)
    origin = rows["origin"].to_numpy()
    amount, left = rows["amount"].to_numpy(), rows["left"].to_numpy()
    refund = (origin >= 0) & (amount < 0)
    made = []
    for at, owners, weights, more in groups:
        back = refund[at]

        def shares(values: np.ndarray, rest: np.ndarray, part, back=back) -> np.ndarray:
            """Parts of values; of refunds what the parts of the rest lose."""
            upto = part(np.where(back, rest + values, values))
            before = part(np.where(back, rest, 0))
            return upto - before

        def overlay(share: int):
            return lambda v: (exact.half_even(v * share, FINE * step) * step)[:, None]

        by = [lambda v, weights=weights: parted(v, weights, step)]
        by += [overlay(share) for _, share in more]
        people = [owners, *([owner] for owner, _ in more)]
        number = 0
        for which, (divide, whom) in enumerate(zip(by, people, strict=True)):
            parts = shares(amount[at], left[at], divide)
            others = {
                name: shares(rows[name].to_numpy()[at], rows[f"{name}_left"].to_numpy()[at], divide)
                for name in counted
            }
            for k, owner in enumerate(whom):
                piece = rows.iloc[at].assign(
                    rep_id=owner,
                    amount=parts[:, k],
                    part=number,
                    overlay=which > 0,
                    beyond=rows["beyond"].to_numpy()[at] if number == 0 else 0,
                    at=at,
                    **{name: values[:, k] for name, values in others.items()},
                )
                made.append(piece)
                number += 1
    every = pd.concat(made, ignore_index=True)
    key = every["at"].to_numpy() * widest + every["part"].to_numpy()
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    every = every.iloc[order].reset_index(drop=True)
    own = every["origin"].to_numpy()
    wanted = own * widest + every["part"].to_numpy()
    place = np.searchsorted(sorted_key, wanted)
    every["origin"] = np.where(own >= 0, np.minimum(place, len(every) - 1), -1)
    return every.drop(columns="at")
