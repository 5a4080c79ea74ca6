# ruff: noqa: E501  rows as they stand in the files
"""Forms of exports that have to be undone: order totals, first-line cells, titles, totals, days summed,
histories, epochs, months across. The figures are worked by hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playbook.data.book import Book
from playbook.intake.proposal import propose

DAY = date(2024, 6, 30)


def book(folder: Path, **files: str) -> Book:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text.strip() + "\n", encoding="utf-8")
    (folder / "playbook.toml").write_text(propose([folder], folder).text, encoding="utf-8")
    return Book.open(folder).at(DAY)


def rows(book: Book, table: str, *columns: str) -> list[tuple]:
    """The rows of a table as texts, sorted."""
    frame = book.relation(table).df()
    return sorted(tuple(str(value)[:10] for value in row) for row in frame[list(columns)].values)


ORDERS = "order_id,date,customer_id,amount\n1,2023-01-05,c,10\n2,2023-03-31,c,10"


def test_shopify_cells_of_the_first_line_are_carried_and_refunds_shared(tmp_path):
    text = """
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Refunded Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at
#1,A@x.com,paid,2023-01-31 22:35:00 +0800,USD,89.99,99.00,0.00,2023-01-31 22:30:00 +0800,2,Mug,30.00,
#1,,,,,,,,2023-01-31 22:30:00 +0800,1,Shirt,30.00,
#2,b@x.com,partially_refunded,,USD,30.00,38.00,10.00,2023-02-01 10:00:00 +0800,1,Mug,30.00,
#3,c@x.com,voided,,USD,30.00,38.00,0.00,2023-02-02 10:00:00 +0800,1,Mug,30.00,
#4,d@x.com,paid,,USD,30.00,38.00,0.00,2023-02-02 10:00:00 +0800,1,Mug,30.00,2023-02-03 10:00:00 +0800
"""
    got = rows(
        book(tmp_path, orders_export__csv=text), "orders", "order_id", "customer_id", "amount"
    )
    # 89.99 is 59.99 for two mugs and 30.00 for the shirt, to the cent; voided and cancelled are out
    assert got == [("#1", "a@x.com", "30.0"), ("#1", "a@x.com", "59.99"), ("#2", "b@x.com", "20.0")]


def test_an_order_total_on_each_line_counts_once(tmp_path):
    text = """
订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号,付款确认时间
1,1,杯,2,2023-01-05 10:00:00,30.00,100.00,90.00,完成,u1,2023-01-05 10:01:00
1,2,衣,1,2023-01-05 10:00:00,30.00,100.00,90.00,完成,u1,2023-01-05 10:01:00
2,1,杯,1,2023-02-05 10:00:00,30.00,30.00,30.00,(删除)等待出库,u2,
"""
    got = rows(book(tmp_path, 订单__csv=text), "orders", "order_id", "amount", "product_line")
    assert got == [("1", "30.0", "衣"), ("1", "60.0", "杯")]


def test_titles_and_totals_of_an_erp_sheet_are_left_out(tmp_path):
    body = "\n".join(
        f'XS{i},2023-0{i + 1}-10,客户{i},销售1,甲,2,"1,00{i}.00",1130.00,已审核' for i in range(4)
    )
    text = f"""
某某有限公司 销售订单列表,,,,,,,,
期间：2023年1月至4月,,,,,,,,
单据编号,日期,客户,销售员,物料名称,销售数量,金额,价税合计,单据状态
{body}
XS9,2023-03-20,客户1,销售1,甲,2,500.00,565.00,创建
合计,,,,,10,"4,506.00",,
"""
    got = rows(book(tmp_path, 销售订单__csv=text), "orders", "order_id", "amount")
    assert got == [(f"XS{i}", f"100{i}.0") for i in range(4)]


def test_subscriptions_by_month_and_by_year_are_brought_to_a_year(tmp_path):
    text = """
id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Start (UTC),Current Period End (UTC),Canceled At (UTC),Ended At (UTC)
sub_1,cus_1,basic,2,usd,month,10.00,active,2023-01-05 10:00,2023-07-05 10:00,,
sub_2,cus_2,pro,1,usd,year,300.00,canceled,2023-01-07 10:00,2023-07-05 10:00,2023-05-01 10:00,2023-06-01 10:00
sub_3,cus_3,pro,1,usd,month,30.00,trialing,2023-03-07 10:00,2023-07-05 10:00,,
"""
    made = book(tmp_path, subscriptions__csv=text, orders__csv=ORDERS)
    got = rows(made, "contracts", "contract_id", "annual_value", "end", "status")
    assert got == [
        ("sub_1", "240.0", "NaT", "active"),
        ("sub_2", "300.0", "2023-06-01", "cancelled"),
    ]


DEALS = """
Id,StageName,CloseDate,IsWon,IsClosed,OwnerId,AccountId,Amount,CreatedDate
006A,Closed Won,2023-03-01,true,true,005A,001A,100,2023-01-01T09:30:00.000Z
006B,Closed Lost,2023-03-05,false,true,005A,001B,100,2023-01-01T09:30:00.000Z
006C,Qualification,2023-12-01,false,false,005B,001B,100,2023-01-01T09:30:00.000Z
"""


def test_the_log_of_changed_fields_gives_stages_and_changes(tmp_path):
    log = """
OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById
006A,created,,,2023-01-01T09:30:00.000Z,005A
006A,StageName,Qualification,Negotiation,2023-01-05T09:30:00.000Z,005A
006A,Amount,50,100,2023-01-06T09:30:00.000Z,005A
006A,StageName,Negotiation,Closed Won,2023-03-01T09:30:00.000Z,005A
006B,StageName,Qualification,Closed Lost,2023-03-05T09:30:00.000Z,005A
"""
    made = book(tmp_path, opps__csv=DEALS, OpportunityFieldHistory__csv=log)
    assert rows(made, "stage_events", "opportunity_id", "stage", "entered_at") == [
        ("006A", "Closed Won", "2023-03-01"),
        ("006A", "Negotiatio", "2023-01-05"),
        ("006B", "lost", "2023-03-05"),
    ]
    assert len(rows(made, "changes", "field")) == 5
    assert made.stages == ["Qualification", "Negotiation", "Closed Won"]


def test_columns_of_days_a_stage_was_entered_become_its_history(tmp_path):
    text = '''
Record ID,Deal Name,Deal Stage,Pipeline,Close Date,Deal owner,Amount,Create Date,"Date entered ""Contract Sent (Sales Pipeline)""","Date entered ""Closed Lost (Sales Pipeline)"""
1,a,Closed Won,P,2023-03-01 10:15,Ann,100,2023-01-01 10:15,2023-02-01 10:15,
2,b,Closed Lost,P,2023-03-02 10:15,Ann,100,2023-01-01 10:15,2023-02-02 10:15,2023-03-02 10:15
3,c,Contract Sent,P,2023-12-02 10:15,Ann,100,2023-01-01 10:15,2023-02-03 10:15,
'''
    got = rows(
        book(tmp_path, deals__csv=text), "stage_events", "opportunity_id", "stage", "entered_at"
    )
    assert got == [
        ("1", "Contract S", "2023-02-01"),
        ("2", "Contract S", "2023-02-02"),
        ("2", "lost", "2023-03-02"),
        ("3", "Contract S", "2023-02-03"),
    ]


def test_daily_costs_are_summed_to_months_without_totals_and_dashes(tmp_path):
    text = """
Campaign report
"January 1, 2023 - March 31, 2023"
Day,Campaign,Currency code,Clicks,Impr.,Cost,Conversions
2023-01-05,A,USD,5,100,"1,204.50",1
2023-01-06,B,USD,5,100,10.00,1
2023-02-06,B,USD,5,100,--,0
2023-03-06,B,USD,5,100,5.00,0
Total: Account,,USD,10,200,"1,219.50",2
"""
    made = book(tmp_path, Campaign_report__csv=text, orders__csv=ORDERS)
    assert rows(made, "channel_costs", "month", "channel", "cost") == [
        ("2023-01-01", "Google Ads", "1214.5"),
        ("2023-03-01", "Google Ads", "5.0"),
    ]


def test_epochs_are_days_of_the_clock_at_home(tmp_path):
    lines = "\n".join(
        f"a{i},项目,c1,{stage},{status},100,1675209600000,u1,1672588800000,normal,1675180800000"
        for i, (stage, status) in enumerate(
            [("验证客户", "进行中"), ("方案报价", "赢单"), ("方案报价", "输单")]
        )
    )
    head = (
        "_id,name,account_id,sales_stage,sales_status,amount,close_date,owner,create_time"
        ",life_status,stg_changed_time"
    )
    got = rows(
        book(tmp_path, NewOpportunityObj__csv=f"{head}\n{lines}"),
        "opportunities",
        "outcome",
        "created",
        "closed",
        "expected_close",
    )
    # 1672588800 is 16:00 of 1 January in London and midnight of the 2nd in Shanghai
    assert got == [
        ("lost", "2023-01-02", "2023-02-01", "2023-02-01"),
        ("open", "2023-01-02", "NaT", "2023-02-01"),
        ("won", "2023-01-02", "2023-02-01", "2023-02-01"),
    ]


def test_months_across_are_sales_of_the_last_day_of_each(tmp_path):
    text = "Region,2023-01,2023-02,2023-03,Total\nN,100,110,120,330\nS,200,210,220,630\nTotal,300,320,340,960"
    got = rows(book(tmp_path, sales__csv=text), "orders", "date", "region", "amount")
    assert got == [
        ("2023-01-31", "N", "100.0"),
        ("2023-01-31", "S", "200.0"),
        ("2023-02-28", "N", "110.0"),
        ("2023-02-28", "S", "210.0"),
        ("2023-03-31", "N", "120.0"),
        ("2023-03-31", "S", "220.0"),
    ]


def test_german_exports_are_read_with_their_commas_points_and_letters(tmp_path):
    lines = "\n".join(
        f"A{i};{i + 10}.02.2023;K{i % 2};Müller;Süd;1.10{i},50 €;19,00 €" for i in range(4)
    )
    head = "Auftragsnummer;Auftragsdatum;Kundennummer;Vertriebsmitarbeiter;Region;Nettobetrag;MwSt"
    (tmp_path / "Aufträge.csv").write_bytes(f"{head}\n{lines}\n".encode("cp1252"))
    got = rows(book(tmp_path), "orders", "order_id", "date", "amount", "rep_id")
    assert got[0] == ("A0", "2023-02-10", "1100.5", "Müller") and len(got) == 4
