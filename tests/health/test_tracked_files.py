"""Nothing of one machine and no package index's address is in the repository."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pytest

from tests.health.repository import name_of, tracked_files

# Written in pieces, so that this file does not find itself.
_HOMES = "|".join(["root", "home/[a-z]", "Users/[A-Za-z]", "wor" + "k/", "op" + "t/", "mnt/"])
MACHINE_PATH = re.compile(rf"(?<![\w.~%$}}:/-])/(?:{_HOMES})")
INDEX_ADDRESS = re.compile(
    r"https?://[^\s\"'<>)]*(?:py" + r"pi\.|python" + r"hosted\.|/sim" + r"ple\b)"
    r"|--(?:extra-)?index-" + r"url[ =]\S|--find-" + r"links[ =]\S"
)
BINARY = {".png", ".jpg", ".woff2", ".xlsx", ".xls", ".ods", ".parquet", ".ico", ".xlsm"}


@cache
def lines() -> list[tuple[str, str]]:
    """Place and text of every line of every text file."""
    return [
        (f"{name_of(path)}:{number}", line)
        for path in tracked_files()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def test_no_path_of_one_machine_is_committed() -> None:
    assert [place for place, line in lines() if MACHINE_PATH.search(line)] == []


def test_no_address_of_a_package_index_is_committed() -> None:
    assert [place for place, line in lines() if INDEX_ADDRESS.search(line)] == []


def test_names_of_files_are_ascii() -> None:
    assert [name_of(path) for path in tracked_files() if not name_of(path).isascii()] == []


def test_texts_are_composed() -> None:
    decomposed = [place for place, line in lines() if not unicodedata.is_normalized("NFC", line)]
    assert decomposed == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("data = '/ro" + "ot/data'", True),
        ("see /ho" + "me/anna/x", True),
        ("https://example.org/ho" + "me/anna", False),
        ("~/data and /tmp/x and /var/lib/vungmanh", False),
        ("under the ro" + "ot/ of it", False),
    ],
)
def test_the_scan_for_paths_knows_them(line: str, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("--index-" + "url https://mirror.example/x", True),
        ("https://files.python" + "hosted.org/packages/a", True),
        ("https://mirror.example/sim" + "ple/django", True),
        ("pip config get global.index-" + "url", False),
        ("https://www.djangoproject.com/", False),
    ],
)
def test_the_scan_for_addresses_knows_them(line: str, caught: bool) -> None:
    assert bool(INDEX_ADDRESS.search(line)) is caught
