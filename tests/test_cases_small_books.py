"""Small books with one right answer, worked by hand: what an export does not tell is not guessed,
and one quantity has one value wherever it stands.
"""

from __future__ import annotations

from datetime import date
from math import nan

import pytest

from playbook import funnel, goals, incentives, segments
from playbook.page import Missing
from toy import toy

STAGES = {"book": {"stages": ["lead", "talk", "offer", "won"]}}
BEFORE = """
    opportunity_id created    closed     outcome stage expected_close amount rep_id
    A              2023-01-10 .          open    offer 2023-06-30     100    Ann
    B              2023-01-12 .          open    offer 2023-04-20     1000   Ann
    C              2023-02-01 2023-02-20 won     won   2023-02-20     500    Ann
    E              2023-03-01 2023-03-31 lost    lost  2023-03-31     200    Ann
"""
AFTER = BEFORE.replace("2023-01-12 .          open    offer", "2023-01-12 2023-04-10 won     won  ")
EXPORTS = {"before": BEFORE, "after": AFTER}


@pytest.fixture(scope="module", params=EXPORTS)
def exported(request):
    """The same four deals, exported before and after one of them was won in April."""
    return toy(month="2023-03", settings=STAGES, opportunities=EXPORTS[request.param])


def test_open_deals_are_worth_the_same_whenever_they_were_exported(exported):
    """1 of 2 decided deals was won, so 100 and 1,000 count half, whichever stage B stood in."""
    found = funnel.weighted_pipeline(exported)
    sums = found.table[["deals", "amount", "own", "pooled"]].sum().tolist()
    assert sums == [2, 1100, 550, 2]
    assert "worth ¥1.10k and, weighted by how such deals ended before, ¥550" in found.reading()
    closing = funnel.movement(exported).total["closing"]
    assert closing == 1100


def test_a_deal_decided_since_is_no_lead_in_reserve(exported):
    assert exported.table("opportunities").collect().to_pandas().query("stage == 'lead'").empty
    assert "0 leads wait in reserve" in goals.risk(exported).reading()


@pytest.mark.parametrize("stages", [["lead", "won"], ["lead", "talk", "won"]])
def test_of_one_stage_there_is_no_doubt(stages):
    """Created on 12 January: 78 days before 31 March, where only one stage comes before the win."""
    deals = AFTER.replace("offer", "lead ")
    book = toy(month="2023-03", settings={"book": {"stages": stages}}, opportunities=deals)
    rows = book.table("opportunities").collect().to_pandas().set_index("opportunity_id")
    one = len(stages) == 2
    assert rows.stage["A"] == "lead" and (rows.stage["B"] == "lead") == one
    assert funnel.weighted_pipeline(book).table["pooled"].sum() == (0 if one else 1)
    # on the day it was won the export's own stage holds
    won = book.at(date(2023, 4, 30)).table("opportunities").collect().to_pandas()
    assert won.set_index("opportunity_id").stage["B"] == "won"


def test_three_orders_of_two_lines_are_three_orders_of_201_in_every_chapter():
    """Each month three orders of 100 and 101: 603, three orders, 201 on average."""
    lines = [
        {
            "order_id": f"{month}-{customer}",
            "date": f"2023-{month:02d}-10",
            "customer_id": customer,
            "amount": amount,
            "product_line": line,
        }
        for month in range(1, 13)
        for customer in ("C0", "C1", "C2")
        for line, amount in (("P0", 100), ("P1", 101))
    ]
    book = toy(month="2023-12", orders=lines)
    total = funnel.performance(book).total()
    assert (total["actual"], total["orders"]) == (603, 3)
    shown = funnel.dashboard(book).table.set_index("indicator")
    assert (shown.value["sales"], shown.value["average order"]) == (603, 201)
    kpis = {(k.name, k.window): k.value for k in goals.sales_overview(book).kpis() if not k.by}
    assert (kpis["sales", "month"], kpis["orders", "month"]) == (603, 3)


