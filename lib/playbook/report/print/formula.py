"""Formulas between dollar signs, as prose can carry them: a line of text with raised and lowered
parts. Enough of TeX's mathematics for the formulas of the notebooks; JupyterLab sets the same
source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_&~]|\s+|[A-Za-z]|\d[\d.,]*\d|.", re.DOTALL)
SIGNS = {
    **{
        name: chr(code)
        for code, name in enumerate(
            [
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
                "lambda",
                "mu",
                "nu",
                "xi",
                "omicron",
                "pi",
                "rho",
                "varsigma",
                "sigma",
                "tau",
                "upsilon",
                "phi",
                "chi",
                "psi",
                "omega",
            ],
            start=0x3B1,
        )
    },
    **{"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ"},
    **{"Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "varepsilon": "ε"},
    **{"times": " × ", "cdot": " · ", "div": " ÷ ", "pm": " ± ", "mid": " | ", "ast": " * "},
    **{"le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ", "geq": " ≥ ", "ne": " ≠ ", "neq": " ≠ "},
    **{"lt": " < ", "gt": " > ", "approx": " ≈ ", "sim": " ~ ", "to": " → ", "rightarrow": " → "},
    **{
        "in": " in ",
        "ni": " with ",
        "cup": " with ",
        "setminus": " without ",
        "sum": "∑",
        "prod": "∏",
        "int": "∫",
        "infty": "∞",
        "partial": "∂",
    },
    **{"ldots": "…", "dots": "…", "cdots": "…", "lfloor": "floor(", "rfloor": ")", "lvert": "|"},
    **{"lceil": "ceiling(", "rceil": ")", "rvert": "|", "prime": "′", "minus": " − ", "colon": ":"},
    **{"quad": "  ", "qquad": "   ", "left": "", "right": "", "big": "", "Big": "", "limits": ""},
    **{"displaystyle": "", "nolimits": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": ""},
}
SPACES = {",": "\u2009", ";": " ", ":": " ", " ": " ", "!": "", "\\": " "}
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304"}
ACCENTS |= {"tilde": "\u0303", "dot": "\u0307"}
UPRIGHT = {"text", "mathrm", "operatorname", "textrm", "mathit", "textit", "mathbf", "textbf"}
FUNCTIONS = {"max", "min", "exp", "ln", "log", "arg", "Pr"}
TIGHT = re.compile(r" ([=+−<>≤≥≠·×|→]) ")
SPACED = {"=": " = ", "+": " + ", "-": " − ", "<": " < ", ">": " > "}


def inlines(source: str) -> list[Json]:
    """The formula as inlines of a paragraph: ``text``, ``em`` (variables of one letter), ``sub``
    and ``sup``. A command that is not known stands as its name, so that nothing disappears.
    """
    parts, _ = _sequence(TOKEN.findall(source.strip()), 0)
    return _joined(parts)


def _sequence(tokens: list[str], at: int) -> tuple[list[Json], int]:
    """Parts up to the closing brace or the end, and the place after it."""
    made: list[Json] = []
    while at < len(tokens) and tokens[at] != "}":
        if tokens[at] in ("^", "_"):
            inner, where = _argument(tokens, at + 1)
            made.append({"t": "sup" if tokens[at] == "^" else "sub", "c": _trimmed(inner)})
        else:
            inner, where = _atom(tokens, at)
            made += inner
        at = where
    return made, at + 1


def _argument(tokens: list[str], at: int) -> tuple[list[Json], int]:
    """What a command or a raised sign applies to: a group in braces, or the next sign."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at >= len(tokens):
        return [], at
    return _sequence(tokens, at + 1) if tokens[at] == "{" else _atom(tokens, at)


def _atom(tokens: list[str], at: int) -> tuple[list[Json], int]:
    token = tokens[at]
    if token == "{":
        return _sequence(tokens, at + 1)
    if token.startswith("\\") and len(token) > 1:
        return _command(token[1:].rstrip("*"), tokens, at + 1)
    if token.isspace() or token == "&":
        return [], at + 1
    if token == "~":
        return [_text(" ")], at + 1
    if token.isascii() and token.isalpha():
        return [{"t": "em", "c": [_text(token)]}], at + 1
    return [_text(SPACED.get(token, token))], at + 1


