"""Reports move into place complete; what killed runs leave behind is swept up by the next one."""

from __future__ import annotations

import contextlib
import ctypes
import glob
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # no file locks there: leftovers stay until someone deletes them
    fcntl = None  # type: ignore[assignment]

PART = ".part"
MANIFEST = "manifest.json"
EARLIER = ".earlier"  # in a month's folder: packs that were made again, by name and number
AT_FDCWD, RENAME_EXCHANGE = -100, 2
LONG_AGO = 3600.0  # no file takes so long to write [s]
TRIES = 3  # at a folder that nobody's sweep takes away


@contextlib.contextmanager
def building(target: Path, keep: int = 0) -> Iterator[Path]:
    """A folder beside ``target`` to write into; it takes the target's place when the block ends
    well, and goes when it does not. What somebody put into ``target`` or changed there stays.

    keep: how many of the packs that stood there before are kept (``keep_earlier``).
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, f".*{PART}")
    bring_back(target.parent)
    part, held = _held_folder(target.parent, ".", PART)
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        keep_foreign(target, part)
        place(part, target)
        keep_earlier(part, target, keep)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if held is not None:
            os.close(held)


def keep_foreign(target: Path, part: Path) -> None:
    """Copy what is not the old report's own from ``target`` into ``part``: files its manifest does
    not name under their names; files that somebody changed since as ``name.edited-<hash>``.
    """
    ours = _outputs(target)
    for path in sorted(target.rglob("*")) if target.is_dir() else ():
        name = path.relative_to(target).as_posix()
        if not (path.is_symlink() or path.is_file()) or name == MANIFEST:
            continue
        content = "" if path.is_symlink() else sha256(path)
        if ours.get(name) == content:
            continue
        kept = part / name
        if name in ours or kept.exists():
            kept = kept.with_name(f"{path.stem}.edited-{content[:8]}{path.suffix}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            shutil.copy2(path, kept, follow_symlinks=False)


def keep_earlier(old: Path, target: Path, keep: int) -> None:
    """Move the pack that ``target`` replaced to ``.earlier/NAME/1``, ``2``, …, and remove the first
    ones beyond ``keep``. A pack with the same files as the new one is no version of its own, and a
    folder without a manifest no pack.
    """
    ours = _outputs(old)
    if not keep or not ours or ours == _outputs(target):
        return
    home = target.parent / EARLIER / target.name
    home.mkdir(parents=True, exist_ok=True)
    number = max(earlier(target), default=0) + 1
    while not _renamed(old, home / str(number)):  # another run was quicker
        number += 1
    for one in earlier(target)[:-keep]:
        shutil.rmtree(home / str(one), ignore_errors=True)


def _renamed(folder: Path, to: Path) -> bool:
    """Whether a folder could be called so; False where another is."""
    try:
        folder.rename(to)
    except OSError:
        if not to.exists():
            raise
        return False
    return True


def earlier(target: Path) -> list[int]:
    """Numbers of the earlier versions kept of a pack, oldest first."""
    home = target.parent / EARLIER / target.name
    there = home.iterdir() if home.is_dir() else ()
    return sorted(int(path.name) for path in there if path.name.isdigit())


def _outputs(folder: Path) -> dict[str, str]:
    """SHA-256 of every file a report wrote, by name; nothing where no manifest can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["outputs"]
        return {name: output["sha256"] for name, output in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def place(part: Path, target: Path) -> None:
    """Put ``part`` where ``target`` is; readers see the old report or the new one, nothing in
    between.

    The old report, if any, is then at ``part``. Without the system call for it, there is a moment
    with no report, which ``bring_back`` repairs.
    """
    if not target.exists():
        part.rename(target)
    elif not _exchange(part, target):
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        part.rename(target)
        old.rename(part)


def _held_folder(base: Path, prefix: str, suffix: str = "") -> tuple[Path, int | None]:
    """A new private folder and the lock on it. Another run's sweep may take a folder for a leftover
    in the moment before it is locked: then it is gone, or going, and another is made.
    """
    for tries in range(1, TRIES + 1):
        room = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=base))
        held = lock(room)
        if held is None and (fcntl is None or tries == TRIES):
            break  # no locks are known here, and so nothing is swept either
        if held is not None and room.exists():
            break
        if held is not None:
            os.close(held)
        shutil.rmtree(room, ignore_errors=True)
    return room, held


def sweep(folder: Path, pattern: str) -> None:
    """Remove folders left by runs that are over: nobody holds their lock any more."""
    for part in folder.glob(pattern):
        held = lock(part)
        if held is not None:
            shutil.rmtree(part, ignore_errors=True)
            os.close(held)


@contextlib.contextmanager
def private_room(prefix: str, base: Path | None = None) -> Iterator[Path]:
    """A folder that only this user reads, gone when the block ends; what killed processes left
    under the same prefix goes first.

    base: where it lies; the system's temporary folder when None.
    """
    base = Path(tempfile.gettempdir()) if base is None else base
    sweep(base, f"{prefix}*")
    room, held = _held_folder(base, prefix)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        if held is not None:
            os.close(held)


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write all of a file or nothing of it; what killed processes left of it long ago goes."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, mode)
        now = os.stat(part).st_mtime
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
    for old in path.parent.glob(f".{glob.escape(path.name)}.*{PART}"):
        with contextlib.suppress(OSError):
            if now - old.stat().st_mtime > LONG_AGO:
                old.unlink()


def bring_back(folder: Path) -> None:
    """Put a report back that a kill caught between the two halves of a swap."""
    for old in folder.glob(".*.old"):
        target = folder / old.name.removeprefix(".").removesuffix(".old")
        if not target.exists():
            old.rename(target)


def lock(folder: Path) -> int | None:
    """A lock that ends with this process; None when another run holds it, or the folder belongs to
    someone else.
    """
    if fcntl is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle
    except OSError:
        os.close(handle)
        return None


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):  # TypeError: Windows
        return False
    return swap(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
