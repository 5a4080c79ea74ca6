"""Objectives from company to team to person, with scores rolled up."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    number,
    share,
    text,
)
from playbook.base.formats import is_missing


class ObjectiveTree(Frame):
    """One row per objective, each after the one it serves."""

    objective = text("the objective")
    level = text("company, team or person, or empty")
    named = text("parent as the table names it: an objective or a key result")
    parent = text("objective it serves, or empty")
    own = share("weighted mean of its key results' scores")
    confidence = share("mean confidence of its key results")
    owner = text("owner of its first key result")
    weight = number("sum of the weights of its key results that were measured")
    depth = count("0 for a root")
    score = share("weighted mean of all key results of it and of the objectives that serve it")


LEVELS = ("company", "team", "person")


def weighted(scores: pd.Series, weights: pd.Series) -> float | None:
    """Weighted mean of the known scores, None where none is known; missing weights count 1. What
    was never measured is left out, not counted as nought.
    """
    known = scores.astype(float).dropna()
    w = weights.astype(float).fillna(1.0)[known.index]
    return float((known * w).sum() / w.sum()) if w.sum() > 0 else None


def weight_of(scores: pd.Series, weights: pd.Series) -> float:
    """Sum of the weights of the known scores; missing weights count 1."""
    return float(weights.astype(float).fillna(1.0)[scores.notna()].sum())


def tree_of(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Objectives as ``ObjectiveTree``, and those whose parent is not there.

    rows: ``KeyResults``. A parent may be named by objective or by key result; circles are cut.
    """
    home = dict(zip(rows["key_result"], rows["objective"], strict=True))
    heads: dict[str, dict[str, Any]] = {}
    for name, mine in rows.groupby("objective", sort=True):
        parents = [p for p in mine["parent"] if not is_missing(p)]
        parent = parents[0] if parents else ""
        heads[name] = {
            "objective": name,
            "level": _first(mine["level"]),
            "named": parent,
            "parent": parent if parent in set(rows["objective"]) else home.get(parent, ""),
            "own": weighted(mine["score"], mine["weight"]),
            "confidence": (
                None
                if mine["confidence"].isna().all()
                else float(mine["confidence"].astype(float).mean())
            ),
            "owner": _first(mine["owner"]),
            "weight": weight_of(mine["score"], mine["weight"]),
        }
    orphans = tuple(h["objective"] for h in heads.values() if h["named"] and not h["parent"])
    ordered: list[dict[str, Any]] = []
    rank = {level: i for i, level in enumerate(LEVELS)}
    roots = sorted(
        (h for h in heads.values() if not h["parent"] or h["parent"] == h["objective"]),
        key=lambda h: (rank.get(h["level"], 9), h["objective"]),
    )
    for root in roots:
        _walk(root, 0, heads, ordered)
    for head in heads.values():  # what only a circle reaches
        if head not in ordered:
            _walk(head, 0, heads, ordered)
    return ObjectiveTree.make(ordered), orphans


def _walk(
    head: dict[str, Any], depth: int, heads: dict[str, dict[str, Any]], out: list[dict[str, Any]]
) -> tuple[float, float]:
    """Appends the objective and those below; returns the sum of weight × score and of weight over
    all key results of it and of those below, so that no objective weighs more than what it holds.
    """
    head["depth"] = depth
    out.append(head)
    scored = head["own"] is not None
    total, weight = (head["own"] * head["weight"], head["weight"]) if scored else (0.0, 0.0)
    below = [h for h in heads.values() if h["parent"] == head["objective"] and h not in out]
    for one in sorted(below, key=lambda h: h["objective"]):
        more, heavier = _walk(one, depth + 1, heads, out)
        total, weight = total + more, weight + heavier
    head["score"] = total / weight if weight > 0 else None
    return total, weight


def _first(values: pd.Series) -> str:
    known = values.dropna()
    return str(known.iloc[0]) if len(known) else ""


def unserved_of(tree: pd.DataFrame, rows: pd.DataFrame) -> tuple[str, ...]:
    """Company objectives no team or person serves, and, of objectives served by key result, the key
    results left out (only asked where the book has lower levels at all).
    """
    if not (tree["depth"] > 0).any():
        return ()
    served, named = set(tree["parent"]), set(tree["named"])
    tops = list(tree.loc[(tree["depth"] == 0) & tree["level"].isin(["company", ""]), "objective"])
    alone = [o for o in tops if o not in served]
    for objective in tops:
        own = list(rows.loc[rows["objective"] == objective, "key_result"])
        if objective not in named and named & set(own):
            alone += [k for k in own if k not in named]
    return tuple(alone)
