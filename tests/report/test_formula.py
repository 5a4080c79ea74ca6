"""Formulas of the prose as lines of text."""

import pytest

from playbook.report.print import formula, markdown


def line(parts) -> str:
    """Inlines as one text: ``^(…)`` raised, ``_(…)`` lowered, variables as they are."""
    marks = {"sub": "_(%s)", "sup": "^(%s)", "em": "%s"}
    return "".join(
        part["s"] if "s" in part else marks[part["t"]] % line(part["c"]) for part in parts
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\text{rate} = \frac{\text{won}}{\text{won} + \text{lost}}", "rate = won / (won + lost)"),
        (r"\hat p = \frac{x + z^2/2}{n + z^2}", "p\u0302 = (x + z^(2)/2) / (n + z^(2))"),
        (r"v = \sum_{i=1}^{n} p_i \cdot a_i", "v = ∑_(i=1)^(n)p_(i) · a_(i)"),
        (r"S(t)=\prod_{t_i \le t}\left(1-d_i\right)", "S(t) = ∏_(t_(i)≤t)(1 − d_(i))"),
        (r"25\,\% \times \sqrt{a b}", "25\u2009% × √(ab)"),
        (r"\text{pay \& awards}_{\max} \ne \unknown x", "pay & awards_(max) ≠ unknown x"),
        (r"\frac{1}{N} \sum x", "1 / N · ∑x"),
        (r"\frac{\bar d}{s}\bigl(1 - g\bigr)", "d\u0304 / s · (1 − g)"),
        (r"\tfrac{1}{2}\,10^{-d} \le 1", "1 / 2 · 10^(−d) ≤ 1"),
        (r"\lfloor T w \rfloor", "floor(Tw)"),
        (r"\arg\max_r \ln x + \max(a, b)", "arg max_(r)ln x + max(a,b)"),
        (r"\sum_{S \not\ni i}", "∑_(S without i)"),
        (r"\frac{a", "a / "),
        ("", ""),
    ],
)
def test_a_formula_is_a_line_of_text(source, shown):
    assert line(formula.inlines(source)) == shown


def test_a_formula_in_prose_reaches_the_page_as_text():
    (block,) = markdown.blocks("The share is $p_i = \\frac{<b>}{n}$ here.")
    assert markdown.html([block]) == (
        "<p>The share is <em>p</em><sub><em>i</em></sub> = ( &lt; <em>b</em> &gt; ) / <em>n</em>"
        " here.</p>"
    )


def test_money_is_no_formula():
    (block,) = markdown.blocks("from $ 5 to $ 6")
    assert markdown.plain_text(block["inlines"]) == "from $ 5 to $ 6"
