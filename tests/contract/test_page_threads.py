"""The threads that answer pages have room for what the statistics compute in them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

#: Solves a system as large as the longest running chart asks for.
APPLICATION = """
import numpy as np

def app(environ, start_response):
    rows = np.eye(2000) * 3 + np.random.default_rng(1).random((2000, 2000)) / 2000
    found = np.linalg.solve(rows, np.ones(2000))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{found.shape[0]}".encode()]
"""
START = """
import sys
from vungmanh.config import server_process
if __name__ == "__main__":
    server_process.APPLICATION = "solving:app"
    server_process.main("127.0.0.1", int(sys.argv[1]), 1)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, server: subprocess.Popen[bytes]) -> str:
    """What the page says; asked again while the server is starting."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                return str(page.read().decode())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
        time.sleep(0.2)
    raise AssertionError("the server did not come up")


def test_a_page_may_solve_a_large_system(tmp_path: Path) -> None:
    (tmp_path / "solving.py").write_text(APPLICATION, encoding="utf-8")
    (tmp_path / "start.py").write_text(START, encoding="utf-8")
    port = free_port()
    paths = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    server = subprocess.Popen(
        [sys.executable, "start.py", str(port)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        assert answer(port, server) == "2000"
    finally:
        server.terminate()
        server.wait(30)
