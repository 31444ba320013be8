"""The rule files themselves: cited, labelled, in their place, and the page says what they say."""

import re
from pathlib import Path

import pytest

from vungmanh.core.vocabulary import Evidence
from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.loader import DATA
from vungmanh.rulebook.page import rulebook_page
from vungmanh.rulebook.wording import value_lines

ROOT = Path(__file__).resolve().parents[2]
BOOK = shipped_rulebook()
FILES = {path.stem: path for path in DATA.rglob("*.yaml")}


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_rule_is_a_cited_sentence_in_the_folder_of_its_level(rule):
    assert len(rule.citation) >= 10
    assert not rule.title.endswith(".")
    folders = {"national": "national", "province_template": "provincial_template"}
    level = "example" if rule.whom.example else folders[rule.scope]
    assert FILES[rule.id].relative_to(DATA).parts[0] == level


def test_every_yaml_file_is_a_rule_and_every_folder_has_one():
    assert set(FILES) == {rule.id for rule in BOOK.rules}
    assert len(FILES) == len(list(DATA.rglob("*.yaml")))
    assert [
        folder for folder in DATA.rglob("*") if folder.is_dir() and not any(folder.iterdir())
    ] == []


def test_no_template_pretends_to_be_law():
    for rule in BOOK.rules:
        is_template = rule.evidence is Evidence.TEMPLATE
        assert is_template == rule.id.startswith("MAU-")
        assert is_template == (rule.document.issuer == "chương trình Vững Mạnh")
        assert is_template <= (rule.document.date is None)
        assert rule.document.date is not None or is_template or "Chưa rõ" in rule.note
        if is_template:
            assert "tỉnh chưa ban hành" in rule.citation
            assert rule.caution == "mẫu, tỉnh chưa ban hành"


def test_ninety_days_of_vacancy_are_told_as_an_idea_not_a_vietnamese_rule():
    (rule,) = BOOK.history("fact_reason.secretary_vacant")
    assert "Trung Quốc" in rule.note
    assert "không phải quy định của Việt Nam" in rule.note


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_numbers_in_the_sentence_of_a_rule_are_numbers_of_its_value(rule):
    """A sentence that says 8 beside a value of 9 would be believed."""
    said = set(re.findall(r"\d+", rule.title))
    ruled = set(re.findall(r"\d+", " ".join(text for _, text in value_lines(rule.value))))
    points_scale = {"100"} if rule.key in ("grade_scale", "meeting_grades") else set()
    assert said <= ruled | points_scale


def test_generated_page_is_what_the_files_say():
    page = (ROOT / "docs" / "rulebook" / "README.md").read_text(encoding="utf-8")
    assert page == rulebook_page(BOOK), "run: python tools/write_rulebook_page.py"
