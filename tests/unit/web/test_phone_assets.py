"""The scripts of the phone: small, without words of their own, in the syntax of Chrome 99."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vungmanh.web.assets import HERE

MODULES = sorted((HERE / "static/vungmanh/js/phone").glob("*.js"))
SCRIPTS = [*MODULES, HERE / "phone/worker.js"]
TEMPLATES = sorted((HERE / "templates/phone").glob("*.html"))

#: What Chrome 99 does not know, with the version that brought it.
NEWER_THAN_CHROME_99 = {
    "AbortSignal.timeout (103)": r"AbortSignal\.timeout",
    "AbortSignal.any (116)": r"AbortSignal\.any",
    "Response.json (105)": r"Response\.json\(",
    "toSorted and its like (110)": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "Object.groupBy (117)": r"\.groupBy\(",
    "Promise.withResolvers (119)": r"withResolvers",
    "inert (102)": r"\.inert\b",
    "popover (114)": r"opover",
    "Set methods (122)": r"\.(union|intersection|isSubsetOf)\(",
    "lookbehind of 2024 flags (112)": r"/[dgimsuy]*v[dgimsuy]*[.,;)]",
    "import attributes (123)": r"\bwith\s*{",
    ":has() (105)": r":has\(",
}


def without_comments(path: Path) -> str:
    return re.sub(r"(?m)^\s*//.*$| // .*$", "", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_the_phone_is_small_and_speaks_no_language(path: Path) -> None:
    code = without_comments(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150
    assert code.isascii(), "texts come from the server, in templates"
    assert not re.search(r"\beval\(|innerHTML|\.style\b|new Function|document\.write", code)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_the_phone_keeps_to_what_chrome_99_knows(path: Path) -> None:
    code = without_comments(path)
    assert [name for name, sign in NEWER_THAN_CHROME_99.items() if re.search(sign, code)] == []


def test_the_scripts_of_the_phone_say_only_words_that_the_page_has() -> None:
    page = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    words = set(re.findall(r'data-word="([^"]+)"', page))
    parts = set(re.findall(r'<template id="t-([^"]+)"', page))
    code = "".join(map(without_comments, MODULES))
    said = set(re.findall(r'\bsay\("([^"]+)"', code)) | set(re.findall(r'"([po]-[a-z]+)"', code))
    filled = set(re.findall(r'\bfill\("([^"]+)"', code))
    assert said - words == set()
    assert filled - parts == set()
    assert len(said) > 80
    assert len(filled) > 30


def test_no_word_of_the_phone_is_there_for_nothing() -> None:
    page = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    code = "".join(map(without_comments, MODULES))
    made = {"state-", "month-", "members-", "status-of-", "l-", "o-", "c-", "v-", "role-", "p-",
            "sheet-", "f-"}  # fmt: skip
    words = set(re.findall(r'data-word="([^"]+)"', page))
    idle = {word for word in words if f'"{word}"' not in code}
    assert {word for word in idle if not word.startswith(tuple(made))} == set()
