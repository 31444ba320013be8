"""`vungmanh simulate`: its folders, its workbooks, and that they say what the tables say."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from vungmanh.analysis.schema import TABLES
from vungmanh.analysis.simulate import SMALL, simulate_province
from vungmanh.analysis.simulate.sheets import committee_sheets, reports_of
from vungmanh.analysis.simulate.truth import TRUTH_TABLES
from vungmanh.config.commands import simulate as command
from vungmanh.core.errors import InputError
from vungmanh.outputs.tables import read_tables
from vungmanh.outputs.workbooks.read import read_workbook

LAST, COMING = date(2026, 10, 1), date(2026, 11, 1)
FACTS = ("held_on", "members", "present", "excused", "unexcused", "exempt", "duration_minutes",
         "score", "longest_carried", "admitted", "tasks_due", "tasks_on_time")  # fmt: skip


def run(out: Path, *options: str) -> Any:
    app = typer.Typer()
    app.command(help=command.HELP)(command.simulate)
    return CliRunner().invoke(app, [str(out), "--size", "small", *options])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mô phỏng") / "tỉnh"
    result = run(out)
    assert result.exit_code == 0, result.output
    return out


def test_the_folder_holds_tables_truth_and_one_workbook_per_committee(folder: Path) -> None:
    assert {f.stem for f in (folder / "tables").iterdir()} == {table.name for table in TABLES}
    assert {f.stem for f in (folder / "truth").iterdir()} == {t.name for t in TRUTH_TABLES}
    assert len(list((folder / "workbooks/2026-11").iterdir())) == 6  # 4 communes, 2 blocs
    assert len(list((folder / "workbooks/2026-10").iterdir())) == 2
    assert read_tables(folder / "tables") == simulate_province(2026, size=SMALL).tables


def test_the_filled_workbooks_read_back_as_next_month_of_the_province(folder: Path) -> None:
    province = simulate_province(2026, size=SMALL)
    wanted = {
        unit: {name: province.next_month[name][row] for name in ("state", *FACTS)}
        for row, unit in enumerate(province.next_month["unit"])
    }
    found = {}
    silent = 0
    for path in sorted((folder / "workbooks/2026-11").iterdir()):
        for row in read_workbook(path.read_bytes(), path.name).rows():
            assert row.problems == []
            assert row.month == COMING
            if row.state is None:
                silent += 1
            else:
                found[row.unit] = {"state": row.state, **row.values}
    assert set(found) == set(wanted)
    assert silent + len(found) == SMALL.cells
    for unit, values in wanted.items():
        said = {name: value for name, value in values.items() if value is not None}
        assert {name: found[unit].get(name) for name in said} == said


def test_a_cell_without_report_stands_in_its_sheet_with_nothing_said() -> None:
    province = simulate_province(2026, size=SMALL)
    lines = [line for sheet in committee_sheets(province, COMING) for line in sheet.lines]
    reported = set(reports_of(province, COMING)["unit"])
    assert len(lines) == SMALL.cells
    assert {line.unit for line in lines if line.values} == reported
    assert 0 < len(reported) < len(lines)


def test_the_roll_up_names_the_cells_of_its_committee(folder: Path) -> None:
    province = simulate_province(2026, size=SMALL)
    communes = [sheet for sheet in committee_sheets(province, LAST) if sheet.is_commune]
    files = sorted((folder / "workbooks/2026-10").iterdir())
    for path, sheet in zip(files, communes[: len(files)], strict=True):
        read = read_workbook(path.read_bytes(), path.name)
        assert read.layout == "rollup"
        labels = {row.label for row in read.rows() if row.is_sure}
        assert labels == {line.name for line in sheet.lines}


def test_sheets_follow_the_structure_of_their_month() -> None:
    province = simulate_province(2026, size=SMALL)
    before = {sheet.committee for sheet in committee_sheets(province, date(2025, 6, 1))}
    after = {sheet.committee for sheet in committee_sheets(province, date(2025, 7, 1))}
    assert {"Đảng bộ huyện Mẫu Đông", "Đảng bộ huyện Mẫu Nam"} <= before
    assert not {"Đảng bộ huyện Mẫu Đông", "Đảng bộ huyện Mẫu Nam"} & after


def test_every_file_is_the_same_the_second_time(folder: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "again").exit_code == 0

    def prints(root: Path) -> dict[str, str]:
        return {
            str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest()
            for f in root.rglob("*")
            if f.is_file()
        }

    assert prints(tmp_path / "again") == prints(folder)


def test_without_workbooks_there_is_no_folder_of_them(tmp_path: Path) -> None:
    result = run(tmp_path / "out", "--no-workbooks", "--seed", "4", "--last-month", "2026-06")
    assert result.exit_code == 0
    assert not (tmp_path / "out/workbooks").exists()
    months = read_tables(tmp_path / "out/tables")["meeting_reports"]["month"]
    assert max(months) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--first-month", "2025-13"), "month"),
        (("--first-month", "2026-05", "--last-month", "2026-04"), "last_month"),
        (("--first-month", "2026-11"), "last_month"),
        (("--first-month", "2013-12"), "first_month"),
    ],
)
def test_months_that_cannot_be_are_refused(
    tmp_path: Path, options: tuple[str, ...], field: str
) -> None:
    result = run(tmp_path / "out", *options)
    assert isinstance(result.exception, InputError)
    assert result.exception.field == field
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("của người khác", encoding="utf-8")
    for out in (tmp_path, tmp_path / "note.txt"):
        result = run(out)
        assert isinstance(result.exception, InputError)
        assert result.exception.field == "out"
    assert [f.name for f in tmp_path.iterdir()] == ["note.txt"]
