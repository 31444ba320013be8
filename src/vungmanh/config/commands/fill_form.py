"""`vungmanh fill-form`: values into the cells of a supplied Excel template. Asks no database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vungmanh.core.errors import Conflict, InputError

HELP = """Điền số liệu vào mẫu Excel của cấp trên, không đổi gì khác trong mẫu.

* **tệp khai báo ô** (YAML): mỗi dòng một ô, `- {value: so_dang_vien, sheet: Biểu 1, cell: C7}`,
  hoặc theo tên đặt sẵn trong mẫu, `- {value: noi_lap, name: noi_lap}`
* **tệp giá trị** (YAML): mỗi dòng một giá trị, `so_dang_vien: 1250`; để trống là chưa rõ,
  ô giữ nguyên

Ví dụ: `vungmanh fill-form mau.xlsx --cells o.yaml --values so-lieu.yaml --out bieu.xlsx`
"""


def fill_form(
    template: Annotated[Path, typer.Argument(metavar="MẪU.xlsx", help="Mẫu của nơi ban hành.")],
    *,
    cells: Annotated[
        Path, typer.Option("--cells", metavar="TỆP.yaml", help="Giá trị nào vào ô nào.")
    ],
    values: Annotated[Path, typer.Option("--values", metavar="TỆP.yaml", help="Các giá trị.")],
    out: Annotated[Path, typer.Option("--out", metavar="TỆP.xlsx", help="Nơi ghi.")],
) -> None:
    from vungmanh.outputs.forms.fill import fill_template
    from vungmanh.outputs.forms.mapping import read_mapping, read_values

    if out.exists():
        raise Conflict(
            f"Đã có tệp {out}. Xóa tệp ấy, hoặc chọn tên khác bằng --out.", code="file-exists"
        )
    mapping = read_mapping(_text(cells))
    filled = fill_template(_bytes(template), mapping, read_values(_text(values)))
    with out.open("xb") as written:
        written.write(filled)
    Console().print(f"Đã điền: {out}", highlight=False, soft_wrap=True, markup=False)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise InputError(
            f"Không đọc được tệp {path}. Kiểm tra lại tên và quyền đọc.", code="file-unreadable"
        ) from None


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"Tệp {path} không theo bảng mã UTF-8. Lưu lại bằng UTF-8.", code="file-unreadable"
        ) from None
