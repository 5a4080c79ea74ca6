"""Writes first-pack.md, the newcomer's page: ``python docs/first_pack.py DATA``.

DATA holds the folders of three public data sets. Each command of the page is run in a temporary
copy, timed, and what it printed stands on the page. The pictures show the export, the proposal, the
check and a page of the pack, all of the same run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLAYBOOK = Path(sys.executable).with_name("playbook")
PAGE, PICTURE = HERE / "first-pack.md", HERE / "first-pack.png"
KEPT = 14  # lines of a command's words that the page shows
WIDTH = 118  # characters of a line that the page shows
DOTS = 60  # per inch of the picture
SCREENS = {  # picture of a step → what it shows
    "first-pack-1.png": "The first rows of the export, as a text editor shows them",
    "first-pack-2.png": "Part of the proposal: columns of deals, each with the reason",
    "first-pack-3.png": "What check says",
}
SHOWN = 22  # lines of a picture
BY_HAND = r"""# no header, blanks between the columns: each line is taken apart by its form
[book]
currency = "USD"

[sources.log]
file = "CDNOW_sample.txt"
delimiter = "|"
header = ["line"]
dates = "%Y%m%d"

[tables.orders]
from = "log"
[tables.orders.columns]
order_id = { row = "P" }
customer_id = { column = "line", match = '^\s*\d+\s+(\d+)' }
date = { column = "line", match = '^\s*\d+\s+\d+\s+(\d{8})' }
quantity = { column = "line", match = '\s(\d+)\s+[\d.]+\s*$' }
amount = { column = "line", match = '([\d.]+)\s*$' }
"""
NAMES = {
    "crm_maven": "CRM Sales Opportunities (Maven Analytics): 8,800 deals of a hardware seller",
    "superstore_zh": "示例 - 超市 (Tableau): 10,000 order lines, a Chinese .xls workbook",
    "cdnow": "CDNOW (Fader and Hardie): 6,919 purchases, a text file without a header",
}


@dataclass(frozen=True)
class Step:
    """A command as it was run: what it printed, in order, and how long it took in seconds."""

    words: str
    printed: str
    seconds: float
    status: int

    def picture(self) -> str:
        """The command and the first and last lines it printed, as a block of text."""
        lines = [_cut(line) for line in self.printed.splitlines() if line.strip()]
        if len(lines) > KEPT:
            lines = [*lines[: KEPT - 4], "…", *lines[-4:]]
        return "\n".join(["```text", f"$ playbook {self.words}", *lines, "```"])


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def run(folder: Path, words: str) -> Step:
    """One command, run in ``folder``."""
    start = time.perf_counter()
    done = subprocess.run(
        [str(PLAYBOOK), *words.split()],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    return Step(words, done.stdout.replace(f"{folder}/", ""), seconds, done.returncode)


def walk(folder: Path, name: str) -> list[Step]:
    """The path of one data set: init, check, report; what init refuses is mapped by hand."""
    steps = [run(folder, f"init {name} --yes")]
    if steps[0].status:
        (folder / name / "playbook.toml").write_text(BY_HAND, encoding="utf-8")
    steps.append(run(folder, f"check --book {name}"))
    steps.append(run(folder, f"report --book {name} --out packs-{name}"))
    return steps


def picture(folder: Path) -> None:
    """The first page of the pack's brief as a small PNG."""
    brief = next((folder / "packs-crm_maven").glob("*/*/brief.pdf"))
    asked = ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", "-f", "1", "-l", "1"]
    subprocess.run([*asked, str(brief), str(PICTURE.with_suffix(""))], check=True)


def screens(folder: Path, check: Step) -> None:
    """Pictures of the first three steps: the export, the proposal, the check."""
    book = folder / "crm_maven"
    export = (book / "sales_pipeline.csv").read_text(encoding="utf-8").splitlines()
    toml = (book / "playbook.toml").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(toml) if line.startswith("[tables.opportunities]"))
    for name, lines in zip(
        SCREENS, (export[:12], toml[start:], check.printed.splitlines()), strict=True
    ):
        draw([_cut(line) for line in lines if line.strip()][:SHOWN], HERE / name)


def draw(lines: list[str], path: Path) -> None:
    """Lines of text as a picture of a screen."""
    from matplotlib.figure import Figure

    width = max(map(len, lines))
    figure = Figure(figsize=(0.085 * width + 0.4, 0.19 * len(lines) + 0.4), facecolor="#f6f8fa")
    for i, line in enumerate(lines):
        y = 1 - (i + 1) / (len(lines) + 1)
        figure.text(
            0.015, y, line.replace("$", r"\$"), family="DejaVu Sans Mono", size=9, va="center"
        )
    figure.savefig(path, dpi=90)


