"""The printed report: chapters as JSON into one fixed Typst template, compiled in process. Same
input, same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from playbook.page.figures import font_files
from playbook.report.record.archive import private_room

from .glyphs import Cleaner
from .pdf_report import report_of

Json = dict[str, Any]
TEMPLATES = files("playbook.report.print") / "templates"
STANDARD = "ua-1"


def write_pdf(
    chapters: Sequence[Json], path: str | Path, *, cover: Json | None, meta: Json
) -> list[str]:
    """Write the report to ``path`` and return warnings (characters no font has, remarks of the
    compiler).

    Parameters
    ----------
    chapters : what ``chapters.chapter`` returns, in order
    cover : title, company, month_label, as_of_label, headlines, changes, actions, notes, warnings;
    None for a chapter alone
    meta : title, company, month, as_of (YYYY-MM-DD), language, manifest (list of title, head, rows
    for the appendix)
    """
    cleaner = Cleaner()
    report, drawings = report_of(
        cleaner.clean(list(chapters)), cleaner.clean(cover), cleaner.clean(meta)
    )
    pdf, remarks = compiled(
        "playbook.typ", {"report.json": json.dumps(report, ensure_ascii=False), **drawings}, meta
    )
    Path(path).write_bytes(pdf)
    return cleaner.warnings() + remarks


def compiled(
    template: str, beside: Mapping[str, str | bytes], meta: Json, fonts: Sequence[Path] = ()
) -> tuple[bytes, list[str]]:
    """A template of ours as PDF, with the files named ``beside`` it; remarks of the compiler.

    meta: ``as_of`` (YYYY-MM-DD) is the document's date. fonts: font files beside the house's own.
    """
    import typst  # 0.1 s, and only a run that prints needs it

    with private_room("playbook-pdf-") as room:
        (room / "fonts").mkdir()
        for font in font_files():  # only these: no font of the machine may change a page
            _link(font, room / "fonts" / font.name)
        for i, font in enumerate(fonts):
            _link(font.resolve(), room / "fonts" / f"own-{i}{font.suffix.lower()}")
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        for file, content in {template: text, **beside}.items():
            raw = content.encode("utf-8") if isinstance(content, str) else content
            (room / file).write_bytes(raw)
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(room / "fonts")],
        )
        compiler = typst.Compiler(root=str(room), font_paths=fonts, ignore_system_fonts=True)
        pdf, warnings = compiler.compile_with_warnings(
            input=str(room / template),
            format="pdf",
            timestamp=datetime.strptime(meta["as_of"], "%Y-%m-%d").replace(tzinfo=UTC),
            pdf_standards=[STANDARD],
        )
        return pdf, [str(getattr(warning, "message", warning)) for warning in warnings]


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
