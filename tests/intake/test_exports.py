"""Exports under the documented headers of common systems become green books by `init --yes`.

The rows are invented; the headers are those of each system's own documentation or export.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from playbook.data.book import Book
from playbook.data.checking import check_book
from playbook.intake.proposal import propose

N = 20
START = date(2023, 1, 5)


def day(i: int, form: str = "%Y-%m-%d") -> str:
    return (START + timedelta(i * 7)).strftime(form)


def outcome(i: int, won: str, lost: str, *open_: str) -> str:
    return won if i % 3 == 0 else lost if i % 3 == 1 else open_[i % len(open_)]


def frame(columns: dict) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: [make(i) if callable(make) else make for i in range(N)]
            for name, make in columns.items()
        }
    )


OPEN = ("Qualification", "Proposal/Price Quote", "Negotiation/Review")
SYSTEMS = {
    "salesforce-report": {
        "Opportunity ID": lambda i: f"006{i:012d}",
        "Opportunity Name": lambda i: f"Deal {i % 5}",
        "Account Name": lambda i: f"Account {i % 6}",
        "Opportunity Owner": lambda i: f"Rep {i % 3}",
        "Stage": lambda i: outcome(i, "Closed Won", "Closed Lost", *OPEN),
        "Amount": lambda i: f"{1000 + i * 10}.00",
        "Expected Revenue": lambda i: f"{500 + i}.00",
        "Probability (%)": lambda i: str(i),
        "Close Date": lambda i: day(i + 4),
        "Created Date": lambda i: day(i),
        "Lead Source": lambda i: ["Web", "Referral"][i % 2],
        "Type": "New Business",
        "Fiscal Period": "Q1-2023",
    },
    "salesforce-api": {
        "Id": lambda i: f"006{i:012d}",
        "Name": lambda i: f"Deal {i % 5}",
        "AccountId": lambda i: f"001{i % 6:012d}",
        "OwnerId": lambda i: f"005{i % 3:012d}",
        "StageName": lambda i: outcome(i, "Closed Won", "Closed Lost", *OPEN),
        "IsClosed": lambda i: "true" if i % 3 < 2 else "false",
        "IsWon": lambda i: "true" if i % 3 == 0 else "false",
        "Amount": lambda i: f"{1000 + i * 10}",
        "CloseDate": lambda i: day(i + 4),
        "CreatedDate": lambda i: f"{day(i)}T09:30:00.000Z",
        "LeadSource": "Web",
        "ForecastCategoryName": "Pipeline",
    },
    "hubspot": {
        "Record ID": lambda i: str(9000 + i),
        "Deal Name": lambda i: f"Deal {i % 5}",
        "Deal Stage": lambda i: outcome(
            i, "Closed Won", "Closed Lost", "Appointment Scheduled", "Contract Sent"
        ),
        "Amount": lambda i: f"{117 + i}.0",
        "Close Date": lambda i: f"{day(i + 4)} 10:15",
        "Create Date": lambda i: f"{day(i)} 08:00",
        "Deal owner": lambda i: f"Rep {i % 3}",
        "Associated Company": lambda i: f"Company {i % 6}",
        "Pipeline": "Sales Pipeline",
        "Original Traffic Source": "Organic search",
        "Closed Lost Reason": lambda i: "price" if i % 3 == 1 else "",
    },
    "pipedrive": {
        "Deal - ID": lambda i: str(i + 1),
        "Deal - Title": lambda i: f"Deal {i % 5}",
        "Deal - Value": lambda i: str(1000 + i),
        "Deal - Status": lambda i: outcome(i, "Won", "Lost", "Open"),
        "Deal - Stage": lambda i: ["Qualified", "Proposal Made"][i % 2],
        "Deal - Deal created": lambda i: f"{day(i)} 08:00:00",
        "Deal - Deal closed on": lambda i: f"{day(i + 4)} 09:00:00" if i % 3 < 2 else "",
        "Deal - Expected close date": lambda i: day(i + 6),
        "Deal - Owner": lambda i: f"Rep {i % 3}",
        "Deal - Organization": lambda i: f"Org {i % 6}",
        "Deal - Lost reason": lambda i: "price" if i % 3 == 1 else "",
    },
    "zoho": {
        "Record Id": lambda i: f"zcrm_{1000 + i}",
        "Deal Owner": lambda i: f"Rep {i % 3}",
        "Deal Name": lambda i: f"Deal {i % 5}",
        "Amount": lambda i: str(1000 + i),
        "Closing Date": lambda i: day(i + 4),
        "Account Name": lambda i: f"Account {i % 6}",
        "Stage": lambda i: outcome(i, "Closed Won", "Closed Lost to Competition", "Qualification"),
        "Expected Revenue": lambda i: str(500 + i),
        "Lead Source": "Cold Call",
        "Created Time": lambda i: f"{day(i)} 09:30:00",
    },
    "dynamics": {
        "(Do Not Modify) Opportunity": lambda i: f"{i:08x}-0000-0000-0000-000000000000",
        "Topic": lambda i: f"Deal {i % 5}",
        "Potential Customer": lambda i: f"Account {i % 6}",
        "Status": lambda i: outcome(i, "Won", "Lost", "Open"),
        "Pipeline Phase": lambda i: ["1-Qualify", "2-Develop", "3-Propose"][i % 3],
        "Est. Close Date": lambda i: day(i + 6),
        "Actual Close Date": lambda i: day(i + 4) if i % 3 < 2 else "",
        "Est. Revenue": lambda i: str(1000 + i),
        "Owner": lambda i: f"Rep {i % 3}",
        "Created On": lambda i: day(i),
    },
    "wukong": {
        "商机编号": lambda i: f"SJ{i:04d}",
        "商机名称": lambda i: f"项目{i % 5}",
        "客户名称": lambda i: f"客户{i % 6}",
        "商机金额": lambda i: str(10000 + i),
        "预计成交日期": lambda i: day(i + 6),
        "商机阶段": lambda i: outcome(i, "赢单", "输单", "验证客户", "方案/报价"),
        "成交日期": lambda i: day(i + 4) if i % 3 < 2 else "",
        "负责人": lambda i: f"销售{i % 3}",
        "创建时间": lambda i: f"{day(i)} 10:00:00",
    },
    "xiaoshouyi": {
        "机会编号": lambda i: f"O{i:04d}",
        "机会名称": lambda i: f"项目{i % 5}",
        "客户名称": lambda i: f"客户{i % 6}",
        "销售金额": lambda i: str(10000 + i),
        "结单日期": lambda i: day(i + 4),
        "销售阶段": lambda i: outcome(i, "赢单", "输单", "需求确认", "商务谈判"),
        "机会来源": "展会",
        "所有人": lambda i: f"销售{i % 3}",
        "创建日期": lambda i: day(i),
        "输单描述": lambda i: "价格" if i % 3 == 1 else "",
    },
    "frappe": {
        "ID": lambda i: f"CRM-DEAL-2023-{i:05d}",
        "Status": lambda i: outcome(i, "Won", "Lost", "Qualification", "Negotiation"),
        "Deal Value": lambda i: str(1000 + i),
        "Expected Closure Date": lambda i: day(i + 6),
        "Closed Date": lambda i: day(i + 4) if i % 3 < 2 else "",
        "Deal Owner": lambda i: f"Rep {i % 3}",
        "Organization": lambda i: f"Org {i % 6}",
        "Source": "Website",
        "Territory": "East",
        "Created On": lambda i: f"{day(i)} 10:00:00",
    },
    "odoo-orders": {
        "Order Reference": lambda i: f"S{i:05d}",
        "Order Date": lambda i: f"{day(i)} 10:00:00",
        "Customer": lambda i: f"Customer {i % 6}",
        "Salesperson": lambda i: f"Rep {i % 3}",
        "Untaxed Amount": lambda i: f"{100 + i}.00",
        "Total": lambda i: f"{121 + i}.00",
        "Status": "Sales Order",
    },
    "woocommerce-orders": {
        "Order Number": lambda i: str(100 + i),
        "Order Date": lambda i: f"{day(i)} 10:00:00",
        "Order Status": "completed",
        "Customer User": lambda i: str(i % 6),
        "Email (Billing)": lambda i: f"c{i % 6}@example.com",
        "Order Total Amount": lambda i: f"{50 + i}.00",
        "Item Name": lambda i: ["Mug", "Shirt"][i % 2],
        "Quantity": "1",
    },
    "kingdee-orders": {
        "单据编号": lambda i: f"XSDD{i:06d}",
        "日期": lambda i: day(i),
        "客户": lambda i: f"客户{i % 6}",
        "销售员": lambda i: f"销售{i % 3}",
        "物料名称": lambda i: ["甲", "乙"][i % 2],
        "销售数量": "2",
        "金额": lambda i: f"{1000 + i}.00",
        "价税合计": lambda i: f"{1130 + i}.00",
    },
    "yonyou-orders": {
        "单据号": lambda i: f"SO{i:06d}",
        "单据日期": lambda i: day(i),
        "客户简称": lambda i: f"客户{i % 6}",
        "业务员": lambda i: f"销售{i % 3}",
        "存货名称": lambda i: ["甲", "乙"][i % 2],
        "数量": "2",
        "无税金额": lambda i: f"{1000 + i}.00",
    },
    "taobao-orders": {
        "订单编号": lambda i: f"1630987654321{i:05d}",
        "买家会员名": lambda i: f"买家{i % 6}",
        "买家实际支付金额": lambda i: f"{50 + i}.00",
        "订单付款时间": lambda i: f"{day(i)} 12:00:00",
        "宝贝标题": "杯子",
    },
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_documented_export_becomes_a_green_book(system, tmp_path):
    frame(SYSTEMS[system]).to_csv(tmp_path / "export.csv", index=False)
    (tmp_path / "playbook.toml").write_text(propose([tmp_path], tmp_path).text, encoding="utf-8")
    found = check_book(tmp_path)
    assert found.exit_status == 0, found.text()
    book = Book.open(tmp_path)
    if book.read.staged.get("opportunities"):
        deals = book.at(date(2024, 1, 31)).table("opportunities").collect().to_pandas()
        assert len(deals) == N
        counts = deals.outcome.value_counts()
        assert (counts["won"], counts["lost"], counts["open"]) == (7, 7, 6)
        assert deals[deals.outcome == "won"].closed.notna().all()
        assert deals[deals.outcome == "open"].closed.isna().all()
        assert deals.amount.notna().any() and deals.rep_id.notna().all()
        assert deals.customer_id.nunique() == 6
    else:
        orders = book.at(date(2024, 1, 31)).table("orders").collect().to_pandas()
        assert len(orders) == N and orders.customer_id.nunique() == 6
        assert orders.amount.astype(float).sum() > 0


def test_the_command_writes_only_when_told(tmp_path):
    import subprocess
    import sys

    frame(SYSTEMS["hubspot"]).to_csv(tmp_path / "deals.csv", index=False)

    def init(*options: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "playbook", "init", str(tmp_path), *options],
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )

    asked = init()
    assert asked.returncode == 0 and not (tmp_path / "playbook.toml").exists()
    assert "nothing was written" in asked.stderr and "[tables.opportunities]" in asked.stdout
    done = init("--yes")
    assert done.returncode == 0 and (tmp_path / "playbook.toml").exists(), done.stderr
    assert "deals.csv → opportunities" in done.stderr
    again = init("--yes")
    assert again.returncode == 2 and "is there already" in again.stderr
