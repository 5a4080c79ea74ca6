"""Leads: intent by expected purchase, validity."""

import pandas as pd
from small_books import book

from playbook import segments
from playbook.segments.care.lead_grades import grades


def test_intent_by_expected_purchase_with_edges():
    created = pd.Series(pd.to_datetime(["2023-01-31"] * 5))
    expected = pd.Series(
        pd.to_datetime(["2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01", None])
    )
    assert grades(created, expected).tolist() == ["high", "medium", "medium", "low", "low"]


def test_three_leads_of_the_toolbox_and_validity():
    rows = [
        {
            "lead_id": "L1",
            "created": "2023-06-01",
            "expected_purchase": "2023-06-20",
            "budget": 100,
            "decision_maker": True,
            "need": "reporting",
        },
        {
            "lead_id": "L2",
            "created": "2023-06-01",
            "expected_purchase": "2023-08-20",
            "budget": 100,
            "decision_maker": False,
            "need": "later",
        },
        {
            "lead_id": "L3",
            "created": "2023-06-30",
            "expected_purchase": None,
            "budget": None,
            "decision_maker": True,
            "need": "待定",
        },
    ]
    result = segments.leads(book("2023-06", leads=rows))
    assert result.leads.set_index("lead_id")["grade"].to_dict() == {
        "L1": "high",
        "L2": "medium",
        "L3": "low",
    }
    assert result.leads["valid"].tolist() == [True, False, False]
    assert result.gaps.set_index("field").loc["need", "vague"] == 2


def test_what_no_lead_carries_is_not_missing_from_single_ones():
    bare = segments.leads(book("2023-06", leads=[{"lead_id": "L", "created": "2023-06-30"}]))
    assert bare.headline() == "Leads: 1 in 12 months." and bare.gaps.empty
    assert bare.reading() == (
        "The leads carry no purchase plan and no budget and no decision maker: which of them are"
        " valid is not known."
    )
    valid = next(k for k in bare.kpis() if k.name == "lead_valid")
    assert valid.value is None and bare.table["grade"].tolist() == ["unknown"]
    full = {
        "lead_id": "L",
        "created": "2023-06-30",
        "company": "A",
        "channel": "Web",
        "need": "speed",
        "expected_purchase": "2023-07-10",
        "budget": 5,
        "decision_maker": True,
        "rep_id": "r",
    }
    whole = segments.leads(book("2023-06", leads=[full]))
    assert whole.reading().endswith("all known. No record lacks any of them.")
    assert whole.headline() == "Leads: high 1, medium 0, low 0; 100.0 % valid."


def test_the_day_of_creation_decides_the_grade():
    def grade(expected):
        lead = {"lead_id": "L", "created": "2023-01-31", "expected_purchase": expected}
        other = {"lead_id": "anchor", "created": "2023-06-30"}
        found = segments.leads(book("2023-06", leads=[lead, other])).leads
        return found.set_index("lead_id").loc["L", "grade"]

    days = ("2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01")
    assert [grade(day) for day in days] == ["high", "medium", "medium", "low"]


def test_a_purchase_before_the_lead_existed_is_no_high_intent_and_no_plan():
    created = pd.Series(pd.to_datetime(["2023-05-10"] * 3))
    expected = pd.Series(pd.to_datetime(["2023-05-09", "2023-05-10", "2021-01-01"]))
    assert grades(created, expected).tolist() == ["low", "high", "low"]
    row = {"created": "2023-06-10", "budget": 9, "decision_maker": True, "need": "reporting"}
    rows = [
        row | {"lead_id": "L1", "expected_purchase": "2023-06-01"},
        row | {"lead_id": "L2", "expected_purchase": "2023-06-30"},
    ]
    found = segments.leads(book("2023-06", leads=rows))
    assert found.leads["grade"].tolist() == ["low", "high"]
    assert found.leads["valid"].tolist() == [False, True]
    assert found.gaps.set_index("field").loc["purchase plan", "vague"] == 1
    assert "1 lead names a purchase before it existed" in found.reading()
    fine = segments.leads(book("2023-06", leads=rows[1:]))
    assert fine.early == 0 and "existed" not in fine.reading()


def test_an_open_leads_intent_fades_a_month_after_its_day_has_passed():
    from datetime import date

    from playbook.segments.care.lead_grades import grades_now

    created = pd.Series(pd.to_datetime(["2023-01-01"] * 5))
    expected = pd.Series(
        pd.to_datetime(["2023-06-10", "2023-05-20", "2022-12-01", "2023-07-30", "2023-09-30"])
    )
    found = grades_now(date(2023, 6, 30), created, expected)
    assert found.tolist() == ["high", "low", "low", "high", "medium"]


def test_the_blank_lead_sheet_has_drop_downs_of_the_books_words(tmp_path):
    import zipfile

    from playbook.report.record.workbook import write_workbook

    rows = [{"lead_id": "L", "created": "2023-06-30", "channel": "Fair"}]
    long = [{"month": "2023-06-01", "channel": f"Campaign number {i:03d}"} for i in range(40)]
    costs = [row | {"cost": 1} for row in long]
    reps = [{"rep_id": "r1", "left": "2023-01-01", "hired": "2022-01-01"}, {"rep_id": "r2"}]
    found = segments.leads(book("2023-06", leads=rows, channel_costs=costs, reps=reps))
    (sheet,) = [each.data() for each in found.worksheets()]
    assert sheet["rows"] == [] and sheet["choices"]["decision_maker"] == ("yes", "no")
    assert sheet["choices"]["channel"][:2] == ["Campaign number 000", "Campaign number 001"]
    assert sheet["choices"]["rep_id"] == ["r2"] and len(sheet["choices"]["channel"]) == 41
    write_workbook([sheet], tmp_path / "a.xlsx", title="t", as_of=found.as_of)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        page = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "'Lists'!$A$1:$A$41" in page and '"yes,no"' in page.replace("&quot;", '"')
        assert 'type="date"' in page and 'type="decimal"' in page and 'type="textLength"' in page
        assert 'state="hidden"' in packed.read("xl/workbook.xml").decode()
