"""Tables as CSV text."""

from __future__ import annotations

import csv
import io
from datetime import date

import numpy as np
import pandas as pd


def cell(value: object) -> str:
    """A value as the CSV holds it: ISO days, no trailing zeros, empty for missing."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, (float, np.floating)):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def to_csv(frame: pd.DataFrame) -> str:
    """CSV with unix line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [[cell(v) for v in frame[name].tolist()] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()
