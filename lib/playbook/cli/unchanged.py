"""``playbook report`` when nothing has changed: the pack that is there is the answer. Light:
imports nothing that reads a book.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playbook.base.errors import PlaybookError

if TYPE_CHECKING:
    from playbook.report.batch.asked import AskedBook, AskedPack
    from playbook.report.batch.look import Look
    from playbook.report.run.plan import Plan, Request


class Asked:
    """One pack asked for, and whether it is there already. force: it is made again anyway."""

    def __init__(self, request: Request, force: bool = False):
        self.request, self.force = request, force
        self.out = Path(request.out).expanduser()
        self.book: AskedBook | None = None
        self.pack: AskedPack | None = None
        self.look: Look | None = None

    def there(self) -> Path | None:
        """The folder of the pack, where it stands as it would be made again; None where it must be
        made, or where something is wrong, which making it will say.
        """
        from playbook.report.batch.asked import AskedBook
        from playbook.report.batch.keys import FileHashes
        from playbook.report.batch.look import Look, Options
        from playbook.report.batch.receipts import Journal, Receipts

        from .batch_asked import asked_pack

        request = self.request
        try:
            self.pack = asked_pack(
                out=self.out,
                notebooks=request.folder,
                only=request.only,
                given=dict(request.given),
                audience=request.audience,
                language=request.language,
            )
            self.book = AskedBook(request.book, (request.month or "last",), (self.pack,))
            options = Options(self.out, notebooks=request.folder, force=self.force)
            hashes = FileHashes(self.out if self.out.is_dir() else None, again=self.force)
            journal = Journal(self.out, "", resume=True)
            self.look = Look(options, hashes, Receipts(self.out), journal)
            left = self.look.left(0, self.book)
        except (OSError, PlaybookError):
            return None
        rows = [row for _, row in self.look.rows]
        return rows[0].target if rows and not left else None

    def key(self, plan: Plan) -> str:
        """The key of the pack that a plan will make; empty where none can be told."""
        from playbook.report.batch.keys import pack_key
        from playbook.report.batch.receipts import last_key

        if self.look is None or self.pack is None:
            return ""
        asked = self.look.asked(0, self.pack, plan.source.fingerprint)
        last = last_key(plan.out, plan.source.name, plan.source.month)
        return pack_key(asked, plan.source.month, "", last)

    def made(self, plan: Plan) -> None:
        """Put on record what came of it, unless a file was changed meanwhile."""
        from playbook.report.batch.keys import FileHashes, book_inputs
        from playbook.report.batch.look import question

        if self.look is None or self.pack is None or self.book is None:
            return
        hashes = FileHashes(self.out)
        if book_inputs(self.book.at, hashes) != self.look.inputs[0]:
            return
        self.look.hashes.save()
        asked = self.look.asked(0, self.pack, plan.source.fingerprint)
        self.look.receipts.keep(
            question(self.book, self.pack),
            asked,
            [
                {
                    "month": plan.source.month,
                    "name": plan.source.name,
                    "folder": plan.target.name,
                    "part": "",
                    "before": plan.source.name,
                }
            ],
        )
