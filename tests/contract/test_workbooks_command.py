"""`vungmanh import`: the same engine as the page, in words a terminal can show."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.config.commands.import_ import import_paths, paths_of, viewer_named
from vungmanh.core.errors import InputError, NotAllowed
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.models import ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook
from vungmanh.strengthening.models import AssessmentRun

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 12, 1)
NA_MAU = CELLS[QUAN_MAU][0]
BAN_THU = CELLS[LANG_THU][0]
HELD = {"state": "held", "held_on": dt.date(2019, 12, 5), "members": 9, "present": 8}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    cast.user("bithu", Role.CELL_SECRETARY, NA_MAU)
    return cast


def write(folder: Path, cast: Cast, *cells: str, name: str = "quan-mau.xlsx") -> Path:
    rows = [SheetRow(str(cast[cell]), cell, "", HELD) for cell in cells]
    write_filled_workbook(folder / name, QUAN_MAU, MONTH, rows)
    return folder / name


def run(paths: list[Path], *, dry_run: bool = False) -> tuple[bool, str]:
    console = Console(file=io.StringIO(), width=200)
    refused = import_paths(console, paths, "vanphong", dry_run=dry_run)
    return refused, console.file.getvalue()


def test_files_are_written_and_the_months_assessed(cast: Cast, tmp_path: Path) -> None:
    refused, said = run([write(tmp_path, cast, NA_MAU)])
    assert not refused
    assert "Đã ghi 1 báo cáo vào sổ." in said
    assert "mới nhất tháng 12/2019" in said
    assert MeetingReport.objects.get().unit_id == cast[NA_MAU]
    assert AssessmentRun.objects.get().month == MONTH


def test_a_dry_run_writes_nothing_and_leaves_nothing(cast: Cast, tmp_path: Path) -> None:
    refused, said = run([write(tmp_path, cast, NA_MAU)], dry_run=True)
    assert not refused
    assert "chưa ghi gì" in said
    assert not MeetingReport.objects.exists()
    assert not ImportBatch.objects.exists()


def test_refusals_are_printed_with_their_place_and_tell_the_caller(
    cast: Cast, tmp_path: Path
) -> None:
    good = write(tmp_path, cast, NA_MAU, BAN_THU)
    bad = tmp_path / "[bold]hong.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    refused, said = run([good, bad])
    assert refused
    assert f"quan-mau.xlsx, {BAN_THU}: Không tìm thấy “{BAN_THU}” trong phạm vi" in said
    assert "[bold]hong.xlsx: Tệp bị hỏng" in said
    assert MeetingReport.objects.count() == 1


def test_a_folder_gives_its_workbooks_in_order(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a.XLS", "~$a.xlsx", ".an.csv", "ghi-chu.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in paths_of([tmp_path])] == ["a.XLS", "b.xlsx"]


def test_what_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Không thấy tệp"):
        paths_of([tmp_path / "khong-co.xlsx"])
    with pytest.raises(InputError, match="không có tệp báo cáo"):
        paths_of([tmp_path])


def test_only_an_account_that_may_import_is_taken(cast: Cast) -> None:
    assert viewer_named("vanphong").role is Role.COMMITTEE_OFFICE
    with pytest.raises(NotAllowed):
        viewer_named("bithu")
    with pytest.raises(InputError, match="Không có tài khoản"):
        viewer_named("khong-co")
