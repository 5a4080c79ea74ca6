"""Which letter goes to whom: the parcels of a pack, and how each of them went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from playbook.base.errors import PlaybookError, refused
from playbook.base.language import later, say
from playbook.base.mail_addresses import parse_mailbox
from playbook.base.settings.deliver import WEBHOOKS, DeliverSettings, Recipient

from . import deliveries
from .alerts import Told
from .message import MB, Letter
from .packs import Pack

SENT, NOT_SENT, IN_DOUBT = later(("sent", "not sent", "in doubt"))
WOULD, ALREADY, QUIET = later(("would be sent", "sent before", "nothing to tell"))


@dataclass(frozen=True)
class Parcel:
    """One letter to one address by one channel. address: of the mail or place; the variable's name
    for a webhook.
    """

    letter: Letter
    to: Recipient
    address: str

    @property
    def key(self) -> str:
        """Names the delivery: the same for the same content to the same mailbox or place."""
        mails = self.to.channel in ("email", "eml")
        address = parse_mailbox(self.address).address if mails else self.address
        if self.to.channel != "folder":  # whose capitals tell two folders apart
            address = address.casefold()
        return deliveries.key_of(self.letter.content, self.to.channel, address)


@dataclass(frozen=True)
class Result:
    """How one parcel went: sent, not sent, in doubt, sent before, would be sent, nothing to tell.
    reason: why, where it did not go.
    """

    book: str
    month: str
    audience: str
    recipient: str
    channel: str
    address: str
    state: str
    reason: str = ""
    parts: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        return self.state not in (NOT_SENT, IN_DOUBT)


def parcels(
    settings: DeliverSettings,
    pack_of: Callable[[str], Pack],
    alerts: Sequence[Told],
    only: Sequence[str] = (),
) -> tuple[list[Parcel], list[Result]]:
    """What goes to whom of one pack, and what does not go with its reason.

    pack_of: the pack of an audience; what it raises is told for that recipient alone. only: names
    of recipients; all when empty. An alert is told to its own audience and to nobody else.
    """
    found, left = list[Parcel](), list[Result]()
    for to in settings.to:
        if only and to.name not in only:
            continue
        addresses = to.addresses or [to.place or to.url_env]
        try:
            pack = pack_of(to.audience)
            told = tuple(one.text for one in alerts if one.alert.audience == to.audience)
            letter = _letter(settings, to, pack, told)
        except PlaybookError as error:
            reason = "; ".join(problem.found for problem in error.problems)
            left += [untold("", "", to, address, NOT_SENT, reason) for address in addresses]
            continue
        if to.when == "alerts" and not told:
            left += [untold(pack.book, pack.month, to, a, QUIET) for a in addresses]
            continue
        found += [Parcel(letter, to, address) for address in addresses]
    return found, left


def _letter(
    settings: DeliverSettings, to: Recipient, pack: Pack, alerts: tuple[str, ...]
) -> Letter:
    link = (to.link or settings.link).format(
        **{
            name: quote(value, safe="")
            for name, value in (
                ("book", pack.book),
                ("month", pack.month),
                ("audience", pack.audience),
            )
        }
    )
    letter = Letter(pack, to.name, link, alerts, attach=to.attach)
    if to.channel in WEBHOOKS:
        return replace(letter, attach=False)
    if to.channel == "email" and letter.attach and letter.size > settings.largest_mail * MB:
        if not link:
            raise refused(
                say(
                    "the editions are {size:.1f} MB, a mail carries {most} MB",
                    size=letter.size / MB,
                    most=settings.largest_mail,
                ),
                say("a link, or fewer editions"),
                say("[deliver] link, or largest_mail"),
            )
        return replace(letter, attach=False)
    return letter


def result_of(parcel: Parcel, state: str, reason: str = "") -> Result:
    pack = parcel.letter.pack
    made = untold(pack.book, pack.month, parcel.to, parcel.address, state, reason)
    return replace(made, parts=tuple(parcel.letter.names()) if parcel.letter.attach else ())


def untold(
    book: str, month: str, to: Recipient, address: str, state: str, reason: str = ""
) -> Result:
    return Result(book, month, to.audience, to.name, to.channel, address, state, reason)
