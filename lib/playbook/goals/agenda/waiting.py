"""Work that waits for each person, counted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from playbook.base.contracts import Frame, count, number, ratio, text
from playbook.base.language import later

FOLLOW_UPS = later("follow-ups")
KINDS = (
    (later("key customers"), "customers"),
    (later("new leads"), "leads"),
    (later("proposals"), "proposals"),
    (later("failed cases"), "lost"),
)


class WaitingWork(Frame):
    """One row per person with work waiting, or with a quota."""

    rep = text("the person's key")
    name = text("the person's name")
    overdue = count("follow-ups due by the as-of date and still open; 0 where that is not known")
    due = count("follow-ups due by the week's end")
    customers = count("customers to see: with an open deal, or not seen for long")
    leads = count("new leads no deal has come from")
    proposals = count("open deals in the last stage before the win")
    lost = count("deals lost in the as-of month")
    over = count("pieces of work that the week does not hold")
    asked = number("deals a week that the quota of the next quarter asks; missing without one")
    load = ratio("(overdue + due) ÷ what the week holds; missing where a day holds none")


def waiting_work(
    items: pd.DataFrame, asked: Mapping[str, float], names: Mapping[str, str], room: int
) -> pd.DataFrame:
    """Counts per person, as ``WaitingWork``.

    items: ``WeekItems``, placed; asked: person → deals a week of its quota (they have a line even
    without work waiting); names: person → name; room: follow-ups that the week holds.
    """
    rows = []
    for rep in sorted({*items["rep"], *asked}):
        mine = items[items["rep"] == rep]
        follow = mine[mine["work"] == FOLLOW_UPS]
        late = int((follow["age"] > 0).sum())
        rows.append(
            {
                "rep": rep,
                "name": names.get(rep, rep),
                "overdue": late,
                "due": len(follow) - late,
                **{key: int((mine["work"] == kind).sum()) for kind, key in KINDS},
                "over": int(mine["date"].isna().sum()),
                "asked": asked.get(rep),
                "load": len(follow) / room if room else None,
            }
        )
    return WaitingWork.make(rows)
