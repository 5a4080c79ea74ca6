"""The toolbox workbook: written, filled in, read as a book, and its bad cells named."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from test_commands import run

import playbook as pb
from playbook.base.errors import SettingsProblem
from playbook.base.settings import load_settings
from playbook.data.checking import check_book
from playbook.data.tables import TABLES
from playbook.intake.toolbox import LANGUAGES, language_of, settings_text, sheets, write_toolbox


def filled(folder, language, **changed):
    """A toolbox workbook with its example rows in the sheets to fill in; ``changed`` by sheet."""
    folder.mkdir(exist_ok=True)
    path = folder / "team.xlsx"
    rows = {sheet.id: sheet.rows for sheet in sheets(language)} | changed
    write_toolbox(path, language, rows)
    (folder / "playbook.toml").write_text(settings_text(path.name, language), encoding="utf-8")
    return path


def changed_cell(language, sheet_id, row, heading, value):
    """The example rows of a sheet with one cell written otherwise."""
    sheet = next(s for s in sheets(language) if s.id == sheet_id)
    at = next(i for i, c in enumerate(sheet.columns) if c.heading == heading)
    rows = [list(cells) for cells in sheet.rows]
    rows[row][at] = value
    return {sheet_id: rows}


ROWS = {
    "customers": 3,
    "orders": 4,
    "opportunities": 4,
    "stage_events": 13,
    "leads": 3,
    "fit_scores": 3,
    "activities": 3,
    "targets": 4,
    "reps": 4,
    "key_results": 3,
    "check_ins": 3,
    "strategies": 1,
    "care_plan": 2,
    "tasks": 3,
    "meetings": 2,
    "training": 3,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_filled_in_it_is_a_book_with_the_numbers_of_its_sheets(tmp_path, language):
    path = filled(tmp_path / language, language)
    book = pb.open(path, month="2024-03")
    at = LANGUAGES.index(language)
    assert book.read.problems == () and book.settings.book.name == language
    counted = {
        name: book.relation(name).aggregate("count(*)").fetchall()[0][0] for name in book.read.given
    }
    assert counted == ROWS

    def rows(table, columns):
        return book.relation(table).project(columns).order(columns).fetchall()

    assert [float(x) for (x,) in rows("orders", "amount")] == [65000, 90000.5, 120000, 180000]
    assert rows("opportunities", "opportunity_id, outcome, closed") == [
        ("D-01", "won", date(2024, 2, 20)),
        ("D-02", "won", date(2024, 3, 12)),
        ("D-03", "lost", date(2024, 3, 1)),
        ("D-04", "open", None),
    ]
    assert [kind for (kind,) in rows("customers", "customer_type")] == ["large", "medium", "small"]
    assert [kind for (kind,) in rows("activities", "kind")] == ["call", "email", "visit"]
    assert [s for (s,) in rows("activities", "status")] == ["done", "done", "open"]
    assert rows("fit_scores", "score, buying_power") == [(3, "high"), (4, "high"), (5, "high")]
    assert rows("training", "attendance, control") == [(0, True), (0.9, False), (1, False)]
    whole = next(r for r in rows("targets", "region, metric, period, target") if r[0] is None)
    assert whole[1:3] == ("sales", "2024-Q1") and whole[3] == 500000
    lever, owner = rows("strategies", "lever, owner")[0]
    assert lever == "channel" and owner == ("张伟", "Ann Lee")[at]
    assert rows("check_ins", "key_result, value")[0][0].endswith("-2024-03-31")
    assert book.settings.book.stages[-1] == ("成交", "Won")[at]
    overview = pb.goals.sales_overview(book)
    sales = [kpi.value for kpi in overview.kpis() if kpi.name == "sales" and not kpi.by]
    assert overview.status == "ok"
    assert (float(sales[0]), float(sales[-1])) == (65000, 455000.5)  # the month, the year to date


def test_empty_sheets_are_no_tables_and_the_rest_is_a_book(tmp_path):
    language = "en"
    path = filled(tmp_path / "half", language, **{s.id: () for s in sheets(language)})
    empty = check_book(path)
    assert [p.found for p in empty.errors] == [
        "neither orders nor opportunities, nor any other table with days"
    ]
    assert "sheets" in empty.errors[0].try_ and empty.tables == ()
    orders = next(s for s in sheets(language) if s.id == "orders")
    blank = {s.id: () for s in sheets(language)} | {"orders": orders.rows}
    report = check_book(filled(tmp_path / "half", language, **blank))
    assert [t.name for t in report.tables] == ["orders"] and report.ok


BAD = {
    "en": [
        ("leads", 1, "Budget", "plenty", "'Lead capture'!L3: budget 'plenty'"),
        ("orders", 0, "Order date *", "soon", "'Order list'!B2: date 'soon'"),
        ("deals", 3, "Intent (entered)", "May", "'Deal list'!5:5: entered_at 'May'"),
        ("board", 0, "Owner *", "", "'Task board'!G2: owner empty"),
    ],
    "zh": [
        ("leads", 1, "预算（元）", "充足", "线索采集!L3: budget '充足'"),
        ("match", 2, "匹配度评分（1-5分） *", 7, "需求匹配!C4: score '7"),
        ("follow", 0, "跟进结果（待办/已完成/失败）", "也许", "跟进记录!N2: status '也许'"),
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_cells_are_named_by_sheet_and_cell_all_at_once(tmp_path, language):
    rows = {s.id: () for s in sheets(language)}
    for sheet, row, heading, value, _ in BAD[language]:
        rows |= changed_cell(language, sheet, row, heading, value)
    report = check_book(filled(tmp_path / "bad", language, **rows))
    named = [row for p in report.errors for row in p.rows]
    assert len(report.errors) == len(named) == len(BAD[language]), report.text()
    for *_, place in BAD[language]:
        assert any(row.startswith(place) for row in named), report.text()


def test_examples_are_never_read_and_the_sheets_have_lists_and_forms(tmp_path, capsys):
    path = tmp_path / "new" / "team.xlsx"
    status, _, err = run(capsys, "init", "--excel", str(path), "--language", "zh")
    assert status == 0 and "playbook check --book" in err
    names = CalamineWorkbook.from_path(str(path)).sheet_names
    assert names[0] == "使用说明" and len(names) == 1 + 2 * 14 and language_of(names) == "zh"
    read = {source.sheet for source in load_settings(path).sources.values()}
    assert read == {s.name for s in sheets("zh")} and not any("示例" in name for name in read)
    example = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("目标跟踪（示例）")
    assert example.to_python()[1][8] == pytest.approx(455000.5 / 500000)
    with zipfile.ZipFile(path) as parts:
        texts = [parts.read(n).decode() for n in parts.namelist() if "worksheets/sheet" in n]
    lists = "".join(texts)
    assert "电话,拜访,邮件" in lists and 'type="date"' in lists and 'type="decimal"' in lists


def test_the_ten_tools_are_there_with_required_columns_marked():
    for language in LANGUAGES:
        made = sheets(language)
        assert sorted(s.tool for s in made if s.tool) == list(range(1, 11))
        for sheet in made:
            own = {pair: c for c in sheet.columns for pair in c.to}
            for table in sheet.tables:
                for name in TABLES[table].required:
                    column = own.get((table, name))
                    assert column is None or column.heading.endswith(" *")
            assert all(len(row) == len(sheet.columns) for row in sheet.rows)
            headings = [column.heading for column in sheet.columns]
            assert len(set(headings)) == len(headings)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_toolbox(tmp_path / name, "en")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:  # the clock is not read
        assert b"2024-01-01T00:00:00Z</dcterms:created>" in parts.read("docProps/core.xml")


def test_nothing_is_overwritten_and_mistakes_are_told_at_once(tmp_path, capsys):
    path = filled(tmp_path / "there", "en")
    before = path.read_bytes()
    status, _, err = run(capsys, "init", "--excel", str(path))
    assert status == 2 and err.count("is there already") == 2 and path.read_bytes() == before
    status, _, err = run(capsys, "init", "--excel", str(tmp_path / "x.csv"), "--language", "de")
    assert status == 2 and ".xlsx" in err and "zh or en" in err and "2 problems" in err
    status, _, err = run(capsys, "init", "--excel", str(path), "--force")
    assert status == 0 and path.read_bytes() != before


def test_renamed_it_gets_its_toml_again(tmp_path, capsys):
    rows = {s.id: s.rows if s.id == "orders" else () for s in sheets("zh")}
    path = filled(tmp_path / "moved", "zh", **rows)
    path = path.rename(path.with_name("销售 2024.xlsx"))
    with pytest.raises(SettingsProblem, match=r"does not read 销售 2024\.xlsx"):
        load_settings(path)
    (path.parent / "playbook.toml").unlink()
    with pytest.raises(SettingsProblem, match=r"playbook init .* --yes writes one"):
        load_settings(path)
    status, out, err = run(capsys, "init", str(path), "--yes")
    assert status == 0 and "is the toolbox workbook (zh)" in err
    assert "1 table, 1 warning, no errors. The report month would be 2024-02" in out
    assert "销售 2024.xlsx, sheet 成交订单" in out
