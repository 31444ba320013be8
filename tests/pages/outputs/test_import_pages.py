"""Nhập as each role meets it: drop, look, write, see the list move, take back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.imports.blanks import blank_workbook, committees_of, rows_of_committee
from vungmanh.outputs.models import ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook
from vungmanh.strengthening.models import AssessmentRun

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 12, 1)
NA_MAU, DOI_MAU, AN_MAU = CELLS[QUAN_MAU]
BAN_THU = CELLS[LANG_THU][0]
HELD = {"state": "held", "held_on": dt.date(2019, 12, 5), "members": 9, "present": 8}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    return client


@pytest.fixture
def office(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    return client


def upload(cast: Cast, answers: dict[str, dict], name: str = "quan mẫu.xlsx") -> SimpleUploadedFile:
    target = io.BytesIO()
    rows = [
        SheetRow(str(cast.units.get(cell, "")), cell, "", said) for cell, said in answers.items()
    ]
    write_filled_workbook(target, QUAN_MAU, MONTH, rows)
    return SimpleUploadedFile(name, target.getvalue())


def drop(client: Client, *files: SimpleUploadedFile) -> str:
    """Drop the files and return the address of the preview."""
    answer = client.post(reverse("import"), {"files": list(files)})
    assert answer.status_code == 302
    return answer["Location"]


def words(html: str) -> str:
    """What a reader sees, tags and spaces squashed."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").split()).replace(
        "\xa0", " "
    )


def test_drop_look_write_and_take_back(analyst: Client, cast: Cast) -> None:
    page = drop(analyst, upload(cast, {NA_MAU: HELD, DOI_MAU: {"state": "not_held"}, AN_MAU: {}}))
    shown = words(analyst.get(page).content.decode())
    assert "1 tệp, 3 dòng: 2 báo cáo mới, 0 thay đổi." in shown
    assert "1 dòng để trống là chưa có báo cáo." in shown
    assert "Ghi 2 báo cáo vào sổ" in shown
    assert "Đã họp 05/12/2019; có mặt 8/9" in shown
    assert not MeetingReport.objects.exists()

    assert analyst.post(page, {"act": "commit"})["Location"] == page
    assert MeetingReport.objects.count() == 2
    shown = analyst.get(page).content.decode()
    assert "Đã ghi 2 báo cáo của tháng 12/2019." in words(shown)
    assert "Sẽ ghi" not in shown
    assert '<th scope="col">Đã ghi</th>' in shown
    assert f"{reverse('spotting')}?ky=2019-12" in shown
    assert AssessmentRun.objects.get(month=MONTH).reported == 2

    analyst.post(page, {"act": "undo"})
    assert not MeetingReport.objects.exists()
    assert not AssessmentRun.objects.exists()
    assert "Đã hoàn tác lần nhập này" in words(analyst.get(page).content.decode())


def test_a_refused_row_shows_its_cell_and_its_remedy(analyst: Client, cast: Cast) -> None:
    page = drop(analyst, upload(cast, {NA_MAU: {**HELD, "present": 12}, "Chi bộ Lạ": HELD}))
    shown = words(analyst.get(f"{page}?dong=refused").content.decode())
    assert "2 dòng bị từ chối" in shown
    assert "Ô J7: Có mặt 12 người, nhiều hơn số đảng viên (9). Sửa một trong hai số." in shown
    assert "Không tìm thấy “Chi bộ Lạ” trong phạm vi của đồng chí" in shown


def test_a_change_is_shown_with_what_stood_before(analyst: Client, cast: Cast) -> None:
    analyst.post(drop(analyst, upload(cast, {NA_MAU: HELD})), {"act": "commit"})
    page = drop(analyst, upload(cast, {NA_MAU: {**HELD, "present": 7}}))
    assert "có mặt 8 thành 7" in words(analyst.get(page).content.decode())


def test_the_same_file_again_says_that_nothing_will_change(analyst: Client, cast: Cast) -> None:
    file = upload(cast, {NA_MAU: HELD})
    analyst.post(drop(analyst, file), {"act": "commit"})
    file.seek(0)
    page = drop(analyst, file)
    shown = words(analyst.get(page).content.decode())
    assert "Không có gì mới để ghi: 1 dòng như cũ" in shown
    assert "Nạp lại không làm thay đổi gì." in shown
    assert "báo cáo vào sổ" not in shown


