"""The short editions: brief, director's pages and slides, from what chapters recorded."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from playbook.base.formats import Formats
from playbook.base.language import speaking
from playbook.page.contribution import Contribution, ShortEditions, against, bare
from playbook.page.panels import (
    Column,
    Delta,
    Line,
    Multiple,
    Multiples,
    Prose,
    Rows,
    Sheet,
    Spark,
    Tile,
    band,
    bars,
    bridge,
    dot,
    variance,
    words,
)
from playbook.report.print.editions import _rows, marks_of, write_edition
from playbook.report.record import changes, editions, packs
from playbook.report.record.results import Outcome
from playbook.report.run.plan import Source

FMT = Formats("CNY", "en")
META = {"title": "Pack", "company": "岚桥 Ltd", "month": "Sep 2023", "as_of": "2023-09-30"}


def source(month: str = "2023-09") -> Source:
    return Source("", "north", "North", month, date(2023, 9, 30), "CNY", "en", "f" * 8)


def kpi(name: str, value: float, window: str = "month", **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("by", "low", "high", "numerator", "denominator", "n", "method"))
    return {"name": name, "window": window, "value": value, "unit": "CNY", **empty, **more}


def outcome(gives: Contribution | None = None, kpis: tuple = (), actions: tuple = ()) -> Outcome:
    sheet = {
        "name": "Actions",
        "columns": [["id", "Id", "text"], ["what", "Action", "text"], ["owner", "Owner", "text"],
                    ["due", "Due", "date"], ["worth", "Worth", "money"], ["why", "Why", "text"]],
        "rows": [list(a) for a in actions],
    }  # fmt: skip
    record = {
        "type": "record",
        "section": {"id": "short-editions", "status": "ok"},
        "kpis": list(kpis),
        "worksheets": [sheet] if actions else [],
        "director": gives.data() if gives else {},
    }
    return Outcome("01-goal-setting", "Goals", records=[json.loads(json.dumps(record))])


def tile(key: str, rank: int, value: str = "1") -> Tile:
    return Tile(key, key, value, (Delta("ΔPL", 0.25, "+25.0 %", "good"),), rank=rank)


# -- variances


def test_a_variance_is_relative_and_its_colour_follows_what_is_better() -> None:
    """125 on 100 is +25 %; of a cost it is worse; equal is neither."""
    assert against("ΔPL", 125, 100, FMT) == Delta("ΔPL", 0.25, "+25.0 %", "good")
    assert against("ΔPL", 125, 100, FMT, better=-1).tone == "bad"
    assert against("ΔPL", 100, 100, FMT).tone == "muted"
    assert against("ΔPY", -50, -100, FMT) == Delta("ΔPY", 0.5, "+50.0 %", "good")


def test_a_variance_without_a_base_is_a_word_and_of_a_small_base_a_count() -> None:
    assert against("ΔPL", 5, None, FMT, missing="no plan") == Delta("ΔPL", None, "no plan")
    assert against("ΔPL", 5, 0, FMT) == Delta("ΔPL", None, "–")
    assert against("ΔPM", 5, 1, FMT).text == "+4 (from 1)"
    assert against("ΔPM", 5, 4.99, FMT).text.endswith("(from 5.0)")
    assert against("ΔPM", 6, 5, FMT).text == "+20.0 %"


def test_rates_vary_in_points_and_chance_is_outlined() -> None:
    assert against("ΔPY", 0.4, 0.3, FMT, points=True, chance=True) == Delta(
        "ΔPY", pytest.approx(0.1), "+10.0 pp", "chance"
    )


def test_money_of_a_column_leaves_the_currency_to_its_head() -> None:
    assert (bare(FMT, 30_746_114), bare(FMT, -1_383_777, sign=True)) == ("30.7m", "−1.38m")


def test_the_ends_of_a_drawn_column_are_what_its_cells_need() -> None:
    cells = [bars(3, "3", plan=9, before=2, forecast=(5, 4, 12)), bars(-1, "−1")]
    rows = Rows("t", "", (Column("", "bars"),), tuple(Line((c,)) for c in cells))
    assert rows.data()["columns"][0]["scale"] == [-1.0, 12.0]
    given = Rows("t", "", (Column("", "bars", scale=(0, 1)),), (Line((cells[0],)),))
    assert given.data()["columns"][0]["scale"] == [0, 1]


# -- the brief


def test_the_brief_takes_the_eight_first_tiles_and_the_parts_of_its_title_in_order() -> None:
    first = Contribution(
        tiles=tuple(tile(f"t{i}", rank=9 - i) for i in range(6)),
        title=("Sales ¥30.7m, 25 % above plan", "the year is an even bet (45 %)"),
        happened="Sales came to **¥30.7m**.",
    )
    second = Contribution(
        tiles=tuple(tile(f"s{i}", rank=20 + i) for i in range(4)),
        title=("West ¥1.7m short",),
        why="Orders.",
    )
    made = editions.brief(source(), [outcome(first), outcome(second)])
    assert made is not None
    assert [t["key"] for t in made["tiles"]] == ["t5", "t4", "t3", "t2", "t1", "t0", "s0", "s1"]
    assert made["title"] == (
        "Sales ¥30.7m, 25 % above plan; the year is an even bet (45 %); West ¥1.7m short"
    )
    assert made["prose"][0]["parts"] == [
        {"text": "Sales came to ", "bold": False},
        {"text": "¥30.7m", "bold": True},
        {"text": ".", "bold": False},
    ]
    assert [p["title"] for p in made["prose"]] == ["What happened", "Why"]  # nothing to do: no head


def test_a_brief_without_a_message_is_called_by_its_first_tiles() -> None:
    made = editions.brief(
        source(), [outcome(Contribution(tiles=(tile("a", rank=1), tile("b", rank=2))))]
    )
    assert made is not None
    first, second = made["tiles"][:2]
    said = f"{first['label']} {first['value']}; {second['label']} {second['value']}"
    assert made["title"] == said[:1].upper() + said[1:]


def test_without_a_tile_there_is_no_brief() -> None:
    assert editions.brief(source(), [outcome(Contribution(happened="x"))]) is None


def test_decisions_are_the_five_worth_most_and_a_late_one_is_marked() -> None:
    rows = [(f"A{i}", f"do {i}", "li", "2023-10-05", 100 * i, "because") for i in range(1, 8)]
    rows.append(("A9", "old", "wu", "2023-09-01", 10_000, "because"))
    made = editions.decisions(source(), [outcome(actions=tuple(rows))])
    assert made is not None
    told = [[c["text"] for c in line["cells"]] for line in made["lines"]]
    assert [row[1] for row in told] == ["old", "do 7", "do 6", "do 5", "do 4"]
    assert told[0][3:5] == ["1 Sep 2023", "¥10.0k"]
    assert made["lines"][0]["cells"][3]["tone"] == "bad"
    assert made["lines"][1]["cells"][3]["tone"] == ""
    assert made["title"].startswith("Five ")


def test_the_page_of_actions_counts_by_kind_and_lists_what_is_beyond_the_daily_rhythm() -> None:
    rows = [(f"FI-{i}", f"do {i}", "li", f"2023-{8 + i % 3:02d}-15", i, "") for i in range(6)]
    rows += [(f"SC-{i}", "Satisfaction call", "li", "2023-09-29", 1e6, "") for i in range(3)]
    rows += [("RN-1", "renew", "li", "2023-09-30", 5, "")]
    page = editions.open_actions(source(), [outcome(actions=tuple(rows))])
    assert page is not None
    said = "7 open actions, 4 overdue; 3 events of the daily rhythm beside them, 3 overdue"
    assert page["title"] == said
    kinds, listed = page["panels"]
    assert [[c["text"] for c in line["cells"]] for line in kinds["lines"]] == [
        ["finding of a chapter", "6", "4", "15 Aug 2023"],
        ["renewal", "1", "0", "–"],
        ["satisfaction call", "3", "3", "29 Sep 2023"],
    ]
    assert "Satisfaction call" not in json.dumps(listed)
    made = editions.decisions(source(), [outcome(actions=tuple(rows))])
    assert made is not None and "Satisfaction call" not in json.dumps(made)
    assert editions.open_actions(source(), [outcome()]) is None


# -- what changed


def last_pack(tmp_path: Path, month: str, **content: Any) -> Path:
    folder = tmp_path / month / "north"
    folder.mkdir(parents=True)
    pack = {"month": month, "kpis": [], **content}
    (folder / "results.json").write_text(json.dumps(pack), encoding="utf-8")
    return folder


def ahead(month: str, dimension: str, member: str, middle: float, low: float, high: float) -> dict:
    known = {"month": month, "dimension": dimension, "member": member}
    return {**known, "middle": middle, "low": low, "high": high}


def test_the_last_pack_is_the_newest_before_the_month_and_never_the_month_itself(
    tmp_path: Path,
) -> None:
    for month in ("2023-06", "2023-08", "2023-09", "2023-10"):
        last_pack(tmp_path, month)
    (tmp_path / "2023-07" / "north").mkdir(parents=True)
    found = packs.printed(tmp_path, "north", "2023-09")
    assert found is not None and found["month"] == "2023-08"
    (tmp_path / "2023-08" / "north" / "results.json").write_text("{", encoding="utf-8")
    found = packs.printed(tmp_path, "north", "2023-09")
    assert found is not None and found["month"] == "2023-06"
    assert packs.printed(tmp_path, "south", "2023-09") is None


def test_the_first_pack_has_no_page_of_changes() -> None:
    assert changes.changes_sheet(source(), [outcome()], [], None) is None


def test_forecasts_printed_are_held_against_what_came() -> None:
    """Three forecasts, one below its interval, one above: 2 of 3; 0.6, so one, to be expected."""
    last = {
        "month": "2023-08",
        "kpis": [],
        "short": {
            "forecasts": [
                ahead("2023-09", d, m, 10, 8, 12)
                for d, m in (("", ""), ("region", "East"), ("region", "West"))
            ]
            + [ahead("2023-10", "", "", 1, 1, 1)]
        },
    }  # fmt: skip
    kpis = (
        kpi("sales", 13.0),
        kpi("sales", 7.99, by={"region": "East"}),
        kpi("sales", 12.0, by={"region": "West"}),
    )
    page = changes.changes_sheet(source(), [outcome(kpis=kpis)], [], last)
    assert page is not None
    came = page["panels"][0]
    assert came["title"] == ("2 of 3 forecasts missed their 80 % interval; 1 was to be expected")
    assert [line["cells"][-1]["text"] for line in came["lines"]] == ["above", "below", "inside"]


def test_rates_are_beyond_chance_only_where_their_intervals_do_not_meet() -> None:
    def pack(value: float, low: float, high: float) -> tuple:
        return (kpi("win_rate.narrow", value, unit="share", low=low, high=high, n=100),)

    last = {"month": "2023-08", "kpis": list(pack(0.3, 0.25, 0.35))}
    words_of = []
    for now in (pack(0.4, 0.35, 0.45), pack(0.4, 0.3501, 0.45)):
        page = changes.changes_sheet(source(), [outcome(kpis=now)], [], last)
        assert page is not None
        words_of.append([c["text"] for c in page["panels"][0]["lines"][0]["cells"]])
    assert words_of[0][1:] == ["30.0 %", "40.0 %", "+10.0 pp", "within chance"]
    assert words_of[1][4] == "beyond chance"


def test_numbers_of_the_last_month_that_today_reads_differently_are_restated() -> None:
    months = tuple(float(i) for i in range(12)) + (20.0,)
    gives = Contribution(tiles=(Tile("orders", "Orders", "20", spark=Spark(months), rank=1),))
    last = {"month": "2023-08", "kpis": [kpi("orders", 10.0, unit="count")]}
    given = editions.contributions([outcome(gives)])
    page = changes.changes_sheet(source(), [outcome(gives)], given, last)
    assert page is not None
    row = page["panels"][-1]["lines"][0]["cells"]
    assert [c["text"] for c in row] == ["Orders", "10", "11"]
    older = {**last, "month": "2023-07"}
    page = changes.changes_sheet(source(), [outcome(gives)], given, older)
    assert page is None  # the pack of another month printed another month's number


def test_actions_of_two_packs_are_matched_by_their_number() -> None:
    last = {
        "month": "2023-08",
        "kpis": [],
        "short": {
            "actions": [
                {"id": "VC-1", "what": "call A", "owner": "li", "due": "2023-09-01"},
                {"id": "VC-2", "what": "call B", "owner": "li", "due": "2023-09-01"},
            ]
        },
    }
    rows = (
        ("VC-1", "call A again", "wu", "2023-09-01", 5, ""),
        ("VC-3", "call C", "li", "2023-10-01", 5, ""),
    )
    page = changes.changes_sheet(source(), [outcome(actions=rows)], [], last)
    assert page is not None
    assert page["panels"][0]["title"] == (
        "Actions: 1 no longer open, 1 carried over, 1 new, 1 overdue"
    )


def test_a_moved_target_is_told_beside_the_year() -> None:
    def pack(target: float, middle: float, chance: float) -> list:
        return [
            kpi("target", target, "year_to_date"),
            kpi("projection", middle, "year_to_date", low=middle - 5, high=middle + 5),
            kpi("attainment_probability", chance, "year_to_date", unit="share"),
        ]

    last = {"month": "2023-08", "kpis": pack(100e6, 90e6, 0.16)}
    page = changes.changes_sheet(source(), [outcome(kpis=tuple(pack(95e6, 94e6, 0.45)))], [], last)
    assert page is not None
    assert page["title"] == "Since Aug 2023 the year’s chance rose from 16 % to 45 %"
    assert page["panels"][0]["foot"] == "The year's target moved from ¥100m to ¥95.0m."
    assert page["panels"][0]["title"] == "The year: 90.0m → 94.0m"


# -- pages

EVERY = Rows(
    "Every cell",
    "note",
    (
        Column("", width=1),
        Column("b", "bars", 2),
        Column("d", "delta", 1),
        Column("p", "pin", 1),
        Column("o", "dot", 1, mark=1.0),
        Column("u", "band", 1),
        Column("w", "bridge", 2),
    ),
    (
        Line(
            (
                words("岚桥"),
                bars(3, "3.0m", plan=4, before=2, forecast=(5, 4, 6)),
                variance(-1, "−1", "bad"),
                variance(0.9, "+90 %", "good"),
                dot(1, 0, 2, "1.0"),
                band(0, 2, 1, 3),
                bridge(0, 4, "4.0", "plan"),
            ),
            "total",
        ),
        Line(
            (
                words("nothing known"),
                bars(None, "–"),
                variance(None, "–", "muted"),
                variance(None, "–", "muted"),
                dot(None, None, None, "–"),
                band(None, None, None, None),
                bridge(4, 3, "−1", "bad"),
            ),
            "muted",
        ),
    ),
)


REGIONS = Rows(
    "Regions",
    "note",
    (Column(""), Column("AC", "bars")),
    (
        Line((words("East"), bars(3, "3", plan=4, before=2))),
        Line((words("West"), bars(6, "6", plan=5))),
        Line((words("All"), bars(9, "9", plan=9)), "total"),
    ),
)


def sheet(name: str = "regions", panels: tuple = (EVERY,), joins: bool = False) -> dict[str, Any]:
    return Sheet(name, "Four of five above plan", "note", "Who?", panels, joins).data()


def test_a_later_chapter_adds_to_the_page_of_the_one_before() -> None:
    first = Sheet("goals", "Ten of 28 red", "targets", "On course?", (EVERY,))
    later_ = Sheet("goals", "4 of 12 tasks late", "tasks", "On course?", (EVERY, EVERY))
    given = [outcome(Contribution(sheets=(s,))) for s in (first, later_)]
    (page,) = editions.sheets(source(), given, None)
    assert (page["title"], page["note"], len(page["panels"])) == ("Ten of 28 red", "targets", 3)
    (alone,) = editions.sheets(source(), given[1:], None)
    assert (alone["title"], len(alone["panels"])) == ("4 of 12 tasks late", 2)


@pytest.fixture(scope="module")
def printed_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Texts of the pages of a brief in both shapes and of a director's edition."""
    folder = tmp_path_factory.mktemp("editions")
    gives = Contribution(
        tiles=(
            Tile(
                "sales", "Sales", "¥30.7m", tile("x", 1).deltas,
                Spark((1.0, None, 3.0), (2.0, 2.0, 2.0), forecast=(2, 1, 3)), "FC 2", 1,
            ),
            Tile(
                "rate", "Rate", "38.3 %", (), Spark((0.1, 0.2), usual=(0, 1), columns=False), "", 2,
            ),
        ),
        title=("Sales ¥30.7m",),
        happened="It **rose**.",
        bridge=Rows("Bridge", "", (Column(""), Column("", "bridge")), (
            Line((words("PL"), bridge(0, 2, "2", "plan"))),
        )),
        checks=((True, "20 tables"), (False, "3 deals past their day")),
    )  # fmt: skip
    first = editions.brief(source(), [outcome(gives)])
    small = Multiples("Months", "", (Multiple("East", "10.1", Spark((1.0, 2.0))),) * 3)
    made = {}
    for name, how in {
        "brief": {"brief": first, "sheets": []},
        "wide": {"brief": first, "sheets": [], "shape": "wide"},
        "director": {
            "brief": first,
            "sheets": [sheet(panels=(EVERY,) * 6), sheet("goals", (*[EVERY] * 5, small))],
        },
        "short": {"brief": None, "sheets": [sheet(), sheet("pay"), sheet(panels=(EVERY,) * 7)]},
        "joined": {"brief": None, "sheets": [sheet(), sheet("pay", joins=True)]},
        "apart": {
            "brief": None,
            "sheets": [sheet(panels=(EVERY,) * 7), sheet("pay", (EVERY,) * 5, True)],
        },
    }.items():
        path = folder / f"{name}.pdf"
        assert write_edition(path, title="Brief", meta={**META, "language": "en"}, **how) == []
        made[name] = [page.extract_text() for page in PdfReader(path).pages]
    return made


