"""Hồ sơ củng cố as who asks, who approves, the unit itself and a neighbour work with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.files.made import support_file
from tests.support_story import TODAY, Support
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileState, MeasureState
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import FiledVia, Reach, Role
from vungmanh.meetings.models import Visit
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    write_cause,
)
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    write_measure,
)
from vungmanh.strengthening.models import (
    FileCause,
    FileMeasure,
    FileMonth,
    Flag,
    Handover,
    SupportFile,
)

LIST = "/cung-co/ho-so/"
CELL = CELLS[QUAN_MAU][0]
WORDS = "Ba chi bộ chỉ họp bốn kỳ, bí thư bận việc thôn."
SignIn = Callable[[Viewer], Client]
PLAN = {
    "act": "write_measure", "kind": "attach_overseer", "causes": "meetings_taken_lightly",
    "owner": "Đảng ủy xã", "starts_on": f"{TODAY}", "due_on": f"{TODAY + dt.timedelta(days=90)}",
    "output": "Mỗi chi bộ một người phụ trách", "text": "",
}  # fmt: skip


def text_of(response) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(NBSP, " ")


def address(file: SupportFile, kind: str = "", part: UUID | str = "") -> str:
    return f"{LIST}{file.pk}/" + (f"{kind}/{part}/" if kind else "")


def send(client: Client, file: SupportFile, act: str, **said: object):
    return client.post(address(file), {"act": act, **said})


def named(story: Support, file: SupportFile) -> FileCause:
    return write_cause(
        file_id=file.pk, said=CauseText("meetings_taken_lightly", WORDS), by=story.desk, at=AT
    )


def acting(story: Support, file: SupportFile) -> FileMeasure:
    story.look_at(named(story, file))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    approve_diagnosis(file_id=file.pk, by=story.board, at=AT)
    made = write_measure(
        file_id=file.pk,
        said=MeasureText(
            "attach_overseer", ["meetings_taken_lightly"], "Đảng ủy xã", TODAY,
            TODAY + dt.timedelta(days=90), "Mỗi chi bộ một người phụ trách",
        ),
        by=story.desk, at=AT,
    )  # fmt: skip
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    approve_plan(file_id=file.pk, by=story.board, at=AT)
    return made


# --- from the choice to the plan, by two hands ---------------------------------------------------


def test_a_file_is_carried_from_choice_to_plan_on_its_page(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    desk, board = sign_in(story.desk), sign_in(story.board)
    opened = text_of(desk.get(address(file)))
    assert "Đảng bộ xã Quan Mẫu đang được tập trung củng cố" in opened
    assert "12-QĐ/TU" in opened
    assert "gỡ ngay khi ra khỏi diện" in opened  # when the words are taken off
    assert "Đã họp 12 trong 36 kỳ" in opened
    wrong = send(desk, file, "write_cause", cause="vacancy", evidence="ngắn")
    assert wrong.status_code == 422
    assert "từ 10 đến" in text_of(wrong)
    assert "ngắn" in wrong.content.decode()
    assert not FileCause.objects.exists()
    said = {"cause": "meetings_taken_lightly", "evidence": WORDS}
    flag = Flag.objects.create(
        unit_id=file.unit_id, reason="failing_cells", weight="heavy", figures={}, raised_at=AT,
        since_month=TODAY.replace(day=1), reply_by=TODAY,
    )  # fmt: skip
    record = f"flag:{flag.pk}"
    assert send(desk, file, "write_cause", **said, links="flag:khong-co").status_code == 422
    assert send(desk, file, "write_cause", **said, links=record).status_code == 302
    assert FileCause.objects.get().links == [{"kind": "flag", "id": str(flag.pk)}]
    alone = send(desk, file, "ask_diagnosis")
    assert (alone.status_code, "Chưa ai xem lại" in text_of(alone)) == (422, True)
    story.look_at(FileCause.objects.get())
    assert send(desk, file, "ask_diagnosis").status_code == 302
    assert "Chờ đồng chí" in text_of(board.get(LIST))
    assert "Chờ đồng chí" not in text_of(desk.get(LIST))
    unread = send(board, file, "approve_diagnosis")
    assert (unread.status_code, "Đánh dấu là đã đọc" in text_of(unread)) == (422, True)
    assert send(board, file, "approve_diagnosis", sure="on").status_code == 302
    before = send(desk, file, **{**PLAN, "due_on": f"{TODAY - dt.timedelta(days=1)}"})
    assert "Hạn phải từ ngày bắt đầu" in text_of(before)
    assert "Mỗi chi bộ một người phụ trách" in before.content.decode()
    assert send(desk, file, **PLAN, owner_known="ai-do").status_code == 422  # nobody offered
    assert send(desk, file, **{**PLAN, "owner": ""}, owner_known="thuong.vu").status_code == 302
    assert FileMeasure.objects.get().owner == "thuong.vu"
    assert send(desk, file, "ask_plan").status_code == 302
    assert send(board, file, "return_plan", reason="Ghi rõ người làm từng việc.").status_code == 302
    assert "Ghi rõ người làm từng việc." in text_of(desk.get(address(file)))
    assert send(desk, file, "ask_plan").status_code == 302
    assert send(board, file, "approve_plan", sure="on").status_code == 302
    file.refresh_from_db()
    assert file.state == FileState.ACTING


def test_who_asked_is_offered_no_approval_and_gets_none_by_force(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    story.look_at(named(story, file))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    desk = sign_in(story.desk)
    assert "Duyệt chẩn đoán" not in text_of(desk.get(address(file))).split("Diễn biến")[0].split(
        "làm được bây giờ"
    )[-1].replace("Chờ duyệt chẩn đoán", "")
    assert send(desk, file, "approve_diagnosis", sure="on").status_code == 403
    file.refresh_from_db()
    assert file.state == FileState.DIAGNOSIS_ASKED


def test_what_was_sent_too_late_says_so_and_changes_nothing(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    desk = sign_in(story.desk)
    named(story, file)
    late = send(desk, file, **PLAN)  # no diagnosis has been approved
    assert late.status_code == 422
    assert "Hồ sơ chưa có chẩn đoán được duyệt." in text_of(late)
    assert send(desk, file, "khong-co").status_code == 422
    assert not FileMeasure.objects.exists()


# --- the unit itself -----------------------------------------------------------------------------


def test_the_unit_reads_what_was_approved_and_says_its_word(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    office = sign_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU))
    cause = named(story, file)
    own = text_of(office.get(address(file)))
    assert "12-QĐ/TU" in own  # decided by a committee out of its sight
    assert "Chưa có chẩn đoán được duyệt" in own
    assert WORDS not in own
    assert "Ghi nguyên nhân" not in own
    assert "ban.to.chuc" not in own
    assert office.get(address(file, "nguyen-nhan", cause.pk)).status_code == 404
    said = send(office, file, "answer", text="Đơn vị có họp, biên bản nộp chậm vì mất điện.")
    assert said.status_code == 302
    assert "biên bản nộp chậm" in text_of(sign_in(story.desk).get(address(file)))
    story.look_at(cause)
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    approve_diagnosis(file_id=file.pk, by=story.board, at=AT)
    late = write_cause(
        file_id=file.pk, said=CauseText("vacancy", "Khuyết phó bí thư từ tháng ba."),
        by=story.desk, at=AT,
    )  # fmt: skip
    own = text_of(office.get(address(file)))
    assert WORDS in own
    assert late.evidence not in own
    assert send(office, file, "write_cause", cause="vacancy", evidence=WORDS).status_code == 403


def test_a_neighbour_finds_nothing(story: Support, file: SupportFile, sign_in: SignIn) -> None:
    measure = acting(story, file)
    cause = FileCause.objects.get()
    for role, unit in (
        (Role.COMMITTEE_OFFICE, LANG_THU), (Role.STANDING_COMMITTEE, LANG_THU),
        (Role.CELL_SECRETARY, CELL), (Role.OVERSEER, CELLS[LANG_THU][0]),
    ):  # fmt: skip
        client = sign_in(story.who(role, unit))
        assert client.get(address(file)).status_code == 404
        assert send(client, file, "answer", text=WORDS).status_code in {403, 404}
        assert "Chưa có hồ sơ củng cố nào" in text_of(client.get(LIST))
        for part in (("nguyen-nhan", cause.pk), ("bien-phap", measure.pk)):
            assert client.get(address(file, *part)).status_code in {403, 404}
    admin = sign_in(story.who(Role.ADMINISTRATOR, PROVINCE))
    assert admin.get(address(file)).status_code == 403


# --- causes and measures -------------------------------------------------------------------------


def test_a_cause_is_seen_on_site_by_a_second_eye_and_taken_back(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    cause, desk = named(story, file), sign_in(story.desk)
    visitor = story.who(Role.OVERSEER, CELL)
    visit = Visit.objects.create(
        unit_id=story.unit(CELL), overseer=visitor.user, on=TODAY, attended=True, via=FiledVia.WEB,
        changed_at=AT, found="Họp muộn, sổ thiếu hai kỳ.",
    )  # fmt: skip
    page = address(file, "nguyen-nhan", cause.pk)
    opened = text_of(desk.get(page))
    assert CELL in opened
    assert "Ý kiến thứ hai" not in opened  # not of who named it
    assert desk.post(page, {"act": "verify", "visit_id": ""}).status_code == 422
    assert desk.post(page, {"act": "verify", "visit_id": visit.pk}).status_code == 302
    other = sign_in(story.who(Role.PROVINCIAL_ANALYST, PROVINCE, "nguoi.thu.hai"))
    assert "Ý kiến thứ hai" in text_of(other.get(page))
    assert other.post(page, {"act": "second", "agrees": "no", "text": WORDS}).status_code == 302
    told = text_of(desk.get(address(file)))
    assert "Đã xác minh tại chỗ" in told
    assert "chưa đúng" in told
    assert "Họp muộn, sổ thiếu hai kỳ." in told
    assert desk.post(page, {"act": "withdraw", "reason": "x"}).status_code == 422
    assert desk.post(page, {"act": "withdraw", "reason": "Nêu nhầm đơn vị."}).status_code == 302
    assert "Đã rút: Nêu nhầm đơn vị." in text_of(desk.get(address(file)))


def test_a_measure_ends_by_the_record_that_proves_it(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    measure, desk = acting(story, file), sign_in(story.desk)
    page = address(file, "bien-phap", measure.pk)
    assert "Còn 3 chi bộ chưa có người phụ trách: " in text_of(desk.get(page))
    overseer = story.cast.user("phu.trach", None)
    for cell in CELLS[QUAN_MAU]:
        grant = grant_role(
            user=overseer, role=Role.OVERSEER, unit_id=story.unit(cell), reach=Reach.UNIT,
            valid_from=TODAY, by=None, at=AT,
        )  # fmt: skip
    assert desk.post(page, {"act": "finish", "proof": "0"}).status_code == 422
    assert desk.post(page, {"act": "finish", "proof": str(grant.pk)}).status_code == 302
    measure.refresh_from_db()
    assert measure.state == MeasureState.DONE
    assert f"phu.trach phụ trách {cell}" in text_of(desk.get(address(file)))
    assert "Phân công phụ trách" in text_of(desk.get(address(file)))  # in the timeline


def test_a_measure_past_its_day_is_marked_and_waits_for_its_handler(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    acting(story, file)
    desk = sign_in(story.desk)
    assert "Quá hạn" not in text_of(desk.get(address(file)))
    FileMeasure.objects.update(
        starts_on=TODAY - dt.timedelta(days=9), due_on=TODAY - dt.timedelta(days=1)
    )
    assert "Quá hạn" in text_of(desk.get(address(file)))
    assert "Chờ đồng chí" in text_of(desk.get(LIST))


def test_a_measure_written_wrong_is_dropped_before_the_plan_is_put_forward(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    story.look_at(named(story, file))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    approve_diagnosis(file_id=file.pk, by=story.board, at=AT)
    desk = sign_in(story.desk)
    send(desk, file, **PLAN)
    measure = FileMeasure.objects.get()
    page = address(file, "bien-phap", measure.pk)
    assert "Đã làm xong" not in text_of(desk.get(page))
    assert desk.post(page, {"act": "drop", "reason": "Ghi nhầm biện pháp."}).status_code == 302
    measure.refresh_from_db()
    assert measure.state == MeasureState.DROPPED


# --- hand-over -----------------------------------------------------------------------------------


def test_an_offered_file_is_refused_or_taken_with_what_is_open(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    desk = sign_in(story.desk)
    assert "Chuyển giao hồ sơ" in text_of(desk.get(address(file)))
    assert send(desk, file, "hand_over", unit_id="", reason=WORDS).status_code == 422
    # The province is the only committee above: another takes the place of the first by a grant.
    SupportFile.objects.update(handler_id=story.unit(LANG_THU))
    Handover.objects.create(
        file=file, from_unit_id=story.unit(LANG_THU), unit_id=story.unit(PROVINCE),
        reason=WORDS, by=story.desk.user, at=AT, open_findings=["Sửa sổ biên bản"],
    )  # fmt: skip
    offered = text_of(desk.get(address(file)))
    assert "Nhận hồ sơ chuyển giao" in offered
    assert "Sửa sổ biên bản" in offered
    assert "Chờ đồng chí" in text_of(desk.get(LIST))
    assert send(desk, file, "refuse_hand_over", reason="").status_code == 422
    assert send(desk, file, "accept_hand_over").status_code == 302
    file.refresh_from_db()
    assert file.handler_id == story.unit(PROVINCE)


# --- the course and leaving ----------------------------------------------------------------------


def test_the_course_is_told_and_leaving_asks_for_its_terms(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    SupportFile.objects.update(entered_on=dt.date(2026, 5, 4))
    acting(story, file)
    desk = sign_in(story.desk)
    told = text_of(desk.get(address(file)))
    assert "chưa nói được họp bao nhiêu phần" in told  # nothing is due in those years
    assert "Đạt 0 trong 2 tiêu chí; 0 căn cứ độc lập." in told
    assert "Tỷ lệ kỳ đã họp trong 12 tháng (%): từ 90: chưa" in told
    asked = send(desk, file, "ask_exit")
    assert asked.status_code == 422
    assert "Chưa đủ điều kiện ra khỏi diện" in text_of(asked)
    words = "Chi bộ vẫn họp thất thường, đề nghị đổi biện pháp."
    slow = {"kind": "slow", "conclusion": "change", "text": words}
    assert send(desk, file, "review", **slow).status_code == 422
    reviewer = story.board.user.pk
    early = send(desk, file, "review", **slow, reviewer=reviewer)
    assert "Chưa tháng nào dưới lộ trình" in text_of(early)
    FileMonth.objects.create(
        file=file, month=dt.date(2026, 10, 1), course="below", is_slow=False, missed=0, late=0,
        at=AT,
    )  # fmt: skip
    assert send(desk, file, "review", **slow, reviewer=reviewer).status_code == 302
    file.refresh_from_db()
    assert file.reviewer_id == reviewer
    assert "Kiểm điểm tiến độ: chuyển biến chậm; phải đổi biện pháp" in text_of(
        desk.get(address(file))
    )
    office = sign_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU))
    assert "đề nghị đổi biện pháp" not in text_of(office.get(address(file)))


# --- the list ------------------------------------------------------------------------------------


def test_the_list_is_searched_without_marks_and_filtered(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    desk = sign_in(story.desk)
    assert QUAN_MAU in text_of(desk.get(LIST))
    assert QUAN_MAU in text_of(desk.get(f"{LIST}?q=quan mau"))
    for query in ("q=khong co", "trang-thai=acting", "nam=2001"):
        assert QUAN_MAU not in text_of(desk.get(f"{LIST}?{query}"))
    for query in ("trang-thai=chosen", "nam=2026", "trang-thai=than&nam=x&noi=y", "trang-thai=all"):
        assert QUAN_MAU in text_of(desk.get(f"{LIST}?{query}"))


def test_the_unit_page_leads_to_its_open_file_for_who_may_see_it(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    unit = f"/to-chuc/{story.unit(QUAN_MAU)}/"
    for viewer in (story.desk, story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)):
        assert address(file) in sign_in(viewer).get(unit).content.decode()
    other = f"/to-chuc/{story.unit(LANG_THU)}/"
    assert LIST + "0" not in sign_in(story.desk).get(other).content.decode()


# --- how often the database is asked -------------------------------------------------------------


def queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_pages_ask_no_more_for_more_cells_and_acts(
    story: Support, file: SupportFile, sign_in: SignIn
) -> None:
    acting(story, file)
    desk = sign_in(story.desk)
    visit(story, CELL, 1)
    before, listed = queries(desk, address(file)), queries(desk, LIST)
    for name in CELLS[QUAN_MAU]:
        for day in range(2, 5):
            visit(story, name, day)
    other = support_file(story.unit(LANG_THU), story.unit(PROVINCE))
    assert queries(desk, address(file)) <= before
    assert queries(desk, LIST) <= listed
    assert (before <= 90, listed <= 25) == (True, True), (before, listed)
    assert other.pk != file.pk


def visit(story: Support, cell: str, days_ago: int) -> Visit:
    user = User.objects.filter(username="di.co.so").first() or story.cast.user("di.co.so", None)
    return Visit.objects.create(
        unit_id=story.unit(cell), overseer=user, on=TODAY - dt.timedelta(days=days_ago),
        attended=True, via=FiledVia.WEB, changed_at=AT, found="Sổ thiếu hai kỳ.",
    )  # fmt: skip
