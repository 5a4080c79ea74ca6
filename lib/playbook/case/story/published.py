"""The published figures of the case, as data: value, unit, period, sentence, place, and how each is
read.

Places are sections of part 3 of the first source text. Where the text gives a figure without its
span, ``reading`` says which span is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playbook.base.language import later


@dataclass(frozen=True)
class Claim:
    """One published figure.

    value: in ``unit``. below: published as an upper bound. period: the span it is read as. place
    and sentence: where it stands in the text. how: what it is recomputed from, written
    kind:indicator:span (``story.recompute``). reading: what the text leaves open.
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
        later("Growth on a year before, first weak quarter"),
        0.05,
        "share",
        "2022-Q4",
        _WOES,
        _GROWTH,
        "value:growth:2022-Q4",
        later("the quarter before the first one of 2023"),
        True,
    ),
    Claim(
        "growth.2023-Q1",
        later("Growth on a year before, second weak quarter"),
        0.05,
        "share",
        CRISIS,
        _WOES,
        _GROWTH,
        "value:growth:2023-Q1",
        later("the text stands in this quarter"),
        True,
    ),
    Claim(
        "renewal.before",
        later("Renewal of large customers before the fall"),
        0.85,
        "share",
        BASE,
        _WOES,
        _RENEWAL,
        "value:renewal:2022-Q3",
        later("the last quarter before growth fell; contracts by the day they end"),
    ),
    Claim(
        "renewal.crisis",
        later("Renewal of large customers in the crisis"),
        0.68,
        "share",
        CRISIS,
        _WOES,
        _RENEWAL,
        "value:renewal:2023-Q1",
        later("contracts by the day they end"),
    ),
    Claim(
        "churn.crisis",
        later("Churn of small and medium customers"),
        0.40,
        "share",
        CRISIS,
        _WOES,
        _RENEWAL,
        "value:churn:2023-Q1",
        later("contracts not renewed of those due"),
    ),
    Claim(
        "attrition.crisis",
        later("Attrition of top sellers in the crisis"),
        0.15,
        "share",
        later("2022-Q4 and 2023-Q1"),
        _WOES,
        _TEAM,
        "attrition:2022-10:2023-03",
        later("the twenty best sellers of the twelve months before, over two quarters"),
    ),
    Claim(
        "goal.growth",
        later("Growth planned for the year"),
        0.30,
        "share",
        "2023",
        _WAYS,
        "将年度目标“销售额增长30%”拆解为OKR",
        "goal:2023",
        later("the year's target of the company ÷ sales of the year before − 1"),
    ),
    Claim(
        "leads.change",
        later("Leads after closing two channels"),
        -0.30,
        "share",
        later("2023-Q1 to 2023-Q3"),
        _WAYS,
        _LEADS,
        f"change:leads:{CRISIS}:{AFTER}",
        later("last quarter before the measures to the last of the story"),
    ),
    Claim(
        "match.before",
        later("Need-match rate before"),
        0.45,
        "share",
        CRISIS,
        _WAYS,
        _LEADS,
        f"value:match:{CRISIS}",
        later("by the day the deal was created"),
    ),
    Claim(
        "match.after",
        later("Need-match rate after"),
        0.72,
        "share",
        AFTER,
        _WAYS,
        _LEADS,
        f"value:match:{AFTER}",
        later("by the day the deal was created"),
    ),
    Claim(
        "objection.before",
        later("Objection rate before"),
        0.35,
        "share",
        CRISIS,
        _WAYS,
        _OBJECTIONS,
        f"value:objection:{CRISIS}",
        later("deals by the day they entered negotiation"),
    ),
    Claim(
        "objection.after",
        later("Objection rate after"),
        0.18,
        "share",
        AFTER,
        _WAYS,
        _OBJECTIONS,
        f"value:objection:{AFTER}",
        later("deals by the day they entered negotiation"),
    ),
    Claim(
        "renewal.after",
        later("Renewal of large customers after"),
        0.88,
        "share",
        AFTER,
        _WAYS,
        "大客户续约率回升至88%",
        f"value:renewal:{AFTER}",
        later("contracts by the day they end"),
    ),
    Claim(
        "growth.after",
        later("Growth on a year before, third quarter"),
        0.42,
        "share",
        AFTER,
        _GAINS,
        _SALES,
        f"value:growth:{AFTER}",
        later("the quarter against the same quarter of 2022"),
    ),
    Claim(
        "returning.before",
        later("Returning customers' share before"),
        0.55,
        "share",
        BASE,
        _GAINS,
        _SALES,
        f"value:returning:{BASE}",
        later("the quarter that growth is measured against"),
    ),
    Claim(
        "returning.after",
        later("Returning customers' share after"),
        0.70,
        "share",
        AFTER,
        _GAINS,
        _SALES,
        f"value:returning:{AFTER}",
        later("customers who had ordered before the quarter"),
    ),
    Claim(
        "cycle.before",
        later("Days to a win before"),
        52,
        "days",
        CRISIS,
        _GAINS,
        _SPEED,
        f"value:cycle:{CRISIS}",
        later("median of deals won in the quarter"),
    ),
    Claim(
        "cycle.after",
        later("Days to a win after"),
        36,
        "days",
        AFTER,
        _GAINS,
        _SPEED,
        f"value:cycle:{AFTER}",
        later("median of deals won in the quarter"),
    ),
    Claim(
        "per_head.change",
        later("Sales per head"),
        0.38,
        "share",
        later("2022-Q3 to 2023-Q3"),
        _GAINS,
        _SPEED,
        f"change:per_head:{BASE}:{AFTER}",
        later("the same quarters as the growth of sales; mean head count of each"),
    ),
    Claim(
        "attrition.after",
        later("Attrition of top sellers after"),
        0.05,
        "share",
        later("2023-Q2 and 2023-Q3"),
        _GAINS,
        _LIFE,
        "attrition:2023-04:2023-09",
        later("the twenty best sellers of the twelve months before, over two quarters"),
    ),
    Claim(
        "first_deal.before",
        later("First deal in three months before"),
        0.30,
        "share",
        later("hires of the second half of 2022"),
        _GAINS,
        _LIFE,
        "first:2022-10:2023-03",
        later("hires whose first 92 days were over between October and March"),
    ),
    Claim(
        "first_deal.after",
        later("First deal in three months after"),
        0.55,
        "share",
        later("hires of the second quarter of 2023"),
        _GAINS,
        _LIFE,
        f"value:first_deal:{AFTER}",
        later("hires whose first 92 days were over in the quarter"),
    ),
)
