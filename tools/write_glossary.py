"""Write GLOSSARY.md from docs/glossary.toml and the source. `python tools/write_glossary.py`."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "vungmanh"
TERMS = ROOT / "docs" / "glossary.toml"
PAGE = ROOT / "GLOSSARY.md"

_HEAD = """\
# Glossary

For everybody who names something. One concept, one name, in tables, addresses, templates, tests,
permissions and events. Written from `docs/glossary.toml` by `python tools/write_glossary.py`, with
the Vietnamese labels of members read from the code; `tests/health/test_glossary.py` compares.

*Translated*: a stable English word. *Kept*: the law's word, without its marks. *Paired*: an English
class with Vietnamese members.
"""


def terms() -> list[dict[str, Any]]:
    """The entries of docs/glossary.toml, in its order."""
    entries: list[dict[str, Any]] = tomllib.loads(TERMS.read_text(encoding="utf-8"))["term"]
    return entries


def classes(source: Path = SOURCE) -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class of the source as (room, definition), found without importing anything."""
    for path in sorted(source.rglob("*.py")):
        relative = path.relative_to(source)
        if "migrations" not in relative.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    yield relative.parts[0], node


def labels(vocabulary: ast.ClassDef) -> dict[str, str]:
    """The members of a vocabulary class with their Vietnamese labels: NAME = "code", "label"."""
    return {
        statement.targets[0].id: ast.literal_eval(statement.value)[1]
        for statement in vocabulary.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def page() -> str:
    """GLOSSARY.md as it should be."""
    members = {node.name: labels(node) for _, node in classes() if _is(node, "Vocabulary")}
    entries = terms()
    lines = [_HEAD, "## Nouns\n", "| code | Vietnamese | meaning | source | since | never |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [_row(term) for term in entries if "members" not in term]
    for term in entries:
        if "members" in term:
            lines += _vocabulary(term, members.get(term["code"], {}))
    return "\n".join(lines) + "\n"


def _row(term: dict[str, Any]) -> str:
    cells = [f"`{term['room']}` **{term['code']}**"]
    cells += [term[field] for field in ("vi", "gloss", "source", "since")]
    return f"| {' | '.join(cells)} | {', '.join(term['forbidden'])} |"


def _vocabulary(term: dict[str, Any], member_labels: dict[str, str]) -> list[str]:
    return [
        f"\n## {term['code']} — {term['vi']}\n",
        f"{term['gloss']} In `{term['room']}`, {term['way']}, since {term['since']}; "
        f"{term['source']}. Never {', '.join(term['forbidden'])}.\n",
        "| member | Vietnamese | meaning |",
        "|---|---|---|",
        *(
            f"| `{name}` | {member_labels.get(name, '?')} | {gloss} |"
            for name, gloss in term["members"].items()
        ),
    ]


def _is(node: ast.ClassDef, base: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == base for each in node.bases)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
