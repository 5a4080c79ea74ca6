"""[funnel]: maturity, price ladder, script library, cost of ownership."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.language import later, say

from .group import Group


class Rung(Group):
    lower: float = Field(
        0, ge=0, description="amount from which the rung holds, inclusive [currency]"
    )
    discount: float = Field(0, ge=0, lt=1, description="largest discount the rung allows [share]")
    free_months: float = Field(
        0, ge=0, description="free months the rung allows instead; m free on n paid = m ÷ (n + m)"
    )
    paid_months: float = Field(12, gt=0, description="paid months the free ones come on top of")

    @property
    def allowed(self) -> float:
        """Discount the rung allows: its own, or what its free months amount to, whichever is
        more.
        """
        return max(self.discount, self.free_months / (self.paid_months + self.free_months))


class PriceLadder(Group):
    rungs: list[Rung] = Field(
        [
            Rung(lower=0, discount=0.05),
            Rung(lower=100_000, discount=0.10),
            Rung(lower=500_000, free_months=3),
        ],
        min_length=1,
        description=(
            "what a deal of a list amount may be given: each rung holds from its lower edge to the"
            " next one's"
        ),
    )
    renewal: float = Field(
        0.2, ge=0, lt=1, description="discount an existing customer's renewal may have [share]"
    )
    stacking: Literal["largest", "add", "multiply"] = Field(
        "largest",
        description=(
            "how the renewal's discount joins the rung's: the larger one, their sum, or one after"
            " the other"
        ),
    )
    floor: float = Field(
        0.4, ge=0, lt=1, description="no deal may be given more than this, whatever stacks [share]"
    )

    @model_validator(mode="after")
    def _whole(self) -> PriceLadder:
        edges = [rung.lower for rung in self.rungs]
        if edges[0] != 0:
            raise ValueError(say("the ladder must start at 0, or small deals have no rung (a gap)"))
        if any(a >= b for a, b in pairwise(edges)):
            raise ValueError(say("lower edges must rise, or rungs overlap"))
        if any(a.allowed > b.allowed for a, b in pairwise(self.rungs)):
            raise ValueError(say("a larger deal may not be allowed less than a smaller one"))
        return self


class Script(Group):
    """One answer of the script library: which objection it meets, what to say, what to show."""

    objection: str = Field(min_length=1, description="the objection it answers, as pages call it")
    words: list[str] = Field(
        [], description="words that show this objection in what the team wrote, beside its own name"
    )
    say: str = Field(
        min_length=1,
        description="what to answer; {ownership} is replaced by the comparison of yearly costs",
    )
    show: str = Field("", description="what to put on the table with it")
    used: list[str] = Field(
        [],
        description=(
            "words that show in a contact's summary or next action that the script was used"
        ),
    )


SCRIPTS = [
    Script(
        objection="price",
        words=["expensive", "budget", "discount", "cost", "价格", "贵", "预算", "太高"],
        say=later("Agree that the price is higher, then change the unit: {ownership}"),
        show=later("cost of ownership beside the cheaper offer"),
        used=["cost of ownership", "tco", "roi", "总成本"],
    ),
    Script(
        objection="incumbent supplier",
        words=["incumbent", "competitor", "current supplier", "竞品", "供应商", "对手"],
        say=later(
            "Ask what they would keep and what they would change; offer a trial beside the present"
            " system on the one thing they would change"
        ),
        show=later("comparison on the customer's own criteria"),
        used=["comparison", "trial", "对比", "试用"],
    ),
    Script(
        objection="integration effort",
        words=["integration", "migration", "it effort", "implementation", "对接", "集成", "实施"],
        say=later(
            "Name the steps, who does each and how long it took the last customer of their size;"
            " offer to do the first one together"
        ),
        show=later("plan of the last similar roll-out"),
        used=["roll-out", "rollout", "implementation plan", "实施计划"],
    ),
    Script(
        objection="data security",
        words=["security", "privacy", "compliance", "安全", "合规", "隐私"],
        say=later(
            "Bring the two heads of IT together; answer their checklist in writing within two days"
        ),
        show=later("certificates and the filled-in checklist"),
        used=["certificate", "checklist", "证书", "清单"],
    ),
    Script(
        objection="timing",
        words=["not now", "later", "next year", "postpone", "时机", "以后", "推迟"],
        say=later(
            "Put a price on waiting: a month later is a month of the saving not made; agree the day"
            " to decide"
        ),
        show=later("customer's return with the saving per month"),
        used=["roi", "saving", "节省"],
    ),
    Script(
        objection="need",
        words=["no need", "mismatch", "fit", "需求", "不需要"],
        say=later(
            "Go back to the problem: who has it, how often, what it costs; leave if nobody can say"
        ),
        show=later("need sheet scored together"),
    ),
]


class OwnershipItem(Group):
    """One side of the comparison of yearly costs."""

    name: str = Field(min_length=1, description="how the comparison calls it")
    price: float = Field(ge=0, description="price once [currency]")
    life: float = Field(gt=0, description="years it is used")
    running: float = Field(0, ge=0, description="running cost a year [currency]")


class SavingItem(Group):
    """One cost of the customer and the share of it that the offer saves."""

    item: str = Field(min_length=1, description="the cost, as the customer calls it")
    cost: float = Field(ge=0, description="what it costs the customer a year now [currency]")
    saved: float = Field(ge=0, le=1, description="share of it that is saved")


class CustomerReturn(Group):
    """The customer's own figures for the sheet a rep hands over."""

    customer: str = Field("", description="whose figures these are, as the sheet calls them")
    items: list[SavingItem] = Field(
        [], description="present costs and what is saved of each; empty = an example to overwrite"
    )
    price: float = Field(0, ge=0, description="price once [currency]")
    fee: float = Field(0, ge=0, description="fee a year [currency]")
    years: int = Field(3, ge=1, le=20, description="years over which the return is told")

    @field_validator("items")
    @classmethod
    def _named_once(cls, items: list[SavingItem]) -> list[SavingItem]:
        names = [item.item for item in items]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(
                say("each cost is named once; found twice: {names}", names=", ".join(twice))
            )
        return items


