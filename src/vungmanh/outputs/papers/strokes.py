"""The strokes a Word paper is drawn with: page, paragraph, columns, rule. Measures come from the
layout; nothing here knows what a paper says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.layout import plain
from vungmanh.rulebook.values.papers import PaperLayout

SMALL_PT = 10  # what our program adds under a paper
HEADER_MM = 10
#: Lines of the body that stay with the signatures; a line holds about so many letters.
_LINES, _LETTERS = 2, 85


def new_document(paper: Paper, layout: PaperLayout) -> Any:
    """An empty paper: margins, letter, line, the number of the page."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    made = docx.Document()
    section = made.sections[0]
    sides = (layout.page_width_mm, layout.page_height_mm)
    if paper.is_landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        sides = (layout.page_height_mm, layout.page_width_mm)
    section.page_width, section.page_height = (Mm(side) for side in sides)
    section.top_margin, section.bottom_margin = Mm(layout.top_mm), Mm(layout.bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.left_mm), Mm(layout.right_mm)
    section.header_distance = Mm(HEADER_MM)
    style = made.styles["Normal"]
    style.font.name, style.font.size = layout.font, Pt(layout.body_pt)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), layout.font)
    style.element.rPr.append(element("w:lang", {"w:val": "vi-VN", "w:eastAsia": "vi-VN"}))
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(layout.line_pt)
    form.space_after = form.space_before = Pt(0)
    form.widow_control = True
    _number_pages(section, layout)
    return made


def breadth_mm(paper: Paper, layout: PaperLayout) -> int:
    """Between the margins of the page as it lies."""
    across = layout.page_height_mm if paper.is_landscape else layout.page_width_mm
    return across - layout.left_mm - layout.right_mm


def _number_pages(section: Any, layout: PaperLayout) -> None:
    """Top, in the middle; from the second page on the first has none."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    section.different_first_page_header_footer = layout.page_number_from > 1
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    code = element("w:instrText", {"xml:space": "preserve"})
    code.text = "PAGE"
    for piece in (
        element("w:fldChar", {"w:fldCharType": "begin"}),
        code,
        element("w:fldChar", {"w:fldCharType": "end"}),
    ):
        run = line.add_run()
        run.font.size = Pt(layout.page_number_pt)
        run._r.append(piece)


def element(name: str, attributes: dict[str, str]) -> Any:
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
    before: float = 0,
    after: float = 0,
    indent_mm: int = 0,
    keep: bool = False,
    tight: bool = False,
) -> Any:
    """A paragraph of `place` (a paper or a cell). `tight`: as close as its letters."""
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
    if indent_mm:
        form.first_line_indent = Mm(indent_mm)
    form.keep_with_next = keep or None
    if tight:
        form.line_spacing_rule = None
        form.line_spacing = 1.0
    return line


def columns(paper: Any, widths_mm: Iterable[float], *, rows: int = 1) -> Any:
    """A table without rules whose cells begin at the margin; rows are not cut."""
    from docx.shared import Mm

    widths = [Mm(width) for width in widths_mm]
    table = paper.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    sides = element("w:tblCellMar", {})
    for side in ("w:left", "w:right"):
        sides.append(element(side, {"w:w": "0", "w:type": "dxa"}))
    table._tbl.tblPr.append(sides)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit", {}))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def begin(cell: Any) -> Any:
    """The cell without the empty paragraph it came with."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)
    return cell


def rule(place: Any, words_mm: float, room_mm: float, *, after: int = 0) -> None:
    """A rule in the middle of `room_mm`, as long as the words above it.

    A line of its own, a hair high: the words themselves must not be squeezed by its indents.
    """
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Mm, Pt

    line = write(place, "", size=1, after=after)
    form = line.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    form.left_indent = form.right_indent = Mm(max((room_mm - words_mm) / 2, 0))
    border = element("w:pBdr", {})
    shape = {"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": "000000"}
    border.append(element("w:bottom", shape))
    # The schema has an order: the border stands before spacing and what follows it.
    line._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def gap(place: Any, height_pt: int) -> None:
    """Room of an exact height, as a table needs below it."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    form = write(place, "", size=1).paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height_pt)


def stay(paper: Any) -> None:
    """The last two lines of the body go where what follows goes, a table with its last row."""
    from docx.oxml.ns import qn

    lines = 0
    for block in reversed(paper.element.body):
        if lines >= _LINES:
            return
        if block.tag == qn("w:tbl"):
            for line in block.tr_lst[-1].iter(qn("w:p")):
                line.get_or_add_pPr().get_or_add_keepNext()
            return
        if block.tag == qn("w:p"):
            block.get_or_add_pPr().get_or_add_keepNext()
            said = "".join(text.text or "" for text in block.iter(qn("w:t")))
            # A long paragraph is parted two lines before its end, as widows are.
            lines += -(-len(said) // _LETTERS)


def outline(line: Any, level: int) -> None:
    """A heading that Word lists among the headings of the paper."""
    line._p.get_or_add_pPr().insert_element_before(
        element("w:outlineLvl", {"w:val": str(level)}), "w:rPr"
    )


def dotted_line(paper: Any, width_mm: int) -> None:
    """A line to write on, from margin to margin."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    line = write(paper, "\t", before=8)
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
