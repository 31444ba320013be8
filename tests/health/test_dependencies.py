"""Each dependency has its sentence, each lock holds the ones before it, with hashes."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.health.repository import ROOT

LOCKS = ("requirements.txt", "requirements-all.txt", "requirements-dev.txt")
PAGE = ROOT / "docs/house/dependencies.md"
ENTRY = re.compile(r"^- \*\*([a-z0-9-]+)\*\* — (.+)$", re.MULTILINE)
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\\n]+?))? \\$", re.MULTILINE)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return {re.split(r"[\[<>=!~ ;]", line)[0] for line in [*project["dependencies"], *extras]}


def pins(lock: str) -> set[tuple[str, str, str]]:
    """Name, version and marker of each package of a lock."""
    return set(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def test_each_runtime_dependency_has_its_sentence() -> None:
    sentences = dict(ENTRY.findall(PAGE.read_text(encoding="utf-8")))
    assert set(sentences) == declared()
    assert [name for name, text in sentences.items() if not text.endswith(".")] == []


def test_there_are_at_most_forty_runtime_dependencies() -> None:
    assert 0 < len(declared()) <= 40


@pytest.mark.parametrize(("smaller", "larger"), [LOCKS[:2], LOCKS[1:]])
def test_each_lock_holds_the_one_before_it(smaller: str, larger: str) -> None:
    # `tools/make_venv` relies on it: an environment of the larger lock serves the smaller one.
    missing = {
        (name, version)
        for name, version, _ in pins(smaller)
        if (name, version) not in {(name, version) for name, version, _ in pins(larger)}
    }
    assert missing == set()


@pytest.mark.parametrize("lock", [*LOCKS, "tools/uv.txt"])
def test_every_pinned_package_carries_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    assert entries
    assert [line for line in entries if not line.endswith("\\")] == []


def test_every_declared_dependency_is_locked() -> None:
    locked = {name for name, _, _ in pins("requirements-all.txt")}
    assert declared() - locked == set()
