"""Which layout holds on which day, who may issue what, and who may sign for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.unit.outputs.paper_samples import CELL, DAY, LATER, SENDER, decided
from vungmanh.core.errors import InputError, RuleBroken
from vungmanh.outputs.papers.issuing import Signer, check_may_issue, signature
from vungmanh.outputs.papers.kinds.reports import of_half, of_month, of_quarter, of_year
from vungmanh.outputs.papers.kinds.sections import Section, numbered, roman
from vungmanh.outputs.papers.kinds.sender import Closing, paper_of
from vungmanh.outputs.papers.layout import date_line, layout_on, number_line, plain, symbol_of
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType, SigningCapacity

FOR_HEAD, FOR_ALL = SigningCapacity.FOR_HEAD, SigningCapacity.FOR_COLLECTIVE


@pytest.mark.parametrize(
    ("day", "rule", "stands_in"),
    [
        (dt.date(2014, 11, 1), "HD36-2018-the-thuc", True),
        (dt.date(2018, 4, 3), "HD36-2018-the-thuc", False),
        (dt.date(2026, 5, 26), "HD36-2018-the-thuc", False),
        (dt.date(2026, 5, 27), "HD05-2026-the-thuc", False),
    ],
)
def test_a_paper_is_laid_out_by_the_rule_of_its_day(
    day: dt.date, rule: str, stands_in: bool
) -> None:
    found = layout_on(day)
    assert (found.rule.id, found.is_stand_in) == (rule, stands_in)
    assert found.rule.caution == "cần kiểm tra"


def test_state_papers_follow_the_decree() -> None:
    assert layout_on(DAY, PaperFamily.STATE).rule.id == "ND30-2020-the-thuc"


@pytest.mark.parametrize(
    ("number", "line"), [(5, "Số 05-QĐ/ĐU"), (10, "Số 10-QĐ/ĐU"), (None, "Số         -QĐ/ĐU")]
)
def test_the_number_of_one_figure_gets_a_nought(number: int | None, line: str) -> None:
    paper = replace(decided(), number=number)
    assert number_line(paper) == line
    assert symbol_of(paper) == "-QĐ/ĐU"


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (dt.date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 10, 31), "ngày 31 tháng 10 năm 2026"),
    ],
)
def test_days_under_ten_and_the_first_two_months_get_a_nought(day: dt.date, line: str) -> None:
    assert date_line(replace(decided(), on=day)) == f"Quan Mẫu, {line}"


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PaperBody.CELL, PaperType.STATUTE),
        (PaperBody.CELL, PaperType.GUIDANCE),
        (PaperBody.STANDING_COMMITTEE, PaperType.BYLAW),
        (PaperBody.COMMITTEE, PaperType.GUIDANCE),
    ],
)
def test_what_a_body_may_not_issue_is_refused_with_the_rule(
    body: PaperBody, kind: PaperType
) -> None:
    with pytest.raises(RuleBroken, match="không được ban hành") as refused:
        check_may_issue(body, kind, on=LATER)
    assert refused.value.code == "paper-not-allowed"
    assert refused.value.rule_id == "QD399-2026-khong-ban-hanh"
    assert check_may_issue(body, kind, on=dt.date(2026, 1, 8)) is None  # no rule known


def test_a_cell_issues_resolutions_and_no_guidance() -> None:
    made = paper_of(CELL, PaperType.RESOLUTION, about="nạo vét mương", parts=(), closing=Closing())
    assert number_line(made) == "Số 05-NQ/CB"
    with pytest.raises(RuleBroken):
        paper_of(CELL, PaperType.GUIDANCE, about="x", parts=(), closing=Closing())


def test_a_deputy_secretary_signs_for_the_committee_and_not_in_place_of_the_secretary() -> None:
    deputy = Signer("Phó Bí thư", "Lò Thử An", FOR_ALL, "Đảng ủy")
    made = signature(deputy, body=PaperBody.COMMITTEE, on=LATER)
    assert (made.on_behalf, made.role) == ("T/M Đảng ủy", "Phó Bí thư")
    with pytest.raises(RuleBroken, match="không ký K/T") as refused:
        signature(replace(deputy, capacity=FOR_HEAD), body=PaperBody.COMMITTEE, on=LATER)
    assert refused.value.code == "kt-for-collective"


def test_the_deputy_of_an_agency_signs_in_place_of_its_head() -> None:
    deputy = Signer("Phó Trưởng ban", "", FOR_HEAD, "Trưởng ban")
    assert signature(deputy, body=PaperBody.AGENCY, on=LATER).on_behalf == "K/T Trưởng ban"
    state = signature(deputy, body=PaperBody.AGENCY, on=LATER, family=PaperFamily.STATE)
    assert state.on_behalf == "KT. Trưởng ban"
    with pytest.raises(RuleBroken) as refused:
        signature(replace(deputy, capacity=FOR_ALL), body=PaperBody.AGENCY, on=LATER)
    assert refused.value.code == "tm-for-agency"


def test_by_order_needs_to_say_of_whom() -> None:
    clerk = Signer("Chánh Văn phòng", "", SigningCapacity.BY_ORDER, "Ban Thường vụ")
    body = PaperBody.STANDING_COMMITTEE
    assert signature(clerk, body=body, on=LATER).on_behalf == "T/L Ban Thường vụ"
    with pytest.raises(InputError, match="ký thay ai"):
        signature(replace(clerk, of=" "), body=body, on=LATER)


# --- words ---------------------------------------------------------------------------------------


def test_sections_are_numbered_as_party_papers_number_them() -> None:
    inner = Section("Trong", below=(Section("Sâu", ("Chữ.",)),))
    parts = numbered([Section("Một", ("Chữ.",)), Section("Hai", below=(inner,)), Section("Ba")])
    said = [(part.text, part.level) for part in parts if part.kind == "heading"]
    assert said == [("I- Một", 1), ("II- Hai", 1), ("1- Trong", 2), ("1.1- Sâu", 3), ("III- Ba", 1)]
    assert parts[-1].kind == "line"  # nothing said: room for the pen
    assert [roman(n) for n in (1, 4, 9, 14, 40)] == ["I", "IV", "IX", "XIV", "XL"]


def test_periods_are_worded_as_reports_word_them() -> None:
    month = of_month(dt.date(2026, 10, 1))
    assert (month, of_quarter(3, 2026)) == ("tháng 10 năm 2026", "quý III năm 2026")
    assert (of_half(2026), of_year(2026)) == ("6 tháng đầu năm 2026", "năm 2026")


def test_text_loses_only_what_a_paper_cannot_hold() -> None:
    assert plain("a\x00b\x0b\u202ec\ud800 <b>&") == "abc <b>&"
    assert plain("Đảng ủy") == "Đảng ủy"


def test_a_sender_that_is_simulated_says_so_on_the_paper() -> None:
    made = paper_of(SENDER, PaperType.PLAN, about="x", parts=(), closing=Closing())
    assert made.notes == ("Dữ liệu mô phỏng: tên và số liệu do máy tạo ra",)
