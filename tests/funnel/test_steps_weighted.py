"""The weighted pipeline and whether given chances came true, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from toy import toy

STAGES = {"book": {"stages": ["lead", "won"]}}


def company(*open_deals, snapshots=None, **tables):
    """Of four decided deals one was won; no entry to a stage is dated."""
    rows = [
        dict(opportunity_id="W", created="2024-01-02", closed="2024-01-12", outcome="won")
        | dict(stage="won", amount=100),
        *(
            dict(opportunity_id=f"L{i}", created="2024-01-02", closed="2024-01-20", outcome="lost")
            | dict(stage="lead")
            for i in range(3)
        ),
        *(
            dict(created="2024-01-25", outcome="open", stage="lead", opportunity_id=f"O{i}") | deal
            for i, deal in enumerate(open_deals)
        ),
    ]
    if snapshots is not None:
        tables["snapshots"] = snapshots
    return toy(month="2024-01", settings=STAGES, opportunities=rows, **tables)


def test_amounts_times_the_share_won():
    """1,000 at 1 of 4 (the deal has stood 6 days, before any was decided); a deal without amount is
    counted and priced at nothing.
    """
    found = funnel.weighted_pipeline(company({"expected_amount": 1000}, {}))
    row = found.table.iloc[0]
    assert (row.deals, row.unpriced, row.amount) == (2, 1, 1000)
    assert (row.own, row.pooled, row.unknown) == (250, 0, 0)
    assert found.reading().startswith(
        "1 open deal with an amount is worth ¥1.00k and, weighted by how such deals ended before,"
        " ¥250"
    )
    assert "is not known" not in found.reading()
    assert "source's chances" not in found.reading()
    assert (found.kpis()[0].value, found.kpis()[0].n) == (250, 1)


def test_a_deal_that_has_stood_until_after_the_last_win_is_worth_nothing_more():
    """On day 20 of its life every deal was decided: the last win came on day 10."""
    found = funnel.weighted_pipeline(company({"expected_amount": 1000, "created": "2024-01-11"}))
    assert found.table.own.tolist() == [0]


def dated(*ids):
    """Entries to the first stage, each on the day its deal was created."""
    days = {"W": "2024-01-02", "L0": "2024-01-02", "L1": "2024-01-02", "L2": "2024-01-02"}
    return [
        dict(opportunity_id=i, stage="lead", entered_at=days.get(i, "2024-01-25"))
        for i in (*days, *ids)
    ]


def test_where_no_entry_is_dated_all_open_deals_are_taken_together():
    found = funnel.weighted_pipeline(company({"expected_amount": 1000, "created": None}))
    row = found.table.iloc[0]
    assert (row.own, row.pooled, row.undated) == (250, 1, 0)
    assert "of 1 deal the stage's own past tells nothing, so the share won" in found.reading()


def test_a_deal_without_a_day_of_entry_counts_as_not_known():
    """1,000 that stands 6 days weighs 250; 7,000 of which nobody knows since when weighs nothing
    anybody knows: neither 0 nor one in four.
    """
    known, bare = {"expected_amount": 1000}, {"expected_amount": 7000, "created": None}
    found = funnel.weighted_pipeline(company(known, bare, stage_events=dated("O0")))
    row = found.table.iloc[0]
    assert (row.own, row.unknown, row.undated, row.pooled) == (250, 1, 1, 0)
    assert found.reading().startswith(
        "2 open deals with an amount are worth ¥8.00k and, weighted by how such deals ended before,"
        " ¥250; on which day 1 deal entered its stage is not known, so what it brings is not known"
        " and not counted."
    )
    assert (found.kpis()[0].value, found.kpis()[0].n) == (250, 1)
    assert "No day of entry" in [str(head) for head in found.tables()[0].head]


def test_where_no_day_of_entry_is_known_nothing_is_weighted():
    bare = {"expected_amount": 1000, "created": None}
    found = funnel.weighted_pipeline(
        company(bare, bare, bare | {"expected_amount": None}, stage_events=dated())
    )
    row = found.table.iloc[0]
    assert np.isnan(row.own) and (row.unknown, row.undated) == (2, 2)
    assert found.kpis()[0].value is None
    assert found.kpis()[0].why.startswith("on which day 2 deals entered their stage is not known")
    assert "so what they bring is not known and not counted" in found.reading()
    assert "how such deals end is not known" not in found.reading()


def test_the_sources_chances_stand_beside():
    """1,000 at 60 % and 500 without one."""
    found = funnel.weighted_pipeline(
        company({"expected_amount": 1000, "probability": 0.6}, {"expected_amount": 500})
    )
    row = found.table.iloc[0]
    assert (row.given, row["without"]) == (600, 1)
    assert "the source's chances make ¥600 of it (1 deal without one left out)" in found.reading()
    assert "cannot be told: the source keeps the newest alone" in found.reading()


def test_no_losses_no_weights():
    rows = [
        dict(opportunity_id="W", created="2024-01-02", closed="2024-01-12", outcome="won")
        | dict(stage="won", amount=100),
        dict(opportunity_id="O", created="2024-01-25", outcome="open", stage="lead", amount=70),
    ]
    found = funnel.weighted_pipeline(toy(month="2024-01", settings=STAGES, opportunities=rows))
    assert found.table.unknown.tolist() == [1] and found.kpis()[0].value is None
    assert "so they are not weighted by their past" in found.reading()


def test_no_amounts_at_all_is_said():
    found = funnel.weighted_pipeline(company({}, {}))
    assert found.reading() == "None of the 2 open deals carries an amount."


def judged(given: list[tuple[float, str]]):
    """Deals that ended as told, each in a snapshot with its chance."""
    rows, seen = [], []
    for i, (chance, outcome) in enumerate(given):
        end = {} if outcome == "open" else {"closed": "2024-01-20"}
        rows.append(
            dict(opportunity_id=f"D{i:03d}", created="2024-01-02", outcome=outcome, amount=10)
            | dict(stage="won" if outcome == "won" else "lead")
            | end
        )
        seen.append(
            dict(snapshot_date="2024-01-10", opportunity_id=f"D{i:03d}", probability=chance)
        )
        # a later snapshot that knows better is not what is judged
        seen.append(dict(snapshot_date="2024-01-18", opportunity_id=f"D{i:03d}", probability=0.5))
    return toy(
        month="2024-01",
        settings=STAGES,
        opportunities=pd.DataFrame(rows),
        snapshots=pd.DataFrame(seen),
    )


def test_chances_that_came_true_are_as_promised():
    """Four of five at 0.8 and one of five at 0.2: Brier 0.16, that of one half for all 0.25."""
    rows = [(0.8, "won")] * 4 + [(0.8, "lost")] + [(0.2, "won")] + [(0.2, "lost")] * 4
    found = funnel.weighted_pipeline(judged([*rows, (0.7, "open")]))
    assert found.score == (pytest.approx(0.16), pytest.approx(0.25))
    assert (found.decided, found.waiting) == (10, 1)
    assert found.bins.n.tolist() == [5, 5] and found.bins.rate.tolist() == [0.2, 0.8]
    assert set(found.bins.reading) == {"as promised"}
    assert "Brier score 0.160, against 0.250" in found.reading()
    assert "came true for" not in found.reading()
    assert "1 deal given a chance and still open is not judged" in " ".join(found.notes())


def test_chances_that_promise_too_much_are_named():
    """Twenty deals at 0.9 of which two were won."""
    found = funnel.weighted_pipeline(judged([(0.9, "won")] * 2 + [(0.9, "lost")] * 18))
    assert found.bins.reading.tolist() == ["promised too much"]
    assert "chances of 90.0 % on average came true for 10.0 % (2 of 20)" in found.reading()


def test_nothing_decided_is_not_judged():
    found = funnel.weighted_pipeline(judged([(0.9, "open")] * 3))
    assert found.score is None and found.why == "No deal that was given a chance is decided yet."


def test_a_deal_to_act_on_without_a_day_of_entry_has_no_chance():
    """It is overdue and stays on the list, by its amount; worth nothing anybody knows."""
    late = {"expected_amount": 7000, "created": None, "expected_close": "2024-01-20"}
    row = funnel.stuck_deals(company(late, stage_events=dated())).table.iloc[0]
    assert (row.opportunity_id, row.expected, row.pooled) == ("O0", 7000, False)
    assert np.isnan(row.chance) and np.isnan(row.worth)
