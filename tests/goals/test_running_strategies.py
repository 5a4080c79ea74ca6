"""Milestones of strategies, by hand."""

from toy_books import TOML, months

from playbook.goals.aims.strategies import strategies

ORDERS = months(2022, 2023, 3, lambda y, m: 100)


def test_strategies_late_too_many_and_done(book):
    rows = (
        "strategy,goal,lever,budget,spent,start,due,owner,milestone,milestone_due,milestone_done\n"
        + "\n".join(
            [
                f"S{i},500000 in 3 months,channel,200000,{50000 * i},2023-01-01,2023-06-30,"
                f"Ann,m,2023-02-28,{'2023-02-20' if i == 1 else ''}"
                for i in (1, 2, 3, 4)
            ]
        )
    )
    toml = TOML + "[goals]\nmost_strategies = 2\n"
    made = strategies(book("2023-03", toml=toml, orders=ORDERS, strategies=rows))
    assert made.table.set_index("strategy")["state"].to_dict() == {
        "S1": "done",
        "S2": "late",
        "S3": "late",
        "S4": "late",
    }
    assert len(made.running) == 3 and any("Choose at most 2" in a.what for a in made.actions())
    assert made.table.set_index("strategy").loc["S2", "used"] == 0.5
    # how many a team can carry is an example where nobody says it
    plain = strategies(book("2023-03", orders=ORDERS, strategies=rows))
    assert not any("Choose at most" in a.what for a in plain.actions())
    assert "more than" not in plain.reading()


def test_people_and_material_stand_beside_money_and_overspending_is_told(book):
    rows = (
        "strategy,goal,budget,spent,people,material,start,due,owner,milestone,milestone_due,"
        "milestone_done\n"
        "Fair,g,200000,250000,2 specialists,5000 leaflets,2023-01-01,2023-06-30,Ann,m,2023-02-28,"
        "2023-02-20\n"
        "Web,g,200000,200000,,,2023-01-01,2023-06-30,Bo,m,2023-06-30,"
    )
    made = strategies(book("2023-03", orders=ORDERS, strategies=rows))
    assert made.table["over"].tolist() == [50000.0, 0.0]
    told = " Over budget: Fair by ¥50,000 (125 % of its budget)."
    assert told in made.reading() and "Web by" not in made.reading()
    shown = next(t for t in made.tables() if t.title == "What the strategies take")
    fair = [cell.text for cell in shown.rows[0]]
    assert fair[1:7] == [
        "2 specialists",
        "5000 leaflets",
        "¥200,000",
        "¥250,000",
        "125 %",
        "¥50,000",
    ]
    asked = [(a.what, a.owner) for a in made.actions()]
    assert asked == [("Agree more money for Fair, or stop its spending", "Ann")]
    within = strategies(book("2023-03", orders=ORDERS, strategies=rows.replace("250000", "150000")))
    assert "Over budget" not in within.reading() and not within.actions()


def test_people_and_material_are_counted_and_overspending_of_each_is_told(book):
    rows = (
        "strategy,goal,people_planned,people_used,people_unit,material_planned,material_used,"
        "material_unit,start,due,owner,milestone,milestone_due\n"
        "Fair,g,8,9.5,person-months,5000,5000,leaflets,2023-01-01,2023-06-30,Ann,m,2023-06-30\n"
        "Ads,g,6,,person-months,,40,,2023-01-01,2023-06-30,Bo,m,2023-06-30\n"
        "Gift,g,2,2,,500,520,gifts,2023-01-01,2023-03-30,Cy,m,2023-06-30\n"
        "Call,g,,,,10,14,lists,2023-01-01,2023-06-30,Di,m,2023-06-30"
    )
    made = strategies(book("2023-03", orders=ORDERS, strategies=rows))
    table = made.table.set_index("strategy")
    assert table["people_over"].dropna().to_dict() == {"Fair": 1.5, "Gift": 0}
    assert table["material_over"].dropna().to_dict() == {"Fair": 0, "Gift": 20, "Call": 4}
    assert table["state"].to_dict() == {
        "Ads": "on course",
        "Call": "over plan",
        "Fair": "over plan",
        "Gift": "ended short",
    }
    assert (
        " More used than planned: material of Call, 14 of 10 lists;"
        " people of Fair, 9.5 of 8 person-months; material of Gift, 520 of 500 gifts."
    ) in made.reading()
    shown = next(t for t in made.tables() if t.title == "What the strategies take")
    assert [[row[i].text for i in (0, 2, 4)] for row in shown.rows] == [
        ["Ads", "– of 6 person-months", "40 of –"],
        ["Call", "–", "14 of 10 lists"],
        ["Fair", "9.5 of 8 person-months", "5,000 of 5,000 leaflets"],
        ["Gift", "2 of 2", "520 of 500 gifts"],
    ]
    # asked of those that still run; what has ended asks nothing more
    assert [(a.what, a.owner, a.why) for a in made.actions()] == [
        ("Agree more material for Call, or use less", "Di", "14 of 10 lists used"),
        ("Agree more people for Fair, or take work from it", "Ann", "9.5 of 8 person-months used"),
    ]
    known = {(k.name, k.by["strategy"]): (k.value, k.denominator) for k in made.kpis()}
    assert known["strategy.people_used", "Fair"] == (9.5, 8)
    assert known["strategy.people_used", "Ads"] == (None, 6)
    assert known["strategy.material_used", "Ads"] == (40, None)
    assert ("strategy.people_used", "Call") not in known
