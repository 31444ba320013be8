"""For whom a rule holds, and which of several wins."""

from datetime import date

import pytest

from vungmanh.rulebook import RulebookError, read_rulebook
from vungmanh.rulebook.scopes import Place, precedence, scope_of
from vungmanh.rulebook.values import RegularMeetingMinutes

KEY = RegularMeetingMinutes.key
DAY = date(2024, 1, 1)
COMMUNE, CELL = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"

RULE = """\
id: {id}
key: obligation.regular_meeting_minutes
title: Buổi họp thử
document: {{issuer: Ban Thử, type: Hướng dẫn, number: 1-HD/BT, date: 2020-01-15}}
valid_from: {first}
valid_to: null
scope: {scope}
evidence: READ
citation: Điều 1
value: {{minutes: {minutes}, with_thematic: null}}
"""

SCOPES = {
    60: "national",
    61: "province:mau",
    62: "sector:truong-hoc",
    63: "province:mau/sector:truong-hoc",
    64: f"unit:{COMMUNE}",
    65: f"unit:{CELL}",
    66: "province:khac",
    67: "example:noi-khac",
}


def book_of(scopes=None, first="2020-02-01"):
    scopes = SCOPES if scopes is None else scopes
    texts = [
        (
            f"R{minutes}.yaml",
            RULE.format(id=f"R{minutes}", scope=scope, minutes=minutes, first=first),
        )
        for minutes, scope in scopes.items()
    ]
    return read_rulebook([], texts=texts)


@pytest.mark.parametrize(
    ("place", "minutes"),
    [
        ({}, 60),
        ({"province": "mau"}, 61),
        ({"sector": "truong-hoc"}, 62),
        ({"province": "mau", "sector": "xa"}, 61),
        ({"province": "khac", "sector": "truong-hoc"}, 62),
        ({"province": "mau", "sector": "truong-hoc"}, 63),
        ({"province": "mau", "sector": "truong-hoc", "unit": [COMMUNE]}, 64),
        ({"province": "mau", "unit": [COMMUNE, CELL]}, 65),
        ({"province": "noi-khac"}, 60),
    ],
)
def test_the_most_special_rule_wins(place, minutes):
    assert book_of().on(DAY, **place).of(RegularMeetingMinutes).minutes == minutes


def test_the_order_of_the_files_decides_nothing():
    backwards = dict(reversed(SCOPES.items()))
    place = {"province": "mau", "sector": "truong-hoc", "unit": [COMMUNE]}
    assert book_of(backwards).on(DAY, **place).of(RegularMeetingMinutes).minutes == 64


def test_home_is_the_province_when_nobody_says_which():
    text = RULE.format(id="R61", scope="province:mau", minutes=61, first="2020-02-01")
    assert read_rulebook([], texts=[("R61.yaml", text)], home="mau").on(DAY).has(KEY)
    assert not read_rulebook([], texts=[("R61.yaml", text)]).on(DAY).has(KEY)


def test_why_names_the_winner_and_what_kept_each_other_rule_from_winning():
    why = book_of().on(DAY, province="mau", sector="truong-hoc").why(KEY)
    assert why.winner.id == "R63"
    assert why.candidates[0].sentence.startswith("Áp dụng.")
    assert [one.rule.id for one in why.rivals] == ["R60", "R61", "R62"]
    said = {one.rule.id: one.sentence for one in why.candidates}
    assert "nên nhường" in said["R61"]
    assert "của nơi khác" in said["R66"]
    assert "không áp dụng" in said["R67"]
    assert "của nơi khác" in said["R64"]


def test_why_tells_rules_of_other_days():
    why = book_of({60: "national"}, first="2025-01-01").on(DAY).why(KEY)
    assert why.winner is None
    assert "bắt đầu từ 01/01/2025" in why.candidates[0].sentence


def test_two_rules_of_one_scope_may_not_overlap_and_of_two_scopes_may():
    book_of({60: "national", 61: "province:mau", 62: f"unit:{CELL}"})
    with pytest.raises(RulebookError) as caught:
        book_of({60: f"unit:{CELL}", 61: f"unit:{CELL}"})
    assert caught.value.code == "overlap"


@pytest.mark.parametrize(
    "scope",
    ["", "world", "province:", "province:Mẫu", "province:mau/", "sector:", "unit:12", "example:",
     "national/sector:x", "province:mau/unit:x"],
)  # fmt: skip
def test_a_scope_that_is_none_is_refused_with_the_forms_there_are(scope):
    with pytest.raises(ValueError, match="province:<mã tỉnh>"):
        scope_of(scope)


def test_a_template_is_the_weakest_of_all():
    strengths = [
        precedence(scope_of(text), Place("mau", "truong-hoc", (COMMUNE, CELL)))
        for text in ("province_template", *list(SCOPES.values())[:6])
    ]
    assert strengths == sorted(strengths)
    assert len(set(strengths)) == len(strengths)