def test_a_page_joins_the_one_before_where_both_fit(printed_pages: dict[str, list[str]]) -> None:
    (text,) = printed_pages["joined"]
    assert text.count("Four of five above plan") == 2
    assert [t.count("Four of five above plan") for t in printed_pages["apart"]] == [1, 1]


def test_pages_of_less_than_six_tenths_share_a_sheet(printed_pages: dict[str, list[str]]) -> None:
    assert [t.count("Four of five above plan") for t in printed_pages["short"]] == [2, 1]


def test_a_brief_is_one_page_in_both_shapes(printed_pages: dict[str, list[str]]) -> None:
    for name in ("brief", "wide"):
        assert len(printed_pages[name]) == 1
        text = printed_pages[name][0]
        for said in ("Sales ¥30.7m", "+25.0 %", "岚桥 Ltd", "It rose.", "3 deals past their day"):
            assert said in re.sub(r"\s+", " ", text), (name, said)


def test_every_sheet_of_the_director_is_a_page_and_numbers_can_be_searched(
    printed_pages: dict[str, list[str]],
) -> None:
    pages = printed_pages["director"]
    assert len(pages) == 3
    assert "3 of 3" in pages[2]
    for text in pages:
        assert not re.search("[\u200b\u200c\u200d\u2060\ufeff]", text)  # nothing hidden in a number


