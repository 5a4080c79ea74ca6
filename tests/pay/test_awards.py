"""Awards found by rule: two roles for a referral, needs research with its evidence, ties and floor;
and awards no rule knows.
"""

from decimal import Decimal

import pytest

from playbook import incentives
from playbook.pay.awards import award_lines
from playbook.pay.contests import equal_parts
from playbook.pay.history import history
from playbook.pay.total import total_pay
from small_company import TABLES, small_book

SUCCESS = "S1,Sue,A,,,2020-01-01,\n"
NEEDS = "subject_id,need,score,scored_by,scored_at\n"
CONTACTS = "activity_id,date,rep_id,kind,lead_id,progressed\n"


def plan(awards: str) -> str:
    return (
        '[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\ntiers = [{ lower = 0, rate = 0.1'
        f" }}]\nawards = [{awards}]\n"
    )


def found(book):
    past = history(book)
    return award_lines(past, past.chosen.current, past.pay(past.chosen.current))


def test_a_referral_pays_sales_and_success_each():
    """The lead was brought in by customer success and won by the seller: 1,000 + 1,000; whoever is
    both is paid once.
    """
    award = (
        '{ name = "referral", event = "referral", channel = "Referral", to = ["rep", "lead_owner"],'
        " amount = 1000 }"
    )
    leads = (
        "lead_id,created,channel,rep_id\n"
        "L1,2023-05-01,Referral,S1\n"
        "L2,2023-05-01,Referral,R2\n"
        "L3,2023-05-01,Website,S1\n"
    )
    deals = (
        "opportunity_id,created,stage,outcome,closed,amount,customer_id,lead_id,rep_id,channel\n"
        + "".join(
            f"{d},2023-05-01,won,won,2023-06-1{i},100,K{i},L{i},{rep},{channel}\n"
            for i, (d, rep, channel) in enumerate(
                [("D1", "R1", "Referral"), ("D2", "R2", "Referral"), ("D3", "R1", "Website")], 1
            )
        )
    )
    orders = (
        "order_id,date,customer_id,amount,rep_id,kind,opportunity_id\n"
        "D1,2023-06-11,K1,100,R1,new,D1\n"
        "D2,2023-06-12,K2,100,R2,new,D2\n"
        "D3,2023-06-13,K3,100,R1,new,D3\n"
        "E,2023-06-20,K1,50,R1,repurchase,\n"
    )
    made = small_book(
        plan(award),
        leads=leads,
        opportunities=deals,
        orders=orders,
        customers="",
        reps=TABLES["reps"] + SUCCESS,
    )
    lines, notes = found(made)
    assert [(r.rep_id, r.order_id, r.pay) for r in lines.itertuples()] == [
        ("R1", "D1", 1000_00),
        ("S1", "D1", 1000_00),
        ("R2", "D2", 1000_00),
    ]
    assert notes == []
    statement = incentives.statements(made).table.set_index("rep_id")
    assert statement.loc["S1", ["credited", "pay"]].tolist() == [0, 1000]


def test_a_referral_channel_no_order_has_is_told_with_those_there_are():
    lines, notes = found(
        small_book(plan('{ name = "r", event = "referral", channel = "referal", amount = 5 }'))
    )
    assert len(lines) == 0 and "channel 'referal'" in notes[0] and "referral and web" in notes[0]


def research(award, scores, contacts=""):
    """R1 researches three leads in May, R2 three, R3 two; R1's move on twice, R2's once."""
    leads = "lead_id,created,rep_id\n" + "".join(f"L{i},2023-04-01,R1\n" for i in range(9))
    return small_book(
        plan(award),
        leads=leads,
        fit_scores=NEEDS + scores,
        **({"activities": CONTACTS + contacts} if contacts else {}),
    )


SCORES = "".join(
    f"L{i},{need},4,{rep},2023-05-1{i}\n"
    for i, rep in enumerate(("R1", "R1", "R1", "R2", "R2", "R2", "R3", "R3"))
    for need in ("a", "b")
)
MOVED = "".join(
    f"A{i},2023-05-2{i},R1,call,L{i},{on}\n"
    for i, on in enumerate(("true", "true", "false", "true", "false", "false"))
)


@pytest.mark.parametrize(
    ("quality", "winners"),
    [("0", {"R1": 50_00, "R2": 50_00}), ("0.5", {"R1": 100_00}), ("0.9", {})],
)
def test_best_needs_research_counts_leads_shares_ties_and_keeps_the_floor(quality, winners):
    made = research(
        '{ name = "research", event = "best_research", amount = 100, at_least = 3, quality ='
        f" {quality} }}",
        SCORES,
        MOVED,
    )
    lines, notes = found(made)
    assert dict(zip(lines["rep_id"], lines["pay"], strict=True)) == winners
    assert [note.split(";")[0] for note in notes] == [
        "Award 'research': nobody this month (Jun 2023)"
    ]  # the needs were scored in May
    if winners:
        assert (
            "3 leads and customers researched, 6 needs scored, 2 of 3 with contacts on record"
            " moved on" in lines["why"].iloc[0]
        )
    if len(winners) == 2:
        assert "shared by 2" in lines["why"].iloc[0]
        shown = incentives.recognition(made)
        assert [row[-1].text for row in shown.tables()[2].rows] == lines.sort_values("rep_id")[
            "why"
        ].tolist()


