"""Records of an Excel 97 workbook that decide whether it may be laid out."""

from __future__ import annotations

import struct

import pytest

from vungmanh.core.errors import InputError
from vungmanh.outputs.workbooks.old_excel import _scan


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def numbers(row: int, first: int, last: int) -> bytes:
    """One MULRK record: numbers in the columns `first` to `last`."""
    cells = bytes(6 * (last - first + 1))
    return record(0xBD, struct.pack("<HH", row, first) + cells + struct.pack("<H", last))


def test_numbers_written_side_by_side_count_towards_the_size_of_a_sheet() -> None:
    with pytest.raises(InputError) as refused:
        _scan(numbers(0, 0, 1) + numbers(65_535, 0, 255))
    assert refused.value.code == "workbook-too-large"
    assert _scan(numbers(0, 0, 1) + numbers(100, 0, 255)).errors == {}
