"""Customers that stand exactly at the edge of what a page tells of them."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from playbook import segments
from playbook.base.formats import Formats
from playbook.base.periods import Month, Window
from playbook.base.settings import SegmentSettings
from playbook.methods.likelihood import Fit
from playbook.page import Missing
from playbook.segments.actions import gather
from playbook.segments.actions.promises import FREQUENCY
from playbook.segments.actions.renewal_talks import renewal_talks
from playbook.segments.care.attention import rhythm_settings
from playbook.segments.care.tier_targets import missed_text
from playbook.segments.explore import FACTORS, _by_threshold, _rows_and_totals, redraw
from playbook.segments.population import Population, population
from playbook.segments.stay.ahead_note import ahead_note
from playbook.segments.stay.buying import parameter_table
from playbook.segments.stay.contract_life import ContractLife
from playbook.segments.stay.contract_lines import LEFT
from playbook.segments.stay.holdout import Holdout
from playbook.segments.stay.retention import Retention
from playbook.segments.value.large import classify
from playbook.segments.value.movement import _with_refund
from playbook.segments.value.rfm import Rfm
from playbook.segments.value.sizes import CLOSE, COOLING, DORMANT, Sizes
from playbook.segments.value.tiers import Tiers
from toy import toy

FMT = Formats("EUR", "en")


def test_just_below_is_the_last_tenth_before_an_edge_and_the_edge_itself_is_above():
    net = [1000.0, 999.0, 900.0, 899.99, 500.0, 450.0, 449.0, 460.0]
    people = pd.DataFrame({"customer_id": list("ABCDEFGH"), "net_year": net})
    edges = SimpleNamespace(lower=[1000, 500, 0])
    found = Tiers._just_below(SimpleNamespace(edges=edges, customers=people))
    assert found[["customer_id", "missing"]].values.tolist() == [
        ["B", 1.0],
        ["H", 40.0],
        ["F", 50.0],
        ["C", 100.0],
    ]


@pytest.mark.parametrize(("high", "missed"), [(0.6, False), (0.599, True)])
def test_a_target_at_the_end_of_the_interval_is_not_missed(high, missed):
    rows = pd.DataFrame(
        [{"tier": "key", "repurchase": 0.5, "repurchase_target": 0.6, "high": high}]
    )
    assert ("fall short" in missed_text(rows, FMT)) is missed
    none = rows.assign(repurchase=0.6, high=0.7)  # exactly on target: nothing is short
    assert "by more than chance" not in missed_text(none, FMT)


def test_a_contract_that_ended_as_long_ago_as_actions_are_kept_is_still_listed():
    """Actions are kept 90 days: of three contracts that ended 91, 90 and 0 days before 31 March
    2023 two are talked about as lapsed.
    """
    book = toy(
        month="2023-03",
        settings={"segments": {"actions_days": 90}},
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-01-01 2022-12-30 10
            K2          C2          2022-01-01 2022-12-31 20
            K3          C3          2022-04-01 2023-03-31 30
            K4          C4          2022-04-02 2023-04-01 40
            K5          C5          2023-03-31 2024-03-30 50
        """,
    )
    found = renewal_talks(book, gather._people(book))
    assert found["customer_id"].tolist() == ["C2", "C3", "C4", "C5"]
    assert found["worth"].tolist() == [20, 30, 40, 50]
    assert [str(one).split(":")[0] for one in found["action"]] == [
        "Contract lapsed",
        "Contract lapsed",
        *["Yearly value report, then the renewal talk"] * 2,
    ]


def test_nobody_is_silent_where_nothing_tells_who_buys(monkeypatch):
    book = toy(
        contracts="""
            contract_id customer_id start      end        annual_value
            K1          C1          2022-01-01 2022-12-30 10
        """,
    )
    assert isinstance(segments.calls(book), Missing)
    assert gather._silent(book).empty
    monkeypatch.setattr(gather, "calls", lambda book: SimpleNamespace(table=pd.DataFrame()))
    assert list(gather._silent(book)) == list(gather.CustomerEvents.names())


def test_customers_by_month_are_close_cooling_or_dormant():
    rows = [
        ("2023-05", "champions", 3, False),
        ("2023-05", "loyal", 4, False),
        ("2023-05", "at risk", 5, True),
        ("2023-05", DORMANT, 6, True),
        ("2023-06", "champions", 7, False),
        ("2023-06", DORMANT, 8, False),
    ]
    table = pd.DataFrame(rows, columns=["month", "segment", "customers", "save"])
    months = (Month(2023, 5), Month(2023, 6), Month(2023, 7))
    found = Sizes.groups(SimpleNamespace(table=table, months=months))
    assert found.fillna(-1).to_dict("index") == {
        "2023-05": {CLOSE: 7, COOLING: 5, DORMANT: 6},
        "2023-06": {CLOSE: 7, COOLING: -1, DORMANT: 8},
        "2023-07": {CLOSE: -1, COOLING: -1, DORMANT: -1},
    }


