"""The sample is what the simulator writes, and its tables hang together."""

import pandas as pd
import pytest
from tests.shared import REPO

from playbook.case.story.claim_check import published_figures
from playbook.data.tables import EXTRA, TABLES
from playbook.simulator.company import write_sample

SAMPLE = REPO / "data" / "sample"


@pytest.fixture(scope="module")
def book() -> dict[str, pd.DataFrame]:
    return {
        name: pd.read_csv(SAMPLE / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in TABLES
        if name not in EXTRA
    }


def test_writing_again_gives_the_committed_bytes(tmp_path):
    written = write_sample(tmp_path, published_figures)
    assert sorted(p.name for p in written) == sorted(p.name for p in SAMPLE.iterdir())
    for path in written:
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name


def test_every_table_has_the_contract_columns(book):
    for name, frame in book.items():
        given = [column for column in TABLES[name].names if column in frame]
        assert list(frame.columns) == given and set(TABLES[name].required) <= set(given)
        assert len(frame)


def test_readme_states_the_rows_of_every_table(book):
    text = (SAMPLE / "README.md").read_text()
    for name, frame in book.items():
        assert (
            f"| `{name}` | {TABLES[name].grain.removeprefix('one row per ')} | {len(frame):,} |"
            in text
        )
    assert f"{sum(int(a) for a in book['orders'].amount):,}" in text


def test_orders_are_the_won_deals_and_the_renewals(book):
    orders = book["orders"][book["orders"].kind != "refund"]
    won = book["opportunities"][book["opportunities"].outcome == "won"].set_index("opportunity_id")
    from_deals = orders[orders.opportunity_id != ""].set_index("opportunity_id")
    assert sorted(from_deals.index) == sorted(won.index)
    assert (from_deals.amount == won.amount.reindex(from_deals.index)).all()
    assert (from_deals.date == won.closed.reindex(from_deals.index)).all()
    assert (from_deals.customer_id == won.customer_id.reindex(from_deals.index)).all()
    renewed = book["contracts"][(book["contracts"].renewed_on >= "2021-01-01")]
    assert sorted(orders[orders.kind == "renewal"].date) == sorted(renewed.renewed_on)


def test_first_orders_are_new_and_no_others(book):
    orders = book["orders"][book["orders"].kind != "refund"].merge(
        book["customers"][["customer_id", "since"]], on="customer_id"
    )
    new = orders[orders.kind == "new"]
    assert new.customer_id.is_unique
    assert (new.date == new.since).all()
    assert (orders[orders.kind != "new"].date > orders[orders.kind != "new"].since).all()


def test_refunds_follow_their_order_and_stay_below_it(book):
    orders = book["orders"].assign(amount=book["orders"].amount.astype(int))
    back, sold = (
        orders[orders.kind == "refund"],
        orders[orders.kind != "refund"].set_index("order_id"),
    )
    assert len(back) and (back.amount < 0).all()
    assert (-back.amount.to_numpy() <= sold.amount.reindex(back.order_id).to_numpy()).all()
    assert (back.date.to_numpy() > sold.date.reindex(back.order_id).to_numpy()).all()


def test_stages_are_entered_in_order_and_end_where_the_deal_stands(book):
    events = book["stage_events"].merge(
        book["opportunities"], on="opportunity_id", suffixes=("", "_now")
    )
    order = events.stage.map({"lead": 0, "intent": 1, "negotiation": 2, "won": 3})
    ordered = events.assign(order=order).sort_values(["opportunity_id", "order"])
    for _, deal in ordered.groupby("opportunity_id"):
        assert list(deal.entered_at) == sorted(deal.entered_at)
        assert list(deal.order) == list(range(len(deal)))
        assert deal.stage.iloc[-1] == deal.stage_now.iloc[0]
        assert deal.entered_at.iloc[0][:10] == deal.created.iloc[0]
    won = events[events.stage == "won"]
    assert (won.entered_at.str[:10] == won.closed).all()
    lost = book["opportunities"][book["opportunities"].outcome == "lost"]
    assert (lost.lost_reason != "").all() and (lost.closed >= lost.created).all()
    assert (book["opportunities"].outcome == "open").sum() > 50


def test_contracts_are_renewed_at_their_end_by_the_next(book):
    contracts = book["contracts"].set_index("contract_id")
    renewed = contracts[contracts.renewed_by != ""]
    following = contracts.loc[renewed.renewed_by]
    assert (following.customer_id.to_numpy() == renewed.customer_id.to_numpy()).all()
    assert (
        pd.to_datetime(following.start).to_numpy()
        == (pd.to_datetime(renewed.end) + pd.Timedelta(days=1)).to_numpy()
    ).all()
    assert (renewed.renewed_on <= renewed.end).all()


def test_targets_of_the_parts_are_the_whole(book):
    targets = book["targets"].assign(
        target=(book["targets"].target.astype(float) * 100).round().astype(int)
    )
    company = (
        targets[
            (targets[["region", "product_line", "customer_type", "rep_id", "team"]] == "").all(
                axis=1
            )
        ]
        .set_index(["period", "metric"])
        .target
    )
    for dimension in ("region", "product_line", "customer_type", "rep_id"):
        parts = targets[targets[dimension] != ""].groupby(["period", "metric"]).target.sum()
        assert (parts == company.reindex(parts.index)).all(), dimension
    for year in ("2021", "2022", "2023"):
        months = sum(company[(f"{year}-{m:02d}", "sales")] for m in range(1, 13))
        assert (
            months
            == company[(year, "sales")]
            == sum(company[(f"{year}-Q{q}", "sales")] for q in range(1, 5))
        )


def test_references_hold(book):
    for name, frame in book.items():
        for column in TABLES[name].columns:
            if column.refers and column.name in frame:
                other, key = column.refers.split(".")
                values = set(book[name][column.name]) - {""}
                assert values <= set(book[other][key]), f"{name}.{column.name}"


def test_nobody_sells_before_being_hired_or_after_leaving(book):
    reps = book["reps"].set_index("rep_id")
    for name, day in (("orders", "date"), ("stage_events", "entered_at"), ("leads", "created")):
        frame = book[name]
        frame = frame[frame.kind != "refund"] if name == "orders" else frame
        frame = frame[frame[day].str[:10] >= "2021-01-01"]
        left = reps.left.reindex(frame.rep_id).replace("", "9999").to_numpy()
        assert (frame[day].str[:10].to_numpy() <= left).all(), name
        assert (
            frame[day].str[:10].to_numpy() >= reps.hired.reindex(frame.rep_id).to_numpy()
        ).all(), name


def test_people_of_customer_success_hold_the_referrals_and_sell_nothing(book):
    success = set(book["reps"][book["reps"].role == "customer success"].rep_id)
    assert (
        len(success) == 7
        and not success & set(book["reps"].manager_id)
        and (book["reps"].set_index("rep_id").left[sorted(success)] == "").all()
    )
    leads = book["leads"]
    assert set(leads[leads.channel == "Referral"].rep_id) == success and not success & set(
        leads[leads.channel != "Referral"].rep_id
    )
    region = book["reps"].set_index("rep_id").region
    referred = leads[leads.channel == "Referral"]
    assert (referred.region.to_numpy() == region[referred.rep_id].to_numpy()).all()
    for name in ("orders", "opportunities", "stage_events"):
        assert not success & set(book[name].rep_id), name


def test_the_planted_fall_is_large_enough_to_be_found(book):
    """North × Integration from September 2022: 80 deals or more at intent, passing well under the
    others' rate; before it like the others.
    """
    deals = book["opportunities"].assign(
        cell=(book["opportunities"].region == "North")
        & (book["opportunities"].product_line == "Integration")
    )
    seen = book["stage_events"].merge(
        deals[["opportunity_id", "cell", "created", "outcome"]], on="opportunity_id"
    )
    intent, passed = (
        set(seen[seen.stage == "intent"].opportunity_id),
        set(seen[seen.stage == "negotiation"].opportunity_id),
    )
    deals = deals[deals.opportunity_id.isin(intent)].assign(
        passed=lambda f: f.opportunity_id.isin(passed)
    )
    late, early = (
        deals[(deals.created >= "2022-09-01") & (deals.outcome != "open")],
        deals[deals.created < "2022-08-01"],
    )
    assert late.cell.sum() >= 80
    ratio = late[late.cell].passed.mean() / late[~late.cell].passed.mean()
    assert 0.3 < ratio < 0.6
    assert early[early.cell].passed.mean() / early[~early.cell].passed.mean() > 0.8


def test_customers_of_every_tier_ask_and_are_answered(book):
    rows = book["activities"].sort_values(["customer_id", "recorded_at"])
    asked = rows[rows.kind == "request"]
    assert (
        200 < len(asked) < 700
        and (asked.lead_id == "").all()
        and (asked.opportunity_id == "").all()
    )
    hours, days = (
        asked.recorded_at.str[11:13].astype(int),
        pd.to_datetime(asked.recorded_at).dt.day_of_week,
    )
    assert hours.between(9, 17).all() and (days < 5).all()
    later = rows[rows.summary.str.startswith(("answered", "solved"))]
    assert (
        later.customer_id.isin(asked.customer_id).all()
        and 0.9 < later.summary.str.startswith("answered").sum() / len(asked) < 1
    )
    assert (asked.status != "done").sum() == len(asked) - later.summary.str.startswith(
        "answered"
    ).sum()
    plans = book["care_plan"]
    assert {"quarterly", "half-yearly", "yearly"} == set(plans.frequency) and (
        plans[plans.frequency == "yearly"].satisfaction != ""
    ).all()


def test_targets_where_less_is_better_and_a_forgotten_key_result(book):
    targets = book["targets"]
    assert {"attrition_rate", "cycle.won_median_days", "renewal_rate"} <= set(targets.metric)
    days = (
        targets[targets.metric == "cycle.won_median_days"].set_index("period").target.astype(float)
    )
    won = book["opportunities"][book["opportunities"].outcome == "won"]
    before = won[won.closed.str.startswith("2022")]
    level = (pd.to_datetime(before.closed) - pd.to_datetime(before.created)).dt.days.median()
    assert days["2023"] == days["2023-Q1"] == round(0.9 * level)
    personal = book["key_results"][book["key_results"].level == "person"]
    assert (
        len(personal) == 2
        and set(personal.owner) <= set(book["reps"].rep_id)
        and set(personal.parent) <= set(book["key_results"].objective)
    )
    last = book["check_ins"].groupby("key_result").date.max()[personal.key_result]
    assert last.min() < "2023-09-10" and last.max() > "2023-09-22"
    falling = book["check_ins"][book["check_ins"].key_result == last.idxmax()].confidence.astype(
        float
    )
    assert falling.is_monotonic_decreasing
