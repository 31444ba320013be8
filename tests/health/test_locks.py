"""The lock files: everything pinned and hashed, no address, each holds the ones before it."""

from __future__ import annotations

import pytest

from tests.health.locks import LOCKS, packages, parse
from tests.health.repository import ROOT

HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(("smaller", "larger"), [LOCKS[:2], LOCKS[1:]])
def test_each_lock_holds_the_one_before_it(smaller: str, larger: str) -> None:
    # `tools/make_venv` relies on it: an environment of the larger lock serves the smaller one.
    held = {(package.name, package.version) for package in packages(larger)}
    wanted = {(package.name, package.version) for package in packages(smaller)}
    assert wanted - held == set()
    assert held - wanted != set()


@pytest.mark.parametrize("lock", [*LOCKS, "tools/uv.txt"])
def test_every_package_is_pinned_once_with_hashes(lock: str) -> None:
    found = packages(lock)  # an option, an address or a range in the file is refused here
    assert found != []
    assert [package.name for package in found if package.hashes == 0] == []
    places = [(package.name, package.marker) for package in found]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("lock", [*LOCKS, "tools/uv.txt"])
def test_no_lock_holds_an_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_the_parser_reads_pin_marker_and_hashes() -> None:
    (package,) = parse(
        f"a-b==1.2 ; sys_platform == 'x' \\\n    {HASH} \\\n    {HASH}\n    # via c\n"
    )
    assert (package.name, package.version, package.hashes) == ("a-b", "1.2", 2)
    assert package.marker == "sys_platform == 'x'"


@pytest.mark.parametrize(
    "line", ["a>=1", "a==1 --hash=md5:0", "a @ file:x", "-r other.txt", f"--no-index {HASH}"]
)
def test_the_parser_refuses_what_is_not_a_plain_pin(line: str) -> None:
    with pytest.raises(ValueError, match="not a plain pin"):
        parse(f"{line}\n")
