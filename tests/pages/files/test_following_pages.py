"""What the program found of a file, reviews, and the end of its unit, as people meet them."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU
from tests.contract.test_reform_engine import basis_of
from tests.pages.files.test_file_pages import LIST, SignIn, acting, address, send, text_of
from tests.pages.strengthening.story import ids_twice, main_of
from tests.support_story import TODAY, Support
from vungmanh.core.programme_words import FileState
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.actions.digests import make_digests
from vungmanh.org.actions.reforms import draft_reform
from vungmanh.org.reform.steps import Merge
from vungmanh.outputs.reforms.actions import commit_reform_and_follow
from vungmanh.strengthening.models import FileMonth, SupportFile

WORDS = "Chi bộ vẫn họp thất thường, đề nghị đổi biện pháp."


def slow_month(file: SupportFile, overseer: str, unit: str) -> None:
    FileMonth.objects.create(
        file=file, month=dt.date(2026, 10, 1), course="below", actual=40, expected=70,
        is_slow=True, missed=2, missed_by=[{"user": overseer, "unit": unit, "n": 2}], late=0, at=AT,
    )  # fmt: skip


def test_a_slow_mover_goes_from_the_daily_list_to_a_named_review(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    acting(story, file)
    SupportFile.objects.update(entered_on=dt.date(2020, 5, 4))
    overseer = story.who(Role.OVERSEER, CELLS[QUAN_MAU][0], "phu.trach")
    slow_month(file, str(overseer.user.pk), str(story.unit(CELLS[QUAN_MAU][0])))
    for year, grade in ((2019, "tot"), (2020, "khong_hoan_thanh"), (2024, "tot")):
        YearGrade.objects.create(
            unit_id=file.unit_id, year=year, regime="x", grade=grade,
            decided_on=dt.date(year, 12, 20),
        )  # fmt: skip
    make_digests(day=TODAY, at=AT)
    desk, board = sign_in(story.desk), sign_in(story.board)
    waits = text_of(desk.get(reverse("digest")))
    assert "1 đơn vị dưới lộ trình, chưa cử người kiểm điểm" in waits
    told = text_of(sign_in(overseer).get(reverse("digest")))
    assert "2 buổi họp tháng gần nhất của chi bộ đang củng cố mà đồng chí không dự" in told
    listed = text_of(desk.get(f"{LIST}?xem=files_slow"))
    assert QUAN_MAU in listed
    assert "tháng 10/2026: dưới lộ trình" in listed.lower()
    assert "2 lượt không dự họp" in listed
    assert QUAN_MAU not in text_of(desk.get(f"{LIST}?xem=files_exit"))
    opened = desk.get(address(file))
    assert ids_twice(opened) == set()
    assert 'for="review-kind_0"' in opened.content.decode()
    assert 'id="name_reviewer-kind_0"' in opened.content.decode()
    assert 'id="ask_diagnosis"' not in main_of(opened)  # nothing changed since it was approved
    page = text_of(opened)
    assert "nơi theo dõi phải cử người kiểm điểm" in page
    assert "phu.trach, Chi bộ thôn Nà Mẫu (2)" in page
    assert "cùng thang, thấp hơn năm 2019" in page
    office = text_of(sign_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)).get(address(file)))
    assert "phu.trach, Chi bộ" not in office

    gone = story.cast.user("da.nghi", None)
    naming = {"kind": "slow", "due_on": ""}
    assert send(desk, file, "name_reviewer", **naming, reviewer=gone.pk).status_code == 422
    reviewer = story.board.user.pk
    assert send(desk, file, "name_reviewer", **naming, reviewer=reviewer).status_code == 302
    assert "thuong.vu được cử kiểm điểm" in text_of(desk.get(address(file)))
    assert QUAN_MAU not in text_of(desk.get(f"{LIST}?xem=files_slow"))
    listed = text_of(board.get(f"{LIST}?xem=files_my_review"))
    assert QUAN_MAU in listed
    assert "Chờ đồng chí" in listed
    told = text_of(board.get(reverse("digest")))  # at once, before any night
    assert "1 hồ sơ củng cố đồng chí được cử kiểm điểm" in told
    assert 'id="review-text"' in board.get(address(file)).content.decode()
    said = {"kind": "slow", "conclusion": "change", "text": WORDS, "reviewer": ""}
    assert send(board, file, "review", **said).status_code == 302
    page = text_of(desk.get(address(file)))
    assert "Phải đổi biện pháp" in page
    assert "Người kiểm điểm: thuong.vu" in page


def test_the_file_of_a_merged_unit_is_carried_on_its_page(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    SupportFile.objects.update(entered_on=dt.date(2018, 12, 31))
    reform = draft_reform(
        title="Sắp xếp thử", document="Quyết định số 01 thử", signed_on=dt.date(2020, 7, 1),
        effective_on=dt.date(2020, 7, 1), by=story.desk, at=AT,
        steps=(Merge((str(story.unit(QUAN_MAU)),), str(story.unit(LANG_THU))),),
    )  # fmt: skip
    commit_reform_and_follow(reform_id=reform.pk, basis=basis_of(reform), by=story.desk, at=AT)
    desk, board = sign_in(story.desk), sign_in(story.board)
    assert QUAN_MAU in text_of(desk.get(f"{LIST}?xem=files_ended"))
    page = text_of(desk.get(address(file)))
    assert f"đề nghị mang hồ sơ sang {LANG_THU} (nhận 100 %)" in page
    fate = f"carry:{story.unit(LANG_THU)}"
    assert send(desk, file, "ask_lineage", fate="carry:x", reason=WORDS).status_code == 422
    assert send(desk, file, "ask_lineage", fate=fate, reason=WORDS).status_code == 302
    assert send(desk, file, "approve_carry", sure="on").status_code == 403
    assert "Chờ quyết định theo sắp xếp tổ chức" in text_of(board.get(LIST))
    assert send(board, file, "approve_carry", sure="on").status_code == 302
    file.refresh_from_db()
    assert (file.unit_id, file.state) == (story.unit(LANG_THU), FileState.CHOSEN)
    page = text_of(board.get(address(file)))
    assert f"Mang từ {QUAN_MAU} sang từ ngày 01/07/2020" in page
    blocked = desk.get(f"/sap-xep/{reform.pk}/")
    assert "bỏ quyết định ấy ở trang hồ sơ trước" in text_of(blocked)


def test_the_tiers_of_measures_say_what_our_own_files_cannot(
    story: Support, sign_in: SignIn
) -> None:
    desk: Client = sign_in(story.desk)
    page = text_of(desk.get("/cung-co/bien-phap/"))
    assert "Phân công cấp ủy viên phụ trách từng chi bộ" in page
    assert "mới có 0 đơn vị đủ số liệu" in page
    assert "Kết quả của chính ta chưa cho phép đổi mức bằng chứng" in page
    secretary = sign_in(story.who(Role.CELL_SECRETARY, CELLS[QUAN_MAU][0]))
    assert secretary.get("/cung-co/bien-phap/").status_code == 403
