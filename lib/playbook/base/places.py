"""Where the notebooks and the sample company's tables lie: at the top of a repository checkout, or
inside the package when it was installed from a wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
INSTALLED = PACKAGE / "share"  # where pyproject.toml puts both folders in the wheel

# Environment variable that a run sets for its notebooks: fingerprint and folder of the book it
# opened, with a blank between.
EXPECTED_DATA = "PLAYBOOK_EXPECTED_DATA"
# The folder in which a run keeps the book it froze, for processes that did not open it.
SNAPSHOT = "PLAYBOOK_SNAPSHOT"
# The folder in which a chapter of a run leaves lists that are too long for a page or a workbook.
LISTS = "PLAYBOOK_LISTS"
BESIDE = "lists"  # the folder of the pack they end in


def checkout() -> Path | None:
    """The top folder of the repository this library runs from; None when it was installed."""
    top = PACKAGE.parents[1]
    return top if PACKAGE.parent.name == "lib" and (top / "pyproject.toml").is_file() else None


def notebooks_folder() -> Path:
    """Folder of the playbook's own notebooks. They are only read: `working copies
    <playbook.report.copies>` are what a user opens.
    """
    top = checkout()
    return top / "notebooks" if top else INSTALLED / "notebooks"


def sample_folder() -> Path:
    """Folder of the sample company's tables and settings, a book like any other."""
    top = checkout()
    return top / "data" / "sample" if top else INSTALLED / "sample"


def inside_package(path: Path) -> bool:
    """Whether ``path`` lies in the installed package, where nothing may be written; never True in a
    checkout, whose notebooks and sample are there to be edited.
    """
    return checkout() is None and path.expanduser().resolve().is_relative_to(PACKAGE)
