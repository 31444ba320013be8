"""Reading a folder of one's own files: find, match, read, check, make canonical."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from vungmanh.analysis.layout import BY_NAME, OPEN_TABLES, OpenTable, OpenTables
from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi
from vungmanh.outputs.folders.canonical import (
    Notes,
    lineage_table,
    month_tables,
    plain_table,
    say_how_much,
    say_what_lies_outside,
    year_table,
)
from vungmanh.outputs.folders.checks import check
from vungmanh.outputs.folders.columns import (
    MAPPING_NAME,
    Mapping_,
    is_heading,
    match,
    read_mapping,
)
from vungmanh.outputs.folders.convert import ROW, Reader
from vungmanh.outputs.folders.find import find_files, names_table
from vungmanh.outputs.folders.internal import internal_folder, read_internal
from vungmanh.outputs.folders.loaded import PART, Loaded
from vungmanh.outputs.folders.problems import Problems
from vungmanh.outputs.folders.sources import BOOK_SUFFIXES, Source, open_book, open_file
from vungmanh.outputs.folders.units import check_circles, unit_table

#: Called with the name of the step begun: for a progress display.
Tell = Callable[[str], None]


def read_folder(
    folder: Path, mapping_file: Path | None = None, tell: Tell = lambda step: None
) -> OpenTables:
    """The tables of a folder: the open layout, or the tables that `vungmanh simulate` writes.

    `mapping_file` stands in for the folder's own `columns.yaml`. Raises InputError that names
    file, row, column and remedy for everything found wrong, before anything is counted.
    """
    if (ours := internal_folder(folder)) is not None:
        tell("Đọc các bảng của phần mềm")
        return read_internal(ours)
    own = folder / MAPPING_NAME
    mapping = read_mapping(mapping_file or (own if own.is_file() else None))
    found = find_files(folder, mapping)
    notes, problems = Notes(), Problems()
    loaded = {}
    for name, files in found.files.items():
        tell(f"Đọc bảng {name}")
        one = _load(BY_NAME[name], files, mapping, notes, problems)
        if one is not None:
            loaded[name] = one
    tell("Kiểm tra số liệu")
    for one in loaded.values():
        check(one, problems)
    if "units" in loaded:
        check_circles(loaded["units"], problems)
    _check_lineage(loaded, problems)
    problems.raise_if_any()
    if found.unread:
        notes.say(f"Không đọc các tệp: {', '.join(found.unread[:10])}.")
    return _canonical(loaded, notes, folder)


def _load(
    table: OpenTable, files: list[Path], mapping: Mapping_, notes: Notes, problems: Problems
) -> Loaded | None:
    import pyarrow as pa

    sources, parts = [], []
    before = problems.count
    for number, path in enumerate(files):
        source = _open(table, path, mapping)
        matched = match(table, source.headings, mapping, source.place, problems)
        if matched.unused:
            names = ", ".join(f"“{name}”" for name in matched.unused[:12])
            notes.say(f"{source.place}: không dùng các cột {names}.")
        if problems.count > before:
            continue
        data = Reader(table, source, problems).read(matched)
        if not data.num_rows:
            problems.add(
                source.place,
                "file-empty",
                "chỉ có tiêu đề, không có dòng nào. Xuất lại tệp, hoặc xóa đi nếu không có bảng "
                "này.",
            )
        row = pa.array(data.column(ROW).to_numpy() + (number << PART))
        parts.append(data.set_column(data.column_names.index(ROW), ROW, row))
        sources.append(source)
    if len(parts) < len(files):
        return None
    whole = parts[0]
    if len(parts) > 1:
        whole = pa.concat_tables(parts, promote_options="default").unify_dictionaries()
    return Loaded(table, sources, whole.combine_chunks())


def _open(table: OpenTable, path: Path, mapping: Mapping_) -> Source:
    test = is_heading(table, mapping)
    if path.name.lower().endswith(BOOK_SUFFIXES):
        return open_book(path, lambda sheet: names_table(table, sheet), test)
    return open_file(path, test)


def _check_lineage(loaded: dict[str, Loaded], problems: Problems) -> None:
    """Both sides of a lineage must be units that something is known of."""
    lineage = loaded.get("lineage")
    if lineage is None or not lineage.has("predecessor", "successor"):
        return
    known = set(_units_of(loaded, "units", "cell_months", "cell_years"))
    for column in ("predecessor", "successor"):
        words = lineage.words(column)
        strange = [code for code, word in enumerate(words) if word not in known]
        if not strange:
            continue
        import numpy as np

        codes = lineage.codes(column)
        lineage.refuse(
            problems,
            "lineage-unknown-unit",
            np.isin(codes, strange),
            lambda place, words=words, codes=codes: (  # type: ignore[misc]
                f"không có đơn vị “{words[codes[place]]}” trong bảng nào khác. Sửa mã, hoặc thêm "
                "đơn vị ấy vào bảng units."
            ),
            column,
        )


def _units_of(loaded: dict[str, Loaded], *names: str) -> Iterable[str]:
    for name in names:
        if name in loaded and loaded[name].has("unit"):
            yield from loaded[name].words("unit")


def _canonical(loaded: dict[str, Loaded], notes: Notes, folder: Path) -> OpenTables:
    months, not_due = month_tables(loaded.get("cell_months"), notes)
    years = year_table(loaded.get("cell_years"))
    counted = list(_units_of(loaded, "cell_months", "cell_years"))
    units = unit_table(loaded.get("units"), counted, _units_of(loaded, "grades"), notes)
    lineage = lineage_table(loaded.get("lineage"))
    say_what_lies_outside(months, units, lineage, notes)
    say_how_much(months, years, notes)
    return OpenTables(
        units=units,
        cell_months=months,
        not_due=not_due,
        cell_years=years,
        grades=plain_table(BY_NAME["grades"], loaded.get("grades")),
        lineage=lineage,
        notes=tuple(notes.lines),
        source=folder.name,
    )


def rows_of(tables: OpenTables) -> str:
    """How much was read, in words: "3.000 đơn vị, 468.000 dòng từng tháng"."""
    counts = [(getattr(tables, table.name).num_rows, table.title.lower()) for table in OPEN_TABLES]
    return ", ".join(f"{title} {number_vi(count)} dòng" for count, title in counts if count)


def known_years(tables: OpenTables) -> list[int]:
    """The years of which anything is recorded, ascending."""
    import pyarrow.compute as pc

    months = pc.unique(pc.year(tables.cell_months.column("month"))).to_pylist()
    years = pc.unique(tables.cell_years.column("year")).to_pylist()
    return sorted({int(year) for year in [*months, *years] if year is not None})


def chosen_years(tables: OpenTables, wanted: list[int]) -> list[int]:
    """The years to assess: those asked for, else the latest. InputError for one without data."""
    known = known_years(tables)
    if not known:
        raise InputError(
            "Không tháng nào là tháng phải họp (cột due ghi không hết), nên không có gì để tính. "
            "Kiểm tra lại cột due của bảng cell_months.",
            field="due",
            code="nothing-due",
        )
    for year in wanted:
        if year not in known:
            raise InputError(
                f"Không có số liệu của năm {year}. Các năm có: "
                f"{', '.join(map(str, known)) or 'không có năm nào'}.",
                field="year",
                code="year-without-data",
            )
    return sorted(set(wanted)) or known[-1:]
