"""The export of Nhận diện: the same rows, order, figures and words as the page, safe to open."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.strengthening.story import (
    AN_MAU,
    YEARS,
    assess_years,
    first_column,
    main_of,
    make_story,
    row_of,
)
from vungmanh.core.text import fold, nfc, sort_key
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import UnitVersion

pytestmark = pytest.mark.django_db

HEADINGS = [
    "Thứ tự", "Tổ chức", "Số chi bộ", "Địa bàn", "Trạng thái", "Kỳ trước", "Phải họp", "Đã họp",
    "Không họp", "Chưa báo cáo", "Được miễn", "Chỉ số", "Khoảng từ", "Khoảng đến", "Xác suất yếu",
    "Hạng từ", "Hạng đến", "Trong số nơi", "Lý do", "Diễn giải",
]  # fmt: skip
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", '=HYPERLINK("http://x.test")')


@pytest.fixture
def cast() -> Cast:
    return make_story()


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST))
    return client


@pytest.fixture
def assessed(cast: Cast) -> None:
    assess_years(*YEARS)


def fetch(client: Client, query: str) -> bytes:
    response = client.get(f"/nhan-dien/xuat.xlsx?{query}")
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return response.content


def rows(content: bytes) -> tuple[list[str], list[str], list[dict[str, Any]]]:
    """The lines above the table, its headings, and its rows by heading."""
    lines = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    top = next(place for place, line in enumerate(lines) if line[0] == "Thứ tự")
    headings = [str(one) for one in lines[top]]
    about = [str(line[0]) for line in lines[:top] if line[0]]
    body = [line for line in lines[top + 1 :] if any(line)]
    return about, headings, [dict(zip(headings, line, strict=True)) for line in body]


@pytest.mark.usefixtures("assessed")
def test_the_export_says_what_it_is(analyst: Client) -> None:
    about, headings, _ = rows(fetch(analyst, "ky=2017-12&loai=commune"))
    assert headings == HEADINGS
    assert about[0].startswith("1 trong 2 tổ chức cơ sở đảng cần củng cố")
    assert about[1] == "Dữ liệu mô phỏng: tên đơn vị và số liệu do máy tạo ra."
    assert "Chỉ gồm: Cần củng cố; Xã, phường." in about
    assert "12 tháng: tháng 1/2017 đến tháng 12/2017." in about
    assert any(line.startswith("Tính ngày 01/11/2026; quy định bản ") for line in about)
    assert about[-1].endswith("Chưa báo cáo không phải là không họp.")


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize("grain", ["to-chuc", "chi-bo"])
@pytest.mark.parametrize("tab", ["", "weak", "must_verify", "to_verify", "normal"])
@pytest.mark.parametrize("month", ["2017-12", "2018-12"])
def test_rows_order_and_figures_are_those_of_the_page(
    analyst: Client, grain: str, tab: str, month: str
) -> None:
    query = f"ky={month}&cap={grain}&tt={tab}"
    page = main_of(analyst.get(f"/nhan-dien/?{query}"))
    about, _, found = rows(fetch(analyst, query))
    assert page.split('<h1 class="finding">')[1].split("</h1>")[0] == about[0]
    shown = first_column(page) if '<table class="stack ranked"' in page else []
    assert [row["Tổ chức"] for row in found] == shown
    bars = re.findall(
        r'aria-label="Họp (\d+), không họp (\d+), chưa báo cáo (\d+) / (\d+) kỳ', page
    )
    for row, name, bar in zip(found, shown, bars, strict=True):
        words = row_of(page, name)
        assert words.split()[0] == str(row["Thứ tự"])
        figures = ("Đã họp", "Không họp", "Chưa báo cáo", "Phải họp")
        assert tuple(int(figure) for figure in bar) == tuple(row[one] for one in figures)
        for reason in (row["Lý do"] or "").split("; ")[:3]:
            assert reason in words
        if row["Kỳ trước"]:
            assert words.endswith(f"kỳ trước: {row['Kỳ trước']}")


@pytest.mark.usefixtures("assessed")
def test_every_count_is_a_number_and_adds_up(analyst: Client) -> None:
    _, _, found = rows(fetch(analyst, "ky=2017-12&cap=chi-bo&tt="))
    assert len(found) == 6
    for row in found:
        assert row["Phải họp"] == row["Đã họp"] + row["Không họp"] + row["Chưa báo cáo"]
        assert row["Phải họp"] + row["Được miễn"] == 12


@pytest.mark.usefixtures("assessed")
def test_the_silent_have_no_place_in_the_order(analyst: Client) -> None:
    _, _, found = rows(fetch(analyst, "ky=2017-12&cap=chi-bo&tt="))
    order = {row["Tổ chức"]: row["Thứ tự"] for row in found}
    assert order["Chi bộ thôn Bản Thử"] == "–"
    assert sorted(one for one in order.values() if one != "–") == [1, 2, 3, 4, 5]
    assert order[AN_MAU] == 1


def test_a_name_that_looks_like_a_formula_stays_text(analyst: Client, cast: Cast) -> None:
    for name, formula in zip(cast.cells, FORMULAS, strict=False):
        UnitVersion.objects.filter(unit_id=cast[name]).update(
            name=formula, name_fold=fold(formula), name_key=sort_key(formula)
        )
    assess_years(2017)
    content = fetch(analyst, "ky=2017-12&cap=chi-bo&tt=")
    sheet = load_workbook(io.BytesIO(content)).active
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert set(FORMULAS) <= set(cells)
    assert {cells[formula].data_type for formula in FORMULAS} == {"s"}
    assert {cells[formula].hyperlink for formula in FORMULAS} == {None}


def test_long_and_toned_names_arrive_letter_for_letter(analyst: Client, cast: Cast) -> None:
    name = nfc("Chi bộ thôn Nghiêng Khuỷu Ngoằn Ngoèo Đượm Ế Ẵ Ỗ Ữ " + "ở Mẫu " * 22).strip()
    UnitVersion.objects.filter(unit_id=cast[AN_MAU]).update(
        name=name, name_fold=fold(name), name_key=sort_key(name)
    )
    assess_years(2017)
    _, _, found = rows(fetch(analyst, "ky=2017-12&cap=chi-bo"))
    assert found[0]["Tổ chức"] == name


@pytest.mark.usefixtures("assessed")
def test_an_office_exports_its_own_units_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, LANG_THU))
    content = fetch(client, "ky=2017-12&tt=")
    everything = " ".join(
        str(cell) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        for cell in row if cell
    )  # fmt: skip
    assert LANG_THU in everything
    assert QUAN_MAU not in everything
    assert PROVINCE not in everything


@pytest.mark.usefixtures("assessed")
def test_the_file_is_named_after_grain_and_month(analyst: Client) -> None:
    response = analyst.get("/nhan-dien/xuat.xlsx?ky=2017-12&cap=chi-bo")
    assert response["Content-Disposition"] == (
        'attachment; filename="nhan-dien-chi-bo-2017-12.xlsx"'
    )


@pytest.mark.slow
@pytest.mark.usefixtures("assessed")
def test_libreoffice_reads_the_same_figures(analyst: Client, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    book = tmp_path / "nhan-dien.xlsx"
    book.write_bytes(fetch(analyst, "ky=2017-12&cap=chi-bo&tt="))
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to", "csv:Text - txt - csv (StarCalc):9,34,76", "--outdir", str(tmp_path),
            str(book),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    lines = (tmp_path / "nhan-dien.csv").read_text("utf-8").splitlines()
    (row,) = (line.split("\t") for line in lines if AN_MAU in line)
    assert row[0] == "1"
    assert row[6:11] == ["12", "5", "7", "0", "0"]