def test_a_column_without_a_number_is_not_printed() -> None:
    """A book without a plan: no column of dashes; a column of words stays, empty or not."""
    panel = Rows(
        "Bridge",
        "note",
        (Column(""), Column("PL", "num"), Column("AC", "num"), Column("Why")),
        (
            Line((words("East"), words("–"), words("3"), words("–"))),
            Line((words("West"), words(""), words("–"), words("–"))),
        ),
    ).data()
    made = editions.told(panel)
    assert [c["label"] for c in made["columns"]] == ["", "AC", "Why"]
    assert [[c["text"] for c in line["cells"]] for line in made["lines"]] == [
        ["East", "3", "–"],
        ["West", "–", "–"],
    ]


def test_a_step_of_a_bridge_is_linked_to_the_one_that_goes_on_from_its_end() -> None:
    """Plan 4, +2 and −1 by region, actual 5; told again from 4 by product line: the actual and the
    last step lead to nothing.
    """
    steps = [(0, 4, "plan"), (4, 6, "good"), (6, 5, "bad"), (0, 5, "actual"), (4, 5, "good")]
    panel = Rows(
        "Bridge",
        "",
        (Column(""), Column("", "bridge")),
        tuple(Line((words("x"), bridge(a, b, "", tone))) for a, b, tone in steps),
    ).data()
    made = [line["cells"][1]["linked"] for line in _rows(panel, 500.0)["lines"]]
    assert made == [True, True, True, False, False]


