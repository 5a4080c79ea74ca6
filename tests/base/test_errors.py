"""Every refusal has three parts."""

from playbook.base.errors import DataProblem, NotAvailable, Problem, did_you_mean


def test_a_problem_is_told_in_three_parts_with_its_place():
    problem = Problem(
        "2 rows hold text",
        "a number",
        "remove the word",
        table="orders",
        column="amount",
        file="orders.csv",
        rows=("line 3: 'abc'",),
    )
    text = str(DataProblem(problem))
    assert text.startswith("orders.amount in orders.csv: 2 rows hold text")
    assert (
        "expected: a number" in text
        and "try: remove the word" in text
        and "· line 3: 'abc'" in text
    )
    assert set(problem.as_dict()) == {
        "severity",
        "table",
        "column",
        "file",
        "found",
        "expected",
        "try",
        "count",
        "rows",
    }


def test_a_missing_table_says_what_it_needs():
    assert (
        NotAvailable({"market": ("industry", "size")}, "the market share").reason
        == "needs table market (industry, size)"
    )


def test_a_near_miss_is_suggested_and_a_far_one_lists_what_there_is():
    assert did_you_mean("regoin", ["region", "rep"]) == "did you mean 'region'?"
    assert did_you_mean("zzz", ["region", "rep"]) == "one of: region, rep"
