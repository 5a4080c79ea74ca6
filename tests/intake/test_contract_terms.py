"""A ledger of contracts that gives only what each whole term is worth."""

from __future__ import annotations

from datetime import date, timedelta

import exports
import pytest

from playbook.data.book import Book
from playbook.intake.proposal import propose

TERMS = {
    "Contract ID": lambda i: f"K{i:03d}",
    "Customer": exports.company,
    "Start Date": exports.day,
    "End Date": lambda i: (date.fromisoformat(exports.day(i)) + timedelta(729)).isoformat(),
    "Total Contract Value": lambda i: f"{1461 * 2 + 1461 * (i % 2):,}",
    "Signed by": "Ann",
}


def test_the_worth_of_a_term_becomes_that_of_a_year(tmp_path):
    """2,922 over 730 days are 2,922 × 365.25 / 730 = 1,462.00 a year, 4,383 are 2,193.00."""
    exports.frame(TERMS).to_csv(tmp_path / "contracts.csv", index=False)
    proposal = propose([tmp_path], tmp_path)
    assert (
        "CHECK: annual_value is worked out, Total Contract Value × 365.25 / days from Start Date"
        " to End Date, both counted" in proposal.text
    )
    assert "# not used: Signed by\n" in proposal.text  # the query uses the others
    (tmp_path / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    contracts = Book.open(tmp_path).at(date(2023, 6, 30)).relation("contracts").df()
    assert sorted(map(float, contracts.annual_value.unique())) == [1462, 2193]
    assert (len(contracts), str(contracts.end.min())[:10]) == (20, "2025-01-03")


@pytest.mark.parametrize(
    "changed",
    [
        {"End Date": ""},  # without an end there is no term
        {"End Date": lambda i: "2020-01-01"},
        {"Total Contract Value": "2.922 EUR"},
        {"Contract Value": "9"},  # two could be the total
    ],
)
def test_the_worth_of_a_year_is_asked_for_where_it_cannot_be_worked_out(tmp_path, changed):
    exports.frame(exports.DEALS["Zoho CRM"]).to_csv(tmp_path / "deals.csv", index=False)
    exports.frame({**TERMS, **changed}).to_csv(tmp_path / "contracts.csv", index=False)
    plans = propose([tmp_path], tmp_path).tables
    assert not [p for p in plans if p.table == "contracts" and p.sql]
