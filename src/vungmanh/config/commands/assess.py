"""`vungmanh assess`: where every unit stands, from the database or from one's own files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_label, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status

HELP = """Tính lý do, xác suất và trạng thái của mọi chi bộ, tổ chức.

Không có thư mục: tính từ cơ sở dữ liệu ở cuối một tháng và ghi kết quả, các trang dùng ngay. Có
thư mục: tính từ các bảng CSV, Parquet, Excel của riêng mình (các cột: `vungmanh schema`; chỉ
cần đơn vị, năm, tháng, đã họp), ghi kết quả thành CSV, Parquet, Excel và một bản báo cáo có hình;
không đụng đến cơ sở dữ liệu.

Ví dụ:

* `vungmanh assess`: tính lại tháng gần nhất đã có
* `vungmanh assess --month 2026-09 --month 2026-10`: tính lại hai tháng
* `vungmanh assess so-lieu --year 2020 --out ket-qua`: tính từ tệp của mình
* `vungmanh assess mau --year 2024 --year 2025 --out ket-qua`: tỉnh do `vungmanh simulate mau` tạo
"""


def assess(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[THƯ_MỤC]", help="Số liệu của riêng mình, thay cơ sở dữ liệu."),
    ] = None,
    *,
    year: Annotated[
        list[int] | None,
        typer.Option(metavar="NĂM", help="Năm cần tính, khi tính từ thư mục; lặp lại được."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="THƯ_MỤC", help="Nơi ghi kết quả tính từ thư mục.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Tệp nói cột nào là cột nào, thay columns.yaml."),
    ] = None,
    month: Annotated[
        list[str] | None,
        typer.Option(metavar="NĂM-THÁNG", help="Tháng cuối của kỳ; lặp lại được."),
    ] = None,
    top: Annotated[int, typer.Option(metavar="SỐ", min=0, help="In bao nhiêu tổ chức đầu.")] = 10,
) -> None:
    console = Console()
    if folder is None:
        _refuse_options_of_files(year, out, mapping)
        _assess_database(console, sorted({parse_month(one) for one in month or []}), top)
        return
    if month:
        raise InputError(
            "Số liệu từ thư mục được tính theo năm: dùng --year thay cho --month.", field="month"
        )
    if out is None:
        raise InputError(
            "Chưa chọn nơi ghi kết quả. Thêm --out THƯ_MỤC, ví dụ --out ket-qua.", field="out"
        )
    from vungmanh.config.commands.assess_files import assess_folder

    assess_folder(console, folder, years=year or [], out=out, mapping=mapping)


def _refuse_options_of_files(
    year: list[int] | None, out: Path | None, mapping: Path | None
) -> None:
    given = [
        name for name, value in (("--year", year), ("--out", out), ("--mapping", mapping)) if value
    ]
    if given:
        raise InputError(
            f"{', '.join(given)} chỉ dùng khi tính từ thư mục số liệu: "
            "`vungmanh assess THƯ_MỤC --year 2020 --out ket-qua`.",
            field=given[0].removeprefix("--"),
        )


def _assess_database(console: Console, months: list[dt.date], top: int) -> None:
    from vungmanh.config.database import open_database

    with open_database(migrated=True):
        from django.utils import timezone

        from vungmanh.strengthening.actions.assess import assess_months
        from vungmanh.strengthening.models import Assessment, AssessmentRun

        if not months:
            latest = AssessmentRun.objects.order_by("month").last()
            months = [latest.month if latest else _last_reported()]
        with console.status("Đang tính…"):
            runs = assess_months(months=months, by=None, at=timezone.now())
        for run in runs:
            rows = Assessment.objects.filter(run=run, organisation_position__isnull=False)
            counts = {status: rows.filter(status=status).count() for status in Status}
            _print_counts(console, run.month, counts)
        first = rows.filter(status=Status.WEAK).order_by("organisation_position")[:top]
        _print_first(
            console, [(one.name, one.held, one.due, one.heavy, one.light) for one in first]
        )


def _last_reported() -> dt.date:
    from vungmanh.meetings.models import MeetingReport

    last = MeetingReport.objects.order_by("month").last()
    if last is None:
        raise InputError("Chưa có báo cáo nào. Nhập báo cáo trước: `vungmanh import --help`.")
    return last.month


def _print_counts(console: Console, month: dt.date, counts: dict[Status, int]) -> None:
    parts = ", ".join(
        f"{status.label.lower()} {number_vi(count)}" for status, count in counts.items() if count
    )
    whole = number_vi(sum(counts.values()))
    console.print(
        f"[bold]Đến hết {month_label(month)}[/]: {whole} tổ chức: {parts}.", highlight=False
    )


def _print_first(console: Console, rows: list[tuple[str, int, int, int, int]]) -> None:
    if not rows:
        return
    table = Table(title="Cần củng cố, theo thứ tự làm việc", title_justify="left")
    for heading in ("", "Tổ chức", "Đã họp", "Lý do nặng", "Lý do nhẹ"):
        table.add_column(heading, justify="left" if heading == "Tổ chức" else "right")
    for place, (name, held, due, heavy, light) in enumerate(rows, start=1):
        table.add_row(str(place), name, f"{held}/{due}", str(heavy), str(light))
    console.print(table)
