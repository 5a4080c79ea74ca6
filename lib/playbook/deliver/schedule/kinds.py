"""The definitions by name: what each is called, and the files it is made of."""

from __future__ import annotations

from collections.abc import Callable

from . import flows, unix, windows
from .job import Job

Files = dict[str, str]

KINDS: dict[str, Callable[[Job], Files]] = {
    "cron": lambda job: {f"{job.name}.crontab": unix.cron(job)},
    "systemd": lambda job: {
        f"{job.name}.service": unix.systemd_service(job),
        f"{job.name}.timer": unix.systemd_timer(job),
    },
    "windows": lambda job: {f"{job.name}.xml": windows.task(job)},
    "airflow": lambda job: {f"{_module(job)}.py": flows.airflow(job)},
    "dagster": lambda job: {f"{_module(job)}_dagster.py": flows.dagster(job)},
    "github": lambda job: {f"{job.name}.yml": flows.github(job)},
}


def _module(job: Job) -> str:
    return job.name.replace("-", "_")
