"""Contracts of frames refuse what would hide their own attributes."""

import pytest

from playbook.base import contracts


@pytest.mark.parametrize("name", ["names", "make", "problems", "columns"])
def test_a_column_named_like_an_attribute_of_contracts_is_refused(name):
    with pytest.raises(TypeError, match=f"Odd: no column can be called {name}"):
        type("Odd", (contracts.Frame,), {name: contracts.text("words")})


def test_rest_describes_columns_whose_names_are_data():
    class Wide(contracts.Frame):
        rep = contracts.text("who")
        rest = contracts.money("sales of the month")

    assert Wide.names() == ["rep"]
    frame = Wide.make([{"rep": "R1", "2023-01": 5.0}])
    assert list(frame.columns) == ["rep", "2023-01"] and Wide.problems(frame) == []
