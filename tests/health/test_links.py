"""What a document points at exists: pages and pictures it links, files it cites."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.health.repository import ROOT, files, name_of, tracked_files

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A file of ours named in a comment or a text, by its path from the top of the repository.
CITED = re.compile(r"(?<![\w/.$-])((?:tests|tools|docs|bench)/[\w./-]+\.(?:py|md|txt|png|svg))\b")
TEXTS = {"", ".py", ".md", ".toml", ".yaml", ".html", ".css", ".js"}


def targets(text: str) -> list[str]:
    """The relative targets of links and pictures, without the place inside the page."""
    links = LINK.findall(FENCE.sub("", text))
    outside = re.compile(r"[a-z][a-z0-9+.-]*:|#|/")
    return [unquote(link.partition("#")[0]) for link in links if not outside.match(link)]


def dangling(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [target for target in targets(text) if not (page.parent / target).exists()]


def test_every_link_and_picture_of_a_document_exists() -> None:
    found = {name_of(page): lost for page in files(".md") if (lost := dangling(page))}
    assert found == {}


def test_every_file_that_is_cited_exists() -> None:
    found = {
        name_of(path): lost
        for path in tracked_files()
        if path.suffix in TEXTS
        and (lost := [name for name in cited(path.read_text("utf-8")) if not exists(name)])
    }
    assert found == {}


def test_a_planted_citation_of_nothing_is_found() -> None:
    name = "tools" + "/gone.py"
    assert cited(f"run {name}") == [name]
    assert not exists(name)


def cited(text: str) -> list[str]:
    return CITED.findall(text)


def exists(name: str) -> bool:
    return (ROOT / name).is_file()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b.md)", ["b.md"]),
        ("![a](../b%20c.png)", ["../b c.png"]),
        ("[![a](p.png)](q.md#r)", ["p.png", "q.md"]),
        ("[a](https://example.org/b.md) [c](#d) [e](mailto:f@example.org)", []),
        ("```\n[a](b.md)\n```\n", []),
    ],
)
def test_the_scan_knows_a_relative_link(text: str, expected: list[str]) -> None:
    assert targets(text) == expected


def test_a_planted_dangling_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](page.md) ![gone](gone.png)", encoding="utf-8")
    assert dangling(page) == ["gone.png"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# see (tests/health/test_links.py).", ["tests/health/test_links.py"]),
        ("`docs/house/layers.md`", ["docs/house/layers.md"]),
        ("src/vungmanh/tests/x.py and a/tools/y.txt", []),
    ],
)
def test_the_scan_knows_a_cited_file(text: str, expected: list[str]) -> None:
    assert cited(text) == expected
