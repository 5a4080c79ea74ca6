"""Open deals with their amounts and their chances: the source's, and by the book's own past."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.measures.days import day_in, day_number
from playbook.data.measures.deals import Deals, deal_value
from playbook.data.measures.frames import collect

from .chances import chances_ahead, pooled_chances
from .cohorts import dates_stages, steps_of


def open_worth(deals: Deals, book: Book) -> pd.DataFrame:
    """Open deals, in the order of ids: opportunity_id, customer_id, lead_id, rep_id, moved_back,
    current (stage), days (in it), expected_close, value [currency, null = unpriced], probability
    (the source's), own (chance by the book's past: of the time in the stage, else of the stage;
    null = unknown), pooled (whether it is that of the stage), undated (whether the chance is
    unknown because the day it entered its stage is).
    """
    today = nw.lit(day_number(deals.as_of))
    rows = collect(
        deals.rows.filter(nw.col("outcome") == "open").select(
            "opportunity_id",
            "customer_id",
            "lead_id",
            "rep_id",
            "moved_back",
            "expected_close",
            current=nw.col("current").cast(nw.Int64),
            days=today - day_in(nw.col("since")),
            value=deal_value().cast(nw.Float64),
            probability=nw.col("probability").cast(nw.Float64),
        ),
        sort=["opportunity_id"],
    )
    steps = {deals.stages.index(step.start): step for step in steps_of(deals, book)}
    ahead = chances_ahead(steps, book)
    pooled = pooled_chances(deals)
    own = [
        ahead[k](d) if k in ahead and d == d else np.nan
        for k, d in zip(rows.current, rows.days, strict=True)
    ]
    fallback = pd.Series([pooled.get(k) for k in rows.current], rows.index, dtype=float)
    known = pd.Series(own, rows.index, dtype=float)
    # where the book dates no entry at all, all open deals are taken together
    dated, left = rows.days.notna() | (not dates_stages(deals)), known.isna() & fallback.notna()
    return rows.assign(
        own=known.fillna(fallback.where(dated)), pooled=left & dated, undated=left & ~dated
    )
