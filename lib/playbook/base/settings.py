"""playbook.toml, typed: every key has a default and a line of help; an unknown key is refused with a suggestion."""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from .errors import Problem, SettingsProblem, did_you_mean
from .formats import Formats
from .periods import Calendar, Period
from .plans import CommissionPlan, plan_mistakes

Share = Field(ge=0, le=1)


class Group(BaseModel):
    """A table of playbook.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BookSettings(Group):
    name: str = Field("book", description="folder name under reports/", pattern=r"^[^/\\\x00]+$")
    title: str = Field("", description="name printed on the pages; empty = the name")
    currency: str = Field("CNY", description="ISO code of every money column", pattern=r"^[A-Z]{3}$")
    language: Literal["en", "zh"] = Field("en", description="how numbers and dates are written and the language the pages declare")
    fiscal_year_start: int = Field(1, ge=1, le=12, description="month the fiscal year starts in")
    holidays: str | list[date] = Field("", description="a country of the holidays package (CN) or a list of dates; empty = weekends only")
    workdays: list[date] = Field([], description="weekend days worked in exchange for a holiday, beside those the country's calendar knows")
    time_zone: str = Field("", description="zone whose calendar a moment with an offset falls in, such as Asia/Shanghai; empty = texts as they are written, moments of a database asked for")
    stages: list[str] = Field(["lead", "intent", "negotiation", "won"], min_length=2, description="funnel stages in order; the last one is a won deal")
    unknown_share: float = Field(0.01, ge=0, le=1, description="largest share of rows that may refer to something unknown before the book is refused")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(f"a zone of the tz database such as Asia/Shanghai; {did_you_mean(name, available_timezones())}")
        return name

    @field_validator("stages")
    @classmethod
    def _distinct(cls, stages: list[str]) -> list[str]:
        if len(set(stages)) < len(stages):
            raise ValueError("a stage is named twice")
        if not all(stage.strip() for stage in stages):
            raise ValueError("a stage has no name")
        return stages

    @field_validator("name")
    @classmethod
    def _a_folder(cls, name: str) -> str:
        if not name.strip(" .\t"):
            raise ValueError("a name a folder can have")
        return name

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, holidays: str | list[date]) -> str | list[date]:
        if isinstance(holidays, str) and holidays:
            import holidays as package
            if holidays not in (known := package.list_supported_countries()):
                raise ValueError(f"a country code of the holidays package, or a list of dates; {did_you_mean(holidays, known)}")
        return holidays


class Privacy(Group):
    show_personal: bool = Field(False, description="show contact names, phones and e-mails in reports")


class SourceSettings(Group):
    """A raw file or database table as it is."""

    file: str = Field("", description="csv, tsv, xlsx, xls, parquet or duckdb, relative to the toml; a glob reads several alike")
    sheet: str = Field("", description="sheet of a workbook; empty = the first")
    encoding: str = Field("", description="utf-8, utf-8-sig, gb18030 …; empty = detected among these")
    dates: str | dict[str, str] = Field("", description="strptime form of the dates, for all columns or by column; empty = ISO")
    delimiter: str = Field("", description="column separator of a text file; empty = detected among , ; tab |")
    header: bool | list[str] = Field(True, description="false and a list of names for files without a header row")
    database: str = Field("", description="duckdb:///file.duckdb or another database URL; the password comes from the environment")
    table: str = Field("", description="table or view of the database")

    @model_validator(mode="after")
    def _one_place(self) -> SourceSettings:
        if bool(self.file) == bool(self.database):
            raise ValueError("a source has either file or database")
        if self.database and not self.table:
            raise ValueError("a database source names its table")
        return self


class TableSettings(Group):
    """One of our tables, from theirs."""

    from_: str = Field("", alias="from", description="name of a source")
    sql: str = Field("", description="a DuckDB query over the sources, instead of from")
    where: str = Field("", description="DuckDB SQL condition on the source's own columns")
    columns: dict[str, str] = Field({}, description="our column = their column")
    values: dict[str, dict[str, str]] = Field({}, description="values.<our column> = { theirs = ours }")

    @model_validator(mode="after")
    def _one_way(self) -> TableSettings:
        if bool(self.from_) == bool(self.sql):
            raise ValueError("a table has either from or sql")
        return self


class Adjustment(Group):
    """A target moved in an adjustment window: kept beside the original one, with its reason."""

    date_: date = Field(alias="date", description="day the change was agreed")
    period: str = Field(description="year, quarter or month the target is for, as in the targets table")
    metric: str = Field("sales", description="metric of the target")
    target: float = Field(ge=0, description="the target from that day on")
    reason: str = Field(min_length=1, description="why it was changed")
    by: str = Field("", description="who agreed to it")
    region: str = Field("", description="region the target is for; all of these empty = the company")
    product_line: str = Field("", description="product line the target is for")
    customer_type: str = Field("", description="customer type the target is for")
    rep_id: str = Field("", description="person the target is for")
    team: str = Field("", description="team the target is for")

    @field_validator("period")
    @classmethod
    def _a_period(cls, period: str) -> str:
        Period.parse(period)      # its error says which forms there are
        return period


class GoalSettings(Group):
    probability: float = Field(0.8, gt=0, lt=1, description="probability with which back-solving and the base line reach the target")
    lines: list[float] = Field([0.8, 0.5, 0.2], min_length=3, max_length=3, description="probabilities of the base, sprint and breakthrough lines")
    green_from: float = Field(1.0, gt=0, description="pace from which a target is green")
    amber_from: float = Field(0.9, gt=0, description="pace from which a target is amber; below it is red")
    thirds: list[float] = Field([0.3, 0.5, 0.2], min_length=3, max_length=3, description="weights of a month's ten-day thirds, summing to 1")
    phases: list[float] = Field([0.3, 0.4, 0.3], min_length=3, max_length=3, description="weights of a quarter's months (assault, deepen, sprint), summing to 1")
    phasing: Literal["history", "working_days", "even", "phases"] = Field("history", description="where a year's monthly curve comes from when targets give none")
    weights: dict[str, dict[str, float]] = Field({}, description="weights.region = { East = 0.6, … }: shares of the year by region, product_line or customer_type, summing to 1; empty = the book's targets, else history")
    held: dict[str, dict[str, float]] = Field({}, description="held.region = { East = 60000000, … }: amounts of the year held fixed by region, product_line or customer_type; the others share the rest by their weights")
    history_weight: float = Field(0.6, ge=0, le=1, description="weight of a rep's own sales in the quota; the rest is the open pipeline")
    quota_floor: float = Field(0.3, ge=0, description="smallest quota of a fully ramped rep, in average quotas")
    quota_cap: float = Field(2.5, gt=0, description="largest quota of a rep, in average quotas")
    ramp: list[float] = Field([0.25, 0.5, 0.75], description="share of a full quota in a new hire's first, second, … quarter")
    over_assignment: float = Field(1.0, ge=1, description="sum of the reps' quotas ÷ the target they carry; 1.1 = 10 % hedge")
    pins: dict[str, float] = Field({}, description="rep_id = quota of the next quarter held fixed; the others share the rest")
    adjustments: list[Adjustment] = Field([], description="targets moved in an adjustment window, with date and reason")
    agenda: dict[str, int] = Field({"key customers": 3, "new leads": 2, "follow-ups": 5, "proposals": 2, "failed cases": 3},
                                   description="most of each kind of work one person does on one day")
    stale_days: int = Field(14, ge=1, description="days after which a key result without check-in is stale")
    most_strategies: int = Field(2, ge=1, description="strategies at once beyond which the page warns")
    reserve_leads: int = Field(100, ge=0, description="leads a month the reserve pool should hold")
    reserve_share: float = Field(0.2, ge=0, le=1, description="share of the reserve kept for plans at high risk")
    new_customer_share: float = Field(0.3, ge=0, le=1, description="wanted share of new customers from outside strategic industries")
    largest_share: float = Field(0.2, gt=0, le=1, description="share of sales from which one customer or industry is a concentration risk")

    @field_validator("thirds", "phases")
    @classmethod
    def _whole(cls, weights: list[float]) -> list[float]:
        if any(weight < 0 for weight in weights) or abs(sum(weights) - 1) > 1e-6:
            raise ValueError(f"weights of 0 or more that sum to 1; these sum to {sum(weights):g}")
        return weights

    @field_validator("lines")
    @classmethod
    def _falling(cls, lines: list[float]) -> list[float]:
        if any(not 0 < chance < 1 for chance in lines) or sorted(lines, reverse=True) != lines:
            raise ValueError("probabilities between 0 and 1 that fall from the base to the breakthrough line")
        return lines

    @field_validator("pins", "agenda")
    @classmethod
    def _not_negative(cls, values: dict[str, float]) -> dict[str, float]:
        if wrong := [name for name, value in values.items() if value < 0]:
            raise ValueError(f"amounts of 0 or more; {wrong[0]} is {values[wrong[0]]:g}")
        return values

    @field_validator("weights", "held")
    @classmethod
    def _dimensions(cls, given: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for dimension in given:
            if dimension not in ("region", "product_line", "customer_type"):
                raise ValueError(f"by region, product_line or customer_type; '{dimension}' is none of them")
        return given

    @field_validator("ramp")
    @classmethod
    def _a_share(cls, ramp: list[float]) -> list[float]:
        if any(not 0 <= share <= 1 for share in ramp):
            raise ValueError("shares of a full quota between 0 and 1, one per quarter of tenure")
        return ramp

    @model_validator(mode="after")
    def _bounds(self) -> GoalSettings:
        if self.amber_from > self.green_from:
            raise ValueError("amber_from lies above green_from")
        if self.quota_floor > self.quota_cap:
            raise ValueError("quota_floor lies above quota_cap")
        return self


class TierTable(Group):
    names: list[str] = Field(min_length=1)
    lower: list[float] = Field(min_length=1)

    @model_validator(mode="after")
    def _partition(self) -> TierTable:
        if len(self.names) != len(self.lower):
            raise ValueError("names and lower edges differ in number")
        if len(set(self.names)) < len(self.names) or not all(name.strip() for name in self.names):
            raise ValueError("every tier has a name of its own")
        if not all(map(isfinite, self.lower)) or any(a <= b for a, b in pairwise(self.lower)):
            raise ValueError("lower edges must be numbers that fall from the best tier to the last")
        if self.lower[-1] > 0:
            raise ValueError("the last tier must start at 0, or customers below it belong nowhere")
        return self


class SegmentSettings(Group):
    rfm_months: int = Field(24, ge=1, le=120, description="length of the RFM window [months]")
    recency_days: list[float] = Field([], description="fixed recency thresholds, rising [days]; empty = quantiles")
    frequency: list[float] = Field([], description="fixed frequency thresholds, rising [orders]; empty = quantiles")
    monetary: list[float] = Field([], description="fixed monetary thresholds, rising [currency]; empty = quantiles")
    segment_map: Literal["eleven", "source"] = Field("eleven", description="which named map leads the chapter")
    tiers: TierTable = Field(TierTable(names=["VIP", "key", "ordinary"], lower=[500_000, 200_000, 0]),
                             description="value tiers by net amount of the trailing 12 months, lower edge inclusive")
    abc_value: list[float] = Field([0.8, 0.95], min_length=2, max_length=2, description="cumulative value at which class A and B end")
    abc_heads: list[float] = Field([0.2, 0.3, 0.5], min_length=3, max_length=3, description="head-count shares of the other ABC rule")
    visit_hours: float = Field(3.0, gt=0, description="hours one promised visit takes, travel included")
    contact_hours: float = Field(0.5, gt=0, description="hours one call, message or mail takes, preparation included")
    selling_hours: float = Field(20.0, gt=0, description="hours a rep has for customers [hours a week]")
    intent_days: list[float] = Field([7, 14, 30], min_length=3, max_length=3, description="days between contacts with a lead of high, medium, low intent")
    class_days: list[float] = Field([3.5, 7, 30], min_length=3, max_length=3, description="days between contacts with an A, B, C customer")
    tier_visits: list[float] = Field([4, 2, 0], description="visits a year promised to each value tier, best first; further tiers get the last")
    tier_calls: list[float] = Field([0, 0, 2], description="calls a year promised to each value tier beside the visits")
    tier_repurchase: list[float] = Field([0.9, 0.7, 0.5], description="repurchase target of each value tier [share]")
    tier_satisfaction: list[float] = Field([95, 90, 85], description="satisfaction target of each value tier [points of 100]")
    tier_referrals: list[float] = Field([2, 1, 0], description="referrals a year asked of a customer of each value tier")
    tier_response_hours: list[float] = Field([2, 4, 24], description="hours in which a question of each value tier is answered")
    tier_solving_hours: list[float] = Field([24, 48, 72], description="hours in which a problem of each value tier is solved")
    request_kinds: list[str] = Field(["request", "complaint", "question", "inquiry", "ticket", "咨询", "投诉", "报修", "客户来电"],
                                     description="kinds of activity that come from the customer and wait for an answer")
    referral_channels: list[str] = Field(["referral", "referrals", "customer referral", "word of mouth", "转介绍", "老客户介绍", "客户推荐", "客户转介绍"],
                                         description="channels that mean a customer brought another")
    fit_rule: Literal["scaled", "totals"] = Field("scaled", description="need fit by share of the maximum, or by raw totals")
    fit_shares: list[float] = Field([0.8, 0.4], min_length=2, max_length=2, description="share of the maximum from which need fit is high, medium")
    fit_totals: list[float] = Field([20, 10], min_length=2, max_length=2, description="raw total from which need fit is high, medium")
    record_days: int = Field(2, ge=0, description="days after a contact from which its record is called late")

    @field_validator("tier_visits", "tier_calls", "tier_repurchase", "tier_satisfaction", "tier_referrals", "tier_response_hours", "tier_solving_hours")
    @classmethod
    def _some(cls, values: list[float]) -> list[float]:
        if not values or min(values) < 0:
            raise ValueError("one value or more per tier, none negative")
        return values

    @field_validator("abc_value")
    @classmethod
    def _cumulative(cls, ends: list[float]) -> list[float]:
        if not 0 < ends[0] < ends[1] <= 1:
            raise ValueError("two shares between 0 and 1 that rise, such as 0.8 and 0.95")
        return ends

    @field_validator("abc_heads")
    @classmethod
    def _all_heads(cls, shares: list[float]) -> list[float]:
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise ValueError(f"three shares of 0 or more that sum to 1; these sum to {sum(shares):g}")
        return shares

    @field_validator("fit_shares", "fit_totals")
    @classmethod
    def _falling(cls, bands: list[float], info: ValidationInfo) -> list[float]:
        if not bands[0] > bands[1] > 0 or (info.field_name == "fit_shares" and bands[0] > 1):
            raise ValueError("from which fit is high, then medium: two falling " + ("shares, 80 % written 0.8" if info.field_name == "fit_shares" else "totals"))
        return bands

    @field_validator("intent_days", "class_days")
    @classmethod
    def _days(cls, days: list[float]) -> list[float]:
        if min(days) <= 0:
            raise ValueError("days above 0")
        return days

    @field_validator("recency_days", "frequency", "monetary")
    @classmethod
    def _rising(cls, edges: list[float]) -> list[float]:
        if edges and (len(edges) != 4 or any(a >= b for a, b in pairwise(edges))):
            raise ValueError("four rising thresholds make five scores")
        return edges


class Rung(Group):
    lower: float = Field(0, ge=0, description="amount from which the rung holds, inclusive [currency]")
    discount: float = Field(0, ge=0, lt=1, description="largest discount the rung allows [share]")
    free_months: float = Field(0, ge=0, description="free months the rung allows instead; m free on n paid = m ÷ (n + m)")
    paid_months: float = Field(12, gt=0, description="paid months the free ones come on top of")

    @property
    def allowed(self) -> float:
        """Discount the rung allows: its own, or what its free months amount to, whichever is more."""
        return max(self.discount, self.free_months / (self.paid_months + self.free_months))


class PriceLadder(Group):
    rungs: list[Rung] = Field([Rung(lower=0, discount=0.05), Rung(lower=100_000, discount=0.10), Rung(lower=500_000, free_months=3)], min_length=1,
                              description="what a deal of a list amount may be given: each rung holds from its lower edge to the next one's")
    renewal: float = Field(0.2, ge=0, lt=1, description="discount an existing customer's renewal may have [share]")
    stacking: Literal["largest", "add", "multiply"] = Field("largest", description="how the renewal's discount joins the rung's: the larger one, their sum, or one after the other")
    floor: float = Field(0.4, ge=0, lt=1, description="no deal may be given more than this, whatever stacks [share]")

    @model_validator(mode="after")
    def _whole(self) -> PriceLadder:
        edges = [rung.lower for rung in self.rungs]
        if edges[0] != 0:
            raise ValueError("the ladder must start at 0, or small deals have no rung (a gap)")
        if any(a >= b for a, b in pairwise(edges)):
            raise ValueError("lower edges must rise, or rungs overlap")
        if any(a.allowed > b.allowed for a, b in pairwise(self.rungs)):
            raise ValueError("a larger deal may not be allowed less than a smaller one")
        return self


class Script(Group):
    """One answer of the script library: which objection it meets, what to say, what to show."""

    objection: str = Field(min_length=1, description="the objection it answers, as pages call it")
    words: list[str] = Field([], description="words that show this objection in what the team wrote, beside its own name")
    say: str = Field(min_length=1, description="what to answer; {ownership} is replaced by the comparison of yearly costs")
    show: str = Field("", description="what to put on the table with it")


SCRIPTS = [
    Script(objection="price", words=["expensive", "budget", "discount", "cost", "价格", "贵", "预算", "太高"], say="Agree that the price is higher, then change the unit: {ownership}", show="cost of ownership beside the cheaper offer"),
    Script(objection="incumbent supplier", words=["incumbent", "competitor", "current supplier", "竞品", "供应商", "对手"], say="Ask what they would keep and what they would change; offer a trial beside the present system on the one thing they would change",
           show="comparison on the customer's own criteria"),
    Script(objection="integration effort", words=["integration", "migration", "it effort", "implementation", "对接", "集成", "实施"], say="Name the steps, who does each and how long it took the last customer of their size; offer to do the first one together",
           show="plan of the last similar roll-out"),
    Script(objection="data security", words=["security", "privacy", "compliance", "安全", "合规", "隐私"], say="Bring the two heads of IT together; answer their checklist in writing within two days", show="certificates and the filled-in checklist"),
    Script(objection="timing", words=["not now", "later", "next year", "postpone", "时机", "以后", "推迟"], say="Put a price on waiting: a month later is a month of the saving not made; agree the day to decide", show="customer's return with the saving per month"),
    Script(objection="need", words=["no need", "mismatch", "fit", "需求", "不需要"], say="Go back to the problem: who has it, how often, what it costs; leave if nobody can say", show="need sheet scored together")]


class OwnershipItem(Group):
    """One side of the comparison of yearly costs."""

    name: str = Field(min_length=1, description="how the comparison calls it")
    price: float = Field(ge=0, description="price once [currency]")
    life: float = Field(gt=0, description="years it is used")
    running: float = Field(0, ge=0, description="running cost a year [currency]")


class FunnelSettings(Group):
    mature_percentile: float = Field(0.9, gt=0, lt=1, description="a cohort is mature after this percentile of the step's observed time")
    stuck_percentile: float = Field(0.8, gt=0, lt=1, description="open longer than this percentile of advancing deals = stuck")
    min_group: int = Field(30, ge=1, description="groups with fewer deals or leads are called too small, not bad")
    horizons: list[int] = Field([30, 60, 90, 180], min_length=1, description="days at which the chance of having won is printed")
    margin: float = Field(0.7, gt=0, le=1, description="gross margin used where orders carry no cost")
    ltv_months: int = Field(60, ge=1, description="longest customer life counted [months]")
    channel_lag_months: int = Field(-1, ge=-1, le=36, description="months by which channel cost is lagged behind wins; -1 = the median time from lead to win")
    marginal_return: float = Field(0.5, ge=0, le=1, description="what the next unit of budget in a channel brings, as a share of what the channel brings on average")
    ladder: PriceLadder = Field(PriceLadder(), description="the price ladder: what a deal may be given")
    negotiation_steps: dict[str, str] = Field({"need confirmed": "need_match", "demo": "demo", "objection met": "objection", "quote": "proposal", "contract": "won"},
                                              description="micro-steps of the negotiation, in order, and what shows one: need_match, objection, won, or a kind of contact")
    scripts: list[Script] = Field(SCRIPTS, description="the script library: what to answer to each objection; the first whose name or words occur in it")
    ownership: list[OwnershipItem] = Field([], max_length=2, description="our offer and the cheaper one a customer holds against it; empty = an example to overwrite")

    @field_validator("horizons")
    @classmethod
    def _rising_days(cls, days: list[int]) -> list[int]:
        if days[0] < 1 or any(a >= b for a, b in pairwise(days)):
            raise ValueError("days of 1 or more that rise")
        return days

    @field_validator("ownership")
    @classmethod
    def _both(cls, items: list[OwnershipItem]) -> list[OwnershipItem]:
        if len(items) == 1:
            raise ValueError("two offers are compared: ours first, then the other; or none")
        return items


class IncentiveLevel(Group):
    """One of the lines of a quota and what reaching it gives."""

    name: str = Field(description="how pages call the line")
    at: float = Field(gt=0, le=10, description="attainment from which it is reached [share of the quota]")
    gives: str = Field("", description="what reaching it gives, in money and otherwise")


LINES = [IncentiveLevel(name="base", at=0.8, gives="base pay, commission, team fund"),
         IncentiveLevel(name="sprint", at=1.0, gives="bonus, promotion points, a pack of customers to develop"),
         IncentiveLevel(name="breakthrough", at=1.2, gives="share options, an industry summit, help with a public profile")]


class IncentiveSettings(Group):
    plan: str = Field("", description="name of the commission plan in force; empty = the first whose dates hold the as-of date")
    compare_with: str = Field("", description="name of the plan to compare with; empty = the first other plan listed")
    ramp_days: int = Field(92, ge=1, description="days within which a new hire's first deal counts as early")
    levels: list[IncentiveLevel] = Field(LINES, min_length=1, description="lines of the quota, rising, and what they give")
    budget_uplift: float = Field(0.1, ge=0, le=10, description="how far pay may exceed the last twelve months' before the budget is overspent [share]")
    effort: float = Field(0.2, ge=0, le=2, description="assumed answer: sales move by this part of the relative change in pay per unit sold [ratio]")
    courses: dict[str, str] = Field({}, description="course that trains a step of the funnel, for example { 'lead→intent' = 'Product knowledge' }; empty = a topic by the step's place")
    top_share: float = Field(0.2, gt=0, le=1, description="best sellers of a year, as a share of the team, for attrition [share]")
    seed: int = Field(1, ge=0, description="seed of the simulated years")


class PilotSettings(Group):
    by: Literal["team", "region", "product_line", "rep"] = Field("team", description="what a pilot's groups are")
    take: int = Field(2, ge=1, description="groups to pilot when one is planned")
    months: int = Field(3, ge=1, le=24, description="length of a pilot, and of the span before it that it is compared with [months]")
    outcome: Literal["sales", "orders", "buyers", "win_rate"] = Field("sales", description="the one outcome a pilot is decided on, named before it starts; the others are looked at with a correction")
    wanted: float = Field(0.1, gt=0, description="smallest effect worth rolling out, as a share of the level before (of the win rate too) [share]")
    cost: float = Field(0.0, ge=0, description="what the pilot costs [currency]")
    groups: list[str] = Field([], description="groups of the pilot that runs or ran; empty = none yet")
    starts: date | None = Field(None, description="first day of the pilot that runs or ran, the first of a month")

    @model_validator(mode="after")
    def _whole(self) -> PilotSettings:
        if bool(self.groups) != bool(self.starts):
            raise ValueError("a pilot that ran has both groups and starts")
        if self.starts is not None and self.starts.day != 1:
            raise ValueError("starts is the first of a month")
        return self


class CaseSettings(Group):
    company: bool = Field(False, description="the book is the published case's company, so its figures are recomputed")
    measures_from: date | None = Field(None, description="first day of a programme of measures; before and after are told apart there")
    referral: list[str] = Field(["referral", "转介绍", "老带新"], description="parts of the names of channels through which customers bring customers")
    advertising: list[str] = Field(["ads", "advert", "paid", "广告", "投放", "竞价"], description="parts of the names of channels that are bought advertising")


class Settings(Group):
    """The whole of playbook.toml."""

    book: BookSettings = BookSettings()
    privacy: Privacy = Privacy()
    sources: dict[str, SourceSettings] = {}
    tables: dict[str, TableSettings] = {}
    goals: GoalSettings = GoalSettings()
    segments: SegmentSettings = SegmentSettings()
    funnel: FunnelSettings = FunnelSettings()
    incentives: IncentiveSettings = IncentiveSettings()
    case: CaseSettings = CaseSettings()
    pilot: PilotSettings = PilotSettings()
    commission_plans: list[CommissionPlan] = []

    @model_validator(mode="after")
    def _plans_agree(self) -> Settings:
        named = [("incentives.plan", self.incentives.plan), ("incentives.compare_with", self.incentives.compare_with)]
        if wrong := plan_mistakes(self.commission_plans, named, self.segments.tiers.names):
            raise ValueError(wrong)
        return self

    @property
    def title(self) -> str:
        return self.book.title or self.book.name

    @property
    def formats(self) -> Formats:
        return Formats(self.book.currency, self.book.language)

    @property
    def calendar(self) -> Calendar:
        given = self.book.holidays
        worked = frozenset(self.book.workdays)
        return Calendar(country=given or None, workdays=worked) if isinstance(given, str) else Calendar(dates=frozenset(given), workdays=worked)


def load_settings(path: Path) -> Settings:
    """Settings of a book folder or a toml file.

    Raises SettingsProblem with every problem at once: no toml, bad TOML, unknown keys, values out of range.
    """
    path = Path(path)
    toml = path / "playbook.toml" if path.is_dir() else path
    if not toml.is_file():
        raise SettingsProblem(Problem(
            found=f"no playbook.toml at {path}", expected="a folder that holds playbook.toml, or the toml itself",
            try_="name the folder with --book, or start from the sample's data/sample/playbook.toml", file=str(toml)))
    raw, plans = _toml(toml), toml.with_name("commission_plans.toml")
    if not plans.is_file():
        return parse_settings(raw, str(toml))
    apart = _toml(plans)
    if set(apart) != {"commission_plans"} or "commission_plans" in raw:
        raise SettingsProblem(Problem(found="commission plans in two places" if "commission_plans" in raw else f"{plans.name} holds {', '.join(sorted(apart)) or 'nothing'}",
                                      expected="[[commission_plans]] either in playbook.toml or, alone, in commission_plans.toml beside it", try_="move all plans into one of them", file=str(plans)))
    return parse_settings({**raw, **apart}, f"{toml} with {plans.name}")


def _toml(toml: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(toml.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblem(Problem(found=f"not readable as TOML: {error}", expected="a UTF-8 TOML file",
                                      try_="look at the line named; texts need quotes", file=str(toml))) from None


def parse_settings(raw: dict[str, Any], file: str = "playbook.toml") -> Settings:
    """Settings from parsed TOML; all problems at once."""
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsProblem([_problem(entry, file) for entry in error.errors()]) from None


def _problem(entry: dict[str, Any], file: str) -> Problem:
    """One pydantic complaint in our three parts, with its place in the toml."""
    path = [str(part) for part in entry["loc"]]
    place = ".".join(path)
    if entry["type"] == "extra_forbidden":
        return Problem(found=f"unknown setting '{place}'", expected="a key that `playbook settings` lists",
                       try_=did_you_mean(path[-1], _keys_at(path[:-1])), file=file, column=place)
    message = entry["msg"].removeprefix("Value error, ")
    return Problem(found=f"{place} = {entry.get('input')!r}" if not isinstance(entry.get("input"), dict) else place,
                   expected=message, try_="`playbook settings` prints every key with its default and meaning", file=file, column=place)


def _keys_at(path: list[str]) -> list[str]:
    """Names allowed in the table at ``path``."""
    model: Any = Settings
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else model
        inner = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
        model = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else inner[0] if inner else model
    return [field.alias or name for name, field in model.model_fields.items()]


def settings_help() -> list[tuple[str, str, str]]:
    """(key, default, meaning) of every setting, in order, as ``playbook settings`` prints them."""
    rows: list[tuple[str, str, str]] = []

    def walk(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            key = f"{prefix}{field.alias or name}"
            annotation = field.annotation
            inner = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
            if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not TierTable:
                walk(annotation, f"{key}.")
            elif inner:
                walk(inner[0], f"{key}.<name>." if "dict" in str(annotation) else f"{key}[].")
            else:
                default = "required" if field.is_required() else field.get_default(call_default_factory=True)
                default = default.model_dump() if isinstance(default, BaseModel) else default
                rows.append((key, "required" if default == "required" else repr(default), field.description or ""))
    walk(Settings, "")
    return rows