def test_the_key_explains_the_marks_of_the_page_and_no_others() -> None:
    """A year without a plan shows no plan; a first month shows the actual alone."""
    alone = Tile("a", "a", "1", (), Spark((1.0, 2.0)), rank=1)
    made = editions.brief(source(), [outcome(Contribution(tiles=(alone,)))])
    assert made is not None and marks_of(made) == ["AC"]
    deltas = (Delta("ΔPY", 0.2, "+20 %", "good"), Delta("ΔPM", -0.1, "−10 %", "chance"))
    year = Tile("b", "b", "1", deltas, Spark((1.0,) * 13, forecast=(1, 0, 2)), rank=1)
    made = editions.brief(source(), [outcome(Contribution(tiles=(year,)))])
    assert made is not None
    assert marks_of(made) == ["AC", "PY", "PM", "FC", "better", "chance"]
    planned = Tile("c", "c", "1", (Delta("ΔPL", -0.2, "−20 %", "bad"),), rank=1)
    line = Tile("d", "d", "1", (), Spark((1.0, 2.0), usual=(0, 3), columns=False), rank=2)
    made = editions.brief(source(), [outcome(Contribution(tiles=(planned, line)))])
    assert made is not None and marks_of(made) == ["AC", "PL", "worse", "usual"]


