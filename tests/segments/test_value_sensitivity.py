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
