"""A table written in any dialect a program or a person may choose is read back as it was, or
refused; it is never read as something else.
"""

from __future__ import annotations

import io
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.folders import write
from playbook.base.settings import load_settings
from playbook.data.read import Read
from playbook.data.reading import read_tables

WORDS = (
    st.text(
        st.sampled_from("abcdefXYZ äöüé华东北客户'\"#,;|. -0123456789"), min_size=1, max_size=12
    )
    .map(lambda word: " ".join(word.split()))
    .filter(lambda word: any(c.isalpha() for c in word))
)
ROWS = st.lists(
    st.tuples(
        WORDS,
        st.integers(0, 400).map(lambda n: date(2022, 1, 3) + timedelta(days=n)),
        st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100),
    ),
    min_size=3,
    max_size=9,
)
DAYS = {
    "%Y-%m-%d": "",
    "%Y/%m/%d": "",
    "%Y%m%d": "",
    "%Y年%m月%d日": "",
    "%d.%m.%Y": "%d.%m.%Y",
    "%m/%d/%Y": "%m/%d/%Y",
    "%d-%b-%y": "%d-%b-%y",
}
DIALECTS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
        "sep": st.sampled_from([",", ";", "\t", "|"]),
        "days": st.sampled_from(list(DAYS)),
        "said": st.booleans(),  # whether the settings say how days and decimals are written
        "comma": st.booleans(),
        "grouped": st.booleans(),
        "quotes": st.sampled_from(["all", "needed"]),
        "title": st.integers(0, 2),
        "total": st.booleans(),
        "note": st.booleans(),
        "end": st.sampled_from(["\n", "\r\n"]),
    }
)


def amount(value: Decimal, dialect: dict) -> str:
    text = f"{value:,.2f}" if dialect["grouped"] else f"{value:.2f}"
    return text.translate(str.maketrans(",.", ".,")) if dialect["comma"] else text


def written(rows: list, dialect: dict) -> bytes:
    """The table as bytes."""
    import csv

    out = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect["quotes"] == "all" else csv.QUOTE_MINIMAL
    writer = csv.writer(
        out, delimiter=dialect["sep"], quoting=quoting, lineterminator=dialect["end"]
    )
    for _ in range(dialect["title"]):
        out.write("Sales of the year" + dialect["end"])
    writer.writerow(["order_id", "date", "region", "amount"])
    for i, (region, day, value) in enumerate(rows):
        writer.writerow([f"O-{i}", day.strftime(dialect["days"]), region, amount(value, dialect)])
    if dialect["total"]:
        writer.writerow(["Total", "", "", amount(sum(r[2] for r in rows), dialect)])
    if dialect["note"]:
        out.write("Printed for internal use" + dialect["end"])
    return out.getvalue().encode(dialect["encoding"])


def toml(dialect: dict) -> str:
    lines = ['[book]\nname = "d"\nbad_rows = 0.2\n[sources.orders]\nfile = "orders.csv"']
    if dialect["said"]:
        form = DAYS[dialect["days"]]
        lines += [f'dates = "{form}"'] if form else []
        lines += ['decimal = ","'] if dialect["comma"] else []
        lines += [f"skip = {dialect['title']}", f'encoding = "{dialect["encoding"]}"']
    return "\n".join(lines) + "\n"


def tables(folder: str, rows: list, dialect: dict) -> Read:
    book = write(Path(folder), toml=toml(dialect), orders=written(rows, dialect))
    return read_tables(load_settings(book), book)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, DIALECTS)
def test_read_back_as_written_or_refused(rows, dialect):
    with tempfile.TemporaryDirectory() as folder:
        read = tables(folder, rows, dialect)
        if any(problem.severity == "error" for problem in read.problems):
            return
        found = read.connection.execute(
            "SELECT region, CAST(date AS DATE), amount FROM book.orders ORDER BY _row"
        )
        assert found.fetchall() == rows, dialect


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, DIALECTS)
def test_what_the_settings_say_is_read(rows, dialect):
    """With everything said and nothing below the table, no dialect may be refused."""
    dialect |= {"said": True, "total": False}
    with tempfile.TemporaryDirectory() as folder:
        read = tables(folder, rows, dialect)
        wrong = [problem for problem in read.problems if problem.severity == "error"]
        assert not wrong, (dialect, wrong)
