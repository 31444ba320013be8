"""Papers of a meeting: what Word holds when read again, and the calendar entry."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from uuid import UUID

import docx
import pytest
from icalendar import Calendar

from tests.cast import CELLS, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import MembershipStatus, ObligationKind, ReportState, Role
from vungmanh.meetings.actions.meeting import (
    announce_meeting,
    confirm_meeting,
    correct_meeting,
    file_meeting,
    plan_meeting,
    write_meeting,
)
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.actions.tasks import close_task, give_task, reopen_task, report_task
from vungmanh.meetings.models import Meeting, MeetingVersion
from vungmanh.meetings.wishes import TaskWish
from vungmanh.org.models import MembershipCount, NamesSwitch, Person
from vungmanh.outputs.minutes.blank import blank_paper
from vungmanh.outputs.minutes.calendar import calendar_entry
from vungmanh.outputs.minutes.gather import minutes_paper
from vungmanh.outputs.minutes.notice import notice_paper
from vungmanh.outputs.papers.document import DOTS, Line
from vungmanh.outputs.papers.word import as_word

pytestmark = pytest.mark.django_db

CELL = CELLS[QUAN_MAU][0]
MONTH = dt.date(2019, 10, 1)
HELD_ON = dt.date(2019, 10, 5)
NOW = dt.datetime(2019, 10, 6, 3, tzinfo=dt.UTC)
REGULAR = ObligationKind.REGULAR
HTML = '<script>alert("x")</script> & <b>đậm</b>'
FACTS: dict[str, Any] = {
    "outcome": "held",
    "held_on": "2019-10-05",
    "starts": "19:30",
    "ends": "21:10",
    "place": "Nhà văn hóa thôn",
    "chair": "Bí thư Thử Một",
    "clerk": "Thư ký Thử Hai",
    "present": 8,
    "present_official": 8,
    "excused": 1,
    "excused_reasons": "đi viện",
    "unexcused": 0,
    "speakers": 5,
    "criticism_minutes": 20,
    "discussion": f"Bàn việc sửa mương.\n{HTML}",
    "conclusion": "Thống nhất sửa mương trước vụ đông.",
    "withheld": True,
    "withheld_note": "trang 12 đến 14 sổ biên bản, tủ hồ sơ chi bộ",
    "vote_for": 8,
    "vote_against": 0,
}
PLAN = {
    "planned_on": "2019-10-05",
    "planned_at": "19:30",
    "place": "Nhà văn hóa thôn",
    "items": ["Kế hoạch vụ đông"],
    "papers": ["Dự thảo nghị quyết tháng 10"],
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def secretary(cast: Cast) -> Viewer:
    return viewer_for(cast.user("bithu", Role.CELL_SECRETARY, CELL), on=NOW.date())


def held_before(cast: Cast, *days: dt.date) -> None:
    """Regular meetings of earlier months, as the ledger has them."""
    reports = [
        {
            "unit": cast[CELL],
            "month": day.replace(day=1),
            "state": ReportState.HELD,
            "held_on": day,
            "note": "",
        }
        for day in days
    ]
    record_reports(reports=reports, source=None, by=None, at=NOW)


def give(cast: Cast, by: Viewer, title: str, *, due: str, given: str, **more: Any) -> UUID:
    wish = TaskWish(
        title, "Phó bí thư", dt.date.fromisoformat(due), "mương thông", dt.date.fromisoformat(given)
    )
    return give_task(unit_id=cast[CELL], wish=wish, by=by, at=more.pop("at", NOW), **more).pk


def prepared(cast: Cast, by: Viewer) -> Meeting:
    before = NOW - dt.timedelta(days=5)
    return plan_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set=PLAN, was={}, by=by, at=before
    )


def written(cast: Cast, by: Viewer, **facts: Any) -> Meeting:
    return write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set={**FACTS, **facts}, was={}, by=by, at=NOW
    )


def filed(cast: Cast, by: Viewer, **facts: Any) -> Meeting:
    meeting = written(cast, by, **facts)
    return file_meeting(meeting_id=meeting.pk, by=by, at=NOW)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def words(data: bytes) -> str:
    """All the text of a Word file, tables included, in order; what holds words together is a
    space."""
    body = opened(data).element.body
    found = "\n".join(
        "".join(node.text or "" for node in line.iter() if node.tag.endswith("}t"))
        for line in body.iter()
        if line.tag.endswith("}p")
    )
    return found.replace(NBSP, " ")


# --- minutes -------------------------------------------------------------------------------------


def test_minutes_carry_every_part_of_a_filed_record(cast: Cast, secretary: Viewer) -> None:
    held_before(cast, dt.date(2019, 8, 5), dt.date(2019, 9, 5))
    done = give(cast, secretary, "Sửa mương", due="2019-09-20", given="2019-08-05")
    late = give(cast, secretary, "Vận động hiến đất", due="2019-08-31", given="2019-08-05")
    close_task(task_id=done, proof="ảnh mương", done_on=dt.date(2019, 9, 20), by=secretary, at=NOW)
    report_task(task_id=late, set={"percent": 60}, was={}, by=secretary, at=NOW)
    meeting = filed(cast, secretary)
    give(cast, secretary, "Làm đường", due="2019-11-30", given="2019-10-05", meeting_id=meeting.pk)
    made = as_word(minutes_paper(meeting))
    text = words(made)
    for said in (
        "ĐẢNG BỘ XÃ QUAN MẪU",
        "CHI BỘ THÔN NÀ MẪU",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Mẫu Thượng, ngày 05 tháng 10 năm 2019",
        "BIÊN BẢN",
        "Sinh hoạt chi bộ thường kỳ tháng 10 năm 2019",
        "Bắt đầu: 19 giờ 30 phút",
        "Kết thúc: 21 giờ 10 phút (dài 100 phút)",
        "Có mặt: 8/9 (88,9 %) đảng viên phải dự; chính thức 8",
        "Vắng có lý do: 1 đồng chí. Lý do: đi viện",
        "Vắng không lý do: 0 đồng chí",
        "Kết quả thực hiện nghị quyết kỳ trước: xong 1/2 (50 %) việc đến hạn",
        "Phần không nhập máy: trang 12 đến 14 sổ biên bản, tủ hồ sơ chi bộ",
        "Biểu quyết nghị quyết: tán thành 8, không tán thành 0",
        "THƯ KÝ",
        "CHỦ TRÌ",
    ):
        assert said in text, said
    tables = {table.cell(0, 1).text: table for table in opened(made).tables}
    rows = [[cell.text for cell in row.cells] for row in tables["Việc"].rows]
    assert rows == [
        ["TT", "Việc", "Khi bắt đầu kỳ", "Kết quả"],
        [
            "1",
            "Vận động hiến đất",
            "Giao 05/08/2019, hạn 31/08/2019, chuyển tiếp 1 lần",
            "Chưa xong, 60%",
        ],
        ["2", "Sửa mương", "Giao 05/08/2019, hạn 20/09/2019", "Xong 20/09/2019: ảnh mương"],
    ]
    given = [[cell.text for cell in row.cells] for row in tables["Việc được giao"].rows][1:]
    assert given == [["1", "Làm đường", "Phó bí thư", "30/11/2019", "mương thông"]]


def test_a_vote_says_how_many_it_needed_where_the_rule_of_the_day_is_known(
    cast: Cast, secretary: Viewer
) -> None:
    said = {"outcome": "held", "held_on": "2025-10-05", "present": 8, "vote_for": 4}
    meeting = write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=dt.date(2025, 10, 1), set=said, was={},
        by=secretary, at=dt.datetime(2025, 10, 6, 3, tzinfo=dt.UTC),
    )  # fmt: skip
    text = words(as_word(minutes_paper(meeting)))
    assert "tán thành 4/9 (44,4 %). Cần ít nhất 5 phiếu: chưa đạt" in text
    assert "Cần ít nhất" not in words(as_word(minutes_paper(written(cast, secretary))))


def test_what_looks_like_html_stays_text_and_nothing_unseen_comes_along(
    cast: Cast, secretary: Viewer
) -> None:
    meeting = filed(cast, secretary)
    # As an older import could have left it, behind the back of the cleaning.
    Meeting.objects.filter(pk=meeting.pk).update(facts=meeting.facts)
    paper = minutes_paper(meeting)
    made = as_word(paper)
    assert HTML in words(made)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        body = parts.read("word/document.xml").decode()
    assert "<script" not in body
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", body)
    spoiled = replace(paper, about="a\x0bb\ud800", parts=(Line("x\x00", "y\x1f"),))
    assert "x: y" in words(as_word(spoiled))


def test_the_layout_is_that_of_party_papers(cast: Cast, secretary: Viewer) -> None:
    made = opened(as_word(minutes_paper(filed(cast, secretary))))
    section = made.sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    style = made.styles["Normal"]
    assert (style.font.name, style.font.size.pt) == ("Times New Roman", 14)
    assert style.paragraph_format.line_spacing.pt == 18
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    title = next(line for line in made.paragraphs if line.text == "BIÊN BẢN")
    assert title.runs[0].bold
    assert title.runs[0].font.size.pt == 16
    assert made.core_properties.author == "Vững Mạnh"


def test_what_was_not_said_is_left_to_the_pen_and_never_a_zero(
    cast: Cast, secretary: Viewer
) -> None:
    meeting = write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set={"outcome": "held"}, was={},
        by=secretary, at=NOW,
    )  # fmt: skip
    text = words(as_word(minutes_paper(meeting)))
    assert f"Vắng không lý do: {DOTS}" in text
    assert f"Biểu quyết nghị quyết: {DOTS}" in text
    assert "Bản nháp, chưa nộp" in text
    assert "Phần không nhập máy" not in text


def test_minutes_say_what_was_filed_whatever_happens_afterwards(
    cast: Cast, secretary: Viewer
) -> None:
    task = give(
        cast, secretary, "Sửa mương", due="2019-09-20", given="2019-08-05",
        at=NOW - dt.timedelta(days=1),
    )  # fmt: skip
    at = NOW - dt.timedelta(hours=1)
    close_task(task_id=task, proof="ảnh", done_on=dt.date(2019, 9, 19), by=secretary, at=at)
    meeting = filed(cast, secretary)
    before = minutes_paper(meeting)
    later = NOW + dt.timedelta(days=3)
    reopen_task(task_id=task, reason="chưa xong thật", by=secretary, at=later)
    MembershipCount.objects.filter(unit_id=cast[CELL]).update(count=30)
    office = viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=later.date())
    confirm_meeting(meeting_id=meeting.pk, by=office, at=later)
    correct_meeting(meeting_id=meeting.pk, reason="ghi nhầm giờ", by=secretary, at=later)
    write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set={"present_official": 7},
        was={"present_official": 8}, by=secretary, at=later,
    )  # fmt: skip
    after = minutes_paper(Meeting.objects.get(pk=meeting.pk))
    told = [part for part in after.parts if getattr(part, "title", "") == "Việc của kỳ trước"]
    assert told == [one for one in before.parts if getattr(one, "title", "") == "Việc của kỳ trước"]
    assert told[0].rows[0][3].startswith("Xong")
    assert "Có mặt: 8/9 (88,9 %) đảng viên phải dự; chính thức 8" in words(as_word(after))
    digest = MeetingVersion.objects.get(meeting=meeting).digest
    assert digest[:12] in after.foot


def test_a_month_without_a_meeting_has_minutes_of_one_sentence(
    cast: Cast, secretary: Viewer
) -> None:
    meeting = write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH,
        set={"outcome": "not_held", "not_held_reason": "lũ chia cắt thôn"}, was={},
        by=secretary, at=NOW,
    )  # fmt: skip
    text = words(as_word(minutes_paper(meeting)))
    assert "Kỳ này chi bộ không họp." in text
    assert "Lý do: lũ chia cắt thôn" in text
    assert "Có mặt" not in text


def test_the_roll_by_name_goes_with_the_minutes_and_an_erased_name_stays_erased(
    cast: Cast, secretary: Viewer
) -> None:
    NamesSwitch.objects.create(
        unit_id=cast[QUAN_MAU], from_day=dt.date(2019, 1, 1), document="NQ 1-NQ/ĐU"
    )
    people = [listed(cast[CELL], name) for name in ("Lò Thử An", "Hoàng Thử Bình")]
    marks = {
        str(people[0].person_id): {"status": "present"},
        str(people[1].person_id): {"status": "excused", "reason": "đi viện"},
    }
    meeting = written(cast, secretary)
    Meeting.objects.filter(pk=meeting.pk).update(facts={**meeting.facts, "roll": marks})
    meeting.refresh_from_db()

    def rows() -> list[list[str]]:
        tables = opened(as_word(minutes_paper(meeting))).tables
        roll = next(table for table in tables if table.cell(0, 1).text == "Họ và tên")
        return [[cell.text for cell in row.cells] for row in roll.rows][1:]

    assert rows() == [
        ["1", "Lò Thử An", "Có mặt", ""],
        ["2", "Hoàng Thử Bình", "Vắng có lý do", "đi viện"],
    ]
    Person.objects.filter(pk=people[1].person_id).update(name="", name_fold="", erased_at=NOW)
    assert rows()[1] == ["2", "(đã xóa tên)", "Vắng có lý do", "đi viện"]


def test_a_paper_on_invented_data_says_so(cast: Cast, secretary: Viewer) -> None:
    assert "Dữ liệu mô phỏng" in words(as_word(minutes_paper(written(cast, secretary))))


# --- the form and the notice ---------------------------------------------------------------------


def test_the_form_on_paper_has_a_row_for_each_member_and_last_months_tasks(
    cast: Cast, secretary: Viewer
) -> None:
    give(cast, secretary, "Sửa mương", due="2019-10-20", given="2019-09-05")
    assert MembershipCount.objects.get(unit_id=cast[CELL]).status == MembershipStatus.OFFICIAL
    made = as_word(blank_paper(cast[CELL], REGULAR, MONTH, on=HELD_ON, with_names=True))
    tables = {table.cell(0, 1).text: table for table in opened(made).tables}
    assert len(tables["Họ và tên"].rows) == 1 + 9
    assert tables["Việc"].cell(1, 1).text == "Sửa mương"
    assert "không phải là số không" in words(made)


def test_the_notice_opens_with_what_is_still_open(cast: Cast, secretary: Viewer) -> None:
    held_before(cast, dt.date(2019, 9, 5))
    give(cast, secretary, "Sửa mương", due="2019-08-31", given="2019-08-05")
    meeting = prepared(cast, secretary)
    announce_meeting(meeting_id=meeting.pk, by=secretary, at=NOW - dt.timedelta(days=3))
    meeting.refresh_from_db()
    made = as_word(notice_paper(meeting, on=dt.date(2019, 10, 3)))
    text = words(made)
    for said in (
        "THƯ MỜI",
        "Thời gian: 19 giờ 30 phút, ngày 05/10/2019 (thứ Bảy)",
        "Địa điểm: Nhà văn hóa thôn",
        "Kế hoạch vụ đông",
        "- Dự thảo nghị quyết tháng 10",
        "T/M CHI BỘ",
        "Bí thư Thử Một",
        "Mẫu Thượng, ngày 03 tháng 10 năm 2019",
    ):
        assert said in text, said
    assert text.index("Sửa mương") < text.index("Kế hoạch vụ đông")
    assert "chuyển tiếp 1 lần" in text


# --- the calendar entry --------------------------------------------------------------------------


def event(meeting: Meeting) -> Any:
    return Calendar.from_ical(calendar_entry(meeting)).walk("VEVENT")[0]


def test_a_moved_meeting_moves_its_entry_instead_of_adding_another(
    cast: Cast, secretary: Viewer
) -> None:
    meeting = prepared(cast, secretary)
    first = event(meeting)
    assert first["dtstart"].dt == dt.datetime(2019, 10, 5, 12, 30, tzinfo=dt.UTC)
    assert first["dtend"].dt - first["dtstart"].dt == dt.timedelta(minutes=90)
    assert first["status"] == "TENTATIVE"
    moved = plan_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set={"planned_on": "2019-10-07"},
        was={"planned_on": "2019-10-05"}, by=secretary, at=NOW,
    )  # fmt: skip
    second = event(moved)
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second["dtstart"].dt.day == 7
    assert calendar_entry(moved) == calendar_entry(moved)


def test_a_calendar_learns_time_and_place_and_nothing_of_what_is_discussed(
    cast: Cast, secretary: Viewer
) -> None:
    entry = calendar_entry(prepared(cast, secretary)).decode()
    assert "Kế hoạch vụ đông" not in entry.replace("\r\n ", "")
    assert "DESCRIPTION" not in entry
    assert "\r\n" in entry
    assert max(len(line.encode()) for line in entry.split("\r\n")) <= 75


def test_without_an_hour_the_entry_takes_the_day_and_without_a_day_there_is_none(
    cast: Cast, secretary: Viewer
) -> None:
    bare = plan_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set={"place": "Nhà văn hóa"}, was={},
        by=secretary, at=NOW,
    )  # fmt: skip
    with pytest.raises(NotNow, match="Chưa ghi ngày họp"):
        calendar_entry(bare)
    bare.plan = {"planned_on": "2019-10-05"}
    assert event(bare)["dtstart"].dt == dt.date(2019, 10, 5)
