"""Thống kê đảng viên from outside: periods, what was reported, aggregates, files."""

from __future__ import annotations

import datetime as dt
import html
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.test_reform_engine import Desk
from tests.pages.supplied.made import SHEET, form_of, template
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import (
    AdmissionCount,
    AggregateCount,
    NamesSwitch,
    PastRow,
    PublishedStatistic,
    UnitParent,
    UnitVersion,
)
from vungmanh.org.queries import members_of
from vungmanh.org.reform.steps import Merge

NA, DOI, AN = CELLS[QUAN_MAU]
PERIOD = "?loai-ky=nam&nam=2025"


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast(first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 1))
    AdmissionCount.objects.all().delete()
    return made


def client(cast: Cast, role: Role, unit: str) -> Client:
    made = Client()
    made.force_login(cast.user(f"{role}.{unit}", role, unit))
    return made


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def sheet_of(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book.active.iter_rows(values_only=True))


def test_an_office_tells_losses_reports_the_year_and_finds_what_differs_later(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    base = reverse("member_statistics")
    page = words(office.get(base + PERIOD))
    assert "từ 27 đến 27 đảng viên" in page
    assert "mọi thay đổi đều có nguyên nhân" in page
    assert LANG_THU not in page
    losses = reverse("member_losses", args=[cast[NA]])
    loss = {"act": "loss", "way": "died", "status": "official", "count": "1",
            "on": "2025-05-01", "document": "BC 5"}  # fmt: skip
    refused = office.post(losses, loss | {"count": "10"})
    assert refused.status_code == 422
    assert "chỉ có 9 đảng viên" in words(refused)
    assert office.post(losses, loss).status_code == 302
    assert office.post(losses, {"act": "back", "reason": "ghi nhầm"}).status_code == 302
    assert sum(members_of(cast[NA], timezone.localdate()).values()) == 9
    assert office.post(losses, loss).status_code == 302
    page = words(office.get(base + PERIOD))
    assert "từ 27 đến 26 đảng viên" in page
    assert office.post(base + PERIOD, {"document": ""}).status_code == 422
    told = office.post(base + PERIOD, {"document": "BC 1-BC/ĐU"})
    kept = PublishedStatistic.objects.get()
    assert told["Location"] == reverse("statistic_reported", args=[kept.pk])
    assert "Chưa có gì khác" in words(office.get(told["Location"]))
    first = office.get(reverse("statistic_reported_file", args=[kept.pk])).content
    counts = reverse("unit_counts", args=[cast[AN]])
    assert office.post(counts, {
        "act": "counts", "from_day": "2025-02-01", "document": "Đính chính 9", "official": "12",
        "probationary": "0", "exempt": "0", "temporary_in": "0", "temporary_out": "0",
        "suspended": "0",
    }).status_code == 302  # fmt: skip
    after = words(office.get(told["Location"]))
    assert "Khác với đã báo cáo" in after
    assert "Đính chính 9" in after
    assert "Chính thức +3" in after
    assert office.get(reverse("statistic_reported_file", args=[kept.pk])).content == first
    rows = sheet_of(office.get(reverse("statistic_reported_file", args=[kept.pk])))
    assert rows[1][0] == "Đã báo cáo theo BC 1-BC/ĐU."
    assert f"Mã đối chiếu: {kept.sha256}" in {row[0] for row in rows}
    assert rows[-1][:2] == (QUAN_MAU, 27)
    now = sheet_of(office.get(reverse("member_statistics_file") + PERIOD))
    assert [row[0] for row in now[-4:]] == [AN, DOI, NA, QUAN_MAU]
    assert "như đã biết lúc" in now[1][0]
    page = words(office.get(base + PERIOD))
    assert "Chưa nêu nguyên nhân" in page
    assert counts in page
    assert losses.replace(str(cast[NA]), str(cast[AN])) not in page  # three more are no loss
    withdrawn = office.post(told["Location"], {"reason": "báo lại"})
    assert withdrawn.status_code == 302
    assert "Đã rút ngày" in words(office.get(told["Location"]))
    strange = client(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert strange.get(told["Location"]).status_code == 404
    assert strange.get(f"{base}{PERIOD}&don-vi={cast[QUAN_MAU]}").status_code == 404
    assert strange.get(losses).status_code == 404
    secretary = client(cast, Role.CELL_SECRETARY, NA)
    assert {secretary.get(address).status_code for address in (base, losses)} == {403}


def test_questions_that_have_no_answer_say_why(cast: Cast) -> None:
    analyst = client(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    base = reverse("member_statistics")
    ahead = timezone.localdate() + dt.timedelta(days=1)
    for query, said, status in [
        (f"?loai-ky=ngay&tu=2025-01-01&den={ahead}", "chưa đến", 400),
        ("?loai-ky=ngay&tu=2025-05-01&den=2025-01-01", "trước ngày cuối", 400),
        (f"?biet={ahead}", "chưa đến", 400),
        ("?loai-ky=ngay&den=hôm-qua", "ngày/tháng/năm", 400),
        ("?loai-ky=nam&nam=2022", "Chưa có dữ liệu", 200),
        ("?don-vi=khong", "Không tìm thấy", 404),
    ]:
        answer = analyst.get(base + query)
        assert (query, answer.status_code) == (query, status)
        assert said in words(answer)
    known = words(analyst.get(f"{base}?loai-ky=6-thang&nam=2025&biet={timezone.localdate()}"))
    assert "6 tháng đầu năm 2025" in known
    early = f"{base}?loai-ky=6-thang&nam=2025&biet=2025-07-01"
    unknown = analyst.get(early)
    assert unknown.status_code == 400
    assert "máy chưa ghi gì về tổ chức này" in words(unknown)
    analyst.cookies["django_language"] = "en"
    assert "there is no number to see again" in words(analyst.get(early))
    assert "the first half of 2025: " in words(analyst.get(f"{base}?loai-ky=6-thang&nam=2025"))
    analyst.cookies["django_language"] = "vi"
    for model in (UnitVersion, UnitParent):  # the structure was there, the counts came later
        model.objects.update(recorded_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    PastRow.objects.all().delete()
    before = words(analyst.get(early))
    assert "hết ngày 01/07/2025 sổ chưa ghi số đảng viên nào" in before
    assert "Chi bộ chưa có số đảng viên" in before
    assert reverse("member_statistics_file") not in before
    days = analyst.get(f"{base}?loai-ky=ngay&tu=2025-03-01&den=2025-03-31")
    assert "từ 01/03/2025 đến 31/03/2025: từ 54 đến 54" in words(days)
    board = client(cast, Role.STANDING_COMMITTEE, PROVINCE)
    assert "Giữ bảng này" not in words(board.get(base))


def test_aggregates_are_reported_corrected_and_summed_with_gaps(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    address = reverse("aggregate_report", args=[cast[NA]]) + "?ngay=2025-12-31"
    assert "Ngày ấy sổ ghi 9 đảng viên" in words(office.get(address))
    over = office.post(address, {"act": "report", "sex-woman": "6", "sex-man": "5"})
    assert over.status_code == 422
    assert "cộng được 11 người" in words(over)
    assert office.post(address, {"act": "report", "sex-woman": "-1"}).status_code == 422
    assert office.post(address, {"act": "report"}).status_code == 422
    assert office.post(address, {"act": "report", "sex-woman": "4"}).status_code == 302
    half = words(office.get(reverse("aggregates") + "?ngay=2025-12-31"))
    assert "chưa nơi nào ghi" in half
    again = {"act": "report", "sex-woman": "4", "sex-man": "4", "age-to_30": "2"}
    assert office.post(address, again).status_code == 302
    blank = {"act": "report", "sex-woman": "4", "sex-man": "4"}
    assert office.post(address, blank).status_code == 302
    assert not AggregateCount.objects.filter(dimension="age", replaced_at=None).exists()
    assert office.post(address, {"act": "back", "reason": "xóa nhầm"}).status_code == 302
    found = words(office.get(reverse("aggregates") + "?ngay=2025-12-31"))
    assert "1 trong 3 chi bộ" in found
    assert "Chưa rõ, của nơi đã báo cáo" in found
    assert (DOI in found, AN in found) == (True, True)
    later = words(office.get(address.replace("2025-12-31", "2026-06-30")))
    assert 'name="sex-woman" value="4"' in later
    assert "của lần báo cáo trước" in later
    assert office.post(address, {"act": "back", "reason": "ghi nhầm"}).status_code == 302
    assert AggregateCount.objects.filter(replaced_at=None).count() == 1
    assert AggregateCount.objects.count() == 6
    NamesSwitch.objects.create(unit_id=cast[NA], from_day=dt.date(2024, 1, 1), document="QĐ 1")
    losses = words(office.get(reverse("member_losses", args=[cast[NA]])))
    assert "Nơi này ghi theo tên" in losses
    analyst = client(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    province = reverse("aggregate_report", args=[cast[PROVINCE]])
    assert "cấp trên cộng lại" in words(analyst.get(province))
    assert SCHOOL in words(analyst.get(reverse("aggregates") + "?ngay=2025-12-31"))
    for query, status in [("?ngay=2022-12-31", 404), ("?ngay=2999-12-31", 400)]:
        assert analyst.get(reverse("aggregates") + query).status_code == status
    strange = client(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert strange.get(address).status_code == 404


def test_a_supplied_form_takes_figures_of_a_period_and_says_which_are_missing(cast: Cast) -> None:
    figures = [("nam", "B2"), ("closing", "B3"), ("sex.woman", "B4"), ("dong.ten", "B9"),
               ("dong.closing", "C9")]  # fmt: skip
    form = form_of(
        cast[QUAN_MAU], "period", content=template(),
        cells=[{"figure": figure, "text": "", "sheet": SHEET, "cell": cell, "name": ""}
               for figure, cell in figures],
    )  # fmt: skip
    office = client(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    address = reverse("supplied_form", args=[form.pk])
    page = words(office.get(address + PERIOD))
    assert "Mới có báo cáo của 0 trong 3 chi bộ" in page
    assert "điền được cả 5 ô" in page
    assert "Nhóm tuổi: đến 30 tuổi" in page  # offered for another cell
    reverse_of = reverse("supplied_form_filled", args=[form.pk])
    filled = office.get(reverse_of + PERIOD)
    sheet = openpyxl.load_workbook(io.BytesIO(filled.content))[SHEET]
    assert [sheet[cell].value for cell in ("B2", "B3", "B4")] == [2025, 27, None]
    assert [sheet[f"B{row}"].value for row in (9, 10, 11)] == [AN, DOI, NA]
    assert sheet["C10"].value == 9
    for cell in (NA, DOI, AN):
        report = reverse("aggregate_report", args=[cast[cell]]) + "?ngay=2025-12-31"
        assert office.post(report, {"act": "report", "sex-woman": "3"}).status_code == 302
    filled = office.get(reverse_of + PERIOD)
    sheet = openpyxl.load_workbook(io.BytesIO(filled.content))[SHEET]
    assert sheet["B4"].value == 9
    march = words(office.get(f"{address}?loai-ky=ngay&tu=2025-01-01&den=2025-03-31"))
    assert "Cơ cấu chỉ có của 30/6, 31/12" in march
    strange = client(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert strange.get(address + PERIOD).status_code == 404


def test_what_was_reported_is_read_after_its_unit_was_reformed_away(cast: Cast) -> None:
    analyst = client(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    address = f"{reverse('member_statistics')}{PERIOD}&don-vi={cast[DOI]}"
    kept = analyst.post(address, {"document": "BC 1"})["Location"]
    desk = Desk(cast)
    reform = desk.does(Merge((desk.id(DOI),), desk.id(AN)), on=dt.date(2025, 9, 1))
    page = words(analyst.get(kept))
    assert "đã kết thúc trước ngày cuối kỳ" in page
    assert "Sắp xếp tổ chức" in page
    assert "Rút số liệu đã báo cáo" not in page
    desk.undo(reform)
    assert "Chưa có gì khác" in words(analyst.get(kept))
