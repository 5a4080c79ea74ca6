"""How firm the segments are."""

from small_books import book, order

from playbook import segments


def test_sensitivity_counts_those_near_a_boundary():
    toml = (
        "[segments]\nrecency_days = [30, 60, 90, 180]\nfrequency = [1, 2, 3, 4]\nmonetary = [100,"
        " 200, 300, 400]\n"
    )
    rows = [
        order("near", "2023-03-01", 299, 1),
        order("far", "2023-05-20", 220, 2),
        order("x", "2023-05-28", 5000, 3),
        order("x", "2023-05-02", 5, 4),
    ]
    table = segments.sensitivity(book("2023-06", toml=toml, orders=rows)).table.set_index("change")
    assert table.loc["Monetary thresholds −10 %", "moved"] >= 1  # 299 is above 270
    assert (
        table.loc["As-of date 7 days earlier", "moved"] >= 1
    )  # 33 days become 26: loyal becomes champion
    assert table.loc["Frequency thresholds +10 %", "moved"] == 0


def test_the_sentence_follows_the_share_that_moves():
    from dataclasses import replace

    rows = [order(f"c{i}", f"2023-0{1 + i % 6}-10", 10 + i, i) for i in range(40)]
    found = segments.sensitivity(book("2023-06", orders=rows))
    assert not found.table["change"].str.startswith("Frequency").any()  # all ordered once

    def tried(moved):
        return replace(found, table=found.table.head(1).assign(moved=moved, share=moved / 40))

    def said(moved):
        return tried(moved).reading()

    assert tried(0).headline() == "Firmness: no customer changes segment by the changes tried."

    assert said(0) == (
        "No customer changes segment by any of these changes: the segments are firm against them."
    )
    assert said(3).endswith("and 3 customers (7.5 %) change segment: most segments are firm.")
    assert said(4).endswith("read single customers near a boundary with care.")
    assert said(12).endswith("read the segment of a single customer as a hint, not as a fact.")
