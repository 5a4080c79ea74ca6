"""Late sources, by a clock that moves only when somebody sleeps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest import mock

import pytest
from posting import Clock

from playbook.base.errors import ParameterProblem, PlaybookError
from playbook.base.months import Month
from playbook.cli import clock, waiting
from playbook.deliver.waiting import Late, closed_month, span_text, wait

BOOK = """[book]
name = "north"
{more}
"""


def book(folder, *days, more=""):
    (folder / "playbook.toml").write_text(BOOK.format(more=more), encoding="utf-8")
    rows = "".join(f"o{i},{day},c{i},100\n" for i, day in enumerate(days))
    (folder / "orders.csv").write_text(f"order_id,date,customer_id,amount\n{rows}")
    return folder


def waits(looks, limit=3600, every=300):
    ticking, said = Clock(), []
    found = iter(looks)
    ended = wait(
        lambda: next(found),
        limit,
        clock=ticking,
        sleep=ticking.sleep,
        say=lambda late, waited: said.append(([str(one) for one in late], waited)),
        every=every,
    )
    return ended, ticking.naps, said


A, B = Late("orders", date(2023, 9, 28)), Late("leads", None, "no such file")


def test_what_is_there_is_not_waited_for():
    ended, naps, said = waits([[]])
    assert ended.arrived and ended.seconds == 0 and naps == said == []


def test_it_looks_again_until_all_is_there_and_says_only_what_changed():
    ended, naps, said = waits([[A, B], [A, B], [A], []])
    assert ended.arrived and ended.seconds == 900 and naps == [300, 300, 300]
    assert said == [
        (["orders ends 2023-09-28", "leads no such file"], 0),
        (["orders ends 2023-09-28"], 600),
    ]


def test_at_the_limit_it_looks_once_more_and_ends():
    ended, naps, _ = waits([[A]] * 9, limit=700)
    assert not ended.arrived and ended.late == (A,)
    assert naps == [300, 300, 100] and ended.seconds == 700
    assert waits([[A], []], limit=1)[0].arrived
    assert waits([[A]], limit=0)[1] == []


def test_the_last_closed_month():
    assert closed_month(date(2023, 10, 1)) == Month(2023, 9)
    assert closed_month(date(2024, 1, 31)) == Month(2023, 12)


@pytest.mark.parametrize(
    ("zone", "month"), [("", "2023-08"), ("Asia/Shanghai", "2023-09"), ("US/Hawaii", "2023-08")]
)
def test_the_month_is_over_in_the_books_own_zone(tmp_path, zone, month):
    at = Clock(datetime(2023, 9, 30, 17, 0, tzinfo=UTC))  # 1 October 01:00 in Shanghai
    folder = book(tmp_path, "2023-09-01", more=f'time_zone = "{zone}"')
    with mock.patch.object(clock, "now", at):
        assert str(waiting.last_closed(folder)) == month
        there = str(waiting.last_closed(folder, "Asia/Tokyo"))  # where the schedule's clock is
        assert there == (month if zone else "2023-09")
    with pytest.raises(ParameterProblem, match="--zone Shanghai"):
        waiting.wait_for_sources(folder, "", "6h", "Shanghai")


@pytest.mark.parametrize(
    ("last", "more", "late"),
    [
        ("2023-09-30", "", False),
        ("2023-10-02", "", False),
        ("2023-09-29", "", False),  # a Friday: the 30th is a Saturday
        ("2023-09-28", "", True),
        ("2023-09-28", 'holidays = "CN"', False),  # the 29th is the Mid-Autumn Festival
        ("2023-09-20", "covers.orders = [2023-01-01, 2023-09-30]", False),
        ("2023-09-20", "covers.orders = [2023-01-01, 2023-09-27]", True),
    ],
)
def test_sources_reach_the_months_last_working_day(tmp_path, last, more, late):
    folder = book(tmp_path, "2023-08-01", last, more=more)
    found = waiting.late_sources(folder, Month(2023, 9))
    assert [one.table for one in found] == (["orders"] if late else [])


def test_a_source_that_is_not_there_yet_is_late_and_a_wrong_book_is_wrong_at_once(tmp_path):
    folder = book(tmp_path, "2023-09-30")
    toml = folder / "playbook.toml"
    mapped = '[sources.erp]\nfile = "export.csv"\n[tables.orders]\nfrom = "erp"\n'
    toml.write_text(BOOK.format(more="") + mapped, encoding="utf-8")
    (late,) = waiting.late_sources(folder, Month(2023, 9))
    assert "no such file" in str(late)
    (folder / "export.csv").write_text("order_id,date,customer_id,amount\no1,2023-09-30,c1,x\n")
    with pytest.raises(PlaybookError, match="amount"):
        waiting.late_sources(folder, Month(2023, 9))


def test_a_run_waits_says_so_and_takes_the_month_that_is_over(tmp_path, capsys):
    folder, ticking = book(tmp_path, "2023-09-20"), Clock()

    def sleep(seconds):
        ticking.sleep(seconds)
        if len(ticking.naps) == 2:
            book(folder, "2023-09-20", "2023-09-29")

    with mock.patch.object(clock, "now", ticking), mock.patch.object(clock, "sleep", sleep):
        assert waiting.wait_for_sources(folder, "", "6h") == "2023-09"
        assert ticking.naps == [300, 300]
        assert capsys.readouterr().err.splitlines() == [
            "waiting for 2023-09: orders ends 2023-09-20; at most 6 h more",
            "the sources of 2023-09 are there after 10 min",
        ]
        with pytest.raises(PlaybookError) as caught:
            waiting.wait_for_sources(folder, "2023-10", "10m")
    (problem,) = caught.value.problems
    assert problem.found == (
        "1 source not up to the end of 2023-10 after 10 min: orders ends 2023-09-29"
    )
    assert "--month 2023-10 runs it on what is there" in problem.try_


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (5400, "1 h 30 min"), (21600, "6 h")],
)
def test_spans_read_as_people_write_them(seconds, text):
    assert span_text(seconds) == text


@pytest.mark.parametrize(
    ("found", "passes"),
    [
        ("no such file", True),
        ("the database cannot be read: connection refused", True),
        ("the database cannot be read: password authentication failed", False),
        ("unknown setting 'bok'", False),
        ("3 rows with no date", False),
    ],
)
def test_only_what_may_pass_is_waited_for(found, passes):
    assert waiting.may_pass(found) is passes
