"""How many workers a night of books and a lake of order lines need: ``python -m bench.sizing``.

Inputs are measured (``--measure`` makes a pack and asks two books now, and keeps what it found in
docs/sizing.json, which the page on larger work is built from); what comes of them on more machines
is simulated, event by event, with a fixed seed. The inputs stand above the tables they lead to.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

KEPT = Path(__file__).resolve().parents[1] / "docs" / "sizing.json"
NIGHT = 8.0  # [h]
BOOKS = (5, 50, 500, 2_000, 10_000)
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
LINES = (1e6, 1e7, 1e8, 1e9, 1e10)
CORES = (2, 8, 32, 128, 512)
SEED = 18


@dataclass(frozen=True)
class Inputs:
    """What one machine was measured to need; the defaults say where they come from.

    pack: seconds of a small book's pack on one core. opening: seconds to read, check and freeze it
    on the driver. sent: megabytes of a job with its snapshot, and of its pack. spread: standard
    deviation of the logarithm of a pack's seconds (books differ). lost: chance that a worker is
    lost in an hour. back: minutes until another stands in its place. duck, spark: seconds of one
    core per million order lines for one grouped answer. answers: such answers in a pack. fixed:
    seconds a distributed answer takes however few rows there are. link: megabytes a second from
    the driver to all workers together. driver: books the driver opens at a time.
    """

    pack: float = 20.0
    opening: float = 2.0
    sent: float = 6.0
    spread: float = 0.5
    lost: float = 0.02
    back: float = 5.0
    duck: float = 0.15
    spark: float = 0.6
    answers: int = 400
    fixed: float = 0.5
    link: float = 100.0
    driver: int = 2
    source: str = "assumed: nothing was measured on this machine yet"


@dataclass(frozen=True)
class Night:
    """What became of a night: hours until the last pack, the share of the workers' time that went
    into packs that were kept, and packs begun again because their worker was lost.
    """

    hours: float
    busy: float
    again: int


def simulate(books: int, workers: int, inputs: Inputs, seed: int = SEED) -> Night:
    """One night, event by event: the driver opens and sends one book after the other, workers take
    what is there, and some are lost in the middle of a pack, which another makes from its start.
    """
    draw = random.Random(seed)
    middle = inputs.spread**2 / 2  # so that the mean is what was measured
    ready = 0.0
    free = [0.0] * workers
    worked, again, last = 0.0, 0, 0.0
    for _ in range(books):
        ready += max(inputs.opening / inputs.driver, inputs.sent / inputs.link)
        seconds = inputs.pack * draw.lognormvariate(-middle, inputs.spread)
        begin = max(heapq.heappop(free), ready)
        while (dies := draw.expovariate(inputs.lost / 3600) if inputs.lost else 1e18) < seconds:
            again += 1
            heapq.heappush(free, begin + dies + inputs.back * 60)
            begin = max(heapq.heappop(free), begin + dies)
        worked += seconds
        last = max(last, begin + seconds)
        heapq.heappush(free, begin + seconds)
    return Night(last / 3600, worked / (last * workers), again)


def workers_for(books: int, inputs: Inputs, night: float = NIGHT) -> tuple[int, Night] | None:
    """The fewest workers of ``WORKERS`` with which a night is long enough; None where the driver
    alone takes longer.
    """
    for workers in WORKERS:
        found = simulate(books, workers, inputs)
        if found.hours <= night:
            return workers, found
    return None


def row_hours(lines: float, cores: int, inputs: Inputs) -> float:
    """Hours of one pack's answers over so many order lines on Spark: every answer reads all lines,
    spread over the cores, and has a part that no core shortens.
    """
    each = inputs.fixed + inputs.spark * lines / 1e6 / cores
    return inputs.answers * each / 3600


def here_hours(lines: float, inputs: Inputs) -> float:
    """The same on DuckDB with one core of this machine."""
    return inputs.answers * inputs.duck * lines / 1e6 / 3600


def tables(inputs: Inputs) -> str:
    """Both tables as Markdown, with what they rest on."""
    told = {k: v for k, v in asdict(inputs).items() if k != "source"}
    parts = [
        f"Inputs ({inputs.source}): " + ", ".join(f"{k} = {v:g}" for k, v in told.items()) + ".",
        "",
        f"| books a night of {NIGHT:g} h | workers of one core | done after | busy |"
        " packs begun again |",
        "|---|---|---|---|---|",
    ]
    for books in BOOKS:
        found = workers_for(books, inputs)
        if found is None:
            parts.append(f"| {books:,} | one driver opens too few books: run several | | | |")
            continue
        workers, night = found
        cells = (f"{books:,}", workers, _span(night.hours), f"{night.busy:.0%}", night.again)
        parts.append("| " + " | ".join(map(str, cells)) + " |")
    head = " | ".join(f"{cores} cores" for cores in CORES)
    parts += [
        "",
        f"| order lines of one book | DuckDB, 1 core | Spark, {head} |",
        "|---" * (len(CORES) + 2) + "|",
    ]
    for lines in LINES:
        spans = [_span(here_hours(lines, inputs))]
        spans += [_span(row_hours(lines, cores, inputs)) for cores in CORES]
        parts.append(f"| {_lines(lines)} | " + " | ".join(spans) + " |")
    return "\n".join(parts)


def _span(hours: float) -> str:
    if hours * 3600 < 90:
        return f"{hours * 3600:.0f} s"
    if hours < 2:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 100 else f"{hours / 24:.0f} days"


def _lines(lines: float) -> str:
    return f"{lines / 1e9:g} billion" if lines >= 1e9 else f"{lines / 1e6:g} million"


def measure(lines: int = 2_000_000) -> Inputs:
    """Make the sample's pack and ask two books now: processor seconds, so that other work on the
    machine does not count. Spark is left at its default where it is not there.
    """
    import os
    import resource
    import subprocess
    import sys

    from playbook.data.book import Book
    from playbook.data.snapshot import freeze

    root = Path(__file__).resolve().parents[1]
    found = Inputs()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "playbook", "report", "--book", str(root / "data/sample")]
        command += ["--out", str(home / "out"), "--jobs", "1"]
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        pack = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        began = time.process_time()
        book = Book.open(root / "data/sample")
        freeze(book.settings, book.read, home / "frozen", (book.as_of,))
        opening = time.process_time() - began
        sent = sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) / 1e6
        orders = _orders(home / "lake", lines)
        duck = _answer(Book.open(orders), time.process_time) / lines * 1e6
        spark, fixed = found.spark, found.fixed
        if _has_spark():
            spark, fixed = _on_spark(home, lines)
    cores = os.cpu_count()
    told = f"processor seconds measured on one core of {cores}, the sample's pack and {lines:,}"
    return Inputs(
        pack=round(pack, 1),
        opening=round(opening, 2),
        sent=round(sent, 1),
        duck=round(duck, 3),
        spark=round(spark, 3),
        fixed=round(fixed, 2),
        source=told + " order lines",
    )


def _orders(folder: Path, lines: int, engine: str = "") -> Path:
    """A book of made-up order lines, as Parquet."""
    import duckdb

    (folder / "orders").mkdir(parents=True)
    duckdb.sql(
        "SELECT 'O' || i AS order_id, DATE '2021-01-01' + CAST(i * 1000 // "
        f"{lines} AS INTEGER) AS date, 'C' || (i * 7919 % {max(lines // 20, 10)}) AS customer_id,"
        " CAST(10 + i % 990 AS DECIMAL(18,4)) AS amount, ['web', 'shop', 'agent'][1 + i % 3] AS"
        f" channel FROM range({lines}) t(i)"
    ).write_parquet(str(folder / "orders" / "part.parquet"))
    place = 'lake = "orders"' if engine else 'file = "orders/*.parquet"'
    toml = f"[sources.orders]\n{place}\n"
    toml += f'[engine]\nspark = "{engine}"\n' if engine else ""
    (folder / "playbook.toml").write_text(toml, encoding="utf-8")
    return folder


def _answer(book: object, clock: Callable[[], float]) -> float:
    """Seconds of one grouped answer: sales by month and channel, the second time it is asked."""
    from playbook.data.measures import sales

    rows = sales.filled_rows(book)  # type: ignore[arg-type]
    sales.by_month(rows, ["channel"])
    began = clock()
    sales.by_month(rows, ["channel"])
    return clock() - began


def _has_spark() -> bool:
    import shutil
    from importlib.util import find_spec

    return bool(find_spec("pyspark") and find_spec("sqlglot") and shutil.which("java"))


def _on_spark(home: Path, lines: int) -> tuple[float, float]:
    """Seconds of a core per million lines, and those that no line costs."""
    import os

    from playbook.data.book import Book

    seconds = []
    for name, n in (("small", 1_000), ("large", lines)):
        book = Book.open(_orders(home / name, n, "local[1]"))
        gateway = book.read.connection.session.sparkContext._gateway
        ticks = os.sysconf("SC_CLK_TCK")

        def clock(pid: int = gateway.proc.pid, ticks: int = ticks) -> float:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / ticks

        seconds.append(_answer(book, clock))
    fixed, whole = seconds
    return max(whole - fixed, 0.0) / lines * 1e6, fixed


def measured() -> Inputs:
    """What was measured on this machine last, else the defaults."""
    if not KEPT.is_file():
        return Inputs()
    return Inputs(**json.loads(KEPT.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure the inputs now (a minute)")
    for name, kind in Inputs.__annotations__.items():
        if name != "source":
            parser.add_argument(f"--{name}", type=int if kind == "int" else float)
    given = {k: v for k, v in vars(parser.parse_args()).items() if v is not None}
    if given.pop("measure"):
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(asdict(measure()), indent=1), encoding="utf-8")
    inputs = measured()
    if given:
        told = inputs.source + "; given: " + ", ".join(given)
        inputs = replace(inputs, **given, source=told)
    print(tables(inputs))


if __name__ == "__main__":
    main()
