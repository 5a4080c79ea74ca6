"""Words of the payroll's pages in the book's language."""

from __future__ import annotations

_BOTH: dict[str, tuple[str, str]] = {
    # the approval page
    "payroll": ("Payroll", "工资单"),
    "what": ("", ""),
    "last_close": ("last close", "上次结账"),
    "month": ("Earned in the month", "本月应得"),
    "prior": ("Changes of closed months", "已结月份的调整"),
    "adjustments": ("Approved adjustments", "已批准的调整"),
    "carried_in": ("Carried from the month before", "上月结转"),
    "due": ("Due", "应付"),
    "payable": ("Payable now", "本次实付"),
    "carried_out": ("Carried to the next month", "结转下月"),
    "rep": ("Rep", "销售员"),
    "line": ("Line", "行"),
    "was": ("was", "原"),
    "is": ("is", "现"),
    "pays": ("pays", "补扣"),
    "why": ("Why", "原因"),
    "difference": ("Difference", "差额"),
    "people_title": ("Who is paid something else than at the last close", "与上次结账不同的人员"),
    "prior_title": ("Changes of closed months, line by line", "已结月份的逐行调整"),
    "plans_changed": ("Plans changed since the last close", "上次结账后改动的方案"),
    "plan_new": ("new", "新增"),
    "plan_gone": ("no longer there", "已取消"),
    "plan_other": ("its terms were changed", "条款有改动"),
    "pending_title": ("Adjustments nobody approved: not paid", "未批准的调整：不支付"),
    "adjustment": ("Adjustment", "调整编号"),
    "amount": ("Amount", "金额"),
    "reason": ("Reason", "理由"),
    "asked_by": ("Asked by", "申请人"),
    "exceptions": ("To look into", "需要查看"),
    "approval_of": ("Payroll of {month}: for approval", "{month}工资单：审批页"),
    "data": ("Data", "数据指纹"),
    "seal_before": ("Seal of the last close", "上次结账校验码"),
    "more_rows": ("{n} more in lines.csv", "另有 {n} 行，见 lines.csv"),
    "prepared": ("Prepared by", "编制人"),
    "approved": ("Approved by", "批准人"),
    "signed_on": ("Date", "日期"),
    # the statement
    "page": ("page {x} of {y}", "第 {x} 页，共 {y} 页"),
    "statement_of": ("Statement of pay, {month}", "{month}薪酬对账单"),
    "draft": ("draft", "草稿"),
    "draft_long": ("draft: the month is not closed", "草稿：本月尚未结账"),
    "closed": ("closed", "已结账"),
    "name": ("Name", "姓名"),
    "plan": ("Plan", "方案"),
    "as_of": ("As of", "截至"),
    "seal": ("Seal", "校验码"),
    "to_date": (
        "Earned since {since} {earned}, paid before {paid}",
        "自{since}累计应得 {earned}，此前已付 {paid}",
    ),
    "since_last": ("Last payment {before}, now {change}", "上次支付 {before}，本次变动 {change}"),
    "quota": ("Quota", "业绩目标"),
    "next_step": (
        "{total} so far in the period; {gap} more reach the next step at {edge}.",
        "本期累计 {total}；再做 {gap} 达到下一档 {edge}。",
    ),
    "next_deal": (
        "One more deal of {deal} would earn {pay}.",
        "再成交一单 {deal} 可得 {pay}。",
    ),
    "lines": ("Lines of the month", "本月明细"),
    "no_lines": ("Nothing was earned in the month.", "本月无应得。"),
    "no": ("No.", "序号"),
    "date": ("Date", "日期"),
    "order": ("Order", "订单"),
    "customer": ("Customer", "客户"),
    "credited": ("Credited", "计入业绩"),
    "how": ("How", "计算"),
    "pay": ("Pay", "薪酬"),
    "total": ("Total", "合计"),
    "month_of": ("Month", "月份"),
    "earned": ("Earned", "应得"),
    "paid": ("Paid", "已付"),
    "year_to_date": ("Year to date", "本年累计"),
    "ask": ("Questions: {contact}.", "咨询：{contact}。"),
    "payroll_office": ("the payroll office", "薪酬部门"),
    "dispute": (
        "A line may be disputed within {days} days by its number; not objecting is no consent.",
        "如有异议，请在 {days} 天内注明序号提出；未提出异议不视为同意。",
    ),
}


def words(language: str) -> dict[str, str]:
    """Key → word in the language (``zh…``, else English)."""
    at = 1 if language.startswith("zh") else 0
    return {key: both[at] for key, both in _BOTH.items()}
