"""Thresholds and edges moved, with sliders and with switches."""

from playbook import segments
from playbook.segments.explore import redraw, switches
from playbook.segments.population import population


def test_sliders_count_every_customer_and_all_revenue_wherever_they_stand(small):
    scored, tiers, people = segments.rfm(small), segments.tiers(small), population(small)
    for recency, monetary, edge in ((0.25, 3.0, 100.0), (1.0, 1.0, 500_000.0), (3.0, 0.25, 50.0)):
        moved, tier, _ = redraw(
            people,
            scored,
            tiers,
            5,
            recency=recency,
            frequency=1.0,
            monetary=monetary,
            segment="champions",
            edge_0=edge,
            edge_1=400.0,
        )
        assert sum(int(row[1].text) for row in moved.rows) == 12 and moved.total[0][1].text == "12"
        assert (
            sum(int(row[2].text) for row in tier.rows) == int(tier.total[0][2].text)
            and tier.total[0][4].text == "¥5,500"
        )


def test_moved_thresholds_change_segments_and_unmoved_ones_do_not(small):
    scored, tiers, people = segments.rfm(small), segments.tiers(small), population(small)
    still = redraw(
        people, scored, tiers, 5, recency=1.0, frequency=1.0, monetary=1.0, segment="champions"
    )
    assert still[0].rows == scored.segment_table().rows and still[1].rows == tiers.tables()[0].rows
    assert (
        redraw(
            people, scored, tiers, 5, recency=0.25, frequency=1.0, monetary=3.0, segment="champions"
        )[0].rows
        != still[0].rows
    )
    vip = redraw(
        people,
        scored,
        tiers,
        5,
        recency=1.0,
        frequency=1.0,
        monetary=1.0,
        segment="champions",
        edge_0=950.0,
    )[1].rows[0]
    assert (vip[0].text, vip[2].text) == ("VIP", "1")  # one customer brought 1,000


def test_every_segment_leads_to_its_customers_in_a_page_without_kernel(small):
    scored = segments.rfm(small)
    members, *what_if = switches(population(small), scored, segments.tiers(small), 15)
    names = [name.rpartition(" (")[0] for name in members.choices[0].options]
    assert names == scored.table["segment"][scored.table["customers"] > 0].tolist()
    assert [len(members.versions[str(i)]) for i in range(len(names))] == [
        min(n, 15) for n in scored.table["customers"][scored.table["customers"] > 0]
    ]
    assert (
        members.rows == members.versions[str(members.choices[0].start)]
        and 'type="radio"' in members.html()
    )
    assert [len(table.versions) for table in what_if] == [9, 5] and all(
        sum(int(row[1].text) for row in rows[:-1]) == int(rows[-1][1].text) == 12
        for rows in what_if[0].versions.values()
    )
