"""Which file of a folder holds which table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vungmanh.analysis.layout import OPEN_TABLES, OpenTable
from vungmanh.core.errors import InputError
from vungmanh.core.text import same_words_key
from vungmanh.outputs.folders.columns import FILE, MAPPING_NAME, Mapping_
from vungmanh.outputs.folders.sources import BOOK_SUFFIXES, SUFFIXES, sheet_names


@dataclass(frozen=True)
class Found:
    """The files of each table (several: parts of one table), and those left unread."""

    files: dict[str, list[Path]]
    unread: list[str]


def find_files(folder: Path, mapping: Mapping_) -> Found:
    """The tables of a folder: by file name, by the name of a sub-folder, by sheet, by mapping.

    Raises InputError when there is no such folder, nothing to assess in it, or two files that
    could be one table.
    """
    if not folder.is_dir():
        raise InputError(
            f"Không có thư mục {folder}. Kiểm tra lại đường dẫn.",
            place=str(folder),
            code="no-folder",
        )
    found: dict[str, list[Path]] = {}
    unread: list[str] = []
    mapped = _mapped(folder, mapping)
    for name, path in mapped.items():
        found[name] = [path]
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name == MAPPING_NAME:
            continue
        tables = [] if path in mapped.values() else _tables_of(path)
        for table in tables:
            if table.name in mapped:
                continue
            if table.name in found:
                raise _two_files(table, found[table.name][0].name, path.name)
            found[table.name] = _parts(path) if path.is_dir() else [path]
        if not tables and path not in mapped.values() and path.is_file():
            unread.append(path.name)
    if "cell_months" not in found and "cell_years" not in found:
        raise _nothing(folder, unread)
    return Found(found, unread)


def names_table(table: OpenTable, name: str) -> bool:
    """Whether a file or sheet is called like a table, in English or Vietnamese."""
    key = same_words_key(name.replace("_", " "))
    return key in {same_words_key(one.replace("_", " ")) for one in (table.name, *table.also)}


def _tables_of(path: Path) -> list[OpenTable]:
    suffix = next((one for one in SUFFIXES if path.name.lower().endswith(one)), None)
    if path.is_dir():
        named = [table for table in OPEN_TABLES if names_table(table, path.name)]
        return named if named and _parts(path) else []
    if suffix is None:
        return []
    stem = path.name[: -len(suffix)]
    named = [table for table in OPEN_TABLES if names_table(table, stem)]
    if named or suffix not in BOOK_SUFFIXES:
        return named
    sheets = sheet_names(path)
    return [table for table in OPEN_TABLES if any(names_table(table, sheet) for sheet in sheets)]


def _parts(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.lower().endswith(SUFFIXES) and not path.name.startswith((".", "~$"))
    )


def _mapped(folder: Path, mapping: Mapping_) -> dict[str, Path]:
    found = {}
    for table, columns in mapping.items():
        if FILE not in columns:
            continue
        path = folder / columns[FILE]
        if path.parent.resolve() != folder.resolve() or not path.is_file():
            raise InputError(
                f"{MAPPING_NAME} ghi bảng {table} ở tệp “{columns[FILE]}”, nhưng thư mục không có "
                "tệp ấy. Sửa tên tệp.",
                place=MAPPING_NAME,
                code="mapping-wrong",
            )
        found[table] = path
    return found


def _two_files(table: OpenTable, first: str, second: str) -> InputError:
    return InputError(
        f"{first} và {second} đều là bảng {table.name}. Giữ lại một tệp; nếu là nhiều phần của "
        f"một bảng thì để chung trong thư mục con tên {table.name}.",
        place=second,
        code="table-twice",
    )


def _nothing(folder: Path, unread: list[str]) -> InputError:
    seen = f" Các tệp đang có: {', '.join(unread[:10])}." if unread else ""
    return InputError(
        f"Thư mục {folder} không có bảng cell_months hay cell_years nên không có gì để tính. Đặt "
        "tên tệp là cell_months.csv (hoặc .xlsx, .parquet), hoặc ghi tên tệp vào "
        f"{MAPPING_NAME}. Các cột: `vungmanh schema cell_months`.{seen}",
        place=str(folder),
        code="table-missing",
    )
