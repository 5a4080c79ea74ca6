"""Deliveries on record: what was sent to whom, and what may have been.

A delivery is written down before it begins (``intended``), once more when the next thing is to hand
it over (``handing over``), and when the other side took it (``sent``) or did not (``not sent``). A
process killed in between leaves the word that says what is known: ``intended`` and ``not sent``
were certainly not taken and are tried again; ``handing over`` may have been, and is not tried again
unless somebody asks for it. So nothing is sent twice, and nothing is forgotten.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime

from .database import writing
from .runs import moment

INTENDED, HANDING_OVER, SENT, NOT_SENT = "intended", "handing over", "sent", "not sent"


@dataclass(frozen=True)
class Delivery:
    """One delivery on record; moments in UTC as ISO texts. address: of a mail or a place; the
    variable's name for a webhook, whose address is a password.
    """

    key: str
    book: str
    month: str
    audience: str
    recipient: str
    channel: str
    address: str
    content: str
    message_id: str
    state: str
    tries: int
    intended: str
    changed: str | None
    error: str


def key_of(content: str, channel: str, address: str) -> str:
    """What makes two deliveries the same one: content, channel and who receives it."""
    told = "\n".join([content, channel, address])
    return hashlib.sha256(told.encode()).hexdigest()


def find(connection: sqlite3.Connection, key: str) -> Delivery | None:
    """The delivery of a key; None when none was ever begun."""
    row = connection.execute("SELECT * FROM deliveries WHERE key = ?", (key,)).fetchone()
    return _delivery(row) if row else None


def before(
    connection: sqlite3.Connection, book: str, month: str, recipient: str, address: str, key: str
) -> bool:
    """Whether another version of a book's month was sent to an address (or may have been)."""
    found = connection.execute(
        "SELECT 1 FROM deliveries WHERE book = ? AND month = ? AND recipient = ? AND address = ?"
        " AND key <> ? AND state IN (?, ?) LIMIT 1",
        (book, month, recipient, address, key, SENT, HANDING_OVER),
    )
    return found.fetchone() is not None


def intend(connection: sqlite3.Connection, delivery: Delivery, *, anyway: bool = False) -> bool:
    """Write a delivery down before it begins; False when it was sent, or may have been, already.

    anyway: begin it again although it may have been sent; what is known to be sent never is.
    """
    again = (INTENDED, NOT_SENT, HANDING_OVER) if anyway else (INTENDED, NOT_SENT)
    names = [field.name for field in fields(Delivery)]
    with writing(connection):
        there = find(connection, delivery.key)
        if there is not None and there.state not in again:
            return False
        if there is None:
            connection.execute(
                f"INSERT INTO deliveries ({', '.join(names)})"
                f" VALUES ({', '.join(':' + name for name in names)})",
                vars(delivery),
            )
        else:
            connection.execute(
                "UPDATE deliveries SET state = ?, intended = ?, changed = NULL, error = ''"
                " WHERE key = ?",
                (INTENDED, delivery.intended, delivery.key),
            )
    return True


def hand_over(connection: sqlite3.Connection, key: str, when: datetime) -> bool:
    """Write down that the next thing is to hand it over; False when another process was first."""
    with writing(connection):
        changed = connection.execute(
            "UPDATE deliveries SET state = ?, tries = tries + 1, changed = ? WHERE key = ?"
            " AND state = ?",
            (HANDING_OVER, moment(when), key, INTENDED),
        )
    return changed.rowcount == 1


def close(
    connection: sqlite3.Connection, key: str, state: str, when: datetime, error: str = ""
) -> None:
    """Write down how it ended."""
    with writing(connection):
        connection.execute(
            "UPDATE deliveries SET state = ?, changed = ?, error = ? WHERE key = ?",
            (state, moment(when), error, key),
        )


def listed(
    connection: sqlite3.Connection, *, book: str = "", month: str = "", most: int = 200
) -> list[Delivery]:
    """Deliveries on record, the newest first; of a book or month where they are given."""
    given = {name: value for name, value in {"book": book, "month": month}.items() if value}
    where = " AND ".join(f"{name} = :{name}" for name in given)
    rows = connection.execute(
        f"SELECT * FROM deliveries {'WHERE ' + where if where else ''}"
        " ORDER BY intended DESC, key LIMIT :most",
        {**given, "most": most},
    )
    return [_delivery(row) for row in rows]


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(**{field.name: row[field.name] for field in fields(Delivery)})
