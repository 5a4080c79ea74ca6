"""What was sold: customers, orders, deals and their course, contracts, payments."""

from __future__ import annotations

from ..table_specs import CUSTOMER, DEAL, LEAD, REP, TableSpec, columns_of, one_of, range_of

SOLD = (
    TableSpec(
        "customers",
        "one row per customer",
        columns_of(
            """
            customer_id text* | the customer's number, or its name where there is none | C001
            name text | as printed on the pages | Northwind GmbH
            industry text | what the customer does | Manufacturing
            region text | the sales region it belongs to | North
            customer_type text | large, medium, small, or classes of your own | large
            size_employees count | people it employs | 250
            since day | first day of business with it, not of the record | 2021-03-05
            channel text | how it was won | Referral
            rep_id text | who owns it today; who owned it when stands in assignments | R01
            strategic flag | whether it is a strategic customer | yes
            contact_name text! | a person to talk to | Ada Example
            phone text! | telephone | 555 0100
            email text! | e-mail | ada@example.com
            """,
            rep_id=REP,
            size_employees=range_of(0),
        ),
        key=("customer_id",),
        known="since",
    ),
    TableSpec(
        "orders",
        "one row per order, or per order line (then order_id repeats)",
        columns_of(
            """
            order_id text* | the order's number; lines of one order share it | SO-1001
            date day* | day it was ordered or invoiced | 2023-04-03
            customer_id text | who bought; empty for counter sales | C001
            amount money* | net of discount and tax; refunds are negative | 12500.00
            rep_id text | who sold it, on that day | R01
            region text | region it counts for | North
            product_line text | product or line of products | Integration
            channel text | how the order came | Web
            kind text | how it came about; else told by the customer's earlier orders | renewal
            quantity number | pieces sold | 5
            months count | months it is contracted for; a three-year deal is 36 | 12
            list_amount money | the same at list price, before discount | 14000.00
            cost money | what the goods cost us, in all | 6300.00
            paid_amount money | paid until now | 12500.00
            paid_date day | day of the last payment | 2023-05-02
            opportunity_id text | the deal it came from | D-77
            line_id text | tells the lines of an order apart | 2
            status text | confirmed, delivered, cancelled: as the source says | delivered
            currency text | of the row's money, with a rate per month in rates | EUR
            team text | team of the seller on that day | East
            """,
            customer_id=CUSTOMER,
            rep_id=REP,
            opportunity_id=DEAL,
            kind=one_of("new", "repurchase", "upgrade", "renewal", "refund"),
        ),
        known="date",
    ),
    TableSpec(
        "opportunities",
        "one row per deal",
        columns_of(
            """
            opportunity_id text* | the deal's number | D-77
            created day | day the deal was opened | 2023-01-16
            stage text* | where it stands today, in the words of [book] stages | intent
            outcome text* | what became of it | won
            closed day | day it was won or lost; empty while open | 2023-04-03
            amount money | asked for while open, sold for when won | 12500.00
            expected_amount money | the amount expected of an open deal, unweighted | 12000.00
            expected_close day | planned day of closing | 2023-04-15
            customer_id text | who would buy | C001
            lead_id text | the lead it came from | L-12
            rep_id text | who owns the deal | R01
            region text | region it counts for | North
            product_line text | product or line of products | Integration
            industry text | the customer's industry, where customers is not given | Manufacturing
            channel text | how it came | Trade fair
            need_match flag | whether the offer meets the need | yes
            objection text | what the customer objected to | price
            lost_reason text | why it was lost | competitor
            discount share | discount given on the list price | 0.08
            probability share | chance of winning that the source gives | 0.6
            forecast_category text | commit, best case, pipeline … as the source says | commit
            currency text | of the row's money, with a rate per month in rates | EUR
            """,
            customer_id=CUSTOMER,
            rep_id=REP,
            lead_id=LEAD,
            outcome=one_of("open", "won", "lost"),
            amount=range_of(0),
            expected_amount=range_of(0),
            discount=range_of(0, 1),
            probability=range_of(0, 1),
        ),
        key=("opportunity_id",),
        known="created",
        order=(("created", "closed"),),
        inputs=columns_of(
            """
            close_date day | planned day of an open deal, closing day of a decided one | 2023-04-03
            is_closed flag | whether the deal is decided; with is_won it gives outcome | true
            is_won flag | whether it was won; with is_closed it gives outcome | false
            """
        ),
    ),
    TableSpec(
        "stage_events",
        "one row per deal entering a stage",
        columns_of(
            """
            opportunity_id text* | the deal | D-77
            stage text* | the stage entered | negotiation
            entered_at time* | day or moment it was entered | 2023-02-10 09:30
            rep_id text | who moved it | R01
            """,
            opportunity_id=DEAL,
            rep_id=REP,
        ),
        known="entered_at",
    ),
    TableSpec(
        "snapshots",
        "one row per open deal and day of an export",
        columns_of(
            """
            snapshot_date day* | day the deals looked like this | 2023-03-31
            opportunity_id text* | the deal | D-77
            stage text | its stage on that day | negotiation
            amount money | its amount on that day | 12000.00
            expected_close day | the day of closing planned then | 2023-04-15
            probability share | chance of winning given then | 0.6
            forecast_category text | commit, best case, pipeline, omitted | commit
            rep_id text | who owned it then | R01
            """,
            opportunity_id=DEAL,
            rep_id=REP,
            amount=range_of(0),
            probability=range_of(0, 1),
        ),
        key=("snapshot_date", "opportunity_id"),
        known="snapshot_date",
    ),
    TableSpec(
        "changes",
        "one row per change of a deal's field",
        columns_of(
            """
            opportunity_id text* | the deal | D-77
            field text* | what changed: amount, expected_close, stage, probability, rep_id | amount
            from text | its value before | 15000
            to text | its value after | 12500
            changed_at time* | day or moment of the change | 2023-03-20 16:05
            """,
            opportunity_id=DEAL,
        ),
        known="changed_at",
    ),
    TableSpec(
        "contracts",
        "one row per contract",
        columns_of(
            """
            contract_id text* | the contract's number | K-9
            customer_id text* | whose it is | C001
            start day* | first day | 2023-01-01
            end day | last day; empty while it runs without an end | 2023-12-31
            annual_value money* | worth of a year | 24000.00
            renewed_by text | the contract that follows it | K-31
            renewed_on day | day of the renewal | 2023-12-01
            product_line text | product or line of products | Integration
            rep_id text | who answers for it | R01
            status text | where it stands | active
            billing text | how often it is billed: monthly, quarterly, yearly | monthly
            currency text | of annual_value, with a rate per month in rates | EUR
            """,
            customer_id=CUSTOMER,
            rep_id=REP,
            renewed_by={"refers": "contracts.contract_id"},
            annual_value=range_of(0),
            status=one_of("trial", "active", "paused", "past_due", "cancelled"),
        ),
        key=("contract_id",),
        known="start",
        order=(("start", "end"),),
        inputs=columns_of("monthly_value money | worth of a month; twelve are annual_value | 2000"),
    ),
    TableSpec(
        "payments",
        "one row per payment",
        columns_of(
            """
            payment_id text* | the payment's number | P-501
            date day* | day the money came | 2023-05-02
            amount money* | money received; paid back is negative | 12500.00
            order_id text | the order it pays | SO-1001
            contract_id text | the contract it pays | K-9
            invoice text | the invoice it pays | INV-88
            customer_id text | who paid | C001
            currency text | of amount, with a rate per month in rates | EUR
            """,
            contract_id={"refers": "contracts.contract_id"},
            customer_id=CUSTOMER,
        ),
        key=("payment_id",),
        known="date",
    ),
    TableSpec(
        "deal_splits",
        "one row per person credited with a part of a deal or order",
        columns_of(
            """
            opportunity_id text | the deal; or order_id | D-77
            order_id text | the order; or opportunity_id | SO-1001
            rep_id text* | who is credited | R02
            share share* | part of the amount credited | 0.4
            kind text | split: shares of one deal add up to 1; overlay: on top | split
            """,
            opportunity_id=DEAL,
            rep_id=REP,
            share=range_of(0, 1),
            kind=one_of("split", "overlay"),
        ),
    ),
    TableSpec(
        "rates",
        "one row per currency and month",
        columns_of(
            """
            month month* | the month | 2023-04
            currency text* | three letters, as in the currency columns | EUR
            rate number* | worth of one unit in the book's currency | 7.52
            """,
            rate=range_of(0),
        ),
        key=("month", "currency"),
        known="month",
    ),
)
