"""Airflow, Dagster and GitHub Actions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playbook.base.errors import refused
from playbook.base.language import later, say
from playbook.base.params import NOTEBOOKS

from .job import Job
from .unix import shell

NONE_STOPPED = later("a failed book stops no other's delivery")
THEN_RED = later("what was finished is sent although a book failed; then the run is red")
WINTER = 2024, 1  # offsets of a zone are told for January


def airflow(job: Job) -> str:
    """A DAG for a batch: one task makes the packs and one sends them. They are commands, since a
    pack is more than its notebooks; ``airflow_notebooks`` has those as PapermillOperators.
    """
    return (
        f'"""{_doc(job)}"""\n'
        "\n"
        "from datetime import timedelta\n"
        "\n"
        "import pendulum\n"
        "from airflow import DAG\n"
        "\n"
        "try:\n"
        "    from airflow.providers.standard.operators.bash import BashOperator\n"
        "except ImportError:  # Airflow 2\n"
        "    from airflow.operators.bash import BashOperator\n"
        "\n"
        "with DAG(\n"
        f"    dag_id={_py(job.name)},\n"
        f"    schedule={_py(job.cron)},\n"
        f"    start_date=pendulum.datetime(2024, 1, 1, tz={_py(job.zone)}),\n"
        "    catchup=False,\n"
        "    max_active_runs=1,\n"
        ") as dag:\n"
        "    packs = BashOperator(\n"
        '        task_id="packs",\n'
        f"        bash_command={_py(_plain(shell(job.making)))},\n"
        f"        cwd={_py(str(job.folder))},\n"
        f"        execution_timeout=timedelta(seconds={job.wait + 12 * 3600}),\n"
        "    )\n"
        "    deliveries = BashOperator(\n"
        '        task_id="deliveries",\n'
        f"        bash_command={_py(_plain(shell(job.sending)))},\n"
        f"        cwd={_py(str(job.folder))},\n"
        f'        trigger_rule="all_done",  # {say(NONE_STOPPED)}\n'
        "    )\n"
        "    packs >> deliveries\n"
    )


def airflow_notebooks(job: Job, book: str, notebooks: str) -> str:
    """A DAG with a PapermillOperator per notebook: executed notebooks, without a pack, for those
    who look at them in Airflow. ``book`` is a folder; the month is the one before the run, which
    ends an interval in Airflow 2 and is one without length in Airflow 3.
    """
    before = f"data_interval_end.in_timezone('{job.zone}').subtract(months=1)"
    month = f"{{{{ {before}.strftime('%Y-%m') }}}}"
    names = list(NOTEBOOKS)
    return (
        f'"""{_doc(job)}"""\n'
        "\n"
        "import pendulum\n"
        "from airflow import DAG\n"
        "from airflow.providers.papermill.operators.papermill import PapermillOperator\n"
        "\n"
        f"NOTEBOOKS = {_py(notebooks)}\n"
        f"BOOK = {_py(book)}\n"
        f"OUT = {_py(str(job.folder / 'notebooks-out'))}\n"
        f"MONTH = {_py(month)}\n"
        "\n"
        "with DAG(\n"
        f"    dag_id={_py(job.name + '-notebooks')},\n"
        f"    schedule={_py(job.cron)},\n"
        f"    start_date=pendulum.datetime(2024, 1, 1, tz={_py(job.zone)}),\n"
        "    catchup=False,\n"
        "    max_active_runs=1,\n"
        ") as dag:\n"
        f"    for name in {_py(names)}:\n"
        "        PapermillOperator(\n"
        "            task_id=name,\n"
        '            input_nb=f"{NOTEBOOKS}/{name}.ipynb",\n'
        '            output_nb=f"{OUT}/{MONTH}-{name}.ipynb",\n'
        '            parameters={"book": BOOK, "month": MONTH},\n'
        "        )\n"
    )


def dagster(job: Job) -> str:
    """A job and its schedule."""
    return (
        f'"""{_doc(job)}"""\n'
        "\n"
        "import subprocess\n"
        "\n"
        "from dagster import Definitions, ScheduleDefinition, job, op\n"
        "\n"
        f"FOLDER = {_py(str(job.folder))}\n"
        "\n"
        "\n"
        "@op\n"
        "def packs() -> int:\n"
        f"    return subprocess.run({_py(list(job.making))}, cwd=FOLDER).returncode\n"
        "\n"
        "\n"
        "@op\n"
        "def deliveries(status: int) -> None:\n"
        f"    # {say(THEN_RED)}\n"
        f"    subprocess.run({_py(list(job.sending))}, cwd=FOLDER, check=True)\n"
        "    if status:\n"
        '        raise RuntimeError(f"playbook ended with status {status}")\n'
        "\n"
        "\n"
        f"@job(name={_py(job.name.replace('-', '_'))})\n"
        "def monthly():\n"
        "    deliveries(packs())\n"
        "\n"
        "\n"
        "definitions = Definitions(\n"
        "    jobs=[monthly],\n"
        "    schedules=[\n"
        "        ScheduleDefinition(\n"
        "            job=monthly,\n"
        f"            cron_schedule={_py(job.cron)},\n"
        f"            execution_timezone={_py(job.zone)},\n"
        "        )\n"
        "    ],\n"
        ")\n"
    )


def github(job: Job) -> str:
    """A workflow on a runner of the firm's own: its tables and packs stay there. GitHub knows UTC
    only: the time is told for January, an hour off where clocks change in summer.
    """
    return (
        f"# {_doc(job)}\n"
        f"name: {_yaml(job.name)}\n"
        "on:\n"
        "  schedule:\n"
        f"    - cron: {_yaml(_utc_cron(job))}  # UTC\n"
        "  workflow_dispatch:\n"
        "permissions:\n"
        "  contents: read\n"
        "concurrency:\n"
        f"  group: {_yaml(job.name)}\n"
        "  cancel-in-progress: false\n"
        "jobs:\n"
        "  monthly:\n"
        "    runs-on: self-hosted\n"
        f"    timeout-minutes: {job.wait // 60 + 720}\n"
        "    defaults:\n"
        "      run:\n"
        f"        working-directory: {_yaml(str(job.folder))}\n"
        "    steps:\n"
        "      - name: Packs\n"
        f"        run: {_yaml(shell(job.making))}\n"
        "      - name: Deliveries\n"
        "        if: ${{ !cancelled() }}\n"
        "        env:\n"
        "          PLAYBOOK_SMTP_PASSWORD: ${{ secrets.PLAYBOOK_SMTP_PASSWORD }}\n"
        f"        run: {_yaml(shell(job.sending))}\n"
    )


def _utc_cron(job: Job) -> str:
    """The time in UTC. Raises ParameterProblem where it falls into the month before or after, which
    no cron line can say.
    """
    year, month = WINTER
    here = datetime(year, month, job.day, job.hour, job.minute, tzinfo=ZoneInfo(job.zone))
    there = here.astimezone(UTC)
    if there.month != month:
        raise refused(
            f"--day {job.day} at {job.hour:02d}:{job.minute:02d} in {job.zone} is"
            f" {there:%d %B} in UTC, the only zone GitHub knows",
            "a day that is in the same month in UTC",
            f"--day {job.day + 1}",
        )
    return f"{there.minute} {there.hour} {there.day} * *"


def _doc(job: Job) -> str:
    text = "".join(c if c.isalnum() or c in " -_." else "-" for c in job.title)
    return say(
        "{title}: the packs of the last closed month, every month on day {day}.",
        title=text,
        day=job.day,
    )


def _py(value: object) -> str:
    """A literal of Python; JSON's strings and lists are."""
    return json.dumps(value, ensure_ascii=True)


def _yaml(text: str) -> str:
    """A quoted scalar of YAML; GitHub expands nothing in it."""
    return json.dumps(text.replace("${{", "$ {{"), ensure_ascii=False)


def _plain(command: str) -> str:
    """A command in which Jinja expands nothing; the blank keeps it from being read as a file."""
    marked = command.replace("{{", "{{ '{{' }}").replace("{%", "{{ '{%' }}")
    return f"{marked} "
