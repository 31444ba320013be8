"""`vungmanh import`: workbooks from the command line, by the same engine as the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from vungmanh.core.errors import InputError, NotAllowed
from vungmanh.core.periods import month_label
from vungmanh.core.text import number_vi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vungmanh.access.viewer import Viewer
    from vungmanh.outputs.imports.queries import FileSection, Summary
    from vungmanh.outputs.models import ImportBatch

HELP = """Nạp các tệp báo cáo tháng: xem trước, ghi vào sổ, rồi tính lại lý do và trạng thái.

Nhận bảng tổng hợp tháng đang dùng và mẫu tải từ trang Nhập (.xlsx, .xls, .ods, .csv), nhiều tệp
một lần. Tệp hỏng bị từ chối bằng một câu và không chặn tệp khác. Dòng bị từ chối được in ra kèm
tên ô; các dòng còn lại vẫn ghi. Ghi rồi vẫn hoàn tác được ở trang Nhập.

Mã thoát: 0 khi mọi tệp và mọi dòng đều được nhận, 1 khi có tệp hay dòng bị từ chối, 2 khi không
làm được.

Ví dụ:

* `vungmanh import bao-cao/*.xlsx --as vanphong --dry-run`: chỉ xem, không ghi
* `vungmanh import bao-cao/ --as chuyenvien`: mọi tệp trong thư mục, ghi vào sổ
"""

SHOWN_REFUSALS = 40
SUFFIXES = {".xlsx", ".xls", ".ods", ".csv"}


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="TỆP...", help="Các tệp, hoặc thư mục chứa tệp.")
    ],
    *,
    as_user: Annotated[
        str, typer.Option("--as", metavar="TÊN", help="Nạp với quyền của tài khoản này.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì vào sổ.")
    ] = False,
) -> None:
    from vungmanh.config.database import open_database

    paths = paths_of(files)
    console = Console()
    with open_database():
        refused = import_paths(console, paths, as_user, dry_run=dry_run)
    raise typer.Exit(1 if refused else 0)


def paths_of(files: Sequence[Path]) -> list[Path]:
    """The files named, folders opened one level. Raises InputError for what is not there."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(
                one
                for one in path.iterdir()
                if one.suffix.lower() in SUFFIXES and not one.name.startswith(("~$", "."))
            )
        elif path.is_file():
            found.append(path)
        else:
            raise InputError(f"Không thấy tệp {path}. Kiểm tra lại tên và thư mục.", field="files")
    if not found:
        raise InputError(
            "Thư mục không có tệp báo cáo nào (.xlsx, .xls, .ods, .csv).", field="files"
        )
    return found


def import_paths(console: Console, paths: Sequence[Path], username: str, *, dry_run: bool) -> bool:
    """Preview, and unless `dry_run` write; returns whether anything was refused."""
    from django.utils import timezone

    from vungmanh.outputs.imports.actions.commit import discard_import
    from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
    from vungmanh.outputs.imports.actions.reassess import commit_and_reassess
    from vungmanh.outputs.imports.queries import file_sections, summary_of

    viewer = viewer_named(username)
    now = timezone.now()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Đọc và đối chiếu", total=len(paths))
        batch = prepare_import(
            files=[DroppedFile(path.name, path.read_bytes) for path in paths],
            by=viewer,
            at=now,
            progress=lambda name: progress.advance(task),
        )
    sections, summary = file_sections(batch), summary_of(batch)
    console.print(summary_table(sections, summary))
    _print_refusals(console, batch, sections)
    refused = bool(summary.refused) or any(one.file.refusal for one in sections)
    if dry_run or not summary.writes:
        discard_import(batch_id=batch.pk, by=viewer, at=now)
        console.print("Chỉ xem trước, chưa ghi gì." if dry_run else "Không có gì mới để ghi.")
        return refused
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Ghi vào sổ, tính lại lý do và trạng thái", total=None)
        done = commit_and_reassess(
            batch_id=batch.pk, by=viewer, at=now, progress=lambda month: progress.advance(task)
        )
    console.print(f"Đã ghi {number_vi(done.written)} báo cáo vào sổ.")
    if done.assessed:
        latest = month_label(done.assessed[-1])
        console.print(f"Đã tính lại {len(done.assessed)} kỳ, mới nhất {latest}.")
    return refused


def viewer_named(
    username: str, permission: str = "meetings.report.import",
    *, lacks: str = "không có vai trò được nhập báo cáo",
) -> Viewer:  # fmt: skip
    """The viewer of an account in whichever of its roles may import, or has that permission."""
    from django.utils import timezone

    from vungmanh.access.models import User
    from vungmanh.access.permissions import PERMISSIONS
    from vungmanh.access.viewer import viewer_for

    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise InputError(f"Không có tài khoản “{username}”. Kiểm tra lại tên sau --as.", field="as")
    day = timezone.localdate()
    for role in viewer_for(user, on=day).roles:
        if role in PERMISSIONS[permission]:
            return viewer_for(user, on=day, role=role)
    raise NotAllowed(
        f"Tài khoản “{username}” {lacks}. Chọn tài khoản của văn phòng hoặc chuyên viên."
    )


def summary_table(sections: Sequence[FileSection], summary: Summary) -> Table:
    """One line a file, and the sum below."""
    heads = ("Mới", "Thay đổi", "Như cũ", "Để trống", "Từ chối")
    table = Table(title="Kết quả đọc các tệp", title_justify="left", show_footer=len(sections) > 1)
    table.add_column("Tệp", footer=f"{len(sections)} tệp")
    counts = [_counts(summary), *(_counts(section.summary) for section in sections)]
    for place, head in enumerate(heads):
        table.add_column(head, justify="right", footer=counts[0][place])
    for section, row in zip(sections, counts[1:], strict=True):
        name = escape(section.file.name)
        if section.file.refusal:
            table.add_row(f"{name} [red]không đọc được[/]", *["" for _ in heads])
        else:
            table.add_row(name, *row)
    return table


def _counts(one: Summary) -> list[str]:
    return [number_vi(n) for n in (one.new, one.changed, one.same, one.blank, one.refused)]


def _print_refusals(console: Console, batch: ImportBatch, sections: Sequence[FileSection]) -> None:
    from vungmanh.outputs.imports.queries import lines_of
    from vungmanh.outputs.models import LineState

    for section in sections:
        if section.file.refusal:
            _say(console, f"{section.file.name}: {section.file.refusal}")
        if section.written_before:
            _say(console, f"{section.file.name}: tệp này đã được ghi trước đây.")
    lines = lines_of(batch, state=LineState.REFUSED)
    for line in lines[:SHOWN_REFUSALS]:
        _say(console, f"{line.file.name}, {line.label}: {line.reason}")
    more = lines.count() - SHOWN_REFUSALS
    if more > 0:
        _say(console, f"… và {number_vi(more)} dòng nữa; xem đủ ở trang Nhập.")


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
