"""Editions put into an S3 store, here one on loopback that keeps what it is sent."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from posting import pack, settings
from test_sending import post_all


@contextmanager
def store(refuse: bool = False):
    """The address of a store and what is put into it, by path."""
    kept: dict[str, bytes] = {}
    parts: dict[str, dict[int, bytes]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def content(self) -> bytes:
            """The body: in pieces of HTTP, of AWS, or of both, or whole."""
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while length := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(length)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "aws-chunked" not in (self.headers.get("Content-Encoding") or ""):
                return body
            found = b""
            while length := int(body.partition(b"\r\n")[0].split(b";")[0], 16):
                body = body.partition(b"\r\n")[2]
                found, body = found + body[:length], body[length + 2 :]
            return found

        def answer(self, status: int, text: str = "", **heads: str) -> None:
            data = text.encode()
            self.send_response(status)
            for name, value in {**heads, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def do_PUT(self) -> None:
            url, body = urlsplit(self.path), self.content()
            asked = parse_qs(url.query)
            if refuse:
                self.answer(403, "<Error><Code>AccessDenied</Code></Error>")
            elif "partNumber" in asked:
                parts.setdefault(url.path, {})[int(asked["partNumber"][0])] = body
                self.answer(200, ETag='"x"')
            else:
                kept[unquote(url.path)] = body
                self.answer(200, ETag='"x"')

        def do_POST(self) -> None:
            url, _ = urlsplit(self.path), self.content()
            if "uploads" in url.query:
                name = "InitiateMultipartUploadResult"
                self.answer(403 if refuse else 200, f"<{name}><UploadId>1</UploadId></{name}>")
                return
            found = parts.pop(url.path, {})
            kept[unquote(url.path)] = b"".join(found[number] for number in sorted(found))
            name = "CompleteMultipartUploadResult"
            self.answer(200, f'<{name}><ETag>"x"</ETag></{name}>')

        def do_HEAD(self) -> None:
            self.answer(404)

        def do_GET(self) -> None:
            self.answer(200, "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>")

        def log_message(self, *_) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "me")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame")
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    return monkeypatch


TO = {"name": "bucket", "audience": "director", "channel": "folder", "place": "s3://packs/sales"}


def test_editions_are_put_under_month_book_and_audience_once(tmp_path, keys):
    pack(tmp_path)
    with store() as (address, kept):
        keys.setenv("AWS_ENDPOINT_URL", address)
        assert post_all(tmp_path, settings(TO))[0] == [("bucket", "sent")]
        assert post_all(tmp_path, settings(TO))[0] == [("bucket", "sent before")]
    where = "/packs/sales/2023-09/north/director/华北公司-2023-09"
    assert kept == {
        f"{where}-总监版.pdf": b"%PDF north director.pdf\n",
        f"{where}-简报.pdf": b"%PDF north brief.pdf\n",
    }


def test_a_store_that_refuses_is_told_without_the_key(tmp_path, keys):
    pack(tmp_path)
    with store(refuse=True) as (address, kept):
        keys.setenv("AWS_ENDPOINT_URL", address)
        states, results = post_all(tmp_path, settings(TO))
    assert states == [("bucket", "not sent")] and kept == {}
    assert "open-sesame" not in results[0].reason and results[0].reason.startswith("s3://packs")
