"""A figure split part within part, in whole minor units and whole deals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, money, share, text
from playbook.base.formats import joined
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.splits import has_split, split_months
from playbook.goals.labels import dimension_label
from playbook.methods.apportionment import split
from playbook.methods.raking import fit, product

from .member_split import sizes_of

TINY = 1e-6  # weight of a cell without history, so that a margin can still be met


class PartTree(Frame):
    """One row per part, each after the part it belongs to."""

    level = count("1 for the first level")
    dimension = text("what the part is a member of")
    path = text("its members from the top, joined by ›")
    parent = text("path of the part above; empty on the first level")
    member = text("the member")
    share = share("target ÷ the target of the part above")
    units = count("target in minor units")
    size = money("what one of its orders brings; missing above the level that sizes are kept by")
    deals = count("whole orders it takes; missing where no size is known")


@dataclass(frozen=True)
class Level:
    """One level: its dimension, members with weights (member, weight, actual, orders), where the
    weights come from, and whether the settings give weights and deal sizes.
    """

    name: str
    members: pd.DataFrame
    source: str
    typed: bool
    typed_sizes: bool


def tree_of(
    book: Book, units: int, levels: Sequence[Level], usual: tuple[float, int]
) -> tuple[pd.DataFrame, str]:
    """The tree as ``PartTree``, and the level whose sizes its deals are counted by.

    Every level sums to its members' shares of the whole and to the parts above. Shares that the
    settings give hold inside each part alike; those that are learnt leave each part its own mix, as
    far as both sums allow. usual: sales and orders of the year, for members without a size.
    """
    leaves: list[tuple[tuple[str, ...], int]] = [((), units)]
    nodes: dict[tuple[str, ...], int] = {}
    for depth, level in enumerate(levels):
        names = list(level.members["member"])
        weights = level.members["weight"].to_numpy(dtype=float)
        totals = split(units, weights if weights.sum() > 0 else np.ones(len(names)))
        rows = [amount for _, amount in leaves]
        above = [one.name for one in levels[:depth]]
        cells = _cells(book, level, above, [path for path, _ in leaves], rows, names, totals)
        leaves = [
            ((*path, name), int(cells[i][j]))
            for i, (path, _) in enumerate(leaves)
            for j, name in enumerate(names)
            if int(cells[i][j])
        ]
        nodes |= dict(leaves)
    sized, sizes = _sizes(book, levels, usual)
    deals = _deals(leaves, levels, sized, sizes, 10**book.fmt.minor_digits)
    counted: dict[tuple[str, ...], int] = {}
    for path, n in deals.items():
        for depth in range(1, len(path) + 1):
            counted[path[:depth]] = counted.get(path[:depth], 0) + n
    depth = next((i for i, level in enumerate(levels) if level.name == sized), 0)
    rows_ = []
    for path in _in_order(nodes, levels):
        parent = path[:-1]
        rows_.append(
            {
                "level": len(path),
                "dimension": levels[len(path) - 1].name,
                "path": " › ".join(path),
                "parent": " › ".join(parent),
                "member": path[-1],
                "share": nodes[path] / (nodes[parent] if parent else units),
                "units": nodes[path],
                "size": sizes.get(path[depth]) if len(path) > depth else None,
                "deals": counted.get(path) if deals else None,
            }
        )
    return PartTree.make(rows_), sized if deals else ""


def _cells(
    book: Book,
    level: Level,
    above: list[str],
    paths: list[tuple[str, ...]],
    rows: list[int],
    names: list[str],
    totals: np.ndarray,
) -> np.ndarray:
    """Minor units of every part above × member; rows and columns both hold."""
    known = not level.typed and above and all(has_split(book, d) for d in [*above, level.name])
    if not known:
        return np.asarray(product(rows, [int(t) for t in totals]))
    months = sales.in_window(split_months(book, (*above, level.name)), book.window("trailing_12m"))
    amounts = months.assign(amount=months["amount"].astype(float)).groupby(
        [*above, level.name], sort=True
    )["amount"]
    sums = {key: max(0.0, value) for key, value in amounts.sum().to_dict().items()}
    seed = np.array([[sums.get((*path, name), 0.0) for name in names] for path in paths]) + TINY
    above_all = joined((dimension_label(d).lower() for d in above), " and ")
    return fit(seed, [np.array(rows), totals], [above_all, dimension_label(level.name).lower()])


def _sizes(
    book: Book, levels: Sequence[Level], usual: tuple[float, int]
) -> tuple[str, dict[str, float]]:
    """The level whose deal sizes count (the deepest that the settings give sizes for, else the
    deepest), and the size of each of its members; no sizes where nothing was ever sold.
    """
    typed = [level for level in levels if level.typed_sizes]
    level = (typed or list(levels))[-1]
    amount, orders = usual
    average = amount / orders if orders and amount > 0 else None
    found = {
        member: size or average
        for member, size in zip(
            level.members["member"], sizes_of(level.members, level.name, book), strict=True
        )
    }
    if any(size is None for size in found.values()):
        return level.name, {}
    return level.name, {member: float(size) for member, size in found.items() if size}


def _deals(
    leaves: list[tuple[tuple[str, ...], int]],
    levels: Sequence[Level],
    sized: str,
    sizes: dict[str, float],
    unit: int,
) -> dict[tuple[str, ...], int]:
    """Whole deals of each leaf: those of a size are its target ÷ size, rounded up once, shared by
    the targets of the leaves of that size.
    """
    if not sizes:
        return {}
    place = [level.name for level in levels].index(sized)
    found: dict[tuple[str, ...], int] = {}
    for member, size in sizes.items():
        mine = [(path, amount) for path, amount in leaves if path[place] == member]
        if not mine:
            continue
        whole = math.ceil(sum(amount for _, amount in mine) / unit / size - 1e-9)
        for (path, _), n in zip(mine, split(whole, [a for _, a in mine]), strict=True):
            found[path] = int(n)
    return found


def _in_order(nodes: dict[tuple[str, ...], int], levels: Sequence[Level]) -> list[tuple[str, ...]]:
    """Every part after the one above it, members in the order of their level."""
    rank = [{m: i for i, m in enumerate(level.members["member"])} for level in levels]
    return sorted(nodes, key=lambda path: tuple(rank[i][m] for i, m in enumerate(path)))


def level_sums(tree: pd.DataFrame, units: int) -> list[tuple[str, int, int]]:
    """(part, sum of the parts below, its own target) of every part with parts below, and of the
    whole.
    """
    whole = {"": units, **dict(zip(tree["path"], tree["units"], strict=True))}
    return [
        (str(parent), int(rows["units"].sum()), int(whole[str(parent)]))
        for parent, rows in tree.groupby("parent", sort=False)
    ]
