"""The process that serves pages: `python -m vungmanh.config.server_process HOST PORT WORKERS`.

A child of `vungmanh run`. It asks the kernel to be ended when its parent dies, so that a kill -9 of
`run` leaves no server behind on the port.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

APPLICATION = "vungmanh.config.wsgi:application"
THREADS = 4  # requests a worker answers at a time; the database is the rest of the work
STOP_SECONDS = 5  # for requests under way; without a limit one stuck reader holds the port for ever
PR_SET_PDEATHSIG = 1
#: Room for the linear algebra under NumPy, which takes half a megabyte of stack a call and calls
#: itself: in the 2 MiB that granian's threads have otherwise, one large system ended the worker.
STACK_BYTES = 32 * 2**20


def end_with_parent() -> None:
    """Be sent SIGTERM when the parent dies. Linux only; elsewhere the next start clears up."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel was told
            sys.exit(1)


def main(host: str, port: int, workers: int) -> None:
    end_with_parent()
    # A forked worker would keep this process's signal handlers while it loads, and swallow the
    # request to end that reaches it then.
    multiprocessing.set_start_method("spawn")
    os.environ["RUST_MIN_STACK"] = str(STACK_BYTES)
    Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
