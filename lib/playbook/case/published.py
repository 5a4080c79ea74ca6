"""The published figures of the case and of six short cases, as data: value, unit, period, sentence,
place, and how we read them.

Places: sections of the first source text (part 2 its six short cases and tools, part 3 the
technology company). A figure the text
states without saying for which span carries our reading of it in ``reading``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Claim:
    """One published figure.

    value: share, pp as share, days, ratio. below: stated as an upper bound. digits: decimals the
    text gives (of percent, or of days).
    indicator and quarters: what it is recomputed from (``replay.stated``).
    """

    id: str
    label: str
    value: float
    unit: Literal["share", "days"]
    period: str
    place: str
    sentence: str
    how: str
    reading: str
    below: bool = False

    @property
    def tolerance(self) -> float:
        """Half a unit of the last digit the text gives: half a percent, half a day."""
        return 0.005 if self.unit == "share" else 0.5


_WOES, _WAYS, _GAINS = "3 (1)", "3 (2)", "3 (3)"
_GROWTH = "业绩瓶颈：连续2个季度销售额同比增长<5%"
_RENEWAL = "大客户续约率从85%降至68%，中小客户流失率高达40%"
_TEAM = "TopSales离职率15%，新人“3个月不开单就走人”"
_LEADS = "线索量减少30%，但需求匹配率从45%升至72%"
_OBJECTIONS = "客户异议率从35%降至18%"
_SALES = "Q3销售额同比增长42%，其中老客户贡献占比从55%升至70%"
_SPEED = "成交周期从52天缩短至36天，团队人均产出提升38%"
_LIFE = "TopSales离职率降至5%，新人3个月开单率从30%升至55%"

CRISIS, BASE, AFTER = "2023-Q1", "2022-Q3", "2023-Q3"
CASE: tuple[Claim, ...] = (
    Claim(
        "growth.2022-Q4",
        "Growth on a year before, first weak quarter",
        0.05,
        "share",
        "2022-Q4",
        _WOES,
        _GROWTH,
        "value:growth:2022-Q4",
        "the quarter before the first one of 2023",
        True,
    ),
    Claim(
        "growth.2023-Q1",
        "Growth on a year before, second weak quarter",
        0.05,
        "share",
        CRISIS,
        _WOES,
        _GROWTH,
        "value:growth:2023-Q1",
        "the text stands in this quarter",
        True,
    ),
    Claim(
        "renewal.before",
        "Renewal of large customers before the fall",
        0.85,
        "share",
        BASE,
        _WOES,
        _RENEWAL,
        "value:renewal:2022-Q3",
        "the last quarter before growth fell; contracts by the day they end",
    ),
    Claim(
        "renewal.crisis",
        "Renewal of large customers in the crisis",
        0.68,
        "share",
        CRISIS,
        _WOES,
        _RENEWAL,
        "value:renewal:2023-Q1",
        "contracts by the day they end",
    ),
    Claim(
        "churn.crisis",
        "Churn of small and medium customers",
        0.40,
        "share",
        CRISIS,
        _WOES,
        _RENEWAL,
        "value:churn:2023-Q1",
        "contracts not renewed of those due",
    ),
    Claim(
        "attrition.crisis",
        "Attrition of top sellers in the crisis",
        0.15,
        "share",
        "2022-Q4 and 2023-Q1",
        _WOES,
        _TEAM,
        "attrition:2022-10:2023-03",
        "the twenty best sellers of the twelve months before, over two quarters",
    ),
    Claim(
        "goal.growth",
        "Growth planned for the year",
        0.30,
        "share",
        "2023",
        _WAYS,
        "将年度目标“销售额增长30%”拆解为OKR",
        "goal:2023",
        "the year's target of the company ÷ sales of the year before − 1",
    ),
    Claim(
        "leads.change",
        "Leads after closing two channels",
        -0.30,
        "share",
        f"{CRISIS} to {AFTER}",
        _WAYS,
        _LEADS,
        f"change:leads:{CRISIS}:{AFTER}",
        "last quarter before the measures to the last of the story",
    ),
    Claim(
        "match.before",
        "Need-match rate before",
        0.45,
        "share",
        CRISIS,
        _WAYS,
        _LEADS,
        f"value:match:{CRISIS}",
        "by the day the deal was created",
    ),
    Claim(
        "match.after",
        "Need-match rate after",
        0.72,
        "share",
        AFTER,
        _WAYS,
        _LEADS,
        f"value:match:{AFTER}",
        "by the day the deal was created",
    ),
    Claim(
        "objection.before",
        "Objection rate before",
        0.35,
        "share",
        CRISIS,
        _WAYS,
        _OBJECTIONS,
        f"value:objection:{CRISIS}",
        "deals by the day they entered negotiation",
    ),
    Claim(
        "objection.after",
        "Objection rate after",
        0.18,
        "share",
        AFTER,
        _WAYS,
        _OBJECTIONS,
        f"value:objection:{AFTER}",
        "deals by the day they entered negotiation",
    ),
    Claim(
        "renewal.after",
        "Renewal of large customers after",
        0.88,
        "share",
        AFTER,
        _WAYS,
        "大客户续约率回升至88%",
        f"value:renewal:{AFTER}",
        "contracts by the day they end",
    ),
    Claim(
        "growth.after",
        "Growth on a year before, third quarter",
        0.42,
        "share",
        AFTER,
        _GAINS,
        _SALES,
        f"value:growth:{AFTER}",
        "the quarter against the same quarter of 2022",
    ),
    Claim(
        "returning.before",
        "Returning customers' share before",
        0.55,
        "share",
        BASE,
        _GAINS,
        _SALES,
        f"value:returning:{BASE}",
        "the quarter that growth is measured against",
    ),
    Claim(
        "returning.after",
        "Returning customers' share after",
        0.70,
        "share",
        AFTER,
        _GAINS,
        _SALES,
        f"value:returning:{AFTER}",
        "customers who had ordered before the quarter",
    ),
    Claim(
        "cycle.before",
        "Days to a win before",
        52,
        "days",
        CRISIS,
        _GAINS,
        _SPEED,
        f"value:cycle:{CRISIS}",
        "median of deals won in the quarter",
    ),
    Claim(
        "cycle.after",
        "Days to a win after",
        36,
        "days",
        AFTER,
        _GAINS,
        _SPEED,
        f"value:cycle:{AFTER}",
        "median of deals won in the quarter",
    ),
    Claim(
        "per_head.change",
        "Sales per head",
        0.38,
        "share",
        f"{BASE} to {AFTER}",
        _GAINS,
        _SPEED,
        f"change:per_head:{BASE}:{AFTER}",
        "the same quarters as the growth of sales; mean head count of each",
    ),
    Claim(
        "attrition.after",
        "Attrition of top sellers after",
        0.05,
        "share",
        "2023-Q2 and 2023-Q3",
        _GAINS,
        _LIFE,
        "attrition:2023-04:2023-09",
        "the twenty best sellers of the twelve months before, over two quarters",
    ),
    Claim(
        "first_deal.before",
        "First deal in three months before",
        0.30,
        "share",
        "hires of the second half of 2022",
        _GAINS,
        _LIFE,
        "first:2022-10:2023-03",
        "hires whose first 92 days were over between October and March",
    ),
    Claim(
        "first_deal.after",
        "First deal in three months after",
        0.55,
        "share",
        "hires of the second quarter of 2023",
        _GAINS,
        _LIFE,
        f"value:first_deal:{AFTER}",
        "hires whose first 92 days were over in the quarter",
    ),
)


@dataclass(frozen=True)
class ShortCase:
    """A published before and after of another firm. ``key``: the indicator of a book it may stand
    beside; empty = none is comparable.
    """

    id: str
    firm: str
    what: str
    before: float | None
    after: float | None
    unit: Literal["share", "days", "ratio", "months", "money"]
    measure: str
    place: str
    sentence: str
    key: str = ""
    caution: str = ""


SHORT_CASES: tuple[ShortCase, ...] = (
    ShortCase(
        "fmcg.attainment",
        "Consumer goods firm",
        "Quarterly attainment",
        0.75,
        0.92,
        "share",
        "objectives with key results",
        "2 (1)",
        "季度业绩达成率从75%跃升至92%",
        "attainment",
        "attainment depends on how targets were set",
    ),
    ShortCase(
        "fmcg.repurchase",
        "Consumer goods firm",
        "Repurchase cycle (planned)",
        90,
        60,
        "days",
        "objectives with key results",
        "2 (1)",
        "老客户复购周期从90天缩短至60天",
        "repurchase",
        "a plan, not a result; consumer goods turn faster than contracts",
    ),
    ShortCase(
        "saas.high_value",
        "Software firm",
        "High-value customers' share of revenue",
        0.45,
        0.62,
        "share",
        "value tiers and service by tier",
        "2 (2)",
        "高价值客户贡献收入占比从45%升至62%",
        "high_value",
        "depends on where the tiers begin",
    ),
    ShortCase(
        "saas.retention",
        "Software firm",
        "Customer retention, change",
        None,
        0.28,
        "share",
        "value tiers and service by tier",
        "2 (2)",
        "客户留存率提升28%",
        "",
        "relative or points is not said",
    ),
    ShortCase(
        "building.cycle",
        "Building materials firm",
        "Days to a deal",
        45,
        28,
        "days",
        "negotiation in five steps",
        "2 (3)",
        "成交周期从45天缩短至28天",
        "cycle",
        "goods and order sizes differ",
    ),
    ShortCase(
        "building.conversion",
        "Building materials firm",
        "Conversion, change",
        None,
        0.19,
        "share",
        "negotiation in five steps",
        "2 (3)",
        "转化率提升19%",
        "",
        "relative or points is not said, nor which step",
    ),
    ShortCase(
        "agency.ramp",
        "Estate agency",
        "Months to a confirmed post",
        6,
        4,
        "months",
        "mentoring of new hires",
        "2 (4)",
        "新人转正周期从6个月缩短至4个月",
        "ramp",
        "confirmation is a decision of the firm, not a first deal",
    ),
    ShortCase(
        "agency.per_head",
        "Estate agency",
        "Sales per head, change",
        None,
        0.25,
        "share",
        "mentoring of new hires",
        "2 (4)",
        "团队人均业绩提升25%",
        "per_head_change",
        "the span is not said",
    ),
    ShortCase(
        "shop.referral",
        "Online shop",
        "Referral conversion ÷ advertising conversion",
        None,
        3.0,
        "ratio",
        "referral reward and channel cuts",
        "2 (5)",
        "“老客户转介绍”的线索转化率是广告线索的3倍",
        "referral",
        "referred customers differ from others to begin with",
    ),
    ShortCase(
        "shop.lead_cost",
        "Online shop",
        "Cost per lead, change",
        None,
        -0.40,
        "share",
        "referral reward and channel cuts",
        "2 (5)",
        "使线索成本降低40%",
        "lead_cost_change",
        "dropping dear channels lowers the mean without any channel getting cheaper",
    ),
    ShortCase(
        "shop.close_rate",
        "Online shop",
        "Close rate, change",
        None,
        0.22,
        "share",
        "referral reward and channel cuts",
        "2 (5)",
        "成交率提升22%",
        "",
        "relative or points is not said",
    ),
    ShortCase(
        "tools.mismatch",
        "Example of the text",
        "Leads that do not match",
        None,
        0.30,
        "share",
        "–",
        "2 (5)",
        "30%的线索因需求不匹配被淘汰",
        "mismatch",
        "an example, not a firm",
    ),
    ShortCase(
        "tools.intent",
        "Example of the text",
        "Intent to negotiation",
        None,
        0.40,
        "share",
        "–",
        "2 (5)",
        "意向客户到谈判环节转化率仅40%",
        "intent_step",
        "an example, not a firm",
    ),
)
