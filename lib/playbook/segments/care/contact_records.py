"""What the records of contacts lack."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import plural
from playbook.base.language import say
from playbook.methods.intervals import Rate


class RecordChecks(column.Frame):
    """One row per check."""

    check = column.text("what is lacking")
    n = column.count("contacts where it is")
    of = column.count("contacts checked")
    share = column.share("n of the contacts checked", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")


def record_checks(log: pd.DataFrame, late_days: int, columns: Collection[str]) -> pd.DataFrame:
    """A frame of ``RecordChecks`` from one of ``ContactLog``.

    late_days: days after the contact from which its record counts as late; columns: those that the
    contacts have at all: what is not recorded anywhere is no gap in single records.
    """
    newest = log.sort_values(["date", "activity_id"]).drop_duplicates("subject", keep="last")
    recorded = log[log["recorded_after"].notna()]
    tests = [
        ("next_action", say("Newest contact without a next action"), newest["next_action"].isna()),
        (
            "next_owner",
            say("Newest contact without an owner of the next action"),
            newest["next_owner"].isna(),
        ),
        ("due", say("Newest contact without a due day"), newest["due"].isna()),
        (
            "recorded_at",
            say("Recorded more than {days} after the contact", days=plural(late_days, "day")),
            recorded["recorded_after"] > late_days,
        ),
    ]
    rows = []
    for name, check, hit in tests:
        if name not in columns:
            continue
        k, n = int(hit.sum()), len(hit)
        low, high = Rate(k, n).interval
        rows.append(
            {
                "check": check,
                "n": k,
                "of": n,
                "share": k / n if n else None,
                "low": low,
                "high": high,
            }
        )
    return RecordChecks.make(rows)
