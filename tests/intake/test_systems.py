"""Exports of known systems under their documented headers become green books by `init`, and the
figures of those books are those worked by hand.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import exports
import pytest
from exports import DEALS, ORDERS

import playbook.funnel as funnel
from playbook.data.book import Book
from playbook.intake.proposal import Proposal, propose
from playbook.intake.systems import exports as known_exports


def book_of(folder: Path, proposal: Proposal) -> Book:
    """The book that the proposal makes of the folder; one that is not green cannot be opened."""
    (folder / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    return Book.open(folder).at(date(2023, 6, 30))


def proposed(folder: Path, **columns: dict) -> Proposal:
    for name, made in columns.items():
        exports.frame(made).to_csv(folder / f"{name}.csv", index=False)
    return propose([folder], folder)


@pytest.mark.parametrize("system", DEALS)
def test_deals_of_a_known_system(system, tmp_path):
    proposal = proposed(tmp_path, export=DEALS[system])
    assert proposal.tables[0].system == system.removesuffix(" report")
    book = book_of(tmp_path, proposal)
    deals = book.relation("opportunities").df()
    counts = deals.outcome.value_counts().to_dict()
    assert counts == {"won": exports.WON, "lost": exports.LOST, "open": exports.OPEN}
    won, open_ = deals[deals.outcome == "won"], deals[deals.outcome == "open"]
    assert won.amount.sum() == exports.WON_MONEY
    assert str(won.closed.min())[:10] == exports.day(4)  # not the planned day, not the last change
    assert open_.closed.isna().all() and open_.expected_close.notna().all()
    assert str(deals.created.min())[:10] == exports.day(0)
    assert deals.customer_id.nunique() == 6 and deals.rep_id.nunique() == 3
    assert deals.expected_amount.dropna().ge(1000).all()  # never a weighted amount
    chapter_counts_what_was_exported(book, system)


def chapter_counts_what_was_exported(book: Book, system: str) -> None:
    """The chapter's figures, worked by hand: 20 deals, a third of them won, lost and open."""
    kpis = [kpi for kpi in funnel.win_rate(book).kpis() if kpi.window == "all"]
    numbers = {kpi.name: kpi.value for kpi in kpis if not kpi.by}
    assert (numbers["deals.created"], numbers["deals.won"]) == (20, 7)
    assert (numbers["deals.lost"], numbers["deals.open"]) == (7, 6)
    assert numbers["won_amount"] == 7630
    assert numbers["win_rate.narrow"] == 0.5  # 7 of 14 decided
    assert numbers["pipeline_amount"] == (12057 if "Dynamics" in system else 6570)
    assert book.settings.book.stages == exports.STAGES[system]
    if reason := exports.REASONS.get(system):
        lost = book.relation("opportunities").filter("outcome = 'lost'").df()
        assert set(lost.lost_reason) == {reason}
    if system == "Pipedrive":  # one is enough for the chapter's table of them
        losses = funnel.reasons(book).losses
        assert losses.set_index("reason").n.to_dict() == {"price": 7}


@pytest.mark.parametrize("system", ORDERS)
def test_orders_of_a_known_system(system, tmp_path):
    proposal = proposed(tmp_path, export=ORDERS[system])
    assert proposal.tables[0].system == system
    orders = book_of(tmp_path, proposal).relation("orders").df()
    assert len(orders) == exports.N
    assert orders.order_id.nunique() == (10 if system in exports.TWO_LINES else 20)
    assert orders.amount.sum() == exports.SALES  # without tax, shipping and what was refunded
    assert orders.customer_id.nunique() == (0 if system == "Amazon" else 6)


def evening(i: int) -> str:
    return f"{exports.day(i)}T20:00:00.000Z"


# Exports whose moments are UTC, or name their distance from it, by what they say of themselves
IN_UTC: dict[str, tuple[str, str, dict]] = {
    "Salesforce": (
        "opportunities",
        "created",
        {**DEALS["Salesforce"], "CreatedDate": evening},
    ),
    "HubSpot": (
        "opportunities",
        "created",
        {
            "hs_object_id": lambda i: str(9000 + i),
            "dealname": lambda i: f"Deal {i % 5}",
            "dealstage": exports.outcome("closedwon", "closedlost", "appointmentscheduled"),
            "amount": exports.money,
            "closedate": lambda i: f"{exports.day(i + 4)}T10:00:00Z",
            "createdate": evening,
            "hubspot_owner_id": exports.rep,
            "pipeline": "default",
        },
    ),
    "Pipedrive": (
        "opportunities",
        "created",
        {
            "id": lambda i: str(i + 1),
            "title": lambda i: f"Deal {i % 5}",
            "stage_id": exports.one_of("1", "2"),
            "status": exports.outcome("won", "lost", "open"),
            "value": exports.money,
            "currency": "EUR",
            "add_time": lambda i: f"{exports.day(i)} 20:00:00",
            "won_time": lambda i: f"{exports.day(i + 4)} 09:00:00" if i % 3 == 0 else "",
            "lost_time": lambda i: f"{exports.day(i + 4)} 09:00:00" if i % 3 == 1 else "",
            "expected_close_date": lambda i: exports.day(i + 6),
            "org_id": lambda i: str(i % 6),
            "owner_id": lambda i: str(i % 3),
        },
    ),
    "Microsoft Dynamics 365": (
        "opportunities",
        "created",
        {
            "opportunityid": lambda i: f"{i:08x}-0000",
            "name": lambda i: f"Deal {i % 5}",
            "statecode": exports.outcome("1", "2", "0"),
            "statuscode": exports.outcome("3", "5", "1"),
            "estimatedvalue": exports.money,
            "estimatedclosedate": lambda i: exports.day(i + 6),
            "actualclosedate": exports.decided(exports.closing),
            "stepname": exports.one_of("1-Qualify", "2-Develop"),
            "createdon": evening,
            "_ownerid_value": exports.rep,
            "_customerid_value": exports.company,
        },
    ),
    "Stripe": (
        "orders",
        "date",
        {**ORDERS["Stripe"], "Created (UTC)": lambda i: f"{exports.day(i)} 20:00"},
    ),
    "Shopify": (
        "orders",
        "date",
        {
            **ORDERS["Shopify"],
            "Created at": lambda i: f"{exports.day(i)} 20:00:00 +0000" if i % 2 == 0 else "",
        },
    ),
    "Amazon": (
        "orders",
        "date",
        {**ORDERS["Amazon"], "purchase-date": lambda i: f"{exports.day(i)}T20:00:00+00:00"},
    ),
}


