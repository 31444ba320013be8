"""What is built at install time, and the house rules of CSS and JavaScript."""

from __future__ import annotations

import gettext
import re
import shutil
from pathlib import Path

import pytest

from vungmanh.web import assets

SCRIPTS = sorted((assets.HERE / "static/vungmanh/js").glob("*.js"))
TEMPLATES = sorted((assets.HERE / "templates").rglob("*.html"))


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    assets.prepare(folder)
    return folder


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """What `prepare` built, a test's own: a test that spoils it spoils no other."""
    return shutil.copytree(built_once, tmp_path / "build")


def snapshot(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_prepare_builds_fonts_icons_styles_and_catalogues(built: Path) -> None:
    names = {str(path.relative_to(built)) for path in snapshot(built)}
    assert names == {
        "assets.stamp",
        "static/vungmanh/vungmanh.css",
        "static/vungmanh/icons.svg",
        "static/vungmanh/fonts/be-vietnam-pro-400.woff2",
        "static/vungmanh/fonts/be-vietnam-pro-500.woff2",
        "static/vungmanh/fonts/be-vietnam-pro-600.woff2",
        "locale/en/LC_MESSAGES/django.mo",
        "locale/vi/LC_MESSAGES/django.mo",
    }


def test_prepare_again_writes_nothing(built: Path) -> None:
    before = snapshot(built)
    assets.prepare(built)
    assert snapshot(built) == before


def test_prepare_makes_good_what_was_deleted(built: Path) -> None:
    icons = built / "static/vungmanh/icons.svg"
    icons.unlink()
    assets.prepare(built)
    assert icons.exists()


def test_prepare_builds_anew_when_a_source_changed(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_stamp", lambda: "another")
    sheet = built / "static/vungmanh/vungmanh.css"
    sheet.write_text("old", encoding="utf-8")
    assets.prepare(built)
    assert sheet.read_text(encoding="utf-8") == assets.style_sheet()


def test_a_built_catalogue_translates(built: Path) -> None:
    english = gettext.translation("django", built / "locale", ["en"])
    assert english.gettext("Nhận diện") == "Spotting"


def test_every_icon_is_one_symbol() -> None:
    sprite = assets.icon_sprite().decode()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == list(assets.ICONS)


def test_the_style_sheet_names_its_fonts_beside_itself() -> None:
    sheet = assets.style_sheet()
    assert re.findall(r"url\(([^)]*)\)", sheet) == [
        f'"fonts/be-vietnam-pro-{weight}.woff2"' for weight in (400, 500, 600)
    ]
    assert sheet.index("@layer reset") < sheet.index(".frame {") < sheet.index("@page")


# A phone of 2022 (Chrome 99) drops a rule it cannot read, so what it cannot read is not written.
NEWER_THAN_CHROME_99 = {
    ":has(": r":has\(",
    "nesting": r"^\s*&",
    "light-dark()": r"light-dark\(",
    "color-mix()": r"color-mix\(",
    "@container": r"@container",
    "@scope": r"@scope",
    "range media query": r"@media[^{]*[<>]",
    "dynamic viewport units": r"\b\d+(d|s|l)v(h|w|i|b)\b",
    "rotate property": r"^\s*(rotate|translate|scale):",
}


@pytest.mark.parametrize("path", assets.style_files(), ids=lambda path: path.name)
def test_css_keeps_to_the_house_and_to_old_phones(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [
        name for name, sign in NEWER_THAN_CHROME_99.items() if re.search(sign, css, re.MULTILINE)
    ]
    assert found == []
    assert "!important" not in css
    assert len(css.splitlines()) <= 250
    if path.name not in {"tokens.css", "print.css"}:
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b", css) == [], "colours belong to tokens.css"
    if path.name != "section.css":  # only columns fold on paper too
        on_paper = re.findall(r"@media \(m(?:ax|in)-width", css)
        assert on_paper == [], "a sheet is as narrow as a phone: say `screen and`"
    physical = re.findall(
        r"(?<!safe-area-)(?:margin|padding|border|inset)-(?:left|right|top|bottom)|\b(?:left|right):",
        css,
    )
    assert physical == [], "logical properties only"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small_and_speak_no_language(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", source)
    assert len(source.splitlines()) <= 150
    assert code.isascii(), "texts come from the server, in data attributes"
    assert not re.search(r"\beval\(|innerHTML|\.style\b|new Function", code)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_carry_no_inline_style_or_script(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    html = re.sub(r"{%.*?%}", "", html)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "|safe" not in html or path.name == "field.html"  # help texts are written by us
    assert len(html.splitlines()) <= 200
