"""Published figures of other firms beside the sample's own."""

from playbook import case


def test_counterparts_of_the_short_cases(book, course):
    """Referral ratio with its interval, repurchase cycle, cost per lead; each with what was
    counted.
    """
    table = case.benchmarks(book, course).table.set_index("figure")
    ratio = table.loc["Referral conversion ÷ advertising conversion"]
    assert ratio.low < ratio.own < ratio.high and "referred" in ratio.detail
    assert table.own[["Repurchase cycle (planned)", "Cost per lead, change"]].notna().all()


def test_benchmarks_begin_with_what_may_be_concluded(book, course):
    blocks = case.benchmarks(book, course).blocks()
    assert blocks[0].role == "warning" and "What may not" in blocks[0].text
    assert blocks[1].align == "llrrrll" and blocks[2].folded
