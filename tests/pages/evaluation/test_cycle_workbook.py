"""The tables of a cycle as Excel: a sheet for each group, totals, complaints; numbers and days."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import LANG_THU, PROVINCE
from tests.pages.evaluation.conftest import CELL, SECOND, Story
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import Dossier, YearGrade
from vungmanh.org.own_rules import steady
from vungmanh.outputs.gradings.tables import HELD, OUTSIDE, CycleTables, cycle_tables
from vungmanh.outputs.gradings.workbook import cycle_workbook

OFFICE, SECRETARY, ANALYST = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY, Role.PROVINCIAL_ANALYST
GOOD = "tot"
LABEL = "Hoàn thành tốt nhiệm vụ"
VILLAGES = "Thôn, tổ dân phố"


def tables(story: Story) -> CycleTables:
    viewer = story.viewer(OFFICE, story.cycle.name)
    return cycle_tables(story.cycle, viewer, at=timezone.now())


def fetch(story: Story) -> Any:
    answer = story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/bang-xep-loai.xlsx")
    assert answer.status_code == 200
    assert "bang-xep-loai-dang-bo-xa-quan-mau-2019.xlsx" in answer["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of the table of a sheet, by its heading."""
    lines = list(sheet.iter_rows(values_only=True))
    top = next(at for at, line in enumerate(lines) if line[0] == "TT")
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]


@pytest.fixture
def objected(story: Story) -> Story:
    """The first cell was decided, told, and complains; nothing is said of the others."""
    story.as_(SECRETARY, CELL)
    story.post("rate_self", grade=GOOD, points="87,5")
    story.as_(OFFICE)
    for act, fields in (
        ("open_opinions", {}), ("verify", {"grade": "", "points": ""}),
        ("propose", {"grade": GOOD}),
        ("decide", {"grade": GOOD, "document": "15-QĐ/ĐU", "document_date": "2020-01-10"}),
        ("notify", {}),
    ):  # fmt: skip
        story.post(act, **fields)
    story.as_(SECRETARY, CELL)
    story.post("complain", reason="Chưa tính việc làm đường.")
    assert story.dossier().state == "complained"
    return story


def test_each_group_has_its_sheet_with_points_grades_and_decisions(objected: Story) -> None:
    YearGrade.objects.create(
        unit_id=objected.cast[CELL], year=2018, regime="R2", grade=GOOD,
        decided_on=dt.date(2019, 1, 5),
    )  # fmt: skip
    book = fetch(objected)
    assert book.sheetnames == ["Tổng hợp", VILLAGES, "Kiến nghị"]
    told, other = (
        next(row for row in rows(book[VILLAGES]) if row["Tổ chức, tập thể"] == name)
        for name in (CELL, SECOND)
    )
    assert told["Loại hình"] == "Chi bộ"
    assert told["Mức đề xuất"] == told["Mức quyết định"] == told["Năm 2018"] == LABEL
    assert told["Số quyết định"] == "15-QĐ/ĐU"
    assert told["Ngày quyết định"] == dt.datetime(2020, 1, 10)  # noqa: DTZ001 - as a cell has it
    for blank in ("Mức đề xuất", "Mức quyết định", "Năm 2018", "Tổng điểm", "Số quyết định"):
        assert other[blank] is None


def test_totals_are_numbers_with_a_sum(objected: Story) -> None:
    sheet = fetch(objected)["Tổng hợp"]
    villages, whole = rows(sheet)
    assert (villages["Nhóm"], villages["Số hồ sơ"], villages[LABEL]) == (VILLAGES, 3, 1)
    assert villages["Chưa quyết định"] == 2
    assert str(whole["Số hồ sơ"]).startswith("=SUM(")


def test_complaints_have_a_sheet_of_their_own(objected: Story) -> None:
    (row,) = rows(fetch(objected)["Kiến nghị"])
    assert (row["Tổ chức, tập thể"], row["Của"]) == (CELL, "Tổ chức")
    assert row["Nội dung, lý do"] == "Chưa tính việc làm đường."
    assert isinstance(row["Ngày"], dt.datetime)
    objected.as_(OFFICE)
    objected.post("reverify")
    objected.post("answer_complaint", grade=GOOD, reason="Giữ mức.", document="20-CV/ĐU",
                  document_date="2020-02-01")  # fmt: skip
    last = rows(fetch(objected)["Kiến nghị"])[-1]
    assert (last["Mức sau khi trả lời"], last["Số văn bản"]) == (LABEL, "20-CV/ĐU")


