"""The database of a command: one's own server when VUNGMANH_DATABASE_URL is set, else our own.

    with open_database():
        ...  # Django is ready, its connections work

Nothing may import Django models before this: the settings read the address from the environment.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.config.postgres_errors import DatabaseError, database_error, disk_error
from vungmanh.config.postgres_place import place_for
from vungmanh.core.errors import NotNow

MINIMUM_VERSION = 18
URL = "VUNGMANH_DATABASE_URL"
DATA = "VUNGMANH_DATA"
LITTLE_ROOM = 32_000_000  # bytes; one piece of the server's own log takes 16 MiB


def data_folder() -> Path:
    """The data folder of this installation, made if absent.

    Raises DatabaseError `disk-full`, `disk-read-only` or `disk-trouble`.
    """
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    folder = Path(os.environ.get(DATA) or home / "vungmanh").absolute()
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
        yield own
        return
    cluster = EmbeddedCluster(data)
    os.environ[URL] = cluster.start()
    try:
        yield os.environ[URL]
    except Exception as error:
        if _is_out_of_room(error, data):
            raise database_error("disk-full", where=data) from error
        raise
    finally:
        del os.environ[URL]
        cluster.stop()


def _is_out_of_room(error: BaseException | None, data: Path) -> bool:
    """Whether the disk filled up under a running server, however that reached us."""
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        # The server goes down when even its log finds no room; then only the line is cut.
        if isinstance(error, psycopg.OperationalError):
            return shutil.disk_usage(place_for(data).home).free < LITTLE_ROOM
        error = error.__cause__ or error.__context__
    return False


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

    Raises DatabaseError: `server-url`, `server-refused`, `server-password`, `server-no-database`
    or `server-too-old`.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise database_error("server-url") from error
    where = f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise _refusal(str(error), where, str(parts.get("dbname") or "")) from error
    if version < MINIMUM_VERSION:
        raise database_error("server-too-old", detail=version)
    return version


def _refusal(said: str, where: str, name: str) -> DatabaseError:
    # psycopg gives a failed connection no code, only the server's words.
    if "invalid" in said:
        return database_error("server-url")
    if "password" in said or "role " in said or "authentication" in said:
        return database_error("server-password", where=where)
    if "database " in said and "does not exist" in said:
        return database_error("server-no-database", where=where, detail=name)
    return database_error("server-refused", where=where)
