"""What is wrong in the tables, through the book: refused with where and what to do, or treated as
the page then says.
"""

import pytest
from funnel_books import written_book

from playbook import funnel
from playbook.base.errors import DataProblem

DEALS = [
    {
        "opportunity_id": "A",
        "created": "2023-01-02",
        "stage": "won",
        "outcome": "won",
        "closed": "2023-01-20",
        "amount": 100,
    },
    {
        "opportunity_id": "B",
        "created": "2023-01-03",
        "stage": "intent",
        "outcome": "open",
        "closed": "",
        "amount": "",
    },
]
EVENTS = [
    {"opportunity_id": "A", "stage": "lead", "entered_at": "2023-01-02"},
    {"opportunity_id": "A", "stage": "intent", "entered_at": "2023-01-05"},
    {"opportunity_id": "A", "stage": "negotiation", "entered_at": "2023-01-09"},
    {"opportunity_id": "A", "stage": "won", "entered_at": "2023-01-20"},
    {"opportunity_id": "B", "stage": "lead", "entered_at": "2023-01-03"},
    {"opportunity_id": "B", "stage": "intent", "entered_at": "2023-01-08"},
]
STANDING_IN = "no orders: won deals with an amount and a closing day stand in for them"
BALANCE = [[2, 2, 0, 0], [2, 1, 0, 1], [1, 1, 0, 0]]


def entry(deal: str, stage: str, day: str) -> dict:
    return {"opportunity_id": deal, "stage": stage, "entered_at": day}


def moved(stage: str, day: str) -> list[dict]:
    """The entries with A's entry to a stage on another day."""
    return [
        e | {"entered_at": day} if (e["opportunity_id"], e["stage"]) == ("A", stage) else e
        for e in EVENTS
    ]


@pytest.mark.parametrize(
    ("deals", "events", "says"),
    [
        (
            [
                *DEALS,
                {
                    "opportunity_id": "C",
                    "created": "2023-01-02",
                    "stage": "quoting",
                    "outcome": "open",
                },
            ],
            EVENTS,
            ["opportunities.stage", "'quoting'", "line 4", "values.stage"],
        ),
        (
            DEALS,
            [*EVENTS, entry("B", "quoting", "2023-01-09")],
            ["stage_events.stage", "'quoting'", "line 8", "values.stage"],
        ),
        (
            [*DEALS, DEALS[0] | {"closed": "2023-01-25"}],
            EVENTS,
            ["opportunities.opportunity_id", "line 4", "'A'", "remove the repeated rows"],
        ),
        (
            [DEALS[0] | {"closed": "2022-12-20"}, DEALS[1]],
            EVENTS,
            ["opportunities.closed", "closed before created", "line 2", "swapped day and month"],
        ),
        (
            DEALS,
            [*EVENTS, entry("B", "negotiation", "")],
            ["stage_events.entered_at", "line 8", "without entered_at", "where ="],
        ),
        (
            DEALS,
            [*EVENTS, entry("Z", "lead", "2023-01-28")],
            ["stage_events.opportunity_id", "'Z'", "line 8"],
        ),
    ],
    ids=[
        "deal in an unknown stage",
        "entry to an unknown stage",
        "one deal twice",
        "win before creation",
        "stage without a day",
        "entry of an unknown deal",
    ],
)
def test_refused_with_table_column_line_and_what_to_do(tmp_path, deals, events, says):
    with pytest.raises(DataProblem) as refused:
        written_book(tmp_path, "2023-01", opportunities=deals, stage_events=events)
    assert all(word in str(refused.value) for word in says), str(refused.value)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([*EVENTS, entry("A", "won", "2023-01-25")], "more than one win"),
        (moved("negotiation", "2023-01-03"), "after a later one"),
        ([*EVENTS, entry("A", "intent", "2023-01-15")], "more than once, or moved back"),
        ([*EVENTS, entry("B", "won", "2023-01-22")], "not won: the outcome decides"),
    ],
    ids=["two wins", "stages out of order", "a step back", "a win that is none"],
)
def test_treated_as_the_page_says(tmp_path, events, says):
    found = funnel.conversion(
        written_book(tmp_path, "2023-01", opportunities=DEALS, stage_events=events)
    )
    assert found.balance[["entered", "advanced", "lost", "open"]].to_numpy().tolist() == BALANCE
    assert [n for n in found.notes() if says in n]


