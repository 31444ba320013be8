"""Finding a port, starting the server process, waiting until it answers, ending it cleanly."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vungmanh.config.database import DATA
from vungmanh.core.errors import NotNow

FIRST_PORT = 8000
PORTS = 100
READY_SECONDS = 60
STOP_SECONDS = 10


def reserve_port(host: str, wanted: int | None) -> socket.socket:
    """The wanted port, or the first free one from 8000, held until the socket is closed.

    Raises NotNow `port-busy`, `port-forbidden`, or `host-unknown` when the address is not of this
    machine.
    """
    for port in range(FIRST_PORT, FIRST_PORT + PORTS) if wanted is None else [wanted]:
        reserved = _reserved(host, port)
        if reserved is not None:
            return reserved
    busy = f"{FIRST_PORT}–{FIRST_PORT + PORTS - 1}" if wanted is None else str(wanted)
    raise NotNow(
        f"Cổng {busy} của {host} đang được chương trình khác dùng: hãy chọn cổng khác bằng --port.",
        code="port-busy",
    )


def _reserved(host: str, port: int) -> socket.socket | None:
    """A socket on the port, or None when somebody has it."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise _unknown(host) from error
    holder = socket.socket(family, socket.SOCK_STREAM)
    try:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(address)
        # Bound as one who bears no other (but for connections of yesterday's server), then opened
        # to granian alone, which shares ports. Without this two `run` started together would serve
        # one port, and each reader would meet either of them.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        holder.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise _unknown(host) from error
        if error.errno == errno.EACCES:
            raise NotNow(
                f"Không được phép dùng cổng {port}: hãy chọn cổng từ 1024 trở lên bằng --port.",
                code="port-forbidden",
            ) from error
        return None
    return holder


def _unknown(host: str) -> NotNow:
    return NotNow(f"“{host}” không phải địa chỉ của máy này: hãy sửa --host.", code="host-unknown")


@contextmanager
def serving(data: Path, host: str, port: int, workers: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server process, answering requests; ended with all its workers when the block ends.

    Raises NotNow `server-failed` when it does not come up.
    """
    record = data / "server.pid"
    process = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.server_process", host, str(port), str(workers)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches `run` alone, which ends things in their order
    )
    record.write_text(str(process.pid), encoding="ascii")
    try:
        _wait_until_ready(process, host, port)
        yield process
    finally:
        _end_group(process)
        record.unlink(missing_ok=True)


def end_left_behind(data: Path) -> None:
    """End the server processes of an earlier run that was killed together with its server."""
    record = data / "server.pid"
    try:
        group = int(record.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return
    left = [process for process in Path("/proc").glob("[0-9]*") if _belongs(process, group, data)]
    for process in left:
        with suppress(ProcessLookupError):
            os.kill(int(process.name), signal.SIGKILL)
    deadline = time.monotonic() + STOP_SECONDS
    while not all(_is_over(process) for process in left) and time.monotonic() < deadline:
        time.sleep(0.02)  # only then has the kernel closed their sockets
    record.unlink(missing_ok=True)


def _belongs(process: Path, group: int, data: Path) -> bool:
    # The number of a group may be a stranger's by now; the data folder in its environment is not.
    try:
        is_member = os.getpgid(int(process.name)) == group
        return is_member and f"{DATA}={data}".encode() in (
            (process / "environ").read_bytes().split(b"\0")
        )
    except OSError:
        return False


def _is_over(process: Path) -> bool:
    """Whether nothing is left of it but perhaps an exit code that nobody has asked for."""
    try:
        is_dead = (process / "stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
        # The first thread may be dead while others still hold the sockets.
        return is_dead and len(list((process / "task").iterdir())) <= 1
    except OSError:
        return True


def _wait_until_ready(process: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(near, port, timeout=READY_SECONDS)
        try:
            connection.request("HEAD", "/", headers={"Host": "localhost"})
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            if answer.status < 500:
                return
            break
        finally:
            connection.close()
    raise NotNow(
        "Máy chủ trang không khởi động được: hãy đọc các dòng ngay phía trên, rồi chạy "
        "vungmanh check.",
        code="server-failed",
    )


def _end_group(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
