"""What the pages of a pack are called, and what they may load. Imports nothing heavy."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from playbook.base.language import later
from playbook.page.steps import POLICY as SCRIPTS

# Chapters as the pages of a pack call them, in short.
CHAPTERS = later(
    {
        "01-goal-setting": "Goals",
        "02-segmentation": "Customers",
        "03-funnel-diagnosis": "Funnel",
        "04-incentive-design": "People and pay",
        "05-case-study-replay": "Case",
    },
    context="chapter",
)
TEMPLATES = Path(str(files("playbook.report.print") / "templates"))
POLICY = (
    f"default-src 'none'; script-src {SCRIPTS}; style-src 'unsafe-inline'; img-src data:; font-src"
    " data:; base-uri 'none'; form-action 'none'"
)
