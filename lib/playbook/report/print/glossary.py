"""glossary.html of a pack: every term of its pages and every number of results.json."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from playbook.base.language import language, later, say
from playbook.base.terms import TERMS
from playbook.base.vocabulary import METRICS, STAGES
from playbook.report.names import POLICY, TEMPLATES

from . import webfont

CHAPTER = later(
    {
        "goals": "Goal setting",
        "segments": "Segmentation",
        "funnel": "Funnel diagnosis",
        "incentives": "Incentive design",
        "case": "Case-study replay",
    },
    context="chapter",
)
LANG = {"en": "en", "zh": "zh-CN"}


def write_glossary(path: Path, meta: dict[str, Any], face: str | None = None) -> None:
    """Write the page; meta: company and month of the pack. face: rule of the font for Chinese
    characters in place of the page's own (``webfont``).
    """
    style = (TEMPLATES / "html" / "page.css").read_text(encoding="utf-8")
    terms = "".join(
        f'<dt id="{anchor(term)}">{escape(say(term))}</dt><dd>{escape(say(meaning))}</dd>'
        for term, meaning in sorted(TERMS.items(), key=lambda t: t[0].casefold())
    )
    numbers = "".join(
        f'<h2 id="numbers-{stage}">{escape(_numbers_of(stage))}</h2>'
        '<div class="pb-table"><div class="pb-scroll" tabindex="0"><table><thead><tr>'
        f'<th scope="col">{escape(say("Name"))}</th>'
        f'<th scope="col">{escape(say("Unit"))}</th>'
        f'<th scope="col">{escape(say("Meaning"))}</th></tr></thead><tbody>'
        + "".join(
            f'<tr><th scope="row"><code>{escape(m.name)}</code></th><td>{escape(m.unit)}</td>'
            f"<td>{escape(say(m.meaning))}</td></tr>"
            for m in METRICS.values()
            if m.stage == stage
        )
        + "</tbody></table></div></div>"
        for stage in STAGES
    )
    head = " · ".join(filter(None, (str(meta.get("company", "")), str(meta.get("month", "")))))
    if face is None:
        face = webfont.face(head + say("Glossary") + terms + numbers)
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="{LANG[language()]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(say("Glossary"))}</title>'
        f"<style>{style}{face}\n</style></head><body>"
        f'<header class="pb-head"><p>{escape(head)}</p></header><div class="pb-page">'
        f'<main id="content"><h1>{escape(say("Glossary"))}</h1>'
        f'<dl class="pb-terms">{terms}</dl>{numbers}</main>'
        "</div></body></html>\n",
        encoding="utf-8",
    )


def _numbers_of(stage: str) -> str:
    chapter = say(CHAPTER[stage], context="chapter")
    return say("{chapter}: numbers of results.json", chapter=chapter)


def anchor(term: str) -> str:
    """The id of a term on the page."""
    plain = "".join(c if c.isalnum() else "-" for c in term.casefold())
    return "term-" + "-".join(filter(None, plain.split("-")))
