"""The approval page on paper, with places to sign."""

from __future__ import annotations

from .approval import approval
from .close import Closing
from .paper import Json, Press, table
from .words import words

NAME = "approval.pdf"


def approval_pdf(found: Closing) -> bytes:
    """What the person who approves the month looks at and signs."""
    book = found.book
    w, fmt = words(book.settings.book.language), book.fmt
    month = fmt.text(str(found.month), "month")
    title = w["approval_of"].format(month=month)
    meta = {
        "title": title,
        "above": book.title,
        "company": book.title,
        "language": book.settings.book.language,
        "footer": f"{book.title} · {title}",
        "page": w["page"],
    }
    before = found.before[-1].checksum[:12] if found.before else "–"
    blocks: list[Json] = [
        {
            "type": "facts",
            "rows": [
                [w["as_of"], fmt.text(book.as_of, "date")],
                [w["last_close"], str(found.before[-1].month) if found.before else "–"],
                [w["data"], book.fingerprint],
                [w["seal_before"], before],
            ],
        }
    ]
    for block in approval(found):
        if not block.head:
            said = [row[0] for row in block.rows]
            blocks.append({"type": "list", "title": block.title, "rows": said})
            continue
        note = w["more_rows"].format(n=block.more) if block.more else ""
        shares = [float(word in (w["why"], w["reason"])) for word in block.head]
        shares = shares if any(shares) else [1.0, *[0.0] * (len(block.head) - 1)]
        rows = [list(row) for row in block.rows]
        blocks.append(table(block.title, block.head, rows, block.align, widths=shares, note=note))
    blocks.append({"type": "signatures", "labels": [w["prepared"], w["approved"], w["signed_on"]]})
    with Press() as press:
        return press.pdf(meta, blocks, book.as_of)
