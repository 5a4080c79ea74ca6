"""Where the repository and the public data sets are."""

from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
DATA = REPO.parent / "shared" / "data"


def real(name: str) -> Path:
    """Folder of a public data set; the test is skipped where it is not there."""
    folder = DATA / name
    if not folder.exists():
        pytest.skip(f"public data set {name} is not on this machine")
    return folder
