"""The sample's pack by ``playbook report`` against the plain way, in one run on one machine.

    python bench/pipeline.py [--jobs 2] [--repeat 1]

The plain way is what the same tools give without us: the papermill command per notebook in a loop, then ``jupyter nbconvert --to html``
and, where there is a Chromium, its headless print to PDF, per notebook. Ours makes more: two HTML builds, a pack, chapters, workbook, numbers.
Prints wall-clock and processor seconds of both, their ratios, and the peak memory of our driver process.
"""

from __future__ import annotations

import argparse
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
MEASURED = ("import resource, sys; from playbook.cli import main\n"
            "try: main()\nfinally: print('driver peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}


def chromium() -> str | None:
    return next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None)


def plain(out: Path) -> None:
    """papermill in a loop, then HTML, then PDF by a browser."""
    tool = Path(sys.executable).parent
    browser = chromium()
    for path in NOTEBOOKS:
        done = out / path.name
        subprocess.run([tool / "papermill", path, done, "-p", "book", SAMPLE], **QUIET)
        subprocess.run([tool / "jupyter", "nbconvert", "--to", "html", done], **QUIET)
        if browser:
            page = done.with_suffix(".html")
            subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={done.with_suffix('.pdf')}", page.as_uri()], **QUIET)


def ours(out: Path, jobs: int, *options: str) -> int:
    """Our command; the driver's peak memory in KB."""
    command = [sys.executable, "-c", MEASURED, "report", "--book", str(SAMPLE), "--out", str(out), "--jobs", str(jobs), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stderr.rsplit("driver peak", 1)[1].split()[0])


def timed(work: Callable[[Path], object]) -> dict:
    """Wall-clock and processor seconds (children included) of ``work`` in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        result = work(Path(folder))
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "result": result}


def measure(jobs: int, repeat: int) -> dict:
    """Medians of ``repeat`` runs of each way, alternating, and the ratios of the plain way to ours."""
    runs: dict[str, list[dict]] = {"plain": [], "ours": [], "stock": []}
    for _ in range(repeat):
        runs["plain"].append(timed(plain))
        runs["ours"].append(timed(lambda out: ours(out, jobs)))
        runs["stock"].append(timed(lambda out: ours(out, jobs, "--stock-kernels")))
    found = {name: {kind: round(median(run[kind] for run in many), 2) for kind in ("wall", "cpu")} for name, many in runs.items()}
    return {
        "notebooks": len(NOTEBOOKS), "jobs": jobs, "processors": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "browser": bool(chromium()), **found,
        "times_faster": round(found["plain"]["wall"] / found["ours"]["wall"], 2),
        "times_faster_with_stock_kernels": round(found["plain"]["wall"] / found["stock"]["wall"], 2),
        "times_less_processor": round(found["plain"]["cpu"] / found["ours"]["cpu"], 2),
        "driver_peak_mb": round(max(run["result"] for run in runs["ours"]) / 1024),
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=1)
    given = parser.parse_args(arguments)
    found = measure(given.jobs, given.repeat)
    print(json.dumps(found, indent=1))
    if not found["browser"]:
        print("no Chromium on this machine: the plain way made no PDF")


if __name__ == "__main__":
    main()
