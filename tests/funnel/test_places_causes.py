"""One list of causes: what each search finds, what it costs, and how sure it is."""

import numpy as np
import pandas as pd
import pytest

from playbook import funnel
from playbook.data.measures.deals import deals_of
from playbook.funnel.places.cause_list import ranked, slow
from playbook.funnel.places.cause_searches import fewer_matches, larger_discounts, smaller_deals
from playbook.funnel.places.causes import Causes
from playbook.funnel.steps.cycle import Cycle
from toy import toy

SETTINGS = {"book": {"stages": ["lead", "won"]}}


def orders(discounts: dict[str, list[float]], list_amount: float = 1000, **more):
    """Orders of 2024 at a list amount, one per discount given by each rep."""
    rows = [
        {
            "order_id": f"{rep}{i:03d}",
            "date": pd.Timestamp("2024-01-02") + pd.Timedelta(days=3 * i),
            "rep_id": rep,
            "customer_id": f"C{i}",
            "list_amount": list_amount,
            "amount": list_amount * (1 - share),
        }
        | {name: column[rep] for name, column in more.items()}
        for rep, given in discounts.items()
        for i, share in enumerate(given)
    ]
    return toy(month="2024-04", settings=SETTINGS, orders=rows)


def some(mean: float, n: int = 40, spread: float = 0.02) -> list[float]:
    """Discounts around a mean, the same for every rep but for the mean."""
    return [mean + spread * ((i % 5) - 2) / 2 for i in range(n)]


@pytest.fixture(scope="module")
def generous():
    return orders({"A": some(0.05), "B": some(0.05), "C": some(0.05), "D": some(0.15)})


def test_a_rep_who_gives_more_costs_the_difference(generous):
    """40 orders of 1,000 at 15 % where the others give 5 %: 40 × 1,000 × 10 points."""
    found = larger_discounts(generous)
    assert found.compared == 4 and [f.member for f in found.found] == ["D"]
    (d,) = found.found
    assert (d.n, d.value, d.rest) == (40, pytest.approx(0.15), pytest.approx(0.05))
    assert d.worth == pytest.approx(4000) and d.low < 4000 < d.high and d.p <= 0.01


def test_the_list_pays_for_every_search_and_names_the_cause(generous):
    found = funnel.causes(generous, funnel.bottleneck(generous), funnel.cycle(generous))
    (row,) = found.table.to_dict("records")
    assert (row["measure"], row["where"], row["by"]) == ("more discount", "D", {"rep": "D"})
    assert list(found.compared) == ["more discount"]  # one search: its p stands
    assert row["sure"] == "sure" and row["worth"] == pytest.approx(4000)
    assert "15.0 % given on average, 5.0 % elsewhere" in found.reading()
    assert found.at("rep", "D").startswith("more discount: ") and found.at("rep", "A") == ""
    assert found.problems()[0].startswith("D (more discount)")
    assert found.kpis()[0].by == {"measure": "more discount", "rep": "D"}


def test_the_agenda_and_the_actions_take_causes(generous):
    found = funnel.causes(generous, funnel.bottleneck(generous), funnel.cycle(generous))
    review = funnel.review(generous, found)
    assert review.agenda["item"].tolist() == ["Problem"]
    (action,) = review.actions
    assert action.what.startswith("Go through the discounts of D") and action.worth > 3999


def test_performance_tells_the_cause_of_a_member_below_last_year():
    """East sold less than a year before and gives more than West."""
    rows = []
    for year in (2023, 2024):
        for region, share in (("East", 0.3 if year == 2024 else 0.05), ("West", 0.05)):
            for i in range(40):
                day = pd.Timestamp(f"{year}-01-02") + pd.Timedelta(days=3 * i)
                off = share + 0.005 * (i % 5)
                rows.append(
                    {"order_id": f"{region}{year}{i}", "date": day, "customer_id": f"C{i}"}
                    | {"region": region, "list_amount": 1000, "amount": 1000 * (1 - off)}
                )
    book = toy(month="2024-04", settings=SETTINGS, orders=rows)
    causes = funnel.causes(book, funnel.bottleneck(book), funnel.cycle(book))
    found = funnel.performance(book, window="year_to_date", causes=causes)
    assert "A cause is found at East (more discount: 31.0 % given" in found.reading()
    assert "A cause is found" not in funnel.performance(book, window="year_to_date").reading()


