"""A paper as a Word file: heading of the Party, parts, tables, signatures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from vungmanh.outputs.minutes.layout import (
    SMALL_PT,
    TABLE_PT,
    TITLE_PT,
    columns,
    dotted_line,
    fill,
    keep_whole,
    new_document,
    plain,
    repeat_on_each_page,
    room_to_write,
    write,
)
from vungmanh.outputs.minutes.paper import (
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Room,
    Signature,
    Table,
)

_PARTY = "Đảng Cộng sản Việt Nam"


def as_word(paper: Paper) -> bytes:
    """The paper as .docx."""
    made = new_document(f"{paper.title}: {paper.about}")
    _heading(made, paper)
    _title(made, paper)
    for part in paper.parts:
        _part(made, part)
    _signatures(made, paper.signatures, paper.recipients)
    if paper.foot:
        write(made, paper.foot, italic=True, size=SMALL_PT, before=12)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _heading(made: Any, paper: Paper) -> None:
    left, right = columns(made, (45, 55)).rows[0].cells
    fill(left, plain(paper.superior).upper() or " ", align="CENTER")
    _tight(write(left, plain(paper.issuer).upper(), bold=True, align="CENTER"))
    _tight(write(left, "*", align="CENTER"))
    _tight(write(left, f"Số         -{paper.symbol}/CB", align="CENTER"))
    fill(right, _PARTY.upper(), bold=True, underline=True, align="CENTER")
    _tight(write(right, paper.dated, italic=True, before=18, align="CENTER"))


def _tight(line: Any) -> None:
    """The lines of a heading stand as close as their letters."""
    line.paragraph_format.line_spacing_rule = None
    line.paragraph_format.line_spacing = 1.0


def _title(made: Any, paper: Paper) -> None:
    for text in paper.notes:
        write(made, text, italic=True, align="CENTER", before=12)
    write(made, paper.title.upper(), bold=True, size=TITLE_PT, align="CENTER", before=18, keep=True)
    write(made, paper.about, bold=True, align="CENTER", keep=True)
    write(made, "-----", align="CENTER", after=8)
    if paper.addressed:
        write(made, paper.addressed, align="CENTER", after=8)


def _part(made: Any, part: Part) -> None:
    if isinstance(part, Heading):
        write(made, part.text, bold=True, before=10, after=4, indent=True, keep=True)
    elif isinstance(part, Line):
        align = "JUSTIFY" if part.value else "LEFT"  # room for a pen is not stretched
        line = write(made, f"{part.label}: ", after=4, align=align, indent=True)
        line.add_run(plain(part.shown))
    elif isinstance(part, Prose):
        for text in part.paragraphs:
            write(made, text, after=4, align="JUSTIFY", indent=True)
    elif isinstance(part, Room):
        for _line in part.each:
            dotted_line(made)
    else:
        _table(made, part)


def _table(made: Any, part: Table) -> None:
    if part.title:
        write(made, f"{part.title}:", after=4, indent=True, keep=True)
    table = columns(made, part.widths, ruled=True)
    for cell, text in zip(table.rows[0].cells, part.headings, strict=True):
        fill(cell, text, bold=True, size=TABLE_PT, align="CENTER")
    repeat_on_each_page(table.rows[0])
    for said in part.rows:
        row = table.add_row()
        keep_whole(row)
        if part.tall:
            row.height = room_to_write()
        for number, (cell, text) in enumerate(zip(row.cells, said, strict=True)):
            cell.width = table.columns[number].width
            align = "CENTER" if number in part.middle else ""
            fill(cell, text, size=TABLE_PT, align=align)
    write(made, "", after=2)


def _signatures(made: Any, signatures: Sequence[Signature], recipients: Sequence[str]) -> None:
    """Side by side; with recipients they stand at the left, as Party papers close."""
    table = columns(made, (50, 50))
    keep_whole(table.rows[0])
    cells = list(table.rows[0].cells)
    if recipients:
        fill(cells[0], "Nơi nhận:", underline=True, before=12)
        for text in recipients:
            _tight(write(cells[0], f"- {text}", size=12))
        cells = cells[1:]
    for cell, one in zip(cells, signatures, strict=True):
        first = one.on_behalf or one.role
        fill(cell, plain(first).upper(), align="CENTER", before=12)
        if one.on_behalf:
            _tight(write(cell, plain(one.role).upper(), align="CENTER"))
        for _space in range(4):
            write(cell, "", align="CENTER")
        write(cell, one.name, bold=True, align="CENTER")
