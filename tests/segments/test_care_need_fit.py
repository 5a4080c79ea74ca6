"""Need fit: bands, their edges and the deals won."""

import pandas as pd
from small_books import book, order

from playbook import segments
from playbook.base.errors import DataProblem
from playbook.base.settings import SegmentSettings
from playbook.segments.care.need_fit import bands

RAW = SegmentSettings(fit_rule="totals")


def fit_rows(**subjects):
    return [
        {"subject_id": s, "need": f"n{i}", "score": score}
        for s, scores in subjects.items()
        for i, score in enumerate(scores)
    ]


def frame(*scores):
    return pd.DataFrame(
        [{"total": sum(s), "weighted": sum(s), "most": 5.0 * len(s)} for s in scores]
    )


def test_four_five_three_is_medium_as_a_total_and_high_as_a_share():
    one = frame((4, 5, 3))
    assert bands(one, RAW, "totals").tolist() == ["medium"] and bands(
        one, RAW, "scaled"
    ).tolist() == ["high"]


def test_band_edges_belong_above():
    five = frame((4, 4, 4, 4, 4), (4, 4, 4, 4, 3), (2, 2, 2, 2, 2), (2, 2, 2, 2, 1))
    assert (
        bands(five, RAW, "totals").tolist()
        == bands(five, RAW, "scaled").tolist()
        == ["high", "medium", "medium", "low"]
    )


def test_the_page_says_which_rule_and_what_the_other_would_do():
    result = segments.need_fit(
        book(
            "2023-06",
            orders=[order("x", "2023-06-01", 1, 1)],
            fit_scores=fit_rows(L1=(4, 5, 3), L2=(1, 1, 1)),
        )
    )
    assert (
        "share of the maximum" in result.reading()
        and "1 lead into another band" in result.reading()
    )
    assert {k.by["band"]: k.value for k in result.kpis()} == {"high": 1, "medium": 0, "low": 1}
    raw = segments.need_fit(
        book(
            "2023-06",
            toml='[segments]\nfit_rule = "totals"\n',
            orders=[order("x", "2023-06-01", 1, 1)],
            fit_scores=fit_rows(L1=(4, 5, 3)),
        )
    )
    assert {k.by["band"]: k.value for k in raw.kpis()} == {
        "high": 0,
        "medium": 1,
        "low": 0,
    } and "raw totals" in raw.headline() + raw.reading()


def test_weights_count_and_win_rate_calibrates():
    scores = [
        {"subject_id": s, "need": "n", "score": v, "weight": w}
        for s, pairs in {"L1": ((5, 3), (1, 0)), "L2": ((5, 0), (1, 3))}.items()
        for v, w in pairs
    ]
    for i, row in enumerate(scores):
        row["need"] = f"n{i}"
    deals = [
        {
            "opportunity_id": f"d{i}",
            "lead_id": f"L{i}",
            "created": "2023-01-01",
            "stage": s,
            "outcome": o,
            "closed": "2023-02-01",
        }
        for i, s, o in ((1, "won", "won"), (2, "lead", "lost"))
    ]
    leads = [
        {"lead_id": f"L{i}", "created": day} for i, day in ((1, "2023-01-01"), (2, "2023-06-30"))
    ]
    result = segments.need_fit(book("2023-06", fit_scores=scores, opportunities=deals, leads=leads))
    found = result.table.set_index("band")
    assert found.loc["high", "won"] == 1 and found.loc["low", ["decided", "won"]].tolist() == [1, 0]


def test_scores_outside_one_to_five_are_refused_or_left_out():
    rows = fit_rows(L1=(4, 9), L2=(3, 3))
    try:
        result = segments.need_fit(
            book("2023-06", orders=[order("x", "2023-06-01", 1, 1)], fit_scores=rows)
        )
    except DataProblem as problem:
        assert "score" in str(problem)
    else:
        assert result.wrong == 1 and len(result.leads) == 2


def scored_book(won_high, of_high, won_low, of_low, **more):
    """Leads of high (25 of 25) and of low fit (5 of 25), with that many deals won and decided."""
    scores, deals, leads = [], [], []
    for band, score, won, of in (("h", 5, won_high, of_high), ("l", 1, won_low, of_low)):
        for i in range(of):
            lead = f"{band}{i}"
            leads.append({"lead_id": lead, "created": "2023-01-05"})
            scores += [
                {"subject_id": lead, "need": f"n{k}", "score": score, "weight": 1} for k in range(5)
            ]
            deals.append(
                {
                    "opportunity_id": f"d{lead}",
                    "lead_id": lead,
                    "customer_id": f"c{lead}",
                    "created": "2023-01-05",
                    "closed": "2023-03-05",
                    "stage": "won" if i < won else "lost",
                    "outcome": "won" if i < won else "lost",
                    "amount": 1,
                }
            )
    leads.append({"lead_id": "anchor", "created": "2023-06-30"})
    return book("2023-06", leads=leads, opportunities=deals, fit_scores=scores, **more)


def test_the_score_is_judged_by_what_chance_allows():
    def verdict(*counts):
        return segments.need_fit(scored_book(*counts)).reading()

    assert "so the score is worth following" in verdict(30, 40, 10, 40)
    assert "so the score is worth following" in verdict(20, 40, 0, 40)  # low fit never won
    assert "a difference that chance explains" in verdict(20, 40, 18, 40)
    assert "a difference that chance explains" in verdict(6, 12, 2, 12)  # three times as often
    assert "low fit wins more often, so the score misleads here" in verdict(10, 40, 30, 40)
    assert "too few decided deals to say whether good fit wins (9 of high fit, 40 of low" in (
        verdict(9, 9, 1, 40)
    )


def test_a_deal_counts_once_where_its_lead_and_its_customer_are_both_scored():
    plain = segments.need_fit(scored_book(10, 10, 0, 10)).table
    scores = [{"subject_id": "ch0", "need": "n", "score": 5, "weight": 1}]
    here = scored_book(10, 10, 0, 10)
    both = segments.need_fit(_with_scores(here, scores)).table
    assert plain["decided"].tolist() == both["decided"].tolist() == [10, 0, 10]
    assert both["leads"].tolist() == [11, 0, 10]


def _with_scores(here, scores):
    import pandas as pd

    frames = {
        name: here.table(name).collect().to_pandas()
        for name in ("leads", "opportunities", "fit_scores")
    }
    fits = frames["fit_scores"].dropna(axis=1, how="all")
    frames["fit_scores"] = pd.concat([fits, pd.DataFrame(scores)])
    frames = {name: frame.dropna(axis=1, how="all") for name, frame in frames.items()}
    return book("2023-06", **frames)


def test_buying_powers_that_contradict_each_other_are_told_and_none_is_taken():
    rows = [
        {"subject_id": s, "need": need, "score": 4, "buying_power": power}
        for s, need, power in (
            ("a", "x", "low"),
            ("a", "y", "high"),
            ("b", "x", "high"),
            ("b", "y", None),
            ("c", "x", "medium"),
        )
    ]
    found = segments.need_fit(book("2023-06", fit_scores=rows))
    power = found.leads.set_index("subject_id")["buying_power"]
    assert pd.isna(power["a"]) and (power["b"], power["c"]) == ("high", "medium")
    assert (
        "1 lead is given different buying powers by different needs, such as a" in found.reading()
    )
    same = segments.need_fit(book("2023-06", fit_scores=rows[2:]))
    assert "different buying powers" not in same.reading()