def drawn(path: Path) -> tuple[list[tuple[str, float, float]], list[tuple[float, float]]]:
    """Words of the first page with their base line and size, and (top, height) of the boxes filled
    in the colour of a better variance that are no part of the key.
    """
    said: list[tuple[str, float, float]] = []
    boxes: list[tuple[float, float]] = []
    ink: list[float] = []

    def word(text: str, cm: list, tm: list, font: Any, size: float) -> None:
        if text.strip():
            said.append((text.strip(), cm[5], size))

    def operand(op: bytes, args: list, cm: list, tm: list) -> None:
        nonlocal ink
        if op == b"scn":
            ink = [round(float(a) * 255) for a in args if not isinstance(a, str)]
        elif op == b"l" and ink == [0x2A, 0x9D, 0x7A] and float(args[1]) not in (0.0, 6.0):
            boxes.append((cm[5], float(args[1])))

    PdfReader(path).pages[0].extract_text(visitor_operand_before=operand, visitor_text=word)
    return said, boxes


def test_a_variance_of_a_tile_lies_beside_its_words(tmp_path: Path) -> None:
    """The middle of the bar is the middle of the capitals beside it."""
    made = editions.brief(source(), [outcome(Contribution(tiles=(tile("Sales", 1),)))])
    path = tmp_path / "a.pdf"
    assert not write_edition(
        path, title="Brief", meta={**META, "language": "en"}, brief=made, sheets=[]
    )
    said, boxes = drawn(path)
    (base,) = {y for text, y, size in said if text.endswith("PL") and size == 7.5}
    assert {(round(top - tall / 2, 1), tall) for top, tall in boxes} == {
        (round(base + 0.66 * 7.5 / 2, 1), 5.6)
    }


