"""Where kernels come from: started as Jupyter starts them, or forked from a process that has
imported everything once.

Both speak over sockets in a private folder (IPC) instead of ports: no port can be taken, and nobody
else can listen.
A forked kernel is an ordinary ipykernel process of its own; only its start is shorter.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir
from traitlets import default

from .plan import Kernels
from .processes import can_fork, die_with_parent, start

LAUNCHER = "ipykernel_launcher"


class IpcManager(AsyncKernelManager):
    """Jupyter's manager over IPC, its sockets beside the connection file under a name no other
    kernel has.
    """

    @default("transport")
    def _ipc(self) -> str:
        return "ipc" if sys.platform != "win32" else "tcp"

    @default("ip")
    def _socket(self) -> str:
        if self.transport != "ipc":
            return super()._ip_default()
        folder = Path(jupyter_runtime_dir())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return str(folder / f"k{uuid4().hex[:12]}")


class ForkManager(IpcManager):
    """The same, whose kernels are forked when they are the Python we run on."""

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        if (
            self.provisioner is None
            and self.kernel_spec is not None
            and _is_ours(self.kernel_spec.argv)
        ):
            self.provisioner = ForkProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**kw)


class ForkProvisioner(LocalProvisioner):
    """Asks the fork server for a kernel; where that fails the kernel starts the ordinary way."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        try:
            self.process = Forked(cmd[cmd.index(LAUNCHER) + 1 :], kwargs["env"], kwargs.get("cwd"))
        except (OSError, EOFError):
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)
        self.process = None
        return 0


class Forked:
    """A forked kernel with the manners of ``subprocess.Popen``, which the provisioner expects."""

    stdin = stdout = stderr = None

    def __init__(self, argv: list[str], environment: dict[str, str], folder: str | None):
        self.process = start(serve, argv, environment, folder)
        self.pid = self.process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self.process.join(timeout)
        return self.process.exitcode

    def send_signal(self, signum: int) -> None:
        os.kill(self.pid, signum)

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()


def _is_ours(argv: list[str]) -> bool:
    """Whether a kernelspec starts ipykernel on the Python we run on."""
    return LAUNCHER in argv and (argv[0] in ("python", "python3") or argv[0] == sys.executable)


def manager_class(kernels: Kernels) -> type[AsyncKernelManager]:
    """The kernel manager of a way of starting; forked kernels need a system that can fork."""
    return ForkManager if kernels == "forked" and can_fork() else IpcManager


def serve(argv: list[str], environment: dict[str, str], folder: str | None) -> None:
    """Be a kernel. Runs in the forked child and sets up what a new process would have had."""
    die_with_parent()
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    if folder:
        os.chdir(folder)
    _new_random_states()
    sys.argv = ["ipykernel_launcher", *argv]
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(argv)
    if "matplotlib" in sys.modules:  # imported before the kernel could name its backend
        sys.modules["matplotlib"].use(os.environ["MPLBACKEND"])
    app.start()


def _new_random_states() -> None:
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
