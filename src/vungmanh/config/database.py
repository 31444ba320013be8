"""The database of a command: one's own server when VUNGMANH_DATABASE_URL is set, else our own.

    with open_database():
        ...  # Django is ready, its connections work

Nothing may import Django models before this: the settings read the address from the environment.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.config.postgres_errors import (
    DatabaseError,
    database_error,
    disk_error,
    embedded_trouble,
    full_disk,
    server_trouble,
)
from vungmanh.config.postgres_place import place_for, seems_to_run
from vungmanh.core.errors import NotNow, VungManhError

MINIMUM_VERSION = 18
URL = "VUNGMANH_DATABASE_URL"
DATA = "VUNGMANH_DATA"
# Values that libpq would refuse only after looking the host up, and then in words of its own.
_NUMBERS = ("connect_timeout", "keepalives", "keepalives_idle", "tcp_user_timeout")
_WORDS = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "gssencmode": ("disable", "prefer", "require"),
    "channel_binding": ("disable", "prefer", "require"),
    "target_session_attrs": (
        "any",
        "read-write",
        "read-only",
        "primary",
        "standby",
        "prefer-standby",
    ),
}
LITTLE_ROOM = 32_000_000  # bytes; one piece of the server's own log takes 16 MiB


def is_at_hand() -> bool:
    """Whether a database can be asked without starting one: a named server, or ours running."""
    return bool(os.environ.get(URL)) or seems_to_run(_folder())


def _folder() -> Path:
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    return Path(os.environ.get(DATA) or home / "vungmanh").absolute()


def data_folder() -> Path:
    """The data folder of this installation, made if absent.

    Raises DatabaseError `disk-full`, `disk-read-only` or `disk-trouble`.
    """
    folder = _folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f"probe.{os.getpid()}"
        probe.write_bytes(b"0" * 65536)
        probe.unlink()
    except OSError as error:
        raise disk_error(error, folder) from error
    os.environ[DATA] = str(folder)
    return folder


@contextmanager
def server(data: Path) -> Iterator[str]:
    """Keep a PostgreSQL running meanwhile and put its address into the environment.

    Raises DatabaseError when there is none that can be used.
    """
    own = os.environ.get(URL)
    if own:
        check_server(own)
        with _one_sentence(lambda error: server_trouble(error, server_name(own))):
            yield own
        return
    cluster = EmbeddedCluster(data)
    os.environ[URL] = cluster.start()
    try:
        with _one_sentence(lambda error: _trouble_at_home(error, data)):
            yield os.environ[URL]
    finally:
        del os.environ[URL]
        cluster.stop()


@contextmanager
def _one_sentence(told: Callable[[Exception], DatabaseError | None]) -> Iterator[None]:
    """What the database refuses in the middle of work leaves as one sentence, whoever asked."""
    try:
        yield
    except VungManhError:
        raise
    except Exception as error:
        full = full_disk(error)
        sentence = disk_error(full, full_folder(full)) if full else told(error)
        if sentence is None:
            raise
        raise sentence from error


def full_folder(error: OSError) -> Path:
    """The folder that had no room for a file of ours; a failed write alone does not name it."""
    if error.filename:
        return Path(os.fsdecode(error.filename)).absolute().parent
    data = Path(os.environ.get(DATA) or Path.cwd())
    folders = (data, Path.cwd(), Path(tempfile.gettempdir()))
    full = (one for one in folders if one.is_dir() and shutil.disk_usage(one).free < LITTLE_ROOM)
    return next(full, data)


def _trouble_at_home(error: Exception, data: Path) -> DatabaseError | None:
    place = place_for(data)
    # The server goes down when even its log finds no room; then only the line is cut.
    is_full = shutil.disk_usage(place.home).free < LITTLE_ROOM
    return embedded_trouble(error, home=place.home, log=place.log, is_full=is_full)


@contextmanager
def open_database(*, migrated: bool = True) -> Iterator[None]:
    """A running database with Django set up on it.

    `migrated=False` also accepts a database whose tables do not exist yet. Raises DatabaseError,
    and NotNow `not-migrated` when the tables are missing or old.
    """
    with server(data_folder()):
        start_django()
        from django.db import connections

        try:
            if migrated and pending_migrations():
                raise NotNow(
                    "Cơ sở dữ liệu chưa có bảng của bản này: hãy chạy vungmanh run một lần trước.",
                    code="not-migrated",
                )
            yield
        finally:
            connections.close_all()


def start_django() -> None:
    """Set Django up on the address in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vungmanh.config.settings")
    import django

    django.setup()


def pending_migrations() -> list[str]:
    """Migrations that the database has not seen, as `app.name`."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_server(url: str) -> int:
    """Connect once to a server of one's own and return its major version.

    Raises DatabaseError: `server-url`, `server-refused`, `server-password`, `server-no-database`,
    `server-not-allowed` or `server-too-old`.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise database_error("server-url") from error
    if not _is_usable(parts):
        raise database_error("server-url")
    seconds = int(parts.get("connect_timeout") or 10)
    try:
        with psycopg.connect(url, connect_timeout=seconds) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise _refusal(error, server_name(url)) from error
    if version < MINIMUM_VERSION:
        raise database_error("server-too-old", detail=version)
    return version


def server_name(url: str) -> str:
    """How a sentence names a server: host and port, never a password."""
    parts = conninfo_to_dict(url)
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"


def _is_usable(parts: Mapping[str, Any]) -> bool:
    """Whether the values can mean something; the names are judged when the address is read."""
    ports = str(parts.get("port") or 5432).split(",")
    return (
        all(port == "" or (port.isdecimal() and 0 < int(port) < 65536) for port in ports)
        and all(str(parts.get(name, 0)).isdecimal() for name in _NUMBERS)
        and all(parts.get(name, words[0]) in words for name, words in _WORDS.items())
    )


def _refusal(error: psycopg.OperationalError, where: str) -> DatabaseError:
    # A connection that failed carries no SQLSTATE, only words. They are looked at together with
    # the quotes round the server's own names, which no host name can hold.
    said = str(error)
    absent = re.search(r'database "([^"]*)" does not exist', said)
    if absent:
        return database_error("server-no-database", where=where, detail=absent[1])
    no_password = error.pgconn is not None and error.pgconn.needs_password
    if no_password or re.search(r'authentication failed for user "|role "[^"]*" ', said):
        return database_error("server-password", where=where)
    if 'permission denied for database "' in said:
        return database_error("server-not-allowed", where=where)
    return database_error("server-refused", where=where)
