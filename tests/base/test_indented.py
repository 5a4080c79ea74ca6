"""Indented JSON is the text that ``json`` writes."""

from __future__ import annotations

import enum
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.indented import indented

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False).filter(math.isfinite)
)
keys = st.text() | st.integers() | st.booleans() | st.none() | st.sampled_from([0.5, -1e300])
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(keys, inner, max_size=2)
    ),
    max_leaves=12,
)


@given(trees)
def test_to_the_byte(content):
    assert indented(content) == json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


@given(st.dictionaries(st.text(), st.dictionaries(st.text(), leaves)))
def test_keys_in_order_where_asked(content):
    whole = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    assert indented(content, sort_keys=True) == whole


class Word(str):
    """A text of a kind of its own."""


class Colour(enum.IntEnum):
    RED = 3


def test_derived_kinds():
    assert indented({"a": Word('q"'), "b": [Colour.RED, Word("")]}) == (
        '{\n "a": "q\\"",\n "b": [\n  3,\n  ""\n ]\n}'
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_word_for_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="not JSON compliant"):
        indented([bad])


def test_no_word_for_other_things():
    with pytest.raises(TypeError, match="not JSON serializable"):
        indented({"a": {1}})
