"""playbook.toml: defaults, refusals with suggestions, all problems at once."""

import pytest

from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.base.language import named, speaking
from playbook.base.params import NOTEBOOKS, Goals
from playbook.base.settings import Settings, load_settings, parse_settings, settings_help


def test_an_empty_toml_is_all_defaults():
    assert parse_settings({}) == Settings()


def test_every_setting_has_a_line_of_help():
    assert [key for key, _, help_ in settings_help() if not help_] == []


@pytest.mark.parametrize(
    ("raw", "place", "hint"),
    [
        ({"book": {"curency": "CNY"}}, "book.curency", "did you mean 'currency'"),
        ({"bok": {}}, "bok", "did you mean 'book'"),
        ({"segments": {"rfm_month": 24}}, "segments.rfm_month", "did you mean 'rfm_months'"),
        ({"sources": {"a": {"fil": "x.csv"}}}, "sources.a.fil", "did you mean 'file'"),
        (
            {"tables": {"orders": {"from": "a", "column": {}}}},
            "tables.orders.column",
            "did you mean 'columns'",
        ),
    ],
)
def test_an_unknown_key_is_refused_with_a_suggestion(raw, place, hint):
    with pytest.raises(SettingsProblem) as caught:
        parse_settings(raw)
    assert place in str(caught.value) and hint in str(caught.value)


def test_all_problems_come_at_once():
    with pytest.raises(SettingsProblem) as caught:
        parse_settings(
            {"book": {"currency": "yuan", "fiscal_year_start": 13}, "funnel": {"margin": 7}}
        )
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "raw",
    [
        {"segments": {"tiers": {"names": ["a", "b"], "lower": [1, 2]}}},  # edges must fall
        {"segments": {"tiers": {"names": ["a", "b"], "lower": [2, 1]}}},  # nothing below 1
        {"segments": {"recency_days": [1, 2, 3]}},  # three edges make four scores
        {"book": {"stages": ["lead", "lead"]}},
        {"sources": {"a": {}}},
        {"sources": {"a": {"database": "duckdb:///x"}}},
        {"tables": {"orders": {"from": "a", "sql": "SELECT 1"}}},
    ],
)
def test_contradictory_settings_are_refused(raw):
    with pytest.raises(SettingsProblem):
        parse_settings(raw)


def test_a_book_without_its_toml_says_where_it_looked(tmp_path):
    with pytest.raises(SettingsProblem, match=r"no playbook\.toml"):
        load_settings(tmp_path)