def test_tiles_of_both_scripts_stand_on_one_line(tmp_path: Path) -> None:
    tiles = (tile("订单", 1, "172"), tile("本月销售额", 2, "¥46.9万"))
    made = editions.brief(source(), [outcome(Contribution(tiles=tiles))])
    path = tmp_path / "a.pdf"
    meta = {**META, "language": "zh"}
    assert not write_edition(path, title="简报", meta=meta, brief=made, sheets=[])
    said, _ = drawn(path)
    assert len({y for text, y, size in said if size == 17}) == 1
    assert len({y for text, y, size in said if size == 7.8}) == 1  # and so do their variances


def test_a_title_has_two_lines_at_most(tmp_path: Path) -> None:
    title = (
        "69.4 % of the contracts due this year renewed (486 of 700); 40 % of the customers bring"
    )
    sizes = []
    for more in ("", " 80 % of the sales; 33 customers to call, worth ¥7.21m a year"):
        made = Sheet("customers", title + more, "note", "Who?", (EVERY,)).data()
        path = tmp_path / "a.pdf"
        meta = {**META, "language": "en"}
        assert not write_edition(path, title="D", meta=meta, brief=None, sheets=[made])
        lines = {(y, size) for _, y, size in drawn(path)[0] if size > 12}
        assert len(lines) == 2, more
        sizes += {round(size, 2) for _, size in lines}
    assert sizes == [16.5, 15.18]