def shown(name: str) -> str:
    """The picture of a step on the page."""
    return f"![{SCREENS[name]}]({name})"


def text(walks: dict[str, list[Step]], team: list[Step]) -> str:
    """The page. ``team``: the steps of a team without exports."""
    init, check, report = walks["crm_maven"]
    rows = [
        f"| {NAMES[name]} | {'refused: see below' if a.status else f'{a.seconds:.0f} s'} |"
        f" {b.seconds:.0f} s | {c.seconds:.0f} s | {sum(s.seconds for s in (a, b, c)):.0f} s |"
        for name, (a, b, c) in walks.items()
    ]
    return f"""# Your first pack

From an export to a monthly pack in four steps. What each command printed is shown as it was
printed, on a public data set: {NAMES["crm_maven"]}.

## 1. Download the export

Put what your system exports into one folder: deals with all columns, **lost ones too**; orders or
invoices; customers; the sales team. CSV or Excel, headers as they are; nothing has to be renamed.
Leave titles and totals in: they are recognised. One table with days and amounts is enough for a
first pack; `playbook tables` lists what more may be given.

{shown("first-pack-1.png")}

## 2. init: which file is which

{init.picture()}

{shown("first-pack-2.png")}

`playbook.toml` now stands beside the files. Each line says why it was taken and how sure that is;
what could not be placed stands there as a comment. Read it: above all the stages in their order,
the currency, and lines marked CHECK. Without `--yes` the proposal is shown and asked about first.

## 3. check: what is wrong, all at once

{check.picture()}

{shown("first-pack-3.png")}

Errors must be mended in the files or the toml; warnings are printed in the report. The last line
names the report month: the last one that the data cover.

## 4. report: the pack

{report.picture()}

The last line is the director's edition; beside it lie `brief.pdf`, `details.pdf`, a page per
chapter, `actions.xlsx` and `results.json`. This is the first page of the brief:

![First page of the brief](first-pack.png)

What the data cannot answer is said and not invented: these deals have no history of their stages,
so conversion from stage to stage is listed as missing, with what to give.

## How long it took

Measured once on a machine with {os.cpu_count()} cores that did other work as well; time for
reading the proposal comes on top.

| data set | init | check | report | in all |
|---|---|---|---|---|
{chr(10).join(rows)}

### A file that init refuses

{walks["cdnow"][0].picture()}

Its columns have no names and are parted by a varying number of blanks. init does not guess what
a nameless number is: a wrong amount is worse than a question. A toml written by hand reads it:

```toml
{BY_HAND.strip()}
```

{walks["cdnow"][1].picture()}

## A team without a CRM

The toolbox workbook holds ten tools (goal tracking, strategy, lead capture, need match, follow-up
log, relationship plan, performance, review meeting, task board, training) and the lists they refer
to. Each sheet has drop-downs, marked columns that must be filled, and a filled-in example of its
own, which is never read. `--language zh` writes it in Chinese.

{team[0].picture()}

Its first sheet says how it is filled in. Then check and report take the workbook itself; a cell
that cannot be read is named as the workbook names it. Here an amount says “plenty”:

{team[1].picture()}
"""


def team_steps(folder: Path) -> list[Step]:
    """The toolbox written, and checked with a bad cell in it."""
    from playbook.intake.toolbox import sheets, write_toolbox

    steps = [run(folder, "init --excel team.xlsx --language en")]
    rows = {sheet.id: [list(row) for row in sheet.rows] for sheet in sheets("en")}
    orders = next(sheet for sheet in sheets("en") if sheet.id == "orders")
    at = next(i for i, column in enumerate(orders.columns) if ("orders", "amount") in column.to)
    rows["orders"][1][at] = "plenty"
    write_toolbox(folder / "team.xlsx", "en", rows)
    return [*steps, run(folder, "check --book team.xlsx")]


def main(data: Path) -> None:
    """Write the page and its picture."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        for name in NAMES:
            shutil.copytree(data / name, folder / name)
        walks = {name: walk(folder, name) for name in NAMES}
        (folder / "team").mkdir()
        team = team_steps(folder / "team")
        picture(folder)
        screens(folder, walks["crm_maven"][1])
        PAGE.write_text(text(walks, team), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
