"""The stages of the book in order: by the days they were entered, by the chances the source
gives, or by their names.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from playbook.base.language import say

from .outcomes import is_lost, is_won, rank
from .plan import TablePlan, headers_in

MOST = 25  # different stages; more are no stages


def ordered(tables: list[TablePlan]) -> list[TablePlan]:
    """The tables with the stages of deals and of their history brought together: all open ones in
    order, lost ones in the history called so.
    """
    deals = next((p for p in tables if p.table == "opportunities" and p.stages), None)
    events = next((p for p in tables if p.table == "stage_events" and not p.open_), None)
    if deals is None:
        return tables
    entered = _words(events) if events else []
    out = []
    for plan in tables:
        if plan is events:
            plan = _history(plan, deals, entered)
            if plan.open_:
                entered = []
        out.append(plan)
    stages, sure = _all_stages(deals, events if entered else None, entered)
    fresh = replace(deals, stages=stages, stages_sure=sure)
    return [fresh if plan is deals else plan for plan in out]


def _words(plan: TablePlan) -> list[str]:
    """Words of the stage in a history: cells of a column, or names in the headers of a wide one."""
    if wide := plan.more.get("long"):
        if wide.get("name") != "stage" or not isinstance(wide["headers"], str):
            return []
        pattern = re.compile(wide["headers"])
        hits = [pattern.fullmatch(c.name) for c in plan.found.columns if len(c.filled)]
        return list(dict.fromkeys(hit[1] for hit in hits if hit))
    frame = _frame(plan, ("stage",))
    return [] if frame is None else list(frame["stage"].value_counts().index[: MOST + 5])


def _frame(plan: TablePlan, wanted: tuple[str, ...]) -> pd.DataFrame | None:
    """The rows that count, with the columns wanted under our names; None where one is not there."""
    columns = {c.name: c.values for c in plan.found.columns}
    chosen = {}
    for ours in wanted:
        line = plan.line(ours)
        header = next(iter(headers_in(line.said)), "") if line else ""
        if header not in columns:
            return None
        chosen[ours] = columns[header]
    frame = pd.DataFrame(chosen)
    for header, words in plan.kept.items():
        frame = frame[columns[header].astype("string").str.casefold().isin(words).fillna(False)]
    return frame.dropna().astype(str)


def _history(events: TablePlan, deals: TablePlan, words: list[str]) -> TablePlan:
    """The history with its words for won and lost as ours; a question where its stages are not
    those of the deals.
    """
    known = {s.casefold() for s in deals.stages}
    open_ = [w for w in words if not is_won(w) and not is_lost(w)]
    numbers = open_ and all(w.isdigit() for w in open_) and not any(s.isdigit() for s in known)
    if len(words) > MOST or (numbers and len(deals.stages) > 2):
        return replace(events, open_=(say("stage in the words of the deals' stages"),))
    said = {w: "lost" for w in words if is_lost(w) and w != "lost"}
    said |= {w: deals.stages[-1] for w in words if is_won(w) and w != deals.stages[-1]}
    given = events.values.get("stage", {})
    return replace(events, values={**events.values, "stage": {**said, **given}}) if said else events


def _all_stages(
    deals: TablePlan, events: TablePlan | None, entered: list[str]
) -> tuple[tuple[str, ...], bool]:
    """The open stages of both in order with the won one last, and whether the order is proved."""
    won = deals.stages[-1]
    open_ = [s for s in deals.stages[:-1] if s != "open" or not entered]
    more = [w for w in entered if not is_won(w) and not is_lost(w) and w not in (*open_, won)]
    stages = [*open_, *more]
    for place in (_by_entries(events), _by_chances(deals)):
        if stages and all(s in place for s in stages):
            return (*sorted(stages, key=lambda s: place[s]), won), True
    if not more:
        return ((*open_, won) if open_ else deals.stages), deals.stages_sure
    return (*sorted(stages, key=rank), won), False


def _by_entries(events: TablePlan | None) -> dict[str, float]:
    """stage → its mean place among the entries of a deal; empty where that is not to be had."""
    if events is None or "long" in events.more:
        return {}
    frame = _frame(events, ("opportunity_id", "stage", "entered_at"))
    if frame is None:
        return {}
    frame = frame.sort_values(["opportunity_id", "entered_at"], kind="stable")
    place = frame.groupby("opportunity_id").cumcount()
    return {str(s): float(v) for s, v in place.groupby(frame["stage"]).mean().items()}


def _by_chances(deals: TablePlan) -> dict[str, float]:
    """stage → the mean chance its deals are given, where the chances tell the stages apart."""
    frame = _frame(deals, ("stage", "probability"))
    if frame is None:
        return {}
    frame["probability"] = pd.to_numeric(frame["probability"].str.rstrip("%％ "), errors="coerce")
    frame = frame.dropna()
    spread = frame.groupby("stage")["probability"].agg(["mean", "std"])
    if spread.empty or spread["mean"].nunique() < len(spread) or (spread["std"] > 15).any():
        return {}
    return {str(s): float(v) for s, v in spread["mean"].items()}
