"""`vungmanh run` as a process: started, asked, stopped, killed, started again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests import migrated
from vungmanh.config.postgres import EmbeddedCluster

pytestmark = pytest.mark.slow

# An empty database would be filled with a whole province first; one unit says it is not empty.
MAKE_TABLES = """
from vungmanh.config.database import open_database
with open_database(migrated=False):
    from django.core.management import call_command
    import datetime as dt

    from django.db.backends.postgresql.psycopg_any import DateRange

    from vungmanh.org.models import Unit, UnitVersion
    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(is_simulated=True)
    UnitVersion.objects.create(
        unit=unit, valid=DateRange(dt.date(2014, 1, 1), None), name="Đảng bộ tỉnh Mẫu",
        name_fold="dang bo tinh mau", name_key=b"1", kind="dang_bo_tinh", sector="committee",
        is_organisation=False,
    )
"""
NEED_TABLES = """
from vungmanh.config.database import open_database
from vungmanh.core.errors import VungManhError
try:
    with open_database():
        pass
except VungManhError as error:
    print(error.code)
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
READY = re.compile(r"Ctrl-C")


def environment(data: Path) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("VUNGMANH")}
    return {**mine, "VUNGMANH_DATA": str(data), "COLUMNS": "200"}


def python(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


def vungmanh(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(data, "-m", "vungmanh.config.cli", *arguments)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose database has its tables and is not empty."""
    folder = tmp_path_factory.mktemp("dữ liệu của tôi")
    if migrated.kept().exists():  # half a minute less; one of the tests below makes them itself
        cluster = EmbeddedCluster(folder)
        migrated.restore(cluster.start())
        cluster.stop()
    made = python(folder, "-c", MAKE_TABLES)
    assert made.returncode == 0, made.stdout
    yield folder
    EmbeddedCluster(folder).remove()


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The process once it is ready, its port, and what it printed until then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "vungmanh.config.cli", "run", *arguments],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if READY.search(line):
                break
        found = ADDRESS.search(said)
        assert found, said
        yield process, int(found[1]), said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def own_port() -> str:
    """A port that no other test's server takes in between."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def status_of(port: int, path: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_closed(port: int) -> None:
    deadline = time.monotonic() + 60
    while is_listening(port):
        assert time.monotonic() < deadline, f"port {port} is still served"
        time.sleep(0.1)


def postgres_runs(data: Path) -> bool:
    """Whether a server works in the data folder of this cluster now."""
    record = data / "postgres.id"
    home = Path("/var/lib/vungmanh") / record.read_text() if record.exists() else data / "postgres"
    return (home / "data/postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_pages_and_ends_cleanly_when_asked(data: Path, number: signal.Signals) -> None:
    with running(data) as (process, port, _):
        assert status_of(port) in {200, 302}
        process.send_signal(number)
        assert process.wait(60) == 0
        assert not is_listening(port)
        assert not postgres_runs(data)
        assert not (data / "server.pid").exists()


def test_styles_are_served_with_a_name_for_ever(data: Path) -> None:
    with running(data) as (_, port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/tai-khoan-cua-toi/login/")
        page = connection.getresponse().read().decode()
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style, page
        connection.request("GET", style[1], headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        connection.close()


def test_run_killed_with_9_takes_its_page_server_along_and_starts_again(
    data: Path, own_port: str
) -> None:
    with running(data, "--port", own_port) as (process, port, _):
        process.kill()
        process.wait()
        wait_until_closed(port)
    with running(data, "--port", own_port) as (process, port, _):
        assert status_of(port) in {200, 302}
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert not postgres_runs(data)


def test_run_and_page_server_killed_together_leave_nothing_in_the_way(
    data: Path, own_port: str
) -> None:
    with running(data, "--port", own_port) as (process, port, _):
        leader = int((data / "server.pid").read_text())
        os.kill(leader, signal.SIGSTOP)  # it cannot end itself when its parent dies
        process.kill()
        process.wait()
        assert is_listening(port)
    with running(data, "--port", own_port) as (_, port, _):
        assert status_of(port) in {200, 302}


def test_run_whose_page_server_dies_says_so_and_stops_postgres(data: Path) -> None:
    with running(data) as (process, port, _):
        os.kill(int((data / "server.pid").read_text()), signal.SIGKILL)
        assert process.wait(60) == 1
        wait_until_closed(port)
    assert not postgres_runs(data)


def test_second_run_names_the_address_of_the_first(data: Path) -> None:
    with running(data) as (_, port, _):
        second = vungmanh(data, "run")
        assert second.returncode == 2
        assert f"http://127.0.0.1:{port}/" in second.stdout
        assert len(second.stdout.strip().splitlines()) == 1


def test_other_commands_use_the_running_database_and_leave_it_running(data: Path) -> None:
    with running(data) as (_, port, _):
        checked = vungmanh(data, "check")
        assert checked.returncode == 0, checked.stdout
        assert status_of(port) in {200, 302}


def test_busy_port_is_one_sentence(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = vungmanh(data, "run", "--port", str(port))
    assert said.returncode == 2
    assert str(port) in said.stdout
    assert len(said.stdout.strip().splitlines()) == 1


def test_key_is_made_once_and_for_the_owner_alone(data: Path) -> None:
    with running(data):
        key = (data / "secret.key").read_text()
    with running(data):
        assert (data / "secret.key").read_text() == key
    assert len(key) >= 50
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600


def test_database_without_tables_is_named_by_every_command(tmp_path: Path) -> None:
    try:
        checked = vungmanh(tmp_path, "check")
        assert checked.returncode == 1
        assert "vungmanh run" in checked.stdout
        assert python(tmp_path, "-c", NEED_TABLES).stdout.strip() == "not-migrated"
    finally:
        EmbeddedCluster(tmp_path).remove()


def made_in(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Making the tables on a server of one's own."""
    return subprocess.run(
        [sys.executable, "-c", MAKE_TABLES],
        env={**environment(folder / "data"), "VUNGMANH_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_tables_can_be_made_by_an_ordinary_owner_on_a_server_of_ones_own(tmp_path: Path) -> None:
    cluster = EmbeddedCluster(tmp_path / "server", durable=False)
    url = cluster.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create role anna login")
            connection.execute("create database own owner anna")
        own = url.replace("//vungmanh@/vungmanh", "//anna@/own")
        refused = made_in(own, tmp_path)
        assert "GRANT vungmanh_reader TO anna" in refused.stderr, "the administrator is told what"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create role vungmanh_reader nologin")
            connection.execute("grant vungmanh_reader to anna")
        made = made_in(own, tmp_path)
        assert made.returncode == 0, made.stderr
    finally:
        cluster.remove()
