"""May a cell of a template be filled? Everything that would break the template is refused here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.outputs.forms.addresses import Area, Cell
from vungmanh.outputs.forms.book import Book, Format
from vungmanh.outputs.forms.refusals import place_of, refused
from vungmanh.outputs.forms.sheet import Sheet, stored, style_of
from vungmanh.outputs.forms.values import Value


@dataclass(frozen=True)
class Fill:
    """One value and the cell it goes into."""

    sheet: str
    area: Area
    value: Value
    into_empty: bool = False

    @property
    def cell(self) -> Cell:
        return self.area.first

    @property
    def place(self) -> str:
        return place_of(self.sheet, self.cell.address)


def check_fills(
    sheet: Sheet, book: Book, fills: Sequence[Fill], headings: Sequence[Area] = ()
) -> None:
    """Raises InputError for the first that may not. `headings`: those of the sheet's tables."""
    last_row, last_column = max(sheet.rows, default=0), sheet.last_column
    for fill in fills:
        cell = fill.cell
        _check_place(sheet, fill)  # first: a merged cell may hold nothing and lie outside
        if cell.row > last_row or cell.column > last_column:
            raise refused(
                "cell-outside",
                f"Mẫu không có {fill.place}: ô nằm ngoài phần đã kẻ. Mẫu đã đổi, hoặc địa chỉ "
                "trong tệp khai báo ô sai.",
                fill.place,
            )
        _check_contents(sheet, book, fill)
        if any(cell in area for area in headings):
            raise refused(
                "heading",
                f"{fill.place} là đầu cột của một bảng trong mẫu; đổi chữ ở đó thì Excel báo tệp "
                "hỏng. Điền vào các dòng bên dưới.",
                fill.place,
            )


def check_limits(sheet: Sheet, fill: Fill) -> None:
    """Raises InputError for a value that the template's own rules keep out of the cell."""
    for limit in sheet.limits:
        if fill.cell in limit and (said := limit.broken_by(fill.value)):
            raise refused(
                "limit",
                f"Mẫu chỉ nhận ở {fill.place} {said}; số liệu định điền là “{fill.value}”. "
                "Kiểm tra lại số liệu, hoặc chọn ô khác.",
                fill.place,
            )


def _check_place(sheet: Sheet, fill: Fill) -> None:
    """A cell by itself, or the first of those that are one."""
    cell = fill.cell
    if fill.area.last != cell and fill.area not in sheet.merged:
        raise refused(
            "name-unclear",
            f"Tên trong mẫu chỉ nhiều ô ({cell.address}:{fill.area.last.address}, trang "
            f"{fill.sheet}), không rõ điền ô nào. Chỉ ô ấy bằng trang và địa chỉ.",
            fill.place,
        )
    for area in sheet.merged:
        if cell in area and cell != area.first:
            raise refused(
                "merged",
                f"Tại {fill.place} là phần trong của một ô gộp. Điền vào ô đầu của nó: "
                f"{area.first.address}.",
                fill.place,
            )


def _check_contents(sheet: Sheet, book: Book, fill: Fill) -> None:
    """Neither a formula nor what the template keeps locked."""
    cell, found = fill.cell, stored(sheet, fill.cell)
    if (found and found.has_formula) or any(cell in area for area in sheet.arrays):
        raise refused(
            "formula",
            f"Tại {fill.place} mẫu có công thức, không được điền đè. Điền vào các ô mà công "
            "thức ấy tính từ đó.",
            fill.place,
        )
    if fill.into_empty and found and found.has_content:
        raise refused(
            "not-empty",
            f"Tại {fill.place} mẫu đã có chữ hoặc số sẵn, không ghi đè. Xin mẫu có đủ dòng trống, "
            "hoặc chỉ ô khác.",
            fill.place,
        )
    if sheet.is_protected and format_of(sheet, book, cell).is_locked:
        raise refused(
            "protected",
            f"Trang “{fill.sheet}” của mẫu đang khóa và {fill.place} không được mở để điền. "
            "Xin bản mẫu không khóa của nơi ban hành.",
            fill.place,
        )


def format_of(sheet: Sheet, book: Book, cell: Cell) -> Format:
    """What the look of a cell means for filling it."""
    style = style_of(sheet, cell)
    return book.formats[style] if style < len(book.formats) else Format()
