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

from playbook.base.language import later
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

OWNER = {"order": "rep_id", "deal": "deal_rep", "customer": "customer_rep", "lead": "lead_rep"}
UNASSIGNED = later("(no rep)")
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


Named = tuple[np.ndarray, pd.DataFrame, np.ndarray]  # deal of each row, the table, its deals


def split(
    rows: pd.DataFrame,
    plan: CommissionPlan,
    owners: dict[str, np.ndarray],
    names: np.ndarray,
    named: Named | None = None,
    minor: int = 2,
) -> pd.DataFrame:
    """One row per person credited; who has no owner credits the order's rep.

    rows: as ``credit`` numbers them, with ``origin`` and ``left``. owners: number of the owner of
    each row by column. named: from ``shares_of``; a deal of the table is shared as it says, in
    place of the plan's splits, and its overlays come on top.
    """
    groups = [] if named is None else _by_shape(rows, named, names)
    taken = np.zeros(len(rows), dtype=bool)
    for at, _, _, _ in groups:
        taken[at] = True
    rest, own = np.flatnonzero(~taken), owners["rep_id"]
    whom, weights = [own[rest]], [1]
    if plan.splits:
        shares = [Fraction(one.share) for one in plan.splits]
        whole = math.lcm(*(share.denominator for share in shares))
        each = [owners[OWNER[one.to]] for one in plan.splits]
        whom = [np.where(who >= 0, who, own)[rest] for who in each]
        weights = [int(share * whole) for share in shares]
    groups.append((rest, whom, weights, []))
    return _joined(rows, groups, TICKS // 10**minor, plan.measured)


def shares_of(lines: pd.DataFrame, sale: np.ndarray, table: pd.DataFrame) -> Named | None:
    """Deal of the table each row is shared by (−1 none), the table, and the number of its deals;
    None where it names none of the rows. sale: row of ``lines`` that holds each row's sale. That
    the shares of a deal make up the whole is seen to where the table is read.
    """
    key = table["order_id"].where(table["order_id"].notna(), table["opportunity_id"])
    number = pd.factorize(key)[0]
    found = pd.Series(np.nan, index=lines.index)
    for name in ("order_id", "opportunity_id"):
        known = table[name].notna().to_numpy() & ~pd.Series(number).duplicated().to_numpy()
        by = pd.Series(number[known], index=table[name][known].astype(object))
        found = found.where(found.notna(), lines[name].astype(object).map(by))
    deal = found.fillna(-1).to_numpy(dtype=np.int64)[sale]
    if not (deal >= 0).any():
        return None
    return deal, table, number


def _by_shape(rows: pd.DataFrame, named: Named, names: np.ndarray) -> list[tuple]:
    """(rows, owner of each part, weights, overlays) of the deals of the table, those with the same
    shares together. overlays: (owner of each row, share).
    """
    deal, table, number = named
    place = {name: at for at, name in enumerate(names)}
    shapes: dict[tuple, list[tuple[int, list[int], list[int]]]] = {}
    wanted = set(deal[deal >= 0].tolist())
    for which, part in table.groupby(number, sort=True):
        if which not in wanted:
            continue
        own, over = part[part["kind"] != "overlay"], part[part["kind"] == "overlay"]
        weights = tuple(round(float(share) * FINE) for share in own["share"])
        extra = tuple(round(float(share) * FINE) for share in over["share"])
        people = [[place[rep] for rep in some["rep_id"]] for some in (own, over)]
        shapes.setdefault((weights, extra), []).append((int(which), people[0], people[1]))
    groups = []
    for (weights, extra), deals in shapes.items():
        at = np.flatnonzero(np.isin(deal, [which for which, _, _ in deals]))
        who = {which: (own, over) for which, own, over in deals}
        mine = [who[int(which)] for which in deal[at]]
        owners = [np.array([own[k] for own, _ in mine]) for k in range(len(weights))]
        if not weights:
            owners, weights = [rows["rep"].to_numpy()[at]], (1,)
        more = [(np.array([over[k] for _, over in mine]), share) for k, share in enumerate(extra)]
        groups.append((at, owners, list(weights), more))
    return groups


def _joined(
    rows: pd.DataFrame, groups: list[tuple], step: int, counted: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of all groups, one per person, in the order of the lines they come from."""
    widest = max(len(owners) + len(more) for _, owners, _, more in groups)
    values = {name: rows[name].to_numpy() for name in ("amount", "left", "origin", "beyond")}
    back = values["amount"] < 0
    if "cash" in counted:  # money paid back is a row of its own
        back |= rows["cash"].to_numpy() < 0
    refund = (values["origin"] >= 0) & back
    places: list[np.ndarray] = []
    columns: dict[str, list[np.ndarray]] = {
        name: [] for name in ("rep", "part", "amount", "beyond", *counted)
    }
    for at, owners, weights, more in groups:
        divide = [lambda v, weights=weights: parted(v, weights, step)]
        divide += [lambda v, share=share: _overlay(v, share, step) for _, share in more]
        number = 0
        for part, whom in zip(divide, [owners, *([one] for one, _ in more)], strict=True):
            shared = {
                name: _shared(
                    rows[name].to_numpy()[at],
                    rows["left" if name == "amount" else f"{name}_left"].to_numpy()[at],
                    refund[at],
                    part,
                )
                for name in ("amount", *counted)
            }
            for k, owner in enumerate(whom):
                places.append(at)
                columns["rep"].append(owner)
                columns["part"].append(np.full(len(at), number))
                columns["beyond"].append(
                    values["beyond"][at] if number == 0 else np.zeros(len(at), dtype=np.int64)
                )
                for name, parts in shared.items():
                    columns[name].append(parts[:, k])
                number += 1
    at = np.concatenate(places)
    made = {name: np.concatenate(parts) for name, parts in columns.items()}
    if len(groups) == 1 and len(at) == widest * len(rows):  # every line in as many parts
        order = np.arange(len(at)).reshape(widest, -1).T.ravel()
        own = values["origin"][at][order]
        place = own * widest + made["part"][order]
    else:
        key = at * widest + made["part"]
        order = np.argsort(key, kind="stable")
        own = values["origin"][at][order]
        place = np.searchsorted(key[order], own * widest + made["part"][order])
    return (
        rows.drop(columns=["left", *made], errors="ignore")
        .take(at[order])
        .reset_index(drop=True)
        .assign(
            origin=np.where(own >= 0, np.minimum(place, len(at) - 1), -1),
            **{name: parts[order] for name, parts in made.items() if name != "part"},
        )
    )


def _shared(values: np.ndarray, left: np.ndarray, back: np.ndarray, part) -> np.ndarray:
    """Parts of values; of refunds what the parts of the rest lose."""
    if not back.any():
        return part(values)
    return part(np.where(back, left + values, values)) - part(np.where(back, left, 0))


def _overlay(values: np.ndarray, share: int, step: int) -> np.ndarray:
    return (exact.half_even(exact.times(values, share), FINE * step) * step)[:, None].astype(
        np.int64
    )
