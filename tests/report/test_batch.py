"""Many packs in one command: what is asked, what is made, what is left as it is, what survives.

Books are real and opened; packs are made by a stand-in that writes two small files, so that the
tests see which jobs ran with what, and in which order.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import tomllib
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Timer

import making
import pytest

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import VARIABLE
from playbook.base.settings.batch import load_batch
from playbook.cli import reports
from playbook.cli.batch_asked import asked_books, batch_options
from playbook.cli.opening import open_packs
from playbook.data.book import Book
from playbook.data.snapshot import thaw
from playbook.report.batch import driver, keys, receipts
from playbook.report.batch.asked import AskedBook, Opened, Ready, found_books, months_of
from playbook.report.batch.jobs import PackJob, PackOutcome, Snapshot, pack_up, unpack
from playbook.report.batch.making import POLL
from playbook.report.record import archive
from playbook.report.record.folders import Variant, pack_folder, variant_folder
from playbook.report.run.plan import Source


class Inline:
    """Does at once what it is asked, in this process."""

    size, sent = 2, False

    def __init__(self, *_: object):
        self.made: list[PackJob] = []
        self.fails: dict[str, Exception] = {}

    def call(self, work, *arguments):
        return self._done(work, *arguments)

    def submit(self, job):
        self.made.append(job)
        return self._done(self.make, job)

    def make(self, job):
        if (error := self.fails.get(job.label)) is not None:
            raise error
        target = pack_folder(job.out, job.source.month, job.source.name, job.variant)
        with archive.building(target, job.source.keep) as folder:
            write_pack(folder, job)
        return PackOutcome(job.label, "ok", target=target, key=job.key)

    @property
    def labels(self):
        return [job.label for job in self.made]

    def close(self):
        pass

    @staticmethod
    def _done(work, *arguments):
        future: Future = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


def write_pack(folder, job):
    texts = {"results.json": json.dumps({"month": job.source.month, "last": None})}
    texts["details.pdf"] = f"{job.source.fingerprint} {job.chapters}"
    for name, text in texts.items():
        (folder / name).write_text(text)
    outputs = {name: {"sha256": archive.sha256(folder / name)} for name in texts}
    made = {"key": job.key, "status": "ok", "outputs": outputs}
    (folder / "manifest.json").write_text(json.dumps(made))


class Quiet:
    def __init__(self):
        self.rows = []

    def checked(self, *_):
        pass

    began = cell = checked

    def finished(self, row, done, total):
        self.rows.append((f"{row.month}/{row.folder}", row.status))


def opener(book, packs, folder, ship, tell=None):
    """Books as the real opener tells of them, without reading more than one file."""
    orders = book.at / "orders.csv"
    if not orders.is_file() or orders.read_text() == "no table":
        return Opened(problems=(problem("no table"),))
    fingerprint = archive.sha256(orders)[:12]
    toml = tomllib.loads((book.at / "playbook.toml").read_text())
    name = toml.get("book", {}).get("name", book.label)
    sources = [
        Source(book.path, name, name, month, date(2023, 6, 30), "CNY", "en", fingerprint, keep=2)
        for month in months_of(book.months, "2023-06")
    ]
    snapshot = Snapshot(Path(folder))
    ready = tuple(Ready(pack, source, snapshot) for pack in packs for source in sources)
    return Opened(ready, fingerprint=fingerprint)


def problem(found):
    return Problem(found, "", "")


FILE = """
books = ["regions/*"]
months = ["2023-05..last"]
notebooks = "nb"
retry_after = 0
"""
LABELS = [
    "2023-05/north",
    "2023-06/north",
    "2023-05/south",
    "2023-06/south",
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("north", "south"):
        making.book(tmp_path / "regions" / name)
        (tmp_path / "regions" / name / "playbook.toml").write_text("")
    for name in ("01-goal-setting", "02-segmentation"):
        making.good(tmp_path / "nb", name)
    for name in ("03-funnel-diagnosis", "04-incentive-design", "05-case-study-replay"):
        (tmp_path / "nb" / f"{name}.ipynb").write_text("{}")
    (tmp_path / "batch.toml").write_text(FILE)
    monkeypatch.setattr(driver, "LocalRunner", Inline)
    monkeypatch.setattr(keys, "LIBRARY", tmp_path / "nb")  # the library stands still meanwhile
    return tmp_path


def run(home, more="", *, opener=opener, maker=None, **options):
    """The batch of ``home``, the jobs that were made, and the rows."""
    file = home / "batch.toml"
    file.write_text(FILE + more)
    asked = load_batch(file)
    maker = maker or Inline()
    given = driver.Options(**{**vars(batch_options(asked, file, home / "out", 0)), **options})
    watch = Quiet()
    done = driver.run_batch(asked_books(asked, file, None), given, opener, watch, lambda _: maker)
    return done, maker, watch


def statuses(done):
    return {f"{row.month}/{row.folder}": row.status for row in done.rows}


def test_every_book_and_month_is_made_once_and_then_left_alone(home):
    done, maker, _ = run(home)
    assert sorted(maker.labels) == sorted(LABELS) and done.exit_status == 0
    for book in ("north", "south"):  # a month compares with the one before: that one first
        assert maker.labels.index(f"2023-05/{book}") < maker.labels.index(f"2023-06/{book}")
    assert [f"{row.month}/{row.folder}" for row in done.rows] == LABELS
    again, maker, _ = run(home)
    assert maker.labels == [] and set(statuses(again).values()) == {"same"}
    assert [f"{row.month}/{row.folder}" for row in again.rows] == LABELS
    _, maker, _ = run(home, force=True)
    assert sorted(maker.labels) == sorted(LABELS)


def test_a_month_is_not_begun_before_the_one_it_compares_with_is_there(home):
    class Slow(Inline):
        size = 8

        def submit(self, job):
            self.made.append(job)
            with ThreadPoolExecutor(1) as threads:
                future = threads.submit(self.make, job)
                return future if job.source.month > "2023-05" else self.later(threads, job, future)

        def later(self, threads, job, future):
            future.result()
            target = pack_folder(job.out, job.source.month, job.source.name, job.variant)
            target.rename(hidden := target.with_name(f"{target.name} made"))
            there: Future = Future()

            def put():
                hidden.rename(target)
                there.set_result(future.result())

            Timer(0.2, put).start()
            return there

    run(home, maker=Slow())
    assert run(home)[1].labels == [], "every June was made knowing its May"


def test_what_changed_is_made_again_and_nothing_else(home):
    run(home)
    with (home / "regions" / "south" / "orders.csv").open("a") as file:
        file.write("late,C0,2023-06-29,7\n")
    done, maker, _ = run(home)
    assert sorted(maker.labels) == ["2023-05/south", "2023-06/south"]
    assert statuses(done)["2023-06/north"] == "same"
    (home / "nb" / "02-segmentation.ipynb").write_text("{}")  # code
    assert sorted(run(home)[1].labels) == sorted(LABELS)
    (home / "regions" / "north" / "customers.csv").rename(home / "regions" / "north" / "x.csv")
    assert sorted(run(home)[1].labels) == ["2023-05/north", "2023-06/north"]


def test_a_book_that_moved_before_it_was_opened_is_not_on_record_as_what_it_was(home):
    path = home / "regions" / "south" / "orders.csv"
    was = path.read_text()

    def late(book, *rest):
        if book.label == "south":
            path.write_text(was + "late,C0,2023-06-29,7\n")
        return opener(book, *rest)

    run(home, opener=late)
    path.write_text(was)
    assert sorted(run(home)[1].labels) == ["2023-05/south", "2023-06/south"], "made of other data"
    assert run(home)[1].labels == []


def test_a_pack_that_was_touched_is_made_again_and_so_is_what_compares_with_it(home):
    run(home)
    (home / "out/2023-06/north/details.pdf").write_text("changed by hand")
    assert run(home)[1].labels == ["2023-06/north"]
    (home / "out/2023-05/south/results.json").write_text('{"month": "2023-05", "more": 1}')
    assert run(home)[1].labels == ["2023-05/south"]  # it is again what it was: June stays
    (home / "out/2023-06/north/manifest.json").write_text("not json")
    assert run(home)[1].labels == ["2023-06/north"]


def test_records_may_go_or_be_damaged_at_any_time(home):
    run(home)
    for damage in ("", "not json", '{"asked": 1}', "[]"):
        for path in (home / "out/.playbook").rglob("*.json"):
            path.write_text(damage)
        done, maker, _ = run(home)
        assert maker.labels == [] and set(statuses(done).values()) == {"same"}, damage


def test_variants_have_folders_of_their_own_and_replace_nothing(home):
    more = """
