"""What the health tests look at: the files that belong to the repository, and nothing else."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/vungmanh"
ROOMS = (
    "core",
    "rulebook",
    "analysis",
    "access",
    "org",
    "meetings",
    "cadre",
    "evaluation",
    "strengthening",
    "outputs",
    "web",
    "config",
)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the repository: tracked, or new and not ignored."""
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted({name for name in listed.stdout.decode().split("\0") if name})
    return tuple(path for name in names if (path := ROOT / name).is_file())


def files(*suffixes: str, below: str = "") -> list[Path]:
    """The repository's files with one of the endings, in a folder."""
    return [
        path
        for path in tracked_files()
        if path.suffix in suffixes and path.is_relative_to(ROOT / below)
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_in(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_in(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