def test_a_toml_that_is_none_says_where_it_breaks(tmp_path):
    (tmp_path / "playbook.toml").write_text("[book\n")
    with pytest.raises(SettingsProblem, match="not readable as TOML"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"mnth": "2023-06"}, "did you mean 'month'"),
        ({"month": "2023-13"}, "YYYY-MM"),
        ({"probability": 8}, "probability"),
        ({"month": 202306}, "month"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(values, hint):
    with pytest.raises(ParameterProblem, match=hint):
        Goals.check(values)


def test_defaults_of_every_notebook_are_valid():
    for model in NOTEBOOKS.values():
        assert model.check({}).changed() == {}


@pytest.mark.parametrize(
    ("toml", "place", "expected"),
    [
        ('[book]\nname = ".."', "book.name", "a folder"),
        ('[book]\nname = "  "', "book.name", "a folder"),
        ('[book]\nstages = ["a", " "]', "book.stages", "no name"),
        ('[book]\nholidays = "ZZ"', "book.holidays", "country code"),
        ("[segments]\nabc_value = [0.95, 0.8]", "segments.abc_value", "rise"),
        ("[segments]\nabc_value = [0.8, 1.5]", "segments.abc_value", "between 0 and 1"),
        ("[segments]\nabc_heads = [0.5, 0.5, 0.5]", "segments.abc_heads", "sum to 1.5"),
        (
            '[segments]\ntiers = { names = ["a", "a"], lower = [5, 0] }',
            "segments.tiers",
            "name of its own",
        ),
        (
            '[segments]\ntiers = { names = ["a", "b"], lower = [nan, 0] }',
            "segments.tiers",
            "numbers that fall",
        ),
        ("[segments]\nfit_shares = [80, 40]", "segments.fit_shares", "80 % written 0.8"),
        ("[segments]\nfit_shares = [0.4, 0.8]", "segments.fit_shares", "falling"),
        ("[segments]\nfit_totals = [10, 20]", "segments.fit_totals", "falling"),
        ("[segments]\nintent_days = [7, 14, 0]", "segments.intent_days", "above 0"),
        ("[funnel]\nhorizons = [90, 30]", "funnel.horizons", "rise"),
        ("[funnel]\nhorizons = [-5]", "funnel.horizons", "1 or more"),
        (
            (
                '[[goals.adjustments]]\ndate = 2023-01-01\nperiod = "2023-Q9"\ntarget = 5\nreason'
                ' = "x"'
            ),
            "goals.adjustments.0.period",
            "2023-Q1",
        ),
        ('[incentives]\nplan = "x"', "", "there are none"),
    ],
)
def test_a_setting_that_would_give_a_silent_number_is_refused(tmp_path, toml, place, expected):
    (tmp_path / "playbook.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsProblem) as refused:
        load_settings(tmp_path)
    told = refused.value.problems[0]
    assert told.column == place and expected in f"{told.expected} {told.found}", str(told)


@pytest.mark.parametrize(
    ("raw", "found", "expected"),
    [
        (
            {"incentives": {"plan": "q"}},
            "incentives.plan = 'q' is no commission plan",
            "agree with each other",
        ),
        (
            {"book": {"currency": "Euro"}},
            "book.currency = 'Euro'",
            "three capital letters, such as EUR",
        ),
        ({"book": {"currency": "€€€"}}, "book.currency", "three capital letters"),
        ({"book": {"name": "a\\b"}}, "book.name", "without / and \\"),
    ],
)
def test_a_refusal_says_what_was_found_in_words(raw, found, expected):
    with pytest.raises(SettingsProblem) as caught:
        parse_settings(raw)
    (problem,) = caught.value.problems
    assert found in problem.found and expected in problem.expected


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ({"sources": {"a": {"file": "x", "delimiter": "ab"}}}, "sources.a.delimiter", "one char"),
        ({"sources": {"a": {"file": "x", "delimiter": '"'}}}, "sources.a.delimiter", "one char"),
        ({"sources": {"a": {"file": "x", "delimiter": "e"}}}, "sources.a.delimiter", "no letter"),
        ({"sources": {"a": {"file": "x"}, "A": {"file": "y"}}}, "sources", "differ by case only"),
        ({"sources": {" ": {"file": "x"}}}, "sources", "visible characters"),
        ({"book": {"name": "CON"}}, "book.name", "Windows"),
        ({"book": {"name": "a\nb"}}, "book.name", "line breaks"),
        ({"book": {"name": "x" * 81}}, "book.name", "at most 80"),
        ({"book": {"covers": {"orders": []}}}, "book.covers", "takes a first day"),
        (
            {"book": {"covers": {"orders": ["2023-02-01", "2023-01-01"]}}},
            "book.covers",
            "begins after it ends",
        ),
        ({"book": {"bad_rows": 0.5}}, "book.bad_rows", "less than or equal to 0.2"),
        ({"book": {"fiscal_year_name": "middle"}}, "book.fiscal_year_name", "'start' or 'end'"),
    ],
)
def test_settings_that_could_not_be_followed_are_refused(raw, place, words):
    with pytest.raises(SettingsProblem) as caught:
        parse_settings(raw)
    (problem,) = caught.value.problems
    assert problem.column == place and words in problem.expected


def test_a_book_without_a_name_is_called_by_its_folder(tmp_path):
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "playbook.toml").write_text('[book]\ncurrency = "EUR"\n')
    (tmp_path / "north" / "named.toml").write_text('[book]\nname = "mine"\n')
    names = [load_settings(tmp_path / one).book.name for one in ("north", "south")]
    assert names == ["north", "south"]
    assert load_settings(tmp_path / "north" / "named.toml").book.name == "mine"


def test_what_contradicts_itself_is_said_in_whole_sentences_of_the_language():
    band = [{"lower": 0, "rate": 0.1}]
    plans = [
        {"name": "a", "starts": "2023-01-01", "tiers": band, "excess": "later"},
        {"name": "b", "starts": "2023-03-01", "tiers": band, "reps": ["R1"]},
        {"name": "c", "starts": "2023-01-01", "ends": "2022-12-31", "tiers": band, "floor": 2}
        | {"cap": 1},
    ]
    raw = {"commission_plans": plans, "audiences": {"all": {"kind": "rep"}}}
    with speaking("zh"), pytest.raises(SettingsProblem) as caught:
        parse_settings(raw)
    said = [problem.found + problem.expected for problem in caught.value.problems]
    told = "\n".join(said)
    for part in (
        "方案“a”：excess = 'later'需要给cap",
        "方案“c”：保底2高于封顶1；方案“c”止于2022-12-31，早于起始日2023-01-01",
        "销售只看一部分：请给see或each；销售只看自己的数据：请给each",
        "方案“a”与“b”在自2023-03-01起的每一天同时适用于“b”的人员：给“a”写ends = 2023-02-28，",
    ):
        assert part in told, told


def test_a_plan_paid_the_other_way_is_called_so_in_the_language():
    with speaking("zh"):
        assert (named("East (whole-amount)"), named("East (marginal)")) == (
            "East（全额计提）",
            "East（分档计提）",
        )
