"""Ports, and server processes left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vungmanh.config import serve
from vungmanh.core.errors import NotNow


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_wanted_port_is_taken_when_it_is_free(free_port: int) -> None:
    with serve.reserve_port("127.0.0.1", free_port) as reserved:
        assert reserved.getsockname()[1] == free_port


def test_reserved_port_is_busy_for_everybody_else(free_port: int) -> None:
    with serve.reserve_port("127.0.0.1", free_port), pytest.raises(NotNow) as caught:
        serve.reserve_port("127.0.0.1", free_port)
    assert caught.value.code == "port-busy"


def test_reserved_port_can_be_joined_by_the_server_it_is_held_for(free_port: int) -> None:
    with serve.reserve_port("127.0.0.1", free_port), socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", free_port))
        server.listen()
        with socket.create_connection(("127.0.0.1", free_port)) as reader:
            met, address = server.accept()
            met.close()
            assert address == reader.getsockname()


def test_busy_port_that_was_asked_for_is_one_sentence(busy_port: int) -> None:
    with pytest.raises(NotNow, match=f"Cổng {busy_port} ") as caught:
        serve.reserve_port("127.0.0.1", busy_port)
    assert caught.value.code == "port-busy"


def test_first_free_port_is_taken_otherwise(
    busy_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", busy_port)
    with serve.reserve_port("127.0.0.1", None) as reserved:
        assert busy_port < reserved.getsockname()[1] < busy_port + serve.PORTS


def test_all_ports_busy_is_one_sentence(busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", busy_port)
    monkeypatch.setattr(serve, "PORTS", 1)
    with pytest.raises(NotNow, match="--port"):
        serve.reserve_port("127.0.0.1", None)


@pytest.mark.parametrize("host", ["192.0.2.1", "không phải tên máy"])
def test_address_of_another_machine_is_one_sentence(host: str) -> None:
    with pytest.raises(NotNow) as caught:
        serve.reserve_port(host, None)
    assert caught.value.code == "host-unknown"


def sleeping(data: str) -> subprocess.Popen[bytes]:
    """A process of its own group that carries a data folder in its environment."""
    return subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); import time; time.sleep(600)"],
        env={"VUNGMANH_DATA": data, "PATH": os.defpath},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def test_server_left_behind_is_ended(tmp_path: Path) -> None:
    left = sleeping(str(tmp_path))
    assert left.stdout is not None
    left.stdout.readline()
    (tmp_path / "server.pid").write_text(str(left.pid))
    serve.end_left_behind(tmp_path)
    assert left.wait(10) != 0
    assert not (tmp_path / "server.pid").exists()
    end(left)


def test_stranger_with_the_recorded_number_is_left_alone(tmp_path: Path) -> None:
    stranger = sleeping("/somewhere/else")
    assert stranger.stdout is not None
    stranger.stdout.readline()
    (tmp_path / "server.pid").write_text(str(stranger.pid))
    serve.end_left_behind(tmp_path)
    assert stranger.poll() is None
    end(stranger)


@pytest.mark.parametrize("content", [None, "", "not a number"])
def test_nothing_left_behind_is_no_trouble(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "server.pid").write_text(content)
    serve.end_left_behind(tmp_path)
    assert list(tmp_path.glob("*.lock")) == []