def test_a_region_of_one_rep_is_one_cause():
    book = orders(
        {"A": some(0.05), "B": some(0.05), "C": some(0.05), "D": some(0.15)},
        region={"A": "N", "B": "S", "C": "W", "D": "E"},
    )
    found = funnel.causes(book, funnel.bottleneck(book), funnel.cycle(book))
    assert found.table["where"].tolist() == ["E (D)"]
    assert found.table.by.tolist() == [{"region": "E", "rep": "D"}]


def test_alike_nobody_is_named():
    book = orders({rep: some(0.05) for rep in "ABCD"})
    found = funnel.causes(book, funnel.bottleneck(book), funnel.cycle(book))
    assert found.table.empty and found.headline() == "" and found.tables() == []
    assert found.reading() == (
        "Searched were discounts: nobody and nothing lies apart by more than chance."
    )


def test_larger_rungs_are_compared_with_their_own():
    """A sells only large orders, at the discount everybody gives on them."""
    book = orders({"A": some(0.1), "B": some(0.1), "C": some(0.1)}, list_amount=200_000)
    small = orders({"D": some(0.03), "E": some(0.03), "F": some(0.03)})
    rows = [b.table("orders").collect().to_pandas() for b in (book, small)]
    both = pd.concat(rows)[["order_id", "date", "rep_id", "customer_id", "list_amount", "amount"]]
    assert not larger_discounts(toy(month="2024-04", settings=SETTINGS, orders=both)).found


def deals(sizes: dict[str, float], match: dict[str, float] | None = None, n: int = 40):
    """Won and lost deals by rep: won ones of a size, half of all; a share of them matching."""
    rows = []
    for rep, size in sizes.items():
        for i in range(n):
            born = pd.Timestamp("2024-01-02") + pd.Timedelta(days=i)
            matching = None if match is None else i % 20 < match[rep] * 20
            won = matching if match else i % 2 == 0
            rows.append(
                {
                    "opportunity_id": f"{rep}{i:03d}",
                    "rep_id": rep,
                    "created": born,
                    "closed": born + pd.Timedelta(days=10),
                    "outcome": "won" if won and i % 4 < 3 else "lost",
                    "stage": "won" if won and i % 4 < 3 else "lead",
                    "amount": size * (1 + 0.1 * (i % 3)) if won and i % 4 < 3 else None,
                    "need_match": matching,
                }
            )
    return toy(
        month="2024-02" if n < 80 else "2024-04" if n > 90 else "2024-03",
        settings=SETTINGS,
        opportunities=rows,
    )


def test_smaller_deals_cost_what_the_others_sell_them_at():
    book = deals({"A": 1000, "B": 1000, "C": 1000, "D": 400}, n=120)
    found = smaller_deals(funnel_deals(book), book)
    (d,) = found.found
    assert d.member == "D" and d.value == pytest.approx(0.4 * d.rest)
    assert d.worth == pytest.approx(d.n * (d.rest - d.value))


def test_fewer_matches_cost_the_wins_they_would_have_brought():
    """D matches 4 of 20, the others 14: 0.5 × n × (won of matching − of others) × average win."""
    book = deals(dict.fromkeys("ABCD", 1000), {"A": 0.7, "B": 0.7, "C": 0.7, "D": 0.2}, n=80)
    found = fewer_matches(funnel_deals(book), book)
    (d,) = found.found
    assert (d.member, d.n, d.value, d.rest) == ("D", 80, 0.2, pytest.approx(0.7))
    rows = book.table("opportunities").collect().to_pandas()
    won, yes = rows.outcome == "won", rows.need_match.astype(bool)
    gain = won[yes].mean() - won[~yes].mean()
    assert d.worth == pytest.approx(80 * 0.5 * gain * rows.amount[won].astype(float).mean())


def funnel_deals(book):
    from playbook.data.measures.deals import deals_of

    return deals_of(book)


