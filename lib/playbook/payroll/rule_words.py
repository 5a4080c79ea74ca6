"""Sentences of a plan's rules in both languages: English, Chinese."""

from __future__ import annotations

RULE_WORDS: dict[str, tuple[str, str]] = {
    "rules": ("Rules", "规则"),
    "refunds": ("Refunds and cancellations", "退款与取消"),
    "recompute": (
        "A refund or cancellation takes back what the sale's own {period} pays without it; never"
        " more than was paid.",
        "退款或取消时，按原{period}去除该笔后重算，追回差额；不超过已付金额。",
    ),
    "original_rate": (
        "A refund takes back pay at the rate that the sale was paid at; never more than was paid.",
        "退款按该笔原计佣比例追回；不超过已付金额。",
    ),
    "by_time": (
        "A refund takes back pay for the part of the contract's {by} that was not served.",
        "退款按合同未履行的{by}占比追回。",
    ),
    "months": ("months", "月"),
    "days": ("days", "天"),
    "window": (
        "Nothing is taken back later than {days} days after the sale.",
        "成交 {days} 天之后不再追回。",
    ),
    "no_window": ("There is no end to this.", "不设期限。"),
    "leaving": ("Leaving", "离职"),
    "leaving_none": (
        "Orders after the last day pay nothing; what was ordered before it is paid.",
        "离职日之后的订单不计佣；之前的订单照付。",
    ),
    "leaving_within_days": (
        "Orders within {days} days after the last day pay {share}.",
        "离职后 {days} 天内的订单按 {share} 计付。",
    ),
    "leaving_booked": (
        "Orders after the last day that are credited to the person pay {share}.",
        "离职后仍计入本人的订单按 {share} 计付。",
    ),
    "caps": ("Caps and guarantees", "上限与保底"),
    "cap": ("A {period} pays at most {cap} for sales and quota.", "每{period}最多支付 {cap}。"),
    "cap_year": ("A fiscal year pays at most {cap}.", "每财年最多支付 {cap}。"),
    "excess_lost": ("What is above it is lost.", "超出部分不再支付。"),
    "excess_later": ("What is above it is paid in later periods.", "超出部分在以后期间支付。"),
    "no_cap": ("There is no cap.", "不设上限。"),
    "deal_cap": ("One deal pays at most {cap}.", "单笔最多支付 {cap}。"),
    "deal_floor": ("One deal pays at least {floor}.", "单笔至少支付 {floor}。"),
    "floor": (
        "A {period} pays at least {floor}; part of a period by days.",
        "每{period}至少支付 {floor}；不满一期按天折算。",
    ),
    "draw": (
        "In {months} at least {monthly} is paid out ({kind}).",
        "{months}至少支付 {monthly}（{kind}）。",
    ),
    "draw_always": ("every month", "每月"),
    "draw_months": ("the first {n} months", "入职前 {n} 个月"),
    "draw_kept": ("not paid back", "无需归还"),
    "draw_owed": ("later pay makes up for it", "由以后佣金抵扣"),
    "draw_top": ("on top of what is earned", "在应得之外另付"),
    "draw_recovery": (
        "It is taken back from month {first} on, with {share} of the pay above it{most}; what a"
        " leaver still owes is {exit}.",
        "自第 {first} 个月起以超出部分的 {share} 抵扣{most}；离职时未还清部分{exit}。",
    ),
    "draw_most": (", at most {most} a month", "，每月不超过 {most}"),
    "draw_exit_owed": ("owed", "仍须归还"),
    "draw_exit_written_off": ("written off", "予以核销"),
    "threshold": (
        "Below {share} of the quota the bands pay nothing; above it {first}.",
        "业绩低于目标的 {share} 时不计佣；达到后{first}。",
    ),
    "threshold_first": ("they pay from the first unit", "从第一笔起计"),
    "threshold_excess": ("they pay only what is above", "仅计超出部分"),
    "gate": (
        "The bands pay only once {measure} has reached {at} of its quota.",
        "{measure} 达到目标的 {at} 后方可计佣。",
    ),
    "modifier": (
        "The bands' pay is multiplied by the {period}'s margin: {steps}.",
        "按{period}毛利率调整：{steps}。",
    ),
    "modifier_step": ("from {at} × {times}", "{at} 起 × {times}"),
    "rule": ("{name}: {what}{when}: {effect}{counts}.", "{name}：{what}{when}：{effect}{counts}。"),
    "rule_any": ("every order", "所有订单"),
    "rule_times": ("the band's rate × {times}", "本档比例 × {times}"),
    "rule_points": ("the band's rate {points} points", "本档比例 {points} 个百分点"),
    "rule_rate": ("{rate}", "{rate}"),
    "rule_apart": (", and the amount does not move the bands", "，且不计入累计"),
    "rule_from": (", from {starts}", "，自 {starts}"),
    "rule_to": (", to {ends}", "，至 {ends}"),
    "rule_months": ("orders for {n} months or more", "{n} 个月及以上的订单"),
    "rule_least": ("of {amount} or more", "{amount} 及以上"),
    "credit": ("Credit", "业绩归属"),
    "splits": ("An order's credit is shared: {shares}.", "每单业绩分配：{shares}。"),
    "split": ("{share} to the {to}'s owner", "{to}负责人 {share}"),
    "credit_rep": ("An order is credited to the rep on it.", "订单计入其销售员。"),
    "manager": (
        "Managers earn {rates} of the credit of those who report to them on the day.",
        "主管按当日下属业绩的 {rates} 计付。",
    ),
    "booking_share": (
        "{share} of an order's pay is due at booking, the rest as the customer pays.",
        "签单时支付 {share}，其余随回款支付。",
    ),
    "negative": ("Debts", "负数处理"),
    "negative_deduct": (
        "A month below nothing is deducted.",
        "当月为负时予以扣除。",
    ),
    "negative_carry": (
        "A month below nothing pays nothing; later pay makes up for it, at most {share} of a"
        " month.",
        "当月为负时支付零，由以后佣金抵扣，每月不超过 {share}。",
    ),
    "negative_instalments": (
        "A month below nothing pays nothing and is made up for in {n} equal parts, at most {share}"
        " of a month.",
        "当月为负时支付零，分 {n} 期等额抵扣，每月不超过 {share}。",
    ),
    "awards": ("Awards", "奖项"),
    "award": ("{name}: {amount} to {to}{limits}.", "{name}：{to}得 {amount}{limits}。"),
    "award_each": (", at most {most} a person", "，每人最多 {most}"),
    "award_all": (", at most {most} in all", "，总额最多 {most}"),
    "award_dates": (", {span}", "，{span}"),
    "currency_rate": (
        "Orders in another currency count at the rate of {whose}.",
        "外币订单按{whose}汇率折算。",
    ),
    "currency_plan": ("the plan's first month", "方案首月"),
    "currency_close": ("the order's month", "下单当月"),
    "currency_payment": ("the payment's month", "回款当月"),
    "change": ("Changes", "变更"),
    "changes_forward": (
        "Changes hold from their first day on and never for what was ordered before.",
        "变更自生效日起适用，不溯及此前订单。",
    ),
    "change_prorate": (
        "Inside a {period}, bands and quota are shortened to the days in force.",
        "{period}内变更时，分档与目标按有效天数折算。",
    ),
    "change_months": (
        "Inside a {period}, bands and quota are shortened to the months in force.",
        "{period}内变更时，分档与目标按有效月数折算。",
    ),
    "change_whole": (
        "Inside a {period}, bands and quota hold in full.",
        "{period}内变更时，分档与目标不折算。",
    ),
    "change_carry": (
        "Inside a {period} the total reached before is carried on.",
        "{period}内变更时，此前累计继续有效。",
    ),
    "rounding": ("Rounding", "取整"),
    "rounding_is": (
        "Pay is worked out exactly and rounded half-even to the smallest coin; lines add up to the"
        " pay.",
        "精确计算后按银行家舍入到最小货币单位；各行之和等于应付额。",
    ),
    "statements": ("Statements", "对账"),
    "statements_are": (
        "Every month each person gets a statement with every line; a line may be disputed within"
        " {days} days, and not objecting is no consent. Questions: {contact}.",
        "每月提供逐行对账单；可在 {days} 天内提出异议，未提出不视为同意。咨询：{contact}。",
    ),
    "payroll_office": ("the payroll office", "薪酬部门"),
    "legal": (
        "For review by counsel before signing: local law may set limits on deductions, on pay after"
        " leaving and on targets given late.",
        "签署前请由法务审阅：当地法律可能对扣减、离职后支付及目标下达时间有限制。",
    ),
    "company": ("For the company, date", "公司代表、日期"),
    "manager_sign": ("Manager, date", "主管、日期"),
    "rep_sign": ("Employee, date", "员工、日期"),
    "page": ("page {x} of {y}", "第 {x} 页，共 {y} 页"),
    "order_to": ("order", "订单"),
    "deal_to": ("deal", "商机"),
    "customer_to": ("customer", "客户"),
    "lead_to": ("lead", "线索"),
    "to_rep": ("the rep", "销售员"),
    "to_customer_owner": ("the customer's owner", "客户负责人"),
    "to_lead_owner": ("the lead's owner", "线索负责人"),
    "to_mentor": ("the mentor", "导师"),
    "kind_new": ("new orders", "新购"),
    "kind_repurchase": ("repurchases", "复购"),
    "kind_upgrade": ("upgrades", "升级"),
    "kind_renewal": ("renewals", "续约"),
}
