"""Which heading is which column: leniently by words, or exactly by the folder's `columns.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vungmanh.analysis.layout import BY_NAME, OPEN_TABLES, OpenTable
from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc, same_words_key
from vungmanh.outputs.folders.problems import Problems

MAPPING_NAME = "columns.yaml"
FILE = "file"  # the one key of a table in the mapping that is no column

#: table → column (or FILE) → the heading (or file name) as it stands in one's own files.
Mapping_ = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Matched:
    """`places`: the position of each column found. `unused`: headings that mean nothing to us."""

    places: dict[str, int]
    unused: list[str]


@cache
def headings_of(table: OpenTable) -> dict[str, str]:
    """Every heading understood for a table, as a key, and its column."""
    found: dict[str, str] = {}
    for column in table.columns:
        for heading in (column.name, *column.also):
            key = heading_key(heading)
            if found.setdefault(key, column.name) != column.name:
                raise ValueError(f"{table.name}: two columns claim the heading {heading!r}")
    return found


def heading_key(heading: str) -> str:
    """Equal for headings of the same words; what stands in brackets is a remark."""
    plain = heading.split("(", maxsplit=1)[0] if not heading.startswith("(") else heading
    return same_words_key(plain.replace("_", " "))


def is_heading(table: OpenTable, mapping: Mapping_) -> Any:
    """A test of rows: does this one name every obligatory column (two at least)?"""
    known, own = headings_of(table), mapping.get(table.name, {})
    wanted = {column.name for column in table.columns if column.obligatory}

    def test(row: list[str]) -> bool:
        found = {known[key] for heading in row if (key := heading_key(heading)) in known}
        found |= {column for column, heading in own.items() if heading in row}
        return wanted <= found and len(found) > 1

    return test


def match(
    table: OpenTable, headings: list[str], mapping: Mapping_, place: str, problems: Problems
) -> Matched:
    """The columns of a table among the headings of a file; what is wrong goes to `problems`."""
    known, own = headings_of(table), mapping.get(table.name, {})
    places: dict[str, int] = {}
    for column, heading in own.items():
        if column == FILE:
            continue
        if headings.count(heading) == 1:
            places[column] = headings.index(heading)
        else:
            problems.add(
                place,
                "column-mapped-wrongly",
                f"{MAPPING_NAME} ghi cột {column} là “{heading}”, nhưng tệp "
                f"{'có nhiều cột' if heading in headings else 'không có cột'} tên ấy. "
                f"Các cột trong tệp: {_listed(headings)}.",
                column=column,
            )
    claims: dict[str, list[int]] = {}
    for position, heading in enumerate(headings):
        found = known.get(heading_key(heading))
        if found is not None and found not in own and position not in places.values():
            claims.setdefault(found, []).append(position)
    for column, positions in claims.items():
        places[column] = positions[0]
        if len(positions) > 1:
            names = " và ".join(f"“{headings[position]}”" for position in positions)
            problems.add(
                place,
                "column-ambiguous",
                f"{names} đều có thể là cột {column}. Ghi vào {MAPPING_NAME}: "
                f"“{table.name}: {{{column}: tên cột đúng}}”, hoặc đổi tên một cột.",
                column=column,
            )
    missing = [one.name for one in table.columns if one.obligatory and one.name not in places]
    if missing and not any(name in own for name in missing):
        problems.add(
            place,
            "column-missing",
            f"thiếu cột bắt buộc {', '.join(missing)}. Các cột trong tệp: {_listed(headings)}. "
            f"Đổi tên cột theo `vungmanh schema {table.name}`, hoặc ghi vào {MAPPING_NAME}.",
            column=missing[0],
        )
    taken = set(places.values())
    unused = [name for position, name in enumerate(headings) if position not in taken and name]
    return Matched(places, unused)


def read_mapping(path: Path | None) -> Mapping_:
    """The mapping file; none gives an empty one. Raises InputError when it cannot be followed."""
    if path is None:
        return {}
    import yaml

    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _wrong(path, "không đọc được") from error
    if not isinstance(given, dict):
        raise _wrong(path, "phải gồm các bảng, mỗi bảng gồm các cột")
    mapping: dict[str, dict[str, str]] = {}
    for name, columns in given.items():
        if name not in BY_NAME:
            tables = ", ".join(table.name for table in OPEN_TABLES)
            raise _wrong(path, f"không có bảng “{name}”; các bảng: {tables}")
        if not isinstance(columns, dict):
            raise _wrong(path, f"bảng {name} phải gồm các dòng “cột: tên trong tệp”")
        for column in columns:
            if column not in (*BY_NAME[name].column_names, FILE):
                known = ", ".join(BY_NAME[name].column_names)
                raise _wrong(path, f"bảng {name} không có cột “{column}”; các cột: {known}")
        mapping[name] = {
            str(column): " ".join(nfc(str(heading)).split()) for column, heading in columns.items()
        }
    return mapping


def _wrong(path: Path, what: str) -> InputError:
    return InputError(
        f"{path.name}: {what}. Mẫu:\ncell_months:\n  unit: Mã chi bộ\n  held: Có sinh hoạt",
        place=path.name,
        code="mapping-wrong",
    )


def _listed(headings: list[str]) -> str:
    shown = ", ".join(f"“{heading}”" for heading in headings[:30] if heading)
    return shown + (" …" if len(headings) > 30 else "") if shown else "không có"
