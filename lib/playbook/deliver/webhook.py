"""Posting a card to a robot: signed where it asks for it, once, without being led elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlsplit

from playbook.base.errors import refused
from playbook.base.language import say

from .outcomes import InDoubt, NotSent

Json = dict[str, Any]
TIMEOUT = 30.0  # [s]
LONGEST_ANSWER = 65_536  # bytes of an answer that are read
UNKNOWN = (502, 504)  # a gateway's word for: whoever it passed the message to did not answer


def post(
    channel: str,
    url: str,
    card: Mapping[str, Any],
    *,
    when: datetime,
    secret: str = "",
    handing_over: Callable[[], None] = lambda: None,
    timeout: float = TIMEOUT,
) -> None:
    """Post a card. ``handing_over`` is called when the next thing is to send it.

    Raises NotSent when the robot certainly did not take it, InDoubt when it may have. Neither text
    holds the address, which is a password.
    """
    body: Json = dict(card)
    if secret and channel == "dingtalk":
        url += ("&" if "?" in url else "?") + dingtalk_signature(secret, when)
    if secret and channel == "feishu":
        body = {**feishu_signature(secret, when), **body}
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    parts = checked_url(url, channel)
    host = str(parts.hostname)
    connection, target = _connection(parts, timeout)
    try:
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            raise NotSent(
                say("{host} cannot be reached: {reason}", host=host, reason=_reason(error))
            ) from None
        handing_over()
        try:
            headers = {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "playbook",
            }
            connection.request("POST", target, body=data, headers=headers)
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER).decode("utf-8", errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise InDoubt(
                say("{host} did not answer: {reason}", host=host, reason=_reason(error))
            ) from None
    finally:
        connection.close()
    if answer.status in UNKNOWN:
        reason = say("status {status}", status=answer.status)
        raise InDoubt(say("{host} did not answer: {reason}", host=host, reason=reason))
    if wrong := _refusal(channel, answer.status, text):
        raise NotSent(say("{host} refused it: {wrong}", host=host, wrong=wrong))


def dingtalk_signature(secret: str, when: datetime) -> str:
    """Query part of a signed 钉钉 robot: HMAC-SHA256 of "milliseconds, line feed, key" by the key,
    in base64.
    """
    stamp = str(round(when.timestamp() * 1000))
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(made))}"


def feishu_signature(secret: str, when: datetime) -> Json:
    """Fields of a signed 飞书 robot: HMAC-SHA256 of nothing by "seconds, line feed, key"."""
    stamp = str(int(when.timestamp()))
    made = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(made).decode()}


def checked_url(url: str, channel: str) -> SplitResult:
    """The parts of a webhook's address. Raises ParameterProblem for one that is no https address
    (http only on this machine), without repeating it.
    """
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and parts.port is not False
    except ValueError:
        parts, fine = urlsplit(""), False
    plain = parts.scheme == "http" and loopback(parts.hostname or "")
    if not fine or not (parts.scheme == "https" or plain) or not url.isprintable() or " " in url:
        raise refused(
            say("the address of a {channel} webhook is none", channel=channel),
            say("an https:// address in the environment variable that url_env names"),
            say("copy it from the robot's page"),
        )
    return parts


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connection(parts: SplitResult, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection and what to ask it for; through the proxy the environment names, but never to
    this machine.
    """
    host = str(parts.hostname)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port or 80, timeout=timeout), target
    secure = ssl.create_default_context()
    port = parts.port or 443
    proxy = urllib.request.getproxies().get("https", "")
    if not proxy or loopback(host) or urllib.request.proxy_bypass(host):
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=secure), target
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    connection = http.client.HTTPSConnection(
        str(through.hostname), through.port or 8080, timeout=timeout, context=secure
    )
    known = {}
    if through.username:
        pair = f"{through.username}:{through.password or ''}".encode()
        known["Proxy-Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    connection.set_tunnel(host, port, headers=known)
    return connection, target


def _refusal(channel: str, status: int, text: str) -> str:
    """Why an answer is no yes; empty for a yes. Robots answer 200 to what they refuse."""
    if not 200 <= status < 300:
        return say("status {status}", status=status)
    if channel in ("slack", "teams"):  # the older webhooks of Teams answer 200 to what they refuse
        refused_anyway = channel == "teams" and "failed with error" in text
        return " ".join(text.split())[:200] if refused_anyway else ""
    try:
        said = json.loads(text)
        code = said.get("errcode", said.get("code", said.get("StatusCode")))
    except (ValueError, AttributeError):
        return say("an answer that is no JSON")
    if code in (0, "0"):
        return ""
    return f"{code} {str(said.get('errmsg') or said.get('msg') or '')[:200]}".strip()


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
