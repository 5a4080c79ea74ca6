"""From deals back to leads."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_books import TOML, months

from playbook.base.errors import ParameterProblem
from playbook.base.formats import Formats
from playbook.goals.work.backsolve import backsolve
from playbook.goals.work.capacity import Limit, binding_limit
from playbook.methods.planning import chain, chance, most_deals, needed, needed_for


def test_ten_deals_at_a_fifth_need_fifty_leads_and_sixty_one_for_eighty_percent():
    assert needed(10, 0.2) == 50
    assert needed_for(10, 0.2, 0.8) == 61
    assert round(float(chance(50, 10, 0.2)), 2) == 0.56
    assert needed_for(10, 0.2, 0.9) == 69


def test_fifty_leads_come_from_eighty_that_are_five_eighths_valid():
    assert chain(10, [0.625, 0.2]) == [80, 50, 10]


def test_a_raised_rate_needs_fewer_leads():
    assert needed(18, 0.15) == 120 and needed(18, 0.18) == 100


@given(st.integers(1, 200), st.floats(0.01, 1), st.floats(0.05, 0.99))
def test_the_number_is_the_smallest_that_is_enough(target, rate, probability):
    n = needed_for(target, rate, probability)
    assert chance(n, target, rate) >= probability
    assert n == target or chance(n - 1, target, rate) < probability


@pytest.mark.parametrize("rate", [0, 1.2, -0.1])
def test_a_rate_outside_zero_to_one_is_refused(rate):
    with pytest.raises(ParameterProblem, match="a rate"):
        needed(10, rate)


DEALS = """opportunity_id,created,stage,outcome,closed,amount,channel,rep_id
""" + "\n".join(
    (
        f"D{i},2023-01-{i % 27 + 1:02d},{'won' if i < 4 else 'intent'},"
        f"{'won' if i < 4 else 'lost'},2023-02-{i % 27 + 1:02d},"
        "100,web,R1"
    )
    for i in range(20)
)


def test_rates_are_learnt_from_decided_deals(book):
    made = backsolve(book("2023-02", opportunities=DEALS), 10, 0.0, 0.8)
    assert made.table.set_index("stage")["expected"].to_dict() == {
        "lead": 50,
        "intent": 50,
        "won": 10,
    }
    assert made.table["sure"].iloc[0] == 61
    assert "56 %" in made.reading()


def test_a_rate_given_needs_no_history(book):
    toy = book("2023-02", opportunities=DEALS)
    assert (
        backsolve(toy, 10, 0.2, 0.8).headline()
        == "Back-solving 10 deals at 20.0 %: 50 lead entries expected, 61 for 80 %."
    )


def test_without_a_win_the_section_says_so(book):
    made = backsolve(book("2023-02", opportunities=DEALS.replace(",won,won,", ",intent,lost,")), 10)
    assert made.status == "not available" and "give a win_rate" in made.reason


def deals_csv(rows):
    return "opportunity_id,created,stage,outcome,closed,amount,lead_id\n" + "\n".join(rows)


STAGES_DATED = TOML.replace('["lead", "intent", "won"]', '["lead", "won"]')
# Ten deals a month in 2022, two won after 20 days, eight lost after 150 days; of November's only
# the quick wins are decided, of December's none.
OLD = [
    (
        f"D{m}{i},2022-{m:02d}-01,{'won,won' if i < 2 else 'lead,lost'},"
        f"{(dt.date(2022, m, 1) + dt.timedelta(days=20 if i < 2 else 150)).isoformat()},"
        "100,"
    )
    for m in range(1, 9)
    for i in range(10)
]
YOUNG = [
    (
        f"Y{m}{i},2022-{m:02d}-01,{'won,won' if i < 2 and m == 11 else 'lead,open'},"
        f"{'2022-11-21' if i < 2 and m == 11 else ''},100,"
    )
    for m in (11, 12)
    for i in range(10)
]


def test_young_deals_do_not_bend_the_rate(book):
    """By hand: every mature cohort wins 2 of 10; the decided deals alone are 16 + 2 won of 80 + 2 =
    22.0 %; all cohorts, December's too, would be 18 of 100.
    """
    made = backsolve(book("2022-12", toml=STAGES_DATED, opportunities=deals_csv(OLD + YOUNG)))
    step = made.steps[0]
    assert step.rate == pytest.approx(0.2) and step.source == "mature cohorts, 12 months"
    assert step.decided.value == pytest.approx(18 / 82) and (
        step.counts.numerator,
        step.counts.n,
    ) == (18, 90)
    assert (
        made.table["sure"].iloc[0] == 61
        and "would say 22.0 %" in made.notes()[1]
        and "+2.0 pp" in made.notes()[1]
    )


def test_without_days_the_decided_deals_are_named_as_what_they_are(book):
    made = backsolve(book("2023-02", opportunities=DEALS))
    assert {step.source for step in made.steps} <= {
        "decided deals, all data",
        "mature cohorts, all data",
    }
    assert any("decided" in step.source for step in made.steps)


LEADS = "lead_id,created,channel,expected_purchase,budget,decision_maker\n" + "\n".join(
    f"L{i},2022-0{1 + i % 8}-03,web,{'2022-12-01' if i % 8 < 5 else ''},1000,true"
    for i in range(80)
)


def test_eighty_content_leads_are_fifty_valid_ones_and_ten_deals(book):
    valid = [i for i in range(80) if i % 8 < 5]
    deals = [
        (
            f"V{i},2022-0{1 + i % 8}-04,{'won,won' if k % 5 == 0 else 'lead,lost'},"
            f"2022-0{1 + i % 8}-20,100,L{i}"
        )
        for k, i in enumerate(valid)
    ]
    made = backsolve(
        book(
            "2022-10",
            toml=STAGES_DATED,
            orders=months(2022, 2022, 10, lambda y, m: 1),
            opportunities=deals_csv(deals),
            leads=LEADS,
        )
    )
    assert made.leads["stage"].tolist() == ["content leads", "valid leads", "deals opened", "won"]
    assert made.leads["expected"].tolist() == [80, 50, 50, 10]
    assert (
        made.leads["rate"].tolist()[:3] == [0.625, 1.0, 0.2]
        and "50 of them valid" not in made.headline()
    )
    assert any(t.title.startswith("The same from content") for t in made.tables())
    # by channel, a month, a week, a day: the one channel there is needs what the whole does
    row = made.channels.iloc[0]
    assert (row["channel"], row["deals"], row["expected"]) == ("web", 10, 80) and row[
        "week"
    ] == pytest.approx(row["sure"] * 12 / 52)


def test_without_their_three_answers_leads_make_no_valid_step(book):
    bare = "lead_id,created,channel\nL1,2022-01-03,web"
    assert backsolve(
        book("2022-12", toml=STAGES_DATED, opportunities=deals_csv(OLD), leads=bare)
    ).leads.empty


def test_the_binding_limit_is_named_with_the_deals_it_is_enough_for(book):
    """Two reps × 22 working days of December 2022 minus none × 1 visit every other day, against 2
    visits behind each deal.
    """
    acts = "activity_id,date,rep_id,kind\n" + "\n".join(
        f"A{r}{m}{d},2022-{m:02d}-{d:02d},R{r},visit"
        for r in (1, 2)
        for m in (9, 10, 11)
        for d in range(1, 12)
    )
    reps = "rep_id,name\nR1,Ann\nR2,Bo"
    made = backsolve(
        book("2022-11", toml=STAGES_DATED, opportunities=deals_csv(OLD), activities=acts, reps=reps)
    )
    limits_ = {limit.name: limit for limit in made.constraints()}
    a_day = 33 / 65  # contacts of a rep over the working days of September to November
    there = 2 * 22 * a_day
    assert limits_["visits"].there == pytest.approx(there) and limits_[
        "visits"
    ].needed == pytest.approx(10 * 66 / 16)
    assert limits_["visits"].enough_for == int(there / (66 / 16))
    assert (
        made.constraints()[0].name == "lead entries"
        and "The binding limit is lead entries: 7 a month against 61 needed" in made.reading()
    )


def test_at_hand_is_enough_for_is_the_reverse_of_needed_for():
    assert [most_deals(needed_for(d, 0.2, 0.8), 0.2, 0.8) for d in (1, 5, 10, 40)] == [1, 5, 10, 40]
    assert most_deals(needed_for(10, 0.2, 0.8) - 1, 0.2, 0.8) == 9 and most_deals(0, 0.2, 0.8) == 0


@pytest.mark.parametrize(
    "enough, words",
    [
        (1, "enough for 1 deal a month."),
        (0, "enough for 0 deals a month."),
        (2, "enough for 2 deals a month."),
    ],
)
def test_the_binding_limit_counts_its_deals(enough, words):
    assert binding_limit([Limit("contacts", 10.0, 3.0, enough)], Formats("USD")).endswith(words)
