"""A ruled table of a Word paper, written as one piece of XML: a summary may have 700 rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from vungmanh.outputs.papers.document import Table
from vungmanh.outputs.papers.layout import plain

ROW_MM = 8  # of a row to be filled in by hand
_TWIPS = 1440 / 25.4
_SIDE = round(_TWIPS)  # between the rule and the words
_OPEN, _GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def ruled(table: Table, width_mm: int, size_pt: int) -> Any:
    """The element to put into the body of a paper."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths = _twips(table.widths, width_mm)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_rows(table, widths, size_pt))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{_SIDE}" w:type="dxa"/>'
        f'<w:right w:w="{_SIDE}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _twips(shares: Sequence[int], width_mm: int) -> list[int]:
    whole = round(width_mm * _TWIPS)
    widths = [whole * share // sum(shares) for share in shares]
    widths[-1] += whole - sum(widths)
    return widths


def _rows(table: Table, widths: list[int], size: int) -> list[str]:
    said: list[str] = []
    lower = "".join(
        _cell(text, width, size, bold=True, middle=True) for text, width in
        zip(table.headings, widths, strict=True)
    )  # fmt: skip
    if table.over:
        upper, lower = _two_storeys(table, widths, size)
        said.append(_row(upper, heads=True))
    said.append(_row(lower, heads=True))
    for number, row in enumerate(table.rows):
        cells = "".join(
            _cell(
                text,
                width,
                size,
                bold=number in table.strong,
                middle=column in table.middle,
                # A group does not stand alone at the foot of a page.
                keep=number in table.strong and number + 1 < len(table.rows),
            )
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        said.append(_row(cells, tall=table.tall))
    return said


def _two_storeys(table: Table, widths: list[int], size: int) -> tuple[str, str]:
    upper, lower, at = "", "", 0
    for one in table.over:
        below = list(range(at, at + one.span))
        at += one.span
        if not one.text:  # the heading below stands through both storeys
            for column in below:
                text = table.headings[column]
                upper += _cell(text, widths[column], size, bold=True, middle=True, merge=_OPEN)
                lower += _cell("", widths[column], size, merge=_GOES_ON)
            continue
        across = sum(widths[column] for column in below)
        span = f'<w:gridSpan w:val="{one.span}"/>'
        upper += _cell(one.text, across, size, bold=True, middle=True, merge=span)
        for column in below:
            lower += _cell(table.headings[column], widths[column], size, bold=True, middle=True)
    return upper, lower


def _row(cells: str, *, heads: bool = False, tall: bool = False) -> str:
    height = f'<w:trHeight w:val="{round(ROW_MM * _TWIPS)}" w:hRule="atLeast"/>' if tall else ""
    again = "<w:tblHeader/>" if heads else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{again}</w:trPr>{cells}</w:tr>"


def _cell(
    text: str, width: int, size: int, *, bold: bool = False, middle: bool = False,
    keep: bool = False, merge: str = "",
) -> str:  # fmt: skip
    lines = "".join(
        _line(line, size, bold, middle, keep) for line in plain(text).splitlines() or [""]
    )
    form = f'<w:tcW w:w="{width}" w:type="dxa"/>{merge}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{lines}</w:tc>"


def _line(text: str, size: int, bold: bool, middle: bool, keep: bool) -> str:
    said = escape(text.replace("\t", " "))
    weight = "<w:b/>" if bold else ""
    jc = '<w:jc w:val="center"/>' if middle else ""
    return (
        f"<w:p><w:pPr>{'<w:keepNext/>' if keep else ''}"
        '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
        f'{jc}</w:pPr><w:r><w:rPr>{weight}<w:sz w:val="{size * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{said}</w:t></w:r></w:p>'
    )
