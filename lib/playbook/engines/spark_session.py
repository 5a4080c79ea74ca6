"""A Spark session by its address, for books that name one."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from typing import Any

from playbook.base.errors import Problem
from playbook.base.language import say

from .needs import EngineProblem, need

LOOPBACK = re.compile(r"local(\[.*\])?|spark://(127\.0\.0\.1|localhost):\d+")
# Answers are small: a few partitions after a grouping are enough, and adaptive plans split larger
SETTINGS = {
    "spark.app.name": "playbook",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
}


def session_of(master: str, options: Mapping[str, str]) -> Any:
    """A session on ``master``, or the one this process has there already; ``options`` come last.

    Raises EngineProblem where Spark or Java is not there, or nobody answers.
    """
    need("spark")
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        raise EngineProblem(
            Problem(
                found=say("no Java"),
                expected=say("Java 17 or newer, which Spark runs on"),
                try_=say(
                    "install it (Debian: apt-get install default-jre-headless), or set JAVA_HOME"
                ),
            )
        )
    from pyspark.sql import SparkSession

    here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    settings = {**SETTINGS, **(here if LOOPBACK.fullmatch(master) else {}), **options}
    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        said = str(error).strip().partition("\n")[0]
        raise EngineProblem(
            Problem(
                found=say("no Spark session on {master}: {why}", master=master, why=said[:300]),
                expected=say("a Spark master that answers"),
                try_=say("look at [engine] spark and options, and at the master's log"),
            )
        ) from None