def without_losses(amount: str | None):
    """40 won deals, none lost, 20 open since 5 May; the amount is that of the open ones."""
    deals = [
        {
            "opportunity_id": f"D{i}",
            "created": "2022-05-05",
            "closed": "2022-07-05" if i < 40 else None,
            "outcome": "won" if i < 40 else "open",
            "stage": "won" if i < 40 else "lead",
            "amount": "1000" if i < 40 else amount,
            "rep_id": "R1",
        }
        for i in range(60)
    ]
    settings = {"book": {"stages": ["lead", "offer", "won"]}}
    return toy(month="2022-07", settings=settings, opportunities=deals)


def test_a_book_without_a_loss_says_so_in_whole_sentences():
    note = funnel.conversion(without_losses("10")).blocks()[0].data()["text"]
    assert note == (
        "No lost deal is recorded (40 won deals): a win rate needs the losses too. It would show:"
        " the share of deals that are won."
    )


@pytest.mark.parametrize(("each", "amount"), [("10", 200.0), (None, None)])
def test_what_is_known_of_no_deal_is_a_dash_and_not_nought(each, amount):
    """Without losses no chance is known; without amounts no worth. A stage without deals has 0."""
    book = without_losses(each)
    weighted = funnel.weighted_pipeline(book)
    rows = weighted.table.set_index("stage").astype(float)
    assert rows.deals.tolist() == [20, 0]
    assert rows.amount.tolist() == pytest.approx([amount or nan, 0], nan_ok=True)
    assert rows.own.tolist() == pytest.approx([nan, 0], nan_ok=True)
    sums = [cell.text for cell in weighted.tables()[0].total[0]]
    assert sums == ["All", "20", "0" if each else "20", "¥200" if each else "–", "–"]
    assert [k.value for k in weighted.kpis()] == [None]
    levels = funnel.deal_risk(book).levels
    assert levels.deals.tolist() == [20]
    assert levels.amount.tolist() == pytest.approx([amount or nan], nan_ok=True)
    assert levels.worth.isna().all()


@pytest.mark.parametrize(
    ("young", "said"),
    [
        (0, "it reads 50.0 % too."),
        (9, "it reads 33.3 %, because entries and exits belong to different deals."),
    ],
)
def test_two_countings_that_read_alike_are_not_told_apart(young, said):
    """Twice three deals entered in May, June and July and half of them were won in 20 days; with
    ``young``, nine more entered on 5 July and are still open.
    """
    deals, events = [], []
    for i in range(18 + young):
        begun = f"2022-{5 + i % 3:02d}-05" if i < 18 else "2022-07-05"
        ended = begun[:-2] + "25" if i < 18 else None
        outcome = ("won" if i < 9 else "lost") if i < 18 else "open"
        deals.append(
            {
                "opportunity_id": f"D{i}",
                "created": begun,
                "closed": ended,
                "outcome": outcome,
                "stage": outcome if i < 18 else "lead",
                "amount": 1000,
            }
        )
        events.append({"opportunity_id": f"D{i}", "stage": "lead", "entered_at": begun})
    book = toy(
        month="2022-07",
        settings={"book": {"stages": ["lead", "won"]}, "funnel": {"min_group": 1}},
        opportunities=deals,
        stage_events=events,
    )
    assert said in funnel.conversion(book).reading()


CONTACTS = """
    activity_id,date,rep_id,kind,customer_id,next_action,due,status
    A1,2023-05-10,R1,visit,C1,send offer,2023-05-20,done
    A2,2023-06-10,R1,visit,C1,call back,2023-06-20,open
    A3,2023-08-10,R1,visit,C2,call back,2023-08-20,open
"""
ORDERS = "order_id,date,customer_id,amount\n" + "\n".join(
    f"O{m}{d},2023-{m:02d}-{d:02d},C{1 + m % 2},100" for m in range(1, 9) for d in (5, 15, 28)
)


