"""What every test stands on: a PostgreSQL of its own, built assets, no way out to the network.

The settings read the environment, so it is made ready here, at import, and only then is Django set
up (this is why the pytest configuration names no settings module). Workers of pytest-xdist inherit
the environment: one server per run, one database per worker, each a copy of one that is migrated
once.
"""

from __future__ import annotations

import atexit
import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from tests import migrated
from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.web.assets import prepare

gc.disable()  # until all is collected: nothing that imports make is garbage

ROOT = Path(__file__).resolve().parents[1]
DATA = migrated.FOLDER
CLUSTERS = "vungmanh-tests-"
MIGRATED = "vungmanh_migrated"
AFTER_THE_LOOP = {"property", "contract", "pages"}

os.environ["VUNGMANH_DATA"] = str(DATA)
os.environ["VUNGMANH_FAST_HASH"] = "1"
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    # Containers say so. Every worker and every command under test would compile Django and pandas
    # anew, three seconds each: what is compiled is kept in the folder of the tests instead.
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(DATA / "bytecode")
    sys.dont_write_bytecode = False
# Two workers share the cores: threads of linear algebra would only stand in each other's way.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")


def _start_cluster() -> None:
    folder = Path(tempfile.mkdtemp(prefix=CLUSTERS))
    cluster = EmbeddedCluster(folder, durable=False)
    os.environ["VUNGMANH_DATABASE_URL"] = cluster.start()
    os.environ["VUNGMANH_TESTS_TEMPLATE"] = MIGRATED  # a server of somebody's own keeps no copy
    atexit.register(_remove, cluster, folder)


def _remove(cluster: EmbeddedCluster, folder: Path) -> None:
    if cluster.remove():
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind() -> None:
    """A run killed with -9 leaves its server; the next one clears it away."""
    for folder in Path(tempfile.gettempdir()).glob(f"{CLUSTERS}*"):
        status = folder.stat()
        if status.st_uid == os.geteuid() and time.time() - status.st_mtime > 3600:
            _remove(EmbeddedCluster(folder), folder)


if "PYTEST_XDIST_WORKER" not in os.environ:
    prepare(DATA / "build")
    (DATA / "build/served").mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there
    if "VUNGMANH_DATABASE_URL" not in os.environ:
        _remove_left_behind()
        _start_cluster()
os.environ["DJANGO_SETTINGS_MODULE"] = "vungmanh.config.settings"
django.setup()

# A first call reads the rulebook or a calendar: how long one takes proves nothing here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Migrations take half a minute: the first worker runs them, all copy what came out."""
    template = os.environ.get("VUNGMANH_TESTS_TEMPLATE")
    if template:
        with django_db_blocker.unblock():
            _migrate_once(template)
        connection.settings_dict["TEST"]["TEMPLATE"] = template


def _migrate_once(template: str) -> None:
    half = f"{template}_half"
    url = os.environ["VUNGMANH_DATABASE_URL"]
    with psycopg.connect(url, dbname="postgres", autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")  # until the connection closes
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if known.fetchone() is not None:
            return
        admin.execute(f"DROP DATABASE IF EXISTS {half}")
        admin.execute(f"CREATE DATABASE {half}")
        made = make_conninfo(url, dbname=half)
        if migrated.kept().exists():
            migrated.restore(made)
        else:
            _migrate(half)
            migrated.keep(made)
        admin.execute(f"ALTER DATABASE {half} RENAME TO {template}")


def _migrate(database: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session", autouse=True)
def sessions_left_open_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread of a served page may still hold its connection when the database is to go."""
    if not any(item.get_closest_marker("django_db") for item in request.session.items):
        yield
        return
    request.getfixturevalue("django_db_setup")
    name = connection.settings_dict["NAME"]
    yield
    connection.close()
    with psycopg.connect(
        os.environ["VUNGMANH_DATABASE_URL"], dbname="postgres", autocommit=True
    ) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


@pytest.fixture(scope="module")
def told_for_a_file(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around a file of tests: a story that asks for it, in a fixture of the module,
    is told once. What each test does ends with its own part of the transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be reached: a test that needs the internet is a test that lies."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
            self.close()
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Laws on many drawn cases, whole pages and whole acts on a province of their own are worth
    their time before landing, and pytest runs the folder one works on; the loop leaves them out."""
    for item in items:
        if AFTER_THE_LOOP & set(item.path.relative_to(ROOT).parts):
            item.add_marker(pytest.mark.slow)
    # Long ones first, so that no worker waits at the end for a journey that the other began last.
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if "browser" in item.path.relative_to(ROOT).parts:
        return 0
    return 1 if item.get_closest_marker("slow") else 2


def pytest_collection_finish() -> None:
    """What collecting has imported stays to the end: no collection of garbage walks it again."""
    gc.collect()
    gc.freeze()
    gc.enable()
