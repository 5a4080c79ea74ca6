"""The engine against a slow, obvious reference in fractions, on drawn plans, orders and refunds."""

import pytest

from pay_reference import company, differences

DRAWS, BOOKS = 200, 4  # books drawn, and how many share a plan


@pytest.mark.parametrize("part", range(5))
def test_drawn_plans_pay_what_the_reference_pays(part):
    plans = DRAWS // BOOKS // 5
    found = {
        seed: wrong
        for seed in range(part * plans, (part + 1) * plans)
        if (wrong := differences(company(seed, BOOKS)))
    }
    assert not found
