"""The layout of Party papers in Word, as far as it is known, each measure once.

Hướng dẫn 05-HD/VPTW 27/5/2026 with Quy định 399-QĐ/TW 9/1/2026 (domain.md §8.2; SEC: read through
code that implements it, the text itself still to be read). Papers of earlier years followed Hướng
dẫn 36-HD/VPTW 3/4/2018, whose differences are not known here (MEM: cần kiểm tra); they are laid out
alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 20, 20, 30, 15
PAGE_MM = (210, 297)
BREADTH_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
FONT, SIZE_PT, TITLE_PT, LINE_PT, INDENT_MM = "Times New Roman", 14, 16, 18, 10
SMALL_PT, TABLE_PT = 10, 13
ROW_MM = 8  # of a table to be filled in by hand

#: What XML cannot hold; python-docx refuses a whole paper for one of them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Text as a paper can hold it: characters stay as typed, whatever they would mean in HTML."""
    return _UNWRITABLE.sub("", text)


def new_document(title: str) -> Any:
    """An empty A4 paper: margins, letter, line, the number of the page from the second on."""
    import docx
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = (Mm(size) for size in PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.header_distance = Mm(10)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE_PT)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.element.rPr.append(_element("w:lang", {"w:val": "vi-VN", "w:eastAsia": "vi-VN"}))
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(LINE_PT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    _number_pages(section)
    about = paper.core_properties
    about.title, about.author, about.language = plain(title), "Vững Mạnh", "vi-VN"
    about.comments = ""
    return paper


def _number_pages(section: Any) -> None:
    """Top, in the middle, not on the first page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "begin"}))
    code = _element("w:instrText", {"xml:space": "preserve"})
    code.text = "PAGE"
    line.add_run()._r.append(code)
    line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def write(
    place: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    size: int | None = None,
    align: str = "",
    before: int = 0,
    after: int = 0,
    indent: bool = False,
    keep: bool = False,
) -> Any:
    """A paragraph of `place` (a paper or a cell of a table)."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    line = place.add_paragraph()
    run = line.add_run(plain(text))
    run.bold, run.italic, run.underline = bold or None, italic or None, underline or None
    if size:
        run.font.size = Pt(size)
    if align:
        line.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    form = line.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if indent:
        form.first_line_indent = Mm(INDENT_MM)
    form.keep_with_next = keep or None
    return line


def columns(paper: Any, shares: Iterable[int], *, ruled: bool = False) -> Any:
    """A table of one row; `shares` of the breadth between the margins."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    widths = list(shares)
    table = paper.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    if ruled:
        table.style = "Table Grid"
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Mm(BREADTH_MM * share / sum(widths))
        column.cells[0].width = column.width
    return table


def fill(cell: Any, text: str, **how: Any) -> None:
    """Text into a cell, in place of the empty paragraph that a cell begins with."""
    first = cell.paragraphs[0]
    for number, part in enumerate(text.split("\n")):
        line = write(cell, part, **how)
        if number == 0:
            first._p.getparent().remove(first._p)
        line.paragraph_format.line_spacing_rule = None
        line.paragraph_format.line_spacing = 1.0


def dotted_line(paper: Any) -> None:
    """A line to write on, from margin to margin."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    line = write(paper, "\t", before=8)
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(BREADTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def room_to_write() -> Any:
    """The least height of a row that a pen can use."""
    from docx.shared import Mm

    return Mm(ROW_MM)


def repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", {}))


def keep_whole(row: Any) -> None:
    """A row is not cut by the end of a page."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", {}))
