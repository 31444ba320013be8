"""Hard limits of size. There is no list of exceptions: what grows beyond one is split."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.health.repository import ROOT, files, functions_in, lines_in, name_of, tree

MODULE, FUNCTION, VIEW, TEMPLATE, STYLE, SCRIPT = 500, 70, 45, 200, 400, 250


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


@pytest.mark.parametrize(
    ("suffixes", "below", "limit"),
    [
        ((".py",), "", MODULE),
        ((".html",), "src", TEMPLATE),
        ((".css",), "src", STYLE),
        ((".js", ".mjs"), "src", SCRIPT),
    ],
    ids=["modules", "templates", "styles", "scripts"],
)
def test_files_stay_within_their_limit(suffixes: tuple[str, ...], below: str, limit: int) -> None:
    too_long = {
        name_of(path): lines_in(path)
        for path in files(*suffixes, below=below)
        if lines_in(path) > limit and "migrations" not in path.parts
    }
    assert too_long == {}


def test_functions_stay_within_their_limit() -> None:
    too_long = {
        f"{name_of(path)}:{function.name}": length(function)
        for path in files(".py")
        if "migrations" not in path.parts
        for function in functions_in(tree(path))
        if length(function) > FUNCTION
    }
    assert too_long == {}


def test_views_stay_within_their_limit() -> None:
    too_long = {
        f"{name_of(path)}:{function.name}": length(function)
        for path in files(".py", below="src/vungmanh/web")
        if path.name == "views.py"
        for function in functions_in(tree(path))
        if length(function) > VIEW
    }
    assert too_long == {}


def test_length_of_a_function_counts_its_lines() -> None:
    module = ast.parse("def short():\n    return 1\n\n\ndef long():\n" + "    x = 1\n" * 70)
    assert [length(function) for function in functions_in(module)] == [2, 71]


def test_there_are_modules_to_measure() -> None:
    assert Path(__file__) in files(".py")
    assert len(files(".py", below="src")) > 20
    assert (ROOT / "pyproject.toml").is_file()
