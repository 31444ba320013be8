"""A kept form held against its figures: what goes where, what cannot, and the filled file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi, number_vi
from vungmanh.outputs.forms.addresses import Cell, cell_of
from vungmanh.outputs.forms.book import Book
from vungmanh.outputs.forms.fill import fill_template
from vungmanh.outputs.forms.mapping import Target
from vungmanh.outputs.forms.preview import Seen, book_of, look_over
from vungmanh.outputs.forms.refusals import refused
from vungmanh.outputs.forms.values import Value
from vungmanh.outputs.supplied.catalogue import TEXT, figure_of
from vungmanh.outputs.supplied.models import FormPurpose, SuppliedForm
from vungmanh.outputs.supplied.values import Figures

MOST_BYTES = 10_000_000
SHOWN_OF_A_COLUMN = 3
_GONE = "Chương trình không còn số liệu “%s”. Bỏ ô này rồi chọn số liệu khác."


@dataclass(frozen=True)
class CellRow:
    """One line of the map: where, what stands beside it, which figure, its value, what is wrong."""

    number: int
    sheet: str
    cell: str
    beside: str
    label: str
    value: str
    problem: str = ""


@dataclass(frozen=True)
class _Line:
    """The targets that one line of the map leads to, with their values."""

    label: str
    targets: tuple[Target, ...]
    values: dict[str, Value]
    problem: str = ""
    unknown: str = ""  # why there is no value


def sheets_of(form: SuppliedForm) -> tuple[str, ...]:
    return tuple(book_of(bytes(form.content)).sheets)


def rows_of(form: SuppliedForm, figures: Figures | None) -> list[CellRow]:
    """The map line by line; without figures only where each lies and whether it may be filled."""
    template = bytes(form.content)
    lines = _lines(form, template, figures)
    targets = [target for line in lines for target in line.targets]
    values = {name: value for line in lines for name, value in line.values.items()}
    seen = iter(look_over(template, targets, values))
    return [
        _row(number, line, [next(seen) for _target in line.targets], figures is not None)
        for number, line in enumerate(lines)
    ]


def filled(form: SuppliedForm, figures: Figures) -> bytes:
    """The file with its figures. Raises InputError naming the first cell that cannot be filled."""
    if not form.cells:
        raise refused("mapping-empty", "Mẫu chưa khai ô nào. Thêm từng ô ở trang của mẫu trước.")
    template = bytes(form.content)
    lines = _lines(form, template, figures)
    if wrong := next((row for row in rows_of(form, figures) if row.problem), None):
        raise refused("cannot-fill", wrong.problem, f"ô {wrong.cell}, trang {wrong.sheet}")
    targets = [target for line in lines for target in line.targets]
    return fill_template(
        template, targets, {name: value for line in lines for name, value in line.values.items()}
    )


def _lines(form: SuppliedForm, template: bytes, figures: Figures | None) -> list[_Line]:
    purpose, book = FormPurpose(form.purpose), book_of(template)
    return [_line(number, said, purpose, book, figures) for number, said in enumerate(form.cells)]


def _line(
    number: int, said: Mapping[str, str], purpose: FormPurpose, book: Book, figures: Figures | None
) -> _Line:
    code = said["figure"]
    figure = figure_of(purpose, code)
    label = said["text"] if code == TEXT else figure.label if figure else code
    value: Value | tuple[Value, ...] = None
    if figures is not None:
        value = said["text"] if code == TEXT else figures.get(code)
    first = Target(f"{number}", said["sheet"], said["cell"], said["name"])
    if figure is None:
        return _Line(label, (first,), {first.value: None}, _GONE % code)
    if not isinstance(value, tuple):
        why = getattr(figures, "why", {}).get(code, "") if value is None else ""
        return _Line(label, (first,), {first.value: value}, unknown=why)
    values = {f"{number}.{place}": one for place, one in enumerate(value)}
    start = _start(first, book)
    if start is None or not value:
        return _Line(label, (first,), {first.value: None})
    sheet, cell = start
    targets = tuple(
        Target(name, sheet, Cell(cell.row + place, cell.column).address, into_empty=True)
        for place, name in enumerate(values)
    )
    return _Line(label, targets, values)


def _start(target: Target, book: Book) -> tuple[str, Cell] | None:
    """Where a list begins; None where the template has no such name: that is said of the line."""
    sheet, reference = target.sheet, target.cell
    if target.name:
        try:
            sheet, reference = book.cell_named(target.name)
        except InputError:
            return None
    cell = cell_of(reference.split(":")[0])
    return (sheet, cell) if cell else None


def _row(number: int, line: _Line, seen: Sequence[Seen], is_valued: bool) -> CellRow:
    first = seen[0]
    wrong = next(((place, one) for place, one in enumerate(seen) if one.refusal), None)
    return CellRow(
        number,
        first.sheet,
        first.cell if len(seen) == 1 else f"{first.cell} đến {seen[-1].cell}",
        first.beside,
        line.label,
        _told(line) if is_valued else "",
        _problem(wrong[0], wrong[1], len(seen)) if wrong else line.problem,
    )


def _problem(place: int, seen: Seen, lines: int) -> str:
    assert seen.refusal is not None
    if place and seen.refusal.code in {"form-cell-outside", "form-not-empty"}:
        return (
            f"Danh sách có {lines} dòng nhưng mẫu chỉ còn chỗ cho {place} dòng (đến trước ô "
            f"{seen.cell}, trang {seen.sheet}). Xin mẫu có đủ dòng trống, hoặc bỏ ô này."
        )
    return seen.refusal.message


def _told(line: _Line) -> str:
    words = _words(list(line.values.values()))
    return f"{words}: {line.unknown}" if line.unknown else words


def _words(values: Sequence[Value]) -> str:
    """Values as a reader writes them; what is not known is said so."""
    shown = [_said(one) for one in values[:SHOWN_OF_A_COLUMN]]
    more = len(values) - len(shown)
    return "; ".join(shown) + (f"; … còn {number_vi(more)} dòng" if more else "")


def _said(value: Value) -> str:
    if value is None:
        return "chưa có, ô giữ nguyên"
    if isinstance(value, dt.date):
        return date_vi(value)
    if isinstance(value, bool | str):
        return str(value)
    return str(value) if isinstance(value, int) and 1900 < value < 2200 else number_vi(value)
