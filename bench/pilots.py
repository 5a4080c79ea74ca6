"""Pilots that do nothing, and pilots with the effect the plan says it can see: how many go?

    python bench/pilots.py --pilots 200

Draws companies of 10 groups over 27 months (monthly noise that lasts, so that overlapping stretches
are not independent), plans a pilot of 3 months in 3 groups from the 24 months before it, picks the
groups by lot, and decides by the rule: once as it is, once with the smallest effect that the plan
had named. Prints the share that goes, for each way to hold the piloted groups against the others.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.case.pilot.compared import NAMES, stretches
from playbook.case.pilot.comparison import outcome_row
from playbook.case.pilot.decision import decide
from playbook.case.pilot.panels import Panel
from playbook.data.book import Book

GROUPS, TAKE, MONTHS, PAST = 10, 3, 3, 24
SPREAD, LASTS = 0.15, 0.4  # of a group's monthly log sales, and how much of it stays a month later
MEMBERS = tuple(f"G{number}" for number in range(GROUPS))
FIRST = Month(2021, 10)


def drawn(seed: int) -> np.ndarray:
    """Log sales (groups, months) of a company in which nothing was done."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, SPREAD, (GROUPS, PAST + MONTHS))
    for month in range(1, noise.shape[1]):
        noise[:, month] += LASTS * noise[:, month - 1]
    return rng.normal(11, 0.5, (GROUPS, 1)) + noise


def panel(logs: np.ndarray) -> Panel:
    months = tuple(FIRST + number for number in range(logs.shape[1]))
    return Panel("sales", MEMBERS, months, np.exp(logs))


def decided(book: Book, logs: np.ndarray, settings: PilotSettings) -> str:
    """The decision about a pilot in the last months: go, extend or stop."""
    whole, chosen = panel(logs), [MEMBERS.index(group) for group in settings.groups]
    row = pd.Series(outcome_row(whole, FIRST + PAST, MONTHS, "primary", settings))
    ready = book.settings.model_copy(update={"pilot": settings})
    stub = type("Stub", (), {"settings": ready, "fmt": book.fmt})()
    return decide(row, stub, whole, chosen, MONTHS, 1.0)[0]


def shares(how: str, pilots: int) -> tuple[float, float, float]:
    """Share of null pilots that go, share that go with the effect named, and its mean size."""
    orders = pd.DataFrame(
        {"order_id": ["O"], "date": ["2023-12-31"], "customer_id": ["C"], "amount": [1]}
    )
    book = Book.from_frames(orders=orders)
    null = seen = 0
    sizes = []
    for seed in range(pilots):
        logs, rng = drawn(seed), np.random.default_rng(10_000 + seed)
        chosen = rng.choice(GROUPS, TAKE, replace=False)
        settings = PilotSettings(
            take=TAKE,
            months=MONTHS,
            compare=how,
            groups=[MEMBERS[number] for number in chosen],
            starts=(FIRST + PAST).start,
        )
        null += decided(book, logs, settings) == "go"
        effect = stretches(panel(logs[:, :PAST]), MONTHS, TAKE, how).detectable(TAKE)
        if effect is None:
            continue
        with_effect = logs.copy()
        with_effect[chosen, PAST:] += effect
        seen += decided(book, with_effect, settings) == "go"
        sizes.append(effect)
    return null / pilots, seen / len(sizes), float(np.expm1(np.mean(sizes)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pilots", type=int, default=200)
    pilots = parser.parse_args().pilots
    for how, name in NAMES.items():
        null, seen, size = shares(how, pilots)
        print(
            f"{name}: {pilots} null pilots: {null:.1%} go (at most 5 % asked); with the effect"
            f" named, {size:.0%} on average: {seen:.1%} go (at least 75 % asked)",
            flush=True,
        )


if __name__ == "__main__":
    main()