def test_a_bad_file_is_named_and_the_good_one_goes_through(analyst: Client, cast: Cast) -> None:
    page = drop(
        analyst,
        SimpleUploadedFile("hỏng.xlsx", b"PK\x03\x04 hong"),
        upload(cast, {NA_MAU: HELD}),
    )
    shown = words(analyst.get(page).content.decode())
    assert "hỏng.xlsx Tệp bị hỏng, không mở được." in shown
    analyst.post(page, {"act": "commit"})
    assert MeetingReport.objects.count() == 1


def test_sixty_five_files_in_one_drop_are_one_import(analyst: Client, cast: Cast) -> None:
    files = [upload(cast, {NA_MAU: HELD}, f"xã {number}.xlsx") for number in range(65)]
    page = drop(analyst, *files)
    assert ImportBatch.objects.get().files.count() == 65
    shown = words(analyst.get(page).content.decode())
    assert "65 tệp, 65 dòng: 1 báo cáo mới" in shown


def test_dropping_nothing_says_so_beside_the_form(analyst: Client) -> None:
    answer = analyst.post(reverse("import"))
    assert answer.status_code == 422
    assert "Chưa chọn tệp nào." in answer.content.decode()


def test_a_preview_can_be_thrown_away(analyst: Client, cast: Cast) -> None:
    page = drop(analyst, upload(cast, {NA_MAU: HELD}))
    answer = analyst.post(page, {"act": "discard"}, follow=True)
    assert "Đã bỏ bản xem trước" in answer.content.decode()
    assert analyst.get(page).status_code == 404


def test_writing_twice_is_answered_plainly(analyst: Client, cast: Cast) -> None:
    page = drop(analyst, upload(cast, {NA_MAU: HELD}))
    analyst.post(page, {"act": "commit"})
    answer = analyst.post(page, {"act": "commit"})
    assert answer.status_code == 409
    assert "Tải lại trang" in answer.content.decode()


def test_names_in_a_file_are_shown_as_text_never_as_markup(analyst: Client, cast: Cast) -> None:
    page = drop(analyst, upload(cast, {"<script>alert(1)</script>": HELD}, "<b>x.xlsx"))
    html = analyst.get(page).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_filters_show_one_state_and_one_file(analyst: Client, cast: Cast) -> None:
    page = drop(
        analyst,
        upload(cast, {NA_MAU: HELD, AN_MAU: {}}, "một.xlsx"),
        upload(cast, {DOI_MAU: HELD}, "hai.xlsx"),
    )
    blank = words(analyst.get(f"{page}?dong=blank").content.decode())
    assert AN_MAU in blank
    assert NA_MAU not in blank
    second = words(analyst.get(f"{page}?tep=2").content.decode())
    assert DOI_MAU in second
    assert NA_MAU not in second
    assert analyst.get(f"{page}?dong=khac").status_code == 404


def test_the_office_neither_sees_nor_changes_anybody_else(office: Client, cast: Cast) -> None:
    page = drop(office, upload(cast, {NA_MAU: HELD, BAN_THU: HELD}))
    shown = words(office.get(page).content.decode())
    assert f"Không tìm thấy “{BAN_THU}” trong phạm vi của đồng chí" in shown
    office.post(page, {"act": "commit"})
    assert [report.unit_id for report in MeetingReport.objects.all()] == [cast[NA_MAU]]


def test_an_import_of_other_units_does_not_exist(
    analyst: Client, office: Client, cast: Cast
) -> None:
    page = drop(analyst, upload(cast, {NA_MAU: HELD, BAN_THU: HELD}))
    assert office.get(page).status_code == 404
    for act in ("commit", "undo", "discard"):
        assert office.post(page, {"act": act}).status_code == 404
    assert page not in office.get(reverse("import")).content.decode()
    assert not MeetingReport.objects.exists()


def test_the_analyst_sees_and_takes_back_what_an_office_wrote(
    analyst: Client, office: Client, cast: Cast
) -> None:
    page = drop(office, upload(cast, {NA_MAU: HELD}))
    office.post(page, {"act": "commit"})
    shown = analyst.get(reverse("import")).content.decode()
    assert page in shown
    assert "vanphong" in words(shown)
    assert analyst.post(page, {"act": "undo"})["Location"] == page
    assert not MeetingReport.objects.exists()


