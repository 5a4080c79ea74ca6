"""A chapter in Chinese: no English word that is neither a name of the data nor an allowed term, and
the same numbers and names as in English.
"""

from __future__ import annotations

import csv
import json
import os
import re
from unittest import mock

import pandas as pd
import pytest
from matplotlib.text import Text

from inprocess import shown_by
from playbook.base.language import speaking
from playbook.base.places import sample_folder
from playbook.data.book import Book
from playbook.page import Figure, figures

WHOLE = os.environ.get("CHINESE") == "all"  # `make chinese`: minutes
# Chapters whose rooms are translated whole.
DONE = (
    "02-segmentation",
    "01-goal-setting",
    "05-case-study-replay",
    "04-incentive-design",
    "03-funnel-diagnosis",
)
CHAPTERS = DONE if WHOLE else DONE[:1]
EVERY = 1 if WHOLE else 40  # of so many customers one is taken, so that a chapter takes seconds
KEPT = (  # table, its key, and the columns of other tables that name it
    ("customers", "customer_id", ("customer_id",)),
    ("opportunities", "opportunity_id", ("opportunity_id", "converted_opportunity_id")),
    ("leads", "lead_id", ("lead_id",)),
)
# Names of methods, models and measures that Chinese practice leaves as they are.
ALLOWED = (
    "ABC A B C RFM R F M FM ROI CAC LTV SMART OKR KPI O KR MRR NRR GRR HHI KA n h r a b p q v"
    " alpha gamma AC PL PY PM FC Hedges g Wilson Kaplan Meier Aalen Johansen Gini Pareto Lorenz BG"
    " NBD Gamma Shapley Holm Newcombe Brier bootstrap t TopSales"
    " Q1 Q2 Q3 Q4 CNY SQL CSV PDF HTML TOML JSON CRM Python pandas duckdb JupyterLab playbook"
)
CODE = re.compile(  # numbers of actions, fingerprints; functions; settings ([pilot] groups、starts)
    r"\b[A-Z]{2}-[A-Z2-7]{10}\b|(?<![0-9A-Za-z])[0-9a-f]{12}(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])(?:playbook|case|deals|people|sales|funnel|opportunities)\.[a-z_.]+"
    r"|\[[a-z]+\] [a-z_]+(?:、[a-z_]+)*|\[\[[a-z_.]+\]\]"
    r"|[A-Za-z]+…"  # a name cut short
    r"|`[a-z ]+`"  # a command
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’_.]*[A-Za-z_]|[A-Za-z]")
NOT_SAID = (
    "svg",
    "kpis",
    "section",
    "kind",
    "type",
    "align",
    "key",
    "tone",
    "pictures",
    "role",
    "forecasts",
)
NAMED = ("id", "name", "choices", "checks", "style", "off", "tracks")


@pytest.fixture(scope="module")
def book() -> Book:
    """A part of the sample company: every twelfth customer with all that belongs to it."""
    folder = sample_folder()
    frames = {p.stem: pd.read_csv(p, dtype=str) for p in sorted(folder.glob("*.csv"))}
    frames["customers"] = frames["customers"].iloc[::EVERY]
    for table, key, columns in KEPT:
        some = set(frames[table][key])
        for name, frame in frames.items():
            for column in columns:
                if column in frame and name != table:
                    frame = frame[frame[column].isna() | frame[column].isin(some)]
            frames[name] = frame
    return Book.from_frames(settings=folder / "playbook.toml", month="2023-09", **frames)


@pytest.fixture(scope="module")
def names(book) -> set[str]:
    """Words of the data: every word in a cell of text, and of the settings."""
    words = {
        *ALLOWED.split(),
        *(w for text in values(book.settings.model_dump()) for w in WORD.findall(text)),
    }
    for path in sample_folder().glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)  # names of columns are no data
            for row in rows:
                words.update(word for cell in row for word in WORD.findall(cell))
    return {word.lower() for word in words}


def values(settings: object) -> list[str]:
    """Texts that the settings hold; their keys are no data."""
    if isinstance(settings, dict):
        return [text for value in settings.values() for text in values(value)]
    if isinstance(settings, (list, tuple)):
        return [text for value in settings for text in values(value)]
    return [settings] if isinstance(settings, str) else []


def texts(block: object) -> list[str]:
    """Every text of a block's JSON that a reader sees."""
    if isinstance(block, str):
        return [block]
    if isinstance(block, dict) and "columns" in block and "rows" in block and "name" in block:
        heads = [column[1] for column in block["columns"] if column[0] != column[1]]
        return [block["name"], *heads, *texts(block["rows"])]  # a worksheet: its keys are names
    if isinstance(block, dict):
        return [t for k, v in block.items() if k not in (*NOT_SAID, *NAMED) for t in texts(v)]
    if isinstance(block, (list, tuple)):
        return [t for v in block for t in texts(v)]
    return []


def in_language(name: str, book: Book, language: str, drawn: list[str]):
    """What the chapter shows in a language; texts drawn in figures are added to ``drawn``."""

    def seen(fig, *, title, alt, note=""):  # in place of the drawing itself, which takes longest
        drawn.extend(text.get_text() for text in fig.findobj(Text))
        return Figure("<svg></svg>", alt, title, note)

    spoken = Book(book.settings.in_language(language), book.read, book.as_of)
    with mock.patch.object(figures, "finish", seen), speaking(language):
        return shown_by(name, spoken)


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_english_word_is_left(name, book, names):
    drawn: list[str] = []
    blocks = [block for one in in_language(name, book, "zh", drawn) for block in one.told]
    said = [*drawn, *(text for block in blocks for text in texts(block))]
    left = {
        text[:120]: words
        for text in said
        if (words := [w for w in WORD.findall(CODE.sub("", text)) if w.lower() not in names])
    }
    assert len(said) > 1000 and not left, "\n".join(f"{w}: {t}" for t, w in left.items())


@pytest.mark.skipif(not WHOLE, reason="minutes: make chinese")
@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_and_names_are_the_same_in_both_languages(name, book):
    both = [in_language(name, book, language, []) for language in ("en", "zh")]
    for one, other in zip(*both, strict=True):
        assert numbers(one.told) == numbers(other.told), type(one.result).__name__


def numbers(told) -> list[str]:
    """Names and numbers of results.json, and the sizes of tables."""
    found = []
    for block in told:
        if block["type"] == "record":
            plain = [{k: v for k, v in kpi.items() if k != "why"} for kpi in block["kpis"]]
            found.append(json.dumps([block["section"], plain], default=str))
            found += [str([c[0] for c in s["columns"]]) for s in block["worksheets"]]
        elif block["type"] == "table":
            found.append(str((len(block["rows"]), len(block["head"]), block["align"])))
    return found
