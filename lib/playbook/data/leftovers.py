"""Temporary folders with a company's rows in them: readable by their owner alone, and removed by
the next process when the one they belong to was killed.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

NAME = "playbook-rows"


def private_folder(kind: str) -> Path:
    """A path of this process's own for rows that do not fit into memory or come from elsewhere;
    nothing is there yet. It lies in a folder that only this user can enter.
    """
    home = _home()
    sweep(home)
    return home / f"{os.getpid()}-{_born(os.getpid())}-{kind}-{os.urandom(4).hex()}"


@contextmanager
def private_room(kind: str) -> Iterator[Path]:
    """Such a folder, made, and gone when the block ends."""
    folder = private_folder(kind)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def sweep(home: Path) -> None:
    """Remove what processes left that are no more. One that took a dead one's number was born at
    another moment.
    """
    for path in home.iterdir():
        pid, _, rest = path.name.partition("-")
        if pid.isdigit() and _born(int(pid)) != rest.partition("-")[0]:
            rmtree(path, ignore_errors=True)


def _home() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    home = Path(tempfile.gettempdir()) / f"{NAME}-{user}"
    with suppress(OSError):
        home.mkdir(mode=0o700, exist_ok=True)
        found = home.lstat()
        mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if stat.S_ISDIR(found.st_mode) and mine:
            if hasattr(os, "getuid") and found.st_mode & 0o077:
                home.chmod(0o700)
            return home
    return Path(tempfile.mkdtemp(prefix=f"{NAME}-"))  # somebody else's lies there


def _born(pid: int) -> str:
    """When a process began, as its system counts; empty where there is none of that number, ``0``
    where the system does not tell.
    """
    with suppress(OSError, IndexError):
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rsplit(")", 1)[1].split()[19]
    if Path("/proc/self/stat").exists():
        return ""
    if pid == os.getpid() or os.name == "nt":  # there a signal is no question, but an end
        return "0"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "0"
    return "0"
