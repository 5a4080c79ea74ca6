"""glossary.html of a pack: every term of its pages and every number of results.json."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from playbook.base.terms import TERMS
from playbook.base.vocabulary import METRICS, STAGES
from playbook.report.names import POLICY, TEMPLATES

CHAPTER = {
    "goals": "Goal setting",
    "segments": "Segmentation",
    "funnel": "Funnel diagnosis",
    "incentives": "Incentive design",
    "case": "Case-study replay",
}


def write_glossary(path: Path, meta: dict[str, Any]) -> None:
    """Write the page; meta: company and month of the pack."""
    style = (TEMPLATES / "html" / "page.css").read_text(encoding="utf-8")
    terms = "".join(
        f'<dt id="{anchor(term)}">{escape(term)}</dt><dd>{escape(meaning)}</dd>'
        for term, meaning in sorted(TERMS.items(), key=lambda t: t[0].casefold())
    )
    numbers = "".join(
        f'<h2 id="numbers-{stage}">{escape(CHAPTER[stage])}: numbers of results.json</h2>'
        '<div class="pb-table"><div class="pb-scroll" tabindex="0"><table><thead><tr>'
        '<th scope="col">Name</th>'
        '<th scope="col">Unit</th><th scope="col">Meaning</th></tr></thead><tbody>'
        + "".join(
            f'<tr><th scope="row"><code>{escape(m.name)}</code></th><td>{escape(m.unit)}</td>'
            f"<td>{escape(m.meaning)}</td></tr>"
            for m in METRICS.values()
            if m.stage == stage
        )
        + "</tbody></table></div></div>"
        for stage in STAGES
    )
    head = " · ".join(filter(None, (str(meta.get("company", "")), str(meta.get("month", "")))))
    path.write_text(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Glossary</title>'
        f"<style>{style}</style></head><body>"
        f'<header class="pb-head"><p>{escape(head)}</p></header><div class="pb-page">'
        f'<main id="content"><h1>Glossary</h1><dl class="pb-terms">{terms}</dl>{numbers}</main>'
        "</div></body></html>\n",
        encoding="utf-8",
    )


def anchor(term: str) -> str:
    """The id of a term on the page."""
    plain = "".join(c if c.isalnum() else "-" for c in term.casefold())
    return "term-" + "-".join(filter(None, plain.split("-")))
