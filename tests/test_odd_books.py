"""Every notebook runs on books that are strange but not wrong: nothing crashes, no section is
called ok and empty, and frames are as declared, whatever is missing, empty or oddly named.
"""

from __future__ import annotations

import pytest

from chapter_checks import faults
from inprocess import results_of
from playbook.base.params import NOTEBOOKS
from playbook.data.book import Book

NAMES = [
    "<script>alert(1)</script>",
    '#panic("x")',
    "$x$",
    '=HYPERLINK("http://example.org")',
    "'); DROP TABLE orders;--",
    "销" * 300,
    "{{x}}",
    "%s",
    "A" * 200,
    "🙂",
]
FULL = {  # every table of the contract with as little in it as the contract allows
    "orders": (
        "order_id,date,customer_id,amount\nO1,2023-01-05,C1,100\nO2,2023-03-05,C2,50\nO3,2023-04-28,C1,-20\n"
    ),
    "customers": "customer_id\nC1\nC2\n",
    "reps": "rep_id,name\nR0,Ann\n",
    "leads": "lead_id,created\nL1,2023-02-01\n",
    "opportunities": (
        "opportunity_id,created,stage,outcome,closed,amount,rep_id\nD1,2023-01-01,won,won,2023-01-05,100,R0\nD2,2023-02-01,intent,open,,,R0\n"
    ),
    "activities": "activity_id,date,rep_id,kind\nA1,2023-02-01,R0,call\n",
    "contracts": (
        "contract_id,customer_id,start,end,annual_value\nK1,C1,2022-06-30,2023-03-29,100\n"
    ),
    "targets": "period,metric,target\n2023,sales,1000\n2023-04,sales,0\n",
    "channel_costs": "month,channel,cost\n2023-01,ads,100\n",
    "training": "rep_id,course,date\nR0,x,2023-01-01\n",
    "tasks": "task,item,owner,due\nt,i,R0,2023-06-01\n",
    "key_results": "objective,key_result,target,due\nO,K,5,2023-12-31\n",
    "check_ins": "key_result,date,value\nK,2023-02-01,1\n",
    "strategies": "strategy,goal\ns,g\n",
    "care_plan": "customer_id,action\nC1,visit\n",
    "meetings": "meeting_date,action,owner,due\n2023-01-01,a,R0,2023-02-01\n",
    "market": "year,industry,size\n2023,x,100\n",
    "awards": "date,rep_id,award\n2023-01-02,R0,best\n",
    "fit_scores": "subject_id,need,score\nL1,n,4\n",
    "stage_events": "opportunity_id,stage,entered_at\nD1,lead,2023-01-01\n",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


BOOKS: dict[str, dict[str, str]] = {
    "one order": {"orders": "order_id,date,customer_id,amount\n1,2023-03-31,a,10\n"},
    "refunds only": {
        "orders": "order_id,date,customer_id,amount\n1,2023-03-30,a,-10\n2,2023-03-31,b,-5\n"
    },
    "deals without a win or a date": {
        "opportunities": (
            "opportunity_id,created,stage,outcome,closed,amount,rep_id\n1,,lead,open,,5,a\n2,2023-02-01,lead,lost,2023-03-31,5,a\n"
        )
    },
    "a row in every table": FULL,
    "awkward names": {
        "orders": (
            "order_id,date,customer_id,amount,region,product_line,rep_id\n"
            + "".join(
                f"{i},2023-0{1 + i % 6}-1{i % 9},{_quoted(n)},{100 + i}"
                + f",{_quoted(n)}" * 3
                + "\n"
                for i, n in enumerate(NAMES * 3)
            )
        )
    },
}


@pytest.fixture(scope="module", params=BOOKS)
def odd_book(request, tmp_path_factory) -> Book:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "playbook.toml").write_text('[book]\nname = "odd"\n', encoding="utf-8")
    for table, text in BOOKS[request.param].items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return Book.open(folder)


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_a_chapter_runs_on_an_odd_book(odd_book, chapter):
    """The notebook's own cells in this process; a kernel would take ten times as long and find the
    same.
    """
    results = results_of(chapter, odd_book)
    assert results and not faults(results)
    for result in results:
        result._repr_mimebundle_()
