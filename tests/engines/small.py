"""A book of few rows in which all that is odd happens: lines, refunds, numbers used again, sales
without a customer, deals moved back, skipped stages, renewals, exports of the deals on other days.
"""

from __future__ import annotations

from pathlib import Path

from toy import rows

TOML = """
[book]
name = "small"
currency = "CNY"
stages = ["lead", "offer", "won"]
bad_rows = 0.0
unknown_share = 0.5
"""
TABLES = {
    "orders": """
        order_id date       customer_id amount  kind    channel product_line rep_id cost list_amount
        O1       2023-01-05 C1          100.10  new     web     A            R1     60   120
        O1       2023-01-07 C1          50.05   new     web     B            R1     .    55
        O2       2023-02-10 C2          50      new     shop    A            R2     20   50
        O3       2023-03-28 C1          80.5    renewal web     A            R1     40   90
        O4       2023-03-29 .           12.25   new     shop    B            R2     .    .
        O5       2023-04-02 C3          -20     refund  shop    A            R2     .    .
        O6       2023-04-03 C3          200     new     .       A            .      90   210
        N1       2022-01-10 C1          10      new     web     A            R1     5    10
        N1       2023-05-10 C1          11      new     web     A            R1     5    12
        N1       2023-05-11 C2          12      new     shop    B            R2     6    12
        O7       2023-05-30 C2          75      renewal shop    B            R2     30   80
        O7       2023-06-01 C2          25      renewal shop    B            R2     10   30
        O8       2023-06-15 C4          0       new     web     A            R1     0    0
        O9       2023-06-20 C1          500     new     web     B            R1     250  640
    """,
    "customers": """
        customer_id name   industry      region customer_type since      channel rep_id
        C1          Ada    Finance       North  large         2021-05-01 web     R1
        C2          Bo     Retail        South  small         2023-02-10 shop    R2
        C3          Cy     Retail        South  small         2023-04-20 shop    R2
        C4          Dee    Manufacturing North  large         2023-06-01 web     R1
        C5          Eve    Finance       North  small         2022-01-01 web     R1
    """,
    "reps": """
        rep_id name  team region hired      left       role    manager_id
        R1     Ann   T1   North  2021-01-01 .          seller  R3
        R2     Ben   T2   South  2023-02-01 .          seller  R3
        R3     Mia   T1   North  2019-01-01 .          manager .
        R4     Old   T2   South  2020-01-01 2023-03-31 seller  R3
    """,
    "opportunities": """
        opportunity_id,created,stage,outcome,closed,amount,customer_id,lead_id,rep_id,channel,objection,lost_reason,discount,expected_close
        D1,2023-01-02,won,won,2023-01-05,150.15,C1,L1,R1,web,price,.,0.05,.
        D2,2023-01-15,offer,lost,2023-02-20,90,C2,L2,R2,shop,price,price,.,.
        D3,2023-02-01,won,won,2023-04-03,200,C3,.,R2,shop,timing,.,0,.
        D4,2023-03-01,offer,open,.,70,C4,L3,R1,web,.,.,.,2023-05-01
        D5,2023-04-10,lead,open,.,300,C5,.,R1,web,.,.,.,2023-09-01
        D6,2023-05-01,lead,lost,2023-05-20,45,C5,L4,R4,shop,.,timing,.,.
        D7,2023-05-05,won,won,2023-06-20,500,C1,.,R1,web,price,.,0.2,.
        D8,2023-06-01,offer,open,.,.,C2,.,R2,shop,timing,.,.,.
    """,
    "stage_events": """
        opportunity_id stage entered_at
        D1             lead  2023-01-02
        D1             won   2023-01-05
        D2             lead  2023-01-15
        D2             offer 2023-02-01
        D3             lead  2023-02-01
        D3             offer 2023-02-20
        D3             lead  2023-03-01
        D3             offer 2023-03-10
        D3             won   2023-04-03
        D4             lead  2023-03-01
        D4             offer 2023-03-20
        D5             lead  2023-04-10
        D6             lead  2023-05-01
        D7             offer 2023-05-10
        D7             won   2023-06-20
        D8             lead  2023-06-01
        D8             offer 2023-06-01
    """,
    "leads": """
        lead_id created    channel company industry region rep_id converted_opportunity_id
        L1      2022-12-20 web     Ada     Finance  North  R1     D1
        L2      2023-01-10 shop    Bo      Retail   South  R2     D2
        L3      2023-02-25 web     Dee     Finance  North  R1     D4
        L4      2023-04-28 shop    Eve     Retail   South  R4     D6
        L5      2023-06-20 web     Fay     Retail   .      R2     .
    """,
    "activities": """
        activity_id date       kind  rep_id customer_id opportunity_id lead_id
        A1          2023-01-03 call  R1     C1          D1             .
        A2          2023-01-04 visit R1     C1          D1             .
        A3          2023-01-20 call  R2     C2          D2             .
        A4          2023-03-05 visit R1     C4          D4             .
        A5          2023-06-10 call  R2     C2          D8             .
        A6          2023-06-21 call  R2     .           .              L5
        A7          2023-06-25 visit R1     C1          .              .
    """,
    "contracts": """
        contract_id customer_id start      end        annual_value renewed_by renewed_on rep_id
        K1          C1          2022-04-01 2023-03-31 1200         K2         2023-03-28 R1
        K2          C1          2023-04-01 2024-03-31 1500         .          .          R1
        K3          C2          2022-07-01 2023-06-30 600          .          .          R2
        K4          C5          2022-01-01 2022-12-31 240          .          .          R1
    """,
    "targets": """
        period  metric target region
        2023    sales  2000   .
        2023-Q1 sales  400    .
        2023-04 sales  150    North
    """,
    "channel_costs": """
        month   channel cost
        2023-01 web     10
        2023-01 shop    5.5
        2023-06 web     12
    """,
    "snapshots": """
        snapshot_date opportunity_id stage amount expected_close probability
        2023-03-31 D4             offer 70     2023-04-30     0.5
        2023-03-31 D3             offer 220    2023-04-15     0.8
        2023-04-30 D4             offer 70     2023-05-01     0.4
        2023-05-31 D7             offer 450    2023-06-15     0.6
    """,
    "deal_splits": """
        opportunity_id rep_id share
        D1             R1     0.6
        D1             R2     0.4
    """,
}


def write_small(folder: Path) -> Path:
    """The book as files."""
    folder.mkdir(parents=True)
    (folder / "playbook.toml").write_text(TOML, encoding="utf-8")
    for name, text in TABLES.items():
        given = rows(text, "," if "," in text.strip().splitlines()[0] else "")
        given.to_csv(folder / f"{name}.csv", index=False)
    return folder
