"""Every test can fail: it asserts, or says which error it expects."""

from __future__ import annotations

import ast

import pytest

from tests.health.repository import files, functions_in, name_of, tree

#: Calls that fail by themselves when what they say is not so (pytest, Playwright, our own).
CLAIMS = ("raises", "warns", "fail", "expect", "assert_", "check_")


def claims_something(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return not (isinstance(node.test, ast.Constant) and node.test.value)
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in CLAIMS or name.startswith(tuple(c for c in CLAIMS if c.endswith("_"))):
                return True
    return False


def test_every_test_claims_something() -> None:
    silent = [
        f"{name_of(path)}:{function.name}"
        for path in files(".py", below="tests")
        if path.name.startswith("test_")
        for function in functions_in(tree(path))
        if function.name.startswith("test_") and not claims_something(function)
    ]
    assert silent == []


def test_tests_are_plain_functions() -> None:
    grouped = [
        f"{name_of(path)}:{node.name}"
        for path in files(".py", below="tests")
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]
    assert grouped == []


@pytest.mark.parametrize(
    ("body", "claims"),
    [
        ("assert 1 + 1 == 2", True),
        ("with pytest.raises(ValueError):\n        f()", True),
        ("expect(page).to_have_title('x')", True),
        ("assert_same(a, b)", True),
        ("f()", False),
        ("assert True", False),
        ("print('assert')", False),
    ],
)
def test_the_scan_knows_a_claim(body: str, claims: bool) -> None:
    assert claims_something(ast.parse(f"def test_x():\n    {body}\n")) is claims