def test_words_for_how_often_part_a_year_evenly():
    times = {
        52: ["weekly", "每周"],
        12: ["monthly", "每月"],
        6: ["every two months"],
        4: ["quarterly", "每季度", "每季"],
        2: ["half-yearly", "每半年"],
        1: ["yearly", "annual", "annually", "每年"],
    }
    assert {word: round(365 / n) for n, words in times.items() for word in words} == FREQUENCY


# -- what a line decides of counts and words


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (0, ""),
        (1, " 1 contract that ends before it starts is left out."),
        (2, " 2 contracts that end before they start are left out."),
    ],
)
def test_contracts_left_out_are_told_where_there_are_some(wrong, text):
    year = {"group": "All", "years": 2, "running": 0.5, "left": 0.25}
    table = pd.DataFrame([{**year, "left_low": 0.1, "left_high": 0.4}])
    lines = pd.DataFrame({"cause": [LEFT, LEFT, 0, 0]})
    made = ContractLife.reading(SimpleNamespace(table=table, lines=lines, fmt=FMT, wrong=wrong))
    assert made == (
        "2 years after their first contract began 50.0 % of the lines still run; 25.0 % have left"
        f" (95 % 10.0–40.0 %). 2 of 4 lines have ended with the customer leaving.{text}"
    )


def test_classes_of_large_books_hold_whoever_bought_for_more_than_nothing():
    """90, 9, a half and a cent of 99.51; nothing and a refund are in no class."""
    value = [90.0, 9.0, 0.5, 0.01, 0.0, -3.0, None]
    sums = pd.DataFrame({"customer_id": list("ABCDEFG"), "net_year": value, "net_rfm": value})
    sums["orders_rfm"] = 1
    sums["last_rfm"] = pd.Timestamp("2023-06-01")
    made = classify(sums, date(2023, 6, 30), SegmentSettings())
    assert sum(made["abc"].values()) == 4
    assert sum(made["tiers"].values()) == 5  # a refund counts in its tier
    assert sum(made["cells"].values()) == 4


@pytest.mark.parametrize(
    ("first", "days"),
    [(None, 181), ("2023-05-31", 31), ("2023-06-01", 30), ("2023-06-02", 30), ("2022-12-01", 181)],
)
def test_a_window_is_observed_for_thirty_days_at_least(first, days):
    covered = None if first is None else date.fromisoformat(first)
    window = Window("rfm", date(2023, 1, 1), date(2023, 6, 30))
    people = SimpleNamespace(window=window, covered_from=covered, as_of=date(2023, 6, 30))
    assert Population.observed_days.fget(people) == days


def test_parameters_are_told_in_thousandths_and_the_likelihood_in_tenths():
    fit = Fit(("r", "alpha"), (0.24341, 4.41449), (0.01234, None), -9582.4292, 2357, True)
    made = parameter_table(fit, None, "n = 2,357", FMT)
    cells = [[cell["text"] for cell in row] for row in made.data()["rows"]]
    assert [(row[0], *row[2:]) for row in cells] == [
        ("r", "0.243", "0.012"),
        ("alpha", "4.414", "–"),
    ]
    assert made.note == "maximum likelihood, log-likelihood −9,582.4 · n = 2,357"


@pytest.mark.parametrize(
    ("days", "longest", "told"),
    [
        ([1, 2, 29, 40], 29, "75 % of the scored customers ordered within 29 d: "),
        ([1, 2, 30, 40], 29, ""),  # half of them
        ([1, 2, 3, 4], 29, "100 % of the scored customers ordered within 29 d: "),
        ([1, 2, 29, 40], 30, ""),  # as long as that, a pause says something
    ],
)
def test_where_three_in_four_bought_within_days_a_pause_is_no_sign_of_leaving(days, longest, told):
    table = pd.DataFrame({"recency_days": [*days, 1.0, 1.0], "r": [1, 1, 2, 3, None, None]})
    people = SimpleNamespace(recency=(7, longest))
    made = Rfm._quick_text(SimpleNamespace(thresholds=people, customers=table, fmt=FMT))
    assert bool(made) is bool(told) and made.startswith(told)


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (["customer"], ["class_days"]),
        (["lead"], ["intent_days"]),
        (["lead", "customer"], ["class_days", "intent_days"]),
        ([], []),
    ],
)
def test_the_settings_of_a_rhythm_are_those_of_whom_it_holds(kinds, names):
    assert rhythm_settings(pd.DataFrame({"kind": kinds})) == names


def test_fifteen_actions_stand_on_the_first_table():
    """Sixteen contracts that end in April."""
    lines = [f"K{i:02d} C{i:02d} 2022-04-{i} 2023-04-{i} {100 + i}" for i in range(10, 26)]
    book = toy(
        month="2023-03",
        leads="lead_id created\nL1 2023-03-31",
        contracts="contract_id customer_id start end annual_value\n" + "\n".join(lines),
    )
    made = segments.actions(book)
    assert len(made.table) == 16 and len(made.tables()[0].rows) == 15


