"""A first pass over an .xls file (Excel 97–2003): failed formulas and protection.

calamine reads these files but gives failed formulas as empty cells. The format is a small file
system (OLE) holding one stream of records; only the few records that matter here are looked at.
Formats: [MS-CFB] §2 and [MS-XLS] §2.4, published by Microsoft.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from vungmanh.outputs.workbooks.cells import FormulaError
from vungmanh.outputs.workbooks.guard import broken, refusal
from vungmanh.outputs.workbooks.scan import Errors, Extent, Scan

_END = 0xFFFFFFFA  # sector numbers from here up are marks, not sectors
_BOUNDSHEET, _FILEPASS, _BOF, _FORMULA, _BOOLERR = 0x85, 0x2F, 0x809, 0x06, 0x205
_FILLED = {0x06, 0x205, 0x203, 0x27E, 0xFD, 0x204, 0xD6}  # records that fill one cell
_MULTIPLE = 0xBD  # several numbers side by side: the last column stands at the end
_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan_old_excel(data: bytes) -> Scan:
    """Failed formulas by sheet. Raises InputError when broken, protected or too large."""
    try:
        return _scan(_workbook_stream(data))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        raise broken() from None


def _scan(stream: bytes) -> Scan:
    scan = Scan()
    names: dict[int, str] = {}  # where a sheet's records start → its name
    errors: Errors = {}
    extent = Extent()
    for position, kind, body in _records(stream):
        if kind == _FILEPASS:
            raise refusal(
                "protected",
                "Tệp đặt mật khẩu nên không đọc được: mở bằng Excel, bỏ mật khẩu, lưu lại rồi "
                "nạp lại.",
            )
        if kind == _BOUNDSHEET:
            names[struct.unpack_from("<I", body)[0]] = _short_string(body[6:])
        elif kind == _BOF and position in names:
            errors, extent = {}, extent.next_sheet()
            scan.errors[names[position]] = errors
        elif kind == _MULTIPLE:
            row, first, last = *struct.unpack_from("<HH", body), struct.unpack("<H", body[-2:])[0]
            extent.add(row, first, columns=last - first + 1)
        elif kind in _FILLED:
            row, column = struct.unpack_from("<HH", body)
            extent.add(row, column)
            if (code := _error_code(kind, body)) is not None:
                errors[row, column] = FormulaError(_NAMES.get(code, ""))
    return scan


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and body[7] == 1:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4 : position + 4 + size]
        position += 4 + size


def _short_string(body: bytes) -> str:
    length, wide = body[0], body[1] & 1
    return (
        body[2 : 2 + length * 2].decode("utf-16-le")
        if wide
        else body[2 : 2 + length].decode("latin-1")
    )


def _workbook_stream(data: bytes) -> bytes:
    """The "Workbook" stream of the OLE file system."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in {512, 4096}:
        raise ValueError("sector size")
    body = data[sector:]
    table = _allocation_table(data, sector)
    directory_at, mini_limit, mini_table_at = (
        struct.unpack_from("<I", data, offset)[0] for offset in (48, 56, 60)
    )
    directory = _chain(body, sector, table, directory_at)
    for offset in range(128, len(directory) - 127, 128):
        entry = directory[offset : offset + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name not in {"Workbook", "Book"}:
            continue
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= mini_limit:
            return _chain(body, sector, table, start)[:size]
        # Small streams live in 64-byte sectors inside the stream of the root entry.
        small = _chain(body, sector, table, struct.unpack_from("<I", directory, 116)[0])
        small_table = _numbers(_chain(body, sector, table, mini_table_at))
        return _chain(small, 64, small_table, start)[:size]
    raise ValueError("no workbook stream")


def _allocation_table(data: bytes, sector: int) -> list[int]:
    """Which sector follows which."""
    where = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    while following < _END:
        if following in seen:
            raise ValueError("circular table")
        seen.add(following)
        block = struct.unpack_from(f"<{sector // 4}I", data, (following + 1) * sector)
        where += block[:-1]
        following = block[-1]
    table: list[int] = []
    for number in where:
        if number < _END:
            table += _numbers(data[(number + 1) * sector : (number + 2) * sector])
    return table


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chain(body: bytes, sector: int, table: list[int], start: int) -> bytes:
    """The bytes of the sectors that follow one another from `start`."""
    pieces: list[bytes] = []
    number = start
    while number < _END:
        if len(pieces) > len(table):
            raise ValueError("circular chain")
        pieces.append(body[number * sector : (number + 1) * sector])
        number = table[number]
    return b"".join(pieces)
