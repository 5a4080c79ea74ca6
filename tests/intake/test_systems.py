"""Exports of known systems under their documented headers become green books by `init`, and the
figures of those books are those worked by hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import exports
import pytest
from exports import DEALS, ORDERS

from playbook.data.book import Book
from playbook.intake.proposal import Proposal, propose
from playbook.intake.systems import exports as known_exports


def book_of(folder: Path, proposal: Proposal) -> Book:
    """The book that the proposal makes of the folder; one that is not green cannot be opened."""
    (folder / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    return Book.open(folder).at(date(2024, 6, 30))


def proposed(folder: Path, **columns: dict) -> Proposal:
    for name, made in columns.items():
        exports.frame(made).to_csv(folder / f"{name}.csv", index=False)
    return propose([folder], folder)


@pytest.mark.parametrize("system", DEALS)
def test_deals_of_a_known_system(system, tmp_path):
    proposal = proposed(tmp_path, export=DEALS[system])
    assert proposal.tables[0].system == system.removesuffix(" report")
    deals = book_of(tmp_path, proposal).relation("opportunities").df()
    counts = deals.outcome.value_counts().to_dict()
    assert counts == {"won": exports.WON, "lost": exports.LOST, "open": exports.OPEN}
    won, open_ = deals[deals.outcome == "won"], deals[deals.outcome == "open"]
    assert won.amount.sum() == exports.WON_MONEY
    assert str(won.closed.min())[:10] == exports.day(4)  # not the planned day, not the last change
    assert open_.closed.isna().all() and open_.expected_close.notna().all()
    assert str(deals.created.min())[:10] == exports.day(0)
    assert deals.customer_id.nunique() == 6 and deals.rep_id.nunique() == 3
    assert deals.expected_amount.dropna().ge(1000).all()  # never a weighted amount


@pytest.mark.parametrize("system", ORDERS)
def test_orders_of_a_known_system(system, tmp_path):
    proposal = proposed(tmp_path, export=ORDERS[system])
    assert proposal.tables[0].system == system
    orders = book_of(tmp_path, proposal).relation("orders").df()
    assert orders.order_id.nunique() == exports.N
    assert orders.amount.sum() == exports.SALES  # without tax, shipping and what was refunded
    assert orders.customer_id.nunique() == (0 if system == "Amazon" else 6)


def test_the_chapter_on_the_funnel_counts_what_was_exported(tmp_path):
    import playbook.funnel as funnel

    book = book_of(tmp_path, proposed(tmp_path, export=DEALS["Salesforce"]))
    rate = funnel.win_rate(book)
    numbers = {kpi.name: kpi.value for kpi in rate.kpis() if kpi.window == "all" and not kpi.by}
    assert numbers["deals.won"] == exports.WON and numbers["deals.lost"] == exports.LOST
    assert numbers["won_amount"] == exports.WON_MONEY
    assert numbers["win_rate.narrow"] == pytest.approx(exports.WON / (exports.WON + exports.LOST))


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
