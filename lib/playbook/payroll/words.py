"""Words of the payroll's pages, by key."""

from __future__ import annotations

from playbook.base.language import later, say, speaking

WORDS: dict[str, str] = later(
    {
        # the approval page
        "payroll": "Payroll",
        "last_close": "last close",
        "month": "Earned in the month",
        "prior": "Changes of closed months",
        "adjustments": "Approved adjustments",
        "carried_in": "Carried from the month before",
        "due": "Due",
        "payable": "Payable now",
        "carried_out": "Carried to the next month",
        "rep": "Rep",
        "line": "Line",
        "was": "was",
        "is": "is",
        "pays": "pays",
        "why": "Why",
        "difference": "Difference",
        "people_title": "Who is paid something else than at the last close",
        "prior_title": "Changes of closed months, line by line",
        "plans_changed": "Plans changed since the last close",
        "plan_new": "new",
        "plan_gone": "no longer there",
        "plan_other": "its terms were changed",
        "pending_title": "Adjustments nobody approved: not paid",
        "adjustment": "Adjustment",
        "amount": "Amount",
        "reason": "Reason",
        "asked_by": "Asked by",
        "exceptions": "To look into",
        "approval_of": "Payroll of {month}: for approval",
        "data": "Data",
        "seal_before": "Seal of the last close",
        "more_rows": "{n} more in lines.csv",
        "prepared": "Prepared by",
        "approved": "Approved by",
        "signed_on": "Date",
        # the statement
        "page": "page {x} of {y}",
        "statement_of": "Statement of pay, {month}",
        "draft": "draft",
        "draft_long": "draft: the month is not closed",
        "closed": "closed",
        "name": "Name",
        "plan": "Plan",
        "as_of": "As of",
        "seal": "Seal",
        "to_date": "Earned since {since} {earned}, paid before {paid}",
        "since_last": "Last payment {before}, now {change}",
        "quota": "Quota",
        "revenue": "revenue",
        "gross_margin": "gross margin",
        "new_logos": "new customers",
        "multi_year": "multi-year orders",
        "cash": "cash",
        "units": "units",
        "next_step": "{total} so far in the period; {gap} more reach the next step at {edge}.",
        "next_deal": "One more deal of {deal} would earn {pay}.",
        "lines": "Lines of the month",
        "no_lines": "Nothing was earned in the month.",
        "no": "No.",
        "date": "Date",
        "order": "Order",
        "customer": "Customer",
        "credited": "Credited",
        "how": "How",
        "pay": "Pay",
        "total": "Total",
        "month_of": "Month",
        "earned": "Earned",
        "paid": "Paid",
        "year_to_date": "Year to date",
        "ask": "Questions: {contact}.",
        "payroll_office": "the payroll office",
        "dispute": (
            "A line may be disputed within {days} days by its number; not objecting is no consent."
        ),
    },
    context="statement",
)


def words(language: str) -> dict[str, str]:
    """Key → word in the language."""
    with speaking(language):
        said = {key: say(text, context="statement") for key, text in WORDS.items()}
    return said | {"what": ""}
