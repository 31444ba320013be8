"""`vungmanh simulate`: an invented province as tables, truth and workbooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months, last_day, month_label, month_slug, parse_month
from vungmanh.core.text import fold, number_vi

if TYPE_CHECKING:
    from vungmanh.analysis.simulate import Province, Size
    from vungmanh.analysis.simulate.sheets import Sheet
    from vungmanh.outputs.workbooks.write import SheetRow

HELP = """Tạo một tỉnh mô phỏng: bảng số liệu, sự thật để đối chiếu, và tệp Excel để nạp thử.

Tên đơn vị, tên người và số liệu đều do máy đặt ra. Cùng một số gốc thì các tệp giống nhau đến từng
byte.

Trong thư mục ghi ra:

* `tables`: các bảng Parquet (các cột: `vungmanh schema`)
* `truth`: sự thật của tỉnh mô phỏng, để chấm phương pháp; không nạp vào chương trình
* `workbooks`: báo cáo của tháng kế tiếp, mỗi đảng ủy một tệp Excel, và hai bảng tổng hợp; khi các
  tháng có tháng 6/2025 thì thêm `sap-xep-2025.xlsx`, bảng sắp xếp kết thúc cấp huyện từ 1/7/2025

Ví dụ:

* `vungmanh simulate mau`: tỉnh đầy đủ, 3.000 chi bộ
* `vungmanh simulate mau-nho --size small --no-workbooks`: tỉnh nhỏ để thử nhanh
* `vungmanh simulate truoc --last-month 2025-06`: tỉnh ngay trước ngày kết thúc cấp huyện
* `vungmanh simulate mau-7 --seed 7 --last-month 2026-06`: một tỉnh khác, đến hết tháng 6/2026
"""

#: How many committees also send last month's roll-up in the layout offices keep by themselves.
ROLL_UPS = 2


class SizeName(StrEnum):
    PROVINCE = "province"
    SMALL = "small"


def simulate(
    out: Annotated[
        Path,
        typer.Argument(metavar="THƯ_MỤC", help="Nơi ghi ra; phải trống hoặc chưa có."),
    ],
    *,
    seed: Annotated[
        int, typer.Option(metavar="SỐ", min=0, help="Số gốc: mỗi số cho một tỉnh khác.")
    ] = 2026,
    size: Annotated[
        SizeName, typer.Option(help="Cỡ tỉnh: đầy đủ (province) hoặc nhỏ (small).")
    ] = SizeName.PROVINCE,
    first_month: Annotated[
        str | None,
        typer.Option(metavar="THÁNG", help="Tháng đầu, dạng 2014-01. Mặc định theo cỡ tỉnh."),
    ] = None,
    last_month: Annotated[
        str | None,
        typer.Option(metavar="THÁNG", help="Tháng cuối, dạng 2026-10. Mặc định: 2026-10."),
    ] = None,
    workbooks: Annotated[
        bool, typer.Option("--workbooks/--no-workbooks", help="Có ghi tệp Excel hay không.")
    ] = True,
) -> None:
    from vungmanh.analysis.simulate import PROVINCE, SMALL

    plan = PROVINCE if size is SizeName.PROVINCE else SMALL
    months = _months(plan, first_month, last_month)
    _refuse_full_folder(out)
    console = Console()
    try:
        with Progress(console=console, transient=True) as progress:
            written = write_simulation(
                out,
                seed=seed,
                size=plan,
                months=months,
                workbooks=workbooks,
                progress=progress,
            )
    except OSError as error:
        raise InputError(
            f"Không ghi được vào {out}. Hãy kiểm tra quyền ghi và chỗ trống của ổ đĩa.",
            field="out",
            code="cannot-write",
        ) from error
    console.print(_summary(written, out))


def write_simulation(
    out: Path,
    *,
    seed: int,
    size: Size,
    months: tuple[date, date],
    workbooks: bool,
    progress: Progress,
) -> dict[str, int]:
    """Write everything below `out`; returns rows by table and files by folder of workbooks."""
    from vungmanh.analysis.simulate import simulate_province
    from vungmanh.analysis.simulate.truth import TRUTH_TABLES
    from vungmanh.outputs.tables import write_tables

    task = progress.add_task("Tạo tỉnh mô phỏng", total=3)
    province = simulate_province(seed, size=size, first_month=months[0], last_month=months[1])
    progress.advance(task)
    written = write_tables(out / "tables", province.tables)
    progress.advance(task)
    truth = write_tables(out / "truth", province.truth, TRUTH_TABLES)
    progress.advance(task)
    written |= {f"truth/{name}": rows for name, rows in truth.items()}
    if workbooks:
        written |= _write_workbooks(out / "workbooks", province, progress)
        written |= _write_reform(out / "workbooks", province, seed, size)
    return written


def _months(size: Size, first: str | None, last: str | None) -> tuple[date, date]:
    from vungmanh.analysis.simulate import EARLIEST_MONTH, LAST_MONTH

    start = size.first_month if first is None else parse_month(first)
    end = LAST_MONTH if last is None else parse_month(last)
    if start < EARLIEST_MONTH:
        raise InputError(
            f"Tỉnh mô phỏng bắt đầu từ {month_label(EARLIEST_MONTH)}. Hãy đổi --first-month.",
            field="first_month",
        )
    if end < start:
        raise InputError(
            f"Tháng cuối ({month_label(end)}) đứng trước tháng đầu ({month_label(start)}). "
            "Hãy đổi --first-month hoặc --last-month.",
            field="last_month",
        )
    return start, end


def _refuse_full_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError(
            f"{out} là một tệp, không phải thư mục. Hãy chọn một thư mục để ghi.", field="out"
        )
    if out.exists() and any(out.iterdir()):
        raise InputError(
            f"Thư mục {out} không trống. Hãy chọn một thư mục trống hoặc chưa có.",
            field="out",
            code="folder-not-empty",
        )


def _write_workbooks(folder: Path, province: Province, progress: Progress) -> dict[str, int]:
    """Next month of every committee, pre-addressed; last month of two, as a roll-up."""
    from vungmanh.analysis.simulate.sheets import committee_sheets
    from vungmanh.outputs.workbooks.write import write_filled_workbook
    from vungmanh.outputs.workbooks.write_rollup import write_rollup_workbook

    last, coming = province.last_month, add_months(province.last_month, 1)
    filled = committee_sheets(province, coming)
    rolled = [sheet for sheet in committee_sheets(province, last) if sheet.is_commune][:ROLL_UPS]
    task = progress.add_task("Ghi tệp Excel", total=len(filled) + len(rolled))
    bands = _bands(last)
    places = {month: folder / month_slug(month) for month in (last, coming)}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(filled, start=1):
        path = places[coming] / _file_name(number, sheet.committee)
        write_filled_workbook(path, sheet.committee, coming, _sheet_rows(sheet))
        progress.advance(task)
    for number, sheet in enumerate(rolled, start=1):
        path = places[last] / _file_name(number, f"tong hop {sheet.committee}")
        write_rollup_workbook(path, sheet.committee, last, _sheet_rows(sheet), bands=bands)
        progress.advance(task)
    return {
        f"workbooks/{month_slug(coming)}": len(filled),
        f"workbooks/{month_slug(last)}": len(rolled),
    }


def _write_reform(folder: Path, province: Province, seed: int, size: Size) -> dict[str, int]:
    """The reform of 2025 as a workbook of steps, where the months reach its eve."""
    from vungmanh.analysis.simulate.reform import BEFORE_REFORM
    from vungmanh.config.database import start_django
    from vungmanh.config.reform_of_2025 import FILE_NAME, write_reform_of_2025

    if not province.first_month <= BEFORE_REFORM <= province.last_month:
        return {}
    start_django()
    steps = write_reform_of_2025(folder / FILE_NAME, province, seed, size)
    return {f"workbooks/{FILE_NAME}": steps}


def _sheet_rows(sheet: Sheet) -> list[SheetRow]:
    from vungmanh.outputs.workbooks.write import SheetRow

    return [SheetRow(line.unit, line.name, line.organisation, line.values) for line in sheet.lines]


def _bands(month: date) -> Callable[[float], str] | None:
    """The mark of a score by the national frame of that month; None before there was one."""
    from vungmanh.rulebook import shipped_rulebook
    from vungmanh.rulebook.errors import RulebookError

    try:
        grades = shipped_rulebook().on(last_day(month)).value("meeting_grades")
    except RulebookError:
        return None
    bands = sorted(grades.bands, key=lambda band: band.from_score, reverse=True)
    return lambda score: next(band.code for band in bands if score >= band.from_score)


def _file_name(number: int, title: str) -> str:
    return f"{number:02d}-{'-'.join(fold(title).split())}.xlsx"


def _summary(written: dict[str, int], out: Path) -> Table:
    table = Table(title=f"Đã ghi vào {out}", title_justify="left")
    table.add_column("Nơi ghi")
    table.add_column("Số dòng hoặc số tệp", justify="right")
    for name, count in written.items():
        table.add_row(name if "/" in name else f"tables/{name}", number_vi(count))
    return table