@pytest.mark.parametrize("system", IN_UTC)
def test_a_moment_of_the_exports_zone_is_a_day_of_the_books(system, tmp_path):
    table, column, late = IN_UTC[system]
    proposal = proposed(tmp_path, export=late)
    assert proposal.tables[0].system == system
    text = re.sub('(# )?time_zone = "[^"]*"', 'time_zone = "Asia/Shanghai"', proposal.text)
    assert 'time_zone = "Asia/Shanghai"' in text
    # of the file, where its moments name no distance
    assert ('\nzone = "UTC"' in text) == (system not in ("Shopify", "Amazon"))
    (tmp_path / "playbook.toml").write_text(text, encoding="utf-8")
    rows = Book.open(tmp_path).at(date(2023, 6, 30)).relation(table).df()
    assert str(rows[column].min())[:10] == "2023-01-06"  # eight in the evening there is the next


def test_days_and_campaigns_of_an_advertising_export_add_up_to_months(tmp_path):
    ads = {
        "Campaign": exports.one_of("Spring", "Brand"),
        "Campaign type": "Search",
        "Day": exports.day,
        "Clicks": "5",
        "Impr.": "50",
        "Cost": lambda i: "--" if i == 19 else f"{100 + i}.50",
        "Currency code": "USD",
    }
    proposal = proposed(tmp_path, ads=ads, deals=DEALS["Salesforce report"])
    costs = book_of(tmp_path, proposal).relation("channel_costs").df()
    # 5, 12, 19 and 26 January; 4 and 11 May, without the 18th that says --
    months = {str(m)[:7]: cost for m, cost in zip(costs.month, costs.cost, strict=True)}
    assert (months["2023-01"], months["2023-05"]) == (408, 236)
    assert sum(months.values()) == 19 * 100.5 + 171 and set(costs.channel) == {"Google Ads"}


def test_subscriptions_of_a_month_and_of_a_year_are_worth_a_year(tmp_path):
    stripe = {
        "id": lambda i: f"sub_{i}",
        "Customer ID": lambda i: f"cus_{i % 6}",
        "Plan": exports.one_of("Basic", "Pro"),
        "Quantity": "2",
        "Interval": exports.one_of("month", "year"),
        "Amount": exports.one_of("10.00", "100.00"),
        "Status": "active",
        "Start (UTC)": lambda i: f"{exports.day(i)} 10:00",
        "Current Period End (UTC)": lambda i: f"{exports.day(i + 30)} 10:00",
        "Canceled At (UTC)": "",
        "Ended At (UTC)": "",
    }
    proposal = proposed(tmp_path, subscriptions=stripe)
    contracts = book_of(tmp_path, proposal).relation("contracts").df()
    assert sorted(contracts.annual_value.unique()) == [200, 240]  # 2 × 100 and 12 × 2 × 10
    assert len(contracts) == 20 and contracts.end.isna().all()


def test_every_preset_names_its_source_and_columns_of_the_contract():
    from playbook.data.tables import TABLES

    for export in known_exports():
        assert len(export.raw["read_in"]) > 20, export.system
        assert 0 < export.least <= len(export.signature), export.name
        for raw in (export.raw, *export.raw.get("also", ())):
            table = TABLES[raw["table"]]
            known = {*table.names, *(column.name for column in table.inputs)}
            assert set(raw.get("columns", {})) <= known, export.name
            for column, words in raw.get("values", {}).items():
                spec = next((c for c in table.columns if c.name == column), None)
                choices = spec.choices if spec else ()
                assert not choices or set(words.values()) <= {*choices, ""}, (export.name, column)


def test_the_systems_asked_for_have_presets():
    assert {e.system for e in known_exports()} >= {
        *(name for name in DEALS if name != "Salesforce report"),
        *ORDERS,
        "Shopify",
        "京东",
    }
