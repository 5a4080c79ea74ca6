"""The Windows task scheduler."""

from __future__ import annotations

import subprocess
from xml.sax.saxutils import escape

from .job import Job

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
FROM = "2024-01-01"  # a day that has passed: the task is due from its next date on


def task(job: Job) -> str:
    """A task for ``schtasks /Create /TN NAME /XML FILE``: the packs, then the deliveries. Times are
    those of the machine, which is what the task scheduler knows.
    """
    months = "".join(f"<{name} />" for name in MONTHS)
    hours = 12 + -(-job.wait // 3600)  # waiting for sources does not count as a run that hangs
    return (
        '<?xml version="1.0"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        "  <RegistrationInfo>\n"
        f"    <Description>{escape(job.title)}</Description>\n"
        "  </RegistrationInfo>\n"
        "  <Triggers>\n"
        "    <CalendarTrigger>\n"
        f"      <StartBoundary>{FROM}T{job.hour:02d}:{job.minute:02d}:00</StartBoundary>\n"
        "      <Enabled>true</Enabled>\n"
        "      <ScheduleByMonth>\n"
        f"        <DaysOfMonth><Day>{job.day}</Day></DaysOfMonth>\n"
        f"        <Months>{months}</Months>\n"
        "      </ScheduleByMonth>\n"
        "    </CalendarTrigger>\n"
        "  </Triggers>\n"
        "  <Settings>\n"
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n"
        "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n"
        "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n"
        "    <StartWhenAvailable>true</StartWhenAvailable>\n"
        f"    <ExecutionTimeLimit>PT{hours}H</ExecutionTimeLimit>\n"
        "  </Settings>\n"
        "  <Actions>\n"
        f"{_action(job, job.making)}"
        f"{_action(job, job.sending)}"
        "  </Actions>\n"
        "</Task>\n"
    )


def _action(job: Job, words: tuple[str, ...]) -> str:
    arguments = subprocess.list2cmdline(words[1:])
    return (
        "    <Exec>\n"
        f"      <Command>{escape(words[0])}</Command>\n"
        f"      <Arguments>{escape(arguments)}</Arguments>\n"
        f"      <WorkingDirectory>{escape(str(job.folder))}</WorkingDirectory>\n"
        "    </Exec>\n"
    )