def test_every_sheet_keeps_its_heading_in_sight_and_prints_across(objected: Story) -> None:
    for sheet in fetch(objected):
        top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "TT")
        assert sheet.freeze_panes == f"C{top + 1}"
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.print_area
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0


def test_points_are_numbers_and_a_blank_is_no_zero(opened: Callable[..., Story]) -> None:
    story = opened(year=timezone.localdate().year - 1)
    found = cycle_tables(story.cycle, story.viewer(OFFICE, story.cycle.name), at=timezone.now())
    group = found.groups[0]
    row = replace(group.rows[0], parts=(Fraction(1, 2), None, Fraction(0)), total=Fraction(1, 2))
    data = cycle_workbook(replace(found, groups=(replace(group, rows=(row,)),)))
    (read,) = rows(openpyxl.load_workbook(io.BytesIO(data))[group.name])
    assert [read[part] for part in group.parts[:3]] == [0.5, None, 0]
    assert read["Tổng điểm"] == 0.5


def test_the_place_under_the_cap_is_said_in_words(story: Story) -> None:
    Dossier.objects.filter(pk=story.dossier(SECOND).pk).update(protected=True)
    Dossier.objects.filter(pk=story.dossier().pk).update(
        proposed_grade="xuat_sac", state="proposed", self_points=95
    )
    groups = {group.name: group for group in tables(story).groups}
    assert set(groups) == {VILLAGES, f"{VILLAGES}, để ngoài tỷ lệ"}
    assert groups[f"{VILLAGES}, để ngoài tỷ lệ"].rows[0].cap == OUTSIDE
    by_name = {row.name: row for row in groups[VILLAGES].rows}
    assert by_name[CELL].cap == HELD  # one of one good: no place
    assert by_name[CELL].grade == ""


def test_the_same_tables_are_the_same_bytes_and_hostile_names_stay_text(story: Story) -> None:
    found = tables(story)
    group = found.groups[0]
    names = ("=1+1", "x" * 300, "Thôn [A]:*?/\\ dài" * 3)
    rows_ = tuple(replace(group.rows[0], name=name) for name in names)
    hostile = replace(found, groups=(
        replace(group, name=names[2], rows=rows_), replace(group, name=names[2] + "x", rows=rows_),
    ))  # fmt: skip
    data = cycle_workbook(hostile)
    assert data == cycle_workbook(hostile)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len({name.casefold() for name in book.sheetnames}) == 4
    assert [row["Tổ chức, tập thể"] for row in rows(book.worksheets[1])] == list(names)
    assert book.worksheets[1]["B7"].data_type == "s"


def test_the_number_of_queries_does_not_grow_with_the_dossiers(story: Story) -> None:
    viewer, now = story.viewer(OFFICE, story.cycle.name), timezone.now()
    counts = []
    for _ in range(2):
        with steady(), CaptureQueriesContext(connection) as queries:
            cycle_tables(story.cycle, viewer, at=now)
        counts.append(len(queries))
        one = story.dossier()
        Dossier.objects.filter(cycle=story.cycle).exclude(pk=one.pk).update(
            removed_at=now, removed_reason="Thử."
        )
    assert counts[0] == counts[1]


def test_only_who_decides_and_the_province_download_it(story: Story) -> None:
    address = f"/xep-loai/{story.cycle.pk}/bang-xep-loai.xlsx"
    assert story.as_(ANALYST, PROVINCE).get(address).status_code == 200
    assert story.as_(SECRETARY, CELL).get(address).status_code == 403
    assert story.as_(OFFICE, LANG_THU).get(address).status_code == 404


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_figures(objected: Story, tmp_path: Path) -> None:
    book = tmp_path / "bang.xlsx"
    book.write_bytes(cycle_workbook(tables(objected)))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "read"), str(book)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    read = openpyxl.load_workbook(tmp_path / "read/bang.xlsx", data_only=True)
    assert read.sheetnames == ["Tổng hợp", VILLAGES, "Kiến nghị"]
    _, whole = rows(read["Tổng hợp"])
    assert (whole["Nhóm"], whole["Số hồ sơ"], whole[LABEL]) == ("Cộng", 3, 1)
    told = next(row for row in rows(read[VILLAGES]) if row["Tổ chức, tập thể"] == CELL)
    assert told["Ngày quyết định"] == dt.datetime(2020, 1, 10)  # noqa: DTZ001 - as a cell has it
    assert told["Số quyết định"] == "15-QĐ/ĐU"
