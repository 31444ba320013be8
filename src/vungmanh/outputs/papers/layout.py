"""Which layout holds for a paper, and the lines that the layout words: number, day, closing mark.

Every measure is a rule of the day (`rulebook.values.papers`), the province's own before the general
one. Whoever draws asks here, so that Word, PDF and the page cannot differ.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc
from vungmanh.outputs.papers.document import DOTS, Paper, Part, Prose
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.papers import (
    PaperFamily,
    PaperLayout,
    PaperType,
    PartyPaperLayout,
    StatePaperLayout,
)

LONGEST_NAME = 300
_KEYS = {PaperFamily.PARTY: PartyPaperLayout, PaperFamily.STATE: StatePaperLayout}
#: A mark that closes a paper of either family.
_CLOSING = re.compile(r"(?:\./\.|[.;,])?\s*$")
#: Control characters, halves of characters, and signs that turn the direction of what follows.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Laid:
    """The rule by which a paper is laid out; `is_stand_in`: none is known for so early a day."""

    rule: Rule
    layout: PaperLayout
    is_stand_in: bool


def layout_of(paper: Paper) -> Laid:
    """By the day of the paper. Raises InputError without one."""
    day = paper.on or paper.laid_out_on
    if day is None:
        raise InputError(
            "Văn bản chưa có ngày nên chưa biết trình bày theo quy định nào. Ghi ngày trước.",
            code="paper-undated",
        )
    return layout_on(day, paper.family)


def layout_on(day: dt.date, family: PaperFamily = PaperFamily.PARTY) -> Laid:
    """The layout of a day; before the first that is known, that one stands in and it is said."""
    book, kind = load_rulebook(), _KEYS[family]
    view = book.on(day)
    if view.has(kind.key):
        return Laid(view.rule(kind.key), view.of(kind), False)
    known = [rule for rule in book.history(kind.key) if rule.whom.concerns(view.place)]
    first = book.on(known[0].valid_from)
    return Laid(first.rule(kind.key), first.of(kind), True)


def check_names(paper: Paper) -> None:
    """Raises InputError for a name that no heading can hold."""
    named = {"cấp trên": paper.superior, "nơi ban hành": paper.issuer, "địa danh": paper.place}
    for label, name in named.items():
        if len(name) > LONGEST_NAME:
            raise InputError(
                f"Tên {label} dài {len(name)} ký tự, tiêu đề văn bản chỉ chứa được {LONGEST_NAME}. "
                "Ghi tên gọn lại rồi in.",
                field="name",
                code="paper-name-too-long",
            )


def number_line(paper: Paper) -> str:
    """ "Số 05-NQ/ĐU"; without a number its place is left free; "" for a paper with no symbol."""
    if not paper.symbol:
        return ""
    layout = layout_of(paper).layout
    number = " " * 8
    if paper.number is not None:
        number = _padded(paper.number, paper.number < layout.pad_number_below)
    return layout.number_form.format(number=number, type=paper.symbol, body=paper.body)


def document_words(number: int, layout: PaperLayout, kind: PaperType, body: str) -> str:
    """Number and symbol as a paper is cited: "05-NQ/ĐU"."""
    form = layout.number_form[layout.number_form.index("{number}") :]
    padded = _padded(number, number < layout.pad_number_below)
    return form.format(number=padded, type=layout.letters(kind), body=body)


def symbol_of(paper: Paper) -> str:
    """What comes after the number: "-NQ/ĐU"."""
    layout = layout_of(paper).layout
    return layout.number_form.partition("{number}")[2].format(type=paper.symbol, body=paper.body)


def date_line(paper: Paper) -> str:
    """ "Mẫu Thượng, ngày 05 tháng 02 năm 2026"; a day not yet known is left free."""
    place = paper.place or DOTS
    if paper.on is None:
        return f"{place}, ngày       tháng       năm {DOTS[:2]}"
    layout = layout_of(paper).layout
    day = _padded(paper.on.day, paper.on.day < layout.pad_day_below)
    month = _padded(paper.on.month, paper.on.month <= layout.pad_month_to)
    return f"{place}, ngày {day} tháng {month} năm {paper.on.year}"


def closed_parts(paper: Paper) -> tuple[Part, ...]:
    """The parts with the closing mark of the layout on the last sentence, if running text ends."""
    parts = paper.parts
    if not parts or not isinstance(parts[-1], Prose) or not parts[-1].paragraphs:
        return parts
    last = parts[-1]
    *before, sentence = last.paragraphs
    if sentence.rstrip().endswith(("?", "!", "…", ":")):
        return parts
    ended = _CLOSING.sub(layout_of(paper).layout.closing, sentence, count=1)
    return (*parts[:-1], replace(last, paragraphs=(*before, ended)))


def plain(text: str) -> str:
    """Text as a paper can hold it: characters stay as typed, whatever they would mean in HTML."""
    kept = _UNWRITABLE.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return nfc(kept)


def _padded(number: int, is_short: bool) -> str:
    return f"{number:02d}" if is_short else str(number)
