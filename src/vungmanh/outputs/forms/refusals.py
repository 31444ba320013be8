"""Why a form is not filled: one coded sentence that names the sheet, the cell and what to do."""

from __future__ import annotations

from vungmanh.core.errors import InputError


def refused(code: str, message: str, place: str = "") -> InputError:
    """A form that is not filled; nothing of it was written."""
    return InputError(message, field="file", place=place, code=f"form-{code}")


def place_of(sheet: str, cell: str) -> str:
    """Where it stands, for a reader: "ô B5, trang Biểu 1"."""
    return f"ô {cell}, trang {sheet}"
