"""What was aimed at: key results, strategies, tasks, what meetings agreed, what was to be done."""

from __future__ import annotations

from ..table_specs import TableSpec, columns_of, one_of, range_of

AIMS = (
    TableSpec(
        "key_results",
        "one row per key result",
        columns_of(
            """
            objective text* | the objective it serves | Grow in the North
            key_result text* | what is measured | 40 new customers
            metric text | a name of the vocabulary, where it is one | customers
            unit text | of the numbers | customers
            baseline number | where it stood at the start | 12
            target number* | where it is to stand | 40
            owner text | who answers for it | R01
            start day | first day | 2023-01-01
            due day* | last day | 2023-12-31
            weight number | how much it counts in its objective | 2
            direction text | whether more or less is better | up
            parent text | the objective above | Grow
            level text | whose it is | team
            """,
            direction=one_of("up", "down"),
            level=one_of("company", "team", "person"),
            weight=range_of(0),
        ),
        key=("objective", "key_result"),
        known="start",
        order=(("start", "due"),),
    ),
    TableSpec(
        "check_ins",
        "one row per key result and check-in",
        columns_of(
            """
            key_result text* | which | 40 new customers
            date day* | when | 2023-04-07
            value number* | where it stands | 15
            confidence share | how sure its owner is to reach it | 0.7
            note text | anything | two fairs to come
            """,
            confidence=range_of(0, 1),
        ),
        key=("key_result", "date"),
        known="date",
    ),
    TableSpec(
        "strategies",
        "one row per strategy",
        columns_of(
            """
            strategy text* | its name | Partners in the North
            goal text* | the goal it serves | sales
            lever text | what it moves | channel
            budget money | money it may cost | 90000
            spent money | money it has cost | 42000
            start day | first day | 2023-02-01
            due day | last day | 2023-10-31
            owner text | who answers for it | R01
            people text | people it takes | 2 specialists
            people_planned number | people planned, in their unit | 6
            people_used number | people used so far, in their unit | 4.5
            people_unit text | what people are counted in | person-months
            material text | material it takes | 5000 leaflets
            material_planned number | material planned, in its unit | 5000
            material_used number | material used so far, in its unit | 3200
            material_unit text | what material is counted in | leaflets
            expected text | what it is to bring | 20 deals
            indicator text | how it is seen | deals from partners
            milestone text | a step on the way | ten partners signed
            milestone_due day | when that is due | 2023-05-31
            milestone_done day | when it was reached | 2023-06-12
            """,
            lever=one_of("product", "price", "channel", "promotion"),
            budget=range_of(0),
            spent=range_of(0),
            people_planned=range_of(0),
            people_used=range_of(0),
            material_planned=range_of(0),
            material_used=range_of(0),
        ),
        key=("strategy", "milestone"),
        known="start",
        order=(("start", "due"),),
    ),
    TableSpec(
        "tasks",
        "one row per sub-task",
        columns_of(
            """
            task text* | the task | Spring fair
            item text* | the part of it | visits
            target number | how many are to be done | 20
            done number | how many are | 14
            unit text | of the numbers | visits
            owner text* | who does it | R01
            start day | first day | 2023-03-01
            due day* | last day | 2023-03-31
            finished day | when it was finished | 2023-04-02
            acceptor text | who accepts it | R09
            remark text | anything | two rescheduled
            """
        ),
        key=("task", "item", "owner"),
        known="start",
    ),
    TableSpec(
        "meetings",
        "one row per action agreed in a review meeting",
        columns_of(
            """
            meeting_date day* | day of the meeting | 2023-04-05
            topic text | what it was about | March
            action text* | what was agreed | call the ten oldest offers
            owner text* | who does it | R01
            due day* | until when | 2023-04-14
            done_on day | when it was done | 2023-04-12
            decision text | what was decided | no discount above 10 %
            """
        ),
        known="meeting_date",
    ),
    TableSpec(
        "action_log",
        "one row per action of an earlier pack, as its workbook was filled in",
        columns_of(
            """
            action_id text* | number of the action, the same in every pack | VC-CHYCTKVHLE
            as_of day* | the pack's day | 2023-08-31
            chapter text | where the pack lists it | Customers
            whom text | the customer or lead it is for | Northwind GmbH
            what text | what is to be done | Value check
            owner text | who does it | Ada Example
            due day | until when | 2023-09-11
            worth money | what it is worth | 24000
            why text | why | deal won 12 Aug 2023
            listed day | day of the pack that listed it first | 2023-08-31
            age count | days since then | 0
            done text | yes, no, or dropped | yes
            done_on day | when it was done or dropped | 2023-09-12
            note text | anything | asked for a training
            """
        ),
        key=("action_id",),
        known="as_of",
    ),
)