def test_research_needs_enough_events_a_closed_month_and_its_tables():
    for award, scores, contacts, message in [
        (
            '{ name = "x", event = "best_research", amount = 1, at_least = 4 }',
            SCORES,
            MOVED,
            "nobody this month",
        ),
        (
            '{ name = "x", event = "best_research", amount = 1, at_least = 1 }',
            SCORES.replace("2023-05", "2023-07"),
            "",
            "cannot be judged: it needs fit_scores",
        ),
        (
            '{ name = "x", event = "best_research", amount = 1, quality = 0.5 }',
            SCORES,
            "",
            "needs activities with progressed",
        ),
    ]:
        lines, notes = found(research(award, scores, contacts))
        assert len(lines) == 0
        assert message in notes[0]
    lines, notes = found(small_book(plan('{ name = "x", event = "best_research", amount = 1 }')))
    assert "needs fit_scores with scored_at" in notes[0]


def test_an_award_no_rule_knows_is_refused_by_name_and_place():
    awards = "date,rep_id,award,amount,note\n2023-06-01,R1,metnor,,\n2023-06-02,R9,gift,20,\n"
    lines, notes = found(
        small_book(
            "unknown_share = 0.6\n" + plan('{ name = "mentor", event = "by_hand", amount = 5 }'),
            awards=awards,
        )
    )
    assert lines["item"].tolist() == ["gift"]
    told = " ".join(notes)
    assert (
        "Table awards, 'metnor' (1 row, first 2023-06-01 for Ann)" in told
        and "pays nothing; did you mean 'mentor'?" in told
    )
    assert "names R9, whom the reps table does not know" in told
    assert "the awards table has no row of that name" in told


def test_awards_of_the_plan_that_was_in_force():
    """A mentor award of the plan from April pays for first deals since April, not for those before
    it.
    """
    text = (
        '[[commission_plans]]\nname = "new"\nstarts = 2023-06-01\nreplaces = "old"\ntiers = [{'
        ' lower = 0, rate = 0.1 }]\nawards = [{ name = "m", event = "first_deal", to = ["mentor"],'
        ' amount = 5 }]\n[[commission_plans]]\nname = "old"\nstarts = 2020-01-01\ntiers = [{ lower'
        " = 0, rate = 0.1 }]\n"
    )
    made = incentives.statements(small_book(text))  # Bob's first deal is of 2 May
    assert "m" not in set(made.lines["item"])
    assert "m" in set(
        incentives.statements(small_book(text.replace("2023-06-01", "2023-04-01"))).lines["item"]
    )


def test_a_rule_no_order_meets_is_told():
    text = (
        '[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\ntiers = [{ lower = 0, rate = 0.1'
        ' }]\nrules = [{ name = "s", product_line = ["Servise"], times = 2 }, { name = "n", kind ='
        ' ["new"], times = 1.1 }]\n'
    )
    notes = incentives.statements(small_book(text)).notes()
    assert "Rule 's' of plan 'p' matched no order: product_line = Servise." in notes
    assert not any("ule 'n'" in note for note in notes)


def test_shared_amounts_add_up():
    assert equal_parts(Decimal(100), 3, 2) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


REFERRED = (
    '{ name = "referral", event = "referral", channel = "Referral", to = ["rep", "customer_owner"],'
    " amount = 1000 }"
)
FRIENDS = (
    "customer_id,name,customer_type,channel,rep_id\n"
    "C1,One,large,Referral,R2\n"
    "C2,Two,small,Referral,R2\n"
)
SOLD = "order_id,date,customer_id,amount,rep_id,kind\n"


def paid_for(orders: str, awards: str = REFERRED) -> list[tuple]:
    lines, _ = found(small_book(plan(awards), customers=FRIENDS, orders=SOLD + orders))
    return [(r.date.day, r.rep_id, r.order_id, r.pay) for r in lines.itertuples(index=False)]


def test_a_referral_reward_is_taken_back_with_the_refund_of_its_only_order():
    """Two receivers are paid 1,000 each on the 2nd; the refund on the 20th takes both back."""
    lines, _ = found(
        small_book(
            plan(REFERRED),
            customers=FRIENDS,
            orders=SOLD + "A,2023-06-02,C1,500,R1,new\nA,2023-06-20,C1,-500,R1,refund\n",
        )
    )
    assert [(r.date.day, r.rep_id, r.pay) for r in lines.itertuples(index=False)] == [
        (2, "R1", 1_000_00),
        (2, "R2", 1_000_00),
        (20, "R1", -1_000_00),
        (20, "R2", -1_000_00),
    ]
    assert (
        lines["why"].tolist()[-1]
        == "taken back: order A of 2023-06-02, which had earned it, was refunded in full"
    )
    assert lines["pay"].sum() == 0


