"""Columns whose numbers are not in the contract's unit: ten thousands, per cent."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from playbook.data.tables import TABLES

from .files import Found

WAN = re.compile(r"[（(/\[ ]\s*万元?|万元\s*$")  # 金额(万元), 金额/万元
THOUSANDS = re.compile(r"[（(/\[]\s*(k|thousands?|000s|千元)\b", re.IGNORECASE)
PER_CENT = re.compile(r"[%％]|percent|per cent|百分比", re.IGNORECASE)

UNIT_PRICE = {
    "unit price",
    "price each",
    "priceeach",
    "price",
    "unitprice",
    "unit amount",
    "item price",
    "net price",
    "selling price",
    "sale price",
    "list price",
    "sales price",
    "单价",
    "销售单价",
    "含税单价",
    "价格",
}


def in_unit(found: Found, table: str, column: str, header: str) -> Any:
    """The header as a column is made of it: with its factor where its unit is another.

    A share in per cent is told by its header or by numbers above 1.5; one with a sign in its cells
    is read by itself.
    """
    kind = next((c.kind for c in TABLES[table].columns if c.name == column), "")
    if kind == "money":
        if WAN.search(header):
            return {"column": header, "times": 10000}
        return {"column": header, "times": 1000} if THOUSANDS.search(header) else header
    if kind != "share":
        return header
    filled = next((c.filled for c in found.columns if c.name == header), None)
    if filled is None or filled.str.contains("[%％]").any():
        return header
    numbers = pd.to_numeric(filled, errors="coerce")
    largest = numbers.max() if len(numbers) else 0.0
    if largest > 1.5 or (PER_CENT.search(header) and (largest > 1 or not len(numbers))):
        return {"column": header, "times": 0.01}
    return header
