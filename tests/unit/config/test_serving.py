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


def test_wanted_port_is_taken_when_it_is_free(busy_port: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert serve.choose_port("127.0.0.1", port) == port


def test_busy_port_that_was_asked_for_is_one_sentence(busy_port: int) -> None:
    with pytest.raises(NotNow, match=f"Cổng {busy_port} ") as caught:
        serve.choose_port("127.0.0.1", busy_port)
    assert caught.value.code == "port-busy"


def test_first_free_port_is_taken_otherwise(
    busy_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", busy_port)
    assert busy_port < serve.choose_port("127.0.0.1", None) < busy_port + serve.PORTS


def test_all_ports_busy_is_one_sentence(busy_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", busy_port)
    monkeypatch.setattr(serve, "PORTS", 1)
    with pytest.raises(NotNow, match="--port"):
        serve.choose_port("127.0.0.1", None)


def test_address_of_another_machine_is_one_sentence() -> None:
    with pytest.raises(NotNow) as caught:
        serve.choose_port("192.0.2.1", None)
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
