"""How many deals a month usually brings, by hand."""

import pytest

from playbook.goals.work.asked import usual_deals
from toy import toy

STAGES = "opportunity_id created stage outcome closed amount"


def deals(*ended: tuple[str, str]) -> str:
    rows = [
        f"D{i} 2022-01-05 {'won' if how == 'won' else 'lead'} {how} {day} 10"
        for i, (how, day) in enumerate(ended)
    ]
    return "\n".join([STAGES, *rows])


@pytest.mark.parametrize(
    ("ended", "wanted"),
    [
        ([("won", "2022-04-01"), ("won", "2023-03-31"), ("lost", "2022-05-31")], 1),  # 2 ÷ 3
        ([("won", "2022-04-01")] * 3 + [("lost", "2023-03-31")], 2),  # 3 ÷ 2
        ([("won", "2022-04-01")] * 4 + [("lost", "2023-03-31")], 2),
        ([("won", "2022-04-01")] * 5 + [("lost", "2023-03-31")], 3),
        ([("won", "2022-03-31")] * 9 + [("lost", "2023-03-31")], 1),  # won before the twelve months
        ([("won", "2022-03-31")] * 9, 1),  # nothing closed in them
    ],
)
def test_wins_of_the_months_with_any_deal_closed_rounded_up(ended, wanted):
    last = [{"lead_id": "L", "created": "2023-03-31"}]  # the data reach the end of March
    assert usual_deals(toy(opportunities=deals(*ended), leads=last, month="2023-03")) == wanted
