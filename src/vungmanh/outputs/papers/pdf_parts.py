"""The parts of a paper as marked text, from which the PDF takes its structure for readers aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from vungmanh.outputs.papers.document import (
    Bullets,
    Centred,
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Room,
    Signature,
    Table,
)
from vungmanh.outputs.papers.layout import closed_parts, date_line, number_line, plain
from vungmanh.outputs.papers.spacing import spaced
from vungmanh.rulebook.values.papers import PaperFamily, PaperLayout

_STROKES = "-----"
#: Lines of the body that stay with the signatures; a line holds about so many letters.
_LINES, _LETTERS = 2, 85


def marked(paper: Paper, layout: PaperLayout) -> str:
    """The whole paper as HTML; every text is escaped here and nowhere else."""
    name = f"{paper.title}: {paper.about}" if paper.about else paper.title
    body = "".join(
        [
            _head(paper, layout),
            *(_block("p", "note", text) for text in paper.notes),
            _block("h1", "", paper.title.upper()),
            _block("p", "about", paper.about),
            _under_title(paper),
            _block("p", "addressed", paper.addressed),
            _parts(spaced(closed_parts(paper)), _signed(paper.signatures, paper.recipients)),
            _block("p", "foot", paper.foot),
        ]
    )
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{_text(name)}</title>'
        f'<meta name="author" content="{_text(paper.issuer)}">'
        f'<meta name="generator" content="Vững Mạnh"></head><body>{body}</body></html>'
    )


def _under_title(paper: Paper) -> str:
    if paper.family is PaperFamily.STATE:
        return '<div class="under"></div>'
    return _block("p", "strokes", _STROKES)


def _text(text: str) -> str:
    return escape(plain(text))


def _block(tag: str, kind: str, text: str) -> str:
    """One paragraph; nothing for nothing said."""
    if not text:
        return ""
    named = f' class="{kind}"' if kind else ""
    return f"<{tag}{named}>{_text(text)}</{tag}>"


def _head(paper: Paper, layout: PaperLayout) -> str:
    """Who issues at the left; the Party or the State at the right. Number and day stand on one line
    however long the names above are."""
    issuer = (
        _block("p", "superior", paper.superior.upper())
        + _block("p", "own", paper.issuer.upper())
        + (_block("p", "", layout.star) or '<div class="own-rule"></div>')
    )
    heading = "heading" if layout.motto else "heading ruled"
    crest = f"<p>{_span(heading, layout.heading_line.upper())}</p>"
    if layout.motto:
        crest += f"<p>{_span('motto ruled', layout.motto)}</p>"
    number = _block("p", "number free", number_line(paper))
    day = _block("p", "dated free" if paper.on is None else "dated", date_line(paper))
    return _side_by_side(issuer, crest) + _side_by_side(number, day)


def _side_by_side(left: str, right: str) -> str:
    return f'<div class="head"><div class="left">{left}</div><div class="right">{right}</div></div>'


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{_text(text)}</span>'


def _parts(parts: Sequence[Part], signed: str) -> str:
    """The parts, the last two lines kept with the signatures: nobody signs a page by itself. What
    is kept may still be parted within: a table before its last row, a paragraph before two lines.
    """
    drawn = [_part(part) for part in parts]
    lines = 0 if signed else _LINES
    for place in reversed(range(len(parts))):
        if lines >= _LINES:
            break
        part = parts[place]
        is_short = _is_short(part)
        drawn[place] = f'<div class="last{" short" if is_short else ""}">{drawn[place]}</div>'
        lines += _LINES if not is_short or _has_two(part) else not isinstance(part, Heading)
    return "".join([*drawn, signed])


def _has_two(part: Part) -> bool:
    """Whether another line of the same part stands before its last."""
    said = part.paragraphs if isinstance(part, Prose) else ()
    return len(part.texts if isinstance(part, Bullets) else said) > 1


def _is_short(part: Part) -> bool:
    """Whether it ends with a single line."""
    if isinstance(part, Prose):
        said = part.paragraphs[-1] if part.paragraphs else ""
        return len(said) + (len(part.lead) if len(part.paragraphs) == 1 else 0) <= _LETTERS
    if isinstance(part, Bullets):
        return len(part.texts[-1]) <= _LETTERS if part.texts else True
    if isinstance(part, Line):
        return len(part.label) + len(part.shown) <= _LETTERS
    return isinstance(part, Heading | Centred)


def _part(part: Part) -> str:
    return _DRAWN[type(part)](part)


def _heading(part: Heading) -> str:
    return _block(f"h{min(max(part.level, 1), 3) + 1}", "", part.text)


def _line(part: Line) -> str:
    # Room for a pen is not stretched.
    kind = "text" if part.value else "text open"
    return f'<p class="{kind}">{_text(part.label)}: {_text(part.shown)}</p>'


def _prose(part: Prose) -> str:
    kind = "text italic" if part.italic else "text"
    lead = f"<b>{_text(part.lead)}</b> " if part.lead else ""
    return "".join(
        f'<p class="{kind}">{lead if number == 0 else ""}{_text(text)}</p>'
        for number, text in enumerate(part.paragraphs)
    )


def _bullets(part: Bullets) -> str:
    return "<ul>" + "".join(f"<li>- {_text(text)}</li>" for text in part.texts) + "</ul>"


def _centred(part: Centred) -> str:
    return _block("p", "centred bold" if part.bold else "centred", part.text)


def _room(part: Room) -> str:
    return '<div class="room"></div>' * part.lines


def _table(part: Table) -> str:
    whole = sum(part.widths)
    columns = "".join(f'<col style="width:{100 * width / whole:.4f}%">' for width in part.widths)
    rows = "".join(_row(part, number, cells) for number, cells in enumerate(part.rows))
    title = _block("p", "title", f"{part.title}:") if part.title else ""
    return (
        f"{title}<table><colgroup>{columns}</colgroup><thead>{_headings(part)}</thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _headings(part: Table) -> str:
    """One or two storeys; where the upper is blank, the lower heading stands over both."""
    if not part.over:
        return f"<tr>{''.join(_th(text) for text in part.headings)}</tr>"
    upper, lower, column = "", "", 0
    for over in part.over:
        below = part.headings[column : column + over.span]
        if over.text:
            upper += _th(over.text, f' colspan="{over.span}"')
            lower += "".join(_th(text) for text in below)
        else:
            upper += "".join(_th(text, ' rowspan="2"') for text in below)
        column += over.span
    return f"<tr>{upper}</tr><tr>{lower}</tr>"


def _th(text: str, spans: str = "") -> str:
    return f'<th scope="col"{spans}>{_text(text)}</th>'


def _row(part: Table, number: int, cells: Sequence[str]) -> str:
    kinds = [
        name for name, holds in (("tall", part.tall), ("strong", number in part.strong)) if holds
    ]
    drawn = "".join(
        f'<td class="middle">{_text(text)}</td>'
        if column in part.middle
        else f"<td>{_text(text)}</td>"
        for column, text in enumerate(cells)
    )
    return f'<tr class="{" ".join(kinds)}">{drawn}</tr>'


def _signed(signatures: Sequence[Signature], recipients: Sequence[str]) -> str:
    """Side by side; recipients stand at the left, as papers close."""
    blocks = [_signature(one) for one in signatures]
    if recipients:
        named = "".join(f"<p>- {_text(text)}</p>" for text in recipients)
        blocks.insert(0, f'<div class="recipients"><p class="label">Nơi nhận:</p>{named}</div>')
    elif len(blocks) == 1:
        blocks.insert(0, '<div class="recipients"></div>')  # who signs alone signs at the right
    return f'<div class="signed">{"".join(blocks)}</div>' if blocks else ""


def _signature(one: Signature) -> str:
    first = "capacity" if one.on_behalf else "role"
    return (
        '<div class="signature">'
        + _block("p", first, (one.on_behalf or one.role).upper())
        + (_block("p", "role", one.role.upper()) if one.on_behalf else "")
        + f'<p class="name">{_text(one.name)}</p></div>'
    )


_DRAWN: dict[type, Callable[[Any], str]] = {
    Heading: _heading,
    Line: _line,
    Prose: _prose,
    Bullets: _bullets,
    Centred: _centred,
    Room: _room,
    Table: _table,
}
