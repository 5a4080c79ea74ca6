"""How blocks look in a live notebook: a few rules that follow the theme of JupyterLab. Printed
pages and HTML reports have their own.
"""

from __future__ import annotations

from typing import Any

from playbook.base.params import is_batch

RULES = """<style>
.pb-table, .pb-figure { margin: .8em 0; max-width: 62em; }
.pb-scroll { overflow-x: auto; }
.pb-table table { border-collapse: collapse; margin: 0 !important; font-variant-numeric: tabular-nums; }
.pb-table caption, .pb-figure figcaption { text-align: left; font-weight: 600; padding: 0 0 .4em; caption-side: top; }
.pb-table th, .pb-table td { text-align: left !important; padding: .25em .9em .25em 0 !important; vertical-align: top; }
.pb-table tbody th { font-weight: 400; }
.pb-table thead th, .pb-table tfoot tr:first-child > * { border-bottom: 1px solid; }
.pb-table tfoot > tr > * { font-weight: 600; }
.pb-table .pb-r { text-align: right !important; white-space: nowrap; }
.pb-table .pb-s { white-space: nowrap; }
.pb-source, .pb-note { opacity: .72; font-size: .88em; margin: .3em 0; max-width: 62em; }
.pb-reading, .pb-warning, .pb-missing { max-width: 52em; margin: .6em 0; }
.pb-warning, .pb-missing { border-left: 3px solid; padding: .3em .8em; }
.pb-kpis { display: flex; flex-wrap: wrap; gap: .8em 2.2em; margin: .8em 0; }
.pb-kpis > div { border-top: 2px solid; padding-top: .3em; min-width: 8em; }
.pb-kpis dt { opacity: .72; font-weight: 400; } .pb-kpis dd { margin: 0; font-size: 1.35em; font-weight: 600; }
.pb-kpis small { display: block; font-size: .62em; font-weight: 400; opacity: .72; }
.pb-figure { margin-left: 0; } .pb-figure .pb-scroll { background: #fff; width: fit-content; } .pb-figure svg { max-width: 100%; height: auto; }
.pb-good, .pb-bad, td.pb-warn, th.pb-warn { font-weight: 600 !important; }
.pb-good::before { content: "✓ "; } .pb-bad::before { content: "× "; } td.pb-warn::before, th.pb-warn::before { content: "! "; }
</style>"""


class Style:
    """Shows nothing of itself; the rules it brings dress the blocks shown with it."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": RULES, "text/plain": ""}


def live() -> bool:
    """Whether somebody looks at a notebook: a kernel is running and this is not a batch."""
    if is_batch():
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
