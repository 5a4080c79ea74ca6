"""How much of headers it has not seen `playbook init` places by itself, and how much is right.

    python bench/intake_labels.py            the rates, and what was wrong or missed
    python bench/intake_labels.py --json     the rates alone
    python bench/intake_labels.py --all      what was wrong in the half that is not looked at, too

The labelled headers (`intake_labels.txt`) come from public documentation and data sets. Each system
is judged twice: as shipped, and *unseen*, without its preset and without every synonym that is one
of its own headers, unless another of the systems uses that header too or it is the column's
plain name in English or Chinese (the first of its synonyms).

A further set of systems was written down before anything was measured on it and cut in two halves:
the misses of the first were looked at and mended by kind, those of the second were not. Both are
judged as shipped, since no synonym came from them when they were written down.

precision: columns taken by themselves that are right ÷ columns taken by themselves.
recall: columns labelled and taken ÷ columns labelled; ~ labels do not count in it.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from playbook.base.settings import SourceSettings
from playbook.intake.files import Found
from playbook.intake.headers import normal
from playbook.intake.plan import Line, headers_in
from playbook.intake.profile import Profile
from playbook.intake.proposal import sorted_out
from playbook.intake.words import plain_names, squeezed, without

LABELS = Path(__file__).with_name("intake_labels.txt")
ROWS = 60
PRESETS = {  # names of the labelled systems whose presets are called otherwise
    "SuiteCRM": "SuiteCRM / SugarCRM",
    "淘宝": "淘宝 / 天猫",
    "Zoho": "Zoho CRM",
    "Dynamics 365": "Microsoft Dynamics 365",
    "Frappe CRM": "ERPNext / Frappe CRM",
    "Google Ads": "Google Ads / Meta Ads",
    "Meta Ads": "Google Ads / Meta Ads",
    "管家婆": "用友",
    "畅捷通": "用友",
}


@dataclass
class Labelled:
    """A file of a system: its table, and per header the columns it may be."""

    system: str
    file: str
    table: str
    wanted: dict[str, str] = field(default_factory=dict)  # header → column that must be found
    allowed: dict[str, set[str]] = field(default_factory=dict)  # header → columns that are right
    kinds: dict[str, str] = field(default_factory=dict)
    half: int = 0  # 1 and 2: the halves of the held-out set


def labelled(path: Path = LABELS) -> list[Labelled]:
    """Every labelled file."""
    out: list[Labelled] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("# ") or line == "#" or line.startswith("#   "):
            continue
        cells = [cell.strip() for cell in line.lstrip("@").split("|")]
        if line.startswith("@"):
            half = int(cells[4].split()[1]) if len(cells) > 4 else 0
            out.append(Labelled(cells[0], cells[1], cells[2], half=half))
            continue
        header, label, kind = cells
        one = out[-1]
        one.kinds[header] = kind
        one.allowed[header] = set() if label == "-" else set(label.lstrip("~").split(","))
        if label != "-" and not label.startswith("~"):
            one.wanted[header] = label.split(",")[0]
    return out


WORDS = {
    "stage": ["Qualification", "Needs Analysis", "Proposal", "Closed Won", "Closed Lost"],
    "openstage": ["Qualified", "Proposal Made", "Negotiation"],
    "source": ["Web", "Referral", "Trade show", "Cold call"],
    "reason": ["price", "timing", "competitor", ""],
    "region": ["North", "South", "East", "West"],
    "product": ["Chairs", "Tables", "Lamps"],
    "person": ["Ann Lee", "Bob Day", "Cy Ray"],
    "text": ["called again", "sent the offer", "will decide next week", "asked for a sample"],
}


def value(kind: str, i: int, rng: random.Random) -> str:
    """An invented value of a kind for row ``i``."""
    optional = kind.endswith("?")
    kind = kind.rstrip("?")
    if optional and i % 3 == 0:
        return ""
    day = date(2023, 1, 3) + timedelta(days=rng.randrange(360))
    clock = f"{rng.randrange(8, 19):02d}:{rng.randrange(60):02d}"
    if kind.startswith("word:"):
        options = kind[5:].split("/")
        return options[rng.randrange(len(options))]
    if kind in WORDS:
        return WORDS[kind][rng.randrange(len(WORDS[kind]))]
    made = {
        "id": f"{10_000 + i * 7}",
        "refid": f"{10_000 + i // 2}",
        "ref": f"{500 + rng.randrange(12)}",
        "selfref": f"{10_000 + rng.randrange(ROWS) * 7}",
        "money": f"{rng.randrange(10_000, 900_000) / 100:.2f}",
        "int": str(rng.randrange(1, 40)),
        "pct": str(rng.randrange(0, 101, 5)),
        "share": f"{rng.randrange(0, 10) / 10:.1f}",
        "day": day.isoformat(),
        "usday": f"{day.month}/{day.day}/{day.year}",
        "moment": f"{day.isoformat()} {clock}:00",
        "isozone": f"{day.isoformat()}T{clock}:00.000Z",
        "month": f"{day.year}-{day.month:02d}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "selfref2": f"Person {rng.randrange(3)}",
        "month1": f"{day.year}-{day.month:02d}-01",
        "clock": f"{clock}:00",
        "title": f"Deal {rng.randrange(1000)} for parts",
        "company": f"Company {rng.randrange(14)} Ltd",
        "name": f"Person {rng.randrange(30)}",
        "zhname": "王李张赵"[rng.randrange(4)] + "明",
        "flag": "true" if rng.random() < 0.5 else "false",
        "phone": f"+1 555 01{rng.randrange(10, 99)}",
        "email": f"p{rng.randrange(20)}@example.com",
        "url": "https://example.com",
        "empty": "",
    }
    return made[kind]


def found_of(one: Labelled) -> Found:
    """The file as `init` would have read it."""
    rng = random.Random(one.system + one.file)
    frame = pd.DataFrame(
        {h: [value(kind, i, rng) or None for i in range(ROWS)] for h, kind in one.kinds.items()},
        dtype="object",
    )
    columns = tuple(Profile(h, frame[h]) for h in frame.columns)
    return Found(Path(one.file).stem, Path(one.file), SourceSettings(file=one.file), columns, ROWS)


@dataclass
class Score:
    """Counts of one file or of many."""

    taken: int = 0
    right: int = 0
    wanted: int = 0
    got: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.taken += other.taken
        self.right += other.right
        self.wanted += other.wanted
        self.got += other.got
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def precision(self) -> float:
        return self.right / self.taken if self.taken else 1.0

    @property
    def recall(self) -> float:
        return self.got / self.wanted if self.wanted else 1.0


def judged(one: Labelled, but: frozenset[str]) -> Score:
    """What is taken of one file against its labels. but: systems whose presets are left out."""
    _, plans, _ = sorted_out([found_of(one)], but)
    plans = [p for p in plans if not p.open_ and "group" not in p.more]
    where = f"{one.system}, {one.file}"
    score = Score(wanted=len(set(one.wanted.values())))
    covered = set()
    for plan in plans:
        for line in plan.lines:
            for header in headers_in(line.said):
                stage = plan.line("stage")
                if line.column == "outcome" and stage and stage.said == header:
                    covered |= one.allowed[header] & {"outcome"}
                    continue  # told by the words of the stage
                score.taken += 1
                allowed = line.column in one.allowed[header]
                if plan.table == one.table and (allowed or _made(line, header)):
                    score.right += 1
                    covered.add(line.column)
                else:
                    score.wrong.append(f"{where}: {header} as {plan.table}.{line.column}")
    for header, column in one.wanted.items():
        if column not in covered:
            score.missed.append(f"{where}: {header} is {one.table}.{column}")
    score.got = score.wanted - len(
        {column for column in one.wanted.values() if column not in covered}
    )
    return score


def _made(line: Line, header: str) -> bool:
    """Whether the header is a factor or a part of what a column is made of, not the column."""
    return isinstance(line.said, dict) and (
        header != line.said.get("column") or "minus" in line.said
    )


def rates(*, unseen: bool, part: int = 1, half: int = 0) -> tuple[Score, dict[str, Score]]:
    """All files, and by system. unseen: without what came from the system itself.

    part: only every so many-th file is judged. half: those of that half of the held-out set; 0 for
    the labelled ones.
    """
    every = [one for one in labelled() if one.half == half]
    users: dict[str, set[str]] = defaultdict(set)
    for one in every:
        for header in one.kinds:
            users[squeezed(normal(header))].add(one.system)
    plain = plain_names()
    total, by_system = Score(), {}
    for one in every[::part]:
        own = {squeezed(normal(h)) for h in one.kinds}
        hidden = {word for word in own if users[word] == {one.system}} - plain if unseen else set()
        with without(frozenset(hidden)):
            score = judged(one, frozenset({PRESETS.get(one.system, one.system)} if unseen else ()))
        total.add(score)
        by_system.setdefault(one.system, Score()).add(score)
    return total, by_system


def main() -> None:
    shown = {}
    for name, unseen, half in (
        ("as shipped", False, 0),
        ("unseen", True, 0),
        ("held out, mended by kind", False, 1),
        ("held out, not looked at", False, 2),
    ):
        total, _ = rates(unseen=unseen, half=half)
        shown[name] = {
            "precision": total.precision,
            "recall": total.recall,
            "columns": total.wanted,
        }
        if "--json" not in sys.argv:
            print(
                f"{name}: precision {total.precision:.1%} ({total.right} of {total.taken}), "
                f"recall {total.recall:.1%} ({total.got} of {total.wanted})"
            )
            for kind in ("wrong", "missed") if half < 2 or "--all" in sys.argv else ():
                for line in getattr(total, kind):
                    print(f"  {kind}: {line}")
    if "--json" in sys.argv:
        print(json.dumps(shown, indent=1))
    else:
        every = labelled()
        systems = {one.system for one in every}
        headers = sum(len(one.kinds) for one in every)
        print(f"{len(every)} files of {len(systems)} systems, {headers} headers")


if __name__ == "__main__":
    main()