def test_a_longer_stay_is_money_that_comes_later(monkeypatch):
    """Twice the stay of others, who stay 10 days; medians 20 and 10: 10 days of a year's wins."""
    book = deals({"A": 1000, "B": 1000}, n=40)
    cycle = funnel.cycle(book)
    row = dict(stage="lead", dimension="rep", member="A", label="A", n=40, median=20.0, p=0.001)
    row |= dict(others=10.0, ratio=2.0, low=1.5, high=2.5, day=12.0, gone=0.7, own_gone=0.2)
    slow = pd.DataFrame([row])
    later = Cycle(**{**vars(cycle), "slow": slow, "compared": 2})
    found = funnel.causes(book, funnel.bottleneck(book), later)
    (cause,) = found.table[found.table.measure == "stays longer"].to_dict("records")
    rows = book.table("opportunities").collect().to_pandas()
    money = float(rows.amount[(rows.outcome == "won") & (rows.rep_id == "A")].astype(float).sum())
    assert cause["worth"] == pytest.approx(money * 10 / 365)
    assert cause["low"] == pytest.approx(money * 5 / 365)


def test_medians_no_further_apart_are_no_money():
    book = deals({"A": 1000, "B": 1000}, n=40)
    row = dict(stage="lead", dimension="rep", member="A", label="A", n=40, median=9.0, p=0.001)
    row |= dict(others=10.0, ratio=2.0, low=1.5, high=2.5, day=12.0, gone=0.7, own_gone=0.2)
    cycle = funnel.cycle(book)
    later = Cycle(**{**vars(cycle), "slow": pd.DataFrame([row]), "compared": 2})
    found = funnel.causes(book, funnel.bottleneck(book), later)
    assert isinstance(found, Causes) and np.isnan(found.table.worth.iloc[0])
    assert "Found: A, lead: left 2.00× as slowly as by the rest" in found.reading()


def test_a_book_with_nothing_to_search_says_what_it_needs():
    rows = [{"order_id": "1", "date": "2024-01-02", "customer_id": "C", "amount": 5}]
    book = toy(month="2024-01", settings=SETTINGS, orders=rows)
    found = funnel.causes(book, funnel.bottleneck(book), funnel.cycle(book))
    assert found.status != "ok" and "opportunities" in found.reason


def test_p_is_paid_for_every_search_and_the_costliest_comes_first():
    """0.001, 0.004 and 0.03 in five searches side by side: 0.005, 0.02 and 0.15."""
    row = dict(measure="passes fewer", by={}, what="", n=30, low=0.0, high=9.0)
    rows = [
        row | dict(where="unpriced", worth=np.nan, p=0.001),
        row | dict(where="small", worth=2.0, p=0.004),
        row | dict(where="large", worth=5.0, p=0.03),
    ]
    found = ranked(rows, 5)
    assert found["where"].tolist() == ["large", "small", "unpriced"]
    assert found.p.tolist() == pytest.approx([0.15, 0.02, 0.005])
    assert found.sure.tolist() == ["likely", "very likely", "sure"]


@pytest.mark.parametrize(
    ("median", "ratio", "worth"),
    [
        (20, 2.0, 100.0),  # medians as far apart as the ratio: 10 days of 3,650 won a year
        (15, 2.0, 50.0),  # half as far apart
        (30, 2.0, 100.0),  # never more than the ratio says
        (None, 2.0, 100.0),  # a median that is not reached says nothing against it
        (8, 1.0, 0.0),  # no longer than the others
        (10, 2.0, None),  # medians no further apart: no money to be told
    ],
)
def test_what_a_longer_stay_costs_by_hand(median, ratio, worth):
    deals = """
        opportunity_id created    stage outcome closed     rep_id amount
        D1             2023-02-01 won   won     2023-03-31 A      3650
        D2             2022-02-01 won   won     2022-03-31 A      9999
        D3             2023-01-01 won   won     2023-01-31 B      7777
    """
    book = toy(opportunities=deals, month="2023-03")
    row = {"dimension": "rep", "member": "A", "label": "A", "stage": "lead", "n": 9, "p": 0.01}
    row |= {"others": 10.0, "ratio": ratio, "low": 1.5, "high": 2.5}
    row |= {"median": float("nan") if median is None else float(median)}
    found = slow(row, deals_of(book), book)
    if worth is None:
        assert np.isnan(found["worth"])
    else:
        assert found["worth"] == pytest.approx(worth)
