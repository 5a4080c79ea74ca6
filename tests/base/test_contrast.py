"""An accent that cannot be read on white paper is refused, with the shade that can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.contrast import LEAST, contrast, darker
from playbook.base.errors import SettingsProblem
from playbook.base.settings import load_settings, parse_settings

COLOUR = st.builds("#{:06X}".format, st.integers(0, 0xFFFFFF))


def test_known_contrasts():
    """WCAG's own extremes, and the two greys on either side of 4.5."""
    assert contrast("#000000") == pytest.approx(21) and contrast("#FFFFFF") == 1
    assert contrast("#767676") == pytest.approx(4.542, abs=0.001)
    assert contrast("#777777") == pytest.approx(4.478, abs=0.001)


@given(COLOUR)
def test_the_shade_offered_can_be_read_and_is_the_lightest_that_can(colour):
    shade = darker(colour)
    assert contrast(shade) >= LEAST
    if contrast(colour) >= LEAST:
        assert shade == colour
    else:  # it is no darker than needed: a shade 2 % lighter cannot be read
        lighter = [min(255, int(int(shade[i : i + 2], 16) * 1.02) + 2) for i in (1, 3, 5)]
        assert contrast("#" + "".join(f"{part:02X}" for part in lighter)) < LEAST * 1.04


def test_a_pale_accent_is_refused_with_its_readable_shade():
    with pytest.raises(SettingsProblem, match=r"contrast of 1\.5 .*needs? 4\.5.*#907300"):
        parse_settings({"report": {"accent": "#FFCC00"}})
    assert parse_settings({"report": {"accent": "#907300"}}).report.accent == "#907300"


def test_files_that_are_not_there_are_named_all_at_once(tmp_path):
    (tmp_path / "playbook.toml").write_text(
        '[report]\nlogo = "a.svg"\nfonts = ["b.otf", "c.ttf"]\n'
    )
    (tmp_path / "c.ttf").write_bytes(b"x")
    with pytest.raises(SettingsProblem) as told:
        load_settings(tmp_path)
    assert "report.logo = 'a.svg'" in str(told.value) and "'b.otf'" in str(told.value)
    assert "c.ttf" not in str(told.value)
    with pytest.raises(SettingsProblem, match="is no OTF or TTF file"):
        parse_settings({"report": {"fonts": ["x.woff"]}})
