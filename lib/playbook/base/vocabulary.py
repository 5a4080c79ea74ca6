"""Every number of results.json: its stable name, stage, unit and meaning, in one place.

``produced`` metrics are held to it by a test on the sample: a name listed and never produced fails,
and so does the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    name: str
    stage: str
    # share, pp, days, count, ratio, money (then the book's currency code), or own: each member has
    # its own
    unit: str
    meaning: str
    by: tuple[str, ...] = ()  # dimensions it may be split by


STAGES = ("goals", "segments", "funnel", "incentives", "case")


def _metrics(stage: str, *rows: tuple) -> dict[str, Metric]:
    return {
        name: Metric(name, stage, unit, meaning, tuple(by)) for name, unit, meaning, *by in rows
    }


METRICS: dict[str, Metric] = {
    **_metrics(
        "goals",
        (
            "sales",
            "money",
            "net amount of orders (refunds negative)",
            "region",
            "product_line",
            "customer_type",
            "rep",
        ),
        ("orders", "count", "number of distinct orders, refunds not counted"),
        ("new_customers", "count", "customers whose first order ever falls in the window"),
        (
            "repurchase_rate",
            "share",
            "of the window's buyers, share who had ordered on an earlier day",
        ),
        ("sales.yoy", "share", "sales against the equal span a year before, minus 1"),
        # Targets are of sales unless a metric is named; the window is the month, quarter or year
        # the target is for.
        (
            "target",
            "money",
            "target of the month, quarter or fiscal year the window runs in, whole",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
        (
            "target.to_date",
            "money",
            "the part of it due by the as-of date on the plan's own curve",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
        (
            "completion",
            "share",
            "actual ÷ target",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
        (
            "pace",
            "ratio",
            "actual ÷ (target × share of the plan's curve elapsed)",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
        (
            "projection",
            "money",
            "actual plus forecast of what is left of the target's period, 80 % interval",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
        (
            "target_line",
            "money",
            "sales of the year planned that are reached with the line's probability",
            "line",
        ),
        (
            "objective.score",
            "share",
            "weighted mean of the scores of an objective's own key results",
            "objective",
        ),
        (
            "objective.score_with_below",
            "share",
            (
                "weighted mean of the scores of all key results of an objective and of the"
                " objectives that serve it"
            ),
            "objective",
        ),
        (
            "replan.rest",
            "money",
            "sales asked of the months left of the year: plan left, year kept, rate kept",
            "option",
        ),
        (
            "concentration.hhi",
            "ratio",
            "sum of squared shares of sales, trailing 12 months",
            "dimension",
        ),
        (
            "concentration.largest",
            "share",
            "share of sales of the largest member, trailing 12 months",
            "dimension",
        ),
        ("quota", "money", "the next quarter's quota of a person", "rep"),
        ("strategy.spent", "money", "spent on a strategy so far", "strategy"),
        ("strategy.people_used", "number", "people a strategy used so far", "strategy"),
        ("strategy.material_used", "number", "material a strategy used so far", "strategy"),
        (
            "strategy.return",
            "ratio",
            "gross profit of the change in a strategy's indicator on the year before ÷ spent",
            "strategy",
        ),
        (
            "forecast.inside",
            "share",
            (
                "of earlier month-ends with the method in force, share whose next months fell"
                " inside its 80 % interval, widened by what the other month-ends say"
            ),
        ),
        (
            "attainment_probability",
            "share",
            "share of forecast paths that reach the target",
            "metric",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "team",
        ),
    ),
    **_metrics(
        "segments",
        ("customers.active", "count", "customers with at least one order in the window"),
        ("rfm.customers", "count", "customers per RFM segment", "segment"),
        ("rfm.revenue", "money", "net amount in the RFM window per segment", "segment"),
        ("tier.customers", "count", "customers per value tier", "tier"),
        ("tier.revenue", "money", "net amount of the trailing 12 months per value tier", "tier"),
        ("abc.customers", "count", "customers per ABC class (value rule)", "class"),
        (
            "abc.revenue",
            "money",
            "net amount per ABC class (value rule); without orders the yearly value of contracts",
            "class",
        ),
        ("gini", "ratio", "Gini coefficient of positive customer values"),
        (
            "won_back.customers",
            "count",
            "customers back in the trailing 12 months after a year without an order",
        ),
        (
            "won_back.rate",
            "share",
            "customers back ÷ customers that had bought before the year before and not in it",
        ),
        (
            "won_back.revenue",
            "money",
            "net amount of the customers that are back, trailing 12 months",
        ),
        (
            "retention",
            "share",
            "customers active in the 12 months before that ordered again in the trailing 12",
            "tier",
        ),
        (
            "churn_rate",
            "share",
            "customers active in the 12 months before that did not order again (1 − retention)",
            "tier",
        ),
        ("mrr", "money", "recurring revenue a month from contracts, on the as-of date"),
        ("arr", "money", "twelve times mrr"),
        (
            "logo_churn",
            "share",
            "customers paying by contract a year ago and no longer ÷ those paying then",
            "tier",
        ),
        ("revenue_retention.net", "share", "revenue of last year's customers now ÷ then", "tier"),
        (
            "revenue_retention.gross",
            "share",
            "the same, each customer counted at most with what it brought then",
            "tier",
        ),
        (
            "renewal_rate",
            "share",
            "contracts renewed ÷ contracts due in the window",
            "tier",
            "customer_type",
        ),
        (
            "contract.left",
            "share",
            (
                "lines of contracts whose customer has left by that many years after the first"
                " contract began (Aalen-Johansen)"
            ),
            "years",
            "customer_type",
        ),
        (
            "clv.parameter",
            "ratio",
            (
                "fitted parameter of BG/NBD (r, alpha, a, b; weeks) and Gamma-Gamma (p, q, gamma),"
                " and the log-likelihood"
            ),
            "parameter",
        ),
        (
            "clv.customers_alive",
            "count",
            "expected number of customers still buying (sum of probabilities alive)",
        ),
        (
            "clv.next_12m",
            "money",
            "expected revenue of the next 12 months from customers known today",
        ),
        (
            "need_fit.leads",
            "count",
            "leads or customers with scored needs, per band of fit",
            "band",
        ),
        ("lead_grade.leads", "count", "leads created in the window per intent grade", "grade"),
        ("lead_valid", "share", "leads with purchase plan, budget and decision maker all known"),
        ("follow_up.overdue", "count", "agreed next actions still open after their due day"),
        (
            "follow_up.out_of_cadence",
            "count",
            "customers or leads not contacted within their promised rhythm",
            "cadence",
        ),
        (
            "service.answered_in_time",
            "share",
            (
                "customers' requests answered within the hours promised to their tier ÷ requests"
                " whose promise has run out"
            ),
            "tier",
        ),
        (
            "service.solved_in_time",
            "share",
            (
                "customers' requests solved within the hours promised to their tier ÷ requests"
                " whose promise has run out"
            ),
            "tier",
        ),
        (
            "referral.leads",
            "count",
            "leads created in the window by a channel that means a customer brought another",
        ),
        ("referral.revenue", "money", "net amount of the window's orders by such a channel"),
        (
            "satisfaction",
            "ratio",
            "mean satisfaction of the tier's customers asked, points of 100",
            "tier",
        ),
        (
            "capacity.load",
            "ratio",
            "hours promised by the contact plan ÷ hours the team has",
            "rep",
        ),
    ),
    **_metrics(
        "funnel",
        ("deals.created", "count", "deals created in the window"),
        ("deals.won", "count", "deals won in the window by closing date"),
        ("deals.lost", "count", "deals lost in the window by closing date"),
        ("deals.open", "count", "of the deals created in the window, those open on the as-of date"),
        ("won_amount", "money", "amount of deals won in the window, by closing date"),
        (
            "pipeline_amount",
            "money",
            "expected amount of the deals created in the window and open on the as-of date",
        ),
        (
            "win_rate.narrow",
            "share",
            "won ÷ (won + lost) by closing date",
            "rep",
            "region",
            "product_line",
            "channel",
        ),
        (
            "win_rate.broad",
            "share",
            "won ÷ created, by creation date",
            "rep",
            "region",
            "product_line",
            "channel",
        ),
        (
            "conversion",
            "share",
            (
                "of deals entering a stage in the window, share that reached the next or a later"
                " one by the as-of date"
            ),
            "step",
        ),
        (
            "conversion.activity",
            "ratio",
            "entries to the next stage ÷ entries to this one, both in the window",
            "step",
        ),
        (
            "conversion.within",
            "share",
            "chance to have passed a step so many days after entering it",
            "step",
            "day",
        ),
        (
            "sales.velocity",
            "money",
            "open deals × win rate × average win ÷ median days to a win, a day",
        ),
        (
            "pipeline.weighted",
            "money",
            "open deals: amount × chance of a win for a deal that has stood as long in its stage",
        ),
        (
            "cause.cost",
            "money",
            "what a cause found beyond chance costs in 12 months",
            "measure",
            "rep",
            "region",
            "product_line",
            "channel",
            "industry",
            "customer_type",
        ),
        (
            "cycle.won_median_days",
            "days",
            "naive median from creation to win, wins closed in the window",
        ),
        (
            "cycle.lost_median_days",
            "days",
            "naive median from creation to loss, losses closed in the window",
        ),
        (
            "cycle.win_incidence",
            "share",
            (
                "chance of having won by that day, losses competing, open deals censored"
                " (Aalen-Johansen)"
            ),
            "day",
        ),
        (
            "stage.median_days",
            "days",
            (
                "median time in a stage until advanced or lost, those still there kept in"
                " (Kaplan-Meier)"
            ),
            "stage",
        ),
        (
            "channel.cost",
            "money",
            "cost of the channel in the window, lagged by the median lead-to-win time",
            "channel",
        ),
        ("channel.leads", "count", "leads of the channel created in the window", "channel"),
        ("channel.cac", "money", "lagged cost ÷ new customers won in the window", "channel"),
        (
            "channel.roi",
            "ratio",
            "gross profit of the channel's wins in the window ÷ lagged cost",
            "channel",
        ),
        (
            "channel.ltv_cac",
            "ratio",
            "monthly gross profit per customer ÷ monthly churn (life capped), ÷ CAC",
            "channel",
        ),
        (
            "channel.payback_months",
            "ratio",
            "CAC ÷ monthly gross profit per customer [months]",
            "channel",
        ),
        (
            "match_rate",
            "share",
            "leads that match a need ÷ leads assessed, created in the window",
            "channel",
        ),
        (
            "objection_rate",
            "share",
            (
                "deals that met an objection ÷ deals that reached the last stage before winning, by"
                " month of reaching it"
            ),
        ),
        (
            "discount.leakage",
            "money",
            (
                "discount given beyond what the price ladder allows, deals won and renewals of the"
                " window"
            ),
        ),
        (
            "gap",
            "money",
            "actual − target (− last year where there are no targets), by dimension member",
            "region",
            "product_line",
            "customer_type",
            "rep",
            "channel",
        ),
        ("pvm", "money", "change of sales against the equal span a year before, by cause", "part"),
        (
            "pipeline.movement",
            "money",
            "live pipeline of the month: opening + new + up − down − won − lost − pushed = closing",
            "part",
        ),
        (
            "bottleneck.value",
            "money",
            (
                "expected revenue a year if the step (at a place) passed as many deals as in the"
                " firm's best quarter (as the place's peers)"
            ),
            "step",
            "region",
            "product_line",
            "channel",
            "customer_type",
            "industry",
        ),
        (
            "close_date.late",
            "share",
            (
                "of the deals with an expected closing day decided in the window, those decided"
                " after it"
            ),
            "rep",
        ),
        (
            "deals.stuck",
            "count",
            (
                "open deals longer in their stage than the stuck percentile of deals that advanced"
                " from it"
            ),
            "stage",
        ),
    ),
    **_metrics(
        "incentives",
        (
            "payout",
            "money",
            "variable pay under the plans in force; by plan: as if that plan had always held",
            "rep",
            "plan",
        ),
        ("payout.item", "money", "variable pay by kind of item", "item"),
        ("cost_of_sales", "share", "total variable pay ÷ revenue of the same basis", "plan"),
        ("attainment", "share", "credited amount ÷ quota of the quarter to date", "rep"),
        ("award", "money", "awards paid, by name; trailing twelve months", "award"),
        (
            "pay.overspend",
            "share",
            "share of simulated years in which pay exceeds the budget",
            "plan",
        ),
        (
            "pay.break_even_uplift",
            "share",
            "extra sales at which the other plan's extra pay is earned back in gross profit",
            "plan",
        ),
        (
            "ramp.first_deal_3m",
            "share",
            "new hires with enough tenure who won their first deal within ramp_days",
            "mentored",
        ),
        (
            "ramp.median_days",
            "days",
            "median days from hire to first deal, current reps censored (Kaplan-Meier)",
            "mentored",
        ),
        (
            "ramp.productive_median_days",
            "days",
            (
                "median days from hire to full productivity (three months' credit at the median of"
                " those on board a year or longer), Kaplan-Meier"
            ),
            "mentored",
        ),
        (
            "attrition_rate",
            "share",
            "leavers ÷ average head-count, trailing twelve months",
            "group",
        ),
        (
            "attrition_share",
            "share",
            "leavers ÷ people on board at any time of the trailing twelve months",
            "group",
        ),
        (
            "training.effect",
            "pp",
            (
                "mean gain of trained people from pre- to post-test, in points of the full score;"
                " less the control group's where there is one"
            ),
            "course",
        ),
        (
            "training.gain",
            "pp",
            (
                "mean gain of trained people from pre- to post-test, in points of the full score,"
                " without regard to a control group"
            ),
            "course",
        ),
        ("task.grade", "count", "sub-tasks due or finished, by grade of done ÷ target", "grade"),
    ),
    **_metrics(
        "case",
        ("claim.stated", "own", "figure as the source states it", "claim"),
        ("claim.recomputed", "own", "the same figure computed from the book's tables", "claim"),
        (
            "lever.effect",
            "pp",
            (
                "contribution of a measure to an outcome of the simulated company, Shapley value"
                " over all combinations"
            ),
            "lever",
            "outcome",
        ),
        (
            "pilot.effect",
            "own",
            (
                "difference in differences of the piloted groups, relative to before (win rate: in"
                " points), with randomisation interval"
            ),
            "outcome",
        ),
        (
            "pilot.power",
            "share",
            "smallest effect on sales a pilot of that many months would show with 80 % power",
            "months",
        ),
    ),
}


# Metrics of which less is better: their progress is the way covered down from a baseline, their
# pace what is allowed ÷ what there is.
LOWER_IS_BETTER = frozenset(
    {
        "attrition_rate",
        "capacity.load",
        "cause.cost",
        "channel.cac",
        "channel.cost",
        "channel.payback_months",
        "churn_rate",
        "close_date.late",
        "concentration.hhi",
        "concentration.largest",
        "cost_of_sales",
        "cycle.lost_median_days",
        "cycle.won_median_days",
        "deals.lost",
        "deals.stuck",
        "discount.leakage",
        "follow_up.out_of_cadence",
        "follow_up.overdue",
        "objection_rate",
        "payout",
        "ramp.median_days",
        "stage.median_days",
    }
)


def stage_of(name: str) -> str:
    """The stage a metric belongs to; unknown names are refused."""
    return METRICS[name].stage


# Words of the pages: one label per column, so that the same thing has the same name in every table.
LABELS: dict[str, str] = {
    "region": "Region",
    "product_line": "Product line",
    "customer_type": "Customer type",
    "rep": "Rep",
    "rep_id": "Rep",
    "team": "Team",
    "channel": "Channel",
    "industry": "Industry",
    "customer_id": "Customer",
    "name": "Name",
    "segment": "Segment",
    "tier": "Tier",
    "metric": "Metric",
    "target": "Target",
    "actual": "Actual",
    "completion": "Completion",
    "pace": "Pace",
    "owner": "Owner",
    "due": "Due",
    "action": "Action",
    "reason": "Reason",
    "stage": "Stage",
    "step": "Step",
    "customers": "Customers",
    "revenue": "Revenue",
    "share": "Share",
    "low": "95 % low",
    "high": "95 % high",
    "n": "n",
    "won": "Won",
    "lost": "Lost",
    "open": "Open",
    "amount": "Amount",
    "month": "Month",
    "window": "Window",
    "value": "Value",
}
