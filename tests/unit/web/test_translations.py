"""Vietnamese is the source; every word of the frame and of the pages has its English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import allauth
import polib
import pytest

from vungmanh.core.people_words import AppointmentWay, PostConcern, RotationState
from vungmanh.core.vocabulary import MonthState, Post, Role, Status, Vocabulary
from vungmanh.rulebook.people.clocks import UNCOVERED, UNRULED, UNSTARTED, ClockState
from vungmanh.rulebook.people.findings import JudgedState
from vungmanh.web import assets

TEMPLATES = assets.HERE / "templates"
ENGLISH = polib.pofile(str(assets.LOCALES / "en/LC_MESSAGES/django.po"))
VIETNAMESE = polib.pofile(str(assets.LOCALES / "vi/LC_MESSAGES/django.po"))


def all_templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def all_modules() -> list[Path]:
    return sorted(assets.HERE.rglob("*.py"))


def words_of_template(path: Path) -> set[str]:
    source = path.read_text(encoding="utf-8")
    plain = re.findall(r'{%\s*translate\s+"([^"]+)"', source)
    blocks = re.findall(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate", source, re.DOTALL)
    forms = [form for block in blocks for form in re.split(r"{%\s*plural\s*%}", block)]
    return set(plain) | {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", form) for form in forms}


def words_of_module(path: Path) -> set[str]:
    calls = (one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))  # fmt: skip
    return {
        one.args[0].value
        for one in calls
        if one.func.id in {"_", "gettext", "gettext_lazy"}  # type: ignore[attr-defined]
        and one.args
        and isinstance(one.args[0], ast.Constant)
    }


def source_words() -> set[str]:
    words = {member.label for kind in (Role, MonthState, Status) for member in kind}
    for path in all_templates():
        words |= words_of_template(path)
    for path in all_modules():
        words |= words_of_module(path)
    return words


def test_the_search_for_words_finds_all_three_kinds() -> None:
    words = source_words()
    assert {"Đăng nhập", "Tổng quan", "Cần củng cố", "họp %(n)s"} <= words
    assert "%(first)s–%(last)s trong %(all)s %(noun)s" in words


def test_every_word_of_the_pages_has_an_english_one() -> None:
    """Missing? Add it to locale/en; the sentence itself shows up in this failure."""
    translated = {
        entry.msgid for entry in ENGLISH
        if (entry.msgstr or all(entry.msgstr_plural.values() or [""])) and not entry.fuzzy
    }  # fmt: skip
    assert source_words() - translated == set()


#: Whose refusals are shown in forms that speak English too.
REFUSING = (
    "access/reason.py", "cadre/placing.py", "cadre/rotations.py", "cadre/staffing.py",
    "cadre/actions/appointments.py", "cadre/actions/rotations.py", "cadre/actions/terms.py",
    "strengthening/actions/handing_over.py",
)  # fmt: skip


def refusals_of(path: Path) -> set[str]:
    """Sentences given whole to an error; those with a day or a number in them are told as such."""
    errors = {"InputError", "NotNow", "NotFound", "Conflict", "_refuse"}
    calls = [one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]  # fmt: skip
    said = [one.args[0] for one in calls if one.func.id in errors and one.args]  # type: ignore[attr-defined]
    said += [key.value for one in calls for key in one.keywords if key.arg == "message"]
    return {one.value for one in said if isinstance(one, ast.Constant)}


@pytest.mark.parametrize("name", REFUSING)
def test_every_refusal_about_posts_has_an_english_one(name: str) -> None:
    translated = {entry.msgid for entry in ENGLISH if entry.msgstr and not entry.fuzzy}
    said = refusals_of(assets.HERE.parent / name)
    assert said
    assert said - translated == set()


@pytest.mark.parametrize(
    "kind", [Post, AppointmentWay, RotationState, PostConcern, JudgedState, ClockState]
)
def test_every_label_on_the_pages_of_posts_has_an_english_one(kind: type[Vocabulary]) -> None:
    translated = {entry.msgid for entry in ENGLISH if entry.msgstr and not entry.fuzzy}
    assert {one.label for one in kind} - translated == set()
    assert {UNCOVERED, UNSTARTED, UNRULED} - translated == set()


@pytest.mark.parametrize("catalogue", [ENGLISH, VIETNAMESE], ids=["en", "vi"])
def test_a_translation_keeps_every_gap_of_its_source(catalogue: polib.POFile) -> None:
    gap = re.compile(r"%\(\w+\)s|%s")
    for entry in catalogue:
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(gap.findall(entry.msgid)) == sorted(gap.findall(text)), entry.msgid
    ids = [entry.msgid for entry in catalogue]
    assert len(ids) == len(set(ids))


def test_the_vietnamese_catalogue_speaks_of_what_allauth_says() -> None:
    """When allauth changes a sentence, ours would silently fall back to English: fail instead."""
    folder = Path(allauth.__file__).parent
    said = " ".join(
        path.read_text(encoding="utf-8")
        for path in [
            *folder.glob("account/*.py"),
            *folder.glob("mfa/**/*.py"),
            *folder.glob("templates/account/messages/*.txt"),
        ]
    )
    said = re.sub(r'"\s*"', "", said)  # sentences written over two lines
    assert {entry.msgid for entry in VIETNAMESE if entry.msgid not in said} == set()
