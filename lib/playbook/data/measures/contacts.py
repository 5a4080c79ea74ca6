"""Leads, their scored needs and the contact log, one row per lead, subject or contact."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from .frames import collect


def leads(table: nw.LazyFrame) -> pd.DataFrame:
    """One row per lead, sorted by lead_id; no personal contact data. Days as datetimes."""
    days = nw.col("created", "expected_purchase").cast(nw.Datetime("us"))
    return collect(
        table.select(
            "lead_id",
            "channel",
            "company",
            "industry",
            "region",
            "rep_id",
            "need",
            days,
            "budget",
            "decision_maker",
            "converted_opportunity_id",
        ),
        sort=["lead_id"],
    )


def fit(table: nw.LazyFrame) -> pd.DataFrame:
    """Scored needs summed per subject: needs, weighted and unweighted totals, the most they could
    be, buying_power; sorted.

    Scores outside 1-5 count in ``wrong`` and nowhere else; a missing weight is 1. ``conflict``: the
    subject's rows name different buying powers; then none is taken.
    """
    weight = nw.col("weight").fill_null(1.0)
    right = (nw.col("score") >= 1) & (nw.col("score") <= 5)
    rows = table.select(
        "subject_id",
        "buying_power",
        nw.when(right).then(nw.lit(1)).otherwise(0).alias("needs"),
        nw.when(right).then(nw.lit(0)).otherwise(1).alias("wrong"),
        nw.when(right).then(nw.col("score")).alias("total"),
        nw.when(right).then(nw.col("score") * weight).alias("weighted"),
        nw.when(right).then(weight * 5).alias("most"),
    )
    sums = [nw.col(name).sum() for name in ("needs", "wrong", "total", "weighted", "most")]
    power = nw.col("buying_power")
    found = collect(
        rows.group_by("subject_id").agg(*sums, power.max(), least=power.min()),
        sort=["subject_id"],
    )
    conflict = found["buying_power"].notna() & (found["buying_power"] != found["least"])
    return found.drop(columns="least").assign(
        buying_power=found["buying_power"].where(~conflict), conflict=conflict.astype(bool)
    )


def outcomes(opportunities: nw.LazyFrame) -> pd.DataFrame:
    """opportunity_id, lead_id, customer_id, rep_id, outcome, closed and amount of every deal;
    sorted by opportunity_id.
    """
    return collect(
        opportunities.select(
            "opportunity_id",
            "lead_id",
            "customer_id",
            "rep_id",
            "outcome",
            nw.col("closed").cast(nw.Datetime("us")),
            "amount",
        ),
        sort=["opportunity_id"],
    )


def log(activities: nw.LazyFrame, start: date, end: date) -> pd.DataFrame:
    """The contact log between two days, both inclusive, sorted by activity_id.

    ``subject`` is the customer, else the lead. ``recorded_after`` [days] is missing without a time
    of recording.
    """
    inside = activities.filter(nw.col("date") >= start, nw.col("date") <= end)
    days = nw.col("date", "due", "recorded_at").cast(nw.Datetime("us"))
    frame = collect(
        inside.select(
            "activity_id",
            "rep_id",
            "kind",
            "customer_id",
            "lead_id",
            "progressed",
            "next_action",
            "next_owner",
            "status",
            days,
        ),
        sort=["activity_id"],
    )
    subject = frame["customer_id"].where(frame["customer_id"].notna(), frame["lead_id"])
    return frame.assign(
        subject=subject,
        recorded_after=(frame["recorded_at"].dt.normalize() - frame["date"].dt.normalize()).dt.days,
    )


def care(table: nw.LazyFrame) -> pd.DataFrame:
    """Satisfaction (mean of its actions) and the newest action done, per customer; sorted by
    customer_id.
    """
    return collect(
        table.group_by("customer_id").agg(
            nw.col("satisfaction").mean(), nw.col("last_done").max().cast(nw.Datetime("us"))
        ),
        sort=["customer_id"],
    )
