"""The sample's pack by ``playbook report`` against the plain way, in one run on one machine.

    python bench/pipeline.py [--jobs 2] [--repeat 1]

The plain way is what the same tools give without us: the papermill command per notebook in a loop,
then ``jupyter nbconvert --to html``
and, where there is a Chromium, its headless print to PDF, per notebook. Ours makes more: two HTML
builds, a pack, chapters, workbook, numbers.
Prints wall-clock and processor seconds of both, their ratios, and the peak memory of our driver
process.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

REPO = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
SAMPLE = REPO / "data" / "sample"
MEASURED = (
    "import resource, sys; from playbook.cli import main\ntry: main()\nfinally: print('driver"
    " peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
)
PR_SET_CHILD_SUBREAPER = 36
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "timeout": 1800}


def chromium() -> str | None:
    return next(
        (
            found
            for name in ("chromium", "chromium-browser", "google-chrome", "chrome")
            if (found := shutil.which(name))
        ),
        None,
    )


def plain(out: Path, notebooks: list[Path]) -> None:
    """papermill in a loop, then HTML, then PDF by a browser."""
    tool = Path(sys.executable).parent
    browser = chromium()
    for path in notebooks:
        done = out / path.name
        subprocess.run([tool / "papermill", path, done, "-p", "book", SAMPLE], **QUIET)
        subprocess.run([tool / "jupyter", "nbconvert", "--to", "html", done], **QUIET)
        if browser:
            page = done.with_suffix(".html")
            subprocess.run(
                [
                    browser,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    f"--print-to-pdf={done.with_suffix('.pdf')}",
                    page.as_uri(),
                ],
                **QUIET,
            )


def ours(out: Path, notebooks: list[Path], jobs: int, *options: str) -> int:
    """Our command; the driver's peak memory in KB."""
    only = [option for path in notebooks for option in ("--only", path.stem)]
    command = [
        sys.executable,
        "-c",
        MEASURED,
        "report",
        "--book",
        str(SAMPLE),
        "--out",
        str(out),
        "--jobs",
        str(jobs),
        *only,
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stderr.rsplit("driver peak", 1)[1].split()[0])


def timed(work: Callable[[Path], object]) -> dict:
    """Wall-clock and processor seconds (children included) of ``work`` in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        result = work(Path(folder))
        wall = time.perf_counter() - began
        with contextlib.suppress(
            ChildProcessError
        ):  # processes whose parent ended came to us: their time counts too
            while True:
                os.waitpid(-1, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "result": result}


def measure(notebooks: list[Path], jobs: int, repeat: int) -> dict:
    """Medians of ``repeat`` alternating runs of each way; ratios of the plain way to ours."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    runs: dict[str, list[dict]] = {"plain": [], "ours": [], "stock": []}
    for _ in range(repeat):
        runs["plain"].append(timed(lambda out: plain(out, notebooks)))
        runs["ours"].append(timed(lambda out: ours(out, notebooks, jobs)))
        runs["stock"].append(timed(lambda out: ours(out, notebooks, jobs, "--stock-kernels")))
    found = {
        name: {kind: round(median(run[kind] for run in many), 2) for kind in ("wall", "cpu")}
        for name, many in runs.items()
    }
    return {
        "notebooks": len(notebooks),
        "jobs": jobs,
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "browser": bool(chromium()),
        **found,
        "times_faster": round(found["plain"]["wall"] / found["ours"]["wall"], 2),
        "times_faster_with_stock_kernels": round(
            found["plain"]["wall"] / found["stock"]["wall"], 2
        ),
        "times_less_processor": round(found["plain"]["cpu"] / found["ours"]["cpu"], 2),
        "driver_peak_mb": round(max(run["result"] for run in runs["ours"]) / 1024),
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="one notebook; may be repeated"
    )
    given = parser.parse_args(arguments)
    found = measure(
        [path for path in NOTEBOOKS if not given.only or path.stem in given.only],
        given.jobs,
        given.repeat,
    )
    print(json.dumps(found, indent=1))
    if not found["browser"]:
        print("no Chromium on this machine: the plain way made no PDF")


if __name__ == "__main__":
    main()
