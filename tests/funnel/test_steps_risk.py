"""Deals at risk: silence measured, signs counted, and what silence went with."""

import pandas as pd
import pytest

from playbook import funnel
from playbook.data.measures.deals import deals_of
from playbook.data.measures.silence import (
    decided_contacts,
    longest_silences,
    quiet_days,
    silent_at,
)
from toy import toy

STAGES = {"book": {"stages": ["lead", "won"]}, "funnel": {"min_group": 2}}
DEALS = """
    opportunity_id created    closed     outcome stage lead_id
    D1             2024-01-01 2024-01-31 won     won   .
    D2             2024-01-01 2024-01-21 lost    lead  L2
    O1             2024-01-01 .          open    lead  .
    O2             2024-01-10 .          open    lead  L4
    O3             2024-01-20 .          open    lead  .
"""
# D1: days 1, 6, 21, closed on 31: silences of 5, 15 and 10. D2 by its lead on 5: 4 and 16.
CONTACTS = """
    activity_id date       rep_id kind opportunity_id lead_id
    A1          2024-01-06 R      call D1             .
    A2          2024-01-21 R      call D1             .
    A3          2024-01-05 R      call .              L2
    A4          2024-01-11 R      call O1             .
    A5          2023-12-20 R      call .              L4
    A6          2024-02-05 R      call D1             .
"""


@pytest.fixture(scope="module")
def book():
    return toy(month="2024-01", settings=STAGES, opportunities=DEALS, activities=CONTACTS)


def test_days_since_the_last_contact(book):
    """31 January: O1 since the 11th; O2's only contact was before it began, so since the 10th;
    O3 was never called.
    """
    rows = quiet_days(deals_of(book), book).set_index("opportunity_id")
    assert rows.quiet.to_dict() == {"O1": 20, "O2": 21, "O3": 11}
    assert rows.contacts.to_dict() == {"O1": 1, "O2": 1, "O3": 0}


def test_the_longest_silence_of_decided_deals(book):
    """The call of 5 February is after D1 closed: not known, and no silence of it."""
    rows = longest_silences(decided_contacts(deals_of(book), book, 0))
    assert rows.set_index("opportunity_id").longest.to_dict() == {"D1": 15, "D2": 16}


def test_silence_is_compared_at_one_age():
    """At 10 days: a spoke on day 8 (2 days silent), b last on day 1 (9), c never (10); d was
    decided by then.
    """
    rows = pd.DataFrame(
        [
            ("a", "won", 0, 30, 8.0),
            ("a", "won", 0, 30, 12.0),
            ("b", "lost", 0, 30, 1.0),
            ("c", "lost", 0, 30, None),
            ("d", "won", 0, 10, 1.0),
        ],
        columns=["opportunity_id", "outcome", "born", "end", "day"],
    )
    found = silent_at(rows, 10, 8).set_index("opportunity_id")
    assert found.silent.to_dict() == {"a": False, "b": True, "c": True}
    spoken = silent_at(rows, 12, 3).set_index("opportunity_id")
    assert spoken.silent["a"] == False  # noqa: E712 - a contact on that very day breaks silence


def company(won_silent: int, won_spoken: int, silent: int = 40):
    """Deals of 40 days, some silent from day 1 on, 40 called every five days; so many were won. One
    open deal is silent for 59 days and past its day, one was called yesterday.
    """
    rows, calls = [], []
    for kind, wins, n in (("S", won_silent, silent), ("C", won_spoken, 40)):
        for i in range(n):
            name, born = f"{kind}{i}", pd.Timestamp("2024-01-02") + pd.Timedelta(days=i)
            outcome = "won" if i < wins else "lost"
            rows.append(
                dict(opportunity_id=name, created=born, closed=born + pd.Timedelta(days=40))
                | dict(outcome=outcome, stage=outcome if outcome == "won" else "lead", amount=100)
            )
            days = [1] if kind == "S" else range(1, 40, 5)
            calls += [(name, born + pd.Timedelta(days=d)) for d in days]
    for name, day in (("O1", "2024-02-01"), ("O2", "2024-03-30")):
        rows.append(
            dict(opportunity_id=name, created="2024-02-01", outcome="open", stage="lead")
            | dict(amount=100, expected_close="2024-03-01" if name == "O1" else "2024-05-01")
        )
        calls.append((name, pd.Timestamp(day)))
    acts = [
        dict(activity_id=f"A{i}", date=day, rep_id="R", kind="call", opportunity_id=deal)
        for i, (deal, day) in enumerate(calls)
    ]
    return toy(month="2024-03", settings=STAGES, opportunities=rows, activities=acts)


def test_signs_are_counted_and_silence_is_told():
    """4 of 40 silent deals were won, 36 of 40 that were called every five days; at 20 days all are
    undecided.
    """
    found = funnel.deal_risk(company(4, 36))
    assert found.total == 2 and found.levels.signs.tolist() == [1, 3]
    row, other = found.table.to_dict("records")
    assert row["opportunity_id"] == "O1" and row["quiet"] == 59
    assert row["why"] == "silent for 59 d; 59 d in lead, limit 40 d; was expected on 1 Mar 2024"
    assert other["why"] == "59 d in lead, limit 40 d" and other["quiet"] == 1
    assert (found.silent.numerator, found.silent.n) == (4, 40)
    assert (found.spoken.numerator, found.spoken.n) == (36, 40)
    assert "of the silent ones were won later" in found.reading()
    assert "within chance" not in found.reading()
    assert found.headline() == "Open deals with a sign of risk: 100.0 % (2 of 2)"


def test_no_difference_is_called_chance():
    found = funnel.deal_risk(company(3, 12, silent=10))
    assert "a difference within chance." in found.reading()
    assert found.age == 20


def test_without_contacts_silence_is_not_told():
    found = funnel.deal_risk(toy(month="2024-01", settings=STAGES, opportunities=DEALS))
    assert found.limit is None and found.quiet == 0
    assert "Silence cannot be told: no contact names a deal or a lead." in found.reading()
    assert "won deals never had to" not in found.reading()


def test_no_open_deal():
    rows = "\n".join(DEALS.splitlines()[:4])
    found = funnel.deal_risk(toy(month="2024-01", settings=STAGES, opportunities=rows))
    assert found.reading() == "No deal is open." and found.headline() == ""
    assert found.tables() == [] and found.worksheets() == []
