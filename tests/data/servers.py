"""Database servers and an object store for the tests: real ones on a socket in a folder of their
own, started when their programs are on the machine.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class Absent(Exception):
    """Why a server cannot be had here."""


def program(name: str, *places: str) -> str:
    found = shutil.which(name) or next(
        (p for place in places for p in sorted(glob.glob(place), reverse=True)), None
    )
    if not found:
        raise Absent(f"{name} is not on this machine")
    return found


def owner(name: str) -> dict:
    """Arguments of a process that may not be root's."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise Absent(f"the server refuses root, and there is no user {name}") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def folder_of(who: dict) -> Iterator[Path]:
    """A folder with a short path, for sockets, that the server's user owns."""
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    folder.chmod(0o755)
    if who:
        os.chown(folder, who["user"], who["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], who: dict, **more) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **who, **more)
    if done.returncode:
        raise Absent(f"{command[0]}: {(done.stderr or done.stdout).strip()[-200:]}")


@contextmanager
def postgres() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL server with user and database ``shop``."""
    initdb = program("initdb", "/usr/lib/postgresql/*/bin/initdb")
    server = str(Path(os.path.realpath(initdb)).with_name("postgres"))
    if not Path(server).exists():
        server = program("postgres", "/usr/lib/postgresql/*/bin/postgres")
    who = owner("postgres")
    with folder_of(who) as folder:
        data = folder / "data"
        run(
            [initdb, "-D", str(data), "-U", "shop", "-A", "trust", "-E", "UTF8", "-N"]
            + ["--locale=C"],
            who,
            cwd=folder,
        )
        options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
        with serving([server, "-D", str(data), *options], who, folder, ".s.PGSQL.5432"):
            yield str(folder)


@contextmanager
def mariadb() -> Iterator[str]:
    """The socket of a MariaDB server in which the one who runs the tests may do everything."""
    install = program("mariadb-install-db", "/usr/bin/mysql_install_db")
    server = program("mariadbd", "/usr/sbin/mariadbd", "/usr/sbin/mysqld")
    who = owner("mysql")
    with folder_of(who) as folder:
        data, socket = folder / "data", folder / "db.sock"
        run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            who,
            cwd=folder,
        )
        command = [server, "--no-defaults", f"--datadir={data}", f"--socket={socket}"]
        command += ["--skip-networking", f"--pid-file={folder / 'pid'}"]
        command += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=8M"]
        with serving(command, who, folder, socket.name):
            yield str(socket)


@contextmanager
def serving(command: list[str], who: dict, folder: Path, socket: str) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
        try:
            for _ in range(200):
                if (folder / socket).exists():
                    break
                if process.poll() is not None:
                    raise Absent(f"{command[0]}: {(folder / 'log').read_text()[-200:]}")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def object_store(objects: dict[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """Address of a store with these objects of bucket ``shop``, and the paths asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            parts = urlsplit(self.path)
            asked.append(self.path)
            key = unquote(parts.path).removeprefix("/shop").lstrip("/")
            query = parse_qs(parts.query)
            if "list-type" in query:
                return self.answer(200, listing(query.get("prefix", [""])[0]).encode())
            if key not in objects:
                return self.answer(404, b"")
            body, first = objects[key], 0
            if wanted := self.headers.get("Range"):
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                body = body[int(first) : int(last) + 1 if last else None]
            return self.answer(206 if self.headers.get("Range") else 200, body)

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Last-Modified", "Mon, 02 Jan 2023 00:00:00 GMT")
            self.send_header("ETag", '"x"')
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

    def listing(prefix: str) -> str:
        found = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2023-01-02T00:00:00Z</LastModified>"
            f"<ETag>x</ETag><Size>{len(body)}</Size></Contents>"
            for key, body in objects.items()
            if key.startswith(prefix)
        )
        return (
            '<?xml version="1.0"?><ListBucketResult><Name>shop</Name><IsTruncated>false'
            f"</IsTruncated><Prefix>{prefix}</Prefix>{found}</ListBucketResult>"
        )

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
