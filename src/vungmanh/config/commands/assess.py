"""`vungmanh assess`: where every unit stands, from the database or from one's own files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from vungmanh.core.errors import InputError
from vungmanh.core.periods import last_day, month_label, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status

if TYPE_CHECKING:
    from vungmanh.analysis.facts import FactRules
    from vungmanh.analysis.staging import Staged
    from vungmanh.analysis.standing import Standing

HELP = """Tính lý do và trạng thái của mọi chi bộ, tổ chức ở cuối một tháng.

Không có `--from`: tính từ cơ sở dữ liệu và ghi kết quả, các trang dùng ngay. Có `--from`: tính từ
các bảng Parquet của riêng mình (các cột: `vungmanh schema`), chỉ in ra, không ghi gì.

Ví dụ:

* `vungmanh assess`: tính lại tháng gần nhất đã có
* `vungmanh assess --month 2026-09 --month 2026-10`: tính lại hai tháng
* `vungmanh assess --from mau/tables --month 2026-10 --top 20`: tính từ tệp
"""


def assess(
    month: Annotated[
        list[str] | None,
        typer.Option(metavar="NĂM-THÁNG", help="Tháng cuối của kỳ; lặp lại được."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="THƯ_MỤC", help="Thư mục bảng Parquet thay cho cơ sở dữ liệu."
        ),
    ] = None,
    top: Annotated[int, typer.Option(metavar="SỐ", min=0, help="In bao nhiêu tổ chức đầu.")] = 10,
) -> None:
    console = Console()
    months = sorted({parse_month(one) for one in month or []})
    if source is None:
        _assess_database(console, months, top)
    else:
        _assess_files(console, source, months, top)


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


def _assess_files(console: Console, source: Path, months: list[dt.date], top: int) -> None:
    from vungmanh.analysis.staging import periods_back, stage
    from vungmanh.analysis.standing import stand
    from vungmanh.outputs.tables import read_tables
    from vungmanh.rulebook import load_rulebook
    from vungmanh.strengthening.rules import fact_rules, first_assessable_day

    book = load_rulebook()

    def rules_on(day: dt.date) -> FactRules:
        return fact_rules(book, day)

    with console.status("Đang đọc các bảng…"):
        tables = read_tables(source)
        reported = tables["meeting_reports"]["month"]
        if not reported:
            raise InputError(
                "Bảng meeting_reports không có dòng nào. Kiểm tra lại thư mục đã chọn.",
                place=str(source),
            )
        months = months or [max(reported)]
        staged = stage(tables, months[-1])
    for month in months:
        periods = periods_back(staged, month, rules_on, first_assessable_day(book))
        if not periods:
            raise InputError(f"Chưa có số liệu đến hết {month_label(month)}. Chọn tháng muộn hơn.")
        _cells, organisations = stand(staged.inputs, periods)
        _print_standing(console, staged, organisations, periods[-1], top)


def _print_standing(
    console: Console, staged: Staged, standing: Standing, period: object, top: int
) -> None:
    from vungmanh.analysis.facts import CODE, STATUSES, Period, heavy_columns
    from vungmanh.analysis.standing import in_order

    assert isinstance(period, Period)
    codes = standing.status[standing.places]
    counts = {status: int((codes == place).sum()) for place, status in enumerate(STATUSES)}
    _print_counts(console, period.month, counts)
    weak = [one for one in in_order(standing, period) if standing.status[one] == CODE[Status.WEAK]]
    facts, reasons = standing.judged.facts, standing.judged.reasons
    heavy = reasons[:, heavy_columns(period.rules)].sum(axis=1)
    day = last_day(period.month)
    rows = [
        (
            staged.name(one, day),
            int(facts.held[one]),
            int(facts.due[one]),
            int(heavy[one]),
            int(reasons[one].sum() - heavy[one]),
        )
        for one in weak[:top]
    ]
    _print_first(console, rows)


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
