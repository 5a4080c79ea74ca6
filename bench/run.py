"""Everything the README claims about speed and memory, measured now: ``python -m bench.run``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    for path in sorted(
        path for path in HERE.glob("*.py") if path.name not in ("run.py", "soak.py", "__init__.py")
    ):
        print(f"== {path.stem}", flush=True)
        subprocess.run(
            (
                [sys.executable, str(path), *sys.argv[1:]]
                if path.stem == "pipeline"
                else [sys.executable, str(path)]
            ),
            check=True,
        )


if __name__ == "__main__":
    main()
