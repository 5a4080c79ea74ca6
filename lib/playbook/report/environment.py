"""environment.yml from requirements.lock: conda users get python and pip from conda, and everything
else as locked.

``python -m playbook.report.environment requirements.lock environment.yml``
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

HEAD = """# Made from requirements.lock by `make lock`; do not edit.
# conda env create -f environment.yml && conda activate playbook
# pip refuses an editable install among hashes, so versions stand here without them.
name: playbook
channels:
  - conda-forge
dependencies:
  - python>=3.11
  - pip
  - pip:
"""


def pins(lock: str) -> list[str]:
    """``name==version`` with its marker, one per package of a requirements file with hashes."""
    joined = re.sub(r"\\\n\s*", " ", lock)
    lines = (re.sub(r"\s*--hash=\S+", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "--"))]


def environment(lock: str) -> str:
    """The text of environment.yml. Quoted: markers hold characters that YAML reads otherwise."""
    return HEAD + "".join(f'      - "{pin}"\n' for pin in pins(lock)) + '      - "-e ."\n'


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        print(
            "usage: python -m playbook.report.environment requirements.lock environment.yml",
            file=sys.stderr,
        )
        return 2
    lock, target = map(Path, arguments)
    target.write_text(environment(lock.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
