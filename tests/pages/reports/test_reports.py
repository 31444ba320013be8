"""Reports of a committee: their figures, where each is opened, the file, who reads them."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import Task
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.document import Table
from vungmanh.outputs.papers.layout import layout_of
from vungmanh.outputs.reporting.figures import NOT_KNOWN, gather
from vungmanh.outputs.reporting.paper import Opens, programme_report
from vungmanh.outputs.reporting.periods import ReportKind, period_of
from vungmanh.strengthening.actions.assess import assess_months

pytestmark = pytest.mark.django_db
OFFICE, ANALYST = Role.COMMITTEE_OFFICE, Role.PROVINCIAL_ANALYST
YEAR = "?loai=year&thang=2019-12"
TODAY = AT.date()


@pytest.fixture
def cast() -> Cast:
    """Quan Mẫu: 36 meetings due in 2019, 21 held, 12 not, 3 of which nobody reported."""
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell, held, missed in zip(CELLS[QUAN_MAU], (9, 8, 4), (3, 4, 5), strict=True):
        cast.hold(cell, 2019, held=held, not_held=missed)
    return cast


def signed_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role.value}.{cast[unit].hex[-12:]}", role, unit))
    return client


def figures(cast: Cast, kind: ReportKind, month: dt.date, unit: str = QUAN_MAU) -> dict[str, str]:
    viewer = viewer_for(cast.user(f"ai.{kind}.{month}", OFFICE, unit), on=TODAY)
    found = gather(cast[unit], period_of(kind, month), viewer)
    return {one.label: one.value for chapter in found.chapters for one in chapter.figures}


def test_figures_of_a_year_a_quarter_and_a_month_are_those_of_the_records(cast: Cast) -> None:
    Task.objects.create(
        unit_id=cast[CELLS[QUAN_MAU][0]], title="Sửa mương", owner="Phó bí thư", output="xong",
        given_on=dt.date(2019, 12, 2), due_on=dt.date(2019, 12, 20), changed_at=AT,
    )  # fmt: skip
    for cell, grade in zip(CELLS[QUAN_MAU], ("tot", "tot", "hoan_thanh"), strict=True):
        YearGrade.objects.create(unit_id=cast[cell], year=2018, regime="R2a", grade=grade)
    year = figures(cast, ReportKind.YEAR, dt.date(2019, 12, 1))
    assert year["Chi bộ"] == "3"
    assert year["Kỳ họp thường kỳ phải họp"] == "36"
    assert year["Đã họp"].startswith("21 (58,3")
    assert (year["Báo cáo là không họp"], year["Chưa có báo cáo"]) == ("12", "3")
    assert year["Đảng viên chính thức và dự bị"] == "27"
    assert (year["Việc giao trong kỳ"], year["Việc quá hạn chưa xong"]) == ("1", "1")
    assert year["Năm 2018: hoàn thành tốt nhiệm vụ"] == "2"
    assert year["Kết quả nhận diện"] == NOT_KNOWN
    assert year["Hồ sơ xếp loại của năm"] == "chưa mở kỳ xếp loại"
    assert figures(cast, ReportKind.MONTH, dt.date(2019, 5, 1))["Đã họp"].startswith("2 (66,7")
    quarter = figures(cast, ReportKind.QUARTER, dt.date(2019, 2, 1))
    assert (quarter["Kỳ họp thường kỳ phải họp"], quarter["Việc giao trong kỳ"]) == ("9", "0")
    half = figures(cast, ReportKind.HALF, dt.date(2019, 11, 1))
    assert half["Kỳ họp thường kỳ phải họp"] == "18"


def test_weak_signals_and_flags_are_those_of_the_last_assessment(cast: Cast) -> None:
    assess_months(months=[dt.date(2019, 12, 1)], by=None, at=AT)
    year = figures(cast, ReportKind.YEAR, dt.date(2019, 12, 1))
    standing = int(year["Dấu hiệu còn đến cuối kỳ"])
    assert standing >= 1
    assert int(year["Dấu hiệu mới nêu trong kỳ"]) <= standing
    assert sum(int(value) for label, value in year.items() if label.startswith("Chi bộ: ")) >= 1


def test_queries_do_not_grow_with_the_units(cast: Cast) -> None:
    counts = []
    for unit in (QUAN_MAU, PROVINCE):
        role = ANALYST if unit == PROVINCE else OFFICE
        viewer = viewer_for(cast.user(f"dem.{role}", role, unit), on=TODAY)
        with CaptureQueriesContext(connection) as asked:
            gather(cast[unit], period_of(ReportKind.YEAR, dt.date(2019, 12, 1)), viewer)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= 30


def test_the_page_opens_every_figure_and_the_file_names_where(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    page = client.get(f"/bao-cao/{cast[QUAN_MAU]}/{YEAR}")
    said = page.content.decode()
    assert "báo cáo năm, năm 2019" in said
    links = {href for _title, rows in page.context["chapters"] for _one, href in rows}
    for href in links:
        assert client.get(href).status_code == 200, href
    made = docx.Document(
        io.BytesIO(client.get(f"/bao-cao/{cast[QUAN_MAU]}/bao-cao.docx{YEAR}").content)
    )
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in made.paragraphs), *cells])
    assert "Đã họp: 21 (58,3" in text.replace("\xa0", " ")
    assert all(href in cells for href in links)
    assert "mở ra được ở http://testserver, nối" in text
    pdf = client.get(f"/bao-cao/{cast[QUAN_MAU]}/bao-cao.docx{YEAR}&dang=pdf")
    assert pdf.content.startswith(b"%PDF")


def test_a_report_takes_its_number_once_and_carries_it(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    take = f"/bao-cao/{cast[QUAN_MAU]}/lay-so/{YEAR}"
    assert client.get(take).status_code == 200
    assert client.post(take, {"on": "2999-01-01", "capacity": ""}).status_code == 422
    signed = {
        "on": "2020-01-06", "capacity": "for_collective", "of": "Đảng ủy", "role": "Phó Bí thư",
        "name": "Lò Thử An",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(take, signed).status_code == 302
    assert PaperNumber.objects.get().document == "01-BC/ĐU"
    file = client.get(f"/bao-cao/{cast[QUAN_MAU]}/bao-cao.docx{YEAR}").content
    cells = [
        c.text for t in docx.Document(io.BytesIO(file)).tables for r in t.rows for c in r.cells
    ]
    said = "\n".join(cells).replace("\xa0", " ")
    assert "Số 01-BC/ĐU" in said
    assert "ngày 06 tháng 01 năm 2020" in said
    assert "Lò Thử An" in said
    assert "01-BC/ĐU" in client.get(f"/bao-cao/{cast[QUAN_MAU]}/{YEAR}").content.decode()


def test_reports_of_another_do_not_exist_and_others_have_none(cast: Cast) -> None:
    own = f"/bao-cao/{cast[QUAN_MAU]}/"
    addresses = [own + YEAR, f"{own}bao-cao.docx{YEAR}", f"{own}lay-so/{YEAR}"]
    stranger = signed_in(cast, OFFICE, LANG_THU)
    assert {stranger.get(address).status_code for address in addresses} == {404}
    assert stranger.post(addresses[2], {"on": "2020-01-06"}).status_code == 404
    assert LANG_THU not in signed_in(cast, OFFICE, QUAN_MAU).get("/bao-cao/").content.decode()
    for role in (Role.CELL_SECRETARY, Role.OVERSEER):
        other = signed_in(cast, role, CELLS[QUAN_MAU][0])
        assert {other.get(address).status_code for address in [*addresses, "/bao-cao/"]} == {403}
    analyst = signed_in(cast, ANALYST, PROVINCE)
    assert {analyst.get(address).status_code for address in addresses} == {200}


def test_what_is_asked_for_badly_is_told(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    assert client.get("/bao-cao/?thang=thang-5").status_code == 400
    assert client.get("/bao-cao/?thang=1990-05").status_code == 404
    assert client.get("/bao-cao/?thang=2999-05&loai=la").status_code == 200


def test_results_of_a_programme_stand_year_by_year_with_a_mark_between_scales(cast: Cast) -> None:
    for year, grade in ((2018, "tot"), (2019, "hoan_thanh")):
        YearGrade.objects.create(unit_id=cast[QUAN_MAU], year=year, regime="R2a", grade=grade)
    viewer = viewer_for(cast.user("dt", OFFICE, QUAN_MAU), on=TODAY)
    paper = programme_report(
        cast[QUAN_MAU], "đề án củng cố", dt.date(2018, 3, 1), dt.date(2019, 12, 31), viewer,
        opens=Opens("http://thu", lambda one: f"/{one.page}/"),
    )  # fmt: skip
    assert paper.about == "kết quả thực hiện đề án củng cố từ ngày 01/03/2018 đến ngày 31/12/2019"
    tables = [part for part in paper.parts if isinstance(part, Table)]
    meetings = next(one for one in tables if one.headings[0] == "Năm" and len(one.headings) == 6)
    assert [row[:3] for row in meetings.rows] == [("2018", "30", "0"), ("2019", "36", "21")]
    grades = next(one for one in tables if one.headings == ("Năm", "Mức xếp loại", "Ghi chú"))
    assert [row[0] for row in grades.rows] == ["2017", "2018", "2019"]
    assert grades.rows[1][2] == "thang khác, không so với năm trước"
    assert grades.rows[2][2] == ""
    assert layout_of(paper).rule.id == "HD05-2026-the-thuc"