@pytest.mark.parametrize(
    ("model", "naive", "told"),
    [
        (0.5, 0.61, "the model was closer (mean error 0.50 against 0.61)."),
        (
            0.604,
            0.596,
            "neither was closer (mean error 0.60 against 0.60). For single customers the simple"
            " rule did as well.",
        ),
        (
            0.61,
            0.5,
            "“same as last period” was closer (mean error 0.61 against 0.50). Use the ranking with"
            " care: for single customers the simple rule did better.",
        ),
    ],
)
def test_which_rule_came_closer_for_single_customers(model, naive, told):
    made = Holdout(pd.DataFrame(), 90, date(2023, 4, 1), 40, 50.0, 30, model, naive)
    assert made.verdict(FMT) == (
        "In the 90 d held back, 40 purchases happened where the model expected 50 (+25.0 %) and"
        f" “same as last period” 30; per customer {told}"
    )


def test_a_refund_of_the_day_compared_with_was_known_then():
    orders = """
        order_id date       customer_id amount kind
        O1       2023-03-01 C1          100    new
        O2       2023-03-31 C1          -10    refund
        O3       2023-04-01 C2          -10    refund
        O4       2023-04-02 C3          50     new
        O5       2023-04-30 .           -5     refund
    """
    book = toy(orders=orders, month="2023-04")
    assert _with_refund(book, date(2023, 3, 31)) == {"C2"}
    assert _with_refund(book, date(2023, 3, 30)) == {"C1", "C2"}


def test_a_page_without_kernel_moves_days_and_amounts_but_never_how_often():
    """Ten customers of one to ten orders each: every pair of factors as the sliders draw it."""
    lines = [f"O{c}{n} 2023-06-{28 - c - n:02d} C{c} {10 * c}" for c in range(10) for n in range(c)]
    last = ["O 2023-06-29 C0 5"]
    book = toy(orders="\n".join(["order_id date customer_id amount", *lines, *last]))
    people, scored = population(book), segments.rfm(book)
    (made,) = _by_threshold(people, scored)
    tiers, still = segments.tiers(book), {"frequency": 1.0, "segment": "champions"}
    for i, days in enumerate(FACTORS.values()):
        for j, money in enumerate(FACTORS.values()):
            drawn = redraw(people, scored, tiers, 5, recency=days, monetary=money, **still)[0]
            assert made.versions[f"{i}-{j}"] == _rows_and_totals({"x": drawn})["x"]
    often = redraw(people, scored, tiers, 5, recency=1.0, monetary=1.0, **still | {"frequency": 2})
    assert often[0].rows != scored.segment_table().rows  # how often matters here


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (0, None),
        (1, " 1 customer with a net amount of zero or less over all data is expected"),
        (2, " 2 customers with a net amount of zero or less over all data are expected"),
    ],
)
def test_who_had_everything_back_is_told_in_number(returned, said):
    spread = SimpleNamespace(text=lambda: "")
    text = ahead_note(True, False, returned, 0.0, 0, "", spread, FMT)
    assert (said in text) if said else "zero or less" not in text


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (-1.0, "; no revenue of theirs to compare, refunds took all of it"),
        (0.0, "; no revenue of theirs to compare, refunds took all of it"),
        (0.5, "; by their orders they brought 80.0 % of their earlier revenue"),
    ],
)
def test_revenue_is_kept_of_what_was_above_nought(start, said):
    found = SimpleNamespace(total={"start": start, "nrr": 0.8, "grr": 0.8}, fmt=FMT)
    assert Retention._money_text(found) == said


@pytest.mark.parametrize(("many", "kinds"), [(30, ["All", "large"]), (29, ["All"])])
def test_a_kind_of_customer_has_a_curve_of_its_own_from_thirty_lines_on(many, kinds):
    """Ten small ones left after a year, large ones run on; one begins in the last month."""
    rows = [
        {"contract_id": f"L{n}", "customer_id": f"L{n}", "start": "2021-01-01", "end": "2023-12-31"}
        for n in range(many)
    ]
    rows += [
        {"contract_id": f"S{n}", "customer_id": f"S{n}", "start": "2021-01-01", "end": "2021-12-31"}
        for n in range(10)
    ]
    now = {"contract_id": "N", "customer_id": "N", "start": "2023-06-01", "end": "2024-05-31"}
    rows.append(now)
    made = segments.contract_life(
        toy(
            month="2023-06",
            contracts=[row | {"annual_value": 10} for row in rows],
            customers=[
                {
                    "customer_id": row["customer_id"],
                    "customer_type": "large" if row["customer_id"][0] == "L" else "small",
                }
                for row in rows
            ],
        )
    )
    assert list(made.curves) == kinds
    if "large" in kinds:
        left, _ = made.curves["large"]
        assert left.n == many and left.at(366)[0] == 0
        everyone, _ = made.curves["All"]
        assert everyone.at(366)[0] == pytest.approx(10 / (many + 10))
