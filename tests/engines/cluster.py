"""Spark on this machine for tests: one master and two workers on loopback, from the wheel."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Small data: compiling plans and code costs more than running them.
QUICK = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.memory": "512m",
    "spark.driver.memory": "1g",
}


def missing() -> str:
    """Why Spark cannot be tried here; empty where it can."""
    if os.environ.get("PLAYBOOK_ENGINES", "") != "1":
        return "engines are tried by `make engines`"
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        return "pyspark is not installed: pip install 'playbook[spark]'"
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        return "no Java: apt-get install default-jre-headless"
    return ""


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a standalone cluster that lives as long as the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    place = {
        **os.environ,
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    started: list[subprocess.Popen[bytes]] = []

    def run(name: str, *words: str) -> Path:
        log = folder / f"{name}.log"
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{words[0]}"]
        with log.open("wb") as out:
            started.append(
                subprocess.Popen(
                    [*command, *words[1:]],
                    stdout=out,
                    stderr=out,
                    env=place,
                    cwd=folder,
                    preexec_fn=_die_with_parent,
                )
            )
        return log

    try:
        log = run("master", "master.Master", "--host", "127.0.0.1", "--port", "0")
        address = _said(log, r"Starting Spark master at (spark://\S+)")
        for i in range(workers):
            own = folder / f"worker-{i}"
            words = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "-d", str(own)]
            log = run(f"worker-{i}", "worker.Worker", *words, address)
            _said(log, r"Successfully registered with master (\S+)")
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def _die_with_parent() -> None:
    """Nothing of a cluster outlives a test that is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _said(log: Path, pattern: str, seconds: float = 300) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(f"{log.name} never said {pattern}: {log.read_text(errors='replace')[-500:]}")
