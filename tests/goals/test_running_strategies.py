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
