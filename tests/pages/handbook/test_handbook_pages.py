"""Đối chiếu tệp: what the handbook app says beside what the system has; nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.core.vocabulary import MeetingState, ReportState, Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 11, 1)
NA_MAU, DOI_MAU, AN_MAU = CELLS[QUAN_MAU]
#: As an office keeps it: other order, other words, upper case, without ids.
HEADINGS = ("TT", "TÊN CHI BỘ", "Ngày sinh hoạt", "Đảng số", "Tổng điểm", "Ghi chú")


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.fixture
def office(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    return client


def report(cast: Cast, name: str, day: int, **more: object) -> None:
    said = {
        "unit": cast[name], "month": MONTH, "state": ReportState.HELD, "note": "",
        "held_on": MONTH.replace(day=day), "members": 9, **more,
    }  # fmt: skip
    record_reports(reports=[said], source=more.get("source"), by=None, at=AT)


def sheet(*rows: tuple[str, dt.date | str | None, int | None, float | None]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["TỔNG HỢP SINH HOẠT CHI BỘ THÁNG 11 NĂM 2019"])
    page.append([])
    page.append(list(HEADINGS))
    for number, (name, day, members, score) in enumerate(rows, start=1):
        page.append([number, name, day, members, score, None])
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("sổ tay.xlsx", target.getvalue())


def compare(client: Client, file: SimpleUploadedFile) -> str:
    answer = client.post(reverse("handbook"), {"files": [file]})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def words(html: str) -> str:
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    text = re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").replace("\xa0", " ")
    return " ".join(text.split())


def held(day: int) -> dt.date:
    return MONTH.replace(day=day)


def reports() -> list[tuple[object, ...]]:
    found = MeetingReport.objects.order_by("unit_id")
    return list(found.values_list("unit_id", "held_on", "members", "score"))


def test_only_empty_months_are_written_and_differences_are_shown_with_a_remedy(
    cast: Cast, office: Client
) -> None:
    report(cast, NA_MAU, 5, score=92)
    report(cast, AN_MAU, 7)
    before = MeetingReport.objects.get(unit_id=cast[NA_MAU])
    page = compare(
        office,
        sheet((NA_MAU, held(6), 9, 92), (DOI_MAU, held(4), 9, 88), (AN_MAU, held(7), 9, None)),
    )
    shown = words(office.get(page).content.decode())
    assert "1 kỳ khác nhau, 1 kỳ hệ thống còn trống, 1 kỳ như nhau." in shown
    assert "ngày họp 06/11/2019 05/11/2019 Tệp đúng: nạp tệp ở trang Nhập" in shown
    assert not MeetingReport.objects.filter(unit_id=cast[DOI_MAU]).exists()

    office.post(page, {"act": "commit"})
    assert MeetingReport.objects.get(unit_id=cast[DOI_MAU]).held_on == held(4)
    after = MeetingReport.objects.get(unit_id=cast[NA_MAU])
    assert (after.held_on, after.score, after.recorded_at) == (
        before.held_on, before.score, before.recorded_at,
    )  # fmt: skip
    assert "Đã ghi 1 kỳ còn trống; 1 kỳ khác nhau giữ nguyên." in words(
        office.get(page).content.decode()
    )

    office.post(page, {"act": "undo"})
    assert not MeetingReport.objects.filter(unit_id=cast[DOI_MAU]).exists()


def test_the_same_file_twice_is_the_same_as_once(cast: Cast, office: Client) -> None:
    file = sheet((NA_MAU, held(6), 9, 92), (DOI_MAU, held(4), 9, 88))
    office.post(compare(office, file), {"act": "commit"})
    once = reports()
    file.seek(0)
    page = compare(office, file)
    shown = words(office.get(page).content.decode())
    assert "Tệp và hệ thống khớp nhau: 2 kỳ như nhau" in shown
    assert "Kỳ còn trống" not in shown
    office.post(page, {"act": "commit"})
    assert reports() == once


def test_a_month_that_the_cell_has_recorded_here_is_left_to_the_cell(
    cast: Cast, office: Client
) -> None:
    def record_of(name: str, state: MeetingState) -> Meeting:
        return Meeting.objects.create(
            pk=meeting_id(cast[name], "regular", MONTH), unit_id=cast[name], kind="regular",
            month=MONTH, state=state, form=1, changed_at=AT,
        )  # fmt: skip

    report(cast, NA_MAU, 5, source=record_of(NA_MAU, MeetingState.FILED).pk)
    record_of(DOI_MAU, MeetingState.RECORDING)
    page = compare(office, sheet((NA_MAU, held(6), 9, None), (DOI_MAU, held(4), 9, None)))
    shown = words(office.get(page).content.decode())
    assert "trả lại hoặc đính chính bản ghi" in shown
    assert "Chi bộ đang ghi tháng này trong hệ thống" in shown
    address = reverse("meeting", args=[cast[NA_MAU], "regular", "2019-11"])
    assert address in office.get(page).content.decode()
    before = reports()
    office.post(page, {"act": "commit"})
    assert reports() == before


def test_a_record_begun_after_the_comparison_is_left_to_the_cell_too(
    cast: Cast, office: Client
) -> None:
    page = compare(office, sheet((NA_MAU, held(6), 9, None)))
    Meeting.objects.create(
        pk=meeting_id(cast[NA_MAU], "regular", MONTH), unit_id=cast[NA_MAU], kind="regular",
        month=MONTH, state=MeetingState.RECORDING, form=1, changed_at=AT,
    )  # fmt: skip
    office.post(page, {"act": "commit"})
    assert reports() == []


def test_what_the_file_lacks_is_told_too(cast: Cast, office: Client) -> None:
    report(cast, AN_MAU, 7)
    page = compare(office, sheet((NA_MAU, held(6), 9, None)))
    shown = words(office.get(page).content.decode())
    assert "Hệ thống có, tệp không có" in shown
    assert AN_MAU in shown.split("Hệ thống có, tệp không có", 1)[1]


def test_the_roll_up_that_goes_out_comes_back_as_nothing_new(cast: Cast, office: Client) -> None:
    report(cast, NA_MAU, 5, score=92)
    record_reports(
        reports=[{"unit": cast[DOI_MAU], "month": MONTH, "state": "not_held", "note": "ngập lũ"}],
        source=None, by=None, at=AT,
    )  # fmt: skip
    answer = office.get(reverse("handbook_export") + "?thang=2019-11")
    assert answer["Content-Disposition"].endswith('tong-hop-dang-bo-xa-quan-mau-2019-11.xlsx"')
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[4][:2] == ("STT", "Chi bộ")
    told = {row[1]: row for row in rows if row[1] in CELLS[QUAN_MAU]}
    assert (told[NA_MAU][2], told[NA_MAU][3].date(), told[NA_MAU][4]) == (9, held(5), 92)
    assert (told[DOI_MAU][3], told[DOI_MAU][9]) == ("Không họp", "ngập lũ")
    assert told[AN_MAU][2:5] == (9, None, None)  # no report: members from the register, no more
    before = reports()
    page = compare(office, SimpleUploadedFile("ra.xlsx", answer.content))
    assert "khớp nhau" in words(office.get(page).content.decode())
    office.post(page, {"act": "commit"})
    assert reports() == before


def test_a_comparison_and_a_roll_up_stay_with_who_may_see_them(cast: Cast, office: Client) -> None:
    page = compare(office, sheet((NA_MAU, held(6), 9, None)))
    neighbour = Client()
    neighbour.force_login(cast.user("vp.lang", Role.COMMITTEE_OFFICE, LANG_THU))
    assert neighbour.get(page).status_code == 404
    assert neighbour.post(page, {"act": "commit"}).status_code == 404
    stolen = neighbour.get(reverse("handbook_export") + f"?thang=2019-11&don-vi={cast[QUAN_MAU]}")
    assert stolen.status_code == 404
    secretary = Client()
    secretary.force_login(cast.user("bithu", Role.CELL_SECRETARY, NA_MAU))
    assert secretary.get(reverse("handbook")).status_code == 403


def test_no_file_and_an_unreadable_one_get_a_sentence(office: Client) -> None:
    answer = office.post(reverse("handbook"))
    assert answer.status_code == 422
    assert "Chưa chọn tệp nào." in answer.content.decode()
    page = compare(office, SimpleUploadedFile("hỏng.xlsx", b"PK\x03\x04 hong"))
    assert "Tệp không đọc được hỏng.xlsx Tệp bị hỏng" in words(office.get(page).content.decode())
