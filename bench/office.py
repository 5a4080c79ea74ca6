"""The round trip of the workbook through an office: filled in, saved by LibreOffice, laid into the
book's folder, read at the next run.

    .venv/bin/python bench/office.py            # needs soffice with Calc

Prints what came back; exit status 1 when a mark, a day or a note is lost.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playbook import segments
from playbook.base.places import sample_folder
from playbook.data.book import Book
from playbook.data.measures.action_log import action_log
from playbook.report.record.action_log import action_sheet
from playbook.report.record.results import Outcome
from playbook.report.record.workbook import write_workbook

MARKS = (("yes", "2023-09-29", "went well"), ("dropped", None, "closed down"), ("no", None, None))


def main() -> int:
    if shutil.which("soffice") is None:
        print("no soffice here")
        return 0
    book = Book.open(sample_folder(), "2023-09")
    found = segments.actions(book)
    outcome = Outcome("02-segmentation", records=[found.record().data()])
    log = action_sheet([outcome], (), book.as_of)
    assert log is not None
    at = {key: i for i, (key, _, _) in enumerate(log["columns"])}
    marked = {}
    for row, (done, day, note) in zip(log["rows"], MARKS, strict=False):
        row[at["done"]], row[at["done_on"]], row[at["note"]] = done, day, note
        marked[row[at["action_id"]]] = (done != "no", day, note)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        sheets = [log, *(sheet.data() for sheet in found.worksheets())]
        write_workbook(sheets, room / "actions.xlsx", title="sample", as_of=book.as_of)
        home = f"-env:UserInstallation=file://{room / 'office'}"
        asked = ["soffice", "--headless", home, "--convert-to", "xlsx", "--outdir"]
        done = subprocess.run(
            [*asked, str(room / "saved"), str(room / "actions.xlsx")],
            capture_output=True,
            text=True,
            timeout=180,
        )
        if not (room / "saved" / "actions.xlsx").is_file():
            print(f"soffice saved nothing: {done.stderr.strip()}")
            return 1
        shutil.copytree(sample_folder(), room / "book")
        shutil.copy(room / "saved" / "actions.xlsx", room / "book" / "actions.xlsx")
        rows = action_log(Book.open(room / "book", "2023-09"))
    back = rows.set_index("action_id")
    wrong = [
        number
        for number, (over, day, note) in marked.items()
        if bool(back.loc[number, "over"]) != (over and day is not None)
        or (day and str(back.loc[number, "done_on"])[:10] != day)
        or (note and back.loc[number, "note"] != note)
    ]
    print(f"{len(rows)} actions came back of {len(log['rows'])}; {len(wrong)} marks lost")
    return int(bool(wrong) or len(rows) != len(log["rows"]))


if __name__ == "__main__":
    sys.exit(main())
