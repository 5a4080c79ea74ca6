"""What a long unattended batch does to a machine, and what it survives: ``make soak``.

    python bench/soak.py [PACKS]

- ``PACKS`` packs of tiny books in one process: memory, files, processes and temporary files are
  those after the first packs.
- A batch with a pack for every manager, a client's and a what-if, killed with SIGKILL at moments
  drawn anew until it is through (``--resume``), and once with Ctrl-C, pressed twice: the packs are
  byte for byte those of a batch nobody disturbed, nothing half-made is in the archive, no process
  and no temporary file stays, and what stays between two runs only its owner can read.
- Two batches on one archive at the same time: the same packs.
- A disk that is full (a small tmpfs, where this user may mount one): one line, and the packs that
  were there are whole.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from multiprocessing import util
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests" / "report")]

import making  # noqa: E402

PACKS, BOOKS, DISTURBED = 200, 10, 2
KILLS = 8
MEMORY, ROUNDS = 8.0, 10  # [MB] that measuring itself may move; rounds of equal size
NOTEBOOKS = (
    *("01-goal-setting", "02-segmentation", "03-funnel-diagnosis", "04-incentive-design"),
    "05-case-study-replay",
)


AUDIENCES = """
[audiences.managers]
kind = "manager"
each = "region"

[audiences.client]
kind = "client"
"""
VARIANTS = """
[[variants]]
audience = "all"

[[variants]]
name = "what-if"
parameters = { win_rate = 0.25 }
only = ["goal-setting"]
"""


def company(home: Path, count: int, readers: bool = False) -> Path:
    """Tiny books, the smallest notebooks, and a batch file over both. readers: packs for audiences
    and a what-if beside the full ones.
    """
    for number in range(count):
        book = making.book(home / "books" / f"b{number:02d}", ["Ann", "Bo", f"Cy {number}"])
        (book / "playbook.toml").write_text(AUDIENCES if readers else "", encoding="utf-8")
        customers = (book / "customers.csv").read_text(encoding="utf-8").splitlines()
        regions = ["region", *("North" if i % 2 else "South" for i in range(len(customers) - 1))]
        lines = [f"{line},{region}\n" for line, region in zip(customers, regions, strict=True)]
        (book / "customers.csv").write_text("".join(lines), encoding="utf-8")
    good = making.good(home / "nb")
    for name in NOTEBOOKS:
        (home / "nb" / f"{name}.ipynb").write_bytes(good.read_bytes())
    text = 'books = ["books/*"]\nmonths = ["2023-05..last"]\nnotebooks = "nb"\n'
    text += VARIANTS if readers else ""
    (home / "batch.toml").write_text(text, encoding="utf-8")
    return home / "batch.toml"


def content(out: Path) -> dict[str, bytes]:
    """Every file of every pack that is shown, but what holds times."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.glob("2*/[!.]*/**/*"))
        if path.is_file() and path.name != "manifest.json"
    }


