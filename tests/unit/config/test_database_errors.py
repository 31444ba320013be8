"""One clear sentence for everything that can go wrong on the way to a database."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from vungmanh.config import database
from vungmanh.config.database import check_server, data_folder, server
from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.config.postgres_errors import DatabaseError, database_error, disk_error, tool_error
from vungmanh.config.postgres_place import place_for


def one_sentence(error: DatabaseError) -> bool:
    return "\n" not in error.message and error.message.count(". (") == 1


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "disk-read-only"),
        (errno.EACCES, "disk-read-only"),
        (errno.EPERM, "disk-read-only"),
        (errno.EIO, "disk-trouble"),
    ],
)
def test_refusal_of_the_disk_is_one_sentence_with_its_place(number: int, code: str) -> None:
    error = disk_error(OSError(number, "said so"), "~/dữ liệu")
    assert error.code == code
    assert "~/dữ liệu" in error.message
    assert one_sentence(error)


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ('initdb: error: could not write to file "x": No space left on device', "disk-full"),
        ('FATAL:  could not create file "x": Read-only file system', "disk-read-only"),
        ('initdb: error: could not access directory "x": Permission denied', "disk-read-only"),
        ("LOG:  starting\nPANIC:  could not locate a valid checkpoint\n\n", "postgres-failed"),
        ("", "postgres-failed"),
    ],
)
def test_complaint_of_a_tool_is_one_sentence(output: str, code: str) -> None:
    error = tool_error(output, where="~/data", log="~/log")
    assert error.code == code
    assert one_sentence(error)


def test_unexplained_failure_names_log_and_last_line() -> None:
    error = tool_error("LOG:  starting\nPANIC:  no checkpoint\n", where="~/data", log="~/log")
    assert "~/log" in error.message
    assert "PANIC:  no checkpoint" in error.message


def test_every_sentence_tells_in_two_languages() -> None:
    assert one_sentence(database_error("server-refused", where="x:1"))


def test_data_folder_is_made_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGMANH_DATA", str(tmp_path / "một nơi"))
    assert data_folder() == tmp_path / "một nơi"
    assert (tmp_path / "một nơi").stat().st_mode & 0o077 == 0
    assert list((tmp_path / "một nơi").iterdir()) == []


def test_data_folder_is_the_users_own_without_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VUNGMANH_DATA", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "vungmanh"


def test_full_disk_is_met_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("VUNGMANH_DATA", str(tmp_path))
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DatabaseError) as caught:
        data_folder()
    assert caught.value.code == "disk-full"


@pytest.fixture(scope="module")
def locked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks for passwords; gives its URL without user and password."""
    folder = tmp_path_factory.mktemp("locked")
    cluster = EmbeddedCluster(folder, durable=False)
    url = cluster.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role anna login password 'right'")
        connection.execute("create database own owner anna")
        hba = place_for(folder).data / "pg_hba.conf"
        hba.write_text("local all vungmanh trust\nlocal all all scram-sha-256\n")
        connection.execute("select pg_reload_conf()")
        row = connection.execute("show unix_socket_directories").fetchone()
    assert row is not None
    yield quote(row[0], safe="")
    cluster.remove()


def test_server_of_ones_own_is_accepted(locked_server: str) -> None:
    assert check_server(f"postgresql://anna:right@{locked_server}/own") >= 18


@pytest.mark.parametrize(
    ("account", "name", "code"),
    [
        ("anna:wrong", "own", "server-password"),
        ("anna", "own", "server-password"),
        ("nobody:right", "own", "server-password"),
        ("anna:right", "absent", "server-no-database"),
    ],
)
def test_refused_account_or_database_is_one_sentence(
    locked_server: str, account: str, name: str, code: str
) -> None:
    with pytest.raises(DatabaseError) as caught:
        check_server(f"postgresql://{account}@{locked_server}/{name}")
    assert caught.value.code == code
    assert "wrong" not in caught.value.message.split("(")[0]
    assert one_sentence(caught.value)


def test_refused_connection_names_the_server_and_no_password() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DatabaseError) as caught:
        check_server(f"postgresql://anna:s3cret@127.0.0.1:{port}/own")
    assert caught.value.code == "server-refused"
    assert f"127.0.0.1:{port}" in caught.value.message
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("url", ["postgresql://a:b@:c:d/", "mysql://x/y", "postgresql://h/x?y=z"])
def test_unreadable_address_is_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        check_server(url)
    assert caught.value.code == "server-url"


def test_old_server_is_refused_with_its_version(
    locked_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MINIMUM_VERSION", 99)
    with pytest.raises(DatabaseError, match="bản 18") as caught:
        check_server(f"postgresql://anna:right@{locked_server}/own")
    assert caught.value.code == "server-too-old"


def test_server_of_ones_own_goes_before_the_embedded_one(
    locked_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://anna:right@{locked_server}/own"
    monkeypatch.setenv("VUNGMANH_DATABASE_URL", url)
    with server(tmp_path / "unused") as used:
        assert used == url
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (psycopg.errors.DiskFull("could not extend file"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EIO, "Input/output error"), False),
        (psycopg.OperationalError("the connection is lost"), False),
        (ValueError("something else"), False),
    ],
)
@pytest.mark.slow
def test_disk_that_fills_up_under_a_running_server_is_told_from_other_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, is_full: bool
) -> None:
    monkeypatch.delenv("VUNGMANH_DATABASE_URL")
    wrapped = RuntimeError("in the middle of a load")
    wrapped.__cause__ = error
    try:
        with pytest.raises((DatabaseError, RuntimeError)) as caught, server(tmp_path):
            raise wrapped
        assert (getattr(caught.value, "code", "") == "disk-full") is is_full
    finally:
        EmbeddedCluster(tmp_path).remove()


@pytest.mark.slow
def test_lost_connection_is_a_full_disk_when_no_room_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VUNGMANH_DATABASE_URL")
    monkeypatch.setattr(database, "LITTLE_ROOM", 2**62)
    try:
        with pytest.raises(DatabaseError) as caught, server(tmp_path):
            raise psycopg.OperationalError("the connection is lost")
        assert caught.value.code == "disk-full"
    finally:
        EmbeddedCluster(tmp_path).remove()
