"""The embedded cluster through its whole life, killed at every point where it hurts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vungmanh.config import postgres, postgres_place
from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.config.postgres_errors import DatabaseError

pytestmark = pytest.mark.slow  # each test makes a cluster of its own

HOLD_A_CLUSTER = """
import sys, time
from pathlib import Path
from vungmanh.config.postgres import EmbeddedCluster
print(EmbeddedCluster(Path(sys.argv[1]), durable=False).start(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a space and diacritics in its path; its cluster goes with the test."""
    folder = tmp_path / "Vững Mạnh" / "dữ liệu"
    yield folder
    if folder.exists():
        EmbeddedCluster(folder).remove()


@pytest.fixture
def cluster(folder: Path) -> Iterator[EmbeddedCluster]:
    cluster = EmbeddedCluster(folder, durable=False)
    yield cluster
    if folder.exists():
        cluster.stop()


def keep_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 7 as n")


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def pid_file(folder: Path) -> Path:
    return postgres_place.place_for(folder).data / "postmaster.pid"


def server_pid(folder: Path) -> int:
    return int(pid_file(folder).read_text().splitlines()[0])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}/cwd").exists():
        assert time.monotonic() < deadline, "the process does not end"
        time.sleep(0.02)


def test_cluster_answers_on_its_url_as_postgresql_18(cluster: EmbeddedCluster) -> None:
    url = cluster.start()
    assert int(str(ask(url, "show server_version_num"))) >= 180_000
    assert ask(url, "select current_database()") == "vungmanh"
    assert ask(url, "select upper('đảng bộ')") == "ĐẢNG BỘ"


def test_cluster_listens_on_no_network_port(cluster: EmbeddedCluster) -> None:
    assert ask(cluster.start(), "show listen_addresses") == ""


def test_socket_can_be_reached_by_its_owner_only(cluster: EmbeddedCluster) -> None:
    socket_dir = Path(str(ask(cluster.start(), "show unix_socket_directories")))
    assert socket_dir.stat().st_mode & 0o077 == 0
    cluster.stop()
    assert not socket_dir.exists()


def test_server_does_not_run_as_root(cluster: EmbeddedCluster, folder: Path) -> None:
    cluster.start()
    assert Path(f"/proc/{server_pid(folder)}").stat().st_uid != 0


def test_permissions_of_parent_folders_are_left_alone(
    cluster: EmbeddedCluster, folder: Path
) -> None:
    folder.mkdir(parents=True)
    folder.parent.chmod(0o700)
    ask(cluster.start(), "select 1")
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_stop_ends_the_server(cluster: EmbeddedCluster) -> None:
    url = cluster.start()
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "select 1")


def test_data_is_there_after_stop_and_start(cluster: EmbeddedCluster) -> None:
    keep_a_row(cluster.start())
    cluster.stop()
    assert ask(cluster.start(), "select n from kept") == 7


def test_last_one_out_stops_the_server(cluster: EmbeddedCluster, folder: Path) -> None:
    url = cluster.start()
    second = EmbeddedCluster(folder, durable=False)
    assert second.start() == url
    second.stop()
    assert ask(url, "select 1") == 1
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "select 1")


def test_start_again_on_a_started_cluster_gives_the_same_url(cluster: EmbeddedCluster) -> None:
    assert cluster.start() == cluster.start()


def test_server_left_by_a_killed_process_is_used_again(
    cluster: EmbeddedCluster, folder: Path
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_CLUSTER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    url = holder.stdout.readline().strip()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert cluster.start() == url
    assert ask(url, "select 1") == 1
    cluster.stop()
    assert not pid_file(folder).exists()


def test_committed_rows_survive_a_kill_of_the_server(folder: Path) -> None:
    cluster = EmbeddedCluster(folder)  # durable, as `vungmanh run` starts it
    keep_a_row(cluster.start())
    pid = server_pid(folder)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert ask(cluster.start(), "select n from kept") == 7
    cluster.stop()


@pytest.mark.parametrize("pid", [os.getpid(), 1, 2**22 - 1], ids=["ours", "another's", "nobody's"])
def test_stale_pid_file_does_not_stand_in_the_way(
    cluster: EmbeddedCluster, folder: Path, pid: int
) -> None:
    cluster.start()
    lines = pid_file(folder).read_text().splitlines()
    cluster.stop()
    pid_file(folder).write_text("\n".join([str(pid), *lines[1:]]) + "\n")
    assert ask(cluster.start(), "select 1") == 1


def test_half_made_data_folder_is_made_again(cluster: EmbeddedCluster, folder: Path) -> None:
    half = postgres_place.place_for(folder).home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert ask(cluster.start(), "select 1") == 1
    assert not half.exists()


def test_server_whose_socket_was_tidied_away_is_started_anew(cluster: EmbeddedCluster) -> None:
    socket_dir = Path(str(ask(cluster.start(), "show unix_socket_directories")))
    for path in socket_dir.iterdir():
        path.unlink()
    socket_dir.rmdir()
    assert ask(cluster.start(), "select 1") == 1


def test_data_of_another_version_is_refused_in_one_sentence(
    cluster: EmbeddedCluster, folder: Path
) -> None:
    cluster.start()
    cluster.stop()
    (postgres_place.place_for(folder).data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseError, match="PostgreSQL 17") as caught:
        cluster.start()
    assert caught.value.code == "postgres-other-version"


def test_data_that_cannot_be_started_is_refused_with_the_last_line_of_the_log(
    cluster: EmbeddedCluster, folder: Path
) -> None:
    cluster.start()
    cluster.stop()
    (postgres_place.place_for(folder).data / "global/pg_control").unlink()
    with pytest.raises(DatabaseError, match="log") as caught:
        cluster.start()
    assert caught.value.code == "postgres-failed"
    assert "pg_control" in caught.value.message or "database system" in caught.value.message


def test_missing_wheel_is_said_in_one_sentence(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_place, "find_spec", lambda _name: None)
    with pytest.raises(DatabaseError) as caught:
        cluster.start()
    assert caught.value.code == "postgres-missing"


def test_folder_that_is_a_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError) as caught:
        EmbeddedCluster(tmp_path / "file" / "data").start()
    assert caught.value.code == "disk-trouble"


def test_remove_deletes_everything_unless_in_use(cluster: EmbeddedCluster, folder: Path) -> None:
    url = cluster.start()
    home = postgres_place.place_for(folder).home
    assert EmbeddedCluster(folder).remove() is False
    assert ask(url, "select 1") == 1
    assert cluster.remove() is True
    assert not home.exists()


def test_variables_of_ours_do_not_reach_the_server(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    url = cluster.start()
    monkeypatch.delenv("PGPORT")
    assert ask(url, "select 1") == 1


def test_settings_for_tests_are_not_those_of_a_running_installation() -> None:
    assert "fsync" not in postgres._SETTINGS
