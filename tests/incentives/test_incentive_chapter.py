"""The chapter on a whole, small book: statements, awards, comparison, decisions, and what happens
when things are missing.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from pay_plans import orders, sale
from playbook import incentives
from playbook.base.errors import ParameterProblem, SettingsProblem
from playbook.base.vocabulary import METRICS
from playbook.page import headlines
from playbook.pay.awards import award_lines
from playbook.pay.history import history
from playbook.pay.plan_choice import illustration, round_number
from small_company import PLANS, TABLES, small_book


def test_statements_add_up_to_the_payroll_and_every_line_says_how(book):
    made = incentives.statements(book)
    lines = {(r.rep_id, r.order_id, r.item): (r.pay, r.amount) for r in made.lines.itertuples()}
    assert lines["R2", "D", "commission"] == (Decimal("130.00"), 1500)
    assert lines["R2", "E", "commission"] == (Decimal("86.00"), 800)
    assert lines["R1", "C", "clawback"] == (
        Decimal("-58.00"),
        -600,
    )  # 900 renewal, then 100 at 8 % and 500 at 10 % come back
    assert lines["R1", "D", "mentor"] == (Decimal("500.00"), 0)
    assert made.total == sum(made.table["pay"]) == sum(made.lines["pay"])
    told = dict(zip(made.lines["order_id"], made.lines["how"], strict=True))
    assert told["E"] == "¥500.00 at 10 % + ¥300.00 at 12 %"


def test_every_line_folds_away_in_a_browser_and_is_left_out_of_print(book):
    from playbook.report.print.pdf_report import LABELS, _without_repeats

    folded = incentives.statements(book).statement("R2")
    assert (
        folded.html().startswith("<details><summary>Statement of Bob, every line</summary>")
        and "one more deal of" in folded.note
    )
    (shown,) = _without_repeats(
        [
            {
                "title": "t",
                "blocks": [folded.data(), incentives.statements(book).payroll_table().data()],
            }
        ],
        {name: str(text) for name, text in LABELS.items()},
    )
    assert [block["title"] for block in shown["blocks"]] == [
        "Payroll of the quarter to date, plan new"
    ]


def test_two_plans_are_weighed_line_by_line(book):
    compared = incentives.comparison(book)
    choice = incentives.decisions(compared, incentives.curve(book)).choice
    told = {row[0].text: [cell.text for cell in row[1:]] for row in choice.rows}
    assert told["Cliffs"] == ["0", "2", "new"] and told["Largest jump of pay at a cliff"] == [
        "¥0",
        "¥40",
        "new",
    ]
    assert told["Pay of the last twelve months"][2] == "old" and told[
        "Reps paid more than under the other"
    ] == ["2", "0", "new"]
    assert told["Gini of pay"][2] == "neither"


@pytest.mark.parametrize("left, spoken_with", [("2023-06-01", False), ("2023-07-01", True)])
def test_nobody_is_asked_to_speak_with_someone_who_has_left(left, spoken_with):
    """Cai lives on renewals of large customers, which the other plan pays less for."""
    people = TABLES["reps"].replace("2023-06-01", left)
    made = small_book(
        reps=people,
        orders=TABLES["orders"] + "F,2023-04-05,C1,500,R3,renewal,500,2023-05-05\n",
    )
    asked = " ".join(
        action.what
        for action in incentives.decisions(replace(incentives.comparison(made), named=True)).actions
    )
    assert ("Cai" in asked) is spoken_with


def test_the_statement_on_the_page_is_the_statement_in_the_workbook(book):
    made = replace(incentives.statements(book, printed=9), named=True)
    sheet = made.worksheets()[1]
    assert sum(row[-1] for row in sheet.rows) == made.total
    tables = made.statement_tables()
    assert [block.folded for block in tables] == [False] * len(made.table) + [True] * len(
        made.table
    )  # in brief on paper, in full where it folds away
    totals = [block.total[0][-1].text for block in tables]
    assert totals == [book.fmt.text(pay, "money.exact") for pay in made.table["pay"]] * 2


def test_large_renewals_pay_a_fifth_more(book):
    lines = history(book).pay(book.settings.commission_plans[0]).lines
    row = lines[lines["order_id"] == "B"].iloc[0]
    assert (row["item"], row["pay"]) == ("large renewal", 86_40)  # 900 × 8 % × 1.2


def test_a_referral_pays_both_roles_and_a_mentor_for_the_first_deal(book):
    past = history(book)
    lines, notes = award_lines(past, past.chosen.current, past.pay(past.chosen.current))
    paid = {(r.item, r.rep_id): r.pay for r in lines.itertuples()}
    assert paid == {
        ("referral", "R1"): 1000_00,
        ("referral", "R2"): 1000_00,
        ("mentor", "R1"): 500_00,
    }
    assert "C2, who came by referral" in lines["why"].iloc[0]
    assert notes == []


def test_awards_without_amount_or_rule_are_said_not_paid():
    made = small_book(
        awards=(
            "date,rep_id,award,amount,note\n2023-06-01,R1,kindness,,\n2023-06-02,R1,speed,50,fast\n"
        ),
    )
    past = history(made)
    lines, notes = award_lines(past, past.chosen.current, past.pay(past.chosen.current))
    assert lines.loc[lines["item"] == "speed", "pay"].tolist() == [50_00]
    assert "kindness" in notes[0] and "kindness" not in set(lines["item"])


def test_process_awards_share_ties_and_keep_the_quality_floor():
    toml = PLANS.replace(
        "awards = [",
        'awards = [\n  { name = "visitor", event = "most_visits", amount = 100, at_least = 2,'
        " quality = 0.5 },",
    )
    head = "activity_id,date,rep_id,kind,progressed\n"
    rows = [
        ("R1", "true"),
        ("R1", "true"),
        ("R2", "true"),
        ("R2", "false"),
        ("R3", "false"),
        ("R3", "false"),
        ("R3", "false"),
    ]
    made = small_book(
        toml,
        activities=head
        + "".join(
            f"A{i},2023-05-{i + 1:02d},{rep},visit,{on}\n" for i, (rep, on) in enumerate(rows)
        ),
    )
    past = history(made)
    lines, _ = award_lines(past, past.chosen.current, past.pay(past.chosen.current))
    won = lines[lines["item"] == "visitor"]
    assert dict(zip(won["rep_id"], won["pay"], strict=True)) == {
        "R1": 50_00,
        "R2": 50_00,
    }  # R3 made three visits, none moved a deal on
    assert "shared by 2" in won["why"].iloc[0]


def test_a_manager_earns_on_the_credit_of_direct_reports():
    made = small_book(
        PLANS.replace(
            "starts = 2023-01-01", "starts = 2023-01-01\nmanager_rate = 0.01\nfloor = 100"
        ),
    )
    lines = incentives.statements(made).lines
    boss = lines[lines["rep_id"] == "M1"]
    assert sum(boss["pay"]) == Decimal(
        "17.00"
    )  # 1 % of 2,300 by R2 less the 600 taken back from R1; a manager without credit has no floor
    assert "1 % of the credit of Bob" in boss["why"].tolist()
    assert incentives.statements(made).table.set_index("rep_id")["credited"]["M1"] == 0


def test_money_in_advance_is_shown_with_what_is_owed():
    made = incentives.statements(
        small_book(
            PLANS.replace("starts = 2023-01-01", "starts = 2023-01-01\ndraw = { monthly = 100 }"),
        )
    )
    bob = made.advances.set_index("rep_id").loc["R2"]
    assert (bob["advanced"], bob["recovered"], bob["balance"]) == (
        200,
        116,
        284,
    )  # owed 200 of Feb and Mar; Apr and Jun advance, May pays 216
    assert made.advances_table().rows
    mine = made.lines[made.lines["rep_id"] == "R2"].groupby("item")["pay"].sum()
    assert (mine["draw"], mine["draw recovered"]) == (
        200,
        -116,
    )  # and the statement adds up to what is paid out


def test_two_plans_on_the_same_deals(book):
    made = incentives.comparison(book)
    row = made.table.set_index("rep_id").loc["R2"]
    assert row["current"] == 1216 and row["other"] == Decimal(
        "276.00"
    )  # tiers 216 and a referral award; whole: 12 % of 2,300
    assert made.difference == sum(made.table["change"])
    assert (made.gain, made.lose) == (0, 2)
    assert made.summary["cost_of_sales"].iloc[0] == pytest.approx(
        float(made.summary["payout"].iloc[0] / 3200)
    )


def test_the_page_curve_lists_cliffs_of_the_whole_amount_plan(book):
    made = incentives.curve(book)
    assert [(c.plan, c.at, c.jump) for c in made.cliffs] == [("old", 1000, 20), ("old", 2000, 40)]
    assert "Plan old has cliffs" in made.reading()


def test_every_number_has_a_name_and_nothing_is_named_twice(book):
    results = [
        incentives.statements(book),
        incentives.comparison(book),
        incentives.recognition(book),
        incentives.ramp(book),
    ]
    kpis = [kpi for result in results for kpi in result.kpis()]
    assert {kpi.name for kpi in kpis} <= set(METRICS)
    keys = [(kpi.name, kpi.window, str(kpi.by)) for kpi in kpis]
    assert len(set(keys)) == len(keys)


def test_a_book_without_plans_gets_no_pay_but_a_labelled_illustration():
    made = small_book("")
    assert incentives.statements(made).status != "ok"
    assert "commission_plans" in incentives.statements(made).reason
    shown = incentives.comparison(made)
    assert shown.notes()[0].startswith("Illustration") and shown.kpis() == []


def test_an_unknown_plan_is_refused_with_a_suggestion(book):
    with pytest.raises(ParameterProblem, match="did you mean 'new'"):
        incentives.statements(book, plan="nwe")
    with pytest.raises(SettingsProblem, match="is no commission plan"):
        small_book(PLANS.replace('name = "old"', 'name = "old"\nreplaces = "olde"'))


@pytest.mark.parametrize("leave_out", ["customers", "reps"])
def test_sections_survive_missing_tables(leave_out):
    made = small_book(**{leave_out: ""})
    results = [
        incentives.curve(made),
        incentives.statements(made),
        incentives.comparison(made),
        incentives.attainment(made),
        incentives.simulation(made, years=20),
        incentives.audit(made),
        incentives.recognition(made),
        incentives.ramp(made),
        incentives.attrition(made),
        incentives.training(made),
        incentives.skill_gaps(made),
        incentives.task_board(made),
    ]
    for result in results:
        assert result.blocks()
        assert result.figure() is None or result.figure().alt
    assert headlines(*results)
    assert incentives.decisions(*results).blocks()


KINDS = {
    "awards": 'awards = [{ name = "m", event = "first_deal", to = ["mentor"], amount = 5 }]',
    "attainment": (
        "quota = 1000\nattainment = { target_pay = 500, levels = [{ at = 0.8, pays = 0.5 }, { at ="
        " 1.2, pays = 1.5 }] }"
    ),
    "quota": (
        'quota = 1000\ntiers_of = "quota"\ntiers = [{ lower = 0, upper = 1, rate = 0.1 }, { lower ='
        " 1, rate = 0.2 }]"
    ),
    "deal": 'accumulate = "deal"\ntiers = [{ lower = 0, rate = 0.1 }]',
}


@pytest.mark.parametrize(
    ("kind", "pays"), [("awards", 5), ("attainment", 250), ("quota", 250), ("deal", 170)]
)
def test_every_kind_of_plan_makes_a_page(monkeypatch, kind, pays):
    """Quarter: Bob sells 2,300, Ann has 600 of the quarter before taken back (1.5 times her quota
    becomes 0.9); his first deal is Ann's award.
    """
    monkeypatch.setenv("PLAYBOOK_BATCH", "1")
    made = small_book(f'[[commission_plans]]\nname = "p"\nstarts = 2020-01-01\n{KINDS[kind]}\n')
    statement = incentives.statements(made)
    assert statement.total == pays
    if kind != "awards":
        assert statement.table.set_index("rep_id")["credited"].to_dict() == {"R1": -600, "R2": 2300}
    for result in (
        statement,
        incentives.curve(made),
        incentives.comparison(made),
        incentives.audit(made),
    ):
        assert result.blocks()
    incentives.explore_plan(incentives.comparison(made))


def test_wins_stand_in_for_orders():
    made = small_book(
        orders="",
        opportunities="opportunity_id,created,stage,outcome,closed,amount,rep_id\nX,2023-05-01,won,won,2023-06-20,1000,R1\nY,2023-05-01,lost,lost,2023-06-20,,R1\n",
    )
    assert incentives.statements(made).total == Decimal("80.00")


def test_nothing_after_the_as_of_date_changes_pay():
    more = (
        TABLES["orders"]
        + "Z,2023-07-01,C3,9999,R2,new,9999,2023-07-02\nD,2023-08-01,C3,-1500,R2,refund,,\n"
    )
    assert incentives.statements(small_book()).lines.equals(
        incentives.statements(small_book(orders=more)).lines
    )


def test_the_illustration_has_round_edges_within_reach():
    rows = [
        sale(amount, f"2023-0{month}-05", rep_id=rep)
        for month in (1, 4, 7)
        for rep, amount in (("A", 90_000), ("B", 140_000), ("C", 310_000))
    ]
    edges = [band.lower for band in illustration(orders(*rows)).tiers]
    assert edges == [0, 150_000, 300_000]
    assert [round_number(v) for v in (0, 0.4, 7, 84_000, 1_234_567)] == [1, 1, 6, 80_000, 1_000_000]
