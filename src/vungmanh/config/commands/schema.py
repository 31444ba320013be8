"""`vungmanh schema`: the columnar tables that simulator, loader, import and `assess` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from vungmanh.analysis.schema import BY_NAME, TABLES, Table
from vungmanh.core.errors import NotFound

HELP = """In các bảng dữ liệu dạng cột (Parquet, CSV) mà chương trình đọc và ghi.

Ô trống nghĩa là không ghi nhận, không bao giờ là số 0.

Ví dụ:

* `vungmanh schema`: mọi bảng
* `vungmanh schema meeting_reports`: một bảng
* `vungmanh schema --markdown > schema.md`: để đưa vào tài liệu
"""


def schema(
    table: Annotated[
        str | None, typer.Argument(metavar="BẢNG", help="Tên một bảng; bỏ trống: mọi bảng.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="In dạng Markdown.")] = False,
) -> None:
    chosen = TABLES if table is None else (_named(table),)
    if markdown:
        typer.echo(schema_markdown(chosen), nl=False)
        return
    console = Console()
    for each in chosen:
        grid = Grid(title=f"{each.name}: {each.meaning}", title_justify="left", expand=True)
        for heading in ("column", "type", "null", "meaning"):
            grid.add_column(heading, no_wrap=heading != "meaning")
        for column in each.columns:
            nullable = "null" if column.nullable else ""
            grid.add_row(column.name, column.type, nullable, column.meaning)
        console.print(grid)


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
        raise NotFound(
            f"Không có bảng “{name}”. Các bảng có: {', '.join(BY_NAME)}.", code="no-such-table"
        )
    return BY_NAME[name]
