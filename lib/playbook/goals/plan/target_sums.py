"""Targets of the company and of single members where the book gives only finer ones."""

from __future__ import annotations

from playbook.goals.actuals import Actuals

from .target import KEYS, Target


def summed(given: dict[tuple, Target]) -> dict[tuple, Target]:
    """Targets of the company and of single members where the book gives only finer ones, such as by
    region and product line: their sums, period by period.

    A cut that has a target of its own for the metric is left as it is. Customers new to a member
    are not summed: one may be new to several.
    """
    found: dict[tuple, Target] = {}
    for metric in sorted(
        {metric for metric, *_ in given if Actuals.additive(metric) and metric != "new_customers"}
    ):
        cuts = {tuple(key for key, _ in members) for name, members, *_ in given if name == metric}
        coarser = {(), *((key,) for cut in cuts for key in cut)} - cuts
        for own in sorted(coarser, key=len):
            finer = min(
                (cut for cut in cuts if set(cut) > set(own)),
                key=lambda cut: (len(cut), [KEYS.index(key) for key in cut]),
            )
            for name, members, first, last in sorted(
                key for key in given if key[0] == metric and tuple(k for k, _ in key[1]) == finer
            ):
                part = given[name, members, first, last]
                key = (metric, tuple(pair for pair in members if pair[0] in own), first, last)
                so_far = found[key].target if key in found else 0.0
                found[key] = Target(
                    metric,
                    key[1],
                    part.period,
                    so_far + part.target,
                    "",
                    f"sum of its targets by {' and '.join(k.replace('_', ' ') for k in finer)}",
                    derived=True,
                )
    return found
