"""The cap: said to the committee by name, to the held-back unit by its own figures alone."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.evaluation.test_grading_papers import read
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import DossierState, Role
from vungmanh.evaluation.models import Dossier, GradeDecision
from vungmanh.evaluation.procedure import rules_of_year
from vungmanh.rulebook.grading.quota import Candidate
from vungmanh.strengthening.year_quota import LEADS, quota_of

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
BEST, GOOD = "xuat_sac", "tot"


def proposed(story: Story, **points: str) -> Story:
    """All three cells proposed the best grade, with these points."""
    for name, unit in (("first", CELL), ("second", SECOND), ("third", THIRD)):
        story.as_(SECRETARY, unit)
        story.post("rate_self", unit, grade=BEST, points=points.get(name, ""))
        story.as_(OFFICE)
        for act in ("open_opinions", "verify"):
            story.post(act, unit)
        story.post("propose", unit, grade=BEST, points=points.get(name, ""))
    assert set(Dossier.objects.values_list("state", flat=True)) == {DossierState.PROPOSED}
    return story


def test_the_committee_reads_how_the_cap_was_reckoned_and_who_is_held_back(story: Story) -> None:
    proposed(story, first="96", second="93", third="91")
    page = words(main_of(story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/ty-le/")))
    assert "3 nơi được đề xuất mức cao nhất, tỷ lệ cho 0; 3 nơi bị giữ lại." in page
    assert "của 3 là 0,6" in page
    assert CELL in page
    assert "village" not in page
    assert "bị giữ lại do tỷ lệ" in page


def test_a_best_grade_beyond_the_cap_is_refused_in_words(story: Story) -> None:
    proposed(story, first="96", second="93", third="91")
    answer = story.post("decide", grade=BEST)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "chỉ được 0" in words(main_of(answer))  # type: ignore[arg-type]
    assert not GradeDecision.objects.exists()


def test_the_unit_held_back_reads_its_own_figures_and_nobody_elses(story: Story) -> None:
    proposed(story, first="96", second="93,5", third="91")
    assert story.post("decide", grade=GOOD).status_code == 422  # type: ignore[attr-defined]
    done = story.post("decide", grade=GOOD, reason="Vượt tỷ lệ của nhóm.", document="5-QĐ/ĐU")
    assert done.status_code == 302  # type: ignore[attr-defined]
    story.post("notify")
    client = story.as_(SECRETARY, CELL)
    page = words(main_of(client.get(f"/xep-loai/ho-so/{story.dossier().pk}/")))
    assert "Đủ điều kiện xuất sắc, bị giữ lại do tỷ lệ" in page
    assert "Điểm của đơn vị: 96" in page
    assert "93,5" not in page
    assert SECOND not in page
    assert "5-QĐ/ĐU" in page
    notice = read(client, f"/xep-loai/ho-so/{story.dossier().pk}/thong-bao.docx")
    assert "chỉ được 0" in notice or "không có suất nào" in notice
    assert "Điểm của đơn vị: 96" in notice
    assert "93,5" not in notice
    assert SECOND not in notice


def test_a_decision_is_computed_anew_from_what_was_kept_with_it(story: Story) -> None:
    proposed(story, first="96")
    story.post("decide", grade=GOOD, reason="Vượt tỷ lệ của nhóm.")
    story.as_(SECRETARY, SECOND)
    client = story.as_(OFFICE)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    assert "Tính lại và so" in words(main_of(client.get(address)))
    page = words(main_of(client.get(f"{address}?tinh-lai=1")))
    assert "Quyết định 1: Tính lại từ số liệu đã giữ: ra đúng như khi quyết định." in page


def test_a_second_decision_points_to_reopening(story: Story) -> None:
    proposed(story, first="96")
    story.post("decide", grade=GOOD, reason="Vượt tỷ lệ của nhóm.")
    again = story.post("decide", grade=GOOD, reason="Lại.")
    assert again.status_code == 422  # type: ignore[attr-defined]
    assert "mở lại hồ sơ" in words(main_of(again))  # type: ignore[arg-type]
    assert GradeDecision.objects.count() == 1
    assert story.post("reopen", reason="Có tình tiết mới.").status_code == 302  # type: ignore[attr-defined]
    assert story.dossier().version == 2


def test_a_complaint_is_verified_anew_and_answered_then_appealed(story: Story) -> None:
    proposed(story, first="96")
    story.post("decide", grade=GOOD, reason="Vượt tỷ lệ của nhóm.")
    story.post("notify")
    story.as_(SECRETARY, CELL)
    assert story.post("complain", reason="").status_code == 422  # type: ignore[attr-defined]
    story.post("complain", reason="Chưa tính việc làm đường.")
    story.as_(OFFICE)
    story.post("reverify")
    story.post("answer_complaint", grade=GOOD, reason="Đã tính đủ.", document="", document_date="")
    story.post("notify")
    assert GradeDecision.objects.count() == 2
    story.as_(SECRETARY, CELL)
    assert story.post("appeal", reason="Xin xem lại.").status_code == 302  # type: ignore[attr-defined]
    story.as_(ANALYST, PROVINCE)
    answered = story.post("answer_appeal", grade=GOOD, reason="Giữ nguyên.")
    assert answered.status_code == 302  # type: ignore[attr-defined]
    assert story.dossier().state == DossierState.DECIDED


def test_the_page_of_the_cap_is_for_who_decides(story: Story) -> None:
    address = f"/xep-loai/{story.cycle.pk}/ty-le/"
    assert story.as_(ANALYST, PROVINCE).get(address).status_code == 200
    assert story.as_(OVERSEER, CELL).get(address).status_code == 403
    assert story.as_(SECRETARY, CELL).get(address).status_code == 403
    assert story.as_(OFFICE, LANG_THU).get(address).status_code == 404
    assert QUAN_MAU in story.as_(OFFICE).get(address).content.decode()


def test_collectives_are_never_pooled_with_organisations(db: None) -> None:
    rules = dict(rules_of_year(2019, dt.date(2019, 12, 31)).ids)
    leads = f"Trường học{LEADS}"
    rated = [
        Candidate(f"{group}{n}", group, Fraction(90 + n), True, True)
        for group in ("school", "health", leads)
        for n in range(4)
    ]
    found = quota_of(rated, rules)
    assert found is not None
    assert len(found.of("school0").parts) == 2
    assert found.of(f"{leads}0").parts == (leads,)
    assert found.of(f"{leads}0").cap.good == 4
