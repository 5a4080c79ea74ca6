"""Who sold: people, who had what when, their targets, training, awards and corrections of pay."""

from __future__ import annotations

from ..table_specs import REP, TableSpec, columns_of, one_of, range_of

PEOPLE = (
    TableSpec(
        "targets",
        "one row per target: period, metric and the members it is for",
        columns_of(
            """
            period period* | a year, quarter or month | 2023-Q2
            metric text* | sales, customers, … a name of the vocabulary | sales
            target number* | the figure to reach | 3000000
            region text | only for this region | North
            product_line text | only for this line | Integration
            customer_type text | only for these customers | large
            rep_id text | only for this person | R01
            team text | only for this team | East
            owner text | who answers for it | R01
            remark text | anything | from the plan of December
            """,
            rep_id=REP,
            target=range_of(0),
        ),
        key=("period", "metric", "region", "product_line", "customer_type", "rep_id", "team"),
    ),
    TableSpec(
        "reps",
        "one row per salesperson",
        columns_of(
            """
            rep_id text* | the person's number, or name where there is none | R01
            name text | as printed on the pages | Ada Example
            team text | team of today | East
            region text | region of today | North
            role text | what the person does | seller
            manager_id text | rep_id of the manager | R09
            mentor_id text | rep_id of the mentor | R04
            hired day | first day | 2021-02-01
            left day | last day; empty for those still here | 2023-06-30
            base_pay money | fixed pay of a month | 9000
            """,
            manager_id=REP,
            mentor_id=REP,
            base_pay=range_of(0),
        ),
        key=("rep_id",),
        known="hired",
        order=(("hired", "left"),),
    ),
    TableSpec(
        "assignments",
        "one row per span of days in which a customer or a person belonged to somebody",
        columns_of(
            """
            subject text* | whether a customer or a person is assigned | customer
            subject_id text* | which: a customer_id or a rep_id | C001
            role text* | what it is assigned: owner, for customers; the others for reps | owner
            value text* | to whom or what: a rep_id, or a team, region or role | R01
            from day | first day; empty = since ever | 2022-01-01
            to day | last day; empty = until now | 2023-03-31
            """,
            subject=one_of("customer", "rep"),
            role=one_of("owner", "team", "manager", "region", "role", "overlay"),
        ),
        key=("subject", "subject_id", "role", "value", "from"),
        known="from",
        order=(("from", "to"),),
    ),
    TableSpec(
        "training",
        "one row per person and course",
        columns_of(
            """
            rep_id text* | who | R01
            course text* | which course | Negotiation
            date day* | when | 2023-03-01
            pre_score number | test before | 55
            post_score number | test after | 78
            max_score number | points to be had | 100
            attendance share | part of it attended | 0.9
            interactions count | times the person took part | 6
            satisfaction number | mark given | 4
            control flag | untrained, for comparison | no
            """,
            rep_id=REP,
            attendance=range_of(0, 1),
        ),
        key=("rep_id", "course", "date"),
        known="date",
    ),
    TableSpec(
        "awards",
        "one row per award given by hand",
        columns_of(
            """
            date day* | when | 2023-03-31
            rep_id text* | to whom | R01
            award text* | which | best newcomer
            amount money | money that goes with it | 500
            note text | why | first year above quota
            """,
            rep_id=REP,
        ),
        known="date",
    ),
    TableSpec(
        "pay_adjustments",
        "one row per correction of somebody's pay, asked for or decided",
        columns_of(
            """
            adjustment_id text* | its number | ADJ-7
            rep_id text* | whose pay | R01
            month month* | the month of pay it is for | 2023-04
            amount money* | added; taken off is negative | -250
            reason text* | why | order SO-1001 was credited twice
            asked_by text | who asked for it | R01
            approved_by text | who approved it; empty = not approved | R09
            decided_at day | when | 2023-05-04
            order_id text | the order it is about | SO-1001
            """,
            rep_id=REP,
        ),
        key=("adjustment_id",),
        known="month",
    ),
)
