"""A scoring sheet as rows of a form: nothing is lost between rows, text and sheet."""

from __future__ import annotations

import pytest

from vungmanh.rulebook import shipped_rulebook
from vungmanh.rulebook.sheet_text import parse_sheet, sheet_text
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.web.rulebook.sheet_draft import SheetDraft, rows_of, sent_rows
from vungmanh.web.rulebook.sheet_lines import read_level

SHEETS = [rule for rule in shipped_rulebook().rules if isinstance(rule.value, MeetingSheet)]


def as_sent(draft: SheetDraft) -> dict[str, str]:
    """The fields a browser sends for these rows."""
    sent = {"total": draft.total, "rescale": draft.rescale, "rest": draft.rest}
    for g, group in enumerate(draft.groups, start=1):
        sent |= {f"g{g}-{name}": typed for name, typed in group.row.typed.items()}
        for c, row in enumerate(group.criteria, start=1):
            sent |= {f"g{g}-{c}-{name}": typed for name, typed in row.typed.items() if typed}
    return sent


@pytest.mark.parametrize("rule", SHEETS, ids=lambda rule: rule.id)
def test_a_sheet_in_rows_and_back_is_the_same(rule):
    draft = rows_of(sheet_text(rule.value))
    assert draft is not None
    assert parse_sheet(sent_rows(as_sent(draft)).text, type(rule.value)) == rule.value


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("5: từ 90%", {"điểm": 5, "từ": "90%"}),
        ("5 điểm: trên 50 %", {"điểm": 5, "trên": "50 %"}),
        ("4: từ 75% đến dưới 90%", {"điểm": 4, "từ": "75%", "dưới": "90%"}),
        ("4: từ đủ - 15 dưới đủ", {"điểm": 4, "từ": "đủ - 15", "dưới": "đủ"}),
        ("2,5: từ đủ x 0,5 phút", {"điểm": "2,5", "từ": "đủ x 0,5"}),
        ("1: dưới 65%; hoặc khi vắng không lý do",
         {"điểm": 1, "dưới": "65%", "hoặc khi": "vắng không lý do"}),
        ("3: Tốt", {"điểm": 3, "nhãn": "Tốt"}),
    ],
)  # fmt: skip
def test_a_line_is_a_level(line, level):
    assert read_level(line) == level


@pytest.mark.parametrize(
    "line", ["từ 90%", "5: từ 90% hay hơn", "5: từ nửa", "5: từ 50% từ 60%", "năm: từ 90%"]
)
def test_a_line_that_says_something_else_is_told_with_its_place(line):
    rows = {"g1-code": "A", "g1-1-code": "A1", "g1-1-levels": f"3: Tốt\n{line}"}
    draft = sent_rows(rows)
    assert draft.slip() == ("A1", 2, line)
    kept = rows_of(draft.text)
    assert kept is not None
    assert kept.groups[0].criteria[0].levels == rows["g1-1-levels"]


def test_rows_come_and_go_and_the_others_stay():
    draft = rows_of(sheet_text(SHEETS[0].value))
    assert draft is not None
    count = len(draft.groups[0].criteria)
    more = draft.with_criterion(1)
    assert len(more.groups[0].criteria) == count + 1
    assert more.without(1, count + 1) == draft
    assert draft.with_group().without(len(draft.groups) + 1) == draft
    assert draft.without(1).groups == draft.groups[1:]
    assert draft.without(99) == draft.with_criterion(99) == draft


@pytest.mark.parametrize("text", ["a: [", "chữ", "nhóm: chữ", "nhóm: [{mã: A, lạ: 1}]"])
def test_a_text_that_rows_cannot_show_has_no_rows(text):
    assert rows_of(text) is None
