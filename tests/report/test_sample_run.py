"""The sample company's run: everything it should produce is produced, under the names promised, and
reads as it was reviewed.
"""

from __future__ import annotations

import math
import re

import pytest
from nbformat import read

from chapter_checks import agreed
from playbook.base.periods import WINDOWS
from playbook.base.vocabulary import METRICS, STAGES
from playbook.report.run.worker import records
from reviewed import compare, headlines


def kinds(run, field: str) -> set:
    return {kpi[field] for kpi in run.results["kpis"]}


def test_names_of_results_and_vocabulary_are_the_same(sample_run):
    produced = kinds(sample_run, "name")
    assert not produced - set(METRICS), "produced and not in the vocabulary"
    assert not set(METRICS) - produced, "in the vocabulary and never produced"


def test_numbers_are_as_the_vocabulary_says(sample_run):
    for kpi in sample_run.results["kpis"]:
        metric = METRICS[kpi["name"]]
        assert (
            kpi["stage"] == metric.stage and kpi["stage"] in STAGES and kpi["window"] in WINDOWS
        ), kpi
        if metric.unit != "own" and "metric" not in (
            kpi["by"] or {}
        ):  # a target may be of customers or deals as well as of money
            assert kpi["unit"] == (
                sample_run.results["currency"] if metric.unit == "money" else metric.unit
            ), kpi
        assert set(kpi["by"] or {}) <= set(metric.by), kpi
        assert (kpi["value"] is None) == ("why" in kpi), kpi


def test_intervals_hold_their_values_and_shares_their_counts(sample_run):
    for kpi in sample_run.results["kpis"]:
        if kpi["value"] is not None:
            low, high = (
                bound if kpi[end] is None else kpi[end]
                for end, bound in (("low", -math.inf), ("high", math.inf))
            )  # a median may have no upper end
            assert low <= kpi["value"] + 1e-9 and kpi["value"] <= high + 1e-9, kpi
        if kpi["method"] == "Wilson 95 %" and kpi["denominator"]:
            assert kpi["value"] == pytest.approx(kpi["numerator"] / kpi["denominator"]), kpi


def test_no_number_is_given_twice_differently(sample_run):
    assert not [
        warning
        for warning in sample_run.manifest["warnings"]
        if "one value for one name" in warning["expected"]
    ]


# What lost deals were offered is not on record there, so nothing can be said of discounts and wins.
UNKNOWN = {"discount-wins"}


def test_no_section_of_the_sample_is_missing_and_nothing_warns(sample_run):
    for name, told in sample_run.results["notebooks"].items():
        assert told["status"] == "ok" and told["sections"], name
        assert not {
            section: status
            for section, status in told["sections"].items()
            if status != "ok" and section not in UNKNOWN
        }, name
    assert not sample_run.manifest["print_warnings"]


def test_pages_hold_no_raw_objects(sample_run):
    for path in sample_run.folder.glob("client/*.html"):
        page = re.sub(
            r"<(svg|style|script).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        assert not re.search(
            r"&lt;\w+(\.\w+)* (object )?at 0x|Traceback|NaN\b|\bnan\b|\bNaT\b|DataFrame", page
        ), path.name


def test_the_sample_says_one_thing_once(sample_run):
    assert not agreed(sample_run.results["kpis"])


def test_headlines_of_a_normal_month(sample_run, request):
    told = {
        path.stem: [record.get("headline") for record in records(read(path, 4))]
        for path in sample_run.folder.glob("*.ipynb")
    }
    compare(headlines(told), f"sample-{sample_run.results['month']}", request)
