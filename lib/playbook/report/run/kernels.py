"""Where cells run: in a kernel started as Jupyter starts them, or in a process forked from one that
has imported everything once (``forked``).

A kernel speaks over sockets in a private folder (IPC) instead of ports: no port can be taken, and
nobody else can listen.
"""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_runtime_dir
from traitlets import default

from .processes import can_fork

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


def can_run_forked(kernel_name: str) -> bool:
    """Whether cells for this kernel can run in a process forked from ours: the system forks, and
    the kernel is ipykernel on the Python we run on.
    """
    if not can_fork():
        return False
    try:
        argv = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:  # starting it will say so
        return False
    return LAUNCHER in argv and (argv[0] in ("python", "python3") or argv[0] == sys.executable)
