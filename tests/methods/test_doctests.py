"""The examples in the docstrings of base and methods hold, and every public formula has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

from playbook import base, methods

MODULES = sorted(
    found.name
    for room in (base, methods)
    for found in pkgutil.walk_packages(room.__path__, room.__name__ + ".")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", [name for name in MODULES if ".methods." in name])
def test_public_formulae_have_an_example(name):
    module = importlib.import_module(name)
    bare = [
        key
        for key, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == name
        and not key.startswith("_")
        and ">>>" not in (function.__doc__ or "")
    ]
    assert bare == []
