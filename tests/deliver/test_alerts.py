"""Alerts: lines crossed, worked by hand."""

import pytest

from playbook.base.errors import SettingsProblem
from playbook.base.settings import parse_settings
from playbook.base.settings.alerts import Alert
from playbook.deliver.alerts import crossed


def results(value, unit="share", month="2023-09", by=None, name="win_rate.narrow"):
    kpi = {"name": name, "window": "month", "by": by, "value": value, "unit": unit}
    return {"currency": "CNY", "month": month, "kpis": [kpi]}


def told(value, earlier=None, unit="share", **alert):
    given = Alert(number="win_rate.narrow", **alert)
    before = None if earlier is None else results(earlier, unit, "2023-08")
    return [(one.state, one.text) for one in crossed([given], results(value, unit), before)]


NAME = "win_rate.narrow (month)"


@pytest.mark.parametrize(
    ("value", "earlier", "alert", "expected"),
    [
        (0.19, None, {"below": 0.2}, ("crossed", f"{NAME} is 19.0 %: below 20.0 %")),
        (0.2, None, {"below": 0.2}, None),  # on the line is not beyond it
        (0.2, None, {"above": 0.2}, None),
        (0.21, None, {"above": 0.2}, ("crossed", f"{NAME} is 21.0 %: above 20.0 %")),
        (
            0.19,
            0.18,
            {"below": 0.2},
            ("still", f"{NAME} is 19.0 %: below 20.0 %, as in the last pack"),
        ),
        (0.19, 0.21, {"below": 0.2}, ("crossed", f"{NAME} is 19.0 %: below 20.0 %")),
        # of shares the points: 0.21 to 0.31 is 10 points, 48 % of its value
        (
            0.31,
            0.21,
            {"changes_by": 0.1},
            ("crossed", f"{NAME} is 31.0 %: was 21.0 % in 2023-08, moved by 0.1 or more"),
        ),
        (0.30, 0.21, {"changes_by": 0.1}, None),
        (0.31, None, {"changes_by": 0.1}, None),  # nothing to compare with
    ],
)
def test_what_is_told(value, earlier, alert, expected):
    assert told(value, earlier, **alert) == ([expected] if expected else [])


def test_of_amounts_the_share_of_what_was():
    alert = Alert(number="sales", changes_by=0.1)

    def states(now, before):
        found = crossed(
            [alert],
            results(now, "CNY", name="sales"),
            results(before, "CNY", "2023-08", name="sales"),
        )
        return [one.state for one in found]

    assert states(110, 100) == ["crossed"] and states(109, 100) == []
    assert states(-90, -100) == ["crossed"]  # a tenth of what was, whatever its sign
    assert states(1, 0) == ["crossed"] and states(0, 0) == []


@pytest.mark.parametrize("value", [None, float("nan"), "many", True])
def test_a_number_that_is_absent_is_told_as_such_and_never_as_well(value):
    assert told(value, below=0.2) == [("unknown", f"{NAME} is not available in this pack")]
    assert crossed([Alert(number="sales", below=1)], {"kpis": []}, None)[0].state == "unknown"


def test_a_split_is_another_number():
    alert = Alert(number="win_rate.narrow", by={"region": "East"}, below=0.2)
    east = results(0.1, by={"region": "East"})
    assert [one.text for one in crossed([alert], east, None)] == [
        "win_rate.narrow (month, region East) is 10.0 %: below 20.0 %"
    ]
    assert crossed([alert], results(0.1), None)[0].state == "unknown"
    assert crossed([alert], results(0.1, by={"region": "West"}), None)[0].state == "unknown"


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        ({"number": "win_rate.narow", "below": 1}, "did you mean 'win_rate.narrow'"),
        ({"number": "sales"}, "needs below, above or changes_by"),
        ({"number": "sales", "below": 2, "above": 1}, "every value would be told"),
        ({"number": "sales", "changes_by": 0}, "greater than 0"),
        ({"number": "sales", "below": 1, "audience": "nobody"}, "no audience 'nobody'"),
    ],
)
def test_alerts_that_cannot_be_followed_are_refused(alert, words):
    with pytest.raises(SettingsProblem) as caught:
        parse_settings({"alerts": [alert]})
    assert words in str(caught.value)
