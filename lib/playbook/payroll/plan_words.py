"""Sentences of the plan document in both languages, with places for the plan's own numbers."""

from __future__ import annotations

from .rule_words import RULE_WORDS

_BOTH: dict[str, tuple[str, str]] = {
    "title": ("Commission plan “{name}”", "佣金方案“{name}”"),
    "who": ("For", "适用对象"),
    "everybody": ("everybody who sells", "全体销售人员"),
    "roles": ("roles {names}", "岗位：{names}"),
    "teams": ("teams {names}", "团队：{names}"),
    "reps": ("{names}", "{names}"),
    "in_force": ("In force", "有效期"),
    "from": ("from {starts}", "自 {starts} 起"),
    "from_to": ("{starts} to {ends}", "{starts} 至 {ends}"),
    "settled": ("Adds up over", "累计周期"),
    "each_deal": ("each deal alone", "逐单计算"),
    "each_month": ("the month", "自然月"),
    "each_quarter": ("the quarter", "季度"),
    "each_year": ("the fiscal year", "财年"),
    "deal": ("deal", "单"),
    "month": ("month", "月"),
    "quarter": ("quarter", "季度"),
    "year": ("fiscal year", "财年"),
    "pays_on": ("Counts", "计入时点"),
    "bookings": ("booked orders, on the day of the order", "签单金额，以下单日为准"),
    "cash": ("amounts paid, on the day of payment", "实际回款，以到账日为准"),
    "replaces": ("In place of", "取代"),
    "nothing_before": ("no earlier plan", "无"),
    "version": ("Version", "版本"),
    "contact": ("Contact", "联系人"),
    "currency": ("Currency", "币种"),
    "only_compared": ("comparison only, never in force", "仅供比较，不生效"),
    # tiers
    "tiers": ("What is paid", "佣金标准"),
    "band": ("Sales of the {period}", "{period}业绩"),
    "band_deal": ("Amount of the deal", "单笔金额"),
    "rate": ("Rate", "比例"),
    "pay_there": ("Pay at its end", "达到上限时的佣金"),
    "up_to": ("to {upper}", "{upper} 以内（含）"),
    "between": ("more than {lower}, to {upper}", "超过 {lower} 至 {upper}（含）"),
    "above": ("more than {lower}", "超过 {lower}"),
    "of_quota": ("{share} of the quota", "目标的 {share}"),
    "pays_band": ("{money} for the band, evenly", "本档共 {money}，按比例"),
    "reaches_back": ("{rate}, on everything below too", "{rate}，并适用于以下全部"),
    "marginal": (
        "Each band is paid at its own rate; an amount exactly on an edge belongs to the band"
        " below.",
        "各档分别按本档比例计算；恰在分界上的金额归入较低一档。",
    ),
    "whole": (
        "The rate of the band reached is paid on the whole amount; an amount exactly on an edge"
        " belongs to the band below.",
        "达到某档后，全部金额按该档比例计算；恰在分界上的金额归入较低一档。",
    ),
    "curve": ("Pay by sales of the {period}", "{period}业绩与佣金"),
    "curve_deal": ("Pay by amount of the deal", "单笔金额与佣金"),
    "assumed": (
        "drawn for a quota of {quota}",
        "按目标 {quota} 绘制",
    ),
    "assumed_margin": ("at a margin of {margin}", "毛利率 {margin}"),
    "assumed_measures": (
        "other measures as far along as revenue",
        "其他指标与收入同步达成",
    ),
    # examples
    "examples": ("Examples, computed by the program that pays", "示例（由计薪程序计算）"),
    "example": ("Example", "示例"),
    "sold": ("Sold", "业绩"),
    "earned": ("Paid", "佣金"),
    "how": ("How", "计算"),
    "below": ("Below", "未达"),
    "at": ("On it", "恰好达到"),
    "over": ("Above", "超过"),
    "refund": ("Above, then the last order refunded", "超过后最后一单退款"),
    "hire": ("On it, hired {day}", "恰好达到，{day} 入职"),
    "several": ("{amount} in {n} orders", "{n} 单共 {amount}"),
    "refunded": ("{amount}, of it {back} refunded", "{amount}，其中退款 {back}"),
    # the quota
    "quota": ("Pay for the quota", "目标奖金"),
    "target_pay": (
        "Full attainment pays {pay} a {period}; {levels}, {between}.",
        "完成目标每{period}得 {pay}；{levels}，{between}。",
    ),
    "target_only": (
        "Full attainment pays {pay} a {period}.",
        "完成目标每{period}得 {pay}。",
    ),
    "level": ("{at} pays {pay}", "达 {at} 得 {pay}"),
    "stepped": ("held until the next level", "达到下一级前保持不变"),
    "interpolated": ("rising evenly between", "其间按比例增加"),
    "beyond": (
        "Beyond the last level every part of the quota adds {above} times its share.",
        "超过最高一级后，每超出一份按 {above} 倍计。",
    ),
    "measure": (
        "{name} ({of}) counts for {weight}{quota}{gate}{levels}.",
        "{name}（{of}）占 {weight}{quota}{gate}{levels}。",
    ),
    "measure_quota": (", quota {quota}", "，目标 {quota}"),
    "measure_levels": (": {levels}", "：{levels}"),
    "measure_gate": (
        ", and pays only once {measure} has reached {at}",
        "，且须 {measure} 达到 {at}",
    ),
    "revenue": ("revenue", "收入"),
    "gross_margin": ("gross margin", "毛利"),
    "new_logos": ("new customers", "新客户"),
    "multi_year": ("multi-year orders", "多年期订单"),
    "units": ("units", "数量"),
    "matrix_title": ("Pay by {rows} and {columns}", "按 {rows} 与 {columns} 的奖金"),
    "matrix_head": ("{rows} \\ {columns}", "{rows} \\ {columns}"),
    "matrix_from": ("from {at}", "{at} 起"),
    "matrix": (
        "Pay follows from both {rows} and {columns}, by the table above; below its first row or"
        " column nothing is paid.",
        "奖金由 {rows} 与 {columns} 共同决定，见上表；未达首行或首列不计奖金。",
    ),
    "quota_is": ("The quota of a {period} is {quota}.", "每{period}目标为 {quota}。"),
    "quota_given": (
        "The quota of a {period} is set for each person by name in the targets.",
        "每{period}目标按人在目标表中列明。",
    ),
    "quota_own": ("Quotas by name: {names}.", "个人目标：{names}。"),
    "quota_from": (
        "From {starts} the quota is {quota}{who}; parts of a period count by days.",
        "自 {starts} 起目标为 {quota}{who}；跨期按天折算。",
    ),
    "relief": (
        "{rep}: {share} of the quota is let off from {starts} to {ends} ({reason}).",
        "{rep}：{starts} 至 {ends} 减免目标的 {share}（{reason}）。",
    ),
    "ramp": (
        "New hires: {shares} of the quota in the first months, then all of it; {first}.",
        "新员工：入职前几个月目标按 {shares} 计，之后全额；{first}。",
    ),
    "ramp_month": ("the month of hiring counts whole", "入职当月按整月计"),
    "ramp_days": ("the month of hiring counts by days", "入职当月按天计"),
}


def plan_words(language: str) -> dict[str, str]:
    """Key → sentence in the language (``zh…``, else English)."""
    at = 1 if language.startswith("zh") else 0
    return {key: both[at] for key, both in {**_BOTH, **RULE_WORDS}.items()}
