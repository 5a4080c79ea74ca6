"""The engine tells the truth about every cell and always saves; both ways of starting a kernel give
the same notebook.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import making
import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from playbook.report.run.engine import Execution
from playbook.report.run.needed import HEAVY
from playbook.report.run.processes import can_fork
from playbook.report.run.worker import records, tidy, trace
from runs import report


@pytest.fixture(autouse=True)
def short_sockets(monkeypatch):
    from playbook.report.run.processes import runtime_folder

    with runtime_folder() as folder:
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
        yield


def execute(path: Path, out: Path, **options):
    execution = Execution()
    try:
        papermill.execute_notebook(
            path, out, engine_name="playbook", progress_bar=False, execution=execution, **options
        )
        failed = False
    except PapermillExecutionError:
        failed = True
    return execution, failed


def of(execution: Execution) -> dict[str, str]:
    return {cell.id: cell.status for cell in execution.cells}


def test_a_failed_cell_is_failed_and_what_follows_was_not_run(tmp_path):
    path = making.notebook(
        tmp_path,
        making.code("1", name="before"),
        making.code("raise KeyError('x')", name="bad"),
        making.code("2", name="after"),
        setup="pass",
    )
    seen = []
    execution, failed = execute(
        path,
        tmp_path / "out.ipynb",
        on_cell=lambda cell, total: seen.append((cell.id, cell.status, total)),
    )
    assert failed and execution.status == "failed" and execution.culprit.id == "bad"
    assert of(execution) == {
        "title": "ok",
        "parameters": "ok",
        "setup": "ok",
        "before": "ok",
        "bad": "failed",
        "after": "not run",
    }
    assert seen[-1] == ("bad", "failed", 6)
    saved = {
        cell["id"]: cell.metadata.papermill.status
        for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells
        if "papermill" in cell.metadata
    }
    assert (
        saved["bad"] == "failed" and saved["after"] == "not run" and saved["before"] == "completed"
    )
    assert "KeyError" in trace(execution.node) and "\x1b" not in trace(execution.node)


def test_the_time_limit_is_for_the_whole_notebook(tmp_path):
    cells = [
        making.code(f"import time; time.sleep({s})", name=f"s{i}")
        for i, s in enumerate((0.2, 60, 0))
    ]
    execution, failed = execute(
        making.notebook(tmp_path, *cells, setup="pass"), tmp_path / "out.ipynb", time_limit=4
    )
    assert failed and execution.status == "timeout" and of(execution)["s2"] == "not run"
    assert execution.culprit.id == "s1" and execution.seconds < 40
    error = next(
        cell for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells if cell["id"] == "s1"
    ).outputs[-1]
    assert (error.ename, "4 s" in error.evalue) == ("TimeLimit", True)


@pytest.mark.parametrize("kernels", ["stock", "forked"])
def test_a_kernel_that_dies_is_said_so_and_the_notebook_is_saved(tmp_path, kernels):
    cells = (
        making.code("print('said before')", name="said"),
        making.code("import os; os.kill(os.getpid(), 9)", name="dies"),
        making.code("1", name="after"),
    )
    execution, failed = execute(
        making.notebook(tmp_path, *cells, setup="pass"), tmp_path / "out.ipynb", kernels=kernels
    )
    assert failed and of(execution)["dies"] == "failed" and of(execution)["after"] == "not run"
    assert "said before" in (tmp_path / "out.ipynb").read_text()
    assert "KernelDied" in trace(execution.node)


SHOWN = (
    "import sys\nprint('one'); print('two', file=sys.stderr); print('three')",
    "from IPython.display import clear_output, display, HTML\nhandle = display(1, display_id='x')\n"
    "handle.update(HTML('<b>2</b>')); print('gone'); clear_output(); display({'a': (1, 2.5)})",
    "import datetime\nclass Bundle:\n    def _repr_mimebundle_(self, **k):\n        return "
    "{'application/json': {'day': datetime.date(2023, 1, 2), 't': (1,)}, "
    "'image/png': b'abc', 'text/plain': 'é 中'}\nBundle()",
    "%%time\n1",
    "!echo shell",
    "x = 1 if True else _\nx + len(In) * 0",
    "async def later():\n    return 3\nawait later()",
)
WRONG = ("1/0", "def wrong(:", "exit()", "import sys; sys.exit(3)")


def outputs_of(node) -> list:
    """What the cells show, the way to the interpreter and the time a cell took left aside. A kernel
    sends what is printed when it comes to it: streams are compared whole.
    """
    found = []
    for cell in tidy(node).cells:
        printed, shown = {"stdout": "", "stderr": ""}, []
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream":
                printed[output["name"]] += output["text"]
            else:
                shown.append(output)
        text = printed["stdout"].replace("ipykernel_launcher", "True")
        printed["stdout"] = re.sub(r"(?m)^(CPU times|Wall time).*\n", "", text)
        found.append((cell.get("execution_count"), printed, shown))
    return found


def test_forked_and_stock_kernels_give_the_same_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_BATCH", "1")
    source = (
        "import os, sys, random, numpy\nprint(__name__, os.getcwd(), sys.argv[0].endswith('py') or"
        " sys.argv[0], is_batch := os.environ.get('PLAYBOOK_BATCH'))"
    )
    plot = "import matplotlib.pyplot as plt\nprint(plt.get_backend())\nplt.plot([1, 2]); plt.show()"
    path = making.notebook(
        tmp_path,
        making.code(making.GOOD),
        making.code(source),
        making.code(plot),
        making.code("1/3"),
        *(making.code(source) for source in SHOWN),
        *(making.code(source, "raises-exception") for source in WRONG),
        making.code("raise KeyError('last')"),
    )
    nodes = [execute(path, None, kernels=kernels)[0].node for kernels in ("stock", "forked")]
    assert len(records(nodes[0])) == 1
    first, second = (outputs_of(node) for node in nodes)
    assert first == second


@pytest.mark.skipif(
    not can_fork() or sys.version_info >= (3, 14),
    reason="kernels here start from a fork server of their own or from nothing",
)
def test_kernels_of_a_run_are_forked_from_what_has_imported_everything(tmp_path):
    making.notebook(
        tmp_path / "nb",
        making.code(
            "import sys; assert 'duckdb' in sys.modules, 'this kernel came from a process that had"
            " imported nothing'"
        ),
        setup="pass",
    )
    making.book(tmp_path / "book", ["Ann"])
    run = report(
        tmp_path / "out",
        "--book",
        tmp_path / "book",
        "--notebooks",
        tmp_path / "nb",
        "--only",
        "01-goal-setting",
    )
    assert run.status == 0, run.said


def test_forked_kernels_are_not_alike_by_chance(tmp_path):
    path = making.notebook(
        tmp_path,
        making.code(
            "import random, numpy; print(random.random(), numpy.random.random())", name="dice"
        ),
    )
    rolled = {
        str(execute(path, None, kernels="forked")[0].node.cells[-1].outputs) for _ in range(2)
    }
    assert len(rolled) == 2


def test_nothing_forked_has_threads_of_python_or_blas():
    """Forking a process with threads can hang the child; nothing imported before may start one.

    Arrow's allocator keeps one of its own, which it stops before a fork and starts again after.
    """
    script = (
        "import os, threading; from playbook.report.run import preload; assert"
        " threading.active_count() == 1; print({open(f'/proc/self/task/{task}/comm').read().strip()"
        " for task in os.listdir('/proc/self/task') if task != str(os.getpid())})"
    )
    environment = {
        **os.environ,
        "PLAYBOOK_PRELOAD": ",".join([*HEAVY, "playbook.data.book", "playbook.page"]),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() in ("{'jemalloc_bg_thd'}", "set()"), done.stdout + done.stderr


def test_plain_papermill_needs_no_engine(tmp_path):
    path = making.notebook(tmp_path, making.code("print(month, book)"))
    command = [
        str(Path(sys.executable).with_name("papermill")),
        str(path),
        str(tmp_path / "out.ipynb"),
        "-p",
        "month",
        "2023-06",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "2023-06" in (tmp_path / "out.ipynb").read_text()


def test_the_engine_can_be_imported_before_papermill():
    script = (
        "from playbook.report.run.engine import PlaybookEngine as E; from papermill.engines import"
        " papermill_engines as p; assert p.get_engine('playbook') is E"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stderr == ""
    )


def test_what_no_run_asks_for_is_not_imported():
    script = (
        "import sys, playbook.report.run.worker; assert 'nbconvert' not in sys.modules;"
        " assert 'webcolors' not in sys.modules; import webcolors, nbformat;"
        " nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('1')]))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stderr == ""
    )


def test_a_chapter_imports_nothing_that_another_imports_again():
    script = (
        "import sys; from playbook.report.run import preload; before = set(sys.modules);"
        " from playbook.report.run.shell import Shell; from traitlets.config import Config;"
        " Shell(config=Config({'HistoryManager': {'enabled': False}})).run_cell('1');"
        " print(sorted({m for m in set(sys.modules) - before if m.startswith('IPython.core')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PLAYBOOK_PRELOAD": ",".join(HEAVY)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_slow_import_stays_out():
    script = (
        "from playbook.report.run.lean import block_slow_imports as b; b(); import"
        " playbook.report.run.worker, sys; assert sys.modules['rfc3987_syntax'] is None; import"
        " nbformat, nbconvert"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stderr == ""
    )
