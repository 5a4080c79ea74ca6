"""From deals back to leads."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_books import TOML, months

from playbook.base.errors import ParameterProblem
from playbook.base.formats import Formats
from playbook.base.language import speaking
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
    f"D{i},2023-01-{i % 27 + 1:02d},{'won' if i < 4 else 'intent'},"
    f"{'won' if i < 4 else 'lost'},2023-02-{i % 27 + 1:02d},"
    "100,web,R1"
    for i in range(20)
)


def test_rates_are_learnt_from_decided_deals(book):
    made = backsolve(book("2023-02", opportunities=DEALS), 10, 0.0, 0.8)
    assert made.table.set_index("stage")["expected"].to_dict() == {"lead": 50, "won": 10}
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
    assert (
        made.status == "not available"
        and made.reason == "No deal has been won yet. Give a win_rate to work back with"
    )


def deals_csv(rows):
    return "opportunity_id,created,stage,outcome,closed,amount,lead_id\n" + "\n".join(rows)


def entries(rows):
    """Entries to the first stage on the day of creation."""
    return "opportunity_id,stage,entered_at\n" + "\n".join(
        f"{row.split(',')[0]},lead,{row.split(',')[1]}" for row in rows
    )


STAGES_DATED = TOML.replace('["lead", "intent", "won"]', '["lead", "won"]')
# Ten deals a month in 2022, two won after 20 days, eight lost after 150 days; of November's only
# the quick wins are decided, of December's none.
OLD = [
    f"D{m}{i},2022-{m:02d}-01,{'won,won' if i < 2 else 'lead,lost'},"
    f"{(dt.date(2022, m, 1) + dt.timedelta(days=20 if i < 2 else 150)).isoformat()},"
    "100,"
    for m in range(1, 9)
    for i in range(10)
]
YOUNG = [
    f"Y{m}{i},2022-{m:02d}-01,{'won,won' if i < 2 and m == 11 else 'lead,open'},"
    f"{'2022-11-21' if i < 2 and m == 11 else ''},100,"
    for m in (11, 12)
    for i in range(10)
]


def test_young_deals_do_not_bend_the_rate(book):
    """By hand: every mature cohort wins 2 of 10; the decided deals alone are 16 + 2 won of 80 + 2 =
    22.0 %; all cohorts, December's too, would be 18 of 100.
    """
    made = backsolve(
        book(
            "2022-12",
            toml=STAGES_DATED,
            opportunities=deals_csv(OLD + YOUNG),
            stage_events=entries(OLD + YOUNG),
        ),
        10,
    )
    step = made.steps[0]
    assert step.rate == 0.2 and step.source == "deals of 2022-01 to 2022-11"
    assert (made.learnt.decided.numerator, made.learnt.decided.n) == (18, 82)
    assert (step.counts.numerator, step.counts.n) == (18, 90)
    assert (
        made.table["sure"].iloc[0] == 61
        and "would say 22.0 %" in made.notes()[1]
        and "+2.0 pp" in made.notes()[1]
    )


def test_what_a_rate_is_learnt_from_is_said_in_chinese(book):
    with speaking("zh"):
        read = book(
            "2022-12",
            toml=STAGES_DATED,
            opportunities=deals_csv(OLD + YOUNG),
            stage_events=entries(OLD + YOUNG),
        )
        assert backsolve(read, 10).steps[0].source == "2022-01至2022-11进入的商机"


def test_without_days_the_decided_deals_are_named_as_what_they_are(book):
    """4 of 20 were won: one step; where the lost ones stood is not known."""
    made = backsolve(book("2023-02", opportunities=DEALS), 10)
    assert [(s.name, s.rate, s.source) for s in made.steps] == [
        ("lead → won", 0.2, "deals won of those decided, all data")
    ]
    assert "there is one step" in made.notes()[1]


def test_forty_won_and_forty_lost_are_fifty_percent_whatever_stage_the_open_ones_show(book):
    """Deals that say their stage without a day: none of the steps may be learnt from survivors."""
    ends = ["won,won"] * 40 + ["lost,lost"] * 40 + ["offer,open"] * 40
    rows = [
        f"D{i},2022-01-{i % 28 + 1:02d},{end},{'' if 'open' in end else '2022-03-10'},100,"
        for i, end in enumerate(ends)
    ]
    toml = TOML.replace('"intent", "won"', '"talk", "offer", "won"')
    made = backsolve(book("2022-03", toml=toml, opportunities=deals_csv(rows)), 10)
    assert [(s.name, s.rate, s.counts.n) for s in made.steps] == [("lead → won", 0.5, 80)]
    assert made.table["expected"].tolist() == [20, 10]
    assert made.reading().startswith("10 deals need 20 lead entries in expectation")


def test_the_product_of_the_steps_is_the_rate_over_the_same_deals(book):
    """12 deals entered in January: 6 went on to intent, 3 of those were won; those of June are too
    young. One rounding only: 10 ÷ ¼ = 40 and 10 ÷ ½ = 20.
    """
    deals, events = [], []
    for i in range(12):
        end = "won,won" if i < 3 else "lost,lost"
        deals.append(f"D{i},2022-01-05,{end},2022-03-10,100,")
        events.append(f"D{i},lead,2022-01-05")
        if i < 6:
            events.append(f"D{i},intent,2022-02-01")
    for i in range(5):
        deals.append(f"Y{i},2022-06-05,intent,open,,100,")
        events += [f"Y{i},lead,2022-06-05", f"Y{i},intent,2022-06-06"]
    made = backsolve(
        book(
            "2022-06",
            opportunities=deals_csv(deals),
            stage_events="opportunity_id,stage,entered_at\n" + "\n".join(events),
        ),
        10,
    )
    assert made.table["rate"].tolist()[:2] == [0.5, 0.5]
    assert made.table["to_deal"].tolist()[:2] == [0.25, 0.5]
    assert made.table["n"].tolist()[:2] == [12, 6]
    assert made.table["expected"].tolist() == [40, 20, 10]
    assert made.rate == 3 / 12


def test_a_number_is_rounded_up_once(book):
    assert chain(1, [1 / 3, 0.6]) == [5, 2, 1]


def test_a_book_without_a_lost_deal_has_no_rate(book):
    made = backsolve(book("2023-02", opportunities=DEALS.replace(",intent,lost,", ",won,won,")), 10)
    assert (
        made.status == "not available"
        and made.reason
        == "No lost deal is recorded (20 won deals): a win rate needs the losses too. Give a"
        " win_rate to work back with"
    )


LEADS = "lead_id,created,channel,expected_purchase,budget,decision_maker\n" + "\n".join(
    f"L{i},2022-0{1 + i % 8}-03,web,{'2022-12-01' if i % 8 < 5 else ''},1000,true"
    for i in range(80)
)


def test_eighty_content_leads_are_fifty_valid_ones_and_ten_deals(book):
    valid = [i for i in range(80) if i % 8 < 5]
    deals = [
        f"V{i},2022-0{1 + i % 8}-04,{'won,won' if k % 5 == 0 else 'lead,lost'},"
        f"2022-0{1 + i % 8}-20,100,L{i}"
        for k, i in enumerate(valid)
    ]
    made = backsolve(
        book(
            "2022-10",
            toml=STAGES_DATED,
            orders=months(2022, 2022, 10, lambda y, m: 1),
            opportunities=deals_csv(deals),
            leads=LEADS,
        ),
        10,
    )
    # 10 of the 80 leads were won; 5 of 8 are valid
    assert made.leads["stage"].tolist() == ["leads", "valid leads"]
    assert made.leads["expected"].tolist() == [80, 50]
    assert made.leads["rate"].tolist()[0] == 0.125
    assert made.leads["sure"].tolist() == [99, 62]
    assert made.tables()[0].rows[0][0].text == "leads"
    # by channel, a month, a week, a day: the one channel there is needs what the whole does
    row = made.channels.iloc[0]
    assert (row["channel"], row["deals"], row["expected"], row["sure"]) == ("web", 10, 80, 99)
    assert row["week"] == pytest.approx(99 * 12 / 52)


def test_leads_by_channel_sum_to_the_leads_of_the_page(book):
    """Web wins 8 of 40 leads, fair 2 of 60: 10 of 100, so ten deals take 100 leads, 40 and 60; each
    channel rounded up by itself would be 40 and 60 as well, but 41 and 100 "for 80 %".
    """
    leads = "lead_id,created,channel\n" + "\n".join(
        f"L{i},2022-0{1 + i % 8}-03,{'web' if i < 40 else 'fair'}" for i in range(100)
    )
    deals = [
        f"V{i},2022-0{1 + i % 8}-04,"
        f"{'won,won' if i < 8 or 40 <= i < 42 else 'lead,lost'},2022-0{1 + i % 8}-20,100,L{i}"
        for i in range(100)
    ]
    made = backsolve(
        book(
            "2022-10",
            toml=STAGES_DATED,
            orders=months(2022, 2022, 10, lambda y, m: 1),
            opportunities=deals_csv(deals),
            leads=leads,
        ),
        10,
    )
    by = made.channels.set_index("channel")
    assert by["deals"].to_dict() == {"web": 8, "fair": 2}
    assert by["rate"].to_dict() == {"web": 0.2, "fair": 2 / 60}
    assert by["expected"].to_dict() == {"web": 40, "fair": 60}
    total = int(made.leads["sure"].iloc[0])
    assert total == needed_for(10, 0.1, 0.8) == by["sure"].sum()


def test_without_their_three_answers_leads_make_no_valid_step(book):
    bare = "lead_id,created,channel\nL1,2022-01-03,web"
    assert backsolve(
        book("2022-12", toml=STAGES_DATED, opportunities=deals_csv(OLD), leads=bare), 10
    ).leads.empty


def test_the_binding_limit_is_named_with_the_deals_it_is_enough_for(book):
    """242 visits from January to November behind 16 deals, 15.125 each; two reps × 22 working days
    of December × 33 visits in the 65 working days of September to November.
    """
    acts = "activity_id,date,rep_id,kind\n" + "\n".join(
        f"A{r}{m}.{d},2022-{m:02d}-{d:02d},R{r},visit"
        for r in (1, 2)
        for m in range(1, 12)
        for d in range(1, 12)
    )
    reps = "rep_id,name\nR1,Ann\nR2,Bo"
    made = backsolve(
        book(
            "2022-11", toml=STAGES_DATED, opportunities=deals_csv(OLD), activities=acts, reps=reps
        ),
        10,
    )
    found = {limit.name: limit for limit in made.constraints()}
    there = 2 * 22 * 33 / 65
    assert found["visits"].there == pytest.approx(there)
    # 152 in expectation (10 × 15.125, rounded up), 185 with the 61 entries that are enough for 80 %
    assert made.contacts.set_index("stage")["expected"].to_dict() == {
        "contacts": 152,
        "visits": 152,
    }
    assert found["visits"].needed == 185
    assert found["visits"].enough_for == most_deals(int(there / 185 * 61), 0.2, 0.8)
    assert made.constraints()[0].name == "contacts"
    # 80 deals created from January to August, eleven months since the data begin
    assert found["lead entries"].there == pytest.approx(80 / 11)


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


PRICED = "opportunity_id,created,stage,outcome,closed,amount,customer_id\n" + "\n".join(
    f"D{m}{i},2022-{m:02d}-01,{'won' if i < 2 else 'intent'},{'won' if i < 2 else 'lost'},"
    f"2022-{m:02d}-{10 + i},100,C{i}"
    for m in range(1, 13)
    for i in range(4)
)
HALF_BY_DEALS = "order_id,date,customer_id,amount\n" + "\n".join(
    f"O{m},2022-{m:02d}-11,C1,400" for m in range(1, 13)
)


def test_the_default_asks_what_is_open_of_the_year_by_the_average_deal(book):
    """Won deals bring 200 of 400 a month: half of the sales, 100 each. Open of the year: 8,400 −
    4,800 reached … a year of 9,300 asks 8,100 more in the nine months left: 900 a month, half of it
    through deals: 4.5 deals, so 5.
    """
    orders = HALF_BY_DEALS + "\n" + "\n".join(f"P{m},2023-0{m}-11,C1,400" for m in (1, 2, 3))
    deals = (
        PRICED
        + "\n"
        + "\n".join(
            f"E{m}{i},2023-0{m}-01,{'won' if i < 2 else 'intent'},{'won' if i < 2 else 'lost'},"
            f"2023-0{m}-{10 + i},100,C{i}"
            for m in (1, 2, 3)
            for i in range(4)
        )
    )
    toy = book(
        "2023-03",
        toml=TOML + '[goals]\nphasing = "even"\n',
        orders=orders,
        opportunities=deals,
        targets="period,metric,target\n2023,sales,9300",
    )
    made = backsolve(toy)
    assert made.deals == 5 and made.table["expected"].iloc[-1] == 5
    rows = made.asked.table.to_dict("records")
    assert [(r["open"], r["months"], r["deals"], r["a_month"]) for r in rows] == [
        (8100.0, 9, 41, 4.5),
        (2325.0, 3, 12, pytest.approx(3.875)),
        (775.0, 1, 4, 3.875),
    ]
    assert made.reading().startswith(
        "The plan asks 5 deals a month: ¥8,100 open in the rest of 2023 × 50 % of sales through"
        " deals ÷ ¥100 a deal ÷ 9 months. 5 deals need 10 "
    )
    named = backsolve(toy, 7)
    assert named.deals == 7 and named.asked is None and "plan asks" not in named.reading()
    twice = backsolve(toy, year_target=17400.0)
    assert twice.deals == 9  # 16,200 open: 900 a month through deals


def test_a_year_that_is_reached_asks_what_the_plan_still_has(book):
    toy = book(
        "2022-11",
        toml=TOML + '[goals]\nphasing = "even"\n',
        opportunities=PRICED,
        targets="period,metric,target\n2022,sales,1200",
    )
    made = backsolve(toy)
    assert made.asked.table["open"].tolist() == [0.0, 0.0, 100.0]
    assert made.deals == 1
    assert "The rest of 2022 is reached already" in made.reading()


def test_without_a_year_to_work_back_from_a_usual_month_is_asked(book):
    made = backsolve(book("2023-02", opportunities=DEALS))
    assert made.asked is None and made.deals == 4
    assert "4 deals are what a month with closed deals brought" in made.reading()
