"""Sending parcels, each once, whatever happens in between."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from playbook.base.errors import PlaybookError, Problem, refused
from playbook.base.language import say
from playbook.base.settings.deliver import WEBHOOKS, DeliverSettings, Recipient

from . import deliveries, places, smtp, webhook
from .cards import card
from .deliveries import HANDING_OVER, INTENDED, Delivery
from .message import mail, message_id
from .outcomes import InDoubt, NotSent
from .parcels import ALREADY, IN_DOUBT, NOT_SENT, SENT, WOULD, Parcel, Result, result_of
from .runs import moment

Clock = Callable[[], datetime]
REPEATABLE = ("folder", "eml")  # writing the same file again leaves one file


@dataclass(frozen=True)
class Post:
    """What sending needs beside the parcels: settings, the folder they lie in, the environment that
    holds the passwords, the record, and a clock. anyway: also what may have been sent already.
    """

    settings: DeliverSettings
    home: Path
    record: sqlite3.Connection
    clock: Clock
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    anyway: bool = False


def preview(post: Post, waiting: Sequence[Parcel]) -> list[Result]:
    """What ``send`` would do, without doing it."""
    return [result_of(parcel, _known(post, parcel) or WOULD) for parcel in waiting]


def _known(post: Post, parcel: Parcel) -> str:
    """Why a parcel would not go now; empty when it would."""
    there = deliveries.find(post.record, parcel.key)
    if there is None or there.state in (INTENDED, NOT_SENT):
        return ""
    if there.state == HANDING_OVER:
        return "" if _may_repeat(post, parcel) else IN_DOUBT
    return ALREADY


def _may_repeat(post: Post, parcel: Parcel) -> bool:
    """Whether what may have been taken already is handed over once more."""
    return post.anyway or parcel.to.channel in REPEATABLE


def send(post: Post, waiting: Sequence[Parcel]) -> Iterator[Result]:
    """Send the parcels one by one; a failure stops no other. Results come as they are known."""
    for parcel in waiting:
        yield _sent(post, parcel)


def _sent(post: Post, parcel: Parcel) -> Result:
    key = parcel.key
    if known := _known(post, parcel):
        return result_of(parcel, known, _doubt(known))
    letter = replace(
        parcel.letter,
        again=deliveries.before(
            post.record,
            parcel.letter.pack.book,
            parcel.letter.pack.month,
            parcel.to.name,
            parcel.address,
            key,
        ),
    )
    when = post.clock()
    anyway = _may_repeat(post, parcel)
    if not deliveries.intend(post.record, _delivery(post, parcel, when), anyway=anyway):
        return result_of(parcel, ALREADY)

    def handing_over() -> None:
        if not deliveries.hand_over(post.record, key, post.clock()):
            raise NotSent(say("another process sends it now"))

    try:
        _hand(post, replace(parcel, letter=letter), key, when, handing_over)
    except NotSent as error:
        deliveries.close(post.record, key, NOT_SENT, post.clock(), str(error))
        return result_of(parcel, NOT_SENT, str(error))
    except InDoubt as error:
        deliveries.close(post.record, key, HANDING_OVER, post.clock(), str(error))
        return result_of(parcel, IN_DOUBT, str(error))
    except PlaybookError as error:
        reason = "; ".join(problem.found for problem in error.problems)
        deliveries.close(post.record, key, NOT_SENT, post.clock(), reason)
        return result_of(parcel, NOT_SENT, reason)
    deliveries.close(post.record, key, SENT, post.clock())
    return result_of(parcel, SENT)


def _hand(
    post: Post, parcel: Parcel, key: str, when: datetime, handing_over: Callable[[], None]
) -> None:
    """Hand one parcel to its channel."""
    to, letter = parcel.to, parcel.letter
    if to.channel in WEBHOOKS:
        webhook.post(
            to.channel,
            _secret(post, to.url_env),
            card(to.channel, letter),
            when=when,
            secret=_secret(post, to.secret_env) if to.secret_env else "",
            handing_over=handing_over,
        )
    elif to.channel == "email":
        message = mail(letter, post.settings.sender, parcel.address, key, when)
        known = smtp.password(post.settings.smtp, post.environment)
        smtp.send(
            post.settings.smtp, message, secret=known, home=post.home, handing_over=handing_over
        )
    elif to.channel == "eml":
        message = mail(letter, post.settings.sender, parcel.address, key, when)
        message["X-Unsent"] = "1"  # mail programs open it ready to be sent
        name = f"{letter.pack.month}-{letter.pack.book}-{to.name}-{key[:8]}.eml"
        places.put(to.place, post.home, (), [(name, message.as_bytes())], handing_over)
    else:
        pack = letter.pack
        files = [
            (name, path.read_bytes())
            for (path, _), name in zip(pack.files, letter.names(), strict=True)
        ]
        inside = (pack.month, pack.book, pack.audience)
        places.put(to.place, post.home, inside, files, handing_over)


def _secret(post: Post, name: str) -> str:
    """What an environment variable holds. Raises ParameterProblem where it is not there."""
    if found := post.environment.get(name, "").strip():
        return found
    raise refused(
        say("{name} is not set", name=name),
        say("that environment variable"),
        say("set {name}", name=name),
    )


def _delivery(post: Post, parcel: Parcel, when: datetime) -> Delivery:
    pack, key = parcel.letter.pack, parcel.key
    mails = parcel.to.channel in ("email", "eml")
    sender = post.settings.sender
    identity = message_id(key, smtp.parse_mailbox(sender).host) if mails else ""
    return Delivery(
        key=key,
        book=pack.book,
        month=pack.month,
        audience=pack.audience,
        recipient=parcel.to.name,
        channel=parcel.to.channel,
        address=parcel.address,
        content=parcel.letter.content,
        message_id=identity,
        state=INTENDED,
        tries=0,
        intended=moment(when),
        changed=None,
        error="",
    )


def _doubt(state: str) -> str:
    if state != IN_DOUBT:
        return ""
    return say(
        "it may have been sent: the process ended while handing it over; --in-doubt sends it"
    )


def _checked_url(post: Post, to: Recipient) -> Any:
    return webhook.checked_url(_secret(post, to.url_env), to.channel)


def problems_of(post: Post, waiting: Sequence[Parcel]) -> list[Problem]:
    """What is missing in the environment for the parcels, all at once, before anything is sent."""
    found: list[Problem] = []
    wanted: list[Callable[[], Any]] = []
    if any(parcel.to.channel == "email" for parcel in waiting):
        wanted.append(lambda: smtp.password(post.settings.smtp, post.environment))
    for to in {parcel.to.name: parcel.to for parcel in waiting}.values():
        if to.channel in WEBHOOKS:
            wanted.append(partial(_checked_url, post, to))
        if to.secret_env:
            wanted.append(partial(_secret, post, to.secret_env))
    for ask in wanted:
        try:
            ask()
        except PlaybookError as error:
            found += error.problems
    return list(dict.fromkeys(found))
