"""cron and systemd."""

from __future__ import annotations

import shlex

from playbook.base.language import say

from .job import Job


def cron(job: Job) -> str:
    """A crontab: the packs, then the deliveries, whatever became of single books."""
    steps = f"{shell(job.making)}; {shell(job.sending)}"
    line = f"cd {shlex.quote(str(job.folder))} && {{ {steps}; }} >> {job.name}.log 2>&1"
    escaped = line.replace("%", r"\%")  # an unescaped % ends the command in a crontab
    told = (
        say("{title}: every month; add it with `crontab -e`.", title=one_line(job.title)),
        say("Times are those of CRON_TZ where cron knows it (cronie); else of the machine."),
        say("Passwords: set them in a file only this user reads, and load it in the line below."),
    )
    return "".join(f"# {one}\n" for one in told) + f"CRON_TZ={job.zone}\n{job.cron} {escaped}\n"


def systemd_service(job: Job) -> str:
    """The unit that makes the packs and, when it is over, sends what was finished."""
    return (
        "[Unit]\n"
        f"Description={_unit(say('playbook {title}', title=one_line(job.title)))}\n"
        "Wants=network-online.target\n"
        "After=network-online.target\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"WorkingDirectory={_unit(str(job.folder))}\n"
        f"EnvironmentFile=-/etc/playbook/{job.name}.env\n"
        f"ExecStart={_words(job.making)}\n"
        f"ExecStopPost={_words(job.sending)}\n"
        "TimeoutStartSec=infinity\n"
        "NoNewPrivileges=yes\n"
        "PrivateTmp=yes\n"
        "UMask=0027\n"
        "Nice=5\n"
    )


def systemd_timer(job: Job) -> str:
    """The timer that starts it; a machine that was off catches up when it is on again."""
    return (
        "[Unit]\n"
        f"Description={_unit(say('when playbook {title} runs', title=one_line(job.title)))}\n"
        "\n"
        "[Timer]\n"
        f"OnCalendar=*-*-{job.day:02d} {job.hour:02d}:{job.minute:02d}:00 {job.zone}\n"
        "Persistent=true\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def shell(words: tuple[str, ...]) -> str:
    """Words as a shell reads them."""
    return shlex.join(words)


def one_line(text: str) -> str:
    """A text that cannot begin a line of its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _unit(text: str) -> str:
    """A text in which systemd expands nothing."""
    return text.replace("%", "%%")


def _words(words: tuple[str, ...]) -> str:
    """Words of a command line in a unit: each in quotes, $ and % as they stand."""
    quoted = []
    for word in words:
        plain = _unit(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
        quoted.append(f'"{plain}"')
    return " ".join(quoted)
