"""Packs under way: handed out when what they compare with is there, put in place when they come."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from playbook.base.language import say
from playbook.report.record import archive
from playbook.report.record.folders import variant_folder
from playbook.report.record.results import dump

from .asked import Ready
from .jobs import PackOutcome, unpack
from .keys import pack_key
from .look import Look, Order, Row, Status, Watcher
from .receipts import Locks, last_key
from .runner import Runner

POLL = 0.5  # [s] between looks at a pack that another batch is making


@dataclass
class Waiting:
    """A pack to be made, and what must be there before: the packs it compares with."""

    ready: Ready
    order: Order
    asked: str
    seconds: float = 0.0
    began: float = 0.0
    key: str = ""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = variant_folder(self.ready.source.name, self.ready.variant)

    @property
    def month(self) -> str:
        return self.ready.source.month

    @property
    def label(self) -> str:
        return f"{self.month}/{self.name}"

    @property
    def before(self) -> str:
        """The folder whose last pack it compares with."""
        return self.name if self.ready.shown else self.ready.source.name


class Making:
    """Packs under way and those still waiting."""

    def __init__(self, look: Look, makers: Runner, watch: Watcher, waiting: list[Waiting]):
        self.look, self.makers, self.watch = look, makers, watch
        self.options, self.locks = look.options, Locks(look.options.out)
        self.waiting = self._each_once(waiting)
        self.total = len(self.waiting) + len(look.rows)
        self.under_way: dict[Future[PackOutcome], Waiting] = {}

    def run(self) -> None:
        with self.locks.all_given():
            while self.waiting or self.under_way:
                self._start()
                if self.under_way:
                    pause = POLL if self.waiting else None
                    found = wait(self.under_way, timeout=pause, return_when=FIRST_COMPLETED)
                    for future in found.done:
                        self._finish(self.under_way.pop(future), future)
                elif self.waiting:  # another batch makes what is left
                    time.sleep(POLL)

    def _each_once(self, waiting: list[Waiting]) -> list[Waiting]:
        """Two books of one name would replace each other: the second is refused."""
        seen: dict[str, int] = {}
        kept = []
        for one in waiting:
            other = seen.setdefault(one.label, one.order[0])
            if other == one.order[0]:
                kept.append(one)
                continue
            said = (
                say(
                    "another book of this batch is called '{name}' too: give one of them"
                    " another [book] name",
                    name=one.ready.source.name,
                ),
            )
            row = Row(one.ready.source.name, one.month, one.name, "refused", said=said)
            self.look.rows.append((one.order, row))
        return kept

    def _start(self) -> None:
        """Hand out packs while there is room, the first that can be begun first."""
        for one in list(self.waiting):
            if len(self.under_way) >= self.makers.size:
                return
            if self._must_wait(one) or not self._lock(one):
                continue
            self.waiting.remove(one)
            entry = {"part": one.ready.part, "before": one.before, "folder": one.name}
            last = last_key(self.options.out, one.before, one.month)
            one.key = pack_key(one.asked, one.month, one.ready.part, last)
            if self.look.there(one.asked, {"month": one.month, **entry}):
                self.locks.give(one.label)
                self._row(one, "same")
                continue
            job = one.ready.job(
                self.options.notebooks,
                self.options.out,
                key=one.key,
                anew=self.options.force,
                kernels=self.options.kernels,
                time_limit=self.options.time_limit,
            )
            if one.ready.made is not None:
                self._put(one, one.ready.made)
                continue
            one.began = time.monotonic()
            self.watch.began(one.label, len(job.chapters))
            try:
                future = self.makers.submit(job.sent() if self.makers.sent else job)
            except Exception as error:  # a cluster that is gone, a file that cannot be read
                self.locks.give(one.label)
                self._row(one, "broken", (f"{type(error).__name__}: {error}",))
                continue
            self.under_way[future] = one

    def _put(self, one: Waiting, made: Path) -> None:
        """Put a pack in place that was made when its book was opened."""
        try:
            put_in_place(one.ready, self.options.out, lambda to: _copied(made, to, one.key))
        except Exception as error:
            self._row(one, "broken", (f"{type(error).__name__}: {error}",))
        else:
            self.look.journal.add(one.label, one.key)
            self._row(one, "ok")
        self.locks.give(one.label)

    def _lock(self, one: Waiting) -> bool:
        try:
            return self.locks.take(one.label)
        except OSError:  # nothing can be written there: making the pack will say so
            return True

    def _must_wait(self, one: Waiting) -> bool:
        """Whether a pack it compares with is still to come."""
        others = (other for other in (*self.waiting, *self.under_way.values()) if other is not one)
        return any(o.name == one.before and o.month < one.month for o in others)

    def _finish(self, one: Waiting, future: Future[PackOutcome]) -> None:
        one.seconds = time.monotonic() - one.began
        try:
            outcome = future.result()
            if outcome.pack:
                content = outcome.pack
                put_in_place(one.ready, self.options.out, lambda to: unpack(content, to))
        except Exception as error:
            outcome = PackOutcome(one.label, "broken", error=f"{type(error).__name__}: {error}")
        self.locks.give(one.label)
        if outcome.status == "ok":
            self.look.journal.add(one.label, one.key)
        said = (outcome.error,) if outcome.error else outcome.messages
        self._row(one, outcome.status, said)

    def _row(self, one: Waiting, status: Status, said: tuple[str, ...] = ()) -> None:
        target = None if status == "broken" else self.options.out / one.month / one.name
        row = Row(
            one.ready.source.name, one.month, one.name, status, round(one.seconds, 1), said, target
        )
        self.look.rows.append((one.order, row))
        self.watch.finished(row, len(self.look.rows), self.total)


def put_in_place(ready: Ready, out: Path, write: Callable[[Path], object]) -> Path:
    """Put a pack where it belongs, whole or not at all; ``write`` fills the folder it is given."""
    target = out / ready.source.month / variant_folder(ready.source.name, ready.variant)
    with archive.building(target, ready.source.keep) as folder:
        write(folder)
    return target


def _copied(made: Path, folder: Path, key: str) -> None:
    """A finished pack with its key in the manifest."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    manifest = folder / archive.MANIFEST
    found = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(dump({**found, "key": key}), encoding="utf-8")
