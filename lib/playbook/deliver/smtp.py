"""Handing a mail to the server, over TLS."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path

from playbook.base.errors import refused
from playbook.base.language import say
from playbook.base.mail_addresses import parse_mailbox
from playbook.base.settings.deliver import MailServer

from .outcomes import InDoubt, NotSent


def password(server: MailServer, environment: Mapping[str, str]) -> str:
    """The password, from the environment only. Raises ParameterProblem where it is not there."""
    if not server.user:
        return ""
    if found := environment.get(server.password_env):
        return found
    raise refused(
        say(
            "no password for {user}: {variable} is not set",
            user=server.user,
            variable=server.password_env,
        ),
        say("the mail password in that environment variable, and nowhere else"),
        say("set {name} for the user who runs this", name=server.password_env),
    )


def send(
    server: MailServer,
    message: EmailMessage,
    *,
    secret: str = "",
    home: Path = Path("."),
    handing_over: Callable[[], None] = lambda: None,
) -> None:
    """Send a message to the one address in its To. ``handing_over`` is called when the next thing
    is the message itself. home: folder that ``ca_file`` is relative to.

    Raises NotSent when the server certainly did not take it, InDoubt when it may have.
    """
    sender = parse_mailbox(str(message["From"])).address
    to = parse_mailbox(str(message["To"])).address
    try:
        connection = _connected(server, secret, home)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{server.host}:{server.port}: {_reason(error)}") from None
    except UnicodeError:
        raise NotSent(
            say("user or password hold characters that a mail login cannot carry")
        ) from None
    try:
        _envelope(connection, sender, to)
        handing_over()
        try:
            code, answer = connection.data(message.as_bytes())
        except smtplib.SMTPDataError as error:
            raise NotSent(_reason(error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise InDoubt(
                say("{host} did not answer: {reason}", host=server.host, reason=_reason(error))
            ) from None
        if code != 250:
            raise NotSent(_reason(smtplib.SMTPDataError(code, answer)))
        _leave(connection)
    finally:
        connection.close()


def _connected(server: MailServer, secret: str, home: Path) -> smtplib.SMTP:
    """A connection, encrypted as the settings ask and logged in; never in clear by a fall-back."""
    secure = ssl.create_default_context(
        cafile=str(home / server.ca_file) if server.ca_file else None
    )
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=secure
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        connection.ehlo()
        if server.security == "starttls":
            connection.starttls(context=secure)
            connection.ehlo()
        if server.user:
            connection.login(server.user, secret)
    except BaseException:
        connection.close()
        raise
    return connection


def _envelope(connection: smtplib.SMTP, sender: str, to: str) -> None:
    for code, answer in _asked(connection, sender, to):
        if code not in (250, 251):
            raise NotSent(_reason(smtplib.SMTPResponseException(code, answer)))


def _asked(connection: smtplib.SMTP, sender: str, to: str) -> list[tuple[int, bytes]]:
    try:
        first = connection.mail(sender)
        return [first] if first[0] != 250 else [first, connection.rcpt(to)]
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error)) from None


def _leave(connection: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.quit()  # the message is the server's already


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {' '.join(words.split())}"
    return str(error) or type(error).__name__
