"""What waits for people: open deals and lost ones, customers not seen for long, leads without a
deal; row by row, with names.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from . import sales
from .customer_list import last_rep
from .days import day_in, day_number, month_in
from .deals import deal_value, deals_of
from .frames import collect
from .touches import customer_contacts


def open_deal_rows(book: Book) -> pd.DataFrame:
    """Open deals: opportunity_id, customer_id, rep, stage, days (in it; null = not dated), value
    [currency, null = unpriced], largest first. Raises NotAvailable without deals.
    """
    deals = deals_of(book)
    rows = collect(
        deals.rows.filter(nw.col("outcome") == "open").select(
            "opportunity_id",
            "customer_id",
            rep=nw.col("rep_id"),
            at=nw.col("current").cast(nw.Int64),
            days=nw.lit(day_number(book.as_of)) - day_in(nw.col("since")),
            value=deal_value().cast(nw.Float64),
        ),
        sort=["opportunity_id"],
    )
    rows = rows.assign(stage=[deals.stages[int(k)] for k in rows["at"]]).drop(columns="at")
    return rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def lost_deal_rows(book: Book) -> pd.DataFrame:
    """Deals lost in the as-of month: opportunity_id, customer_id, rep, days (since then), reason,
    value, largest first.
    """
    lost = deals_of(book).rows.filter(
        (nw.col("outcome") == "lost") & (month_in(nw.col("closed")) == book.month.number)
    )
    rows = collect(
        lost.select(
            "opportunity_id",
            "customer_id",
            rep=nw.col("rep_id"),
            days=nw.lit(day_number(book.as_of)) - day_in(nw.col("closed")),
            reason=nw.col("lost_reason"),
            value=deal_value().cast(nw.Float64),
        ),
        sort=["opportunity_id"],
    )
    return rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def waiting_lead_rows(book: Book, since: date) -> pd.DataFrame:
    """Leads created from ``since`` on that no deal has come from: lead_id, rep, days (since
    created), newest first.
    """
    rows = book.table("leads").filter(
        nw.col("converted_opportunity_id").is_null(), nw.col("created").cast(nw.Date) >= since
    )
    if book.has("opportunities", "lead_id"):
        taken = book.table("opportunities").filter(~nw.col("lead_id").is_null())
        rows = rows.join(taken.select("lead_id").unique(), on="lead_id", how="anti")
    found = collect(
        rows.select("lead_id", created=nw.col("created").cast(nw.Date), rep=nw.col("rep_id")),
        sort=["created", "lead_id"],
    )
    days = [(book.as_of - pd.Timestamp(day).date()).days for day in found["created"]]
    return found.assign(days=days).drop(columns="created").iloc[::-1].reset_index(drop=True)


def customer_silence(book: Book) -> pd.DataFrame:
    """Customers with net sales in the trailing 12 months: customer_id, rep (of the newest order
    that names one, else the customer's own), amount [currency], days (since the last contact or
    order). Rows without a customer are left out.
    """
    year = book.window("trailing_12m")
    rows = sales.order_rows(book)
    bought = sales.by_customer(sales.between(rows, year.start, year.end))
    found = bought.dropna(subset=["customer_id"])[["customer_id", "amount"]]
    found = found.assign(amount=found["amount"].astype(float))
    found = found[found["amount"] > 0]
    seen = collect(
        rows.filter(~nw.col("refund")).group_by("customer_id").agg(last=nw.col("date").max()),
        sort=["customer_id"],
    )
    if book.has("activities", "date"):
        acts = customer_contacts(book).select("customer_id", day=nw.col("date").cast(nw.Date))
        met = collect(
            acts.filter(~nw.col("customer_id").is_null())
            .group_by("customer_id")
            .agg(last=nw.col("day").max()),
            sort=["customer_id"],
        )
        seen = pd.concat([seen, met], ignore_index=True)
    seen["last"] = pd.to_datetime(seen["last"])
    last = seen.groupby("customer_id")["last"].max()
    owner = (
        last_rep(book.table("orders")).set_index("customer_id")["rep_id"]
        if book.has("orders", "rep_id")
        else pd.Series(dtype=object)
    )
    own = found["customer_id"].map(owner)
    if book.has("customers", "rep_id"):
        kept = collect(
            book.table("customers").select("customer_id", "rep_id"), sort=["customer_id"]
        ).set_index("customer_id")["rep_id"]
        own = own.where(own.notna(), found["customer_id"].map(kept))
    met_on = last.reindex(found["customer_id"]).set_axis(found.index)  # map refuses an empty one
    silent = pd.Timestamp(book.as_of) - met_on
    return found.assign(rep=own, days=silent.dt.days).sort_values(
        ["amount", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True
    )
