"""One number formatter for tables, charts and sentences. Rounding happens here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Any

from .language import Said, counted, english, language, named, say, term

MISSING = "–"
UNITS = (
    "share",
    "pp",
    "days",
    "count",
    "ratio",
    "score",
    "money",
    "money.exact",
    "date",
    "month",
    "text",
    "term",
    "name",
    "tier",
    "number",
    "p",
)
SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "HKD": "HK$",
    "TWD": "NT$",
    "INR": "₹",
    "KRW": "₩",
}
BETWEEN = {", ": "、", "; ": "；", " ": "", " and ": "和", " or ": "或", ": ": "："}  # in Chinese
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "TND": 3}
AFTER = {"share": (" %", "%"), "pp": (" pp", "个百分点"), "days": (" d", "天")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_missing(value: Any) -> bool:
    """None, NaN, NaT, NA and ±infinity all print as a dash: none of them is a number to act on."""
    if value is None:
        return True
    try:
        return bool(value != value) or (isinstance(value, float) and math.isinf(value))
    except TypeError:  # pandas.NA refuses a truth value
        return True


@dataclass(frozen=True)
class Formats:
    """How a book writes numbers.

    ``text(value, unit)`` is the only way a number reaches a page. Units: share (0.231 → 23.1 %), pp
    (0.031 → +3.1 pp:
    always signed, a difference of shares), days, count, ratio (×), score, money (whole currency
    units), money.exact
    (minor units shown), date, month, number, text (words of the data), term (a word of ours, said
    in the language of the page), name (a name of the data, or a word of ours in its place: All),
    tier (a value tier: the firm's own name as it stands, one of ours or a word of ours in its place
    said); or the currency code itself, same as money.

    tiers: names of the value tiers; own_tiers: whether the firm gave them.
    """

    currency: str = "CNY"
    language: str = "en"
    tiers: tuple[str, ...] = ()
    own_tiers: bool = False

    @property
    def symbol(self) -> str:
        return SYMBOLS.get(self.currency, f"{self.currency} ")

    @property
    def minor_digits(self) -> int:
        """Decimals of the currency's minor unit: 2 for CNY, 0 for JPY."""
        return MINOR_DIGITS.get(self.currency, 2)

    def text(
        self,
        value: Any,
        unit: str = "text",
        *,
        compact: bool = False,
        sign: bool = False,
        decimals: int | None = None,
    ) -> str:
        """``value`` as words of the page; missing values are a dash.

        compact: money and counts with k / m / bn (万 / 亿 in Chinese). sign: a plus before positive
        numbers.
        decimals: overrides the unit's own.
        """
        if self.language != "en":  # its words can be asked for in English too (``english``)
            plain = partial(self._english, value, unit, compact, sign, decimals)
            return Said(self._text(value, unit, compact, sign, decimals), plain)
        return self._text(value, unit, compact, sign, decimals)

    def _english(self, *asked: Any) -> str:
        return Formats(self.currency, "en", self.tiers, self.own_tiers)._text(*asked)

    def _text(
        self,
        value: Any,
        unit: str,
        compact: bool = False,
        sign: bool = False,
        decimals: int | None = None,
    ) -> str:
        if is_missing(value):
            return MISSING
        if unit == self.currency:
            unit = "money"
        if unit in ("text", "date", "month"):
            return self._words(value, unit)
        if unit == "term":
            return term(value)
        if unit == "name":
            return named(value)
        if unit == "tier":
            return self._tier(str(value))
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if unit in ("share", "pp"):
            digits, signed = 1 if decimals is None else decimals, sign or unit == "pp"
            return self._number(_scaled(value, 100), digits, signed) + self.after(unit)
        if unit in ("money", "money.exact"):
            return self._money(value, unit, compact, sign, decimals)
        if unit == "count":
            whole = abs(float(value) - round(float(value))) < 1e-9
            return (
                self._compact(value, sign)
                if compact
                else self._number(
                    value, (0 if whole else 1) if decimals is None else decimals, sign
                )
            )
        if unit == "ratio":
            return self._number(value, 2 if decimals is None else decimals, sign) + "×"
        if unit == "days":
            whole = abs(float(value) - round(float(value))) < 0.05
            return self._number(
                value, (0 if whole else 1) if decimals is None else decimals, sign
            ) + self.after(unit)
        if unit == "p":  # three decimals; a smaller one to its first digit, never as nought
            least = math.log10(value) if 0 < value < 0.001 else -3
            return self._number(value, min(-math.floor(least), 12), sign)
        default = {"score": 2, "number": 2}.get(unit)
        if default is None:
            raise ValueError(
                f"unit '{unit}' is not one of {', '.join(UNITS)} or the book's currency"
                f" {self.currency}"
            )
        return self._number(value, default if decimals is None else decimals, sign)

    def money(self, value: Any, **options: Any) -> str:
        """Short for ``text(value, "money", …)``."""
        return self.text(value, "money", **options)

    def share(self, value: Any, **options: Any) -> str:
        """Short for ``text(value, "share", …)``."""
        return self.text(value, "share", **options)

    def chance(self, value: Any, decimals: int = 0) -> str:
        """A chance found by simulation: beyond one in a hundred it is only bounded, for no number
        of paths shows that it is nought.

        >>> [Formats("EUR", "en").chance(p) for p in (0.0, 0.474, 1.0)]
        ['< 1 %', '47 %', '> 99 %']
        """
        if is_missing(value):
            return MISSING
        if value < 0.01:
            return say("< 1 %")
        return say("> 99 %") if value > 0.99 else self.share(value, decimals=decimals)

    def count(self, value: Any, **options: Any) -> str:
        """Short for ``text(value, "count", …)``."""
        return self.text(value, "count", **options)

    def interval(self, low: Any, high: Any, unit: str) -> str:
        """``14.5–51.9 %``: both ends in one unit; a dash when either is missing."""
        if is_missing(low) or is_missing(high):
            return MISSING
        first, last = self.text(low, unit), self.text(high, unit)
        first = first.removesuffix(self.after(unit) if unit in ("share", "pp") else "")
        return (
            say("{first} to {last}", first=first, last=last)
            if "-" in first + last or "−" in first + last
            else joined((first, last), "–")
        )

    def rate(self, numerator: float, denominator: float) -> str:
        """A share with its counts: ``85.0 % (17 of 20)``."""
        if not denominator:
            return say("{share} ({part} of {all})", share=MISSING, part=0, all=0)
        return say(
            "{share} ({part} of {all})",
            share=self.share(numerator / denominator),
            part=self.count(numerator),
            all=self.count(denominator),
        )

    def after(self, unit: str) -> str:
        """What stands behind a number of the unit: `` %``, `` pp``, `` d``; nothing for others."""
        return AFTER.get(unit, ("", ""))[self.language == "zh"]

    # -- how each kind is written

    def _tier(self, name: str) -> str:
        if name not in self.tiers:
            return term(name)
        return name if self.own_tiers else say(name, context="tier")

    def _words(self, value: Any, unit: str) -> str:
        if unit == "date" or isinstance(value, (date, datetime)):
            day = value.date() if isinstance(value, datetime) else value
            if isinstance(day, date):
                return (
                    f"{day.year}年{day.month}月{day.day}日"
                    if self.language == "zh"
                    else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
                )
        if unit == "month":
            year, month = str(value)[:4], int(str(value)[5:7])
            return f"{year}年{month}月" if self.language == "zh" else f"{MONTHS[month - 1]} {year}"
        return str(value)

    def _money(self, value: Any, unit: str, compact: bool, sign: bool, decimals: int | None) -> str:
        minus = "−" if _negative(value) else ("+" if sign and float(value) > 0 else "")
        size = -value if _negative(value) else value
        digits = (
            decimals
            if decimals is not None
            else (self.minor_digits if unit == "money.exact" else 0)
        )
        body = self._compact(size, False) if compact else self._number(size, digits, False)
        return (
            (minus if body.strip("0.") else "") + self.symbol + body
        )  # what rounds to nothing has no sign

    def _compact(self, value: Any, sign: bool) -> str:
        steps = (
            ((1e8, "亿"), (1e4, "万"))
            if self.language == "zh"
            else ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
        )
        size = abs(float(value))
        for step, name in steps:
            if size >= step * 0.9995:
                scaled = float(value) / step
                digits = 0 if abs(scaled) >= 99.95 else 1 if abs(scaled) >= 9.995 else 2
                return self._number(scaled, digits, sign) + name
        return self._number(value, 0 if size >= 100 or float(value).is_integer() else 1, sign)

    def _number(self, value: Any, digits: int, sign: bool) -> str:
        exact = (
            value
            if isinstance(value, Decimal)
            else Decimal(repr(float(value)))
            if not isinstance(value, int)
            else Decimal(value)
        )
        rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
        body = f"{abs(rounded):,.{digits}f}"
        if rounded < 0:
            return "−" + body
        return ("+" if sign and rounded > 0 else "") + body


def _scaled(value: Any, by: int) -> Decimal:
    return (value if isinstance(value, Decimal) else Decimal(repr(float(value)))) * by


def _negative(value: Any) -> bool:
    return float(value) < 0


plural = counted  # ``plural(1, "deal") == "1 deal"``, ``plural(2, "deal") == "2 deals"``


def listing(names: list[str], most: int = 3) -> str:
    """``a, b and c``; with more than ``most``: ``a, b, c and 4 more``."""
    names = [str(name) for name in names]
    shown, rest = names[:most], len(names) - most
    if rest > 0:
        return say("{names} and {n} more", names=joined(shown), n=rest)
    if len(shown) < 2:
        return shown[0] if shown else say("none")
    return say("{names} and {last}", names=joined(shown[:-1]), last=shown[-1])


def joined(parts: Iterable[Any], by: str = ", ") -> str:
    """Parts of one list or sentence with what stands between them in the language spoken:
    ``", "`` and ``"; "`` are ``、`` and ``；`` in Chinese, sentences parted by a space are not.
    """
    texts = [part if isinstance(part, str) else str(part) for part in parts]
    if language() == "en":
        return by.join(texts)
    return Said(BETWEEN.get(by, by).join(texts), lambda: by.join(english(t) for t in texts))