def test_nothing_odd_is_said_of_clean_tables(tmp_path):
    book = written_book(tmp_path, "2023-01", opportunities=DEALS, stage_events=EVENTS)
    assert not any(
        word in " ".join(funnel.conversion(book).notes())
        for word in ("more than one win", "after a later one", "moved back", "not won:")
    )
    assert [w.found for w in book.warnings] == [STANDING_IN]


def test_two_wins_are_one_win_on_the_closing_day(tmp_path):
    book = written_book(
        tmp_path,
        "2023-01",
        opportunities=DEALS,
        stage_events=[*EVENTS, entry("A", "won", "2023-01-25")],
    )
    assert (
        funnel.win_rate(book).row("all")["won"] == 1
        and funnel.win_rate(book).row("all")["won_amount"] == 100
    )
    assert funnel.cycle(book).table.won_median.iloc[-1] == 18


def test_an_entry_before_creation_is_warned_of(tmp_path):
    book = written_book(
        tmp_path, "2023-01", opportunities=DEALS, stage_events=moved("lead", "2022-12-28")
    )
    said = [w.found for w in book.warnings if w.found != STANDING_IN]
    assert len(said) == 1 and "before their deal was created" in said[0]
    assert funnel.conversion(book).balance.entered.tolist() == [2, 2, 1]


def test_deals_without_any_day_are_counted_and_named(tmp_path):
    deals = [*DEALS, {"opportunity_id": "C", "created": "", "stage": "lead", "outcome": "open"}]
    book = written_book(tmp_path, "2023-01", opportunities=deals, stage_events=EVENTS)
    found = funnel.conversion(book)
    assert found.balance.entered.tolist() == [3, 2, 1] and found.balance.undated.tolist() == [
        1,
        0,
        0,
    ]
    assert any("without creation date" in n for n in funnel.win_rate(book).notes())


def test_costs_without_leads_leads_without_costs_and_costs_of_nothing(tmp_path):
    leads = [{"lead_id": f"L{i}", "created": "2023-01-02", "channel": "web"} for i in range(40)]
    costs = [
        {"month": "2022-12-01", "channel": "Radio", "cost": 500},
        {"month": "2022-12-01", "channel": "Free", "cost": 0},
    ]
    book = written_book(tmp_path, "2023-01", opportunities=DEALS, leads=leads, channel_costs=costs)
    rows = funnel.channels(book).table.set_index("channel")
    assert (
        rows.verdict["Radio"] == "cost without leads" and rows.verdict["web"] == "no cost recorded"
    )
    kpis = {(k.name, k.by["channel"]): k for k in funnel.channels(book).kpis()}
    assert kpis["channel.roi", "web"].value is None and kpis["channel.roi", "web"].why


def test_lead_to_win_starts_at_the_lead(tmp_path):
    """Won 90 days after its lead came, 18 after the deal was opened: the cost belongs three months
    earlier, not one.
    """
    deals = [
        DEALS[0]
        | {
            "lead_id": "L0",
            "created": "2023-03-14",
            "closed": "2023-04-01",
            "channel": "web",
        }
    ]
    leads = [{"lead_id": "L0", "created": "2023-01-01", "channel": "web"}]
    costs = [{"month": f"2023-{m:02d}-01", "channel": "web", "cost": 10**m} for m in range(1, 5)]
    found = funnel.channels(
        written_book(tmp_path, "2023-04", opportunities=deals, leads=leads, channel_costs=costs)
    )
    assert found.lag == 3 and found.lag_days == 90 and found.table.cost.iloc[0] == 10
