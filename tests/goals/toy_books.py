"""Small books for the goal tests: tables as CSV text."""

import io
import tomllib

import pandas as pd

from playbook.data.book import Book

TOML = '[book]\nname = "toy"\ncurrency = "CNY"\nstages = ["lead", "intent", "won"]\n'


def toy(month, toml=TOML, **tables):
    """A book of tables given as CSV text (first line the columns), as of the end of a month."""
    frames = {
        name: pd.read_csv(
            io.StringIO("\n".join(line.strip() for line in text.strip().splitlines())),
            dtype=str,
            keep_default_na=False,
        )
        for name, text in tables.items()
    }
    return Book.from_frames(month=month, settings=tomllib.loads(toml), **frames)


def months(first_year, last_year, last_month, amount, customer="C1", region="East"):
    """Orders, one a month on the 15th, as CSV text; ``amount`` is a function of (year, month)."""
    rows = ["order_id,date,customer_id,amount,region"]
    for year in range(first_year, last_year + 1):
        for month in range(1, 13 if year < last_year else last_month + 1):
            number, day = f"{region}{year}{month:02d}", f"{year}-{month:02d}-15"
            rows.append(f"{number},{day},{customer},{amount(year, month)},{region}")
    return "\n".join(rows)


TWO_REGIONS = (
    months(2021, 2023, 6, lambda y, m: 100 + m, region="East")
    + "\n"
    + "\n".join(
        months(2021, 2023, 6, lambda y, m: 50 + (m % 3), customer="C2", region="West").splitlines()[
            1:
        ]
    )
)
KEY_RESULTS = """objective,key_result,metric,unit,baseline,target,owner,start,due,weight,\
direction,parent,level
Grow,Key accounts,accounts,count,0,100,Ann,2023-01-01,2023-12-31,3,up,,company
Grow,Cycle,days,days,90,60,Ann,2023-01-01,2023-12-31,1,down,,company
Serve,Renewal,rate,share,0.75,0.92,Bo,2023-01-01,2023-03-31,1,up,,company
East grows,East accounts,accounts,count,0,40,Cy,2023-01-01,2023-12-31,1,up,Grow,team
Lost,Nobody,x,count,0,5,Di,2023-01-01,2023-12-31,1,up,No such goal,team"""
CHECK_INS = """key_result,date,value,confidence
Key accounts,2023-03-25,30,0.8
Key accounts,2023-02-20,20,0.6
Cycle,2023-03-25,75,0.5
Renewal,2023-03-30,0.92,0.9
East accounts,2023-01-10,4,0.3
Key accounts,2023-05-01,100,1"""


def many_lines(lines, below=None):
    """A book at the end of February 2023 of so many product lines that sold 100 a month for two
    years, each with a target of the year: 1,200, and 2,400 for the numbers ``below``.
    """
    numbers, below = range(lines), below or set()
    orders, targets = [], ["2023,sales,150000,"]
    for n in numbers:
        targets.append(f"2023,sales,{2400 if n in below else 1200},Line {n:03d}")
        for i in range(26):
            day = f"{2021 + i // 12}-{i % 12 + 1:02d}-15"
            orders.append(f"O{n}-{i},{day},C1,100,Line {n:03d}")
    return toy(
        "2023-02",
        orders="\n".join(["order_id,date,customer_id,amount,product_line", *orders]),
        targets="\n".join(["period,metric,target,product_line", *targets]),
    )
