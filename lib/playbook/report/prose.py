"""The notebooks' prose in the language of a run: their Markdown cells, which exist once."""

from __future__ import annotations

from typing import Any

from playbook.base.language import language, say


def in_language(notebook: Any) -> Any:
    """The notebook (an nbformat node or its JSON) with its Markdown cells said in the language
    spoken here; code cells stay. English: the notebook as it is.
    """
    if language() == "en":
        return notebook
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            if isinstance(source, str):
                cell["source"] = str(say(source))
            else:  # lines, as a file holds them
                cell["source"] = str(say("".join(source))).splitlines(keepends=True)
    return notebook
