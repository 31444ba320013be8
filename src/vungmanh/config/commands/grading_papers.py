"""`vungmanh grading-papers`: every dossier of a year as a file, as its reader may see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.text import fold, number_vi

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from vungmanh.access.viewer import Viewer
    from vungmanh.evaluation.models import Cycle

HELP = """Ghi hồ sơ xếp loại năm của mọi tổ chức thành tệp Word, mỗi kỳ xếp loại một thư mục con.

Nội dung đúng như tải từng hồ sơ ở trang, theo quyền của tài khoản ghi sau --as: văn phòng ghi kỳ
của cấp mình, chuyên viên ghi mọi kỳ. Không bao giờ để lại tệp dở dang. Chạy lại thì tệp không có gì
mới được giữ nguyên; dừng giữa chừng thì chạy lại. Tiến độ in ra luồng lỗi (stderr).

Ví dụ:

* `vungmanh grading-papers --year 2025 --as chuyenvien --out ho-so`: mọi kỳ của năm 2025
* `vungmanh grading-papers --year 2025 --as vanphong --out ho-so --notices`: kèm thông báo kết quả
* `vungmanh grading-papers --year 2025 --as chuyenvien --out ho-so --committee "Đảng bộ xã Tân Mẫu"`
* thêm `--pdf` để ghi PDF thay cho Word (chậm hơn nhiều)
"""
SEE = "evaluation.moderation.view"
SHOWN = 10  # names of committees in a refusal


def grading_papers(
    *,
    year: Annotated[int, typer.Option("--year", metavar="NĂM", help="Năm xếp loại.")],
    out: Annotated[Path, typer.Option("--out", metavar="THƯ_MỤC", help="Nơi ghi các tệp.")],
    as_user: Annotated[
        str, typer.Option("--as", metavar="TÊN", help="Đọc với quyền của tài khoản này.")
    ],
    committee: Annotated[
        str, typer.Option("--committee", metavar="TÊN", help="Chỉ kỳ của cấp này (tên hoặc mã kỳ).")
    ] = "",
    notices: Annotated[
        bool, typer.Option("--notices", help="Ghi thêm thông báo kết quả của từng nơi.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Ghi PDF thay cho Word.")] = False,
) -> None:
    from vungmanh.config.database import open_database

    with open_database():
        from django.utils import timezone

        viewer = viewer_of(as_user)
        cycles = cycles_of(viewer, year, committee)
        written, same = write_papers(
            Console(stderr=True), cycles, viewer, out, notices=notices, pdf=pdf, at=timezone.now()
        )
    said = f"Đã ghi {number_vi(written)} tệp vào {out}"
    if same:
        said += f"; {number_vi(same)} tệp đã có, không có gì mới"
    Console().print(f"{said}.", highlight=False, markup=False, soft_wrap=True)


def viewer_of(username: str) -> Viewer:
    """The account in whichever of its roles reads whole cycles."""
    from vungmanh.config.commands.import_ import viewer_named

    return viewer_named(username, SEE, lacks="không có vai trò được xem cả kỳ xếp loại")


def cycles_of(viewer: Viewer, year: int, committee: str = "") -> list[Cycle]:
    """The cycles of a year that the viewer reads as a whole. Raises NotFound, InputError."""
    from vungmanh.evaluation.reads import cycles_visible
    from vungmanh.evaluation.sides import reads_whole

    found = [
        one
        for one in cycles_visible(viewer).filter(year=year).order_by("name", "pk")
        if reads_whole(viewer, one)
    ]
    if not found:
        raise NotFound(
            f"Năm {year} không có kỳ xếp loại nào mà tài khoản này được xem cả kỳ. Xem các năm có "
            "kỳ ở trang Xếp loại năm.",
            code="no-cycle",
        )
    return [_named(found, committee)] if committee else found


def write_papers(
    console: Console, cycles: Sequence[Cycle], viewer: Viewer, out: Path,
    *, notices: bool, pdf: bool, at: dt.datetime,
) -> tuple[int, int]:  # fmt: skip
    """Every file of the cycles; how many were written, and how many stood there unchanged."""
    from vungmanh.config.steps import counted
    from vungmanh.org.own_rules import steady
    from vungmanh.outputs.gradings import folder
    from vungmanh.outputs.papers.pdf import as_pdf
    from vungmanh.outputs.papers.word import as_word

    folder.ready_folder(out)
    draw, ending = (as_pdf, "pdf") if pdf else (as_word, "docx")
    names, written, same = folder.folder_names(cycles), 0, 0
    lists = [folder.dossiers_of(one, viewer) for one in cycles]
    total = sum(len(one) for one in lists) * (2 if notices else 1)
    with steady(), counted(console, "Ghi hồ sơ xếp loại", total) as advance:
        for cycle, dossiers in zip(cycles, lists, strict=True):
            into = folder.ready_folder(out / names[cycle.pk])
            files = folder.files_of(dossiers, notices=notices, ending=ending)
            for file, data in folder.made(dossiers, files, viewer, at=at, draw=draw):
                is_new = folder.write_file(into / file.name, data)
                written, same = written + is_new, same + (not is_new)
                advance()
    return written, same


def _named(cycles: Sequence[Cycle], committee: str) -> Cycle:
    key = fold(committee).strip()
    found = [one for one in cycles if fold(one.name) == key or str(one.pk) == committee]
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(str(one.pk) for one in found)
        raise InputError(
            f"Có {len(found)} kỳ của nơi tên “{committee}”. Ghi mã kỳ thay cho tên: {codes}.",
            field="committee",
            code="committee-ambiguous",
        )
    names = "; ".join(one.name for one in cycles[:SHOWN])
    more = f"; … và {len(cycles) - SHOWN} nơi nữa" if len(cycles) > SHOWN else ""
    raise NotFound(
        f"Năm {cycles[0].year} không có kỳ của nơi tên “{committee}”. Có kỳ của: {names}{more}.",
        code="no-cycle",
    )
