"""[deliver]: who is sent what of a finished pack, and by which way. Passwords, and the addresses of
webhooks, which are passwords too, come from the environment only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say
from playbook.base.mail_addresses import parse_mailbox

from .audiences import Audience
from .book import folder_name_problem
from .group import Group

Channel = Literal["email", "eml", "folder", "wecom", "dingtalk", "feishu", "slack", "teams"]
WEBHOOKS = ("wecom", "dingtalk", "feishu", "slack", "teams")
SIGNED = ("dingtalk", "feishu")
EDITIONS_OF_ALL = ("brief", "director")  # audiences there are without a table of their own
LOOPBACK = ("localhost", "127.0.0.1", "::1")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLACEHOLDERS = ("book", "month", "audience")


class MailServer(Group):
    """The mail server that takes the messages: [deliver.smtp]."""

    host: str = Field("", description="mail server that takes the messages, such as smtp.qq.com")
    port: int = Field(587, ge=1, le=65535, description="587 with starttls, 465 with tls, mostly")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="starttls, tls from the first byte, or none (a server on this machine only)",
    )
    user: str = Field("", description="user name at the server; empty = it asks for none")
    password_env: str = Field(
        "PLAYBOOK_SMTP_PASSWORD", description="environment variable that holds the password"
    )
    ca_file: str = Field(
        "",
        description=(
            "PEM file beside the toml with the firm's own certificate authority; empty = the"
            " system's"
        ),
    )
    timeout: float = Field(60, gt=0, le=600, description="seconds to wait for the server")

    @field_validator("password_env")
    @classmethod
    def _a_variable(cls, name: str) -> str:
        return variable(name)

    @model_validator(mode="after")
    def _in_secret(self) -> MailServer:
        if self.security == "none" and self.host and self.host not in LOOPBACK:
            raise ValueError(
                say('security = "none" only with a server on this machine (localhost)')
            )
        return self


class Recipient(Group):
    """One who is sent packs: [[deliver.to]]."""

    name: str = Field(description="what the log calls this recipient; one name, one recipient")
    audience: str = Field(
        "brief",
        description=(
            "what the recipient may see: brief, director, or a name of [audiences]; nothing of"
            " another audience is ever sent"
        ),
    )
    channel: Channel = Field(
        "email",
        description=(
            "email, eml (files to send by hand), folder (or S3), wecom (企业微信), dingtalk (钉钉),"
            " feishu (飞书), slack, teams"
        ),
    )
    addresses: list[str] = Field(
        [], description="e-mail addresses, each written to alone: 王伟 <wang@example.com>"
    )
    place: str = Field(
        "",
        description=(
            "folder that eml files or editions are put into, relative to the toml, or"
            " s3://bucket/prefix with credentials from the environment"
        ),
    )
    url_env: str = Field(
        "", description="environment variable that holds the webhook's address (it is a password)"
    )
    secret_env: str = Field(
        "",
        description="environment variable that holds the signing key of a 钉钉 or 飞书 robot",
    )
    attach: bool = Field(
        True, description="attach the audience's editions to the mail; false = the link only"
    )
    link: str = Field(
        "",
        description=(
            "address of the pack for this recipient, with {book}, {month} and {audience}; empty ="
            " [deliver] link"
        ),
    )
    books: list[str] = Field(
        [], description="in a batch file: names of the books it is sent; empty = of every book"
    )
    when: Literal["always", "alerts"] = Field(
        "always", description="always, or alerts: only when a number of [[alerts]] crosses its line"
    )

    @field_validator("name")
    @classmethod
    def _of_a_file(cls, name: str) -> str:
        if problem := folder_name_problem(name):
            raise ValueError(problem)
        return name

    @field_validator("addresses")
    @classmethod
    def _mailboxes(cls, addresses: list[str]) -> list[str]:
        found = [parse_mailbox(address).address.casefold() for address in addresses]
        if len(set(found)) < len(found):
            raise ValueError(say("an address is named twice"))
        return addresses

    @field_validator("url_env", "secret_env")
    @classmethod
    def _variables(cls, name: str) -> str:
        return variable(name) if name else name

    @field_validator("link")
    @classmethod
    def _link(cls, text: str) -> str:
        return link_template(text)

    @model_validator(mode="after")
    def _whole(self) -> Recipient:
        wanted = {"email": ("addresses",), "eml": ("addresses", "place"), "folder": ("place",)}
        needs = wanted.get(self.channel, ("url_env",))
        if missing := [key for key in needs if not getattr(self, key)]:
            raise ValueError(
                say(
                    "channel {channel} needs {names}",
                    channel=self.channel,
                    names=" and ".join(missing),
                )
            )
        given = {key for key in ("addresses", "place", "url_env") if getattr(self, key)}
        if extra := sorted(given - set(needs)):
            raise ValueError(
                say(
                    "channel {channel} takes no {names}",
                    channel=self.channel,
                    names=", ".join(extra),
                )
            )
        if self.secret_env and self.channel not in SIGNED:
            raise ValueError(say("only {names} take a secret_env", names=" and ".join(SIGNED)))
        return self


class DeliverSettings(Group):
    sender: str = Field(
        "", description="address the mails come from: 销售月报 <reports@example.com>"
    )
    link: str = Field(
        "",
        description=(
            "address where a recipient finds the pack, with {book}, {month} and {audience} filled"
            " in; https only"
        ),
    )
    largest_mail: int = Field(
        15,
        ge=1,
        le=100,
        description="MB of attachments from which a mail carries the link instead of the editions",
    )
    smtp: MailServer = Field(MailServer(), description="the mail server")
    to: list[Recipient] = Field([], description="who is sent what")

    @field_validator("sender")
    @classmethod
    def _mailbox(cls, text: str) -> str:
        if text:
            parse_mailbox(text)
        return text

    @field_validator("link")
    @classmethod
    def _link(cls, text: str) -> str:
        return link_template(text)

    @model_validator(mode="after")
    def _agrees(self) -> DeliverSettings:
        names = [one.name.casefold() for one in self.to]
        if len(set(names)) < len(names):
            raise ValueError(say("two recipients of [[deliver.to]] have one name"))
        mailed = [one for one in self.to if one.channel in ("email", "eml")]
        if mailed and not self.sender:
            raise ValueError(say('mails need a sender: sender = "reports@example.com"'))
        if any(one.channel == "email" for one in mailed) and not self.smtp.host:
            raise ValueError(say("channel email needs the host of [deliver.smtp]; eml needs none"))
        for one in mailed:
            if not one.attach and not (one.link or self.link):
                raise ValueError(say("{name}: attach = false needs a link", name=one.name))
        return self

    def for_book(self, name: str) -> DeliverSettings:
        """The same for one book of a batch: recipients who are sent it."""
        mine = [one for one in self.to if not one.books or name in one.books]
        return self.model_copy(update={"to": mine})


def unknown_audience(name: str, audiences: Mapping[str, Audience]) -> str:
    """Why there is no audience of this name; empty when there is one: brief and director are of
    every pack, others of [audiences]; one with ``each`` has a pack for each member, NAME-Member.
    """
    split = [f"{given}-" for given, audience in audiences.items() if audience.each]
    whole = [given for given, audience in audiences.items() if not audience.each]
    known = [*EDITIONS_OF_ALL, *whole]
    if name in known or any(name.startswith(head) and name != head for head in split):
        return ""
    if f"{name}-" in split:
        return say(
            "audience '{name}' has a pack for each {each}: name one, {name}-…",
            name=name,
            each=audiences[name].each,
        )
    hint = did_you_mean(name, [*known, *(f"{one}…" for one in split)])
    return say("no audience '{name}'; {hint}", name=name, hint=hint)


def audience_mistakes(
    named: Sequence[tuple[str, str]], audiences: Mapping[str, Audience]
) -> list[str]:
    """What is wrong with (who, audience) pairs, given [audiences]."""
    found = ((who, unknown_audience(audience, audiences)) for who, audience in named)
    return [say("{who}: {wrong}", who=who, wrong=wrong) for who, wrong in found if wrong]


def variable(name: str) -> str:
    """The name of an environment variable. Raises ValueError for what can be none, such as the
    password itself.
    """
    if not VARIABLE.fullmatch(name):
        raise ValueError(say("the name of an environment variable, never the password itself"))
    return name


def link_template(text: str) -> str:
    """A link with places to fill in. Raises ValueError for another scheme or unknown places."""
    if not text:
        return text
    if not text.startswith("https://") or any(c.isspace() or not c.isprintable() for c in text):
        raise ValueError(say("a link that begins with https:// and has no blanks"))
    if unknown := set(re.findall(r"\{([^}]*)\}", text)) - set(PLACEHOLDERS):
        raise ValueError(
            say("a link knows {{book}}, {{month}} and {{audience}}, not {unknown}", unknown=unknown)
        )
    return text
