"""Invented exports of twenty rows under the documented headers of known systems.

Deals: every third won, the next lost, the next open; 1,000 + 10 × i each, so that seven are won for
7,630 and seven are lost. Orders: 100 + i each, so that twenty bring 2,190.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

N = 20
START = date(2023, 1, 5)
WON, LOST, OPEN = 7, 7, 6
WON_MONEY = sum(1000 + 10 * i for i in range(0, N, 3))
SALES = sum(100 + i for i in range(N))

Make = Callable[[int], Any]


def day(i: int, form: str = "%Y-%m-%d") -> str:
    return (START + timedelta(i * 7)).strftime(form)


def epoch(i: int, *, ms: bool = True) -> str:
    at = datetime(2023, 1, 5, 2, tzinfo=UTC) + timedelta(days=i * 7)
    return str(int(at.timestamp()) * (1000 if ms else 1))


def outcome(won: str, lost: str, *open_: str) -> Make:
    return lambda i: won if i % 3 == 0 else lost if i % 3 == 1 else open_[i // 3 % len(open_)]


def decided(make: Make) -> Make:
    return lambda i: make(i) if i % 3 < 2 else ""


def money(i: int) -> str:
    return f"{1000 + i * 10}.00"


def cents(i: int) -> str:
    return f"{100 + i}.00"


def one_of(*words: str) -> Make:
    return lambda i: words[i % len(words)]


def frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: [make(i) if callable(make) else make for i in range(N)]
            for name, make in columns.items()
        }
    )


closing = lambda i: day(i + 4)  # noqa: E731
rep, company = (lambda i: f"Rep {i % 3}"), (lambda i: f"Company {i % 6}")
销售, 客户 = (lambda i: f"销售{i % 3}"), (lambda i: f"客户{i % 6}")
OPEN_STAGES = ("Qualification", "Proposal/Price Quote", "Negotiation/Review")

DEALS: dict[str, dict[str, Any]] = {
    "Salesforce": {
        "Id": lambda i: f"006{i:012d}",
        "AccountId": lambda i: f"001{i % 6:012d}",
        "Name": lambda i: f"Deal {i % 5}",
        "StageName": outcome("Closed Won", "Closed Lost", *OPEN_STAGES),
        "Amount": money,
        "Probability": one_of("10", "60", "90"),
        "ExpectedRevenue": "17.00",
        "CloseDate": closing,
        "LeadSource": one_of("Web", "Referral"),
        "IsClosed": lambda i: "true" if i % 3 < 2 else "false",
        "IsWon": lambda i: "true" if i % 3 == 0 else "false",
        "ForecastCategory": "Pipeline",
        "ForecastCategoryName": "Pipeline",
        "OwnerId": lambda i: f"005{i % 3:012d}",
        "CreatedDate": lambda i: f"{day(i)}T09:30:00.000Z",
        "Loss_Reason__c": lambda i: "price" if i % 3 == 1 else "",
    },
    "Salesforce report": {
        "Opportunity ID": lambda i: f"006{i:012d}",
        "Opportunity Name": lambda i: f"Deal {i % 5}",
        "Account Name": company,
        "Opportunity Owner": rep,
        "Stage": outcome("Closed Won", "Closed Lost", *OPEN_STAGES),
        "Fiscal Period": "Q1-2023",
        "Amount": money,
        "Expected Revenue": "17.00",
        "Probability (%)": one_of("10", "60", "90"),
        "Close Date": lambda i: (START + timedelta((i + 4) * 7)).strftime("%m/%d/%Y"),
        "Created Date": lambda i: (START + timedelta(i * 7)).strftime("%m/%d/%Y"),
        "Lead Source": "Web",
    },
    "HubSpot": {
        "Record ID": lambda i: str(9000 + i),
        "Deal Name": lambda i: f"Deal {i % 5}",
        "Deal Stage": outcome(
            "Closed Won", "Closed Lost", "Appointment Scheduled", "Contract Sent"
        ),
        "Amount": money,
        "Close Date": lambda i: f"{day(i + 4)} 10:15",
        "Create Date": lambda i: f"{day(i)} 08:00",
        "Deal owner": rep,
        "Associated Company": company,
        "Pipeline": "Sales Pipeline",
        "Deal probability": one_of("0.2", "0.9"),
        "Original Traffic Source": "Organic search",
        "Closed Lost Reason": lambda i: "price" if i % 3 == 1 else "",
        'Date entered "Appointment Scheduled (Sales Pipeline)"': lambda i: f"{day(i)} 08:00",
        'Date entered "Contract Sent (Sales Pipeline)"': lambda i: f"{day(i + 2)} 08:00",
    },
    "Pipedrive": {
        "Deal - ID": lambda i: str(i + 1),
        "Deal - Title": lambda i: f"Deal {i % 5}",
        "Deal - Owner": rep,
        "Deal - Value": money,
        "Deal - Currency of Value": "EUR",
        "Deal - Weighted value": "17",
        "Deal - Organization": company,
        "Deal - Stage": one_of("Qualified", "Proposal Made"),
        "Deal - Status": outcome("Won", "Lost", "Open"),
        "Deal - Deal created": lambda i: f"{day(i)} 08:00:00",
        "Deal - Update time": lambda i: f"{day(i + 9)} 08:00:00",
        "Deal - Won time": lambda i: f"{day(i + 4)} 09:00:00" if i % 3 == 0 else "",
        "Deal - Lost time": lambda i: f"{day(i + 4)} 09:00:00" if i % 3 == 1 else "",
        "Deal - Expected close date": lambda i: day(i + 6),
        "Deal - Lost reason": lambda i: "price" if i % 3 == 1 else "",
    },
    "Zoho CRM": {
        "Record Id": lambda i: f"zcrm_{1000 + i}",
        "Deal Owner.id": lambda i: f"zcrm_{i % 3}",
        "Deal Owner": rep,
        "Deal Name": lambda i: f"Deal {i % 5}",
        "Amount": money,
        "Closing Date": closing,
        "Account Name.id": lambda i: f"zcrm_9{i % 6}",
        "Account Name": company,
        "Stage": outcome("Closed Won", "Closed Lost to Competition", "Qualification"),
        "Expected Revenue": "17",
        "Probability (%)": one_of("10", "60"),
        "Lead Source": "Cold Call",
        "Created Time": lambda i: f"{day(i)} 09:30:00",
        "Modified Time": lambda i: f"{day(i + 9)} 09:30:00",
    },
    "Microsoft Dynamics 365": {
        "(Do Not Modify) Opportunity": lambda i: f"{i:08x}-0000-0000-0000-000000000000",
        "(Do Not Modify) Row Checksum": "abc",
        "(Do Not Modify) Modified On": lambda i: f"{day(i + 9)} 09:30:00",
        "Topic": lambda i: f"Deal {i % 5}",
        "Potential Customer": company,
        "Est. Close Date": lambda i: day(i + 6),
        "Est. Revenue": lambda i: f"{2000 + i}.00",
        "Actual Revenue": decided(money),
        "Actual Close Date": decided(closing),
        "Probability": one_of("10", "60"),
        "Pipeline Phase": one_of("1-Qualify", "2-Develop", "3-Propose"),
        "Status": outcome("Won", "Lost", "Open"),
        "Status Reason": outcome("Won", "Out-Sold", "In Progress"),
        "Owner": rep,
        "Created On": day,
    },
    "Odoo": {
        "ID": lambda i: str(i + 1),
        "Active": lambda i: "False" if i % 3 == 1 else "True",
        "Opportunity": lambda i: f"Deal {i % 5}",
        "Customer": company,
        "Salesperson": rep,
        "Sales Team": "Europe",
        "Stage": lambda i: "Won" if i % 3 == 0 else ("New", "Qualified")[i % 2],
        "Expected Revenue": money,
        "Prorated Revenue": "17.00",
        "Probability": one_of("10", "60"),
        "Created on": lambda i: f"{day(i)} 09:30:00",
        "Closed Date": decided(lambda i: f"{day(i + 4)} 10:00:00"),
        "Expected Closing": lambda i: day(i + 6),
        "Lost Reason": lambda i: "Too expensive" if i % 3 == 1 else "",
        "Source": "Newsletter",
    },
    "ERPNext / Frappe CRM": {
        "ID": lambda i: f"CRM-DEAL-2023-{i:05d}",
        "Organization": company,
        "Status": outcome("Won", "Lost", "Qualification", "Negotiation"),
        "Deal Value": money,
        "Expected Deal Value": "17.00",
        "Probability": one_of("10", "60"),
        "Expected Closure Date": lambda i: day(i + 6),
        "Closed Date": decided(closing),
        "Deal Owner": rep,
        "Source": "Website",
        "Territory": "East",
        "Annual Revenue": "900000000",
        "Created On": lambda i: f"{day(i)} 10:00:00",
    },
    "SuiteCRM / SugarCRM": {
        "ID": lambda i: f"{i:08x}-aaaa",
        "Opportunity Name": lambda i: f"Deal {i % 5}",
        "Date Created": lambda i: f"{day(i)} 10:00:00",
        "Sales Stage": outcome("Closed Won", "Closed Lost", "Prospecting", "Perception Analysis"),
        "Expected Close Date": closing,
        "Opportunity Amount": money,
        "Account Name": company,
        "Assigned to": rep,
        "Probability (%)": one_of("10", "60"),
    },
    "悟空CRM": {
        "商机名称": lambda i: f"项目{i}",
        "客户名称": 客户,
        "商机金额": money,
        "预计成交日期": lambda i: day(i + 6),
        "商机状态组": "系统默认",
        "商机阶段": outcome("赢单", "输单", "验证客户", "方案/报价"),
        "负责人": 销售,
        "创建人": "管理员",
        "创建时间": lambda i: f"{day(i)} 10:00:00",
        "更新时间": lambda i: f"{day(i + 4)} 10:00:00",
        "最后跟进时间": "",
    },
    "纷享销客": {
        "唯一性ID": lambda i: f"5f{i:04x}",
        "商机名称": lambda i: f"项目{i % 5}",
        "客户名称": 客户,
        "商机金额": money,
        "商机阶段": one_of("验证客户", "需求确定", "方案报价"),
        "阶段状态": outcome("赢单", "输单", "进行中"),
        "阶段变更时间": lambda i: f"{day(i + 4)} 10:00",
        "预计成交日期": lambda i: day(i + 6),
        "赢率": one_of("10%", "60%"),
        "负责人": 销售,
        "负责人主属部门": "一部",
        "创建时间": lambda i: f"{day(i)} 10:00",
        "输单原因": lambda i: "价格" if i % 3 == 1 else "",
        "生命状态": "正常",
    },
    "销售易": {
        "机会编号": lambda i: f"O{i:04d}",
        "机会名称": lambda i: f"项目{i % 5}",
        "客户名称": 客户,
        "销售金额": money,
        "预测金额": "17",
        "结单日期": closing,
        "销售阶段": outcome("赢单", "输单", "需求确认", "商务谈判"),
        "赢率": one_of("10", "60"),
        "机会来源": "展会",
        "所有人": 销售,
        "创建日期": day,
        "输单描述": lambda i: "价格" if i % 3 == 1 else "",
    },
}

# In order, as the systems document them; a last one where the export says won beside the stage.
STAGES = {
    "Salesforce": [*OPEN_STAGES, "Closed Won"],
    "Salesforce report": [*OPEN_STAGES, "Closed Won"],
    "HubSpot": ["Appointment Scheduled", "Contract Sent", "Closed Won"],
    "Pipedrive": ["Qualified", "Proposal Made", "won"],
    "Zoho CRM": ["Qualification", "Closed Won"],
    "Microsoft Dynamics 365": ["1-Qualify", "2-Develop", "3-Propose", "won"],
    "Odoo": ["New", "Qualified", "Won"],
    "ERPNext / Frappe CRM": ["Qualification", "Negotiation", "Won"],
    "SuiteCRM / SugarCRM": ["Prospecting", "Perception Analysis", "Closed Won"],
    "悟空CRM": ["验证客户", "方案/报价", "赢单"],
    "纷享销客": ["验证客户", "需求确定", "方案报价", "won"],
    "销售易": ["需求确认", "商务谈判", "赢单"],
}
REASONS = {  # the one reason of the seven lost deals, where the export has a column of them
    "Salesforce": "price",
    "HubSpot": "price",
    "Pipedrive": "price",
    "Microsoft Dynamics 365": "Out-Sold",
    "Odoo": "Too expensive",
    "纷享销客": "价格",
    "销售易": "价格",
}

TWO_LINES = {"Shopify", "京东"}  # exports of ten orders of two lines each
ORDERS: dict[str, dict[str, Any]] = {
    "Odoo": {
        "Order Reference": lambda i: f"S{i:05d}",
        "Order Date": lambda i: f"{day(i)} 10:00:00",
        "Customer": company,
        "Salesperson": rep,
        "Untaxed Amount": cents,
        "Taxes": "21.00",
        "Total": "999.00",
        "Status": "Sales Order",
    },
    "WooCommerce": {
        "Order Number": lambda i: str(100 + i),
        "Order Status": "Completed",
        "Order Date": lambda i: f"{day(i)} 10:00",
        "First Name (Billing)": "Ann",
        "Email (Billing)": lambda i: f"c{i % 6}@example.com",
        "Order Shipping Amount": "5.00",
        "Order Total Amount": "999.00",
        "SKU": "M1",
        "Item Name": one_of("Mug", "Shirt"),
        "Quantity (- Refund)": "2",
        "Item Cost": lambda i: f"{(100 + i) / 2:.2f}",
    },
    "金蝶": {
        "单据编号": lambda i: f"XSDD{i:06d}",
        "日期": day,
        "客户": 客户,
        "销售员": 销售,
        "销售部门": "一部",
        "物料编码": "M1",
        "物料名称": one_of("甲", "乙"),
        "销售数量": "2",
        "含税单价": "9.99",
        "金额": cents,
        "税额": "13.00",
        "价税合计": "999.00",
        "单据状态": "已审核",
        "关闭状态": one_of("未关闭", "已关闭"),
    },
    "用友": {
        "业务类型": "普通销售",
        "订单号": lambda i: f"SO{i:06d}",
        "订单日期": day,
        "客户简称": 客户,
        "业务员": 销售,
        "存货编码": "M1",
        "存货名称": one_of("甲", "乙"),
        "数量": "2",
        "含税单价": "9.99",
        "价税合计": "999.00",
        "无税金额": cents,
        "税额": "13.00",
        "审核人": "李会计",
    },
    "淘宝 / 天猫": {
        "订单编号": lambda i: f'="16309876543{i:05d}"',
        "买家会员名": lambda i: f"买家{i % 6}",
        "买家应付邮费": "10.00",
        "总金额": "999.00",
        "买家实际支付金额": lambda i: f"{110 + i}.00",
        "订单状态": one_of("交易成功", "卖家已发货，等待买家确认"),
        "订单创建时间": lambda i: f"{day(i)} 12:00:00",
        "订单付款时间 ": lambda i: f"{day(i)} 12:00:00",
        "宝贝标题 ": "杯子",
        "宝贝总数量": "1",
        "店铺名称": "旗舰店",
        "退款金额": "0.00",
    },
    "Amazon": {
        "amazon-order-id": lambda i: f"111-{i:07d}",
        "purchase-date": lambda i: f"{day(i)}T08:04:21+00:00",
        "order-status": "Shipped",
        "item-status": "Shipped",
        "sales-channel": "Amazon.com",
        "product-name": "Mug",
        "sku": "M1",
        "quantity": "1",
        "currency": "USD",
        "item-price": lambda i: f"{105 + i}.00",
        "item-tax": "7.00",
        "item-promotion-discount": "5.00",
        "ship-state": "TX",
    },
    "Xero": {
        "*ContactName": company,
        "EmailAddress": "a@example.com",
        "*InvoiceNumber": lambda i: f"INV-{i:04d}",
        "*InvoiceDate": day,
        "*DueDate": lambda i: day(i + 4),
        "Total": "999.00",
        "*Description": "Hours",
        "*Quantity": "1",
        "*UnitAmount": "9.00",
        "*AccountCode": "200",
        "*TaxType": "Tax on sales",
        "LineAmount": cents,
    },
    "Stripe": {
        "id": lambda i: f"ch_{i:05d}",
        "Created (UTC)": lambda i: f"{day(i)} 10:00",
        "Amount": "999.00",
        "Amount Refunded": "0.00",
        "Currency": "eur",
        "Converted Amount": lambda i: f"{101 + i}.00",
        "Converted Amount Refunded": "1.00",
        "Fee": "1.50",
        "Status": "Paid",
        "Customer ID": lambda i: f"cus_{i % 6}",
        "Captured": "true",
    },
    "Shopify": {  # two lines an order; what is the order's stands on its first line alone
        "Name": lambda i: f"#{1000 + i // 2}",
        "Email": lambda i: f"c{i // 2 % 6}@example.com" if i % 2 == 0 else "",
        "Financial Status": lambda i: "paid" if i % 2 == 0 else "",
        "Paid at": lambda i: f"{day(i)} 12:00:00 +0800" if i % 2 == 0 else "",
        "Currency": lambda i: "CNY" if i % 2 == 0 else "",
        "Subtotal": lambda i: f"{100 + i + 101 + i}.00" if i % 2 == 0 else "",
        "Shipping": lambda i: "9.00" if i % 2 == 0 else "",
        "Total": lambda i: "999.00" if i % 2 == 0 else "",
        "Created at": lambda i: f"{day(i)} 12:00:00 +0800" if i % 2 == 0 else "",
        "Lineitem quantity": "1",
        "Lineitem name": one_of("Mug", "Shirt"),
        "Lineitem price": cents,
        "Cancelled at": "",
        "Refunded Amount": lambda i: "0.00" if i % 2 == 0 else "",
        "Source": lambda i: "web" if i % 2 == 0 else "",
    },
    "京东": {  # 应付金额 is the order's and stands on both of its lines
        "订单号": lambda i: f"2300{i // 2:04d}",
        "商品ID": lambda i: f"{i}",
        "商品名称": one_of("杯子", "衬衫"),
        "订购数量": "1",
        "支付方式": "在线支付",
        "下单时间": lambda i: f"{day(i // 2)} 10:00:00",
        "京东价": "200.00",
        "订单金额": "999.00",
        "应付金额": lambda i: f"{201 + 4 * (i // 2)}.00",
        "订单状态": "完成",
        "下单帐号": lambda i: f"jd_{i // 2 % 6}",
        "付款确认时间": lambda i: f"{day(i // 2)} 10:05:00",
    },
    "ERPNext / Frappe CRM": {
        "ID": lambda i: f"ACC-SINV-{i:05d}",
        "Customer": company,
        "Posting Date": day,
        "Net Total (Company Currency)": cents,
        "Grand Total": "999.00",
        "Outstanding Amount": "0.00",
        "Is Return (Credit Note)": "0",
        "Status": "Paid",
    },
}
