"""What a pack in Chinese costs beside the same pack in English: processor seconds and their ratio.

    python bench/language_cost.py [--times 5] [--book DIR] [--jobs 1]

Both packs are made in turn, so that what else the machine does weighs on both, after one of each
that is not counted: it fills the caches. The first of a pair changes from pair to pair. Ratios of
pairs are told beside the ratio of the medians: how far they lie apart is what the machine adds.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from pipeline import PR_SET_CHILD_SUBREAPER, REPO, SAMPLE, timed

LANGUAGES = ("en", "zh")


def pack(language: str, book: Path, jobs: int, out: Path) -> None:
    """Make the pack of a book's month in a language."""
    command = [sys.executable, "-m", "playbook", "report", "--book", str(book)]
    options = ["--language", language, "--jobs", str(jobs), "--out", str(out)]
    # Without its own, Python would compile every import again, for each of the two.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [*command, *options], cwd=REPO, env=environment, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)


def compare(book: Path, times: int, jobs: int) -> dict:
    """Processor seconds of every pack by language, their medians' ratio and every pair's."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    used: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    for turn in range(-1, times):
        for language in LANGUAGES if turn % 2 else LANGUAGES[::-1]:
            seconds = timed(lambda out, said=language: pack(said, book, jobs, out))["cpu"]
            if turn >= 0:
                used[language].append(round(seconds, 2))
    en, zh = used.values()
    return {
        "processor seconds": used,
        "ratio of medians": round(median(zh) / median(en), 3),
        "ratio of least": round(min(zh) / min(en), 3),
        "ratios of pairs": [round(b / a, 3) for a, b in zip(en, zh, strict=True)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--book", type=Path, default=SAMPLE)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps(compare(asked.book, asked.times, asked.jobs), indent=1))


if __name__ == "__main__":
    main()
