"""The packages people use for the same, in an environment of their own: called by ``bench/segments.py`` with another interpreter.

    python bench/others.py rfm orders.parquet 2023-09-30 | python bench/others.py buying histories.npz

Prints one line of JSON: package, version, seconds of the call alone (reading the file apart) and what it found.
"""

from __future__ import annotations

import json
import sys
import time
import warnings


def rfm(path: str, end: str) -> dict:
    """pymc-marketing's rfm_summary with the first transaction included, as its own segmentation asks for it."""
    import pandas as pd
    import pymc_marketing
    from pymc_marketing.clv.utils import rfm_summary
    started = time.perf_counter()
    frame = pd.read_parquet(path, columns=["customer_id", "date", "amount", "kind"])
    frame = frame[(frame["kind"] != "refund") & (pd.to_datetime(frame["date"]) >= "2021-10-01")].assign(amount=lambda f: f["amount"].astype(float), date=lambda f: pd.to_datetime(f["date"]))
    reading = time.perf_counter() - started
    started = time.perf_counter()
    found = rfm_summary(frame, "customer_id", "date", "amount", observation_period_end=end, include_first_transaction=True)
    return {"package": "pymc-marketing", "version": pymc_marketing.__version__, "pandas": pd.__version__, "reading": reading,
            "seconds": time.perf_counter() - started, "processor": time.process_time(), "customers": len(found)}


def buying(path: str) -> dict:
    """lifetimes' BG/NBD on the same histories, in weeks."""
    import lifetimes
    import numpy as np
    import pandas as pd
    data = np.load(path)
    started, spent = time.perf_counter(), time.process_time()
    fitter = lifetimes.BetaGeoFitter()
    fitter.fit(data["x"].astype(float), data["t"] / 7.0, data["T"] / 7.0)
    return {"package": "lifetimes", "version": lifetimes.__version__, "pandas": pd.__version__, "seconds": time.perf_counter() - started, "processor": time.process_time() - spent,
            "parameters": {name: float(value) for name, value in fitter.params_.items()}, "customers": len(data["x"])}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps({"rfm": rfm, "buying": buying}[sys.argv[1]](*sys.argv[2:])))
