"""A mail server on loopback, with TLS by a certificate made for the test."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Inbox:
    """What the server took, and how it answers. refuse: the answer to a recipient or to the data
    instead of yes.
    """

    def __init__(self, refuse_rcpt: str = "", refuse_data: str = "", drop: bool = False):
        self.refuse_rcpt, self.refuse_data, self.drop = refuse_rcpt, refuse_data, drop
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.encrypted: list[bool] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuse_rcpt:
            return self.refuse_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refuse_data:
            return self.refuse_data
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("cipher"))
        if self.drop:  # taken, and the answer is lost
            server.transport.abort()
        return "250 taken"

    def login(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)


def certificate(folder: Path) -> Path:
    """A self-signed certificate and its key in one PEM file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of the test")
    made = folder / "loopback.pem"
    ask = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = ["openssl", *ask.split(), "-keyout", folder / "key", "-out", folder / "cert"]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    made.write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return made


@contextmanager
def serving(inbox: Inbox, pem: Path | None = None, implicit: bool = False, login: bool = False):
    """The port of a server that puts mails into ``inbox`` while the block runs. pem: with STARTTLS
    (required), or TLS from the first byte where ``implicit``.
    """
    given: dict[str, Any] = {"authenticator": inbox.login, "auth_required": True} if login else {}
    context = None
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

    class Server(Controller):
        def factory(self):
            if context and not implicit:
                return SMTP(inbox, tls_context=context, require_starttls=True, **given)
            if not context:
                return SMTP(inbox, auth_require_tls=False, **given)
            return SMTP(inbox, auth_require_tls=False, **given)

    server = Server(inbox, hostname="127.0.0.1", port=0, ssl_context=context if implicit else None)
    # the controller asks its port for a greeting, which needs one it can name

    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
