"""The sample's settings, playbook.toml, as text."""

from __future__ import annotations

# a line that ends in a backslash goes on in the next one
TOML = """\
# The sample company. `playbook settings` prints every key with its default and meaning.
[book]
name = "sample"
title = "Lanqiao Software 岚桥软件 (simulated)"
currency = "CNY"
language = "en"
fiscal_year_start = 1
holidays = "CN"
stages = ["lead", "intent", "negotiation", "won"]

[goals]                                # what this company holds its own plans against
agenda = { "key customers" = 3, "new leads" = 2, "follow-ups" = 5, "proposals" = 2, "failed cases" \
= 3 }
stale_days = 14
most_strategies = 2
reserve_leads = 100
reserve_share = 0.2
new_customer_share = 0.3
strategic_industries = ["Finance", "Manufacturing"]
largest_share = 0.2

[[goals.adjustments]]
date = 2023-07-03
period = "2023"
metric = "sales"
target = 250000000
reason = "first quarter lost to the crisis"
by = "sales director"

[segments]
tiers = { names = ["strategic", "growth", "basic"], lower = [500000, 100000, 0] }
intent_days = [7, 14, 30]              # leads of high, medium and low intent
class_days = [3.5, 7, 30]              # customers of class A, B and C
visit_hours = 3.0
contact_hours = 0.5
selling_hours = 20.0
tier_visits = [4, 2, 0]                # promised each quarter, by tier
tier_calls = [0, 0, 2]
tier_greetings = [["Spring Festival", "Mid-Autumn Festival"]]  # of the strategic ones
tier_repurchase = [0.9, 0.7, 0.5]
tier_satisfaction = [95, 90, 85]
tier_referrals = [2, 1, 0]
tier_response_hours = [2, 4, 24]
tier_solving_hours = [24, 48, 72]

[funnel.ladder]                        # what a salesperson may give, by the size of the deal
rungs = [
  { lower = 0, discount = 0.05 },
  { lower = 100000, discount = 0.10 },
  { lower = 500000, free_months = 3, paid_months = 12 },
]
renewal = 0.20
floor = 0.40

[case]
company = true
measures_from = 2023-04-01

[pilot]
by = "team"
groups = ["East A", "South B"]
starts = 2023-07-01
months = 3

[incentives]
plan = "current"
compare_with = "before"
budget_uplift = 0.10                   # more than this above the plan beside it is over budget
effort = 0.2                           # what sales are held to answer to pay
levels = [
  { name = "base", at = 0.8, gives = "base pay, commission, team fund" },
  { name = "sprint", at = 1.0, gives = "bonus, promotion points, a pack of customers to develop" },
  { name = "breakthrough", at = 1.2, gives = "share options, an industry summit" },
]

[[commission_plans]]
name = "current"                       # the measures of April 2023: paid band by band, renewals \
of large customers and mentors rewarded
starts = 2023-04-01
replaces = "before"
mode = "marginal"
accumulate = "quarter"
basis = "bookings"
tiers = [
  { lower = 0, upper = 1000000, rate = 0.08 },
  { lower = 1000000, upper = 2000000, rate = 0.10 },
  { lower = 2000000, rate = 0.12 },
]
rules = [{ name = "large-customer renewal", kind = ["renewal"], customer_type = ["large"], times \
= 1.2 }]
awards = [
  { name = "mentor award 伯乐奖", event = "first_deal", to = ["mentor"], amount = 1000 },
  { name = "referral award 转介绍奖", event = "referral", channel = "Referral", to = ["rep", \
"lead_owner"], amount = 1000 },
  { name = "best needs research 需求挖掘奖", event = "best_research", amount = 500, at_least = 3, \
quality = 0.5 },
  { name = "champion of the month 月度销冠", event = "by_hand", amount = 2000 },
]

[[commission_plans]]
name = "proposed"                      # for the fourth quarter: pay for reaching the quota, a \
higher rate beyond it, a cap
starts = 2023-10-01
replaces = "current"
mode = "marginal"
accumulate = "quarter"
basis = "bookings"
tiers_of = "quota"
tiers = [
  { lower = 0, upper = 1.0, rate = 0.06 },
  { lower = 1.0, upper = 1.2, rate = 0.09 },
  { lower = 1.2, rate = 0.12 },
]
cap = 400000
attainment = { target_pay = 30000, levels = [{ at = 0.8, pays = 0.5 }, { at = 1.0, pays = 1.0 }, \
{ at = 1.2, pays = 1.5 }] }
awards = [
  { name = "mentor award 伯乐奖", event = "first_deal", to = ["mentor"], amount = 1000 },
  { name = "referral award 转介绍奖", event = "referral", channel = "Referral", to = ["rep", \
"lead_owner"], amount = 1000 },
]

[[commission_plans]]
name = "before"
starts = 2021-01-01
mode = "whole"
accumulate = "quarter"
basis = "bookings"
tiers = [
  { lower = 0, upper = 1000000, rate = 0.08 },
  { lower = 1000000, upper = 2000000, rate = 0.10 },
  { lower = 2000000, rate = 0.12 },
]
"""


def toml() -> str:
    """Text of the sample's playbook.toml."""
    return TOML
