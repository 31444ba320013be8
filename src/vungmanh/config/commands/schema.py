"""`vungmanh schema`: the open layout of one's own files, the results, and the inner tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from vungmanh.analysis.layout import BY_NAME as OPEN_BY_NAME
from vungmanh.analysis.layout import OPEN_TABLES, TYPE_WORDS, OpenTable
from vungmanh.analysis.result_layout import RESULT_COLUMNS
from vungmanh.analysis.schema import BY_NAME, TABLES, Table
from vungmanh.core.errors import NotFound

HELP = """In từ điển dữ liệu: các bảng đưa vào `vungmanh assess THƯ_MỤC`, và các cột kết quả.

Ô trống nghĩa là không ghi nhận, không bao giờ là số 0. Cột bắt buộc có dấu *; tên cột viết hoa,
viết thường, có dấu, không dấu, có gạch dưới hay không đều được.

Ví dụ:

* `vungmanh schema`: mọi bảng đưa vào, rồi các cột kết quả
* `vungmanh schema cell_months`: một bảng, kèm các tên cột khác cũng hiểu
* `vungmanh schema --internal`: các bảng Parquet mà phần mềm tự đọc và ghi
* `vungmanh schema --markdown > schema.md`: để đưa vào tài liệu
"""

RESULT = "result"


def schema(
    table: Annotated[
        str | None, typer.Argument(metavar="BẢNG", help="Tên một bảng; bỏ trống: mọi bảng.")
    ] = None,
    *,
    internal: Annotated[
        bool, typer.Option("--internal", help="Các bảng của riêng phần mềm.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="In dạng Markdown.")] = False,
) -> None:
    console = Console()
    is_inner = internal or (table in BY_NAME and table not in OPEN_BY_NAME)
    if is_inner:
        chosen = TABLES if table is None else (_named(table),)
        if markdown:
            typer.echo(schema_markdown(chosen), nl=False)
            return
        for inner in chosen:
            _print_inner(console, inner)
        return
    opened = _opened(table)
    shows_results = table in {None, RESULT}
    if markdown:
        typer.echo(layout_markdown(opened, with_results=shows_results), nl=False)
        return
    for one in opened:
        _print_open(console, one, with_synonyms=table is not None)
    if shows_results:
        _print_results(console)


def _opened(table: str | None) -> Sequence[OpenTable]:
    if table is None:
        return OPEN_TABLES
    if table == RESULT:
        return ()
    if table not in OPEN_BY_NAME:
        raise _no_such(table)
    return (OPEN_BY_NAME[table],)


def _print_open(console: Console, table: OpenTable, *, with_synonyms: bool) -> None:
    title = f"{table.name} · {table.title}: {table.meaning}"
    grid = _grid(title, ("cột", "kiểu", "nghĩa", "meaning"))
    for column in table.columns:
        star = "*" if column.obligatory else ""
        meaning = column.meaning
        if with_synonyms and column.also:
            meaning += f"\n[dim]cũng hiểu: {', '.join(column.also)}[/]"
        grid.add_row(column.name + star, TYPE_WORDS[column.type], meaning, column.english)
    console.print(grid)


def _print_results(console: Console) -> None:
    grid = _grid(
        f"{RESULT} · Kết quả: mỗi đơn vị mỗi năm một dòng",
        ("cột", "trong Excel", "nghĩa", "meaning"),
    )
    for column in RESULT_COLUMNS:
        grid.add_row(column.name, column.heading, column.meaning, column.english)
    console.print(grid)


def _print_inner(console: Console, table: Table) -> None:
    grid = _grid(f"{table.name}: {table.meaning}", ("column", "type", "null", "meaning"))
    for column in table.columns:
        nullable = "null" if column.nullable else ""
        grid.add_row(column.name, column.type, nullable, column.meaning)
    console.print(grid)


def _grid(title: str, headings: Sequence[str]) -> Grid:
    grid = Grid(title=title, title_justify="left", expand=True)
    for place, heading in enumerate(headings):
        grid.add_column(heading, no_wrap=place == 0)
    return grid


def layout_markdown(tables: Iterable[OpenTable] = OPEN_TABLES, *, with_results: bool = True) -> str:
    """The open layout and the results as Markdown, ending with a newline."""
    sections = []
    for table in tables:
        rows = [
            f"| `{column.name}`{' *' if column.obligatory else ''} | {TYPE_WORDS[column.type]} "
            f"| {column.meaning} | {column.english} | {', '.join(column.also)} |"
            for column in table.columns
        ]
        about = f"{table.title}: {table.meaning}. *{table.english}*."
        head = ["| cột | kiểu | nghĩa | meaning | cũng hiểu |", "|---|---|---|---|---|"]
        sections.append("\n".join([f"## {table.name}", "", about, "", *head, *rows]) + "\n")
    if with_results:
        rows = [
            f"| `{column.name}` | {column.heading} | {column.meaning} | {column.english} |"
            for column in RESULT_COLUMNS
        ]
        head = ["| cột | trong Excel | nghĩa | meaning |", "|---|---|---|---|"]
        about = "Kết quả: mỗi đơn vị mỗi năm một dòng. *One row per unit and year*."
        sections.append("\n".join([f"## {RESULT}", "", about, "", *head, *rows]) + "\n")
    return "\n".join(sections)


def schema_markdown(tables: Iterable[Table] = TABLES) -> str:
    """The tables as Markdown, ending with a newline."""
    sections = []
    for table in tables:
        rows = [
            f"| `{column.name}` | {column.type} | {'yes' if column.nullable else 'no'} "
            f"| {column.meaning} |"
            for column in table.columns
        ]
        head = ["| column | type | null | meaning |", "|---|---|---|---|"]
        sections.append("\n".join([f"## {table.name}", "", table.meaning, "", *head, *rows]) + "\n")
    return "\n".join(sections)


def _named(name: str) -> Table:
    if name not in BY_NAME:
        raise _no_such(name)
    return BY_NAME[name]


def _no_such(name: str) -> NotFound:
    return NotFound(
        f"Không có bảng “{name}”. Các bảng đưa vào: {', '.join(OPEN_BY_NAME)}; kết quả: {RESULT}; "
        f"bảng của phần mềm: {', '.join(BY_NAME)}.",
        code="no-such-table",
    )
