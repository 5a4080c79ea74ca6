"""What was done to win and keep customers: leads, contacts, requests, promises, what channels
cost.
"""

from __future__ import annotations

from ..table_specs import CUSTOMER, DEAL, LEAD, REP, TableSpec, columns_of, one_of, range_of

CONTACTS = (
    TableSpec(
        "leads",
        "one row per lead",
        columns_of(
            """
            lead_id text* | the lead's number | L-12
            created day* | day it came | 2023-01-09
            channel text | how it came | Trade fair
            company text | the firm it is from | Northwind GmbH
            industry text | what that firm does | Manufacturing
            size_employees count | people it employs | 250
            annual_revenue money | the firm's own turnover | 30000000
            region text | sales region | North
            rep_id text | who looks after it | R01
            need text | what is wanted | reporting
            expected_purchase day | when it wants to buy | 2023-06-30
            budget money | what it can spend | 15000
            decision_maker flag | whether the contact decides | yes
            converted_opportunity_id text | the deal it became | D-77
            contact_name text! | a person to talk to | Ada Example
            phone text! | telephone | 555 0100
            email text! | e-mail | ada@example.com
            """,
            rep_id=REP,
            converted_opportunity_id=DEAL,
            size_employees=range_of(0),
        ),
        key=("lead_id",),
        known="created",
    ),
    TableSpec(
        "fit_scores",
        "one row per need of a lead or customer",
        columns_of(
            """
            subject_id text* | the lead or customer | L-12
            need text* | the need | reporting
            score score* | how well the offer meets it, 1 to 5 | 4
            weight number | how much the need counts | 2
            buying_power text | what the subject can spend | high
            scored_by text | who scored | R01
            scored_at day | when | 2023-01-20
            """,
            score=range_of(1, 5),
            weight=range_of(0),
            buying_power=one_of("high", "medium", "low"),
        ),
        key=("subject_id", "need"),
        known="scored_at",
    ),
    TableSpec(
        "activities",
        "one row per contact with a customer or lead",
        columns_of(
            """
            activity_id text* | the contact's number | A-900
            date day* | day of the contact | 2023-02-14
            rep_id text* | who made it | R01
            kind text* | call, visit, email, message, demo, proposal, request … | visit
            customer_id text | with which customer | C001
            lead_id text | with which lead | L-12
            opportunity_id text | about which deal | D-77
            summary text | what was said | shown the reports
            feedback text | what the customer answered | likes them
            objection text | what the customer objected to | price
            progressed flag | whether it moved the deal on | yes
            next_action text | what was agreed | send an offer
            next_owner text | who does it | R01
            due day | until when | 2023-02-21
            status text | whether that is done, today | done
            recorded_at time | when it was written down | 2023-02-14 17:30
            """,
            rep_id=REP,
            customer_id=CUSTOMER,
            lead_id=LEAD,
            opportunity_id=DEAL,
            status=one_of("open", "done", "failed"),
        ),
        key=("activity_id",),
        known="date",
    ),
    TableSpec(
        "cases",
        "one row per request of a customer",
        columns_of(
            """
            case_id text* | the request's number | T-310
            customer_id text | whose it is | C001
            opened time* | day or moment it came | 2023-04-03 10:12
            answered time | first answer | 2023-04-03 11:40
            solved time | when it was settled | 2023-04-05 15:00
            kind text | question, complaint, fault … | complaint
            satisfaction number | the customer's mark for it, on one scale | 4
            rep_id text | who answers for it | R01
            """,
            customer_id=CUSTOMER,
            rep_id=REP,
        ),
        key=("case_id",),
        known="opened",
        order=(("opened", "answered"), ("opened", "solved")),
    ),
    TableSpec(
        "care_plan",
        "one row per customer and action",
        columns_of(
            """
            customer_id text* | the customer | C001
            action text* | what is done for it | quarterly review
            frequency text | how often | quarterly
            owner text | who does it | R01
            last_done day | when it was done last | 2023-03-10
            satisfaction number | how satisfied it was | 4
            note text | anything | asked for training
            """,
            customer_id=CUSTOMER,
        ),
        key=("customer_id", "action"),
    ),
    TableSpec(
        "channel_costs",
        "one row per channel and month",
        columns_of(
            """
            month month* | the month; days of it are added up | 2023-04
            channel text* | as in leads and deals | Trade fair
            cost money* | money spent | 8000
            """,
            cost=range_of(0),
        ),
        key=("month", "channel"),
        known="month",
    ),
    TableSpec(
        "market",
        "one row per industry and year",
        columns_of(
            """
            year year* | the year | 2023
            industry text* | as in customers | Manufacturing
            size money* | what all of it spends on what we sell | 120000000
            our_share share | our part of it | 0.04
            """,
            our_share=range_of(0, 1),
            size=range_of(0),
        ),
        key=("year", "industry"),
    ),
)
