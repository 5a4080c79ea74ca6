"""Reports move into place complete; what killed runs leave behind is swept up by the next one."""

from __future__ import annotations

import contextlib
import ctypes
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
AT_FDCWD, RENAME_EXCHANGE = -100, 2


@contextlib.contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` to write into; it takes the target's place when the block ends
    well, and goes when it does not. What somebody put into ``target`` or changed there stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, f".*{PART}")
    bring_back(target.parent)
    part = Path(tempfile.mkdtemp(prefix=".", suffix=PART, dir=target.parent))
    held = lock(part)
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        keep_foreign(target, part)
        place(part, target)
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

    The old report is then at ``part``. Without the system call for it, there is a moment with no
    report, which ``bring_back`` repairs.
    """
    if not target.exists():
        part.rename(target)
    elif not _exchange(part, target):
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        part.rename(target)
        shutil.rmtree(old)


def sweep(folder: Path, pattern: str) -> None:
    """Remove folders left by runs that are over: nobody holds their lock any more."""
    for part in folder.glob(pattern):
        held = lock(part)
        if held is not None:
            shutil.rmtree(part, ignore_errors=True)
            os.close(held)


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
    except (OSError, AttributeError):
        return False
    return swap(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
