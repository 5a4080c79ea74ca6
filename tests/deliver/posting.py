"""Packs, settings and servers that tests of deliveries are about."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playbook.base.settings import parse_settings

NOON = datetime(2023, 10, 2, 4, 0, tzinfo=UTC)
TILES = [
    {"label": "Sales, month", "value": "¥30.7m", "deltas": ["ΔPL +36.4 %", "ΔPY +36.5 %"]},
    {"label": "Orders", "value": "136", "deltas": []},
]
KPIS = [
    {"name": "sales", "window": "month", "by": None, "value": 30_746_114, "unit": "CNY"},
    {"name": "win_rate.narrow", "window": "month", "by": None, "value": 0.21, "unit": "share"},
    {
        "name": "win_rate.narrow",
        "window": "month",
        "by": {"region": "East"},
        "value": None,
        "unit": "share",
    },
]


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, at: datetime = NOON):
        self.at, self.naps = at, list[float]()

    def __call__(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.at += timedelta(seconds=seconds)


def pack(
    out: Path,
    folder: str = "north",
    *,
    book: str = "north",
    month: str = "2023-09",
    title: str = "华北公司",
    audience: str = "",
    language: str = "zh",
    status: str = "ok",
    headline: str = "Sales ¥30.7m, 36 % above plan",
    files: tuple[str, ...] = ("brief.pdf", "director.pdf", "details.pdf"),
    kpis: list[dict[str, Any]] = KPIS,
) -> Path:
    """A finished pack as a run leaves it, with a line of text for each edition."""
    place = out / month / folder
    place.mkdir(parents=True)
    for name in files:
        (place / name).write_bytes(f"%PDF {folder} {name}\n".encode())
    results = {
        "schema": 1,
        "book": book,
        "month": month,
        "currency": "CNY",
        "kpis": kpis,
        "short": {"title": headline, "tiles": TILES},
    }
    (place / "results.json").write_text(json.dumps(results), encoding="utf-8")
    made = {
        "book": book,
        "title": title,
        "month": month,
        "as_of": f"{month}-30",
        "partial": False,
        "status": status,
        "settings": {"book": {"language": language}},
        "outputs": {
            path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in sorted(place.iterdir())
        },
    }
    made |= {"audience": audience} if audience else {}
    (place / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    return place


def settings(*to: dict[str, Any], audiences: dict[str, Any] | None = None, **deliver: Any) -> Any:
    """[deliver] of a playbook.toml."""
    given = {"sender": "销售月报 <reports@example.com>", **deliver, "to": list(to)}
    return parse_settings({"deliver": given, "audiences": audiences or {}}).deliver


@dataclass
class Robot:
    """A chat robot on this machine: what it was posted, and what it answers."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    cut: bool = False  # close the connection without an answer
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def robot(**given: Any):
    """A robot that listens on loopback while the block runs."""
    found = Robot(**given)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posts.append((self.path, dict(self.headers), body))
            if found.cut:
                self.connection.close()
                return
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook?key=SECRET"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
