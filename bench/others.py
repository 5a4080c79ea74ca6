"""The packages people use for the same, in an environment of their own: called by
``bench/segments.py`` with another interpreter.

    python bench/others.py rfm orders.parquet 2023-09-30 | python bench/others.py buying
    histories.npz

Prints one line of JSON: package, version, seconds of the call alone (reading the file apart) and
what it found.
"""

from __future__ import annotations

import json
import sys
import time
import warnings


def rfm(path: str, end: str) -> dict:
    """pymc-marketing's rfm_summary with the first transaction included, as its own segmentation
    asks for it.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    import pymc_marketing
    from pymc_marketing.clv.utils import rfm_summary

    started = time.perf_counter()
    # the quickest reading we know: filtered and typed before pandas, which would make an object of
    # every day and every amount
    rows = pq.read_table(path, columns=["customer_id", "date", "amount", "kind"])
    rows = rows.filter(
        pc.and_(
            pc.not_equal(rows["kind"], "refund"),
            pc.greater_equal(rows["date"], pa.scalar(pd.Timestamp("2021-10-01").date())),
        )
    )
    frame = pa.table(
        {
            "customer_id": rows["customer_id"],
            "date": rows["date"].cast(pa.timestamp("us")),
            "amount": rows["amount"].cast(pa.float64()),
        }
    ).to_pandas()
    reading = time.perf_counter() - started
    started = time.perf_counter()
    found = rfm_summary(
        frame,
        "customer_id",
        "date",
        "amount",
        observation_period_end=end,
        include_first_transaction=True,
    )
    return {
        "package": "pymc-marketing",
        "version": pymc_marketing.__version__,
        "pandas": pd.__version__,
        "reading": reading,
        "seconds": time.perf_counter() - started,
        "processor": time.process_time(),
        "customers": len(found),
    }


def buying(path: str) -> dict:
    """lifetimes' BG/NBD on the same histories, in weeks."""
    import lifetimes
    import numpy as np
    import pandas as pd

    data = np.load(path)
    started, spent = time.perf_counter(), time.process_time()
    fitter = lifetimes.BetaGeoFitter()
    fitter.fit(data["x"].astype(float), data["t"] / 7.0, data["T"] / 7.0)
    return {
        "package": "lifetimes",
        "version": lifetimes.__version__,
        "pandas": pd.__version__,
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - spent,
        "parameters": {name: float(value) for name, value in fitter.params_.items()},
        "customers": len(data["x"]),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps({"rfm": rfm, "buying": buying}[sys.argv[1]](*sys.argv[2:])))