def test_a_referral_reward_stays_while_an_order_of_the_customer_stands():
    part = "A,2023-06-02,C1,500,R1,new\nA,2023-06-20,C1,-499,R1,refund\n"
    assert [pay for *_, pay in paid_for(part)] == [1_000_00, 1_000_00]
    other = (
        "A,2023-06-02,C1,500,R1,new\nB,2023-06-05,C1,10,R1,new\nA,2023-06-20,C1,-500,R1,refund\n"
    )
    assert [pay for *_, pay in paid_for(other)] == [1_000_00, 1_000_00]


def test_a_referral_reward_taken_back_is_earned_again_by_the_next_order():
    """R1's order is refunded on the 10th, that of R2, who owns the customer, on the 15th."""
    orders = (
        "A,2023-06-02,C1,500,R1,new\nA,2023-06-10,C1,-500,R1,refund\nB,2023-06-15,C1,70,R2,new\n"
    )
    assert paid_for(orders) == [
        (2, "R1", "A", 1_000_00),
        (2, "R2", "A", 1_000_00),
        (10, "R1", "A", -1_000_00),
        (10, "R2", "A", -1_000_00),
        (15, "R2", "B", 1_000_00),
    ]


def test_a_mentor_award_is_taken_back_with_the_refund_of_the_first_deal():
    """Bob, hired on 1 February, wins on 5 June; the mentor R1 gets 500 and gives it back."""
    award = '{ name = "mentor", event = "first_deal", to = ["mentor"], amount = 500 }'
    orders = (
        "Z,2022-01-01,C1,1,R1,new\nA,2023-06-05,C2,500,R2,new\nA,2023-06-25,C2,-500,R2,refund\n"
    )
    assert paid_for(orders, award) == [(5, "R1", "A", 500_00), (25, "R1", "A", -500_00)]


def test_an_award_taken_back_belongs_to_the_plan_it_was_earned_under():
    """Earned in May under a plan that knows referrals; refunded in June under one that does not."""
    text = (
        '[[commission_plans]]\nname = "old"\nstarts = 2020-01-01\n'
        f"tiers = [{{ lower = 0, rate = 0.1 }}]\nawards = [{REFERRED}]\n"
        '[[commission_plans]]\nname = "new"\nstarts = 2023-06-01\nreplaces = "old"\n'
        "tiers = [{ lower = 0, rate = 0.1 }]\n"
    )
    orders = SOLD + "A,2023-05-02,C1,500,R1,new\nA,2023-06-20,C1,-500,R1,refund\n"
    lines = incentives.statements(small_book(text, customers=FRIENDS, orders=orders)).lines
    assert lines.groupby(["item", "plan"])["pay"].sum().to_dict() == {
        ("refund", "old"): -50,
        ("commission", "old"): 50,
        ("referral", "old"): 0,
    }


@pytest.mark.parametrize("quality", ["0.0", "0.5"])
def test_an_award_nobody_qualifies_for_says_nobody_this_month(quality):
    """One need scored where three are asked for: with a quality floor this used to be a crash."""
    award = (
        '{ name = "research", event = "best_research", amount = 500, at_least = 3, quality ='
        f" {quality} }}"
    )
    made = small_book(
        plan(award),
        fit_scores=NEEDS + "C1,price,3,R1,2023-06-05\n",
        activities=CONTACTS + "A1,2023-06-07,R1,call,,yes\n",
    )
    lines, notes = found(made)
    assert not len(lines)
    assert notes[0].startswith(
        "Award 'research': nobody this month (Jun 2023); it asks for at least"
    )


def test_an_award_earned_after_the_last_day_pays_nothing_and_says_so():
    """Ann, Bob's mentor, left before his first deal of 2 May 2023."""
    reps = (
        "rep_id,name,team,manager_id,mentor_id,hired,left\n"
        "R1,Ann,A,,,2020-01-01,2023-04-30\nR2,Bob,A,,R1,2023-02-01,\n"
    )
    for leaving, pay in (("", 0), ("leaving = { pays = 'booked' }\n", 500)):
        toml = (
            f"[[commission_plans]]\nname = 'p'\nstarts = 2023-01-01\n{leaving}"
            "awards = [{ name = 'mentor', event = 'first_deal', to = ['mentor'], amount = 500 }]\n"
        )
        past = history(small_book(toml, reps=reps))
        lines = total_pay(past, past.chosen.current, dated=True).lines
        mine = lines[lines["item"] == "mentor"]
        assert mine["pay"].tolist() == [pay * 100]
        assert ("not paid: the last day was 2023-04-30" in mine["why"].iloc[0]) == (not pay)
