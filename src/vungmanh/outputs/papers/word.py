"""A paper as a Word file: heading block, title, parts, recipients and signatures.

The same paper gives the same bytes: the container carries no time, the properties the paper's day.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from vungmanh.outputs.papers.document import (
    Bullets,
    Centred,
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Signature,
    Table,
)
from vungmanh.outputs.papers.grid import ruled
from vungmanh.outputs.papers.layout import (
    check_names,
    closed_parts,
    date_line,
    layout_of,
    number_line,
    plain,
)
from vungmanh.outputs.papers.spacing import spaced
from vungmanh.outputs.papers.strokes import (
    SMALL_PT,
    begin,
    breadth_mm,
    columns,
    dotted_line,
    gap,
    new_document,
    outline,
    rule,
    stay,
    write,
)
from vungmanh.outputs.papers.widths import bold_width_mm
from vungmanh.rulebook.values.papers import PaperFamily, PaperLayout

_LEFT_SHARE = {PaperFamily.PARTY: 0.45, PaperFamily.STATE: 0.43}
_SIGNING_LINES = 4
_RULE_PT = 6
_SHORT = 0.4  # of the words above: the rule under the title of a State paper
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def as_word(paper: Paper) -> bytes:
    """The paper as .docx. Raises InputError for a name no heading holds, or without any day."""
    check_names(paper)
    layout = layout_of(paper).layout
    made = new_document(paper, layout)
    width = breadth_mm(paper, layout)
    _heading(made, paper, layout, width)
    _title(made, paper, layout, width)
    parts = spaced(closed_parts(paper))
    for part in parts:
        _part(made, part, layout, width)
    if parts and paper.signatures:
        stay(made)  # nobody signs a page by itself
    _signatures(made, paper, layout, width)
    if paper.foot:
        write(made, paper.foot, italic=True, size=SMALL_PT, before=12)
    _properties(made, paper)
    target = io.BytesIO()
    made.save(target)
    return _without_time(target.getvalue())


def _heading(made: Any, paper: Paper, layout: PaperLayout, width: int) -> None:
    """Two rows, so that number and day stand on one line however long the names above are."""
    left = width * _LEFT_SHARE[paper.family]
    table = columns(made, (left, width - left), rows=2)
    (issuer, crest), (number, day) = (row.cells for row in table.rows)
    _issuer(begin(issuer), paper, layout, left)
    _crest(begin(crest), layout, width - left)
    write(begin(number), number_line(paper) or " ", size=layout.number_pt, align="CENTER",
          tight=True)  # fmt: skip
    write(begin(day), date_line(paper), italic=True, size=layout.dated_pt, align="CENTER",
          tight=True)  # fmt: skip


def _issuer(cell: Any, paper: Paper, layout: PaperLayout, room: float) -> None:
    if paper.superior:
        write(cell, plain(paper.superior).upper(), size=layout.superior_pt, align="CENTER",
              tight=True)  # fmt: skip
    name = plain(paper.issuer).upper()
    write(cell, name, bold=True, size=layout.issuer_pt, align="CENTER", tight=True)
    if layout.star:
        write(cell, layout.star, align="CENTER", tight=True)
    else:
        rule(cell, min(bold_width_mm(name, layout.issuer_pt), room) / 2, room, after=_RULE_PT)


def _crest(cell: Any, layout: PaperLayout, room: float) -> None:
    words, size = layout.heading_line.upper(), layout.heading_pt
    write(cell, words, bold=True, size=size, align="CENTER", tight=True)
    if layout.motto:
        words, size = layout.motto, layout.motto_pt
        write(cell, words, bold=True, size=size, align="CENTER", tight=True)
    rule(cell, bold_width_mm(words, size), room, after=_RULE_PT)


def _title(made: Any, paper: Paper, layout: PaperLayout, width: int) -> None:
    for text in paper.notes:
        write(made, text, italic=True, align="CENTER", before=12)
    if paper.title:
        write(made, paper.title.upper(), bold=True, size=layout.title_pt, align="CENTER",
              before=18, keep=True, tight=True)  # fmt: skip
    if paper.about:
        write(made, paper.about, bold=True, size=layout.about_pt, align="CENTER", keep=True)
    if paper.family is PaperFamily.STATE:
        rule(made, bold_width_mm(paper.about, layout.about_pt) * _SHORT, width, after=8)
    else:
        write(made, "-----", align="CENTER", after=8)
    if paper.addressed:
        write(made, paper.addressed, align="CENTER", after=8)


def _part(made: Any, part: Part, layout: PaperLayout, width: int) -> None:
    after, indent = layout.after_pt, layout.indent_mm
    if isinstance(part, Heading):
        before = 10 if part.level == 1 else 4
        line = write(made, part.text, bold=True, italic=part.level > 2, before=before,
                     after=after, indent_mm=indent, keep=True)  # fmt: skip
        outline(line, part.level - 1)
    elif isinstance(part, Line):
        align = "JUSTIFY" if part.value else "LEFT"  # room for a pen is not stretched
        line = write(made, f"{part.label}: ", after=after, align=align, indent_mm=indent)
        line.add_run(plain(part.shown))
    elif isinstance(part, Prose):
        _prose(made, part, layout)
    elif isinstance(part, Bullets):
        for text in part.texts:
            write(made, f"- {text}", after=after, align="JUSTIFY", indent_mm=indent)
    elif isinstance(part, Centred):
        write(made, part.text, bold=part.bold, align="CENTER", before=10, after=after, keep=True)
    elif isinstance(part, Table):
        _table(made, part, layout, width)
    else:
        for _line in part.each:
            dotted_line(made, width)


def _prose(made: Any, part: Prose, layout: PaperLayout) -> None:
    for number, text in enumerate(part.paragraphs):
        leads = bool(part.lead) and number == 0
        line = write(made, f"{part.lead} " if leads else text, bold=leads,
                     italic=part.italic and not leads, after=layout.after_pt, align="JUSTIFY",
                     indent_mm=layout.indent_mm)  # fmt: skip
        if leads:
            line.add_run(plain(text)).italic = part.italic or None


def _table(made: Any, part: Table, layout: PaperLayout, width: int) -> None:
    if part.title:
        write(made, f"{part.title}:", after=layout.after_pt, indent_mm=layout.indent_mm, keep=True)
    drawn = ruled(part, width, layout.table_pt)
    made.element.body.insert_element_before(drawn, "w:sectPr")
    gap(made, _RULE_PT)


def _signatures(made: Any, paper: Paper, layout: PaperLayout, width: int) -> None:
    """Side by side; with recipients, or alone, at the right, as papers close."""
    blocks = len(paper.signatures)
    leads = bool(paper.recipients) or blocks == 1
    if not blocks and not paper.recipients:
        return
    shares = blocks + leads
    table = columns(made, [width / shares] * shares)
    cells = [begin(cell) for cell in table.rows[0].cells]
    if leads:
        _recipients(cells.pop(0), paper, layout)
    for cell, one in zip(cells, paper.signatures, strict=True):
        _signature(cell, one, layout)


def _recipients(cell: Any, paper: Paper, layout: PaperLayout) -> None:
    if not paper.recipients:
        write(cell, "")
        return
    is_party = paper.family is PaperFamily.PARTY
    size = layout.body_pt if is_party else layout.recipients_pt + 1
    write(cell, "Nơi nhận:", underline=is_party, bold=not is_party, italic=not is_party,
          size=size, before=12, tight=True)  # fmt: skip
    for text in paper.recipients:
        write(cell, f"- {text}", size=layout.recipients_pt, tight=True)


def _signature(cell: Any, one: Signature, layout: PaperLayout) -> None:
    if one.on_behalf:
        write(cell, plain(one.on_behalf).upper(), bold=layout.capacity_bold, align="CENTER",
              before=12, tight=True)  # fmt: skip
    write(cell, plain(one.role).upper(), bold=layout.role_bold, align="CENTER",
          before=0 if one.on_behalf else 12, tight=True)  # fmt: skip
    for _space in range(_SIGNING_LINES):
        write(cell, "", align="CENTER")
    write(cell, one.name, bold=True, align="CENTER", tight=True)


def _properties(made: Any, paper: Paper) -> None:
    about = made.core_properties
    about.title = plain(f"{paper.title}: {paper.about}".strip(": "))[:255]
    about.author, about.last_modified_by, about.language = "Vững Mạnh", "Vững Mạnh", "vi-VN"
    about.comments, about.revision = "", 1
    day = paper.on or paper.laid_out_on
    if day:
        about.created = about.modified = dt.datetime.combine(day, dt.time())


def _without_time(data: bytes) -> bytes:
    """The same container with every entry at one fixed time, so that equal papers are equal."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return target.getvalue()
