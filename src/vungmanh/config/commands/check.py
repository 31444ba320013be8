"""`vungmanh check`: is this installation sound? One line per question, all of them asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from vungmanh.core.periods import month_label, month_slug, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Severity

if TYPE_CHECKING:
    import datetime as dt

    from vungmanh.strengthening.models import AssessmentRun

HELP = """Kiểm tra cấu hình, cơ sở dữ liệu, các bảng, căn cứ, ổ đĩa và chính các số liệu.

In đủ mọi mục, kể cả khi có mục hỏng; mã thoát 1 nếu có mục hỏng hoặc có phát hiện nghiêm trọng
về số liệu chưa ai chấp nhận. Từng phát hiện ở đâu, sửa thế nào: trang Kiểm tra số liệu.

Với `--recompute`: tính lại từng lần nhận diện chỉ từ số liệu đã giữ cùng nó, và so từng ô với kết
quả đang lưu. Không ghi gì.

Ví dụ:

* `vungmanh check`
* `vungmanh check --recompute`: so lại mọi lần nhận diện
* `vungmanh check --recompute --month 2026-10`: chỉ so một tháng
* `VUNGMANH_DATABASE_URL=postgresql://... vungmanh check`
"""

MINIMUM_FREE_MB = 500

#: A question gives what is wrong, one sentence each; nothing when all is well.
Question = Callable[[], list[str]]


def check(
    recompute: Annotated[
        bool, typer.Option("--recompute", help="So kết quả đang lưu với kết quả tính lại.")
    ] = False,
    month: Annotated[
        list[str] | None,
        typer.Option(metavar="NĂM-THÁNG", help="Chỉ so tháng này; lặp lại được."),
    ] = None,
) -> None:
    from vungmanh.config.database import open_database

    console = Console()
    months = sorted({parse_month(one) for one in month or []})
    questions = list(QUESTIONS)
    if recompute or months:
        questions.append((RECOMPUTED, partial(results_can_be_recomputed, months)))
    with open_database(migrated=False):
        wrong = sum(_ask(console, title, question) for title, question in questions)
        for sentence in [] if tables_are_current() else findings_of(*LESSER):
            console.print(f"  {sentence}", highlight=False, soft_wrap=True, markup=False)
    if wrong:
        console.print(f"\n[red]{wrong} mục cần sửa.[/]")
        raise typer.Exit(1)
    console.print("\n[green]Mọi mục đều tốt.[/]")


def _ask(console: Console, title: str, question: Question) -> int:
    found = question()
    console.print(f"[red]✗[/] {title}" if found else f"[green]✓[/] {title}", highlight=False)
    for sentence in found:
        console.print(f"  {sentence}", highlight=False, soft_wrap=True, markup=False)
    return bool(found)


def settings_are_sound() -> list[str]:
    from django.core import checks

    return [
        f"{message.msg} ({message.id})"
        for message in checks.run_checks()
        if message.level >= checks.WARNING and not message.is_silenced()
    ]


def database_is_recent() -> list[str]:
    from django.db import connection

    from vungmanh.config.database import MINIMUM_VERSION

    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    if version >= MINIMUM_VERSION:
        return []
    return [f"Đang là PostgreSQL {version}: hãy nâng lên bản {MINIMUM_VERSION}."]


def tables_are_current() -> list[str]:
    from vungmanh.config.database import pending_migrations

    pending = pending_migrations()
    if not pending:
        return []
    return [f"Còn {number_vi(len(pending))} thay đổi bảng chưa làm: hãy chạy vungmanh run."]


def closure_agrees_with_tree() -> list[str]:
    from vungmanh.org.queries import closure_differences

    return [] if tables_are_current() else closure_differences()


def rules_can_be_read() -> list[str]:
    from vungmanh.core.errors import VungManhError
    from vungmanh.rulebook import load_rulebook

    if tables_are_current():
        return ["Chưa đọc được quy định của tỉnh vì các bảng chưa đủ: hãy chạy vungmanh run."]
    try:
        load_rulebook()
    except VungManhError as error:
        return [error.message]
    return []


def disk_has_room() -> list[str]:
    from vungmanh.config.database import data_folder

    folder = data_folder()
    free = shutil.disk_usage(folder).free // 1_000_000
    if free >= MINIMUM_FREE_MB:
        return []
    return [f"Chỉ còn {number_vi(free)} MB ở {folder}: hãy giải phóng dung lượng."]


def data_is_sound() -> list[str]:
    """Asks every integrity check anew, and names those that found something severe."""
    from django.utils import timezone

    from vungmanh.org.actions.findings import run_checks

    if tables_are_current():
        return []
    now = timezone.now()
    run_checks(as_of=timezone.localdate(now), by=None, at=now)
    return findings_of(Severity.SEVERE)


def findings_of(*severities: Severity) -> list[str]:
    """One sentence for each check that found something nobody has accepted."""
    from django.db.models import Count

    from vungmanh.org.checks.catalogue import checks
    from vungmanh.org.models import IntegrityFinding

    waiting = IntegrityFinding.objects.filter(resolved_at=None, accepted_at=None)
    counted = dict(waiting.order_by().values_list("code").annotate(times=Count("pk")))
    return [
        f"{check.severity.label}: {check.title} ({number_vi(counted[check.code])}). {check.advice}"
        for check in checks()
        if check.severity in severities and check.code in counted
    ]


def results_can_be_recomputed(months: list[dt.date]) -> list[str]:
    """One sentence for each assessment that is not what the inputs kept with it give.

    All that are stored, or those of `months`; a month without one is said as well.
    """
    from vungmanh.strengthening.models import AssessmentRun

    if tables_are_current():
        return []
    runs = AssessmentRun.objects.order_by("month")
    if months:
        runs = runs.filter(month__in=months)
    found = {run.month: _difference(run) for run in runs.iterator(chunk_size=1)}
    missing = [
        f"Chưa nhận diện {month_label(month)}: chạy vungmanh assess --month {month_slug(month)}."
        for month in months
        if month not in found
    ]
    return missing + [sentence for sentence in found.values() if sentence]


def _difference(run: AssessmentRun) -> str:
    import vungmanh
    from vungmanh.core.errors import NotNow
    from vungmanh.strengthening.recompute import recompute

    try:
        anew = recompute(run)
    except NotNow as error:
        return error.message
    label, again = month_label(run.month).capitalize(), f"vungmanh assess --month {run}"
    if anew.is_equal:
        return ""
    if not anew.inputs_hold:
        return (
            f"{label}: số liệu đã giữ không còn đúng như lúc tính. Lấy lại từ bản sao lưu, hoặc "
            f"tính lại bằng {again}."
        )
    other = "" if anew.same_code else (
        f" Lần ấy do bản {run.code_version} tính, bản đang chạy là {vungmanh.__version__}: "
        "chênh lệch có thể do đổi bản."
    )  # fmt: skip
    if not anew.differing:
        return f"{label}: mã kiểm của kết quả không khớp.{other} Tính lại bằng {again}."
    first = anew.differences[0]
    return (
        f"{label}: kết quả của {number_vi(anew.differing)} đơn vị không như tính lại từ số liệu đã "
        f"giữ; trước hết là {first.name}, cột {first.column}: đang lưu {first.stored!r}, tính lại "
        f"ra {first.recomputed!r}.{other} Tìm xem ai đã sửa, rồi tính lại bằng {again}."
    )


RECOMPUTED = "Kết quả nhận diện tính lại được từ số liệu đã giữ"
LESSER = (Severity.WARNING, Severity.NOTE)

QUESTIONS: tuple[tuple[str, Question], ...] = (
    ("Cấu hình", settings_are_sound),
    ("Bản PostgreSQL", database_is_recent),
    ("Các bảng dữ liệu", tables_are_current),
    ("Cây tổ chức khớp với quan hệ cấp trên", closure_agrees_with_tree),
    ("Căn cứ đọc được", rules_can_be_read),
    ("Số liệu không có phát hiện nghiêm trọng", data_is_sound),
    ("Ổ đĩa còn chỗ", disk_has_room),
)