def test_a_brief_is_one_page_whatever_its_words_take(tmp_path: Path) -> None:
    """Reasons of eight lines: rows are set closer, then all of it smaller."""
    steps = tuple(Line((words("x"), bridge(0, 9, "9", "plan"))) for _ in range(13))
    for long in (4, 24):
        rows = [(f"A{i}", "do " * 30, "li", "2023-10-05", 9, "why " * long * 4) for i in range(5)]
        gives = Contribution(
            tiles=tuple(tile(f"t{i}", i) for i in range(8)),
            happened="It rose and fell. " * 20,
            why="Orders. " * 40,
            todo="Call. " * 50,
            bridge=Rows("Bridge", "note", (Column(""), Column("", "bridge")), steps),
            checks=((True, "the last line"),),
        )
        made = editions.brief(source(), [outcome(gives, actions=tuple(rows))])
        for shape in ("a4", "wide"):
            path = tmp_path / "a.pdf"
            meta = {**META, "language": "en"}
            assert not write_edition(path, title="B", meta=meta, brief=made, sheets=[], shape=shape)
            (page,) = PdfReader(path).pages
            assert "the last line" in page.extract_text()


def test_one_thing_to_do_is_not_ranked_and_what_has_no_worth_is_not_called_worth_most() -> None:
    def made(*worth: float | None) -> tuple[str, str]:
        rows = [(f"A{i}", f"do {i}", "li", "2023-10-05", w, "") for i, w in enumerate(worth)]
        told = editions.decisions(source(), [outcome(actions=tuple(rows))])
        assert told is not None
        return told["title"], told["foot"]

    foot = "Rows may cut the same money in several ways: they are not summed."
    assert made(5) == ("One thing to decide or to do", "")
    assert made(None, None) == ("Two to decide or to do, by the day they are due", "")
    assert made(5, None) == ("Two to decide or to do, worth most first", "")
    assert made(5, 4) == ("Two to decide or to do, worth most first", foot)


def test_a_page_of_one_kind_of_action_says_so_once() -> None:
    rows = (("FI-1", "set the target", "li", "2023-10-05", None, ""),)
    page = editions.open_actions(source(), [outcome(actions=rows)])
    assert page is not None
    assert (page["title"], page["note"]) == (
        "1 open action, none overdue",
        "By the day they are due · as a table in actions.xlsx",
    )
    (listed,) = page["panels"]
    assert (listed["title"], listed["note"]) == ("Open actions", "")


