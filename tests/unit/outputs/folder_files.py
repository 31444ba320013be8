"""Small folders of one's own files, for tests of reading them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from vungmanh.core.errors import InputError
from vungmanh.outputs.folders.read import read_folder

MONTHS = "unit,year,month,held\na,2020,1,có\na,2020,2,không\na,2020,3,\n"


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder with files; `cell_months="…"` becomes cell_months.csv, `__` stands for a dot."""
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = place / (name.replace("__", ".") if "__" in name else f"{name}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def refused(place: Path, **files: str | bytes) -> InputError:
    """What reading a folder with these files is refused with."""
    with pytest.raises(InputError) as caught:
        read_folder(folder(place, **files))
    return caught.value


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
