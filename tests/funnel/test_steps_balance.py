"""What became of every deal that entered a stage, with deals moved back by one stage and by two."""

import pandas as pd

from playbook import funnel
from toy import toy

EVENTS = {
    "M1": ["lead 01-01", "intent 01-05", "negotiation 01-10", "lead 02-01"],
    "M2": ["lead 01-02", "intent 01-06", "negotiation 01-12", "intent 02-02"],
    "M3": ["lead 01-03", "intent 01-07", "lead 02-03"],
    "M4": ["lead 01-04", "intent 01-08", "negotiation 01-14", "won 02-04"],
}
DEALS = """
    opportunity_id created    stage  outcome closed
    M1             2024-01-01 lead   open    .
    M2             2024-01-02 intent lost    2024-03-01
    M3             2024-01-03 lead   open    .
    M4             2024-01-04 won    won     2024-02-04
"""


def test_deals_moved_back_are_counted_where_they_are():
    """lead: M2 and M4 went on, M1 and M3 are back and open. intent: M4 went on, M2 is back and
    lost, M1 and M3 left backwards. negotiation: M4 won, M1 and M2 left backwards.
    """
    events = pd.DataFrame(
        [
            (deal, entry.split()[0], f"2024-{entry.split()[1]}")
            for deal, entries in EVENTS.items()
            for entry in entries
        ],
        columns=["opportunity_id", "stage", "entered_at"],
    )
    book = toy(
        month="2024-03",
        settings={"book": {"stages": ["lead", "intent", "negotiation", "won"]}},
        opportunities=DEALS,
        stage_events=events,
    )
    rows = funnel.conversion(book).balance.set_index("stage")
    columns = ["entered", "advanced", "lost", "open", "moved_back"]
    assert rows[columns].to_dict("index") == {
        "lead": dict(zip(columns, (4, 2, 0, 2, 0), strict=True)),
        "intent": dict(zip(columns, (4, 1, 1, 0, 2), strict=True)),
        "negotiation": dict(zip(columns, (3, 1, 0, 0, 2), strict=True)),
    }