def test_what_further_tables_would_add_is_printed_below_the_data(tmp_path: Path) -> None:
    said = "What further tables would add: contracts – renewals."
    given = Contribution(tiles=(tile("a", 1),), more=said, checks=((True, "orders"),))
    made = editions.brief(source(), [outcome(given), outcome()])
    path = tmp_path / "a.pdf"
    for shape in ("a4", "wide"):
        meta = {**META, "language": "en"}
        assert not write_edition(path, title="B", meta=meta, brief=made, sheets=[], shape=shape)
        assert said in PdfReader(path).pages[0].extract_text()


def test_prose_of_a_page_is_printed(tmp_path: Path) -> None:
    """A page of somebody of whom the book holds nothing says so."""
    told = Prose((("Nothing to show yet", "No target of Li stands in the book."), ("Empty", "")))
    path = tmp_path / "a.pdf"
    meta = {**META, "language": "en"}
    assert (
        write_edition(path, title="Rep", brief=None, sheets=[sheet(panels=(told,))], meta=meta)
        == []
    )
    text = PdfReader(path).pages[0].extract_text()
    assert "Nothing to show yet" in text and "No target of Li" in text and "Empty" not in text


def test_comparisons_that_no_tile_can_make_are_left_out() -> None:
    """A book of less than a year has no year before: no tile says so with a dash."""
    young = Tile("a", "a", "1", (Delta("ΔPY", None, "–"), Delta("ΔPM", 0.1, "+10 %")), rank=1)
    other = Tile("b", "b", "1", (Delta("ΔPY", None, "–"), Delta("ΔPM", None, "–")), rank=2)
    made = editions.brief(source(), [outcome(Contribution(tiles=(young, other)))])
    assert made is not None
    assert [[d["label"] for d in t["deltas"]] for t in made["tiles"]] == [["ΔPM"], ["ΔPM"]]


def test_the_grey_line_says_what_the_money_is() -> None:
    gives = Contribution(tiles=(tile("a", rank=1),))
    notes = [
        (editions.brief(source(), [outcome(c)]) or {})["note"]
        for c in (gives, replace(gives, basis="amounts won"))
    ]
    assert notes == [
        "CNY, net of refunds · Sep 2023 · as of 30 Sep 2023",
        "CNY, amounts won · Sep 2023 · as of 30 Sep 2023",
    ]


def test_a_chapter_without_a_sentence_says_what_it_gives() -> None:
    sheet = Sheet("pay", "Pay", "", "", ())
    said = [
        ShortEditions(gives).reading()
        for gives in (
            Contribution(),
            Contribution(tiles=(tile("a", 1),), sheets=(sheet, sheet)),
            Contribution(todo="Call **North**."),
        )
    ]
    assert said == [
        "This book has nothing for them here.",
        "No sentence of the brief comes from this chapter; it gives 1 tile and 2 pages.",
        "Call North.",
    ]


def test_dots_leave_the_words_beside_them_their_room() -> None:
    """+15.7 pp fits where most numbers do; 个百分点 is longer."""
    rows = [
        Rows("t", "", (Column("", "dot"),), (Line((dot(0.1, 0.0, 0.2, text, "good"),)),)).data()
        for text in ("+15.7 pp", "+15.7个百分点")
    ]
    short, long = (_rows(panel, 200.0)["columns"][0]["room"] for panel in rows)
    assert short == 36.0 and long > 8 * 6


def test_a_chance_is_written_as_the_language_writes_it_and_bounded_at_its_ends() -> None:
    values = (0.004, 0.47, 0.996)
    assert [FMT.chance(v) for v in values] == ["< 1 %", "47 %", "> 99 %"]
    with speaking("zh"):
        told = [Formats("CNY", "zh").chance(v) for v in values]
    assert told == ["< 1%", "47%", "> 99%"]
