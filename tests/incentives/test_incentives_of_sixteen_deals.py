"""Pay and people of a company of sixteen deals whose rows stand at the edges of what is counted."""

from sixteen_deals import compare_chapter


def test_every_figure_and_sentence(request):
    compare_chapter("04-incentive-design", request)
