"""Packs of audiences: what stands in their files, to the byte, and in what numbers."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from playbook.audience import packs
from playbook.audience.manager import manager_sheet
from playbook.audience.work import ending, open_deals, persons
from playbook.data.book import Book
from playbook.data.scope_words import _index, mentions
from playbook.report.record.audience_edition import pages_for
from playbook.report.record.results import Outcome
from playbook.report.run.plan import Source
from two_regions import company, tables

# whoever is not Nora: her region's other rep, the other region, its people, customers and deals
OTHERS = ("South", "S-team", "Sven", "Sara", "Nils", "S1", "S2", "N2", "C01", "C03", "Firm S01",
          "D001", "O001")  # fmt: skip
# of cells in a workbook (S1 is a person here, and a place there)
PLACES = re.compile(
    r'(?<= )(?:r|ref|sqref|topLeftCell|activeCell)="[^"]*"|<formula1?>.*?</formula1?>'
)
WHOLE = ("3,000", "3000", "2,100", "2100")  # targets of the company


@pytest.fixture(scope="module")
def whole() -> Book:
    return company()


@pytest.fixture(scope="module")
def parts(whole) -> dict[str, packs.Part]:
    return {part.scope.name: part for part in packs.parts_of(whole, ["all"])}


@pytest.fixture(scope="module")
def nora(parts, tmp_path_factory) -> Path:
    return packs.write_rep(parts["reps-N1"], "", tmp_path_factory.mktemp("out"), None)


def texts(folder: Path) -> dict[str, str]:
    """Every text of every file: words of PDFs and what they say aloud, parts of workbooks."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix == ".pdf":
            reader = PdfReader(path)
            found[path.name] = "\n".join(page.extract_text() for page in reader.pages)
            found[f"{path.name} info"] = str(reader.metadata) + str(reader.outline)
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                found |= {
                    f"{path.name} {n}": PLACES.sub("", archive.read(n).decode())
                    for n in archive.namelist()
                }
        else:
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def test_a_reps_pack_is_a_page_a_workbook_a_calendar_and_numbers(nora):
    assert nora.name == "pair.for-reps-N1"
    names = {p.name for p in nora.rglob("*") if p.is_file()}
    assert {"rep.pdf", "actions.xlsx", "results.json", "manifest.json"} <= names
    assert len(PdfReader(nora / "rep.pdf").pages) == 1


def test_no_byte_of_it_tells_of_anybody_else(nora):
    index = _index(set(OTHERS))
    for name, text in texts(nora).items():
        assert not mentions(text, index), name
        assert not [number for number in WHOLE if re.search(rf"(?<![\d.]){number}(?!\d)", text)]


def test_its_numbers_are_those_of_the_own_rows(nora, parts):
    book = parts["reps-N1"].book
    found = json.loads((nora / "results.json").read_text(encoding="utf-8"))
    kpis = {(k["name"], k["window"]): k["value"] for k in found["kpis"] if not k["by"]}
    rows = book.read.connection.execute(
        "SELECT sum(amount) FROM book.orders WHERE date BETWEEN '2023-09-01' AND '2023-09-30'"
    ).fetchall()
    shown = [v for (name, window), v in kpis.items() if name == "sales" and window == "month"]
    assert not shown or shown == [float(rows[0][0])]
    page = " ".join(texts(nora)["rep.pdf"].split())
    assert "Nora Nord" in page and "to go in the year" in page


def test_the_same_pack_twice_is_the_same_bytes(parts, nora, tmp_path):
    again = packs.write_rep(parts["reps-N1"], "", tmp_path, None)
    for name in ("rep.pdf", "results.json", "actions.xlsx"):
        assert (again / name).read_bytes() == (nora / name).read_bytes(), name


def other_south() -> dict[str, pd.DataFrame]:
    """The company with every amount, day of hire, customer and text of the South another one. Names
    of people stay: they are masked where the North's notes hold them.
    """
    made = tables()
    south = made["reps"]["region"] == "South"
    made["reps"].loc[south, ["hired", "base_pay"]] = ["2020-05-01", 7777]
    south = made["customers"]["region"] == "South"
    made["customers"].loc[south, "name"] = [f"Zed {k}" for k in range(south.sum())]
    made["customers"].loc[south, ["customer_type", "since"]] = ["large", "2020-02-02"]
    for name in ("orders", "opportunities"):
        south = made[name]["region"] == "South"
        made[name].loc[south, "amount"] = made[name].loc[south, "amount"] * 7 + 1
    south = made["activities"]["rep_id"].str.startswith("S")
    made["activities"].loc[south, ["kind", "summary"]] = ["call", "quite another thing"]
    return made