def _command(name: str, tokens: list[str], at: int) -> tuple[list[Json], int]:
    if name in ("frac", "dfrac", "tfrac"):
        over, at = _argument(tokens, at)
        under, at = _argument(tokens, at)
        times = [_text(" · ")] if _factor(_at(tokens, at)) else []
        return [*_enclosed(over), _text(" / "), *_enclosed(under), *times], at
    if name == "sqrt":
        inner, at = _argument(tokens, at)
        return [_text("√"), *_enclosed(inner)], at
    if name in ACCENTS:
        inner, at = _argument(tokens, at)
        return [*inner[:-1], *(_accented(part, ACCENTS[name]) for part in inner[-1:])], at
    if name in UPRIGHT:
        return _upright(tokens, at)
    if name == "not":
        return [
            _text({"\\ni": " without ", "\\in": " not in "}.get(_at(tokens, at), " not "))
        ], at + 1
    if name in FUNCTIONS:
        return [_text(name if _at(tokens, at) in ("(", "[", "_", "^", "\\{") else f"{name} ")], at
    if name in SIGNS:
        return [_text(SIGNS[name])] if SIGNS[name] else [], at
    return [_text(SPACES.get(name, f"{name} " if len(name) > 1 else name))], at


def _upright(tokens: list[str], at: int) -> tuple[list[Json], int]:
    """The words of ``\\text{…}``, spaces included."""
    if at >= len(tokens) or tokens[at] != "{":
        return _argument(tokens, at)
    depth, end = 1, at + 1
    while end < len(tokens) and depth:
        depth += {"{": 1, "}": -1}.get(tokens[end], 0)
        end += 1
    words = "".join(tokens[at + 1 : end - (depth == 0)])
    return [_text(re.sub(r"\\([%_&#$ ])", r"\1", words))], end


def _accented(part: Json, mark: str) -> Json:
    if "s" in part:
        return {**part, "s": part["s"] + mark}
    return {**part, "c": [*part["c"][:-1], *(_accented(last, mark) for last in part["c"][-1:])]}


def _enclosed(parts: list[Json]) -> list[Json]:
    """Parts in brackets when they are more than a word, a sign or a number: a fraction on one
    line.
    """
    bare = "".join(_words(parts)).strip()
    single = (
        re.fullmatch(r"[\w.%\u0300-\u036f]*", bare)
        and sum(part["t"] == "em" for part in parts) <= 1
    )
    return parts if single else [_text("("), *parts, _text(")")]


def _words(parts: Iterable[Json]) -> Iterable[str]:
    for part in parts:
        if "s" in part:
            yield part["s"]
        else:
            yield from _words(part["c"])


def _text(text: str) -> Json:
    return {"t": "text", "s": text}


def _trimmed(parts: list[Json]) -> list[Json]:
    """Joined and set close, as raised and lowered parts are: no space around signs or at the
    ends.
    """
    made = [
        _text(TIGHT.sub(r"\1", part["s"])) if part["t"] == "text" else part
        for part in _joined(parts)
    ]
    if made and made[0]["t"] == "text":
        made[0] = _text(made[0]["s"].lstrip())
    if made and made[-1]["t"] == "text":
        made[-1] = _text(made[-1]["s"].rstrip())
    return made


def _at(tokens: list[str], at: int) -> str:
    """The next sign from ``at`` on that is no space; empty at the end."""
    return next((t for t in tokens[at:] if not t.isspace() and t not in ("\\,", "\\;")), "")


def _factor(token: str) -> bool:
    """Whether a sign starts something that multiplies what stands before it."""
    if len(token) > 1 and token[0] == "\\":
        name = token[1:]
        return name in ("left", "bigl", "Bigl") or not (
            SIGNS.get(name, "x").startswith((" ", ")")) or SIGNS.get(name) == "" or token == "\\}"
        )
    return token.isalnum() or token in ("(", "[", "{") or token[:1].isdigit()


def _joined(parts: list[Json]) -> list[Json]:
    """Neighbouring texts as one, no two spaces in a row."""
    made: list[Json] = []
    for part in parts:
        if part["t"] == "text" and made and made[-1]["t"] == "text":
            made[-1] = _text(re.sub("[ \u2009]{2,}", " ", made[-1]["s"] + part["s"]))
        else:
            made.append(part)
    return made
