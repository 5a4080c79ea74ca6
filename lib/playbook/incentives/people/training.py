"""What training did: scores before and after, against people who were not trained, and what they
sold.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import people
from playbook.methods.comparisons import holm
from playbook.methods.means import group_effect, paired_effect
from playbook.page import section
from playbook.pay.history import History, history

from .course_effects import NO_SALES, CourseEffects, Training
from .sales_around import AROUND, sales_change


@section("training")
def training(book: Book) -> Training:
    """Effect of each course; needs the training table with scores."""
    book.need(
        "training",
        "pre_score",
        "post_score",
        gives=(
            say(
                "each course's gain with an interval, against people who were not"
                " trained, and what it did to sales"
            )
        ),
    )
    past = _sold(book)
    rows = people.training(book)
    made = [_course(past, name, part) for name, part in rows.groupby("course", sort=True)]
    for key in ("net_p", "sales_p"):
        for one, p in zip(made, holm([one[key] for one in made]), strict=True):
            one[key] = float(p)
    return Training(
        table=CourseEffects.make(made).astype(object).where(lambda f: f.notna(), None),
        as_of=book.as_of,
        fmt=book.fmt,
    )


def _sold(book: Book) -> History | None:
    """What people sold; None in a book of training without sales, whose scores stand alone."""
    try:
        return history(book)
    except NotAvailable:
        return None


def _course(past: History | None, name: str, part: pd.DataFrame) -> dict:
    scored = part.dropna(subset=["pre_score", "post_score"])
    trained, control = scored[~scored["control"]], scored[scored["control"]]
    effect = paired_effect(trained["pre_score"], trained["post_score"])
    net = group_effect(
        trained["post_score"] - trained["pre_score"], control["post_score"] - control["pre_score"]
    )
    none = pd.DataFrame({"control": pd.Series(dtype=bool), "change": pd.Series(dtype=float)})
    sales = none if past is None else sales_change(past, part)
    change, rest = sales.loc[~sales["control"], "change"], sales.loc[sales["control"], "change"]
    after = paired_effect(np.zeros(len(change)), change)
    beyond = group_effect(change, rest)
    return {
        "course": name,
        "n": effect.n,
        "control_n": len(control),
        "full": float(part["max_score"].max()),
        "pre": _mean(trained["pre_score"]),
        "post": _mean(trained["post_score"]),
        "gain": effect.mean,
        "low": effect.low,
        "high": effect.high,
        "g": effect.g,
        "net": net.mean,
        "net_low": net.low,
        "net_high": net.high,
        "attendance": _mean(part.loc[~part["control"], "attendance"]),
        "satisfaction": _mean(part.loc[~part["control"], "satisfaction"]),
        "with_sales": len(change),
        "sales": after.mean,
        "sales_low": after.low,
        "sales_high": after.high,
        "net_sales": beyond.mean,
        "net_sales_low": beyond.low,
        "net_sales_high": beyond.high,
        "net_p": (
            _chance(
                trained["post_score"] - trained["pre_score"],
                control["post_score"] - control["pre_score"],
            )
            if net.low is not None
            else np.nan
        ),
        "sales_p": _chance(change, rest) if beyond.low is not None else np.nan,
        "why": ""
        if len(change)
        else NO_SALES
        if past is None
        else say("fewer than {around} days of sales on one side", around=AROUND),
    }


def _chance(one: pd.Series, other: pd.Series) -> float:
    """Two-sided p of a difference of means (Welch); 1 where nothing varies: chance is not known."""
    one, other = one.dropna().astype(float), other.dropna().astype(float)
    if max(np.ptp(one), np.ptp(other)) <= 1e-9 * max(one.abs().max(), other.abs().max()):
        return 1.0
    # from the moments, for scipy warns where one of the two hardly varies
    moments = (m for part in (one, other) for m in (part.mean(), part.std(), len(part)))
    return float(stats.ttest_ind_from_stats(*moments, equal_var=False).pvalue)


def _mean(values: pd.Series) -> float | None:
    values = values.dropna().astype(float)
    return float(values.mean()) if len(values) else None
