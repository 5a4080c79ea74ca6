"""Kinds of oddity found by hand-made exports of many systems, each read right, told or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from playbook.base.settings import load_settings
from playbook.data.reading import read_tables
from playbook.intake.proposal import propose

TOML = '[book]\nname = "b"\ncurrency = "CNY"\n'
HEAD = ["order_id", "date", "customer_id", "amount", "region"]
ROWS = [
    [f"SO-{i}", f"2023-01-{i + 5:02d}", f"C{i % 3:02d}", f"{100 + i}.50", "North"] for i in range(9)
]


def text(rows, head=HEAD) -> str:
    return "\n".join(",".join(row) for row in [head, *rows]) + "\n"


def read(folder, content: str | None = None):
    (folder / "playbook.toml").write_text(TOML, encoding="utf-8")
    if content is not None:
        (folder / "orders.csv").write_text(content, encoding="utf-8")
    return read_tables(load_settings(folder), folder)


def cells(got, columns: str) -> list:
    return got.connection.execute(f"SELECT {columns} FROM book.orders ORDER BY _row").fetchall()


def changed(row: int, column: int, value: str) -> list[list[str]]:
    rows = [list(one) for one in ROWS]
    rows[row][column] = value
    return rows


def test_long_numbers_that_a_spreadsheet_rounded_are_refused(tmp_path):
    rows = [[*row[:2], "1.63099E+17", *row[3:]] for row in ROWS]
    (problem,) = read(tmp_path, text(rows)).problems
    assert problem.severity == "error" and problem.count == 9
    assert "rounded by a spreadsheet: 1.63099E+17" in problem.found
    assert not read(tmp_path, text(changed(0, 2, "1E17"))).problems  # as somebody names a thing


@pytest.mark.parametrize("other", ["CO1", "c01", "С01", "C1", "C0l"])
def test_ids_that_differ_by_what_the_eye_passes_over_are_told_and_kept(tmp_path, other):
    got = read(tmp_path, text(changed(3, 2, other)))
    if other == "C1":  # a zero inside is no zero in front
        assert not got.problems
        return
    (problem,) = got.problems
    assert problem.severity == "warning" and problem.column == "customer_id"
    assert len({row[0] for row in cells(got, "customer_id")}) == 4


def test_zeros_in_front_make_two_customers_and_it_is_said(tmp_path):
    rows = [[*row[:2], str(i % 2 + 1) if i else "001", *row[3:]] for i, row in enumerate(ROWS)]
    (problem,) = read(tmp_path, text(rows)).problems
    assert "1 group of customer_id" in problem.found and "001 / 1" in problem.found


def test_names_of_people_are_not_told_apart_by_letters_that_look_like_digits(tmp_path):
    assert not read(tmp_path, text(changed(0, 2, "Ali")[:1] + changed(1, 2, "Ail")[1:])).problems


def test_quotes_behind_backslashes_are_refused_with_their_lines(tmp_path):
    rows = [[*row[:4], '"a \\"b\\" c"' if i == 2 else row[4]] for i, row in enumerate(ROWS)]
    (problem,) = read(tmp_path, text(rows)).problems
    assert problem.severity == "error" and "a backslash before a quote" in problem.found
    assert problem.rows[0].startswith("line 4: ")
    path = changed(2, 4, '"C:\\temp"')
    assert not read(tmp_path, text(path)).problems  # a backslash that stands before no quote


def test_values_without_a_name_above_them_are_told(tmp_path):
    head = [*HEAD[:4], ""]
    (problem,) = read(tmp_path, text(ROWS, head)).problems
    assert problem.severity == "warning" and "have no name: column_5" in problem.found
    counted = [[str(i), *row] for i, row in enumerate(ROWS)]
    assert not read(tmp_path, text(counted, ["", *HEAD])).problems  # rows counted by a program


def workbook(path, *sheets):
    book = xlsxwriter.Workbook(path)
    for name, fill in sheets:
        fill(book.add_worksheet(name))
    book.close()


def put(sheet, rows=ROWS):
    sheet.write_row(0, 0, HEAD)
    for i, row in enumerate(rows):
        sheet.write_row(i + 1, 0, [*row[:3], float(row[3]), row[4]])


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path):
    def old(sheet):
        put(sheet, [[*row[:3], "1.00", row[4]] for row in ROWS])
        sheet.hide()

    def shown(sheet):
        put(sheet)
        sheet.activate()
        sheet.set_first_sheet()

    workbook(tmp_path / "orders.xlsx", ("old", old), ("new", shown))
    proposal = propose([tmp_path], tmp_path)
    assert proposal.tables[0].found.label == "orders.xlsx" and len(proposal.tables) == 1
    (tmp_path / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    got = read_tables(load_settings(tmp_path), tmp_path)
    assert sum(row[0] for row in cells(got, "amount")) == Decimal("940.5")
    named = TOML + '[sources.s]\nfile = "orders.xlsx"\nsheet = "old"\n[tables.orders]\nfrom = "s"\n'
    (tmp_path / "playbook.toml").write_text(named, encoding="utf-8")
    got = read_tables(load_settings(tmp_path), tmp_path)
    assert sum(row[0] for row in cells(got, "amount")) == 9


def test_a_text_merged_over_rows_is_each_rows_and_a_number_is_not(tmp_path):
    def merged(sheet):
        hidden = {1: 2, 2: 2, 5: 4}  # cells below the first of what is merged
        put(
            sheet,
            [
                ["" if hidden.get(i) == j else c for j, c in enumerate(r)]
                for i, r in enumerate(ROWS)
            ],
        )
        sheet.merge_range(1, 2, 3, 2, "C77")
        sheet.merge_range(5, 4, 6, 4, "South")
        sheet.write(0, 5, "cost")
        sheet.merge_range(1, 5, 3, 5, 30)

    workbook(tmp_path / "orders.xlsx", ("orders", merged))
    got = read(tmp_path)
    customers, regions, costs = zip(*cells(got, "customer_id, region, cost"), strict=True)
    assert customers[:4] == ("C77", "C77", "C77", "C00")
    assert regions[3:7] == ("North", "South", "South", "North")
    assert costs[:3] == (30, None, None)


def test_one_amount_with_a_foreign_sign_does_not_name_the_currency(tmp_path):
    def currency(*signed: int) -> str:
        rows = [[*r[:3], ("€" if i in signed else "") + r[3], r[4]] for i, r in enumerate(ROWS)]
        (tmp_path / "orders.csv").write_text(text(rows), encoding="utf-8")
        return propose([tmp_path], tmp_path).text

    assert 'currency = "USD"  # no sign in the files' in currency(4)
    assert 'currency = "EUR"' in currency(*range(9))


def test_two_digit_years_that_may_stand_first_are_not_guessed(tmp_path):
    def proposed(form: str) -> str:
        rows = [[r[0], date.fromisoformat(r[1]).strftime(form), *r[2:]] for r in ROWS]
        rows += [[f"T{i}", date(2023, 1, i + 14).strftime(form), *ROWS[0][2:]] for i in range(6)]
        (tmp_path / "orders.csv").write_text(text(rows), encoding="utf-8")
        return propose([tmp_path], tmp_path).text

    assert "dates" not in proposed("%y-%m-%d")
    assert 'dates = "%d-%m-%y"' in proposed("%d-%m-%y")
