"""Who may import whom: import-linter holds the rooms, two scans hold what it cannot see."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.health.repository import PACKAGE, ROOMS, ROOT, files, name_of, tree

LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"

#: Slow to import, needed by few requests: inside functions only.
SLOW = {
    "xlsxwriter", "python_calamine", "openpyxl", "pyarrow", "polib", "fontTools",
    "docx", "PIL", "pypdf", "icalendar", "weasyprint", "pyhanko",
    "altair", "duckdb", "ibis", "scipy", "vl_convert",
}  # fmt: skip

#: Only `web` understands a request and fills a template; `config` wires them together.
PAGES = {"django.http", "django.shortcuts", "django.template", "django_htmx", "template_partials"}
MAY_KNOW_PAGES = {"web", "config"}

VIOLATIONS = {
    "core": "import vungmanh.org",
    "analysis": "import django",
    "meetings": "import vungmanh.evaluation",
    "web": "import openpyxl",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def imported(nodes: Iterator[ast.AST] | list[ast.stmt]) -> set[str]:
    """The modules that these nodes import, dotted."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imported_at_start(module: ast.Module) -> set[str]:
    """What is imported when the module is: outside functions, and not for type checkers only."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        found |= imported(iter([node]))
        waiting += ast.iter_child_nodes(node)
    return found


def is_below(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def test_every_room_is_a_layer() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(ROOMS)


def test_imports_go_downwards_only() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What is said of a copy with one violation of each sort; nobody imports those that violate."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(PACKAGE, folder / "src/vungmanh", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / ".importlinter", folder)
    for room, line in VIOLATIONS.items():
        path = folder / "src/vungmanh" / room / "planted.py"
        path.write_text(f"{line}\n", encoding="utf-8")
    return lint(folder)


@pytest.mark.parametrize("room", VIOLATIONS)
def test_a_planted_violation_is_caught(
    planted: subprocess.CompletedProcess[str], room: str
) -> None:
    assert planted.returncode == 1
    assert f"vungmanh.{room}.planted" in planted.stdout


def test_slow_modules_are_imported_inside_functions() -> None:
    found = {
        name_of(path): sorted(slow)
        for path in files(".py", below="src")
        if (slow := {name for name in imported_at_start(tree(path)) if is_below(name, SLOW)})
    }
    assert found == {}


def test_only_web_knows_requests_and_templates() -> None:
    found = {
        name_of(path): sorted(pages)
        for path in files(".py", below="src/vungmanh")
        if path.relative_to(PACKAGE).parts[0] not in MAY_KNOW_PAGES
        and (pages := {name for name in imported(ast.walk(tree(path))) if is_below(name, PAGES)})
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("import openpyxl", True),
        ("from pyarrow import parquet", True),
        ("try:\n    import polib\nexcept ImportError:\n    pass", True),
        ("class A:\n    import xlsxwriter", True),
        ("def f():\n    import openpyxl", False),
        ("if TYPE_CHECKING:\n    import pyarrow", False),
        ("import openpyxl_other", False),
    ],
)
def test_the_scan_knows_the_start_of_a_module_from_a_function(source: str, caught: bool) -> None:
    names = imported_at_start(ast.parse(source))
    assert any(is_below(name, SLOW) for name in names) is caught
