"""The acts of a whole cycle on its two pages: deciding at once, and the cycle itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import DossierState, Role
from vungmanh.evaluation.models import DecisionInputs, Dossier, GradeDecision
from vungmanh.strengthening.year_grading import dossier_finding

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
BEST, GOOD = "xuat_sac", "tot"
PAPER = {"document": "7-QĐ/ĐU", "document_date": "2020-01-06"}


@pytest.fixture
def proposed(story: Story) -> Story:
    """Three cells proposed the best grade, every row of the sheet answered."""
    for number, unit in enumerate((CELL, SECOND, THIRD)):
        one = story.dossier(unit)
        sheet = dossier_finding(one, at=timezone.now()).sheet
        assert sheet is not None
        one.answers = dict.fromkeys((row.code for row in sheet.criteria), "tot")
        one.state, one.self_grade, one.proposed_grade = DossierState.PROPOSED, BEST, BEST
        one.self_points = 96 - number
        one.save()
    story.as_(OFFICE)
    return story


def address(story: Story, page: str) -> str:
    return f"/xep-loai/{story.cycle.pk}/{page}/"


def send(story: Story, page: str, **fields: str) -> HttpResponse:
    return story.client.post(address(story, page), fields)  # type: ignore[return-value]


def decide(story: Story, **fields: str) -> HttpResponse:
    """Both steps, as the browser does."""
    asked = send(story, "quyet-dinh", **fields)
    assert asked.status_code == 200, words(main_of(asked))
    mark = asked.context["plan"].mark  # type: ignore[attr-defined]
    assert f'value="{mark}"' in asked.content.decode()
    return send(story, "quyet-dinh", mark=mark, **fields)


def test_everything_proposed_is_decided_in_two_steps(proposed: Story) -> None:
    page = words(main_of(proposed.client.get(address(proposed, "quyet-dinh"))))
    assert "3 hồ sơ năm 2019 đủ để quyết định." in page
    assert "chỉ được" in page or "không có suất nào" in page
    asked = send(proposed, "quyet-dinh", **PAPER)
    assert "Xác nhận: ghi 3 quyết định" in words(main_of(asked))
    assert not GradeDecision.objects.exists()
    done = decide(proposed, **PAPER)
    assert done["Location"] == f"/xep-loai/{proposed.cycle.pk}/"
    made = list(GradeDecision.objects.all())
    assert {one.grade for one in made} == {GOOD}
    assert {one.document for one in made} == {"7-QĐ/ĐU"}
    assert {str(one.document_date) for one in made} == {"2020-01-06"}
    assert DecisionInputs.objects.count() == 1


def test_each_of_them_is_computed_anew_and_tells_who_was_held_back(proposed: Story) -> None:
    decide(proposed)
    for unit in (CELL, THIRD):
        one = f"/xep-loai/ho-so/{proposed.dossier(unit).pk}/?tinh-lai=1"
        page = words(main_of(proposed.client.get(one)))
        assert "Tính lại từ số liệu đã giữ: ra đúng như khi quyết định." in page
        assert "Được đề xuất xuất sắc, bị giữ lại do tỷ lệ" in page


def test_one_that_lacks_something_refuses_all_with_its_sentence(proposed: Story) -> None:
    Dossier.objects.filter(pk=proposed.dossier(SECOND).pk).update(answers={})
    answer = send(proposed, "quyet-dinh", **PAPER)
    assert answer.status_code == 422
    page = words(main_of(answer))
    assert "Chưa quyết định được: 1 hồ sơ còn thiếu." in page
    assert "tiêu chí để trống: trả lại hồ sơ để ghi đủ" in page
    assert 'value="7-QĐ/ĐU"' in answer.content.decode()
    assert send(proposed, "quyet-dinh", mark="x" * 32).status_code == 422
    assert not GradeDecision.objects.exists()


def test_a_list_that_changed_is_looked_through_again(proposed: Story) -> None:
    mark = send(proposed, "quyet-dinh").context["plan"].mark  # type: ignore[attr-defined]
    Dossier.objects.filter(pk=proposed.dossier(SECOND).pk).update(state=DossierState.RETURNED)
    answer = send(proposed, "quyet-dinh", mark=mark)
    assert answer.status_code == 422
    assert "Danh sách đã đổi" in words(main_of(answer))
    assert not GradeDecision.objects.exists()


def test_a_wrong_day_comes_back_at_its_field(proposed: Story) -> None:
    answer = send(proposed, "quyet-dinh", document="7-QĐ/ĐU", document_date="mai")
    assert answer.status_code == 422
    assert "document_date" in answer.context["form"].errors  # type: ignore[attr-defined]


def test_a_cycle_without_proposals_says_what_comes_first(story: Story) -> None:
    page = words(main_of(story.as_(OFFICE).get(address(story, "quyet-dinh"))))
    assert "chưa có hồ sơ nào đã đề xuất" in page
    assert "Còn 3 hồ sơ chưa đề xuất" in page
    assert send(story, "quyet-dinh", mark="x").status_code == 422


def test_more_dossiers_cost_no_further_query(proposed: Story) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert proposed.client.get(address(proposed, "quyet-dinh")).status_code == 200
        return len(caught)

    queries()
    three = queries()
    for unit in (SECOND, THIRD):
        Dossier.objects.filter(pk=proposed.dossier(unit).pk).update(state=DossierState.RETURNED)
    assert queries() == three


@pytest.mark.parametrize("page", ["quyet-dinh", "dieu-hanh"])
@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [(ANALYST, PROVINCE, 403), (OVERSEER, CELL, 403), (SECRETARY, CELL, 403),
     (OFFICE, LANG_THU, 404), (OFFICE, QUAN_MAU, 200)],
)  # fmt: skip
def test_both_pages_are_for_the_committee_alone(
    story: Story, page: str, role: Role, unit: str, status: int
) -> None:
    client = story.as_(role, unit)
    assert client.get(address(story, page)).status_code == status
    if status != 200:
        assert client.post(address(story, page), {"act": "close"}).status_code == status
        board = client.get(f"/xep-loai/{story.cycle.pk}/").content.decode()
        assert address(story, page) not in board


def test_all_results_are_told_and_the_cycle_closed(proposed: Story) -> None:
    early = send(proposed, "dieu-hanh", act="close")
    assert early.status_code == 422
    assert "Còn 3 hồ sơ chưa quyết định" in words(main_of(early))
    decide(proposed)
    assert send(proposed, "dieu-hanh", act="notify").status_code == 302
    assert set(Dossier.objects.values_list("state", flat=True)) == {DossierState.NOTIFIED}
    assert send(proposed, "dieu-hanh", act="notify").status_code == 422
    assert send(proposed, "dieu-hanh", act="close").status_code == 302
    page = words(main_of(proposed.client.get(address(proposed, "dieu-hanh"))))
    assert "Kỳ xếp loại năm 2019 đã đóng." in page
    again = send(proposed, "dieu-hanh", act="close")
    assert again.status_code == 422
    assert "đã đóng" in words(main_of(again))


def test_deadlines_are_changed_and_a_wrong_order_comes_back(story: Story) -> None:
    story.as_(OFFICE)
    wrong = send(story, "dieu-hanh", act="deadlines", rate_self="2019-12-20", verify="2019-12-10")
    assert wrong.status_code == 422
    assert "verify" in wrong.context["forms"]["deadlines"].errors  # type: ignore[attr-defined]
    assert 'value="2019-12-10"' in wrong.content.decode()
    done = send(story, "dieu-hanh", act="deadlines", rate_self="2019-12-01", verify="2019-12-10")
    assert done.status_code == 302
    story.cycle.refresh_from_db()
    assert story.cycle.deadlines == {"rate_self": "2019-12-01", "verify": "2019-12-10"}
    assert 'value="2019-12-10"' in story.client.get(address(story, "dieu-hanh")).content.decode()


def test_a_dossier_is_taken_out_and_put_back_with_a_reason(story: Story) -> None:
    story.as_(OFFICE)
    one = story.dossier()
    bare = send(story, "dieu-hanh", act="remove", **{"remove-chosen": str(one.pk)})
    assert bare.status_code == 422
    assert "reason" in bare.context["forms"]["remove"].errors  # type: ignore[attr-defined]
    out = {"remove-chosen": str(one.pk), "remove-reason": "Đã giải thể."}
    assert send(story, "dieu-hanh", act="remove", **out).status_code == 302
    page = words(main_of(story.client.get(address(story, "dieu-hanh"))))
    assert CELL in page
    assert "Đã giải thể." in page
    back = {"add-chosen": f"{one.unit_id}:organisation", "add-reason": "Nhầm."}
    assert send(story, "dieu-hanh", act="add", **back).status_code == 302
    one.refresh_from_db()
    assert one.removed_at is None


def test_a_unit_is_left_out_of_the_cap_and_counted_again(story: Story) -> None:
    story.as_(OFFICE)
    one = story.dossier()
    for way, protected in (("ngoai", True), ("trong", False)):
        fields = {"protect-chosen": f"{one.pk}:{way}", "protect-reason": "Quân đội."}
        assert send(story, "dieu-hanh", act="protect", **fields).status_code == 302
        one.refresh_from_db()
        assert one.protected is protected


def test_what_is_no_act_changes_nothing(story: Story) -> None:
    story.as_(OFFICE)
    assert send(story, "dieu-hanh", act="delete").status_code == 422
    assert send(story, "dieu-hanh", act="remove", **{"remove-chosen": "x"}).status_code == 422
    story.cycle.refresh_from_db()
    assert story.cycle.state == "open"


def test_a_day_to_come_is_told_before_anything_is_confirmed(proposed: Story) -> None:
    later = str(localdate() + dt.timedelta(days=1))
    answer = send(proposed, "quyet-dinh", document="7-QĐ/ĐU", document_date=later)
    assert answer.status_code == 422
    assert "Ngày của văn bản ở sau hôm nay." in words(main_of(answer))


def test_a_grade_above_what_the_conditions_support_is_told_before_deciding(
    proposed: Story,
) -> None:
    one = proposed.dossier(CELL)
    finding = dossier_finding(one, at=timezone.now()).finding
    assert finding is not None
    unmet = {row.key: row.knock_out for row in finding.conditions}
    outside = Dossier.objects.filter(pk=one.pk)
    outside.update(condition_answers=unmet, protected=True)  # the cap lowers it no more
    page = words(main_of(proposed.client.get(address(proposed, "quyet-dinh"))))
    assert "1 hồ sơ sẽ được mức cao hơn mức mà tiêu chí và điều kiện" in page
    assert "thấp hơn mức sẽ quyết định" in page
