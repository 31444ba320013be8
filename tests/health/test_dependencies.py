"""Each dependency has its sentence and is locked."""

from __future__ import annotations

import re
import tomllib

from tests.health.locks import packages
from tests.health.repository import ROOT

PAGE = ROOT / "docs/house/dependencies.md"
ENTRY = re.compile(r"^- \*\*([a-z0-9-]+)\*\* — (.+)$", re.MULTILINE)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return {re.split(r"[\[<>=!~ ;]", line)[0] for line in [*project["dependencies"], *extras]}


def test_each_runtime_dependency_has_its_sentence() -> None:
    sentences = dict(ENTRY.findall(PAGE.read_text(encoding="utf-8")))
    assert set(sentences) == declared()
    assert [name for name, text in sentences.items() if not text.endswith(".")] == []


def test_there_are_at_most_forty_runtime_dependencies() -> None:
    assert 0 < len(declared()) <= 40


def test_every_declared_dependency_is_locked() -> None:
    locked = {package.name for package in packages("requirements-all.txt")}
    assert declared() - locked == set()
