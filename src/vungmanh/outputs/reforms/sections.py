"""Tables of consequences: one shape for the page and for the workbook of a dry run."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.core.text import date_vi

Value = str | int | dt.date | None


@dataclass(frozen=True)
class Cell:
    """One value, and the unit it leads to where there is one that exists today."""

    value: Value
    unit: str = ""

    @property
    def text(self) -> str:
        if self.value is None:
            return ""
        return date_vi(self.value) if isinstance(self.value, dt.date) else str(self.value)

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int)


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Section:
    """A kind of consequence: its sentence, its headings, its rows. `key` is stable ASCII."""

    key: str
    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def head_cells(self) -> list[tuple[str, bool]]:
        """Headings, with whether the column holds numbers."""
        first = self.rows[0] if self.rows else ()
        return [
            (head, place < len(first) and first[place].is_number)
            for place, head in enumerate(self.heads)
        ]

    def labelled(self, row: Sequence[Cell]) -> list[tuple[str, Cell]]:
        return list(zip(self.heads, row, strict=True))


def sections_workbook(title: str, about: Sequence[str], sections: Sequence[Section]) -> bytes:
    """An xlsx: a sheet that says what it is, then one sheet a section."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        first = book.add_worksheet("Hệ quả")
        first.set_column(0, 0, 100)
        first.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        lines = [*about, *(f"{one.title}: {one.sentence}" for one in sections)]
        for line, text in enumerate(lines, start=1):
            first.write_string(line, 0, text, plain)
        for section in sections:
            sheet = book.add_worksheet(section.title[:31])
            sheet.write_string(0, 0, section.sentence, bold)
            for place, head in enumerate(section.heads):
                sheet.set_column(place, place, 44 if place == 0 else 24)
                sheet.write_string(2, place, head, bold)
            for line, row in enumerate(section.rows, start=3):
                for place, cell in enumerate(row):
                    if isinstance(cell.value, dt.date):
                        sheet.write_datetime(line, place, cell.value, day)
                    elif isinstance(cell.value, int):
                        sheet.write_number(line, place, cell.value, plain)
                    else:
                        sheet.write_string(line, place, cell.text, plain)
            sheet.freeze_panes(3, 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(2)
    return target.getvalue()