@pytest.mark.parametrize("role", [Role.OVERSEER, Role.CELL_SECRETARY, Role.ADMINISTRATOR, None])
def test_others_have_no_import(client: Client, cast: Cast, role: Role | None) -> None:
    client.force_login(cast.user("nguoi-khac", role))
    assert client.get(reverse("import")).status_code == 403
    assert client.get(reverse("import_template")).status_code == 403


def test_signed_out_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(reverse("import")).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_lines_and_imports(
    analyst: Client,
    cast: Cast,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        files = [
            upload(cast, {cell: HELD}, f"{number}.xlsx")
            for number, cell in enumerate(cast.cells[:count])
        ]
        page = drop(analyst, *files)
    with django_assert_max_num_queries(22):
        assert analyst.get(page).status_code == 200
    with django_assert_max_num_queries(20):
        assert analyst.get(reverse("import")).status_code == 200


# --- workbooks to send out ----------------------------------------------------------------------


def test_the_office_downloads_its_own_workbook(office: Client, cast: Cast) -> None:
    address = reverse("import_template")
    answer = office.get(address, {"thang": "2019-12", "don-vi": str(cast[QUAN_MAU])})
    assert answer["Content-Disposition"].endswith('dang-bo-xa-quan-mau-2019-12.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Báo cáo"]
    assert [row[3].value for row in sheet.iter_rows(min_row=7)] == [AN_MAU, DOI_MAU, NA_MAU]
    other = office.get(address, {"thang": "2019-12", "don-vi": str(cast[LANG_THU])})
    absent = office.get(address, {"thang": "2019-12", "don-vi": "khong-co"})
    assert other.status_code == absent.status_code == 404


@pytest.mark.parametrize("month", ["9999-12", "2019-13", "2017-12", "0001-01", ""])
def test_a_month_nobody_reports_on_gives_the_workbook_offered(
    office: Client, cast: Cast, month: str
) -> None:
    offered = re.search(r'<option value="([-\d]+)" selected', office.get("/nhap/").content.decode())
    asked = {"thang": month, "don-vi": str(cast[QUAN_MAU])}
    answer = office.get(reverse("import_template"), asked)
    assert offered is not None
    assert answer["Content-Disposition"].endswith(f'dang-bo-xa-quan-mau-{offered[1]}.xlsx"')


def test_the_analyst_downloads_all_of_them_in_one_zip(analyst: Client, cast: Cast) -> None:
    answer = analyst.get(reverse("import_template"), {"thang": "2019-12", "don-vi": "tat-ca"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [
            "01-dang-bo-tinh-mau-2019-12.xlsx",
            "02-dang-bo-xa-lang-thu-2019-12.xlsx",
            "03-dang-bo-xa-quan-mau-2019-12.xlsx",
        ]


def test_every_cell_is_collected_from_exactly_once(cast: Cast) -> None:
    viewer = viewer_for(cast.user("a", Role.PROVINCIAL_ANALYST), on=AT.date())
    collected = {
        committee.name: [row.name for row in rows_of_committee(viewer, committee, MONTH)]
        for committee in committees_of(viewer, MONTH)
    }
    assert collected[PROVINCE] == [SCHOOL]
    every = [name for names in collected.values() for name in names]
    assert sorted(every) == sorted(cast.cells)


def test_a_downloaded_workbook_filled_in_is_written(office: Client, cast: Cast) -> None:
    """The whole way of an office: download, fill, drop, write."""
    answer = office.get(
        reverse("import_template"), {"thang": "2019-12", "don-vi": str(cast[QUAN_MAU])}
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["Báo cáo"]
    sheet["G7"], sheet["H7"], sheet["I7"], sheet["J7"] = "Đã họp", dt.date(2019, 12, 6), 9, 9
    sheet["G8"] = "Không họp"
    target = io.BytesIO()
    book.save(target)
    page = drop(office, SimpleUploadedFile("tra-lai.xlsx", target.getvalue()))
    office.post(page, {"act": "commit"})
    states = dict(MeetingReport.objects.values_list("unit_id", "state"))
    assert states == {cast[AN_MAU]: "held", cast[DOI_MAU]: "not_held"}


def test_an_unknown_committee_is_not_found(cast: Cast) -> None:
    viewer = viewer_for(cast.user("a", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    with pytest.raises(NotFound):
        blank_workbook(viewer, cast[PROVINCE], MONTH)
