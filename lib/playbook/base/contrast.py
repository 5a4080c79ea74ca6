"""Whether two colours can be told apart by those who see less (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

LEAST = 4.5  # contrast of text of ordinary size
WHITE = "#FFFFFF"


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB: 0 for black, 1 for white."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = WHITE) -> float:
    """Contrast of two colours, 1 to 21.

    >>> contrast("#000000"), round(contrast("#1F5FA8"), 2)
    (21.0, 6.44)
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darker(colour: str, least: float = LEAST) -> str:
    """The colour itself where white paper shows it well enough, else the lightest of its shades
    towards black that does.
    """
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(256):
        shade = "#" + "".join(f"{round(part * (255 - step) / 255):02X}" for part in parts)
        if contrast(shade) >= least:
            return shade
    return "#000000"
