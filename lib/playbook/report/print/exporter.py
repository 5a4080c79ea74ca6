"""``jupyter nbconvert --to playbook-html``: the same page from nbconvert's command."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.v4 import new_notebook

from playbook.report.names import TEMPLATES

from .html import page_of

Json = dict[str, Any]


class PlaybookHTMLExporter(HTMLExporter):
    """nbconvert's exporter with the house's template; what the template shows is prepared in
    ``resources["playbook"]``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, extra_template_basedirs=[str(TEMPLATES)], template_name="html", **kwargs
        )

    def from_notebook_node(
        self, nb: Any, resources: Json | None = None, **kwargs: Any
    ) -> tuple[str, Json]:
        """The page of an executed notebook; ``resources["playbook"]`` may name title, client and
        meta.
        """
        asked = (resources or {}).get("playbook", {})
        page = page_of(
            nb,
            title=asked.get("title", ""),
            client=asked.get("client", False),
            meta=asked.get("meta", {}),
            face=asked.get("face"),
        )
        # HTMLExporter would parse the finished page again to complete alt texts; ours are complete,
        # and it spoils nothing then.
        # An empty notebook goes along: nothing of the real one can reach the page but through
        # ``page_of``.
        return TemplateExporter.from_notebook_node(
            self, new_notebook(), {**(resources or {}), "playbook": page}, **kwargs
        )