def alive(mark: str) -> set[int]:
    """Processes that were started with ``mark`` in their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                found |= {int(entry.name)} if state != "Z" else set()
    return found


def leftovers(folder: Path) -> list[str]:
    """Temporary files and folders, those of rows looked into. An empty file is Python's own try
    whether it may write there.
    """
    found = [path for path in folder.iterdir() if not path.name.startswith("playbook-rows")]
    found = [path for path in found if path.is_dir() or path.stat().st_size]
    return [path.name for path in [*found, *folder.glob("playbook-rows-*/*")]]


def private(folder: Path) -> bool:
    """Whether only its owner can look into what lies in a folder."""
    return all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def start(file: Path, out: Path, mark: str, tmp: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "playbook", "batch", str(file), "--out", str(out), *options]
    environment = {**os.environ, "MARK": mark, "TMPDIR": str(tmp)}
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def growth(home: Path, packs: int) -> None:
    """Many packs in one process."""
    from playbook.base.settings.batch import load_batch
    from playbook.cli.batch_asked import asked_books, batch_options
    from playbook.cli.opening import open_packs
    from playbook.report.batch.driver import Options, run_batch
    from playbook.report.batch.watching import Lines
    from playbook.report.run.run import warm_up

    file = company(home, BOOKS)
    asked = load_batch(file)
    each = packs // ROUNDS
    books = asked_books(asked, file, ["2023-06"])[: max(1, each)]
    rounds = max(2, packs // len(books))
    warm_up(sorted((home / "nb").glob("*.ipynb")))
    marks = []
    with open(os.devnull, "w", encoding="utf-8") as silent:
        for number in range(rounds):
            given = {**vars(batch_options(asked, file, home / "grown", 2)), "force": True}
            done = run_batch(books, Options(**given), open_packs, Lines(silent, "en"))
            assert done.exit_status == 0, done.rows
            gc.collect()
            marks.append(_mark(home / "tmp"))
            print(f"  {(number + 1) * len(books):4} packs: {json.dumps(marks[-1])}", flush=True)
    first, last = marks[min(1, len(marks) - 1)], marks[-1]
    assert last["files"] <= first["files"] and last["processes"] <= first["processes"], marks
    assert last["temporary"] == first["temporary"], marks
    assert last["mb"] - first["mb"] < MEMORY and last["server_mb"] - first["server_mb"] < MEMORY
    print(f"  {rounds * len(books)} packs: no growth")


def _mark(tmp: Path) -> dict[str, Any]:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return {
        "mb": _rss(os.getpid()),
        "server_mb": round(sum(_rss(int(pid)) for pid in children), 1),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "processes": len(children),
        "temporary": len(leftovers(tmp)),
    }


def _rss(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def undisturbed(home: Path, file: Path) -> dict[str, bytes]:
    done = start(file, home / "calm", uuid.uuid4().hex, home / "tmp")
    _, said = done.communicate(timeout=1800)
    assert done.returncode == 0, said
    return content(home / "calm")


def killed(home: Path, file: Path, calm: dict[str, bytes], rng: random.Random) -> None:
    """SIGKILL at any moment, again and again, then Ctrl-C, then to the end."""
    out, kills = home / "killed", 0
    for moment in [rng.uniform(0.5, 20) for _ in range(KILLS)]:
        mark = uuid.uuid4().hex
        running = start(file, out, mark, home / "tmp", "--resume", "--force")
        time.sleep(moment)
        kills += running.poll() is None
        running.kill()
        running.communicate()
        _nobody(mark)
        assert private(home / "tmp")
        half = content(out)
        assert {name: half[name] for name in half} == {name: calm[name] for name in half}
    mark = uuid.uuid4().hex
    running = start(file, out, mark, home / "tmp", "--resume", "--force")
    time.sleep(4)
    for _ in range(2):
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(0.1)
    _, said = running.communicate(timeout=120)
    if running.returncode == 130:
        assert "Traceback" not in said and "--resume goes on" in said.splitlines()[-1], said
    _nobody(mark)
    running = start(file, out, uuid.uuid4().hex, home / "tmp", "--resume", "--force")
    _, said = running.communicate(timeout=1800)
    assert running.returncode == 0, said
    assert content(out) == calm, "not the packs of a batch that nobody disturbed"
    assert not list(out.glob("*/.*.part")) and leftovers(home / "tmp") == []
    print(f"  killed {kills} times and interrupted once: the same packs, nothing left behind")


def _nobody(mark: str) -> None:
    until = time.monotonic() + 60
    while alive(mark):
        assert time.monotonic() < until, f"processes stay: {alive(mark)}"
        time.sleep(0.1)


def both(home: Path, file: Path, calm: dict[str, bytes]) -> None:
    """Two batches on one archive."""
    running = [start(file, home / "both", uuid.uuid4().hex, home / "tmp") for _ in range(2)]
    told = [one.communicate(timeout=1800) for one in running]
    assert [one.returncode for one in running] == [0, 0], told
    assert content(home / "both") == calm
    made = sum(int(said.rpartition(" ok")[0].rpartition(" ")[2] or 0) for _, said in told)
    wanted = sum(name.endswith("results.json") for name in calm)
    print(f"  two batches at once: the same packs, {made} made for {wanted} wanted")


def full(home: Path, file: Path, size: int) -> None:
    """A disk of so many bytes, with room for some packs only."""
    with _small_disk(home / "disk", size) as disk:
        if disk is None:
            print("  full disk: not tried, this user may not mount a tmpfs")
            return
        running = start(file, disk / "out", uuid.uuid4().hex, home / "tmp")
        table, said = running.communicate(timeout=1800)
        assert running.returncode == 3 and "Traceback" not in said, said
        assert "No space left" in table, table
        for manifest in (disk / "out").glob("2*/*/manifest.json"):
            made = json.loads(manifest.read_text())
            sizes = {n: (manifest.parent / n).stat().st_size for n in made["outputs"]}
            assert sizes == {n: one["bytes"] for n, one in made["outputs"].items()}
        print(f"  full disk: {table.count(' ok ')} packs whole, the others told in a line each")


@contextlib.contextmanager
def _small_disk(at: Path, size: int) -> Iterator[Path | None]:
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)]
    if subprocess.run(mount, capture_output=True).returncode:
        yield None
        return
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def main(packs: int) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & has it ignored
    seed = random.randrange(10**6)
    print(f"soak: {packs} packs, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="soak-", dir="/tmp") as folder:
        home = Path(folder)
        (home / "tmp").mkdir()
        util.get_temp_dir()  # of this process, which outlives the folder
        os.environ["TMPDIR"] = tempfile.tempdir = str(home / "tmp")
        growth(home, packs)
        file = company(home / "readers", DISTURBED, readers=True)
        calm = undisturbed(home, file)
        killed(home, file, calm, random.Random(seed))
        both(home, file, calm)
        full(home, file, sum(map(len, calm.values())) // 2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PACKS)
