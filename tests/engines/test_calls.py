"""Every measure can be asked by the comparison of engines, which needs a cluster; this does not."""

import inspect

import pytest

from measure_calls import ASKED, measures


@pytest.mark.parametrize("name", sorted(measures()))
def test_the_comparison_knows_what_a_measure_is_asked_with(name):
    parameters = inspect.signature(measures()[name]).parameters.values()
    needed = {
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY
    }
    assert name in ASKED or needed <= {"book", "deals"}, f"say in tests/engines/calls.py: {name}"