def contacts_of(month: str):
    covers = {"book": {"covers": {"orders": ["2023-01-01", "2023-08-31"]}}}
    return segments.follow_up(toy(month=month, settings=covers, orders=ORDERS, activities=CONTACTS))


def test_a_status_without_a_day_tells_of_the_newest_month_alone():
    """On 31 May the action of 20 May may have been open: the export knows only that it is done."""
    now, then = contacts_of("2023-08"), contacts_of("2023-05")
    assert now.overdue["late"].tolist() == [72, 11]
    assert [k.value for k in now.kpis() if k.name == "follow_up.overdue"] == [2]
    assert then.overdue.empty
    assert [k.value for k in then.kpis() if k.name == "follow_up.overdue"] == [None]
    assert "which were open on 31 May 2023 is not known" in " ".join(
        [then.reading(), *then.notes()]
    )


def test_who_sold_before_being_hired_is_named_and_no_new_hire():
    orders = [
        {
            "order_id": f"O{m}{rep}",
            "date": f"{2022 + m // 12}-{1 + m % 12:02d}-15",
            "customer_id": f"C{rep}",
            "amount": 100,
            "rep_id": rep,
        }
        for m in range(24)
        for rep in ("R0", "R1")
    ]
    reps = "rep_id,name,region,hired\nR0,Ann,East,2024-03-01\nR1,Bob,West,2021-01-01"
    book = toy(month="2023-12", orders=orders, reps=reps)
    staff = goals.people(book).table.set_index("name")
    assert staff.ramp.to_dict() == {"Ann": 1.0, "Bob": 1.0}
    assert [p.found.split(":")[0] for p in book.warnings if p.table == "orders"] == [
        "24 orders before their rep was hired"
    ]
    ramp = incentives.ramp(book)
    assert isinstance(ramp, Missing) and ramp.reason == "no one was hired since the data begin"


@pytest.mark.parametrize(
    ("east", "said"),
    [
        (600, "by region sum to ¥600, ¥400 less than the target of the whole book"),
        (1300, "by region sum to ¥1,300, ¥300 more than the target of the whole book"),
    ],
)
def test_targets_of_the_parts_that_do_not_make_the_whole_are_told_with_their_sum(east, said):
    parts = "".join(f"\n2023-08,sales,{n},{part}" for n, part in ((east, "East"), (0, "West")))
    targets = f"period,metric,target,region\n2023-08,sales,1000,{parts}"
    orders = "\n".join(
        line + (",region", ",East", ",West")[i and 1 + i % 2]
        for i, line in enumerate(ORDERS.splitlines())
    )
    found = funnel.performance(toy(month="2023-08", orders=orders, targets=targets))
    assert f"The targets {said}; gaps" in " ".join(found.notes())


@pytest.mark.parametrize(
    ("rep", "said"),
    [
        ("R1", "round numbers near the median and the top fifth of what a rep books in a quarter"),
        ("", "round numbers made up, for no rep is credited with an order. Put your own plan"),
    ],
)
def test_edges_nobody_sells_near_are_not_called_learnt(rep, said):
    orders = "\n".join(
        line + (",rep_id" if i == 0 else f",{rep}") for i, line in enumerate(ORDERS.splitlines())
    )
    notes = " ".join(incentives.curve(toy(month="2023-08", orders=orders)).notes())
    assert f"the band edges are {said}" in notes


def test_one_deal_is_past_its_day_and_two_are_past_theirs():
    """A was expected on 20 March; B too, in the second book."""
    one = BEFORE.replace("2023-06-30", "2023-03-20")
    for deals, said in (
        (one, " 1 open deal is past its day, worth ¥100 on paper."),
        (one.replace("2023-04-20", "2023-03-20"), " 2 open deals are past their day, worth ¥1.10k"),
    ):
        book = toy(month="2023-03", settings=STAGES, opportunities=deals)
        assert said in funnel.close_dates(book).reading()