class FunnelSettings(Group):
    mature_percentile: float = Field(
        0.9,
        gt=0,
        lt=1,
        description="a cohort is mature after this percentile of the step's observed time",
    )
    stuck_percentile: float = Field(
        0.8, gt=0, lt=1, description="open longer than this percentile of advancing deals = stuck"
    )
    min_group: int = Field(
        30, ge=1, description="groups with fewer deals or leads are called too small, not bad"
    )
    horizons: list[int] = Field(
        [30, 60, 90, 180],
        min_length=1,
        description="days at which the chance of having won is printed",
    )
    step_days: list[int] = Field(
        [30, 60, 90],
        min_length=1,
        description="days after entering a step at which the share that has passed it is printed",
    )
    margin: float = Field(
        0.7, gt=0, le=1, description="gross margin used where orders carry no cost"
    )
    ltv_months: int = Field(60, ge=1, description="longest customer life counted [months]")
    channel_lag_months: int = Field(
        -1,
        ge=-1,
        le=36,
        description=(
            "months by which channel cost is lagged behind wins; -1 = the median time from lead"
            " to win"
        ),
    )
    marginal_return: float = Field(
        0.5,
        ge=0,
        le=1,
        description=(
            "what the next unit of budget in a channel brings, as a share of what the channel"
            " brings on average"
        ),
    )
    ladder: PriceLadder = Field(
        PriceLadder(), description="the price ladder: what a deal may be given"
    )
    discount_bands: list[float] = Field(
        [0.05, 0.1, 0.2],
        min_length=1,
        description="edges of the bands of discount in which win rates are compared [share]",
    )
    negotiation_steps: dict[str, str] = Field(
        {
            "need confirmed": "need_match",
            "demo": "demo",
            "objection met": "objection",
            "quote": "proposal",
            "contract": "won",
        },
        description=(
            "micro-steps of the negotiation, in order, and what shows one: need_match, objection,"
            " won, or a kind of contact"
        ),
    )
    scripts: list[Script] = Field(
        SCRIPTS,
        description=(
            "the script library: what to answer to each objection; the first whose name or words"
            " occur in it"
        ),
    )
    customer_return: CustomerReturn = Field(
        CustomerReturn(),
        description="the customer's present costs, and what of them the offer saves",
    )
    ownership: list[OwnershipItem] = Field(
        [],
        max_length=2,
        description=(
            "our offer and the cheaper one a customer holds against it; empty = an example to"
            " overwrite"
        ),
    )

    @field_validator("horizons", "step_days")
    @classmethod
    def _rising_days(cls, days: list[int]) -> list[int]:
        if days[0] < 1 or any(a >= b for a, b in pairwise(days)):
            raise ValueError(say("days of 1 or more that rise"))
        return days

    @field_validator("discount_bands")
    @classmethod
    def _rising_shares(cls, edges: list[float]) -> list[float]:
        if edges[0] <= 0 or edges[-1] >= 1 or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(say("shares above 0 and below 1 that rise"))
        return edges

    @field_validator("ownership")
    @classmethod
    def _both(cls, items: list[OwnershipItem]) -> list[OwnershipItem]:
        if len(items) == 1:
            raise ValueError(say("two offers are compared: ours first, then the other; or none"))
        return items
