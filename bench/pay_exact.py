"""The pay engine against a slow reference in fractions on 2,000 drawn books: every period and every
clawback to the cent, every line within one; and on 500 books under plans of several measures in
which everything is refunded: nobody is paid a cent. Run: ``python bench/pay_exact.py``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests"), str(ROOT / "tests" / "pay")]

from pay_reference import company, differences  # noqa: E402 (needs the paths above)
from pay_reversed import paid_in_all  # noqa: E402

PLANS, BOOKS, REVERSED = 500, 4, 500

if __name__ == "__main__":
    start = time.perf_counter()
    wrong = {seed: found for seed in range(PLANS) if (found := differences(company(seed, BOOKS)))}
    print(
        f"{PLANS * BOOKS:,} drawn books under {PLANS} plans: {len(wrong)} differ from the"
        f" reference; {time.perf_counter() - start:.0f} s"
    )
    for seed, found in list(wrong.items())[:10]:
        print(f"  seed {seed}: {found[0]}")
    left = {seed: paid for seed in range(REVERSED) if any((paid := paid_in_all(seed)).values())}
    print(f"{REVERSED} books of which everything is refunded: {len(left)} pay something")
    for seed, paid in list(left.items())[:10]:
        print(f"  seed {seed}: {paid}")
    sys.exit(bool(wrong or left))