def test_whatever_others_do_changes_no_byte_and_no_row_of_a_pack(parts, nora, tmp_path):
    """What does not depend on others' rows can tell nothing of them, in whatever form."""
    changed = {part.scope.name: part for part in packs.parts_of(company(other_south()), ["all"])}
    for name in ("managers-North", "reps-N1", "reps-N2"):
        before, after = parts[name].book.read, changed[name].book.read
        assert set(before.given) == set(after.given)
        for table in before.given:
            rows = [r.connection.table(f"book.{table}").fetchall() for r in (before, after)]
            assert rows[0] == rows[1], (name, table)
    again = packs.write_rep(changed["reps-N1"], "", tmp_path, None)
    names = {p.relative_to(nora) for p in nora.rglob("*") if p.is_file()} - {Path("manifest.json")}
    assert names and names == {p.relative_to(again) for p in again.rglob("*") if p.is_file()} - {
        Path("manifest.json")
    }
    for name in names:
        assert (again / name).read_bytes() == (nora / name).read_bytes(), name


def test_a_managers_page_names_the_own_people_and_nobody_else(parts):
    book = parts["managers-North"].book
    sheet = json.dumps(manager_sheet(book, "North").data(), ensure_ascii=False)
    assert "Nora Nord" in sheet and "Nils Nord" in sheet
    assert not mentions(sheet, _index({*OTHERS} - {"Nils", "N2"}))


def test_people_stand_by_the_share_of_their_quarter(parts):
    first, second = persons(parts["managers-North"].book)
    # the year's 600, cut to 420 by the company's move, falls due by the book's own curve
    assert (first.name, second.name) == ("Nora Nord", "Nils Nord")
    assert first.plan and first.done == first.quarter / first.plan and second.plan is None
    assert first.visits is not None and len(first.months) == 13
    assert first.months[-1] == first.month


def test_open_deals_stand_by_their_worth(parts):
    book = parts["managers-South"].book
    deals = open_deals(book)
    assert list(deals.worth) == sorted(deals.worth, reverse=True)
    open_ = book.relation("opportunities").filter("outcome = 'open'").aggregate("count(*)")
    count = open_.fetchall()
    assert len(deals) == count[0][0] and set(deals.customer) <= {f"Firm S{k:02}" for k in range(12)}
    assert ending(book).empty  # no contracts in the book


def test_each_kind_gets_its_chapters_and_its_pages(parts):
    assert parts["managers-North"].chapters == (
        "01-goal-setting", "02-segmentation", "03-funnel-diagnosis"
    )  # fmt: skip
    assert parts["finance"].chapters[-1] == "04-incentive-design"
    client = packs.shown_of(parts["client"])
    assert client is not None and client.client and not client.workbook
    assert client.sheets == ("regions", "customers", "funnel")
    manager = packs.shown_of(parts["managers-North"])
    assert manager is not None and manager.file == "manager.pdf" and not manager.first
    assert packs.source_of(parts["client"], "").editions == ()
    assert packs.source_of(parts["finance"], "").editions == ("details",)


def test_pages_for_a_client_hold_no_action(parts):
    source: Source = packs.source_of(parts["client"], "")
    given = {
        "tiles": [{"key": "sales", "rank": 1, "label": "Sales", "value": "1", "deltas": [],
                   "spark": None, "foot": ""}],
        "title": ["Sales 1"], "bridge": None, "happened": "It rose.", "why": "", "todo": "Call.",
        "checks": [],
        "sheets": [{"name": n, "panels": []} for n in ("regions", "people", "pay", "actions")],
    }  # fmt: skip
    record = {"section": {"id": "x", "status": "ok"}, "director": given}
    shown = packs.shown_of(parts["client"])
    assert shown is not None
    brief, pages = pages_for(shown, source, [Outcome("01", records=[record])], None)
    assert brief is not None and brief["decisions"] is None
    assert [p["title"] for p in brief["prose"]] == ["What happened"]
    assert [p["name"] for p in pages] == ["regions"]


def test_a_rep_of_whom_the_book_holds_nothing_is_told_so():
    from playbook.audience.rep import rep_page
    from toy import toy

    book = toy(
        settings={"audiences": {"me": {"kind": "rep", "see": {"rep": ["R9"]}}}},
        reps="rep_id,name,hired\nR1,Nora,2020-01-01\nR9,Sven,2020-01-01\n",
        orders="order_id,date,customer_id,amount,rep_id\nO1,2023-03-05,C1,5,R1\n",
    )
    (part,) = packs.parts_of(book, ["me"])
    page = rep_page(part.book, "R9")
    (panel,) = page.sheet.data()["panels"]
    assert page.tiles == () and panel["items"][0]["title"] == "Nothing to show yet"
    assert "of Sven stands in the book" in panel["items"][0]["text"]