[[variants]]
only = ["goal-setting"]
parameters = {win_rate = 0.25}
[[variants]]
name = "east"
parameters = {top = 3}
books = ["north"]
"""
    _, maker, _ = run(home, more)
    assert {label.split("/")[1] for label in maker.labels} == {
        "north",
        "north.with-win_rate-0p25.only-01",
        "north.east",
        "south",
        "south.with-win_rate-0p25.only-01",
    }
    job = next(job for job in maker.made if job.label == "2023-06/north.east")
    assert dict(job.chapters)["02-segmentation"] == {
        "top": 3,
        "book": str(home / "regions" / "north"),
        "month": "2023-06",
    }
    assert not job.partial and job.source.name == "north"


@pytest.mark.parametrize(
    ("variant", "folder"),
    [
        ({}, "b"),
        ({"only": ("02", "01")}, "b.only-01-02"),
        ({"given": {"top": 20}}, "b.with-top-20"),
        ({"given": {"x": 0.25, "a": 1}}, "b.with-a-1-x-0p25"),
        ({"given": {"path": "../../etc"}}, "b.with-03b7c7371f"),
        ({"audience": "sales", "only": ("01",)}, "b.for-sales.only-01"),
        ({"audience": "华东"}, "b.for-华东"),
        ({"audience": "a/b"}, "b.for-a-b-c14cdd"),
        ({"language": "zh"}, "b.in-zh"),
        ({"name": "north", "given": {"top": 20}}, "b.north"),
    ],
)
def test_folders_say_what_differs_and_stay_inside_the_month(variant, folder):
    name = variant_folder("b", Variant.of(**variant))
    assert name == folder and "/" not in name


def test_a_failed_book_stops_no_other_and_the_worst_gives_the_exit_status(home):
    (home / "regions" / "broken").mkdir()
    (home / "regions" / "broken" / "playbook.toml").write_text("")
    maker = Inline()
    maker.fails["2023-05/north"] = OSError(errno.ENOSPC, "No space left on device")
    done, maker, _ = run(home, maker=maker)
    assert statuses(done) == {
        "2023-05..last/broken": "refused",
        "2023-05/north": "broken",
        "2023-06/north": "ok",
        "2023-05/south": "ok",
        "2023-06/south": "ok",
    }
    assert done.exit_status == 3 and "No space left" in done.rows[1].said[0]
    assert not (home / "out/2023-05/north").exists()
    assert run(home)[1].labels == ["2023-05/north", "2023-06/north"], "June compares with May"


def test_a_database_is_asked_what_it_holds_and_the_pack_stays_where_that_is_the_same(home):
    toml = '[sources.o]\ndatabase = "postgresql://u@h/d"\ntable = "orders"\n'
    (home / "regions" / "north" / "playbook.toml").write_text(toml)
    opened = []

    def noting(book, *more):
        opened.append(book.label)
        return opener(book, *more)

    run(home, opener=noting)
    opened.clear()
    done, maker, _ = run(home, opener=noting)
    assert opened == ["north"] and maker.labels == []
    assert set(statuses(done).values()) == {"same"}
    with (home / "regions" / "north" / "orders.csv").open("a") as file:  # what the stand-in gives
        file.write("late,C0,2023-06-29,7\n")
    assert sorted(run(home, opener=noting)[1].labels) == ["2023-05/north", "2023-06/north"]


def test_a_killed_batch_goes_on_where_it_was(home):
    class Killed(Inline):
        def submit(self, job):
            if len(self.made) == 2:
                raise KeyboardInterrupt
            return super().submit(job)

    with pytest.raises(KeyboardInterrupt):
        run(home, maker=Killed(), force=True)
    done, maker, _ = run(home, force=True, resume=True)
    assert len(maker.labels) == 2 and sorted(statuses(done).values()) == [
        "ok",
        "ok",
        "same",
        "same",
    ]
    texts = {p: p.read_bytes() for p in sorted((home / "out").glob("2*/*/*"))}
    run(home, force=True)
    assert texts == {p: p.read_bytes() for p in sorted((home / "out").glob("2*/*/*"))}


def test_sources_that_do_not_answer_are_asked_again_and_broken_ones_are_not(home):
    asked = []

    def failing(book, packs, folder, ship, tell=None):
        asked.append(book.label)
        opened = opener(book, packs, folder, ship)
        if book.label == "north" and asked.count("north") < 3:
            return Opened(problems=(problem("the database cannot be read: timeout"),), passing=True)
        return opened

    (home / "regions" / "south" / "orders.csv").write_text("no table")
    done, maker, _ = run(home, opener=failing)
    assert asked.count("north") == 3 and asked.count("south") == 1
    assert sorted(maker.labels) == ["2023-05/north", "2023-06/north"]
    assert statuses(done)["2023-05..last/south"] == "refused" and done.exit_status == 2


@pytest.mark.parametrize(
    ("found", "again"),
    [
        ("the database cannot be read: connection refused", True),
        ("the store cannot be read: timed out", True),
        ("the database cannot be read: password authentication failed for user x", False),
        ("the database cannot be read: no such table: orders", False),
        ("no such file", False),
        ("3 rows without a date", False),
    ],
)
def test_what_can_pass_is_told_from_what_cannot(found, again):
    from playbook.cli.opening import _may_pass

    assert _may_pass(problem(found)) is again


def test_an_archive_given_on_the_command_line_is_the_one_that_is_checked(home):
    """A file in a folder nobody may write to, as a container mounts it."""
    file = home / "batch.toml"
    (home / "reports").write_text("no folder")
    with pytest.raises(PlaybookError, match="cannot write to"):
        asked_books(load_batch(file), file, None)
    assert len(asked_books(load_batch(file), file, None, home / "elsewhere")) == 2


def test_everything_wrong_with_a_file_is_said_at_once_before_anything_runs(home):
    (home / "batch.toml").write_text(
        'books = ["regions/nroth", "regions/north"]\n[[variants]]\nparameters = {topp = 3}\n'
        '[[variants]]\nonly = ["goal-seting"]\n'
    )
    with pytest.raises(PlaybookError) as error:
        asked_books(load_batch(home / "batch.toml"), home / "batch.toml", None)
    told = str(error.value)
    for words in ("no book at regions/nroth", "'north'", "'topp'", "--only goal-seting"):
        assert words in told, words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("books = []", "books"),
        ('books = ["a"]\nmonths = ["2023-13"]', "'2023-13' names no months"),
        ('books = ["a"]\nmonths = ["2023-06..2023-05"]', "ends before it begins"),
        ('boks = ["a"]\nbooks = ["a"]', "did you mean 'books'"),
        ('books = ["a"]\nfull = false', "nothing to make"),
        ('books = ["a"]\n[[variants]]\nname = "only-01"', "does not begin with"),
        ('books = ["a"]\n[[variants]]\nname = "x"\n[[variants]]\nname = "X"', "one name"),
        ("books = [", "not readable as TOML"),
    ],
)
def test_a_batch_file_that_cannot_be_followed_is_refused(tmp_path, text, words):
    (tmp_path / "b.toml").write_text(text)
    with pytest.raises(PlaybookError) as error:
        load_batch(tmp_path / "b.toml")
    assert words in str(error.value)


def test_months_are_lists_ranges_and_the_last_closed():
    assert months_of(["2023-11..2024-01", "last"], "2024-02") == [
        "2023-11",
        "2023-12",
        "2024-01",
        "2024-02",
    ]
    assert months_of(["2023-05..last", "2023-06"], "2023-06") == ["2023-05", "2023-06"]
    assert months_of(["2023-07..last"], "2023-06") == []


def test_globs_meet_books_only_and_each_once(home):
    (home / "regions" / "notes").mkdir()
    found = found_books([("regions/*", ("last",)), ("regions/north", ("2023-01",))], home)
    assert [Path(path).name for path, _ in found] == ["north", "south"]


def test_two_books_of_one_name_do_not_replace_each_other(home):
    for name in ("north", "south"):
        (home / "regions" / name / "playbook.toml").write_text('[book]\nname = "one"\n')
    done, maker, _ = run(home)
    assert sorted(maker.labels) == ["2023-05/one", "2023-06/one"] and done.exit_status == 2
    assert "called 'one' too" in done.rows[-1].said[0]


def test_two_batches_on_one_archive_make_a_pack_once(home, monkeypatch):
    """While another batch holds a pack this one waits, and then takes what the other made."""
    run(home)
    (home / "out/2023-05/north").rename(home / "made by the other")
    (home / "out/2023-06/north/details.pdf").unlink()
    other, waited = receipts.Locks(home / "out"), []
    assert other.take("2023-05/north")

    def sleep(seconds):
        waited.append(seconds)
        (home / "made by the other").rename(home / "out/2023-05/north")
        other.give("2023-05/north")

    monkeypatch.setattr("playbook.report.batch.making.time.sleep", sleep)
    done, maker, _ = run(home)
    assert waited == [POLL] and maker.labels == ["2023-06/north"]
    assert statuses(done)["2023-05/north"] == "same"


def test_a_lock_is_one_process_at_a_time(tmp_path):
    ours, theirs = receipts.Locks(tmp_path), receipts.Locks(tmp_path)
    assert ours.take("a") and not theirs.take("a") and theirs.take("b")
    with ours.all_given():
        pass
    assert theirs.take("a")


def test_a_read_only_archive_costs_only_memory_of_what_was_done(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(archive.tempfile, "mkstemp", refuse)
    receipts.Receipts(tmp_path).keep("question", "key", [])
    receipts.Journal(tmp_path, "batch").add("label", "key")
    hashes = keys.FileHashes(tmp_path)
    (tmp_path / "file").write_text("x")
    hashes.of(tmp_path / "file")
    hashes.save()
    assert receipts.Receipts(tmp_path).packs("question", "key") is None
    assert not list(tmp_path.rglob("*.json"))


def test_a_full_disk_at_the_end_of_a_batch_does_not_take_its_table(home, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("playbook.report.record.index.write_whole", full)
    done, _, _ = run(home)
    assert set(statuses(done).values()) == {"ok"} and done.exit_status == 0
    assert [problem.found for problem in done.problems] == [
        "the list of packs could not be written: No space left on device"
    ]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path, left = tmp_path / "a.json", tmp_path / ".a.json.killed.part"
    left.write_text("half")
    os.utime(left, (1, 1))
    fresh = tmp_path / ".a.json.running.part"
    fresh.write_text("half")
    archive.write_whole(path, b"one")
    assert path.read_bytes() == b"one" and path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == sorted([path, fresh])

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        archive.write_whole(path, b"two")
    assert path.read_bytes() == b"one" and len(list(tmp_path.iterdir())) == 2


def test_a_file_is_hashed_again_when_it_moved_and_only_then(tmp_path, monkeypatch):
    path, read = tmp_path / "file", []
    path.write_text("one")
    os.utime(path, ns=(1, 1))
    plain = keys.hashlib.file_digest
    monkeypatch.setattr(
        keys.hashlib, "file_digest", lambda f, n: read.append(f.name) or plain(f, n)
    )
    monkeypatch.setattr(keys, "_mark", lambda stat: [stat.st_size, stat.st_mtime_ns, 1, 1, 1])
    first = keys.FileHashes(tmp_path)
    one = first.of(path)
    first.save()
    assert keys.FileHashes(tmp_path).of(path) == one and len(read) == 1
    assert keys.FileHashes(tmp_path, again=True).of(path) == one and len(read) == 2
    path.write_text("two")
    os.utime(path, ns=(2, 2))
    assert keys.FileHashes(tmp_path).of(path) != one and len(read) == 3


def test_a_file_that_changes_while_it_is_hashed_is_not_remembered(tmp_path, monkeypatch):
    path, plain = tmp_path / "file", keys.hashlib.file_digest
    path.write_text("one")

    def meanwhile(file, name):
        found = plain(file, name)
        with path.open("a") as more:
            more.write("more")
        return found

    monkeypatch.setattr(keys.hashlib, "file_digest", meanwhile)
    hashes = keys.FileHashes(tmp_path)
    hashes.of(path)
    assert hashes.fresh == {}


def test_a_hash_taken_in_the_moment_of_writing_is_not_remembered(tmp_path):
    path = tmp_path / "file"
    path.write_text("one")
    hashes = keys.FileHashes(tmp_path)
    hashes.of(path)
    os.utime(path, ns=(2**62, 2**62))
    hashes.fresh = {
        place: [[3, 2**62, 2**62, 1, 1], sha] for place, (_, sha) in hashes.fresh.items()
    }
    hashes.save()
    assert json.loads((tmp_path / ".playbook/hashes.json").read_text()) == {}


def test_the_key_covers_files_that_the_settings_name_and_knows_what_it_cannot_see(tmp_path):
    (tmp_path / "in").mkdir()
    toml = '[report]\nlogo = "logo.svg"\n[sources.o]\nfile = "in/*.csv"\n'
    (tmp_path / "playbook.toml").write_text(toml)
    for name in ("logo.svg", "in/a.csv", "in/b.csv", "notes.md", "reps.csv"):
        (tmp_path / name).write_text(name)
    found = keys.book_inputs(tmp_path, keys.FileHashes())
    assert set(found.files) == {"playbook.toml", "logo.svg", "in/a.csv", "in/b.csv", "reps.csv"}
    assert found.known
    for database, log in (("duckdb:///a.db", "a.db.wal"), ("sqlite:///b.db", "b.db-wal")):
        (tmp_path / "playbook.toml").write_text(f'[sources.o]\ndatabase = "{database}"\n')
        (tmp_path / database.rpartition("/")[2]).write_text("")
        before = keys.book_inputs(tmp_path, keys.FileHashes())
        (tmp_path / log).write_text("rows not yet moved into the file")
        assert keys.book_inputs(tmp_path, keys.FileHashes()) != before and before.known, log
    for source in ('database = "postgresql://h/d"\ntable = "t"', 'file = "s3://b/k.csv"'):
        (tmp_path / "playbook.toml").write_text(f"[sources.o]\n{source}\n")
        assert not keys.book_inputs(tmp_path, keys.FileHashes()).known, source
    (tmp_path / "playbook.toml").write_text("not [ toml")
    assert not keys.book_inputs(tmp_path, keys.FileHashes()).known


def test_a_real_book_is_opened_once_for_all_its_months_and_frozen(home):
    asked = asked_books(load_batch(home / "batch.toml"), home / "batch.toml", None)
    north = asked[0]
    opened = open_packs(north, north.packs, str(home / "frozen"), False)
    assert [ready.source.month for ready in opened.ready] == ["2023-05", "2023-06"]
    assert {ready.source.fingerprint for ready in opened.ready} == {opened.fingerprint}
    assert {ready.snapshot.folder for ready in opened.ready} == {home / "frozen" / "book-"}
    (home / "regions" / "north" / "orders.csv").write_text("not a table")
    settings, read = thaw(home / "frozen" / "book-")
    book = Book(settings, read, opened.ready[0].source.as_of)
    assert book.fingerprint == opened.fingerprint and str(book.month) == "2023-05"
    assert book.facts().tables[-1].rows == 4  # orders known by the end of May
    late = AskedBook(north.path, ("2023-12",), north.packs)
    (home / "regions" / "north" / "orders.csv").write_bytes(
        (home / "regions" / "south" / "orders.csv").read_bytes()
    )
    refused = open_packs(late, late.packs, str(home / "more"), False)
    assert "after the data end" in refused.problems[0].found and not refused.ready


def test_a_job_carries_everything_and_comes_back_whole(home, tmp_path):
    _, maker, _ = run(home)
    job = next(job for job in maker.made if job.label == "2023-06/north")
    assert job.snapshot.folder is not None
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    (frozen / "book.pickle").write_bytes(b"x")
    sent = PackJob(**{**vars(job), "snapshot": Snapshot(frozen)}).sent()
    assert sent.out is None and sent.snapshot.folder is None and sent.snapshot.content
    assert set(sent.notebooks) == {f"{name}.ipynb" for name, _ in job.chapters}
    assert sent.last == json.loads((home / "out/2023-05/north/results.json").read_text())
    assert pickle.loads(pickle.dumps(sent)) == sent
    unpack(sent.snapshot.content, tmp_path / "there")
    assert (tmp_path / "there" / "book.pickle").read_bytes() == b"x"
    assert pack_up(tmp_path / "there") == pack_up(frozen), "the same bytes for the same files"


def test_nothing_of_a_pack_lands_outside_its_folder(tmp_path):
    import io
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo("../escaped")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(tarfile.FilterError):
        unpack(out.getvalue(), tmp_path / "in")
    assert not (tmp_path / "escaped").exists()


def test_audiences_asked_for_together_under_one_name_have_a_folder_each(tmp_path):
    """``name`` and ``audience = "all"``: one folder for all would hold the last pack alone."""
    from playbook.report.batch.asked import AskedPack

    asked = AskedPack((), Variant(name="readers", audience="all"))
    source = Source("", "north", "North", "2023-09", date(2023, 9, 30), "CNY", "en", "f" * 8)
    parts = [Ready(asked, source, part=part).variant for part in ("west", "reps-R1")]
    assert [variant_folder("north", v) for v in parts] == [
        "north.readers-west",
        "north.readers-reps-R1",
    ]
    one = AskedPack((), Variant(name="readers", audience="west"))
    assert variant_folder("north", Ready(one, source, part="west").variant) == "north.readers"
    plain = AskedPack((), Variant(audience="all"))
    assert variant_folder("north", Ready(plain, source, part="west").variant) == "north.for-west"


def test_a_language_that_is_the_books_own_makes_no_variant(tmp_path):
    from playbook.report.batch.asked import AskedPack

    (tmp_path / "playbook.toml").write_text('[book]\nlanguage = "zh"\n', encoding="utf-8")
    zh, sample = (
        Source(at, "north", "North", "2023-09", date(2023, 9, 30), "CNY", "en", "f" * 8)
        for at in (str(tmp_path), "")
    )
    for source, language, folder in (
        (zh, "zh", "north"),
        (zh, "en", "north.in-en"),
        (zh, "", "north"),
        (sample, "en", "north"),  # a book that names none speaks English
        (sample, "zh", "north.in-zh"),
    ):
        asked = AskedPack((), Variant(language=language))
        assert variant_folder("north", Ready(asked, source).variant) == folder


@pytest.mark.parametrize(("language", "asked"), [("zh", ""), ("en", "en"), ("", "")])
def test_one_pack_in_the_books_own_language_is_the_plain_one(
    tmp_path, monkeypatch, language, asked
):
    (tmp_path / "playbook.toml").write_text('[book]\nlanguage = "zh"\n', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, "en")  # put back afterwards, whatever the command leaves
    seen = {}

    def request(*given, **named):
        seen.update(named)
        raise SystemExit(0)

    monkeypatch.setattr("playbook.report.run.plan.Request", request)
    with pytest.raises(SystemExit):
        reports.report(books=[str(tmp_path)], out=tmp_path / "out", language=language)
    assert seen["language"] == asked
