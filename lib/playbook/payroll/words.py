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
}


def words(language: str) -> dict[str, str]:
    """Key → word in the language (``zh…``, else English)."""
    at = 1 if language.startswith("zh") else 0
    return {key: both[at] for key, both in _BOTH.items()}
