"""What the toolbox workbook says to those who fill it in."""

from __future__ import annotations

GUIDE_NAME = {"zh": "使用说明", "en": "How to use"}
PROPERTIES = {"zh": "销售工具箱", "en": "Sales toolbox"}

GUIDE = {
    "zh": (
        "销售工具箱：使用说明",
        "每个工具有一张填写表和一张“（示例）”表。只在填写表中填写；示例表不会被读取，可随时对照。",
        "先填“销售人员”和“客户名单”，再填“成交订单”或“商机登记”：销售额、赢单率由它们计算。"
        "其余各表按需填写，空表不影响使用。",
        "标题带 * 且底色为橙色的列为必填。一行一条记录，"
        "中间不要插入合计行或标题行，不要改标题和表名；可在右侧增加自己的列。",
        "人名和客户名称在各表中须写法一致，它们就是编号。"
        "日期写成 2024-03-05，金额以元计，只写数字。",
        "“完成率”等可用公式计算，报告不读取它们，由订单和商机重新计算；"
        "“改进措施”如需跟踪，请记入“任务跟踪”或“复盘会议”。",
        "检查：playbook check --book 本文件；生成报告：playbook report --book 本文件。"
        "有误的单元格会按“表名!单元格”列出。",
        "文件改名或移走后，运行 playbook init 本文件 --yes，会在旁边重新写出 playbook.toml。",
    ),
    "en": (
        "Sales toolbox: how to use it",
        "Each tool has a sheet to fill in and a sheet “(example)”. Write in the first only;"
        " examples are never read.",
        "Begin with Sales team and Customer list, then Order list or Deal list: sales and win rates"
        " come from these. The other sheets are filled as you need them; empty ones do no harm.",
        "Columns with * and an orange heading must be filled. One row is one record: no totals or"
        " titles between, and leave headings and names of sheets as they are. Columns of your own"
        " may follow on the right.",
        "People and customers are known by their names: write them alike everywhere. Days as"
        " 2024-03-05, amounts in full and as plain numbers, in the currency of playbook.toml.",
        "Attainment and growth are for your eyes: the report works them out from orders and deals."
        " What is to be done is followed up in Task board and Review meeting.",
        "Check: playbook check --book THIS FILE. Report: playbook report --book THIS FILE. A cell"
        " that cannot be read is named by sheet and cell.",
        "Renamed or moved? playbook init THIS FILE --yes writes its playbook.toml anew.",
    ),
}

MESSAGES = {
    "zh": {
        "must": "必填",
        "list": "不在列表中",
        "choose": "请从列表中选择。",
        "day": "需要日期",
        "write_day": "请写日期，例如 2024-03-05。",
        "number": "需要数字",
        "write_number": "请只写数字，不带单位。",
        "between": "介于 {low} 和 {high} 之间。",
    },
    "en": {
        "must": "must be filled",
        "list": "Not in the list",
        "choose": "Choose one of the list.",
        "day": "A day is needed",
        "write_day": "Write a day, such as 2024-03-05.",
        "number": "A number is needed",
        "write_number": "Write a plain number.",
        "between": " Between {low} and {high}.",
    },
}
