"""Published figures of six other firms, as data: before, after, unit, sentence, and what must not
be concluded. Places are sections of part 2 of the first source text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playbook.base.language import later


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
        later("Consumer goods firm"),
        later("Quarterly attainment"),
        0.75,
        0.92,
        "share",
        later("objectives with key results"),
        "2 (1)",
        "季度业绩达成率从75%跃升至92%",
        "attainment",
        later("attainment depends on how targets were set"),
    ),
    ShortCase(
        "fmcg.repurchase",
        later("Consumer goods firm"),
        later("Repurchase cycle (planned)"),
        90,
        60,
        "days",
        later("objectives with key results"),
        "2 (1)",
        "老客户复购周期从90天缩短至60天",
        "repurchase",
        later("a plan, not a result; consumer goods turn faster than contracts"),
    ),
    ShortCase(
        "saas.high_value",
        later("Software firm"),
        later("High-value customers' share of revenue"),
        0.45,
        0.62,
        "share",
        later("value tiers and service by tier"),
        "2 (2)",
        "高价值客户贡献收入占比从45%升至62%",
        "high_value",
        later("depends on where the tiers begin"),
    ),
    ShortCase(
        "saas.retention",
        later("Software firm"),
        later("Customer retention, change"),
        None,
        0.28,
        "share",
        later("value tiers and service by tier"),
        "2 (2)",
        "客户留存率提升28%",
        "",
        later("relative or points is not said"),
    ),
    ShortCase(
        "building.cycle",
        later("Building materials firm"),
        later("Days to a deal"),
        45,
        28,
        "days",
        later("negotiation in five steps"),
        "2 (3)",
        "成交周期从45天缩短至28天",
        "cycle",
        later("goods and order sizes differ"),
    ),
    ShortCase(
        "building.conversion",
        later("Building materials firm"),
        later("Conversion, change"),
        None,
        0.19,
        "share",
        later("negotiation in five steps"),
        "2 (3)",
        "转化率提升19%",
        "",
        later("relative or points is not said, nor which step"),
    ),
    ShortCase(
        "agency.ramp",
        later("Estate agency"),
        later("Months to a confirmed post"),
        6,
        4,
        "months",
        later("mentoring of new hires"),
        "2 (4)",
        "新人转正周期从6个月缩短至4个月",
        "ramp",
        later("confirmation is a decision of the firm, not a first deal"),
    ),
    ShortCase(
        "agency.per_head",
        later("Estate agency"),
        later("Sales per head, change"),
        None,
        0.25,
        "share",
        later("mentoring of new hires"),
        "2 (4)",
        "团队人均业绩提升25%",
        "per_head_change",
        later("the span is not said"),
    ),
    ShortCase(
        "shop.referral",
        later("Online shop"),
        later("Referral conversion ÷ advertising conversion"),
        None,
        3.0,
        "ratio",
        later("referral reward and channel cuts"),
        "2 (5)",
        "“老客户转介绍”的线索转化率是广告线索的3倍",
        "referral",
        later("referred customers differ from others to begin with"),
    ),
    ShortCase(
        "shop.lead_cost",
        later("Online shop"),
        later("Cost per lead, change"),
        None,
        -0.40,
        "share",
        later("referral reward and channel cuts"),
        "2 (5)",
        "使线索成本降低40%",
        "lead_cost_change",
        later("dropping dear channels lowers the mean without any channel getting cheaper"),
    ),
    ShortCase(
        "shop.close_rate",
        later("Online shop"),
        later("Close rate, change"),
        None,
        0.22,
        "share",
        later("referral reward and channel cuts"),
        "2 (5)",
        "成交率提升22%",
        "",
        later("relative or points is not said"),
    ),
    ShortCase(
        "tools.mismatch",
        later("Example of the text"),
        later("Leads that do not match"),
        None,
        0.30,
        "share",
        "–",
        "2 (5)",
        "30%的线索因需求不匹配被淘汰",
        "mismatch",
        later("an example, not a firm"),
    ),
    ShortCase(
        "tools.intent",
        later("Example of the text"),
        later("Intent to negotiation"),
        None,
        0.40,
        "share",
        "–",
        "2 (5)",
        "意向客户到谈判环节转化率仅40%",
        "intent_step",
        later("an example, not a firm"),
    ),
)
