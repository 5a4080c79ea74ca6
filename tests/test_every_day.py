"""Every figure and sentence of a company where something happens on every day."""

import pytest

from every_day import every_day
from figures import figures
from inprocess import shown_by
from playbook.base.params import NOTEBOOKS
from reviewed import compare


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_figure_and_sentence(request, chapter):
    compare(figures(shown_by(chapter, every_day(), drawn=False)), f"every-day-{chapter}", request)
